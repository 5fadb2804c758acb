"""A command whose reader leaves ends quietly, and its work is done before it says so."""

import os
import subprocess
import sys

import pytest
from course import answered, assignment, hand_in

from softmaxbook.assignments.settings import save
from softmaxbook.output import CLOSED, quiet_when_closed


def with_nobody_reading(*words, both=False, **environment):
    """Run a command whose output, or all that it says, goes to a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return subprocess.run(
            [sys.executable, "-m", *words],
            stdout=writing,
            stderr=writing if both else subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )
    finally:
        os.close(writing)


@pytest.mark.parametrize(
    ("words", "both"),
    [
        (("softmaxbook", "assignment", "export-questions", "--help"), False),
        (("softmaxbook",), True),
        (("softmaxbook", "assignment", "grade", "nothing"), True),
        (("softmaxbook.experiments", "--help"), False),
    ],
)
def test_nothing_is_said_of_a_reader_who_left(words, both, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = with_nobody_reading(*words, both=both)
    assert "pipe" not in (done.stderr or "").lower()
    assert "Traceback" not in (done.stderr or "")
    assert done.returncode in (0, 2, CLOSED)  # what argparse cannot print it does not mind


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_what_a_step_writes_is_there_though_nobody_reads(unbuffered, tmp_path):
    week = assignment(tmp_path / "week", "softmax-by-hand")
    save(week)
    hand_in(week, answered(week, "ada"))
    words = ("export-questions", week.name, "--format", "gift", "--course", str(week.course))
    words = ("softmaxbook", "assignment", *words)
    done = with_nobody_reading(*words, PYTHONUNBUFFERED=unbuffered)
    assert (done.returncode, done.stderr) == (CLOSED, "")
    assert list((week.folder / "questions").iterdir())


def test_who_reads_on_gets_all_and_the_code():
    assert quiet_when_closed(lambda: 3)() == 3
