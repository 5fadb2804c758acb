"""The class on one page: marks, parts, mistakes, which question separates, who needs a look.

The page names nobody unless asked to, so that it can be shown in a meeting or a lecture. Without
names, it says of hand-ins to look at only how many there are: their problems quote file names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from softmaxbook.checking import Status

from ..assignment import Assignment
from ..course import CourseError, write_whole
from ..marks.gradebook import Standing, graded_standings
from ..marks.records import ExerciseMark, Marks
from ..marks.regrades import Request
from ..wording import counted, points
from .discrimination import Discrimination, Finding, discrimination
from .html import page, trusted

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Reported:
    """Where the page is, and how many students it is about."""

    path: Path
    graded: int
    open: int

    def __str__(self) -> str:
        """Return the outcome in words."""
        graded = counted(self.graded, "student")
        return f"{self.path}: {graded} with marks, {self.open} with something open"


def write(assignment: Assignment, names: bool = False) -> Reported:
    """Write ``report.html``.

    Parameters
    ----------
    assignment : Assignment
    names : bool
        Name who has something open, and what. Then the page is for the instructors alone.

    Raises
    ------
    CourseError
        If nobody has marks, or matplotlib is not installed.
    """
    everyone = graded_standings(assignment)
    graded = [each.usable for each in everyone if each.usable is not None]
    path = assignment.folder / "report.html"
    write_whole(path, report_page(assignment, everyone, graded, names))
    return Reported(path, len(graded), sum(bool(each.open) for each in everyone))


def report_page(
    assignment: Assignment, everyone: Sequence[Standing], graded: Sequence[Marks], names: bool
) -> str:
    """Return the page as HTML."""
    complete = [each for each in graded if each.points is not None]
    some = [each for each in everyone if each.open]
    return page(
        "report.html",
        title=assignment.title,
        complete=len(complete),
        open=some,
        to_look_at=sum(bool(each.to_look_at) for each in some),
        students=len(everyone),
        names=names,
        **_marks(assignment, everyone, graded),
        **_parts(graded),
        **_mistakes(graded),
        **_separation(complete),
        regrades=_regrades(assignment, everyone),
    )


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG, and what it shows in words."""

    svg: Markup
    alt: str


Section = dict[str, Any]  # what the template shows, by name


def _marks(
    assignment: Assignment, everyone: Sequence[Standing], graded: Sequence[Marks]
) -> Section:
    complete = [each.points for each in graded if each.points is not None]
    waiting = len(graded) - len(complete)
    facts = [
        ("students", str(len(everyone))),
        ("with marks", str(len(graded))),
        ("handed in late", str(sum(each.late for each in graded))),
    ]
    if waiting:
        facts.append(("waiting for marks by hand, and not in the picture", str(waiting)))
    if not complete:
        return {"facts": facts, "points_picture": None}
    low, middle, high = (points(float(q)) for q in np.quantile(complete, [0.25, 0.5, 0.75]))
    facts += [
        (f"median, of {points(assignment.total)} points", middle),
        ("a quarter has at most", low),
        ("a quarter has at least", high),
    ]
    alt = (
        f"A histogram of the points of {len(complete)} students, from "
        f"{points(min(complete))} to {points(max(complete))}; the median is "
        f"{middle} of {points(assignment.total)}."
    )

    def draw(ax: Axes) -> None:
        from .figures import histogram

        histogram(ax, complete, assignment.total)

    return {"facts": facts, "points_picture": _picture(draw, 2.6, alt)}


@dataclass(frozen=True)
class Part:
    """An aspect of an exercise, or the whole of it, and how many earned all its points."""

    name: str
    right: int
    of: int

    @property
    def share(self) -> str:
        """Return the share of those who did, in words."""
        return f"{100 * self.right / self.of:.0f} %"


def _parts(graded: Sequence[Marks]) -> Section:
    found = []
    for mark in graded[0].exercises:
        for aspect in mark.aspects:
            right = sum(_is_right(each, mark.id, aspect.name) for each in graded)
            name = mark.title if len(mark.aspects) == 1 else f"{mark.title}: {aspect.name}"
            found.append(Part(name, right, len(graded)))
    if not found:
        return {"parts": found}
    easiest, hardest = (pick(found, key=lambda part: part.right) for pick in (max, min))
    alt = (
        f"Bars of the share of students with all points, part by part: most, {easiest.share}, "
        f"have “{easiest.name}”, and fewest, {hardest.share}, “{hardest.name}”."
    )

    def draw(ax: Axes) -> None:
        from .figures import shares

        shares(ax, *zip(*((each.name, each.right, each.of) for each in found), strict=True))

    return {"parts": found, "parts_picture": _picture(draw, _tall(found), alt)}


def _is_right(marks: Marks, id: str, name: str) -> bool:
    return any(
        aspect.name == name and aspect.points >= aspect.of
        for each in marks.exercises
        if each.id == id
        for aspect in each.aspects
    )


def _mistakes(graded: Sequence[Marks]) -> Section:
    found: Counter[tuple[str, str]] = Counter()
    for marks in graded:
        for each in marks.exercises:
            found.update((each.title, word) for word in _went_wrong(each))
    if not found:
        return {"mistakes": []}
    rows = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    named = [(f"{word} ({title})", n) for (title, word), n in rows[:12]]
    alt = (
        f"Bars of how many students made a mistake; the most frequent, by {named[0][1]} of "
        f"{len(graded)}, is “{named[0][0]}”."
    )

    def draw(ax: Axes) -> None:
        from .figures import counts

        counts(ax, *zip(*named, strict=True))

    order = [mark.title for mark in graded[0].exercises]
    rows.sort(key=lambda item: (order.index(item[0][0]), -item[1]))
    cells = [(title, word, n) for (title, word), n in rows]
    return {"mistakes": cells, "mistakes_picture": _picture(draw, _tall(named), alt)}


def _went_wrong(mark: ExerciseMark) -> tuple[str, ...]:
    """Return the mistakes by name, or what else kept an answer from being right."""
    if mark.mistakes:
        return mark.mistakes
    return () if mark.status is Status.CORRECT else (f"— {mark.status.value}",)


def _separation(complete: Sequence[Marks]) -> Section:
    if not complete:
        return {"separation": []}
    questions = [each.questions for each in complete]
    titles = [each.title for each in questions[0]]
    found = discrimination([[each.points or 0.0 for each in own] for own in questions])
    cells = [
        (title, *_correlation(each), each.said) for title, each in zip(titles, found, strict=True)
    ]
    drawn = [(title, each) for title, each in zip(titles, found, strict=True) if each.is_known]
    if not drawn:
        return {"separation": cells, "separation_picture": None}
    sure = sum(each.finding is Finding.SEPARATES for _, each in drawn)
    alt = (
        f"Intervals of the correlation for {counted(len(drawn), 'question')}; {sure} of them lie "
        "wholly above 0. The table below has the numbers."
    )

    def draw(ax: Axes) -> None:
        from .figures import intervals

        intervals(ax, *zip(*drawn, strict=True))

    return {"separation": cells, "separation_picture": _picture(draw, _tall(drawn), alt)}


@dataclass(frozen=True)
class Regrades:
    """What was asked to be graded again, of one question, and what came of it."""

    title: str
    requests: tuple[Request, ...]

    @property
    def numbers(self) -> tuple[int, int, int]:
        """Return how many were changed, not changed, and are open."""
        open = sum(each.is_open for each in self.requests)
        changed = sum(each.points is not None for each in self.requests)
        return changed, len(self.requests) - changed - open, open


def _regrades(assignment: Assignment, everyone: Sequence[Standing]) -> list[Regrades]:
    titles = {each.id: each.exercise.title for each in assignment.exercises}
    titles |= {each.id: each.title for each in assignment.manual}
    asked = sorted((r for each in everyone for r in each.requests), key=lambda each: each.number)
    found = [
        Regrades(title, tuple(each for each in asked if each.question == id))
        for id, title in titles.items()
    ]
    return [each for each in found if each.requests]


def _correlation(found: Discrimination) -> tuple[str, str]:
    if not found.is_known:
        return "–", "–"
    numbers = (found.r, found.low, found.high)
    one, *two = (f"{value:.2f}".replace("-", "−") for value in numbers)
    return one, " … ".join(two)


def _tall(rows: Sequence[object]) -> float:
    return 0.8 + 0.42 * len(rows)


def _picture(draw: Callable[[Axes], None], height: float, alt: str) -> Picture:
    """Return a picture whose colours follow the page."""
    try:
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise CourseError("the report draws with matplotlib: pip install matplotlib") from None
    from softmaxbook.theme import RC, svg

    with mpl.rc_context(dict(RC)):
        drawn = Figure(figsize=(4.8, height))
        FigureCanvasAgg(drawn)
        draw(drawn.subplots())
        return Picture(trusted(svg(drawn)), alt)
