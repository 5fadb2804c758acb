"""The list of all exercises, with what the reader has solved."""

from __future__ import annotations

from html import escape
from typing import Any

import traitlets

from softmaxbook.exercises import exercises
from softmaxbook.widgets.leading import LeadingExplorable
from softmaxbook.widgets.modules import bundle


class ExerciseIndex(LeadingExplorable):
    """All exercises of the book by chapter, kind and difficulty, and which are solved here.

    Examples
    --------
    >>> "overflow" in {each["chapter"] for each in ExerciseIndex().exercises}
    True

    Used on the page *exercises*.
    """

    module = "progress"
    _esm = bundle("progress")

    exercises = traitlets.List(traitlets.Dict()).tag(sync=True)

    @traitlets.default("exercises")
    def _exercises(self) -> list[dict[str, Any]]:
        return [
            {
                "id": each.id,
                "title": each.title,
                "chapter": each.chapter,
                "kind": each.kind,
                "difficulty": each.difficulty,
                "in_page": each.answered_in_place,
            }
            for each in exercises()
        ]

    def fallback(self) -> str:
        """Return the list as a plain table."""
        rows = "".join(
            f'<tr><td><a href="{each["chapter"]}.html#exercise-{each["id"]}">'
            f"{escape(each['title'])}</a></td><td>{each['chapter']}</td>"
            f"<td>{each['kind']}</td><td>{each['difficulty']} of 3</td></tr>"
            for each in self.exercises
        )
        head = "".join(f"<th>{name}</th>" for name in ("exercise", "chapter", "kind", "difficulty"))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
