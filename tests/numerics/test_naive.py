"""The naive formulas are right where nothing overflows, and wrong where they are said to be."""

import numpy as np
import pytest
from exact import rows
from hypothesis import given
from hypothesis import strategies as st

import softmaxbook as sb

MODERATE = st.floats(-50, 50)


@given(rows(MODERATE))
def test_naive_formulas_are_right_for_moderate_logits(z):
    np.testing.assert_allclose(sb.naive_softmax(z), sb.softmax(z), rtol=1e-14)
    np.testing.assert_allclose(sb.naive_logsumexp(z), sb.logsumexp(z), rtol=0, atol=1e-13)
    np.testing.assert_allclose(sb.naive_log_softmax(z), sb.log_softmax(z), rtol=0, atol=1e-13)
    np.testing.assert_allclose(sb.log_of_softmax(z), sb.log_softmax(z), rtol=0, atol=1e-13)


def test_naive_formulas_fail():
    up, down, apart = [1000.0, 1001.0], [-1000.0, -1001.0], [0.0, -800.0]
    assert np.isnan(sb.naive_softmax(up)).all()
    assert np.isnan(sb.naive_softmax(down)).all()
    assert sb.naive_logsumexp(up) == np.inf == -sb.naive_logsumexp(down)
    assert (sb.naive_log_softmax(up) == -np.inf).all()
    assert (sb.naive_log_softmax(down) == np.inf).all()
    assert sb.log_of_softmax(apart).tolist() == [0, -np.inf]
    assert sb.log_softmax(apart)[1] == -800
    assert np.isnan(sb.naive_softmax(np.float16([12, 0]))[0])  # in the type of the logits
    assert np.isfinite(sb.naive_softmax(np.float16([11, 0]))).all()


@pytest.mark.parametrize(
    "function", [sb.naive_softmax, sb.naive_logsumexp, sb.naive_log_softmax, sb.log_of_softmax]
)
def test_naive_formulas_take_an_axis_and_refuse_the_rest(function):
    z = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(function(z, 0), function(z.T).T)
    with pytest.raises(TypeError, match="must be real numbers"):
        function(["a"])
    with pytest.raises(ValueError, match="has no entries"):
        function([])
