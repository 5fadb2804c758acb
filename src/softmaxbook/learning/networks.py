"""A network of two layers with softmax at its end, in NumPy; `torch_networks` has its twin."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.learning.classifiers import check_features
from softmaxbook.learning.datasets import Part
from softmaxbook.learning.labels import IntArray, share_right
from softmaxbook.learning.losses import cross_entropy_and_gradient
from softmaxbook.numerics.arrays import FloatArray, as_floats
from softmaxbook.numerics.probabilities import sigmoid, softmax

Parameters = dict[str, FloatArray]
"""Arrays by the names that PyTorch gives them, from hidden.weight to output.bias."""


@dataclass(frozen=True)
class Activation:
    """A function that acts on each number alone, between two layers.

    Parameters
    ----------
    function, derivative : callable
        From an array to one of the same shape.
    low, high : float
        The range of the function.
    """

    function: Callable[[FloatArray], FloatArray]
    derivative: Callable[[FloatArray], FloatArray]
    low: float
    high: float


ACTIVATIONS = {
    "relu": Activation(lambda x: np.maximum(x, 0), lambda x: (x > 0).astype(x.dtype), 0, math.inf),
    "sigmoid": Activation(sigmoid, lambda x: sigmoid(x) * sigmoid(-x), 0, 1),
    "tanh": Activation(np.tanh, lambda x: 1 - np.tanh(x) ** 2, -1, 1),
}
"""Activations by name. Softmax is none, since each of its entries depends on all inputs."""


class Network:
    r"""Features → hidden layer → logits, in NumPy, with backpropagation written by hand.

    Parameters
    ----------
    n_features, n_hidden, n_classes : int
    activation : {"relu", "sigmoid", "tanh"}
    seed : int
        For the initial weights.

    Attributes
    ----------
    parameters
        A dict of arrays: "hidden.weight" of shape (n_hidden, n_features), "hidden.bias",
        "output.weight" and "output.bias".

    Raises
    ------
    ValueError
        If there is no such activation.

    Notes
    -----
    .. math:: h = f(W_1 x + b_1), \qquad z = W_2 h + b_2, \qquad p = \mathrm{softmax}(z).

    Softmax itself belongs to the loss while training, and to `predict_proba` afterwards; the
    network ends in logits. The initial weights are normal with variance 2 / n_features and
    1 / n_hidden, so that neither layer shrinks nor blows up what it is given; biases are 0.

    Examples
    --------
    >>> network = Network(64, 32, 10)
    >>> network.predict_proba(np.zeros((1, 64))).round(2)
    array([[0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]])

    References
    ----------
    He, Zhang, Ren and Sun, *Delving Deep into Rectifiers* (2015), section 2.2, arXiv 1502.01852.

    Derived in the chapter *networks*.
    """

    def __init__(
        self,
        n_features: int,
        n_hidden: int,
        n_classes: int,
        activation: str = "relu",
        seed: int = 0,
    ) -> None:
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation must be one of {tuple(ACTIVATIONS)}, got {activation!r}")
        rng = np.random.default_rng(seed)
        self.activation = activation
        self.parameters: Parameters = {
            "hidden.weight": rng.normal(scale=(2 / n_features) ** 0.5, size=(n_hidden, n_features)),
            "hidden.bias": np.zeros(n_hidden),
            "output.weight": rng.normal(scale=n_hidden**-0.5, size=(n_classes, n_hidden)),
            "output.bias": np.zeros(n_classes),
        }

    def logits(self, features: ArrayLike) -> FloatArray:
        """Return the scores before softmax, shape (n_samples, n_classes)."""
        return self._forward(self._check(features))[2]

    def predict_proba(self, features: ArrayLike) -> FloatArray:
        """Return the softmax of the logits, shape (n_samples, n_classes)."""
        return softmax(self.logits(features))

    def predict(self, features: ArrayLike) -> IntArray:
        """Return the class with the largest logit, shape (n_samples,)."""
        best: IntArray = self.logits(features).argmax(axis=-1)
        return best

    def score(self, features: ArrayLike, labels: ArrayLike) -> float:
        """Return the share of rows that are predicted as labelled."""
        return accuracy(self.logits(features), labels)

    def loss_and_gradients(
        self,
        features: ArrayLike,
        labels: ArrayLike,
        label_smoothing: float = 0.0,
        class_weight: ArrayLike | None = None,
    ) -> tuple[float, Parameters]:
        """Return the mean cross-entropy and its gradient in every parameter.

        Parameters
        ----------
        features : array_like, shape (n_samples, n_features)
        labels, label_smoothing, class_weight
            As for `cross_entropy`.

        Returns
        -------
        tuple of (float, dict of str to ndarray)
            The gradients have the names and shapes of `parameters`.
        """
        x = self._check(features)
        a, h, z = self._forward(x)
        loss, dz = cross_entropy_and_gradient(z, labels, "mean", label_smoothing, class_weight)
        dh = dz @ self.parameters["output.weight"]
        da = dh * ACTIVATIONS[self.activation].derivative(a)
        return float(loss), {
            "hidden.weight": da.T @ x,
            "hidden.bias": da.sum(axis=0),
            "output.weight": dz.T @ h,
            "output.bias": dz.sum(axis=0),
        }

    def _forward(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return what the hidden layer receives, what it gives, and the logits."""
        p = self.parameters
        a: FloatArray = x @ p["hidden.weight"].T + p["hidden.bias"]
        h = ACTIVATIONS[self.activation].function(a)
        z: FloatArray = h @ p["output.weight"].T + p["output.bias"]
        return a, h, z

    def _check(self, features: ArrayLike) -> FloatArray:
        rows, n_features = check_features(features), self.parameters["hidden.weight"].shape[1]
        if rows.shape[1] != n_features:
            raise ValueError(
                f"features have {rows.shape[1]} columns; the network takes {n_features}"
            )
        return rows


def accuracy(logits: ArrayLike, labels: ArrayLike) -> float:
    """Return the share of rows whose largest entry is the label's.

    Parameters
    ----------
    logits : array_like, shape (n_samples, n_classes)
        Logits or probabilities.
    labels : array_like of int, shape (n_samples,)

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    ValueError
        If the lengths differ, or there are no rows.
    TypeError
        If the labels are names.

    Examples
    --------
    >>> accuracy([[2.0, 1.0], [0.5, 3.0]], [0, 0])
    0.5

    Used in the chapter *networks*.
    """
    return share_right(np.asarray(as_floats(logits).argmax(axis=-1)), labels)


@dataclass(frozen=True)
class Recipe:
    """How a network is trained: stochastic gradient descent and its settings.

    Parameters
    ----------
    epochs, batch_size : int
    learning_rate, momentum : float
    weight_decay : float
        λ: adds λ W to the gradient of each weight matrix. Biases are left alone.
    label_smoothing : float
    class_weight : array_like, shape (n_classes,), optional

    Notes
    -----
    v ← μ v + ∇, W ← W − η v: momentum as PyTorch's `SGD` has it.

    Used in the chapter *networks*.
    """

    epochs: int = 30
    batch_size: int = 32
    learning_rate: float = 0.05
    momentum: float = 0.9
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    class_weight: ArrayLike | None = field(default=None)


class History(NamedTuple):
    """What training passed.

    Parameters
    ----------
    losses : ndarray, shape (n_epochs,)
        The mean of the batches' losses in each epoch.
    accuracies : ndarray, shape (n_epochs,)
        On the watched part after each epoch; empty if none was given.
    """

    losses: FloatArray
    accuracies: FloatArray


def train(
    network: Network,
    data: Part,
    recipe: Recipe | None = None,
    seed: int = 0,
    watch: Part | None = None,
    progress: bool = True,
) -> History:
    """Train the NumPy network in place.

    Parameters
    ----------
    network : Network
    data : Part
    recipe : Recipe, optional
        The default one if none is given.
    seed : int
        For the order of the rows.
    watch : Part, optional
        Where to measure the accuracy after each epoch. Not the test part, if anything is chosen by
        it.
    progress : bool
        Whether to show a progress bar (on stderr; it vanishes at the end).

    Returns
    -------
    History

    Examples
    --------
    >>> from softmaxbook.learning.datasets import load
    >>> digits = load("digits").standardised()
    >>> network = Network(64, 32, 10)
    >>> history = train(network, digits.train, Recipe(epochs=3), progress=False)
    >>> network.score(*digits.test) > 0.9
    True

    Derived in the chapter *networks*.
    """
    recipe = recipe or Recipe()
    velocity = {name: np.zeros_like(value) for name, value in network.parameters.items()}

    def step(rows: IntArray) -> float:
        loss, gradients = network.loss_and_gradients(
            data.features[rows], data.labels[rows], recipe.label_smoothing, recipe.class_weight
        )
        for name, value in network.parameters.items():
            decay = recipe.weight_decay if name.endswith("weight") else 0.0
            velocity[name] = recipe.momentum * velocity[name] + gradients[name] + decay * value
            network.parameters[name] = value - recipe.learning_rate * velocity[name]
        return loss

    return run_epochs(step, network.logits, len(data.labels), recipe, seed, watch, progress)


def run_epochs(
    step: Callable[[IntArray], float],
    logits: Callable[[FloatArray], FloatArray],
    n_samples: int,
    recipe: Recipe,
    seed: int,
    watch: Part | None,
    progress: bool,
) -> History:
    """Take one step a batch, for all epochs, behind a progress bar."""
    from tqdm import trange

    rng = np.random.default_rng(seed)
    losses, accuracies = [], []
    for _ in trange(recipe.epochs, desc="epochs", leave=False, disable=not progress):
        losses.append(np.mean([step(rows) for rows in batches(n_samples, recipe.batch_size, rng)]))
        if watch is not None:
            accuracies.append(accuracy(logits(watch.features), watch.labels))
    return History(np.array(losses), np.array(accuracies))


def batches(n_samples: int, batch_size: int, rng: np.random.Generator) -> Iterator[IntArray]:
    """Yield row numbers, shuffled, `batch_size` at a time; the last batch may be smaller.

    Parameters
    ----------
    n_samples, batch_size : int
    rng : numpy.random.Generator

    Yields
    ------
    ndarray of int

    Raises
    ------
    ValueError
        If `batch_size` is not positive.

    Examples
    --------
    >>> [len(rows) for rows in batches(7, 3, np.random.default_rng(0))]
    [3, 3, 1]
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    order = rng.permutation(n_samples)
    for start in range(0, n_samples, batch_size):
        yield order[start : start + batch_size]
