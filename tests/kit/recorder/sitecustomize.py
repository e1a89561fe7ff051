# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write down which of the watched places of the product this process comes to.

Python runs this file before anything else in every process that has its folder on the path, so
that the processes which a test starts are heard too.  Each line is written at once: some are
killed.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import TraceFunction

SOURCE = os.environ["ATTACK_SOURCE"]
COME_TO = os.open(os.environ["ATTACK_COME_TO"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
lines: dict[str, dict[int, set[str]]] = {}
"""By file and line, the places that hold it."""
files: dict[str, str] = {}
"""By file, the place that stands for a whole file that is not Python."""
known: dict[int, tuple[CodeType, TraceFunction | None]] = {}
"""By the identity of code, which equals that of another file; and itself, so that it lives on."""
told: set[str] = set()

for place in Path(os.environ["ATTACK_WATCHED"]).read_text(encoding="utf-8").splitlines():
    file, first, last = place.split()
    path = str(Path(SOURCE, file))
    if last == "0":
        files[path] = place
        continue
    for line in range(int(first), int(last) + 1):
        lines.setdefault(path, {}).setdefault(line, set()).add(place)


def tell(place: str) -> None:
    """Write a place down, once."""
    if place not in told:
        told.add(place)
        os.write(COME_TO, f"{place}\n".encode())


def hear_call(frame: FrameType, _event: str, _: object) -> TraceFunction | None:
    """Listen to the lines of code that holds a watched one."""
    code = frame.f_code
    if code.co_filename not in lines:
        return None
    if id(code) not in known:
        holds = any(line in lines[code.co_filename] for _, _, line in code.co_lines())
        known[id(code)] = code, hear_line if holds else None
    return known[id(code)][1]


def hear_line(frame: FrameType, event: str, _: object) -> TraceFunction:
    """Hear of a line."""
    if event == "line":
        for place in lines[frame.f_code.co_filename].get(frame.f_lineno, ()):
            tell(place)
    return hear_line


def hear_file(event: str, arguments: tuple[object, ...]) -> None:
    """Hear of a file that is read, and of a program that may read any: one that is not Python."""
    if event == "open" and arguments[0] in files:
        tell(files[str(arguments[0])])
    elif event == "subprocess.Popen" and arguments[0] != sys.executable:
        for place in files.values():
            tell(place)


sys.addaudithook(hear_file)
threading.settrace(hear_call)
sys.settrace(hear_call)
