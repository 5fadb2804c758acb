"""What all classifiers of the book share: what they accept, what they refuse, how they predict."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmaxbook.learning.labels import IntArray, refuse, share_right
from softmaxbook.numerics.arrays import FloatArray, as_array, as_floats


class NotFittedError(ValueError, AttributeError):
    """A model was asked for what it learns only in `fit`.

    Used in the chapter *regression*.
    """


class Classifier:
    """What all models here share: classes, predictions, and the questions before them."""

    classes_: NDArray[Any]
    n_features_in_: int

    def predict_proba(self, features: ArrayLike) -> FloatArray:
        """Return the probability of each class, shape (n_samples, n_classes)."""
        raise NotImplementedError

    def predict(self, features: ArrayLike) -> NDArray[Any]:
        """Return the most probable class of each row, shape (n_samples,); ties go to the first."""
        best = self.predict_proba(features).argmax(axis=-1)
        predicted: NDArray[Any] = self.classes_[best]
        return predicted

    def score(self, features: ArrayLike, labels: ArrayLike) -> float:
        """Return the share of rows that are predicted as labelled, names by names."""
        return share_right(self.predict(features), labels)

    def check_rows(self, features: ArrayLike) -> FloatArray:
        """Return rows to predict; refuse them before the fit, or with other features."""
        if not hasattr(self, "classes_"):
            raise NotFittedError(f"this {type(self).__name__} has learnt nothing yet: call fit")
        rows = check_features(features)
        if rows.shape[1] != self.n_features_in_:
            raise ValueError(
                f"features have {rows.shape[1]} columns; the model was fitted on "
                f"{self.n_features_in_}"
            )
        return rows


def check_features(features: ArrayLike) -> FloatArray:
    """Return a table of finite numbers in float64; name the first entry that is none."""
    rows = as_floats(features, "features").astype(np.float64)
    if rows.ndim != 2:
        advice = "; one feature: features.reshape(-1, 1)" if rows.ndim == 1 else ""
        raise ValueError(
            f"features must have shape (n_samples, n_features), got {rows.shape}{advice}"
        )
    refuse(rows, ~np.isfinite(rows), "is not finite", "features")
    return rows


def check_classes(labels: ArrayLike, n_samples: int) -> tuple[NDArray[Any], IntArray]:
    """Return the sorted classes and each row's place among them."""
    given = as_array(labels, "labels")
    if given.ndim != 1:
        advice = "; one-hot rows: labels.argmax(axis=-1)" if given.ndim == 2 else ""
        raise ValueError(f"labels must have shape (n_samples,), got {given.shape}{advice}")
    if len(given) != n_samples:
        raise ValueError(f"{n_samples} rows of features need as many labels, got {len(given)}")
    if given.dtype.kind == "f":
        refuse(given, given != np.floor(given), "is a measurement, not a class")
    try:
        classes, numbers = np.unique(given, return_inverse=True)
    except TypeError as error:
        raise TypeError("labels must be all numbers or all names, to be sorted") from error
    if len(classes) < 2:
        raise ValueError(f"labels must hold at least two classes, got {classes.tolist()}")
    return classes, numbers.astype(np.intp)
