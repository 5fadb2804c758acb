"""Say a judgement in words that help."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .evidence import telling_digits
from .judging import Judgement, Status
from .outcomes import Outcome
from .specification import Exercise, Probe, hint_of, name_of
from .verdicts import AspectResult, CounterExample, Verdict, described, shown


def verdict(
    exercise: Exercise,
    probes: Sequence[Probe],
    outcomes: Sequence[Outcome],
    judgement: Judgement,
) -> Verdict:
    """Return the words for a judgement on a function or a number."""
    message = _message(exercise, probes, outcomes, judgement)
    return _with_evidence(message, exercise, probes, outcomes, judgement)


def verdict_on_choice(exercise: Exercise, letter: str, judgement: Judgement) -> Verdict:
    """Return the words for a judgement on the letter of an option."""
    message = RIGHT if judgement.status is Status.CORRECT else f"Not {letter})."
    return _with_evidence(message, exercise, exercise.probes[:1], [], judgement)


RIGHT = "That is it."


def _with_evidence(
    message: str,
    exercise: Exercise,
    probes: Sequence[Probe],
    outcomes: Sequence[Outcome],
    judgement: Judgement,
) -> Verdict:
    """Return a verdict with all that shows why."""
    return Verdict(
        exercise.id,
        judgement.status,
        message,
        tuple(name_of(mistake) for mistake in judgement.mistakes),
        "\n\n".join(hint_of(mistake) for mistake in judgement.mistakes),
        _counter_example(exercise, probes, outcomes, judgement),
        _aspects(exercise, probes, judgement),
        _remarks(outcomes, judgement),
    )


def _message(
    exercise: Exercise,
    probes: Sequence[Probe],
    outcomes: Sequence[Outcome],
    judgement: Judgement,
) -> str:
    match judgement.status:
        case Status.CORRECT:
            n = len(probes)
            return f"It agrees on all {n} inputs." if n > 1 else RIGHT
        case Status.NOT_ATTEMPTED:
            return "The placeholder of the starter is still there."
        case Status.CARELESS:
            return _side_effects(outcomes)
        case Status.ENDLESS:
            return _endless(exercise, probes, outcomes)
        case Status.MISTAKE:
            if exercise.form == "number":
                return "This is where that mistake leads."
            together = "these two mistakes" if len(judgement.mistakes) > 1 else "this mistake"
            return f"Your answer behaves on every input like {together}."
        case Status.BROKEN:
            return judgement.diagnosis
        case _:
            return _wrong(exercise, probes, outcomes, judgement)


def _side_effects(outcomes: Sequence[Outcome]) -> str:
    changed = dict.fromkeys(name for outcome in outcomes for name in outcome.changed)
    message = []
    if "its input" in changed:
        message.append(
            "The values are right, but the function changes the array that it was given: "
            "whoever called it loses their data. Assigning to a slice and `-=`, `/=`, `out=` work "
            "in place; `z = z - m` makes a new array."
        )
    others = [name for name in changed if name != "its input"]
    if others:
        message.append(
            f"The values are right, but the function leaves {', '.join(f'`{n}`' for n in others)} "
            "changed for everything that runs after it. It has been put back."
        )
    if "np.seterr" in others:
        message.append("Inside `with np.errstate(…):` NumPy's error state is restored by itself.")
    return " ".join(message)


NO_END = (
    "did not end in the time that it is given"  # said of a call, and of a worker that is given up
)


def endless(name: str = "") -> str:
    """Return the words for an answer that does not end: on the input of that name, if it is told.

    Examples
    --------
    >>> endless("two rows").partition(".")[0]
    'On “two rows” it did not end in the time that it is given'
    """
    where, which = (f"On “{name}” it", "this") if name else ("It", "every")
    question = f"which condition ends it, and can it become true for {which} input?"
    return f"{where} {NO_END}. If there is a loop: {question}"


def _endless(exercise: Exercise, probes: Sequence[Probe], outcomes: Sequence[Outcome]) -> str:
    last = outcomes[-1] if outcomes else Outcome("endless")
    name = probes[len(outcomes) - 1].name if outcomes else ""
    longer = (
        "If it is only slow, or waits for something, give it more: "
        f"`check({exercise.name}, seconds=60)`."
    )
    if last.how == "running":
        after = (
            "It could not be interrupted here and goes on in the background: restart the kernel."
        )
        return f"{endless(name)} {longer} {after}"
    where = f" in the line `{last.line}`" if last.line else ""
    after = f"It was interrupted{where}; the notebook goes on."
    if last.message:
        after += (
            f" That was inside `{last.message}`: should it behave oddly from now on, restart the "
            "kernel."
        )
    return f"{endless(name)} {longer} {after}"


def _wrong(
    exercise: Exercise,
    probes: Sequence[Probe],
    outcomes: Sequence[Outcome],
    judgement: Judgement,
) -> str:
    if exercise.form == "number":
        return judgement.diagnosis
    message = [_how_often(probes, judgement.passed), _batches(probes, outcomes, judgement.passed)]
    if judgement.near:
        name, hint = name_of(judgement.near), hint_of(judgement.near)
        where = (
            f"On the inputs of “{judgement.near_on}” that fail"
            if judgement.near_on
            else "Where it is wrong"
        )
        message.append(f"{where}, it does what “{name}” does. {hint}")
    else:
        message.append(judgement.derived or judgement.diagnosis or UNKNOWN)
    return " ".join(part for part in message if part)


HINT = "`hint()` gives the next step."  # where there is somebody to ask
UNKNOWN = (
    f"Work out the input below by hand, step by step, and compare every intermediate value. {HINT}"
)


def _batches(probes: Sequence[Probe], outcomes: Sequence[Outcome], passed: Sequence[bool]) -> str:
    """Tell if it is right for every single vector and wrong for every batch."""
    wrong = {did.how for did, ok in zip(outcomes, passed, strict=True) if not ok}
    axes = [np.ndim(probe.arguments[0]) if probe.arguments else 0 for probe in probes]
    several = [ok for ok, n in zip(passed, axes, strict=True) if n > 1]
    single = [ok for ok, n in zip(passed, axes, strict=True) if n <= 1]
    if "odd" not in wrong and len(several) > 1 and not any(several) and single and all(single):
        question = ": does a sum, a mean or a maximum run over more than its own row?"
        end = question if wrong == {"value"} else "."
        return f"It is right for single vectors and wrong for batches{end}"
    return ""


def _how_often(probes: Sequence[Probe], passed: Sequence[bool]) -> str:
    """Return on how many of the inputs an answer is right, if on some, and on which, if on few."""
    if not any(passed):
        return ""
    right = [f"“{each.name}”" for each, ok in zip(probes, passed, strict=True) if ok]
    which = f" ({', '.join(right)})" if len(right) <= 2 < len(passed) else ""
    names = list(dict.fromkeys(p.aspect for p, ok in zip(probes, passed, strict=True) if not ok))
    failing = ", ".join(names)
    return f"It agrees on {len(right)} of {len(passed)} inputs{which}; what fails: {failing}."


def _counter_example(
    exercise: Exercise,
    probes: Sequence[Probe],
    outcomes: Sequence[Outcome],
    judgement: Judgement,
) -> CounterExample | None:
    position = judgement.shown
    if position is None or judgement.status is Status.BROKEN or exercise.form != "function":
        return None
    probe = probes[position]
    pairs = zip(exercise.parameters, probe.arguments, strict=False)
    right, gave = judgement.expected[position], outcomes[position]
    digits = telling_digits(right.array, gave.array)
    return CounterExample(
        probe.name,
        probe.why,
        "\n".join(f"{name} = {shown(value)}" for name, value in pairs),
        described(right, digits),
        described(gave, digits),
    )


def _aspects(
    exercise: Exercise, probes: Sequence[Probe], judgement: Judgement
) -> tuple[AspectResult, ...]:
    passed = judgement.passed or (False,) * len(probes)
    results = []
    for aspect in exercise.aspects:
        own = [ok for probe, ok in zip(probes, passed, strict=True) if probe.aspect == aspect.name]
        earned = aspect.points if own and all(own) else 0.0
        results.append(AspectResult(aspect.name, earned, aspect.points))
    return tuple(results)


def _remarks(outcomes: Sequence[Outcome], judgement: Judgement) -> tuple[str, ...]:
    """Return what is worth knowing and no reason to refuse."""
    remarks = []
    if judgement.single:
        remarks.append("the numbers are right to single precision (about seven digits).")
    if any(outcome.printed for outcome in outcomes) and judgement.status is not Status.BROKEN:
        remarks.append("it prints while it works; what it printed was left out.")
    warned = dict.fromkeys(each for outcome in outcomes for each in outcome.warnings)
    if warned:
        remarks.append(f"it warns: {next(iter(warned))}.")
    used = dict.fromkeys(each for outcome in outcomes for each in outcome.used)
    remarks += [f"it uses {each}." for each in used]
    changed = {name for outcome in outcomes for name in outcome.changed}
    if changed and judgement.status is not Status.CARELESS:
        remarks.append(f"it changes {', '.join(sorted(changed))}; the notebook's own was put back.")
    return tuple(remarks)
