"""Variants: as many answers as a class needs, and each draw of the kind of the others."""

from collections import Counter

import numpy as np
import pytest
from course import KNOWN

CLASS = 300
NUMBERS = [id for id, each in KNOWN.items() if each.form == "number" and each.fresh]
# Of one small number each, or of few that a hand can compute: the rest has to serve a large class.
FEW = {"the-floor-of-softmax-twice", "the-first-loss", "the-gap-of-smoothing"}
WIDE = {
    *("softmax-by-hand", "how-a-probability-moves", "the-mean-of-two-logits", "another-base-rate"),
    *("two-bins", "the-mean-surprise", "three-tokens-foreseen", "the-spread-of-a-mean"),
    *("weights-behind-a-mask", "how-many-numbers-learn", "how-large-is-an-adapter"),
}


def answers(id):
    """Return how often each answer comes in a class, to three digits."""
    found = Counter()
    for seed in range(CLASS):
        variant = KNOWN[id].variant(seed)
        value = np.ravel(np.asarray(variant.solution(*variant.given), dtype=float))
        found[tuple(f"{each:.3g}" for each in value)] += 1
    return found


@pytest.mark.parametrize("id", sorted(WIDE | FEW))
def test_a_class_has_many_answers(id):
    found = answers(id)
    assert len(found) >= (60 if id in WIDE else 15)
    assert max(found.values()) <= CLASS * (0.07 if id in WIDE else 0.1)


def test_the_class_that_is_asked_for_is_drawn():
    variants = [KNOWN["softmax-by-hand"].variant(seed) for seed in range(CLASS)]
    asked = Counter(each.given[1] for each in variants)
    assert set(asked) == {0, 1, 2}
    assert min(asked.values()) > CLASS / 5
    for each in variants:
        place = ("first", "second", "third")[each.given[1]]
        assert f"**{place}** class" in each.prompt()
    negative = [np.sum(each.given[0] < 0) for each in variants]
    assert set(negative) == {1}  # a share of the logits is never a plausible answer
