"""QTI 2.1: a content package with a file for each question, and a test that draws of variants.

Notes
-----
Scoring is written out in each item (`responseProcessing`), so a system that runs it judges as the
checker does, with a feedback of its own for each mistake and for several fields at once. Formulas
are MathML, as the standard wants them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as ET

from .packages import Pictures, added, archive, manifest, xml
from .prose import as_mathml, html_of
from .question import Answer, Option, Question, Range, plain

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
MATHML = "http://www.w3.org/1998/Math/MathML"
OTHERWISE, EXPLANATION, RIGHT = "otherwise", "explanation", "right"
ALLOWED = {"class", "href", "src", "alt", "title"}  # of what Markdown sets, QTI has these

ET.register_namespace("m", MATHML)


def quiz(questions: Sequence[Question], pictures: Path) -> bytes:
    """Return questions as a content package: `imsmanifest.xml`, a test, an item for each.

    Parameters
    ----------
    questions : sequence of Question
        Those of a chapter have to stand together, and within it those of an exercise.
    pictures : Path
        The folder that pictures are in.
    """
    items: dict[str, bytes] = {}
    media: dict[str, bytes] = {}
    uses: dict[str, list[str]] = {}
    for each in questions:
        inside = Pictures(pictures, "media/{}")
        items[f"items/{each.id}.xml"] = xml(item(each, inside))
        uses[each.id] = [f"items/media/{name}" for name in sorted(inside.found)]
        media |= {f"items/media/{name}": data for name, data in inside.found.items()}
    return archive(
        {
            "imsmanifest.xml": xml(_manifest(uses)),
            "test.xml": xml(_test(questions)),
            **items,
            **dict(sorted(media.items())),
        }
    )


def item(question: Question, pictures: Pictures) -> ET.Element:
    """Return a question as an `assessmentItem`."""
    root = ET.Element(
        "assessmentItem",
        {
            "xmlns": QTI,
            "identifier": question.id,
            "title": question.name,
            "adaptive": "false",
            "timeDependent": "false",
        },
    )
    _declare(root, question)
    body = added(root, "itemBody")
    body.extend(_blocks(question.prompt, pictures))
    processing = ET.Element("responseProcessing")
    condition = added(processing, "responseCondition")
    feedback = {}
    if question.options:
        _choice(body, condition, question, pictures)
        feedback = {_letter(each): each.hint for each in question.options if each.hint}
    else:
        _numbers(body, condition, question)
        feedback = {
            _name(k, each): each.hint for k, each in enumerate(question.answers) if each.hint
        }
        feedback |= {OTHERWISE: question.otherwise} if question.otherwise else {}
    if question.explanation:
        _set(processing, EXPLANATION.upper(), "identifier", EXPLANATION)
    root.append(processing)
    for name, text in feedback.items():
        _modal(root, "FEEDBACK", name, text, pictures)
    if question.explanation:
        _modal(root, EXPLANATION.upper(), EXPLANATION, question.explanation, pictures)
    return root


def _declare(root: ET.Element, question: Question) -> None:
    """Declare what is answered, and what comes out."""
    right = [_letter(each) for each in question.options if each.right] or question.shown
    kind = "identifier" if question.options else "float"
    for name, value in zip(_fields(question), right, strict=True):
        declared = added(
            root, "responseDeclaration", identifier=name, cardinality="single", baseType=kind
        )
        added(added(declared, "correctResponse"), "value", value)
    for name, points in (("SCORE", 0.0), ("MAXSCORE", question.points)):
        declared = added(
            root, "outcomeDeclaration", identifier=name, cardinality="single", baseType="float"
        )
        added(added(declared, "defaultValue"), "value", plain(points))
    for name in ["FEEDBACK", *([EXPLANATION.upper()] if question.explanation else [])]:
        added(
            root, "outcomeDeclaration", identifier=name, cardinality="single", baseType="identifier"
        )


def _fields(question: Question) -> list[str]:
    if len(question.labels) < 2:
        return ["RESPONSE"]
    return [f"RESPONSE{k}" for k in range(1, len(question.labels) + 1)]


def _choice(
    body: ET.Element, condition: ET.Element, question: Question, pictures: Pictures
) -> None:
    interaction = added(
        body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle="true", maxChoices="1"
    )
    for k, option in enumerate(question.options):
        shown = added(interaction, "simpleChoice", identifier=_letter(option))
        _inline(shown, option.text, pictures)
        branch = added(condition, "responseElseIf" if k else "responseIf")
        match = added(branch, "match")
        added(match, "variable", identifier="RESPONSE")
        added(match, "baseValue", _letter(option), baseType="identifier")
        _outcome(branch, question if option.right else None, _letter(option), option.hint)


def _letter(option: Option) -> str:
    return f"option-{option.letter}"  # an identifier begins with a letter


def _numbers(body: ET.Element, condition: ET.Element, question: Question) -> None:
    names = _fields(question)
    for name, label in zip(names, question.labels, strict=True):
        line = added(body, "p", f"{label}: " if label else "")
        added(line, "textEntryInteraction", responseIdentifier=name, expectedLength="12")
    for k, answer in enumerate(question.answers):
        branch = added(condition, "responseElseIf" if k else "responseIf")
        parent = added(branch, "and") if len(names) > 1 else branch
        for name, ranges in zip(names, answer.fields, strict=True):
            _within(parent, name, ranges)
        _outcome(branch, question if answer.right else None, _name(k, answer), answer.hint)
    if question.otherwise:
        _set(added(condition, "responseElse"), "FEEDBACK", "identifier", OTHERWISE)


def _name(k: int, answer: Answer) -> str:
    return RIGHT if answer.right else f"mistake-{k}"


def _within(parent: ET.Element, name: str, ranges: Iterable[Range]) -> None:
    """Require that the field of that name holds a number of one of the ranges.

    Bounds are read by more systems than `equal` with a tolerance.
    """
    ranges = list(ranges)
    place = added(parent, "or") if len(ranges) > 1 else parent
    for each in ranges:
        both = added(place, "and")
        for tag, bound in (("gte", each.low), ("lte", each.high)):
            comparison = added(both, tag)
            added(comparison, "variable", identifier=name)
            added(comparison, "baseValue", plain(bound), baseType="float")


def _outcome(branch: ET.Element, right: Question | None, name: str, hint: str) -> None:
    if right:
        _set(branch, "SCORE", "float", plain(right.points))
    if hint:
        _set(branch, "FEEDBACK", "identifier", name)
    if not (right or hint):
        _set(branch, "SCORE", "float", "0")  # a branch cannot be empty


def _set(parent: ET.Element, name: str, kind: str, value: str) -> None:
    added(added(parent, "setOutcomeValue", identifier=name), "baseValue", value, baseType=kind)


def _modal(root: ET.Element, outcome: str, name: str, text: str, pictures: Pictures) -> None:
    modal = added(
        root, "modalFeedback", outcomeIdentifier=outcome, identifier=name, showHide="show"
    )
    modal.extend(_blocks(text, pictures))


def _blocks(text: str, pictures: Pictures) -> list[ET.Element]:
    """Return Markdown as elements that QTI has."""
    return list(_parsed(html_of(text, as_mathml, pictures)))


def _inline(parent: ET.Element, text: str, pictures: Pictures) -> None:
    """Put Markdown into an element, within its line."""
    found = _parsed(html_of(text, as_mathml, pictures, inline=True))
    parent.text = found.text
    parent.extend(found)


def _parsed(html: str) -> ET.Element:
    whole = ET.fromstring(f"<div>{html}</div>")
    for each in whole.iter():
        if not each.tag.startswith("{"):  # MathML has attributes of its own
            for name in each.attrib.keys() - ALLOWED:
                del each.attrib[name]
    return whole


def _test(questions: Sequence[Question]) -> ET.Element:
    """Return a test with a section for each chapter, which draws one of an exercise's variants."""
    root = ET.Element("assessmentTest", {"xmlns": QTI, "identifier": "softmax", "title": "Softmax"})
    part = added(
        root,
        "testPart",
        identifier="all",
        navigationMode="nonlinear",
        submissionMode="individual",
    )
    for (name, chapter), own in groupby(questions, lambda each: (each.part, each.chapter)):
        section = _section(part, f"chapter-{name}", chapter, visible=True)
        for exercise, those in groupby(own, lambda each: each.exercise):
            drawn = list(those)
            place = section
            if len(drawn) > 1:
                place = _section(section, f"one-of-{exercise}", drawn[0].title, visible=False)
                added(place, "selection", select="1")
            for each in drawn:
                added(place, "assessmentItemRef", identifier=each.id, href=f"items/{each.id}.xml")
    return root


def _section(parent: ET.Element, name: str, title: str, visible: bool) -> ET.Element:
    shown = "true" if visible else "false"
    return added(parent, "assessmentSection", identifier=name, title=title, visible=shown)


def _manifest(uses: dict[str, list[str]]) -> ET.Element:
    root, resources = manifest(PACKAGE, "QTIv2.1 Package", "1.0.0")
    test = _resource(resources, "test", "imsqti_test_xmlv2p1", ["test.xml"])
    for id in uses:
        added(test, "dependency", identifierref=f"item-{id}")
    for id, media in uses.items():
        _resource(resources, f"item-{id}", "imsqti_item_xmlv2p1", [f"items/{id}.xml", *media])
    return root


def _resource(parent: ET.Element, name: str, kind: str, files: list[str]) -> ET.Element:
    resource = added(parent, "resource", identifier=name, type=kind, href=files[0])
    for file in files:
        added(resource, "file", href=file)
    return resource
