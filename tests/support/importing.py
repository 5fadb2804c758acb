"""Files of questions, read as their importers read them, and judged by the importers' rules.

Each `…_questions` yields what a system has after the import: ``judge(answer) -> (share, feedback)``
with the answer's share of the points, and the feedback as it is told. The rules are written down
from the formats' descriptions and the importers' sources, and share no line with the writers.
"""

from __future__ import annotations

import csv
import html
import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree as ET

QTI12 = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
QTI21 = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"


def bare(html: str) -> str:
    """Return the words of a text: without tags, formulas' brackets and white space."""
    return "".join(re.sub(r"<[^>]*>|\\[()]", "", html).split())


@dataclass
class Imported:
    """A question as a system holds it: its name and text, and who judges a typed number."""

    name: str
    text: str
    judge: object
    options: dict = None  # of a choice: by its words, share and feedback


def moodle_questions(data):
    """Yield the questions of Moodle XML, each with the category that it is in."""
    category = None
    for each in ET.fromstring(data):
        if each.get("type") == "category":
            category = each.findtext("category/text")
            continue
        answers = [
            (
                answer.findtext("text"),
                float(answer.findtext("tolerance", "0")),
                float(answer.get("fraction")) / 100,
                answer.findtext("feedback/text") or "",
            )
            for answer in each.findall("answer")
        ]
        question = Imported(each.findtext("name/text"), each.findtext("questiontext/text"), None)
        if each.get("type") == "multichoice":
            question.options = {bare(text): (share, told) for text, _, share, told in answers}
        else:
            question.judge = lambda number, answers=answers: _first(number, answers)
        yield category, question


def _first(number, answers):
    """Judge as `qtype_numerical_question::get_matching_answer` does."""
    for text, tolerance, share, told in answers:
        if text == "*":
            return share, told
        slack = tolerance + 1e-14 * max(1, abs(float(text)))
        if float(text) - slack <= number <= float(text) + slack:
            return share, told
    return 0.0, ""


def gift_questions(text):
    """Yield the questions of a GIFT file, as Moodle's `qformat_gift` takes them apart."""
    category = None
    for block in re.split(r"\n\s*\n", text.strip()):
        if block.startswith("$CATEGORY:"):
            category = block.removeprefix("$CATEGORY:").strip()
            continue
        hidden = re.sub(r"\\([\\#=~{}:n])", _hidden, block)
        name, rest = re.fullmatch(r"::(.*?)::(.*)", hidden, re.S).groups()
        stem, inside = re.fullmatch(r"\[html\](.*?)\{(.*)\}", rest.strip(), re.S).groups()
        inside = inside.partition("####")[0].strip()
        question = Imported(_shown(name), _shown(stem), None)
        if inside.startswith("#"):
            numbers, _, otherwise = inside[1:].partition("~")
            answers = [_numerical(each) for each in numbers.split("=")[1:]]
            if otherwise:
                answers.append(("*", 0.0, 0.0, _shown(otherwise.partition("#")[2])))
            question.judge = lambda number, answers=answers: _first(number, answers)
        else:
            parts = re.findall(r"([=~])([^=~]*)", inside)
            question.options = {
                bare(_shown(each.partition("#")[0])): (
                    float(sign == "="),
                    _shown(each.partition("#")[2]),
                )
                for sign, each in parts
            }
        yield category, question


def _hidden(sign):
    """Hide an escaped sign from what takes the question apart; `\\n` is a new line."""
    return chr(0xE000 + ord("\n" if sign[1] == "n" else sign[1]))


def _numerical(entry):
    weight, value, tolerance, told = re.fullmatch(
        r"%(\d+)%([^:]*):([^#]*)(?:#(.*))?", entry.strip(), re.S
    ).groups()
    return value, float(tolerance), int(weight) / 100, _shown(told or "")


def _shown(text):
    return re.sub("[\ue000-\ue0ff]", lambda m: chr(ord(m[0]) - 0xE000), text.strip())


def canvas_questions(data):
    """Yield the questions of a package for Canvas' classic quizzes, each with its quiz' title."""
    package = zipfile.ZipFile(io.BytesIO(data))
    manifest = ET.fromstring(package.read("imsmanifest.xml"))
    for file in [each.get("href") for each in manifest.iter() if each.tag.endswith("}file")]:
        if not file.endswith(".xml"):
            continue
        assessment = ET.fromstring(package.read(file)).find(f"{QTI12}assessment")
        for item in assessment.iter(f"{QTI12}item"):
            yield assessment.get("title"), _canvas_item(item)


def _canvas_item(item):
    kinds = {
        field.findtext(f"{QTI12}fieldlabel"): field.findtext(f"{QTI12}fieldentry")
        for field in item.iter(f"{QTI12}qtimetadatafield")
    }
    told = {
        each.get("ident"): each.find(f".//{QTI12}mattext").text
        for each in item.iter(f"{QTI12}itemfeedback")
    }
    text = item.find(f"{QTI12}presentation/{QTI12}material/{QTI12}mattext").text
    question = Imported(item.get("title"), text, None)
    conditions = list(item.iter(f"{QTI12}respcondition"))
    if kinds["question_type"] == "numerical_question":
        question.judge = lambda number: _canvas_number(number, conditions, told)
        return question
    labels = {
        label.get("ident"): bare(label.find(f".//{QTI12}mattext").text)
        for label in item.iter(f"{QTI12}response_label")
    }
    question.options = dict.fromkeys(labels.values(), (0.0, ""))
    for each in conditions:
        letter = each.findtext(f".//{QTI12}varequal")
        if letter is None:
            continue
        share, hint = question.options[labels[letter]]
        if each.find(f"{QTI12}setvar") is not None:
            share = float(each.findtext(f"{QTI12}setvar")) / 100
        shown = each.find(f"{QTI12}displayfeedback")
        hint = hint if shown is None else told[shown.get("linkrefid")]
        question.options[labels[letter]] = share, hint
    return question


def _canvas_number(number, conditions, told):
    """Judge as `Quizzes::QuizQuestion::NumericalQuestion` does: whatever a condition scores."""
    for each in conditions:
        low, high = (each.findtext(f".//{QTI12}{tag}") for tag in ("vargte", "varlte"))
        if low is not None and Decimal(low) <= Decimal(str(number)) <= Decimal(high):
            return 1.0, ""
    return 0.0, told.get("general_incorrect_fb", "")


def blackboard_questions(data):
    """Yield the questions of a text for *Upload Questions*, by the rules of Blackboard's help."""
    for line in data.decode("ascii").removesuffix("\r\n").split("\r\n"):
        kind, text, *fields = line.split("\t")
        question = Imported("", html.unescape(text), None)
        if kind == "MC":
            shares = {"correct": 1.0, "incorrect": 0.0}
            question.options = {
                bare(html.unescape(told)): (shares[right], "")
                for told, right in zip(fields[::2], fields[1::2], strict=True)
            }
        else:
            assert kind == "NUM"
            value, tolerance = map(Decimal, fields)
            question.judge = lambda number, value=value, tolerance=tolerance: (
                float(abs(Decimal(str(number)) - value) <= tolerance),
                "",
            )
        yield question


def brightspace_questions(data):
    """Yield the questions of Brightspace's CSV, as the sample has them: a row for each part."""
    question = None
    for name, *cells in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        if name == "NewQuestion":
            assert cells[0] == "MC"
            question = Imported("", "", None, {})
        elif name == "Title":
            question.name = cells[0]
        elif name == "QuestionText":
            question.text = _html(*cells[:2])
        elif name == "Option":
            share, text, form, told, told_form = cells
            question.options[bare(_html(text, form))] = float(share) / 100, _html(told, told_form)
        elif not any((name, *cells)):
            yield question
        else:
            assert name in ("ID", "Points", "Hint", "Feedback") or name.startswith("//")


def _html(text, form):
    assert form == ("HTML" if text else "")
    return text


def sheet_questions(data):
    """Yield the questions of the table for spreadsheets, by what its columns are called."""
    for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        cells = {name: _without_apostrophe(cell) for name, cell in row.items()}
        question = Imported(cells["title"], cells["question"], None)
        made = [
            (cells[name], 0.0, cells[name.replace("mistake", "remark")])
            for name in cells
            if name.startswith("mistake ") and cells[name]
        ]
        answers = [(cells["accepted"], 1.0, ""), *made]
        if cells["form"] == "choice":
            told = {answer: (share, remark) for answer, share, remark in answers}
            question.options = {
                bare(text): told.get(name.removeprefix("option "), (0.0, ""))
                for name, text in cells.items()
                if name.startswith("option ") and text
            }
        else:
            otherwise = (0.0, cells["remark to any other"])
            question.judge = lambda *numbers, answers=answers, otherwise=otherwise: next(
                ((share, told) for fields, share, told in answers if _all_in(numbers, fields)),
                otherwise,
            )
        yield question


def _without_apostrophe(cell):
    return cell[1:] if cell.startswith("'") else cell


def _all_in(numbers, fields):
    return all(
        any(
            low <= Decimal(str(number)) <= high
            for each in field.split(" or ")
            for low, high in [map(Decimal, each.split(" to "))]
        )
        for number, field in zip(numbers, fields.split("; "), strict=True)
    )


def qti21_questions(data):
    """Yield the items of a QTI 2.1 package; pyslet reads each, and runs its response processing."""
    package = zipfile.ZipFile(io.BytesIO(data))
    manifest = ET.fromstring(package.read("imsmanifest.xml"))
    for resource in (each for each in manifest.iter() if each.tag.endswith("}resource")):
        if resource.get("type") == "imsqti_item_xmlv2p1":
            yield _item(package.read(resource.get("href")))


def _item(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyslet is older than some of Python's ways
        from pyslet.qtiv2 import variables, xml

        document = xml.QTIDocument()
        document.read(src=io.BytesIO(data))
    plain = ET.fromstring(data)
    fields = [each.get("identifier") for each in plain.iter(f"{QTI21}responseDeclaration")]
    told = {
        each.get("identifier"): "".join(each.itertext())
        for each in plain.iter(f"{QTI21}modalFeedback")
    }

    def judge(*answers):
        state = variables.ItemSessionState(document.root)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            state.begin_session()
            for field, answer in zip(fields, answers, strict=True):
                state[field].set_value(str(answer))
            document.root.ResponseProcessing.run(state)
        score, whole = state["SCORE"].value or 0.0, state["MAXSCORE"].value
        return score / whole, told.get(state["FEEDBACK"].value, "")

    body = plain.find(f"{QTI21}itemBody")
    question = Imported(plain.get("title"), "".join(body.itertext()), judge)
    choices = plain.findall(f".//{QTI21}simpleChoice")
    if choices:
        question.options = {
            bare("".join(each.itertext())): judge(each.get("identifier")) for each in choices
        }
    return question


def pyslet_items_of_qti12(data):
    """Return the identifiers of the items that pyslet finds in a file of QTI 1.2."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyslet.qtiv1 import xml

        document = xml.QTIDocument()
        document.read(src=io.BytesIO(data))
    (root,) = document.root.Assessment.SectionMixin
    found = []
    for each in root.SectionItemMixin:
        found += [each] if hasattr(each, "Presentation") else each.SectionItemMixin
    return {item.ident: len(item.ResProcessing[0].ConditionMixin) for item in found}


def pyslet_files(path):
    """Return the resources of a content package, and the files that pyslet finds for them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyslet.imscpv1p2 import ContentPackage

        package = ContentPackage(str(path))
        try:
            resources = package.manifest.root.Resources.Resource
            return {each.id: len(each.File) for each in resources}, set(package.fileTable)
        finally:
            package.close()
