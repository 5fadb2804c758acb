"""Every system judges an exported question as the checker does, and its file is what it reads."""

import base64
import csv
import html as html_lib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import importing
import moodle_xml_parser.parser as moodle_xml_parser
import numpy as np
import pytest
from importing import bare
from lxml import etree

from softmaxbook.assignments import command
from softmaxbook.assignments.course import CourseError
from softmaxbook.assignments.questions.export import SYSTEMS, bank, export
from softmaxbook.assignments.questions.prose import as_mathml, as_picture, html_of
from softmaxbook.assignments.questions.question import question_of, variants
from softmaxbook.assignments.settings import load
from softmaxbook.checking import Status
from softmaxbook.checking.attempts import check_value
from softmaxbook.exercises import exercises

SITE = "https://example.org/book-of-softmax"
NUMBER = 2  # sets of numbers
READERS = {
    "moodle": lambda data: [each for _, each in importing.moodle_questions(data)],
    "gift": lambda data: [each for _, each in importing.gift_questions(data.decode())],
    "canvas": lambda data: [each for _, each in importing.canvas_questions(data)],
    "qti21": lambda data: list(importing.qti21_questions(data)),
    "blackboard": lambda data: list(importing.blackboard_questions(data)),
    "brightspace": lambda data: list(importing.brightspace_questions(data)),
    "csv": lambda data: list(importing.sheet_questions(data)),
}
SEVERAL = {"weights-behind-a-mask"}  # numbers at once
SILENT = ("blackboard",)  # tells nobody anything


def asked_of(book):
    """Yield every exercise with the numbers that an export gives it."""
    for chosen in book.exercises:
        one = chosen.exercise
        seeds = (book.derived_seed("question", one.id, str(k)) for k in range(1000))
        yield from variants(one, NUMBER, seeds)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Return all questions of the book, and what each system's file holds of them."""
    folder = tmp_path_factory.mktemp("course")
    whole = bank(folder, "autumn")
    made = {name: export(whole, name, folder / name, NUMBER, book=SITE) for name in SYSTEMS}
    files = {name: each.path.read_bytes() for name, each in made.items()}
    return SimpleNamespace(bank=whole, made=made, files=files, exercises=list(asked_of(whole)))


@pytest.fixture(scope="module")
def verdicts(book):
    """Return what the checker says to the numbers that people type, by exercise and prompt."""
    return {
        (asked.id, asked.prompt()): [(each, check_value(asked, each)) for each in typed(asked)]
        for asked in book.exercises
        if asked.form == "number" and len(asked.labels) < 2
    }


@pytest.fixture(scope="module", params=SYSTEMS)
def imported(request, book):
    """Return a system, and what it holds after the import: each question beside its exercise."""
    found = READERS[request.param](book.files[request.param])
    left = {each.split(":")[0] for each in book.made[request.param].left}
    asked = [each for each in book.exercises if each.id not in left]
    assert len(found) == len(asked) == book.made[request.param].questions
    return request.param, list(zip(asked, found, strict=True))


def test_every_question_of_the_book_goes_somewhere_as_it_is(book):
    in_place = {each.id for each in exercises() if each.answered_in_place}
    assert {each.id for each in book.exercises} == in_place
    for name, made in book.made.items():
        left = {each.split(":")[0] for each in made.left}
        choices = {each.id for each in book.exercises if each.form == "choice"}
        few = {"qti21": set(), "csv": set(), "brightspace": in_place - choices}
        assert left == few.get(name, SEVERAL)


def test_the_words_of_each_question_arrive(imported):
    system, pairs = imported
    for asked, found in pairs:
        assert found.name.startswith(asked.title) or system in SILENT
        assert bare(shown(system, asked.prompt())) in bare(found.text)


def typed(asked):
    """Yield numbers that people type: right ones, mistakes, their edges, and others."""
    question = question_of(asked)
    rng = np.random.default_rng(len(asked.id))
    yield float(question.shown[0])
    for answer in question.answers:
        for each in answer.fields[0]:
            for share in (0.0, 0.999, -0.999, 1.001, -1.001):
                yield each.value + share * each.tolerance
    yield from (each * question.answers[0].fields[0][0].value for each in rng.normal(0, 2, 5))
    yield from (0.0, 1.0, -1.0, 50.0, 1e6)


def test_a_number_is_judged_as_by_the_checker(imported, verdicts):
    system, pairs = imported
    named = 0
    for asked, found in pairs:
        for number, verdict in verdicts.get((asked.id, asked.prompt()), ()):
            if system == "blackboard" and is_in_per_cent(asked, number):
                continue
            share, told = found.judge(number)
            assert share == (verdict.status is Status.CORRECT), (asked.id, number, verdict.status)
            expected = asked.nudge
            if verdict.status is Status.CORRECT or system in SILENT:
                expected = ""
            elif verdict.status is Status.MISTAKE and system != "canvas":
                expected, named = verdict.hint, named + 1
            assert bare(told) == bare(shown(system, expected)), (asked.id, number)
    assert named > 500 or system in ("canvas", "brightspace", *SILENT)


def is_in_per_cent(asked, number):
    """Return whether a number is right as a percentage: Blackboard has no second answer."""
    _, *others = question_of(asked).answers[0].fields[0]
    return any(each.low <= number <= each.high for each in others)


def test_a_percentage_is_no_answer_in_blackboard(book):
    asked = next(each for each in book.exercises if each.id == "softmax-by-hand")
    (found,) = (
        each
        for each in READERS["blackboard"](book.files["blackboard"])
        if bare(html_of(asked.prompt())) in bare(each.text)
    )
    share, per_cent = (each.value for each in question_of(asked).answers[0].fields[0])
    assert (found.judge(share), found.judge(per_cent)) == ((1.0, ""), (0.0, ""))


def shown(system, text):
    """Return a text as `system` shows it, without its tags."""
    if system == "csv":
        return text
    if system == "qti21":
        return "".join(ET.fromstring(f"<div>{html_of(text, as_mathml)}</div>").itertext())
    return html_of(text, as_picture) if system == "canvas" else html_of(text)


def test_each_mistake_of_a_number_has_its_own_feedback(imported):
    system, pairs = imported
    for asked, found in pairs:
        if asked.form == "choice" or len(asked.labels) > 1 or system in ("canvas", *SILENT):
            continue
        for answer in question_of(asked).answers[1:]:
            share, told = found.judge(answer.fields[0][0].value)
            assert (share, bare(told)) == (0.0, bare(shown(system, answer.hint))), asked.id


def test_an_option_is_judged_as_by_the_checker(imported):
    system, pairs = imported
    for asked, found in pairs:
        if asked.form != "choice":
            continue
        assert len(found.options) == len(asked.options)
        for letter, text in asked.options:
            verdict = check_value(asked, letter)
            share, told = found.options[bare(shown(system, text))]
            assert share == (verdict.status is Status.CORRECT)
            expected = "" if system in SILENT else verdict.hint
            assert bare(told) == bare(shown(system, expected)), (asked.id, letter)


def test_canvas_takes_no_mistake_for_right(book):
    """Whatever meets a condition is right there, so a number has those of the right answer."""
    for _, data in opened(book.files["canvas"], "softmax-"):
        for item in ET.fromstring(data).iter(f"{importing.QTI12}item"):
            if "numerical_question" in ET.tostring(item, "unicode"):
                scores = [each.text for each in item.iter(f"{importing.QTI12}setvar")]
                assert scores
                assert set(scores) == {"100"}


@pytest.mark.parametrize("system", ["qti21", "csv"])
def test_several_numbers_are_right_together_or_not_at_all(book, system):
    asked = next(each for each in book.exercises if each.id in SEVERAL)
    found = next(each for each in READERS[system](book.files[system]) if asked.title in each.name)
    for answer in question_of(asked).answers:
        numbers = [field[0].value for field in answer.fields]
        share, told = found.judge(*numbers)
        verdict = check_value(asked, numbers)
        assert share == answer.right == (verdict.status is Status.CORRECT)
        assert bare(told) == bare(shown(system, verdict.hint))
        half = found.judge(numbers[0], 17.0, numbers[2])
        assert half[0] == 0.0


def test_the_right_number_is_told_with_the_digits_asked_for(book):
    """Moodle tells the first answer with all points."""
    for each in ET.fromstring(book.files["moodle"]).iter("question"):
        if each.get("type") == "numerical":
            first = each.find("answer")
            assert first.get("fraction") == "100"
            assert len(first.findtext("text").replace(".", "").strip("-0")) <= 6


def opened(data, beginning=""):
    """Yield the name and the bytes of each XML file of a package."""
    package = zipfile.ZipFile(io.BytesIO(data))
    for name in package.namelist():
        if name.startswith(beginning) and name.endswith(".xml"):
            yield name, package.read(name)


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    """Return the published schema of QTI 2.1."""
    folder = tmp_path_factory.mktemp("schemas")
    packed = Path(importing.__file__).parent / "schemas" / "qti21.zip"
    zipfile.ZipFile(packed).extractall(folder)
    return etree.XMLSchema(etree.parse(folder / "qtiv2p1" / "imsqti_v2p1.xsd"))


def without_manifest(data):
    """Return the XML files of a package, as lxml reads them."""
    return [etree.fromstring(each) for name, each in opened(data) if name != "imsmanifest.xml"]


def test_qti21_meets_its_schema(book, schema, course):
    files = without_manifest(book.files["qti21"])
    assert len(files) == book.made["qti21"].questions + 1
    explained = export(bank(course, "x"), "qti21", course, explained=True).path.read_bytes()
    for root in (*files, *without_manifest(explained)):
        schema.assertValid(root)
    files[1].find(".//{*}setOutcomeValue").tag = "setValue"
    assert not schema.validate(files[1])


def test_every_file_of_the_qti21_package_is_in_its_manifest(book):
    resources, files = importing.pyslet_files(book.made["qti21"].path)
    assert len(resources) == book.made["qti21"].questions + 1
    with zipfile.ZipFile(book.made["qti21"].path) as package:
        named = {"imsmanifest.xml", *(str(each).lower() for each in files)}
        assert {name.lower() for name in package.namelist()} == named


def test_another_reader_finds_every_question_of_qti12(book):
    found = {}
    for _, data in opened(book.files["canvas"], "softmax-"):
        found |= importing.pyslet_items_of_qti12(data)
    assert len(found) == book.made["canvas"].questions
    assert min(found.values()) >= 1


def test_another_reader_finds_every_choice_of_moodle_xml(book):
    found = moodle_xml_parser.parse_bytes(book.files["moodle"])["multichoice"]
    asked = [each for each in book.exercises if each.form == "choice"]
    assert [each.name for each in found] == [each.title for each in asked]
    for one, other in zip(asked, found, strict=True):
        right = [each.answer for each in other.options if each.score_fraction == 100]
        assert [bare(each) for each in right] == [bare(html_of(dict(one.options)[one.solution()]))]
        assert other.single


def test_categories_are_chapters_and_exercises_with_variants(book):
    for name in ("moodle", "gift"):
        read = getattr(importing, f"{name}_questions")
        data = book.files[name] if name == "moodle" else book.files[name].decode()
        for category, found in read(data):
            root, top, _, chapter, *rest = category.split("/", 4)
            asked = next(each for each in book.exercises if each.title in found.name)
            assert (root, top, chapter) == ("$course$", "top", asked.chapter)
            assert rest == ([asked.title] if found.name != asked.title else [])
    titles = {title for title, _ in importing.canvas_questions(book.files["canvas"])}
    assert titles == {f"Softmax: {each.chapter}" for each in book.exercises}


def test_a_quiz_draws_one_of_the_variants(book):
    (data,) = (data for name, data in opened(book.files["qti21"], "test"))
    sections = ET.fromstring(data).iter(f"{importing.QTI21}assessmentSection")
    drawn = [each for each in sections if each.find(f"{importing.QTI21}selection") is not None]
    assert len(drawn) > 20
    assert all(len(each.findall(f"{importing.QTI21}assessmentItemRef")) > 1 for each in drawn)


def test_the_numbers_are_others_than_those_of_the_page(book):
    asked = [each for each in book.exercises if each.form == "number"]
    pages = {each.prompt() for each in exercises()}
    assert not [each.id for each in asked if each.prompt() in pages]
    assert len({each.prompt() for each in asked}) == len(asked)


def test_one_seed_makes_one_file_and_another_makes_others(book, tmp_path):
    code = (
        "import sys; from pathlib import Path\n"
        "from softmaxbook.assignments.questions.export import SYSTEMS, bank, export\n"
        "course = Path(sys.argv[1])\n"
        "for name in SYSTEMS:\n"
        "    export(bank(course, 'autumn'), name, course / name, 2, book=sys.argv[2])\n"
    )
    environment = os.environ | {"PYTHONHASHSEED": "17"}
    run = [sys.executable, "-c", code, tmp_path, SITE]
    subprocess.run(run, check=True, env=environment)
    for name, system in SYSTEMS.items():
        assert (tmp_path / name / system.file).read_bytes() == book.files[name]
    other = export(bank(tmp_path, "spring"), "gift", tmp_path, NUMBER, book=SITE)
    assert other.path.read_bytes() != book.files["gift"]


def test_the_solution_is_told_only_where_asked(tmp_path):
    for name, system in SYSTEMS.items():
        id = "what-changes-nothing" if name == "brightspace" else "softmax-by-hand"
        chosen = bank(tmp_path, "x", [id])
        solution = next(asked_of(chosen)).solution_text()
        why = bare(solution if name == "csv" else html_of(solution))
        for explained in (False, True):
            export(chosen, name, tmp_path, 1, explained)
            data = (tmp_path / system.file).read_bytes()
            texts = [data, *(text for _, text in opened(data))] if data[:2] == b"PK" else [data]
            plain = bare(" ".join(each.decode("utf-8", "replace") for each in texts))
            plain = plain.replace("\\=", "=").replace("\\n", "")
            told = bare(html_lib.unescape(plain)).replace("\\", "")
            assert (why in told) == (explained and name not in SILENT), name


OWN = '''
from softmaxbook.exercises import Exercise


def solution():
    return "a"


def the_left_one():
    """The picture shows the *other* one."""
    return "b"


def none():
    """There is one."""
    return "c"


def twice():
    """Only one."""
    return "d"


EXERCISE = Exercise(
    id="the-larger-share", chapter="Week 1: shares", title="The larger share", kind="choose",
    difficulty=1, form="choice", statement="Whose is it? ![two bars](bars/two bars.png)".replace(
        "two bars.png", "two%20bars.png"),
    options=(("a", "right"), ("b", "left"), ("c", "none"), ("d", "both")),
    solution=solution, mistakes=(the_left_one, none, twice), hints=("Look.", "Measure."),
)
'''
PICTURE = b"\x89PNG\r\n\x1a\n and the rest"


@pytest.fixture
def course(tmp_path):
    """Return a course with an exercise of its own, which has a picture."""
    (tmp_path / "exercises" / "bars").mkdir(parents=True)
    (tmp_path / "exercises" / "larger.py").write_text(OWN)
    (tmp_path / "exercises" / "bars" / "two bars.png").write_bytes(PICTURE)
    return tmp_path


def test_pictures_go_along(course):
    own = bank(course, "x", ["the-larger-share"])
    quiz = ET.fromstring(export(own, "moodle", course).path.read_bytes())
    (file,) = quiz.iter("file")
    assert base64.b64decode(file.text) == PICTURE
    assert f"@@PLUGINFILE@@/{file.get('name')}" in quiz.findtext(".//questiontext/text")
    for name, folder in (("canvas", "images/"), ("qti21", "items/media/")):
        package = zipfile.ZipFile(export(own, name, course).path)
        (inside,) = (each for each in package.namelist() if each.startswith(folder))
        assert package.read(inside) == PICTURE
        assert f'href="{inside}"'.encode() in package.read("imsmanifest.xml")
    assert b'src="media/' in package.read(next(n for n in package.namelist() if "larger" in n))
    for name in ("gift", "blackboard", "brightspace"):
        with pytest.raises(CourseError, match="the-larger-share: it has a picture"):
            export(own, name, course)


def test_no_cell_of_a_table_is_a_formula(course):
    """An exercise of one's own may begin any text with a sign of a spreadsheet's formulas."""
    path = course / "exercises" / "larger.py"
    own = path.read_text().replace("Whose is it? ![two bars](bars/two bars.png)", "=1+1 is what?")
    own = own.replace('"""There', '"""=There').replace('title="', 'title="=HYPERLINK ')
    for text in ("right", "left", "Look.", "Measure."):
        own = own.replace(f'"{text}"', f'"=HYPERLINK {text}"')
    path.write_text(own)
    for name in ("csv", "brightspace"):
        data = export(bank(course, "x", ["the-larger-share"]), name, course).path.read_bytes()
        table = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        assert not [c for row in table for c in row if c.startswith(("=", "+", "-", "@"))]
        (found,) = READERS[name](data)
        assert "HYPERLINK" in found.name
        assert "=1+1" in found.text


def test_what_is_left_out_for_one_reason_is_told_once(book):
    said = str(book.made["brightspace"])
    assert said.count("its file holds choices alone") == 1
    assert "two-bins" in said


def test_chapters_of_ones_own_stay_together(course):
    for k, chapter in enumerate(("sharing out", "love", "sharing out"), start=1):
        own = OWN.replace("the-larger-share", f"share-{k}").replace("Week 1: shares", chapter)
        (course / "exercises" / f"own{k}.py").write_text(own)
    ids = ["share-1", "share-2", "share-3", "the-saturated-gradient"]
    for name in ("moodle", "canvas", "qti21", "csv"):
        made = export(bank(course, "x", ids), name, course)
        assert len(READERS[name](made.path.read_bytes())) == len(ids)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("https://example.org/x.png", "is not in .*put it there"),
        ("../secret.png", "is not in"),
        ("none.png", "there is no picture none.png"),
        ("larger.py", "has to be one of .png"),
    ],
)
def test_a_picture_that_cannot_go_along_is_named(course, address, message):
    path = course / "exercises" / "larger.py"
    path.write_text(OWN.replace("bars/two bars.png", address))
    with pytest.raises(CourseError, match=message):
        export(bank(course, "x", ["the-larger-share"]), "moodle", course)


def test_an_assignment_gives_its_points_and_keeps_its_seed(tmp_path, capsys):
    given = ["--course", str(tmp_path)]
    ids = ["softmax-by-hand", "softmax-of-one-vector", "what-changes-nothing"]
    assert command.main(["assignment", "new", "week1", *ids, *given]) == 0
    path = tmp_path / "week1" / "assignment.toml"
    path.write_text(path.read_text().replace("{ values = 1 }", "{ values = 2.5 }", 1))
    run = ["assignment", "export-questions", "week1", "--format", "moodle", "--variants", "3"]
    assert command.main([*run, *given]) == 0
    told = capsys.readouterr().out
    assert "4 questions of 2 exercises" in told
    assert "left out: softmax-of-one-vector: only a notebook" in told
    quiz = ET.fromstring((tmp_path / "week1" / "questions" / "moodle.xml").read_bytes())
    assert [each.text for each in quiz.iter("defaultgrade")] == ["2.5", "2.5", "2.5", "1"]
    seed = tmp_path / "week1" / "assignment.toml"
    assert json.dumps(load(tmp_path / "week1").seed) in seed.read_text()


def test_a_table_of_questions_is_not_to_be_imported_anywhere(tmp_path):
    chosen = bank(tmp_path, "x", ["softmax-by-hand"])
    assert "a table for a spreadsheet or a program; hand it to nobody" in str(
        export(chosen, "csv", tmp_path)
    )
    assert "import it there (Question bank," in str(export(chosen, "moodle", tmp_path))


def test_fewer_variants_than_asked_for_are_told(tmp_path):
    made = export(bank(tmp_path, "x", ["the-first-loss"]), "gift", tmp_path, 200)
    assert 1 < made.questions < 200
    assert made.few == (f"the-first-loss: {made.questions}",)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "gift"], "give --seed TEXT"),
        (["--format", "word", "--seed", "x"], "there is no format 'word'; there are moodle"),
        (["week1", "--format", "gift", "--seed", "x"], "leave out --exercise"),
        (["week1", "--format", "gift"], "week1"),
        (["--format", "gift", "--seed", "x", "--exercise", "softmax-by-foot"], "softmax-by-hand"),
        (["--format", "gift", "--seed", "x", "--exercise", "softmax-of-a-batch"], "a notebook"),
        (["--format", "gift", "--seed", "x", "--exercise", "who-pays"], "--book ADDRESS"),
        (["--format", "gift", "--seed", "x", "--chapter", "love"], "there is no chapter 'love'"),
        (["--format", "gift", "--seed", "x", "--book", "mine"], "is not the address of a site"),
    ],
)
def test_what_was_wrong_is_named(tmp_path, capsys, arguments, message):
    given = ["assignment", "export-questions", "--course", str(tmp_path), *arguments]
    assert command.main(given) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.rglob("gift.txt"))


def test_an_edition_without_solutions_exports_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("SOFTMAXBOOK_SOLUTIONS", "no")
    for name in SYSTEMS:
        with pytest.raises(CourseError, match="without solutions has no questions to export"):
            export(bank(tmp_path, "x"), name, tmp_path)
    assert not any(tmp_path.iterdir())
