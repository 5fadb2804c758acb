"""What a notebook with explorables is as a web page, without a network."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

PAGE = Path(__file__).parents[2] / "book" / "api-tools.md"
CELLS = (
    "from softmaxbook.widgets import LogitsExplorer, ask\nLogitsExplorer(logits=[2, 1, -1])",
    'ask("what-changes-nothing")',
)


def exported(folder, command):
    """Return the web page that a command makes of a notebook, which it executes first."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "notebook.ipynb")
    program, *arguments = command
    script = Path(sys.executable).with_name(program)
    done = subprocess.run(
        [script, *arguments, "--execute"], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return (folder / "notebook.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("named", [True, False])
def test_the_pages_command_exports_pictures_in_place_of_widgets(tmp_path, named):
    (line,) = re.findall(r"^jupyter nbconvert .*", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    command = shlex.split(line)
    html = exported(tmp_path, [each for each in command if named or "priority" not in each])
    assert ('<script type="application/vnd.jupyter.widget-view+json">' not in html) is named
    assert (html.count('<div class="sb-explorable"') == 2) is named
    assert ("<svg" in html) is named
