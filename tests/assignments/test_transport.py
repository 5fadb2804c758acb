"""Messages between grader and worker: what goes in comes out, and noise stays noise."""

import contextlib
import json
import os
import struct
import threading
import time
import warnings
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from softmaxbook.assignments.sandbox.transport import (
    BODY_LIMIT,
    DTYPES,
    PREFIX,
    Channel,
    Closed,
    Garbage,
    Late,
    Lost,
    Message,
    clean,
    message_of,
    outcome_of,
    packed,
    unpacked,
    values_of,
    with_values,
)
from softmaxbook.checking.comparison import close
from softmaxbook.checking.outcomes import How, Outcome

ARRAYS = st.sampled_from(sorted(DTYPES)).flatmap(
    lambda name: hnp.arrays(np.dtype(name), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**200), 10**200)
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20)
    | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.sampled_from(["W", "b 1"]), inner)
    ),
    max_leaves=8,
)


def read_again(message):
    """Return a message after it has been bytes."""
    data = packed(message)
    _, header, body = PREFIX.unpack(data[: PREFIX.size])
    head = data[PREFIX.size : PREFIX.size + header]
    assert len(data) == PREFIX.size + header + body
    return unpacked(head, data[PREFIX.size + header :])


def equal(one, two):
    if isinstance(one, np.ndarray):
        return one.dtype == two.dtype and one.shape == two.shape and one.tobytes() == two.tobytes()
    if isinstance(one, list | tuple):
        return type(one) is type(two) and all(map(equal, one, two)) and len(one) == len(two)
    if isinstance(one, dict):
        return list(one) == list(two) and all(equal(one[key], two[key]) for key in one)
    return type(one) is type(two) and one == two


@given(st.lists(VALUES, max_size=4))
def test_values_come_out_as_they_went_in(values):
    assert equal(list(values_of(read_again(with_values({}, values)))), values)


@given(ARRAYS)
def test_arrays_keep_every_bit(array):
    there = outcome_of(read_again(message_of(Outcome("value", array)))).array
    assert equal(there, array)


def test_big_endian_arrays_and_long_doubles_keep_their_numbers():
    for array in (np.arange(3.0, dtype=">f8"), np.arange(3.0, dtype=np.longdouble)):
        there = outcome_of(read_again(message_of(Outcome("value", array)))).array
        np.testing.assert_array_equal(there, [0.0, 1.0, 2.0])


@pytest.mark.parametrize("how", get_args(How))
def test_how_a_call_ended_is_known_on_the_other_side(how):
    array = np.ones(1) if how == "value" else None
    assert outcome_of(read_again(message_of(Outcome(how, array)))).how == how


def test_no_call_ends_in_another_way():
    with pytest.raises(Garbage):
        outcome_of(read_again(message_of(Outcome("still running"))))


@given(st.binary(max_size=300), st.binary(max_size=60))
def test_noise_is_garbage_or_plain(header, body):
    with contextlib.suppress(Garbage):
        outcome_of(unpacked(header, body))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
KEYS = ["arrays", "values", "how", "type_name", "message", "line", "printed", "warnings"]


@given(st.dictionaries(st.sampled_from([*KEYS, "changed", "used", "state"]), JSON))
def test_any_json_is_garbage_or_plain(header):
    for read in (outcome_of, values_of):
        with contextlib.suppress(Garbage):
            read(unpacked(json.dumps(header).encode(), b""))


def forged(*described, body=b""):
    header = {"how": "value", "type_name": "", "message": "", "line": "", "printed": ""}
    lists = {"warnings": [], "changed": [], "used": []}
    return json.dumps({**header, **lists, "arrays": list(described)}).encode(), body


@pytest.mark.parametrize(
    "described",
    [
        ["object", [1]],
        ["O", [1]],
        ["float64", [-1]],
        ["float64", [2]],
        ["float64", [1.0]],
        ["float64", [True]],
        ["float64", "1"],
        ["float64", [1] * 9],
        ["float64", [2**62, 4]],
        ["float128", [1]],
        ["U8", [1]],
        [["float64"], [1]],
        "float64",
        ["float64", [10**30, 0]],
    ],
)
def test_an_array_that_is_not_what_it_says_is_garbage(described):
    with pytest.raises(Garbage):
        unpacked(*forged(described, body=bytes(8)))


def test_what_no_message_holds_is_garbage():
    for header, body in (
        (b"[" * 10**5, b""),
        (b"null", b""),
        (b'{"arrays": 1}', b""),
        (b'{"arrays": [], "x": NaN}', b""),
        (b'{"arrays": [], "x": ' + b"9" * 5000 + b"}", b""),
        (b'{"arrays": []}', b"left over"),
        (b"\xff\xfe{}", b""),
        forged(["bool", [1]], body=b"\x02"),
        forged(*[["int8", [0]]] * 33),
    ):
        with pytest.raises(Garbage):
            unpacked(header, body)


def test_the_honest_forged_array_is_read():  # shows that the cases above fail for their reason
    assert outcome_of(unpacked(*forged(["float64", [1]], body=bytes(8)))).array == [0.0]


def test_what_is_not_plain_is_not_sent():
    for value in (object(), {1: 2}, {1}, print, np.array([None]), np.array(["text"])):
        with pytest.raises(TypeError, match="cannot be sent"):
            with_values({}, [value])


def test_signalling_nans_are_compared_without_a_warning():
    signalling = np.frombuffer(struct.pack("<Q", 0x7FF0000000000001), "<f8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        array = outcome_of(read_again(message_of(Outcome("value", signalling)))).array
        assert close(np.array([np.nan]), array, 1e-9, 0)
        assert not close(np.array([1.0]), array, 1e-9, 0)


def test_too_many_numbers_are_told_and_not_sent():
    message = message_of(Outcome("value", np.zeros(BODY_LIMIT // 8 + 1)))
    assert outcome_of(message).how == "odd"
    assert "too many" in outcome_of(message).message


@given(st.text(st.characters(codec=None)))
def test_clean_text_can_be_written(text):
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert all(each.isprintable() or each in "\n\t" for each in cleaned)


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    yield Channel(reading, writing), reading, writing
    for each in (reading, writing):
        with contextlib.suppress(OSError):
            os.close(each)


def soon():
    return time.monotonic() + 0.2


def test_a_message_longer_than_the_pipe_arrives(pipe):
    channel, _, _ = pipe
    array = np.arange(200_000.0)
    got = []
    reader = threading.Thread(target=lambda: got.append(channel.receive(time.monotonic() + 30)))
    reader.start()
    channel.send(Message({}, (array,)), time.monotonic() + 30)
    reader.join()
    np.testing.assert_array_equal(got[0].arrays[0], array)


def test_silence_is_late(pipe):
    with pytest.raises(Late):
        pipe[0].receive(soon())


def test_nobody_who_reads_is_late(pipe):
    with pytest.raises(Late):
        pipe[0].send(Message({}, (np.zeros(10**6),)), soon())


def test_half_a_message_is_late(pipe):
    channel, _, writing = pipe
    os.write(writing, packed(Message({}, (np.zeros(3),)))[:-5])
    with pytest.raises(Late):
        channel.receive(soon())


def test_an_end_is_closed(pipe):
    channel, _, writing = pipe
    os.close(writing)
    with pytest.raises(Closed):
        channel.receive(soon())


@pytest.mark.parametrize(
    "start",
    [
        b"noise and more noise",
        PREFIX.pack(b"smx1", 2**32 - 1, 0),
        PREFIX.pack(b"smx1", 0, 2**32 - 1),
        PREFIX.pack(b"smx2", 2, 0) + b"{}",
    ],
)
def test_a_wrong_start_is_garbage_before_anything_is_read(pipe, start):
    channel, _, writing = pipe
    os.write(writing, start)
    with pytest.raises(Garbage):
        channel.receive(soon())


def test_whoever_waits_can_give_up(pipe):
    channel, reading, writing = pipe

    def enough():
        raise Lost("enough")

    with pytest.raises(Lost, match="enough"):
        Channel(reading, writing, while_waiting=enough).receive(time.monotonic() + 30)
    assert channel is not None
