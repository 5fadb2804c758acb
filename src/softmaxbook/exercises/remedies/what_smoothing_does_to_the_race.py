"""What does smoothing do to the race?"""

import numpy as np

from softmaxbook.checking import Exercise

CLASSES = 10
LEADS = np.linspace(0, 40, 4001)


def best_lead(smoothing):
    """Return where the loss is smallest, among leads up to 40."""
    label = 1 - smoothing + smoothing / CLASSES
    total = np.logaddexp(LEADS, np.log(CLASSES - 1))
    return LEADS[np.argmin(total - label * LEADS)]


def solution():
    """Compare three smoothings: is there a best lead inside, and where does it go?"""
    none, weak, strong = best_lead(0.0), best_lead(0.1), best_lead(0.5)
    if weak == none == LEADS[-1]:
        return "a"
    return "b" if strong < weak else "c" if strong == weak else "d"


def the_race_goes_on():
    """It does for ε = 0, where a larger lead is always better. With ε above 0 the other classes
    have a share of the target, too, and a lead that leaves them less than that costs."""
    return "a"


def only_the_loss_rises():
    """The lowest loss does rise with ε. But watch where it lies: the less of the target is the
    label's, the less it has to lead."""
    return "c"


def more_is_asked():
    """With more smoothing the label has less of the target, not more. A smaller ratio of shares is
    a smaller difference of logits."""
    return "d"


EXERCISE = Exercise(
    title="What does smoothing do to the race?",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement=r"""
        Without smoothing, the further the label's logit leads, the smaller the loss. Now the label
        gives away a share $\varepsilon$, and $\varepsilon$ grows from a tenth to a half.
        What becomes of the lead at which the loss is smallest?
        """,
    options=(
        ("a", "There is none: a larger lead is always better."),
        ("b", "It gets smaller."),
        ("c", "It stays; only the loss there rises."),
        ("d", "It gets larger, to make up for what was given away."),
    ),
    solution=solution,
    mistakes=(the_race_goes_on, only_the_loss_rises, more_is_asked),
    hints=(
        "The loss is smallest where the shares are the target.",
        "The lead is the logarithm of the label's target over that of another class. Which of the "
        "two falls with ε?",
    ),
    explanation="""
        The label's target falls and that of every other class rises, so their ratio falls, and its
        logarithm is the best lead. It reaches 0 where all classes have the same target.
        """,
)
