"""Hand-ins of Canvas, Moodle, nbgrader and plain folders arrive; hostile archives do not."""

import os
import stat
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import handins
import pytest
from handins import LETTER, choosing, notebook, written

from softmaxbook.assignments.collecting import archives
from softmaxbook.assignments.collecting.collect import Terms, collect
from softmaxbook.assignments.collecting.layouts import Layout
from softmaxbook.assignments.course import CourseError
from softmaxbook.assignments.submissions.problems import Kind
from softmaxbook.assignments.submissions.submission import read_submission

STUDENTS = """\
id,name,email,ID,Identifier
ada,Ada Lovelace,ada@example.org,12345,Participant 501
emmy,Amalie Emmy Nöther,emmy@example.org,22222,
bob,Bob Smith,bob@example.org,33333,
bob2,Bob Smith,bob2@example.org,44444,
"""
DUE = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)


@pytest.fixture
def week(tmp_path):
    (tmp_path / "students.csv").write_text(STUDENTS, encoding="utf-8")
    return handins.assignment(tmp_path)


@pytest.fixture
def crowd(tmp_path):
    """Return the same assignment in a course without `students.csv`."""
    return handins.assignment(tmp_path)


def archive(path, files, when=(2026, 11, 30, 12, 0, 0)):
    with zipfile.ZipFile(path, "w") as made:
        for name, data in files.items():
            made.writestr(zipfile.ZipInfo(name, when), data)
    return path


def solved(week):
    return written(notebook(week))


def stored(week, student):
    return read_submission(week.folder / "submitted" / student / "mended.json")


def letter(week, student):
    return stored(week, student).answers[LETTER].source[-2]


# ── Canvas ───────────────────────────────────────────────────────────────────────────────────


def test_canvas_names_are_read(week, tmp_path):
    files = {
        "lovelaceada_12345_67890_week1.ipynb": solved(week),
        "notheramalieemmy_LATE_99999_67891_week1-1.ipynb": solved(week),
    }
    found = collect(week, archive(tmp_path / "canvas.zip", files))
    assert found.layout is Layout.CANVAS
    assert [each.student for each in found.submissions] == ["ada", "emmy"]
    assert [each.late for each in found.submissions] == [False, True]
    assert "late: emmy" in str(found).splitlines()
    assert found.absent == ("bob", "bob2")
    assert not any(each.problems for each in found.submissions)
    assert stored(week, "emmy") == found.submissions[1]


def test_what_was_noted_is_told_with_who_and_what(week, tmp_path):
    files = {
        f"{sender}_{number}_{k}_week1.ipynb": solved(week)
        for sender, number in (("lovelaceada", 12345), ("notheramalieemmy", 22222))
        for k in (1, 2)
    }
    found = collect(week, archive(tmp_path / "canvas.zip", files))
    said = str(found).splitlines()
    assert said[0] == "2 submissions (Canvas): 2 with something to note, 0 late"
    assert said[1].startswith("noted: ada, emmy: 2 files were handed in; week1.ipynb counts")
    own = found.submissions[0]
    many = tuple(replace(own, student=f"s{k:02d}", log=(f"note {k}",)) for k in range(13))
    said = str(replace(found, submissions=many, absent=())).splitlines()
    assert said[10] == "noted: s09: note 9"
    assert said[11].startswith("and 3 further notes: each student's stand in the feedback")
    assert len(said) == 12
    alike = tuple(replace(each, log=("alike",)) for each in many)
    said = str(replace(found, submissions=alike, absent=())).splitlines()
    assert said[1] == f"noted: {', '.join(f's{k:02d}' for k in range(10))} and 3 more: alike"


def test_one_number_tells_two_students_of_one_name_apart(week, tmp_path):
    files = {
        "smithbob_44444_1_week1.ipynb": solved(week),
        "smithbob_77777_2_week1.ipynb": solved(week),
    }
    collect(week, archive(tmp_path / "canvas.zip", files))
    assert not stored(week, "bob2").problems
    assert "can be each of bob, bob2" in str(stored(week, "smithbob").problems[0])


def test_a_namesake_does_not_take_the_place_of_a_student(week, tmp_path):
    files = {
        "notheramalieemmy_22222_1_week1.ipynb": choosing(week, "b"),
        "notheramalieemmy_99999_2_week1.ipynb": choosing(week, "c"),
    }
    collect(week, archive(tmp_path / "canvas.zip", files))
    assert (letter(week, "emmy"), stored(week, "emmy").problems) == ("b", ())
    assert "whose is the number 99999?" in str(stored(week, "emmy-99999").problems[0])


def test_of_two_namesakes_without_a_number_neither_is_taken_for_the_student(tmp_path):
    (tmp_path / "students.csv").write_text("id,name\nbob,Bob Smith\n", encoding="utf-8")
    week = handins.assignment(tmp_path)
    folder = "Bob Smith_{}_assignsubmission_file_/week1.ipynb"
    files = {folder.format(1): choosing(week, "b"), folder.format(2): choosing(week, "c")}
    found = collect(week, archive(tmp_path / "moodle.zip", files))
    assert [each.student for each in found.submissions] == ["bob-1", "bob-2"]
    assert found.absent == ("bob",)
    assert all(each.needs_a_look for each in found.submissions)


def test_a_number_of_moodle_is_none_of_canvas(week, tmp_path):
    files = {"Bob Smith_12345_assignsubmission_file_/week1.ipynb": solved(week)}
    found = collect(week, archive(tmp_path / "moodle.zip", files))
    assert "ada" in found.absent  # 12345 is her number in Canvas


def test_without_students_two_of_one_name_stay_two(crowd, tmp_path):
    files = {
        "smithbob_1_1_week1.ipynb": solved(crowd),
        "smithbob_2_2_week1.ipynb": solved(crowd),
    }
    found = collect(crowd, archive(tmp_path / "canvas.zip", files))
    assert [each.student for each in found.submissions] == ["smithbob", "smithbob-2"]


def test_the_last_of_several_wins_and_the_log_says_so(week, tmp_path):
    files = {
        "lovelaceada_12345_3_week1-2.ipynb": choosing(week, "c"),
        "lovelaceada_12345_9_week1-1.ipynb": choosing(week, "b"),
        "lovelaceada_12345_1_week1.ipynb": solved(week),
        "lovelaceada_12345_99_photo.png": b"\x89PNG",
    }  # fmt: skip
    collect(week, archive(tmp_path / "canvas.zip", files))
    assert letter(week, "ada") == "c"
    log = stored(week, "ada").log
    assert any("4 files were handed in; week1-2.ipynb counts" in line for line in log)
    assert not stored(week, "ada").problems


def test_two_notebooks_at_once_need_a_look(week, tmp_path):
    files = {
        "lovelaceada_12345_1_part1.ipynb": choosing(week, "a"),
        "lovelaceada_12345_2_part2.ipynb": choosing(week, "b"),
    }
    collect(week, archive(tmp_path / "canvas.zip", files))
    problem = Kind.WHICH_FILE.of(taken="part2.ipynb", others="part1.ipynb")
    assert stored(week, "ada").problems == (problem,)


def test_text_typed_into_canvas_is_read_where_there_is_no_file(week, tmp_path):
    text = "<p>def log_sum_exp(logits):<br>&nbsp; &nbsp; return np.logaddexp.reduce(logits)</p>"
    files = {"lovelaceada_12345_text.html": text, "notheramalieemmy_22222_text.html": text,
             "notheramalieemmy_22222_7_week1.ipynb": solved(week)}  # fmt: skip
    collect(week, archive(tmp_path / "canvas.zip", files))
    assert stored(week, "ada").answers["write-log-sum-exp"].kind == "code"
    assert stored(week, "emmy").file == "week1.ipynb"


# ── Moodle ───────────────────────────────────────────────────────────────────────────────────


def test_moodle_folders_are_read(week, tmp_path):
    files = {
        "Amalie Emmy Nöther_7_assignsubmission_file_/x.ipynb": solved(week),
        "Ada King_501_assignsubmission_file_/week1.ipynb": solved(week),
        "Ada King_501_assignsubmission_onlinetext_/onlinetext.html": "<p>see file</p>",
    }
    found = collect(week, archive(tmp_path / "moodle.zip", files))
    assert found.layout is Layout.MOODLE
    assert [each.student for each in found.submissions] == ["ada", "emmy"]
    assert not any(each.problems for each in found.submissions)
    assert stored(week, "emmy").log == ("handed in as x.ipynb",)
    assert not stored(week, "emmy").late


def test_moodles_archive_has_the_time_of_its_download_and_makes_nobody_late(week, tmp_path):
    files = {"Ada Lovelace_12_assignsubmission_file_week1.ipynb": solved(week)}
    found = collect(week, archive(tmp_path / "moodle.zip", files, when=(2026, 12, 3, 0, 0, 0)))
    own = stored(week, "ada")
    assert (own.late, own.received) == (False, "")
    assert "give its grading worksheet with --times" in str(found)


WORKSHEET = """\
Identifier,"Full name","Email address",Status,Grade,"Last modified (submission)"
"Participant 501","Ada Lovelace",ada@example.org,"Submitted for grading",,{}
"Participant 7","Amalie Emmy Nöther",emmy@example.org,"Submitted for grading",,{}
"Participant 8","Bob Smith",bob@example.org,"No submission",,-
"""
LATE, EARLY = '"Wednesday, 2 December 2026, 12:05 AM"', '"Monday, 30 November 2026, 3:58 PM"'


def with_worksheet(week, tmp_path, ada, emmy):
    files = {
        "Ada Lovelace_501_assignsubmission_file_/week1.ipynb": solved(week),
        "Amalie Emmy Nöther_7_assignsubmission_file_/week1.ipynb": solved(week),
    }
    table = tmp_path / "worksheet.csv"
    table.write_text(WORKSHEET.format(ada, emmy), encoding="utf-8")
    source = archive(tmp_path / "moodle.zip", files, when=(2026, 12, 9, 0, 0, 0))
    return collect(week, source, Terms(times=table))


def test_moodles_worksheet_tells_who_was_late(week, tmp_path):
    found = with_worksheet(week, tmp_path, LATE, EARLY)
    assert {each.student: each.late for each in found.submissions} == {"ada": True, "emmy": False}
    assert stored(week, "ada").received == "2026-12-02T00:05:00+00:00"
    assert not any(each.problems for each in found.submissions)
    assert "the times in worksheet.csv name no zone, and are read in that of the due time, UTC" in (
        str(found).splitlines()
    )


def test_a_time_that_is_not_understood_is_a_look_and_not_a_verdict(week, tmp_path):
    found = with_worksheet(week, tmp_path, '"středa, 2. prosinec 2026, 00:05"', "-")
    assert [each.late for each in found.submissions] == [False, False]
    assert stored(week, "ada").problems == (
        Kind.TIME_UNREADABLE.of(time="středa, 2. prosinec 2026, 00:05"),
    )
    assert "no time in worksheet.csv, and not marked late: ada, emmy" in str(found)


@pytest.mark.parametrize(
    ("identifier", "submitted", "prefix", "late", "early"),
    [
        (
            *("ID", "Zuletzt geändert (Abgabe)", "Teilnehmer/in"),
            *("Mittwoch, 2. Dezember 2026, 00:05", "Samstag, 28. März 2026, 15:58"),
        ),
        (
            *("Identifiant", "Dernière modification (travail remis)", "Participant"),
            *("mercredi 2 décembre 2026, 00:05", "samedi 28 août 2026, 15:58"),
        ),
        (
            *("Identificador", "Última modificación (entrega)", "Participante"),
            *("miércoles, 2 de diciembre de 2026, 00:05", "sábado, 28 de enero de 2026, 15:58"),
        ),
    ],
)
def test_moodles_worksheet_in_other_languages(
    week, tmp_path, monkeypatch, identifier, submitted, prefix, late, early
):
    lines = WORKSHEET.splitlines()
    head = lines[0].replace("Identifier", identifier)
    head = head.replace("Last modified (submission)", submitted)
    table = "\n".join([head, *lines[1:]]).replace("Participant ", prefix) + "\n"
    monkeypatch.setitem(globals(), "WORKSHEET", table)
    found = with_worksheet(week, tmp_path, f'"{late}"', f'"{early}"')
    assert {each.student: each.late for each in found.submissions} == {"ada": True, "emmy": False}
    assert stored(week, "ada").received == "2026-12-02T00:05:00+00:00"
    assert not any(each.problems for each in found.submissions)


def test_moodles_online_text_alone_is_read(week, tmp_path):
    name = "Ada Lovelace_12_assignsubmission_onlinetext_/onlinetext.html"
    text = "<div>answer_where_exp_overflows = 31.2</div><div>I do not know the rest.</div>"
    collect(week, archive(tmp_path / "moodle.zip", {name: text}))
    assert stored(week, "ada").answers["where-exp-overflows"].kind == "value"
    assert stored(week, "ada").needs_a_look  # the other answers are gone


# ── nbgrader and folders ─────────────────────────────────────────────────────────────────────


def test_nbgraders_submitted_folder_with_its_times(week, tmp_path):
    for student, time in (
        ("ada", "2026-12-02 00:58:23.948203 CET"),
        ("emmy", "2026-12-02 00:01:00 UTC"),
    ):
        for name in ("week1", "week2"):
            folder = tmp_path / "nb" / "submitted" / student / name
            folder.mkdir(parents=True)
            (folder / "week1.ipynb").write_bytes(solved(week))
            (folder / "timestamp.txt").write_text(time)
    found = collect(week, tmp_path / "nb")
    assert found.layout is Layout.NBGRADER
    assert found.strays == ("2 files of other assignments",)
    assert [each.late for each in found.submissions] == [False, True]


@pytest.mark.parametrize(
    ("time", "late", "looked_at"),
    [
        ("2026-12-02 00:58:00.000000 CET", False, False),
        ("2026-12-02 01:01:00.000000 CET", True, False),
        ("2026-12-02 01:01:00 Europe/Berlin", True, False),
        ("2026-12-02 01:01:00 +0100", True, False),
        ("2026-12-02 01:01:00 XYZ", False, True),
        ("tomorrow", False, True),
    ],
)
def test_nbgraders_times_name_a_zone_in_one_way_or_another(week, tmp_path, time, late, looked_at):
    folder = tmp_path / "submitted" / "ada" / "week1"
    folder.mkdir(parents=True)
    (folder / "week1.ipynb").write_bytes(solved(week))
    (folder / "timestamp.txt").write_text(time)
    collect(week, tmp_path / "submitted")
    own = stored(week, "ada")
    assert (own.late, own.needs_a_look) == (late, looked_at)


def test_nbgraders_folder_without_a_time_says_so(week, tmp_path):
    folder = tmp_path / "submitted" / "ada" / "week1"
    folder.mkdir(parents=True)
    (folder / "week1.ipynb").write_bytes(solved(week))
    assert "no time came with it, and not marked late: ada" in str(
        collect(week, tmp_path / "submitted")
    )


def test_an_older_archive_does_not_take_the_place_of_a_younger_one(week, tmp_path):
    name = "lovelaceada_12345_{}_week1.ipynb"
    new = archive(
        tmp_path / "new.zip", {name.format(2): choosing(week, "b")}, (2026, 11, 20, 0, 0, 0)
    )
    old = archive(
        tmp_path / "old.zip", {name.format(1): choosing(week, "c")}, (2026, 11, 10, 0, 0, 0)
    )
    collect(week, new)
    found = collect(week, old)
    assert "older than what was collected before, which is kept (--force takes this): ada" in str(
        found
    )
    assert letter(week, "ada") == "b"
    assert "older" not in str(collect(week, new))
    collect(week, old, Terms(force=True))
    assert letter(week, "ada") == "c"


def test_nbgraders_inbound_folders_and_the_last_of_two(week, tmp_path):
    inbound = tmp_path / "inbound"
    for time, source in (("2026-11-30 10:00:00", "b"), ("2026-11-30 11:00:00", "c")):
        folder = inbound / f"ada+week1+{time} UTC+r4nd0m"
        folder.mkdir(parents=True)
        (folder / "week1.ipynb").write_bytes(choosing(week, source))
        (folder / "timestamp.txt").write_text(f"{time} UTC")
    found = collect(week, inbound)
    assert found.layout is Layout.NBGRADER
    assert letter(week, "ada") == "c"


def test_a_folder_of_files_and_a_folder_of_folders(week, tmp_path):
    folder = tmp_path / "in"
    (folder / "emmy").mkdir(parents=True)
    (folder / "ADA.ipynb").write_bytes(solved(week))
    (folder / "emmy" / "anything.ipynb").write_bytes(solved(week))
    (folder / "emmy" / ".ipynb_checkpoints").mkdir()
    (folder / "emmy" / ".ipynb_checkpoints" / "anything-checkpoint.ipynb").write_bytes(b"old")
    (folder / "week1_bob2.ipynb").write_bytes(solved(week))
    (folder / "stranger.ipynb").write_bytes(solved(week))
    found = collect(week, folder)
    assert [each.student for each in found.submissions] == ["ada", "bob2", "emmy", "stranger"]
    assert stored(week, "stranger").problems == (Kind.UNKNOWN_SENDER.of(called="stranger"),)
    assert "needs a look: stranger" in str(found)


def test_a_folder_that_was_zipped_as_a_whole_is_looked_into(week, tmp_path):
    files = {
        "hand-ins/ada.ipynb": solved(week),
        "hand-ins/emmy/anything.ipynb": solved(week),
        "__MACOSX/hand-ins/._ada.ipynb": b"",
    }
    found = collect(week, archive(tmp_path / "class.zip", files))
    assert [each.student for each in found.submissions] == ["ada", "emmy"]
    assert not any(each.problems for each in found.submissions)
    only = archive(tmp_path / "one.zip", {"Bob2/a/1.ipynb": solved(week)})
    assert [each.student for each in collect(week, only).submissions] == ["bob2"]
    nobody = archive(tmp_path / "nobody.zip", {"stranger/week1.ipynb": solved(week)})
    with pytest.raises(CourseError, match="nobody of students"):
        collect(week, nobody)


CLUTTER = (
    ".DS_Store",
    "._week1.ipynb",
    "Icon\r",
    "Thumbs.db",
    "THUMBS.DB",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "desktop.ini",
    "week1.ipynb:Zone.Identifier",
    "~$notes.docx",
    ".~lock.notes.odt#",
    ".directory",
)
CLUTTERED = ("__MACOSX", "$RECYCLE.BIN", "System Volume Information", "lost+found", "@eaDir")


@pytest.mark.parametrize("name", [*CLUTTER, *(f"{each}/x.jpg" for each in CLUTTERED)])
def test_what_a_system_puts_there_is_nobody_s_hand_in(week, tmp_path, name):
    """Neither loose, nor with a student's files, nor in an archive of theirs."""
    inner = archive(tmp_path / "inner.zip", {"a.ipynb": solved(week), name: b"x"}).read_bytes()
    folder = {"ada.ipynb": solved(week), "emmy/b.ipynb": solved(week), "bob2.zip": inner}
    folder |= {name: b"x", f"emmy/{name}": b"x"}
    found = collect(week, archive(tmp_path / "class.zip", folder))
    assert [each.student for each in found.submissions] == ["ada", "bob2", "emmy"]
    assert not any(each.problems for each in found.submissions), str(found)
    assert not found.strays


@pytest.mark.parametrize("name", CLUTTER)
def test_what_a_system_put_beside_an_answer_is_no_answer_on_a_platform(week, tmp_path, name):
    canvas = {"lovelaceada_12345_1_week1.ipynb": solved(week), f"lovelaceada_12345_2_{name}": b"x"}
    found = collect(week, archive(tmp_path / "canvas.zip", canvas))
    assert [each.student for each in found.submissions] == ["ada"]
    assert not stored(week, "ada").problems


def test_the_file_is_kept_as_it_came_and_replaced_by_the_next(week, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "ada.py").write_bytes(b"x = 1\r\n")
    collect(week, folder)
    own = week.folder / "submitted" / "ada"
    assert (own / "submission.py").read_bytes() == b"x = 1\r\n"
    (folder / "ada.py").unlink()
    (folder / "ada.ipynb").write_bytes(solved(week))
    collect(week, folder)
    assert sorted(path.name for path in own.iterdir()) == ["mended.json", "submission.ipynb"]
    assert (own / "submission.ipynb").read_bytes() == solved(week)


def test_a_copy_that_the_instructor_mended_is_no_later_than_the_hand_in(week, tmp_path):
    due = "2020-12-01T23:59:00+00:00"
    week = handins.assignment(tmp_path, due=datetime.fromisoformat(due))
    files = {"lovelaceada_12345_1_week1.ipynb": b'{"cells": ['}
    collect(week, archive(tmp_path / "canvas.zip", files))
    assert stored(week, "ada").needs_a_look
    (tmp_path / "mended" / "ada").mkdir(parents=True)
    (tmp_path / "mended" / "ada" / "submission.ipynb").write_bytes(solved(week))
    found = collect(week, tmp_path / "mended")
    assert "With --file-times, these would be late: ada" in str(found)
    assert not stored(week, "ada").late
    assert collect(week, tmp_path / "mended", Terms(file_times=True)).submissions[0].late
    collect(week, archive(tmp_path / "canvas.zip", files))
    found = collect(week, tmp_path / "mended", Terms(mended=True))
    assert "ada" not in found.absent
    assert "nobody is marked late" not in str(found)
    own = stored(week, "ada")
    assert (own.late, own.received, own.problems) == (False, "", ())
    assert own.log == ("mended by an instructor; handed in as week1.ipynb",)
    folder = week.folder / "submitted" / "ada"
    assert (folder / "submission.ipynb").read_bytes() == b'{"cells": ['  # as it came
    assert (folder / "copy.ipynb").read_bytes() == solved(week)
    collect(week, archive(tmp_path / "canvas.zip", files))
    assert not (folder / "copy.ipynb").exists()
    (tmp_path / "mended" / "ada").rename(tmp_path / "mended" / "emmy")
    with pytest.raises(CourseError, match="nothing of emmy was collected before"):
        collect(week, tmp_path / "mended", Terms(mended=True))


def test_an_unreadable_file_costs_only_itself(week, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "ada.ipynb").write_bytes(b"%PDF-1.7")
    (folder / "emmy.ipynb").write_bytes(solved(week))
    found = collect(week, folder)
    assert "is a PDF file" in str(stored(week, "ada").problems[0])
    assert not stored(week, "emmy").needs_a_look
    assert "needs a look: ada" in str(found)


def test_a_zip_inside_is_looked_into(week, tmp_path):
    inner = archive(tmp_path / "inner.zip", {"a/week1.ipynb": solved(week), "a/data.csv": b""})
    evil = archive(tmp_path / "evil.zip", {"../week1.ipynb": solved(week)})
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "ada.zip").write_bytes(inner.read_bytes())
    (folder / "emmy.zip").write_bytes(evil.read_bytes())
    (folder / "bob.zip").write_bytes(b"PK\x03\x04 no archive")
    collect(week, folder)
    assert stored(week, "ada").log == ("week1.ipynb is taken out of ada.zip",)
    assert not stored(week, "ada").problems
    assert "leads out of the archive" in str(stored(week, "emmy").problems[0])
    assert "no zip archive" in str(stored(week, "bob").problems[0])


def test_files_of_nobody_are_named(week, tmp_path):
    files = {"lovelaceada_12345_1_week1.ipynb": solved(week), "readme.txt": b"hello",
             "notheramalieemmy_22222_7_week1.ipynb": solved(week)}  # fmt: skip
    found = collect(week, archive(tmp_path / "canvas.zip", files))
    assert found.strays == ("readme.txt",)
    assert "belongs to nobody: readme.txt" in str(found)


# ── what is refused ──────────────────────────────────────────────────────────────────────────


def linked(path):
    with zipfile.ZipFile(path, "w") as made:
        info = zipfile.ZipInfo("ada.ipynb")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(info, "/etc/passwd")
    return path


def encrypted(path):
    data = bytearray(archive(path, {"ada.ipynb": b"{}"}).read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    return path


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: archive(path, {"../ada.ipynb": b"{}"}), "leads out of the archive"),
        (lambda path: archive(path, {"a/../../ada.ipynb": b"{}"}), "leads out of the archive"),
        (lambda path: archive(path, {"a\\..\\..\\ada.ipynb": b"{}"}), "leads out of the archive"),
        (lambda path: archive(path, {"/etc/ada.ipynb": b"{}"}), "absolute path"),
        (lambda path: archive(path, {"C:\\ada.ipynb": b"{}"}), "absolute path"),
        (linked, "symbolic link"),
        (encrypted, "encrypted"),
        (lambda path: path.write_bytes(b"PK no zip") and path, "no zip archive"),
        (lambda path: path.write_bytes(b"") or path, "no zip archive"),
    ],
)
def test_hostile_archives_are_refused_and_leave_nothing(week, tmp_path, make, words):
    source = make(tmp_path / "evil.zip")
    with pytest.raises(CourseError, match=words):
        collect(week, source)
    assert not (week.folder / "submitted").exists()


def test_bombs_are_refused(week, tmp_path, monkeypatch):
    source = archive(tmp_path / "bomb.zip", {f"{n}.ipynb": b"0" * 1000 for n in range(30)})
    monkeypatch.setattr(archives, "MOST_BYTES", 20_000)
    with pytest.raises(CourseError, match="a bomb"):
        collect(week, source)
    monkeypatch.undo()
    monkeypatch.setattr(archives, "MOST_FILES", 20)
    with pytest.raises(CourseError, match="30 files"):
        collect(week, source)


def test_a_size_that_lies_is_not_unpacked(week, tmp_path, monkeypatch):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("ada.ipynb", b"0" * 3_000_000)
    data = path.read_bytes().replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(data)
    collect(week, path)
    assert "damaged in the archive" in str(stored(week, "ada").problems[0])


def test_one_huge_file_costs_only_itself(week, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES_OF_ONE", 1_000_000)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "ada.ipynb").write_bytes(b" " * 2_000_000)
    (folder / "emmy.ipynb").write_bytes(solved(week))
    collect(week, folder)
    assert "larger than 1 MB, and not kept" in str(stored(week, "ada").problems[0])
    assert [path.name for path in (week.folder / "submitted" / "ada").iterdir()] == ["mended.json"]
    assert not stored(week, "emmy").needs_a_look


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_and_pipes_in_a_folder_are_not_followed(week, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.ipynb").write_bytes(solved(week))
    (folder / "ada.ipynb").symlink_to(tmp_path / "secret.ipynb")
    os.mkfifo(folder / "bob.ipynb")
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "emmy.ipynb").write_bytes(solved(week))
    (folder / "linked").symlink_to(tmp_path / "others", target_is_directory=True)
    found = collect(week, folder)
    assert "symbolic link" in str(stored(week, "ada").problems[0])
    assert "is no file" in str(stored(week, "bob").problems[0])
    assert "emmy" in found.absent


def test_who_handed_in_before_is_not_absent(week, tmp_path):
    first = {"lovelaceada_12345_1_week1.ipynb": solved(week)}
    collect(week, archive(tmp_path / "first.zip", first))
    second = {"notheramalieemmy_22222_1_week1.ipynb": solved(week)}
    found = collect(week, archive(tmp_path / "second.zip", second))
    assert found.absent == ("bob", "bob2")


def test_nothing_to_collect_is_said(week, tmp_path):
    (tmp_path / "in").mkdir()
    with pytest.raises(CourseError, match="holds no submissions"):
        collect(week, tmp_path / "in")
    with pytest.raises(CourseError, match="there is no folder or zip archive"):
        collect(week, tmp_path / "out")
