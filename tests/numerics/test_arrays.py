"""The checks say what is wrong with an input, and let what is right pass as it is."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import softmaxbook as sb
from softmaxbook.numerics.arrays import as_floats, check_axis, check_temperature

# What stays the same


@given(hnp.arrays(st.sampled_from([np.float16, np.float32, np.float64]), hnp.array_shapes()))
def test_floats_pass_unchanged_and_uncopied(values):
    assert as_floats(values) is values


# What is converted


@pytest.mark.parametrize("values", [[1, 2], [True, False], np.uint8([1]), np.int64([-1]), 3, []])
def test_whole_numbers_become_float64(values):
    assert as_floats(values).dtype == np.float64


def test_longdouble_is_kept():
    assert as_floats(np.longdouble([1, 2])).dtype == np.longdouble


def test_foreign_byte_order_is_turned():
    array = as_floats(np.array([1.0, 2.0], dtype=">f8"))
    assert array.dtype.isnative
    assert array.tolist() == [1, 2]


# What is refused


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1j], r"logits must be real numbers, got complex128; take logits\.real"),
        (["1"], r"logits must be real numbers, got <U1; convert them first"),
        ([b"1"], r"logits must be real numbers, got \|S1; convert them first"),
        ([None, 1.0], r"logits must be real numbers, got object; convert them first"),
        ([10**400], r"logits must be real numbers, got object"),
        (np.array(["2026-11-21"], "M8[D]"), r"logits must be real numbers, got datetime64\[D\]"),
        (
            np.ma.array([1.0, 2.0], mask=[0, 1]),
            r"masked array.*logits\.astype\(float\)\.filled\(-np\.inf\)",
        ),
    ],
)
def test_other_things_are_refused(values, message):
    with pytest.raises(TypeError, match=message):
        as_floats(values)


def test_tensors_that_numpy_cannot_read_are_refused_with_the_way_out():
    torch = pytest.importorskip("torch")
    half, learning = torch.zeros(2, dtype=torch.bfloat16), torch.zeros(2, requires_grad=True)
    for tensor in (half, learning, [half[0], 1.0], torch.zeros(2, device="meta")):
        with pytest.raises(TypeError, match=r"pass logits\.detach\(\)\.cpu\(\)\.float\(\): "):
            sb.softmax(tensor)
    for tensor in (half, learning):
        assert sb.softmax(tensor.detach().cpu().float()).tolist() == [0.5, 0.5]
        with pytest.raises(TypeError, match=r"pass labels\.detach\(\)"):
            sb.cross_entropy([[0.0, 0.0]], tensor[None])
    void = np.zeros(2, np.dtype("V2"))  # what NumPy sees of a bfloat16 that it does not know
    with pytest.raises(TypeError, match=r"of bfloat16, pass logits\.astype\(np\.float32\)"):
        as_floats(void)


def test_ragged_lists_are_refused():
    with pytest.raises(ValueError, match="tangent must be rectangular, its rows differ in length"):
        as_floats([[1.0], [2.0, 3.0]], "tangent")


@given(hnp.array_shapes(max_dims=4), st.integers(-6, 6))
def test_axis_is_found_or_refused_as_numpy_does(shape, axis):
    array = np.zeros(shape)
    try:
        expected = np.lib.array_utils.normalize_axis_index(axis, array.ndim)
    except np.exceptions.AxisError:
        with pytest.raises(np.exceptions.AxisError, match=f"no axis {axis}: its shape is"):
            check_axis(array, axis)
    else:
        assert check_axis(array, axis) == expected


@pytest.mark.parametrize("axis", [None, 1.0, (0, 1), "0"])
def test_axis_must_be_one_integer(axis):
    with pytest.raises(TypeError, match=r"one integer.*logits\.ravel\(\)"):
        check_axis(np.zeros((2, 2)), axis)


def test_axis_must_have_entries():
    with pytest.raises(ValueError, match=r"x has no entries along axis 1: its shape is \(2, 0\)"):
        check_axis(np.zeros((2, 0)), 1, "x")
    with pytest.raises(ValueError, match=r"at least one axis, got the single number 3\.0"):
        check_axis(np.float64(3) + np.zeros(()), 0)


@pytest.mark.parametrize("temperature", [0, -1, np.inf, np.nan, -0.0])
def test_temperature_must_be_positive_and_finite(temperature):
    with pytest.raises(ValueError, match=rf"got {temperature}; as T → 0 .* as T → ∞"):
        check_temperature(temperature)


def test_temperature_may_be_any_number():
    assert check_temperature(np.float32(0.5)) == check_temperature(0.5) == 0.5
    assert check_temperature(5e-324) == 5e-324


# What is loaded


def test_the_package_needs_numpy_alone():
    code = "import sys, softmaxbook; print(*sorted(m.partition('.')[0] for m in sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(result.stdout.split())
    assert {"softmaxbook", "numpy"} <= loaded
    assert not loaded & {"matplotlib", "torch", "scipy", "anywidget", "IPython", "sklearn"}


def test_public_names_exist_and_are_documented():
    for name in sb.__all__:
        assert name == "FORMATS" or getattr(sb, name).__doc__
