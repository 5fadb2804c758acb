"""What an answer did on one probe, as plain arrays and words: all that the judge may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from types import CoroutineType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

How = Literal["value", "raised", "odd", "endless", "running"]


@dataclass(frozen=True, eq=False)
class Outcome:
    """One call, seen from outside.

    `how` is "value" (then `array` holds it), "raised" (`type_name` and `message` of the exception,
    and the learner's `line`), "odd" (something that is no number, described by `type_name` and
    `message`), or one of the two for a call that did not end: "endless", if it was interrupted,
    and "running", if nothing could interrupt it and it goes on.
    """

    how: How
    array: NDArray[Any] | None = None
    type_name: str = ""
    message: str = ""
    line: str = ""
    printed: str = ""
    warnings: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    used: tuple[str, ...] = ()

    @property
    def ended(self) -> bool:
        """Return whether the call came to an end by itself."""
        return self.how not in ("endless", "running")


class Odd(Exception):
    """What came back cannot be read as numbers."""

    def __init__(self, type_name: str, message: str) -> None:
        super().__init__(message)
        self.type_name = type_name


def plain(value: Any) -> NDArray[Any]:
    """Return what an answer returned as an array of numbers, wherever it came from.

    NumPy and torch arrays, numbers of any library, nested lists and tuples, generators, pandas
    objects. Raises `Odd`, in the learner's words, for everything else.
    """
    try:
        array = np.array(_unwrapped(value))
    except (ValueError, TypeError) as error:
        if "inhomogeneous" in str(error):
            raise Odd("list", "its rows have different lengths") from None
        raise Odd(type(value).__name__, f"it cannot be turned into an array ({error})") from None
    if array.dtype.kind == "O":
        array = _from_objects(value, array)
    if array.dtype.kind == "c" and not np.any(np.imag(array)):
        array = np.real(array)
    if array.dtype.kind not in "biufc":
        raise Odd(type(value).__name__, f"it holds {_words(array.dtype)}, not numbers")
    return array


def _unwrapped(value: Any) -> Any:
    """Return `value` in a form that np.array understands, its elements too."""
    _refuse_known(value)
    if hasattr(value, "detach") and hasattr(value, "cpu"):  # a torch tensor
        tensor = value.detach().cpu()
        return _from_bfloat(tensor) if "bfloat16" in str(tensor.dtype) else tensor.numpy()
    if isinstance(value, np.ma.MaskedArray):
        masked: Any = value.astype(float)
        return masked.filled(np.nan)
    if isinstance(value, np.matrix):
        return np.asarray(value)
    if isinstance(value, Iterator):
        value = list(islice(value, 100_000))
    elif type(value).__name__ in ("dict_values", "dict_keys"):
        value = list(value)
    if isinstance(value, (list, tuple)):
        return [_unwrapped(each) for each in value]
    return value


def _from_bfloat(tensor: Any) -> NDArray[Any]:
    """Return a bfloat16 tensor as float16, whose tolerance is near its own, if its range allows."""
    array: NDArray[Any] = tensor.float().numpy()
    finite = array[np.isfinite(array)]
    return array.astype(np.float16 if np.all(np.abs(finite) < 6e4) else np.float32)


def _refuse_known(value: Any) -> None:
    """Raise `Odd` for what people return by accident."""
    if value is None:
        raise Odd("None", "nothing: a function without `return` gives None")
    if value is Ellipsis or value is NotImplemented:
        raise Odd(str(value), "a placeholder is still there")
    if isinstance(value, CoroutineType):
        value.close()  # else Python warns that nobody waited for it
        raise Odd("coroutine", "a coroutine: write `def`, not `async def`")
    if isinstance(value, dict):
        raise Odd("dict", "a dictionary: return its values as an array")
    if isinstance(value, (set, frozenset)):
        raise Odd("set", "a set: it has no order and drops equal numbers; return an array")
    if isinstance(value, str):
        raise Odd("str", "text: return the numbers themselves")
    if isinstance(value, type) or (callable(value) and not hasattr(value, "__array__")):
        raise Odd("function", "a function: call it, with its arguments in brackets")


def _from_objects(value: Any, array: NDArray[Any]) -> NDArray[Any]:
    """Return fractions, decimals or symbolic numbers as floats."""
    try:
        return array.astype(float)
    except (TypeError, ValueError):
        name = type(value).__name__
        raise Odd(name, f"an object of type {name}: return an array of numbers") from None


def _words(dtype: np.dtype[Any]) -> str:
    return {"U": "text", "S": "text", "M": "dates", "m": "durations"}.get(dtype.kind, str(dtype))


def reference(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Outcome:
    """Return what a solution or a mistake does; these are ours, and need no guard."""
    try:
        with np.errstate(all="ignore"):
            return Outcome("value", plain(function(*copied(arguments))))
    except Odd as odd:
        return Outcome("odd", type_name=odd.type_name, message=str(odd))
    except Exception as error:
        return Outcome("raised", type_name=type(error).__name__, message=str(error))


def copied(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arguments as copies that share no memory with them."""
    return tuple(deepcopy(each) for each in arguments)
