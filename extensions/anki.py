"""The book's questions as a deck for Anki: `_static/softmaxbook.apkg`.

A site without solutions has none, since the answers stand on the backs of the cards.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import genanki
from sphinx.application import Sphinx

from softmaxbook.assignments.questions.prose import html_of
from softmaxbook.checking import Exercise, question_data
from softmaxbook.checking.questions import solutions_shown
from softmaxbook.widgets.review import questions

from .builders import is_site

FILE = "softmaxbook.apkg"

# Anki knows decks and kinds of notes by numbers, chosen once: a later edition updates a reader's
# cards in place of adding others.
DECK, MODEL = 1_764_300_001, 1_764_300_002

CARD = genanki.Model(
    MODEL,
    "softmaxbook question",
    fields=[{"name": name} for name in ("question", "answer", "mistakes", "place")],
    templates=[
        {
            "name": "question",
            "qfmt": "{{question}}",
            "afmt": "{{FrontSide}}<hr id=answer>{{answer}}{{mistakes}}<p>{{place}}</p>",
        }
    ],
    css=".card { font-family: sans-serif; font-size: 1.1em; text-align: left; max-width: 40em; "
    "margin: auto; } .hint { margin: 0.6em 0; }",
)


def note_of(exercise: Exercise) -> genanki.Note:
    """Return the note of a question: asked in front, behind it the answer and the known mistakes.

    Examples
    --------
    >>> from softmaxbook.exercises import exercise
    >>> [*note_of(exercise("who-pays").exercise).tags]
    ['probabilities']
    """
    data = question_data(exercise, solutions=True)
    options = "".join(f"- {each['letter']}) {each['text']}\n" for each in data.get("options", ()))
    front = f"**{exercise.title}**\n\n{data['prompt']}\n\n{options}"
    mistakes = "".join(
        f'<div class="hint"><b>{given(each)}</b> {html_of(each["hint"])}</div>'
        for each in data["mistakes"]
    )
    return genanki.Note(
        CARD,
        [html_of(front), html_of(data["solution"]), mistakes, f"Chapter: {exercise.chapter}"],
        guid=genanki.guid_for("softmaxbook", exercise.id),
        tags=[exercise.chapter],
    )


def given(mistake: dict[str, Any]) -> str:
    """Return the answer that a mistake leads to, as it would be read."""
    if "letter" in mistake:
        return f"Not {mistake['letter']}:"
    values = ", ".join(f"{value:.4g}".replace("-", "−") for value in mistake["values"])
    return f"Not {values}:"


def deck() -> genanki.Deck:
    """Return the deck with a note for each question that a page can check."""
    found = genanki.Deck(DECK, "Softmax")
    for each in questions():
        found.add_note(note_of(each))
    return found


def write(app: Sphinx, exception: Exception | None) -> None:
    """Put the deck on the site, or take away the one of an edition with solutions."""
    if exception is None and is_site(app):
        target = Path(app.outdir) / "_static" / FILE
        if solutions_shown():
            genanki.Package(deck()).write_to_file(str(target))
        else:
            target.unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
