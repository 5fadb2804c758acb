"""Overflow: softmax and its logarithm where the exponential leaves the floating-point range."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.arrays import FloatArray, as_floats, check_axis, check_temperature
from softmaxbook.probabilities import shift


def logsumexp(logits: ArrayLike, axis: int = -1) -> FloatArray:
    """Return log Σ exp(logits) along `axis`."""
    z = as_floats(logits)
    axis = check_axis(z, axis)
    top = z.max(axis=axis, keepdims=True)
    with np.errstate(all="ignore"):
        total = top + np.log(np.exp(z - top).sum(axis=axis, keepdims=True))
    return np.where(np.isinf(top), top, total).squeeze(axis)


def log_softmax(logits: ArrayLike, axis: int = -1, temperature: float = 1.0) -> FloatArray:
    """Return the logarithm of softmax."""
    z = as_floats(logits)
    axis = check_axis(z, axis)
    d = shift(z, axis, check_temperature(temperature))
    return d - np.log(np.exp(d).sum(axis=axis, keepdims=True))


class RunningLogSumExp:
    """Log-sum-exp of a stream of numbers, in one pass."""

    def __init__(self) -> None:
        self.maximum = -math.inf
        self.scaled_sum = 0.0

    def update(self, chunk: ArrayLike) -> RunningLogSumExp:
        """Take in the numbers of `chunk`."""
        return self._absorb(as_floats(chunk, "chunk").astype(np.float64).ravel(), 1.0)

    def merge(self, other: RunningLogSumExp) -> RunningLogSumExp:
        """Take in everything that `other` has seen."""
        return self._absorb(np.array([other.maximum]), other.scaled_sum)

    def _absorb(self, values: FloatArray, weight: float) -> RunningLogSumExp:
        top = float(max(self.maximum, values.max(initial=-math.inf)))
        if math.isfinite(top):
            old = self.scaled_sum * math.exp(self.maximum - top)
            self.scaled_sum = old + weight * float(np.exp(values - top).sum())
        self.maximum = top
        return self

    @property
    def value(self) -> float:
        """Return the logarithm of the sum of the exponentials seen so far."""
        if math.isinf(self.maximum) or math.isnan(self.maximum):
            return self.maximum
        return self.maximum + math.log(self.scaled_sum)


def online_softmax(logits: ArrayLike, chunk_size: int) -> FloatArray:
    """Return the softmax of one row, reading it twice, `chunk_size` numbers at a time."""
    z = as_floats(logits)
    running = RunningLogSumExp()
    for start in range(0, len(z), chunk_size):
        running.update(z[start : start + chunk_size])
    return np.exp(z - running.value).astype(z.dtype)


def naive_softmax(logits: ArrayLike, axis: int = -1) -> FloatArray:
    """Return exp(logits) / Σ exp(logits), without the shift: for teaching."""
    z = as_floats(logits)
    with np.errstate(all="ignore"):
        weights = np.exp(z)
        return weights / weights.sum(axis=axis, keepdims=True)


def naive_logsumexp(logits: ArrayLike, axis: int = -1) -> FloatArray:
    """Return log Σ exp(logits), without the shift: for teaching."""
    with np.errstate(all="ignore"):
        return np.log(np.exp(as_floats(logits)).sum(axis=axis))


def naive_log_softmax(logits: ArrayLike, axis: int = -1) -> FloatArray:
    """Return logits − log Σ exp(logits), without the shift: for teaching."""
    z = as_floats(logits)
    with np.errstate(all="ignore"):
        return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))


def log_of_softmax(logits: ArrayLike, axis: int = -1) -> FloatArray:
    """Return log(softmax(logits)), a logarithm taken too late: for teaching."""
    z = as_floats(logits)
    with np.errstate(all="ignore"):
        weights = np.exp(z - z.max(axis=axis, keepdims=True))
        return np.log(weights / weights.sum(axis=axis, keepdims=True))


@dataclass(frozen=True)
class FloatFormat:
    """A binary floating-point format: precision in bits, and the range of its exponent."""

    name: str
    precision: int
    min_exponent: int
    max_exponent: int

    @property
    def max(self) -> float:
        """The largest finite number."""
        return (2 - 2.0 ** (1 - self.precision)) * 2.0**self.max_exponent

    @property
    def smallest_normal(self) -> float:
        """The smallest positive number with full precision."""
        return 2.0**self.min_exponent

    @property
    def smallest_subnormal(self) -> float:
        """The smallest positive number."""
        return 2.0 ** (self.min_exponent - self.precision + 1)

    @property
    def unit_roundoff(self) -> float:
        """The largest relative error of rounding to nearest."""
        return 2.0**-self.precision

    def round(self, values: ArrayLike) -> FloatArray:
        """Round float64 `values` to the nearest number of this format, ties to even."""
        x = as_floats(values, "values").astype(np.float64)
        if self.precision == 53:
            return x
        exponent = np.maximum(np.frexp(x)[1] - 1, self.min_exponent)
        unit = np.ldexp(1.0, exponent - self.precision + 1)
        with np.errstate(all="ignore"):
            rounded = np.rint(x / unit) * unit
        return np.where(np.abs(rounded) > self.max, np.copysign(np.inf, x), rounded)


FORMATS = {
    f.name: f
    for f in (
        FloatFormat("float16", 11, -14, 15),
        FloatFormat("bfloat16", 8, -126, 127),
        FloatFormat("float32", 24, -126, 127),
        FloatFormat("float64", 53, -1022, 1023),
    )
}


@dataclass(frozen=True)
class Thresholds:
    """Where exp leaves a format: above, below the normal numbers, below everything."""

    overflow: float
    subnormal: float
    underflow: float


def thresholds(format: str | FloatFormat) -> Thresholds:
    """Return the inputs at which exp overflows, turns subnormal, and underflows to 0."""
    f = FORMATS[format] if isinstance(format, str) else format
    return Thresholds(
        overflow=math.log(f.max),
        subnormal=math.log(f.smallest_normal),
        underflow=math.log(f.smallest_subnormal) - math.log(2),
    )
