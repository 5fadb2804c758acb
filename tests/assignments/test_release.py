"""What students get: all they need, and no solution, mistake, hint, probe or rubric in any byte."""

import ast
import html
import json
import os
import subprocess
import sys
import textwrap
import warnings
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import handins
import jupytext
import nbformat
import numpy as np
import pytest
from handins import PRIVATE, own
from nbgrader.utils import compute_checksum

from softmaxbook.assignments.assignment import Assignment, Chosen
from softmaxbook.assignments.course import CourseError
from softmaxbook.assignments.handout import package
from softmaxbook.assignments.handout.leaks import leaks, readings, secrets
from softmaxbook.assignments.handout.notebooks import notebook_text
from softmaxbook.assignments.handout.release import check, hidden_lines, release, shown_text
from softmaxbook.assignments.people import students
from softmaxbook.assignments.sandbox import shipped
from softmaxbook.assignments.settings import load, new
from softmaxbook.checking.soundness import unsound
from softmaxbook.checking.specification import hint_of, source_of
from softmaxbook.exercises import CHAPTERS, exercise, exercises

ROSTER = "id,name,email\nada,Ada Lovelace,a@example.org\nemmy,Emmy Nöther,e@example.org\n"


@pytest.fixture
def week(tmp_path):
    return handins.assignment(tmp_path)


def files_of(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# ── no leak ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_released_byte_gives_anything_away(tmp_path, chapter):
    made = new(tmp_path, "week", chapter=chapter)
    made = replace(made, manual=(handins.WHY,))
    release(made)
    hidden = hidden_lines(made)
    assert len(hidden) > 50
    assert leaks(files_of(made.folder / "release"), hidden, shown_text(made)) == {}


def places(notebook, text):
    """Yield copies of a notebook with a text at every kind of place."""

    def copy():
        return json.loads(json.dumps(notebook))

    for place in ("source", "lines", "metadata", "outputs", "notebook", "cell"):
        found = copy()
        cell = found["cells"][4]
        if place == "source":
            cell["source"] = text
        elif place == "lines":
            cell["source"] = text.splitlines(keepends=True)
        elif place == "metadata":
            cell["metadata"]["answer"] = text
        elif place == "outputs":
            page = html.escape(text).replace("\n", "<br>\n")
            cell["outputs"] = [{"output_type": "display_data", "data": {"text/html": page}}]
        elif place == "notebook":
            found["metadata"]["nested"] = {"deep": [{"json": json.dumps(text)}]}
        else:
            found["cells"].append({"cell_type": "markdown", "metadata": {}, "source": text})
        yield found


def secrets_of_lse():
    asked = exercise("write-log-sum-exp").exercise
    mistake = asked.mistakes[0]
    return {
        "solution": source_of(asked.solution),
        "mistake": source_of(mistake),
        "hint of a mistake": hint_of(mistake),
        "hint": asked.hints[0],
        "probe": 'probe("a wide gap", [[0.0, 1000.0], [-1000.0, 0.0]], aspect="large logits"),',
        "why": asked.probes[3].why,
        "rubric": handins.WHY.rubric[0][0],
        "seed": "the secret of week 1",
    }


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("kind", secrets_of_lse())
def test_the_search_finds_what_is_put_in_anywhere(week, kind, ascii_only):
    clean = json.loads(notebook_text(week))
    hidden, shown = hidden_lines(week), shown_text(week)
    for found in places(clean, secrets_of_lse()[kind]):
        data = json.dumps(found, ensure_ascii=ascii_only).encode()
        assert leaks({"x.ipynb": data}, hidden, shown), (kind, data)
    assert not leaks({"x.ipynb": json.dumps(clean).encode()}, hidden, shown)


def test_the_value_of_a_question_is_found_too(week):
    asked = week.exercise_for("where-exp-overflows")
    value = repr(float(asked.solution(*asked.given)))
    assert leaks({"x": f"it is {value}".encode()}, secrets(asked), "")


def test_a_release_that_would_leak_writes_nothing(tmp_path):
    shown = handins.WHY.rubric[0][0]
    made = handins.assignment(tmp_path, title=f"Explain that {shown}")
    with pytest.raises(CourseError, match=f"nothing is released.*{shown}"):
        release(made)
    assert not (made.folder / "release").exists()


def test_archives_are_opened_by_the_search(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr("inner.txt", "a  b\nc")
    assert "a b c" in list(readings((tmp_path / "a.zip").read_bytes()))


# ── the package ──────────────────────────────────────────────────────────────────────────────


MATHEMATICS = tuple(f"softmaxbook/{wing}/" for wing in ("numerics", "learning", "transfer"))


def package_leaks():
    """Return what the wheel gives away, beyond the mathematics that the book is about."""
    public = "\n".join(
        content.decode()
        for name, content in shipped.package_files().items()
        if name.startswith(MATHEMATICS)
    )
    asked = "\n".join(f"{each.title}\n{each.prompt()}\n{each.text()}" for each in exercises())
    hidden = set().union(*(secrets(each) for each in exercises()))
    telling = {line for line in hidden if len(line) >= 25}  # shorter ones are any program's
    return leaks({"wheel": package.wheel()}, telling, public + asked)


def test_the_package_holds_no_exercise():
    names = shipped.package_files()
    assert "softmaxbook/numerics/logarithms.py" in names
    hidden = ("softmaxbook/exercises", "softmaxbook/checking", "softmaxbook/assignments")
    assert not any(name.startswith(hidden) for name in names)
    assert package_leaks() == {}


def test_a_new_folder_is_not_shipped_until_it_is_named(tmp_path, monkeypatch):
    package_folder = tmp_path / "softmaxbook"
    for name in ("numerics", "answers_of_week1"):
        (package_folder / name).mkdir(parents=True)
        (package_folder / name / "key.py").write_text("SOLUTION = 42\n", encoding="utf-8")
    monkeypatch.setattr(shipped, "PACKAGE", package_folder)
    assert list(shipped.package_files()) == ["softmaxbook/numerics/key.py"]


@pytest.mark.parametrize("part", ["exercises", "checking", "assignments", "widgets", "claims"])
def test_the_package_with_a_part_more_would_be_noticed(monkeypatch, part):
    monkeypatch.setattr(shipped, "SHIPPED", (*shipped.SHIPPED, part))
    names = shipped.package_files()
    assert any(name.startswith(f"softmaxbook/{part}/") for name in names)
    if part == "exercises":
        assert len(package_leaks()["wheel"]) > 200


def test_the_wheel_installs_and_its_mathematics_runs(tmp_path):
    wheel = tmp_path / package.wheel_name()
    wheel.write_bytes(package.wheel())
    assert package.wheel() == wheel.read_bytes()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--target", tmp_path / "site", wheel], check=True)
    program = """\
        import importlib.util, pkgutil, sys
        sys.path.insert(0, sys.argv[1])
        import softmaxbook
        assert softmaxbook.__file__.startswith(sys.argv[1]), softmaxbook.__file__
        assert all(hasattr(softmaxbook, name) for name in softmaxbook.__all__)
        assert importlib.util.find_spec("softmaxbook.exercises") is None
        from softmaxbook import plots
        print(softmaxbook.softmax([0.0, 0.0]))
        """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), tmp_path / "site"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[0.5 0.5]", done.stderr


# ── the notebook and the page ────────────────────────────────────────────────────────────────


def test_the_notebook_is_valid_and_nbgrader_knows_its_cells(week):
    notebook = nbformat.reads(notebook_text(week), as_version=4)
    nbformat.validate(notebook)
    graded = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    for cell in graded:
        assert cell.metadata.nbgrader.checksum == compute_checksum(cell)
    points = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader.get("points") for c in graded}
    assert points["write-log-sum-exp"] == 6
    assert points["why-the-shift"] == 3
    assert points["question-why-the-shift"] is None


def test_nbgrader_takes_the_notebook_into_its_gradebook(week, tmp_path, monkeypatch):
    from nbgrader.api import Gradebook
    from nbgrader.preprocessors import CheckCellMetadata, LockCells, SaveCells
    from traitlets.config import Config

    beside = str(Path(sys.executable).parent)  # nbgrader calls `alembic` by its bare name
    monkeypatch.setenv("PATH", f"{beside}{os.pathsep}{os.environ['PATH']}")
    database = f"sqlite:///{tmp_path / 'gradebook.db'}"
    config = Config()
    names = {"assignment": "week1", "notebook": "week1", "db_url": database}
    resources = {"unique_key": "week1", "nbgrader": names}
    notebook = nbformat.reads(notebook_text(week), as_version=4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of nbgrader's database layer
        with Gradebook(database) as gradebook:
            gradebook.add_assignment("week1")
        for preprocessor in (LockCells, SaveCells, CheckCellMetadata):
            notebook, _ = preprocessor(config=config).preprocess(notebook, resources)
        with Gradebook(database) as gradebook:
            assert gradebook.find_assignment("week1").max_score == week.total
            assert gradebook.find_grade_cell("why-the-shift", "week1", "week1").max_score == 3


def test_the_page_is_the_notebook(week):
    release(week)
    page = jupytext.read(week.folder / "release" / "week1.md")
    notebook = nbformat.read(week.folder / "release" / "week1.ipynb", as_version=4)
    assert [(c.cell_type, c.source) for c in page.cells] == [
        (c.cell_type, c.source) for c in notebook.cells
    ]
    assert [c.metadata for c in page.cells] == [c.metadata for c in notebook.cells]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_untouched_notebook_runs_with_numpy_alone(tmp_path, chapter, monkeypatch):
    made = new(tmp_path, "week", chapter=chapter)
    monkeypatch.setitem(sys.modules, "softmaxbook", None)
    names = {}
    for cell in json.loads(notebook_text(made))["cells"]:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            imports = [n for n in ast.parse(source).body if isinstance(n, ast.ImportFrom)]
            assert imports == []
            exec(source, names)
    assert {each.variable for each in made.exercises} <= set(names)


def test_statements_points_and_options_are_shown(week):
    text = notebook_text(week)
    assert "due" in text.lower()
    assert "*Points: values 2, large logits 2, masks 1, all masked 1.*" in text
    assert 'answer_what_does_it_print = ...  # one of \\"a\\", \\"b\\", \\"c\\", \\"d\\"' in text
    assert "a list: first logit, second logit" in text


@pytest.mark.parametrize(
    ("id", "told"),
    [("softmax-by-hand", True), ("count-the-parameters", True), ("write-softplus", False)],
)
def test_a_hand_out_with_numbers_says_how_many_digits_they_need(tmp_path, id, told):
    about = json.loads(notebook_text(new(tmp_path, "week", [id])))["cells"][0]["source"]
    said = "three significant digits, unless the question says how many. Zeros at the front do not"
    assert (said in "".join(about)) == told


# ── variants ─────────────────────────────────────────────────────────────────────────────────


def test_the_due_time_is_read_as_it_was_written(tmp_path):
    due = datetime.fromisoformat("2026-12-01T23:59:00-07:00")
    handins.assignment(tmp_path, due=due)
    week = load(tmp_path / "week1")
    assert week.due == due
    assert "Due Tuesday, 01 December 2026, 23:59 UTC-07:00." in notebook_text(week)


def test_variants_differ_by_student_and_not_by_hardness(tmp_path):
    (tmp_path / "students.csv").write_text(ROSTER, encoding="utf-8")
    made = handins.assignment(tmp_path, variants=True)
    files = release(made)
    assert [str(path.relative_to(made.folder / "release")) for path in files] == [
        "ada/week1.ipynb", "ada/week1.md", "emmy/week1.ipynb", "emmy/week1.md",
    ]  # fmt: skip
    ada, emmy = (made.exercise_for("where-exp-overflows", each) for each in ("ada", "emmy"))
    assert ada.prompt() != emmy.prompt()
    assert ada.prompt() in (made.folder / "release" / "ada" / "week1.md").read_text()
    assert ada.difficulty == emmy.difficulty
    assert ada.separated()
    assert emmy.separated()
    functions = [made.exercise_for("write-log-sum-exp", each).text() for each in ("ada", "emmy")]
    assert functions[0] == functions[1]


NUMBERS = [each for each in exercises() if each.form == "number" and each.fresh]


@pytest.mark.parametrize("asked", NUMBERS, ids=lambda each: each.id)
def test_every_number_has_sound_variants(tmp_path, asked):
    made = Assignment(tmp_path / "w", "W", "s", (Chosen(asked, asked.aspects),), variants=True)
    names = [f"student{n}" for n in range(20)]
    variants = [made.exercise_for(asked.id, name) for name in names]
    assert all(each.separated() for each in variants)
    assert [each.prompt() for each in variants] == [
        made.exercise_for(asked.id, name).prompt() for name in names
    ]
    assert len({each.prompt() for each in variants}) > 3


def test_without_variants_all_get_one_question_that_is_not_the_books(week):
    one, two = (week.exercise_for("where-exp-overflows", each) for each in ("ada", "emmy"))
    assert one.prompt() == two.prompt()
    assert one.prompt() != exercise("where-exp-overflows").exercise.prompt()


def test_seeds_follow_the_words_and_stay():
    made = Assignment(Path("w"), "W", "s", ())
    assert made.derived_seed("a", "bc") != made.derived_seed("ab", "c")
    assert made.derived_seed("a") != replace(made, seed="t").derived_seed("a")
    assert made.derived_seed("a") == made.derived_seed("a") < 2**63


def test_variants_need_students(tmp_path):
    with pytest.raises(CourseError, match=r"students\.csv with the columns"):
        release(handins.assignment(tmp_path, variants=True))


# ── points, settings, the choice ─────────────────────────────────────────────────────────────


def test_points_of_the_assignment_are_those_of_the_verdict(tmp_path):
    made = new(tmp_path, "week", ["write-log-sum-exp"])
    text = (made.folder / "assignment.toml").read_text(encoding="utf-8")
    text = text.replace("masks = 1", "masks = 0.5").replace("values = 2", "values = 7")
    (made.folder / "assignment.toml").write_text(text, encoding="utf-8")
    asked = load(made.folder).exercise_for("write-log-sum-exp")
    assert [each.points for each in asked.aspects] == [7, 2, 0.5, 1]


def test_new_takes_ids_and_chapters_in_order(tmp_path):
    made = new(tmp_path, "week", ["softmax-by-hand", "what-does-it-print"], chapter="overflow")
    ids = [each.id for each in made.exercises]
    assert ids == [each.id for each in CHAPTERS["overflow"]] + ["softmax-by-hand"]
    assert load(made.folder) == made
    assert new(tmp_path, "other", ["softmax-by-hand"]).seed != made.seed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"ids": ["softmax-by-foot"]}, "near it are softmax-by-hand"),
        ({"chapter": "nothing"}, "there are probabilities"),
        ({}, "no exercise is chosen"),
        ({"name": "../out", "chapter": "overflow"}, "cannot name an assignment"),
        ({"name": "a/b", "chapter": "overflow"}, "cannot name an assignment"),
    ],
)
def test_what_new_refuses(tmp_path, arguments, words):
    with pytest.raises(CourseError, match=words):
        new(tmp_path, **{"name": "week", **arguments})
    assert list(tmp_path.iterdir()) == []


def test_new_keeps_what_is_there(tmp_path):
    new(tmp_path, "week", chapter="overflow")
    with pytest.raises(CourseError, match="holds an assignment"):
        new(tmp_path, "week", chapter="losses")


GOOD = 'title = "T"\nseed = "s"\n[[exercise]]\nid = "who-pays"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = ", "is not TOML"),
        ('seed = "s"', "needs a text: title"),
        ('title = "T"\nseed = 3', "needs a text: seed"),
        (GOOD.replace("who-pays", "who-payed"), "near it are who-pays"),
        (GOOD + "points = 3", "have to be written as { values = 1 }"),
        (GOOD + "points = { value = 3 }", "name each of: values"),
        (GOOD + "points = { values = -3 }", "numbers from 0 up"),
        (GOOD + "points = { values = inf }", "numbers from 0 up"),
        (GOOD + "points = { values = true }", "numbers from 0 up"),
        (GOOD + "weight = 3", "no setting 'weight'"),
        (GOOD + '[[exercise]]\nid = "who-pays"', "'who-pays' stands there twice"),
        (GOOD + "[[manual]]\n", "a .*manual.* needs a text: id"),
        (GOOD + '[[manual]]\nid = "a b"', "letters, digits"),
        (GOOD + '[[manual]]\nid = "m"', "needs a rubric"),
        (GOOD + '[[manual]]\nid = "m"\nrubric = [{ points = 2 }]', "has to be written as"),
        (f"due = 3\n{GOOD}", "due has to be written as"),
        (f"variants = 1\n{GOOD}", "variants is true or false"),
        (GOOD.replace("[[exercise]]", "[exercise]"), "with two brackets"),
        (f"dew = 2026-12-01\n{GOOD}", "no setting 'dew'"),
    ],
)
def test_settings_that_cannot_be_are_explained(tmp_path, text, words):
    (tmp_path / "week").mkdir()
    (tmp_path / "week" / "assignment.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=words) as raised:
        load(tmp_path / "week")
    assert "assignment.toml" in str(raised.value)


def test_settings_with_a_byte_order_mark_are_read(tmp_path):
    (tmp_path / "week").mkdir()
    (tmp_path / "week" / "assignment.toml").write_text(GOOD, encoding="utf-8-sig")
    assert load(tmp_path / "week").title == "T"


def test_two_that_ask_for_one_name_are_refused(tmp_path):
    one = exercise("write-log-sum-exp").exercise
    twin = Chosen(replace(one, id="twin"), one.aspects)
    with pytest.raises(CourseError, match="twin all ask for `log_sum_exp`"):
        Assignment(tmp_path / "w", "W", "s", (Chosen(one, one.aspects), twin))


def test_an_empty_assignment_is_not_released(tmp_path):
    made = Assignment(tmp_path / "w", "W", "s", ())
    with pytest.raises(CourseError, match="chooses no exercise"):
        release(made)


def test_a_second_release_leaves_nothing_of_the_first(week):
    release(week, package=True)
    assert (week.folder / "release" / package.wheel_name()).is_file()
    release(week)
    assert {path.name for path in (week.folder / "release").iterdir()} == {
        "week1.ipynb",
        "week1.md",
    }


# ── students ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "has no column 'id' in its first line: it should be the students, with the columns"),
        (b"name\nAda\n", "has no column 'id' in its first line"),
        (b"id\n../ada\n", "line 2: the id '../ada' cannot name a folder"),
        (b"id\nada\nADA\n", "names the id 'ADA' twice"),
        ("id\nnöther".encode("latin-1"), "save it as"),
    ],
)
def test_lists_of_students_that_cannot_be_are_explained(tmp_path, data, words):
    (tmp_path / "students.csv").write_bytes(data)
    with pytest.raises(CourseError, match=words):
        students(tmp_path)


def test_a_list_of_a_spreadsheet_is_read(tmp_path):
    text = "\ufeffid;name;SIS Login ID\nada;Lovelace, Ada;x1\nbob\n"
    (tmp_path / "students.csv").write_text(text, encoding="utf-8")
    ada, bob = students(tmp_path)
    assert (ada.name, dict(ada.other)) == ("Lovelace, Ada", {"SIS Login ID": "x1"})
    assert bob.email == ""


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_list_is_read_however_its_cells_and_lines_are_parted(tmp_path, mark, separator, ending):
    rows = ["id,name,ID", 'ada,"Ada\nLovelace",7', "bob,Bob,8"]
    text = mark + "".join(row.replace(",", separator) + "\n" for row in rows)
    (tmp_path / "students.csv").write_bytes(text.replace("\n", ending).encode())
    ada, bob = students(tmp_path)
    assert (ada.id, ada.name, dict(ada.other)) == ("ada", "Ada Lovelace", {"ID": "7"})
    assert (bob.id, bob.name, dict(bob.other)) == ("bob", "Bob", {"ID": "8"})


def test_a_list_of_nobody_yet_is_one(tmp_path):
    (tmp_path / "students.csv").write_text("id,name,email\n", encoding="utf-8")
    assert students(tmp_path) == ()


# ── exercises of one's own ───────────────────────────────────────────────────────────────────


def test_the_head_of_a_list_may_have_spaces_and_capitals(tmp_path):
    (tmp_path / "students.csv").write_text("id, Name , EMAIL, ID\nada, Ada King,a@x.edu, 7\n")
    (ada,) = students(tmp_path)
    assert (ada.name, ada.email, dict(ada.other)) == ("Ada King", "a@x.edu", {"ID": " 7"})


def test_a_private_exercise_is_released_like_the_books(tmp_path):
    own(tmp_path, PRIVATE)
    own(tmp_path, "raise RuntimeError", name="_shared.py")
    assert check(tmp_path) == {"double-it": ()}
    made = new(tmp_path, "week", chapter="warm-up")
    release(made)
    assert "twice x" in (made.folder / "release" / "week.md").read_text()
    data = {"x": b"Add x to x, and be done."}
    assert leaks(data, hidden_lines(made), shown_text(made))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('probe("three", 3.0), ', "*(), "), "fewer than 2 fixed probes tell doubled from"),
        (("    return x / 2", "    return x + x"), "the mistake halved is not recognised"),
        (("You divide by two.", "It stays as it is."), "two mistakes have the same hint"),
        (("hints=(", "starter='def other(x):\\n    ...',\n    hints=("), "does not define doubled"),
        (
            ("hints=(", "starter='def doubled(x):\\n    return 2 * x',\n    hints=("),
            "the starter is a right answer already",
        ),
        (("hints=(", "starter='def doubled(x:',\n    hints=("), "the starter does not run"),
    ],
)
def test_a_private_exercise_that_is_not_sound_is_not_released(tmp_path, change, words):
    own(tmp_path, PRIVATE.replace(*change))
    problems = check(tmp_path)["double-it"]
    assert any(words in each for each in problems), problems
    with pytest.raises(CourseError, match="the private exercise 'double-it' is not ready"):
        release(new(tmp_path, "week", ["double-it"]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1", "has no name EXERCISE"),
        ("def (", "does not run: SyntaxError"),
        ("1 / 0", "does not run: ZeroDivisionError"),
        (PRIVATE.replace("double-it", "who-pays"), "has the id of one of the book's"),
        (PRIVATE.replace("double-it", "Double It"), "small letters, digits and single hyphens"),
        (
            PRIVATE.replace('hints=("Twice means plus itself.", ', "hints=(*(), "),
            "at least two hints",
        ),
    ],
)
def test_a_private_module_that_cannot_be_read_is_explained(tmp_path, text, words):
    own(tmp_path, text)
    with pytest.raises(CourseError, match=words):
        new(tmp_path, "week", chapter="overflow")


def test_two_private_exercises_of_one_id_are_refused(tmp_path):
    own(tmp_path, PRIVATE)
    own(tmp_path, PRIVATE, name="again.py")
    with pytest.raises(CourseError, match="taken by another module"):
        check(tmp_path)


# ── soundness, which the book and the instructor share ───────────────────────────────────────


@pytest.mark.parametrize("asked", exercises(), ids=lambda each: each.id)
def test_every_exercise_of_the_book_is_sound(asked):
    assert unsound(asked) == ()


def overflow_number(**changes):
    return replace(exercise("where-exp-overflows").exercise, **changes)


def test_unsound_numbers_and_choices_are_told():
    def close(largest):
        """Say that it is close."""
        return 1.001 * np.log(largest)

    own = overflow_number().mistakes
    assert "three times the tolerance" in str(unsound(overflow_number(mistakes=(*own, close))))
    same = overflow_number(fresh=lambda rng: (65504.0,))
    assert "only 1 different" in str(unsound(same))
    never = overflow_number(fresh=lambda rng: (1.0,))
    assert "no variant separates" in str(unsound(never))
    choice = exercise("who-pays").exercise
    assert "none of the options" in str(unsound(replace(choice, solution=lambda: "z")))
    fewer = replace(choice, mistakes=(*choice.mistakes[:2], choice.mistakes[0]))
    assert "every wrong option" in str(unsound(fewer))


def test_a_solution_that_changes_its_mind_is_told():
    calls = []

    def log_sum_exp(logits):
        calls.append(logits)
        return np.full(np.shape(logits)[:-1], float(len(calls)))

    drifting = replace(exercise("write-log-sum-exp").exercise, solution=log_sum_exp)
    assert "the solution is not judged right" in str(unsound(drifting))
