"""Wrong answers that nobody registered, and what the verdict says: does it help?

Written by solving every exercise badly in at least two ways. A few verdicts only point at the
input that fails; they are marked by the words of the fallback.
"""

# Written as learners write.
# ruff: noqa: E731, E741

import math

import numpy as np
import pytest
import wrong_answers.attention
import wrong_answers.choices
import wrong_answers.finetuning
import wrong_answers.heads
import wrong_answers.language
import wrong_answers.later
import wrong_answers.learning
import wrong_answers.relatives
import wrong_answers.sharing
import wrong_answers.transfer

from softmaxbook.exercises import exercise, exercises

WRONG = []


def wrong(id, words):
    def keep(answer):
        WRONG.append((id, answer, words))
        return answer

    return keep


VALUES = {
    "who-pays": [("b or c", "one of the letters"), (0.5, "one of the letters")],
    "the-others-fall": [("all of them", "one of the letters"), (-1, "one of the letters")],
    "what-does-it-print": [("nan", "one of the letters"), ([1, 1], "one of the letters")],
    "softmax-by-hand": [
        ("0.7", "of the first class"),
        (0.2, "add up to 1"),
        ("2.718", "between 0 and 1"),
        (0.035, "of the third class"),
        (0.269, "last class is missing"),
    ],
    "what-changes-nothing": [("b and c", "one of the letters"), (2, "one of the letters")],
    "temperature-for-a-probability": [
        (3.0, "too large. Check: 1 / (1 + exp"),
        ("1,386", "too small. Check: 1 / (1 + exp"),
        (-2.164, "Look at the sign"),
    ],
    "how-a-probability-moves": [
        (0.42, "mixes two formulas"),
        ("-0.12", "add up to 0"),
        (0.09, "add up to 0"),
    ],
    "the-most-sensitive": [("all", "one of the letters"), (3, "one of the letters")],
    "the-saturated-gradient": [
        (0.1966, "move the gap by 0.1"),
        ("4.52", "percentage"),
        (-0.0452, "Look at the sign"),
        (0.045, "Give more digits: zeros at the front do not count."),
        (0.0453, "Calculate with more digits and round only at the end."),
    ],
    "where-exp-overflows": [
        (88.7, "float32"),
        ("10,4", "more than rounding"),
        ("11.2", "more digits"),
        (709.78, "the exponential of your answer"),
    ],
    "which-row-gives-nan": [("a and b", "one of the letters"), ([80], "one of the letters")],
    "a-shift-of-the-log-sum": [("10", "one of the letters"), ("a, b", "one of the letters")],
    "log-sum-of-equals": [
        ("inf", "ordinary, finite number"),
        (800.7, "lower end"),
        (1606.9, "two equal logits"),
        ("8e2+ln(1000)", "is not a number"),
        (6.9, "taken out"),
    ],
    "break-the-log-of-softmax": [
        ([740, 0], "gap is not wide enough"),
        ([-900, -900], "Large logits alone"),
        ([1e308, -1e308], "gap is not wide enough"),
        ([3, 2, 1], "two logits"),
        (["inf", 0], "masked"),
    ],
}
WRONG += [(id, value, words) for id, values in VALUES.items() for value, words in values]


@wrong("softmax-of-one-vector", "should add up to 1")
def loop_without_dividing_all(z):
    out = np.zeros_like(z)
    s = 0
    for i in range(len(z)):
        s += np.exp(z[i])
        out[i] = np.exp(z[i]) / s
    return out


@wrong("softmax-of-one-vector", "whole numbers")
def zeros_like_int(z):
    out = np.zeros_like(z)
    for i in range(len(z)):
        out[i] = np.exp(z[i] - max(z)) / sum(np.exp(z - max(z)))
    return out


@wrong("softmax-of-one-vector", "large logits")
def clip(z):
    e = np.exp(np.clip(z, -500, 500))
    return e / e.sum()


@wrong("softmax-of-one-vector", "a sigmoid were taken of each logit")
def sigmoid_each(z):
    return 1 / (1 + np.exp(-z))


@wrong("softmax-of-one-vector", "rounded to 3 decimals")
def rounded(z):
    e = np.exp(z - z.max())
    return np.round(e / e.sum(), 3)


@wrong("softmax-of-one-vector", "constant added")
def eps(z):
    e = np.exp(z - z.max())
    return e / (e.sum() + 1e-3)


@wrong("softmax-of-a-batch", "wrong axis")
def loops_over_columns(z):
    out = np.zeros(z.shape)
    for j in range(z.shape[1]):
        out[:, j] = np.exp(z[:, j]) / np.exp(z[:, j]).sum()
    return out


@wrong("softmax-of-a-batch", "`dim=-1`) is the last one")
def axis1(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@wrong("softmax-of-a-batch", "One axis too few")
def first_row_only(z):
    return np.exp(z[0] - z[0].max()) / np.exp(z[0] - z[0].max()).sum()


@wrong("softmax-of-a-batch", "Divide by the sum")
def not_normalised(z):
    return np.exp(z - z.max(-1, keepdims=True))


@wrong("softmax-of-a-batch", "a forgotten `keepdims`")
def max_keepdims_forgotten(z):
    e = np.exp(z - z.max(-1))
    return e / e.sum(-1, keepdims=True)


@wrong("a-temperature", "no effect")
def temp_added(z, T):
    e = np.exp(z + T)
    return e / e.sum(-1, keepdims=True)


@wrong("a-temperature", "square root of `temperature`")
def temp_sqrt(z, T):
    e = np.exp(z / np.sqrt(T))
    return e / e.sum(-1, keepdims=True)


@wrong("a-temperature", "order `tempered(logits, temperature)`")
def temp_swapped(T, z):
    e = np.exp(z / T - np.max(z / T))
    return e / e.sum(-1, keepdims=True)


@wrong("a-temperature", "called as `tempered(logits, temperature)`")
def missing_arg(z):
    return z


@wrong("logits-from-probabilities", "sign reversed and mean not removed")
def negative_log(p):
    return -np.log(p)


@wrong("logits-from-probabilities", "should add up to 0")
def log_ratio_first(p):
    return np.log(p / p[..., :1])


@wrong("logits-from-probabilities", "“nothing preferred”")
def exp_instead(p):
    return np.exp(p) - np.exp(p).mean(-1, keepdims=True)


@wrong("logits-from-probabilities", "wrong for batches")
def mean_no_keepdims(p):
    return np.log(p) - np.log(p).mean(-1)


@wrong("mend-the-batch-program", "transposed")
def transposed_program(z):
    z = z.T
    m = z.max(0)
    e = np.exp(z - m)
    return e / e.sum(0)


@wrong("mend-the-batch-program", "`keepdims` were forgotten")
def keep_one_global(z):
    e = np.exp(z - np.max(z, axis=1))
    return e / np.sum(e, axis=1)


@wrong("mend-the-batch-program", "ran over the whole array at once")
def axis_none(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


@wrong("entropy-with-zeros", "constant added")
def eps_big(p):
    return -np.sum(p * np.log(p + 1e-3), -1)


@wrong("entropy-with-zeros", "what fails: zeros")
def nan_to_num_outside(p):
    return np.nan_to_num(-np.sum(p * np.log(p), -1))


@wrong("entropy-with-zeros", "its own entropy")
def mask_flat(p):
    q = p[p > 0]
    return -np.sum(q * np.log(q))


@wrong("entropy-with-zeros", "the sum of the product with `probabilities` ran along axis 0")
def axis0(p):
    return -np.sum(p * np.log(np.where(p > 0, p, 1)), axis=0)


@wrong("write-the-jacobian", "np.outer")
def squares(z):
    p = np.exp(z - z.max())
    p /= p.sum()
    return np.diag(p) - p**2


@wrong("write-the-jacobian", "np.outer")
def dot(z):
    p = np.exp(z - z.max())
    p /= p.sum()
    return np.diag(p) - p @ p.T


@wrong("write-the-jacobian", "Above the diagonal")
def loop_bug(z):
    p = np.exp(z - z.max())
    p /= p.sum()
    K = len(p)
    J = np.zeros((K, K))
    for i in range(K):
        for j in range(i):
            J[i, j] = -p[i] * p[j]
        J[i, i] = p[i] * (1 - p[i])
    return J


@wrong("write-the-jacobian", "mistake: identity without p")
def eye(z):
    p = np.exp(z - z.max())
    p /= p.sum()
    return np.eye(len(p)) - np.outer(p, p)


@wrong("the-log-jacobian", "transposed")
def divided_wrong_side(p):
    return (np.diag(p) - np.outer(p, p)) / p


@wrong("the-log-jacobian", "`probabilities` were added and not subtracted")
def plus(p):
    return np.eye(len(p)) + p


@wrong("the-log-jacobian", "One axis too few")
def vector(p):
    return 1 - p


@wrong("the-log-jacobian", "the logarithm of `probabilities` stood in place of `probabilities`")
def log_inside(p):
    return np.eye(len(p)) - np.log(p)


@wrong("a-cotangent-through-softmax", "wrong for batches")
def jac_loop(p, g):
    return np.diag(p) @ g - np.outer(p, p) @ g


@wrong("a-cotangent-through-softmax", "should add up to 0")
def p_minus_g(p, g):
    return p - g


@wrong("a-cotangent-through-softmax", "One number comes back")
def scalar(p, g):
    return np.sum(p * g, -1)


@wrong("a-cotangent-through-softmax", "order `softmax_vjp")
def swapped(p, g):
    return g * (p - np.sum(p * g, -1, keepdims=True))


@wrong("the-temperature-derivative", "approximated")
def fd(z, T, h=1e-4):
    s = lambda T: np.exp(z / T) / np.exp(z / T).sum()
    return (s(T + h) - s(T)) / h


@wrong(
    "the-temperature-derivative", "nothing were added up in the sum of the probabilities · `logits`"
)
def only_sigmoid_like(z, T):
    p = np.exp(z / T) / np.exp(z / T).sum()
    return -p * (1 - p) * z / T**2


@wrong("the-temperature-derivative", "the exponent of `temperature` were one too large")
def scaled_mean(z, T):
    z = z / T
    p = np.exp(z) / np.exp(z).sum()
    return p * ((p * z).sum() - z) / T**2


@wrong("mend-the-batched-jacobian", "the sign of the result were reversed")
def einsum_wrong(p):
    return np.einsum("...i,...j->...ji", p, p) - p[..., None] * np.eye(p.shape[-1])


@wrong("mend-the-batched-jacobian", "`p` stood along the other axis, rows for columns")
def rows_swapped(p):
    I = np.eye(p.shape[-1])
    return p[..., None, :] * I - p[..., None, :] * p[..., None, :]


@wrong("mend-the-batched-jacobian", "should add up to 0")
def matmul(p):
    I = np.eye(p.shape[-1])
    return p[..., :, None] * I - p @ p.T


@wrong("write-log-sum-exp", "underflowed")
def abs_max(z):
    m = np.abs(z).max(-1, keepdims=True)
    return np.log(np.exp(z - m).sum(-1)) + m[..., 0]


@wrong("write-log-sum-exp", "large logits, all masked")
def clip_lse(z):
    return np.log(np.exp(np.clip(z, -700, 700)).sum(-1))


@wrong("write-log-sum-exp", "overflows")
def first_as_shift(z):
    m = z[..., :1]
    return np.log(np.exp(z - m).sum(-1)) + m[..., 0]


@wrong("write-log-sum-exp", "step by step")
def max_in_log(z):
    m = z.max(-1)
    return np.log(np.exp(z - m[..., None]).sum(-1) + m)


@wrong("write-log-sum-exp", "step by step")
def log2(z):
    m = z.max(-1)
    return np.log2(np.exp(z - m[..., None]).sum(-1)) + m


@wrong("write-log-softmax", "wide gaps")
def where_zero(z):
    p = np.exp(z - z.max(-1, keepdims=True))
    p /= p.sum(-1, keepdims=True)
    return np.where(p > 0, np.log(p), -745)


@wrong("write-log-softmax", "its own sum")
def minus_log_total(z):
    s = z - z.max(-1, keepdims=True)
    return s - np.log(np.exp(s).sum())


@wrong("write-log-softmax", "base 10")
def log10(z):
    s = z - z.max(-1, keepdims=True)
    return (s - np.log(np.exp(s).sum(-1, keepdims=True))) / np.log(10)


@wrong("write-log-softmax", "step by step")
def divided(z):
    s = z - z.max(-1, keepdims=True)
    return s / np.log(np.exp(s).sum(-1, keepdims=True))


@wrong("where-the-sum-overflows", "“one class”")
def int_div(M, n):
    return np.log(M // n**2)


@wrong("where-the-sum-overflows", "“one class”")
def twice(M, n):
    return np.log(M) - 2 * np.log(n)


@wrong("where-the-sum-overflows", "“one class”")
def minus_n(M, n):
    return np.log(M - n)


@wrong("where-the-sum-overflows", "does it use its arguments")
def number(M, n):
    return 88.7


@wrong("write-softplus", "np.where")
def if_branch(x):
    if x > 30:
        return x
    return np.log1p(np.exp(x))


@wrong("write-softplus", "12 + 6.1e-6")
def threshold30(x):
    return np.where(x > 10, x, np.log1p(np.exp(np.minimum(x, 10))))


@wrong("write-softplus", "One number comes back")
def lse_total(x):
    return np.logaddexp.reduce(np.append(0, x))


@wrong("write-softplus", "np.exp")
def math_one(x):
    return math.log1p(math.exp(x))


@wrong("merge-two-sums", "the second is not")
def lse_sum(a, s, b, t):
    m = np.maximum(a, b)
    return m, np.log(s * np.exp(a - m) + t * np.exp(b - m))


@wrong("merge-two-sums", "One axis too few")
def only_sum(a, s, b, t):
    m = np.maximum(a, b)
    return s * np.exp(a - m) + t * np.exp(b - m)


@wrong("merge-two-sums", "another order")
def order(a, s, b, t):
    m = np.maximum(a, b)
    return s * np.exp(a - m) + t * np.exp(b - m), m


@wrong("merge-two-sums", "the second is not")
def mult(a, s, b, t):
    m = np.maximum(a, b)
    return m, s * t * np.exp(a - m) * np.exp(b - m)


WRONG += wrong_answers.learning.WRONG + wrong_answers.relatives.WRONG
WRONG += wrong_answers.choices.WRONG + wrong_answers.language.WRONG + wrong_answers.attention.WRONG
WRONG += wrong_answers.transfer.WRONG + wrong_answers.heads.WRONG
WRONG += wrong_answers.finetuning.WRONG + wrong_answers.sharing.WRONG
WRONG += wrong_answers.later.WRONG


@pytest.mark.parametrize(
    ("id", "answer", "words"),
    WRONG,
    ids=[f"{id}:{getattr(answer, '__name__', answer)}" for id, answer, _ in WRONG],
)
def test_the_verdict_on_an_unforeseen_answer_helps(id, answer, words):
    verdict = exercise(id).check(answer)
    assert not verdict.correct
    assert words in " ".join(str(verdict).split())


def test_every_exercise_was_answered_badly_at_least_twice():
    tried = [id for id, _, _ in WRONG]
    assert [each.id for each in exercises() if tried.count(each.id) < 2] == []
