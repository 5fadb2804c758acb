"""What a benchmark runs on: a time without its processor says little."""

import platform
from pathlib import Path


def processor():
    """Return the processor's name as Linux knows it, else as Python does."""
    known = Path("/proc/cpuinfo")
    if known.exists():
        for line in known.read_text(errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def vector_instructions():
    """Return the widest vector instructions that NumPy's loops use here.

    ``NPY_DISABLE_CPU_FEATURES`` takes some away, so that one machine can stand for others.
    """
    from numpy._core._multiarray_umath import __cpu_features__ as found

    names = {"AVX512_SKX": "AVX-512", "AVX2": "AVX2", "ASIMD": "Neon", "SSE42": "SSE 4.2"}
    return next((name for feature, name in names.items() if found.get(feature)), "none known")
