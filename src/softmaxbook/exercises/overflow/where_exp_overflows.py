"""Where the exponential overflows."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(largest):
    return np.log(largest)


def base_ten(largest):
    """This is the logarithm to base 10. The power is one of e: take the natural logarithm."""
    return np.log10(largest)


def base_two(largest):
    """This is the logarithm to base 2, the exponent of the format. The power is one of e: take
    the natural logarithm."""
    return np.log2(largest)


def the_largest_number_itself(largest):
    """This is the largest result. The question is which input leads to it."""
    return largest


def the_underflow_side(largest):
    """The sign is the other side's: very negative logits underflow to 0. Overflow needs a large
    positive one."""
    return -np.log(largest)


def the_square_root(largest):
    """The square root of the largest number is the limit for squaring. For exp it is the
    logarithm."""
    return np.sqrt(largest)


def another_format(largest):
    """This is the limit of float32. The question gives the largest number of another format."""
    return np.log(float(np.finfo(np.float32).max)) + 0 * largest


EXERCISE = Exercise(
    title="Where the exponential overflows",
    kind="predict",
    difficulty=1,
    form="number",
    digits=3,
    statement=lambda largest: (
        f"""
        The largest finite number of a float format is {largest:.6g}.
        Above which logit does $e^z$ overflow? Give three significant digits.
        """
    ),
    solution=solution,
    mistakes=(
        base_ten,
        base_two,
        the_largest_number_itself,
        the_underflow_side,
        the_square_root,
        another_format,
    ),
    probes=(probe("the question", float(np.finfo(np.float16).max)),),
    fresh=lambda rng: (float(2.0 ** int(rng.integers(8, 64))),),
    nudge="Check: the exponential of your answer should be that largest number.",
    hints=(
        "For which z is e to the z equal to that number?",
        "The inverse of exp is the natural logarithm.",
    ),
    explanation=lambda largest: f"ln {largest:.6g} = {np.log(largest):.4f}.",
)
