"""A page in a real JupyterLab, opened from its Markdown: it runs, and its explorable is live."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(os.environ.get("LAB", Path(sys.executable).parent))

pytestmark = pytest.mark.browser

RUN = """async code => {
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  const future = kernel.requestExecute({ code });
  let said = "";
  future.onIOPub = (message) => {
    if (message.header.msg_type === "stream") said += message.content.text;
    if (message.header.msg_type === "error") said += message.content.evalue;
  };
  await future.done;
  return said;
}"""

STATES = """
import json
from ipywidgets.widgets.widget import _instances
explorers = [w for w in _instances.values() if type(w).__name__ == "LogitsExplorer"]
print(json.dumps(explorers[0].logits))
"""

IDLE = """() =>
  jupyterapp.shell.currentWidget.sessionContext?.session?.kernel?.status === "idle"
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab on a copy of the pages, as Binder does; return its address."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "book", folder / "book")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    subprocess.run([ROOT / ".binder" / "postBuild"], env=os.environ | own, check=True)
    options = ["--no-browser", "--expose-app-in-browser", "--allow-root", "--ServerApp.token="]
    options += [
        f"--ServerApp.port={port}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={folder}",
    ]
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen(
            [BIN / "jupyter-lab", *options], env=os.environ | own, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_it_answers(f"{address}/api", server, folder / "log.txt")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_until_it_answers(address, server, log):
    for _ in range(240):
        try:
            urllib.request.urlopen(address)
        except OSError:
            assert server.poll() is None, log.read_text()
            time.sleep(0.25)
        else:
            return
    pytest.fail(f"JupyterLab does not answer: {log.read_text()}")


def test_page_runs_in_jupyterlab_and_its_explorable_is_live(lab, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    try:
        page.goto(f"{lab}/lab/tree/book/probabilities.md")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
        page.wait_for_function(IDLE, timeout=60_000)
        environment = page.evaluate(RUN, "import sys; print(sys.prefix)").strip()
        assert Path(environment).resolve() == BIN.parent.resolve()
        page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        before = json.loads(page.evaluate(RUN, STATES))

        slider = page.locator(".jp-OutputArea-output input[type=range][aria-label*=logit]").first
        slider.scroll_into_view_if_needed(timeout=60_000)
        slider.focus()
        page.keyboard.press("ArrowRight")
        after = json.loads(page.evaluate(RUN, STATES))
        assert after != before
        assert after[0] == float(slider.input_value())

        assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
        assert page.locator(".katex").count() > 0
        assert page.locator("aside, .myst-admonition, .admonition").count() > 0
    finally:
        page.close()
