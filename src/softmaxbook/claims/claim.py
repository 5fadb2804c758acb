"""What a claim is: the words judged, where they stand, the computation, and the verdict."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

KINDS = ("numbers", "words", "programs", "learning", "family", "transfer")
"""The sections of the page."""


class Verdict(Enum):
    """What a computation says about a claim, from best to worst.

    Used on the page *claims*.
    """

    TRUE = "true"
    IN_A_SENSE = "true in a sense"
    MISLEADING = "misleading"
    FALSE = "false"

    @property
    def meaning(self) -> str:
        """What the verdict says about the words, in one sentence."""
        return _MEANINGS[self]


_MEANINGS = {
    Verdict.TRUE: "The words hold as they stand.",
    Verdict.IN_A_SENSE: "The words hold in part, or under a condition that they do not state.",
    Verdict.MISLEADING: "The words hold, and what people take them to mean does not.",
    Verdict.FALSE: "The words do not hold.",
}


@dataclass(frozen=True)
class Finding:
    """What was computed, and which readings of a claim survived it.

    Used on the page *claims*.

    Parameters
    ----------
    computed : str
        The result, in words and numbers.
    as_said : bool
        Whether the words hold as they stand.
    in_a_sense : bool
        Whether they hold under a condition that they do not state; it matters only if they do
        not hold as they stand.
    as_understood : bool
        Whether what people take the words to mean holds too; it matters only if the words do.

    Examples
    --------
    >>> Finding("so", as_said=True).verdict
    <Verdict.TRUE: 'true'>
    >>> Finding("so", as_said=True, as_understood=False).verdict
    <Verdict.MISLEADING: 'misleading'>
    """

    computed: str
    as_said: bool
    in_a_sense: bool = False
    as_understood: bool = True

    @property
    def verdict(self) -> Verdict:
        """The verdict that follows from the readings."""
        if self.as_said:
            return Verdict.TRUE if self.as_understood else Verdict.MISLEADING
        return Verdict.IN_A_SENSE if self.in_a_sense else Verdict.FALSE


@dataclass(frozen=True)
class Quotation:
    """A source whose words are quoted exactly.

    Used on the page *claims*.

    Parameters
    ----------
    title : str
        The source's name.
    link : str
        Its address.
    place : str
        Where in it the words stand.
    read : str
        When they were read, as in ``"28 November 2026"``.
    """

    title: str
    link: str
    place: str
    read: str

    def told(self) -> str:
        """Return the source in Markdown."""
        return f"[{self.title}]({self.link}), {self.place}; read on {self.read}"


@dataclass(frozen=True)
class Heard:
    """No source is quoted: the words are the book's own, for something that people say or write.

    Used on the page *claims*.

    Parameters
    ----------
    how : str
        How one meets it.
    """

    how: str = "often heard"

    def told(self) -> str:
        """Return how one meets the claim."""
        return self.how


@dataclass(frozen=True)
class Claim:
    """The words of a claim, where they stand, the check that judges them, and what is true.

    Used on the page *claims*.

    Parameters
    ----------
    name : str
        A short name; words joined by hyphens.
    kind : str
        One of `KINDS`.
    words : str
        The claim: exactly as the source has it, or, if it is only `Heard`, in the book's words.
    source : Quotation or Heard
        Where it stands.
    verdict : Verdict
        What the page says about it; a test compares it with what the check finds.
    check : callable
        Computes the `Finding`.
    truth : str
        What can be said instead, or what has to be added, in a sentence or two.
    section : str
        The section that explains it, as a Markdown link from another page of the book.
    """

    name: str
    kind: str
    words: str
    source: Quotation | Heard
    verdict: Verdict
    check: Callable[[], Finding]
    truth: str
    section: str

    @cached_property
    def finding(self) -> Finding:
        """What the check finds; it runs once, as some train for seconds."""
        return self.check()

    @property
    def quoted(self) -> bool:
        """Whether the words are exactly those of a source."""
        return isinstance(self.source, Quotation)

    def charge(self) -> str:
        """Return the words and their source in Markdown; only exact words get quotation marks."""
        words = f"“{self.words}”" if self.quoted else f"*{self.words}*"
        return f"{words} ({self.source.told()})"

    def report(self) -> str:
        """Return the verdict in Markdown: what was computed, and what is true."""
        verdict = self.finding.verdict
        computed = re.sub(
            r"([\d.]+)e([-+])0*(\d+)", r"$\1 \\times 10^{\2\3}$", self.finding.computed
        ).replace("^{+", "^{")
        return (
            f"**{verdict.value.capitalize()}.** {verdict.meaning}\n\n"
            f"*Computed:* {computed}.\n\n"
            f"{self.truth} See {self.section}.\n"
        )
