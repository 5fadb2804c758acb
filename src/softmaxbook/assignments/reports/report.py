"""The class on one page: marks, parts, mistakes, which question separates, who needs a look.

The page names nobody unless asked to, so that it can be shown in a meeting or a lecture. Without
names, it says of hand-ins to look at only how many there are: their problems quote file names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from softmaxbook.checking import Status

from ..assignment import Assignment
from ..course import CourseError, write_whole
from ..marks.gradebook import Standing, graded_standings
from ..marks.records import ExerciseMark, Marks
from ..wording import counted, points
from .discrimination import Finding, discrimination
from .html import document, figure, table, text

if TYPE_CHECKING:
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
    parts = [
        f"<h1>{text(assignment.title)}: the class</h1>",
        _marks(assignment, everyone, graded),
        _parts(graded),
        _mistakes(graded),
        _separation(graded),
        _open(everyone, names),
    ]
    return document(f"{assignment.title}: the class", "\n".join(parts))


def _marks(assignment: Assignment, everyone: Sequence[Standing], graded: Sequence[Marks]) -> str:
    complete = [each.points for each in graded if each.points is not None]
    waiting = len(graded) - len(complete)
    late = sum(each.late for each in graded)
    facts = [
        ("students", str(len(everyone))),
        ("with marks", str(len(graded))),
        ("handed in late", str(late)),
    ]
    if waiting:
        facts.append(("waiting for marks by hand, and not in the picture", str(waiting)))
    if complete:
        low, middle, high = np.quantile(complete, [0.25, 0.5, 0.75])
        facts += [
            (f"median, of {points(assignment.total)} points", points(float(middle))),
            ("a quarter has at most", points(float(low))),
            ("a quarter has at least", points(float(high))),
        ]
    said = "<h2>Marks</h2>\n" + table("The class", ("What", "Number"), facts, numbers=1)
    if not complete:
        return f"{said}\n<p>Nobody's points are complete yet.</p>"
    alt = (
        f"A histogram of the points of {len(complete)} students, from "
        f"{points(min(complete))} to {points(max(complete))}; the median is "
        f"{points(float(np.median(complete)))} of {points(assignment.total)}."
    )

    def draw(ax: Axes) -> None:
        from .figures import histogram

        histogram(ax, complete, assignment.total)

    return f"{said}\n{_figure(draw, 2.6, alt)}"


def _parts(graded: Sequence[Marks]) -> str:
    rows = []
    for mark in graded[0].exercises:
        for aspect in mark.aspects:
            own = [_aspect(each, mark.id, aspect.name) for each in graded]
            name = mark.title if len(mark.aspects) == 1 else f"{mark.title}: {aspect.name}"
            rows.append((name, sum(full for full in own), len(own)))
    if not rows:
        return ""
    hardest = min(rows, key=lambda row: row[1] / row[2])
    easiest = max(rows, key=lambda row: row[1] / row[2])
    alt = (
        f"Bars of the share of students with all points, part by part: most, {_share(easiest)}, "
        f"have “{easiest[0]}”, and fewest, {_share(hardest)}, “{hardest[0]}”."
    )

    def draw(ax: Axes) -> None:
        from .figures import shares

        shares(ax, *zip(*rows, strict=True))

    cells = [(text(name), str(k), str(n), _share((name, k, n))) for name, k, n in rows]
    made = table("All points for a part", ("Part", "Right", "of", "Share"), cells, numbers=3)
    return f"<h2>What is right</h2>\n{_figure(draw, _tall(rows), alt)}\n{made}"


def _aspect(marks: Marks, id: str, name: str) -> bool:
    return any(
        aspect.name == name and aspect.points >= aspect.of
        for each in marks.exercises
        if each.id == id
        for aspect in each.aspects
    )


def _share(row: tuple[str, int, int]) -> str:
    return f"{100 * row[1] / row[2]:.0f} %"


def _mistakes(graded: Sequence[Marks]) -> str:
    found: Counter[tuple[str, str]] = Counter()
    for marks in graded:
        for each in marks.exercises:
            found.update((each.title, word) for word in _went_wrong(each))
    if not found:
        return "<h2>Mistakes</h2>\n<p>Nobody made any.</p>"
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
    cells = [(text(title), text(word), str(n)) for (title, word), n in rows]
    made = table("Per question", ("Question", "Mistake", "Students"), cells, numbers=1)
    return f"<h2>Mistakes</h2>\n{_figure(draw, _tall(named), alt)}\n{made}"


def _went_wrong(mark: ExerciseMark) -> tuple[str, ...]:
    """Return the mistakes by name, or what else kept an answer from being right."""
    if mark.mistakes:
        return mark.mistakes
    return () if mark.status is Status.CORRECT else (f"— {mark.status.value}",)


def _separation(graded: Sequence[Marks]) -> str:
    complete = [each for each in graded if each.points is not None]
    said = (
        "<h2>Which question separates</h2>\n<p>Do those who earn points elsewhere earn them here "
        "too? This is the correlation of a question's points with the sum of the others', with an "
        "approximate 95 % interval. A question separates where the whole interval is above 0. One "
        "on which all agree cannot separate, and need not.</p>"
    )
    if not complete:
        return f"{said}\n<p>Nobody's points are complete yet.</p>"
    titles = [one.title for one in complete[0].exercises]
    titles += [each.title for each in complete[0].manual]
    earned = [
        [*(e.points for e in marks.exercises), *(m.points or 0.0 for m in marks.manual)]
        for marks in complete
    ]
    found = discrimination(earned)
    cells = [
        (text(title), *(_correlation(each.r, each.low, each.high)), text(each.said))
        for title, each in zip(titles, found, strict=True)
    ]
    head = ("Question", "Correlation", "Interval", f"With n = {len(complete)}")
    made = table("Separation", head, cells)
    drawn = [(title, each) for title, each in zip(titles, found, strict=True) if each.is_known]
    if not drawn:
        return f"{said}\n{made}"
    sure = sum(each.finding is Finding.SEPARATES for _, each in drawn)
    alt = (
        f"Intervals of the correlation for {len(drawn)} questions; {sure} of them lie wholly above "
        "0. The table below has the numbers."
    )

    def draw(ax: Axes) -> None:
        from .figures import intervals

        intervals(ax, *zip(*drawn, strict=True))

    return f"{said}\n{_figure(draw, _tall(drawn), alt)}\n{made}"


def _correlation(r: float, low: float, high: float) -> tuple[str, str]:
    if np.isnan(r):
        return "–", "–"
    one, *two = (f"{value:.2f}".replace("-", "−") for value in (r, low, high))
    return one, " … ".join(two)


def _open(everyone: Sequence[Standing], names: bool) -> str:
    some = [each for each in everyone if each.open]
    if not some:
        return "<h2>To look at</h2>\n<p>Nothing is open.</p>"
    looks = sum(bool(each.to_look_at) for each in some)
    count = (
        f"<p>{len(some)} of {len(everyone)} students have something open, {looks} of them a "
        "hand-in to look at.</p>"
    )
    if not names:
        hint = "<p>Who they are: <code>softmaxbook assignment report … --names</code>.</p>"
        return f"<h2>To look at</h2>\n{count}\n{hint}"
    cells = [
        (f'<span class="long">{text(each.student.id)}</span>', text("; ".join(map(str, each.open))))
        for each in some
    ]
    return f"<h2>To look at</h2>\n{count}\n{table('Open', ('Student', 'What'), cells)}"


def _tall(rows: Sequence[object]) -> float:
    return 0.8 + 0.42 * len(rows)


def _figure(draw: Callable[[Axes], None], height: float, alt: str) -> str:
    """Return a figure as HTML whose colours follow the page."""
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
        return figure(svg(drawn), alt)
