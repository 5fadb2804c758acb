"""Two heads on shared features: the reader moves the features and sees how both heads pull."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.learning.losses import cross_entropy, cross_entropy_gradient
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.widgets.explorable import Explorable, number, numbers
from softmaxbook.widgets.modules import bundle

DIGITS = (1, 3, 8)
"""What the picture may show: the classes of the first head."""

CLASSES = (("1", "3", "8"), ("odd", "even"))
"""The classes of both heads."""

TASKS = ("which digit", "odd or even")
"""What both heads are asked."""

LIMIT = 3.0
"""How far both features go from 0."""

RATE = 0.5
"""The factor of the sum of the pulls in a step."""


class SharingExplorer(Explorable):
    r"""Two features of one picture, two softmax heads that read them, and how both heads pull.

    Parameters
    ----------
    features : list of float, optional
        Two numbers from −3 to 3: what the body computes from the picture.
    digit : {1, 3, 8}, optional
        What the picture shows, and so the right class of both heads.
    digit_labelled, parity_labelled : bool, optional
        Whether the picture has a label for the first task, and for the second.
    weight : float, optional
        From 0 to 2: the factor λ of the second loss.
    angle : float, optional
        From 0 to 180 degrees: how far the second head is turned against the first.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Notes
    -----
    The heads are fixed. The first reads one direction of the plane, with the rows
    :math:`(-1, 0), (0, 0), (1, 0)` for 1, 3 and 8 and the intercepts :math:`(0, 1, 0)`. The second
    reads the direction :math:`u` at the angle, with the rows :math:`-u, u` for odd and even and the
    intercepts :math:`(1, -1)`. At 0 degrees the border of odd and even is that of 3 and 8.
    Each head pulls the features with

    .. math:: -g_t = -W_t^{\mathsf T} \bigl(p^{(t)} - y^{(t)}\bigr),

    and a step moves them by half of the sum :math:`-(g_1 + \lambda g_2)`, in which a task without a
    label has no term.

    Examples
    --------
    >>> explorer = SharingExplorer(features=[-1, 0], digit=8, angle=90)
    >>> explorer.pulls.round(3).tolist(), explorer.cosine
    ([[1.405, 0.0], [0.0, 1.762]], 0.0)
    >>> explorer.digit_labelled = False  # only the label “even” is known
    >>> explorer.changes.round(3).tolist()  # the second head pulls at a right angle to the first
    [0.0, -1.307]

    Used in the chapter *sharing*.
    """

    module = "sharing"
    _esm = bundle("sharing")

    features = numbers(2, 2, f"each from {-LIMIT:g} to {LIMIT:g}: what the body computes")
    digit = traitlets.Enum(DIGITS, default_value=8).tag(sync=True)
    digit_labelled = traitlets.Bool(True).tag(sync=True)
    parity_labelled = traitlets.Bool(True).tag(sync=True)
    weight = number(1.0, 0.0, 2.0, "the factor of the second loss")
    angle = number(60.0, 0.0, 180.0, "the degrees by which the second head is turned")

    @traitlets.default("features")
    def _features(self) -> list[float]:
        return [-1.2, -0.6]

    @traitlets.validate("features")
    def _on_the_plane(self, proposal: Any) -> list[float]:
        features: list[float] = proposal["value"]
        if max(map(abs, features)) > LIMIT:
            raise traitlets.TraitError(
                f"features must hold numbers from {-LIMIT:g} to {LIMIT:g}; got {features}"
            )
        return features

    @property
    def heads(self) -> tuple[tuple[FloatArray, FloatArray], ...]:
        """The weights, with a row a class, and the intercepts of both heads."""
        turn = np.deg2rad(self.angle)
        even = np.round([np.cos(turn), np.sin(turn)], 15) + 0.0  # so that a right angle is one
        first = np.array([[-1.0, 0.0], [0.0, 0.0], [1.0, 0.0]]), np.array([0.0, 1.0, 0.0])
        return first, (np.array([-even, even]), np.array([1.0, -1.0]))

    @property
    def labels(self) -> tuple[int, int]:
        """The right class of both heads, counted from 0."""
        return DIGITS.index(self.digit), 1 - self.digit % 2

    @property
    def weights(self) -> FloatArray:
        """What both losses count: 1 and λ, or 0 without a label."""
        return np.array([1.0 * self.digit_labelled, self.weight * self.parity_labelled])

    @property
    def probabilities(self) -> tuple[FloatArray, ...]:
        """What both heads answer, shapes `(3,)` and `(2,)`."""
        return tuple(softmax(logits) for logits in self._logits(self.features))

    @property
    def losses(self) -> FloatArray:
        """The cross-entropy of the right class in both heads, labelled or not, in nats."""
        return self._losses(self.features)

    @property
    def pulls(self) -> FloatArray:
        """How each head pulls the features of this picture: −Wᵀ(p − y), shape `(2, 2)`."""
        return np.array(
            [
                -weights.T @ cross_entropy_gradient(logits, label)
                for (weights, _), logits, label in zip(
                    self.heads, self._logits(self.features), self.labels, strict=True
                )
            ]
        )

    @property
    def total(self) -> FloatArray:
        """The sum of the pulls with their weights, shape `(2,)`."""
        return self.weights @ self.pulls

    @property
    def cosine(self) -> float:
        """The cosine of the angle between both pulls; NaN where one of them is 0."""
        lengths = np.linalg.norm(self.pulls, axis=1).prod()
        return float(self.pulls[0] @ self.pulls[1] / lengths) if lengths else float("nan")

    @property
    def after(self) -> FloatArray:
        """The features after a step along the sum of the pulls, shape `(2,)`."""
        return self.features + RATE * self.total

    @property
    def expected_changes(self) -> FloatArray:
        """How a step changes both losses to first order: −η ⟨pull, sum⟩, shape `(2,)`."""
        return -RATE * self.pulls @ self.total + 0.0

    @property
    def changes(self) -> FloatArray:
        """How a step changes both losses in truth, shape `(2,)`."""
        return self._losses(self.after) - self.losses

    def _logits(self, features: Any) -> list[FloatArray]:
        return [weights @ np.asarray(features) + intercepts for weights, intercepts in self.heads]

    def _losses(self, features: Any) -> FloatArray:
        pairs = zip(self._logits(features), self.labels, strict=True)
        return np.array([cross_entropy(logits, label) for logits, label in pairs])

    def picture(self) -> theme.Picture:
        """Return the plane of the features with the pulls, beside what both heads answer."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        shares = list(zip(TASKS, CLASSES, self.probabilities, strict=True))
        with plt.rc_context(dict(theme.RC)):
            figure, axes = plt.subplot_mosaic(
                "AB;AC", figsize=(6.8, 3.9), width_ratios=[3, 2], height_ratios=[3, 2]
            )
            pulls = self.weights[:, None] * self.pulls
            plots.shared_pulls(axes["A"], self.features, pulls, self.heads[1][0][1])
            hues = iter(range(5))
            for ax, (task, names, p) in zip((axes["B"], axes["C"]), shares, strict=True):
                plots.class_bars(ax, p, names)
                for bar, hue in zip(ax.patches, hues, strict=False):
                    bar.set_color(theme.colour(f"c{hue}"))
                ax.set(title=f"{task}?", xlim=(0, 1.3), xticks=[0, 0.5, 1])
        told = "; ".join(
            f"{task}? " + ", ".join(f"{n} {x:.3f}" for n, x in zip(names, p, strict=True))
            for task, names, p in shares
        )
        x, y = self.features
        alt = f"The plane of two features with the point ({x:.2f}, {y:.2f}) of a picture of"
        alt += f" {self.digit}, and two heads that read it. {told}. From the point an arrow for the"
        alt += " pull of each head that has a label, and the sum of both; the angle between the"
        alt += f" heads is {self.angle:g}°. A step along the sum changes the first loss by"
        alt += " {:+.3f} and the second by {:+.3f} nats.".format(*self.changes)
        return theme.show(figure, alt=alt)
