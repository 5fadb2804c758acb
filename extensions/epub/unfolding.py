"""What a page folds stands at the chapter's end: few e-readers fold, and none asks before it shows.

Hints, answers, verdicts and the code of figures move there in their order; a link leads there from
where they stood, and another one back.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import groupby
from typing import Any

from softmaxbook.assignments.questions.prose import html_of

from ..anki import given
from .elements import Element, H, found, has_class, read, take_out, words

Formula = Callable[[str, bool], str]

HEADING = "preceding::*[self::h:h1 or self::h:h2 or self::h:h3 or self::h:h4]"
QUESTION = "preceding-sibling::*//h:div[@data-module='question']"


def unfold(body: Element, formula: Formula) -> None:
    """Move what is folded to the end of a page."""
    answers: list[Element] = []
    code: list[Element] = []
    for number, group in enumerate(groups(body), 1):
        folds_code = has_code(group[0])
        (code if folds_code else answers).append(moved(group, number, folds_code, formula))
    sections = found(body, "h:section")
    end = sections[0] if sections else body
    for title, entries in (("Hints and answers", answers), ("Code of the figures", code)):
        if entries:
            end.append(H.section(H.h2(title), *entries))


def groups(body: Element) -> list[list[Element]]:
    """Return the outermost foldings of a page, those together that follow one another."""
    outer = found(body, ".//h:details[not(ancestor::h:details)]")
    starts = 0

    def start(details: Element) -> int:
        nonlocal starts
        starts += details.getprevious() not in outer or bool(
            (details.getprevious().tail or "").strip()
        )
        return starts

    return [list(group) for _, group in groupby(outer, start)]


def has_code(details: Element) -> bool:
    """Return whether MyST-NB has folded a cell's code there."""
    return "hide" in (details.get("class") or "").split()


def moved(group: list[Element], number: int, folds_code: bool, formula: Formula) -> Element:
    """Take a group out of its place; return the entry at the end, to which a link now leads."""
    asked = question(group[0])
    titles = [asked["title"]] if asked else [words(each) for each in found(group[0], HEADING)[-1:]]
    labels = [plain(each, folds_code) for details in group for each in nested(details)]
    here, there = f"folded-{number}", f"unfolded-{number}"
    words_of_link = f"{', '.join(labels)}: at the end of this chapter"
    group[0].addprevious(
        H.p({"class": "sb-unfold", "id": here}, H.a(words_of_link, href=f"#{there}"))
    )
    parts = [take_out(details) for details in group]
    if asked and not asked["id"].startswith(
        "claim-"
    ):  # a verdict says all that there is to a claim
        parts += mistakes(asked, formula)
    back = H.p(H.a("Back", href=f"#{here}"))
    return H.section({"id": there, "class": "sb-unfolded"}, H.h3(*titles), *parts, back)


def question(details: Element) -> dict[str, Any] | None:
    """Return the data of the question that stands before what is folded."""
    in_output = found(details, f"parent::*[{has_class('cell_output')}]")
    placeholders = found(details, QUESTION) if in_output else []
    return dict(json.loads(placeholders[0].get("data-state"))["question"]) if placeholders else None


def nested(details: Element) -> list[Element]:
    """Return a folding and those in it."""
    return found(details, "descendant-or-self::h:details")


def plain(details: Element, folds_code: bool) -> str:
    """Let a folding be open for good; return the words that stood on it."""
    summary = found(details, "h:summary")[0]
    if folds_code:
        take_out(summary)
        label = "Code"
    else:
        label = words(summary)
        summary.tag = H.p().tag
        summary.set("class", "sb-label")
    details.tag = H.div().tag
    details.attrib.clear()
    return label


def mistakes(asked: dict[str, Any], formula: Formula) -> list[Element]:
    """Return what other answers overlook; nothing where the edition has no solutions."""
    items = []
    for each in asked.get("mistakes", ()):
        item = H.li(f"{given(each)} ")
        said = read(html_of(each["hint"], formula, inline=True))
        item.text += said.text or ""
        item.extend(said)
        items.append(item)
    return [H.div(H.p("Other answers", {"class": "sb-label"}), H.ul(*items))] if items else []
