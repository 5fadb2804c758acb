"""How far each target is from the letters that the book's backbone has learnt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from softmaxbook.experiments.arms import TARGETS
from softmaxbook.experiments.sources import N_COMPARED, SOURCES, both_distances

SOURCE = "letters, 20 fonts"
"""One of :data:`softmaxbook.experiments.sources.SOURCES`: the letters of the backbone."""


def cells() -> Iterator[tuple[str]]:
    """Yield every target of the arms."""
    yield from ((target,) for target in TARGETS)


def measure(target: str) -> dict[str, Any]:
    """Compare a target's training pictures with letters; no label enters.

    Parameters
    ----------
    target : str
        One of :data:`softmaxbook.experiments.arms.TARGETS`.

    Returns
    -------
    dict
        The target, and the results of
        :func:`softmaxbook.experiments.sources.both_distances`.
    """
    found = both_distances(SOURCES[SOURCE]().features, TARGETS[target]().train.features)
    return {"target": target, **{name: round(value, 4) for name, value in found.items()}}


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {"source": SOURCE, "pictures of either side, at most": N_COMPARED}
