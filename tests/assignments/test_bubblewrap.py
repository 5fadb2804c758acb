"""What is missing for a sandbox is named, with the remedy for this machine and no other."""

import os
import shutil
import stat

import pytest

from softmaxbook.assignments.sandbox import bubblewrap as module
from softmaxbook.assignments.sandbox.bubblewrap import RESTRICTED, Machine, bubblewrap, why_not

# As bubblewrap says it: in Docker, in a container with seccomp=unconfined, in a nested one, on
# Ubuntu 24.04 by either of its two ways, and in a kernel without user namespaces.
SAID = (
    "bwrap: No permissions to create new namespace, likely because the kernel does not allow "
    "non-privileged user namespaces.",
    "bwrap: Failed to make / slave: Permission denied",
    "bwrap: Can't mount proc on /newroot/proc: Operation not permitted",
    "bwrap: setting up uid map: Permission denied",
    "bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted",
    "bwrap: Creating new namespace failed: No space left on device",
)
MACHINES = {
    "--cap-add SYS_ADMIN": Machine("6.8.0-51-generic", container=True, restricted=True),
    f"sysctl -w {RESTRICTED}=0": Machine("6.8.0-51-generic", restricted=True),
    "wsl --set-version": Machine("4.4.0-19041-Microsoft"),
    "sysctl -w user.max_user_namespaces=15000": Machine(
        "5.14.0-1.el9", switched_off=("user.max_user_namespaces",)
    ),
    "ask whoever runs the machine": Machine("5.15.153.1-microsoft-standard-WSL2"),
}


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("remedy", MACHINES)
def test_the_remedy_is_that_of_the_machine(said, remedy):
    told = why_not(f"{said}\nmore", MACHINES[remedy])
    assert said in told
    assert remedy in told
    assert not [each for each in MACHINES if each != remedy and each in told]


def test_what_is_no_matter_of_namespaces_has_no_such_remedy():
    told = why_not("bwrap: execvp /usr/bin/python3: Permission denied", Machine(container=True))
    assert "readable by everybody" in told
    assert "docker" not in told


def test_the_machine_tells_of_itself(monkeypatch):
    settings = {
        "kernel.apparmor_restrict_unprivileged_userns": "1",
        "user.max_user_namespaces": "0",
    }
    monkeypatch.setattr(module, "_setting", lambda name: settings.get(name, ""))
    monkeypatch.setenv("container", "podman")
    found = Machine.this()
    assert found.kernel == os.uname().release
    assert (found.container, found.restricted) == (True, True)
    assert found.switched_off == ("user.max_user_namespaces",)


def test_bubblewrap_is_found_where_a_module_or_conda_puts_it(tmp_path, monkeypatch):
    own = tmp_path / "bwrap"
    own.write_text("#!/bin/sh\necho bubblewrap 0.11.0\n")
    own.chmod(own.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setattr(os, "defpath", str(tmp_path / "nowhere"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bubblewrap() == str(own) == shutil.which("bwrap")
