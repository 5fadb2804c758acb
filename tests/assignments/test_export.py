"""Marks reach other systems as these read them, and nobody gets a 0 in silence."""

import contextlib
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from course import answered, hand_in
from marked import IDS, WHY, record, week_of

from softmaxbook.assignments.command import main
from softmaxbook.assignments.course import CourseError
from softmaxbook.assignments.exchange.export import FORMATS, export
from softmaxbook.assignments.exchange.formgrader import folder_of
from softmaxbook.assignments.exchange.nbgrader import take_back
from softmaxbook.assignments.marks.marking import mark
from softmaxbook.assignments.marks.records import marks_path, read_marks, write_marks
from softmaxbook.assignments.submissions.problems import Kind
from softmaxbook.assignments.tables import guarded, guarded_key, unguarded

VECTOR, BATCH, NUMBER = IDS
EMPTY = Kind.EMPTY.of(name="eve.ipynb")

STUDENTS = """id,name,email,ID,SIS User ID,SIS Login ID,Section,Identifier
ada,Ada King,ada@x.edu,101,u-ada,ada.king,Group 1,Participant 901
bob,Bob Bool,bob@x.edu,102,u-bob,bob.bool,Group 1,Participant 902
eve,Eve Evil,eve@x.edu,103,u-eve,eve.evil,Group 2,Participant 903
zoe,Zoe Zero,zoe@x.edu,104,u-zoe,zoe.zero,Group 2,Participant 904
"""


def graded(week, student, given=(2.0, 1.0), **settings):
    """Store a record with the manual question marked."""
    marks = record(week, student, **settings)
    if week.manual and given:
        marks = marks.with_manual(replace(marks.manual[0], given=given, comment="Well said."))
        write_marks(week, marks)
    return marks


@pytest.fixture
def week(tmp_path):
    """Return a class: full marks, a mistake, one to look at, and one who handed in nothing."""
    week = week_of(tmp_path / "course", students=STUDENTS)
    graded(week, "ada")
    graded(week, "bob", wrong=[(VECTOR, 1)], late=True)
    graded(week, "eve", problems=(EMPTY,))
    for id in ("ada", "bob", "eve"):
        (week.folder / "submitted" / id / "submission.ipynb").write_bytes(id.encode())
    return week


def rows_of(path):
    return list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))


# Who has no points


@pytest.mark.parametrize("format", FORMATS)
def test_who_has_no_points_gets_none_and_is_told(week, format):
    said = str(export(week, format))
    assert "the points of 2 students" in said
    assert "no points: eve: eve.ipynb is empty: ask for the file" in said
    assert "no points: zoe: nothing was handed in" in said


def test_an_open_manual_question_leaves_the_cell_empty(week):
    graded(week, "ada", given=())
    found = export(week, "canvas")
    assert ("ada", (Kind.NOT_MARKED.of("why-shift"),)) in found.empty
    assert "Ada King" not in {row[0] for row in rows_of(found.path)}


@pytest.mark.parametrize("format", FORMATS)
def test_marks_of_another_hand_in_are_not_passed_on(week, format):
    hand_in(week, replace(answered(week, "ada"), preamble="import os"))
    found = export(week, format)
    assert ("ada", (Kind.CHANGED.of(),)) in found.empty


def test_without_marks_the_error_says_what_to_do(tmp_path):
    week = week_of(tmp_path / "course", students=STUDENTS)
    with pytest.raises(CourseError, match="softmaxbook assignment grade week1"):
        export(week, "canvas")


def test_an_unknown_format_names_the_known(week):
    with pytest.raises(CourseError, match="there are canvas, moodle, nbgrader, gradescope, csv"):
        export(week, "blackboard")


def test_the_command_exports(week, capsys):
    course = ("--course", str(week.course))
    assert main(["assignment", "export", "week1", "--format", "canvas", *course]) == 0
    assert "no points: zoe: nothing was handed in" in capsys.readouterr().out
    assert main(["assignment", "export", "week1", "--format", "x", *course]) == 2
    assert "there is no format 'x'" in capsys.readouterr().err


def test_a_hand_in_of_nobody_that_was_removed_is_gone(week):
    graded(week, "stranger")
    assert "stranger" in export(week, "csv").path.read_text("utf-8-sig")
    shutil.rmtree(week.folder / "submitted" / "stranger")
    found = export(week, "csv")
    assert "stranger" not in found.path.read_text("utf-8-sig")
    assert "stranger" not in str(found)


def test_one_reason_stands_once_for_all(tmp_path):
    week = week_of(tmp_path / "course")
    for k in range(13):
        graded(week, f"s{k:02d}", given=())
    lines = str(export(week, "canvas")).splitlines()
    assert lines[1:] == [
        f"no points: {', '.join(f's{k:02d}' for k in range(10))} and 3 more: "
        "why-shift: not marked yet"
    ]


def test_a_new_problem_is_to_be_looked_at_again(week):
    mark(week)
    path = week.folder / "marking" / "looked.csv"
    path.write_text(path.read_text("utf-8").rstrip() + "yes\n", "utf-8")
    assert [id for id, _ in export(week, "canvas").empty] == ["zoe"]
    graded(week, "eve", problems=(EMPTY, Kind.TOO_MUCH_TEXT.of(name="eve.ipynb")))
    assert [id for id, _ in export(week, "canvas").empty] == ["eve", "zoe"]


# Formulas


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "\n=1", "＝1", "=cmd|' /C calc'!A0"],
)
def test_no_cell_begins_a_formula(text):
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


def test_other_cells_stay_as_they_are():
    for text in ("", "Ada", "a=b", "'quoted'", "3 - 2"):
        assert guarded(text) == text
        assert unguarded(text) == text
    assert guarded_key("-ada") == "-ada"  # or the system would not find her
    assert guarded_key("=A1(") == "'=A1("


@pytest.mark.parametrize("format", ["canvas", "moodle", "csv"])
def test_a_hostile_name_computes_nothing(tmp_path, format):
    students = 'id,name,email\neve,"=HYPERLINK(""http://evil.example"",""x"")",=1(\n'
    week = week_of(tmp_path / "course", students=students)
    graded(week, "eve")
    for row in rows_of(export(week, format).path):
        assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row)


def test_a_table_has_a_column_for_each_question(week):
    content = export(week, "csv").path.read_text("utf-8-sig")
    head, possible, *rows = csv.reader(io.StringIO(content, newline=""))
    assert head == ["id", "name", "email", "late", *IDS, "why-shift", "total"]
    for row in (possible, *rows):
        assert sum(float(cell or 0) for cell in row[4:-1]) == float(row[-1] or 0)
    assert {row[0]: (row[3], row[-1]) for row in rows} == {
        "ada": ("", "11"),
        "bob": ("late", "8"),
        "eve": ("", ""),
        "zoe": ("", ""),
    }


# Canvas

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,A week (77),Other (78),Current Score
,,,,,Manual Posting,,
    Points Possible,,,,,11,5,(read only)
"Bool, Bob",102,,,Group 1,,5,50
"King, Ada",101,,,Group 1,,4,80
"Evil, Eve",103,,,Group 2,3,,
"Stranger, A",999,,,Group 2,,,
"""


def test_canvas_gets_its_columns_from_the_students_file(week):
    head, possible, *rows = rows_of(export(week, "canvas").path)
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "A week"]
    assert possible == ["    Points Possible", "", "", "", "", "11"]
    assert rows == [
        ["Ada King", "101", "u-ada", "ada.king", "Group 1", "11"],
        ["Bob Bool", "102", "u-bob", "bob.bool", "Group 1", "8"],
    ]  # no empty cell, which would take a grade or an excuse away


@pytest.mark.parametrize("format", ["canvas", "moodle"])
def test_rows_without_points_are_written_if_asked_for(week, tmp_path, format):
    said = export(week, format).path.read_text("utf-8")
    assert "Eve Evil" not in said
    assert "Zoe Zero" not in said
    said = export(week, format, empty_rows=True).path.read_text("utf-8")
    assert "Eve Evil" in said
    assert "Zoe Zero" in said
    with pytest.raises(CourseError, match="--empty-rows is for the tables"):
        export(week, format, tmp_path / "table.csv", empty_rows=True)


@pytest.mark.parametrize("before", ["EX", "-2", "=1+1", "3,50", " 3 ", ""])
def test_a_cell_of_canvas_own_table_stays_letter_by_letter(week, tmp_path, before):
    table = tmp_path / "grades.csv"
    table.write_text(CANVAS.replace("Group 2,3,", f'Group 2,"{before}",'), encoding="utf-8")
    rows = {row[1]: row for row in rows_of(export(week, "canvas", table).path)}
    assert rows["103"] == ["Evil, Eve", "103", "", "", "Group 2", before]


@pytest.mark.parametrize("title", ["Final Score", "The Final Grade of all", "Current Points (2)"])
def test_a_title_that_canvas_would_leave_out_is_refused(week, title):
    with pytest.raises(CourseError, match=r"leaves out a column with “(Final|Current) "):
        export(replace(week, title=title), "canvas")
    for other in ("Final exam", "Final project", "Score"):
        assert export(replace(week, title=other), "canvas").passed_on == 2


def test_canvas_own_table_is_filled(week, tmp_path):
    table = tmp_path / "grades.csv"
    table.write_text(CANVAS, encoding="utf-8-sig")
    found = export(week, "canvas", table)
    head, possible, *rows = rows_of(found.path)
    assert head[-1] == "A week (77)"
    assert possible[-1] == "11"
    assert [(row[0], row[1], row[-1]) for row in rows] == [
        ("Bool, Bob", "102", "8"),
        ("King, Ada", "101", "11"),
        ("Evil, Eve", "103", "3"),  # what Canvas has stays: an empty cell would remove it
        ("Stranger, A", "999", ""),
    ]
    assert any("zoe has no row in grades.csv" in note for note in found.notes)


def test_canvas_finds_students_by_name_where_there_is_nothing_else(tmp_path):
    week = week_of(tmp_path / "course")
    graded(week, "kingada")  # the id that Canvas' archive gives her
    table = tmp_path / "grades.csv"
    table.write_text(CANVAS, encoding="utf-8")
    rows = rows_of(export(week, "canvas", table).path)
    assert {row[0]: row[-1] for row in rows}["King, Ada"] == "11"


def test_two_of_one_name_get_no_points_by_it(tmp_path):
    students = "id,name\nada1,Ada King\nada2,Ada King\n"
    week = week_of(tmp_path / "course", students=students)
    graded(week, "ada1")
    graded(week, "ada2", wrong=[VECTOR])
    table = tmp_path / "grades.csv"
    table.write_text(CANVAS, encoding="utf-8")
    found = export(week, "canvas", table)
    assert {row[0]: row[-1] for row in rows_of(found.path)}["King, Ada"] == ""
    assert len(found.notes) == 2


def test_a_stranger_of_the_same_name_gets_no_points(week, tmp_path):
    table = tmp_path / "grades.csv"
    table.write_text(CANVAS.replace("Stranger, A", "King, Ada"), encoding="utf-8")
    found = export(week, "canvas", table)
    assert {row[1]: row[-1] for row in rows_of(found.path)[2:]} == {
        "102": "8",
        "101": "11",
        "103": "3",
        "999": "",
    }
    table.write_text(CANVAS.replace('"King, Ada",101', '"King, Ada",999'), encoding="utf-8")
    found = export(week, "canvas", table)
    assert {row[0]: row[-1] for row in rows_of(found.path)}["King, Ada"] == ""
    assert "ada has no row in grades.csv: enter the points there" in found.notes


def test_a_number_of_the_system_is_nobody_s_id(tmp_path):
    students = "id,name,group\n999,Bob Bool,1\nbob,Ada King,102\n"
    week = week_of(tmp_path / "course", students=students)
    graded(week, "999")
    graded(week, "bob")
    table = tmp_path / "grades.csv"
    table.write_text(CANVAS, encoding="utf-8")
    rows = rows_of(export(week, "canvas", table).path)
    assert {row[0]: row[-1] for row in rows} == {
        "Student": "A week (77)",
        "    Points Possible": "11",
        "Bool, Bob": "11",  # by the name: 102 is a group, and not the id that Canvas gave
        "King, Ada": "11",
        "Evil, Eve": "3",
        "Stranger, A": "",
    }
    table.write_text(MOODLE.replace("Participant 902", "Participant 999"), encoding="utf-8")
    head, *rows = rows_of(export(week, "moodle", table).path)
    assert [row[head.index("Grade")] for row in rows] == ["11", "11", ""]
    other = MOODLE.replace("Participant 903", "Participant 999").replace("Bob Bool", "Bo Be")
    table.write_text(other, encoding="utf-8")
    head, *rows = rows_of(export(week, "moodle", table).path)
    assert [row[head.index("Grade")] for row in rows] == ["", "11", ""]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n1,2\n", "has no column 'ID'"),
        ("ID,x\n1,2\n", "has no column 'Section'"),
        (CANVAS.replace("Other (78)", "A week (79)"), "2 assignments called 'A week'"),
    ],
)
def test_a_table_that_is_not_canvas_own_is_refused(week, tmp_path, content, said):
    table = tmp_path / "grades.csv"
    table.write_text(content, encoding="utf-8")
    with pytest.raises(CourseError, match=re.escape(said)):
        export(week, "canvas", table)
    with pytest.raises(CourseError, match="there is no file"):
        export(week, "canvas", tmp_path / "none.csv")


# Moodle

MOODLE = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 902","Bob Bool",bob@x.edu,"Submitted for grading - ",,11.00,Yes,"Friday",-,
"Participant 901","Ada King",ada@x.edu,"Submitted for grading - ",,11.00,Yes,"Friday",-,
"Participant 903","Eve Evil",eve@x.edu,"Submitted for grading - ",,11.00,Yes,"Friday",-,kept
"""


def test_moodle_own_worksheet_is_filled(week, tmp_path):
    table = tmp_path / "worksheet.csv"
    table.write_text(MOODLE, encoding="utf-8")
    head, bob, ada, eve = rows_of(export(week, "moodle", table).path)
    grade, words = head.index("Grade"), head.index("Feedback comments")
    assert head == next(csv.reader(io.StringIO(MOODLE)))
    assert (bob[0], bob[grade]) == ("Participant 902", "8")
    assert (ada[0], ada[grade]) == ("Participant 901", "11")
    assert (eve[grade], eve[words]) == ("", "kept")
    assert bob[words].startswith(
        '<div class="softmaxbook">Handed in late.<br>Softmax of one vector: 0 of 3: '
    )
    assert "Ada" not in " ".join(bob)


def test_an_instructor_s_comment_in_moodle_is_kept_and_ours_is_not_doubled(week, tmp_path):
    own = "<p>Please come to my office hour.</p>"
    table = tmp_path / "worksheet.csv"
    table.write_text(MOODLE.replace('Friday",-,\n', f'Friday",-,{own}\n'), encoding="utf-8")
    for _ in range(2):  # the second time with what Moodle has from the first
        path = export(week, "moodle", table).path
        head, bob, ada, eve = rows_of(path)
        words = head.index("Feedback comments")
        assert bob[words].startswith(f'{own}<br><div class="softmaxbook">Handed in late.<br>')
        assert bob[words].count("Softmax of one vector") == 1
        assert ada[words].startswith(own)
        assert eve[words] == "kept"
        table.write_bytes(path.read_bytes())


def test_cells_of_moodle_own_worksheet_stay_letter_by_letter(week, tmp_path):
    table = tmp_path / "worksheet.csv"
    content = MOODLE.replace("-,kept", "-,-2 for lateness").replace("Eve Evil", "=Eve")
    table.write_text(content, encoding="utf-8")
    before = rows_of(table)
    head, *after = rows_of(export(week, "moodle", table).path)
    ours = {head.index("Grade"), head.index("Feedback comments")}
    for old, new in zip(before[1:], after, strict=True):
        changed = {k for k, (a, b) in enumerate(zip(old, new, strict=True)) if a != b}
        assert changed == (set() if old[0] == "Participant 903" else ours)


def test_zeros_that_moodle_can_skip_are_told(week, tmp_path):
    graded(week, "bob", wrong=[VECTOR, BATCH, NUMBER], given=(0.0, 0.0))
    said = "Moodle's import can skip a grade of 0: enter it there for bob"
    assert said in str(export(week, "moodle"))
    table = tmp_path / "worksheet.csv"
    table.write_text(MOODLE, encoding="utf-8")
    assert said in str(export(week, "moodle", table))
    assert "skip" not in str(export(week, "canvas"))


def test_moodle_worksheet_without_a_table(week):
    head, ada, *_ = rows_of(export(week, "moodle").path)
    assert {"Identifier", "Grade", "Last modified (grade)"} <= set(head)  # what Moodle requires
    assert ada[0] == "Participant 901"


def test_identifiers_of_the_students_file_are_doubted_aloud(week, tmp_path):
    said = str(export(week, "moodle"))
    assert "it passes over a row in silence whose identifier is not of week1" in said
    assert "With --table WORKSHEET the rows are those that Moodle knows" in said
    table = tmp_path / "worksheet.csv"
    table.write_text(MOODLE, encoding="utf-8")
    assert "in silence" not in str(export(week, "moodle", table))


# As their language packs write them, with the word before a number and a time.
GERMAN = """\
ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,\
"Bewertung kann geändert werden","Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)",\
"Feedback als Kommentar"
Teilnehmer/in902,"Bob Bool",,"Zur Bewertung abgegeben",,"11,00",Ja,"Freitag, 20. November 2026",-,
Teilnehmer/in901,"Ada King",,"Zur Bewertung abgegeben",,"11,00",Ja,"Freitag, 20. November 2026",-,
Teilnehmer/in903,"Eve Evil",,"Zur Bewertung abgegeben",,"11,00",Ja,"Freitag, 20. November 2026",-,so
"""
FRENCH = """\
Identifiant,"Nom complet de l’utilisateur","Adresse de courriel",Statut,Note,"Note maximale",\
"La note peut être modifiée","Dernière modification (travail remis)",\
"Dernière modification (note)","Feedback par commentaires"
Participant902,"Bob Bool",bob@x.edu,"Remis",,"11,00",Oui,"mercredi 2 décembre 2026, 00:05",-,
Participant901,"Ada King",ada@x.edu,"Remis",,"11,00",Oui,"mercredi 2 décembre 2026, 00:05",-,
Participant903,"Eve Evil",eve@x.edu,"Remis",,"11,00",Oui,"mercredi 2 décembre 2026, 00:05",-,so
"""
SPANISH = """\
Identificador,"Nombre completo","Dirección de correo",Estado,Calificación,"Calificación máxima",\
"La calificación puede ser cambiada","Última modificación (entrega)",\
"Última modificación (calificación)","Comentarios de retroalimentación"
Participante902,"Bob Bool",bob@x.edu,"Enviado",,"11,00",Sí,"lunes, 5 de octubre de 2026, 10:00",-,
Participante901,"Ada King",ada@x.edu,"Enviado",,"11,00",Sí,"lunes, 5 de octubre de 2026, 10:00",-,
Participante903,"Eve Evil",eve@x.edu,"Enviado",,"11,00",Sí,"lunes, 5 de octubre de 2026, 10:00",-,so
"""
OTHERS = pytest.mark.parametrize(
    ("sheet", "language"), [(GERMAN, "German"), (FRENCH, "French"), (SPANISH, "Spanish")]
)


def imported(path, sheet):
    """Return what Moodle takes of a file by number, by the rules of ``importgradeslib.php``.

    It finds the columns by the words of its own language, and reads a decimal comma or point.
    """
    head, first = list(csv.reader(io.StringIO(sheet)))[:2]
    columns, *rows = rows_of(path)
    word = len(first[0]) - 3
    grade, comment = columns.index(head[4]), columns.index(head[-1])
    return {
        row[columns.index(head[0])][word:]: (
            float(row[grade].replace(",", ".") or -1),
            row[comment],
        )
        for row in rows
    }


@OTHERS
def test_moodle_own_worksheet_in_other_languages_is_filled(week, tmp_path, sheet, language):
    table = tmp_path / "worksheet.csv"
    table.write_text(sheet, encoding="utf-8-sig")
    found = export(week, "moodle", table)
    taken = imported(found.path, sheet)
    assert {number: grade for number, (grade, _) in taken.items()} == {
        "902": 8,
        "901": 11,
        "903": -1,
    }
    assert taken["902"][1].startswith('<div class="softmaxbook">Handed in late.')
    assert taken["903"][1] == "so"
    assert found.notes == (
        f"upload it with Moodle set to {language}",
        "zoe has no row in worksheet.csv: enter the points there",
    )
    for old, new in zip(csv.reader(io.StringIO(sheet)), rows_of(found.path), strict=True):
        assert [c for k, c in enumerate(new) if k not in (4, 9)] == [
            c for k, c in enumerate(old) if k not in (4, 9)
        ]


@OTHERS
def test_the_scale_of_a_worksheet_in_another_language_is_compared(week, tmp_path, sheet, language):
    table = tmp_path / "worksheet.csv"
    table.write_text(sheet.replace("11,00", "100,00"), encoding="utf-8")
    assert "maximum grade is 100, and week1 has 11 points" in str(export(week, "moodle", table))
    table.write_text(sheet.replace("11,00", "10,00"), encoding="utf-8")
    with pytest.raises(CourseError, match="maximum grade is 10, and week1 has 11"):
        export(week, "moodle", table)


def test_grades_that_moodle_would_keep_for_their_time_are_told(week, tmp_path):
    table = tmp_path / "worksheet.csv"
    said = "or the grades that it has of 1 student stay"
    again = GERMAN.replace("-,\n", '"Samstag, 28. November 2026, 10:00",\n', 1)
    table.write_text(again, encoding="utf-8")
    assert said in str(export(week, "moodle", table))
    table.write_text(MOODLE.replace("-,\n", '"Saturday, 28 November 2026",\n', 1), "utf-8")
    assert "stay" not in str(export(week, "moodle", table))


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (CANVAS, "Last modified (grade)"),
        (GERMAN.replace("Bewertung,", "Punkte,"), "Bewertung"),
        (FRENCH.replace("Identifiant,", "Numéro,"), "Identifiant"),
    ],
)
def test_a_table_that_is_no_worksheet_is_refused(week, tmp_path, content, missing):
    table = tmp_path / "worksheet.csv"
    table.write_text(content, encoding="utf-8")
    with pytest.raises(CourseError, match=re.escape(f"has no column {missing!r}")) as error:
        export(week, "moodle", table)
    assert "in English, German, French or Spanish" in str(error.value)


def test_moodle_gradebook_goes_by_the_address(tmp_path):
    week = week_of(tmp_path / "course", students="id,name,email\nada,Ada King,ada@x.edu\n")
    graded(week, "ada")
    found = export(week, "moodle")
    head, ada = rows_of(found.path)
    assert (head[0], ada[0]) == ("Email address", "ada@x.edu")
    assert "map" in found.notes[0]


@pytest.mark.parametrize(
    ("students", "key"),
    [
        ("id,name,email\nada,Ada King,ada@x.edu\nbob,Bob Bool,\n", "Email address"),
        ("id,Identifier\nada,901\nbob,\n", "Identifier"),
    ],
)
def test_whom_moodle_cannot_find_is_told_and_not_counted(tmp_path, students, key):
    week = week_of(tmp_path / "course", students=students)
    graded(week, "ada")
    graded(week, "bob")
    said = str(export(week, "moodle"))
    assert "the points of 1 student" in said
    assert f"bob has no {key!r} in students.csv: Moodle finds no row" in said


def test_another_scale_is_told(week, tmp_path):
    table = tmp_path / "worksheet.csv"
    table.write_text(MOODLE.replace("11.00", "100.00"), encoding="utf-8")
    assert "Moodle's maximum grade is 100, and week1 has 11 points" in str(
        export(week, "moodle", table)
    )
    table.write_text(CANVAS.replace(",11,5,(", ",100.0,5,("), encoding="utf-8")
    assert "Canvas shows the points out of 100, and week1 has 11" in str(
        export(week, "canvas", table)
    )
    table.write_text(CANVAS, encoding="utf-8")
    assert "out of" not in str(export(week, "canvas", table))


def test_a_worksheet_of_a_smaller_maximum_is_refused(week, tmp_path):
    table = tmp_path / "worksheet.csv"
    table.write_text(MOODLE.replace("11.00", "10.00"), encoding="utf-8")
    with pytest.raises(CourseError, match="maximum grade is 10, and week1 has 11"):
        export(week, "moodle", table)


# Gradescope


def on_gradescope(archive, folder, email, handed):
    """Run the autograder as Gradescope does, and return the results."""
    (folder / "source").mkdir(parents=True)
    (folder / "submission").mkdir()
    (folder / "submission" / "week1.ipynb").write_bytes(handed)
    users = {"users": [{"email": email, "id": 1, "name": "x"}]}
    (folder / "submission_metadata.json").write_text(json.dumps(users))
    with zipfile.ZipFile(archive) as found:
        found.extractall(folder / "source")
        assert {"setup.sh", "run_autograder"} <= set(found.namelist())
        assert all(each.external_attr >> 16 & 0o100 for each in found.infolist()[-2:])
    program = [sys.executable, str(folder / "source" / "run_autograder")]
    subprocess.run(program, cwd=folder, check=True, timeout=60)
    return json.loads((folder / "results" / "results.json").read_text())


@pytest.fixture
def archive(week):
    return export(week, "gradescope").path


def test_gradescope_shows_each_student_the_own_results(archive, tmp_path):
    found = on_gradescope(archive, tmp_path / "a", "Bob@x.edu ", b"bob")
    assert found["score"] == 8
    assert sum(each["score"] for each in found["tests"]) == 8
    assert sum(each["max_score"] for each in found["tests"]) == 11
    assert found["output"].startswith("Handed in late.")


@pytest.mark.parametrize(
    ("email", "handed"),
    [("bob@x.edu", b"another file"), ("eve@x.edu", b"eve"), ("bob@x.edu", b"ada")],
)
def test_gradescope_shows_nobody_the_results_of_another_file(archive, tmp_path, email, handed):
    with pytest.raises(subprocess.CalledProcessError):
        on_gradescope(archive, tmp_path / "a", email, handed)
    assert not (tmp_path / "a" / "results").exists()  # no score, and not a 0


def test_two_of_one_address_do_not_take_each_other_s_results(tmp_path):
    students = "id,email\nada,a@x.edu\nbob,A@x.edu\neve,\n"
    week = week_of(tmp_path / "course", students=students)
    for id in ("ada", "bob", "eve"):
        graded(week, id)
        (week.folder / "submitted" / id / "submission.ipynb").write_bytes(id.encode())
    found = export(week, "gradescope")
    assert found.passed_on == 1
    assert found.notes == (
        "bob: somebody else has this email in students.csv: Gradescope shows no results",
        "eve: no email in students.csv: Gradescope shows no results",
    )
    assert on_gradescope(found.path, tmp_path / "a", "a@x.edu", b"ada")["score"] == 11


def test_the_archive_holds_no_address_and_no_exercise(archive):
    with zipfile.ZipFile(archive) as found:
        content = b"".join(found.read(name) for name in found.namelist())
        names = found.namelist()
    assert b"@x.edu" not in content
    assert f"results/{hashlib.sha256(b'ada@x.edu').hexdigest()}.json" in names
    assert b"def softmax" not in content


# nbgrader


@pytest.fixture
def book(week):
    from nbgrader.api import Gradebook

    export(week, "nbgrader")
    with Gradebook(f"sqlite:///{folder_of(week) / 'gradebook.db'}") as book:
        yield book


def test_nbgrader_has_the_scores(week, book):
    found = {each["student"]: each for each in book.submission_dicts("week1")}
    assert {id: each["score"] for id, each in found.items()} == {"ada": 11, "bob": 8, "eve": 11}
    assert {each["max_score"] for each in found.values()} == {11}
    assert {each["max_written_score"] for each in found.values()} == {3}
    assert not any(each["needs_manual_grade"] for each in found.values())
    assert book.find_grade(VECTOR, "week1", "week1", "bob").auto_score == 0
    comment = book.find_comment(VECTOR, "week1", "week1", "bob").comment
    assert read_marks(marks_path(week, "bob")).exercises[0].mistakes[0] in comment
    flagged = {
        each["student"]: each["flagged"]
        for each in book.notebook_submission_dicts("week1", "week1")
    }
    assert flagged == {"ada": False, "bob": False, "eve": True}


def test_nbgrader_has_the_times_in_utc(tmp_path):
    from nbgrader.api import Gradebook

    due = datetime.fromisoformat("2026-12-01T23:59:00+05:00")
    week = week_of(tmp_path / "course", due=due)
    record(week, "ada", received="2026-12-01T22:00:00-03:00")
    export(week, "nbgrader")
    with Gradebook(f"sqlite:///{folder_of(week) / 'gradebook.db'}") as book:
        found = book.find_submission("week1", "ada")
        assert found.assignment.duedate.isoformat() == "2026-12-01T18:59:00"
        assert found.timestamp.isoformat() == "2026-12-02T01:00:00"


def test_nbgrader_asks_for_the_manual_questions(week):
    from nbgrader.api import Gradebook

    graded(week, "ada", given=())
    export(week, "nbgrader")
    with Gradebook(f"sqlite:///{folder_of(week) / 'gradebook.db'}") as book:
        found = {e["student"]: e["needs_manual_grade"] for e in book.submission_dicts("week1")}
        grade = book.find_grade("why-shift", "week1", "week1", "ada")
        assert (grade.auto_score, grade.manual_score, grade.max_score) == (None, None, 3)
    assert found == {"ada": True, "bob": False, "eve": False}


def in_form_grader(week, student, id, **given):
    """Do what the form grader's handlers do when somebody types points or a comment."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder_of(week) / 'gradebook.db'}") as book:
        grade = book.find_grade(id, "week1", "week1", student)
        grade.manual_score, grade.extra_credit = given.get("score"), given.get("extra")
        grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
        comment = book.find_comment(id, "week1", "week1", student)
        comment.manual_comment = given.get("comment")
        book.db.commit()


def test_what_the_form_grader_gave_comes_back(week):
    graded(week, "ada", given=())
    export(week, "nbgrader")
    in_form_grader(week, "ada", "why-shift", score=2.5, extra=0.25, comment="Nice.")
    said = str(mark(week, take_back))
    assert "1 answer taken from the form grader" in said
    (given,) = read_marks(marks_path(week, "ada")).manual
    assert (given.points, given.whole, given.comment) == (2.75, 2.75, "Nice.")
    assert "0 answers taken" in str(mark(week, take_back))


def test_neither_side_overwrites_what_was_given_later_on_the_other(week):
    graded(week, "ada", given=())
    export(week, "nbgrader")
    in_form_grader(week, "ada", "why-shift", score=1.0)
    assert "is kept there" in str(export(week, "nbgrader"))
    mark(week, take_back)
    marks = read_marks(marks_path(week, "ada"))
    write_marks(week, marks.with_manual(replace(marks.manual[0], whole=3.0)))  # by the sheet
    mark(week)  # the sheet is read first: it still says 1
    (given,) = read_marks(marks_path(week, "ada")).manual
    assert given.points == 1.0
    write_marks(week, marks.with_manual(replace(marks.manual[0], whole=3.0)))
    (week.folder / "marking" / "why-shift.csv").unlink()
    mark(week, take_back)
    (given,) = read_marks(marks_path(week, "ada")).manual
    assert given.points == 3.0  # nothing new was given in the form grader


def test_points_for_another_answer_do_not_come_back(week):
    graded(week, "ada", given=())
    export(week, "nbgrader")
    in_form_grader(week, "ada", "why-shift", score=3.0)
    record(week, "ada", answer="Another answer.")
    said = str(mark(week, take_back))
    assert "ada: why-shift: the answer changed after the export" in said
    assert read_marks(marks_path(week, "ada")).points is None
    assert "its answer changed after it was marked there" in str(export(week, "nbgrader"))
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder_of(week) / 'gradebook.db'}") as book:
        assert book.find_grade("why-shift", "week1", "week1", "ada").needs_manual_grade


def test_points_come_back_after_a_run_that_failed(week):
    graded(week, "ada", given=())
    export(week, "nbgrader")
    in_form_grader(week, "ada", "why-shift", score=2.0)
    last = folder_of(week) / "autograded" / "eve" / "week1" / "week1.ipynb"
    before = last.read_bytes()
    last.write_bytes(b"{")
    with pytest.raises(CourseError, match="is not what was exported"):
        mark(week, take_back)
    last.write_bytes(before)
    assert "1 answer taken" in str(mark(week, take_back))
    assert read_marks(marks_path(week, "ada")).manual[0].points == 2.0


def test_an_exercise_changed_in_the_form_grader_is_told(week):
    export(week, "nbgrader")
    in_form_grader(week, "bob", VECTOR, score=3.0)
    said = str(mark(week, take_back))
    assert f"bob: {VECTOR}: the form grader gave 3 for 0" in said
    assert read_marks(marks_path(week, "bob")).automatic == 5


def test_another_choice_of_questions_needs_another_gradebook(week):
    export(week, "nbgrader")
    other = replace(week, exercises=week.exercises[:-1])
    for id in ("ada", "bob", "eve"):
        graded(other, id)
    with pytest.raises(CourseError, match="another choice of questions"):
        export(other, "nbgrader")


def test_points_of_an_earlier_export_do_not_stay_in_silence(week):
    export(week, "nbgrader")
    hand_in(week, replace(answered(week, "ada"), preamble="import os"))
    notes = export(week, "nbgrader").notes
    told = "ada: the gradebook still has the points of an earlier export: grade, and export again"
    assert [note for note in notes if "earlier export" in note] == [told]


def test_there_is_nothing_to_take_back_before_an_export(week):
    with pytest.raises(CourseError, match="there is no gradebook of nbgrader yet"):
        mark(week, take_back)


HOSTILE = """It *cancels*. <script>alert('won')</script> <img src=won onerror=won>
[a link](javascript:won) [two][ref] [ref] ![p](http://won) <svg/onload=won>
`<script>won` <a href="javascript:won">

[ref]: javascript:won

```
<script>won
"""


@pytest.fixture
def form_grader(week):
    """Start a Jupyter server with nbgrader's form grader; yield a function that asks it."""
    graded(week, "ada", given=(), answer=HOSTILE)
    export(week, "nbgrader")
    folder = folder_of(week)
    home = week.course / "home"
    home.mkdir()
    own = {"HOME": str(home), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    command = [
        *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
        *("--IdentityProvider.token=t", "--ServerApp.port=0", "--ServerApp.port_retries=0"),
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]
    with (week.course / "server.log").open("w+") as log:
        server = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **own}, stdout=log, stderr=log
        )
        try:
            address = _address(server, week.course / "server.log")

            def ask(path, **sent):
                request = urllib.request.Request(
                    f"{address}{path}",
                    data=json.dumps(sent).encode() if sent else None,
                    headers={"Authorization": "token t"},
                    method="PUT" if sent else "GET",
                )
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.read().decode()

            yield ask
        finally:
            server.terminate()
            server.wait(30)


def _address(server, log):
    for _ in range(600):
        match = re.search(r"http://(?:127\.0\.0\.1|localhost):(\d+)/", log.read_text())
        if match:
            address = f"http://127.0.0.1:{match[1]}"
            with contextlib.suppress(urllib.error.URLError):
                urllib.request.urlopen(f"{address}/api", timeout=10).close()
                return address
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.mark.xdist_group("form grader")
def test_the_real_form_grader_shows_the_answer_and_takes_points(week, form_grader):
    found = json.loads(form_grader("/formgrader/api/submitted_notebooks/week1/week1"))
    ada = next(each for each in found if each["student"] == "ada")
    assert ada["needs_manual_grade"]
    page = form_grader(f"/formgrader/submissions/{ada['id']}/")
    assert "It <em>cancels</em>." in page
    assert "alert('won')" in page  # as words
    assert not re.search(r"<(script|img|svg)[^>]*won", page)
    assert not re.search(r"<[^>]*javascript:won", page)
    assert "softmax_vector" in page
    grades = json.loads(form_grader(f"/formgrader/api/grades?submission_id={ada['id']}"))
    (open_grade,) = [each for each in grades if each["needs_manual_grade"]]
    assert (open_grade["name"], open_grade["max_score"]) == ("why-shift", 3)
    form_grader(f"/formgrader/api/grade/{open_grade['id']}", manual_score=2, extra_credit=None)
    assert "1 answer taken" in str(mark(week, take_back))
    assert read_marks(marks_path(week, "ada")).points == 10
    assert WHY.total == 3
