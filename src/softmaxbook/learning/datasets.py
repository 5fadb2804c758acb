"""Real data that ships with scikit-learn, each set with one fixed split.

Nothing is downloaded. Standardisation learns its means and deviations from the training part alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmaxbook.learning.torchvision_import import import_torchvision
from softmaxbook.numerics.arrays import FloatArray, read_only

IntArray = NDArray[np.intp]

SHARES = (0.6, 0.2, 0.2)
"""What share of each class goes to the training, validation and test part."""

SEED = 0
"""The seed of every fixed split."""


class Part(NamedTuple):
    """Some rows of a data set.

    Parameters
    ----------
    features : ndarray, shape (n_samples, n_features)
    labels : ndarray of int, shape (n_samples,)
        Numbers from 0 to n_classes − 1.
    """

    features: FloatArray
    labels: IntArray


@dataclass(frozen=True)
class Dataset:
    """A data set in three parts that never change.

    Parameters
    ----------
    name : str
    train, validation, test : Part
        For fitting; for choosing a temperature, a penalty or an epoch; for the last measurement.
    feature_names, class_names : tuple of str
    source : str
        Where the data come from.

    Notes
    -----
    Each part holds the same share of every class, up to one row. The arrays are read-only.

    Examples
    --------
    >>> iris = load("iris")
    >>> iris.train.features.shape, iris.validation.features.shape, iris.test.features.shape
    ((90, 4), (30, 4), (30, 4))

    Used in the chapter *regression*.
    """

    name: str
    train: Part
    validation: Part
    test: Part
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    source: str

    @property
    def n_classes(self) -> int:
        """The number of classes."""
        return len(self.class_names)

    def standardised(self) -> Dataset:
        """Return the data set with features of mean 0 and deviation 1 *on the training part*."""
        scale = Standardiser.fit(self.train.features)

        def scaled(part: Part) -> Part:
            return Part(read_only(scale.transform(part.features)), part.labels)

        train, validation, test = map(scaled, (self.train, self.validation, self.test))
        return replace(self, train=train, validation=validation, test=test)


@dataclass(frozen=True)
class Standardiser:
    """The map x ↦ (x − mean) / deviation, learnt from one set of rows and used on any other.

    Parameters
    ----------
    mean, deviation : ndarray, shape (n_features,)

    Notes
    -----
    A feature that is constant on the training rows has deviation 0. It is divided by 1 instead, so
    that it becomes 0 there.

    Examples
    --------
    >>> scale = Standardiser.fit([[1.0, 5.0], [3.0, 5.0]])
    >>> scale.transform([[2.0, 5.0], [5.0, 6.0]])
    array([[0., 0.],
           [3., 1.]])

    Used in the chapter *regression*.
    """

    mean: FloatArray
    deviation: FloatArray

    @classmethod
    def fit(cls, features: ArrayLike) -> Standardiser:
        """Learn mean and deviation from `features`, shape (n_samples, n_features)."""
        rows = np.asarray(features, dtype=np.float64)
        if rows.ndim != 2 or not rows.size:
            raise ValueError(f"features must be a table with rows, got shape {rows.shape}")
        constant = (rows == rows[0]).all(axis=0)  # rounding alone gives 0.1, 0.1, 0.1 a deviation
        mean = np.where(constant, rows[0], rows.mean(axis=0))
        return cls(mean, np.where(constant, 1.0, rows.std(axis=0)))

    def transform(self, features: ArrayLike) -> FloatArray:
        """Standardise any rows by what was learnt."""
        rows = np.asarray(features, dtype=np.float64)
        if rows.ndim != 2 or rows.shape[1] != len(self.mean):
            raise ValueError(
                f"features must have shape (n_samples, {len(self.mean)}), got {rows.shape}"
            )
        return (rows - self.mean) / self.deviation


def stratified_split(
    labels: ArrayLike, shares: Sequence[float] = SHARES, seed: int = SEED
) -> list[IntArray]:
    """Return row numbers for each of the `shares`, with the same mixture of classes in each.

    Parameters
    ----------
    labels : array_like, shape (n_samples,)
    shares : sequence of float
        Positive, with sum 1.
    seed : int

    Returns
    -------
    list of ndarray of int
        One sorted array a share; together they hold every row once.

    Raises
    ------
    ValueError
        If `shares` are not positive numbers with sum 1.

    Notes
    -----
    The rows of each class are shuffled and cut at the rounded cumulative shares.

    Examples
    --------
    >>> train, test = stratified_split([0, 0, 0, 0, 1, 1], (0.5, 0.5))
    >>> len(train), len(test)
    (3, 3)

    Used in the chapter *regression*.
    """
    if min(shares) <= 0 or not np.isclose(sum(shares), 1):
        raise ValueError(f"shares must be positive with sum 1, got {tuple(shares)}")
    y, rng = np.asarray(labels), np.random.default_rng(seed)
    parts: list[list[IntArray]] = [[] for _ in shares]
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        cuts = np.rint(np.cumsum(shares)[:-1] * len(rows)).astype(np.intp)
        for part, chunk in zip(parts, np.split(rows, cuts), strict=True):
            part.append(chunk)
    return [np.sort(np.concatenate(part)) for part in parts]


SOURCES = {
    "digits": "Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI (1998)",
    "iris": "Fisher, The Use of Multiple Measurements in Taxonomic Problems (1936)",
    "wine": "Forina and others, PARVUS; Wine, UCI",
    "breast cancer": "Wolberg, Street and Mangasarian, Breast Cancer Wisconsin, UCI (1995)",
}
"""The data sets by name, and where they come from, by scikit-learn's own descriptions."""


@cache
def load(name: str) -> Dataset:
    """Return one of the data sets that ship with scikit-learn, split once and for all.

    Parameters
    ----------
    name : {"digits", "iris", "wine", "breast cancer"}

    Returns
    -------
    Dataset
        Unscaled; see `Dataset.standardised`.

    Raises
    ------
    ValueError
        If there is no such set.
    ImportError
        If scikit-learn is not installed.

    Notes
    -----
    The rows are split at random. The digits were written by 13 people, and which person wrote which
    row is not recorded: the same hands are in all three parts, and an unknown hand is harder.

    Examples
    --------
    >>> digits = load("digits")
    >>> digits.train.features.shape, digits.n_classes
    ((1078, 64), 10)

    Used in the chapters *regression* and *networks*.
    """
    if name not in SOURCES:
        raise ValueError(f"no data set {name!r}; there are {', '.join(map(repr, SOURCES))}")
    bunch = _bunch(name)
    features, labels = np.asarray(bunch.data, dtype=np.float64), np.asarray(bunch.target)
    train, validation, test = (
        Part(read_only(features[rows]), read_only(labels[rows].astype(np.intp)))
        for rows in stratified_split(labels)
    )
    names = tuple(map(str, bunch.feature_names)), tuple(map(str, bunch.target_names))
    return Dataset(name, train, validation, test, *names, SOURCES[name])


def load_mnist(folder: str | Path, download: bool = False) -> Dataset:
    """Return MNIST, 70000 handwritten digits of 28 × 28 pixels, by way of torchvision.

    Parameters
    ----------
    folder : path
        Where torchvision keeps the files.
    download : bool
        Whether to fetch the files if they are not there. What is fetched is printed before.

    Returns
    -------
    Dataset
        784 features in [0, 1]. The last 10000 rows of the original training set are the
        validation part.

    Raises
    ------
    ImportError
        If torchvision is not installed, or does not fit the installed PyTorch.
    FileNotFoundError
        If the files are missing and `download` is False; says what the download would be.

    Notes
    -----
    The book does not need these data: it learns from the 8 × 8 digits of `load`, which are there
    without a network.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner, *Gradient-Based Learning Applied to Document Recognition*
    (1998), doi 10.1109/5.726791.

    Used in the chapter *networks*.
    """
    source = import_torchvision("datasets", "MNIST comes by way of torchvision").MNIST
    files = ", ".join(name for name, _ in source.resources)
    plan = f"{len(source.resources)} files (12 MB: {files}) from {source.mirrors[0]} to {folder}"
    try:
        parts = [source(folder, train=train) for train in (True, False)]
    except RuntimeError as error:  # torchvision's word for files that are not there
        if not download:
            raise FileNotFoundError(f"no MNIST here: download=True would fetch {plan}") from error
        print(f"Downloading MNIST: {plan}")
        parts = [source(folder, train=train, download=True) for train in (True, False)]
    (pixels, labels), (test_pixels, test_labels) = (
        (read_only(part.data.numpy().reshape(len(part), -1) / 255), read_only(part.targets.numpy()))
        for part in parts
    )
    cut = len(labels) - min(10_000, len(labels) // 6)
    train, validation = Part(pixels[:cut], labels[:cut]), Part(pixels[cut:], labels[cut:])
    names = tuple(f"pixel {i}" for i in range(pixels.shape[1])), tuple(map(str, range(10)))
    test = Part(test_pixels, test_labels)
    return Dataset("MNIST", train, validation, test, *names, "LeCun and others (1998)")


def _bunch(name: str) -> Any:
    """Return the set as scikit-learn has it."""
    try:
        from sklearn import datasets
    except ImportError as error:
        raise ImportError(
            "the data sets come from scikit-learn: pip install scikit-learn", name="sklearn"
        ) from error
    return getattr(datasets, f"load_{name.replace(' ', '_')}")()


def noisy_labels(labels: ArrayLike, rate: float, n_classes: int, seed: int) -> IntArray:
    """Return labels of which the share `rate` is replaced by a *different* class.

    Parameters
    ----------
    labels : array_like of int, shape (n_samples,)
    rate : float
        In [0, 1]. Exactly round(rate · n_samples) labels are wrong afterwards.
    n_classes : int
        At least 2.
    seed : int

    Returns
    -------
    ndarray of int, shape (n_samples,)

    Raises
    ------
    ValueError
        If `rate` is not in [0, 1] or there is no different class.

    Notes
    -----
    Symmetric noise: each wrong class is equally likely.

    Examples
    --------
    >>> clean = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]
    >>> int((noisy_labels(clean, 0.3, 3, seed=0) != clean).sum())
    3

    Used in the chapter *remedies*.
    """
    if not 0 <= rate <= 1 or n_classes < 2:
        raise ValueError(f"need a rate in [0, 1] and 2 classes, got {rate} and {n_classes}")
    noisy, rng = np.array(labels, dtype=np.intp), np.random.default_rng(seed)
    rows = rng.choice(len(noisy), size=round(rate * len(noisy)), replace=False)
    noisy[rows] = (noisy[rows] + rng.integers(1, n_classes, size=len(rows))) % n_classes
    return noisy


def thinned(part: Part, keep: Sequence[float], seed: int) -> Part:
    """Return the part with only the share `keep[k]` of class k: an imbalance made on purpose.

    Parameters
    ----------
    part : Part
    keep : sequence of float
        One share in [0, 1] a class.
    seed : int

    Returns
    -------
    Part

    Raises
    ------
    ValueError
        If a share is missing or outside [0, 1].

    Examples
    --------
    >>> rare = thinned(load("iris").train, (1.0, 1.0, 0.1), seed=0)
    >>> np.bincount(rare.labels)
    array([30, 30,  3])

    Used in the chapter *remedies*.
    """
    n_classes = int(part.labels.max()) + 1
    if len(keep) < n_classes or not all(0 <= share <= 1 for share in keep):
        raise ValueError(f"keep must hold {n_classes} shares in [0, 1], got {tuple(keep)}")
    rng = np.random.default_rng(seed)
    rows = [
        rng.permutation(members)[: round(share * len(members))]
        for label, share in enumerate(keep)
        for members in [np.flatnonzero(part.labels == label)]
    ]
    chosen = np.sort(np.concatenate(rows))
    return Part(part.features[chosen], part.labels[chosen])
