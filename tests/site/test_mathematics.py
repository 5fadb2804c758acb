"""Formulas: set once, said in words; and KaTeX's process, one for each process of the build."""

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
    assert "<math" in katex.mathml("x^2", display=False)
    assert "<math" not in katex.render("x^2", display=False)
    with pytest.raises(ValueError, match="nosuchcommand"):
        katex.render(r"\nosuchcommand", display=True)


WORDS = {
    r"p_i < 1": "p sub i is less than 1",
    r"A^\top W_t^{\mathsf T} (u - v)^\top": (
        "A transpose W sub t transpose open paren u minus v close paren transpose"
    ),
    r"\lVert W x \rVert^2 \cdot \lVert p \rVert_2": (
        "the norm of W x end norm squared times the norm of p end norm sub 2"
    ),
    r"J \preceq \mathbf{1} \mathbf{1}^\top": "J precedes or equals bold 1 bold 1 transpose",
    r"\operatorname{softmax}\!\left(\frac{z}{T}\right)": (
        "softmax of open paren z over T close paren"
    ),
    r"P(w \mid h), \mathbb{E}": "P of open paren w given h close paren comma E",
    r"\theta^{(m)} \in \mathbb{R}^{d}": (
        "theta superscript m is a member of the reals to the d-th power"
    ),
    r"\mathrm{softmax}(\bar z).": "softmax of open paren z bar close paren",
    r"\begin{aligned} p &= q, \\ &= 1 \end{aligned}": (
        "2 lines Line 1: p equals q, Line 2: equals 1"
    ),
}


@pytest.mark.parametrize(("latex", "words"), WORDS.items())
def test_a_formula_is_said_in_the_words_of_this_book(katex, latex, words):
    assert f'aria-label="{words}"' in katex.render(latex, display=False)
    assert f'alttext="{words}"' in katex.mathml(latex, display=False)


def test_words_are_made_once_and_kept(tmp_path):
    said = []
    for _ in range(2):
        katex = KaTeX()
        katex.store = tmp_path / "words.jsonl"
        said += [katex.mathml("x^2", display=False), katex.mathml("x^2", display=False)]
        katex.stop()
        assert katex.store.read_text("utf-8").count("x squared") == 1
        with katex.store.open("a", encoding="utf-8") as file:
            file.write('\n["broken')  # as an interrupted build leaves it
    assert len(set(said)) == 1


ARITY = {"mfrac": 2, "mover": 2, "mroot": 2, "msub": 2, "msubsup": 3, "msup": 2, "munder": 2}
ARITY["munderover"] = 3


def malformed(mathml):
    """Return the elements of a formula that have not as many children as they may."""
    return [
        ElementTree.tostring(node, "unicode")
        for node in ElementTree.fromstring(mathml).iter()
        if len(node) != ARITY.get(node.tag.rpartition("}")[2], len(node))
    ]


@pytest.mark.parametrize(
    "latex", [r"p_{\max} + z_{\min}", r"\sum_{k \ne \max} e^{z_k}", r"\max_i z_i", r"\log_2 \max x"]
)
def test_mathml_is_well_formed(katex, latex):
    assert malformed(katex.mathml(latex, display=True)) == []


NAMED = re.compile(r'<span class="katex" role="img"[^>]* aria-label="[^"\\_^{}]+">')


def unsaid(html):
    """Return what is wrong with a page's formulas: each stands once, and has words for its name."""
    formulas = re.findall(r'<span class="katex"[^>]*>', html)
    copies = ["a second copy, in MathML"] * html.count("<math")
    return copies + [start for start in formulas if not NAMED.fullmatch(start)]


def test_the_formulas_of_every_page_stand_once_and_are_said(site):
    pages = {page.name: page.read_text("utf-8") for page in (site / "book").glob("*.html")}
    assert sum(html.count('<span class="katex"') for html in pages.values()) > 1000
    assert {name: unsaid(html) for name, html in pages.items() if unsaid(html)} == {}


@pytest.mark.parametrize(
    "html",
    [
        '<span class="katex"><span aria-hidden="true">p</span></span>',
        '<span class="katex" role="img" aria-label="p_i">',
        '<span class="katex" role="img" aria-label="p">p</span><math><mi>p</mi></math>',
    ],
)
def test_a_formula_without_words_or_with_a_second_copy_is_found(html):
    assert unsaid(html) != []


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
    assert "katex" in katex.render("z", display=False), "this process's Node lives on"


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
