"""Whether bubblewrap can make a sandbox here, and what to do where it cannot."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ..course import CourseError

NEEDED = (0, 8)  # the first version that can forbid namespaces inside


def bubblewrap() -> str | None:
    """Return where bubblewrap is: in the system's folders, or where a module or conda put it."""
    return shutil.which("bwrap", path=os.defpath) or shutil.which("bwrap")


def refuse_without_bubblewrap() -> None:
    """Raise CourseError where there is no bubblewrap, or one that is too old."""
    way_out = "or pass --unsafe-no-sandbox if you trust every submission as your own programs"
    if sys.platform != "linux":
        raise CourseError(
            "grading needs a sandbox, and bubblewrap makes one on Linux only: grade on Linux "
            f"(a virtual machine will do), {way_out}"
        )
    found = bubblewrap()
    if found is None:
        raise CourseError(
            "grading needs bubblewrap, which keeps the students' programs away from your files and "
            "the network: install it (Debian, Ubuntu: apt install bubblewrap; without root: any "
            f"bwrap on the PATH), {way_out}"
        )
    said = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
    version = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    if version < NEEDED:
        raise CourseError(
            f"grading needs bubblewrap 0.8 or newer; here is {said.strip() or 'another'}: "
            f"use a newer system, {way_out}"
        )


def why_not(said: str, machine: Machine | None = None) -> str:
    """Return why no worker starts, from what bubblewrap or Python said, and what to do about it.

    What forbids it is looked up on the machine itself; the words of bubblewrap alone do not tell.
    """
    line = said.strip().partition("\n")[0]
    if not re.search("uid map|namespace|RTM_NEWADDR|make / slave|mount proc|pivot_root", line):
        return f"the worker does not start ({line}): is this Python's folder readable by everybody?"
    machine = machine or Machine.this()
    return f"bubblewrap cannot make a sandbox here ({line}): {_remedy(machine)}"


@dataclass(frozen=True)
class Machine:
    """What of a machine decides whether a sandbox can be made on it."""

    kernel: str = ""
    container: bool = False
    restricted: bool = False  # by AppArmor, as on Ubuntu from 24.04 on
    switched_off: tuple[str, ...] = ()  # settings of the kernel that forbid namespaces

    @classmethod
    def this(cls) -> Machine:
        """Return what this machine says of itself."""
        container = any(Path(each).exists() for each in ("/.dockerenv", "/run/.containerenv"))
        return cls(
            platform.release(),
            container or "container" in os.environ,
            _setting(RESTRICTED) == "1",
            tuple(name for name, off in SWITCHES.items() if _setting(name) == off),
        )


RESTRICTED = "kernel.apparmor_restrict_unprivileged_userns"
# Settings of the kernel, and the value at which nobody without rights makes a namespace.
SWITCHES = {"user.max_user_namespaces": "0", "kernel.unprivileged_userns_clone": "0"}


def _setting(name: str) -> str:
    try:
        return Path("/proc/sys", *name.split(".")).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _remedy(machine: Machine) -> str:
    """Return what forbids namespaces on a machine, and what allows them."""
    if "Microsoft" in machine.kernel:  # of WSL 2 it is written with a small letter
        return (
            "WSL 1 has no namespaces. In a Windows terminal: wsl --set-version DISTRIBUTION 2 "
            "(wsl --list names the distributions)"
        )
    if machine.container:
        return (
            "this is a container, and its engine forbids namespaces and mounts inside. Start it "
            "with docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
            "--cap-add SYS_ADMIN …, which weakens the wall around this container; or grade on the "
            "machine itself"
        )
    if machine.switched_off:
        ones = " ".join(f"{name}={_ON[name]}" for name in machine.switched_off)
        return f"a setting of the kernel forbids namespaces. Allow them: sudo sysctl -w {ones}"
    if machine.restricted:
        return (
            "Ubuntu, from 24.04 on, forbids namespaces to programs without rights. Allow them to "
            f"bubblewrap alone by a profile of AppArmor (the book's page for instructors has it), "
            f"or until the next start to all: sudo sysctl -w {RESTRICTED}=0"
        )
    return (
        "something forbids namespaces, and it is none of what is known: look at what "
        "`bwrap --unshare-all --ro-bind / / true` says, and ask whoever runs the machine"
    )


_ON = {"user.max_user_namespaces": "15000", "kernel.unprivileged_userns_clone": "1"}
