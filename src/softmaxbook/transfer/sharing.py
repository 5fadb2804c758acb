"""One body for several tasks: a head for each, and a training that serves them all."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from softmaxbook.learning.datasets import Part
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.transfer.finetuning import Plan, build_optimiser, draw_batch, set_rates
from softmaxbook.transfer.freezing import set_training
from softmaxbook.transfer.heads import build_classifier, last_layer, replace_last_layer


def build_shared(
    backbone: str,
    tasks: Mapping[str, int],
    weights: str | Path | Any | None = "DEFAULT",
    seed: int = 0,
) -> tuple[nn.Module, dict[str, slice]]:
    """Return one network with a head for each task, and which of its logits are whose.

    Parameters
    ----------
    backbone, weights, seed
        As for :func:`softmaxbook.transfer.heads.build_classifier`.
    tasks : mapping of str to int
        The number of classes of each task, at least 2.

    Returns
    -------
    model : torch.nn.Module
        From pictures to the logits of all tasks, side by side.
    heads : dict of str to slice
        The columns of each task.

    Raises
    ------
    ValueError
        If there is no task, or one has fewer than two classes.

    Notes
    -----
    Linear heads side by side are one matrix. What makes them several heads is that each has a
    softmax of its own, over its own columns.

    Examples
    --------
    >>> model, heads = build_shared("glyphnet", {"digit": 10, "parity": 2})
    >>> model.fc.out_features, heads["parity"]
    (12, slice(10, 12, None))

    Derived in the chapter *sharing*.
    """
    small = {name: n_classes for name, n_classes in tasks.items() if n_classes < 2}
    if small or not tasks:
        raise ValueError(f"need tasks with at least 2 classes each, got {small or 'none'}")
    ends = np.cumsum(list(tasks.values())).tolist()
    heads = {
        name: slice(end - n_classes, end)
        for (name, n_classes), end in zip(tasks.items(), ends, strict=True)
    }
    return build_classifier(backbone, ends[-1], weights, seed=seed), heads


def learn_together(
    model: nn.Module,
    heads: Mapping[str, slice],
    tasks: Mapping[str, Part],
    plan: Plan | None = None,
    seed: int = 0,
    progress: bool = True,
) -> FloatArray:
    r"""Train what is not frozen in a shared network on all tasks at once, in place.

    Parameters
    ----------
    model : torch.nn.Module
    heads : mapping of str to slice
        Both from `build_shared`.
    tasks : mapping of str to Part
        Pictures and labels of each head; the pictures may be the same or others.
    plan : Plan, optional
        Steps, rates, batch size (of each task), momentum and weight decay. Nothing else of a plan
        is used here.
    seed : int
        Of the batches and of dropout.
    progress : bool
        Whether to show a bar.

    Returns
    -------
    ndarray, shape (n_steps, n_tasks)
        The mean cross-entropy of each task's batch, before the step.

    Raises
    ------
    ValueError
        If tasks and heads have different names, labels do not fit a head, or the plan asks for
        Adam, phases or patience.

    Notes
    -----
    .. math:: L = \sum_t \operatorname{mean}_i \, \ell\bigl(z_i^{(t)}, y_i\bigr),

    where :math:`z^{(t)}` are the columns of task t. The batches of all tasks go through the body
    together: batch normalisation in training and in evaluation then sees the same mixture. With one
    task it is :func:`softmaxbook.transfer.finetuning.finetune`, step for step.

    Examples
    --------
    >>> from softmaxbook.transfer.targets import digit_pictures, few_labels
    >>> few = few_labels(digit_pictures().train, 2, seed=0)
    >>> tasks = {"digit": few, "parity": few._replace(labels=few.labels % 2)}
    >>> model, heads = build_shared("glyphnet", {"digit": 10, "parity": 2})
    >>> learn_together(model, heads, tasks, Plan(n_steps=3), progress=False).shape
    (3, 2)

    References
    ----------
    Caruana, *Multitask Learning* (1997), doi 10.1023/A:1007379606734.

    Derived in the chapter *sharing*.
    """
    plan = plan or Plan()
    _check(heads, tasks, plan)
    pictures = {name: torch.tensor(part.features) for name, part in tasks.items()}
    labels = {name: torch.tensor(part.labels) for name, part in tasks.items()}
    optimiser = build_optimiser(model, plan)
    losses = np.empty((plan.n_steps, len(tasks)))
    from tqdm import trange

    with torch.random.fork_rng(devices=[]):
        for step in trange(plan.n_steps, desc="training", disable=not progress):
            set_rates(optimiser, step, plan.n_steps)
            drawn = [draw_batch(len(y), plan.batch_size, seed, step) for y in labels.values()]
            rows = {name: own for name, (own, _) in zip(labels, drawn, strict=True)}
            torch.manual_seed(drawn[0][1])  # dropout's
            set_training(model)
            optimiser.zero_grad()
            together = model(torch.cat([pictures[name][rows[name]] for name in tasks]))
            parts = torch.split(together, [len(rows[name]) for name in tasks])
            each = [
                functional.cross_entropy(part[:, heads[name]], labels[name][rows[name]])
                for name, part in zip(tasks, parts, strict=True)
            ]
            torch.stack(each).sum().backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            losses[step] = [loss.item() for loss in each]
    model.eval()
    return losses


def one_head(model: nn.Module, columns: slice) -> nn.Module:
    """Return a copy of a shared network that has one task's head alone.

    Parameters
    ----------
    model : torch.nn.Module
        With a linear head.
    columns : slice
        Of the task, from `build_shared`.

    Returns
    -------
    torch.nn.Module
        From pictures to that task's logits; in evaluation mode.

    Examples
    --------
    >>> model, heads = build_shared("glyphnet", {"digit": 10, "parity": 2})
    >>> one_head(model, heads["parity"]).fc
    Linear(in_features=256, out_features=2, bias=True)

    Used in the chapter *sharing*.
    """
    alone = deepcopy(model)
    whole = last_layer(alone)
    weight, bias = whole.weight[columns], whole.bias[columns]
    with torch.random.fork_rng(devices=[]):  # a layer draws weights, which are not used
        head = nn.Linear(whole.in_features, len(bias))
    head.load_state_dict({"weight": weight.detach(), "bias": bias.detach()})
    replace_last_layer(alone, head)
    return alone.eval()


def n_parameters(model: nn.Module) -> int:
    """Return how many numbers a network learns, or could learn if nothing were frozen.

    Parameters
    ----------
    model : torch.nn.Module

    Returns
    -------
    int

    Examples
    --------
    >>> n_parameters(nn.Linear(256, 10))
    2570

    Used in the chapter *sharing*.
    """
    return sum(value.numel() for value in model.parameters())


def _check(heads: Mapping[str, slice], tasks: Mapping[str, Part], plan: Plan) -> None:
    if set(heads) != set(tasks):
        raise ValueError(f"there are heads for {sorted(heads)} and pictures for {sorted(tasks)}")
    if plan.optimiser != "sgd" or plan.phases or plan.patience is not None:
        raise ValueError("tasks learn together by SGD without phases and patience")
    for name, part in tasks.items():
        n_classes = heads[name].stop - heads[name].start
        low, high = int(np.min(part.labels)), int(np.max(part.labels))
        if low < 0 or high >= n_classes:
            raise ValueError(
                f"the head {name!r} has {n_classes} classes, and its labels go from {low} to {high}"
            )
