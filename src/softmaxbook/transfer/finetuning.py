"""Go on training a network on a new task: with which rates, for how long, and from where again."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from softmaxbook.learning.datasets import Part
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.numerics.arrays import FloatArray, refuse_string
from softmaxbook.transfer.freezing import HEAD, fingerprint, freeze, set_training, stages
from softmaxbook.transfer.heads import check_pictures


@dataclass(frozen=True)
class Plan:
    """How a network is trained on the target.

    Parameters
    ----------
    n_steps : int
        Batches in all.
    rate : float
        Learning rate of the head at the first step; it falls to 0 along half a cosine.
    decay : float
        In [0, 1]: each stage before the head learns at `decay` times the rate of the stage after
        it. 1 gives all the same rate, less gives *discriminative* rates.
    body_rate : float, optional
        One rate for all stages before the head, in the place of `decay`. 0 leaves their weights.
    batch_size : int
        At most; fewer where there are fewer pictures.
    optimiser : {"sgd", "adam"}
    momentum : float
        Of "sgd".
    weight_decay : float
        Of the weights, not of biases and normalisation.
    phases : mapping of int to tuple of str, optional
        From steps to the stages that learn from there on; see
        :func:`softmaxbook.transfer.freezing.unfreezing`.
        Without it, whatever is not frozen learns.
    check_every : int
        Steps between two looks at the validation part.
    patience : int, optional
        Looks without a better accuracy after which training stops. Without it, never.

    Raises
    ------
    ValueError
        If a number is outside its range.

    Examples
    --------
    >>> Plan(n_steps=100, rate=0.01, decay=0.5).rate
    0.01

    Used in the chapter *finetuning*.
    """

    n_steps: int = 150
    rate: float = 0.01
    decay: float = 1.0
    body_rate: float | None = None
    batch_size: int = 32
    optimiser: Literal["sgd", "adam"] = "sgd"
    momentum: float = 0.9
    weight_decay: float = 1e-4
    phases: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    check_every: int = 10
    patience: int | None = None

    def __post_init__(self) -> None:
        if self.n_steps < 1 or self.batch_size < 1 or self.check_every < 1:
            raise ValueError("n_steps, batch_size and check_every must be at least 1")
        if not 0 < self.rate < math.inf or not 0 <= self.decay <= 1:
            raise ValueError(f"need rate > 0 and 0 ≤ decay ≤ 1, got {self.rate} and {self.decay}")
        if self.body_rate is not None and not 0 <= self.body_rate < math.inf:
            raise ValueError(f"body_rate must be at least 0, got {self.body_rate}")
        if self.optimiser not in ("sgd", "adam"):
            raise ValueError(f"optimiser must be 'sgd' or 'adam', got {self.optimiser!r}")
        if self.patience is not None and self.patience < 1:
            raise ValueError(f"patience must be at least 1, got {self.patience}")
        for learning in self.phases.values():
            refuse_string(learning, "the stages of a phase")
        if not all(0 <= step < self.n_steps for step in self.phases):
            raise ValueError(
                f"phases must begin at steps from 0 to {self.n_steps - 1}, got {[*self.phases]}"
            )


@dataclass(frozen=True)
class Course:
    """What happened in a training.

    Used in the chapter *finetuning*.

    Parameters
    ----------
    losses : ndarray, shape (n_steps done,)
        The mean cross-entropy of each batch, before its step.
    checks : tuple of (int, float)
        Steps and the accuracies on the validation part after them.
    best_step : int
        The step whose weights the network has now: the last, or the best on the validation part.
    """

    losses: FloatArray
    checks: tuple[tuple[int, float], ...]
    best_step: int


def parameter_groups(
    model: nn.Module, rate: float, decay: float = 1.0, body_rate: float | None = None
) -> list[dict[str, Any]]:
    r"""Return the parameters in groups for an optimiser, each stage with a rate of its own.

    Parameters
    ----------
    model : torch.nn.Module
    rate : float
        Of the head.
    decay : float
        In [0, 1]: the factor from a stage to the stage before it.
    body_rate : float, optional
        One rate for all stages before the head, in the place of `decay`.

    Returns
    -------
    list of dict
        With keys "params", "lr", "stage", and "weight_decay": 0 for biases and normalisation.

    Notes
    -----
    .. math:: \eta_k = \eta \, d^{\,n - k}

    for stage k of n, the head being stage n. Early layers hold what most tasks share, so they are
    moved less.

    Examples
    --------
    >>> from softmaxbook.transfer.backbones import GlyphNet
    >>> groups = parameter_groups(GlyphNet(10), rate=0.8, decay=0.5)
    >>> {group["stage"]: group["lr"] for group in groups}
    {'block1': 0.05, 'block2': 0.1, 'block3': 0.2, 'block4': 0.4, 'head': 0.8}

    References
    ----------
    Howard and Ruder (2018), arXiv 1801.06146, section 3.2.

    Derived in the chapter *finetuning*.
    """
    parts = stages(model)
    groups: list[dict[str, Any]] = []
    for position, (stage, modules) in enumerate(parts.items()):
        own = [value for module in modules for value in module.parameters()]
        stage_rate = rate * decay ** (len(parts) - 1 - position)
        if body_rate is not None and stage != HEAD:
            stage_rate = body_rate
        groups.append({"params": [p for p in own if p.ndim > 1], "lr": stage_rate, "stage": stage})
        single = [p for p in own if p.ndim == 1]
        groups.append({"params": single, "lr": stage_rate, "stage": stage, "weight_decay": 0.0})
    return [group for group in groups if group["params"]]


def build_optimiser(model: nn.Module, plan: Plan) -> torch.optim.Optimizer:
    """Return the optimiser of a plan, with the rates of the first step.

    Parameters
    ----------
    model : torch.nn.Module
    plan : Plan

    Returns
    -------
    torch.optim.Optimizer
        Its groups are those of `parameter_groups`. Each keeps its first rate as "initial_lr".

    Examples
    --------
    >>> from softmaxbook.transfer.backbones import GlyphNet
    >>> optimiser = build_optimiser(GlyphNet(10), Plan(rate=0.8, decay=0.5))
    >>> optimiser.param_groups[0]["stage"], optimiser.param_groups[0]["initial_lr"]
    ('block1', 0.05)

    Used in the chapters *finetuning* and *sharing*.
    """
    groups = [
        {**group, "initial_lr": group["lr"]}
        for group in parameter_groups(model, plan.rate, plan.decay, plan.body_rate)
    ]
    if plan.optimiser == "sgd":
        return torch.optim.SGD(groups, momentum=plan.momentum, weight_decay=plan.weight_decay)
    return torch.optim.AdamW(groups, weight_decay=plan.weight_decay)


def set_rates(optimiser: torch.optim.Optimizer, step: int, n_steps: int) -> None:
    r"""Give each group its rate at a step, on half a cosine from the first rate to 0.

    Parameters
    ----------
    optimiser : torch.optim.Optimizer
        From `build_optimiser`.
    step : int
        From 0.
    n_steps : int
        In all.

    Notes
    -----
    .. math:: \eta_s = \tfrac12 \Bigl( 1 + \cos \frac{\pi s}{n} \Bigr)\, \eta_0

    at step s of n. Nothing but the step's number has to be remembered to go on.

    Examples
    --------
    >>> from softmaxbook.transfer.backbones import GlyphNet
    >>> optimiser = build_optimiser(GlyphNet(10), Plan(rate=0.5))
    >>> set_rates(optimiser, 50, 100)
    >>> round(optimiser.param_groups[0]["lr"], 9)
    0.25

    Used in the chapters *finetuning* and *sharing*.
    """
    share = 0.5 * (1 + math.cos(math.pi * step / n_steps))
    for group in optimiser.param_groups:
        group["lr"] = group["initial_lr"] * share


def draw_batch(n_samples: int, size: int, seed: int, step: int) -> tuple[Tensor, int]:
    """Return the rows that a step takes, and a seed for what else is random in it.

    Parameters
    ----------
    n_samples : int
    size : int
        At most; fewer where there are fewer samples.
    seed : int
        Of the training.
    step : int

    Returns
    -------
    rows : torch.Tensor of int, shape (at most size,)
        None of them twice.
    seed : int

    Examples
    --------
    >>> rows, seed = draw_batch(8, 3, seed=0, step=0)
    >>> rows.shape, sorted(draw_batch(3, 8, seed=0, step=1)[0].tolist())
    (torch.Size([3]), [0, 1, 2])

    Used in the chapters *finetuning* and *sharing*.
    """
    rng = np.random.default_rng((seed, step))
    rows = torch.tensor(rng.choice(n_samples, min(size, n_samples), replace=False))
    return rows, int(rng.integers(2**31))


def finetune(
    model: nn.Module,
    data: Part,
    plan: Plan | None = None,
    validation: Part | None = None,
    seed: int = 0,
    checkpoint: Path | None = None,
    progress: bool = True,
) -> Course:
    """Train what is not frozen in a network, in place.

    Parameters
    ----------
    model : torch.nn.Module
        With a new head; see :func:`softmaxbook.transfer.heads.build_classifier`.
    data : Part
        Pictures, shape (n_samples, n_channels, height, width), and labels.
    plan : Plan, optional
    validation : Part, optional
        Looked at every `plan.check_every` steps. The weights of the best look are kept. Needed for
        patience. Never the test part: what chooses cannot judge.
    seed : int
        Of the batches and of dropout.
    checkpoint : Path, optional
        Where to save at every look. If the file is there, training goes on from it and ends with
        the same weights as without the break.
    progress : bool
        Whether to show a bar.

    Returns
    -------
    Course

    Raises
    ------
    TypeError, ValueError
        If pictures and network or labels and head do not fit, nothing learns, patience has no
        validation part, or the checkpoint is damaged or of another training.

    Notes
    -----
    Batch k is drawn from a generator with seed (`seed`, k), so nothing but the step's number has
    to be remembered to go on. Frozen stages stay in evaluation mode (`set_training`).

    Examples
    --------
    >>> from softmaxbook.transfer.heads import build_classifier
    >>> from softmaxbook.transfer.targets import digit_pictures, few_labels
    >>> model = build_classifier("glyphnet", 10)
    >>> few = few_labels(digit_pictures().train, 2, seed=0)
    >>> course = finetune(model, few, Plan(n_steps=20), progress=False)
    >>> bool(course.losses[-1] < course.losses[0])
    True

    Derived in the chapter *finetuning*.
    """
    plan = plan or Plan()
    _check(model, data, plan, validation)
    run = _Run(model, data, plan, seed)
    if checkpoint is not None:
        run.identity = _identity(model, data, plan, validation, seed)
        if checkpoint.exists():
            run.resume(checkpoint)
    from tqdm import tqdm

    with (
        torch.random.fork_rng(devices=[]),
        tqdm(total=plan.n_steps, initial=run.step, desc="training", disable=not progress) as bar,
    ):
        set_training(model)
        while run.step < plan.n_steps and not run.has_stopped():
            run.advance()
            bar.update()
            if run.step % plan.check_every == 0 or run.step == plan.n_steps:
                run.look(validation)
                bar.set_postfix(loss=f"{run.losses[-1]:.3f}")
                if checkpoint is not None:
                    run.save(checkpoint)
    return run.finish()


class _Run:
    """The state of a training between two steps."""

    def __init__(self, model: nn.Module, data: Part, plan: Plan, seed: int) -> None:
        self.model, self.plan, self.seed = model, plan, seed
        self.pictures = torch.tensor(np.ascontiguousarray(data.features), dtype=torch.float32)
        self.labels = torch.tensor(np.ascontiguousarray(data.labels), dtype=torch.long)
        self.step = 0
        self.identity = ""
        self.losses: list[float] = []
        self.checks: list[tuple[int, float]] = []
        self.best: tuple[int, dict[str, Tensor]] | None = None
        self.optimiser = build_optimiser(model, plan)

    def advance(self) -> None:
        """Take one step."""
        if self.step in self.plan.phases:
            freeze(self.model, self.plan.phases[self.step])
            set_training(self.model)
        set_rates(self.optimiser, self.step, self.plan.n_steps)
        rows, seed = draw_batch(len(self.labels), self.plan.batch_size, self.seed, self.step)
        torch.default_generator.manual_seed(seed)  # dropout's; torch.manual_seed seeds GPUs too
        self.optimiser.zero_grad()
        loss: Tensor = functional.cross_entropy(self.model(self.pictures[rows]), self.labels[rows])
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        self.losses.append(loss.item())
        self.step += 1

    def look(self, validation: Part | None) -> None:
        """Measure on the validation part, and keep the weights if they are the best so far."""
        if validation is None:
            return
        right = accuracy(self.model, validation)
        if self.best is None or right > max(value for _, value in self.checks):
            self.best = (self.step, deepcopy(self.model.state_dict()))
        self.checks.append((self.step, right))

    def has_stopped(self) -> bool:
        """Return whether patience is at its end."""
        if self.plan.patience is None or self.best is None:
            return False
        return sum(step > self.best[0] for step, _ in self.checks) >= self.plan.patience

    def finish(self) -> Course:
        """Take the best weights and tell the story."""
        best_step = self.step
        if self.best is not None:
            best_step = self.best[0]
            self.model.load_state_dict(self.best[1])
        self.model.eval()
        return Course(np.array(self.losses), tuple(self.checks), best_step)

    def save(self, file: Path) -> None:
        """Write everything that the next step needs; a kill leaves the old file or the new one."""
        whole = {
            "identity": self.identity,
            "step": self.step,
            "losses": self.losses,
            "checks": self.checks,
            "model": self.model.state_dict(),
            "learning": [p.requires_grad for p in self.model.parameters()],
            "optimiser": self.optimiser.state_dict(),
            "best": self.best,
        }
        part = file.with_name(file.name + ".part")
        file.parent.mkdir(parents=True, exist_ok=True)
        torch.save(whole, part)
        part.replace(file)

    def resume(self, file: Path) -> None:
        """Go back to where a training was when it saved."""
        try:
            saved = torch.load(file, map_location="cpu", weights_only=True)
        except Exception as error:  # whatever a torn file makes the reader say
            raise ValueError(
                f"the checkpoint {file} is damaged: delete it to start again"
            ) from error
        if not isinstance(saved, dict) or saved.get("identity") != self.identity:
            raise ValueError(
                f"the checkpoint {file} is of another training: the plan, the pictures, the seed "
                "or the weights at the start differ. To go on, build the network as before; to "
                "start again, name another file or delete this one"
            )
        self.model.load_state_dict(saved["model"])
        learning = saved["learning"]
        for value, learns in zip(self.model.parameters(), learning, strict=True):
            value.requires_grad_(learns)
        self.optimiser.load_state_dict(saved["optimiser"])
        self.step, self.losses = saved["step"], saved["losses"]
        self.checks = [tuple(each) for each in saved["checks"]]
        self.best = saved["best"]


def _identity(model: nn.Module, data: Part, plan: Plan, validation: Part | None, seed: int) -> str:
    """Return a hash of all that decides how a training goes."""
    settings = {**asdict(plan), "phases": {str(k): v for k, v in plan.phases.items()}}
    learning = [value.requires_grad for value in model.parameters()]
    start = [settings, seed, learning, fingerprint(model)]
    digest = hashlib.sha256(json.dumps(start, sort_keys=True).encode())
    for part in (data, validation):
        for array in part or ():
            digest.update(f"{np.shape(array)}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _check(model: nn.Module, data: Part, plan: Plan, validation: Part | None) -> None:
    """Refuse what would fail, or succeed at the wrong thing, later."""
    _check_part(model, data)
    if validation is not None:
        _check_part(model, validation)
    elif plan.patience is not None:
        raise ValueError("patience needs a validation part: something must get better or not")
    parts = stages(model)
    unknown = {name for learning in plan.phases.values() for name in learning} - set(parts)
    if unknown:
        raise ValueError(f"no stages {sorted(unknown)}; there are {', '.join(parts)}")
    if not all(plan.phases.values()):
        raise ValueError(f"a phase in which nothing learns: {dict(plan.phases)}")
    if 0 not in plan.phases and not any(value.requires_grad for value in model.parameters()):
        raise ValueError(
            f"every parameter is frozen: freeze(model, [{HEAD!r}]) lets the head learn"
        )


def _check_part(model: nn.Module, part: Part) -> None:
    features, labels = map(np.asarray, part)
    n_classes = check_pictures(model, features)
    if labels.shape != features.shape[:1] or labels.dtype.kind not in "iu":
        raise ValueError(
            f"{len(features)} pictures need as many whole numbers as labels, got an array of "
            f"{labels.dtype} with shape {labels.shape}"
        )
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= n_classes:
        raise ValueError(
            f"the head has {n_classes} classes, and the labels go from {low} to {high}: "
            "build_classifier makes a head with the target's classes"
        )
