"""NumPy for the pages' Python, on machines that cannot reach Pyodide's own distribution."""

import hashlib
import os
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from extensions import python
from extensions.distribution import WHEEL, Unavailable, lock_of, npm_package, numpy, pyodide

CACHE = Path(__file__).parents[2] / ".cache" / "tests"

# An npm package that happens to carry a NumPy of the same binary interface. It serves tests alone.
CARRIER = "@bentopdf/pymupdf-wasm", "0.11.16"
INTEGRITY = "sha512-GPxxH2BokrS49fJa17mrt3hTBGRIDlMkLfJwk+tk45+ICTmIzcti7ACXT2JHK3FUJX916OQvnrJQb29ZajN3CA=="  # noqa: E501
NUMPY = "numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl"
SHA256 = "125230b4c3ecd08803e5c43f1162e017c0718d9f253146225a705a952b9c16c2"


def numpy_for_pages():
    """Return a value for $SOFTMAXBOOK_NUMPY_WHEEL: nothing, where Pyodide's own can be had."""
    if given := os.environ.get(WHEEL):
        return given
    try:
        numpy(lock_of(pyodide(python.CACHE)), python.CACHE)
    except Unavailable:
        return stand_in()
    return ""


def stand_in():
    """Return the path and the checksum of the stand-in, fetched when first asked for."""
    kept = CACHE / NUMPY
    if not kept.exists() or hashlib.sha256(kept.read_bytes()).hexdigest() != SHA256:
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            packed = npm_package(*CARRIER, INTEGRITY, Path(folder))
            with tarfile.open(fileobj=BytesIO(packed)) as archive:
                wheel = archive.extractfile(f"package/assets/{NUMPY}").read()
            assert hashlib.sha256(wheel).hexdigest() == SHA256
            fresh = Path(folder) / NUMPY
            fresh.write_bytes(wheel)
            fresh.replace(kept)  # whole or not at all: another test may be reading it
    return f"{kept}#sha256={SHA256}"
