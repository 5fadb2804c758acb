"""A new softmax head on a network that has learnt something else."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from softmaxbook.learning.torch_networks import as_numpy, evaluating, in_batches, precision
from softmaxbook.learning.torchvision_import import import_torchvision
from softmaxbook.numerics.arrays import FloatArray, as_array
from softmaxbook.transfer.backbones import load_backbone

LAST_LAYER = {"GlyphNet": "fc", "ResNet": "fc", "VGG": "classifier.6"}
"""Where the classes of the source task are decided, by the class of the network."""

FEATURES = {"GlyphNet": "flatten", "ResNet": "flatten", "VGG": "classifier.5"}
"""What goes into the head: the node that feature extraction reads."""


def build_classifier(
    backbone: str,
    n_classes: int,
    weights: str | Path | Any | None = "DEFAULT",
    head: str = "linear",
    n_hidden: int = 1024,
    dropout: float = 0.0,
    seed: int = 0,
) -> nn.Module:
    """Return a pretrained network with a new, untrained head for other classes.

    Parameters
    ----------
    backbone : {"glyphnet", "resnet18", "resnet50", "vgg16"}
    n_classes : int
        Of the target task; at least 2.
    weights
        As for :func:`softmaxbook.transfer.backbones.load_backbone`.
    head : {"linear", "mlp"}
        Logits straight from the features, or by way of a hidden layer with ReLU.
    n_hidden : int
        Hidden units of the "mlp".
    dropout : float
        In [0, 1): the share of hidden outputs of the "mlp" that is set to 0 while training.
    seed : int
        Of the head's random weights, and of all weights where `weights` is None.

    Returns
    -------
    torch.nn.Module
        From pictures to logits; in evaluation mode, nothing frozen.

    Raises
    ------
    ValueError
        If there are fewer than two classes, or the head or the backbone is unknown.

    Notes
    -----
    There is no softmax layer: the loss takes logits, and :func:`softmaxbook.softmax` turns them
    into probabilities when these are wanted. Everything but the last layer is the source's.

    Examples
    --------
    >>> build_classifier("glyphnet", 10).fc
    Linear(in_features=256, out_features=10, bias=True)

    Derived in the chapter *heads*.
    """
    if n_classes < 2:
        raise ValueError(f"a choice needs at least 2 classes, got {n_classes}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = load_backbone(backbone, weights)
        n_features = features_of(last_layer(model))
        replace_last_layer(model, new_head(n_features, n_classes, head, n_hidden, dropout))
    return model.eval()


def new_head(
    n_features: int,
    n_classes: int,
    kind: str = "linear",
    n_hidden: int = 1024,
    dropout: float = 0.0,
) -> nn.Module:
    """Return an untrained head, from features to logits.

    Parameters
    ----------
    n_features, n_classes : int
    kind : {"linear", "mlp"}
    n_hidden, dropout
        As for `build_classifier`.

    Returns
    -------
    torch.nn.Module

    Raises
    ------
    ValueError
        If the kind is unknown, or a number is outside its range.

    Examples
    --------
    >>> new_head(256, 10, "mlp", n_hidden=64).output
    Linear(in_features=64, out_features=10, bias=True)

    Used in the chapter *heads*.
    """
    if kind == "linear":
        return nn.Linear(n_features, n_classes)
    if kind != "mlp":
        raise ValueError(f"head must be 'linear' or 'mlp', got {kind!r}")
    if n_hidden < 1 or not 0 <= dropout < 1:
        raise ValueError(f"need n_hidden ≥ 1 and 0 ≤ dropout < 1, got {n_hidden} and {dropout}")
    return nn.Sequential(
        OrderedDict(
            hidden=nn.Linear(n_features, n_hidden),
            relu=nn.ReLU(),
            dropout=nn.Dropout(dropout),
            output=nn.Linear(n_hidden, n_classes),
        )
    )


def _named(model: nn.Module, table: dict[str, str]) -> str:
    name = type(model).__name__
    if name not in table:
        raise ValueError(f"no known head in a {name}; known are {', '.join(table)}")
    return table[name]


def head_name(model: nn.Module) -> str:
    """Return the name of a network's head, "fc" or "classifier.6".

    Parameters
    ----------
    model : torch.nn.Module

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the network is none of this book's.

    Examples
    --------
    >>> head_name(load_backbone("glyphnet"))
    'fc'

    Used in the chapter *heads*.
    """
    return _named(model, LAST_LAYER)


def last_layer(model: nn.Module) -> Any:
    """Return the module that turns features into logits.

    Parameters
    ----------
    model : torch.nn.Module

    Returns
    -------
    torch.nn.Module

    Examples
    --------
    >>> last_layer(load_backbone("glyphnet")).out_features
    48

    Used in the chapter *heads*.
    """
    return model.get_submodule(head_name(model))


def replace_last_layer(model: nn.Module, head: nn.Module) -> None:
    """Put another head in the place of a network's last layer.

    Parameters
    ----------
    model : torch.nn.Module
    head : torch.nn.Module
        From as many features as the old one took.

    Raises
    ------
    ValueError
        If the head takes another number of features, or has no linear layer.

    Examples
    --------
    >>> model = load_backbone("glyphnet")
    >>> replace_last_layer(model, nn.Linear(256, 10))
    >>> model(torch.zeros(1, 1, 16, 16)).shape
    torch.Size([1, 10])

    Used in the chapter *heads*.
    """
    taken, there = features_of(head), features_of(last_layer(model))
    if taken != there:
        raise ValueError(f"the head takes {taken} features, the network has {there}")
    owner, _, name = head_name(model).rpartition(".")
    model.get_submodule(owner).add_module(name, head)


def features_of(head: nn.Module) -> int:
    """Return how many features a head takes: those of its first linear layer.

    Parameters
    ----------
    head : torch.nn.Module

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If it has no linear layer.

    Examples
    --------
    >>> features_of(new_head(256, 10, "mlp"))
    256

    Used in the chapter *heads*.
    """
    for module in head.modules():
        if isinstance(module, nn.Linear):
            return module.in_features
    raise ValueError(f"there is no linear layer in this head: {head}")


def extract_features(
    model: nn.Module, pictures: ArrayLike, node: str | None = None, batch_size: int | None = None
) -> FloatArray:
    """Return what a network computes inside, one row of numbers a picture.

    Parameters
    ----------
    model : torch.nn.Module
    pictures : array_like, shape (n_samples, n_channels, height, width)
    node : str, optional
        Where to read: a name that ``get_graph_node_names`` lists, such as "layer3" of a ResNet or
        "features.29" of VGG16. By default the input of the head.
    batch_size : int, optional
        As for :func:`softmaxbook.learning.torch_networks.in_batches`; decides no more than the
        rounding of the features.

    Returns
    -------
    ndarray, shape (n_samples, n_features), float32
        Maps are flattened.

    Raises
    ------
    ValueError
        If there is no such node (names some that exist), or the network does not take such
        pictures.
    ImportError
        If torchvision is not installed.

    Notes
    -----
    Everything runs in evaluation mode: with dropout on, or with batch statistics, the features of a
    picture would depend on chance or on its neighbours. The mode is restored afterwards.

    Examples
    --------
    >>> extract_features(load_backbone("glyphnet"), np.zeros((2, 1, 16, 16))).shape
    (2, 256)

    Derived in the chapter *heads*.
    """
    node = node or _named(model, FEATURES)
    array = as_array(pictures, "pictures")
    check_pictures(model, array)
    with evaluating(model), torch.no_grad():
        reader = feature_reader(model, node)
        rows: list[Tensor] = [
            reader(torch.tensor(part, dtype=precision(model)))[node].flatten(1)
            for part in in_batches(array, batch_size)
        ]
    return as_numpy(torch.cat(rows))


def check_pictures(model: nn.Module, pictures: ArrayLike) -> int:
    """Return how many classes a network tells apart, or say which pictures it takes.

    Parameters
    ----------
    model : torch.nn.Module
    pictures : array_like, shape (n_samples, n_channels, height, width)
        Real numbers of any type; a network computes in the type of its parameters.

    Returns
    -------
    int

    Raises
    ------
    TypeError, ValueError
        If these are no pictures, there are none, one holds values that are not finite, or they
        have the wrong number of channels or the wrong size.

    Examples
    --------
    >>> check_pictures(load_backbone("glyphnet"), np.zeros((5, 1, 16, 16)))
    48
    >>> check_pictures(load_backbone("glyphnet"), np.zeros((5, 3, 16, 16)))
    Traceback (most recent call last):
    ValueError: the network takes pictures of 1 channels, these have 3 (shape (5, 3, 16, 16))

    Used in the chapter *heads*.
    """
    array = as_array(pictures, "pictures")
    if array.dtype.kind not in "fiub":
        raise TypeError(f"pictures must be real numbers, got an array of {array.dtype}")
    if array.ndim != 4 or not array.size:
        raise ValueError(
            f"pictures must have shape (n_samples, n_channels, height, width), got {array.shape}"
        )
    wanted = next(m.in_channels for m in model.modules() if isinstance(m, nn.Conv2d))
    if array.shape[1] != wanted:
        raise ValueError(
            f"the network takes pictures of {wanted} channels, these have {array.shape[1]} "
            f"(shape {array.shape})"
        )
    if not np.isfinite(array).all():
        raise ValueError("the pictures hold values that are no finite numbers")
    with evaluating(model), torch.no_grad():
        try:
            logits: Tensor = model(
                torch.tensor(np.ascontiguousarray(array[:1]), dtype=precision(model))
            )
        except RuntimeError as error:
            size = " × ".join(map(str, array.shape[2:]))
            raise ValueError(
                f"the network does not take pictures of {size} pixels: {error}"
            ) from error
    return logits.shape[1]


def feature_reader(model: nn.Module, node: str) -> Any:
    """Return the part of a network that leads to a node, by torchvision's feature extraction.

    Parameters
    ----------
    model : torch.nn.Module
        In evaluation mode.
    node : str

    Returns
    -------
    torch.nn.Module
        From pictures to a dict with the one key `node`; shares the model's parameters.

    Raises
    ------
    ValueError
        If there is no such node; names some that exist.

    Examples
    --------
    >>> reader = feature_reader(load_backbone("glyphnet"), "block2")
    >>> reader(torch.zeros(1, 1, 16, 16))["block2"].shape
    torch.Size([1, 32, 4, 4])

    References
    ----------
    ``torchvision.models.feature_extraction.create_feature_extractor``.

    Used in the chapter *heads*.
    """
    extraction = import_torchvision(
        "models.feature_extraction", "feature readers come from torchvision"
    )
    try:
        with evaluating(model):  # an unknown node would leave the network in training mode
            return extraction.create_feature_extractor(model, [node])
    except ValueError as error:
        with evaluating(model):
            names = [name for name in extraction.get_graph_node_names(model)[1] if "." not in name]
        raise ValueError(f"no node {node!r} in this network; there are {names}") from error
