"""The network of two layers once more, in PyTorch: the same numbers from other hands."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from torch.nn import functional

from softmaxbook.learning.datasets import Part
from softmaxbook.learning.labels import IntArray, share_right
from softmaxbook.learning.networks import History, Network, Recipe, run_epochs
from softmaxbook.numerics.arrays import FloatArray


def as_torch(network: Network, dropout: float = 0.0) -> nn.Sequential:
    """Return the same network in PyTorch, with the same parameters, in float64.

    Parameters
    ----------
    network : Network
    dropout : float
        In [0, 1): the share of hidden outputs that is set to 0 while training.

    Returns
    -------
    torch.nn.Sequential
        Layers "hidden", "activation", "dropout" and "output". It ends in logits: PyTorch's
        cross-entropy brings its own log-softmax.

    Examples
    --------
    >>> network = Network(64, 32, 10)
    >>> as_torch(network).state_dict().keys() == network.parameters.keys()
    True

    References
    ----------
    Srivastava and others, *Dropout: A Simple Way to Prevent Neural Networks from Overfitting*
    (2014), JMLR 15, 1929–1958.

    Derived in the chapter *networks*.
    """
    p = network.parameters
    n_hidden, n_features = p["hidden.weight"].shape
    activations = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}
    with torch.random.fork_rng(devices=[]):  # layers draw weights, which are not used
        layers: OrderedDict[str, nn.Module] = OrderedDict(
            hidden=nn.Linear(n_features, n_hidden),
            activation=activations[network.activation](),
            dropout=nn.Dropout(dropout),
            output=nn.Linear(n_hidden, len(p["output.bias"])),
        )
    model = nn.Sequential(layers).double()
    model.load_state_dict({name: torch.tensor(value) for name, value in p.items()})
    return model


def train_torch(
    model: nn.Module,
    data: Part,
    recipe: Recipe | None = None,
    seed: int = 0,
    watch: Part | None = None,
    progress: bool = True,
) -> History:
    """Train a PyTorch network in place, by the same recipe and in the same order of rows.

    Parameters
    ----------
    model : torch.nn.Module
        From features to logits.
    data, recipe, seed, watch, progress
        As for `train`. The seed also sets which units dropout leaves out.

    Returns
    -------
    History

    Notes
    -----
    PyTorch's own random state is left as it was.

    Derived in the chapter *networks*.
    """
    recipe = recipe or Recipe()
    features, labels = torch.tensor(data.features), torch.tensor(data.labels)
    weight = None if recipe.class_weight is None else torch.tensor(recipe.class_weight).double()
    groups: list[dict[str, Any]] = [
        {"params": [p for p in model.parameters() if p.ndim > 1]},
        {"params": [p for p in model.parameters() if p.ndim == 1], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.SGD(
        groups, recipe.learning_rate, recipe.momentum, weight_decay=recipe.weight_decay
    )

    def logits(rows: FloatArray) -> FloatArray:
        return torch_logits(model, rows)

    def step(rows: IntArray) -> float:
        model.train()
        optimiser.zero_grad()
        loss: Tensor = functional.cross_entropy(
            model(features[rows]), labels[rows], weight, label_smoothing=recipe.label_smoothing
        )
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        return loss.item()

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return run_epochs(step, logits, len(labels), recipe, seed, watch, progress)


def torch_logits(model: nn.Module, features: ArrayLike) -> FloatArray:
    """Return what a PyTorch network says of some rows, with dropout switched off.

    Used in the chapters *networks* and *remedies*.

    Parameters
    ----------
    model : torch.nn.Module
    features : array_like, shape (n_samples, n_features)
        Computed with in the precision of the network's parameters.

    Returns
    -------
    ndarray, shape (n_samples, n_classes)
        In that precision; in float32 for bfloat16, which NumPy does not have.
    """
    model.eval()
    with torch.no_grad():
        rows = torch.tensor(np.ascontiguousarray(features), dtype=precision(model))
        return as_numpy(model(rows))


def precision(model: nn.Module) -> torch.dtype | None:
    """Return the type in which a network computes: that of its first parameter, if it has one.

    Examples
    --------
    >>> precision(nn.Linear(2, 2).bfloat16()), precision(nn.ReLU())
    (torch.bfloat16, None)
    """
    return next((value.dtype for value in model.parameters()), None)


def as_numpy(tensor: Tensor) -> FloatArray:
    """Return a tensor without a gradient as an array; bfloat16 becomes float32, exactly.

    Examples
    --------
    >>> as_numpy(torch.ones(1, dtype=torch.bfloat16))
    array([1.], dtype=float32)
    """
    array: FloatArray = (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()
    return array


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Put a network into evaluation mode, and each module back into its own mode afterwards.

    Parameters
    ----------
    model : torch.nn.Module

    Examples
    --------
    >>> model = nn.Sequential(nn.Linear(2, 2), nn.Dropout()).train()
    >>> with evaluating(model):
    ...     model.training
    False
    >>> model.training
    True

    Used in the chapter *heads*.
    """
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        yield
    finally:
        for module, training in modes.items():
            module.training = training


def in_batches(rows: ArrayLike, batch_size: int | None = None) -> Iterator[FloatArray]:
    """Yield an array in pieces that a network can take at once.

    Parameters
    ----------
    rows : array_like, shape (n_samples, ...)
    batch_size : int, optional
        At least 1. By default so many rows that they hold 2 million numbers, at most 256: a
        network's maps hold tens of times as many as its pictures.

    Yields
    ------
    ndarray, shape (at most batch_size, ...)

    Raises
    ------
    ValueError
        If there are no rows, or `batch_size` is below 1.

    Examples
    --------
    >>> [len(piece) for piece in in_batches(np.zeros((30, 3, 224, 224), dtype=np.float32))]
    [13, 13, 4]

    Used in the chapter *heads*.
    """
    array = np.ascontiguousarray(rows)
    if not array.size:
        raise ValueError(f"there is nothing in an array of shape {array.shape}")
    if batch_size is None:
        batch_size = min(256, max(1, 2_000_000 * len(array) // array.size))
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    for start in range(0, len(array), batch_size):
        yield array[start : start + batch_size]


def accuracy(model: nn.Module, data: Part) -> float:
    """Return the share of rows whose most probable class is right, with dropout switched off.

    Parameters
    ----------
    model : torch.nn.Module
        From features to logits.
    data : Part

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    ValueError
        If there are no rows, or not one label for each.
    TypeError
        If the labels are names.

    Notes
    -----
    The modules are in the mode afterwards in which they were before.

    Examples
    --------
    >>> from softmaxbook.transfer.backbones import load_backbone
    >>> from softmaxbook.transfer.glyphs import draw_glyphs
    >>> accuracy(load_backbone("glyphnet"), draw_glyphs(960, seed=2)) > 0.9
    True

    Used in the chapters *transfer* and *finetuning*.
    """
    if len(data.features) != len(data.labels):
        raise ValueError(f"got {len(data.features)} rows and {len(data.labels)} labels")
    with evaluating(model):
        logits = [torch_logits(model, rows) for rows in in_batches(data.features)]
    return share_right(np.concatenate(logits).argmax(axis=1), data.labels)
