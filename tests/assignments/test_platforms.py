"""What platforms export is recognised, or refused as a whole: nobody becomes another, or two one.

The names are those that `softmaxbook.assignments.collecting.platforms` says were read.
"""

import zipfile
from datetime import UTC, datetime
from pathlib import PurePosixPath

import handins
import pytest
from handins import LETTER, choosing, notebook, written
from hypothesis import given
from hypothesis import strategies as st

from softmaxbook.assignments.collecting.archives import Entry
from softmaxbook.assignments.collecting.collect import collect
from softmaxbook.assignments.collecting.layouts import Layout, delivery
from softmaxbook.assignments.course import CourseError, Student, is_folder_name
from softmaxbook.assignments.submissions.problems import Kind
from softmaxbook.assignments.submissions.submission import read_submission

STUDENTS = """\
id,name,email,ID,Identifier,anonymous_id,github,group
ada,Ada Moreau,ada@x.edu,101,Participant 11,aB3xY,ada-codes,Team A
bob,Bob Weiss,bob@x.edu,102,Participant 12,Qz9Kp,bobby,Team A
und,Score Und Der,und@x.edu,103,Participant 13,,,
eve,Eve Jr. O'Neill,eve@x.edu,104,Participant 14,,,
"""
NOW = (2026, 12, 9, 0, 0, 0)  # of the download, after the due time


@pytest.fixture
def week(tmp_path):
    (tmp_path / "students.csv").write_text(STUDENTS, encoding="utf-8")
    return handins.assignment(tmp_path)


def taken(week, tmp_path, *names, **files):
    """Collect an archive with a notebook under each name; the first chooses “a”, the next “b”."""
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name, letter in zip(names, "abcdefgh", strict=False):
            made.writestr(zipfile.ZipInfo(name, NOW), choosing(week, letter))
        for name, data in files.items():
            made.writestr(zipfile.ZipInfo(name, NOW), data)
    return collect(week, path)


def letters(found):
    """Return which notebook each got."""
    return {each.student: each.answers[LETTER].source[-2] for each in found.submissions}


def doubtful(found):
    return {each.student for each in found.submissions if each.problems}


# Canvas


def test_canvas_leaves_underscores_in_names(week, tmp_path):
    names = ("score_und_der_103_5003_week1.ipynb", "moreauada_LATE_101_5001_my_2_3_file.ipynb")
    found = taken(week, tmp_path, *names)
    assert found.layout is Layout.CANVAS
    assert letters(found) == {"und": "a", "ada": "b"}
    assert {each.student: each.late for each in found.submissions} == {"und": False, "ada": True}
    assert {each.file for each in found.submissions} == {"week1.ipynb", "my_2_3_file.ipynb"}
    assert not doubtful(found)


def test_canvas_group_is_each_of_its_members(week, tmp_path):
    found = taken(week, tmp_path, "teama_101_5001_week1.ipynb", "ondereveil_104_5002_week1.ipynb")
    assert letters(found) == {"ada": "a", "bob": "a", "eve": "b"}
    assert "handed in by the group teama" in found.submissions[0].log


def test_canvas_unknown_group_is_not_its_representative_in_silence(week, tmp_path):
    found = taken(week, tmp_path, "group_1_101_5001_week1.ipynb", "projects_102_5002_week1.ipynb")
    assert letters(found) == {"ada": "a", "bob": "b"}
    kinds = {problem.kind for each in found.submissions for problem in each.problems}
    assert kinds == {Kind.NAME_AND_NUMBER}


def test_canvas_anonymous_download(week, tmp_path):
    names = ("anon_aB3xY_5001_week1.ipynb", "LATE_anon_Qz9Kp_5002_week1.ipynb")
    found = taken(week, tmp_path, *names)
    assert letters(found) == {"ada": "a", "bob": "b"}
    assert [each.late for each in found.submissions] == [False, True]
    with pytest.raises(CourseError, match="anonymous download of Canvas"):
        taken(week, tmp_path, *names, "anon_zzzzz_5003_week1.ipynb")


def test_canvas_anonymous_download_in_a_course_that_names_nobody(tmp_path):
    week = handins.assignment(tmp_path)
    names = ("anon_aB3xY_5001_week1.ipynb", "LATE_anon_Qz9Kp_5002_week1.ipynb")
    assert letters(taken(week, tmp_path, *names)) == {"anon_aB3xY": "a", "anon_Qz9Kp": "b"}


# Moodle


def test_moodle_groups_and_the_default_group(week, tmp_path):
    found = taken(
        week,
        tmp_path,
        "Team A_11_assignsubmission_file/week1.ipynb",  # 11 is the group's number, and Ada's
        "Default group_assignsubmission_file/week1.ipynb",
    )
    assert found.layout is Layout.MOODLE
    assert letters(found) == {"ada": "a", "bob": "a", "und": "b", "eve": "b"}
    assert not doubtful(found)


def test_moodle_unknown_group_with_the_number_of_a_student_is_a_look(week, tmp_path):
    found = taken(week, tmp_path, "Red Pandas_11_assignsubmission_file/week1.ipynb")
    assert doubtful(found) == {"ada"}


def test_moodle_default_group_without_a_column_is_told(tmp_path):
    (tmp_path / "students.csv").write_text("id,name\nada,Ada Moreau\n", encoding="utf-8")
    week = handins.assignment(tmp_path)
    names = (
        "Default group_assignsubmission_file/a.ipynb",
        "Ada Moreau_1_assignsubmission_file/b.ipynb",
    )
    found = taken(week, tmp_path, *names)
    assert letters(found) == {"ada": "b", "default-group": "a"}
    assert doubtful(found) == {"default-group"}


# Blackboard

RECEIPT = b"""\
Name: Ada Moreau (ada)
Assignment: Week 1
Date Submitted: Friday, 20 November 2026 15:58:23 o'clock CET
Current Mark: Needs Marking

Submission Field:
There is no student submission text data for this assignment.

Comments:
There are no student comments for this assignment.

Files:
\tOriginal filename: week1.ipynb
\tFilename: Week 1_ada_attempt_2026-11-20-15-58-23_week1.ipynb
"""


def test_blackboard_s_receipt_is_no_hand_in_and_the_last_attempt_counts(week, tmp_path):
    attempt = "Week 1_ada_attempt_2026-11-{}-15-58-23"
    found = taken(
        week,
        tmp_path,
        f"{attempt.format(21)}_week1.ipynb",
        f"{attempt.format(20)}_week1.ipynb",
        "Week_1_bob_attempt_2026-12-05-10-00-00_a_b.ipynb",
        **{f"{attempt.format(21)}.txt": RECEIPT, f"{attempt.format(20)}.txt": RECEIPT},
    )
    assert found.layout is Layout.BLACKBOARD
    assert letters(found) == {"ada": "a", "bob": "c"}
    assert [each.late for each in found.submissions] == [False, True]
    assert not doubtful(found)
    assert "Blackboard's times name no zone, and are read in that of the due time, UTC" in str(
        found
    )


def test_a_receipt_alone_is_a_look(week, tmp_path):
    name = "Week 1_ada_attempt_2026-11-21-15-58-23.txt"
    found = taken(
        week, tmp_path, "Week 1_bob_attempt_2026-11-20-15-58-23_w.ipynb", **{name: RECEIPT}
    )
    assert doubtful(found) == {"ada"}


# Brightspace


def test_brightspace_folders_and_their_index(week, tmp_path):
    found = taken(
        week,
        tmp_path,
        "Week 1/39786-640693 - Ada Moreau - Nov 20, 2026 358 PM/week1.ipynb",
        "Week 1/39787-640693 - Bob Weiss - Dec 5, 2026 1022 AM/week1.ipynb",
        **{"Week 1/index.html": b"<html>Index</html>"},
    )
    assert found.layout is Layout.BRIGHTSPACE
    assert letters(found) == {"ada": "a", "bob": "b"}
    assert [each.late for each in found.submissions] == [False, True]
    assert found.strays == ()
    assert not doubtful(found)


def test_brightspace_flat_files(week, tmp_path):
    name = "39786-640693 - Ada Moreau - Nov {}, 2026 358 PM - week1.ipynb"
    found = taken(week, tmp_path, name.format(21), name.format(20))
    assert letters(found) == {"ada": "a"}
    assert found.submissions[0].file == "week1.ipynb"


# Gradescope

METADATA = """\
---
submission_1001:
  :submitters:
  - :name: Ada M.
    :sid: ada
    :email: ada@x.edu
  :created_at: 2026-11-20 15:58:23.000000000 Z
  :score: 3.0
  :results:
    tests:
    - name: ":submitters:"
      output: |-
        :sid: eve
  :history: []
submission_1002:
  :submitters:
  - :name: Bob Weiss
    :sid: '102'
    :email: BOB@x.edu
  - :name: Score Und Der
    :sid: ''
    :email: und@x.edu
  :created_at: 2026-12-02 00:00:01.000000000 +00:00
"""


def test_gradescope_goes_by_its_metadata(week, tmp_path):
    root = "assignment_99_export"
    found = taken(
        week,
        tmp_path,
        f"{root}/submission_1001/week1.ipynb",
        f"{root}/submission_1002/week1.ipynb",
        **{f"{root}/submission_metadata.yml": METADATA.encode()},
    )
    assert found.layout is Layout.GRADESCOPE
    assert letters(found) == {"ada": "a", "bob": "b", "und": "b"}
    assert {each.student: each.late for each in found.submissions} == {
        "ada": False,
        "bob": True,
        "und": True,
    }
    assert (found.strays, doubtful(found)) == ((), set())


def test_gradescope_without_its_metadata_is_refused(week, tmp_path):
    root = "assignment_99_export"
    names = (f"{root}/submission_1001/week1.ipynb", f"{root}/submission_1002/week1.ipynb")
    with pytest.raises(CourseError, match="submission_metadata"):
        taken(week, tmp_path, *names)
    assert not (week.folder / "submitted").exists()


# Sakai, ILIAS, GitHub Classroom, Google Classroom


def test_sakai_folders(week, tmp_path):
    found = taken(
        week,
        tmp_path,
        "Week 1/Moreau, Ada(ada)/Submission attachment(s)/week1.ipynb",
        "Week 1/Weiss, Bob(b.weiss)/Submission attachment(s)/week1.ipynb",
        **{
            "Week 1/grades.csv": b"Week 1,Points\n",
            "Week 1/Moreau, Ada(ada)/Moreau, Ada(ada)_submissionText.html": b"<p>see file</p>",
            "Week 1/Moreau, Ada(ada)/feedbackText.html": b"",
            "Week 1/Moreau, Ada(ada)/timestamp.txt": b"2026-11-20T15:58:23Z",
            "Week 1/Weiss, Bob(b.weiss)/timestamp.txt": b"2026-12-02T15:58:23.120Z",
        },
    )
    assert found.layout is Layout.SAKAI
    assert letters(found) == {"ada": "a", "bob": "b"}
    assert (found.strays, doubtful(found)) == ((), set())
    assert [each.late for each in found.submissions] == [False, True]


def test_sakai_names_the_members_of_a_group(week, tmp_path):
    found = taken(
        week,
        tmp_path,
        "Week 1/Red Pandas (0b1f-77)/Submission attachment(s)/week1.ipynb",
        **{"Week 1/Red Pandas (0b1f-77)/members.txt": b"Moreau, Ada(ada); Der, Score Und(und)"},
    )
    assert letters(found) == {"ada": "a", "und": "a"}
    assert (found.strays, doubtful(found)) == ((), set())


def test_sakai_without_folders(week, tmp_path):
    name = "Week 1/Moreau, Ada(ada)_Submission attachment(s)_week1.ipynb"
    found = taken(week, tmp_path, name)
    assert (letters(found), found.submissions[0].file) == ({"ada": "a"}, "week1.ipynb")
    assert "no time came with it" in str(found)


@pytest.mark.parametrize("around", ["", "Week 1/Submissions/"])
def test_ilias_folders_and_teams(week, tmp_path, around):
    found = taken(
        week,
        tmp_path,
        f"{around}Moreau_Ada_ada_301/week1.ipynb",
        f"{around}Der_Score_other-login_302/week1.ipynb",
        f"{around}O'Neill_Eve_eve_303/week1.ipynb",
    )
    assert found.layout is Layout.ILIAS
    assert set(letters(found)) >= {"ada", "eve"}
    assert len(found.submissions) == 3


def test_ilias_teams_by_the_column(tmp_path):
    students = "id,name,group\nada,Ada Moreau,Team 12\nbob,Bob Weiss,12\neve,Eve Neill,13\n"
    (tmp_path / "students.csv").write_text(students, encoding="utf-8")
    week = handins.assignment(tmp_path)
    found = taken(
        week,
        tmp_path,
        "Week 1/Team 12/Moreau_Ada_ada_301/a.ipynb",
        "Week 1/Team 13/Neill_Eve_eve_302/Late Submission - a.ipynb",
    )
    assert [(each.late, each.file) for each in found.submissions] == [
        (False, "a.ipynb"),
        (True, "a.ipynb"),
    ]
    assert letters(found) == {"ada": "a", "eve": "b"}
    assert found.absent == ("bob",)  # whose team is called otherwise than the folder
    assert doubtful(found) == set()
    nobody = taken(week, tmp_path, "Week 1/Team 99/Weiss_Bob_bob_303/a.ipynb")
    assert nobody.submissions[0].problems == (Kind.TEAM.of(team="Team 99"),)


@pytest.mark.parametrize("around", ["", "week1-submissions/"])
def test_github_classroom_repositories(week, tmp_path, around):
    found = taken(
        week,
        tmp_path,
        f"{around}week1-ada-codes/week1.ipynb",
        f"{around}week1-bobby/week1.ipynb",
        f"{around}week1-und/week1.ipynb",
        **{f"{around}week1-bobby/README.md": b"# Week 1\n", f"{around}week1-und/README.md": b"# W"},
    )
    assert found.layout is Layout.GITHUB
    assert letters(found) == {"ada": "a", "bob": "b", "und": "c"}
    assert not doubtful(found)


def test_a_pair_in_one_folder_is_not_one_of_them(week, tmp_path):
    found = taken(week, tmp_path, "ada-bob/week1.ipynb", "eve/week1.ipynb")
    assert letters(found) == {"ada-bob": "a", "eve": "b"}
    assert doubtful(found) == {"ada-bob"}


def test_google_classroom_puts_the_name_before_a_hyphen(week, tmp_path):
    found = taken(week, tmp_path, "Ada Moreau - week1.ipynb", "Bob Weiss - week1 (1).ipynb")
    assert found.layout is Layout.FOLDER
    assert letters(found) == {"ada": "a", "bob": "b"}


@pytest.mark.parametrize(
    ("names", "metadata"),
    [
        (
            (
                "Week 1/Weiss, Bob(bob)/Submission attachment(s)/a.ipynb",
                "Week 1/Weiss, Bob(bw2)/Submission attachment(s)/a.ipynb",
            ),
            "",
        ),
        (("Weiss_Bob_bob_301/a.ipynb", "Weiss_Bob_bw2_302/a.ipynb"), ""),
        (
            ("submission_1/a.ipynb", "submission_2/a.ipynb"),
            "submission_1:\n  :submitters:\n  - :name: Bob Weiss\n    :email: bob@x.edu\n"
            "submission_2:\n  :submitters:\n  - :name: Bob Weiss\n    :email: bw2@x.edu\n",
        ),
        (
            (
                "1-9 - Bob Weiss - Nov 20, 2026 358 PM/a.ipynb",
                "2-9 - Bob Weiss - Nov 20, 2026 400 PM/a.ipynb",
            ),
            "",
        ),
    ],
)
def test_two_of_one_name_stay_two(week, tmp_path, names, metadata):
    more = {"submission_metadata.yml": metadata.encode()} if metadata else {}
    found = taken(week, tmp_path, *names, **more)
    assert sorted(letters(found).values()) == ["a", "b"]
    assert len(doubtful(found)) >= 1  # whose they are is asked


# Plain folders


def test_folders_of_addresses_and_of_groups(week, tmp_path):
    found = taken(week, tmp_path, "und@x.edu.ipynb", "Team A/week1.ipynb")
    assert letters(found) == {"und": "a", "ada": "b", "bob": "b"}


def test_what_no_student_is_called_is_no_student(week, tmp_path):
    found = taken(
        week,
        tmp_path,
        "ada.ipynb",
        "week1.ipynb",
        **{"index.html": b"<p>Index</p>", "README.md": b"# R", "grades.csv": b"a,b"},
    )
    assert letters(found) == {"ada": "a"}
    assert set(found.strays) == {"week1.ipynb", "index.html", "README.md", "grades.csv"}


def test_two_students_never_become_one(week, tmp_path):
    names = ("export/one/week1.ipynb", "export/two/week1.ipynb")
    with pytest.raises(CourseError, match=r"nobody of students\.csv is recognised"):
        taken(week, tmp_path, *names)
    unnamed = handins.assignment(tmp_path / "other")
    found = taken(unnamed, tmp_path, "ada.ipynb", **{"index.html": b"<p>x</p>", "grades.csv": b"a"})
    assert set(letters(found)) == {"ada"}
    with pytest.raises(CourseError, match="is that one student, or all"):
        taken(unnamed, tmp_path, *names)


def test_sections_around_the_students_are_looked_into(week, tmp_path):
    found = taken(week, tmp_path, "Monday/ada/week1.ipynb", "Tuesday/bob/week1.ipynb")
    assert letters(found) == {"ada": "a", "bob": "b"}


def test_marks_of_a_group_are_of_each_member(week, tmp_path):
    taken(week, tmp_path, "Team A/week1.ipynb", "eve.ipynb")
    for id in ("ada", "bob"):
        own = week.folder / "submitted" / id
        assert read_submission(own / "mended.json").student == id
        assert (own / "submission.ipynb").read_bytes() == choosing(week, "a")


def test_with_variants_the_numbers_of_one_member_count_for_the_group(tmp_path):
    (tmp_path / "students.csv").write_text(STUDENTS, encoding="utf-8")
    week = handins.assignment(tmp_path, variants=True)
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("Team A/week1.ipynb", written(notebook(week, student="bob")))
        made.writestr("eve/week1.ipynb", written(notebook(week, student="bob")))
    found = {each.student: each for each in collect(week, path).submissions}
    assert [found[id].numbers_of for id in ("ada", "bob", "eve")] == ["bob", "bob", "eve"]
    assert doubtful(collect(week, path)) == {"eve"}


PIECES = st.sampled_from(
    [
        "ada", "bob", "Bob Weiss", "moreauada", "Team A", "LATE", "anon", "101", "5001", "_", "-",
        " - ", "/", "(", ")", "+", "week1", "submission_1", "attempt", "2026-11-20-15-58-23",
        "Nov 20, 2026 358 PM", "assignsubmission", "file", "Submission attachment(s)", "a:b", "~",
        "submissions", "é", "..", "week1.ipynb", ".txt", "index.html", "timestamp.txt",
    ]
)  # fmt: skip


@given(st.lists(st.lists(PIECES, min_size=1, max_size=9).map("".join), min_size=1, max_size=6))
def test_whatever_the_names_are_each_file_is_somebody_s_or_nobody_s_or_all_is_refused(names):
    paths = {PurePosixPath(each.strip("/") or "x") for each in names}
    when = datetime(*NOW, tzinfo=UTC)
    entries = [Entry(path, when, lambda: b"") for path in paths if ".." not in path.parts]
    students = (ADA, BOB)
    try:
        found = delivery(entries, "week1", students)
    except CourseError:
        return
    assert all(is_folder_name(each.student) for each in found.handins)
    taken = {each.entry.path for each in found.handins}
    assert {str(path) for path in taken}.isdisjoint(found.strays)
    mentioned = [
        (id, each) for each in found.handins for id in ("ada", "bob") if each.student == id
    ]
    for id, each in mentioned:  # nobody is guessed: a name, a number or a group says so
        said = str(each.entry.path).lower()
        assert any(word in said for word in KNOWN_BY[id])


ADA = Student("ada", "Ada Moreau", "", {"ID": "101", "group": "Team A"})
BOB = Student("bob", "Bob Weiss", "", {"ID": "102"})
KNOWN_BY = {"ada": ("ada", "101", "team"), "bob": ("bob", "102")}


def test_the_due_time_of_the_tests_is_before_the_download(week):
    assert week.due < datetime(*NOW, tzinfo=UTC)
