"""Four methods in four float formats: the steps of the libraries, true values, right verdicts."""

import math

import mpmath
import numpy as np
import pytest
import torch
from laboratory import ALL, FORMATS, METHODS, STEPS, examine, javascript, with_numpy, with_torch

import softmaxbook as sb
from softmaxbook.widgets import OverflowLab


def drawn(count, seed):
    """Return `count` lists of 2 to 6 logits: every scale, ties and masks among them."""
    rng = np.random.default_rng(seed)
    lists = []
    for _ in range(count):
        logits = rng.choice([1, 5, 12, 60, 300, 1e4]) * rng.normal(size=rng.integers(2, 7))
        if rng.random() < 0.2:
            logits[0] = logits[-1]
        if rng.random() < 0.2:
            logits[rng.integers(len(logits))] = -np.inf
        lists.append(logits.tolist())
    return lists


EXTREMES = [
    [1e5, -1e5], [1000.0, 1001.0], [800.0, 0.0], [11.0, 11.0], [-20.0, -21.0], [0.0, 0.0],
    [-math.inf, -math.inf], [-math.inf, 3.0, 88.8], [60000.0, -60000.0], [65519.9, 65520.0],
    [5e-324, 1e-8, -1e-40], [256.0, 257.0], [-16.5, -17.0], [709.78, 709.79], [-745.2, -746.0],
]  # fmt: skip


# ── the steps against the libraries ──────────────────────────────────────────────────────────


def units(value, name):
    """Return the size of the last place of each number in the format."""
    f = sb.FORMATS[name]
    exponent = np.maximum(np.frexp(np.where(np.isfinite(value), value, 0))[1] - 1, f.min_exponent)
    return np.ldexp(1.0, exponent - f.precision + 1)


@pytest.mark.parametrize(("method", "name"), ALL)
def test_every_step_is_that_of_the_libraries(method, name):
    lists = [*drawn(150, seed=1), *EXTREMES]
    found = javascript("examine", [(method, logits, 1, name) for logits in lists])
    library = with_torch if name == "bfloat16" else with_numpy
    worst = 0.0
    for trace, logits in zip(found, lists, strict=True):
        theirs = library(method, logits, 1, name)
        for step in STEPS:
            ours, other = (np.atleast_1d(np.asarray(x[step], float)) for x in (trace, theirs))
            finite = np.isfinite(other)
            np.testing.assert_array_equal(ours[~finite], other[~finite], err_msg=step)
            # A unit of difference in exp or log goes on to the steps after it.
            floor = 1 if step in ("logs", "loss", "gradient") else 0
            places = units(np.maximum(np.abs(other[finite]), floor), name)
            worst = max(worst, (np.abs(ours[finite] - other[finite]) / places).max(initial=0.0))
    # The 16-bit formats agree in every bit: their libraries' exp and log are rounded from float32.
    assert worst <= {"float16": 0, "bfloat16": 0, "float32": 8, "float64": 4}[name]


@pytest.mark.parametrize(("method", "name"), ALL)
def test_the_python_twin_gives_the_same_results(method, name):
    lists = [*drawn(60, seed=2), *EXTREMES]
    found = javascript("examine", [(method, logits, 0, name) for logits in lists])
    for trace, logits in zip(found, lists, strict=True):
        finite = [0.0 if math.isinf(z) else z for z in logits]
        masked = [math.isinf(z) for z in logits]
        twin = OverflowLab(logits=finite, masked=masked, method=method, format=name).results
        ours = np.asarray(trace["results"], dtype=np.float64)
        finite = np.isfinite(twin)
        np.testing.assert_array_equal(ours[~finite], twin[~finite])
        places = units(np.maximum(np.abs(twin[finite]), 1e-300), name)
        apart = np.abs(ours[finite] - twin[finite]) / places
        assert apart.max(initial=0) <= (4 if name == "float64" else 0)


# ── true values ──────────────────────────────────────────────────────────────────────────────


@mpmath.workprec(8000)  # exp(−4000) beside 1 decides ties
def true_values(logits, label):
    """Return p, log p, the loss and its gradient from mpmath, as the nearest float64."""
    z = [mpmath.mpf(x) for x in logits]
    top = max(z)
    weights = [mpmath.exp(x - top) for x in z]
    total = mpmath.fsum(weights)
    first = z.index(top)
    rest = mpmath.fsum(w for i, w in enumerate(weights) if i != first)
    logs = [x - top - mpmath.log1p(rest) for x in z]
    others = mpmath.fsum(w for i, w in enumerate(weights) if i != label)
    gradient = [-others / total if i == label else w / total for i, w in enumerate(weights)]
    return {
        "probabilities": [float(w / total) for w in weights],
        "logs": [float(x) for x in logs],
        "loss": -float(logs[label]),
        "gradient": [float(g) for g in gradient],
    }


def test_true_values_are_the_nearest_float64():
    lists = [z for z in drawn(150, seed=3) if np.ptp([x for x in z if x > -math.inf]) < 4000]
    lists += [z for z in EXTREMES if max(z) > -math.inf]
    lists += [[1e308, -1e308], [1e308, 1e308 * (1 - 2e-16)], [0.0, -1e-300], [300.0, -40.0]]
    found = javascript("examine", [("naive", logits, 1, "float64") for logits in lists])
    for trace, logits in zip(found, lists, strict=True):
        for name, wanted in true_values(logits, 1).items():
            np.testing.assert_array_equal(
                trace["truth"][name], wanted, err_msg=f"{name} of {logits}"
            )


def test_true_values_where_there_are_none_or_infinite_logits():
    nothing = examine("naive", [-math.inf, -math.inf], 0, "float32")["truth"]
    assert np.isnan([*nothing["probabilities"], nothing["loss"]]).all()
    shared = examine("naive", [1e5, 1e6, 3.0], 0, "float16")
    assert shared["stored"][:2] == [math.inf, math.inf]
    assert shared["truth"]["probabilities"] == [0.5, 0.5, 0]


# ── verdicts ─────────────────────────────────────────────────────────────────────────────────

# By logits and label: the format, then the grades of the four methods.
GRADES = {
    ((1000.0, 1001.0), 0): {
        "float16": ["NaN", "right", "right", "right"],
        "bfloat16": ["NaN", "few digits", "few digits", "few digits"],  # 1001 is stored as 1000
        "float64": ["NaN", "right", "right", "right"],
    },
    ((800.0, 0.0), 0): {"float64": ["NaN", "right", "∞", "right"]},
    ((800.0, 0.0), 1): {"float64": ["NaN", "∞", "∞", "right"]},
    ((11.0, 11.0), 0): {"float16": ["∞", "right", "right", "right"], "bfloat16": ["right"] * 4},
    ((11.0, 11.0, 11.0), 1): {"float32": ["right"] * 4},
    ((-20.0, -21.0), 0): {"float16": ["NaN", "right", "right", "right"], "float32": ["right"] * 4},
    ((-16.5, -17.0), 0): {"float16": ["few digits", "right", "right", "right"]},
    ((-math.inf, -math.inf), 0): {name: ["NaN"] * 4 for name in FORMATS},
    ((0.0, -math.inf), 0): {name: ["right"] * 4 for name in FORMATS},
    ((0.0, -math.inf), 1): {name: ["right"] * 4 for name in FORMATS},  # the true loss is ∞
    ((1e5, 0.0), 0): {"float16": ["NaN"] * 4, "float32": ["NaN", "right", "∞", "right"]},
    ((100.0, 0.0), 0): {"float64": ["right"] * 4},  # log p is 0 instead of −4e-44: no harm
}


@pytest.mark.parametrize(("logits", "label"), list(GRADES))
def test_grades(logits, label):
    survey = javascript("survey", [(list(logits), label)])[0]
    for name, wanted in GRADES[logits, label].items():
        assert [survey[name][method] for method in METHODS] == wanted, name


def test_the_grid_and_the_verdict_agree_and_only_a_sound_result_is_called_right():
    lists = [*drawn(80, seed=4), *EXTREMES]
    surveys = javascript("survey", [(logits, 0) for logits in lists])
    for method, name in ALL:
        found = javascript("examine", [(method, logits, 0, name) for logits in lists])
        for trace, survey in zip(found, surveys, strict=True):
            assert trace["grade"] == survey[name][method]
            f, true = sb.FORMATS[name], trace["truth"]
            logs = method.startswith("log")
            results = np.asarray(trace["results"], dtype=np.float64)
            wanted = f.round(
                np.asarray(true["logs" if logs else "probabilities"], dtype=np.float64)
            )
            if trace["headline"] == "Right":
                np.testing.assert_array_equal(np.isfinite(results), np.isfinite(wanted))
                floor = 1.0 if logs else f.smallest_normal
                finite = np.isfinite(wanted)
                error = np.abs(results[finite] - wanted[finite]) / np.maximum(
                    np.abs(wanted[finite]), floor
                )
                assert error.max(initial=0) <= 1.1 * math.sqrt(f.unit_roundoff)
            elif trace["headline"] == "Wrong":
                ended = [*results, trace["loss"], *trace["gradient"]]
                sound = [*wanted, f.round(true["loss"]), *f.round(true["gradient"])]
                pairs = list(zip(ended, sound, strict=True))
                assert any(a != b and (a == 0 or not np.isfinite(a)) for a, b in pairs)


SAID = {
    ("naive", (10.0, 12.0, 3.0), 0, "float16"): (
        "exp(12) = 162754.8 is above float16’s largest number, 65504 → ∞. "
        "Then ∞ ÷ ∞ = NaN; 22032 ÷ ∞ = 0; the loss is −log 0 = ∞.",
        ("exponentials", 1),
    ),
    ("naive", (11.0, 11.0), 0, "float16"): (
        "Each exponential fits, but the sum 59872 + 59872 is above float16’s largest number",
        ("sum", 0),
    ),
    ("naive", (-20.0, -21.0), 0, "float16"): (
        "→ 0. Then 0 ÷ 0 = NaN; the loss is NaN.",
        ("exponentials", 0),
    ),
    ("log_of_softmax", (800.0, 0.0), 0, "float64"): (
        "exp(−800) = 3.67·10⁻³⁴⁸ is below half of float64’s smallest number, 4.941·10⁻³²⁴"
        " → 0. Then log 0 = −∞.",
        ("exponentials", 1),
    ),
    ("shifted", (1e5, 0.0), 0, "float16"): (
        "100000 is beyond float16’s largest number, 65504: stored as ∞. Then ∞ − ∞ = NaN",
        ("stored", 0),
    ),
    ("naive", (-16.5, -17.0), 0, "float16"): (
        "it is stored with fewer digits. So p(A) is 0.5; the true value is 0.62246.",
        ("exponentials", 0),
    ),
    ("log_softmax", (60000.0, -60000.0), 0, "float16"): (
        "−60000 − 60000 is beyond float16’s lowest number, −65504 → −∞.",
        ("shifted", 1),
    ),
    ("log_softmax", (-math.inf, -math.inf), 0, "float32"): ("Every class is masked.", None),
}  # fmt: skip


@pytest.mark.parametrize("case", list(SAID))
def test_the_first_fault_is_named_in_words(case):
    method, logits, label, name = case
    text, first = SAID[case]
    found = examine(method, list(logits), label, name)
    assert text in found["text"]
    assert (first is None) == ("first" not in found)
    if first:
        assert (found["first"]["step"], found["first"]["index"]) == first


def test_what_storing_the_logits_does_is_said():
    merged = examine("shifted", [256.0, 257.0], 0, "bfloat16")
    assert merged["headline"] == "Inaccurate"
    moved = sb.softmax([256, 257])[1] - 0.5
    said = f"bfloat16 stores 257 as 256, which alone moves a probability by {moved:.2f}. The steps"
    assert merged["text"].startswith(said)
    assert (
        examine("shifted", [256.0, 257.0], 0, "float16")["inputs"]
        == "float16 stores these logits exactly."
    )


def test_marks_say_why_a_cell_is_no_ordinary_number():
    found = examine("naive", [10.0, 12.0, -math.inf, -10.0], 0, "float16")["found"]
    kinds = [mark and (mark["kind"], mark["word"]) for mark in found["exponentials"]]
    assert kinds == [None, ("inf", "overflow"), ("mask", "masked"), ("subnormal", "subnormal")]
    kinds = [mark and (mark["kind"], mark["word"]) for mark in found["probabilities"]]
    assert kinds == [("zero", "÷ ∞"), ("nan", "∞ ÷ ∞"), ("mask", "masked"), ("zero", "÷ ∞")]
    assert (found["sum"]["kind"], found["sum"]["word"]) == ("inf", "from ∞")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("logits", [[800.0, 0.0], [0.0, -800.0, 3.0], [11.0, -900.0]])
def test_backpropagation_turns_to_nan_exactly_where_that_is_said(method, name, logits):
    z = torch.tensor(logits, dtype=getattr(torch, name), requires_grad=True)
    d = z if method == "naive" else z - z.max()
    e = torch.exp(d)
    logs = d - torch.log(e.sum()) if method == "log_softmax" else torch.log(e / e.sum())
    (-logs[1]).backward()
    said = "Backpropagation" in examine(method, logits, 1, name)["text"]
    if said:
        assert torch.isnan(z.grad).all()
    if method == "log_softmax":
        assert not said
        assert torch.isfinite(z.grad).all()
    assert said == (method != "log_softmax")
