# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which files of attack tests run through a function of the product.

A test that never calls a function runs alike when that function was changed, so that a defence
which is taken out of one must be tried against those files alone that call it.
What stands outside functions, and what is not Python, is tried against all.
"""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final, NamedTuple

from tests.kit.patching import ROOT, SOURCE, attack_command

RECORDER: Final = ROOT / "tests" / "kit" / "recorder"
CALLED: Final = "ATTACK_CALLED"
SECONDS: Final = 120
LONGEST: Final = 600
"""Seconds that one test, and one file, may take while its calls are written down."""


class Function(NamedTuple):
    """A function: its file below the source, and the lines at which Python may say it begins."""

    file: str
    begins: range


def record(files: Sequence[str], folder: Path, at_once: int) -> dict[str, frozenset[str] | None]:
    """Return what each file of attack tests calls, as `file:line`; None when it did not pass."""
    with ThreadPoolExecutor(at_once) as threads:
        called = threads.map(
            lambda number: _record(files[number], folder / str(number)), range(len(files))
        )
        return dict(zip(files, called, strict=True))


def reached(source: Path, called: dict[str, frozenset[str] | None]) -> list[str]:
    """Return the files of attack tests that can notice what a patched source changed."""
    changed = changed_functions(source)
    return [
        file
        for file, calls in called.items()
        if changed is None or calls is None or _calls(calls, changed)
    ]


def changed_functions(source: Path) -> set[Function] | None:
    """Return the functions that differ from the product's; None when something else does."""
    found: set[Function] = set()
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        place = path.relative_to(source)
        if place.suffix == ".pyc":
            continue
        product = ROOT / "src" / place
        if not product.exists():
            return None
        before, after = product.read_bytes(), path.read_bytes()
        if before == after:
            continue
        functions = (
            None if place.suffix != ".py" else _changed(place, before.decode(), after.decode())
        )
        if functions is None:
            return None
        found |= functions
    return found


def _record(file: str, called: Path) -> frozenset[str] | None:
    source = str(ROOT / "src")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(RECORDER), source)),
        "PYTEST_ADDOPTS": "",
        SOURCE: source,
        CALLED: str(called),
    }
    command = attack_command([file], seconds=SECONDS)
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, timeout=LONGEST, check=False
    )
    if done.returncode:
        return None
    return frozenset(called.read_text(encoding="utf-8").split())


def _calls(calls: frozenset[str], changed: Iterable[Function]) -> bool:
    return any(f"{place.file}:{line}" in calls for place in changed for line in place.begins)


def _changed(place: Path, before: str, after: str) -> set[Function] | None:
    """Return the functions around what changed in a file; None when something has none."""
    matcher = SequenceMatcher(a=before.splitlines(), b=after.splitlines(), autojunk=False)
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    functions, new = _functions(before), _functions(after)
    found = set()
    for _, begin, end, new_begin, new_end in changes:
        # Of what was added, the line above it.
        old = [_around(functions, line) for line in range(min(begin + 1, end), end + 1)]
        came = [_around(new, line) for line in range(new_begin + 1, new_end + 1)]
        for inner in old:
            if inner is None or None in came:
                return None
            first = min([inner.lineno, *(one.lineno for one in inner.decorator_list)])
            found.add(Function(place.as_posix(), range(first, inner.lineno + 1)))
    return found


AnyDef = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(text: str) -> list[AnyDef]:
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, AnyDef)]


def _around(functions: Iterable[AnyDef], line: int) -> AnyDef | None:
    """Return the innermost function whose body holds a line."""
    around = [one for one in functions if one.body[0].lineno <= line <= (one.end_lineno or 0)]
    return max(around, key=lambda one: one.lineno, default=None)
