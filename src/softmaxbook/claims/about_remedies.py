"""Claims about what may be read from the output of a trained network."""

from __future__ import annotations

import numpy as np

from softmaxbook.claims.claim import Claim, Finding
from softmaxbook.learning.calibration import calibration_error_by_chance, expected_calibration_error
from softmaxbook.learning.datasets import load, thinned
from softmaxbook.learning.networks import Network, Recipe, train


def _output_as_confidence() -> Finding:
    digits = load("digits").standardised()
    few = thinned(digits.train, [0.1] * 10, seed=0)
    network = Network(64, 64, 10)
    train(network, few, Recipe(epochs=60), progress=False)
    p = network.predict_proba(digits.test.features)
    right = network.score(*digits.test)
    error = expected_calibration_error(p, digits.test.labels)
    chance = float(np.quantile(calibration_error_by_chance(p, n_draws=300), 0.99))
    sure = p.max(axis=1).mean()
    return Finding(
        said="a share of 0.9 means right in nine cases of ten",
        computed=f"a network that learnt from {len(few.labels)} handwritten digits gives its "
        f"answers on {len(p)} others a mean share of {sure:.3f}, and {right:.3f} are right. "
        f"Its expected calibration error is {error:.3f}, where chance alone stays below "
        f"{chance:.3f} in 99 of 100 cases",
        refuted=bool(error > chance and sure > right),
    )


REMEDY_CLAIMS = (
    Claim(
        name="output-as-confidence",
        kind="words",
        quote="The output can be read as confidence",
        source="S1",
        check=_output_as_confidence,
        truth="It can for a calibrated model; a trained network is often surer than it is right, "
        "and a reliability diagram shows whether yours is.",
        section="[Too sure](remedies.md#too-sure)",
    ),
)
"""Claims about reading a network's output."""
