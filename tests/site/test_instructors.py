"""The course plans name exercises that exist, of the chapter in their row, and every chapter."""

import re
from pathlib import Path

import pytest
import yaml

from softmaxbook.exercises import CHAPTERS, exercises

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book" / "instructors.md").read_text(encoding="utf-8")
NAME = re.compile(r"`([a-z]+(?:-[a-z0-9]+)+)`")


def rows(heading):
    """Return the cells of the rows of all tables under a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


LABS = [row for row in rows("A course plan") if re.fullmatch(r"\[\]\(\w+\.md\)", row[0])]


@pytest.mark.parametrize("row", LABS, ids=[row[0] for row in LABS])
def test_labs_name_exercises_of_their_chapter(row):
    chapter = re.search(r"\((\w+)\.md\)", row[0])[1]
    named = NAME.findall(" ".join(row[1:]))
    assert named
    assert set(named) <= {each.id for each in CHAPTERS[chapter]}


def test_plans_name_no_exercise_that_does_not_exist():
    named = {name for row in rows("A course plan") for name in NAME.findall(" ".join(row))}
    assert len(named) > 30
    assert named <= {each.id for each in exercises()}


CHAPTERS_TOLD = [
    Path(each["file"]).stem
    for part in yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    if part["caption"].startswith("Part ")
    for each in part["chapters"]
]


def test_every_chapter_says_what_it_needs():
    told = [row[0] for row in rows("What each chapter needs, and what it is for")[1:]]
    assert told == [f"[]({chapter}.md)" for chapter in CHAPTERS_TOLD]


def test_every_chapter_has_a_lab_with_minutes_and_a_list_of_mistakes():
    assert sorted(row[0] for row in LABS) == sorted(f"[]({each}.md)" for each in CHAPTERS_TOLD)
    heads = [row for row in rows("A course plan") if row[0].startswith("lab,")]
    assert heads
    for lab, predict, work, _ in heads:
        minutes = [int(re.search(r"(\d+) minutes", cell)[1]) for cell in (lab, predict, work)]
        assert minutes[0] == sum(minutes[1:]) + 15  # for the mistakes that were made
    for chapter in CHAPTERS_TOLD:
        assert f'teaching.misconceptions("{chapter}")' in PAGE


def test_there_is_a_plan_without_linux_and_the_minutes_say_where_they_are_from():
    plan = PAGE.split("\n## A course plan\n")[1].split("\n## ")[0]
    assert "were not timed in a classroom" in plan
    assert "### Without Linux" in plan
