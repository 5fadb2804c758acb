"""What is in a sandbox: the worker's own modules, and the part of the package for students.

That part is there if they have it at home too, as a wheel of the hand-out.
"""

from __future__ import annotations

from pathlib import Path

import softmaxbook

PACKAGE = Path(softmaxbook.__file__).parent
# Nothing else is: a new folder stays here until somebody has made sure that it knows no solution.
SHIPPED = (
    *("__init__.py", "py.typed", "theme.py", "cluster.py", "output.py"),
    *("numerics", "learning", "family", "transfer", "plots", "experiments", "results", "weights"),
)
# All that the worker needs: none of it knows a solution, a mistake or an input.
WORKER_MODULES = (
    "assignments/sandbox/namespaces.py",
    "assignments/sandbox/nursery.py",
    "assignments/sandbox/transport.py",
    "assignments/sandbox/worker.py",
    "checking/isolation.py",
    "checking/outcomes.py",
    "checking/placeholders.py",
    "checking/running.py",
    "checking/specification.py",
    "checking/timeouts.py",
)


def package_files() -> dict[str, bytes]:
    """Return the files of the package that students may have, by their path in the wheel."""
    found = {}
    for path in sorted(PACKAGE.rglob("*")):
        inside = path.relative_to(PACKAGE)
        shipped = inside.parts[0] in SHIPPED and "__pycache__" not in inside.parts
        if path.is_file() and shipped:
            found[f"softmaxbook/{inside.as_posix()}"] = path.read_bytes()
    return found


def shipped_files(package: bool = True) -> dict[str, bytes]:
    """Return what is put into a sandbox, by its path there: the worker, and what students have.

    They have the `package` if it was handed out. An answer's marks can depend on each of the files.
    """
    worker = {f"engine/{name}": (PACKAGE / name).read_bytes() for name in WORKER_MODULES}
    return worker | (package_files() if package else {})
