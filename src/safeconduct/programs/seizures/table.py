# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a drill found, judged by what is admitted, and written as a table.

The table says nothing of what a marker was: labels alone, so that it may be shown to anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from safeconduct.programs.seizures.admitted import LABELS, SEIZURES
from safeconduct.programs.wording import say

LEAST_BYTES: Final = 10_000
"""Where less was looked at, the search looked past what it was there for."""
HEADS: Final = ("taken", "searched", "found", "admitted in docs/attacks.md")


@dataclass(frozen=True, slots=True)
class Row:
    """One seizure: what was found there, by label, in how many bytes; or what it needs first.

    What is known there without a search is not found.
    """

    taken: str
    found: frozenset[str] = frozenset()
    looked_at: int = 0
    needs: str = ""

    @property
    def too_much(self) -> frozenset[str]:
        """What is not admitted."""
        return self.found.difference(SEIZURES[self.taken].may)

    @property
    def missed(self) -> frozenset[str]:
        """What stands there by design, and was not found: the search is blind."""
        return SEIZURES[self.taken].must.difference(self.found) if not self.needs else frozenset()

    @property
    def blind(self) -> bool:
        """Whether the search cannot be believed."""
        return not self.needs and (bool(self.missed) or self.looked_at < LEAST_BYTES)

    @property
    def holds(self) -> bool:
        """Whether this says no more than is admitted, and was able to."""
        return not self.too_much and not self.blind


def cells(row: Row) -> tuple[str, str, str, str]:
    """Return a row's cells, in the language of the terminal."""
    if row.needs:
        return say(row.taken), "-", say("not done here: needs {what}", what=say(row.needs)), ""
    parts = []
    if row.too_much:
        parts.append(say("NOT ADMITTED: {what}", what=_told(row.too_much)))
    if row.blind:
        parts.append(say("THE SEARCH IS BLIND: {what}", what=_told(row.missed) or "-"))
    if admitted := row.found - row.too_much:
        parts.append(say("admitted: {what}", what=_told(admitted)))
    seizure = SEIZURES[row.taken]
    if known := seizure.known - row.found:
        parts.append(say("known, not looked for: {what}", what=_told(known)))
    named = seizure.known | admitted
    where = dict.fromkeys(seizure.may[label] for label in LABELS if label in named)
    found = "; ".join(parts) or say("nothing")
    return say(row.taken), _megabytes(row.looked_at), found, " ".join(where)


def as_text(rows: Iterable[Row]) -> list[str]:
    """Return the table in lines for a terminal: each seizure, and below it what was found."""
    lines = []
    for row in rows:
        taken, searched, found, where = cells(row)
        lines.append(f"{'  ' if row.holds else '! '}{taken} ({searched})")
        lines += [f"      {found}"] + ([f"      -> {where}"] if where else [])
    return lines


def as_markdown(rows: Sequence[Row]) -> list[str]:
    """Return the table in lines of Markdown."""
    return [
        *looked_for(row.taken for row in rows if not row.needs),
        "",
        *(_line([say(head) for head in HEADS]), _line(["---"] * len(HEADS))),
        *(_line(cells(row)) for row in rows),
    ]


def looked_for(taken: Iterable[str]) -> list[str]:
    """Say what is looked for in each of some seizures, in a line for all with the same."""
    alike: dict[frozenset[str], list[str]] = {}
    for name in taken:
        alike.setdefault(SEIZURES[name].looked_for, []).append(say(name))
    return [
        say("- Looked for: {what}. Where: {where}.", where="; ".join(names), what=_told(labels))
        for labels, names in alike.items()
    ]


def _line(parts: Sequence[str]) -> str:
    return "|" + "".join(f" {part} |" if part else " |" for part in parts)


def _told(labels: Iterable[str]) -> str:
    """Name labels, known ones first and in their order."""
    kept = set(labels)
    known = [say(label) for label in LABELS if label in kept]
    return ", ".join(known + sorted(kept.difference(LABELS)))


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
