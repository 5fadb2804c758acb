"""The same exercise on a page and in JupyterLite: `python -m benchmarks.jupyterlite [SITE]`.

SITE is a folder of a built site with Python; without one it is `_build/html`. JupyterLite is built
beside it with the same Pyodide, the same NumPy and this package, all served from this machine, and
its notebook holds the exercise with the same wrong answer. What is timed is what a reader waits:
from asking for the page to the verdict, all presses included, with an empty browser (first visit)
and once more in the same one (second visit). Both take turns, `--rounds` times.

It needs npm's and Python's package indexes, and says so where it cannot have them.

What favours JupyterLite here: NumPy and this package are among Pyodide's own packages, loaded at
the first import with no question to an index; `sqlite3`, which its kernel asks for, is an empty
package; nothing is fetched from another host.
"""

import hashlib
import http.server
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from io import BytesIO
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.asked import Line, count
from benchmarks.machine import processor
from benchmarks.pages_python import WRONG, chromium
from extensions import distribution, python
from extensions.packages import wheel_for_page
from tests.support.serving import served

BUILT = Path(__file__).parents[1] / "_build" / "html"
VERSIONS = (
    "jupyterlite-core==0.7.6",
    "jupyterlite-pyodide-kernel==0.7.2",
    "jupyter-server==2.17.0",
)
KERNEL = ("micropip", "ipython", "jedi", "numpy", "sqlite3")
"""What the kernel and the notebook load of Pyodide's packages, with what these need."""

COMM = "comm==0.2.3"
"""What the kernel loads that is none of these."""

FASTER = 3.0  # times sooner than JupyterLite, asked for
PATIENCE = 120_000  # milliseconds
SETTLING = 4.0  # seconds between two visits, in which either keeps what it keeps

PAGE = "book/probabilities.html"
EXERCISE = "softmax-of-one-vector"
CELLS = [
    "import numpy as np\nfrom softmaxbook.exercises import exercise",
    f'{WRONG}\n\nexercise("{EXERCISE}").check(softmax_vector)',
]
VERDICT = "known mistake"
CONNECTED = "window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel"
"""Sooner, running a cell asks for a kernel in a dialog."""


def normal(name):
    """Return a package's name as indexes compare it."""
    return name.lower().replace("_", "-").replace(".", "-")


def closure(packages, names):
    """Return the keys of packages and of all that they need."""
    keys = {normal(key): key for key in packages}
    found, left = [], list(names)
    while left:
        key = keys[normal(left.pop())]
        if key not in found:
            found.append(key)
            left += packages[key]["depends"]
    return sorted(found)


def empty_wheel(name):
    """Return a wheel that holds a package without content."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        info = f"{name}-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return data.getvalue()


def fetched(requirement, folder):
    """Return name and bytes of a package's wheel from the index that pip is set to."""
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", fresh]
        only = ["--only-binary", ":all:", "--python-version", "3.13", requirement]
        subprocess.run([*command, *only], check=True, capture_output=True)
        (wheel,) = Path(fresh).glob("*.whl")
        return wheel.name, wheel.read_bytes()


def put_pyodide(target, numpy_from):
    """Write Pyodide with the packages that the notebook needs, and their lock."""
    target.mkdir(parents=True)
    packed = distribution.npm_package(
        "pyodide", distribution.PYODIDE, distribution.INTEGRITY, python.CACHE
    )
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        for member in archive.getmembers():
            if member.name.endswith((".js", ".mjs", ".wasm", ".zip", ".json")):
                (target / Path(member.name).name).write_bytes(archive.extractfile(member).read())
    lock = json.loads((target / distribution.LOCK).read_text("utf-8"))
    every = lock["packages"]
    wheels = {"numpy": distribution.numpy(lock, python.CACHE, numpy_from)}
    wheels["sqlite3"] = "sqlite3-1.0-py3-none-any.whl", empty_wheel("sqlite3")
    wheels["comm"] = fetched(COMM, target)
    wheels["softmaxbook"] = "softmaxbook-0.0.0-py3-none-any.whl", wheel_for_page(solutions=True)
    every |= {"comm": package("comm", ["traitlets"]), "softmaxbook": package("softmaxbook", [])}
    chosen = closure(every, [*KERNEL, "comm", "softmaxbook"])
    for key in chosen:
        about = every[key]
        name, data = wheels.get(key) or fetched(f"{about['name']}=={about['version']}", target)
        (target / name).write_bytes(data)
        about |= {"file_name": name, "sha256": hashlib.sha256(data).hexdigest()}
    lock["packages"] = {key: every[key] for key in chosen}
    (target / distribution.LOCK).write_text(json.dumps(lock), encoding="utf-8")


def package(name, depends):
    """Return what Pyodide's lock says of a package, but its file."""
    about = {"name": name, "version": "0", "imports": [name], "depends": depends}
    return about | {"install_dir": "site", "package_type": "package", "unvendored_tests": False}


def notebook():
    """Return the notebook of the exercise with a wrong answer."""
    code = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = [{**code, "id": f"cell-{i}", "source": source} for i, source in enumerate(CELLS)]
    kernel = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def built_lite(folder, numpy_from):
    """Build JupyterLite in a folder; return that of its site."""
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    install = [programs / "python", "-m", "pip", "install", "-q", *VERSIONS]
    subprocess.run(install, check=True, capture_output=True)
    source = folder / "source"
    (source / "content").mkdir(parents=True)
    (source / "content" / "exercise.ipynb").write_text(json.dumps(notebook()), encoding="utf-8")
    kernel = {"pyodideUrl": "./static/pyodide/pyodide.js", "disablePyPIFallback": True}
    settings = {"@jupyterlite/pyodide-kernel-extension:kernel": kernel}
    config = {"litePluginSettings": settings, "exposeAppInBrowser": True}
    lite = {"jupyter-lite-schema-version": 0, "jupyter-config-data": config}
    (source / "jupyter-lite.json").write_text(json.dumps(lite), encoding="utf-8")
    site = folder / "lite"
    command = [programs / "jupyter", "lite", "build", "--contents", "content", "--output-dir", site]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    put_pyodide(site / "static" / "pyodide", numpy_from)
    return site


class Lasting(http.server.SimpleHTTPRequestHandler):
    """Serve files without a line of log for each; a browser may keep them and ask again."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        """Say nothing."""


def on_the_page(page, address):
    """Open the page, put the wrong answer into the exercise's editor, and wait for the verdict."""
    page.goto(f"{address}/{PAGE}", wait_until="commit")
    page.locator(f'.sb-run[data-exercise="{EXERCISE}"] button').click()
    editor = page.locator(".sb-editor")
    editor.get_by_role("textbox").press("ControlOrMeta+a")
    page.keyboard.insert_text(WRONG)
    editor.get_by_role("button", name="Check", exact=True).click()
    editor.locator(".sb-shown").get_by_text(VERDICT).first.wait_for()


def in_jupyterlite(page, address):
    """Open the notebook, run all its cells, and wait for the verdict."""
    page.goto(f"{address}/notebooks/index.html?path=exercise.ipynb", wait_until="commit")
    page.wait_for_function(CONNECTED)
    page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
    page.locator(".jp-OutputArea-output").get_by_text(VERDICT).first.wait_for()


PLACES = {"the page": on_the_page, "JupyterLite": in_jupyterlite}


def visits(playwright, path, place, address):
    """Return the seconds of a first visit in a new browser, and those of a second one."""
    browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    clock = []
    for _ in range(2):
        page = context.new_page()
        begin = time.perf_counter()
        PLACES[place](page, address)
        clock.append(time.perf_counter() - begin)
        time.sleep(SETTLING)
        page.close()
    browser.close()
    return clock


def told(rounds):
    """Print medians and extremes of both; return whether the page was as much sooner as asked."""
    enough = True
    print(f"{'seconds to the verdict':28}{'median':>8}{'least':>8}{'most':>8}")
    for i, visit in enumerate(("first visit", "second visit")):
        for place in PLACES:
            clock = [each[place][i] for each in rounds]
            line = f"{statistics.median(clock):8.2f}{min(clock):8.2f}{max(clock):8.2f}"
            print(f"{f'{visit}, {place}':28}{line}")
        ratio = statistics.median(each["JupyterLite"][i] / each["the page"][i] for each in rounds)
        print(f"{visit}: the page is {ratio:.1f} times as soon (asked: {FASTER:.0f})")
        enough = enough and ratio >= FASTER
    return enough


def main() -> int:
    """Print the table; fail if the page is not as much sooner as is asked."""
    line = Line(__spec__.name, __doc__)
    line.add_argument("site", nargs="?", type=Path, default=BUILT, help="a built site")
    line.add_argument("--rounds", type=count, default=5, help="how often both take turns")
    asked = line.parse_args()
    path = chromium()
    if path is None:
        print("Nothing was measured: no Chromium on PATH (or name one in $CHROMIUM).")
        return 0
    manifest = asked.site / "_static" / "python" / "manifest.json"
    if not manifest.exists() or not json.loads(manifest.read_text("utf-8"))["available"]:
        print(f"Nothing was measured: {asked.site} is no site with Python; build one: make book.")
        return 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        try:
            lite = built_lite(Path(folder), os.environ.get(distribution.WHEEL))
        except (distribution.Unavailable, subprocess.CalledProcessError) as error:
            print(f"Nothing was measured: JupyterLite could not be built here ({error}).")
            return 0
        print(f"{processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {path}")
        print(f"Pyodide {distribution.PYODIDE}, {', '.join(VERSIONS)}")
        with served(asked.site, Lasting) as ours, served(lite, Lasting) as theirs:
            addresses = {"the page": ours, "JupyterLite": theirs}
            rounds = []
            for i in range(asked.rounds):
                turn = list(PLACES) if i % 2 == 0 else list(reversed(PLACES))
                taken = {each: visits(playwright, path, each, addresses[each]) for each in turn}
                rounds.append(taken)
        enough = told(rounds)
        print(f"load at the end: {os.getloadavg()[0]:.1f}")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
