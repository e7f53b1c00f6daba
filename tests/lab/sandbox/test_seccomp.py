"""Filters compile from lists without slips; a missing libseccomp is an OSError. What they stop is in the attacks."""

from __future__ import annotations

import ctypes

import pytest

from bot.lab.sandbox import seccomp
from bot.lab.sandbox.policy import DENIED, DENIED_WITHOUT_DEVICES


@pytest.fixture(scope="module")
def library() -> ctypes.CDLL:
    try:
        return ctypes.CDLL(seccomp.LIBRARY)
    except OSError:
        pytest.skip("libseccomp is not installed")


def test_the_filters_are_programs_that_the_kernel_takes(library: ctypes.CDLL) -> None:
    for program in seccomp.filters(devices=False):
        assert len(program) % 8 == 0  # instructions of eight bytes, 4096 of them at most
        assert 100 < len(program) // 8 < 4096


def test_memory_files_are_denied_where_there_is_no_gpu(library: ctypes.CDLL) -> None:
    assert len(seccomp.filters(devices=False)[1]) > len(seccomp.filters(devices=True)[1])
    assert DENIED_WITHOUT_DEVICES == ["memfd_create"]


def test_every_name_is_one_that_libseccomp_knows(library: ctypes.CDLL) -> None:
    unknown = [name for name in [*seccomp.allowed(), *DENIED] if number(library, name) == -1]
    # Kept by the list for kernels or machines that libseccomp 2.5 does not know.
    assert set(unknown) <= {"epoll_ctl_old", "epoll_wait_old", "umount2", "umount"}


def test_what_training_needs_is_not_denied() -> None:
    needed = set("mmap futex clone execve openat read write sched_setaffinity rseq prlimit64 mbind".split())
    assert needed <= set(seccomp.allowed()) - set(DENIED)


def test_a_missing_library_is_said() -> None:
    with pytest.raises(OSError, match="libseccomp-not-here"):
        seccomp.filters(False, "libseccomp-not-here.so.2")


def number(library: ctypes.CDLL, name: str) -> int:
    found: int = library.seccomp_syscall_resolve_name(name.encode())
    return found
