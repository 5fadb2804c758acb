"""Two ways to make many classes out of two: one against the rest, and one against one."""

from __future__ import annotations

from itertools import combinations
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmaxbook.learning.classifiers import Classifier, check_classes, check_features
from softmaxbook.learning.labels import IntArray
from softmaxbook.learning.regression import LogisticRegression
from softmaxbook.numerics.arrays import FloatArray, as_floats
from softmaxbook.numerics.probabilities import sigmoid, softmax


class _Team(Classifier):
    """Options of classifiers that are made of logistic regressions."""

    models_: list[LogisticRegression]

    def __init__(
        self, penalty: float = 1.0, max_iterations: int = 100, tolerance: float = 1e-6
    ) -> None:
        self.penalty = penalty
        self.max_iterations = max_iterations
        self.tolerance = tolerance

    def _member(self) -> LogisticRegression:
        return LogisticRegression(
            self.penalty, max_iterations=self.max_iterations, tolerance=self.tolerance
        )


class OneVsRest(_Team):
    """One logistic regression a class, which knows its class from all others.

    Parameters
    ----------
    penalty, tolerance : float
    max_iterations : int
        As for `LogisticRegression`.

    Attributes
    ----------
    classes_
        The labels, sorted: an ndarray of shape (n_classes,).
    models_
        A list of `LogisticRegression`, in the order of `classes_`.

    Notes
    -----
    Each model gives its own probability, and nothing makes the `scores` sum to 1: all models may
    say no, or several yes (`undecided`). `predict` takes the largest score, and `predict_proba`
    divides the scores by their sum, which makes them look like probabilities. Softmax regression
    has neither problem, since its classes are fitted together.

    Examples
    --------
    >>> from softmaxbook.learning.datasets import load
    >>> iris = load("iris").standardised()
    >>> model = OneVsRest().fit(*iris.train)
    >>> model.scores(iris.test.features).sum(axis=-1)[:3].round(2)
    array([1.02, 1.1 , 1.02])

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning* (2006), section 4.1.2, figure 4.2 (left).

    Used in the chapter *regression*.
    """

    def fit(self, features: ArrayLike, labels: ArrayLike) -> Self:
        """Learn from rows and their labels; errors and warnings as for `SoftmaxRegression.fit`."""
        rows = check_features(features)
        self.classes_, numbers = check_classes(labels, len(rows))
        self.n_features_in_ = rows.shape[1]
        self.models_ = [self._member().fit(rows, numbers == k) for k in range(len(self.classes_))]
        return self

    def decision_function(self, features: ArrayLike) -> FloatArray:
        """Return each model's logit, shape (n_samples, n_classes)."""
        rows = self.check_rows(features)
        return np.stack([model.decision_function(rows) for model in self.models_], axis=-1)

    def scores(self, features: ArrayLike) -> FloatArray:
        """Return each model's own probability; the rows do not sum to 1."""
        return sigmoid(self.decision_function(features))

    def predict_proba(self, features: ArrayLike) -> FloatArray:
        """Return the scores divided by their sum, shape (n_samples, n_classes)."""
        # Through logarithms, so that rows of scores that all underflow keep their order.
        return softmax(-np.logaddexp(0, -self.decision_function(features)))

    def undecided(self, features: ArrayLike) -> NDArray[np.bool_]:
        """Return where not exactly one model says yes, shape (n_samples,)."""
        decided: NDArray[np.bool_] = (self.decision_function(features) > 0).sum(axis=-1) == 1
        return ~decided


class OneVsOne(_Team):
    r"""One logistic regression for each pair of classes, which knows nothing of the others.

    Parameters
    ----------
    penalty, tolerance : float
    max_iterations : int
        As for `LogisticRegression`.

    Attributes
    ----------
    classes_
        The labels, sorted: an ndarray of shape (n_classes,).
    pairs_
        A list of pairs of places in `classes_`, first < second: K (K − 1) / 2 of them.
    models_
        A list of `LogisticRegression`, in the order of `pairs_`; each gives the probability of the
        pair's second class.

    Notes
    -----
    Each model votes. Where the most votes are shared the vote is `undecided`, and `predict`
    falls back to the sum of the logits for and against each class, as scikit-learn does.

    The pairs' probabilities :math:`r_{ij}` of i among {i, j} fit no distribution in general.
    `predict_proba` returns the one that fits best in the sense of Wu, Lin and Weng: it minimises

    .. math:: \sum_i \sum_{j \ne i} (r_{ji} \, p_i - r_{ij} \, p_j)^2.

    Its largest entry need not be the class with the most votes.

    Examples
    --------
    >>> from softmaxbook.learning.datasets import load
    >>> iris = load("iris").standardised()
    >>> model = OneVsOne().fit(*iris.train)
    >>> model.votes(iris.test.features[:2])
    array([[2, 1, 0],
           [2, 1, 0]])

    References
    ----------
    Wu, Lin and Weng, *Probability Estimates for Multi-class Classification by Pairwise Coupling*
    (2003), the second approach, Advances in Neural Information Processing Systems 16.

    Bishop, *Pattern Recognition and Machine Learning* (2006), section 4.1.2, figure 4.2 (right).

    Used in the chapter *regression*.
    """

    pairs_: list[tuple[int, int]]

    def fit(self, features: ArrayLike, labels: ArrayLike) -> Self:
        """Learn from rows and their labels; errors and warnings as for `SoftmaxRegression.fit`."""
        rows = check_features(features)
        self.classes_, numbers = check_classes(labels, len(rows))
        self.n_features_in_ = rows.shape[1]
        self.pairs_ = list(combinations(range(len(self.classes_)), 2))
        self.models_ = []
        for i, j in self.pairs_:
            members = (numbers == i) | (numbers == j)
            self.models_.append(self._member().fit(rows[members], numbers[members] == j))
        return self

    def pair_logits(self, features: ArrayLike) -> FloatArray:
        """Return the logit of each class against each other, shape (n_samples, K, K)."""
        rows = self.check_rows(features)
        n_classes = len(self.classes_)
        logits = np.zeros((len(rows), n_classes, n_classes))
        for (i, j), model in zip(self.pairs_, self.models_, strict=True):
            logits[:, j, i] = model.decision_function(rows)
            logits[:, i, j] = -logits[:, j, i]
        return logits

    def votes(self, features: ArrayLike) -> IntArray:
        """Return how many pairs each class wins, shape (n_samples, n_classes)."""
        return _votes(self.pair_logits(features))

    def undecided(self, features: ArrayLike) -> NDArray[np.bool_]:
        """Return where several classes share the most votes, shape (n_samples,)."""
        votes = self.votes(features)
        shared: NDArray[np.bool_] = (votes == votes.max(axis=-1, keepdims=True)).sum(axis=-1) > 1
        return shared

    def decision_function(self, features: ArrayLike) -> FloatArray:
        """Return votes plus a number in (−1/3, 1/3) that grows with the sum of the logits."""
        logits = self.pair_logits(features)
        total = logits.sum(axis=-1)
        scores: FloatArray = _votes(logits) + total / (3 * (np.abs(total) + 1))
        return scores

    def predict(self, features: ArrayLike) -> NDArray[Any]:
        """Return the class with the most votes, shape (n_samples,); ties go to larger logits."""
        best = self.decision_function(features).argmax(axis=-1)
        predicted: NDArray[Any] = self.classes_[best]
        return predicted

    def predict_proba(self, features: ArrayLike) -> FloatArray:
        """Return the distribution that fits the pairs best, shape (n_samples, n_classes)."""
        return coupled(sigmoid(self.pair_logits(features)))


def _votes(pair_logits: FloatArray) -> IntArray:
    """Return how many others each class beats; a logit of 0 is a vote for the first of the pair."""
    wins = pair_logits > 0
    first = np.triu(np.ones(wins.shape[-2:], dtype=bool), 1)
    votes: IntArray = (wins | (first & (pair_logits == 0))).sum(axis=-1)
    return votes


def coupled(pair_probabilities: ArrayLike) -> FloatArray:
    r"""Return the distribution that fits probabilities of pairs best.

    Parameters
    ----------
    pair_probabilities : array_like, shape (..., K, K)
        Entry i, j is the probability of i among {i, j}, so that it and entry j, i sum to 1. The
        diagonal is not used.

    Returns
    -------
    ndarray, shape (..., K)

    Notes
    -----
    The minimum of Σ (r_ji p_i − r_ij p_j)² with Σ p = 1 solves the linear system Q p = −b, Σ p = 1,
    with Q_ii = Σ r_si² and Q_ij = −r_ji r_ij. Where the pairs come from one distribution q, as
    r_ij = q_i / (q_i + q_j), it is that distribution.

    Examples
    --------
    >>> q = np.array([0.5, 0.3, 0.2])
    >>> coupled(q[:, None] / (q[:, None] + q)).round(6)
    array([0.5, 0.3, 0.2])

    References
    ----------
    Wu, Lin and Weng, *Probability Estimates for Multi-class Classification by Pairwise Coupling*
    (2003), the second approach, Advances in Neural Information Processing Systems 16.

    Used in the chapter *regression*.
    """
    r = as_floats(pair_probabilities, "pair_probabilities")
    k = r.shape[-1]
    r = np.where(np.eye(k, dtype=bool), 0, np.clip(r, 1e-12, 1 - 1e-12))
    system = np.zeros((*r.shape[:-2], k + 1, k + 1))
    system[..., :k, :k] = -r * np.swapaxes(r, -1, -2)
    system[..., range(k), range(k)] = (r**2).sum(axis=-2)
    system[..., k, :k] = system[..., :k, k] = 1
    target = np.zeros((*system.shape[:-1], 1))
    target[..., k, 0] = 1
    p = np.maximum(np.linalg.solve(system, target)[..., :k, 0], 0)
    shares: FloatArray = p / p.sum(axis=-1, keepdims=True)
    return shares
