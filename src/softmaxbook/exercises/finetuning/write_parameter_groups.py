"""A rate for each layer."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def after_a_step(weights, rate, decay):
    weights = np.asarray(weights, dtype=float)
    slopes = np.prod(weights) / weights
    depth = np.arange(len(weights))[::-1]
    return weights - rate * decay**depth * slopes


def _step(weights, rates):
    weights = np.asarray(weights, dtype=float)
    return weights - rates * np.prod(weights) / weights


def one_rate_for_all(weights, rate, decay):
    """All layers learn at the rate of the last. Hand the optimiser a list of groups, each with its
    own `lr`."""
    return _step(weights, np.full(len(weights), rate))


def reversed_order(weights, rate, decay):
    """The rates run the wrong way: the first layer has the largest. The last layer is the head; it
    is new, and learns fastest."""
    return _step(weights, rate * decay ** np.arange(len(weights)))


def decayed_once(weights, rate, decay):
    """All layers below the last have the same rate. Each layer further down is multiplied by
    `decay` once more."""
    rates = np.full(len(weights), rate * decay)
    rates[-1] = rate
    return _step(weights, rates)


def last_decayed_too(weights, rate, decay):
    """The last layer's rate is multiplied by `decay` already. It has `rate` itself."""
    return _step(weights, rate * decay ** np.arange(len(weights), 0, -1))


def divided(weights, rate, decay):
    """Rates grow towards the input: you divide by `decay`. Multiply."""
    return _step(weights, rate / decay ** np.arange(len(weights))[::-1])


def subtracted(weights, rate, decay):
    """`decay` is a factor, and not a difference: multiply the rate by it at every layer."""
    return _step(weights, rate - decay * rate * np.arange(len(weights))[::-1])


def only_the_last(weights, rate, decay):
    """Only the last layer moves. The groups have to hold the others too."""
    rates = np.zeros(len(weights))
    rates[-1] = rate
    return _step(weights, rates)


def uphill(weights, rate, decay):
    """The step goes uphill: a step of descent subtracts the gradient."""
    return _step(weights, -rate * np.asarray(decay, dtype=float) ** np.arange(len(weights))[::-1])


def weight_decay(weights, rate, decay):
    """`decay` was handed over as `weight_decay`, which pulls weights towards 0. Here it divides
    the rates between the layers."""
    weights = np.asarray(weights, dtype=float)
    return weights - rate * (np.prod(weights) / weights + decay * weights)


def before_the_step(weights, rate, decay):
    """These are the weights before the step. Call `backward()` and `step()` first."""
    return np.asarray(weights, dtype=float)


def gradients(weights, rate, decay):
    """These are the gradients. Asked for are the weights after the step."""
    weights = np.asarray(weights, dtype=float)
    return np.prod(weights) / weights


EXERCISE = Exercise(
    title="A rate for each layer",
    kind="find",
    difficulty=3,
    statement=r"""
        Here is a PyTorch network of layers with one weight each; its output for the input 1, the
        product of the weights, serves as the loss.
        The last layer is to learn at `rate`, the one before it at `rate * decay`, the one before
        that at `rate * decay ** 2`, and so on.
        This program takes one step with the same rate for all. Give the optimiser a parameter group
        for each layer.
        """,
    starter="""\
def after_a_step(weights, rate, decay):
    import torch
    from torch import nn

    layers = [nn.Linear(1, 1, bias=False, dtype=torch.float64) for _ in weights]
    for layer, weight in zip(layers, weights):
        nn.init.constant_(layer.weight, weight)
    model = nn.Sequential(*layers)
    optimiser = torch.optim.SGD(model.parameters(), lr=rate)
    model(torch.ones(1, 1, dtype=torch.float64)).sum().backward()
    optimiser.step()
    return [layer.weight.item() for layer in layers]""",
    solution=after_a_step,
    program="""\
def after_a_step(weights, rate, decay):
    import torch
    from torch import nn

    layers = [nn.Linear(1, 1, bias=False, dtype=torch.float64) for _ in weights]
    for layer, weight in zip(layers, weights):
        nn.init.constant_(layer.weight, weight)
    model = nn.Sequential(*layers)
    groups = [
        {"params": layer.parameters(), "lr": rate * decay**depth}
        for depth, layer in enumerate(reversed(layers))
    ]
    optimiser = torch.optim.SGD(groups, lr=rate)
    model(torch.ones(1, 1, dtype=torch.float64)).sum().backward()
    optimiser.step()
    return [layer.weight.item() for layer in layers]
""",
    mistakes=(
        one_rate_for_all,
        reversed_order,
        decayed_once,
        last_decayed_too,
        divided,
        subtracted,
        only_the_last,
        uphill,
        weight_decay,
        before_the_step,
        gradients,
    ),
    probes=(
        probe("three layers", [2.0, 0.5, 1.5], 0.1, 0.5),
        probe("two layers", [1.2, -0.8], 0.2, 0.3),
        probe("four layers", [0.5, 2.0, -1.0, 0.8], 0.05, 0.6),
        probe("no decay", [1.5, 0.7, 1.1], 0.1, 1.0, why="then all layers have the same rate."),
    ),
    fresh=lambda rng: (
        rng.uniform(0.4, 2, size=3).round(2),
        round(float(rng.uniform(0.05, 0.2)), 3),
        round(float(rng.uniform(0.2, 0.8)), 2),
    ),
    hints=(
        'A group is a dictionary: `{"params": layer.parameters(), "lr": …}`.',
        "Counted from the last layer, which power of `decay` does each have?",
    ),
    explanation="Layers near the input have learnt what serves many tasks, and are moved little.",
)
