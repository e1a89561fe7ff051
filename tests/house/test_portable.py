# SPDX-License-Identifier: AGPL-3.0-or-later
"""Offices run Windows and macOS as often as Linux: what differs stands in `host.py` alone."""

import ast
from pathlib import Path

import pytest

from tests.house.tree import SOURCE, dotted, imported, name_of, python_files, syntax

# Modules that one of the three systems lacks.
PARTIAL_MODULES = {
    *("crypt", "ctypes", "fcntl", "grp", "msvcrt", "posix", "prctl", "pty", "pwd", "resource"),
    *("spwd", "syslog", "termios", "tty", "winreg"),
}
# Calls and names that one of the three systems lacks.
PARTIAL_NAMES = {
    *("asyncio.open_unix_connection", "asyncio.start_unix_server", "os.O_DIRECTORY"),
    *("os.O_NOFOLLOW", "os.chown", "os.chroot", "os.fchmod", "os.fchown", "os.fork"),
    *("os.forkpty", "os.getegid", "os.geteuid", "os.getgid", "os.getpgid", "os.getuid"),
    *("os.killpg", "os.lchown", "os.memfd_create", "os.mkfifo", "os.mknod", "os.nice"),
    *("os.posix_fadvise", "os.posix_fallocate", "os.posix_spawn", "os.pread", "os.pwrite"),
    *("os.sched_getaffinity", "os.sched_setaffinity", "os.sendfile", "os.setgid"),
    *("os.setpgid", "os.setsid", "os.setuid", "os.startfile", "os.statvfs", "os.wait3"),
    *("os.wait4", "signal.SIGALRM", "signal.SIGCHLD", "signal.SIGHUP", "signal.SIGKILL"),
    *("signal.SIGPIPE", "signal.SIGQUIT", "signal.SIGSTOP", "signal.SIGUSR1"),
    *("signal.SIGUSR2", "signal.alarm", "signal.pause", "signal.setitimer"),
    *("socket.AF_UNIX", "socket.recv_fds", "socket.send_fds"),
}
PARTIAL_METHODS = {"add_signal_handler", "create_unix_server", "create_unix_connection"}
PARTIAL_ARGUMENTS = {"pass_fds", "preexec_fn", "start_new_session"}
PLACES = ("/dev/", "/etc/", "/proc", "/run/", "/sys/", "/tmp", "/var/")

ASTERISK = ("exchange.py", "reading.py", "settings.py")
# The second searches other processes' memory, which Linux alone shows; its asker asks first.
# The third runs within a sandbox that Linux alone has.  The rest speak of an Asterisk beside them,
# which stands on Linux alone.
APART = {
    SOURCE / "host.py",
    SOURCE / "programs" / "seizures" / "memory.py",
    SOURCE / "edges" / "desk" / "cleaning" / "confine.py",
    *(SOURCE / "edges" / "lines" / "phone" / name for name in ASTERISK),
}
MODULES = [path for path in python_files(SOURCE) if path not in APART]


def partial_names(path: Path) -> list[str]:
    """Every place in a file that not all three systems would understand."""
    tree = syntax(path)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found = [
        f"{line}: {name}"
        for line, name in imported(tree)
        if name.partition(".")[0] in PARTIAL_MODULES or name in PARTIAL_NAMES
    ]
    for node in ast.walk(tree):
        what = partial_name(node)
        if what and id(node) not in docstrings:
            found.append(f"{getattr(node, 'lineno', 0)}: {what}")
    return found


def partial_name(node: ast.AST) -> str:
    """What a node says that not all three systems understand, or nothing."""
    match node:
        case ast.Attribute(attr=attr) if dotted(node) in PARTIAL_NAMES or attr in PARTIAL_METHODS:
            return dotted(node) or attr
        case ast.keyword(arg=str(argument)) if argument in PARTIAL_ARGUMENTS:
            return argument
        case ast.Constant(value=str(text)) if text.startswith(PLACES):
            return repr(text)
        case _:
            return ""


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_runs_on_every_system(path: Path) -> None:
    assert not partial_names(path)


def test_the_scan_sees_what_it_looks_for(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text(
        '"""/proc is fine in prose."""\n'
        "import os\nfrom signal import SIGKILL\nimport fcntl\n"
        'os.fork()\nopen("/proc/self/mem")\nrun(preexec_fn=None)\n',
        encoding="utf-8",
    )
    assert {found.partition(": ")[2] for found in partial_names(bad)} == {
        *("signal.SIGKILL", "fcntl", "os.fork", "'/proc/self/mem'", "preexec_fn")
    }
