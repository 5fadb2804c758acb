"""Feedback pages tell a student everything about their own answers, and nothing else; marking."""

import csv
import html
import io
import re
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from course import answered, assignment, hand_in
from jinja2 import UndefinedError
from marked import IDS, WHY, a_class, record, week_of

import softmaxbook
from softmaxbook.assignments.assignment import ManualQuestion
from softmaxbook.assignments.course import CourseError, Student
from softmaxbook.assignments.handout.leaks import LONG_ENOUGH, readings, squeezed
from softmaxbook.assignments.marks.examiner import examination_of
from softmaxbook.assignments.marks.grading import grade
from softmaxbook.assignments.marks.marking import mark, sheet_path
from softmaxbook.assignments.marks.records import marks_path, read_marks
from softmaxbook.assignments.marks.reviews import looks_path
from softmaxbook.assignments.reports import feedback
from softmaxbook.assignments.reports import html as pages
from softmaxbook.assignments.reports.html import prose
from softmaxbook.assignments.submissions.problems import Kind
from softmaxbook.checking.specification import hint_of, source_of
from softmaxbook.checking.verdicts import shown

VECTOR, _, NUMBER = IDS
A_LOOK = Kind.EMPTY.of(name="a.ipynb")


@pytest.fixture
def week(tmp_path):
    return week_of(tmp_path / "course", students="id,name,email\nada,Ada King,ada@x.edu\n")


def page_of(week, student="ada"):
    return (week.folder / "feedback" / f"{student}.html").read_text(encoding="utf-8")


def words(page):
    """Return what a reader sees of a page, in one line."""
    body = page.partition("<main>")[2]
    body = re.sub(r"</?(?:em|strong|code)>", "", body)
    return squeezed(html.unescape(re.sub(r"<[^>]*>", " ", body)))


# What it says


def test_a_page_tells_points_mistake_hint_and_counter_example(week):
    marks = record(week, "ada", [(VECTOR, 1)], log=["handed in as a.ipynb"], late=True)
    feedback.write(week)
    seen = words(page_of(week))
    made = marks.exercises[0]
    assert "Feedback for Ada King (ada)" in seen
    assert "5 of 11 points so far; 3 more are still being marked" in seen
    assert "Handed in late." in seen
    assert f"Mistake: {made.mistakes[0]}" in seen
    assert squeezed(re.sub(r"[*`]", "", made.hint)) in seen
    assert "z = [1. 2.] expected [0.27 0.73] got [2.7 7.4]" in seen
    assert "values 0 2 large logits 0 1" in seen
    assert "handed in as a.ipynb" in seen
    assert "Not marked yet (3 points)" in seen


def test_manual_points_and_comments_are_shown_when_they_are_complete(week):
    record(week, "ada")
    mark(week)
    fill(week, "ada", ("1.5", "", "", "Say why it *cancels*."))
    mark(week)
    feedback.write(week)
    assert "Say why" not in words(page_of(week))  # half a mark is none
    fill(week, "ada", ("1.5", "0,5", "", "Say why it *cancels*."))
    mark(week)
    feedback.write(week)
    seen = words(page_of(week))
    assert "10 of 11 points" in seen
    assert "it cancels 1.5 2 no overflow, and why 0.5 1" in seen
    assert "Say why it cancels." in seen


def test_a_hand_in_to_look_at_is_provisional_until_somebody_looked(week):
    record(week, "ada", problems=(Kind.WHICH_FILE.of(taken="ada.ipynb", others="bob's.ipynb"),))
    mark(week)
    said = str(feedback.write(week))
    assert "not final: ada: ada.ipynb counts; is it the one, or bob's.ipynb?" in said
    assert "the points can change" in words(page_of(week))
    assert "bob" not in page_of(week)
    path = looks_path(week)
    path.write_text(path.read_text("utf-8").rstrip("\r\n") + "yes\r\n", encoding="utf-8")
    mark(week)
    feedback.write(week)
    assert "the points can change" not in words(page_of(week))
    assert "yes" in path.read_text("utf-8")


def test_who_has_no_marks_of_today_has_no_page(week):
    record(week, "ada")
    record(week, "bob")
    feedback.write(week)
    hand_in(week, replace(answered(week, "ada"), preamble="import os"))
    record(week, "bob", graded=False, exercises=(), problems=(Kind.GRADING_FAILED.of(why="x"),))
    record(week, "eve")
    written = feedback.write(week)
    assert [path.name for path in written.pages] == ["eve.html"]
    assert not (week.folder / "feedback" / "ada.html").exists()
    assert "no page: ada: it has changed since it was graded: grade again" in str(written)
    assert "no page: bob: it could not be graded" in str(written)


def test_without_marks_the_error_says_what_to_do(week):
    with pytest.raises(CourseError, match="softmaxbook assignment grade week1"):
        feedback.write(week)


# What it does not say


def leaked(page, hidden):
    """Return which of the texts the bytes of a page hold, read in every way."""
    texts = list(readings(page.encode()))
    return {each for each in hidden if any(squeezed(each) in one for one in texts)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Return a really graded class in which answers try to carry out what they see."""
    if sys.platform != "linux":
        pytest.skip("bubblewrap is of Linux")
    week = assignment(tmp_path_factory.mktemp("course") / "week1", VECTOR, NUMBER, manual=(WHY,))
    spy = "import numpy as np\ndef softmax_vector(z):\n    raise ValueError(repr(z))"
    noisy = "import numpy as np\ndef softmax_vector(z):\n    print(z)\n    return z"
    wrong = "import numpy as np\ndef softmax_vector(z):\n    return np.exp(z) / np.exp(z).sum()"
    sources = {"spy-student": spy, "noisy-student": noisy, "wrong-student": wrong}
    hand_in(
        week,
        *(
            answered(week, name, softmax_of_one_vector=source, why_shift=f"Answer of {name}.")
            for name, source in sources.items()
        ),
    )
    grade(week)
    feedback.write(week)
    return week, tuple(sources)


def hidden_from(week, student):
    """Return what no page may hold: the inputs of the points, solutions, the seed."""
    found = {week.seed}
    for chosen in week.exercises:
        examination = examination_of(week, chosen, student)
        if chosen.exercise.form == "function":
            for probe in examination.hidden:
                found |= {shown(np.asarray(each)) for each in probe.arguments}
                found |= {repr(each) for each in probe.arguments} | {probe.why}
        found |= set(source_of(chosen.exercise.solution).splitlines()[1:])
    return {each for each in found if len(squeezed(each)) >= LONG_ENOUGH}


@pytest.mark.xdist_group("grading")
def test_no_page_holds_a_hidden_input_or_another_student(graded):
    week, students = graded
    for student in students:
        page = page_of(week, student)
        assert leaked(page, hidden_from(week, student)) == set()
        assert leaked(page, {each for each in students if each != student}) == set()
        named = {hint_of(m) for c in week.exercises for m in c.exercise.mistakes}
        own = {each.hint for each in read_marks(marks_path(week, student)).exercises}
        foreign = {each for each in named if not any(each in hint for hint in own)}
        assert leaked(page, foreign) == set()


@pytest.mark.xdist_group("grading")
@pytest.mark.parametrize("way", ["message", "remarks", "notes"])
def test_the_search_finds_what_should_not_be_there(graded, way):
    week, students = graded
    secrets = sorted(hidden_from(week, students[0]), key=len)
    marks = read_marks(marks_path(week, students[0]))
    value = secrets[-1] if way == "message" else (secrets[-1],)
    first = replace(marks.exercises[0], **{way: value})
    standing = next(s for s in feedback.standings(week) if s.student.id == students[0])
    page = feedback.feedback_page(week, standing, replace(marks, exercises=(first,)))
    found = leaked(page, set(secrets))
    assert bool(found) == (way != "notes")  # notes are the instructor's, and on no page


# What students write does nothing

HOSTILE = (
    "<script>alert(1)</script>",
    "</pre></main><img src=x onerror=alert(1)>",
    "`</code><svg onload=alert(1)>`",
    '"><a href="javascript:alert(1)">x</a>',
    "*<b>x</b>* **<i>y</i>**",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x1b[31m\x00\u202egnp.exe\ud800",
    "]]><!--",
)


TAGS = """body main html h1 h2 h3 p strong em span a table caption thead tbody tr th td
section div ul li pre code"""


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_student_wrote_is_shown_and_does_nothing(tmp_path, hostile):
    week = week_of(tmp_path / "course")
    name = hostile.replace("\x00", "").replace("\ud800", "")
    cell = io.StringIO()
    csv.writer(cell).writerow(["eve", name])
    (tmp_path / "course" / "students.csv").write_text("id,name\n" + cell.getvalue(), "utf-8")
    marks = record(week, "eve", answer=hostile, log=[hostile])
    exercises = tuple(
        replace(each, message=hostile, hint=hostile, counter_example=f"On x.\n\n    {hostile}",
                remarks=(hostile,), mistakes=(hostile,))
        for each in marks.exercises
    )  # fmt: skip
    aspect = replace(marks.exercises[0].aspects[0], name=hostile)
    first = replace(exercises[0], title=hostile, aspects=(aspect, aspect))
    rubric = ((hostile, 2.0), ("so", 1.0))
    essay = replace(marks.manual[0], rubric=rubric, given=(2.0, 1.0), comment=hostile)
    marks = replace(marks, exercises=(first, *exercises[1:]), manual=(essay,))
    standing = replace(feedback.standings(week)[0], student=Student("eve", hostile))
    page = feedback.feedback_page(week, standing, marks)
    assert all(part in page for part in ("Comment", "What counts", "Each part"))
    tags = set(re.findall(r"<\s*/?\s*([a-z0-9]+)", page.partition("<body>")[2], re.IGNORECASE))
    assert tags <= {*TAGS.split()}
    assert not re.search(r"<[^>]*\son\w+\s*=", page)
    assert set(re.findall(r'href="([^"]*)"', page)) <= {
        "data:,", *(f"#question-{k}" for k in range(1, 6))
    }  # fmt: skip
    assert not set(page) & set("\x00\x1b\u202e\ud800")


def test_hostile_tags_would_be_found():
    shown = pages._environment().from_string("{{ words }}{{ words|safe }}").render(words="<script>")
    assert shown == "&lt;script&gt;<script>"
    assert re.findall(r"<\s*/?\s*([a-z0-9]+)", shown) == ["script"]


def test_a_template_escapes_what_nobody_thought_of():
    made = pages._environment().from_string('<p title="{{ words }}">{{ [words]|join }}</p>')
    shown = made.render(words=Kind.EMPTY.of(name='"><b>\x1b'))  # nobody made a text of it
    assert re.findall(r"<(\w+)", shown) == ["p"]
    assert shown.count('"') == 2
    assert shown.count("\\u001b") == 2
    with pytest.raises(UndefinedError):
        made.render(word="one that no template knows")


@pytest.mark.parametrize("missing", ["jinja2", "markdown_it"])
def test_without_what_makes_pages_the_error_says_what_to_install(week, monkeypatch, missing):
    record(week, "ada")
    for made in (pages._environment, pages._markdown):
        made.cache_clear()
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(CourseError, match="pip install"):
        feedback.write(week)


def test_templates_are_installed_with_the_package():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["softmaxbook"]
    package = Path(softmaxbook.__file__).parent
    installed = {path for pattern in patterns for path in package.glob(pattern)}
    used = set((Path(pages.__file__).parent / "templates").iterdir())
    assert {path.name for path in used} >= {"feedback.html", "report.html", "page.css"}
    assert used <= installed


def test_words_make_no_link_no_picture_and_no_heading():
    words = "# a\n\n[b](http://x) ![c](d) <http://x> &lt;\n\n- e\n\n1. f\n\n    g\n\n***"
    assert set(re.findall(r"<(\w+)", prose(words))) == {"p"}
    assert "[b](http://x) ![c](d) &lt;http://x&gt; &amp;lt;" in prose(words)


def test_emphasis_leaves_products_alone():
    assert prose("2 * x * y, 2*x + 3*y and a*b") == "<p>2 * x * y, 2*x + 3*y and a*b</p>"
    assert prose("f(*args, **more), __init__") == "<p>f(*args, **more), __init__</p>"
    assert prose("**not** a *single* one") == "<p><strong>not</strong> a <em>single</em> one</p>"
    assert prose("`a*b*c` is *not* `x`") == (
        "<p><code>a*b*c</code> is <em>not</em> <code>x</code></p>"
    )
    assert prose("one\n\ntwo") == "<p>one</p>\n<p>two</p>"


# Marking by hand


def fill(week, student, cells, separator=","):
    """Fill a student's row of the sheet, as a spreadsheet would."""
    path = sheet_path(week, WHY)
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    for row in rows:
        if row[0] == student:
            row[2:6] = cells
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    path.write_text("\ufeff" + text.getvalue(), encoding="utf-8", newline="")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_sheet_comes_back_from_any_spreadsheet(week, separator):
    record(week, "ada", answer='=1+1; "quoted",\nand a second line')
    said = str(mark(week))
    assert "answers marked: 0 of 1" in said
    row = sheet_path(week, WHY).read_text("utf-8-sig").splitlines()[1]
    assert row.startswith("ada,\"'=1+1")  # no formula
    fill(week, "ada", ("2", "1", "", "good"), separator)
    assert "answers marked: 1 of 1" in str(mark(week))
    (given,) = read_marks(marks_path(week, "ada")).manual
    assert (given.given, given.points, given.comment) == ((2.0, 1.0), 3.0, "good")
    before = sheet_path(week, WHY).read_bytes()
    mark(week)
    assert sheet_path(week, WHY).read_bytes() == before


def test_points_can_be_given_in_all_and_taken_away_again(week):
    record(week, "ada")
    mark(week)
    fill(week, "ada", ("", "", "2,5", ""))
    mark(week)
    assert read_marks(marks_path(week, "ada")).points == 10.5
    fill(week, "ada", ("", "", "", ""))
    assert "why-shift: ada: 2.5 points taken away" in str(mark(week))
    assert read_marks(marks_path(week, "ada")).points is None
    assert "taken away" not in str(mark(week))


def test_columns_that_were_moved_keep_their_points(week):
    record(week, "ada")
    mark(week)
    fill(week, "ada", ("2", "0.5", "", ""))
    path = sheet_path(week, WHY)
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    for row in rows:
        row[2], row[3] = row[3], row[2]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    mark(week)
    assert read_marks(marks_path(week, "ada")).manual[0].given == (2.0, 0.5)
    words = path.read_text("utf-8-sig").replace("version", "version,1. mine")
    path.write_text(words, encoding="utf-8")
    with pytest.raises(CourseError, match="two columns “1"):
        mark(week)


def test_a_student_with_two_rows_is_told_and_nothing_is_changed(week):
    record(week, "ada")
    mark(week)
    fill(week, "ada", ("2", "1", "", ""))
    path = sheet_path(week, WHY)
    head, row = path.read_text("utf-8-sig").splitlines()
    path.write_text("\n".join([head, row, row.replace(",2,1,", ",,,")]), encoding="utf-8")
    with pytest.raises(CourseError, match=r"row 3 \(ada\): this student has a row above"):
        mark(week)
    assert read_marks(marks_path(week, "ada")).points is None


def test_no_answer_is_no_zero_until_somebody_says_so(week):
    record(week, "ada", answer="")
    mark(week)
    assert "(no answer)" in sheet_path(week, WHY).read_text("utf-8-sig")
    assert read_marks(marks_path(week, "ada")).points is None


def test_points_for_another_answer_are_kept_aside(week):
    record(week, "ada")
    mark(week)
    fill(week, "ada", ("2", "1", "", "for the first answer"))
    record(week, "ada", answer="Another answer.")
    said = str(mark(week))
    assert "ada: the answer changed after it was marked" in said
    assert read_marks(marks_path(week, "ada")).points is None
    kept = sheet_path(week, WHY).with_suffix(".earlier.csv").read_text("utf-8-sig")
    assert "for the first answer" in kept
    assert "for the first answer" not in sheet_path(week, WHY).read_text("utf-8-sig")


def test_marking_again_settles_that_an_answer_changed(week):
    record(week, "ada", problems=(Kind.CHANGED_AFTER_MARKING.of("why-shift"),))
    mark(week)
    (standing,) = feedback.standings(week)
    assert len(standing.to_look_at) == 1
    fill(week, "ada", ("2", "1", "", ""))
    mark(week)
    (standing,) = feedback.standings(week)
    assert standing.open == ()
    assert standing.points == 11


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("3", "", "", ""), "3 of 2 points for “it cancels”"),
        (("-1", "", "", ""), "is no number from 0 up"),
        (("nan", "", "", ""), "is no number from 0 up"),
        (("two", "", "", ""), "'two' in the column “1. it cancels"),
        (("1", "1", "2", ""), "leave one of them empty"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_changed(week, cells, said):
    record(week, "ada")
    mark(week)
    before = marks_path(week, "ada").read_bytes()
    fill(week, "ada", cells)
    with pytest.raises(CourseError, match=re.escape(said)) as error:
        mark(week)
    assert "(ada)" in str(error.value)
    assert marks_path(week, "ada").read_bytes() == before


def test_a_spreadsheet_may_take_the_zeros_off_a_number(tmp_path):
    week = week_of(tmp_path / "course")
    record(week, "0012", problems=(A_LOOK,))
    mark(week)
    fill(week, "0012", ("2", "1", "", ""))
    for path, more in ((sheet_path(week, WHY), ""), (looks_path(week), "yes")):
        words = path.read_text("utf-8-sig").replace("\n0012", "\n12").rstrip()
        path.write_text(words + more, encoding="utf-8")
    assert "not graded" not in str(mark(week))
    (standing,) = feedback.standings(week)
    assert (standing.student.id, standing.points) == ("0012", 11)
    assert "0012" in looks_path(week).read_text("utf-8-sig")


@pytest.mark.parametrize("word", ["no", "not yet", "?", "yes?", "0"])
def test_only_a_yes_lets_the_points_stand(week, word):
    record(week, "ada", problems=(A_LOOK,))
    mark(week)
    path = looks_path(week)
    path.write_text(path.read_text("utf-8-sig").rstrip() + word, encoding="utf-8")
    assert "1 to look at; write yes where you have" in str(mark(week))
    assert feedback.standings(week)[0].to_look_at == (A_LOOK,)
    path.write_text(path.read_text("utf-8-sig").replace(f",{word}", ", Yes "), encoding="utf-8")
    assert "1 to look at" not in str(mark(week))
    assert feedback.standings(week)[0].to_look_at == ()


def test_a_spoilt_list_of_looks_is_told_before_anything_changes(week):
    record(week, "ada", problems=(A_LOOK,))
    mark(week)
    fill(week, "ada", ("2", "1", "", ""))
    sheets = [looks_path(week), sheet_path(week, WHY), marks_path(week, "ada")]
    looks_path(week).write_text("a,b\n1,2\n")
    before = [path.read_bytes() for path in sheets]
    with pytest.raises(CourseError, match="has no column 'problem'"):
        mark(week)
    assert [path.read_bytes() for path in sheets] == before


def test_a_row_of_somebody_without_marks_is_told(week):
    record(week, "ada")
    mark(week)
    path = sheet_path(week, WHY)
    path.write_bytes(path.read_bytes() + b"zoe,x,2,1,,hm,v0000000000\r\n")
    assert "is of 'zoe', not graded" in str(mark(week))


def test_each_question_has_a_sheet(tmp_path):
    other = ManualQuestion("how", "How?", "How?", (("so", 1.0),))
    week = week_of(tmp_path / "course", manual=(WHY, other))
    record(week, "ada")
    assert [path.name for path, *_ in mark(week).sheets] == ["why-shift.csv", "how.csv"]


# In a browser


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_a_page_is_sound_on_a_screen(week, open_page, width, scheme):
    long = "x" * 300
    record(week, "ada", [(VECTOR, 0), NUMBER], answer=long, log=[long], late=True)
    feedback.write(week)
    page = open_page((week.folder / "feedback" / "ada.html").as_uri(), width, scheme)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [each["id"] for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 30)"}[scheme]
    page.emulate_media(media="print")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"


@pytest.mark.browser
def test_the_policy_of_a_page_stops_what_the_escape_would_miss(week, browser):
    record(week, "ada")
    feedback.write(week)
    path = week.folder / "feedback" / "ada.html"
    worst = "<script>document.title='won'</script><img src=x onerror=\"document.title='won'\">"
    path.write_text(page_of(week).replace("</main>", worst), encoding="utf-8")
    page, said = browser.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto(path.as_uri())
    assert page.title() == "A week: feedback"
    page.close()
    assert any("Content Security Policy" in each for each in said)


def test_a_class_of_three_hundred_has_as_many_pages(tmp_path):
    week = week_of(tmp_path / "course")
    a_class(week, 300)
    assert len(feedback.write(week).pages) == 300
