# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is asked when risk is judged: instruments, their versions and the names of their items.

This is data.  Nothing here was ever validated empirically, so an item has no weight and an
instrument no score: people name the items that a band rests on.  A version that was let out is
never changed, since assessments name its items; the texts lie in `edges/desk/instruments`, and an
item's name never changes its meaning (spec/risk.md 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of an instrument: its groups of items, in the order in which they are asked."""

    name: str
    version: int
    groups: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def items(self) -> tuple[str, ...]:
        """The names of all items."""
        return tuple(item for _, items in self.groups for item in items)


OFFICE: Final = Instrument(
    "office",
    1,
    (
        (
            "threat",
            ("said", "done_before", "sought", "closer", "means", "state", "unpunished"),
        ),
        (
            "vulnerability",
            (
                *("place_known", "traceable", "papers", "told_on", "alone", "depends", "health"),
                "money",
            ),
        ),
        (
            "capacity",
            ("safe_place", "can_leave", "reached", "ally", "keeps_to", "protection"),
        ),
    ),
)
"""The office's own sheet, after the risk formula of Frontline Defenders and Protection Int."""
HONOUR: Final = Instrument(
    "honour",
    1,
    (
        (
            "person",
            ("marriage", "taken", "held", "kept_from", "ran_away", "self_harm", "shamed"),
        ),
        (
            "family",
            ("death", "several", "hired", "others_hurt", "violence", "called_back", "cure"),
        ),
        ("contact", ("once",)),
    ),
)
"""Abuse in the name of honour."""
HEIGHTENED: Final = Instrument(
    "heightened",
    1,
    (
        ("older", ("older_alone", "older_cares")),
        ("children", ("child_alone", "child_bound", "child_cares")),
        ("women", ("woman_alone", "with_child", "again")),
        (
            "protection",
            ("orientation", "tortured", "sexual", "sent_back", "locked_up"),
        ),
        ("health", ("life", "mind", "assistance")),
    ),
)
"""Categories of heightened risk, under the headings of UNHCR's tool."""

INSTRUMENTS: Final[dict[tuple[str, int], Instrument]] = {
    (one.name, one.version): one for one in (OFFICE, HONOUR, HEIGHTENED)
}
"""Every version that was ever let out."""
NEWEST: Final[dict[str, Instrument]] = {
    one.name: one for one in sorted(INSTRUMENTS.values(), key=lambda one: one.version)
}
"""What a new assessment is made with, by name."""
