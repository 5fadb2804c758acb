"""Numbers as explorables write them, and back."""

DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(text):
    """Return the number that a text shows, with a power of ten or without."""
    mantissa, _, exponent = text.partition("·10")
    return float(f"{mantissa}e{exponent or 0}".translate(DIGITS))


def positive(value, decimals=3):
    """Return a positive number with so many decimals, or with its first digit where that is 0."""
    if value == 0:
        return "0"
    if value >= 0.5 * 10**-decimals:
        return f"{value:.{decimals}f}"
    mantissa, exponent = f"{value:.0e}".split("e")
    if value < 1e-3:
        return f"{mantissa}·10{str(int(exponent)).translate(RAISED)}"
    return f"{value:.{-int(exponent)}f}"
