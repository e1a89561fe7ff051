# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a process gives up before it reads a stranger's file; Linux alone, within the sandbox.

The second wall: namespaces (sandbox.py) leave nothing to reach, and from here on the kernel
answers EPERM to every call but the few that reading, computing and writing take (seccomp(2)).
Fails closed: what cannot be given up ends the process.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import socket
import struct
from contextlib import suppress
from typing import Final

MEMORY: Final = 1 << 30
"""Bytes of address space."""
SECONDS: Final = 20
"""Of the processor's time."""
PR_SET_SECCOMP: Final = 22
PR_SET_NO_NEW_PRIVS: Final = 38
FILTER_MODE: Final = 2
LOAD_WORD: Final = 0x20
JUMP_IF_EQUAL: Final = 0x15
RETURN: Final = 0x06
ALLOW: Final = 0x7FFF0000
REFUSE: Final = 0x00050001
"""With EPERM."""
KILL: Final = 0x80000000
NUMBER_AT: Final = 0
MACHINE_AT: Final = 4
X86_64: Final = (
    *(0, 1, 3, 5, 8),  # read, write, close, fstat, lseek
    *(9, 10, 11, 12, 25, 28),  # mmap, mprotect, munmap, brk, mremap, madvise
    *(13, 14, 15, 219),  # rt_sigaction, rt_sigprocmask, rt_sigreturn, restart_syscall
    *(24, 39, 60, 186),  # sched_yield, getpid, exit, gettid
    *(202, 231, 234),  # futex, exit_group, tgkill
    *(228, 318, 334),  # clock_gettime, getrandom, rseq
)  # fmt: skip
AARCH64: Final = (
    *(63, 64, 57, 80, 62),
    *(222, 226, 215, 214, 216, 233),
    *(134, 135, 139, 128),
    *(124, 172, 93, 178),
    *(98, 94, 131),
    *(113, 278, 293),
)
"""The same, in the same order."""
MACHINES: Final = {"x86_64": (0xC000003E, X86_64), "aarch64": (0xC00000B7, AARCH64)}
OUTSIDE: Final = ("/etc", "/proc", "/sys", "/tmp", "/var")  # noqa: S108  (that they are not there)


class NotConfined(Exception):
    """This process could do more than it should; it must end."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def confine() -> None:
    """Give everything up but reading, computing and writing, and see that it is gone.

    Raises:
        NotConfined: it runs outside its sandbox, or the system did not take what it gave up.
    """
    if any(os.path.lexists(place) for place in OUTSIDE):
        raise NotConfined
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    _leave_few_calls()
    for attempt in (_reach_out, _read_on, _start):
        with suppress(PermissionError):
            attempt()
            raise NotConfined


def _reach_out() -> None:
    socket.socket().close()


def _read_on() -> None:
    os.close(os.open("/usr", os.O_RDONLY))


def _start() -> None:
    os.execv("/usr/bin/true", ["true"])  # noqa: S606  (that it cannot)


def _leave_few_calls() -> None:
    known = MACHINES.get(platform.machine())
    if known is None:
        raise NotConfined
    machine, calls = known
    last = len(calls)
    steps = [
        _step(LOAD_WORD, MACHINE_AT),
        _step(JUMP_IF_EQUAL, machine, met=1),
        _step(RETURN, KILL),
        _step(LOAD_WORD, NUMBER_AT),
        *(_step(JUMP_IF_EQUAL, call, met=last - at) for at, call in enumerate(calls)),
        _step(RETURN, REFUSE),
        _step(RETURN, ALLOW),
    ]
    kept = ctypes.create_string_buffer(b"".join(steps))
    program = _Program(len(steps), ctypes.cast(kept, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise NotConfined
    if libc.prctl(PR_SET_SECCOMP, FILTER_MODE, ctypes.byref(program), 0, 0):
        raise NotConfined


def _step(code: int, value: int, *, met: int = 0) -> bytes:
    """One step of a filter; `met` says how many steps are passed over where a test is met."""
    return struct.pack("=HBBI", code, met, 0, value)
