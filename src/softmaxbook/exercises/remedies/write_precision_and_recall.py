"""Precision and recall."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def rates_of_class(said, labels, k):
    hits = np.sum((said == k) & (labels == k))
    return hits / np.sum(said == k), hits / np.sum(labels == k)


def exchanged(said, labels, k, base=rates_of_class):
    """The two are exchanged. Precision looks at what was *said* to be of the class, recall at what
    *is* of the class."""
    precision, recall = base(said, labels, k)
    return recall, precision


def divided_by_all_rows(said, labels, k):
    """You divide by the number of all rows. Of which rows is each of them a share?"""
    hits = np.sum((said == k) & (labels == k))
    return hits / len(labels), hits / len(labels)


def accuracy_for_precision(said, labels, k):
    """In place of precision you take the accuracy over all classes. Precision looks only at the
    rows that were said to be of class k."""
    hits = np.sum((said == k) & (labels == k))
    return np.mean(said == labels), hits / np.sum(labels == k)


def accuracy_about_the_class(said, labels, k):
    """In place of precision you take how often model and labels agree whether a row is of class k.
    Precision looks only at the rows that were said to be of it."""
    hits = np.sum((said == k) & (labels == k))
    return np.mean((said == k) == (labels == k)), hits / np.sum(labels == k)


def any_right_answer(said, labels, k):
    """You count all right answers, those of other classes too. A hit is a row of class k that is
    said to be of class k."""
    hits = np.sum(said == labels)
    return hits / np.sum(said == k), hits / np.sum(labels == k)


def recall_of_the_others(said, labels, k):
    """In place of recall you take how often the *other* classes are left alone, called specificity.
    Recall looks at the rows of class k."""
    hits = np.sum((said == k) & (labels == k))
    return hits / np.sum(said == k), np.sum((said != k) & (labels != k)) / np.sum(labels != k)


def false_alarms_for_precision(said, labels, k):
    """In place of precision you take the share of false alarms among the other rows. Precision
    begins with the alarms: how many of them are true?"""
    hits = np.sum((said == k) & (labels == k))
    alarms = np.sum((said == k) & (labels != k))
    return alarms / np.sum(labels != k), hits / np.sum(labels == k)


def always_class_one(said, labels, k):
    """You look at class 1, whatever k is."""
    return rates_of_class(said, labels, 1)


EXERCISE = Exercise(
    title="Precision and recall",
    kind="write",
    difficulty=2,
    statement="""
        `said` holds the classes that a model names, `labels` the true ones, as class numbers.
        Write `rates_of_class(said, labels, k)`, which returns precision and recall of class `k`, in
        this order. The class occurs in both arrays.
        """,
    solution=rates_of_class,
    mistakes=(
        exchanged,
        divided_by_all_rows,
        accuracy_for_precision,
        accuracy_about_the_class,
        any_right_answer,
        recall_of_the_others,
        false_alarms_for_precision,
        always_class_one,
    ),
    aspects=(Aspect("values", 2), Aspect("other classes", 1)),
    probes=(
        probe(
            "two rare ones, three alarms",
            [0, 0, 0, 0, 1, 1, 1, 0, 0, 0],
            [0, 0, 0, 0, 0, 0, 1, 1, 0, 0],
            1,
            why="of three alarms one is true, and of two rare rows one is found.",
        ),
        probe("eight rows", [1, 1, 1, 0, 0, 1, 0, 0], [1, 1, 0, 0, 1, 0, 0, 1], 1),
        probe(
            "three classes",
            [2, 2, 0, 1, 1, 2, 0, 2, 2, 1],
            [2, 0, 0, 1, 2, 2, 1, 2, 1, 1],
            2,
            aspect="other classes",
        ),
        probe(
            "four classes",
            [3, 1, 3, 0, 2, 3, 2, 1, 0],
            [3, 3, 1, 0, 2, 3, 1, 0, 2],
            3,
            aspect="other classes",
        ),
        probe(
            "the first class",
            [0, 1, 0, 2, 0, 1, 2],
            [0, 0, 1, 2, 0, 1, 0],
            0,
            aspect="other classes",
            why="class 0 is a class like any other.",
        ),
    ),
    fresh=lambda rng: (
        np.concatenate([[0, 1, 2], rng.integers(3, size=9)]),
        np.concatenate([[0, 2, 1], rng.integers(3, size=9)]),
        int(rng.integers(3)),
    ),
    hints=(
        "First count the hits: rows that are of class k and are said to be.",
        "Precision divides them by the rows that were *said* to be of the class, recall by those "
        "that *are*.",
    ),
)
