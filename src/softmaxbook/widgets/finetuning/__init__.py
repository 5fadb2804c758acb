"""The map of transfer: the reader walks over measured targets, labels, frozen parts and rates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.experiments.tables import Table, by_seed, stored
from softmaxbook.learning.intervals import Interval, mean_interval
from softmaxbook.widgets.explorable import Explorable, number
from softmaxbook.widgets.modules import bundle
from softmaxbook.widgets.rows import are_scores, checked_rows, is_number, is_whole, plain_scores

SCRATCH = "from scratch"
"""The arm without transfer: the one that every difference is taken from."""


class TransferExplorer(Explorable):
    """Learning curves and the map of wins and losses, from stored measurements.

    Parameters
    ----------
    arms : list, optional
        Rows (target, labels per class, arm, seconds, accuracies), one accuracy a seed. Each pair
        of target and labels needs the arm "from scratch". By default the stored table ``arms``.
    rates : list, optional
        Rows (target, labels per class, head rate, body rate, accuracies) with the first seeds of
        the arms; body rate 0 means frozen. By default the stored table ``rates``; may be empty.
    distances : dict of str to float, optional
        How far each target is from the source. The map puts the targets in this order; without
        distances, in that of the rows.
    target, arm : str, optional
        Of the rows; at first "digits" and "all layers" where they are there.
    labels : int, optional
        Per class.
    head_rate, body_rate : float, optional
        Of the rows in `rates`.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> rows = [("a", 1, "from scratch", 2.0, [0.5, 0.6]), ("a", 1, "head", 1.0, [0.7, 0.9])]
    >>> print(TransferExplorer(arms=rows, rates=[]).difference("a", 1, "head"))
    0.250 [−0.385, 0.885]

    Used in the chapter *finetuning*.
    """

    module = "finetuning"
    _esm = bundle("finetuning")

    arms: traitlets.List[Any] = traitlets.List().tag(sync=True)
    rates: traitlets.List[Any] = traitlets.List().tag(sync=True)
    distances: traitlets.Dict[str, float] = traitlets.Dict().tag(sync=True)
    target = traitlets.Unicode().tag(sync=True)
    labels = traitlets.Int(1).tag(sync=True)
    arm = traitlets.Unicode().tag(sync=True)
    head_rate = number(0.01, 0.0, 1e3, "the learning rate of the head")
    body_rate = number(0.01, 0.0, 1e3, "the learning rate before the head; 0 is frozen")

    def __init__(self, **values: Any) -> None:
        given = {name: value for name, value in values.items() if value is not None}
        if "arms" not in given:
            given["arms"] = arm_rows(stored("arms"))
            given.setdefault("rates", rate_rows(stored("rates")))
        arms = _checked_arms(given["arms"])
        rates = _checked_rates(given.get("rates", []), arms)
        chosen = _first_choice(arms, rates)
        # The rows come first: every choice is judged by them.
        super().__init__()
        self.set_trait("arms", arms)
        self.set_trait("rates", rates)
        for name, value in {**chosen, **given}.items():
            if name not in ("arms", "rates"):
                setattr(self, name, value)

    @traitlets.validate("arms")
    def _arms(self, proposal: Any) -> list[Any]:
        return _checked_arms(proposal["value"])

    @traitlets.validate("rates")
    def _rates(self, proposal: Any) -> list[Any]:
        return _checked_rates(proposal["value"], self.arms)

    @traitlets.validate("distances")
    def _distances(self, proposal: Any) -> dict[str, float]:
        value, targets = proposal["value"], _values(self.arms, 0)
        wanted = f"distances must hold a number of at least 0 for each of {', '.join(targets)}"
        right = isinstance(value, dict) and all(_is_positive(value.get(name)) for name in targets)
        if not value:
            return {}
        if not right:
            raise traitlets.TraitError(f"{wanted}; got {value!r}")
        return {name: float(value[name]) for name in targets}

    @traitlets.validate("target", "labels", "arm", "head_rate", "body_rate")
    def _measured(self, proposal: Any) -> Any:
        name, value = proposal["trait"].name, proposal["value"]
        choices = self.choices(name)
        if choices and value not in choices:
            there = ", ".join(map(str, choices))
            raise traitlets.TraitError(f"{name} must be one of {there}; got {value!r}")
        return value

    def choices(self, name: str) -> list[Any]:
        """Return the values that were measured of "target", "labels", "arm" or a rate."""
        if name == "arm":
            return [arm for arm in _values(self.arms, 2) if arm != SCRATCH]
        if name == "target" and self.distances:
            return sorted(_values(self.arms, 0), key=lambda target: self.distances[target])
        if name in ("target", "labels"):
            return _values(self.arms, ("target", "labels").index(name))
        return _values(self.rates, 2 + ("head_rate", "body_rate").index(name))

    def difference(self, target: str, labels: int, arm: str) -> Interval | None:
        """Return the mean accuracy beyond "from scratch", seed by seed, or None if not measured."""
        scores = {row[2]: row[4] for row in self.arms if row[:2] == [target, labels]}
        if arm not in scores:
            return None
        return mean_interval(np.subtract(scores[arm], scores[SCRATCH]))

    def curve(self, arm: str) -> dict[int, Interval]:
        """Return the accuracies of an arm on the chosen target, by labels per class."""
        rows = [row for row in self.arms if row[0] == self.target and row[2] == arm]
        return {row[1]: mean_interval(row[4], within=(0, 1)) for row in rows}

    def picture(self) -> theme.Picture:
        """Return the learning curves beside the map."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        curves = {name: self.curve(name) for name in (SCRATCH, self.arm)}
        curves = {name: curve for name, curve in curves.items() if curve}
        targets, labels = self.choices("target"), self.choices("labels")
        found = [[self.difference(target, n, self.arm) for n in labels] for target in targets]
        with plt.rc_context(dict(theme.RC)):
            figure, axes = plt.subplots(2, 1, figsize=(6.4, 6.4))
            plots.learning_curves(axes[0], curves).set_title(self.target)
            plots.transfer_map(axes[1], targets, labels, found).set_title(
                f"{self.arm}, minus {SCRATCH}, in points"
            )
        return theme.show(figure, alt=self._in_words(targets, labels, found))

    def _in_words(
        self, targets: list[str], labels: list[int], found: list[list[Interval | None]]
    ) -> str:
        here = self.difference(self.target, self.labels, self.arm)
        told = f"The arm “{self.arm}” beside “{SCRATCH}”."
        if here is not None:
            told += f" On {self.target} with {self.labels} labels per class, transfer changes the"
            told += f" accuracy by {here}."
        for side, has in _SIDES.items():
            cells = [
                f"{target} with {n}"
                for target, row in zip(targets, found, strict=True)
                for n, each in zip(labels, row, strict=True)
                if each is not None and has(each)
            ]
            told += f" It {side} on {'; '.join(cells) or 'none'}."
        return told


_SIDES: dict[str, Callable[[Interval], bool]] = {
    "wins": lambda interval: interval.low > 0,
    "loses": lambda interval: interval.high < 0,
}


def arm_rows(table: Table) -> list[list[Any]]:
    """Return the rows of the stored table ``arms`` as the explorable keeps them.

    Parameters
    ----------
    table : Table

    Returns
    -------
    list of list
        Target, labels per class, arm, seconds, accuracies.
    """
    keys = ("target", "labels", "arm", "seconds")
    return [[*(row[key] for key in keys), by_seed(row).tolist()] for row in table.rows]


def rate_rows(table: Table) -> list[list[Any]]:
    """Return the rows of the stored table ``rates`` as the explorable keeps them.

    Parameters
    ----------
    table : Table

    Returns
    -------
    list of list
        Target, labels per class, head rate, body rate, accuracies.
    """
    keys = ("target", "labels", "head rate", "body rate")
    return [[*(row[key] for key in keys), by_seed(row).tolist()] for row in table.rows]


def _values(rows: Iterable[Any], column: int) -> list[Any]:
    """Return what a column holds: numbers in their order, words in the order of the rows."""
    found = list(dict.fromkeys(row[column] for row in rows))
    return found if any(isinstance(value, str) for value in found) else sorted(found)


def _first_choice(arms: list[Any], rates: list[Any]) -> dict[str, Any]:
    """Return where the explorable begins."""

    def preferred(values: list[Any], wish: Any) -> Any:
        return wish if wish in values else values[0]

    others = [arm for arm in _values(arms, 2) if arm != SCRATCH]
    chosen = {
        "target": preferred(_values(arms, 0), "digits"),
        "labels": preferred(_values(arms, 1), 5),
        "arm": preferred(others, "all layers"),
    }
    if rates:
        chosen["head_rate"] = preferred(_values(rates, 2), 0.03)
        chosen["body_rate"] = preferred(_values(rates, 3), 0.003)
    return chosen


def _is_positive(value: Any) -> bool:
    return is_number(value) and value >= 0


def _is_cell(row: list[Any]) -> bool:
    if len(row) != 5 or not is_whole(row[1]) or row[1] < 1:
        return False
    return isinstance(row[0], str) and are_scores(row[4])


def _checked_arms(rows: Any) -> list[list[Any]]:
    form = "target, labels per class, arm, seconds and at least two accuracies in [0, 1]"
    checked = checked_rows(
        rows,
        form,
        lambda row: _is_cell(row) and isinstance(row[2], str) and _is_positive(row[3]),
        key=lambda row: tuple(row[:3]),
    )
    checked = [
        [row[0], int(row[1]), row[2], float(row[3]), plain_scores(row[4])] for row in checked
    ]
    seeds = {(row[0], row[1]): len(row[4]) for row in checked if row[2] == SCRATCH}
    for target, labels, arm, _, scores in checked:
        if seeds.get((target, labels)) != len(scores):
            raise traitlets.TraitError(
                f"{target!r} with {labels} labels needs a row {SCRATCH!r} with as many accuracies"
                f" as {arm!r} has: {len(scores)}"
            )
    if all(row[2] == SCRATCH for row in checked):
        raise traitlets.TraitError(f"arms must hold a row of another arm than {SCRATCH!r}")
    return checked


def _checked_rates(rows: Any, arms: list[Any]) -> list[list[Any]]:
    form = "target, labels per class, head rate, body rate and at least two accuracies in [0, 1]"
    checked = checked_rows(
        rows,
        form,
        lambda row: _is_cell(row) and all(map(_is_positive, row[2:4])),
        key=lambda row: tuple(row[:4]),
    )
    checked = [
        [row[0], int(row[1]), *map(float, row[2:4]), plain_scores(row[4])] for row in checked
    ]
    seeds = {(row[0], row[1]): len(row[4]) for row in arms}
    for target, labels, *_, scores in checked:
        if seeds.get((target, labels), 0) < len(scores):
            raise traitlets.TraitError(
                f"rates on {target!r} with {labels} labels need arms there, with as many seeds"
            )
    return checked
