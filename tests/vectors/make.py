# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes the vectors: `python -m tests.vectors.make`."""

import json
import sys
from collections.abc import Callable

from tests.vectors import (
    draw_crew,
    draw_doors,
    draw_journal,
    draw_mailbox,
    draw_parcels,
    draw_plain,
    draw_seal,
    draw_signed,
)
from tests.vectors.case import Case
from tests.vectors.draw import FOLDER

LONG = 2 * 3309
COMMENTS = {
    "seal.json": "docs/spec/seal.md; the forms are told in README.md",
    "mailbox.json": "docs/spec/mailbox.md; the forms are told in README.md",
    "journal.json": "docs/spec/journal.md; the forms are told in README.md",
    "crew.json": "docs/spec/crew.md; the forms are told in README.md",
    "doors.json": "docs/spec/crew.md 5; the forms are told in README.md",
}


def seal(kept: set[bytes]) -> list[Case]:
    """The cases of seal.json."""
    return [*draw_seal.cases(), *draw_plain.cases(), *draw_signed.cases(kept)]


def crew(kept: set[bytes]) -> list[Case]:
    """The cases of crew.json."""
    return [*draw_parcels.cases(kept), *draw_crew.cases(kept)]


MAKERS: dict[str, Callable[[set[bytes]], list[Case]]] = {
    "seal.json": seal,
    "mailbox.json": draw_mailbox.cases,
    "journal.json": draw_journal.cases,
    "crew.json": crew,
    "doors.json": draw_doors.cases,
}


def kept(name: str) -> set[bytes]:
    """Every ML-DSA-65 signature that stands in a file."""
    path = FOLDER / name
    if not path.exists():
        return set()
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    long = (case.get("signature") or case.get("data") or "" for case in cases)
    return {bytes.fromhex(field[-LONG:]) for field in long if len(field) > LONG}


def text(name: str) -> str:
    """The file as it should be."""
    cases = MAKERS[name](kept(name))
    return (
        json.dumps({"comment": COMMENTS[name], "cases": cases}, ensure_ascii=False, indent=1) + "\n"
    )


def main() -> int:
    """Write every file."""
    for name in MAKERS:
        (FOLDER / name).write_text(text(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
