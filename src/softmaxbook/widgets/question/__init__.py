"""A question that answers at once, on the built site too: typed numbers or a choice."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

import traitlets

from softmaxbook.checking import Exercise, question_data
from softmaxbook.checking.attempts import folded
from softmaxbook.exercises import exercise
from softmaxbook.widgets.explorable import Explorable
from softmaxbook.widgets.modules import bundle

if TYPE_CHECKING:  # the claims load PyTorch
    from softmaxbook.claims import Claim


class _Asked(Explorable):
    """What can be answered on the page: the data of a question, the answer, whether it is right."""

    module = "question"
    _esm = bundle("question")

    question = traitlets.Dict().tag(sync=True)
    answer = traitlets.List(traitlets.Unicode()).tag(sync=True)
    solved = traitlets.Bool().tag(sync=True)

    def fallback(self) -> str:
        """Return the options, or the fields to be filled in by hand, for paper."""
        entries = [escape(option["text"]) for option in self.question.get("options", [])]
        entries = entries or [f"{escape(label)} ……………" for label in self.question["labels"]]
        sign = "☐ " if "options" in self.question else ""
        return "".join(f'<p class="sb-note">{sign}{entry}</p>' for entry in entries)


class Question(_Asked):
    """The input and the verdict of an exercise whose answer is a number or a choice.

    Parameters
    ----------
    asked : str or Exercise
        The exercise's id, or the exercise, with numbers of its own perhaps.
    fresh : bool
        Whether it is asked once more: then the browser does not fill in the former answer, and
        keeps no new one.

    Raises
    ------
    KeyError
        If there is no such exercise; the message lists those there are.
    ValueError
        If its answer is a function, which only a notebook can check.

    Examples
    --------
    >>> from softmaxbook.exercises import exercises
    >>> first = next(each for each in exercises() if each.form == "choice")
    >>> Question(first.id).solved
    False

    Used on the page *exercises*.
    """

    def __init__(self, asked: str | Exercise, fresh: bool = False) -> None:
        data = question_data(exercise(asked).exercise if isinstance(asked, str) else asked)
        if data["form"] == "function":
            id = data["id"]
            raise ValueError(f"the answer to {id!r} is a function: check it with exercise({id!r})")
        wanted = (
            "id",
            "title",
            "form",
            "percent",
            "labels",
            "options",
            "accepted",
            "mistakes",
            "nudge",
        )
        told = {name: data[name] for name in wanted if name in data}
        super().__init__(question=told | ({"fresh": True} if fresh else {}))


class Guess(_Asked):
    """The verdicts to choose from, before the computation tells: one question for each claim.

    Used on the page *claims*.

    Parameters
    ----------
    claim : Claim
        One of `softmaxbook.claims.CLAIMS`.

    Examples
    --------
    >>> from softmaxbook.claims import CLAIMS
    >>> [option["text"] for option in Guess(CLAIMS[0]).question["options"]]
    ['true', 'true in a sense', 'misleading', 'false']
    """

    def __init__(self, claim: Claim) -> None:
        verdicts = type(claim.verdict)
        letters = {each: each.name.lower() for each in verdicts}
        super().__init__(
            question={
                "id": f"claim-{claim.name}",
                "title": re.sub(r"\\math\w+|[`$\\{}]", "", claim.words),
                "form": "choice",
                "options": [{"letter": letters[each], "text": each.value} for each in verdicts],
                "accepted": {"letter": letters[claim.finding.verdict]},
                "mistakes": [
                    {
                        "letter": letters[each],
                        "hint": f"“{each.value.capitalize()}” would mean: {each.meaning} "
                        "The computation says something else. Guess again, or open the verdict.",
                    }
                    for each in verdicts
                    if each is not claim.finding.verdict
                ],
            }
        )


def guess(claim: Claim) -> None:
    """Display a claim: the words and where they stand, a place to guess, the folded verdict.

    Used on the page *claims*.

    Parameters
    ----------
    claim : Claim
        One of `softmaxbook.claims.CLAIMS`.
    """
    from IPython.display import Markdown, display

    verdict = folded("The verdict", claim.report())
    parts = [Markdown(claim.charge()), Guess(claim), Markdown(verdict)]  # type: ignore[no-untyped-call]
    display(*parts)  # type: ignore[no-untyped-call]


def ask(id: str) -> None:
    """Display an exercise: its statement, a place to answer, its hints and its folded solution.

    Used on the page *exercises*.

    Parameters
    ----------
    id : str
        The exercise's id. One whose answer is a function shows its starter instead of a field.

    Raises
    ------
    KeyError
        If there is no such exercise; the message lists those there are.
    """
    from IPython.display import display

    attempt = exercise(id)
    parts = [attempt.statement(), attempt.help()]
    if attempt.exercise.answered_in_place:
        parts.insert(1, Question(id))
    display(*parts)  # type: ignore[no-untyped-call]
