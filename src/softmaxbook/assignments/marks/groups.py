"""Answers that fail alike, where no registered mistake tells it: grouped, and commented at once.

Two answers belong together if they did the same on all inputs (the same values, the same
exceptions), if a question was answered with the same number, or if they are the same program once
the names are made the same. A comment is kept with all of this, in ``comments.json`` of an
assignment; so whoever hands in such an answer later gets it, and to withdraw it takes one step.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from softmaxbook.checking import Status

from ..assignment import Assignment
from ..course import CourseError, now
from ..submissions.pieces import parsed
from ..submissions.submission import Submission, submission_of
from .history import keep, kept
from .records import ExerciseMark, Marks

UNKNOWN = (Status.WRONG, Status.BROKEN, Status.UNREADABLE, Status.ENDLESS)


@dataclass(frozen=True)
class Comment:
    """Words for all whose answers have one of the keys; `withdrawn` is empty while they stand."""

    name: str  # of the group
    question: str
    keys: tuple[str, ...]
    text: str
    when: str  # ISO 8601, as all times here
    withdrawn: str = ""

    @property
    def stands(self) -> bool:
        """Return whether students are shown it."""
        return not self.withdrawn


@dataclass(frozen=True)
class Group:
    """Students whose answers to one question fail alike; the first one's is the example."""

    name: str
    question: str
    students: tuple[str, ...]
    keys: tuple[str, ...]
    example: ExerciseMark


def groups(assignment: Assignment, records: Iterable[Marks]) -> tuple[Group, ...]:
    """Return the groups of answers that no mistake explains: those of most students first."""
    known = comments(assignment)
    found: list[Group] = []
    of_question: dict[str, list[tuple[str, ExerciseMark]]] = {}
    for marks in records:
        for mark in marks.exercises if marks.graded else ():
            if mark.status in UNKNOWN and not mark.mistakes:
                of_question.setdefault(mark.id, []).append((marks.student, mark))
    for question, answers in of_question.items():
        keys = {student: keys_of(assignment, student, mark) for student, mark in answers}
        named = [each for each in known if each.question == question]
        for members, shared in _joined(keys, [each.keys for each in named]):
            example = next(mark for student, mark in answers if student == members[0])
            commented = [each.name for each in named if set(each.keys) & shared]
            name = commented[0] if commented else f"g{min(shared)[1:7]}"
            found.append(Group(name, question, members, tuple(sorted(shared)), example))
    order = [each.id for each in assignment.exercises]
    found.sort(key=lambda each: (-len(each.students), order.index(each.question), each.name))
    return tuple(found)


def _joined(
    keys: Mapping[str, set[str]], more: Iterable[Sequence[str]]
) -> list[tuple[tuple[str, ...], set[str]]]:
    """Return sets of students that share keys, through others or through a comment, too."""
    parts = [(set[str](), set(each)) for each in more]
    parts += [({student}, own or {f"-{student}"}) for student, own in keys.items()]
    joined: list[tuple[set[str], set[str]]] = []
    for students, own in parts:
        touching = [each for each in joined if each[1] & own]
        joined = [each for each in joined if not each[1] & own]
        joined.append(
            (
                students.union(*(each[0] for each in touching)),
                own.union(*(each[1] for each in touching)),
            )
        )
    order = list(keys)
    return [
        (tuple(sorted(students, key=order.index)), shared)
        for students, shared in joined
        if students
    ]


def keys_of(assignment: Assignment, student: str, mark: ExerciseMark) -> set[str]:
    """Return the words by which an answer is like others: none where it is explained or right."""
    if mark.status not in UNKNOWN or mark.mistakes:
        return set()
    found = {mark.behaviour} - {""}
    try:
        submission = submission_of(assignment.folder, student)
    except CourseError:
        return found
    if mark.id in submission.answers and assignment.chosen(mark.id).exercise.form == "function":
        program = normalised(submission, mark.id)
        if program:
            said = f"{mark.id} {program}".encode("utf-8", "backslashreplace")
            found.add("p" + hashlib.sha256(said).hexdigest()[:16])
    return found


# ── comments ─────────────────────────────────────────────────────────────────────────────────


def comments_path(assignment: Assignment) -> Path:
    """Return where the comments are."""
    return assignment.folder / "comments.json"


def comments(assignment: Assignment) -> tuple[Comment, ...]:
    """Return all comments on groups, also those that were withdrawn.

    Raises
    ------
    CourseError
        If the file is none that this module wrote.
    """
    return kept(
        comments_path(assignment),
        lambda stored: tuple(Comment(**{**each, "keys": tuple(each["keys"])}) for each in stored),
        (),
    )


def comment(assignment: Assignment, group: Group, text: str) -> Comment:
    """Comment on all of a group, also on those who come to it later.

    Raises
    ------
    CourseError
        If there is no text, or one answer of the group is like no other could ever be.
    """
    if not text.strip():
        raise CourseError("write the comment: --comment GROUP --text, in words for the students")
    keys = tuple(each for each in group.keys if not each.startswith("-"))
    if not keys:
        raise CourseError(
            f"group {group.name} is one answer of which nothing is known by which another could be "
            "like it: write to this student"
        )
    made = Comment(group.name, group.question, keys, text.strip(), now())
    _write(assignment, (*comments(assignment), made))
    return made


def withdraw(assignment: Assignment, name: str) -> tuple[Comment, ...]:
    """Withdraw all comments on a group that stand, and return them.

    Raises
    ------
    CourseError
        If there is none.
    """
    known = comments(assignment)
    gone = tuple(each for each in known if each.name == name and each.stands)
    if not gone:
        there = ", ".join(dict.fromkeys(each.name for each in known if each.stands)) or "none"
        raise CourseError(f"no comment on a group {name!r} stands; there are {there}")
    when = now()
    _write(assignment, tuple(replace(e, withdrawn=when) if e in gone else e for e in known))
    return gone


def _write(assignment: Assignment, all: Iterable[Comment]) -> None:
    keep(comments_path(assignment), [asdict(each) for each in all])


# ── programs ─────────────────────────────────────────────────────────────────────────────────


def normalised(submission: Submission, id: str) -> str:
    """Return an answer's program with names of its own made the same; nothing where that fails.

    An answer that uses what stands elsewhere in the notebook goes by what it does, not by this.

    Examples
    --------
    >>> from softmaxbook.assignments.submissions.submission import Answer
    >>> one = Submission("ada", {"f": Answer("code", "def f(x): return x / 2")})
    >>> two = Submission("bob", {"f": Answer("code", "def f(a): return a / 2  # half")})
    >>> normalised(one, "f") == normalised(two, "f") != ""
    True
    """
    source = submission.answers[id].source
    tree = parsed(source)
    if tree is None:
        return " ".join(source.split())
    try:
        own = _bound(tree)
        elsewhere = {name for piece in submission.program(id) for name in _bound_in(piece)} - own
        used = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)} - own
        if used & elsewhere - _IMPORTED - set(vars(builtins)):
            return ""
        return ast.dump(_Renaming(own).visit(tree))
    except RecursionError:
        return ""


_IMPORTED = {"np", "numpy"}


def _bound_in(piece: str) -> set[str]:
    tree = parsed(piece)
    return _bound(tree) if tree is not None else set()


def _bound(tree: ast.AST) -> set[str]:
    """Return all names that a program gives to something, at any depth."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
    return found


class _Renaming(ast.NodeTransformer):
    """Number the names of a program as they come; leave out docstrings and annotations."""

    def __init__(self, own: set[str]) -> None:
        self._own = own
        self._names: dict[str, str] = {}

    def _renamed(self, name: str) -> str:
        if name not in self._own:
            return name
        return self._names.setdefault(name, f"v{len(self._names)}")

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Rename a name."""
        return ast.Name(self._renamed(node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """Rename a parameter."""
        return ast.arg(self._renamed(node.arg))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Rename a function, and leave out what only a reader sees."""
        node.name = self._renamed(node.name)
        node.returns = None
        node.body = [each for each in node.body if not _is_words(each)] or [ast.Pass()]
        self.generic_visit(node)
        return node


def _is_words(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
