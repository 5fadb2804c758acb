"""How soon a page's Python gives a verdict: `python -m benchmarks.pages_python [ROUNDS]`.

Chromium opens a page of a site on this machine and asks the engine for the verdict on a wrong
answer, from nothing: on a first visit, on a second one, and after Python was stopped. Then every
exercise that is answered with a program checks its own solution, there and in CPython. What is
asked of a quiet machine is printed beside; the load of this one is printed too, for on a busy one
the seconds say little.

The numbers are those of the engine: a page loads its editor besides.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.asked import Line, count
from benchmarks.machine import processor
from extensions.distribution import WHEEL
from extensions.python import Python
from tests.support.serving import served

ROUNDS = 3
TARGETS = {"first visit": 6.0, "second visit": 1.5, "after a stop": 2.0}  # seconds
SLOWER = 4.0  # times as long as in CPython a check may take
SETTLING = 4.0  # seconds after a first verdict, in which Python's memory is stored

BLANK = '<!doctype html><html lang="en"><title>Python</title><link rel="icon" href="data:,">'
WRONG = "def softmax_vector(logits):\n    e = np.exp(logits)\n    return e / e.sum()\n"

VERDICT = """async ([base, source]) => {
  const begin = performance.now();
  const { Python } = await import(new URL("engine.mjs", base));
  window.python = new Python(base);
  const before = [{ id: "imports", source: "import numpy as np" }];
  const { title } = await python.check("softmax-of-one-vector", source, { before });
  return [(performance.now() - begin) / 1000, title];
}"""
STOPPED = """async ([, source]) => {
  const before = [{ id: "imports", source: "import numpy as np" }];
  const begin = performance.now();
  python.stop();
  const { title } = await python.check("softmax-of-one-vector", source, { before });
  return [(performance.now() - begin) / 1000, title];
}"""
RUN = """async (source) => {
  const { outputs } = await python.run([{ id: "timed", source }], { seconds: 600 });
  return outputs[0].parts.map(({ data }) => data).join("");
}"""

CHECKS = """
import json, time
from softmaxbook.exercises import exercise, exercises

def timed(asked, repeats=3):
    attempt = exercise(asked.id)
    taken = []
    for _ in range(repeats):
        begin = time.perf_counter()
        attempt.check(asked.solution)
        taken.append(time.perf_counter() - begin)
    return min(taken)

print(json.dumps({each.id: timed(each) for each in exercises() if each.form == "function"}))
"""
"""Every exercise checks its own solution; only those that are there, and there only NumPy's."""


def chromium():
    """Return the path of a Chromium: the one in $CHROMIUM, or the first that PATH has."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, names)), None)


def visits(browser, address):
    """Yield what was done, and its seconds."""
    context = browser.new_context()
    asked = [f"{address}/python/", WRONG]
    for visit in ("first visit", "second visit"):
        page = context.new_page()
        page.goto(f"{address}/index.html")
        for name, script in ((visit, VERDICT), ("after a stop", STOPPED)):
            if name != "after a stop" or visit == "second visit":
                seconds, title = page.evaluate(script, asked)
                assert "known mistake" in title, title
                yield name, seconds
        time.sleep(SETTLING if visit == "first visit" else 0)
        page.close()
    context.close()


def checks(browser, address):
    """Return the seconds of each exercise's check in the page's Python, and in this one."""
    page = browser.new_page()
    page.goto(f"{address}/index.html")
    page.evaluate(VERDICT, [f"{address}/python/", WRONG])
    there = json.loads(page.evaluate(RUN, CHECKS))
    page.close()
    names = {}
    exec(compile(CHECKS.rpartition("print")[0], "<checks>", "exec"), names)
    here = {each.id: names["timed"](each) for each in names["exercises"]() if each.id in there}
    return there, here


def published(folder):
    """Write the files of a page's Python; return how many bytes a first visit loads, or None."""
    python = Python()
    python.prepare(solutions=True, chosen=os.environ.get(WHEEL))
    if python.missing:
        print(f"Nothing was measured: {python.missing}. ${WHEEL} may name another place.")
        return None
    python.publish(folder / "python")
    (folder / "index.html").write_text(BLANK, encoding="utf-8")
    return sum(about["bytes"] for about in python.manifest()["files"].values())


def told_visits(rounds):
    """Print the table of visits, medians and extremes; return whether all were fast enough."""
    fast = True
    print(f"{'to the verdict, seconds':28}{'median':>8}{'least':>8}{'most':>8}{'asked':>8}")
    for name, most in TARGETS.items():
        clock = [seconds for each, seconds in rounds if each == name]
        middle = statistics.median(clock)
        fast = fast and middle <= most
        print(f"{name:28}{middle:8.2f}{min(clock):8.2f}{max(clock):8.2f}{most:8.1f}")
    return fast


def told_checks(there, here):
    """Print how much longer checks take on a page; return whether that is short enough."""
    ratios = sorted((there[id] / here[id], id) for id in there)
    middle = statistics.median(ratio for ratio, _ in ratios)
    whole = sum(there.values()) / sum(here[id] for id in there)
    print(f"{len(ratios)} exercises check their solutions: a page takes {middle:.1f} times as long")
    print(f"as CPython (median; {whole:.1f} in all; asked: {SLOWER:.0f}). The longest and slowest:")
    for ratio, id in ratios[-3:]:
        print(f"  {id:45}{ratio:6.1f} ×{1000 * there[id]:8.1f} ms")
    return middle <= SLOWER


def main() -> int:
    """Print the tables; fail if a median is above what is asked."""
    line = Line(__spec__.name, __doc__)
    line.add_argument("rounds", nargs="?", type=count, default=ROUNDS, help=f"else {ROUNDS}")
    given = line.parse_args()
    path = chromium()
    if path is None:
        print("Nothing was measured: no Chromium on PATH (or name one in $CHROMIUM).")
        return 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        size = published(Path(folder))
        if size is None:
            return 0
        print(f"{processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {path}")
        print(f"a first visit loads {size / 1e6:.1f} MB")
        rounds = []
        with served(folder) as address:
            for _ in range(given.rounds):  # a new browser each: nothing of one round helps the next
                browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
                rounds += visits(browser, address)
                browser.close()
            fast = told_visits(rounds)
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            near = told_checks(*checks(browser, address))
            browser.close()
        print(f"load at the end: {os.getloadavg()[0]:.1f}")
    return 0 if fast and near else 1


if __name__ == "__main__":
    sys.exit(main())
