"""An interval for the gain."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def gain_interval(transfer, scratch, quantile):
    gains = transfer - scratch
    half = quantile * np.std(gains, ddof=1) / np.sqrt(len(gains))
    return np.array([np.mean(gains) - half, np.mean(gains) + half])


def unpaired(transfer, scratch, quantile):
    """Each method's own scatter counts here, as if the runs had nothing in common. They share seed
    and labels: take the *differences*, seed by seed, and their scatter."""
    gap = np.mean(transfer) - np.mean(scratch)
    spread = np.hypot(np.std(transfer, ddof=1), np.std(scratch, ddof=1))
    half = quantile * spread / np.sqrt(len(transfer))
    return np.array([gap - half, gap + half])


def scatter_of_single_runs(transfer, scratch, quantile):
    """This is where a single run may lie. The mean of n runs scatters less: divide by √n."""
    gains = transfer - scratch
    half = quantile * np.std(gains, ddof=1)
    return np.array([np.mean(gains) - half, np.mean(gains) + half])


def divided_by_n(transfer, scratch, quantile):
    """You divide by n. The spread of a mean falls with the *root* of n."""
    gains = transfer - scratch
    half = quantile * np.std(gains, ddof=1) / len(gains)
    return np.array([np.mean(gains) - half, np.mean(gains) + half])


def variance_for_spread(transfer, scratch, quantile):
    """Your half width holds the variance. Take its root, the standard deviation."""
    gains = transfer - scratch
    half = quantile * np.var(gains, ddof=1) / np.sqrt(len(gains))
    return np.array([np.mean(gains) - half, np.mean(gains) + half])


def spread_too_small(transfer, scratch, quantile):
    """The standard deviation divides by n. The mean was estimated from the same runs, so it divides
    by n − 1: `ddof=1`."""
    gains = transfer - scratch
    half = quantile * np.std(gains) / np.sqrt(len(gains))
    return np.array([np.mean(gains) - half, np.mean(gains) + half])


def spreads_subtracted(transfer, scratch, quantile):
    """You subtract the two spreads. Subtract the *runs*, seed by seed, and take the spread of
    that."""
    gap = np.mean(transfer) - np.mean(scratch)
    half = quantile * np.abs(np.std(transfer, ddof=1) - np.std(scratch, ddof=1))
    return np.array([gap - half / np.sqrt(len(transfer)), gap + half / np.sqrt(len(transfer))])


def spread_of_one_method(transfer, scratch, quantile):
    """The spread is that of one method alone. What is uncertain here is the gain: take the spread
    of the differences."""
    gap = np.mean(transfer) - np.mean(scratch)
    half = quantile * np.std(transfer, ddof=1) / np.sqrt(len(transfer))
    return np.array([gap - half, gap + half])


def gain_reversed(transfer, scratch, quantile, base=gain_interval):
    """The gain is reversed: `transfer` minus `scratch`."""
    return base(scratch, transfer, quantile)


def quantile_forgotten(transfer, scratch, quantile, base=gain_interval):
    """The quantile is not used: this is one standard error to each side."""
    return base(transfer, scratch, 1.0)


def normal_quantile(transfer, scratch, quantile):
    """1.96 belongs to a known spread. Here it is estimated from a few runs, and the quantile that
    is given takes that into account."""
    return gain_interval(transfer, scratch, 1.96)


def whole_width(transfer, scratch, quantile):
    """The interval has half the width it should: quantile times standard error goes to *each*
    side."""
    return gain_interval(transfer, scratch, quantile / 2)


def smallest_and_largest(transfer, scratch, quantile):
    """These are the smallest and the largest gain. They move apart as runs are added; the interval
    of the mean gets narrower."""
    gains = transfer - scratch
    return np.array([np.min(gains), np.max(gains)])


def root_of_one_less(transfer, scratch, quantile):
    """You divide by √(n − 1), and the n − 1 is in the standard deviation already: divide by √n."""
    gains = transfer - scratch
    half = quantile * np.std(gains, ddof=1) / np.sqrt(len(gains) - 1)
    return np.array([np.mean(gains) - half, np.mean(gains) + half])


def all_runs_counted(transfer, scratch, quantile):
    """You divide by the root of the number of all runs. There are only as many *gains* as seeds."""
    gains = transfer - scratch
    half = quantile * np.std(gains, ddof=1) / np.sqrt(2 * len(gains))
    return np.array([np.mean(gains) - half, np.mean(gains) + half])


def mean_and_half_width(transfer, scratch, quantile):
    """These are the mean and the half width. Asked for are the two *ends*: mean minus and mean plus
    half width."""
    gains = transfer - scratch
    return np.array([np.mean(gains), quantile * np.std(gains, ddof=1) / np.sqrt(len(gains))])


def sizes_of_the_gains(transfer, scratch, quantile):
    """You take the sizes of the gains, without their signs. A loss is a gain below 0, and has to
    count against the others."""
    gains = np.abs(transfer - scratch)
    half = quantile * np.std(gains, ddof=1) / np.sqrt(len(gains))
    return np.array([np.mean(gains) - half, np.mean(gains) + half])


def percentiles_of_the_gains(transfer, scratch, quantile):
    """These are percentiles of the single gains: where a run may lie. The interval is about their
    *mean*, and uses the quantile that is given."""
    return np.percentile(transfer - scratch, [2.5, 97.5])


def covariance_once(transfer, scratch, quantile):
    """The covariance is subtracted once. In the variance of a difference it stands twice; simpler
    is the spread of the differences themselves."""
    both = np.cov(transfer, scratch)
    half = quantile * np.sqrt((both[0, 0] + both[1, 1] - both[0, 1]) / len(transfer))
    gap = np.mean(transfer - scratch)
    return np.array([gap - half, gap + half])


def covariance_added(transfer, scratch, quantile):
    """The covariance is added: that is the spread of the *sums*. What both have in common cancels
    in the differences."""
    gap = np.mean(transfer - scratch)
    half = quantile * np.std(transfer + scratch, ddof=1) / np.sqrt(len(transfer))
    return np.array([gap - half, gap + half])


def unpaired_and_too_small(transfer, scratch, quantile):
    """Each method's own scatter counts here, and it is divided by n. The runs share seed and
    labels: take the *differences*, seed by seed, and their scatter with `ddof=1`."""
    gap = np.mean(transfer - scratch)
    spread = np.hypot(np.std(transfer), np.std(scratch))
    half = quantile * spread / np.sqrt(len(transfer))
    return np.array([gap - half, gap + half])


def around_zero(transfer, scratch, quantile):
    """This interval lies around 0. It lies around the mean gain."""
    gains = transfer - scratch
    half = quantile * np.std(gains, ddof=1) / np.sqrt(len(gains))
    return np.array([-half, half])


EXERCISE = Exercise(
    title="An interval for the gain",
    kind="find",
    difficulty=2,
    statement="""
        Two methods were run with the same seeds: run k of both had the same few labels.
        `transfer` and `scratch` hold the accuracies, and `quantile` is Student's for as many runs.
        The program should return both ends of the interval for the mean gain.
        It is far too wide: with easy and hard draws of the labels among the seeds, it cannot see
        a gain that every single run shows. Find the mistake and mend it.
        """,
    starter="""\
def gain_interval(transfer, scratch, quantile):
    gain = np.mean(transfer) - np.mean(scratch)
    variance = np.var(transfer, ddof=1) + np.var(scratch, ddof=1)
    half = quantile * np.sqrt(variance / len(transfer))
    return np.array([gain - half, gain + half])""",
    solution=gain_interval,
    mistakes=(
        unpaired,
        scatter_of_single_runs,
        divided_by_n,
        variance_for_spread,
        spread_too_small,
        spreads_subtracted,
        spread_of_one_method,
        gain_reversed,
        quantile_forgotten,
        normal_quantile,
        whole_width,
        smallest_and_largest,
        root_of_one_less,
        all_runs_counted,
        mean_and_half_width,
        sizes_of_the_gains,
        percentiles_of_the_gains,
        covariance_once,
        covariance_added,
        unpaired_and_too_small,
        around_zero,
    ),
    probes=(
        probe(
            "easy and hard draws",
            [0.55, 0.72, 0.9, 0.61],
            [0.5, 0.68, 0.84, 0.56],
            3.182,
            why="the runs lie far apart; the gains do not.",
        ),
        probe("three seeds", [0.8, 0.75, 0.9], [0.7, 0.78, 0.82], 4.303),
        probe(
            "the same gain each time",
            [0.5, 0.75, 1.0, 0.625, 0.875],
            [0.375, 0.625, 0.875, 0.5, 0.75],
            2.776,
            why="nothing is uncertain about such a gain: the interval is a point.",
        ),
        probe("a loss", [0.6, 0.52, 0.58, 0.61, 0.49], [0.63, 0.6, 0.57, 0.7, 0.55], 2.776),
    ),
    fresh=lambda rng: (rng.uniform(0.5, 0.9, size=6), rng.uniform(0.5, 0.9, size=6), 2.571),
    hints=(
        "Two columns of numbers, and row by row they belong together. Does the program use that?",
        "What the seeds have in common cancels in the differences. Whose spread is wanted then?",
    ),
    explanation="An easy draw of the labels helps both methods, and cancels in the difference.",
)
