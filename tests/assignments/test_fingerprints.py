"""A mark is old as soon as anything that it can follow from has changed."""

import shutil
from pathlib import Path

import pytest

import softmaxbook
from softmaxbook.assignments.marks import fingerprints
from softmaxbook.assignments.sandbox import box, shipped


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Return a copy of the package, which is then the one that grades."""
    folder = tmp_path / "softmaxbook"
    shutil.copytree(Path(softmaxbook.__file__).parent, folder)
    monkeypatch.setattr(shipped, "PACKAGE", folder)
    monkeypatch.setattr(fingerprints, "PACKAGE", folder)
    fingerprints._program_hash.cache_clear()
    yield folder
    fingerprints._program_hash.cache_clear()


def version():
    fingerprints._program_hash.cache_clear()
    return fingerprints.version_of_program(box.Limits(), unsafe=False)


@pytest.mark.parametrize(
    "part",
    [
        "numerics/probabilities.py",  # an answer may call it
        "transfer/heads.py",
        "checking/judging.py",
        "checking/running.py",
        "assignments/sandbox/worker.py",
        "assignments/marks/examining.py",
        "assignments/submissions/submission.py",
    ],
)
def test_a_change_makes_marks_old(copy, part):
    before = version()
    assert before == version()
    with (copy / part).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    assert version() != before


def test_what_cannot_matter_makes_no_mark_old(copy):
    before = version()
    for part in ("widgets/host.mjs", "assignments/reports/report.py", "claims/claim.py"):
        with (copy / part).open("a", encoding="utf-8") as file:
            file.write("\n")
    assert version() == before


def test_all_that_the_sandbox_holds_counts(copy):
    for name in shipped.shipped_files():
        file = copy / name.removeprefix("engine/").removeprefix("softmaxbook/")
        assert file.is_file(), name
    with box.Sandbox(unsafe=True) as sandbox:
        held = {
            path.relative_to(sandbox._folder).as_posix()
            for path in sandbox._folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
    assert held == set(shipped.shipped_files())
