"""Why an answer did not run: the likely cause of an exception, in plain words."""

from __future__ import annotations

import re

from .outcomes import Outcome

NO_SUCH_AXIS = (
    "that axis does not exist for every input. Inputs here have different numbers of axes; "
    "`axis=-1` (in torch: `dim=-1`) is the last one of each."
)

# (exception, part of its message, what it usually means here); the first that fits is told.
CAUSES = (
    (
        "ValueError",
        "matmul",
        "the sizes of a matrix product do not fit. For a batch, multiply and sum along the last "
        "axis instead.",
    ),
    (
        "TypeError",
        "only length-1 arrays",
        "a function for single numbers got an array. Use NumPy's (`np.exp`, not `math.exp`).",
    ),
    (
        "TypeError",
        "only 0-dimensional arrays",
        "a function for single numbers got an array. Use NumPy's (`np.exp`, not `math.exp`).",
    ),
    (
        "ValueError",
        "truth value of an array",
        "`if` and `and` need one True or False. Compare elements with `np.where`, or reduce with "
        "`np.any` and `np.all`.",
    ),
    (
        "LinAlgError",
        "Singular matrix",
        "a matrix without an inverse: some of its rows follow from the others. Does the equation "
        "have one solution for every input?",
    ),
    ("TypeError", "positional argument", "it takes other arguments than the exercise hands over."),
    (
        "TypeError",
        "unexpected keyword",
        "a call names an argument that the function does not have.",
    ),
    ("TypeError", "not callable", "something is called that is no function: a name may hide it."),
    ("TypeError", "not subscriptable", "square brackets stand behind a function: use round ones."),
    (
        "TypeError",
        "for -: 'list'",
        "lists have no arithmetic. Make an array first: `np.asarray(…)`.",
    ),
    ("TypeError", "NoneType", "a value is None: a helper may have no `return`."),
    (
        "AxisError",
        "",
        NO_SUCH_AXIS,
    ),
    (
        "UFuncTypeError",
        "",
        "the result holds fractions, and the array that it is written into whole numbers. Make a "
        "float array of the input first, or a new array for the result.",
    ),
    (
        "IndexError",
        "too many indices",
        "an index expects more axes than the input has. `[..., i]` works for any number of axes.",
    ),
    ("IndexError", "Dimension out of range", NO_SUCH_AXIS),  # torch's AxisError
    ("IndexError", "", "an index lies outside the array. Indices run from 0 to n − 1."),
    (
        "NameError",
        "",
        "a name is used that does not exist. Has the cell that defines or imports it been run? "
        "Is it spelled the same?",
    ),
    ("UnboundLocalError", "", "a name is used inside the function before it gets its value."),
    ("RecursionError", "", "it calls itself without end. Which input should stop it?"),
    ("ModuleNotFoundError", "", "a package is imported that is not installed here."),
    ("AttributeError", "", "an object does not have what stands behind the dot. Is it spelled so?"),
    ("ZeroDivisionError", "", "a Python number is divided by zero."),
    ("OverflowError", "", "a number is too large for a float: `math.exp` raises above 709.78."),
    ("FloatingPointError", "", "NumPy's error state was set to raise."),
    ("MemoryError", "", "an array is asked for that does not fit into memory."),
    ("EOFError", "", "`input()` waits for the keyboard. The values come in as arguments."),
    ("SystemExit", "", "it calls `exit()`, which would end the notebook's kernel. Use `return`."),
    ("NotImplementedError", "", "this part is not written yet."),
    ("AssertionError", "", "an `assert` of its own fails."),
)


def cause_of(outcome: Outcome) -> str:
    """Return what probably led to an exception, or an empty string."""
    shapes = _shapes(outcome.message)
    if "broadcast" in outcome.message and len(shapes) == 2:
        return _unfit(*shapes)
    if outcome.type_name == "RuntimeError" and "must match the size of tensor" in outcome.message:
        return UNFIT
    for type_name, part, cause in CAUSES:
        if outcome.type_name == type_name and part in outcome.message:
            return cause
    return ""


UNFIT = "two arrays do not fit together. Print the shapes of both just before that line."


def _shapes(message: str) -> list[tuple[int, ...]]:
    """Return the shapes that a message of NumPy names."""
    found = re.findall(r"\((\d+(?:,\d+)*),?\)", message)
    return [tuple(int(length) for length in each.split(",")) for each in found]


def _unfit(one: tuple[int, ...], two: tuple[int, ...]) -> str:
    """Return why two shapes do not fit: what is missing shows in the shapes."""
    if len(one) == len(two) > 1 and one == two[::-1]:
        return f"one of the two arrays, of shapes {one} and {two}, should be transposed."
    short, long = sorted((one, two), key=len)
    if len(short) < len(long) and long[: len(short)] == short:
        return (
            f"the array of shape {short} has lost an axis that the one of shape {long} has. A sum "
            "or a maximum along an axis loses it: `keepdims=True` keeps it, with length one."
        )
    if len(one) == len(two):
        unequal = [k for k in range(len(one)) if one[k] != two[k] and 1 not in (one[k], two[k])]
        if len(unequal) == 1:
            k = unequal[0]
            return (
                f"axis {k} of one array has length {one[k]}, that of the other {two[k]}. Which of "
                "the two is the number of classes, or of rows, that it should be?"
            )
    return UNFIT


def raised(outcome: Outcome) -> str:
    """Return an exception as a sentence: what, where, and the likely cause."""
    said = f": {outcome.message}" if outcome.message else ""
    where = f" in the line `{outcome.line}`" if outcome.line else ""
    cause = cause_of(outcome)
    likely = f" Likely cause: {cause}" if cause else ""
    return f"It raises `{outcome.type_name}{said}`{where}.{likely}"
