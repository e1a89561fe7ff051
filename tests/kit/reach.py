# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which attack tests come to a place of the product.

A test that comes to no statement that was changed runs alike without the change, so that a
defence which is taken out must be tried against those alone that do.  Each test is listened to
in a process of its own: what it calls is not hidden by what another test left behind.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import takewhile
from pathlib import Path
from typing import Final, NamedTuple

from tests.kit.patching import ROOT, run_attacks

RECORDER: Final = ROOT / "tests" / "kit" / "recorder"
WATCHED: Final = "ATTACK_WATCHED"
COME_TO: Final = "ATTACK_COME_TO"
SECONDS: Final = 120
"""How long one test may take while it is listened to."""
_BLOCKS: Final = ("body", "orelse", "finalbody")


class Place(NamedTuple):
    """Some lines of a file below the source; of a file that is not Python all, which is 0 to 0."""

    file: str
    first: int
    last: int


Reached = dict[str, frozenset[Place] | None]
"""By attack test, which of the watched places it comes to; None when it did not pass."""


def record(tests: Sequence[str], places: Iterable[Place], folder: Path, at_once: int) -> Reached:
    """Return to which places each attack test comes against the product as it is."""
    watched = folder / "watched"
    watched.write_text("".join(f"{a} {b} {c}\n" for a, b, c in sorted(places)), encoding="utf-8")
    with ThreadPoolExecutor(at_once) as threads:
        found = threads.map(
            lambda number: _record(tests[number], watched, folder / str(number)), range(len(tests))
        )
        return dict(zip(tests, found, strict=True))


def can_notice(places: frozenset[Place] | None, reached: Reached) -> list[str]:
    """Return the attack tests that come to one of these places; None stands for everywhere."""
    return [
        test
        for test, come_to in reached.items()
        if places is None or come_to is None or places & come_to
    ]


def changed_places(source: Path) -> frozenset[Place] | None:
    """Return what differs from the product's source; None when a file came to it."""
    found: set[Place] = set()
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
        spans = (
            _changed(ast.parse(before).body, ast.parse(after).body)
            if place.suffix == ".py"
            else [(0, 0)]
        )
        found |= {Place(place.as_posix(), *span) for span in spans}
    return frozenset(found)


def _record(test: str, watched: Path, folder: Path) -> frozenset[Place] | None:
    folder.mkdir()
    source, come_to = ROOT / "src", folder / "come-to"
    more = {
        "PYTHONPATH": os.pathsep.join((str(RECORDER), str(source))),
        # What is compiled here is copied for every defence.
        "PYTHONDONTWRITEBYTECODE": "",
        WATCHED: str(watched),
        COME_TO: str(come_to),
    }
    if run_attacks(source, folder, [test], seconds=SECONDS, more=more) != {test: "passed"}:
        return None
    found = (line.split() for line in come_to.read_text(encoding="utf-8").splitlines())
    return frozenset(Place(file, int(first), int(last)) for file, first, last in found)


def _changed(before: list[ast.stmt], after: list[ast.stmt]) -> Iterator[tuple[int, int]]:
    """Yield the lines of the innermost statements of a block that are not what they were.

    Where one was added that is the statement before it and the one after it: who comes to it,
    comes to one of these.
    """
    old, new = [ast.dump(one) for one in before], [ast.dump(one) for one in after]
    begin = _alike(old, new)
    end = _alike(old[begin:][::-1], new[begin:][::-1])
    gone, came = before[begin : len(old) - end], after[begin : len(new) - end]
    if len(gone) != len(came):
        yield _lines(gone or before[max(begin - 1, 0) : begin + 1])
        return
    for one, other in zip(gone, came, strict=True):
        if _header(one) != _header(other):
            yield _lines([one])
            continue
        for block in _BLOCKS:
            yield from _changed(getattr(one, block, []), getattr(other, block, []))


def _lines(statements: list[ast.stmt]) -> tuple[int, int]:
    """Return the first and the last line of some statements."""
    decorators = getattr(statements[0], "decorator_list", [])
    first = min([statements[0].lineno, *(one.lineno for one in decorators)])
    return first, max(one.end_lineno or one.lineno for one in statements)


def _alike(one: list[str], other: list[str]) -> int:
    """Return how many are the same from the beginning."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in same)


def _header(statement: ast.stmt) -> str:
    """Return a statement without what its blocks hold; but with whether it has them."""
    fields = dict(ast.iter_fields(statement))
    blocks = {name: [ast.Pass()] for name in _BLOCKS if fields.get(name)}
    return ast.dump(type(statement)(**{**fields, **blocks}))
