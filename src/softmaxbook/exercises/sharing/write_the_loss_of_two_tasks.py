"""The loss of several tasks."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def two_task_loss(surprises, known):
    counts = np.sum(known, axis=0)
    sums = np.sum(np.where(known, surprises, 0.0), axis=0)
    return np.sum(sums / np.maximum(counts, 1))


def unknown_counted(surprises, known):
    """All rows count, known or not. A row without a label for a task has nothing to say about it,
    whatever number stands there: leave it out."""
    return np.sum(np.mean(surprises, axis=0))


def divided_by_all_rows(surprises, known):
    """You divide by the number of all rows. Then a task with few labels hardly counts: divide each
    task's sum by the number of its *own* labels."""
    return np.sum(surprises * known) / len(known)


def one_mean_for_both(surprises, known):
    """You take one mean over all labels of both tasks, so the task with more labels outweighs the
    other. Take each task's mean, then add."""
    return np.sum(surprises * known) / np.sum(known)


def tasks_averaged(surprises, known, base=two_task_loss):
    """You average the losses of the tasks. Add them."""
    return base(surprises, known) / np.shape(surprises)[1]


def only_complete_rows(surprises, known):
    """You use only the rows that have labels for all tasks. Each task may use every row that has
    its own label."""
    rows = np.all(known == 1, axis=1)
    return np.sum(surprises[rows]) / max(np.sum(rows), 1)


def not_averaged(surprises, known):
    """The surprises are added up. Each task's loss is the *mean* over its labels."""
    return np.sum(surprises * known)


def one_loss_a_task(surprises, known):
    """The losses of the tasks come back one by one. Add them: the body learns from one number."""
    return np.sum(surprises * known, axis=0) / np.maximum(np.sum(known, axis=0), 1)


def rows_averaged_first(surprises, known):
    """You average within each row first. Then a label counts the less, the more labels its row has:
    take the mean down each column."""
    sums = np.sum(surprises * known, axis=1) / np.maximum(np.sum(known, axis=1), 1)
    return np.mean(sums)


def task_without_labels_divided(surprises, known):
    """A task without any label in this batch is 0 / 0. It has nothing to say and counts 0: divide
    by at least 1."""
    return np.sum(np.sum(surprises * known, axis=0) / np.sum(known, axis=0))


def first_task_only(surprises, known):
    """Only the first task counts."""
    return np.sum(surprises[:, 0] * known[:, 0]) / max(np.sum(known[:, 0]), 1)


def known_and_unknown_exchanged(surprises, known, base=two_task_loss):
    """You keep the rows *without* a label: `known` holds a 1 where there is one."""
    return base(surprises, 1 - known)


def means_of_the_rows(surprises, known):
    """You average along the rows and add these up. A task is a column: average down the columns."""
    return np.sum(np.sum(surprises * known, axis=1) / np.maximum(np.sum(known, axis=1), 1))


def logarithm_again(surprises, known):
    """`surprises` are −log p already. You take the logarithm again."""
    logarithms = np.where(known, -np.log(surprises), 0.0)
    return np.sum(np.sum(logarithms, axis=0) / np.maximum(np.sum(known, axis=0), 1))


def counted_one_more(surprises, known):
    """You divide by the number of labels plus 1. Only a count of 0 becomes 1: `np.maximum`."""
    return np.sum(np.sum(surprises * known, axis=0) / (np.sum(known, axis=0) + 1))


def one_mean_times_the_tasks(surprises, known):
    """You take one mean over all labels, times the number of tasks. Take each task's own mean, then
    add."""
    return np.sum(surprises * known) / np.sum(known) * np.shape(surprises)[1]


def known_as_an_index(surprises, known):
    """`known` holds whole numbers, so `surprises[known]` picks the rows 0 and 1 again and again.
    Compare first: `known == 1` is a mask."""
    return sum(np.mean(surprises[known[:, k], k]) for k in range(np.shape(surprises)[1]))


def first_two_tasks_only(surprises, known):
    """Only the first two tasks count. There may be more: work on all columns at once."""
    sums = np.sum(surprises * known, axis=0) / np.maximum(np.sum(known, axis=0), 1)
    return np.sum(sums[:2])


def last_task_forgotten(surprises, known):
    """The last task is left out. Does a loop end one column too early?"""
    sums = np.sum(surprises * known, axis=0) / np.maximum(np.sum(known, axis=0), 1)
    return np.sum(sums[:-1])


def largest_task_only(surprises, known):
    """You take the largest loss of all tasks. Add them."""
    return np.max(np.sum(surprises * known, axis=0) / np.maximum(np.sum(known, axis=0), 1))


def unknown_in_the_sum(surprises, known):
    """You divide by the number of known labels, and add up all rows. Leave out the unknown ones
    before you add: `np.where(known, surprises, 0)`."""
    return np.sum(np.sum(surprises, axis=0) / np.maximum(np.sum(known, axis=0), 1))


EXERCISE = Exercise(
    title="The loss of several tasks",
    kind="write",
    difficulty=2,
    statement=r"""
        A body with several heads learns from rows that do not all have a label for each task.
        `surprises` holds $-\log p_y$, with one row a picture and one column a task; `known` holds a
        1 where the picture has a label for the task, and a 0 where not (some number stands in
        `surprises` there, and means nothing).
        Write `two_task_loss(surprises, known)`: for each task the mean over the labels that are
        known, and the sum of these means. A task without any label counts 0.
        """,
    solution=two_task_loss,
    mistakes=(
        unknown_counted,
        divided_by_all_rows,
        one_mean_for_both,
        tasks_averaged,
        only_complete_rows,
        not_averaged,
        one_loss_a_task,
        rows_averaged_first,
        task_without_labels_divided,
        first_task_only,
        known_and_unknown_exchanged,
        means_of_the_rows,
        logarithm_again,
        counted_one_more,
        one_mean_times_the_tasks,
        known_as_an_index,
        first_two_tasks_only,
        last_task_forgotten,
        largest_task_only,
        unknown_in_the_sum,
    ),
    either=((tasks_averaged, one_loss_a_task, first_task_only, largest_task_only),),
    aspects=(Aspect("values", 2), Aspect("no labels", 1)),
    probes=(
        probe(
            "three pictures",
            [[0.5, 2.0], [1.5, 7.0], [0.25, 1.0]],
            [[1, 1], [1, 0], [1, 1]],
        ),
        probe(
            "a task with one label",
            [[0.5, 9.0], [1.0, 4.0], [2.0, 8.0], [0.1, 5.0]],
            [[1, 0], [1, 1], [0, 0], [1, 0]],
            why="its one label counts as much as all labels of the other task together.",
        ),
        probe(
            "three tasks",
            [[1.0, 0.5, 3.0], [2.0, 0.25, 0.7], [0.3, 1.5, 0.2]],
            [[1, 0, 1], [0, 1, 1], [1, 1, 0]],
        ),
        probe(
            "a task without labels",
            [[0.5, 3.0], [0.75, 2.0]],
            [[1, 0], [1, 0]],
            aspect="no labels",
            why="it happens in small batches, and one `nan` would end the training.",
        ),
        probe(
            "another one",
            [[4.0, 1.0, 0.4], [3.0, 2.5, 0.1], [1.0, 0.5, 0.8]],
            [[0, 1, 1], [0, 0, 1], [0, 1, 0]],
            aspect="no labels",
        ),
    ),
    fresh=lambda rng: (
        rng.exponential(size=(6, 2)),
        (rng.random((6, 2)) < [0.8, 0.4]).astype(int),
    ),
    hints=(
        "One column at a time: which rows count, and how many are they?",
        "`np.where(known, surprises, 0)` leaves out the others; `np.sum(known, axis=0)` counts.",
        "Divide each column's sum by its count, or by 1 where the count is 0. Then add.",
    ),
    explanation="How the tasks are weighted is a decision: with one mean a task, a label of the "
    "rarer task counts for more.",
)
