"""Tasks of a few labels: prototypes, and Reptile, which looks for weights that learn quickly."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import nn

from softmaxbook.learning.datasets import Part
from softmaxbook.numerics.arrays import FloatArray, as_floats
from softmaxbook.transfer.finetuning import Plan, finetune


def draw_task(
    pool: Part, n_ways: int, n_shots: int, n_queries: int, seed: int
) -> tuple[Part, Part]:
    """Return a small task: some classes of a pool, a few labels each, and pictures to judge by.

    Parameters
    ----------
    pool : Part
    n_ways : int
        Classes of the task, at least 2; they are numbered anew, in random order.
    n_shots : int
        Labels per class, at least 1.
    n_queries : int
        Other pictures per class to measure on, at least 0.
    seed : int

    Returns
    -------
    support, queries : Part
        What is learnt from, and what is measured on; no picture is in both.

    Raises
    ------
    ValueError
        If the pool has fewer classes, or one of them too few pictures.

    Examples
    --------
    >>> from softmaxbook.transfer.glyphs import draw_glyphs
    >>> support, queries = draw_task(draw_glyphs(480, seed=0), 5, 1, 3, seed=0)
    >>> support.labels, queries.features.shape
    (array([0, 1, 2, 3, 4]), (15, 1, 16, 16))

    Used in the chapter *fewshot*.
    """
    known = np.unique(pool.labels)
    if n_ways < 2 or n_shots < 1 or n_queries < 0:
        raise ValueError("a task needs at least 2 classes and 1 label per class")
    if len(known) < n_ways:
        raise ValueError(f"the pool has {len(known)} classes, the task needs {n_ways}")
    rng = np.random.default_rng(seed)
    wanted = n_shots + n_queries
    chosen = []
    for label in rng.permutation(known)[:n_ways]:
        rows = np.flatnonzero(pool.labels == label)
        if len(rows) < wanted:
            raise ValueError(f"class {label} has {len(rows)} pictures, the task needs {wanted}")
        chosen.append(rng.choice(rows, wanted, replace=False))
    rows = np.array(chosen)

    def part(columns: slice) -> Part:
        picked = rows[:, columns]
        return Part(pool.features[picked.ravel()], np.repeat(np.arange(n_ways), picked.shape[1]))

    return part(slice(n_shots)), part(slice(n_shots, None))


def prototypes(features: ArrayLike, labels: ArrayLike) -> FloatArray:
    r"""Return the mean of each class's features.

    Parameters
    ----------
    features : array_like, shape (n_samples, n_features)
    labels : array_like of int, shape (n_samples,)
        From 0 to K − 1; each class has at least one row.

    Returns
    -------
    ndarray, shape (n_classes, n_features), float64

    Raises
    ------
    ValueError
        If features and labels do not fit, or a class has no row.

    Notes
    -----
    .. math:: c_k = \frac{1}{|S_k|} \sum_{i \in S_k} f(x_i).

    Examples
    --------
    >>> prototypes([[0.0, 0.0], [2.0, 0.0], [5.0, 1.0]], [0, 0, 1])
    array([[1., 0.],
           [5., 1.]])

    References
    ----------
    Snell, Swersky and Zemel, *Prototypical Networks for Few-Shot Learning* (2017),
    arXiv 1703.05175.

    Used in the chapter *fewshot*.
    """
    rows = np.asarray(as_floats(features, "features"), dtype=np.float64)
    y = np.asarray(labels)
    if rows.ndim != 2 or y.shape != rows.shape[:1] or y.dtype.kind not in "iu" or not len(y):
        raise ValueError(
            f"needs rows of features and a whole number for each, got shapes {rows.shape} and "
            f"{y.shape} of {y.dtype}"
        )
    missing = sorted(set(range(int(y.max()) + 1)) - set(y.tolist()))
    if missing or y.min() < 0:
        raise ValueError(f"labels must be 0 to K − 1, and each class needs a row: {missing or y}")
    return np.stack([rows[y == k].mean(axis=0) for k in range(int(y.max()) + 1)])


def distance_logits(features: ArrayLike, centres: ArrayLike) -> FloatArray:
    r"""Return logits whose softmax prefers the nearest centre: minus squared distances.

    Parameters
    ----------
    features : array_like, shape (n_samples, n_features)
    centres : array_like, shape (n_classes, n_features)
        As `prototypes` returns them.

    Returns
    -------
    ndarray, shape (n_samples, n_classes), float64

    Raises
    ------
    ValueError
        If the two do not have equally many features.

    Notes
    -----
    .. math:: z_k = -\lVert f - c_k \rVert^2 = 2 c_k^{\mathsf T} f - \lVert c_k \rVert^2
        - \lVert f \rVert^2,

    and softmax forgets the last term, so this is a linear head with the weights
    :math:`2 c_k` and the intercepts :math:`-\lVert c_k \rVert^2`.

    Examples
    --------
    >>> distance_logits([[1.0, 1.0]], [[1.0, 0.0], [5.0, 1.0]])
    array([[ -1., -16.]])

    References
    ----------
    Snell, Swersky and Zemel (2017), arXiv 1703.05175.

    Derived in the chapter *fewshot*.
    """
    rows, middles = (
        np.asarray(as_floats(values, name), dtype=np.float64)
        for values, name in ((features, "features"), (centres, "centres"))
    )
    if rows.ndim != 2 or middles.ndim != 2 or rows.shape[1] != middles.shape[1]:
        raise ValueError(
            f"features and centres need equally long rows, got {rows.shape} and {middles.shape}"
        )
    logits: FloatArray = -((rows[:, None] - middles) ** 2).sum(axis=-1)
    return logits


def reptile(
    model: nn.Module,
    draw: Callable[[int], Part],
    plan: Plan,
    n_tasks: int,
    rate: float = 1.0,
    progress: bool = True,
) -> None:
    r"""Move a network towards weights from which tasks are learnt in a few steps, in place.

    Parameters
    ----------
    model : torch.nn.Module
        With as many logits as a task has classes.
    draw : callable
        From the number of a task to what is learnt from in it.
    plan : Plan
        Of the few steps on each task.
    n_tasks : int
        At least 1.
    rate : float
        In (0, 1]: the share of the way to the task's weights at the first task; it falls to 0.
    progress : bool
        Whether to show a bar.

    Raises
    ------
    ValueError
        If `n_tasks` or `rate` is outside its range.

    Notes
    -----
    For task t, :math:`\theta \leftarrow \theta + \varepsilon_t \, (\tilde\theta_t - \theta)`, where
    :math:`\tilde\theta_t` is what `finetune` makes of :math:`\theta` on the task. The means and
    variances of batch normalisation move in the same way.

    Examples
    --------
    >>> from softmaxbook.transfer.glyphs import draw_glyphs
    >>> from softmaxbook.transfer.heads import build_classifier
    >>> model, pool = build_classifier("glyphnet", 5, None), draw_glyphs(480, seed=0)
    >>> plan = Plan(n_steps=2)
    >>> reptile(model, lambda t: draw_task(pool, 5, 5, 0, t)[0], plan, 3, progress=False)

    References
    ----------
    Nichol, Achiam and Schulman, *On First-Order Meta-Learning Algorithms* (2018),
    arXiv 1803.02999, algorithm 1.

    Derived in the chapter *fewshot*.
    """
    if n_tasks < 1 or not 0 < rate <= 1:
        raise ValueError(f"need n_tasks ≥ 1 and 0 < rate ≤ 1, got {n_tasks} and {rate}")
    from tqdm import trange

    for task in trange(n_tasks, desc="tasks", disable=not progress):
        learnt = deepcopy(model)
        finetune(learnt, draw(task), plan, seed=task, progress=False)
        move_towards(model, learnt, rate * (1 - task / n_tasks))


def move_towards(model: nn.Module, other: nn.Module, share: float) -> None:
    """Move all numbers of a network a share of the way to those of another, in place.

    Parameters
    ----------
    model, other : torch.nn.Module
        Of the same structure.
    share : float
        0 leaves the model, 1 makes it the other.

    Examples
    --------
    >>> start, end = nn.Linear(2, 1), nn.Linear(2, 1)
    >>> move_towards(start, end, 1.0)
    >>> bool((start.weight == end.weight).all())
    True

    Used in the chapter *fewshot*.
    """
    goal = other.state_dict()
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if value.is_floating_point():
                value.lerp_(goal[name], share)
            else:  # the count of batches, which evaluation does not read
                value.copy_(goal[name])
