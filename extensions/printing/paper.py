"""A page made fit for paper, where nothing can be pressed, unfolded or pointed at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from pathlib import PurePosixPath

from lxml.html import builder as E

from extensions.codes import code_of
from extensions.elements import Element, take_out, words
from extensions.unfolding import (
    TITLE,
    Unfolded,
    groups,
    is_answer,
    letter_options,
    open_asides,
    replace,
    unfolded,
)

from .joining import anchor
from .site import Page, with_class

FORMULA = "formula: "
"""Begins the words of a formula, until `finishing` has told it from a picture."""

FOR_THE_SCREEN = ("sb-run", "sb-data", "sb-tip", "toctree-wrapper", "highlight-link")
SCREEN_TAGS = "script", "style", "template", "button"

UNCOLOURED = ("n", "p", "w")
"""Pieces of code that look as those without a class; Chromium takes its time for each of them."""

QR_PIXELS = 1.6
"""For a module of a code: 0.4 millimetres, which a telephone reads from a hand's breadth."""


def prepare(page: Page, address: str | None, *, deeper: bool) -> None:
    """Make a page fit for paper.

    The address is that of the page on the published site; `deeper` pages stand in a part, and
    their headings below its own.
    """
    _remove_screen(page.article)
    _unfold_code(page.article)
    letter_options(page.article)
    _number_exercises(page.article)
    _move_answers(page)
    open_asides(page.article)
    _name_formulas(page.article)
    _rank_headings(page.article, deeper)
    _anchor_headings(page.article)
    if address:
        _lead_to_live_figures(page.article, address)
    _name_drawings(page.article)


def _remove_screen(article: Element) -> None:
    for name in FOR_THE_SCREEN:
        for element in with_class(article, name):
            element.drop_tree()
    for element in article.iter(*SCREEN_TAGS):
        element.drop_tree()
    # Nobody has answered yet: what the program below an exercise would say.
    for cell in with_class(article, "tag_exercise"):
        for output in with_class(cell, "cell_output"):
            output.drop_tree()
    for link in with_class(article, "sb-term"):
        link.attrib.pop("aria-describedby", None)


def _unfold_code(article: Element) -> None:
    for details in with_class(article, "above-input", "details"):
        details.find("summary").drop_tree()
        details.drop_tag()
    for name in UNCOLOURED:
        for piece in article.xpath(f'.//pre//span[@class="{name}"]'):
            piece.drop_tag()


def _number_exercises(article: Element) -> None:
    """Say in the list of all exercises on which page each of them is."""
    for row in article.xpath('.//div[@data-module="progress"]//tr'):
        links = row.xpath(".//a/@href")
        if not links:
            row.append(E.TH("page"))
            continue
        page, _, name = links[0].partition("#")
        number = page_number(anchor(PurePosixPath(page).stem, name))
        row.append(E.TD(E.A(number, href=links[0])))


def _move_answers(page: Page) -> None:
    """Put hints, solutions and verdicts at the end of the chapter, with links there and back."""
    answers = []
    for number, group in enumerate(groups(page.article, is_answer), start=1):
        answer = unfolded(group)
        answers.append(answer)
        replace(group, _place(page.name, number, answer))
    if answers:
        page.article.xpath(".//section")[0].append(_section(page.name, answers))


def has_solution(article: Element) -> bool:
    """Return whether a prepared page tells the answer to an exercise."""
    labels = (words(strong) for strong in article.xpath('.//section[@class="sb-answers"]//strong'))
    return any(label == "Solution." for label in labels)


def _place(page: str, number: int, answer: Unfolded) -> Element:
    link = E.A(
        f"{answer.kinds}: page ",
        page_number(anchor(page, f"answer-{number}")),
        href=f"#answer-{number}",
    )
    return E.P(link, E.CLASS("sb-turn"), id=f"question-{number}")


def page_number(target: str) -> Element:
    """Return the place of the number of the page on which an anchor lies."""
    place = E.SPAN("000", E.CLASS("sb-page"))
    place.set("data-of", target)
    return place


def _section(page: str, answers: list[Unfolded]) -> Element:
    section = E.SECTION(E.H2(TITLE), E.CLASS("sb-answers"), id="hints-and-answers")
    for number, answer in enumerate(answers, start=1):
        back = E.A(
            f"{answer.title.removesuffix('.')}, page ",
            page_number(anchor(page, f"question-{number}")),
            href=f"#question-{number}",
        )
        head = E.P(back, E.CLASS("sb-answer-to"), id=f"answer-{number}")
        section.append(E.DIV(head, *answer.content, E.CLASS("sb-answer")))
    return section


def _name_formulas(article: Element) -> None:
    """Let a formula's signs be part of what its words name, in place of an empty picture."""
    for formula in with_class(article, "katex", "span"):
        formula.set("aria-label", FORMULA + formula.get("aria-label", ""))
        formula.attrib.pop("aria-roledescription", None)
        for signs in with_class(formula, "katex-html"):
            signs.attrib.pop("aria-hidden", None)


def _name_drawings(article: Element) -> None:
    """Give the words of a figure to its drawing: Chromium tags what draws, and no frame of it."""
    for figure in article.xpath('.//figure[@role="img"][svg]'):
        figure.tag = "div"
        drawing = figure.find("svg")
        for attribute in ("role", "aria-label"):
            drawing.set(attribute, figure.attrib.pop(attribute))
        drawing.attrib.pop("aria-hidden", None)


def _rank_headings(article: Element, deeper: bool) -> None:
    for level in (3, 2, 1):
        for heading in list(article.iter(f"h{level}")):
            heading.set("class", f"sb-h{level}")
            heading.tag = f"h{level + deeper}"


def _anchor_headings(article: Element) -> None:
    """Let names of a section be those of its heading: a section may begin a page before that."""
    for heading in list(article.iter("h1", "h2", "h3", "h4")):
        section = heading.getparent()
        if "id" in section.attrib and "id" not in heading.attrib:
            heading.set("id", section.attrib.pop("id"))
        for named in [*heading.itersiblings(preceding=True), *_just_before(section)]:
            if named.tag == "span" and not len(named) and not words(named):
                take_out(named)
                named.tail, heading.text = heading.text, None
                heading.insert(0, named)


def _just_before(section: Element) -> Iterator[Element]:
    """Yield the names right before a section, from the last to the first."""
    return takewhile(lambda each: each.tag == "span", section.itersiblings(preceding=True))


def _lead_to_live_figures(article: Element, address: str) -> None:
    for figure in article.xpath(".//div[@id][@data-module][figure or svg]"):
        figure.append(_live(f"{address}#{figure.get('id')}", figure))


def _live(address: str, figure: Element) -> Element:
    code = code_of(address, figure, quiet=0)
    code.set("width", f"{QR_PIXELS * float(code.get('viewBox').split()[2]):g}")
    shown = address.partition("#")[0].removeprefix("https://")
    words_ = E.P("This figure can be moved: ", E.A(shown, href=address))
    return E.DIV(words_, code, E.CLASS("sb-live"))
