"""Numbers on their way to a reader and back: as text, as Python, within bounds."""

import ast
import math
import re

import pytest
from javascript import call
from readable import number, positive


def made(name, *given):
    """Return what a function makes of each of the given lists of arguments."""
    return call("numerics/numbers", [(name, *arguments) for arguments in given])


def test_parse_number_takes_what_people_type():
    texts = ["2", " -3.5 ", "1e-3", "0,25", "−4", "－０．５", "2·10⁻³", "1/4"]
    parsed = made("parseNumber", *([text] for text in texts))
    assert parsed == [2, -3.5, 1e-3, 0.25, -4, -0.5, 2e-3, 0.25]


def test_what_is_no_number_is_read_as_none():
    texts = ["abc", "", "1,2,3", "0x10", "--1", "1 2"]
    parsed = made("parseNumber", *([text] for text in texts))
    assert all(math.isnan(value) for value in parsed)


def test_numbers_are_written_as_people_read_them():
    values = [0.70538, 1e-7, -12345678.0, 0.0, math.inf, -math.inf]
    assert made("format", *([value] for value in values)) == [
        *("0.705", "1.00·10⁻⁷", "−1.23·10⁷", "0", "∞", "−∞"),
    ]
    assert math.isnan(made("format", [math.nan])[0])  # `call` takes the text “NaN” for the number
    assert made("format", [1234.5, 2], [0.04567, 2]) == ["1235", "0.046"]
    assert made("fixed", [-1e-15], [-1.5], [2 / 3, 4], [-math.inf]) == [
        *("0.00", "−1.50", "0.6667", "−∞"),
    ]


def test_a_small_number_does_not_read_like_zero():
    decimals = range(5)
    sizes = [10.0**-k for k in range(1, 12)] + [0.49 * 10.0**-k for k in decimals]
    given = [[sign * size, d] for size in sizes for sign in (1, -1) for d in decimals]
    written = made("fixed", *given)
    zeros = [
        pair for pair, text in zip(given, written, strict=True) if not re.search("[1-9]", text)
    ]
    assert zeros == []
    assert made("fixed", [1e-3], [-4e-4], [3e-7, 1]) == ["0.001", "−4·10⁻⁴", "3·10⁻⁷"]
    assert made("fixed", [0.1 + 0.2 - 0.3], [-1e-17], [0.0]) == ["0.00", "0.00", "0.00"]
    assert made("fixed", [0.005], [0.0499, 1], [0.4, 0]) == ["0.01", "0.05", "0.4"]


def test_what_is_positive_is_zero_only_where_it_reads_so():
    values = [0.0, 5e-324, 4.4e-23, 1e-13, 6.1e-6, 0.0004, 0.0021, 0.05, 0.5, 1.0, 12.345]
    given = [[value, decimals] for value in values for decimals in (1, 2, 3)]
    written = made("positive", *given)
    assert written == [positive(*each) for each in given]
    for (value, decimals), text in zip(given, written, strict=True):
        assert number(text) == pytest.approx(value, rel=0.5, abs=0.5 * 10**-decimals)
    assert made("positive", [math.inf], [0.5, 1]) == ["∞", "0.5"]


def test_a_power_of_e_is_written_where_no_float_holds_it():
    logarithms = [0.0, 1000.0, -1000.0, math.log(9.9996)]
    assert made("formatPower", *([each] for each in logarithms)) == [
        *("1.00·10⁰", "1.97·10⁴³⁴", "5.08·10⁻⁴³⁵", "1.00·10¹"),
    ]


def test_python_reads_what_is_written_for_it():
    values = [3, -0.1, 1e300, 5e-324, 2**53, 1e16, -7.0]
    written = made("pythonNumber", *([value] for value in values))
    assert [ast.literal_eval(text) for text in written] == values
    assert {type(ast.literal_eval(text)) for text in written} == {float}
    odd = made("pythonNumber", [math.inf], [-math.inf], [math.nan])
    assert odd == ["float('inf')", "-float('inf')", "float('nan')"]
    assert made("pythonList", [[1, -0.5]], [[]]) == ["[1.0, -0.5]", "[]"]


def test_bounds_and_the_first_numbers():
    assert made("clamp", [5, 0, 1], [-5, 0, 1], [0.5, 0, 1]) == [1, 0, 0.5]
    assert math.isnan(made("clamp", [math.nan, 0, 1])[0])
    assert made("range", [3], [0]) == [[0, 1, 2], []]
