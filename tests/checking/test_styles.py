"""Answers in any style: right ones pass, misbehaving ones get plain words and leave no trace."""

# Learners write in every style, and badly: that is what is tested.
# ruff: noqa: NPY002, RET503, RUF059, SIM105

import builtins
import fractions
import functools
import inspect
import math
import random
import re
import sys
import threading
import time
import warnings

import ml_dtypes
import numpy as np
import pytest

from softmaxbook.checking.attempts import check_value
from softmaxbook.checking.near_misses import values_of
from softmaxbook.checking.questions import meanings, readings
from softmaxbook.exercises import Status, exercise, exercises

torch = pytest.importorskip("torch")

FUNCTIONS = [each for each in exercises() if each.form == "function"]
NUMBERS = [each for each in exercises() if each.form == "number"]


def softmax(logits):
    e = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def check(answer, id="softmax-of-a-batch", **more):
    return exercise(id).check(answer, **more)


# ── right answers in other styles ────────────────────────────────────────────────────────────


def with_loops(z):
    if np.ndim(z) > 1:
        return [with_loops(row) for row in z]
    largest = max(z)
    total = 0.0
    for value in z:
        total += math.exp(value - largest)
    return [math.exp(value - largest) / total for value in z]


def preallocated(z):
    out = np.empty(np.shape(z))
    for position in np.ndindex(np.shape(z)[:-1]):
        row = z[position] - np.max(z[position])
        out[position] = np.exp(row) / np.exp(row).sum()
    return out


def generator(z):
    yield from softmax(z)


class Layer:
    def __init__(self, axis):
        self.axis = axis

    def __call__(self, z):
        return np.exp(z - np.logaddexp.reduce(z, axis=self.axis, keepdims=True))

    def method(self, z):
        return self(z)


def in_torch(z):
    return torch.softmax(torch.as_tensor(z, dtype=torch.float64), dim=-1)


def in_torch_with_gradient(z):
    return torch.softmax(torch.tensor(z, dtype=torch.float32, requires_grad=True), dim=-1)


def in_torch_half(z):
    return torch.softmax(torch.as_tensor(z, dtype=torch.float32), dim=-1).to(torch.bfloat16)


def only_tensors(z):
    return z.softmax(-1)


def tensors_to_list(z):
    return torch.softmax(torch.as_tensor(z, dtype=torch.float32), dim=-1).tolist()


def only_lists(z):
    if isinstance(z[0], list):
        return [only_lists(row) for row in z]
    shifted = [value - z[z.index(max(z))] for value in z]
    return [math.exp(value) / sum(map(math.exp, shifted)) for value in shifted]


def with_fractions(z):
    return np.vectorize(lambda p: fractions.Fraction(float(p)), otypes=[object])(softmax(z))


def two_results_in_a_tuple_of_rows(z):
    return tuple(map(tuple, softmax(z))) if np.ndim(z) == 2 else softmax(z)


RIGHT = [
    softmax,
    with_loops,
    preallocated,
    generator,
    Layer(-1),
    Layer(-1).method,
    lambda z: softmax(z),
    lambda z, *ignored, **more: softmax(z),
    lambda z, axis=-1, temperature=1.0: softmax(z / temperature),
    lambda x, /: softmax(x),
    functools.partial(lambda z, scale: softmax(z * scale), scale=1.0),
    lambda z: softmax(z).tolist(),
    lambda z: np.asfortranarray(softmax(z)),
    lambda z: softmax(np.asarray(z, dtype=np.float32)),
    lambda z: softmax(np.asarray(z, dtype=np.float16)),
    lambda z: softmax(np.asarray(z, dtype=np.longdouble)),
    lambda z: softmax(z).astype(complex),
    lambda z: np.ma.masked_array(softmax(z)),
    lambda z: list(softmax(z)),
    lambda z: map(np.asarray, softmax(z)),
    lambda z: dict(enumerate(softmax(z))).values(),
    in_torch,
    in_torch_with_gradient,
    in_torch_half,
    only_tensors,
    tensors_to_list,
    only_lists,
    with_fractions,
    two_results_in_a_tuple_of_rows,
    lambda *, logits: softmax(logits),
]


@pytest.mark.parametrize("answer", RIGHT, ids=lambda answer: getattr(answer, "__name__", "object"))
def test_a_right_answer_in_another_style_passes(answer):
    verdict = check(answer)
    assert verdict.status is Status.CORRECT, verdict


@pytest.mark.parametrize("each", FUNCTIONS, ids=lambda each: each.id)
def test_single_precision_passes_everywhere(each):
    def single(*arguments):
        own = [np.float32(a) if np.ndim(a) and a.dtype.kind == "f" else a for a in arguments]
        with np.errstate(all="ignore"):
            return np.asarray(each.solution(*own), dtype=np.float32)

    verdict = exercise(each.id).check(single)
    assert verdict.status is Status.CORRECT, verdict


@pytest.mark.parametrize("each", FUNCTIONS, ids=lambda each: each.id)
def test_lists_and_tensors_pass_everywhere(each):
    for convert in (lambda a: np.asarray(a).tolist(), lambda a: torch.as_tensor(np.asarray(a))):

        def answer(*arguments, convert=convert):
            with np.errstate(all="ignore"):
                return convert(each.solution(*arguments))

        assert exercise(each.id).check(answer).correct


def test_a_warning_or_a_print_is_a_remark_and_no_reason_to_refuse():
    def talkative(z):
        print("working on", z)
        np.log(np.zeros(2))
        warnings.warn("this is fine", stacklevel=1)
        return softmax(z)

    verdict = check(talkative)
    assert verdict.correct
    assert "prints" in verdict.remarks[0]
    assert "divide by zero" in verdict.remarks[1]


def test_single_precision_inside_is_said():
    assert "single precision" in check(tensors_to_list).remarks[0]


def test_numbers_are_read_as_people_write_them():
    right = 0.25949646
    for text in (
        "0.259",
        "0,259",
        ".2595",
        "25.9 %",
        "2.59e-1",
        "≈ 0.26",
        "2.6·10^-1",
        0.26,
    ):
        assert check(text, "softmax-by-hand").correct, text
    for value in (right, np.float32(right), np.array([right]), [right], torch.tensor(right)):
        assert check(value, "softmax-by-hand").correct
    assert check(fractions.Fraction(27, 104), "softmax-by-hand").correct
    assert check("806,9", "log-sum-of-equals").correct
    assert check("−0.18", "how-a-probability-moves").correct


@pytest.mark.parametrize(
    ("id", "refused", "accepted"),
    [
        ("where-exp-overflows", (11, 11.2, "11.0"), (11.1, 11.09, "11,089866")),
        ("softmax-by-hand", (0.25, 0.258, 0.261), (0.259, 0.26, "25.9 %", "0.2595")),
        ("temperature-for-a-probability", (2.15, 2.17), (2.16, 2.164)),
        ("the-saturated-gradient", (0.045, 0.0453), (0.0452, 0.04518)),
        ("log-sum-of-equals", (806, 807, 806.8), (806.9, "806,91", 806.907755)),
    ],
)
def test_as_many_digits_are_needed_as_the_question_asks_for(id, refused, accepted):
    for value in refused:
        assert check(value, id).status is Status.WRONG, value
    for value in accepted:
        assert check(value, id).correct, value


PRECISION = re.compile(r"\b(\w+) (significant digits|decimals)\b")


@pytest.mark.parametrize("asked", NUMBERS, ids=lambda each: each.id)
def test_a_statement_that_asks_for_digits_says_how_many_count_and_which(asked):
    counts = {"three": 3, "four": 4}
    found = PRECISION.findall(asked.prompt())
    assert [counts[many] for many, _ in found] == ([asked.digits] if asked.digits else [])
    assert not re.search("(?<!significant )digits", asked.prompt())
    if found and found[0][1] == "decimals":  # which are the digits of what lies below 1
        for each in (asked, *(asked.variant(seed) for seed in range(100))):
            assert 0.1 <= np.max(values_of(each, each.solution)) < 1


@pytest.mark.parametrize("asked", NUMBERS, ids=lambda each: each.id)
def test_three_significant_digits_are_enough_where_a_question_does_not_say_how_many(asked):
    """The hand-out says so, and that whole numbers are exact."""
    if asked.digits > 3 or not asked.answered_in_place:
        return
    for each in (asked, *(asked.variant(seed) for seed in range(100))):
        right = values_of(each, each.solution)
        given = [x if x == round(x) else float(f"{x:.3g}") for x in right]
        assert check_value(each, given if len(given) > 1 else given[0]).correct, (given, right)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("65,504", [65.504, 65504.0]),
        ("1,000,000.5", [1000000.5]),
        ("3/4", [0.75]),
        ("1/0", []),
        ("2^-2", [0.25]),
        ("3x10^2", [300.0]),
        ("-∞", [-math.inf]),
        ("one", []),
        ("", []),
        ("1.2.3", []),
        ("1e999", [math.inf]),
        ("0^-1", []),
    ],
)
def test_readings(text, values):
    assert readings(text) == pytest.approx(values)


def test_a_bare_percentage_is_read_where_a_probability_is_asked_for():
    assert readings("70", percent=True) == [70, 0.7]
    assert readings("70") == [70]


def test_texts_that_mean_too_much_together_are_refused_before_they_are_counted_out():
    assert len(meanings(["65,504"] * 6)) == 64
    for many in (["65,504"] * 40, [["65,504"] * 5] * 5):
        with pytest.raises(ValueError, match="without quotation marks"):
            meanings(many)


def test_choices_are_read_as_people_write_them():
    for answer in ("b", "B", " b) ", "(b)", "add 3 to every logit", ["b"]):
        assert check(answer, "what-changes-nothing").correct, answer
    assert check([-200, -201], "which-row-gives-nan").correct


# ── not attempted ────────────────────────────────────────────────────────────────────────────


def starters():
    def passes(logits):
        pass

    def dots(logits): ...

    def documented(logits):
        """Return the probabilities."""

    def returns_dots(logits):
        return ...

    def raises(logits):
        raise NotImplementedError

    def raises_with_words(logits):
        raise NotImplementedError("your code here")

    def still_dots(logits):
        exponentials = ...
        return exponentials / exponentials.sum() if False else exponentials / 2

    class Empty:
        def __call__(self, logits):
            pass

    return [
        passes, dots, documented, returns_dots, raises, raises_with_words, still_dots, Empty(),
        lambda z: ..., lambda z: None, None, ..., NotImplemented,
    ]  # fmt: skip


@pytest.mark.parametrize("answer", starters())
def test_starter_code_in_any_form_is_not_attempted(answer):
    assert check(answer).status is Status.NOT_ATTEMPTED


def test_nothing_at_all_is_not_attempted():
    assert exercise("softmax-of-a-batch").check().status is Status.NOT_ATTEMPTED


@pytest.mark.parametrize("answer", [None, ..., "", " ", "?", "...", "TODO", []])
@pytest.mark.parametrize("id", ["softmax-by-hand", "what-changes-nothing"])
def test_an_empty_value_is_not_attempted(answer, id):
    assert check(answer, id).status is Status.NOT_ATTEMPTED


def test_the_printed_program_with_a_comment_is_not_attempted():
    def classify(logits):
        """Return probabilities."""
        maximum = np.max(logits)  # the largest
        exponentials = np.exp(logits - maximum)
        return exponentials / np.sum(exponentials, axis=0)

    assert check(classify, "mend-the-batch-program").status is Status.NOT_ATTEMPTED


def test_a_constant_function_is_attempted():
    assert check(lambda z: 1).status is Status.WRONG


# ── misbehaving answers ──────────────────────────────────────────────────────────────────────


def raises_value_error(z):
    raise ValueError("something is odd")


def own_exception(z):
    class Odd(Exception):
        def __str__(self):
            raise RuntimeError

    raise Odd


def asks(z):
    return float(input("value? "))


def leaves(z):
    sys.exit()


def recurses(z):
    return recurses(z)


def prints_only(z):
    print(softmax(z))


def forgets_to_return(z):
    softmax(z)
    if z is None:
        return z


async def coroutine(z):
    return softmax(z)


def asserts(z):
    assert z.ndim == 7


def misspelled(z):
    return np.exp(logit)  # noqa: F821


def unpacks(z):
    a, b, c, d, e, f, g = z
    return a


BROKEN = [
    (raises_value_error, Status.BROKEN, "something is odd"),
    (own_exception, Status.BROKEN, "It raises `Odd`"),
    (asks, Status.BROKEN, "keyboard"),
    (leaves, Status.BROKEN, "exit()"),
    (recurses, Status.BROKEN, "calls itself without end"),
    (prints_only, Status.BROKEN, "Replace `print"),
    (forgets_to_return, Status.BROKEN, "returns nothing"),
    (coroutine, Status.BROKEN, "async def"),
    (asserts, Status.BROKEN, "assert"),
    (misspelled, Status.BROKEN, "spelled"),
    (unpacks, Status.BROKEN, "unpack"),
    (lambda z: math.exp(z), Status.BROKEN, "np.exp"),
    (lambda z: "0.5", Status.BROKEN, "text"),
    (lambda z: {"p": softmax(z)}, Status.BROKEN, "dictionary"),
    (lambda z: {1.0, 2.0}, Status.BROKEN, "set"),
    (lambda z: object(), Status.BROKEN, "object"),
    (lambda z: softmax, Status.BROKEN, "call it"),
    (lambda z: [[1.0], [1.0, 2.0]], Status.BROKEN, "different lengths"),
    (lambda z: [object(), object()], Status.BROKEN, "list"),
    (lambda z: np.array(["a", "b"]), Status.BROKEN, "text"),
    (lambda: 1, Status.BROKEN, "softmax_batch(logits)"),
    (lambda z, axis: softmax(z), Status.BROKEN, "softmax_batch(logits)"),
    (lambda z: z if z > 0 else 0, Status.BROKEN, "np.where"),
    (lambda z: z - z.max(-1) + z.missing, Status.BROKEN, "Likely cause"),
    (Layer, Status.UNREADABLE, "`Layer` is a class"),
    (softmax(np.zeros((2, 2))), Status.UNREADABLE, "without brackets"),
    ("softmax_batch", Status.UNREADABLE, "without brackets"),
    (lambda z: np.full(np.shape(z), np.nan), Status.WRONG, "nan"),
    (lambda z: softmax(z) + 1j, Status.WRONG, "complex"),
    (lambda z: softmax(z)[..., None], Status.WRONG, "numbers are right, the shape is not"),
    (lambda z: softmax(z).sum(), Status.WRONG, "the sum of all its entries"),
    (lambda z: softmax(z)[..., ::-1], Status.WRONG, "reverse order"),
    (lambda z: -softmax(z), Status.WRONG, "the sign of the result were reversed"),
    (lambda z: 100 * softmax(z), Status.WRONG, "percentage"),
    (lambda z: softmax(z) + 0.5, Status.WRONG, "0.5 too large"),
    (lambda z: np.array([0.5, 0.5]), Status.WRONG, "it gives the same result"),
    (lambda z: np.round(softmax(z), 4), Status.WRONG, "4 decimals"),
    (lambda z: softmax(z)[0], Status.WRONG, "axis"),
]


@pytest.mark.parametrize(("answer", "status", "words"), BROKEN)
def test_a_misbehaving_answer_is_explained(answer, status, words, capsys):
    verdict = check(answer)
    assert verdict.status is status, verdict
    assert words in str(verdict), verdict
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_the_line_that_raises_is_quoted():
    assert "`a, b, c, d, e, f, g = z`" in str(check(unpacks))


def test_the_readers_own_interrupt_goes_through():
    def interrupted(z):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(interrupted)


# ── side effects ─────────────────────────────────────────────────────────────────────────────


def test_changing_the_input_is_refused_and_the_probes_stay():
    def in_place(z):
        z -= z.max(axis=-1, keepdims=True)
        np.exp(z, out=z)
        z /= z.sum(axis=-1, keepdims=True)
        return z

    def floats_in_place(z):
        return in_place(z) if z.dtype.kind == "f" else softmax(z)

    before = [probe.arguments[0].copy() for probe in exercise("softmax-of-a-batch").exercise.probes]
    verdict = check(floats_in_place)
    assert verdict.status is Status.CARELESS
    assert "changes the array" in verdict.message
    after = [probe.arguments[0] for probe in exercise("softmax-of-a-batch").exercise.probes]
    assert all(np.array_equal(one, two) for one, two in zip(before, after, strict=True))


def test_numpys_error_state_is_restored():
    def silences(z):
        np.seterr(all="ignore")
        return softmax(z)

    before = np.geterr()
    verdict = check(silences)
    assert verdict.status is Status.CARELESS
    assert "np.seterr" in verdict.message
    assert np.geterr() == before


def test_a_kernel_that_raises_on_overflow_does_not_disturb():
    with np.errstate(all="raise"):
        assert check(softmax).correct
        assert np.geterr()["over"] == "raise"


def test_random_numbers_and_the_recursion_limit_are_restored():
    def gambles(z):
        np.random.seed(1)
        random.random()
        return softmax(z)

    def digs(z):
        sys.setrecursionlimit(4321)
        return softmax(z)

    dice, numpy_dice, depth = (
        random.getstate(),
        np.random.get_state()[1].copy(),
        sys.getrecursionlimit(),
    )
    verdict = check(gambles)
    assert verdict.correct
    assert "random numbers" in verdict.remarks[0]
    assert random.getstate() == dice
    assert np.array_equal(np.random.get_state()[1], numpy_dice)
    assert check(digs).status is Status.CARELESS
    assert sys.getrecursionlimit() == depth


@pytest.mark.parametrize("waiting", [False, True])
def test_a_second_normal_number_that_waits_is_noticed_when_drawn_and_put_back(waiting):
    def gambles(z):
        np.random.normal()
        return softmax(z)

    np.random.seed(3)
    if waiting:
        np.random.normal()
    before = np.random.get_state(legacy=False)
    assert before["has_gauss"] == waiting
    for _ in range(2):
        assert "random numbers" in check(gambles).remarks[0]
        assert not check(softmax).remarks
        assert repr(np.random.get_state(legacy=False)) == repr(before)


def test_replaced_functions_are_put_back():
    exponential, largest = np.exp, builtins.max

    def replaces(z):
        np.exp = lambda x: np.ones_like(x)
        builtins.max = lambda x: 0
        return softmax(z)

    verdict = check(replaces)
    assert np.exp is exponential
    assert builtins.max is largest
    assert "np.exp" in str(verdict)


def test_a_function_replaced_before_the_check_is_put_back_and_said():
    exponential = np.exp
    np.exp = lambda x: x
    try:
        verdict = check(softmax)
        assert np.exp is exponential
    finally:
        np.exp = exponential
    assert verdict.correct
    assert "`np.exp` had been replaced" in verdict.remarks[-1]


def test_comparing_functions_of_numpy_cannot_be_bribed():
    honest = np.all

    def bribes(z):
        np.all = lambda *a, **k: True
        np.abs = lambda *a, **k: 0.0
        return np.zeros_like(z)

    assert check(bribes).status is not Status.CORRECT
    assert np.all is honest


def test_output_handlers_warnings_and_tracing_are_as_before():
    filters, out, trace = list(warnings.filters), sys.stdout, sys.gettrace()

    def noisy(z):
        sys.stdout = None
        warnings.simplefilter("ignore")
        return softmax(z)

    assert check(noisy).correct
    assert sys.stdout is out
    assert warnings.filters == filters
    assert sys.gettrace() is trace


# ── endless answers ──────────────────────────────────────────────────────────────────────────


def spins(z):
    while True:
        pass


def swallows_exceptions(z):
    while True:
        try:
            time.sleep(0.01)
        except Exception:
            pass


def swallows_everything(z):
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722
            pass


def swallows_everything_deeper(z):
    def inner():
        while True:
            try:
                spins(z)
            except:  # noqa: E722
                continue

    while True:
        try:
            inner()
        except:  # noqa: E722
            continue


def returns_after_the_time(z):
    try:
        spins(z)
    except BaseException:
        return softmax(z)


def sleeps(z):
    time.sleep(100)


def yields_for_ever(z):
    while True:
        yield from []


def prints_for_ever(z):
    while True:
        print("still here")


def endless_conversion(z):
    class Slow:
        def __array__(self, dtype=None, copy=None):
            spins(z)

    return Slow()


ENDLESS = [
    spins, swallows_exceptions, swallows_everything, swallows_everything_deeper,
    returns_after_the_time, sleeps, yields_for_ever, prints_for_ever, endless_conversion,
]  # fmt: skip


@pytest.mark.parametrize("answer", ENDLESS, ids=lambda answer: answer.__name__)
def test_an_endless_answer_is_interrupted(answer):
    start = time.monotonic()
    verdict = check(answer, seconds=0.3)
    assert time.monotonic() - start < 3
    assert verdict.status is Status.ENDLESS
    assert "interrupted" in verdict.message
    assert sys.gettrace() is None or inspect.getmodule(sys.gettrace()) is not None
    assert check(softmax).correct


@pytest.mark.parametrize("answer", [spins, swallows_exceptions, prints_for_ever, sleeps])
def test_outside_the_main_thread_too(answer):
    verdicts = []
    thread = threading.Thread(target=lambda: verdicts.append(check(answer, seconds=0.3)))
    thread.start()
    thread.join(10)
    assert verdicts[0].status is Status.ENDLESS
    if answer is sleeps:  # one long call into C: no exception reaches it
        assert "restart the kernel" in verdicts[0].message
    else:
        assert "interrupted" in verdicts[0].message


def test_words_of_an_exception_do_not_pass_for_a_call_that_goes_on():
    def says_so(z):
        if np.ndim(z) == 2:
            raise RuntimeError("still running")
        spins(z)

    verdict = check(says_so, seconds=0.3)
    assert verdict.status is Status.ENDLESS
    assert "was interrupted" in verdict.message


def test_outside_the_main_thread_answers_are_checked_as_inside():
    verdicts = []

    def work():
        verdicts.extend(check(answer) for answer in (softmax, raises_value_error, lambda z: z))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert [each.status for each in verdicts] == [Status.CORRECT, Status.BROKEN, Status.WRONG]


def test_another_alarm_goes_on_after_a_check():
    signal = pytest.importorskip("signal")
    if not hasattr(signal, "setitimer"):
        pytest.skip("no timer on this platform")
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        assert check(softmax).correct
        time.sleep(0.4)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert rung == [True]


def test_a_late_endless_input_says_where():
    def only_some(z):
        return softmax(z) if np.shape(z) != (2, 2) else spins(z)

    verdict = check(only_some, seconds=0.3)
    assert "“a square batch”" in verdict.message


# ── other libraries ──────────────────────────────────────────────────────────────────────────


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")
def test_a_scripted_module_gets_tensors():
    scripted = torch.jit.script(torch.nn.Softmax(dim=-1))
    verdict = check(scripted)
    assert verdict.correct, verdict
    assert "torch tensors as input" in verdict.remarks[0]


def test_a_library_without_whole_numbers_gets_floats_and_a_remark():
    def in_torch_of_any_type(z):  # torch has no softmax of whole numbers
        return torch.softmax(torch.tensor(z), -1)

    class InvalidArgumentError(Exception):
        """As `tf.nn.softmax` raises it (TensorFlow 2.21)."""

    def in_tensorflow(z):
        if z.dtype.kind == "i":
            raise InvalidArgumentError(
                "Value for attr 'T' of int64 is not in the list of allowed values: half, float"
            )
        return softmax(z)

    for answer in (in_torch_of_any_type, in_tensorflow):
        verdict = check(answer, "softmax-of-one-vector")
        assert verdict.correct, verdict
        assert "whole numbers were handed over as floats" in str(verdict)


class Tensor:
    """Stands for a tensor of TensorFlow 2.21: bfloat16 has no `__array__` that NumPy accepts."""

    dtype = "bfloat16"

    def __init__(self, values):
        self.values = values

    def __array__(self, *arguments, **more):
        raise TypeError("object __array__ method not producing an array")

    def numpy(self):
        return self.values


def test_bfloat16_of_any_library_is_numbers():

    def narrow(z):
        return softmax(z).astype(ml_dtypes.bfloat16)

    for answer in (narrow, lambda z: Tensor(narrow(z)), lambda z: list(narrow(z))):
        assert check(answer).correct, check(answer)


def test_what_converting_warns_of_is_no_remark():
    class Variable:
        """`tf.Variable` and `keras.Variable` warn when they are made an array by `np.array`."""

        def __init__(self, values):
            self.values = values

        def __array__(self, dtype=None):
            warnings.warn("__array__ implementation doesn't accept a copy keyword", stacklevel=2)
            return self.values

    verdict = check(lambda z: Variable(softmax(z)))
    assert verdict.correct
    assert verdict.remarks == ()


def test_sparse_results_are_numbers():
    sparse = pytest.importorskip("scipy.sparse")
    assert check(lambda z: sparse.csr_array(softmax(z)) if z.ndim == 2 else softmax(z)).correct
    assert check(lambda z: torch.as_tensor(softmax(z)).to_sparse()).correct


def test_a_wrong_type_for_batches_is_not_put_down_to_a_sum():
    verdict = check(lambda z, T: softmax(z / T) if z.ndim == 1 else {"p": z}, "a-temperature")
    assert "sum" not in verdict.message
    assert "There it returns a dictionary" in verdict.message


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ([[1.0, 2.0], [1.0]], "what came back is a list whose rows have different lengths."),
        ((np.zeros((3, 2)), [0.0]), "what came back is a tuple of 2 things of different shapes"),
        (np.array(["a", "b"]), "what came back is an array that holds text, not numbers."),
        (np.array(["2026-11-28"], "M8[D]"), "what came back is an array that holds dates"),
        (object(), "what came back is an object of type object"),
        (softmax, "what came back is a function"),
    ],
)
def test_what_came_back_is_said_in_a_sentence(result, words):
    assert words in check(lambda z: result).message


def test_a_recursion_limit_that_a_library_leaves_is_not_the_answers():
    names = {"sys": sys}  # torch.compile was seen to leave another limit behind
    code = "def deepen(): sys.setrecursionlimit(sys.getrecursionlimit() + 7)"
    exec(compile(code, "/site-packages/torch/_dynamo/depth.py", "exec"), names)

    def compiled(z):
        names["deepen"]()
        return softmax(z)

    assert check(compiled).correct


def test_only_a_changed_error_state_is_told_of_errstate():
    def digs(z):
        sys.setrecursionlimit(4321)
        return softmax(z)

    assert "errstate" not in check(digs).message
