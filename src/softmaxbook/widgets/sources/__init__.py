"""Choosing a source: the reader compares yardsticks, predicts, and asks what was measured."""

from __future__ import annotations

import math
from typing import Any

import traitlets

from softmaxbook import theme
from softmaxbook.experiments.tables import Table, by_network, stored
from softmaxbook.learning.intervals import Interval, mean_interval
from softmaxbook.widgets.explorable import Explorable
from softmaxbook.widgets.modules import bundle
from softmaxbook.widgets.rows import are_scores, checked_rows, is_number, plain_scores

YARDSTICKS = {
    "nearness for the body": "distance",
    "nearness of the pixels": "pixel distance",
    "LEEP": "LEEP",
    "LogME": "LogME",
}
"""What a source is judged by before anything is trained on the target: a column of ``sources``."""

SOURCES = {
    "letters, 20 fonts": "the source of this book, for a shorter time",
    "letters, 1 font": "one typeface, many turns and bends",
    "letters, 2 classes": "only A against B",
    "letters, turned": "by a quarter",
    "letters, negative": "white on black",
    "letters, wrong labels": "the same pictures, labels dealt out at random",
    "textures": "a thousand cuttings, again and again",
    "untrained": "random weights; statistics of letters, without labels",
    "untrained, as made": "random weights, as they were made",
}
"""What the sources of the stored table ``sources`` are."""


class SourceExplorer(Explorable):
    """Sources in the order of a yardstick, and what each turned out to be worth on digits.

    The measured accuracies are hidden until the reader asks for them: there is a prediction first.

    Parameters
    ----------
    yardstick : str, optional
        "nearness for the body", "nearness of the pixels", "LEEP" or "LogME".
    source : str, optional
        The chosen source; of the rows. At first that of the first row.
    revealed : bool, optional
        Whether the measured accuracies are shown.
    rows : list, optional
        Rows (source, distance for the body, distance of the pixels, LEEP, LogME, accuracies),
        with None or nan where a source has no such score; each yardstick needs the scores of two
        sources. By default the stored table ``sources``. They cannot be changed afterwards.
    about : dict of str to str, optional
        What a source is, in a few words.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Notes
    -----
    A source without a score has no place in the order of that yardstick and no part in Kendall's
    coefficient.

    Examples
    --------
    >>> explorer = SourceExplorer()
    >>> explorer.order("LEEP")[-1], "untrained" in explorer.scores("LEEP")
    ('letters, wrong labels', False)
    >>> round(explorer.agreement("LEEP"), 2)
    0.81

    Used in the chapter *outlook*.
    """

    module = "sources"
    _esm = bundle("sources")

    rows: traitlets.List[Any] = traitlets.List(read_only=True).tag(sync=True)
    about: traitlets.Dict[str, str] = traitlets.Dict(
        key_trait=traitlets.Unicode(), value_trait=traitlets.Unicode()
    ).tag(sync=True)
    yardstick = traitlets.Enum(list(YARDSTICKS), next(iter(YARDSTICKS))).tag(sync=True)
    source = traitlets.Unicode().tag(sync=True)
    revealed = traitlets.Bool(False).tag(sync=True)

    def __init__(self, **values: Any) -> None:
        given = {name: value for name, value in values.items() if value is not None}
        rows = _checked(given.pop("rows") if "rows" in given else source_rows(stored("sources")))
        # The rows come first: the chosen source is one of them.
        super().__init__()
        self.set_trait("rows", rows)
        for name, value in {"source": rows[0][0], **given}.items():
            setattr(self, name, value)

    @traitlets.default("about")
    def _about(self) -> dict[str, str]:
        return dict(SOURCES)

    @traitlets.validate("source")
    def _one_of_the_rows(self, proposal: Any) -> str:
        source: str = proposal["value"]
        there = [row[0] for row in self.rows]
        if there and source not in there:
            raise traitlets.TraitError(f"source must be one of {'; '.join(there)}; got {source!r}")
        return source

    def scores(self, yardstick: str) -> dict[str, float]:
        """Return what a yardstick says of the sources; more is better, so a distance is negative.

        Parameters
        ----------
        yardstick : str

        Returns
        -------
        dict of str to float
            Without the sources that have no such score.
        """
        column = 1 + list(YARDSTICKS).index(yardstick)
        sign = -1.0 if _is_distance(yardstick) else 1.0
        return {row[0]: sign * row[column] for row in self.rows if row[column] is not None}

    def order(self, yardstick: str) -> list[str]:
        """Return the sources that a yardstick knows, the most promising first.

        Parameters
        ----------
        yardstick : str
        """
        scores = self.scores(yardstick)
        return sorted(scores, key=lambda source: -scores[source])

    def accuracies(self) -> dict[str, Interval]:
        """Return the measured accuracy on the target with each source, with its interval."""
        return {row[0]: mean_interval(row[5], within=(0, 1)) for row in self.rows}

    def agreement(self, yardstick: str) -> float:
        """Return Kendall's coefficient of a yardstick with the measured accuracies.

        Parameters
        ----------
        yardstick : str

        Returns
        -------
        float
            1 if both put the sources in the same order, −1 if in the reverse; nan if all scores or
            all accuracies are equal.
        """
        from scipy.stats import kendalltau

        scores, accuracies = self.scores(yardstick), self.accuracies()
        means = [accuracies[source].mean for source in scores]
        return float(kendalltau(list(scores.values()), means).statistic)

    def picture(self) -> theme.Picture:
        """Return the orders of all yardsticks; once revealed, accuracy over the chosen one."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        with plt.rc_context(dict(theme.RC)):
            if self.revealed:
                figure, ax = plt.subplots(figsize=(6.4, 3.2))
                scores, accuracies = self.scores(self.yardstick), self.accuracies()
                plots.source_points(ax, scores, {name: accuracies[name] for name in scores})
                ax.set(xlabel=_axis(self.yardstick), ylabel="accuracy on digits")
            else:
                figure, ax = plt.subplots(figsize=(7.2, 0.6 + 0.22 * len(self.rows)))
                plots.source_orders(ax, {name: self._ranked(name) for name in YARDSTICKS})
        return theme.show(figure, alt=self._in_words())

    def _ranked(self, yardstick: str) -> list[tuple[int, str]]:
        """Return place and name of the sources, the most promising first; equals share a place."""
        scores = self.scores(yardstick)
        return [
            (1 + sum(other > scores[name] for other in scores.values()), name)
            for name in self.order(yardstick)
        ]

    def _in_words(self) -> str:
        if not self.revealed:
            told = "Sources in the order of four yardsticks, the most promising first."
            for name in YARDSTICKS:
                ranked = "; ".join(f"{place}. {source}" for place, source in self._ranked(name))
                told += f" By {name}: {ranked}."
            return told
        scores, accuracies = self.scores(self.yardstick), self.accuracies()
        points = "; ".join(
            f"{source} at {scores[source]:.2f}, {accuracies[source]}".replace("at -", "at −")
            for source in self.order(self.yardstick)
        )
        return (
            f"Accuracy on digits over {_axis(self.yardstick)}, a point for each source: {points}."
            f" Kendall's coefficient is {self.agreement(self.yardstick):+.2f}."
        )


def source_rows(table: Table) -> list[list[Any]]:
    """Return the rows of the stored table ``sources`` as the explorable keeps them.

    Parameters
    ----------
    table : Table

    Returns
    -------
    list of list
        Source, distance for the body, distance of the pixels, LEEP, LogME, and an accuracy for
        each pretraining.
    """
    columns = ("source", *YARDSTICKS.values())
    return [[*(row[column] for column in columns), by_network(row).tolist()] for row in table.rows]


def _is_distance(yardstick: str) -> bool:
    return yardstick.startswith("nearness")


def _axis(yardstick: str) -> str:
    return f"{yardstick}, minus the distance" if _is_distance(yardstick) else yardstick


def _checked(rows: Any) -> list[list[Any]]:
    form = "source, two distances, LEEP, LogME and at least two accuracies in [0, 1]"
    checked = checked_rows(rows, form, _is_right, key=lambda row: row[0])
    plain = [[row[0], *map(_score, row[1:5]), plain_scores(row[5])] for row in checked]
    for column, yardstick in enumerate(YARDSTICKS, start=1):
        if sum(row[column] is not None for row in plain) < 2:
            raise traitlets.TraitError(f"{yardstick} needs the scores of at least two sources")
    return plain


def _is_right(row: list[Any]) -> bool:
    if len(row) != 6 or not isinstance(row[0], str) or not row[0].strip():
        return False
    scores = [score for score in row[1:5] if not _is_missing(score)]
    distances = [score for score in row[1:3] if not _is_missing(score)]
    are_right = all(map(is_number, scores)) and all(distance >= 0 for distance in distances)
    return are_right and are_scores(row[5])


def _score(score: Any) -> float | None:
    return None if _is_missing(score) else float(score)


def _is_missing(score: Any) -> bool:
    return score is None or (isinstance(score, float) and math.isnan(score))
