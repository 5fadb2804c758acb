"""The relatives in JavaScript agree with the package; their noise draws what softmax says."""

import numpy as np
import pytest
from agreement import CASES, TOLERANCE, agree
from javascript import call
from scipy.stats import chisquare, kstest

import softmaxbook as sb
from softmaxbook.family.sparse import entmax

FINITE = [(z, T) for z, T in CASES if np.isfinite(z).all()]


@pytest.mark.parametrize(
    ("theirs", "ours"), [("sparsemax", sb.sparsemax), ("entmax15", sb.entmax15)]
)
def test_by_sorting(theirs, ours):
    results = call("numerics/relatives", [(theirs, z, T) for z, T in FINITE])
    for result, (z, T) in zip(results, FINITE, strict=True):
        agree(result, ours(z, temperature=T), scale=1.0)
        assert abs(sum(result) - 1) <= TOLERANCE


@pytest.mark.parametrize("alpha", [1.0, 1.001, 1.3, 1.5, 2.0, 2.7, 4.0])
def test_by_halving(alpha):
    some = [(z, T) for z, T in FINITE[::5] if np.abs(z).max() < 1e15]
    results = call("numerics/relatives", [("entmax", z, alpha, T) for z, T in some])
    for result, (z, T) in zip(results, some, strict=True):
        agree(result, entmax(z, alpha, temperature=T), scale=1.0)


def mixed(h):
    """Return the permutation of 32-bit integers, as the module says it."""
    h = h.astype(np.uint32)
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x7FEB352D)
    h = (h ^ (h >> np.uint32(15))) * np.uint32(0x846CA68B)
    return h ^ (h >> np.uint32(16))


def uniforms(seed, count):
    """Return the numbers that the module makes for a seed."""
    places = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)
    return (mixed(mixed(np.array([seed])) + places).astype(float) + 0.5) / 2**32


@pytest.mark.parametrize("seed", [0, 1, 2**31 - 1])
def test_the_numbers_are_the_same_everywhere_and_uniform(seed):
    theirs = call("numerics/relatives", [("uniform", seed, place) for place in range(9000)])
    np.testing.assert_array_equal(theirs, uniforms(seed, 9000))
    assert 0 < min(theirs) < max(theirs) < 1
    assert kstest(theirs, "uniform").pvalue > 1e-3
    for lag in (1, 2, 3):  # the classes of a draw, and neighbouring draws
        assert abs(np.corrcoef(theirs[:-lag], theirs[lag:])[0, 1]) < 0.05


@pytest.mark.parametrize("relaxed", [False, True])
@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_draws_fall_as_softmax_says(temperature, relaxed):
    z = [1.0, 0.5, -0.5]
    (found,) = call("numerics/relatives", [("draws", z, temperature, relaxed, 7, 4000)])
    won = np.array([each["won"] for each in found])
    noise = -np.log(-np.log(uniforms(7, 12_000).reshape(4000, 3)))
    noisy = (np.array(z) + noise) if relaxed else np.array(z) / temperature + noise
    np.testing.assert_array_equal(won, noisy.argmax(axis=-1))
    points = np.array([each["point"] for each in found])
    expected = sb.softmax(noisy, temperature=temperature) if relaxed else np.eye(3)[won]
    np.testing.assert_allclose(points, expected, rtol=1e-9, atol=1e-12)
    shares = sb.softmax(z, temperature=1.0 if relaxed else temperature)
    assert chisquare(np.bincount(won, minlength=3), 4000 * shares).pvalue > 1e-3
