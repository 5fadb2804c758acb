"""Half of the patients were ill."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(said, used):
    ill, well = said * used / 0.5, (1 - said) * (1 - used) / 0.5
    return ill / (ill + well)


def as_it_stands(said, used):
    """This is the model's own answer. It holds where half of the people are ill, as they were in
    training; here far fewer are."""
    return said + 0 * used


def no_new_sum(said, used):
    """You multiply the share of ill by its ratio, and stop. The share of well moves too, and
    then the two have to add up to 1 again."""
    return said * used / 0.5


def base_rate_multiplied(said, used):
    """You multiply the model's share by the base rate. Odds are multiplied, by the ratio of the new
    odds to the old ones; a product of two probabilities of the same thing is nothing."""
    return said * used


def wrong_way_round(said, used):
    """You move the odds the wrong way: where the illness is rarer, the share falls."""
    odds = said / (1 - said) * (1 - used) / used
    return odds / (1 + odds)


def only_the_rate(said, used):
    """This is the base rate itself. The model has seen the patient, and what it saw counts."""
    return used + 0 * said


def one_side_moved(said, used):
    """You change the prior of ill and leave that of well. Both have one: of those who are well
    there were half in training as well, and here there are nearly all."""
    ill = said * used / 0.5
    return ill / (ill + 1 - said)


def odds_for_share(said, used):
    """These are the odds of being ill. The share is odds / (1 + odds)."""
    return said / (1 - said) * used / (1 - used)


def logits_of_rates(said, used):
    """The logarithm of the ratio of the odds is added to the logit. You added the difference of
    the base rates."""
    logit = np.log(said / (1 - said)) + used - 0.5
    return 1 / (1 + np.exp(-logit))


EXERCISE = Exercise(
    title="Half of the patients were ill",
    kind="predict",
    difficulty=2,
    form="number",
    percent=True,
    statement=lambda said, used: (
        f"""
        A model for a disease was trained on patients of whom half were ill.
        It is used where {100 * used:g} % are ill; those who are ill look as they did, and those who
        are well, too. To one person it gives a probability of {100 * said:g} %.
        What is the probability that this person is ill?
        """
    ),
    solution=solution,
    mistakes=(
        as_it_stands,
        no_new_sum,
        base_rate_multiplied,
        wrong_way_round,
        only_the_rate,
        one_side_moved,
        odds_for_share,
        logits_of_rates,
    ),
    probes=(probe("the question", 0.9, 0.02),),
    fresh=lambda rng: (int(rng.integers(75, 97)) / 100, int(rng.integers(1, 9)) / 100),
    nudge="Check with odds: the model's, times those in use over those in training.",
    hints=(
        "Write the model's answer as odds. What were the odds of being ill before it had seen "
        "anything, in training and in use?",
        "Multiply by used / 0.5 for *ill*, by (1 − used) / 0.5 for *well*, and divide by the sum.",
    ),
    explanation=lambda said, used: (
        f"{said:g} · {used:g} / ({said:g} · {used:g} + {1 - said:g} · {1 - used:g}) = "
        f"{solution(said, used):.4f}; the factor 2 of the training share cancels."
    ),
)
