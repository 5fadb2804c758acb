"""The network of two layers once more, in PyTorch: the same numbers from other hands."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from torch.nn import functional

from softmaxbook.arrays import FloatArray
from softmaxbook.datasets import Part
from softmaxbook.labels import IntArray
from softmaxbook.networks import History, Network, Recipe, run_epochs


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

    Parameters
    ----------
    model : torch.nn.Module
    features : array_like, shape (n_samples, n_features)

    Returns
    -------
    ndarray, shape (n_samples, n_classes)

    Used in the chapters *networks* and *remedies*.
    """
    model.eval()
    with torch.no_grad():
        logits: FloatArray = model(torch.tensor(np.asarray(features))).numpy()
    return logits


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

    Notes
    -----
    The modules are in the mode afterwards in which they were before.

    Examples
    --------
    >>> from softmaxbook.backbones import load_backbone
    >>> from softmaxbook.glyphs import draw_glyphs
    >>> accuracy(load_backbone("glyphnet"), draw_glyphs(960, seed=2)) > 0.9
    True

    Used in the chapters *transfer* and *finetuning*.
    """
    training = {module for module in model.modules() if module.training}
    parts = [data.features[k : k + 512] for k in range(0, len(data.labels), 512)]
    predicted = np.concatenate([torch_logits(model, part).argmax(axis=1) for part in parts])
    for module in training:
        module.training = True
    return float(np.mean(predicted == data.labels))
