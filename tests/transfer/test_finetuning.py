"""Fine-tuning: the same as by hand, the same after a kill, and only what is meant to move."""

import signal
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from torch import nn
from torch.nn import functional

from softmaxbook.learning.datasets import Part
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.transfer.backbones import GlyphNet
from softmaxbook.transfer.finetuning import (
    Plan,
    build_optimiser,
    draw_batch,
    finetune,
    parameter_groups,
    set_rates,
)
from softmaxbook.transfer.freezing import HEAD, changed, fingerprint, freeze, stages, unfreezing
from softmaxbook.transfer.heads import build_classifier, extract_features
from softmaxbook.transfer.targets import digit_pictures, few_labels

FEW = few_labels(digit_pictures().train, 2, seed=0)
SEEN = few_labels(digit_pictures().validation, 5, seed=1)


@pytest.fixture(autouse=True)
def one_thread():
    """Sums in another order round otherwise; what is compared bit by bit is summed by one."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def model():
    return build_classifier("glyphnet", 10)


def tuned(model, plan, **options):
    course = finetune(model, FEW, plan, progress=False, **options)
    return course, fingerprint(model)


# second routes


@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_a_head_learns_on_cached_features_what_it_learns_in_the_frozen_network(model, optimiser):
    """Batches of all pictures, so that their order does not matter; rates along half a cosine."""
    plan = Plan(n_steps=30, rate=0.05, batch_size=1000, optimiser=optimiser)
    freeze(model)
    head = nn.Linear(256, 10)
    head.load_state_dict(model.fc.state_dict())
    features, labels = torch.tensor(extract_features(model, FEW.features)), torch.tensor(FEW.labels)
    groups = [
        {"params": [head.weight], "weight_decay": plan.weight_decay},
        {"params": [head.bias], "weight_decay": 0.0},
    ]
    sgd, adam = torch.optim.SGD, torch.optim.AdamW
    peer = sgd(groups, plan.rate, plan.momentum) if optimiser == "sgd" else adam(groups, plan.rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(peer, plan.n_steps)
    losses = []
    for _ in range(plan.n_steps):
        peer.zero_grad()
        loss = functional.cross_entropy(head(features), labels)
        loss.backward()
        peer.step()
        schedule.step()
        losses.append(loss.item())
    course, _ = tuned(model, plan)
    assert_allclose(course.losses, losses, atol=1e-4)
    assert_allclose(model.fc.weight.detach(), head.weight.detach(), atol=1e-4)
    assert course.losses[-1] < 0.5 * course.losses[0]


def test_all_layers_learn_to_read_digits_that_were_not_seen(model):
    before = accuracy(model, SEEN)
    course, _ = tuned(model, Plan(n_steps=60, rate=0.01))
    assert course.best_step == len(course.losses) == 60
    assert not any(module.training for module in model.modules())
    assert accuracy(model, SEEN) > max(0.6, before + 0.3)


# what moves


def test_frozen_stages_stay_to_the_bit_and_the_others_move(model):
    freeze(model, ["block4", HEAD])
    before = fingerprint(model)
    _, after = tuned(model, Plan(n_steps=5))
    assert {name.split(".")[0] for name in changed(before, after)} == {"block4", "fc"}


def test_a_body_rate_of_0_keeps_the_weights_and_lets_statistics_move(model):
    before = fingerprint(model)
    _, after = tuned(model, Plan(n_steps=5, body_rate=0.0))
    moved = set(changed(before, after))
    assert {"fc.weight", "fc.bias"} <= moved
    assert all("running" in name or "tracked" in name for name in moved - {"fc.weight", "fc.bias"})


def test_later_stages_move_further_with_discriminative_rates(model):
    start = {name: value.detach().clone() for name, value in model.named_parameters()}
    tuned(model, Plan(n_steps=10, rate=0.01, decay=0.1))

    def moved(stage):
        name = f"{stage}.convolution.weight"
        way = model.get_parameter(name).detach() - start[name]
        return float(way.norm() / start[name].norm())

    steps = [moved(f"block{k}") for k in range(1, 5)]
    assert all(later > 3 * earlier for earlier, later in pairwise(steps))


def test_gradual_unfreezing_moves_each_stage_from_its_step_on(model):
    """At the end of each phase, the network has moved as far back as the plan says."""
    phases = unfreezing(model, 40)
    before, seen = fingerprint(model), []

    def look(module, arguments):
        if model.fc.training:  # the head always learns
            seen.append(fingerprint(model))  # before the step

    model.block1.register_forward_pre_hook(look)
    _, after = tuned(model, Plan(n_steps=40, phases=phases))
    states = [*(seen[step] for step in [*phases][1:]), after]
    for state, learning in zip(states, phases.values(), strict=True):
        own = {"fc" if stage == HEAD else stage for stage in learning}
        assert {name.split(".")[0] for name in changed(before, state)} == own


# rates by group


@given(st.floats(1e-5, 1.0), st.floats(0.0, 1.0), st.sampled_from(["linear", "mlp"]))
def test_every_parameter_is_in_one_group_with_its_stage_s_rate(rate, decay, head):
    model = SMALL[head]
    groups = parameter_groups(model, rate, decay)
    listed = [id(value) for group in groups for value in group["params"]]
    assert sorted(listed) == sorted(id(value) for value in model.parameters())
    order = [*stages(model)]
    for group in groups:
        expected = rate * decay ** (len(order) - 1 - order.index(group["stage"]))
        assert_allclose(group["lr"], expected)
        flat = {value.ndim == 1 for value in group["params"]}
        assert flat == {group.get("weight_decay") == 0.0}


SMALL = {head: build_classifier("glyphnet", 3, head=head) for head in ("linear", "mlp")}


def test_a_body_rate_takes_the_place_of_the_decay():
    rates = {g["stage"]: g["lr"] for g in parameter_groups(GlyphNet(), 0.1, 0.5, body_rate=0.003)}
    assert rates == {HEAD: 0.1, **{f"block{k}": 0.003 for k in range(1, 5)}}


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_each_group_falls_from_its_own_rate_at_any_step_in_any_order(place):
    step, n_steps = place
    optimiser = build_optimiser(SMALL["linear"], Plan(rate=0.5, decay=0.5))
    first = [group["lr"] for group in optimiser.param_groups]
    set_rates(optimiser, n_steps - 1, n_steps)
    set_rates(optimiser, step, n_steps)
    share = np.cos(np.pi * step / n_steps / 2) ** 2  # half an angle
    assert_allclose([group["lr"] for group in optimiser.param_groups], share * np.array(first))
    set_rates(optimiser, 0, n_steps)
    assert [group["lr"] for group in optimiser.param_groups] == first


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 9), st.integers(0, 9))
def test_a_batch_is_drawn_without_repetition_and_again_alike(n_samples, size, seed, step):
    rows, other = draw_batch(n_samples, size, seed, step)
    assert len(set(rows.tolist())) == len(rows) == min(n_samples, size)
    assert set(rows.tolist()) <= set(range(n_samples))
    again, same = draw_batch(n_samples, size, seed, step)
    assert torch.equal(rows, again)
    assert other == same


def test_seeds_and_steps_draw_other_batches():
    drawn = {tuple(draw_batch(40, 9, seed, step)[0].tolist()) for seed in (0, 1) for step in (0, 1)}
    assert len(drawn) == 4


# dropout, seeds and the random state


def test_dropout_acts_while_the_head_of_a_frozen_network_learns():
    def losses(dropout):
        model = build_classifier("glyphnet", 10, head="mlp", n_hidden=64, dropout=dropout)
        freeze(model)
        return tuned(model, Plan(n_steps=5, rate=0.01))[0].losses

    assert_array_equal(losses(0.5), losses(0.5))
    assert not np.allclose(losses(0.0), losses(0.5))


def test_equal_seeds_give_equal_weights_and_leave_the_random_state():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    first, again, other = (
        tuned(build_classifier("glyphnet", 10), Plan(n_steps=4, batch_size=8), seed=seed)[1]
        for seed in (1, 1, 2)
    )
    assert changed(first, again) == []
    assert changed(first, other)
    assert torch.equal(torch.rand(3), expected)


def test_looking_at_a_validation_part_changes_nothing_of_the_way():
    plan = Plan(n_steps=12, check_every=5)
    blind, seeing = (
        tuned(build_classifier("glyphnet", 10), plan, validation=part)[0] for part in (None, SEEN)
    )
    assert_array_equal(blind.losses, seeing.losses)
    assert blind.checks == ()
    assert [step for step, _ in seeing.checks] == [5, 10, 12]


def test_pictures_of_float64_and_labels_of_any_integers_give_the_same():
    plan = Plan(n_steps=3)
    wide = Part(FEW.features.astype(np.float64), FEW.labels.astype(np.int32))
    first, second = build_classifier("glyphnet", 10), build_classifier("glyphnet", 10)
    finetune(first, FEW, plan, progress=False)
    finetune(second, wide, plan, progress=False)
    assert changed(fingerprint(first), fingerprint(second)) == []


# early stopping


def test_training_stops_when_patience_ends_and_keeps_the_best(model):
    """A rate that is too high, so that the best look is not the last."""
    plan = Plan(n_steps=200, rate=0.5, check_every=2, patience=4)
    course, _ = tuned(model, plan, validation=SEEN)
    steps, values = zip(*course.checks, strict=True)
    best = int(np.argmax(values))
    assert len(course.losses) == steps[-1] < 200
    assert course.best_step == steps[best] < steps[-1]
    assert len(steps) - 1 - best == 4
    assert accuracy(model, SEEN) == max(values)


def test_without_patience_the_best_look_is_kept_all_the_same(model):
    course, _ = tuned(model, Plan(n_steps=20, rate=0.5, check_every=2), validation=SEEN)
    assert len(course.losses) == 20
    assert accuracy(model, SEEN) == max(value for _, value in course.checks)


# resuming


RESUMED = """
import os, signal, sys
from pathlib import Path
import torch
torch.set_num_threads(1)
from test_finetuning import long_training
{how}
long_training(Path(sys.argv[1]))
"""

IN_A_STEP = """
from torch import nn
steps = []
def stop(module, arguments):
    if isinstance(module, nn.Dropout) and module.training:
        steps.append(module)
    if len(steps) == 18:
        os.kill(os.getpid(), signal.SIGKILL)
nn.modules.module.register_module_forward_pre_hook(stop)
"""

WHILE_SAVING = """
whole, written = torch.save, []
def torn(value, file):
    whole(value, file)
    written.append(file)
    if len(written) == 4:
        file.write_bytes(file.read_bytes()[:2000])
        os.kill(os.getpid(), signal.SIGKILL)
torch.save = torn
"""


def long_training(checkpoint):
    """Train with all that a step depends on: dropout, phases, momenta, early stopping."""
    model = build_classifier("glyphnet", 10, head="mlp", n_hidden=32, dropout=0.5)
    plan = Plan(
        n_steps=30,
        rate=0.01,
        decay=0.5,
        batch_size=8,
        optimiser="adam",
        phases=unfreezing(model, 24),
        check_every=4,
        patience=20,
    )
    course = finetune(
        model, FEW, plan, validation=SEEN, seed=3, checkpoint=checkpoint, progress=False
    )
    return course, fingerprint(model)


@pytest.fixture(scope="module")
def unbroken():
    torch.set_num_threads(1)
    return long_training(None)


@pytest.mark.parametrize("how", [IN_A_STEP, WHILE_SAVING], ids=["in a step", "while saving"])
def test_after_a_kill_training_goes_on_to_the_same_bits(tmp_path, how, unbroken):
    file = tmp_path / "new" / "training.pt"
    program = RESUMED.format(how=how)
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)],
        env={"PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    saved = torch.load(file, weights_only=True)
    assert 0 < saved["step"] < 30
    (course, weights), (expected, expected_weights) = long_training(file), unbroken
    assert changed(weights, expected_weights) == []
    assert_array_equal(course.losses, expected.losses)
    assert (course.checks, course.best_step) == (expected.checks, expected.best_step)
    again, same = long_training(file)  # a finished training stays finished
    assert changed(same, expected_weights) == []
    assert_array_equal(again.losses, expected.losses)


@pytest.fixture
def saved(tmp_path):
    """Return a training that saved, to be repeated with other arguments."""
    file = tmp_path / "training.pt"

    def train(plan=None, part=FEW, seed=0, weights="DEFAULT", frozen=False, validation=None):
        model = build_classifier("glyphnet", 10, weights)
        if frozen:
            freeze(model)
        plan = plan or Plan(n_steps=4, check_every=2)
        finetune(model, part, plan, validation, seed, file, progress=False)

    train.file = file
    train()
    return train


@pytest.mark.parametrize(
    "other",
    [
        {"plan": Plan(n_steps=4, check_every=2, rate=0.02)},
        {"part": FEW._replace(labels=FEW.labels[::-1])},
        {"part": FEW._replace(features=FEW.features + 1)},
        {"seed": 1},
        {"weights": None},
        {"frozen": True},
        {"validation": SEEN},
    ],
)
def test_the_checkpoint_of_another_training_is_refused(saved, other):
    with pytest.raises(ValueError, match=r"training.pt is of another training: the plan"):
        saved(**other)
    saved()  # it is unharmed


@pytest.mark.parametrize("share", [0, 0.3, 0.9])
def test_a_damaged_checkpoint_is_refused(saved, share):
    whole = saved.file.read_bytes()
    saved.file.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ValueError, match=r"training.pt is damaged: delete it to start again"):
        saved()


@pytest.mark.parametrize("content", [{"fc.weight": torch.zeros(2)}, [1, 2]])
def test_a_file_that_is_no_checkpoint_is_refused(saved, content):
    torch.save(content, saved.file)
    with pytest.raises(ValueError, match=r"training.pt is of another training"):
        saved()


# errors, before anything is trained


def test_a_phase_names_its_stages_in_a_list():
    with pytest.raises(TypeError, match=r"stages of a phase must be a list of names, \['head'\]"):
        Plan(phases={0: "head"})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_steps": 0}, "must be at least 1"),
        ({"batch_size": 0}, "must be at least 1"),
        ({"check_every": 0}, "must be at least 1"),
        ({"rate": 0.0}, "need rate > 0 and 0 ≤ decay ≤ 1, got 0.0"),
        ({"rate": np.nan}, "need rate > 0"),
        ({"decay": 1.5}, "0 ≤ decay ≤ 1, got 0.01 and 1.5"),
        ({"body_rate": -1.0}, "body_rate must be at least 0, got -1.0"),
        ({"optimiser": "lbfgs"}, "optimiser must be 'sgd' or 'adam', got 'lbfgs'"),
        ({"patience": 0}, "patience must be at least 1, got 0"),
        ({"phases": {150: ("head",)}}, r"phases must begin at steps from 0 to 149, got \[150\]"),
    ],
)
def test_a_plan_with_a_number_out_of_range_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        replace(Plan(), **change)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (FEW._replace(labels=FEW.labels + 1), "10 classes, and the labels go from 1 to 10"),
        (FEW._replace(labels=FEW.labels - 1), "the labels go from -1 to 8"),
        (FEW._replace(labels=FEW.labels[:3]), "20 pictures need as many whole numbers as labels"),
        (FEW._replace(labels=FEW.labels + 0.5), "got an array of float64"),
        (FEW._replace(labels=np.eye(10)[FEW.labels]), r"with shape \(20, 10\)"),
        (Part(FEW.features[:0], FEW.labels[:0]), r"got \(0, 1, 16, 16\)"),
        (FEW._replace(features=FEW.features.repeat(3, axis=1)), "these have 3"),
        (FEW._replace(features=FEW.features[..., :8]), "does not take pictures of 16 × 8 pixels"),
        (FEW._replace(features=FEW.features * np.nan), "no finite numbers"),
    ],
)
def test_data_that_do_not_fit_are_refused_and_the_network_stays(model, part, message):
    before = fingerprint(model)
    for arguments in ((part, Plan(), None), (FEW, Plan(), part)):
        with pytest.raises(ValueError, match=message):
            finetune(model, *arguments, progress=False)
    assert changed(before, fingerprint(model)) == []


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (Plan(patience=3), "patience needs a validation part"),
        (Plan(), r"every parameter is frozen: freeze\(model, \['head'\]\) lets the head learn"),
        (Plan(phases={5: (HEAD,)}), "every parameter is frozen"),
        (Plan(phases={0: (HEAD,), 9: ("layer4",)}), r"no stages \['layer4'\]; there are block1"),
        (Plan(phases={0: ()}), "a phase in which nothing learns"),
    ],
)
def test_a_training_in_which_nothing_could_learn_is_refused(model, plan, message):
    freeze(model, [])
    with pytest.raises(ValueError, match=message):
        finetune(model, FEW, plan, progress=False)


def test_progress_is_shown_on_stderr_when_asked_for(model, capsys):
    finetune(model, FEW, Plan(n_steps=2), progress=False)
    assert capsys.readouterr() == ("", "")
    finetune(model, FEW, Plan(n_steps=2), validation=SEEN)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "training: 100%" in shown.err
