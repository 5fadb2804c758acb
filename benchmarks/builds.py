"""How fast this build grades beside an earlier one: `python -m benchmarks.builds FOLDER`.

The folder is a checkout of the other build, as `git worktree add FOLDER COMMIT` makes one. Both
grade the same hand-ins of the demonstration, without the hostile ones, two at a time and by turns;
each student has to get the same points. `python -m benchmarks.builds FOLDER 300 5` takes 300
hand-ins and five rounds.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.asked import Line, count
from benchmarks.classes import collected, copies
from benchmarks.machine import processor
from softmaxbook.assignments.demonstration.cases import IDS

HERE = Path(__file__).parents[1]
SIZE, ROUNDS = 300, 3
RUN = """
import sys, time
from softmaxbook.assignments.marks.grading import grade
from softmaxbook.assignments.settings import load
week = load(sys.argv[1])
start = time.perf_counter()
grade(week, workers=2)
print(time.perf_counter() - start)
"""


def checkout(text):
    """Return the folder of a build."""
    if not Path(text, "src", "softmaxbook").is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no checkout of this repository")
    return Path(text).resolve()


def main() -> int:
    """Print a line for each round; fail if points differ."""
    line = Line(__spec__.name, __doc__)
    line.add_argument("other", nargs="?", type=checkout, help="the checkout of the other build")
    line.add_argument("size", nargs="?", type=count, default=SIZE, help=f"else {SIZE}")
    line.add_argument("rounds", nargs="?", type=count, default=ROUNDS, help=f"else {ROUNDS}")
    given = line.parse_args()
    if given.other is None:
        line.error("which other build? Give the folder of its checkout")
    won = []
    with tempfile.TemporaryDirectory() as folder:
        small = collected(Path(folder, "small").resolve(), IDS)
        week, _ = copies(small, Path(folder, "large").resolve(), given.size)
        print(f"{given.size} hand-ins, two at a time; {processor()}, {os.cpu_count()} cores")
        for _ in range(given.rounds):
            before, one = graded(given.other, week.folder)
            now, two = graded(HERE, week.folder)
            if one != two:
                raise SystemExit("the points differ")
            won.append(before / now)
            load_now = os.getloadavg()[0]
            print(
                f"before {before:.1f} s, now {now:.1f} s: {won[-1]:.2f}×; load {load_now:.1f}",
                flush=True,
            )
    print(f"{median(won):.2f} times the throughput")
    return 0


def graded(build, folder):
    """Return the seconds in which a build grades an assignment anew, and a word for all points."""
    shutil.rmtree(folder / "marks", ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(folder)],
        env={**os.environ, "PYTHONPATH": str(build / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    found = {
        path.name: [
            [each["id"], each["aspects"]] for each in json.loads(path.read_text())["exercises"]
        ]
        for path in sorted((folder / "marks").glob("*.json"))
    }
    return float(done.stdout), hashlib.sha256(json.dumps(found).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
