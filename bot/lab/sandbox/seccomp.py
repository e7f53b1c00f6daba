"""Compiles the filters of system calls by libseccomp: one of what is allowed, one of what is denied. It loads neither.

Two, since the kernel takes the stricter answer of both: so "allowed, but not with this argument" needs no thought.
ctypes, since the one binding on PyPI (pyseccomp) is LGPL, had its last release in 2021, and is as thin as this.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.lab.sandbox.policy import DENIED, DENIED_WITHOUT_DEVICES

LIBRARY = "libseccomp.so.2"
ALLOWED = Path(__file__).with_name("allowed.txt")

# From seccomp.h and linux/{sched,socket,tty}.h; the numbers are the same on x86-64 and AArch64.
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
NOT_EQUAL, MASKED_EQUAL = 1, 7
OPTIMIZE, BINARY_TREE = 8, 2
AF_UNIX = 1
NAMESPACES = [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000]
TERMINAL_INPUT = [0x5412, 0x541C]  # TIOCSTI and TIOCLINUX type into somebody's terminal


class Comparison(ctypes.Structure):
    """struct scmp_arg_cmp"""

    _fields_ = (("argument", ctypes.c_uint), ("how", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


class Rules:
    """One filter while it is being written."""

    def __init__(self, library: ctypes.CDLL, context: int) -> None:
        self._library = library
        self._context = ctypes.c_void_p(context)

    def add(self, action: int, name: str, *comparisons: Comparison) -> None:
        """One rule; a name that this machine's kernel does not have is left out."""
        number = self._library.seccomp_syscall_resolve_name(name.encode())
        if number < 0:
            return
        array = (Comparison * len(comparisons))(*comparisons)
        done = self._library.seccomp_rule_add_array(
            self._context, ctypes.c_uint32(action), number, len(comparisons), array
        )
        if done < 0:
            raise OSError(-done, f"libseccomp refused a rule on {name}")

    def compiled(self) -> bytes:
        """The program, as the kernel takes it."""
        self._library.seccomp_attr_set(self._context, OPTIMIZE, ctypes.c_uint32(BINARY_TREE))
        with os.fdopen(os.memfd_create("filter"), "w+b") as file:
            if (done := self._library.seccomp_export_bpf(self._context, file.fileno())) < 0:
                raise OSError(-done, "libseccomp could not compile the filter")
            file.seek(0)
            return file.read()


def filters(devices: bool, library: str = LIBRARY) -> tuple[bytes, bytes]:
    """The filters of what is allowed and of what is denied; OSError where libseccomp is not there or too old."""
    loaded = ctypes.CDLL(library)
    loaded.seccomp_init.restype = ctypes.c_void_p
    return _allowing(loaded), _denying(loaded, [*DENIED, *([] if devices else DENIED_WITHOUT_DEVICES)])


def allowed() -> list[str]:
    """The names in allowed.txt."""
    lines = ALLOWED.read_text(encoding="utf-8").splitlines()
    return [name for line in lines if not line.startswith("#") for name in line.split()]


def version(library: str = LIBRARY) -> str:
    """libseccomp's version; OSError where it is not there."""

    class Version(ctypes.Structure):
        _fields_ = (("major", ctypes.c_uint), ("minor", ctypes.c_uint), ("micro", ctypes.c_uint))

    loaded = ctypes.CDLL(library)
    loaded.seccomp_version.restype = ctypes.POINTER(Version)
    found = loaded.seccomp_version().contents
    return f"{found.major}.{found.minor}.{found.micro}"


@contextmanager
def _rules(library: ctypes.CDLL, otherwise: int) -> Iterator[Rules]:
    context = library.seccomp_init(ctypes.c_uint32(otherwise))
    if not context:
        raise OSError(errno.ENOMEM, "libseccomp could not begin a filter")
    try:
        yield Rules(library, context)
    finally:
        library.seccomp_release(ctypes.c_void_p(context))


def _allowing(library: ctypes.CDLL) -> bytes:
    with _rules(library, ERRNO | errno.ENOSYS) as rules:
        for name in allowed():
            rules.add(ALLOW, name)
        return rules.compiled()


def _denying(library: ctypes.CDLL, names: Iterable[str]) -> bytes:
    with _rules(library, ALLOW) as rules:
        for name in names:
            rules.add(ERRNO | errno.EPERM, name)
        # Its flags lie in memory, where no filter sees them. The C library goes back to clone.
        rules.add(ERRNO | errno.ENOSYS, "clone3")
        for flag in NAMESPACES:
            rules.add(ERRNO | errno.EPERM, "clone", Comparison(0, MASKED_EQUAL, flag, flag))
        for request in TERMINAL_INPUT:  # the kernel looks at 32 bits alone (CVE-2019-10063)
            rules.add(ERRNO | errno.EPERM, "ioctl", Comparison(1, MASKED_EQUAL, 0xFFFFFFFF, request))
        for name in ("socket", "socketpair"):
            rules.add(ERRNO | errno.EAFNOSUPPORT, name, Comparison(0, NOT_EQUAL, AF_UNIX, 0))
        return rules.compiled()
