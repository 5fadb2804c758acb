"""What carries over from one task to another, and how far apart two domains are."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from torch.nn import functional

from softmaxbook.numerics.arrays import FloatArray, as_array, as_floats
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.transfer.heads import extract_features


def frechet_distance(features: ArrayLike, others: ArrayLike) -> float:
    r"""Return the distance between two clouds of points, as if both were normal.

    Parameters
    ----------
    features : array_like, shape (n, n_features)
        At least two rows.
    others : array_like, shape (m, n_features)

    Returns
    -------
    float
        At least 0, in the units of the features; 0 if means and covariances agree.

    Raises
    ------
    ValueError
        If there are fewer than two rows, the numbers of features differ, or a value is not finite.

    Notes
    -----
    .. math::

        d^2 = \lVert \mu - \mu' \rVert^2
              + \operatorname{tr} \bigl( C + C' - 2 (C C')^{1/2} \bigr)

    with the means μ and covariances C of the two clouds. The FID of generated pictures is d². The
    last trace is the sum of the singular values of :math:`C^{1/2} C'^{1/2}`, which needs no root of
    a matrix that is not symmetric. Few rows make the distance too large: two halves of one cloud
    show by how much.

    Examples
    --------
    >>> frechet_distance([[0.0], [2.0]], [[3.0], [5.0]])
    3.0

    References
    ----------
    Dowson and Landau, *The Fréchet Distance between Multivariate Normal Distributions* (1982),
    doi 10.1016/0047-259X(82)90077-X. Heusel, Ramsauer, Unterthiner, Nessler and Hochreiter, *GANs
    Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium* (2017),
    arXiv 1706.08500, equation 6.

    Derived in the chapter *transfer*.
    """
    clouds = [as_floats(cloud, "features").astype(np.float64) for cloud in (features, others)]
    for cloud in clouds:
        if cloud.ndim != 2 or len(cloud) < 2 or cloud.shape[1] != clouds[0].shape[1]:
            raise ValueError(
                "need two tables with at least two rows and as many columns each, got shapes "
                f"{clouds[0].shape} and {clouds[1].shape}"
            )
        if not np.isfinite(cloud).all():
            raise ValueError("features must be finite")
    means = [cloud.mean(axis=0) for cloud in clouds]
    roots = [_root(np.atleast_2d(np.cov(cloud, rowvar=False))) for cloud in clouds]
    traces = sum(float(np.sum(root**2)) for root in roots)
    common = float(np.linalg.svd(roots[0] @ roots[1], compute_uv=False).sum())
    square = float(np.sum((means[0] - means[1]) ** 2)) + traces - 2 * common
    # Rounding may leave equal clouds a square of some ulp of the traces, of either sign.
    return float(np.sqrt(square)) if square > 1e-12 * traces else 0.0


def _root(covariance: FloatArray) -> FloatArray:
    """Return the symmetric root of a positive semidefinite matrix."""
    values, vectors = np.linalg.eigh(covariance)
    root: FloatArray = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    return root


def domain_distance(
    model: nn.Module, source_pictures: ArrayLike, target_pictures: ArrayLike
) -> float:
    """Return how far apart two sets of pictures are for a network.

    Parameters
    ----------
    model : torch.nn.Module
        Its features, the input of the head, are what is compared.
    source_pictures, target_pictures : array_like, shape (n_samples, n_channels, height, width)
        Some hundreds each, and about as many of the one as of the other. No labels.

    Returns
    -------
    float
        At least 0, in the units of the features; only distances by the same network compare.

    Notes
    -----
    The Fréchet distance between the features of the two sets.

    Examples
    --------
    >>> from softmaxbook.transfer.backbones import load_backbone
    >>> from softmaxbook.transfer.glyphs import draw_glyphs
    >>> from softmaxbook.transfer.targets import digit_pictures, texture_pictures
    >>> model, glyphs = load_backbone("glyphnet"), draw_glyphs(500, seed=3).features
    >>> near, far = (data.train.features[:500] for data in (digit_pictures(), texture_pictures()))
    >>> domain_distance(model, glyphs, near) < domain_distance(model, glyphs, far)
    True

    References
    ----------
    Heusel and others (2017), arXiv 1706.08500, with another network and another purpose.

    Derived in the chapter *transfer*.
    """
    return frechet_distance(
        extract_features(model, source_pictures), extract_features(model, target_pictures)
    )


def similarities(features: ArrayLike, others: ArrayLike) -> FloatArray:
    """Return the cosines between the rows of two tables: who resembles whom.

    Parameters
    ----------
    features : array_like, shape (n, n_features)
    others : array_like, shape (m, n_features)

    Returns
    -------
    ndarray, shape (n, m)
        From −1 to 1. A row of zeros resembles nobody: its cosines are 0.

    Examples
    --------
    >>> similarities([[1.0, 0.0]], [[2.0, 0.0], [0.0, 3.0], [-1.0, 0.0]]).tolist()
    [[1.0, 0.0, -1.0]]

    Used in the chapter *transfer*.
    """
    a, b = (as_floats(table, "features").astype(np.float64) for table in (features, others))
    lengths = (np.linalg.norm(table, axis=1, keepdims=True) for table in (a, b))
    a, b = (x / np.where(n > 0, n, 1) for x, n in zip((a, b), lengths, strict=True))
    cosines: FloatArray = a @ b.T
    return cosines


def vote(
    resemblance: ArrayLike, labels: ArrayLike, n_classes: int, temperature: float = 0.1
) -> FloatArray:
    r"""Return class probabilities from the labels of whom a picture resembles.

    Parameters
    ----------
    resemblance : array_like, shape (n_samples, n_labelled)
        From `similarities`.
    labels : array_like of int, shape (n_labelled,)
    n_classes : int
    temperature : float
        Positive. A low one lets the nearest decide alone.

    Returns
    -------
    ndarray, shape (n_samples, n_classes)
        Rows sum to 1. A class without a labelled example has probability 0.

    Raises
    ------
    ValueError
        If there is not one label for each column, or a label is no class.

    Notes
    -----
    .. math:: p_k = \sum_{i : y_i = k} \operatorname{softmax}(s / T)_i

    Nothing is learnt from the target: a softmax over its labelled examples takes the place of a
    head.

    Examples
    --------
    >>> vote([[1.0, 1.0, 0.0]], [0, 1, 1], n_classes=2, temperature=0.01).tolist()
    [[0.5, 0.5]]

    References
    ----------
    Vinyals, Blundell, Lillicrap, Kavukcuoglu and Wierstra, *Matching Networks for One Shot
    Learning* (2016), arXiv 1606.04080, equation 1.

    Derived in the chapter *transfer*.
    """
    table, y = as_floats(resemblance, "resemblance").astype(np.float64), as_array(labels, "labels")
    if table.ndim != 2 or y.shape != table.shape[1:]:
        raise ValueError(f"each column needs a label, got shapes {table.shape} and {y.shape}")
    whole = y.dtype.kind in "iu" and y.size > 0
    if not whole or y.min() < 0 or y.max() >= n_classes:
        raise ValueError(f"labels must be from 0 to {n_classes - 1}, got {np.unique(y)}")
    shares = np.asarray(softmax(table, temperature=temperature))
    probabilities: FloatArray = shares @ np.eye(n_classes)[y]
    return probabilities


def learn_relations(
    student: nn.Module,
    pictures: ArrayLike,
    relations: ArrayLike,
    n_steps: int = 300,
    rate: float = 1e-3,
    batch_size: int = 64,
    seed: int = 0,
    progress: bool = True,
) -> FloatArray:
    r"""Train a network, in place, to find alike what another network finds alike.

    Parameters
    ----------
    student : torch.nn.Module
        From pictures to any number of features; nothing of it need resemble the other network.
    pictures : array_like, shape (n_samples, …)
        No labels.
    relations : array_like, shape (n_samples, n_samples)
        The other network's cosines between these pictures.
    n_steps, rate, batch_size, seed
        Of Adam; a batch has at most as many pictures as there are.
    progress : bool
        Whether to show a bar.

    Returns
    -------
    ndarray, shape (n_steps,)
        The loss before each step. The student ends in evaluation mode.

    Raises
    ------
    ValueError
        If the relations are not a square table with one row a picture.

    Notes
    -----
    The loss of a batch is the mean of :math:`(\cos(f_i, f_j) - R_{ij})^2` over its pairs: the
    student is told how alike two pictures are, and never what their features are.

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(40, 4)).astype(np.float32)
    >>> losses = learn_relations(nn.Linear(4, 2), x, similarities(x[:, :2], x[:, :2]),
    ...                          rate=0.01, progress=False)
    >>> bool(losses[-1] < 0.2 * losses[0])
    True

    References
    ----------
    Park, Kim, Lu and Cho, *Relational Knowledge Distillation* (2019), arXiv 1904.05068; Tung and
    Mori, *Similarity-Preserving Knowledge Distillation* (2019), arXiv 1907.09682. Each has a loss
    of its own on the same idea.

    Derived in the chapter *transfer*.
    """
    from tqdm import tqdm

    inputs = torch.tensor(np.asarray(pictures), dtype=torch.float32)
    wanted = torch.tensor(np.asarray(relations), dtype=torch.float32)
    n = len(inputs)
    if wanted.shape != (n, n):
        raise ValueError(f"{n} pictures have {n} × {n} relations, got {tuple(wanted.shape)}")
    rng = np.random.default_rng(seed)
    optimiser = torch.optim.Adam(student.parameters(), rate)
    losses = []
    student.train()
    for _ in tqdm(range(n_steps), "relations", leave=False, disable=not progress):
        rows = torch.tensor(rng.choice(n, min(batch_size, n), replace=False))
        directions = functional.normalize(student(inputs[rows]))
        loss: Tensor = ((directions @ directions.T - wanted[rows][:, rows]) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(loss.item())
    student.eval()
    return np.array(losses)
