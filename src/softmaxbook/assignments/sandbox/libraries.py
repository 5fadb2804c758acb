"""What programs may use in the sandbox: this Python, and those of its libraries that help here."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache

# What a student may think of, by the name that is imported; the wording is for people.
KNOWN = {
    "numpy": "NumPy",
    "scipy": "SciPy",
    "pandas": "pandas",
    "sklearn": "scikit-learn",
    "matplotlib": "Matplotlib",
    "torch": "PyTorch",
    "tensorflow": "TensorFlow",
    "jax": "JAX",
}


def python() -> str:
    """Return the version of Python that runs the answers, as in ``3.11``."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


@cache
def libraries() -> tuple[str, ...]:
    """Return the libraries that are there, in words."""
    return tuple(words for name, words in KNOWN.items() if importlib.util.find_spec(name))


def there_is(package: bool) -> str:
    """Return what a program may use, in words; `package` says whether this book's is handed out.

    Examples
    --------
    >>> there_is(package=True).startswith("Python 3.")
    True
    >>> "this book's package" in there_is(package=True), "book" in there_is(package=False)
    (True, False)
    """
    names = [f"Python {python()}", *libraries(), *(["this book's package"] if package else [])]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def is_newer(version: str) -> bool:
    """Return whether a notebook was written with a newer Python than the one that runs here.

    Examples
    --------
    >>> is_newer("3.99.1"), is_newer("2.7.18"), is_newer(""), is_newer("R 4")
    (True, False, False, False)
    """
    first = version.split(".")[:2]
    return (
        len(first) == 2
        and all(each.isdecimal() for each in first)
        and tuple(map(int, first)) > sys.version_info[:2]
    )
