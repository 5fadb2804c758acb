"""Messages between the grader and the worker: JSON and raw arrays, bounded, and nothing that runs.

A message is a header, which is JSON, and a body, which is the bytes of the arrays that the header
names. Nothing is unpickled. Whoever receives one checks every length, dtype and shape before an
array is made, so what a hostile worker writes is a plain value or a `Garbage`.

Used on both sides: standard library, NumPy, and what an outcome is.
"""

from __future__ import annotations

import json
import math
import os
import select
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from ...checking.outcomes import How, Outcome

MAGIC = b"smx1"
PREFIX = struct.Struct(">4sII")  # magic, length of the header, length of the body
HEADER_LIMIT = 1 << 17
BODY_LIMIT = 1 << 23
ARRAYS_LIMIT, AXES_LIMIT, ITEMS_LIMIT, DEPTH_LIMIT = 32, 8, 64, 6
TEXT_LIMIT = 2000
AT_ONCE = 1 << 16  # bytes that are read in one call
TICK = 0.05  # seconds between two looks at a worker that is waited for
# Between two pieces of a program, where one ended the worker and it is not known which: so long a
# worker may go on after its end was ordered, on a busy machine.
PAUSE = 0.25

DTYPES = {
    name: np.dtype(name).newbyteorder("<")
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
}


# Looked up by the dtype itself, in either byte order: NumPy puts its name together at each call.
_NAMES = {each: name for name, dtype in DTYPES.items() for each in (dtype, dtype.newbyteorder(">"))}


class Lost(Exception):
    """The other side cannot be talked to any more."""


class Closed(Lost):
    """The other side is gone."""


class Late(Lost):
    """The other side did not answer in time."""


class Garbage(Lost):
    """What the other side wrote is no message."""


@dataclass(frozen=True, eq=False)
class Message:
    """What is sent: JSON, and arrays beside it."""

    header: Mapping[str, Any]
    arrays: tuple[NDArray[Any], ...] = ()


@dataclass
class Channel:
    """Two file descriptors: messages come from `source` and go to `sink`.

    With deadlines the descriptors have to be non-blocking; `while_waiting` is called every `TICK`
    seconds, and may raise.
    """

    source: int
    sink: int
    header_limit: int = HEADER_LIMIT
    body_limit: int = BODY_LIMIT
    while_waiting: Callable[[], None] = field(default=lambda: None)
    _read: bytearray = field(init=False, default_factory=bytearray)  # and in no message yet

    def send(self, message: Message, deadline: float = math.inf) -> None:
        """Send a message, or raise `Lost`."""
        rest = memoryview(packed(message))
        while rest:
            try:
                rest = rest[os.write(self.sink, rest) :]
            except BlockingIOError:
                self._wait(self.sink, select.POLLOUT, deadline)
            except OSError as error:
                raise Closed(str(error)) from None

    def receive(self, deadline: float = math.inf) -> Message:
        """Return the next message, or raise `Lost`."""
        self._read_up_to(PREFIX.size, deadline)
        magic, header, body = PREFIX.unpack_from(self._read)
        if magic != MAGIC or header > self.header_limit or body > self.body_limit:
            raise Garbage("it does not begin as a message does")
        start, stop = PREFIX.size + header, PREFIX.size + header + body
        self._read_up_to(stop, deadline)
        told, rest = bytes(self._read[PREFIX.size : start]), bytes(self._read[start:stop])
        del self._read[:stop]
        return unpacked(told, rest)

    def _read_up_to(self, size: int, deadline: float) -> None:
        """Read until so many bytes are there; more may be."""
        while len(self._read) < size:
            try:
                part = os.read(self.source, AT_ONCE)
            except BlockingIOError:
                self._wait(self.source, select.POLLIN, deadline)
                continue
            except OSError as error:
                raise Closed(str(error)) from None
            if not part:
                raise Closed("it ended")
            if time.monotonic() > deadline:
                raise Late("it writes without end")
            self._read += part

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        while not poll.poll(1000 * TICK):
            if time.monotonic() > deadline:
                raise Late("no answer in time")
            self.while_waiting()


def packed(message: Message) -> bytes:
    """Return a message as bytes."""
    arrays = [np.asarray(each) for each in message.arrays]
    parts = [_bytes_of(each) for each in arrays]
    shapes = [[_NAMES[each.dtype], list(each.shape)] for each in arrays]
    header = json.dumps({**message.header, "arrays": shapes}).encode()
    body = b"".join(parts)
    return PREFIX.pack(MAGIC, len(header), len(body)) + header + body


def _bytes_of(array: NDArray[Any]) -> bytes:
    if array.dtype not in _NAMES:
        raise TypeError(f"an array of {array.dtype} cannot be sent")
    return array.astype(DTYPES[_NAMES[array.dtype]], copy=False).tobytes()


def unpacked(header: bytes, body: bytes) -> Message:
    """Return the message that bytes hold, or raise `Garbage`."""
    try:
        read = _JSON.decode(header.decode())
    except (ValueError, RecursionError) as error:
        raise Garbage(f"no JSON: {type(error).__name__}") from None
    if not isinstance(read, dict) or not isinstance(read.get("arrays"), list):
        raise Garbage("no message")
    described = read.pop("arrays")
    if len(described) > ARRAYS_LIMIT:
        raise Garbage("too many arrays")
    arrays, start = [], 0
    for each in described:
        dtype, shape = _dtype_and_shape(each)
        stop = start + dtype.itemsize * math.prod(shape)
        if stop > len(body):
            raise Garbage("an array is longer than the message")
        flat = np.frombuffer(body[start:stop], dtype=dtype)
        if dtype.kind == "b" and np.any(flat.view(np.uint8) > 1):
            raise Garbage("a truth value that is neither true nor false")
        arrays.append(flat.reshape(shape).astype(dtype.newbyteorder("=")))
        start = stop
    if start != len(body):
        raise Garbage("bytes that belong to no array")
    return Message(read, tuple(arrays))


def _refused(text: str) -> Any:
    raise ValueError(f"a number that no message holds: {text[:20]}")


_JSON = json.JSONDecoder(parse_constant=_refused)  # made once, and not for each message


def _dtype_and_shape(described: Any) -> tuple[np.dtype[Any], tuple[int, ...]]:
    match described:
        case [str() as name, list() as shape] if name in DTYPES and len(shape) <= AXES_LIMIT:
            if all(type(n) is int and 0 <= n <= BODY_LIMIT for n in shape):
                return DTYPES[name], tuple(shape)
    raise Garbage("no dtype and shape")


def with_values(header: Mapping[str, Any], values: Sequence[Any]) -> Message:
    """Return a message that carries plain values: numbers, texts, None, arrays, lists and dicts.

    Raises TypeError for every other value.
    """
    arrays: list[NDArray[Any]] = []
    return Message({**header, "values": [_tagged(each, arrays) for each in values]}, tuple(arrays))


def _tagged(value: Any, arrays: list[NDArray[Any]]) -> list[Any]:
    match value:
        case None:
            return ["none"]
        case bool():
            return ["bool", value]
        case np.ndarray() | np.generic() if value.dtype in _NAMES:
            arrays.append(np.asarray(value))
            return ["array", len(arrays) - 1]
        case int():
            return ["int", hex(value)]
        case float():
            return ["float", value.hex()]
        case str():
            return ["text", value]
        case list() | tuple():
            return [type(value).__name__, [_tagged(each, arrays) for each in value]]
        case dict() if all(isinstance(key, str) for key in value):
            return ["dict", list(value), [_tagged(each, arrays) for each in value.values()]]
    raise TypeError(f"a value of type {type(value).__name__} cannot be sent")


def values_of(message: Message) -> tuple[Any, ...]:
    """Return the plain values that a message carries, or raise `Garbage`."""
    tagged = message.header.get("values")
    if not isinstance(tagged, list) or len(tagged) > ITEMS_LIMIT:
        raise Garbage("no values")
    return tuple(_untagged(each, message.arrays, DEPTH_LIMIT) for each in tagged)


def _untagged(tagged: Any, arrays: tuple[NDArray[Any], ...], depth: int) -> Any:
    match tagged:
        case ["none"]:
            return None
        case ["bool", bool() as value]:
            return value
        case ["array", int() as position] if 0 <= position < len(arrays):
            return arrays[position]
        case ["int", str() as digits] if len(digits) <= 300:
            return _number(int, digits, 16)
        case ["float", str() as digits] if len(digits) <= 40:
            return _number(float.fromhex, digits)
        case ["text", str() as text]:
            return clean(text)
        case [("list" | "tuple") as kind, list() as items] if depth and len(items) <= ITEMS_LIMIT:
            inner = [_untagged(each, arrays, depth - 1) for each in items]
            return inner if kind == "list" else tuple(inner)
        case ["dict", list() as keys, list() as items] if depth and len(items) <= ITEMS_LIMIT:
            if len(keys) == len(items) and all(isinstance(key, str) for key in keys):
                inner = [_untagged(each, arrays, depth - 1) for each in items]
                return dict(zip(map(clean, keys), inner, strict=True))
    raise Garbage("no value")


def _number(read: Callable[..., Any], *given: Any) -> Any:
    try:
        return read(*given)
    except (ValueError, OverflowError):
        raise Garbage("no number") from None


def clean(text: Any, limit: int = TEXT_LIMIT) -> str:
    r"""Return text that every file and page can hold: short, without control characters.

    Examples
    --------
    >>> clean("one\x1b[31m\ud800 two")
    'one�[31m� two'
    """
    if not isinstance(text, str):
        raise Garbage("no text")
    short = text[:limit]
    if short.isprintable():
        return short
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in short)


_TEXTS = ("type_name", "message", "line", "printed")
_LISTS = ("warnings", "changed", "used")


def message_of(outcome: Outcome) -> Message:
    """Return an outcome as a message."""
    texts = {name: str(getattr(outcome, name))[:TEXT_LIMIT] for name in _TEXTS}
    lists = {name: [str(each)[:200] for each in getattr(outcome, name)[:8]] for name in _LISTS}
    array = outcome.array
    arrays: tuple[NDArray[Any], ...] = ()
    if array is not None:
        if array.dtype not in _NAMES:  # long doubles
            array = array.astype(complex if array.dtype.kind == "c" else float)
        if array.nbytes > BODY_LIMIT or array.ndim > AXES_LIMIT:
            said = f"an array of {array.size} numbers, too many to be compared"
            return message_of(Outcome("odd", type_name="array", message=said))
        arrays = (array,)
    return Message({"how": outcome.how, **texts, **lists}, arrays)


def outcome_of(message: Message) -> Outcome:
    """Return the outcome that a message holds, or raise `Garbage`."""
    header = message.header
    how: Any = header.get("how")
    if how not in get_args(How) or len(message.arrays) != (how == "value"):
        raise Garbage("no outcome")
    said: dict[str, Any] = {name: clean(header.get(name)) for name in _TEXTS}
    said |= {name: _texts(header.get(name)) for name in _LISTS}
    return Outcome(how, message.arrays[0] if message.arrays else None, **said)


def _texts(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or len(given) > 8:
        raise Garbage("no list of texts")
    return tuple(clean(each, 200) for each in given)
