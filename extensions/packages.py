"""What the page's Python can import: of this package and of NumPy what a page needs, as wheels.

A module is taken along if all that it imports when it is loaded is there too: Python's own library,
NumPy, and modules that are taken along. An edition without solutions gets no exercise.
"""

from __future__ import annotations

import ast
import sys
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

import softmaxbook
from softmaxbook.assignments.handout.package import packed, wheel_of

PACKAGE = Path(softmaxbook.__file__).parent
PAGE = Path(__file__).with_name("page")
"""What goes to the browser beside the package: the session, and what stands in for IPython."""

WINGS = ("numerics", "learning", "family", "transfer", "checking")
EXERCISES = "softmaxbook/exercises/"
AT_HAND = {*sys.stdlib_module_names, "numpy"}

UNUSED = ("/tests/", "numpy/f2py/", "numpy/distutils/", "/include/", "/src/")
TYPES = (".pyi", ".pxd", ".pyx", ".h", ".c", ".a", ".lib", ".pc")


def modules_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the path of each module's file, by the name that it is imported by.

    Examples
    --------
    >>> modules_of({"a/__init__.py": b"", "a/b.py": b"", "a/py.typed": b""})
    {'a': 'a/__init__.py', 'a.b': 'a/b.py'}
    """
    names = {p: p.removesuffix(".py").replace("/", ".") for p in files if p.endswith(".py")}
    return {name.removesuffix(".__init__"): path for path, name in names.items()}


def imported(source: bytes, package: str) -> Iterator[str]:
    r"""Yield what a module of `package` imports when it is loaded.

    Examples
    --------
    >>> list(imported(b"import numpy as np\nfrom .c import d", "a.b"))
    ['numpy', 'a.b.c', 'a.b.c.d']
    """
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) + 1 - node.level]
            start = ".".join(parts) if node.level else ""
            module = ".".join(part for part in (start, node.module) if part)
            yield module
            yield from (f"{module}.{each.name}" for each in node.names)


def package_of(name: str, path: str) -> str:
    """Return the package that a module's relative imports start from."""
    return name if path.endswith("__init__.py") else name.rpartition(".")[0]


def loadable(files: Mapping[str, bytes]) -> set[str]:
    """Return the modules among the files that can be loaded where only they and NumPy are."""
    paths = modules_of(files)
    needs = {n: set(imported(files[path], package_of(n, path))) for n, path in paths.items()}
    kept = set(paths)
    while True:
        lost = {name for name in kept if any(_is_lost(each, paths, kept) for each in needs[name])}
        if not lost:
            return kept
        kept -= lost


def _is_lost(name: str, paths: Mapping[str, str], kept: set[str]) -> bool:
    """Return whether an imported name is a module, and one that is not there."""
    if name.partition(".")[0] in AT_HAND or name in kept:
        return False
    if name in paths:
        return True  # it was there, and had to go
    parent = name.rpartition(".")[0]
    return parent not in paths  # or else a name that a module defines


def files_for_page(solutions: bool) -> dict[str, bytes]:
    """Return the files of the wheel for the page, by their path in it."""
    wings = (*WINGS, "exercises") if solutions else WINGS
    top = {"softmaxbook/__init__.py": (PACKAGE / "__init__.py").read_bytes()}
    found = top | {
        f"softmaxbook/{path.relative_to(PACKAGE).as_posix()}": path.read_bytes()
        for wing in wings
        for path in sorted((PACKAGE / wing).rglob("*.py"))
    }
    own = {p.relative_to(PAGE).as_posix(): p.read_bytes() for p in sorted(PAGE.rglob("*.py"))}
    stand_in = own.pop("no_exercises.py")
    if not solutions:
        found[f"{EXERCISES}__init__.py"] = stand_in
    found |= own
    paths = modules_of(found)
    return {paths[name]: found[paths[name]] for name in sorted(loadable(found))}


def wheel_for_page(solutions: bool) -> bytes:
    """Return the wheel of what the page can import of this package."""
    return wheel_of(files_for_page(solutions), "what runs on a page")


def provided(solutions: bool) -> frozenset[str]:
    """Return the names of all modules that the wheel for the page holds."""
    return frozenset(modules_of(files_for_page(solutions)))


def trimmed(wheel: bytes) -> bytes:
    """Return NumPy's wheel without its tests and what only a compiler or an editor reads."""
    with zipfile.ZipFile(BytesIO(wheel)) as archive:
        kept = {
            name: archive.read(name)
            for name in sorted(archive.namelist())
            if not name.endswith(TYPES) and not any(part in name for part in UNUSED)
        }
    return packed(kept)
