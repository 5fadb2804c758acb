"""QTI 1.2 in the shape that Canvas' classic quizzes read: a quiz for each chapter.

Notes
-----
What is read stands in Canvas' source, ``gems/plugins/qti_exporter`` (`numeric_interaction.rb`,
`choice_interaction.rb`), and what is then right in ``app/models/quizzes/quiz_question``. A number
that meets any of a question's conditions is right there, whatever its score in the file: so the
conditions of a number are those of the right answer alone, and its mistakes stay at home. An option
of a choice has its hint as a comment.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as ET

from .packages import Pictures, added, archive, manifest, xml
from .prose import as_picture, html_of
from .question import Question, Range, combinations, plain

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
FILES = "%24IMS-CC-FILEBASE%24/images/{}"  # Canvas' own name for the package's folder
GENERAL, WRONG = "general_fb", "general_incorrect_fb"  # by which Canvas knows whom to tell


def quiz(questions: Sequence[Question], pictures: Path) -> bytes:
    """Return questions as a content package: `imsmanifest.xml`, and a quiz for each chapter.

    Parameters
    ----------
    questions : sequence of Question
        Those of a chapter have to stand together, and within it those of an exercise.
    pictures : Path
        The folder that pictures are in.
    """
    inside = Pictures(pictures, FILES)
    quizzes = {
        f"softmax-{part}": _assessment(list(own), inside)
        for part, own in groupby(questions, lambda each: each.part)
    }
    images = {f"images/{name}": data for name, data in sorted(inside.found.items())}
    return archive(
        {
            "imsmanifest.xml": xml(_manifest(list(quizzes), list(images))),
            **{f"{name}/{name}.xml": xml(root) for name, root in quizzes.items()},
            **images,
        }
    )


def _assessment(questions: list[Question], pictures: Pictures) -> ET.Element:
    root = ET.Element("questestinterop", {"xmlns": QTI})
    title = f"Softmax: {questions[0].chapter}"
    whole = added(root, "assessment", ident=f"softmax-{questions[0].part}", title=title)
    section = added(whole, "section", ident="root_section")
    for exercise, own in groupby(questions, lambda each: each.exercise):
        drawn = list(own)
        place = section
        if len(drawn) > 1:
            place = added(section, "section", ident=f"one-of-{exercise}", title=drawn[0].title)
            selection = added(added(place, "selection_ordering"), "selection")
            added(selection, "selection_number", "1")
        for each in drawn:
            place.append(_item(each, pictures))
    return root


def _item(question: Question, pictures: Pictures) -> ET.Element:
    root = ET.Element("item", {"ident": question.id, "title": question.name})
    _metadata(root, question)
    presentation = added(root, "presentation")
    _material(presentation, question.prompt, pictures)
    processing = ET.Element("resprocessing")
    added(
        added(processing, "outcomes"),
        "decvar",
        maxvalue="100",
        minvalue="0",
        varname="SCORE",
        vartype="Decimal",
    )
    feedback = {GENERAL: question.explanation} if question.explanation else {}
    if question.explanation:
        _tell(_otherwise(processing, "Yes"), GENERAL)
    if question.options:
        feedback |= _choice(presentation, processing, question, pictures)
    else:
        feedback |= _number(presentation, processing, question)
    root.append(processing)
    for name, text in feedback.items():
        shown = added(added(root, "itemfeedback", ident=name), "flow_mat")
        _material(shown, text, pictures)
    return root


def _metadata(root: ET.Element, question: Question) -> None:
    fields = added(added(root, "itemmetadata"), "qtimetadata")
    kind = "multiple_choice_question" if question.options else "numerical_question"
    for label, entry in (("question_type", kind), ("points_possible", plain(question.points))):
        pair = added(fields, "qtimetadatafield")
        added(pair, "fieldlabel", label)
        added(pair, "fieldentry", entry)


def _choice(
    presentation: ET.Element, processing: ET.Element, question: Question, pictures: Pictures
) -> dict[str, str]:
    """Add the options and who is right, and return the hints by the names they are told under."""
    response = added(presentation, "response_lid", ident="response1", rcardinality="Single")
    shown = added(response, "render_choice", shuffle="Yes")
    hints = {}
    for option in question.options:
        _material(added(shown, "response_label", ident=option.letter), option.text, pictures)
        if option.hint:
            hints[f"{option.letter}_fb"] = option.hint
            _tell(_equal(processing, option.letter, "Yes"), f"{option.letter}_fb")
    (right,) = (each.letter for each in question.options if each.right)
    added(_equal(processing, right, "No"), "setvar", "100", action="Set", varname="SCORE")
    return hints


def _number(presentation: ET.Element, processing: ET.Element, question: Question) -> dict[str, str]:
    """Add the field and what is right, and return what whoever is wrong is told."""
    response = added(presentation, "response_str", ident="response1", rcardinality="Single")
    added(added(response, "render_fib", fibtype="Decimal"), "response_label", ident="answer1")
    right = next(each for each in question.answers if each.right)
    for (accepted,) in combinations(right):
        condition = added(processing, "respcondition", **{"continue": "No"})
        _within(added(condition, "conditionvar"), accepted)
        added(condition, "setvar", "100", action="Set", varname="SCORE")
    if not question.otherwise:
        return {}
    _tell(_otherwise(processing, "Yes"), WRONG)
    return {WRONG: question.otherwise}


def _within(condition: ET.Element, accepted: Range) -> None:
    added(condition, "vargte", plain(accepted.low), respident="response1")
    added(condition, "varlte", plain(accepted.high), respident="response1")


def _equal(processing: ET.Element, letter: str, more: str) -> ET.Element:
    condition = added(processing, "respcondition", **{"continue": more})
    added(added(condition, "conditionvar"), "varequal", letter, respident="response1")
    return condition


def _otherwise(processing: ET.Element, more: str) -> ET.Element:
    condition = added(processing, "respcondition", **{"continue": more})
    added(added(condition, "conditionvar"), "other")
    return condition


def _tell(condition: ET.Element, name: str) -> None:
    added(condition, "displayfeedback", feedbacktype="Response", linkrefid=name)


def _material(parent: ET.Element, text: str, pictures: Pictures) -> None:
    shown = html_of(text, as_picture, pictures).strip()
    added(added(parent, "material"), "mattext", shown, texttype="text/html")


def _manifest(quizzes: list[str], images: list[str]) -> ET.Element:
    root, resources = manifest(PACKAGE, "IMS Content", "1.1.3")
    for name in quizzes:
        resource = added(resources, "resource", identifier=name, type="imsqti_xmlv1p2")
        added(resource, "file", href=f"{name}/{name}.xml")
    for k, name in enumerate(images, start=1):
        resource = added(
            resources, "resource", identifier=f"image-{k}", type="webcontent", href=name
        )
        added(resource, "file", href=name)
    return root
