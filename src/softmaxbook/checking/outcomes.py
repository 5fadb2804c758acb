"""What an answer did on one probe, as plain arrays and words: all that the judge may see."""

from __future__ import annotations

import warnings
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
    """What came back cannot be read as numbers; the message is a noun that says what it is."""

    def __init__(self, type_name: str, message: str) -> None:
        super().__init__(message)
        self.type_name = type_name


def plain(value: Any) -> NDArray[Any]:
    """Return what an answer returned as an array of numbers, wherever it came from.

    NumPy, torch and TensorFlow arrays, numbers of any library, sparse matrices, nested lists and
    tuples, generators, pandas objects. Raises `Odd`, in the learner's words, for everything else.
    """
    try:
        unwrapped = _unwrapped(value)
        with warnings.catch_warnings():  # what converting warns of is not the answer's
            warnings.simplefilter("ignore")
            array = _narrow(np.array(unwrapped))
    except (ValueError, TypeError) as error:
        if "inhomogeneous" in str(error):
            raise Odd(type(value).__name__, _uneven(value)) from None
        name = type(value).__name__
        reason = f"an object of type {name}, of which NumPy makes no array ({error})"
        raise Odd(name, reason) from None
    if array.dtype.kind == "O":
        array = _from_objects(value, array)
    if array.dtype.kind == "c" and not np.any(np.imag(array)):
        array = np.real(array)
    if array.dtype.kind not in "biufc":
        raise Odd(type(value).__name__, f"an array that holds {_words(array.dtype)}, not numbers")
    return array


def _uneven(value: Any) -> str:
    """Return what a list or a tuple is whose parts do not make one array."""
    if isinstance(value, tuple):
        return f"a tuple of {len(value)} things of different shapes: return the one asked for"
    return "a list whose rows have different lengths"


def _unwrapped(value: Any) -> Any:
    """Return `value` in a form that np.array understands, its elements too."""
    _refuse_known(value)
    if hasattr(value, "detach") and hasattr(value, "cpu"):  # a torch tensor
        tensor = value.detach().cpu()
        if "strided" not in str(tensor.layout):  # a sparse one
            tensor = tensor.to_dense()
        return _from_bfloat(tensor.float().numpy()) if _is_bfloat(tensor) else tensor.numpy()
    if hasattr(value, "toarray"):  # a sparse matrix of SciPy
        return value.toarray()
    if isinstance(value, np.ma.MaskedArray):
        masked: Any = value.astype(float)
        return masked.filled(np.nan)
    if isinstance(value, np.matrix):
        return np.asarray(value)
    if isinstance(value, (np.ndarray, np.generic)):
        return value
    if callable(getattr(value, "numpy", None)):  # of TensorFlow or Keras
        return _narrow(np.asarray(value.numpy()))
    if isinstance(value, Iterator):
        value = list(islice(value, 100_000))
    elif type(value).__name__ in ("dict_values", "dict_keys"):
        value = list(value)
    if isinstance(value, (list, tuple)):
        return [_unwrapped(each) for each in value]
    return value


def _is_bfloat(value: Any) -> bool:
    return "bfloat16" in str(value.dtype)


def _narrow(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array of a narrow float that NumPy itself does not have as one that it has."""
    if _is_bfloat(array):
        return _from_bfloat(array.astype(np.float32))
    if array.dtype.kind == "V" and array.dtype.name.startswith("float8"):
        return array.astype(np.float16)
    return array


def _from_bfloat(array: NDArray[np.float32]) -> NDArray[Any]:
    """Return numbers of a bfloat16 as float16, whose tolerance is near, if its range allows."""
    finite = array[np.isfinite(array)]
    return array.astype(np.float16 if np.all(np.abs(finite) < 6e4) else np.float32)


def _refuse_known(value: Any) -> None:
    """Raise `Odd` for what people return by accident."""
    if value is None:
        raise Odd("None", "nothing: a function without `return` gives None")
    if value is Ellipsis or value is NotImplemented:
        raise Odd(str(value), "a placeholder of the starter")
    if isinstance(value, CoroutineType):
        value.close()  # else Python warns that nobody waited for it
        raise Odd("coroutine", "a coroutine: write `def`, not `async def`")
    if isinstance(value, dict):
        raise Odd("dict", "a dictionary: return its values as an array")
    if isinstance(value, (set, frozenset)):
        raise Odd("set", "a set, which has no order and drops equal numbers: return an array")
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
