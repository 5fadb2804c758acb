"""The command teaches, works from any folder, and says in one sentence what is wrong."""

import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import handins
import pytest
from handins import PRIVATE, notebook, own, written
from marked import WHY, record, week_of

from softmaxbook.assignments.command import _parser, main
from softmaxbook.assignments.command.deciding import DECIDING
from softmaxbook.assignments.command.steps import STEPS as STEPS_THAT_THERE_ARE
from softmaxbook.assignments.marks.records import write_marks
from softmaxbook.assignments.settings import load
from softmaxbook.assignments.submissions.problems import Kind

ROOT = Path(__file__).parents[2]
STEPS = ("new", "check", "release", "collect", "grade", "mark", "feedback", "export", "report")
STEPS += ("term",)


def softmaxbook(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "softmaxbook", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def said(capsys, *arguments):
    """Run the command in this process; return its exit code, and what it said on both channels."""
    try:
        code = main(arguments)
    except SystemExit as left:  # argparse's own way out
        code = left.code
    found = capsys.readouterr()
    return code, found.out, found.err


def test_a_week_from_the_choice_to_what_came_in(tmp_path):
    made = softmaxbook(tmp_path, "assignment", "new", "week1", "--chapter", "overflow")
    assert (made.returncode, made.stderr) == (0, "")
    assert "11 exercises, 24 points" in made.stdout
    released = softmaxbook(tmp_path, "assignment", "release", "week1", "--package")
    assert (released.returncode, released.stderr) == (0, "")
    assert len(released.stdout.splitlines()) == 3
    assert all(Path(line).is_file() for line in released.stdout.splitlines())
    (tmp_path / "in").mkdir()
    name = tmp_path / "week1" / "release" / "week1.ipynb"
    (tmp_path / "in" / "ada.ipynb").write_bytes(name.read_bytes())
    collected = softmaxbook(tmp_path, "assignment", "collect", "week1", "in")
    assert (collected.returncode, collected.stderr) == (0, "")
    assert "1 submission (folder)" in collected.stdout
    assert (tmp_path / "week1" / "submitted" / "ada" / "mended.json").is_file()


def test_another_folder_can_be_the_course(tmp_path, capsys):
    week = handins.assignment(tmp_path)
    code, out, _ = said(capsys, "assignment", "release", "week1", "--course", str(tmp_path))
    assert code == 0
    assert str(week.folder / "release" / "week1.ipynb") in out


def test_what_needs_a_look_is_printed(tmp_path, capsys):
    week = handins.assignment(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_bytes(b"")
    (tmp_path / "in" / "bob.ipynb").write_bytes(written(notebook(week)))
    code, out, _ = said(
        capsys, "assignment", "collect", "week1", str(tmp_path / "in"), "--course", str(tmp_path)
    )
    assert code == 0
    assert "2 submissions" in out
    assert "needs a look: ada: ada.ipynb is empty: ask for the file" in out


@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_help_with_an_example(step, capsys):
    code, out, _ = said(capsys, "assignment", step, "--help")
    assert code == 0
    assert f"softmaxbook assignment {step}" in out.partition("\n\n")[2]


def examples(text):
    """Return the commands of a text: what follows after two spaces tells what they do."""
    lines = re.findall(r"^ *(softmaxbook assignment .*)$", text, re.MULTILINE)
    return [re.split(r" {2,}|\s+#", line)[0] for line in lines if "--help" not in line]


def test_the_examples_on_the_page_and_in_the_help_are_commands(capsys):
    texts = [(ROOT / "book" / "instructors.md").read_text(encoding="utf-8")]
    texts += [said(capsys, "assignment", "--help")[1].partition("\n\n")[2]]
    texts += [
        said(capsys, "assignment", add.__name__.strip("_").replace("_", "-"), "--help")[1]
        for add in (*STEPS_THAT_THERE_ARE, *DECIDING)
    ]
    parser, found = _parser(), [line for text in texts for line in examples(text)]
    assert len(found) > 60
    for line in found:
        assert callable(parser.parse_args(shlex.split(line)[1:]).run), line


@pytest.mark.parametrize("arguments", [(), ("assignment",)])
def test_without_a_step_the_command_says_what_there_is(arguments, capsys):
    code, _, err = said(capsys, *arguments)
    assert code == 2
    assert "assignment" in err
    if arguments:
        assert all(f"softmaxbook assignment {step}" in err for step in STEPS if step != "check")


def wrong_settings(tmp_path):
    (tmp_path / "week1").mkdir()
    (tmp_path / "week1" / "assignment.toml").write_text('title = "T"\nseed = "s"\nwieght = 1\n')


@pytest.mark.parametrize(
    ("prepare", "arguments", "words"),
    [
        (None, ("release", "week1"), "there is no assignment in"),
        (None, ("collect", "week1", "x.zip"), "there is no assignment in"),
        (None, ("new", "week1"), "no exercise is chosen"),
        (None, ("new", "week1", "--chapter", "x"), "there is no chapter 'x'; there are"),
        (wrong_settings, ("release", "week1"), "has no setting 'wieght'"),
        (handins.assignment, ("collect", "week1", "x.zip"), "there is no folder or zip archive"),
        (handins.assignment, ("new", "week1", "who-pays"), "holds an assignment"),
        (None, ("grade", "week1", "--workers", "0"), "'0' is not a number from 1 up"),
        (None, ("export", "week1"), "--format"),
        (None, ("publish",), "invalid choice"),
    ],
)
def test_errors_are_one_sentence_and_code_two(tmp_path, prepare, arguments, words, capsys):
    if prepare:
        prepare(tmp_path)
    where = () if arguments[0] == "publish" else ("--course", str(tmp_path))
    code, out, err = said(capsys, "assignment", *arguments, *where)
    assert code == 2
    assert out == ""
    assert words in err
    assert "Traceback" not in err
    assert len([line for line in err.splitlines() if line.startswith("softmaxbook: ")]) <= 1


def test_a_folder_that_cannot_be_written_is_named(tmp_path, capsys):
    (tmp_path / "week1").write_text("a file where a folder has to be")
    code, _, err = said(capsys, "assignment", "new", "week1", "who-pays", "--course", str(tmp_path))
    assert code == 2
    assert "week1" in err
    assert "Traceback" not in err


def test_check_tells_sound_from_unsound(tmp_path, capsys):
    course = ("--course", str(tmp_path))
    assert "no exercises of your own" in said(capsys, "assignment", "check", *course)[1]
    own(tmp_path, PRIVATE)
    assert said(capsys, "assignment", "check", *course)[:2] == (0, "double-it: sound\n")
    own(tmp_path, PRIVATE.replace("    return x / 2", "    return x + x"))
    code, out, _ = said(capsys, "assignment", "check", *course)
    assert code == 2
    assert "double-it: the mistake halved is not recognised as itself" in out


def test_one_is_counted_as_one(tmp_path, capsys):
    """A class of one student and one question of each kind, from the release to the term."""
    course = tmp_path / "course"
    why = replace(WHY, rubric=(("it cancels", 1.0),))
    students = "id,name,email,Identifier\nada,Ada King,ada@x.edu,901\n"
    week_of(course, manual=(why,), students=students, variants=True)
    steps = [("variants", "week1"), ("release", "week1")]
    words = [said(capsys, "assignment", *step, "--course", str(course)) for step in steps]
    week = load(course / "week1")
    marks = record(week, "ada", wrong=["softmax-by-hand"], problems=(Kind.NO_CELLS.of(name="a"),))
    write_marks(week, marks.with_manual(replace(marks.manual[0], given=(1.0,))))
    asked = ("--student", "ada", "--question", "why-shift", "--reason", "It is.")
    decided = ("--decide", "1", "--points", "1", "--by", "B", "--why", "So it is.")
    steps = [
        *(("mark", "week1"), ("feedback", "week1"), ("report", "week1"), ("groups", "week1")),
        *(("second", "week1"), ("regrade", "week1", *asked), ("regrade", "week1", *decided)),
        *(("regrade", "week1"), ("term",), ("similar", "week1")),
        *(("export", "week1", "--format", each) for each in ("canvas", "moodle", "csv")),
        ("export-questions", "week1", "--format", "csv"),
    ]
    words += [said(capsys, "assignment", *step, "--course", str(course)) for step in steps]
    for code, out, err in words:
        told = (out + err).replace(str(tmp_path), "")
        assert code == 0 or "nothing to compare: 1 hand-in" in err
        assert not re.search(r"(?<![\d.,:+-])1 (?!is\b|has\b|was\b)[a-z]+s\b", told), told
        assert "\n\n" not in told


def test_the_installed_command_is_this_one():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    entry = EntryPoint("softmaxbook", project["scripts"]["softmaxbook"], "console_scripts")
    assert entry.load() is main


def test_the_book_does_not_load_the_course_part():
    program = (
        "import sys, softmaxbook, softmaxbook.exercises; "
        "print('softmaxbook.assignments' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "False"


def test_help_loads_no_step():
    program = (
        "import sys; from softmaxbook.assignments.command import main\n"
        "try: main(['assignment', '--help'])\n"
        "except SystemExit: pass\n"
        "late = ('handout', 'collecting', 'sandbox', 'marks', 'reports', 'exchange')\n"
        "print([m for m in late if f'softmaxbook.assignments.{m}' in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


@pytest.mark.parametrize(
    ("step", "late"),
    [
        ("from softmaxbook.assignments.marks import grading, marking", []),
        ("from softmaxbook.assignments.reports.html import prose; prose('a')", ["markdown_it"]),
    ],
)
def test_grading_loads_nothing_that_makes_pages(step, late):
    makers = ("jinja2", "markdown_it", "matplotlib")
    program = f"import sys\n{step}\nprint([m for m in {makers} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == str(late), done.stderr
