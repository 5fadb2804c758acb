"""How fast submissions are graded, beside nbgrader: `python -m benchmarks.grading`.

The same notebooks are graded by both, each in one batch: three functions to write, every third
answer with a mistake, every tenth an error. nbgrader runs its tests in the students' kernels; here
the programs run in a sandbox, and collecting the notebooks is counted too. `python -m
benchmarks.grading 20` takes 20 submissions instead of 100.
"""

import inspect
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from benchmarks.asked import Line, count
from softmaxbook.assignments.assignment import Assignment, Chosen
from softmaxbook.assignments.collecting.collect import collect
from softmaxbook.assignments.marks.grading import grade
from softmaxbook.exercises import exercises

IDS = ("softmax-of-one-vector", "write-log-sum-exp", "write-softplus")
CHOSEN = [next(each for each in exercises() if each.id == id) for id in IDS]
NAME = "week1"
AT_LEAST = 3.0  # times nbgrader's throughput, with one worker too


def cell(kind, id, source, **settings):
    """Return a code cell that nbgrader knows."""
    about = {"schema_version": 3, "grade_id": id, "grade": kind == "test"}
    about |= {"solution": kind == "answer", "locked": kind == "test", "task": False, **settings}
    return new_code_cell(source, metadata={"nbgrader": about})


def tests_of(exercise):
    """Return the fixed inputs of an exercise as a test in nbgrader's way."""
    lines = ["from numpy import array, inf, nan"]
    for probe in exercise.probes:
        given = ", ".join(repr(each) for each in probe.arguments)
        with np.errstate(all="ignore"):
            expected = exercise.solution(*probe.arguments)
        lines.append(
            f"np.testing.assert_allclose({exercise.name}({given}), {expected!r}, rtol=1e-9)"
        )
    return re.sub(r"np\.float64\((.*?)\)", r"\1", "\n".join(lines))


def answer(exercise, number):
    """Return the answer of one student: right, with a mistake, or with an error."""
    if number % 10 == 9:
        return f"def {exercise.name}(*given):\n    return undefined"
    wrong = number % 3 == 2
    function = exercise.mistakes[number % len(exercise.mistakes)] if wrong else exercise.solution
    module, _, _ = inspect.getsource(inspect.getmodule(function)).partition("\nEXERCISE = ")
    module = re.sub(r"^from softmaxbook\.checking\S* import .*$", "", module, flags=re.M)
    return f"{module}\n{exercise.name} = {function.__name__}"


def notebook(sources):
    """Return a notebook with an answer and a test for each exercise."""
    book = new_notebook(cells=[new_code_cell("import numpy as np")])
    for exercise, source in zip(CHOSEN, sources, strict=True):
        book.cells += [
            new_markdown_cell(exercise.prompt()),
            cell("answer", exercise.id, source),
            cell("test", f"test-{exercise.id}", tests_of(exercise), points=2),
        ]
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    return book


def hand_ins(course, size):
    """Write what nbgrader expects: the assignment's source, and the submitted notebooks."""
    (course / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(course)!r}\n"
    )
    source = course / "source" / NAME / f"{NAME}.ipynb"
    books = {source: notebook([each.starter for each in CHOSEN])}
    for number in range(size):
        path = course / "submitted" / f"s{number:03}" / NAME / f"{NAME}.ipynb"
        books[path] = notebook([answer(each, number) for each in CHOSEN])
    for path, book in books.items():
        path.parent.mkdir(parents=True)
        nbformat.write(book, path)


def nbgrader(course, *arguments):
    """Run nbgrader in a course; it calls other programs of the environment by bare name."""
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env={**os.environ, "PATH": search},
        capture_output=True,
        text=True,
    )
    return done.stderr


def seconds(action):
    """Return the seconds that an action takes, and its result."""
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def ours(course, size, workers):
    """Collect and grade with this package; return the seconds of both, and the records."""
    folder = course / f"by-{workers}" / NAME
    chosen = tuple(Chosen(each, each.aspects) for each in CHOSEN)
    week = Assignment(folder, "A week", "the benchmark's", chosen)
    collecting, _ = seconds(lambda: collect(week, course / "submitted"))
    grading, found = seconds(lambda: grade(week, workers=workers))
    if len(found.marks) != size or not all(each.graded for each in found.marks):
        raise SystemExit(f"not everything was graded: {found}")
    return collecting + grading, found.marks


def main() -> int:
    """Print the table; fail if this package is not fast enough."""
    line = Line(__spec__.name, __doc__)
    line.add_argument("size", nargs="?", type=count, default=100, help="submissions; else 100")
    size = line.parse_args().size
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder).resolve()
        hand_ins(course, size)
        said = nbgrader(course, "generate_assignment", NAME, "--create")
        peer, said = seconds(lambda: nbgrader(course, "autograde", NAME, "--create"))
        done = len(list((course / "autograded").glob(f"*/{NAME}/{NAME}.ipynb")))
        if done != size:
            raise SystemExit(f"nbgrader graded {done} of {size}:\n{said[-2000:]}")
        print(f"{size} submissions of {len(CHOSEN)} functions")
        print(f"{'':30}{'seconds':>10}{'a submission':>15}{'throughput':>13}")
        row("nbgrader autograde", peer, peer, size)
        slowest = 0.0
        for workers in sorted({1, os.cpu_count() or 1}):
            taken, marks = ours(course, size, workers)
            row(f"softmaxbook, {workers} at a time", taken, peer, size)
            slowest = max(slowest, taken)
        right = sum(each.automatic == sum(e.of for e in each.exercises) for each in marks)
    print(f"{right} of {size} are all right")
    return 0 if peer / slowest >= AT_LEAST else 1


def row(name, taken, peer, size):
    """Print one line of the table."""
    print(f"{name:30}{taken:10.1f}{taken / size:15.3f}{peer / taken:12.1f}×", flush=True)


if __name__ == "__main__":
    sys.exit(main())
