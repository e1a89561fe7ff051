# SPDX-License-Identifier: AGPL-3.0-or-later
"""The texts of instruments of risk, in each language alike; they lie in `instruments`.

A file is one version in one language: a title, the source, what it is not, its groups and its
items.  A version that was let out is never changed, for assessments were made by its words; which
items there are is the room's to say (docs/spec/risk.md 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent / "instruments"


@dataclass(frozen=True, slots=True)
class InstrumentText:
    """One version of an instrument in one language."""

    title: str
    source: str
    is_not: str
    groups: Mapping[str, str]
    items: Mapping[str, str]


@cache
def instrument_text(name: str, version: int, language: str) -> InstrumentText:
    """Return the words of a version that the room knows, in the language of the page."""
    text = (_HERE / f"{name}-{version}.{language}.txt").read_text(encoding="utf-8")
    head, groups, items = dict[str, str](), dict[str, str](), dict[str, str]()
    for line in text.splitlines():
        key, _, words = line.partition(": ")
        kind, _, last = key.partition("/")
        into = groups if kind == "group" else items if last else head
        into[last or kind] = words
    return InstrumentText(head["title"], head["source"], head["not"], groups, items)
