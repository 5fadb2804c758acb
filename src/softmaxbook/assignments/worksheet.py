"""The grading worksheet of Moodle's assignment, in the languages that are read here.

Notes
-----
``mod/assign/gradingtable.php`` of Moodle writes the names of the columns, and the importer
``mod/assign/feedback/offline/importgradeslib.php`` looks for the same ones, each in the language
of who downloads or uploads. They are the strings `recordid`, `maxgrade`, `lastmodifiedsubmission`
and `lastmodifiedgrade` of ``assign.php``, `pluginname` of ``assignfeedback_comments.php``, and
`fullname`, `email`, `idnumber`, `username` and `gradenoun` of ``moodle.php``, read in the language
packs of version 4.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .course import CourseError
from .tables import read_lines


@dataclass(frozen=True)
class Columns:
    """What a worksheet's columns are called in one language."""

    language: str
    identifier: str
    name: str
    email: str
    id_number: str
    username: str
    grade: str
    maximum: str
    submitted: str
    graded: str
    comments: str


ENGLISH = Columns(
    "English",
    identifier="Identifier",
    name="Full name",
    email="Email address",
    id_number="ID number",
    username="Username",
    grade="Grade",
    maximum="Maximum grade",
    submitted="Last modified (submission)",
    graded="Last modified (grade)",
    comments="Feedback comments",
)
LANGUAGES = (
    ENGLISH,
    Columns(
        "German",
        identifier="ID",
        name="Vollständiger Name",
        email="E-Mail-Adresse",
        id_number="ID-Nummer",
        username="Anmeldename",
        grade="Bewertung",
        maximum="Bestwertung",
        submitted="Zuletzt geändert (Abgabe)",
        graded="Zuletzt geändert (Bewertung)",
        comments="Feedback als Kommentar",
    ),
    Columns(
        "French",
        identifier="Identifiant",
        name="Nom complet",
        email="Adresse de courriel",
        id_number="Numéro d’identification",
        username="Nom d’utilisateur",
        grade="Note",
        maximum="Note maximale",
        submitted="Dernière modification (travail remis)",
        graded="Dernière modification (note)",
        comments="Feedback par commentaires",
    ),
    Columns(
        "Spanish",
        identifier="Identificador",
        name="Nombre completo",
        email="Dirección de correo",
        id_number="Número de ID",
        username="Nombre de usuario",
        grade="Calificación",
        maximum="Calificación máxima",
        submitted="Última modificación (entrega)",
        graded="Última modificación (calificación)",
        comments="Comentarios de retroalimentación",
    ),
)
EXPECTED = (
    "Moodle's grading worksheet in English, German, French or Spanish: on the assignment's page "
    "Submissions, “Download grading worksheet”, with Moodle set to one of these"
)


@dataclass(frozen=True)
class Worksheet:
    """A worksheet as it is: the names of its columns, its head and its rows."""

    columns: Columns
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def name_in(self, row: Sequence[str]) -> str:
        """Return a student's name, which stands behind the identifier where it is called else."""
        known = self.columns.name in self.head
        before = self.head.index(self.columns.identifier) + 1
        place = self.head.index(self.columns.name) if known else before
        return "".join(row[place : place + 1])


def read_worksheet(table: Path, time: str, *others: str) -> Worksheet:
    """Return a worksheet, in the language in which it calls its column of a time.

    Parameters
    ----------
    table : Path
    time : str
        ``submitted`` or ``graded``, a column that has to be there.
    others : str
        Further ones, by their names in `Columns`.

    Raises
    ------
    CourseError
        If a column is missing.
    """
    head, lines = read_lines(table, [getattr(each, time) for each in LANGUAGES], EXPECTED)
    columns = next(each for each in LANGUAGES if getattr(each, time) in head)
    for name in (getattr(columns, each) for each in ("identifier", *others)):
        if name not in head:
            raise CourseError(f"{table} has no column {name!r}: it should be {EXPECTED}")
    return Worksheet(columns, head, [row for _, row in lines])
