"""Who chose, and who judges?"""

import numpy as np

from softmaxbook.checking import Exercise, probe


def reported(validation, test):
    chosen = np.argmax(np.mean(validation, axis=1))
    return np.mean(test[chosen])


def test_part_chooses(validation, test):
    """The test part still chooses. The largest of several test accuracies is partly luck, and the
    report is too good. Choose by `validation`, and look at `test` once."""
    return np.max(np.mean(test, axis=1))


def validation_reported(validation, test):
    """You report the accuracy on the validation part. It has been used to choose, so it is too
    good: report `test` at the chosen setting."""
    return np.max(np.mean(validation, axis=1))


def one_seed_chooses(validation, test):
    """One seed chooses, the first. With another seed another setting might win: average over the
    seeds first."""
    return np.mean(test[np.argmax(validation[:, 0])])


def best_cell_chooses(validation, test):
    """The setting with the single best run is chosen. That is the luckiest run, not the best
    setting: average over the seeds first."""
    return np.mean(test[np.argmax(np.max(validation, axis=1))])


def each_seed_chooses(validation, test):
    """Each seed has a setting of its own. Choose one setting for all of them: average over
    the seeds first."""
    seeds = np.arange(np.shape(test)[1])
    return np.mean(test[np.argmax(validation, axis=0), seeds])


def best_seed_reported(validation, test):
    """You report the best seed of the chosen setting. Users of the method get an average one:
    report the mean."""
    return np.max(test[np.argmax(np.mean(validation, axis=1))])


def first_seed_reported(validation, test):
    """You report one seed of the chosen setting. Report the mean over all of them."""
    return test[np.argmax(np.mean(validation, axis=1))][0]


def all_settings_reported(validation, test):
    """You average over all settings. Report the one that the validation part has chosen."""
    return np.mean(test)


def seeds_for_settings(validation, test):
    """The mean runs along the settings, so a *seed* is chosen. Rows are settings: average along
    `axis=1`."""
    return np.mean(test[:, np.argmax(np.mean(validation, axis=0))])


def both_parts_choose(validation, test):
    """Validation and test part choose together. Then the test part has helped to choose, and cannot
    judge."""
    return np.mean(test[np.argmax(np.mean(validation, axis=1) + np.mean(test, axis=1))])


def worst_setting(validation, test):
    """The setting with the *lowest* accuracy is chosen: `np.argmax`, not `np.argmin`."""
    return np.mean(test[np.argmin(np.mean(validation, axis=1))])


def test_part_chooses_on_one_seed(validation, test):
    """The test part chooses, run by run: this is the best of all numbers that there are."""
    return np.max(test)


def both_parts_reported(validation, test):
    """You report the mean of both parts. The validation part has chosen, so what it says is too
    good: report `test` alone."""
    chosen = np.argmax(np.mean(validation, axis=1))
    return (np.mean(validation[chosen]) + np.mean(test[chosen])) / 2


def one_run_chosen(validation, test):
    """You choose one single run, and report it. A rate is chosen, by its mean over the seeds, and
    reported by its mean."""
    return np.ravel(test)[np.argmax(validation)]


def test_part_chooses_for_each_seed(validation, test):
    """For each seed the test part chooses its own best rate. It must choose nothing."""
    return np.mean(np.max(test, axis=0))


def median_chooses(validation, test):
    """The rate with the best *median* is chosen. Choose by the mean over the seeds."""
    return np.mean(test[np.argmax(np.median(validation, axis=1))])


def last_seed_chooses(validation, test):
    """One seed chooses, the last. With another seed another setting might win: average over the
    seeds first."""
    return np.mean(test[np.argmax(validation[:, -1])])


def best_validation_run_reported(validation, test):
    """You report the best single run on the validation part. It is the luckiest one: choose by the
    means, and report `test`."""
    return np.max(validation)


def second_best(validation, test):
    """The second best rate is chosen. `np.argsort` goes up: the best comes last."""
    return np.mean(test[np.argsort(np.mean(validation, axis=1))[-2]])


EXERCISE = Exercise(
    title="Who chose, and who judges?",
    kind="find",
    difficulty=2,
    statement="""
        A method was run with several learning rates, each with the same seeds.
        `validation` and `test` hold the accuracies on the two parts, with one row a rate and one
        column a seed.
        This program should choose one rate for all seeds, and return the accuracy to report.
        What it reports is too good: nobody who uses the method will get it.
        Find the mistake and mend it.
        """,
    starter="""\
def reported(validation, test):
    means = np.mean(test, axis=1)
    return np.max(means)""",
    solution=reported,
    mistakes=(
        test_part_chooses,
        validation_reported,
        one_seed_chooses,
        best_cell_chooses,
        each_seed_chooses,
        best_seed_reported,
        first_seed_reported,
        all_settings_reported,
        seeds_for_settings,
        both_parts_choose,
        worst_setting,
        test_part_chooses_on_one_seed,
        both_parts_reported,
        one_run_chosen,
        test_part_chooses_for_each_seed,
        median_chooses,
        last_seed_chooses,
        best_validation_run_reported,
        second_best,
    ),
    probes=(
        probe(
            "three rates, three seeds",
            [[0.7, 0.71, 0.95], [0.8, 0.84, 0.79], [0.85, 0.6, 0.5]],
            [[0.66, 0.83, 0.9], [0.78, 0.8, 0.69], [0.9, 0.92, 0.88]],
            why="the third rate was lucky on the test part, and nobody could know.",
        ),
        probe(
            "two rates, four seeds",
            [[0.5, 0.62, 0.6, 0.81], [0.66, 0.61, 0.63, 0.67]],
            [[0.71, 0.66, 0.76, 0.63], [0.54, 0.6, 0.58, 0.62]],
        ),
        probe(
            "five rates, two seeds",
            [[0.3, 0.4], [0.72, 0.5], [0.6, 0.69], [0.55, 0.58], [0.2, 0.75]],
            [[0.35, 0.3], [0.61, 0.66], [0.59, 0.55], [0.68, 0.71], [0.25, 0.4]],
        ),
        probe(
            "one run failed",
            [[0.82, 0.8, 0.1, 0.84], [0.78, 0.77, 0.74, 0.71], [0.7, 0.65, 0.72, 0.6]],
            [[0.81, 0.79, 0.15, 0.8], [0.76, 0.75, 0.75, 0.7], [0.69, 0.68, 0.7, 0.66]],
            why="a mean takes notice of it, and so should anyone who uses the method.",
        ),
        probe(
            "another run failed",
            [[0.6, 0.61, 0.63], [0.72, 0.2, 0.62]],
            [[0.58, 0.6, 0.63], [0.74, 0.18, 0.7]],
        ),
        probe(
            "four rates, two seeds",
            [[0.9, 0.86], [0.8, 0.83], [0.4, 0.5], [0.3, 0.2]],
            [[0.7, 0.72], [0.82, 0.8], [0.84, 0.86], [0.5, 0.55]],
        ),
        probe(
            "three rates, two seeds",
            [[0.95, 0.4], [0.7, 0.75], [0.5, 0.92]],
            [[0.85, 0.83], [0.72, 0.69], [0.6, 0.64]],
        ),
    ),
    fresh=lambda rng: (rng.uniform(0.5, 0.9, size=(4, 5)), rng.uniform(0.5, 0.9, size=(4, 5))),
    hints=(
        "Which of the two arguments is never used?",
        "One part chooses the row, the other gives the number. Which is which?",
    ),
    explanation="The more settings are tried, the more luck there is in the best of them, on the "
    "part that chose.",
)
