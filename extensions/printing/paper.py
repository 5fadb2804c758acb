"""A page made fit for paper, where nothing can be pressed, unfolded or pointed at."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath
from typing import Any

import segno
from lxml import html
from lxml.html import builder as E

from extensions.anki import given
from softmaxbook.assignments.questions.prose import html_of

from .joining import anchor
from .site import Element, Page, with_class, words

FOLDED_ANSWER = re.compile(r"(Hint) \d+|(Solution|Answer)|The (verdict)")
"""Above what a reader opens after thinking. What else is folded is an aside."""

FORMULA = "formula: "
"""Begins the words of a formula, until `finishing` has told it from a picture."""

FOR_THE_SCREEN = ("sb-run", "sb-data", "sb-tip", "toctree-wrapper", "highlight-link")
SCREEN_TAGS = "script", "style", "template", "button"

UNCOLOURED = ("n", "p", "w")
"""Pieces of code that look as those without a class; Chromium takes its time for each of them."""

QR_PIXELS = 1.6
"""For a module of a code: 0.4 millimetres, which a telephone reads from a hand's breadth."""


@dataclass
class Answer:
    """What was folded under a question: where it is asked, and what was there."""

    title: str
    said: list[str]
    content: list[Element]


def prepare(page: Page, address: str | None, *, deeper: bool) -> None:
    """Make a page fit for paper.

    The address is that of the page on the published site; `deeper` pages stand in a part, and
    their headings below its own.
    """
    _remove_screen(page.article)
    _unfold_code(page.article)
    _letter_options(page.article)
    _number_exercises(page.article)
    _move_answers(page)
    _open_asides(page.article)
    _name_formulas(page.article)
    _rank_headings(page.article, deeper)
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


def _letter_options(article: Element) -> None:
    """Name the options by the letters by which the solution calls them."""
    for place in article.xpath('.//div[@data-module="question"]'):
        question = json.loads(place.get("data-state"))["question"]
        for option, line in zip(question.get("options", []), list(place), strict=False):
            letter = f"{option['letter']}) " if len(option["letter"]) == 1 else ""
            said = html_of(f"☐ {letter}{option['text']}", inline=True)
            lettered = html.fragment_fromstring(said, create_parent="p")
            lettered.set("class", "sb-note")
            place.replace(line, lettered)


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
    answers: list[Answer] = []
    outermost = page.article.xpath(".//details[not(ancestor::details)]")
    for first in [each for each in outermost if _is_answer(each) and not _follows_answer(each)]:
        group = [first, *takewhile(_is_answer, first.itersiblings())]
        answer = _answer(group)
        answers.append(answer)
        first.addprevious(_place(page.name, len(answers), answer))
        for details in group:
            details.drop_tree()
    if answers:
        page.article.xpath(".//section")[0].append(_section(page.name, answers))


def has_solution(article: Element) -> bool:
    """Return whether a prepared page tells the answer to an exercise."""
    labels = (words(strong) for strong in article.xpath('.//section[@class="sb-answers"]//strong'))
    return any(label == "Solution." for label in labels)


def _is_answer(element: Element) -> bool:
    if element.tag != "details" or element.find("summary") is None:
        return False
    return bool(FOLDED_ANSWER.fullmatch(words(element.find("summary"))))


def _follows_answer(element: Element) -> bool:
    before = element.getprevious()
    return before is not None and _is_answer(before)


def _answer(group: list[Element]) -> Answer:
    said: dict[str, int] = {}
    content: list[Element] = []
    for details in group:
        title = _title(details)
        for summary, inner in _flattened(details):
            match = FOLDED_ANSWER.fullmatch(summary)
            assert match is not None
            kind = str(match[match.lastindex or 0]).lower()
            said[kind] = said.get(kind, 0) + 1
            content += _labelled(summary, inner)
    if mistakes := _question(group[0]).get("mistakes", []):
        content += _mistakes(mistakes)
    names = [f"{kind}s" if count > 1 else kind for kind, count in said.items()]
    return Answer(title, names, content)


def _flattened(details: Element) -> list[tuple[str, list[Element]]]:
    """Return the summary and the content, and those of what is folded at its end."""
    summary = words(details.find("summary"))
    inner = [child for child in details if child.tag != "summary" and not _is_answer(child)]
    found = [(summary, inner)]
    for child in details:
        if _is_answer(child):
            found += _flattened(child)
    return found


def _labelled(label: str, content: list[Element]) -> list[Element]:
    strong = E.STRONG(f"{label}.")
    strong.tail = " "
    if content and content[0].tag == "p":
        strong.tail += content[0].text or ""
        content[0].text = None
        content[0].insert(0, strong)
        return content
    return [E.P(strong), *content]


def _question(details: Element) -> dict[str, Any]:
    """Return what is known of the question that stands above, if it is one that a page checks."""
    asked = details.xpath('preceding-sibling::*/descendant-or-self::div[@data-module="question"]')
    return dict(json.loads(asked[-1].get("data-state"))["question"]) if asked else {}


def _title(details: Element) -> str:
    """Return what a reader knows the question by: its own title, or that of its section."""
    heading = details.xpath("preceding::*[self::h1 or self::h2 or self::h3][1]")[0]
    return str(_question(details).get("title") or words(heading))


def _mistakes(mistakes: list[dict[str, Any]]) -> list[Element]:
    """Return what each wrong answer overlooks, as it stands on the cards for Anki.

    Of a guess at a verdict nothing more is known than the verdict says.
    """
    told = [each for each in mistakes if len(each.get("letter", "")) <= 1]
    lines = []
    for each in told:
        line = html.fragment_fromstring(html_of(each["hint"], inline=True), create_parent="li")
        strong = E.STRONG(given(each))
        strong.tail = f" {line.text or ''}"
        line.text = None
        line.insert(0, strong)
        lines.append(line)
    return [E.UL(*lines, E.CLASS("sb-mistakes"))] if lines else []


def _place(page: str, number: int, answer: Answer) -> Element:
    what = " and ".join(filter(None, [", ".join(answer.said[:-1]), answer.said[-1]]))
    link = E.A(
        f"{what.capitalize()}: page ",
        page_number(anchor(page, f"answer-{number}")),
        href=f"#answer-{number}",
    )
    return E.P(link, E.CLASS("sb-turn"), id=f"question-{number}")


def page_number(target: str) -> Element:
    """Return the place of the number of the page on which an anchor lies."""
    place = E.SPAN("000", E.CLASS("sb-page"))
    place.set("data-of", target)
    return place


def _section(page: str, answers: list[Answer]) -> Element:
    name = "Hints and answers"
    section = E.SECTION(E.H2(name), E.CLASS("sb-answers"), id="hints-and-answers")
    for number, answer in enumerate(answers, start=1):
        back = E.A(
            f"{answer.title}, page ",
            page_number(anchor(page, f"question-{number}")),
            href=f"#question-{number}",
        )
        head = E.P(back, E.CLASS("sb-answer-to"))
        section.append(E.DIV(head, *answer.content, E.CLASS("sb-answer"), id=f"answer-{number}"))
    return section


def _open_asides(article: Element) -> None:
    for details in list(article.iter("details")):
        summary = details.find("summary")
        summary.tag = "p"
        summary.set("class", "sb-aside-title")
        details.tag = "div"
        details.set("class", "sb-aside")


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


def _lead_to_live_figures(article: Element, address: str) -> None:
    for figure in article.xpath(".//div[@data-module][figure or svg]"):
        sections = figure.xpath("ancestor::section[@id][1]/@id")
        live = f"{address}#{sections[0]}" if sections else address
        figure.append(_live(live))


def _live(address: str) -> Element:
    drawn = segno.make(address, error="l").svg_inline(scale=QR_PIXELS, border=0, omitsize=False)
    code = html.fragment_fromstring(drawn)
    code.set("role", "img")
    code.set("aria-label", f"QR code of {address}")
    shown = address.partition("#")[0].removeprefix("https://")
    words_ = E.P("This figure can be moved: ", E.A(shown, href=address))
    return E.DIV(words_, code, E.CLASS("sb-live"))
