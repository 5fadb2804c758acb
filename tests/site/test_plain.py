"""The text of published notebooks: Markdown that hosts without MyST show as it is meant."""

import json
import re
from dataclasses import replace

import pytest
from books import LIVE, Book
from sphinx.errors import ExtensionError

from extensions.notebooks import translate, without_state
from extensions.plain import Sources, plain, plain_strings

SOURCES = Sources(
    listing=lambda path, chosen: f"# {path} {sorted(chosen.items())}\n",
    cited=lambda key: (key.title(), "2017"),
    address=lambda place: f"{LIVE}{place}",
    title=lambda place: f"Title of {place}",
)
NOWHERE = replace(SOURCES, address=lambda place: None)

TRANSLATED = {
    "a target": ("(exercise-a)=\n**A**", "**A**"),
    "a citation": ("So it is {cite:p}`gao,guo`.", "So it is (Gao, 2017; Guo, 2017)."),
    "a citation as words": ("{cite:t}`gao` say so.", "Gao (2017) say so."),
    "a citation of a page": ("{cite:p}`{see}gao{p. 3},guo`", "(see Gao, 2017, p. 3; Guo, 2017)"),
    "a page in words": ("{cite:t}`gao{p. 3}`", "Gao (2017, p. 3)"),
    "a link": ("See [*it* `[0]`](b.md#c), [d](#e).", "See *it* `[0]`, d."),
    "a link with brackets in its words": ("[a [b] c](b.md)", "a [b] c"),
    "a link without words": ("[](./b.md#c)", "Title of ./b.md#c"),
    "a link elsewhere": ("[a](https://a.example/b.md#c)", "[a](https://a.example/b.md#c)"),
    "a named reference": ("{ref}`An exercise <exercise-a>`", "An exercise"),
    "code": ("`{cite:p}` and ``{ref}`a` [b](c.md)``", "`{cite:p}` and ``{ref}`a` [b](c.md)``"),
    "a formula": (r"$\{a\}(b)$ and $$x_{i}[0]$$", r"$\{a\}(b)$ and $$x_{i}[0]$$"),
    "a listing": (
        "```{literalinclude} a.py\n:pyobject: f\n:dedent:\n```",
        "```python\n# a.py [('dedent', ''), ('pyobject', 'f')]\n```",
    ),
    "code in a fence": (
        "```python\n(a)=\n{cite:p}`b`\n```\n(c)=",
        "```python\n(a)=\n{cite:p}`b`\n```",
    ),
    "a box": (
        ":::{admonition} Of [a](b.md)\n:class: tip\n\nOne.\n\nTwo {cite:p}`gao`.\n:::\nAfter.",
        "\n> **Of a**\n>\n> One.\n>\n> Two (Gao, 2017).\nAfter.",
    ),
    "an answer in a box": (
        "::::{admonition} Predict\n:::{dropdown} The `a` & b\n:open:\nOne.\n:::\n::::",
        "\n> **Predict**\n>\n> <details>\n> <summary>The <code>a</code> &amp; b</summary>\n>\n"
        "> One.\n>\n> </details>",
    ),
    "what a notebook is itself": ("```{downloads}\n```\nAfter.", "After."),
}


@pytest.mark.parametrize("name", TRANSLATED)
def test_what_only_myst_knows_is_translated(name):
    text, expected = TRANSLATED[name]
    assert plain(text, NOWHERE) == expected


def test_where_the_site_is_known_there_are_links():
    text = "[a](b.md#c) {cite:t}`gao` {ref}`d <e>`"
    there = f"{LIVE}references.md"
    expected = f"[a]({LIVE}b.md#c) Gao ([2017]({there})) [d]({LIVE}e)"
    assert plain(text, SOURCES) == expected


def test_what_a_cell_displays_is_translated_as_well_where_it_is_run():
    code = 'Markdown(f"See [`{x}`](b.md#c), [d](https://d.example/e.md) {cite:p}`gao`"); rows[0](y)'
    assert plain_strings(code, SOURCES) == (
        f'Markdown(f"See [`{{x}}`]({LIVE}b.md#c), [d](https://d.example/e.md) '
        f'([Gao, 2017]({LIVE}references.md))"); rows[0](y)'
    )
    for shown in ("See [*x*](b.md) {cite:t}`gao`.", ["See [*x*](b.md) ", "{cite:t}`gao`."]):
        output = {"output_type": "display_data", "data": {"text/markdown": shown}}
        cell = {"cell_type": "code", "source": [code], "outputs": [output]}
        translate({"cells": [cell]}, NOWHERE)
        assert output["data"] == {"text/markdown": "See *x* Gao (2017)."}
        assert ".md#c" not in cell["source"]


def test_links_in_html_lead_to_the_site_or_are_words():
    deck = '<a href="../_static/a.apkg">deck</a>'
    for site, led in ((LIVE, f'<a href="{LIVE}_static/a.apkg">deck</a>'), (None, "deck")):
        output = {"output_type": "display_data", "data": {"text/html": [f"<p>{deck}", "</p>"]}}
        cell = {"cell_type": "code", "source": [f"HTML('{deck}')"], "outputs": [output]}
        translate({"cells": [cell]}, NOWHERE, site)
        assert output["data"] == {"text/html": f"<p>{led}</p>"}
        assert cell["source"] == f"HTML('{led}')"


def test_a_bar_of_what_went_on_is_as_little_in_the_notebook_as_on_the_page():
    bar = {"output_type": "stream", "name": "stderr", "text": "training:  7%"}
    said = {"output_type": "stream", "name": "stdout", "text": "0.9"}
    for tags, kept in ((["remove-stderr"], [said]), ([], [bar, said])):
        cell = {"cell_type": "code", "metadata": {"tags": tags}, "outputs": [bar, said]}
        [cell] = without_state({"metadata": {}, "cells": [cell]})["cells"]
        assert cell["outputs"] == kept


@pytest.mark.parametrize("text", ["```{tableofcontents}\n```", "{doc}`a`"])
def test_what_is_not_known_is_no_guess(text):
    with pytest.raises(ExtensionError, match="translates no"):
        plain(text, NOWHERE)


FIRST = """
# First

(exercise-mine)=
## The gradient, in short

See [above](#the-gradient-in-short), [the other](second.md#softmax-of-numbers-and-more) and
{ref}`a label <exercise-mine>`, as {cite:t}`gao2017` and others say {cite:p}`guo2017,noyear`.

```{literalinclude} ../src/softmaxbook/mark.py
:pyobject: MARK
```
"""
MARK = '''class MARK:
    """One.

    Two.
    """
'''
LIBRARY = """
@article{gao2017, author = {Gao, Bolin and Pavel, Lacra}, title = {A}, journal = {B}, year = {2017}}
@article{guo2017, author = {Guo, A and Li, B and Wu, C}, title = {C}, journal = {D}, year = {2018}}
@misc{noyear, author = {{A Course}}, title = {E}, url = {https://e.example}}
"""
CELL = "```{code-cell}\n1\n```\n"
SECOND = "\n# Second\n\n## Softmax of numbers, and more\n"
REFERENCES = "# References\n\n```{bibliography}\n```\n"


@pytest.mark.long
def test_links_of_a_notebook_lead_to_places_of_the_site(tmp_path):
    book = Book(tmp_path, first=FIRST + CELL, second=SECOND, references="")
    (tmp_path / "book" / "references.md").write_text(REFERENCES)
    (tmp_path / "src" / "softmaxbook" / "mark.py").write_text(MARK)
    (tmp_path / "book" / "references.bib").write_text(LIBRARY)
    code, said = book.build(SOFTMAXBOOK_ADDRESS=LIVE)
    assert code == 0, said
    notebook = tmp_path / "_build" / "html" / "_sources" / "book" / "first.ipynb"
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    assert "Gao and Pavel ([2017](" in text
    assert "([Guo et al., 2018](" in text
    assert "[A Course, n.d.](" in text
    assert '```python\nclass MARK:\n    """One."""\n```' in text
    links = re.findall(rf"\]\({re.escape(LIVE)}book/(\w+)\.html(?:#([\w-]+))?\)", text)
    assert [page for page, _ in links].count("references") == 3
    assert len(links) == 6
    for page, anchor in links:
        assert not anchor or f'id="{anchor}"' in book.html(page), (page, anchor)


@pytest.mark.long
def test_a_page_that_cannot_be_written_fails_the_build(tmp_path):
    pages = {f"page{number:02}": "\n# Page\n\n" + "A *word*.\n" * 3000 for number in range(20)}
    pages["page00"] = f"\n# Bad\n\n{CELL}\n```{{only}} html\n```\n"
    book = Book(tmp_path, **pages)
    code, said = book.build()
    assert code != 0
    assert "did not write book/" in said or "translates no directive {only}" in said
    code, said = book.build(SOFTMAXBOOK_WRITERS="1")
    assert code != 0
    assert "translates no directive {only}" in said


LEFT = re.compile(r"^\([\w:.-]+\)=|^[:`]{3,}\{|\{[\w:-]+\}`|\]\([\w./-]*\.md|\]\(#", re.M)

BESIDE = re.compile(r'<a\b[^>]* href="(?![a-z]+:|#)[^"]*"')  # a file that is not there

IN_CODE = re.compile(r"\{cite:\w\}`|\]\([\w./-]*\.md")


def test_published_notebooks_hold_no_myst(site):
    notebooks = sorted((site / "_sources").rglob("*.ipynb"))
    assert len(notebooks) > 20
    for notebook in notebooks:
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                text = "".join(cell["source"])
                assert not LEFT.search(text), f"{notebook.name}: {LEFT.search(text)}"
                continue
            shown = [
                each["data"].get("text/html", "") for each in cell["outputs"] if "data" in each
            ]
            for text in ("".join(cell["source"]), *map("".join, shown)):
                assert not BESIDE.search(text), f"{notebook.name}: {BESIDE.search(text)}"
