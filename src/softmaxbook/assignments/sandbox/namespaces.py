"""The kernel's calls that close a process off from its parents, for Linux.

Used inside the sandbox only, by a process that has not run a student's program and never will.
"""

from __future__ import annotations

import array
import contextlib
import ctypes
import errno
import os
import socket
import struct

_NEW = {  # the flags CLONE_NEW… of unshare(2)
    "mount": 0x00020000,
    "cgroup": 0x02000000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "pid": 0x20000000,
    "net": 0x40000000,
}
_MS_NOSUID, _MS_NODEV, _MS_REC, _MS_PRIVATE = 1 << 1, 1 << 2, 1 << 14, 1 << 18
_PR_CAPBSET_DROP, _PR_CAP_AMBIENT, _PR_SET_SECCOMP = 24, 47, 22
_PR_CAP_AMBIENT_CLEAR_ALL, _SECCOMP_MODE_FILTER = 4, 2
_PR_SET_NO_NEW_PRIVS, PR_SET_CHILD_SUBREAPER, PR_SET_DUMPABLE = 38, 36, 4
_CAPABILITY_VERSION = 0x20080522
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1

_kernel = ctypes.CDLL(None, use_errno=True)


def call(name: str, *given: object) -> None:
    """Call a function of the C library that returns 0, or raise OSError."""
    if getattr(_kernel, name)(*given):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def unshare() -> None:
    """Leave all namespaces but that of users; the next child is the first of its own processes."""
    flags = sum(number for name, number in _NEW.items() if name != "cgroup")
    call("unshare", flags)
    with contextlib.suppress(OSError):  # a kernel without them has nothing to hide there
        call("unshare", _NEW["cgroup"])


def empty_folder(path: str, size: int) -> None:
    """Put an empty file system of at most `size` bytes over a folder, for this process alone."""
    call("mount", b"none", b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None)
    options = f"mode=1777,size={size}".encode()
    flags = ctypes.c_ulong(_MS_NOSUID | _MS_NODEV)
    call("mount", b"tmpfs", path.encode(), b"tmpfs", flags, options)


def loopback() -> None:
    """Start the network that a process has with itself: as bubblewrap does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        request = array.array("B", struct.pack("16sH22x", b"lo", 0))
        _ioctl(asking.fileno(), _SIOCGIFFLAGS, request)
        (flags,) = struct.unpack_from("H", request, 16)
        struct.pack_into("H", request, 16, flags | _IFF_UP)
        _ioctl(asking.fileno(), _SIOCSIFFLAGS, request)


def _ioctl(descriptor: int, number: int, request: array.array[int]) -> None:
    address, _ = request.buffer_info()
    call("ioctl", descriptor, ctypes.c_ulong(number), ctypes.c_void_p(address))


def forget_capabilities() -> None:
    """Never get a capability again, not by any program that is started; those at hand remain."""
    call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for number in range(64):
        try:
            call("prctl", _PR_CAPBSET_DROP, number, 0, 0, 0)
        except OSError as error:
            if error.errno != errno.EINVAL:  # which says that there are no more
                raise
            break
    call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)


def drop_capabilities() -> None:
    """Give up the capabilities at hand."""
    head = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    call("capset", head, bytes(24))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def deny(filter_program: bytes) -> None:
    """Deny the calls that a filter of `.seccomp` names, for ever."""
    program = _Program(len(filter_program) // 8, filter_program)
    call("prctl", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)
