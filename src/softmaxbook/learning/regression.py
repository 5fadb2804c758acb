"""Logistic regression and softmax regression, from nothing but NumPy."""

from __future__ import annotations

import copy
import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.learning.classifiers import Classifier, check_classes, check_features
from softmaxbook.learning.descent import Descent, Objective, gradient_descent, newton
from softmaxbook.learning.labels import IntArray, balanced_weight, check_class_weight
from softmaxbook.learning.objectives import LogisticObjective, SoftmaxObjective
from softmaxbook.numerics.arrays import FloatArray, as_floats
from softmaxbook.numerics.probabilities import sigmoid, softmax

SOLVERS = ("newton", "gradient descent")


class _Linear(Classifier):
    """Options and fit of the two regressions."""

    coef_: FloatArray
    intercept_: FloatArray
    history_: FloatArray
    n_iter_: int
    converged_: bool

    def __init__(
        self,
        penalty: float = 1.0,
        solver: str = "newton",
        learning_rate: float | None = None,
        max_iterations: int = 100,
        tolerance: float = 1e-6,
        class_weight: ArrayLike | str | None = None,
    ) -> None:
        self.penalty = penalty
        self.solver = solver
        self.learning_rate = learning_rate
        self.max_iterations = max_iterations
        self.tolerance = tolerance
        self.class_weight = class_weight

    def _prepare(self, features: ArrayLike, labels: ArrayLike) -> tuple[FloatArray, IntArray]:
        """Return checked rows and class numbers; learn the classes."""
        if not 0 <= self.penalty < np.inf:
            raise ValueError(f"penalty must be finite and at least 0, got {self.penalty}")
        if self.solver not in SOLVERS:
            raise ValueError(f"solver must be one of {SOLVERS}, got {self.solver!r}")
        rows = check_features(features)
        self.classes_, numbers = check_classes(labels, len(rows))
        self.n_features_in_ = rows.shape[1]
        return rows, numbers

    def _weights(self, numbers: IntArray) -> FloatArray:
        """Return one weight per class: given, "balanced", or 1."""
        n_classes = len(self.classes_)
        if isinstance(self.class_weight, str):
            if self.class_weight != "balanced":
                raise ValueError(f"class_weight is 'balanced' or numbers: {self.class_weight!r}")
            return balanced_weight(numbers, n_classes)
        weight = check_class_weight(self.class_weight, n_classes)
        if not weight.any():
            raise ValueError("class_weight must not be 0 for every class")
        return weight

    def _descend(self, objective: Objective, start: FloatArray) -> FloatArray:
        """Minimise by the chosen solver; keep the story of it; return parameters as rows."""
        if self.solver == "newton":
            found = newton(objective, start, self.max_iterations, self.tolerance)
        else:
            found = gradient_descent(
                objective, start, self.learning_rate, self.max_iterations, self.tolerance
            )
        self._remember(found)
        return found.parameters.reshape(-1, self.n_features_in_ + 1)

    def _remember(self, found: Descent) -> None:
        self.history_, self.converged_ = found.history, found.converged
        self.n_iter_ = len(found.history) - 1
        if self.solver == "newton" and not found.converged:
            warnings.warn(
                f"no minimum to within tolerance={self.tolerance:g} after {self.n_iter_} steps: "
                "standardise the features, raise max_iterations or tolerance, or add a penalty",
                RuntimeWarning,
                stacklevel=4,
            )


class SoftmaxRegression(_Linear):
    r"""Softmax regression: probabilities softmax(W x + b), one row of W and b a class.

    Parameters
    ----------
    penalty : float
        λ ≥ 0, the weight of ‖W‖² / 2 beside the *sum* of the losses; scikit-learn's C is 1 / λ.
        Intercepts carry none.
    solver : {"newton", "gradient descent"}
    learning_rate : float, optional
        Gradient descent's step. By default one that can never go up.
    max_iterations : int
    tolerance : float
        The fit has converged when no entry of the gradient of the mean loss is larger.
    class_weight : "balanced" or array_like, shape (n_classes,), optional
        Weights of the classes, in the order of `classes_`. "balanced" gives each class the same
        total weight.

    Attributes
    ----------
    classes_
        The labels, sorted: an ndarray of shape (n_classes,).
    coef_
        W, shape (n_classes, n_features).
    intercept_
        b, shape (n_classes,).
    history_
        The objective at every step, from log(n_classes) at the start to the end.
    n_iter_
        The number of steps.
    converged_
        Whether the gradient is within the tolerance.

    Notes
    -----
    `SoftmaxObjective` states what is minimised. It is convex. With λ > 0 it has one minimum in W,
    and there the rows of W sum to 0: the penalty chooses among the equivalent solutions that
    `shifted` shows. With λ = 0 and separable classes it has no minimum: the coefficients grow
    until the tolerance stops them.

    On two classes it agrees with `LogisticRegression` of *half* the penalty, since w / 2 and −w / 2
    have together half the square of w.

    Examples
    --------
    >>> from softmaxbook.learning.datasets import load
    >>> iris = load("iris").standardised()
    >>> model = SoftmaxRegression().fit(*iris.train)
    >>> model.coef_.shape, model.score(*iris.test)
    ((3, 4), 1.0)
    >>> bool(np.allclose(model.coef_.sum(axis=0), 0))
    True

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning* (2006), section 4.3.4.

    Derived in the chapter *regression*.
    """

    def fit(self, features: ArrayLike, labels: ArrayLike) -> Self:
        """Learn from rows and their labels.

        Parameters
        ----------
        features : array_like, shape (n_samples, n_features)
        labels : array_like, shape (n_samples,)
            Numbers or names of at least two classes.

        Returns
        -------
        SoftmaxRegression
            The model itself.

        Raises
        ------
        TypeError, ValueError
            For features that are not finite numbers, labels that are no classes, one class only,
            mismatched lengths; the first offender is named.

        Warns
        -----
        RuntimeWarning
            If Newton's method does not reach the tolerance, or gradient descent diverges.
        """
        rows, numbers = self._prepare(features, labels)
        objective = SoftmaxObjective(rows, numbers, self.penalty, self._weights(numbers))
        start = np.zeros((len(self.classes_), rows.shape[1] + 1))
        parameters = self._descend(objective, start)
        self.coef_, self.intercept_ = parameters[:, :-1], parameters[:, -1]
        return self

    def decision_function(self, features: ArrayLike) -> FloatArray:
        """Return the logits, shape (n_samples, n_classes)."""
        rows = self.check_rows(features)
        logits: FloatArray = rows @ self.coef_.T + self.intercept_
        return logits

    def predict_proba(self, features: ArrayLike) -> FloatArray:
        """Return the softmax of the logits, shape (n_samples, n_classes)."""
        return softmax(self.decision_function(features))

    def shifted(self, coefficients: ArrayLike, intercept: float = 0.0) -> Self:
        """Return a model with the same vector added to every class's parameters.

        It predicts the same probabilities: of the n_classes rows only n_classes − 1 are free.

        Parameters
        ----------
        coefficients : array_like, shape (n_features,)
        intercept : float

        Returns
        -------
        SoftmaxRegression

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If the coefficients are not one number per feature.
        """
        self.check_rows(np.zeros((1, getattr(self, "n_features_in_", 1))))
        step = as_floats(coefficients, "coefficients")
        if step.shape != (self.n_features_in_,):
            raise ValueError(
                f"coefficients must have shape ({self.n_features_in_},), got {step.shape}"
            )
        model = copy.copy(self)
        model.coef_, model.intercept_ = self.coef_ + step, self.intercept_ + intercept
        return model

    def relative_to(self, label: Any) -> Self:
        """Return the equivalent model in which the parameters of class `label` are all 0.

        The others are then differences: the change of the log-odds against that class.

        Parameters
        ----------
        label : scalar
            One of `classes_`.

        Returns
        -------
        SoftmaxRegression

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If there is no such class.
        """
        self.check_rows(np.zeros((1, getattr(self, "n_features_in_", 1))))
        place = np.flatnonzero(self.classes_ == label)
        if not len(place):
            raise ValueError(f"{label!r} is not one of the classes {self.classes_.tolist()}")
        return self.shifted(-self.coef_[place[0]], -float(self.intercept_[place[0]]))


class LogisticRegression(_Linear):
    """Logistic regression: the probability σ(w · x + b) of the second of two classes.

    Parameters
    ----------
    penalty, solver, learning_rate, max_iterations, tolerance, class_weight
        As for `SoftmaxRegression`.

    Attributes
    ----------
    classes_
        The labels, sorted: an ndarray of shape (2,). The logit is that of the second.
    coef_
        w, shape (1, n_features).
    intercept_
        b, shape (1,).

    Further `history_`, `n_iter_` and `converged_`, as for `SoftmaxRegression`.

    Notes
    -----
    σ(z) is the second entry of softmax([0, z]): softmax regression in which the first class's
    parameters are held at 0.

    Examples
    --------
    >>> model = LogisticRegression(penalty=0.1).fit([[0.0], [1.0], [2.0], [3.0]], list("aabb"))
    >>> model.predict([[1.4], [1.6]])
    array(['a', 'b'], dtype='<U1')

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning* (2006), section 4.3.2.

    Derived in the chapter *regression*.
    """

    def fit(self, features: ArrayLike, labels: ArrayLike) -> Self:
        """Learn from rows and their labels; errors and warnings as for `SoftmaxRegression.fit`.

        Parameters
        ----------
        features : array_like, shape (n_samples, n_features)
        labels : array_like, shape (n_samples,)
            Numbers or names of exactly two classes.

        Returns
        -------
        LogisticRegression
            The model itself.
        """
        rows, numbers = self._prepare(features, labels)
        if len(self.classes_) != 2:
            raise ValueError(
                f"logistic regression is for two classes, got {len(self.classes_)}: "
                "use SoftmaxRegression, OneVsRest or OneVsOne"
            )
        objective = LogisticObjective(rows, numbers, self.penalty, self._weights(numbers))
        parameters = self._descend(objective, np.zeros(rows.shape[1] + 1))
        self.coef_, self.intercept_ = parameters[:, :-1], parameters[:, -1]
        return self

    def decision_function(self, features: ArrayLike) -> FloatArray:
        """Return the logit of the second class against the first, shape (n_samples,)."""
        rows = self.check_rows(features)
        logits: FloatArray = rows @ self.coef_[0] + self.intercept_[0]
        return logits

    def predict_proba(self, features: ArrayLike) -> FloatArray:
        """Return the probabilities of both classes, shape (n_samples, 2)."""
        logits = self.decision_function(features)
        return np.stack([sigmoid(-logits), sigmoid(logits)], axis=-1)
