# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a steward reads in full, and signs, before a line of a risky channel is admitted.

The texts lie in `line_risks`, one for each such kind and language of the desk.  A fact names the
version that was signed, so a text that changes gets a greater version (spec/lines.md 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.rooms.hotline.by_line import Kind

_HERE: Final = Path(__file__).parent / "line_risks"
PARAGRAPHS: Final = ("what", "whom", "lasting", "door", "who", "off", "sign")
"""In the order in which they are read."""


@dataclass(frozen=True, slots=True)
class RiskNote:
    """One text as it is read; `paragraphs` are those of `PARAGRAPHS`."""

    kind: Kind
    version: str
    title: str
    paragraphs: tuple[str, ...]


@cache
def risk_note(kind: Kind, language: str) -> RiskNote:
    """Return the text of a risky kind in a language of the desk."""
    lines = (_HERE / f"{kind}.{language}.txt").read_text(encoding="utf-8").splitlines()
    told = dict(line.split(": ", 1) for line in lines)
    paragraphs = tuple(told[name] for name in PARAGRAPHS)
    return RiskNote(kind, f"{kind}-{told['version']}", told["title"], paragraphs)


def risk_version(kind: Kind) -> str:
    """Return the version that a fact names, the same in each language."""
    return risk_note(kind, next(iter(LANGUAGES))).version
