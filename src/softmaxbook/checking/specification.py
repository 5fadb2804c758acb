"""What an exercise is: data. Nothing here runs an answer, and nothing registers itself."""

from __future__ import annotations

import inspect
import itertools
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal, get_args
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

ROUNDING = 0.55  # units of the last digit asked for
ON_THE_WAY = 10, 3  # times what is allowed: rounding before the end, with digits asked for or not
Kind = Literal["write", "predict", "choose", "derive", "find"]
Form = Literal["function", "number", "choice"]

_PLACE = re.compile(r"\bexercises\.(\w+)\.(\w+)$")  # of a module in a chapter's folder


@dataclass(frozen=True, eq=False)
class Probe:
    """One input that every answer is tried on, with the name the learner reads."""

    name: str
    arguments: tuple[Any, ...]
    aspect: str = "values"
    why: str = ""  # what this input teaches, one sentence


def probe(name: str, *arguments: Any, aspect: str = "values", why: str = "") -> Probe:
    """Return a probe; lists become arrays, numbers stay numbers."""
    arrays = (np.array(value) if isinstance(value, list) else value for value in arguments)
    return Probe(name, tuple(arrays), aspect, why)


@dataclass(frozen=True)
class Aspect:
    """A part of the answer that earns points on its own."""

    name: str
    points: float = 1.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Exercise:
    """A question, its solution, the mistakes people make, and the probes that tell them apart.

    `form` says what the learner hands over: a function, a number (or an array of them), or the
    letter of a choice. A function is called on every probe. A number is the solution's value at the
    first probe, the *given*, so a question and its variants are one piece of data. The solution and
    the mistakes of a choice return a letter.

    A module ``exercises/<chapter>/<id>.py`` need not name its `chapter` and its `id`, which has
    hyphens where the file's name has underscores; everywhere else both are named.

    A mistake is a function with the solution's arguments; its docstring is the hint that the
    learner reads. A mistake with a further argument ``base=solution`` is a change *around* the
    solution, so it can also be put around another mistake: two mistakes made together are named.
    Of those in a group of `either` only one can be made: two of them would contradict each other.
    """

    id: str = ""
    title: str
    chapter: str = ""
    kind: Kind
    difficulty: Literal[1, 2, 3]
    statement: str | Callable[..., str]
    solution: Callable[..., Any]
    mistakes: tuple[Callable[..., Any], ...]
    hints: tuple[str, ...]
    either: tuple[tuple[Callable[..., Any], ...], ...] = ()
    probes: tuple[Probe, ...] = (Probe("the question", ()),)
    fresh: Callable[[np.random.Generator], tuple[Any, ...]] | None = None
    form: Form = "function"
    starter: str = ""
    program: str = ""  # the solution to be shown, where the judge's own knows only NumPy
    options: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()  # of the entries of an array that is asked for
    explanation: str | Callable[..., str] = ""
    aspects: tuple[Aspect, ...] = field(default=(Aspect("values"),))
    digits: int = 0  # that the statement asks for; a number has to have them
    tolerance: float = 0.01  # relative: of a number without digits, and of what mistakes lead to
    exact: bool = False  # every entry to relative accuracy, however small it is
    percent: bool = False  # the number is a probability: "70 %" is understood
    opening: bool = False  # asked at the top of the page, before the chapter has told anything
    nudge: str = ""  # to whoever gives a number that no mistake explains: a check to make oneself
    observe: Callable[[Any], Any] | None = None  # what matters about an answer that is not unique

    def __post_init__(self) -> None:
        place = _PLACE.search(getattr(self.solution, "__module__", None) or "")
        chapter, file = place.groups() if place else ("", "")
        object.__setattr__(self, "chapter", self.chapter or chapter)
        object.__setattr__(self, "id", self.id or file.replace("_", "-"))
        for problem in _problems(self):
            raise ValueError(f"exercise {self.id or self.title!r}: {problem}")
        if not self.starter:
            object.__setattr__(self, "starter", _starter(self))

    @property
    def name(self) -> str:
        """Return the name under which the learner's answer is expected."""
        return self.solution.__name__ if self.form == "function" else "answer"

    @property
    def given(self) -> tuple[Any, ...]:
        """Return the values that a question about a number states."""
        return self.probes[0].arguments

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return the names of the solution's arguments."""
        return tuple(inspect.signature(self.solution).parameters)

    @property
    def call(self) -> str:
        """Return how an answer is called, as a program reads."""
        return f"{self.name}({', '.join(self.parameters)})"

    def recognised(self, values: Any) -> NDArray[np.float64]:
        """Return by how much a typed number may differ from what a mistake leads to."""
        sizes = np.abs(np.asarray(values, dtype=float))
        wide: NDArray[np.float64] = np.maximum(self.allowed(values), self.tolerance * sizes)
        return wide

    def allowed(self, values: Any) -> NDArray[np.float64]:
        """Return by how much a typed number may differ from each of the right `values`.

        Half a unit of the last digit asked for, and a little for the digit 5; of several numbers,
        the last digit of the largest.
        """
        sizes = np.abs(np.asarray(values, dtype=float))
        largest = float(np.max(sizes, where=np.isfinite(sizes), initial=0.0))
        if self.digits:
            leading = np.floor(np.log10(largest)) if largest else -1
            return np.full(sizes.shape, ROUNDING * 10.0 ** (leading - self.digits + 1))
        return self.tolerance * np.where(sizes == 0, 1.0, sizes)

    def rounding(self, values: Any) -> NDArray[np.float64]:
        """Return by how much rounding on the way can move each of the right `values`.

        It costs a digit of those asked for; without these, three times the tolerance.
        """
        return ON_THE_WAY[0 if self.digits else 1] * self.allowed(values)

    @property
    def answered_in_place(self) -> bool:
        """Return whether the answer is a value or a letter, which a page can check by itself."""
        return self.form != "function" and self.observe is None

    def prompt(self) -> str:
        """Return the statement with its numbers filled in."""
        stated = self.statement
        return textwrap.dedent(stated if isinstance(stated, str) else stated(*self.given)).strip()

    def text(self) -> str:
        """Return the statement and what belongs to it: the options, or the code to begin with."""
        options = "\n".join(f"- **{letter}**) {option}" for letter, option in self.options)
        code = "" if self.answered_in_place else f"```python\n{self.starter}\n```"
        return "\n\n".join(part for part in (self.prompt(), options, code) if part)

    def solution_text(self) -> str:
        """Return the solution as Markdown: the program, or the value, and why."""
        why = self.explanation
        explained = textwrap.dedent(why if isinstance(why, str) else why(*self.given)).strip()
        if self.form == "function":
            program = self.program or source_of(self.solution)
            return f"```python\n{program}```\n\n{explained}".rstrip()
        value = self.solution(*self.given)
        shown = f"**{_short(value)}**"
        if self.form == "choice":
            shown = f"**{value})** {dict(self.options)[value]}"
        return f"{shown}\n\n{explained}".rstrip()

    def trials(self, seed: int | None = None, fresh: int = 4) -> tuple[Probe, ...]:
        """Return the probes of a function: the fixed ones, then `fresh` ones drawn with `seed`.

        Logits are handed over in whole numbers, too: those of two of the fixed probes, rounded.

        Without a seed the draw depends on the exercise alone, so an answer gets the same verdict
        each time.
        """
        if self.form != "function":
            return self.probes[:1]
        fixed = (*self.probes, *whole_numbers(self.parameters, self.probes))
        if self.fresh is None:
            return fixed
        rng = np.random.default_rng(crc32(self.id.encode()) if seed is None else seed)
        aspect = self.aspects[0].name
        drawn = (Probe(f"fresh {k + 1}", self.fresh(rng), aspect) for k in range(fresh))
        return (*fixed, *drawn)

    def variant(self, seed: int) -> Exercise:
        """Return the same question about other numbers; a function's question stays as it is."""
        if self.form != "number" or self.fresh is None:
            return self
        rng = np.random.default_rng(seed)
        for _ in range(1000):
            other = replace(self, probes=(Probe("the question", self.fresh(rng)), *self.probes[1:]))
            if other.separated():
                return other
        raise ValueError(f"exercise {self.id!r}: no variant separates its mistakes")

    def separated(self) -> bool:
        """Return whether the values of solution and mistakes differ by more than the tolerance."""
        functions = (self.solution, *self.mistakes)
        with np.errstate(all="ignore"):
            values = [np.ravel(np.asarray(each(*self.given), dtype=float)) for each in functions]
            wide = [3 * self.recognised(value) for value in values]
            return all(
                bool(np.any(np.abs(one - two) > np.maximum(wide[k], wide[n])))
                for k, one in enumerate(values)
                for n, two in enumerate(values[:k])
            )


# Parameters that may be any numbers, and so whole ones.
LOGITS = ("logits", "x", "node_logits", "sample_logits", "scores", "utilities")
WHOLE = 2  # probes of whole numbers


def whole_numbers(parameters: Sequence[str], probes: Sequence[Probe]) -> Iterator[Probe]:
    """Yield the first probes whose logits can be rounded and still differ, with these rounded."""
    positions = [k for k, name in enumerate(parameters) if name in LOGITS]
    found = 0
    for probe in probes:
        arguments = list(probe.arguments)
        for k in positions:
            arguments[k] = _rounded(arguments[k])
        if positions and found < WHOLE and all(arguments[k] is not None for k in positions):
            found += 1
            name = f"{probe.name}, in whole numbers"
            yield Probe(name, tuple(arguments), probe.aspect, "Integers are logits too.")


def _rounded(value: Any) -> NDArray[np.int64] | None:
    """Return an array of small floats as whole numbers, if these are not all the same."""
    array = np.asarray(value)
    if array.dtype.kind != "f" or not array.ndim or not np.all(np.abs(array) < 100):
        return None
    whole: NDArray[np.int64] = np.rint(array).astype(np.int64)
    return whole if np.unique(whole).size > 1 else None


def hint_of(mistake: Callable[..., Any]) -> str:
    """Return the hint of a mistake: its docstring."""
    return inspect.getdoc(mistake) or ""


def name_of(mistake: Callable[..., Any]) -> str:
    """Return the name of a mistake in words."""
    return mistake.__name__.replace("_", " ")


def source_of(function: Callable[..., Any]) -> str:
    """Return the source of a function as a learner would have written it."""
    return textwrap.dedent(inspect.getsource(function))


@lru_cache(maxsize=1024)
def can_surround(mistake: Callable[..., Any]) -> bool:
    """Return whether a mistake is a change around the solution."""
    return "base" in inspect.signature(mistake).parameters


def _short(value: Any) -> str:
    """Return numbers with four decimals, small ones with four digits: what is shown is right."""

    def digits(x: np.floating[Any]) -> str:
        return np.format_float_positional(x, precision=4, fractional=bool(abs(x) >= 1), trim="-")

    shown = np.array2string(np.asarray(value), separator=", ", formatter={"float_kind": digits})
    return shown.replace("-", "−")


def listed(values: Any) -> str:
    """Return numbers as a list to be read in a sentence."""
    return ", ".join(f"{value:g}" for value in values).replace("-", "−")


def _starter(exercise: Exercise) -> str:
    """Return the code the learner begins with, where the exercise does not bring its own."""
    if exercise.form != "function":
        return "answer = ..."
    arguments = str(inspect.signature(exercise.solution))
    return f"def {exercise.name}{arguments}:\n    ...  # your code"


def _problems(exercise: Exercise) -> Iterator[str]:
    """Yield what is missing or contradictory in an exercise, for whoever writes one."""
    if not (exercise.id and exercise.chapter):
        yield "outside a chapter's folder it needs an id and a chapter"
    if exercise.kind not in get_args(Kind) or exercise.form not in get_args(Form):
        yield f"unknown kind {exercise.kind!r} or form {exercise.form!r}"
    if exercise.form == "function" and not exercise.name.isidentifier():
        yield "the solution needs a name: it is the learner's function too"
    if exercise.difficulty not in (1, 2, 3):
        yield "difficulty is 1, 2 or 3"
    if len(exercise.hints) < 2:
        yield "at least two hints, from a nudge to the step itself"
    if len(exercise.mistakes) < 3:
        yield "at least three mistakes"
    for mistake in exercise.mistakes:
        if not hint_of(mistake):
            yield f"the mistake {mistake.__name__} needs a docstring: it is the learner's hint"
    for mistake in itertools.chain(*exercise.either):
        if mistake not in exercise.mistakes:
            yield f"{mistake.__name__} stands in `either`, and is no mistake of the exercise"
    known = {aspect.name for aspect in exercise.aspects}
    unknown = {probe.aspect for probe in exercise.probes} - known
    if unknown:
        yield f"probes of an aspect without points: {sorted(unknown)}"
    if exercise.form == "choice" and len(exercise.options) < 3:
        yield "a choice needs at least three options"
    if not exercise.probes:
        yield "at least one probe"
