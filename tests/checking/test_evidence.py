"""Wrong answers that were accepted once, or given a wrong cause, or shown where nothing shows."""

# Written as learners write.
# ruff: noqa: E731

import itertools
import re

import numpy as np
import pytest

from softmaxbook.checking.exceptions import cause_of
from softmaxbook.checking.outcomes import Outcome
from softmaxbook.checking.specification import LOGITS, hint_of
from softmaxbook.exercises import Status, exercise, exercises

FUNCTIONS = [each for each in exercises() if each.form == "function"]
ON_LOGITS = [each for each in FUNCTIONS if set(each.parameters) & set(LOGITS)]


def check(id, answer):
    return exercise(id).check(answer)


def softmax(z, constant=0.0):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + constant)


# ── accepted, though wrong ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("each", ON_LOGITS, ids=lambda each: each.id)
def test_logits_come_in_whole_numbers_too(each):
    def cut(*arguments):
        with np.errstate(all="ignore"):
            right = np.asarray(each.solution(*arguments))
        given = [a for a, name in zip(arguments, each.parameters, strict=True) if name in LOGITS]
        whole = all(np.asarray(a).dtype.kind in "iu" for a in given) and np.all(np.isfinite(right))
        return right.astype(int) if whole else right

    verdict = check(each.id, cut)
    if np.asarray(each.solution(*each.probes[0].arguments)).dtype.kind in "iub":
        assert verdict.correct  # the result is a whole number
    else:
        assert not verdict.correct
        assert "cuts fractions off" in verdict.message


def test_an_array_like_whole_numbers_cuts_fractions_off():
    def log_softmax(z):
        out = np.empty_like(z)
        m = z.max(axis=-1, keepdims=True)
        out[...] = z - m - np.log(np.exp(z - m).sum(axis=-1, keepdims=True))
        return out

    assert "cuts fractions off" in check("write-log-softmax", log_softmax).message


def test_writing_fractions_into_whole_numbers_is_explained():
    def in_place(z):
        e = np.copy(z)
        e /= np.abs(e).sum(axis=-1, keepdims=True) + 0.0 * e
        return softmax(z)

    assert "Make a float array" in check("softmax-of-a-batch", in_place).message


@pytest.mark.parametrize("kind", [np.float64, np.float32, list])
@pytest.mark.parametrize("digits", [3, 5, 6])
def test_rounded_results_are_refused_and_named(kind, digits):
    def answer(z):
        rounded = np.round(softmax(z), digits)
        return rounded.tolist() if kind is list else rounded.astype(kind)

    verdict = check("softmax-of-a-batch", answer)
    assert verdict.status is Status.WRONG, verdict
    assert f"rounded to {digits} decimals" in verdict.message


def test_significant_digits_are_named_too():
    def answer(z):
        return [float(f"{p:.5g}") for p in softmax(z)]

    assert "rounded to 5 significant digits" in check("softmax-of-one-vector", answer).message


@pytest.mark.parametrize("constant", [1e-3, 1e-5, 1e-6, 1e-7, 1e-8])
def test_a_constant_in_the_denominator_is_refused_and_named(constant):
    verdict = check("softmax-of-a-batch", lambda z: softmax(z, constant))
    assert verdict.status is Status.WRONG, verdict
    words = ("a small number in the denominator", "a small constant were added to the sum")
    assert any(each in verdict.message for each in words)


@pytest.mark.parametrize("constant", [1e-5, 1e-6, 1e-7, 1e-8])
def test_a_constant_is_refused_in_other_exercises(constant):
    answers = {
        "entropy-with-zeros": lambda p: -(p * np.log(p + constant)).sum(-1),
        "write-log-softmax": lambda z: np.log(softmax(z) + constant),
        "logits-from-probabilities": lambda p: (
            np.log(p + constant) - np.log(p + constant).mean(-1, keepdims=True)
        ),
        "write-the-jacobian": lambda z: (
            softmax(z, constant)[..., None] * np.eye(z.shape[-1])
            - softmax(z, constant)[..., None] * softmax(z, constant)[..., None, :]
        ),
    }
    for id, answer in answers.items():
        verdict = check(id, answer)
        assert not verdict.correct, (id, verdict)
        if constant < 1e-6:  # a larger one shows on every input
            told = any(word in verdict.message for word in ("constant", "small number"))
            assert verdict.mistakes or told, (id, verdict)


def test_single_precision_inside_passes():
    narrow = lambda z: softmax(z.astype(np.float32))
    for answer in (
        narrow,
        lambda z: narrow(z).tolist(),
        lambda z: narrow(z).astype(float),
        lambda z: narrow(z) / narrow(z).astype(float).sum(axis=-1, keepdims=True),
    ):
        verdict = check("softmax-of-a-batch", answer)
        assert verdict.correct, verdict


# ── wrong causes ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        ("(2,3) (3,2)", "should be transposed"),
        ("(2,3) (2,)", "keepdims=True"),
        ("(4,5,3) (4,5)", "keepdims=True"),
        ("(1,3) (1,2)", "axis 1 of one array has length 3, that of the other 2"),
        ("(2,3) (4,)", "Print the shapes"),
    ],
)
def test_a_broadcasting_error_is_read_from_its_shapes(shapes, words):
    message = f"operands could not be broadcast together with shapes {shapes} "
    cause = cause_of(Outcome("raised", type_name="ValueError", message=message))
    assert words in cause
    assert ("keepdims" in cause) == ("keepdims" in words)


def test_an_axis_error_of_torch_is_one_of_an_axis():
    torch = pytest.importorskip("torch")
    verdict = check("softmax-of-a-batch", lambda z: torch.softmax(torch.tensor(z), dim=1))
    assert "that axis does not exist" in verdict.message
    assert "Indices" not in verdict.message


def test_a_class_too_many_is_not_put_down_to_a_sum():
    def answer(labels, n, smoothing):
        return (1 - smoothing) * np.eye(n + 1)[labels] + smoothing / n

    message = check("write-smoothed-targets", answer).message
    assert "one too many" in message
    assert "sum" not in message


def test_one_row_alone_does_not_make_the_numbers_right():
    def losses(z, labels):
        m = z.max(-1, keepdims=True)
        log_p = z - m - np.log(np.exp(z - m).sum(-1, keepdims=True))
        return -log_p[np.arange(len(labels)), labels]

    def averaged(z, labels):
        return (softmax(z) - np.eye(z.shape[-1])[labels]).mean(axis=0)

    for id, answer in (("write-the-mean-loss", losses), ("write-its-gradient", averaged)):
        verdict = check(id, answer)
        assert "numbers are right" not in verdict.message
        shown = str(verdict.counter_example)
        assert "shape (1," not in shown  # the input that is shown has several rows


def test_agreeing_with_a_mistake_on_one_input_is_chance():
    def answer(confidence, right, n_bins):
        edges = np.linspace(0, 1, n_bins + 1)
        total = 0.0
        for low, high in itertools.pairwise(edges):
            inside = (confidence > low) & (confidence <= high) & (confidence < 1)
            if np.any(inside):
                gap = abs(np.mean(right[inside]) - np.mean(confidence[inside]))
                total += np.mean(inside) * gap
        return total

    verdict = check("write-the-calibration-error", answer)
    assert not verdict.correct
    assert "in two bins" not in verdict.message


def test_a_mistake_is_recognised_though_a_library_raises_on_some_inputs():
    torch = pytest.importorskip("torch")

    def normalised(inputs, mean, variance, scale, shift):
        given = [torch.tensor(a) for a in (inputs, mean, variance, scale, shift)]
        return torch.nn.functional.batch_norm(*given, training=True)

    message = check("mend-the-frozen-normalisation", normalised).message
    assert "statistics of the batch" in message


# ── counter-examples that show it ────────────────────────────────────────────────────────────


def different(verdict):
    shown = verdict.counter_example
    return shown.expected.partition("(shape")[0] != shown.got.partition("(shape")[0]


@pytest.mark.parametrize("constant", [1e-3, 1e-6, 1e-8])
@pytest.mark.parametrize("id", ["softmax-of-one-vector", "write-the-jacobian", "a-temperature"])
def test_expected_and_got_are_printed_so_that_they_differ(id, constant):
    solution = exercise(id).exercise.solution
    assert different(check(id, lambda *given: solution(*given) * (1 + constant)))


def test_the_input_that_tells_most_is_shown():
    def answer(p):
        z = np.log(p + 1e-8)
        return z - z.mean(-1, keepdims=True)

    verdict = check("logits-from-probabilities", answer)
    assert verdict.counter_example.name == "nearly certain"
    assert different(verdict)


def test_a_sum_is_quoted_of_the_input_that_is_shown():
    def median(logits):
        return np.median(softmax(logits), axis=0)

    verdict = check("mend-the-ensemble", median)
    quoted = verdict.message.partition("one of these sums is ")[2]
    if quoted:
        shown = np.fromstring(verdict.counter_example.got.strip("[]( ").split("]")[0], sep=",")
        assert float(quoted.split()[0].rstrip(".")) == pytest.approx(shown.sum(), abs=1e-3)
    else:
        told = "one of these sums" in verdict.message
        assert not told or "on other inputs than the one below" in verdict.message


def test_a_batch_that_is_square_has_no_diagonal():
    def answer(p, t):
        return t.sum(-1) * p - t

    assert "diagonal" not in check("derive-the-weighted-gradient", answer).message


# ── words ────────────────────────────────────────────────────────────────────────────────────


def test_hints_do_not_say_that_the_rest_is_right():  # two mistakes can be made together
    praise = re.compile(
        r"([Aa]ll|[Ee]verything|rest|others?|outputs?|head|number of \w+|keys|−∞) (is|are) "
        r"(right|out|marked|mended)\b(?! side)|right (now|except|at temperature)|, good\.|"
        r"^\S+ (row|input) fails|is mended|are mended,|still what was printed.*still right"
    )
    hints = {hint_of(mistake) for each in exercises() for mistake in each.mistakes}
    assert [hint for hint in hints if praise.search(hint)] == []


def test_two_mistakes_made_together_do_not_contradict_each_other():
    def answer(logits):
        maximum = np.max(logits, axis=-1, keepdims=True)
        return np.log(np.sum(np.exp(logits - maximum), axis=-1, keepdims=True)) + maximum

    verdict = check("write-log-sum-exp", answer)
    assert len(verdict.mistakes) == 2
    assert "One row fails" not in verdict.hint
