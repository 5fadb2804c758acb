"""Rows of measurements that explorables are given: plain lists, or refused with what is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import traitlets

FEWEST_SEEDS, MOST_ROWS = 2, 1000


def checked_rows(
    rows: Any, form: str, is_right: Callable[[list[Any]], bool], key: Callable[[list[Any]], Any]
) -> list[list[Any]]:
    """Return rows as plain lists, or refuse the first that is not right.

    Parameters
    ----------
    rows : iterable of sequences
    form : str
        What a row must hold, in words.
    is_right : callable
        From a row to whether it is of the form.
    key : callable
        From a row to what no other row may share, as a tuple or a string.

    Raises
    ------
    traitlets.TraitError
        If there are too many rows, one is not right, or one is there twice.
    """
    try:
        lists = [list(row) for row in rows]
    except TypeError:
        raise traitlets.TraitError(f"need rows of {form}; got {rows!r}") from None
    if len(lists) > MOST_ROWS:
        raise traitlets.TraitError(f"need at most {MOST_ROWS} rows; got {len(lists)}")
    for place, row in enumerate(lists):
        if not is_right(row):
            raise traitlets.TraitError(f"need rows of {form}; row {place} is {row!r}")
    keys = [key(row) for row in lists]
    if len(set(keys)) < len(keys):
        twice = next(each for each in keys if keys.count(each) > 1)
        raise traitlets.TraitError(f"the row of {twice!r} is there twice")
    return lists


def is_number(value: Any) -> bool:
    """Return whether a value is a finite number."""
    numeric = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return numeric and bool(np.isfinite(value))


def is_whole(value: Any) -> bool:
    """Return whether a value is a whole number of at least 0."""
    return is_number(value) and value >= 0 and value == int(value)


def are_scores(scores: Any) -> bool:
    """Return whether a value is a list of at least two shares, one a seed."""
    is_list = isinstance(scores, (list, tuple, np.ndarray)) and len(scores) >= FEWEST_SEEDS
    return is_list and all(is_number(score) and 0 <= score <= 1 for score in scores)


def plain_scores(scores: Sequence[Any]) -> list[float]:
    """Return scores as JSON has them."""
    return [float(score) for score in scores]
