"""Softmax as it should be, from mpmath at 80 digits, and how far a number is from it."""

from dataclasses import dataclass

import mpmath
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

DIGITS = 80

# Significant bits and smallest exponent, for the unit in the last place of a true value.
BITS = {"float16": (11, -14), "float32": (24, -126), "float64": (53, -1022)}


@dataclass
class Truth:
    """Softmax, its logarithm and log-sum-exp of one row, as mpmath numbers."""

    p: list
    log_p: list
    lse: mpmath.mpf


def truth(logits, temperature=1.0):
    """Compute the truth about finite logits and masks, with at least one finite entry."""
    with mpmath.workdps(DIGITS):
        t = mpmath.mpf(float(temperature))
        z = [mpmath.mpf(float(x)) for x in logits]
        top = max(range(len(z)), key=z.__getitem__)
        gaps = [(x - z[top]) / t for x in z]
        # Below −50,000 nothing is left in any format, and mpmath would take its time.
        weights = [mpmath.exp(g) if g > -50_000 else mpmath.mpf(0) for g in gaps]
        rest = mpmath.fsum(weights[:top] + weights[top + 1 :])
        log_sum = mpmath.log1p(rest)
        return Truth(
            p=[w / (1 + rest) for w in weights],
            log_p=[g - log_sum for g in gaps],
            lse=z[top] / t + log_sum,
        )


def ulp(true, dtype):
    """Return the unit in the last place of a true value in a floating-point type."""
    precision, lowest = BITS[np.dtype(dtype).name]
    if mpmath.isinf(true):
        return mpmath.inf
    exponent = mpmath.frexp(true)[1] - 1 if true else lowest
    return mpmath.mpf(2) ** (max(exponent, lowest) - precision + 1)


def error(computed, true, dtype, unit=None):
    """Return |computed − true| in ulp of the true value, or of `unit`; inf if one is NaN.

    A true value beyond the largest number must have become an infinity: then the error is 0.
    """
    computed, largest = float(computed), float(np.finfo(dtype).max)
    with mpmath.workdps(DIGITS):
        if abs(true) > largest:
            return 0.0 if computed == float(mpmath.sign(true)) * np.inf else np.inf
        if not np.isfinite(computed):
            return np.inf
        return float(abs(mpmath.mpf(computed) - true) / (unit or ulp(true, dtype)))


def errors(computed, true, dtype):
    """Return the largest error of a row in ulp."""
    return max(error(c, t, dtype) for c, t in zip(computed, true, strict=True))


def awkward_rows(seed, dtype, count, longest=30):
    """Yield `count` rows that have been chosen to go wrong, of each kind equally many."""
    rng = np.random.default_rng(seed)
    info = np.finfo(dtype)
    reach = float(-np.log(info.smallest_subnormal))  # exp(−reach) is the smallest number
    lowest, highest = np.log2(float(info.smallest_subnormal)), np.log2(float(info.max))

    def any_size(n):
        return rng.choice([-1.0, 1.0], n) * 2.0 ** rng.uniform(lowest, highest - 0.01, n)

    kinds = [
        lambda n: rng.normal(size=n) * 10.0 ** rng.uniform(-3, 3),
        lambda n: rng.normal(size=n) + any_size(1),  # far from 0, close together
        lambda n: -rng.uniform(0, reach, n),
        lambda n: rng.uniform(-reach, reach, n) + rng.uniform(-2, 2) * reach,
        any_size,  # gaps as large as there are
        lambda n: rng.choice(rng.normal(size=3) * 10, n),  # ties
        lambda n: np.append(np.full(n - 1, (c := rng.normal() * reach)), c + rng.uniform(0, reach)),
        lambda n: np.append(any_size(n - 1) * 2.0**-highest * 8, rng.uniform(0.9, 1.2) * reach),
        lambda n: np.append(np.where(rng.random(n - 1) < 0.3, -np.inf, rng.normal(size=n - 1)), 1),
        lambda n: np.append(-rng.uniform(0, reach, n - 1), -rng.uniform(0, reach / 10)),
    ]
    for i in range(count):
        row = kinds[i % len(kinds)](int(rng.integers(2, longest)))
        yield rng.permutation(np.clip(row, -np.inf, info.max).astype(dtype))


ANY = st.floats(allow_nan=False, allow_infinity=False)  # every finite float64 number


def rows(elements=ANY, min_size=1, max_size=8):
    """Return a Hypothesis strategy: one row of float64 logits."""
    return hnp.arrays(np.float64, st.integers(min_size, max_size), elements=elements)
