"""Numbers as people write them."""

from __future__ import annotations


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
