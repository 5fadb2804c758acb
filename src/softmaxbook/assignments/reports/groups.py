"""The page of answers that fail alike, for instructors: of each group an example and a count."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..assignment import Assignment
from ..course import CourseError, write_whole
from ..marks.gradebook import graded_standings
from ..marks.groups import Comment, Group, comment, comments, groups, withdraw
from ..submissions.submission import submission_of
from ..wording import counted
from .html import page


@dataclass(frozen=True)
class Grouped:
    """Where the page is, and what it shows."""

    path: Path
    groups: tuple[Group, ...]

    def __str__(self) -> str:
        """Return the outcome in words."""
        several = sum(len(each.students) > 1 for each in self.groups)
        answers = sum(len(each.students) for each in self.groups)
        return (
            f"{self.path}: {counted(answers, 'answer')} that no known mistake explains, in "
            f"{counted(len(self.groups), 'group')}, {several} of more than one"
        )


@dataclass(frozen=True)
class Shown:
    """A group with its example as the page shows it, and the comments that stand."""

    group: Group
    source: str
    title: str
    comments: tuple[Comment, ...]


def found(assignment: Assignment) -> tuple[Group, ...]:
    """Return the groups among today's marks.

    Raises
    ------
    CourseError
        If nobody has marks.
    """
    everyone = graded_standings(assignment)
    return groups(assignment, [each.usable for each in everyone if each.usable is not None])


def write(assignment: Assignment) -> Grouped:
    """Write ``groups.html``, for instructors only.

    Raises
    ------
    CourseError
        If nobody has marks.
    """
    there = found(assignment)
    stand = [each for each in comments(assignment) if each.stands]
    shown = [
        Shown(
            each,
            _source(assignment, each),
            assignment.chosen(each.question).exercise.title,
            tuple(one for one in stand if set(one.keys) & set(each.keys)),
        )
        for each in there
    ]
    path = assignment.folder / "groups.html"
    write_whole(
        path, page("groups.html", title=assignment.title, name=assignment.name, groups=shown)
    )
    return Grouped(path, there)


def _source(assignment: Assignment, group: Group) -> str:
    submission = submission_of(assignment.folder, group.students[0])
    answer = submission.answers.get(group.question)
    return answer.source if answer is not None else ""


def comment_on(assignment: Assignment, name: str, text: str) -> str:
    """Comment on all of a group, and return to how many it goes today, in words.

    Raises
    ------
    CourseError
        If there is no such group, or no text.
    """
    there = {each.name: each for each in found(assignment)}
    if name not in there:
        raise CourseError(
            f"there is no group {name!r}; there are {', '.join(there) or 'none'}: see groups.html"
        )
    comment(assignment, there[name], text)
    reached = counted(len(there[name].students), "student")
    return f"{name}: said to {reached}, and to whoever hands in such an answer later"


def take_back(assignment: Assignment, name: str) -> str:
    """Withdraw what was said to a group, and return it in words.

    Raises
    ------
    CourseError
        If nothing that was said to it stands.
    """
    gone = withdraw(assignment, name)
    return "\n".join(f"{name}: withdrawn: “{each.text}”" for each in gone)
