"""How long explorables take to show an event, in Chromium: `python -m benchmarks.events [NAME …]`.

Every slider of each explorable is moved over its range, once the page has come to rest: what it
prepares while nobody moves anything would be counted as work for the next move. What is printed is
the median and the 95th percentile, in milliseconds that the page's thread works, of the script, and
of all work up to the next frame (script, style, layout). Boundaries are asked with 60 points too.
"""

import json
import shutil
import sys
import tempfile
from html import escape
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from explorables import every
from serving import served

from benchmarks.asked import Line
from softmaxbook.widgets import BoundaryExplorer, stylesheet
from softmaxbook.widgets.modules import publish

STEPS = 12  # places of each slider
RESTING = 10  # ms of work in half a second
PAGE = """<!doctype html><html data-theme="light"><meta charset="utf-8"><style>{css}
body {{ max-width: 45rem; margin: auto; }}</style><main><div class="sb-explorable"
data-module="{module}" data-state="{state}"></div></main>
<script type="module" src="host.mjs"></script>"""
SLIDERS = "[...document.querySelectorAll('.sb input[type=range]')].filter(e => !e.disabled)"
MOVE = f"""([i, share]) => {{
  const input = {SLIDERS}[i];
  input.value = Number(input.min) + share * (input.max - input.min);
  input.dispatchEvent(new Event("input", {{ bubbles: true }}));
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}}"""
WORK = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")


def sixty_points():
    """Return boundaries among sixty points in three clouds."""
    rng = np.random.default_rng(0)
    places = np.clip(
        rng.normal(size=(60, 2)) + np.repeat([[-1, 0], [1, 0], [0, 1.5]], 20, 0), -4, 4
    )
    points = [[*map(float, place), i // 20] for i, place in enumerate(places.round(2))]
    return BoundaryExplorer(points=points)


def measured(page, session):
    """Return (script, all) in ms of each event: every slider at places over its range."""

    def clock(names=WORK):
        found = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
        return np.array([1000 * found[name] for name in names])

    def worked():
        before = clock(["TaskDuration"])
        page.wait_for_timeout(500)
        return (clock(["TaskDuration"]) - before).item()

    while worked() > RESTING:
        pass
    times = []
    for i in range(page.evaluate(f"{SLIDERS}.length")):
        for share in np.linspace(0, 1, STEPS):
            before = clock()
            page.evaluate(MOVE, [i, float(share)])
            spent = clock() - before
            times.append((spent[0], spent.sum()))
    return np.array(times)


def main():
    """Print a line for each explorable."""
    every_case = {each.module: each for each in every()} | {"boundaries-60": sixty_points()}
    line = Line(__spec__.name, __doc__)
    line.add_argument("name", nargs="*", metavar="NAME", help=f"else all: {', '.join(every_case)}")
    names = line.parse_args().name or every_case
    if unknown := [name for name in names if name not in every_case]:
        line.error(f"there is no explorable {unknown[0]}")
    folder = Path(tempfile.mkdtemp())
    publish(folder)
    print(f"{'explorable':24} events  script p50  p95   all p50  p95   (ms)")
    with sync_playwright() as playwright, served(folder) as address:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name in names:
            explorable = every_case[name]
            state = escape(json.dumps(explorable.state()), quote=True)
            (folder / "events.html").write_text(
                PAGE.format(css=stylesheet(), module=explorable.module, state=state)
            )
            page = chromium.new_page()
            page.goto(f"{address}/events.html")
            page.wait_for_selector("[data-mounted]")
            page.wait_for_function("!document.querySelector('[aria-busy=true]')")
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            times = measured(page, session)
            if len(times):
                p50, p95 = np.quantile(times, [0.5, 0.95], axis=0)
                row = f"{p50[0]:10.1f} {p95[0]:5.1f} {p50[1]:9.1f} {p95[1]:5.1f}"
                print(f"{name:24} {len(times):6} {row}", flush=True)
            page.close()
        chromium.close()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
