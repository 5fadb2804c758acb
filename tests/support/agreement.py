"""Rows of logits of every kind, and what it is to agree with the package to 1e-12."""

import numpy as np

TOLERANCE = 1e-12


def cases():
    """Return a few thousand (logits, temperature): every scale, ties, masks, infinities."""
    rng = np.random.default_rng(20261121)
    scales = [1e-300, 1e-8, 1e-3, 1.0, 10.0, 700.0, 1e4, 1e16, 1e200, 1e308]
    drawn = []
    for scale in scales:
        for _ in range(300):
            logits = scale * rng.uniform(-1, 1, size=rng.integers(1, 11))
            if rng.random() < 0.2:
                logits[rng.integers(len(logits))] = logits.max()
            if rng.random() < 0.2:
                logits[rng.integers(len(logits))] = -np.inf
            drawn.append((logits.tolist(), float(rng.choice([1.0, 0.05, 0.3, 7.0, 20.0]))))
    extremes = [
        [0.0], [0.0, 0.0], [1e308, -1e308], [700.0, 0.3], [0.0, -745.2], [5e-324, 0.0],
        [np.inf, 1.0, np.inf], [-np.inf, -np.inf], [np.nan, 1.0], [-np.inf, 3.0],
    ]  # fmt: skip
    return drawn + [(logits, 1.0) for logits in extremes]


CASES = cases()


def agree(theirs, ours, scale=None):
    """Assert equality to the tolerance, relative to `ours` or, where it is given, to `scale`."""
    theirs, ours = np.asarray(theirs, dtype=float), np.asarray(ours, dtype=float)
    finite = np.isfinite(ours)
    np.testing.assert_array_equal(np.where(finite, 0.0, theirs), np.where(finite, 0.0, ours))
    size = np.abs(ours) if scale is None else np.broadcast_to(scale, ours.shape)
    # A subnormal number has fewer digits than the tolerance asks for: 8 units of the last place.
    bound = np.maximum(TOLERANCE * size, 8 * 5e-324)
    assert (np.abs(theirs[finite] - ours[finite]) <= bound[finite]).all()
