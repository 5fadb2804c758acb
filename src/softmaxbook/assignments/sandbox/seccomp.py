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

MACHINES = ("x86_64", "aarch64")  # AArch64 has the numbers of the kernel's generic table
# The calls that are denied, with their numbers on each of the machines.
DENIED = {
    "add_key": (248, 217),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "delete_module": (176, 106),
    "finit_module": (313, 273),
    "init_module": (175, 105),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "mount": (165, 40),
    "mq_open": (240, 180),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "perf_event_open": (298, 241),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "request_key": (249, 218),
    "setns": (308, 268),
    "shmget": (29, 194),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    # Newer calls have one number everywhere.
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "memfd_secret": (447, 447),
}
# Denied where they make a namespace; the flags of the second cannot be seen.
CLONE = (56, 220)
CLONE3 = (435, 435)
_AUDIT = (0xC000003E, 0xC00000B7)  # what the kernel calls the machines
_NEW_NAMESPACE = 0x7E020000  # the flags CLONE_NEW… of clone(2), all but that of time
_X32 = 0x40000000  # a second set of numbers for the same calls on x86-64

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _DENY = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # places in struct seccomp_data


def filter_program(machine: str = platform.machine()) -> bytes:
    """Return the filter as the kernel reads it; empty for a machine whose numbers are not here."""
    if machine not in MACHINES:
        return b""
    instructions = _instructions(MACHINES.index(machine))
    return b"".join(struct.pack("=HBBI", *each) for each in instructions)


def _instructions(place: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield classic BPF: operation, jump if true, jump if false, constant."""
    deny = (_RETURN, 0, 0, _DENY | errno.EPERM)
    yield (_LOAD, 0, 0, _ARCHITECTURE)
    yield (_EQUAL, 1, 0, _AUDIT[place])
    yield deny
    yield (_LOAD, 0, 0, _NUMBER)
    yield (_AT_LEAST, 0, 1, _X32)
    yield deny
    for numbers in DENIED.values():
        yield (_EQUAL, 0, 1, numbers[place])
        yield deny
    yield (_EQUAL, 0, 1, CLONE3[place])  # the C library falls back to clone
    yield (_RETURN, 0, 0, _DENY | errno.ENOSYS)
    yield (_EQUAL, 0, 3, CLONE[place])
    yield (_LOAD, 0, 0, _FIRST_ARGUMENT)
    yield (_ANY_BIT, 0, 1, _NEW_NAMESPACE)
    yield deny
    yield (_RETURN, 0, 0, _ALLOW)
