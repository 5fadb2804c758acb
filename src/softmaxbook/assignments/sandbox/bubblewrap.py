"""Whether bubblewrap can make a sandbox here, and what to do where it cannot."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

from ..course import CourseError

NEEDED = (0, 8)  # the first version that can forbid namespaces inside


def refuse_without_bubblewrap() -> None:
    """Raise CourseError where there is no bubblewrap, or one that is too old."""
    way_out = "or pass --unsafe-no-sandbox if you trust every submission as your own programs"
    if sys.platform != "linux":
        raise CourseError(
            "grading needs a sandbox, and bubblewrap makes one on Linux only: grade on Linux "
            f"(a virtual machine will do), {way_out}"
        )
    found = shutil.which("bwrap", path=os.defpath)
    if found is None:
        raise CourseError(
            "grading needs bubblewrap, which keeps the students' programs away from your files and "
            f"the network: install it (Debian, Ubuntu: apt install bubblewrap), {way_out}"
        )
    said = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
    version = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    if version < NEEDED:
        raise CourseError(
            f"grading needs bubblewrap 0.8 or newer; here is {said.strip() or 'another'}: "
            f"use a newer system, {way_out}"
        )


def why_not(said: str) -> str:
    """Return why no worker starts, from what bubblewrap or Python said, and what to do about it."""
    line = said.strip().partition("\n")[0]
    if "uid map" in line or "namespace" in line or "RTM_NEWADDR" in line:
        return (
            f"bubblewrap cannot make a sandbox here ({line}): the system forbids namespaces. On "
            "Ubuntu 24.04: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        )
    return f"the worker does not start ({line}): is this Python's folder readable by everybody?"
