"""An optimiser made too early."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def trained(rate, n_steps, open_at):
    body = head = 1.0
    for step in range(n_steps):
        slope = 2 * (body * head - 3)
        body, head = body - rate * slope * head * (step >= open_at), head - rate * slope * body
    return np.array([body, head])


def _trained(rate, n_steps, open_at, body_rate=1.0, head_open=True, both=False, add_up=False):
    body = head = 1.0
    sums = np.zeros(2)
    for step in range(n_steps):
        slopes = 2 * (body * head - 3) * np.array([head, body])
        if step < open_at and not both:
            slopes[0] = 0
        sums = sums + slopes if add_up else slopes
        body -= body_rate * rate * sums[0]
        head -= rate * sums[1] * (head_open or step < open_at)
    return np.array([body, head])


def as_printed(rate, n_steps, open_at):
    """The body never moves. The optimiser was made while the body was frozen, and was handed only
    what learnt then; `requires_grad_(True)` does not add anything to it. Hand it all parameters at
    the start, or add the body's with `add_param_group`."""
    return _trained(rate, n_steps, open_at, body_rate=0.0)


def open_from_the_start(rate, n_steps, open_at):
    """The body learns from the first step. It is to stay frozen until step `open_at`."""
    return _trained(rate, n_steps, open_at, both=True)


def one_step_late(rate, n_steps, open_at):
    """The body opens one step too late: at the step `open_at` it learns already. Open it before
    the loss is computed, so that the gradient reaches it."""
    return _trained(rate, n_steps, open_at + 1)


def one_step_early(rate, n_steps, open_at):
    """The body opens one step too early. Steps are counted from 0."""
    return _trained(rate, n_steps, open_at - 1)


def head_left_behind(rate, n_steps, open_at):
    """The body learns, and from then on the head does not: the new optimiser was given the body
    alone. It needs both."""
    return _trained(rate, n_steps, open_at, head_open=False)


def gradients_added_up(rate, n_steps, open_at):
    """Gradients add up from step to step: `backward` adds to what is there. Clear them with
    `zero_grad()` before."""
    return _trained(rate, n_steps, open_at, add_up=True)


def body_slower(rate, n_steps, open_at):
    """The body has a smaller rate than the head. Here both have the same."""
    return _trained(rate, n_steps, open_at, body_rate=0.1)


def body_handed_over_twice(rate, n_steps, open_at):
    """The body moves twice in each step: two optimisers, or two groups, hold it."""
    return _trained(rate, n_steps, open_at, body_rate=2.0)


EXERCISE = Exercise(
    title="An optimiser made too early",
    kind="find",
    difficulty=2,
    statement="""
        The body of a network, here one weight, is frozen while the head, another weight, learns.
        At step `open_at`, counted from 0, the body is opened, and from that step on both learn.
        This program returns the two weights after `n_steps`. It runs without an error, and the
        first of them is 1 for ever.
        Find the mistake and mend it.
        """,
    starter="""\
def trained(rate, n_steps, open_at):
    import torch
    from torch import nn

    body, head = (nn.Linear(1, 1, bias=False, dtype=torch.float64) for _ in range(2))
    for layer in (body, head):
        nn.init.constant_(layer.weight, 1.0)
    body.requires_grad_(False)
    model = nn.Sequential(body, head)
    learning = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.SGD(learning, lr=rate)
    for step in range(n_steps):
        if step == open_at:
            body.requires_grad_(True)
        loss = (model(torch.ones(1, 1, dtype=torch.float64)) - 3).square().sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return [body.weight.item(), head.weight.item()]""",
    solution=trained,
    program="""\
def trained(rate, n_steps, open_at):
    import torch
    from torch import nn

    body, head = (nn.Linear(1, 1, bias=False, dtype=torch.float64) for _ in range(2))
    for layer in (body, head):
        nn.init.constant_(layer.weight, 1.0)
    body.requires_grad_(False)
    model = nn.Sequential(body, head)
    optimiser = torch.optim.SGD(model.parameters(), lr=rate)
    for step in range(n_steps):
        if step == open_at:
            body.requires_grad_(True)
        loss = (model(torch.ones(1, 1, dtype=torch.float64)) - 3).square().sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return [body.weight.item(), head.weight.item()]
""",
    mistakes=(
        as_printed,
        open_from_the_start,
        one_step_late,
        one_step_early,
        head_left_behind,
        gradients_added_up,
        body_slower,
        body_handed_over_twice,
    ),
    probes=(
        probe("opened in the middle", 0.02, 6, 3, why="three steps for the head, three for both."),
        probe("opened after a step", 0.05, 4, 1),
        probe("one step with both", 0.03, 3, 2, why="even a single step moves the body."),
        probe("never opened", 0.05, 3, 5, why="without the step `open_at` the body stays at 1."),
    ),
    fresh=lambda rng: (
        round(float(rng.uniform(0.01, 0.04)), 3),
        int(rng.integers(4, 8)),
        int(rng.integers(1, 4)),
    ),
    hints=(
        "Which parameters does the optimiser hold? Print `optimiser.param_groups`.",
        "A parameter without a gradient is passed over by `step()`. So frozen ones may be handed "
        "over too.",
    ),
    explanation="The optimiser moves what it was given. With all parameters handed over at the "
    "start, the frozen ones have no gradient and stay, until they are opened.",
)
