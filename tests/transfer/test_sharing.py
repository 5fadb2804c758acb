"""Two heads on one body: the columns of each, one task as before, and the stored table."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch.nn import functional

from softmaxbook.experiments import by_seed, stored
from softmaxbook.experiments import sharing as experiment
from softmaxbook.learning.intervals import mean_interval
from softmaxbook.learning.torch_networks import torch_logits
from softmaxbook.transfer.finetuning import Plan, finetune, parameter_groups
from softmaxbook.transfer.freezing import changed, fingerprint, freeze
from softmaxbook.transfer.heads import build_classifier, extract_features
from softmaxbook.transfer.sharing import build_shared, learn_together, n_parameters, one_head
from softmaxbook.transfer.targets import digit_pictures, few_labels, greek_pictures

DIGITS = few_labels(digit_pictures().train, 4, seed=0)
GREEK = few_labels(greek_pictures().train, 6, seed=0)
TASKS = {"digits": DIGITS, "Greek": GREEK}
PLAN = Plan(n_steps=3, rate=0.05, batch_size=16)


def shared(seed=0):
    return build_shared("glyphnet", {"digits": 10, "Greek": 10}, None, seed)


# identities


def test_each_task_has_columns_of_its_own():
    model, heads = build_shared("glyphnet", {"a": 3, "b": 2, "c": 4}, None)
    columns = np.concatenate([np.arange(9)[part] for part in heads.values()])
    assert_array_equal(columns, np.arange(9))
    assert model.fc.out_features == 9


def test_one_head_says_what_the_shared_network_says():
    model, heads = shared()
    both = torch_logits(model, DIGITS.features)
    for columns in heads.values():
        alone = one_head(model, columns)
        assert_allclose(torch_logits(alone, DIGITS.features), both[:, columns], atol=1e-6)
    assert model.fc.out_features == 20


def test_a_shared_network_has_one_body():
    model, _ = shared()
    body = n_parameters(model) - n_parameters(model.fc)
    alone = build_classifier("glyphnet", 10, None)
    assert n_parameters(alone) == body + n_parameters(alone.fc)
    assert 2 * n_parameters(alone) - n_parameters(model) == body


def test_frozen_stages_stay_under_two_tasks():
    model, heads = build_shared("glyphnet", {"digits": 10, "Greek": 10})
    freeze(model)
    before = fingerprint(model)
    learn_together(model, heads, TASKS, PLAN, progress=False)
    assert changed(before, fingerprint(model)) == ["fc.weight", "fc.bias"]


# second routes


@pytest.mark.parametrize(
    "plan",
    [
        PLAN,
        replace(PLAN, decay=0.4, momentum=0.5, weight_decay=0.01),
        replace(PLAN, n_steps=5, body_rate=0.001, batch_size=1000),
    ],
)
def test_with_one_task_it_is_finetuning_step_for_step(plan):
    ours, heads = build_shared("glyphnet", {"digits": 10}, None, seed=3)
    peer = build_classifier("glyphnet", 10, None, seed=3)
    losses = learn_together(ours, heads, {"digits": DIGITS}, plan, seed=5, progress=False)
    course = finetune(peer, DIGITS, plan, seed=5, progress=False)
    assert_array_equal(losses[:, 0], course.losses)
    assert not changed(fingerprint(ours), fingerprint(peer))


def test_dropout_is_drawn_by_the_seed_and_leaves_the_random_state():
    def trained(before):
        model = build_classifier("glyphnet", 20, None, "mlp", n_hidden=32, dropout=0.5)
        torch.manual_seed(before)
        losses = learn_together(model, shared()[1], TASKS, PLAN, seed=5, progress=False)
        return losses, torch.rand(1).item()

    (losses, after), (again, other) = trained(1), trained(2)
    assert_array_equal(losses, again)
    torch.manual_seed(1)
    assert after == torch.rand(1).item() != other
    ours, peer = (build_classifier("glyphnet", 10, None, "mlp", dropout=0.5) for _ in range(2))
    heads, task = {"digits": slice(0, 10)}, {"digits": DIGITS}
    losses = learn_together(ours, heads, task, PLAN, seed=5, progress=False)
    assert_array_equal(losses[:, 0], finetune(peer, DIGITS, PLAN, seed=5, progress=False).losses)
    assert not changed(fingerprint(ours), fingerprint(peer))


def test_the_first_step_follows_the_sum_of_both_gradients():
    plan = Plan(n_steps=1, rate=0.05, batch_size=100, momentum=0.0, weight_decay=0.0)
    ours, heads = shared()
    learn_together(ours, heads, TASKS, plan, progress=False)
    peer, _ = shared()
    peer.train()
    pictures = torch.tensor(np.concatenate([DIGITS.features, GREEK.features]))
    logits = peer(pictures)
    first, second = logits[: len(DIGITS.labels), :10], logits[len(DIGITS.labels) :, 10:]
    loss = functional.cross_entropy(first, torch.tensor(DIGITS.labels))
    loss = loss + functional.cross_entropy(second, torch.tensor(GREEK.labels))
    loss.backward()
    for name, value in peer.named_parameters():
        moved = dict(ours.named_parameters())[name]
        assert_allclose(
            moved.detach().numpy(), (value - 0.05 * value.grad).detach().numpy(), atol=1e-6
        )


def test_the_other_task_changes_the_body_but_not_the_first_head_alone():
    ours, heads = shared()
    peer, _ = shared()
    learn_together(ours, heads, TASKS, PLAN, progress=False)
    learn_together(
        peer,
        heads,
        {**TASKS, "Greek": few_labels(greek_pictures().train, 6, 1)},
        PLAN,
        progress=False,
    )
    features = [extract_features(model, DIGITS.features) for model in (ours, peer)]
    assert np.abs(features[0] - features[1]).max() > 1e-3


def test_rates_are_those_of_the_plan():
    model, heads = shared()
    groups = parameter_groups(model, 0.05, body_rate=0.0)
    assert {group["lr"] for group in groups if group["stage"] != "head"} == {0.0}
    before = fingerprint(model)
    learn_together(model, heads, TASKS, Plan(2, 0.05, body_rate=0.0), progress=False)
    weights = [name for name in changed(before, fingerprint(model)) if name.endswith("weight")]
    assert weights == ["fc.weight"]


# it learns


def test_both_tasks_get_better():
    model, heads = build_shared("glyphnet", {"digits": 10, "Greek": 10})
    losses = learn_together(model, heads, TASKS, Plan(n_steps=30, rate=0.03), progress=False)
    assert (losses[-5:].mean(axis=0) < 0.5 * losses[:5].mean(axis=0)).all()


# stored values


@pytest.mark.parametrize("network", experiment.NETWORKS)
def test_a_stored_cell_is_measured_again(network):
    [row] = stored("sharing").where(partner="odd or even", labels=2, network=network)
    seed = 3
    if network == "shared":
        found = experiment.shared("odd or even", 2, row["digits rate"], seed)
    else:
        found = (
            experiment.digits_alone(2, row["digits rate"], seed),
            experiment.partner_alone("odd or even", row["partner rate"], seed),
        )
    assert_allclose(found, [row[f"seed {seed}"], row[f"partner, seed {seed}"]], atol=0.03)


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("sharing")
    cells = [(row["partner"], row["labels"], row["network"]) for row in table.rows]
    assert cells == list(experiment.cells())
    assert table.provenance["command"] == "python -m softmaxbook.experiments sharing"
    assert {key: table.provenance[key] for key in experiment.settings()} == experiment.settings()


def gain(partner, labels):
    rows = [
        stored("sharing").where(partner=partner, labels=labels, network=network)[0]
        for network in experiment.NETWORKS
    ]
    alone, shared = (by_seed(row) for row in rows)
    return mean_interval(shared - alone)


def test_the_words_of_the_page_follow_from_the_table():
    assert gain("odd or even", 2).low > 0
    assert gain("odd or even", 10).mean < gain("odd or even", 2).mean
    for partner in ("Greek letters", "textures"):
        assert not any(gain(partner, labels).low > 0 for labels in experiment.LABELS)
    assert gain("Greek letters", 2).high > 0
    assert gain("textures", 2).high < 0


# errors


@pytest.mark.parametrize("tasks", [{}, {"digits": 10, "odd": 1}])
def test_tasks_without_a_choice_are_refused(tasks):
    with pytest.raises(ValueError, match="at least 2 classes"):
        build_shared("glyphnet", tasks, None)


def test_tasks_and_heads_must_be_the_same():
    model, heads = shared()
    with pytest.raises(ValueError, match=r"heads for \['Greek', 'digits'\] and .*\['digits'\]"):
        learn_together(model, heads, {"digits": DIGITS}, PLAN)


def test_labels_must_fit_their_head():
    model, heads = build_shared("glyphnet", {"digits": 10, "Greek": 4}, None)
    with pytest.raises(ValueError, match="'Greek' has 4 classes, and its labels go from 0 to 9"):
        learn_together(model, heads, TASKS, PLAN)


@pytest.mark.parametrize(
    "plan", [Plan(optimiser="adam"), Plan(patience=2), Plan(phases={0: ("head",)})]
)
def test_what_is_not_done_here_is_refused(plan):
    model, heads = shared()
    with pytest.raises(ValueError, match="SGD without phases and patience"):
        learn_together(model, heads, TASKS, plan)
