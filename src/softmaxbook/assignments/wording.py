"""Numbers and lists as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SHOWN = 10  # students that a line names


def points(value: float) -> str:
    """Return points with at most four digits behind the point.

    Examples
    --------
    >>> points(2.0), points(1 / 3)
    ('2', '0.3333')
    """
    return f"{round(value, 4):.12g}"


def counted(value: float, word: str) -> str:
    """Return a number with the word for what it counts, in the plural unless it is one.

    Examples
    --------
    >>> counted(1, "student"), counted(2.5, "point")
    ('1 student', '2.5 points')
    """
    return f"{points(value)} {word}{'' if value == 1 else 's'}"


def told(label: str, reasons: Iterable[tuple[str, Sequence[object]]]) -> list[str]:
    """Return lines for the terminal: who, and why; those of one reason stand together.

    Examples
    --------
    >>> told("no points", [("ada", ["late"]), ("bob", ["late"]), ("eve", ["a", "b", "c"])])
    ['no points: ada, bob: late', 'no points: eve: a (and 2 more)']
    """
    groups: dict[str, list[str]] = {}
    for student, why in reasons:
        more = f" (and {len(why) - 1} more)" if len(why) > 1 else ""
        groups.setdefault(f"{why[0]}{more}", []).append(student)
    return [f"{label}: {listed(students)}: {why}" for why, students in groups.items()]


def listed(students: Sequence[str]) -> str:
    """Return the first students, and how many more there are.

    Examples
    --------
    >>> listed(["ada", "bob"]), listed([str(k) for k in range(12)])
    ('ada, bob', '0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more')
    """
    shown = ", ".join(students[:SHOWN])
    return f"{shown} and {len(students) - SHOWN} more" if len(students) > SHOWN else shown
