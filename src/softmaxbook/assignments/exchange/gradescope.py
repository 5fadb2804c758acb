"""Marks on Gradescope: an autograder that hands out what was graded here.

Gradescope shows what an autograder of its own writes. This one runs no student's code and knows no
exercise: it holds the results of the students who are graded, and gives each hand-in its own, if
it is the very file that was graded. So the sandbox's promises hold, and probes stay at home.

Upload ``gradescope.zip`` as the autograder of a programming assignment, and choose “Regrade all
submissions”. It is made again after each grading.

Notes
-----
The archive (``setup.sh``, ``run_autograder``), the folders that ``run_autograder`` finds in its
working folder, and the format of ``results.json`` are those of
https://gradescope-autograders.readthedocs.io/en/latest/specs/, and ``submission_metadata.json``
that of https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/. Otter-Grader
writes the same ``results.json``. It needs a score or tests with scores, and a score of 0 would be
shown and exported as a mark; so for a hand-in that is not graded there is no such file, and the
autograder ends with an error. Gradescope's harness (a public copy of version 0.15.1 was read) then
sends results that are null, and a 0 only where there is a file that is no JSON. What Gradescope
makes of it was not tried.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..assignment import Assignment
from ..course import write_whole
from ..marks.gradebook import Passed, Standing
from ..marks.records import ExerciseMark, Marks
from ..submissions.submission import submission_path
from ..wording import counted

SETUP = """\
#!/usr/bin/env bash
set -e
command -v python3 > /dev/null || (apt-get update && apt-get install -y python3)
"""

RUN = '''\
#!/usr/bin/env python3
"""Give a hand-in the results that were computed for it elsewhere. Runs nothing of it."""

import hashlib
import json
import sys
from pathlib import Path

here = Path.cwd()  # /autograder
people = json.loads((here / "submission_metadata.json").read_text(encoding="utf-8"))["users"]
files = [path for path in (here / "submission").rglob("*") if path.is_file()]
handed = {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
found = None
for person in people:
    key = hashlib.sha256(person["email"].strip().lower().encode()).hexdigest()
    path = here / "source" / "results" / f"{key}.json"
    if path.is_file():
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["file"] in handed:
            found = stored["results"]
if found is None:
    sys.exit("This hand-in is not graded yet: without results it has no score, and not a 0.")
(here / "results").mkdir(exist_ok=True)
(here / "results" / "results.json").write_text(json.dumps(found), encoding="utf-8")
'''


def to_gradescope(assignment: Assignment, everyone: Sequence[Standing]) -> Passed:
    """Write ``export/gradescope.zip``."""
    files: dict[str, str] = {"setup.sh": SETUP, "run_autograder": RUN}
    without = {}
    for each in everyone:
        if each.points is None or each.marks is None:
            continue
        email = each.student.email.strip().lower()
        folder = submission_path(assignment.folder, each.student.id).parent
        handed = next(folder.glob("submission*"), None)
        name = f"results/{hashlib.sha256(email.encode()).hexdigest()}.json"
        why = _what_hinders(email, handed, taken=name in files)
        if handed is None or why:
            without[each.student.id] = f"{each.student.id}: {why}: Gradescope shows no results"
            continue
        stored = {
            "file": hashlib.sha256(handed.read_bytes()).hexdigest(),
            "results": results(each.marks),
        }
        files[name] = json.dumps(stored)
    path = assignment.folder / "export" / "gradescope.zip"
    write_whole(path, _archive(files))
    return Passed(path, without=without)


def _what_hinders(email: str, handed: Path | None, taken: bool) -> str:
    if not email:
        return "no email in students.csv"
    if taken:
        return "somebody else has this email in students.csv"
    return "" if handed is not None else "the file as it was received is gone"


def results(marks: Marks) -> dict[str, Any]:
    """Return marks as the ``results.json`` of Gradescope."""
    tests = [
        _test(f"{each.title}: {aspect.name}", aspect.points, aspect.of, _said(each))
        for each in marks.exercises
        if each.decided is None
        for aspect in each.aspects
    ]
    tests += [
        _test(f"{each.title}: decided by hand", each.decided, each.of, _said(each))
        for each in marks.exercises
        if each.decided is not None
    ]
    for mark in marks.manual:
        tests.append(_test(mark.title, mark.points or 0.0, mark.of, mark.comment))
    late = "Handed in late. " if marks.late else ""
    said = f"{late}{counted(marks.points or 0.0, 'point')}."
    return {"score": marks.points, "output": said, "output_format": "text", "tests": tests}


def _test(name: str, earned: float, of: float, said: str) -> dict[str, Any]:
    return {
        "name": name,
        "score": earned,
        "max_score": of,
        "output": said,
        "output_format": "text",  # nothing that a student wrote is taken for markup
        "visibility": "after_published",
    }


def _said(mark: ExerciseMark) -> str:
    parts = (mark.found, mark.message, mark.hint, mark.counter_example, mark.comment)
    return "\n\n".join(part for part in parts if part)


def _archive(files: dict[str, str]) -> bytes:
    """Return a zip archive whose scripts may be executed, the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o644 if name.endswith(".json") else 0o755) << 16
            archive.writestr(entry, content.encode("utf-8", "backslashreplace"))
    return buffer.getvalue()
