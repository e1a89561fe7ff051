# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which lines the office admitted: by which channels people may reach it (spec/lines.md 5).

What it is: a steward's word for each line's key, with the card that the line showed and, where the
channel is a risky one, which note of that risk the steward signed by it.  What it is not: a right
of the line's; a line that nobody admitted is read and answered, too, and is called unknown.
Invariant: of stewards who say different things at once the one counts who says that it stands no
more; a line of a risky channel without a signed note never stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec

from safeconduct.kernel.canon import Bytes32, Record
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import DeviceId, FactId, Instant
from safeconduct.rooms.hotline.by_line import RISKY, Kind, LineMark
from safeconduct.rooms.hotline.heard import Heard
from safeconduct.rooms.hotline.line_card import LineCard, read_line_card

Note = Annotated[str, msgspec.Meta(max_length=40)]


class LineSet(Record, frozen=True):
    """A steward says of a line that it stands (1) or no more (0); `replaces` are what they knew."""

    key: Bytes32
    kind: Kind
    card: bytes
    stands: Annotated[int, msgspec.Meta(ge=0, le=1)]
    note: Note
    replaces: tuple[bytes, ...]


LINE_FACTS = (LineSet,)
LineSaid = Heard[LineSet]


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """A line as the office knows it."""

    kind: Kind
    card: LineCard
    stands: bool
    note: str
    by: DeviceId
    at: Instant
    facts: tuple[FactId, ...]
    disputed: bool = False
    """Stewards said different things at once, and it stands no more until one says so anew."""

    @property
    def key(self) -> bytes:
        """The key that names it."""
        return self.card.key


def fold_lines(said: Sequence[LineSaid]) -> tuple[OfficeLine, ...]:
    """Return each line that a steward named, those that stand first; the same in any order.

    What is said of one card takes nothing from another.
    """
    lines: dict[bytes, list[LineSaid]] = {}
    for one in sorted(said, key=lambda one: (one.at, one.fact)):
        lines.setdefault(one.event.card, []).append(one)
    found = [line for of_card in lines.values() if (line := _line(of_card)) is not None]
    return tuple(sorted(found, key=lambda one: (not one.stands, one.kind, one.at, one.key)))


def admitted(lines: Sequence[OfficeLine], mark: LineMark) -> OfficeLine | None:
    """Return the line of the office that a letter names; None where the office knows none such."""
    return next(
        (one for one in lines if one.stands and (one.key, one.kind) == (mark.key, mark.kind)), None
    )


def _line(said: Sequence[LineSaid]) -> OfficeLine | None:
    replaced = {fact for one in said for fact in one.event.replaces if fact != one.fact}
    standing = [one for one in said if one.fact not in replaced] or said
    newest = standing[-1]
    try:
        card = read_line_card(newest.event.card)
    except SafeconductError:
        return None  # What a colleague's program wrote is no card, and names no line.
    if any((one.event.key, one.event.kind) != (card.key, card.kind) for one in standing):
        return None
    against = [one for one in standing if not _says_yes(one.event)]
    shown = against[-1] if against else newest
    return OfficeLine(
        *(card.kind, card, not against, shown.event.note, shown.device, shown.at),
        facts=tuple(sorted(one.fact for one in standing)),
        disputed=0 < len(against) < len(standing),
    )


def _says_yes(event: LineSet) -> bool:
    return bool(event.stands) and (event.kind not in RISKY or bool(event.note))
