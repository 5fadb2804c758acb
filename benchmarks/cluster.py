"""What a Dask cluster costs beside the work: `python -m benchmarks.cluster`.

First calls that do nothing, on a scheduler and a worker of this machine: the time of each is the
engine's, and the memory of the scheduler and of the command should not follow their number.
`python -m benchmarks.cluster 100 1000 10000` takes these numbers of calls. Then a class is graded
here and on that cluster, with two threads each, in turn.
"""

import os
import tempfile
import time
from pathlib import Path

from benchmarks.asked import Line, count
from softmaxbook.assignments.assignment import Assignment, Chosen
from softmaxbook.assignments.marks.grading import grade
from softmaxbook.assignments.sandbox.workers import memory_of
from softmaxbook.assignments.submissions.submission import Answer, Submission, write_submission
from softmaxbook.cluster import Cluster
from softmaxbook.exercises import exercises
from tests.support import calls
from tests.support.clusters import Loopback

NUMBERS = (100, 1000)
STUDENTS, TURNS = 60, 2
TEXT = b"1" + b" " * 4000  # as long as a short hand-in
ID = "softmax-of-one-vector"
ANSWER = """
import numpy as np


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / e.sum()
"""
MEBIBYTE = 1 << 20


def main() -> None:
    """Print both tables."""
    line = Line(__spec__.name, __doc__)
    line.add_argument("number", nargs="*", type=count, help="of calls; else 100 and 1000")
    numbers = line.parse_args().number or NUMBERS
    with Loopback() as loopback, tempfile.TemporaryDirectory() as folder:
        loopback.start_worker(threads=2)
        engine(loopback, numbers)
        pairs(loopback, Path(folder))


def engine(loopback, numbers):
    """Print the time of calls that do nothing, and the memory after them."""
    print(f"{'calls':>8} {'ms a call':>10} {'scheduler, MiB':>15} {'command, MiB':>13}")
    with Cluster(loopback.address, calls.fit) as there:
        list(there.call(calls.twice, [TEXT] * 10))
        for number in numbers:
            start = time.perf_counter()
            found = sum(1 for _ in there.call(calls.twice, (TEXT for _ in range(number))))
            each = 1000 * (time.perf_counter() - start) / number
            held = [memory_of(pid) / MEBIBYTE for pid in (loopback.scheduler.pid, os.getpid())]
            print(f"{found:8} {each:10.2f} {held[0]:15.0f} {own(loopback, held[1]):13.0f}")


def own(loopback, held):
    """Return what this process holds without those that it started."""
    started = (memory_of(each.pid) for each in loopback.processes)
    return held - sum(started) / MEBIBYTE


def pairs(loopback, folder):
    """Print the time of a hand-in, graded here and on the cluster."""
    exercise = next(each for each in exercises() if each.id == ID)
    week = Assignment(folder / "week1", "", "a secret", (Chosen(exercise, exercise.aspects),))
    for number in range(STUDENTS):
        student = f"student{number:03}"
        handed = Submission(student, {ID: Answer("code", ANSWER)})
        write_submission(week.folder / "submitted" / student / "mended.json", handed)
    ways = {"here": {"workers": 2}, "cluster": {"scheduler": loopback.address}}
    for turn in range(TURNS + 1):
        for name, where in ways.items():
            start = time.perf_counter()
            grade(week, again=True, **where)
            each = 1000 * (time.perf_counter() - start) / STUDENTS
            if turn:  # the first is to warm up
                print(f"{name:>8} {each:10.1f} ms a hand-in")


if __name__ == "__main__":
    main()
