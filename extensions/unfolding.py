"""What a page folds, for readers who cannot unfold it: answers at the chapter's end, asides open.

Hints, answers and verdicts are to be thought about first, so they stand elsewhere, and with them
what other answers overlook. The EPUB and the PDF lead there and back in ways of their own.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from softmaxbook.assignments.questions.prose import Formula, html_of, in_brackets
from softmaxbook.checking.questions import solutions_shown

from .anki import given
from .elements import Element, alike, found, has_class, named, read_into, take_out, words

ANSWER = re.compile(r"(Hint) \d+|(Solution|Answer)|The (verdict)")
"""Above what a reader opens after thinking. What else is folded is an aside."""

TITLE = "Hints and answers"
"""Of the section at the chapter's end."""

HEADING = "preceding::*[contains(' h1 h2 h3 h4 ', concat(' ', local-name(), ' '))]"
QUESTION = f"preceding-sibling::*/descendant-or-self::{named('div')}[@data-module='question']"


def edition(tree: Element, readers: str, site: str | None) -> Element:
    """Return what stands below the first page's title: what is otherwise than on the site."""
    E = alike(tree)
    held = "" if solutions_shown() else "The exercises come without their solutions. "
    where = E.a(site, href=site) if site else "its address was not known when this was made"
    return E.p(
        f"This is the edition for {readers}. "
        "Figures that move are pictures here, and hints and answers stand at the end of each "
        f"chapter. {held}"
        "Where the text speaks of moving, pressing and checking, it speaks of the site: ",
        where,
        ".",
    )


@dataclass(frozen=True)
class Unfolded:
    """What stood folded in one place: what it was about, what it is, and all that it says."""

    title: str
    kinds: str
    content: list[Element]


def groups(tree: Element, wanted: Callable[[Element], bool]) -> list[list[Element]]:
    """Return the outermost wanted foldings of a page, those together that follow one another."""
    details = named("details")
    outer = list(filter(wanted, found(tree, f".//{details}[not(ancestor::{details})]")))
    starts = 0

    def start(each: Element) -> int:
        nonlocal starts
        before = each.getprevious()
        starts += before not in outer or bool((before.tail or "").strip())
        return starts

    return [list(group) for _, group in groupby(outer, start)]


def is_answer(element: Element) -> bool:
    """Return whether an element folds what a reader opens after thinking."""
    summary = found(element, f"self::{named('details')}/{named('summary')}")
    return bool(summary and ANSWER.fullmatch(words(summary[0])))


def unfolded(group: list[Element], formula: Formula = in_brackets) -> Unfolded:
    """Return what a group of answers says, which leaves the page empty where it stood."""
    asked = question(group[0])
    labelled = [part for details in group for part in parts(details)]
    return Unfolded(
        str(asked.get("title") or words(found(group[0], HEADING)[-1])),
        kinds(label for label, _ in labelled),
        [each for label, content in labelled for each in with_label(group[0], label, content)]
        + mistakes(group[0], asked.get("mistakes", ()), formula),
    )


def replace(group: list[Element], lead: Element) -> None:
    """Put what leads to the answers in the place of a group."""
    group[0].addprevious(lead)
    for details in group:
        take_out(details)


def parts(details: Element) -> list[tuple[str, list[Element]]]:
    """Return the words on a folding and what is in it, and those of the answers within it."""
    summary, *inner = details
    said = [(words(summary), [each for each in inner if not is_answer(each)])]
    for each in filter(is_answer, inner):
        said += parts(each)
    return said


def with_label(tree: Element, label: str, content: list[Element]) -> list[Element]:
    """Return what was folded, with the words that stood on it in front."""
    E = alike(tree)
    if not content or content[0].tag != E.p().tag:
        content = [E.p({"class": "sb-label"}), *content]
    begin(content[0], f"{label}.")
    return content


def kinds(labels: Iterable[str]) -> str:
    """Return in words what is folded.

    Examples
    --------
    >>> kinds(["Hint 1", "Hint 2", "Solution"]), kinds(["The verdict"])
    ('Hints and solution', 'Verdict')
    """
    matches = filter(None, map(ANSWER.fullmatch, labels))
    counted = Counter(next(filter(None, match.groups())).lower() for match in matches)
    names = [f"{kind}s" if count > 1 else kind for kind, count in counted.items()]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])).capitalize()


def question(details: Element) -> dict[str, Any]:
    """Return what is known of the question above, if it is one that the page checks."""
    in_output = found(details, f"parent::*[{has_class('cell_output')}]")
    asked = found(details, QUESTION) if in_output else []
    return dict(json.loads(asked[-1].get("data-state"))["question"]) if asked else {}


def mistakes(tree: Element, mistakes: Iterable[dict[str, Any]], formula: Formula) -> list[Element]:
    """Return what each wrong answer overlooks; nothing where the edition has no solutions.

    Of a guess at a verdict nothing more is known than the verdict says.
    """
    E = alike(tree)
    told = [each for each in mistakes if len(each.get("letter", "")) <= 1]
    lines = []
    for each in told:
        line = read_into(tree, "li", html_of(each["hint"], formula, inline=True))
        begin(line, given(each))
        lines.append(line)
    return [E.ul({"class": "sb-mistakes"}, *lines)] if lines else []


def letter_options(tree: Element, formula: Formula = in_brackets) -> None:
    """Name the options of questions by the letters by which their answers call them."""
    for place in found(tree, f".//{named('div')}[@data-module='question']"):
        options = json.loads(place.get("data-state"))["question"].get("options", [])
        for option, line in zip(options, list(place), strict=False):
            letter = f"{option['letter']}) " if len(option["letter"]) == 1 else ""
            said = html_of(f"☐ {letter}{option['text']}", formula, inline=True)
            lettered = read_into(place, "p", said)
            lettered.set("class", "sb-note")
            place.replace(line, lettered)


def begin(element: Element, label: str) -> None:
    """Put words before the first of an element, and let them be seen first."""
    strong = alike(element).strong(label)
    strong.tail = f" {(element.text or '').lstrip()}"
    element.text = None
    element.insert(0, strong)


def open_asides(tree: Element) -> None:
    """Let what is folded beside the text stand there, open for good."""
    for details in found(tree, f".//{named('details')}"):
        E = alike(details)
        details[0].tag = E.p().tag
        details[0].set("class", "sb-label")
        details.tag = E.div().tag
        details.attrib.clear()
        details.set("class", "sb-aside")
