"""Softmax over workers: the reader moves logits between them and sees what each has to tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.family.parallel import Summary, merge, summarise
from softmaxbook.widgets.explorable import Explorable, numbers
from softmaxbook.widgets.modules import bundle

MOST_CLASSES, MOST_WORKERS = 8, 4


class ShardExplorer(Explorable):
    """Up to eight logits on up to four workers: maxima, scaled sums, and what they merge into.

    Parameters
    ----------
    logits : list of float, optional
        One to eight finite numbers.
    owners : list of int, optional
        The worker of each logit, counted from 0. Those missing are dealt out in turns.
    n_workers : int, optional
        From 1 to 4. A logit of a worker that is not there is with the last one.
    rescaled : bool, optional
        Whether the sums are brought to the common maximum before they are added. Without it the
        merge is wrong.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> explorer = ShardExplorer(logits=[2, 1, -1], owners=[0, 0, 1], n_workers=2)
    >>> for summary in explorer.summaries:
    ...     print(summary.maximum, summary.scaled_sum.round(6))
    2.0 1.367879
    -1.0 1.0
    >>> explorer.merged.log_normaliser.round(6)
    np.float64(2.349012)

    Used in the chapter *machines*.
    """

    module = "shards"
    _esm = bundle("shards")

    logits = numbers(1, MOST_CLASSES, "one logit a class")
    owners = traitlets.List(traitlets.Int(min=0, max=MOST_WORKERS - 1)).tag(sync=True)
    n_workers = traitlets.Int(2, min=1, max=MOST_WORKERS).tag(sync=True)
    rescaled = traitlets.Bool(True).tag(sync=True)

    @traitlets.default("logits")
    def _logits(self) -> list[float]:
        return [3.0, 2.5, 0.0, -1.0, 1.0, 2.0]

    @traitlets.default("owners")
    def _owners(self) -> list[int]:
        return [0, 0, 0, 1, 1, 1]

    @traitlets.validate("owners")
    def _not_too_many(self, proposal: Any) -> list[int]:
        owners: list[int] = proposal["value"]
        if len(owners) > MOST_CLASSES:
            raise traitlets.TraitError(f"owners are at most {MOST_CLASSES}; got {len(owners)}")
        return owners

    @property
    def parts(self) -> list[np.ndarray]:
        """The logits of each worker, in the order of the classes."""
        n, own = self.n_workers, self.owners
        held = [
            min(own[place], n - 1) if place < len(own) else place % n
            for place in range(len(self.logits))
        ]
        pairs = list(zip(self.logits, held, strict=True))
        return [np.array([z for z, owner in pairs if owner == r]) for r in range(n)]

    @property
    def summaries(self) -> list[Summary]:
        """What each worker tells the others."""
        nothing = Summary(np.array(-np.inf), np.array(0.0))
        return [summarise(part) if len(part) else nothing for part in self.parts]

    @property
    def merged(self) -> Summary:
        """What the summaries say together, rescaled as they have to be."""
        return merge(self.summaries)

    def picture(self) -> theme.Picture:
        """Return each worker's logits as bars, with its maximum and its scaled sum."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        with plt.rc_context(dict(theme.RC)):
            figure, ax = plt.subplots(figsize=(5.2, 0.9 + 0.32 * (len(self.logits) + 1)))
            plots.worker_bars(ax, self.parts)
        told = "; ".join(
            f"worker {r + 1} holds {len(part)} logits, maximum {each.maximum:.3g}, "
            f"scaled sum {each.scaled_sum:.3g}"
            for r, (part, each) in enumerate(zip(self.parts, self.summaries, strict=True))
        )
        alt = f"The logits of one row on {self.n_workers} workers: {told}. Merged: maximum "
        alt += f"{self.merged.maximum:.3g}, scaled sum {self.merged.scaled_sum:.3g}."
        return theme.show(figure, alt=alt.replace("-inf", "none"))
