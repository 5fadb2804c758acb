"""The report of a class says what the records say, and names nobody unless asked to."""

import math
import re
import statistics
from dataclasses import replace

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from marked import IDS, a_class, record, week_of
from scipy.stats import pearsonr

from softmaxbook.assignments.command import main
from softmaxbook.assignments.course import CourseError
from softmaxbook.assignments.handout.leaks import readings
from softmaxbook.assignments.marks.records import all_marks
from softmaxbook.assignments.reports import report
from softmaxbook.assignments.reports.discrimination import FEWEST, Finding, discrimination
from softmaxbook.assignments.submissions.problems import Kind

VECTOR, BATCH, NUMBER = IDS


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    """Return a class of sixty with marks, one to look at, and one who handed in nothing."""
    people = "\n".join(f"s{k:03d},Nameof{k:03d} Person" for k in range(62))
    week = week_of(tmp_path_factory.mktemp("class") / "course", students=f"id,name\n{people}\n")
    a_class(week, 60)
    record(week, "s060", problems=(Kind.EMPTY.of(name="Nameof060.ipynb"),))
    report.write(week)
    return week


def page_of(week):
    return (week.folder / "report.html").read_text(encoding="utf-8")


def cells(page, caption):
    """Return the cells of the table with that caption, row by row."""
    body = re.search(rf"<caption>{caption}</caption>.*?</table>", page, re.S)[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_the_numbers_are_those_of_the_records(week):
    page = page_of(week)
    marks = all_marks(week)
    facts = dict(cells(page, "The class")[1:])
    complete = [each.points for each in marks if each.points is not None]
    assert facts["students"] == "62"
    assert facts["with marks"] == "61"
    assert facts["handed in late"] == "6"
    assert float(facts["median, of 11 points"]) == statistics.median(complete)
    parts = {row[0]: row[1:] for row in cells(page, "All points for a part")[1:]}
    right = sum(each.exercises[0].points == each.exercises[0].of for each in marks)
    assert parts["Softmax of one vector: large logits"][:2] == [str(right), "61"]
    mistakes = {tuple(row[:2]): int(row[2]) for row in cells(page, "Per question")[1:]}
    for (title, name), count in mistakes.items():
        made = [name in e.mistakes for each in marks for e in each.exercises if e.title == title]
        assert count == sum(made) > 0
    total = sum(len(e.mistakes) for each in marks for e in each.exercises)
    assert sum(mistakes.values()) == total


def test_nobody_is_named_unless_asked_for(week):
    names = {f"{word}{k:03d}" for k in range(62) for word in ("s", "Nameof")}
    report.write(week)
    texts = list(readings(page_of(week).encode()))
    assert [each for each in names if any(each in text for text in texts)] == []
    assert "Of 62 students, 2 have something open, 1 of them a hand-in to look at" in page_of(week)
    report.write(week, names=True)
    assert "Nameof060.ipynb is empty: ask for the file" in page_of(week)
    assert cells(page_of(week), "Open")[2][1] == "nothing was handed in"


def test_every_picture_is_told_in_words(week):
    labels = re.findall(r'<figure role="img" aria-label="([^"]+)">', page_of(week))
    assert len(labels) == page_of(week).count("<svg") == 4
    assert all(len(label.split()) >= 10 for label in labels)


def test_the_command_names_on_request(week, capsys):
    course = ("--course", str(week.course))
    assert main(["assignment", "report", "week1", "--names", *course]) == 0
    assert "61 students with marks, 2 with something open" in capsys.readouterr().out
    assert "s061" in page_of(week)


def test_a_small_class_is_told_that_it_is_small(tmp_path):
    week = week_of(tmp_path / "course", manual=())
    a_class(week, FEWEST - 1)
    report.write(week)
    assert page_of(week).count(f"too few students to tell ({FEWEST - 1})") == len(IDS)


def test_a_perfect_class_and_a_waiting_one_have_a_page(tmp_path):
    week = week_of(tmp_path / "course", manual=())
    for k in range(12):
        record(week, f"s{k}")
    report.write(week)
    assert "Nobody made any." in page_of(week)
    assert "all earned the same" in page_of(week)
    assert "Nothing is open." in page_of(week)
    waiting = week_of(tmp_path / "other")
    record(waiting, "ada")
    report.write(waiting)
    assert "Nobody's points are complete yet." in page_of(waiting)


def test_what_students_caused_is_escaped(tmp_path):
    week = week_of(tmp_path / "course", manual=())
    hostile = "<img src=x onerror=alert(1)>"
    marks = record(week, "eve", [(VECTOR, 1)])
    first = replace(marks.exercises[0], mistakes=(hostile,))
    record(
        week,
        "eve",
        exercises=(first, *marks.exercises[1:]),
        problems=(Kind.EMPTY.of(name=hostile),),
    )
    report.write(week, names=True)
    assert "<img" not in page_of(week)
    assert "&lt;img src=x" in page_of(week)


def test_a_title_with_dollars_is_no_formula(tmp_path):
    week = week_of(tmp_path / "course", manual=())
    marks = record(week, "eve", [(VECTOR, 1)])
    first = replace(marks.exercises[0], title=r"From $5 to $\nonsense{")
    record(week, "eve", exercises=(first, *marks.exercises[1:]))
    report.write(week)
    assert r"From $5 to $\nonsense{" in page_of(week)


def test_without_marks_the_error_says_what_to_do(tmp_path):
    week = week_of(tmp_path / "course")
    with pytest.raises(CourseError, match="softmaxbook assignment grade week1"):
        report.write(week)


# Which question separates


def ability_table(n, seed, loadings):
    """Return points of 0 … 4 that follow one ability, as much as each question's loading."""
    rng = np.random.default_rng(seed)
    ability = rng.normal(size=(n, 1))
    noise = rng.normal(size=(n, len(loadings)))
    return np.clip(np.round(2 + np.asarray(loadings) * ability + noise), 0, 4)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n", [FEWEST, 30, 300])
def test_correlation_and_interval_are_those_of_scipy(n, seed):
    table = ability_table(n, seed, (1.0, 0.3, 0.0, -1.0))
    for k, found in enumerate(discrimination(table)):
        own = pearsonr(table[:, k], table.sum(axis=1) - table[:, k])
        assert found.r == pytest.approx(own.statistic, rel=1e-12, abs=1e-12)
        interval = own.confidence_interval(0.95)
        assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-9)


def test_a_coin_does_not_separate_and_is_not_helped_by_its_own_share():
    rng = np.random.default_rng(1)
    table = np.column_stack([ability_table(4000, 2, (1, 1, 1)), 40 * rng.integers(0, 2, 4000)])
    coin = discrimination(table)[-1]
    assert coin.finding is Finding.UNSURE
    assert abs(coin.r) < 0.05
    assert np.corrcoef(table[:, -1], table.sum(axis=1))[0, 1] > 0.9  # uncorrected it would


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(2000):
        x, y = rng.normal(size=(2, 40))
        found = discrimination(np.column_stack([x, 0.5 * x + math.sqrt(0.75) * y]))[0]
        held += found.low <= 0.5 <= found.high
    assert held / 2000 == pytest.approx(0.95, abs=3 * math.sqrt(0.95 * 0.05 / 2000))


def test_what_cannot_be_told_is_said():
    assert discrimination(np.eye(FEWEST - 1))[0].finding is Finding.TOO_FEW
    assert discrimination(np.ones((20, 2)))[0].finding is Finding.ALL_THE_SAME
    alone = discrimination(np.arange(20.0)[:, None])[0]
    assert alone.finding is Finding.NO_OTHERS
    turned = discrimination(ability_table(300, 4, (1, 1, 1, -1)))[-1]
    assert turned.finding is Finding.REVERSED


@pytest.mark.parametrize("sign", [1, -1])
def test_a_perfect_correlation_has_an_interval(sign):
    line = np.arange(20.0)
    found = discrimination(np.column_stack([line, sign * line]))[0]
    assert found.r == pytest.approx(sign)
    assert found.low <= found.r + 1e-9
    assert math.isfinite(found.low)
    assert math.isfinite(found.high)


# In a browser


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (360, "light")])
def test_the_page_is_sound_on_a_screen(week, open_page, width, scheme):
    report.write(week, names=True)
    page = open_page((week.folder / "report.html").as_uri(), width, scheme)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [each["id"] for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    smallest = """() => Math.min(...[...document.querySelectorAll("svg text")].map(
        each => each.getBoundingClientRect().height))"""
    assert page.evaluate(smallest) >= 9
