"""One network made of several: the mean of their weights, and its normalisation set anew."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

import torch
from numpy.typing import ArrayLike
from torch import nn


def mean_of_weights(models: Sequence[nn.Module]) -> nn.Module:
    r"""Return a network whose numbers are the means of those of several networks.

    Parameters
    ----------
    models : sequence of torch.nn.Module
        At least one, all of the same structure.

    Returns
    -------
    torch.nn.Module
        A new network in evaluation mode; the given ones stay as they are.

    Raises
    ------
    ValueError
        If there is no network, or two have different numbers or shapes.

    Notes
    -----
    .. math:: \bar\theta = \frac1M \sum_m \theta^{(m)}.

    The means and variances of batch normalisation are averaged too; `renew_statistics` takes them
    from pictures instead. Where all networks share everything but a linear head, the result
    computes the mean of their logits.

    Examples
    --------
    >>> one, other = nn.Linear(2, 3), nn.Linear(2, 3)
    >>> x = torch.ones(1, 2)
    >>> torch.allclose(mean_of_weights([one, other])(x), (one(x) + other(x)) / 2)
    True

    References
    ----------
    Wortsman and others, *Model Soups: Averaging Weights of Multiple Fine-Tuned Models Improves
    Accuracy without Increasing Inference Time* (2022), arXiv 2203.05482.

    Used in the chapter *ensembles*.
    """
    if not models:
        raise ValueError("a mean needs at least one network")
    states = [model.state_dict() for model in models]
    shapes = [{name: value.shape for name, value in state.items()} for state in states]
    if any(each != shapes[0] for each in shapes):
        raise ValueError("the networks must have the same layers with the same shapes")
    mean = {
        name: torch.stack([state[name] for state in states]).mean(dim=0)
        if value.is_floating_point()
        else value  # the count of batches, which evaluation does not read
        for name, value in states[0].items()
    }
    averaged = deepcopy(models[0])
    averaged.load_state_dict(mean)
    return averaged.eval()


def renew_statistics(model: nn.Module, pictures: ArrayLike, batch_size: int | None = None) -> None:
    """Let every batch normalisation take its mean and variance from these pictures, in place.

    Parameters
    ----------
    model : torch.nn.Module
        In evaluation mode afterwards. Weights stay as they are.
    pictures : array_like, shape (n_samples, channels, height, width)
        Go through the network once; at least two.
    batch_size : int, optional
        How many at a time: the statistics are the plain means over these batches. All pictures as
        one batch where it is not given.

    Raises
    ------
    ValueError
        If there are fewer than two pictures: one has no variance.

    Examples
    --------
    >>> layer = nn.BatchNorm2d(1)
    >>> renew_statistics(layer, [[[[1.0]]], [[[3.0]]]])
    >>> float(layer.running_mean), float(layer.running_var)
    (2.0, 2.0)

    Used in the chapters *transfer* and *ensembles*.
    """
    shown = torch.as_tensor(pictures, dtype=torch.float32)
    if len(shown) < 2:
        raise ValueError(f"a variance needs at least two pictures, got {len(shown)}")
    layers = [each for each in model.modules() if isinstance(each, nn.modules.batchnorm._BatchNorm)]
    momenta = [layer.momentum for layer in layers]
    model.eval()  # dropout stays off
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None  # the plain mean over the batches
        layer.train()
    with torch.no_grad():
        for batch in torch.split(shown, batch_size or len(shown)):
            model(batch)
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.momentum = momentum
    model.eval()
