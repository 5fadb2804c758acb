"""What a program in the sandbox may not ask the kernel for: a seccomp filter.

The sandbox hides files, the network and other processes. This takes away what a program could use
to attack the kernel that hides them, or to hold memory that its limits do not count: new
namespaces, mounts, tracing, keys, kernel programs, shared and anonymous files. A call that is
denied fails with "operation not permitted".
"""

from __future__ import annotations

import errno
import platform
import struct
from collections.abc import Iterator

# Numbers by machine: x86-64 has its own, AArch64 those of the kernel's generic table.
_NAMES = (
    *("add_key", "bpf", "chroot", "delete_module", "finit_module", "init_module", "kexec_load"),
    *("keyctl", "memfd_create", "mount", "mq_open", "name_to_handle_at", "open_by_handle_at"),
    *("perf_event_open", "pivot_root", "process_vm_readv", "process_vm_writev", "ptrace"),
    *("request_key", "setns", "shmget", "umount2", "unshare", "userfaultfd"),
)
_NUMBERS = {
    "x86_64": (
        *(248, 321, 161, 176, 313, 175, 246, 250, 319, 165, 240, 303, 304, 298, 155, 310),
        *(311, 101, 249, 308, 29, 166, 272, 323),
    ),
    "aarch64": (
        *(217, 280, 51, 106, 273, 105, 104, 219, 279, 40, 180, 264, 265, 241, 41, 270),
        *(271, 117, 218, 268, 194, 39, 97, 282),
    ),
}
# Newer calls have one number everywhere: io_uring, the mounts of 5.2 and later, memfd_secret.
_EVERYWHERE = (425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 447)
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NEW_NAMESPACE = 0x7E020000  # the flags CLONE_NEW… of clone(2), all but that of time
_X32 = 0x40000000  # a second set of numbers for the same calls on x86-64

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _DENY = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # places in struct seccomp_data


def denied(machine: str = platform.machine()) -> dict[str, int]:
    """Return the system calls that are denied, by name."""
    return dict(zip(_NAMES, _NUMBERS.get(machine, ()), strict=False))


def filter_program(machine: str = platform.machine()) -> bytes:
    """Return the filter as the kernel reads it; empty for a machine whose numbers are not here."""
    if machine not in _NUMBERS:
        return b""
    return b"".join(struct.pack("=HBBI", *each) for each in _instructions(machine))


def _instructions(machine: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield classic BPF: operation, jump if true, jump if false, constant."""
    deny = (_RETURN, 0, 0, _DENY | errno.EPERM)
    yield (_LOAD, 0, 0, _ARCHITECTURE)
    yield (_EQUAL, 1, 0, _AUDIT[machine])
    yield deny
    yield (_LOAD, 0, 0, _NUMBER)
    yield (_AT_LEAST, 0, 1, _X32)
    yield deny
    for number in (*denied(machine).values(), *_EVERYWHERE):
        yield (_EQUAL, 0, 1, number)
        yield deny
    yield (_EQUAL, 0, 1, _CLONE3)  # its flags cannot be seen; the C library falls back to clone
    yield (_RETURN, 0, 0, _DENY | errno.ENOSYS)
    yield (_EQUAL, 0, 3, _CLONE[machine])
    yield (_LOAD, 0, 0, _FIRST_ARGUMENT)
    yield (_ANY_BIT, 0, 1, _NEW_NAMESPACE)
    yield deny
    yield (_RETURN, 0, 0, _ALLOW)
