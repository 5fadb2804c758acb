"""What a claim is: a quote, where it stands, the computation that refutes it, and what is true."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

KINDS = ("numbers", "words", "programs", "losses")
"""The sections of the page."""

SOURCES = {
    "S0": "an article on softmax in transfer learning",
    "S1": "an article on the softmax activation, for people who fine-tune large models",
    "S2": "an article that goes from the concept of softmax to its applications",
    "S3": "an article on transfer learning in neural networks",
    "S4": "an article on frameworks and tools for transfer learning",
    "CS231n": "the notes of Stanford's course CS231n",
    "course": "a well-known course",
    "LLMs": "a program beside a well-known book on language models, until a reader noticed",
}
"""Where the claims stand. The articles are named by what they are about."""


@dataclass(frozen=True)
class Finding:
    """What a claim comes to, what was computed instead, and whether that refutes the claim."""

    said: str
    computed: str
    refuted: bool


@dataclass(frozen=True)
class Claim:
    """A claim in few words, where it stands, the check that refutes it, and what is true.

    Used on the page *claims*.

    Parameters
    ----------
    name : str
        A short name; words joined by hyphens.
    kind : str
        One of `KINDS`.
    quote : str
        The claim in few words.
    source : str
        A key of `SOURCES`.
    check : callable
        Computes the `Finding`.
    truth : str
        What is true instead, in one sentence.
    section : str
        The section that explains it, as a Markdown link from another page of the book.
    """

    name: str
    kind: str
    quote: str
    source: str
    check: Callable[[], Finding]
    truth: str
    section: str

    @cached_property
    def finding(self) -> Finding:
        """What the check finds; it runs once, as some train for seconds."""
        return self.check()

    def report(self) -> str:
        """Return the claim and its refutation in Markdown, with powers of ten as formulas."""
        finding = self.finding
        computed = re.sub(r"([\d.]+)e([-+])0*(\d+)", r"$\1 \\times 10^{\2\3}$", finding.computed)
        verdict = "✗ refuted" if finding.refuted else "✓ not refuted"
        return (
            f"**{self.quote}** ({SOURCES[self.source]})\n\n"
            f"- Said: {finding.said}.\n"
            f"- Computed: {computed}. **{verdict}**\n"
            f"- {self.truth} See {self.section}.\n"
        )
