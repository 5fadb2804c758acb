"""What logistic and softmax regression minimise: the mean cross-entropy and a penalty.

Parameters are arrays whose last column is the intercept, which carries no penalty.
"""

from __future__ import annotations

import numpy as np

from softmaxbook.learning.descent import Product
from softmaxbook.learning.labels import IntArray
from softmaxbook.learning.losses import (
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    cross_entropy_and_gradient,
)
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.probabilities import sigmoid, softmax


class _Penalised:
    """Features with a column of ones, weights of rows, and the penalty of both objectives.

    Parameters
    ----------
    features : ndarray, shape (n_samples, n_features)
    labels : ndarray of int, shape (n_samples,)
    penalty : float
    class_weight : ndarray, shape (n_classes,)
    """

    def __init__(
        self, features: FloatArray, labels: IntArray, penalty: float, class_weight: FloatArray
    ) -> None:
        self.design = np.column_stack([features, np.ones(len(features))])
        self.labels = labels
        self.class_weight = class_weight
        weights = class_weight[labels]
        total = weights.sum()
        self.shares = weights / total
        self.ridge = np.full(self.design.shape[1], penalty / total)
        self.ridge[-1] = 0

    def _penalise(
        self, loss: float, slope: FloatArray, parameters: FloatArray
    ) -> tuple[float, FloatArray]:
        pull = self.ridge * parameters
        return float(loss) + 0.5 * float((pull * parameters).sum()), slope + pull

    def _largest(self, bound: float) -> float:
        """Return what the Hessian stays below when a row's Hessian in the logits is ≤ `bound`."""
        gram = self.design.T @ (self.shares[:, None] * self.design)
        return bound * float(np.linalg.eigvalsh(gram)[-1]) + float(self.ridge.max())


class SoftmaxObjective(_Penalised):
    r"""The objective of softmax regression, in parameters of shape (n_classes, n_features + 1).

    Notes
    -----
    With weights w of the labels' classes and n the sum of the rows' weights,

    .. math:: F(W, b) = \frac 1 n \Bigl( \sum_i w_{y_i} \, (-\log p_{i, y_i})
        + \frac \lambda 2 \lVert W \rVert^2 \Bigr), \qquad p_i = \mathrm{softmax}(W x_i + b).

    The gradient is that of `cross_entropy` times the features. The Hessian of a row in its logits
    is diag(p) − ppᵀ, which is at most 1/2 (Böhning, 1992): the Hessian of F is at most half that
    of linear regression.

    Adding one vector to all rows of the parameters leaves every probability as it is. Without a
    penalty F is flat in these n_features + 1 directions, with one it is flat in the last of them,
    that of the intercepts.

    Derived in the chapter *regression*.
    """

    def value_and_gradient(self, parameters: FloatArray) -> tuple[float, FloatArray]:
        """Return F and its gradient."""
        loss, residual = cross_entropy_and_gradient(
            self.design @ parameters.T, self.labels, class_weight=self.class_weight
        )
        return self._penalise(float(loss), residual.T @ self.design, parameters)

    def curvature(self, parameters: FloatArray) -> tuple[Product, FloatArray]:
        """Return the map V ↦ Hessian · V, and the Hessian's diagonal, averaged over classes."""
        # A class is a row here: sums over the few classes then add long rows, which is fast.
        p = np.ascontiguousarray(softmax(self.design @ parameters.T).T)
        weighted = p * self.shares

        def product(direction: FloatArray) -> FloatArray:
            moved = direction @ self.design.T
            moved -= (p * moved).sum(axis=0)
            image: FloatArray = (weighted * moved) @ self.design + self.ridge * direction
            return image

        # One scale for all classes keeps the sum of their steps 0, as the sum of gradients is.
        diagonal = (weighted * (1 - p)).mean(axis=0) @ self.design**2 + self.ridge
        return product, np.broadcast_to(diagonal, parameters.shape)

    def smoothness(self) -> float:
        """Return a bound on the Hessian's eigenvalues."""
        return self._largest(1 / 2)


class LogisticObjective(_Penalised):
    r"""The objective of logistic regression, in parameters of shape (n_features + 1,).

    Notes
    -----
    As `SoftmaxObjective` with one logit z = w · x + b against 0; a row's second derivative is
    σ(z) (1 − σ(z)) ≤ 1/4.

    Derived in the chapter *regression*.
    """

    def value_and_gradient(self, parameters: FloatArray) -> tuple[float, FloatArray]:
        """Return F and its gradient."""
        logits = self.design @ parameters
        losses = binary_cross_entropy(logits, self.labels, "none")
        residual = self.shares * binary_cross_entropy_gradient(logits, self.labels, "none")
        return self._penalise(float(self.shares @ losses), residual @ self.design, parameters)

    def curvature(self, parameters: FloatArray) -> tuple[Product, FloatArray]:
        """Return the map v ↦ Hessian · v, and the Hessian's diagonal."""
        logits = self.design @ parameters
        bend = self.shares * sigmoid(logits) * sigmoid(-logits)

        def product(direction: FloatArray) -> FloatArray:
            moved = bend * (self.design @ direction)
            image: FloatArray = moved @ self.design + self.ridge * direction
            return image

        return product, bend @ self.design**2 + self.ridge

    def smoothness(self) -> float:
        """Return a bound on the Hessian's eigenvalues."""
        return self._largest(1 / 4)
