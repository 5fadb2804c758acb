"""A progress bar on what takes long."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def progress(items: Collection[Item], doing: str) -> Iterator[Item]:
    """Yield the items, with a bar on a terminal's standard error where there are several."""
    from tqdm import tqdm

    quiet = len(items) < 2 or not sys.stderr.isatty()
    yield from tqdm(items, desc=doing, leave=False, disable=quiet)
