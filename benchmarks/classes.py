"""What a large class costs: `python -m benchmarks.classes 1000`.

The demonstration's hand-ins, without the hostile ones, are graded once as they are. Then as many
students as are asked for hand the same in, and the command grades them here, two at a time, and on
a Dask scheduler and a worker of this machine with two threads. While it does, the memory of the
command and of the scheduler is read when 100, 300 and 1000 records are there. Each mark has to be
that of the small class. `python -m benchmarks.classes 10000 --small` leaves the program out.
"""

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from benchmarks.asked import Line, count
from benchmarks.machine import processor
from softmaxbook.assignments.assignment import Assignment
from softmaxbook.assignments.command import main as command
from softmaxbook.assignments.demonstration.cases import CASES
from softmaxbook.assignments.demonstration.lesson import NAME, make_course, pack
from softmaxbook.assignments.demonstration.styles import HAND, PRINT, VECTOR
from softmaxbook.assignments.marks.grading import grade
from softmaxbook.assignments.marks.records import marks_path, read_marks
from softmaxbook.assignments.settings import load, save
from softmaxbook.assignments.submissions.submission import submission_of, write_submission
from tests.support.clusters import Loopback

SMALL = (HAND, PRINT)  # a number and a choice
ASKED = (*SMALL, VECTOR)  # and a short program
LOOKS = (100, 300, 1000, 3000)  # records, at which memory is read
LOOK_SECONDS = 0.2  # between two looks
SIZE = 300
MEBIBYTE = 1 << 20


def main() -> int:
    """Print a table for each way to grade; fail if a mark differs."""
    line = Line(__spec__.name, __doc__)
    line.add_argument("size", nargs="?", type=count, default=SIZE, help="students in the class")
    line.add_argument("--small", action="store_true", help="without the question about a program")
    given = line.parse_args()
    size, asked = given.size, SMALL if given.small else ASKED
    with tempfile.TemporaryDirectory() as folder:
        small = collected(Path(folder, "small").resolve(), asked)
        known = {each.student: each for each in grade(small, workers=2).marks}
        large, models = copies(small, Path(folder, "large").resolve(), size)
        print(f"{size} hand-ins of {len(asked)} questions; {processor()}, {os.cpu_count()} cores")
        before = contents(large.folder)
        graded(large, size, "--workers", "2")
        written = contents(large.folder) - before
        total = sum(path.stat().st_size for path in written)
        print(f"{len(written)} files written, {total / MEBIBYTE:.1f} MiB")
        wrong = different(large, known, models)
        with Loopback() as loopback:
            loopback.start_worker(threads=2)
            shutil.rmtree(large.folder / "marks")
            where = ("--scheduler", loopback.address)
            graded(large, size, *where, scheduler=loopback.scheduler.pid)
            wrong += different(large, known, models)
    print(f"{wrong} marks are others than those of the small class")
    return 1 if wrong else 0


def collected(course: Path, asked: tuple[str, ...]) -> Assignment:
    """Return the demonstration's assignment with few questions, and with what was handed in."""
    week = make_course(course)
    archive = course / "hand-ins.zip"
    with contextlib.redirect_stdout(io.StringIO()):
        command(["assignment", "release", NAME, "--course", str(course)])
        pack(week, archive)
        command(["assignment", "collect", NAME, str(archive), "--course", str(course)])
    save(replace(week, exercises=tuple(week.chosen(id) for id in asked), manual=()))
    return load(week.folder)


def copies(small: Assignment, course: Path, size: int) -> tuple[Assignment, dict[str, str]]:
    """Return an assignment for as many as `size`, and the student whom each of them copies."""
    course.mkdir(parents=True)
    shutil.copytree(small.course / "exercises", course / "exercises")
    large = replace(small, folder=course / NAME, students=(), released=None)
    save(large)
    models = [each.id for each in CASES if not each.why.startswith("hostile")]
    found = {f"{id}-{k:04}": id for k, id in enumerate(islice(cycle(models), size))}
    handed = {id: submission_of(small.folder, id) for id in models}
    for student, id in found.items():
        own = replace(handed[id], student=student, owner=handed[id].numbers_of)
        write_submission(large.folder / "submitted" / student / "mended.json", own)
    return load(large.folder), found


def contents(folder: Path) -> set[Path]:
    """Return all files below a folder."""
    return {path for path in folder.rglob("*") if path.is_file()}


def entries(folder: Path) -> int:
    """Return how many files there are in a folder, without reading what they are."""
    return len(os.listdir(folder)) if folder.exists() else 0


def graded(week: Assignment, size: int, *where: str, scheduler: int = 0) -> None:
    """Run the command, and print its time and how much memory there was along the way."""
    looks = [each for each in LOOKS if each < size]
    start = time.perf_counter()
    words = [sys.executable, "-m", "softmaxbook", "assignment", "grade", NAME, *where]
    running = subprocess.Popen(words, cwd=week.course, stdout=subprocess.DEVNULL)
    most = held(running.pid)
    while running.poll() is None:
        time.sleep(LOOK_SECONDS)
        now = held(running.pid)
        if now:
            most, last = max(most, now), (now, held(scheduler))
        if looks and entries(week.folder / "marks") >= looks[0]:
            print(f"{looks.pop(0):6} records: {told(last)}", flush=True)
    taken = time.perf_counter() - start
    if running.returncode:
        raise SystemExit("the command failed")
    print(f"{size:6} records: {told(last)}; at most {most / MEBIBYTE:.0f} MiB")
    print(
        f"{where[0]}: {taken:.1f} s, {1000 * taken / size:.0f} ms a hand-in; "
        f"load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def told(held: tuple[int, int]) -> str:
    """Return the memory of the command and of a scheduler in words."""
    command, scheduler = (each / MEBIBYTE for each in held)
    return f"command {command:.0f} MiB" + (f", scheduler {scheduler:.0f} MiB" if scheduler else "")


def held(pid: int) -> int:
    """Return the bytes that a process holds, without those that it started."""
    try:
        pages = int(Path("/proc", str(pid), "statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def different(large: Assignment, known: dict, models: dict[str, str]) -> int:
    """Return how many marks are others than those of the student who was copied."""
    return sum(
        read_marks(marks_path(large, student)).exercises != known[id].exercises
        for student, id in models.items()
    )


if __name__ == "__main__":
    sys.exit(main())
