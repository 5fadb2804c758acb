"""Who was among the training pictures? The reader moves the threshold of an attack."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.transfer.membership import advantage, attack_auc, guesses
from softmaxbook.widgets.explorable import Explorable, number, numbers
from softmaxbook.widgets.modules import bundle

MOST, LIMIT = 400, 1e6


class MembershipExplorer(Explorable):
    """Scores of members and of others, a threshold between them, and what it gets right.

    Parameters
    ----------
    members, others : array_like, shape (n,)
        Two to 400 scores of pictures that were trained on, and of pictures that were not; higher
        is meant to look more like a member. Rounded to three decimals, so that the page stays
        light.
    threshold : float, optional
        Who reaches it is called a member.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> explorer = MembershipExplorer([3, 2, 2], [2, 1, 0], threshold=2)
    >>> explorer.members_called, round(explorer.others_called, 3), round(explorer.area, 3)
    (1.0, 0.333, 0.889)

    Used in the chapter *membership*.
    """

    module = "membership"
    _esm = bundle("membership")

    members = numbers(2, MOST, "the scores of pictures that were trained on")
    others = numbers(2, MOST, "the scores of pictures that were not")
    threshold = number(0.0, -LIMIT, LIMIT, "above which a picture is called a member")

    def __init__(self, members: Any, others: Any, threshold: float = 0.0) -> None:
        super().__init__(members=members, others=others, threshold=threshold)

    @traitlets.validate("members", "others")
    def _rounded(self, proposal: Any) -> list[float]:
        return [round(value, 3) for value in proposal["value"]]

    @property
    def members_called(self) -> float:
        """The share of the members that are called so."""
        return float(np.mean(np.asarray(self.members) >= self.threshold))

    @property
    def others_called(self) -> float:
        """The share of the others that are called members."""
        return self.members_called - self.advantage

    @property
    def advantage(self) -> float:
        """The difference of the two shares."""
        return advantage(self.members, self.others, self.threshold)

    @property
    def area(self) -> float:
        """How often a member scores higher than another; ties count half."""
        return attack_auc(self.members, self.others)

    def picture(self) -> theme.Picture:
        """Return the scores of both sides with the threshold, and the curve of all thresholds."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        with plt.rc_context(dict(theme.RC)):
            figure, axes = plt.subplots(1, 2, figsize=(6.8, 3.1), width_ratios=(1.3, 1))
            plots.score_histogram(axes[0], self.members, self.others).set(xlabel="score")
            axes[0].axvline(self.threshold, color=theme.colour("ink"), linestyle="--")
            plots.attack_curves(axes[1], {"thresholds": guesses(self.members, self.others)})
            axes[1].plot(self.others_called, self.members_called, "o", color=theme.colour("ink"))
        alt = f"Scores of {len(self.members)} members, upwards, and of {len(self.others)} others,"
        alt += (
            f" downwards. The threshold {self.threshold:.3g} calls {self.members_called:.0%} of the"
        )
        alt += (
            f" members and {self.others_called:.0%} of the others members. Right, these shares for"
        )
        alt += f" all thresholds; the area under the curve is {self.area:.3f}."
        return theme.show(figure, alt=alt)
