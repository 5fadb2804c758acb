"""KaTeX's process: one for each process of the build, and words where it is silent."""

import os
import re
import sys
from multiprocessing import get_context
from xml.etree import ElementTree

import pytest
from sphinx.errors import SphinxError

from extensions.mathematics import KaTeX


@pytest.fixture
def katex():
    katex = KaTeX()
    yield katex
    katex.stop()


def test_a_formula_is_set_and_a_wrong_one_named(katex):
    assert "<math" in katex.render("x^2", display=False)
    with pytest.raises(ValueError, match="nosuchcommand"):
        katex.render(r"\nosuchcommand", display=True)


ARITY = {"mfrac": 2, "mover": 2, "mroot": 2, "msub": 2, "msubsup": 3, "msup": 2, "munder": 2}
ARITY["munderover"] = 3


def malformed(html):
    """Return the elements of the MathML in a text that have not as many children as they may."""
    return [
        ElementTree.tostring(node, "unicode")
        for formula in re.findall(r"<math\b.*?</math>", html, flags=re.DOTALL)
        for node in ElementTree.fromstring(formula).iter()
        if len(node) != ARITY.get(node.tag.rpartition("}")[2], len(node))
    ]


@pytest.mark.parametrize(
    "latex", [r"p_{\max} + z_{\min}", r"\sum_{k \ne \max} e^{z_k}", r"\max_i z_i", r"\log_2 \max x"]
)
def test_what_is_read_aloud_is_well_formed(katex, latex):
    assert malformed(katex.render(latex, display=True)) == []


def test_the_formulas_of_every_page_are_well_formed(site):
    pages = {page.name: page.read_text("utf-8") for page in (site / "book").glob("*.html")}
    assert any("<math" in html for html in pages.values())
    assert {name: malformed(html) for name, html in pages.items() if malformed(html)} == {}


def test_each_process_asks_its_own_node(katex):
    katex.render("x", display=False)
    context = get_context("fork")
    theirs = context.Queue()

    def ask():
        katex.render("y", display=False)
        theirs.put((os.getpid(), katex.owner, katex.process.pid))
        katex.stop()

    child = context.Process(target=ask)
    child.start()
    asking, owner, node = theirs.get()
    child.join()
    assert asking == owner != os.getpid()
    assert node != katex.process.pid
    assert "<math" in katex.render("z", display=False), "this process's Node lives on"


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("raise SystemExit(3)", 3),
        ("input(); raise SystemExit(4)", 4),
        ("import time; time.sleep(600)", -9),
        ("print('{', end='', flush=True); import time; time.sleep(600)", -9),
    ],
)
def test_a_node_that_dies_or_hangs_is_told_with_the_formula(program, code):
    katex = KaTeX([sys.executable, "-c", program], seconds=0.5 if code < 0 else 60)
    with pytest.raises(SphinxError, match=rf"formula a\+b\n.*code {code}[^$]*Build again"):
        katex.render("a+b", display=False)
