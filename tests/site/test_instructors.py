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


def test_every_chapter_says_what_it_needs():
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    chapters = [
        Path(each["file"]).stem
        for part in parts
        if part["caption"].startswith("Part ")
        for each in part["chapters"]
    ]
    told = [row[0] for row in rows("What each chapter needs, and what it is for")[1:]]
    assert told == [f"[]({chapter}.md)" for chapter in chapters if chapter != "outlook"]
