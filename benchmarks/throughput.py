"""What a nursery of workers buys: `python -m benchmarks.throughput`.

The hand-ins of the demonstration are graded by turns with workers that a nursery starts, and with
workers that start alone; two at a time, without the hostile ones, which wait for their time to be
over in either case. The marks have to be the same. `python -m benchmarks.throughput 5` makes five
rounds instead of two.
"""

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.asked import Line, count
from softmaxbook.assignments.command import main as command
from softmaxbook.assignments.demonstration.cases import CASES
from softmaxbook.assignments.demonstration.lesson import NAME, make_course, pack
from softmaxbook.assignments.marks.grading import grade
from softmaxbook.assignments.sandbox import box

ROUNDS = 2
AT_LEAST = 1.2  # times the throughput of workers that start alone, on any machine


def seconds(week, students):
    """Return the seconds of a run, and its records without the time of day."""
    start = time.perf_counter()
    marks = grade(week, workers=2, only=students, again=True).marks
    return time.perf_counter() - start, [replace(each, when="") for each in marks]


def main() -> int:
    """Print a line for each round; fail if the marks differ or nothing is won."""
    line = Line(__spec__.name, __doc__)
    line.add_argument("rounds", nargs="?", type=count, default=ROUNDS, help=f"else {ROUNDS}")
    rounds = line.parse_args().rounds
    students = [each.id for each in CASES if not each.why.startswith("hostile")]
    won = []
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder).resolve()
        week = make_course(course)
        command(["assignment", "release", NAME, "--course", str(course)])
        pack(week, course / "hand-ins.zip")
        command(["assignment", "collect", NAME, str(course / "hand-ins.zip"), "--course", folder])
        rights = box._RIGHTS
        print(f"{len(students)} hand-ins, two at a time; seconds")
        for _ in range(rounds):
            box._RIGHTS = ()  # then no nursery can make namespaces
            alone, one = seconds(week, students)
            box._RIGHTS = rights
            nursed, two = seconds(week, students)
            if one != two:
                raise SystemExit("the marks differ")
            won.append(alone / nursed)
            print(f"alone {alone:.1f}, from a nursery {nursed:.1f}: {won[-1]:.2f}×", flush=True)
    return 0 if median(won) >= AT_LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
