"""Links of what the package displays, where a notebook lies without the book's pages."""

import re
from pathlib import Path

import nbformat
import pytest
from books import LIVE
from nbclient import NotebookClient

from softmaxbook.claims import CLAIMS
from softmaxbook.exercises import index
from softmaxbook.exercises.teaching import inventory
from softmaxbook.places import html_on_site, markdown_on_site
from softmaxbook.widgets import ExerciseIndex

LED = re.compile(rf'(?:\]\(|href="){re.escape(LIVE)}(?P<file>[^)"#]+)(?:#(?P<anchor>[^)"]+))?')
# A place that another cell or file of the notebook's own could have stays as it is.
KEPT = (
    "[a](https://e.org/b.md)",
    "[a](#b)",
    "[a](data/b.md)",
    "![a](b.png)",
    '<a href="https://e.org/b.html">c</a>',
    '<a href="#b">c</a>',
    '<a href="data:text/csv,a">c</a>',
    '<use href="#sb0-1"/>',
)
CELLS = (
    "from softmaxbook.widgets.question import guess\n"
    "from softmaxbook.claims import CLAIMS\nguess(CLAIMS[0])",
    "from softmaxbook.exercises import index\nindex()",
    "from IPython.display import Markdown\nfrom softmaxbook.exercises.teaching import inventory\n"
    "Markdown(inventory())",
    "from softmaxbook.widgets import ExerciseIndex\nExerciseIndex()",
)


@pytest.mark.parametrize("text", KEPT)
def test_other_links_stay(text):
    for address in (LIVE, ""):
        assert html_on_site(markdown_on_site(text, address), address) == text


def test_what_the_package_displays_leads_to_what_is_on_the_site(site):
    shown = [
        *(markdown_on_site(claim.section, LIVE) for claim in CLAIMS),
        *(markdown_on_site(text, LIVE) for text in (str(index()), inventory())),
        html_on_site(ExerciseIndex().placeholder(), LIVE),
    ]
    led = [link for text in shown for link in LED.finditer(text)]
    assert len(led) > 200
    for link in led:
        page = (site / link["file"]).read_text(encoding="utf-8")
        assert link["anchor"] is None or f'id="{link["anchor"]}"' in page, link[0]


@pytest.mark.parametrize(("address", "links"), [(LIVE, True), ("", False)])
def test_a_kernel_that_knows_the_address_displays_no_link_to_a_file(tmp_path, address, links):
    first = f"from softmaxbook.places import lead_to\nlead_to({address!r})\nlead_to({address!r})"
    cells = [nbformat.v4.new_code_cell(source) for source in (first, *CELLS)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3").execute(cwd=Path(tmp_path))
    for cell in notebook.cells[1:]:
        outputs = [output.get("data", {}) for output in cell.outputs]
        text = "".join(
            data.get(f"text/{kind}", "") for data in outputs for kind in ("markdown", "html")
        )
        assert not re.search(r'\]\([\w./-]+\.md|href="[\w./-]+\.html', text), text[:300]
        assert bool(LED.search(text)) is links
    (state,) = [
        each["state"]
        for each in notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"][
            "state"
        ].values()
        if "exercises" in each["state"]
    ]
    assert state["site"] == address


@pytest.mark.parametrize(
    ("address", "place"), [(LIVE, f"{LIVE}book/probabilities.html"), ("", None)]
)
def test_the_list_of_exercises_leads_there_too(mount, address, place):
    page = mount(ExerciseIndex(site=address))
    link = page.locator("a[href$='#exercise-who-pays']")
    expected = place or "probabilities.html"  # beside the page, as on the built site
    assert link.get_attribute("href") == f"{expected}#exercise-who-pays"
