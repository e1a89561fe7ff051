# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of people who go abroad, for tests of the room: one commit each, in the part of a field."""

from __future__ import annotations

from datetime import UTC, date, datetime

from safeconduct.kernel.words import CaseId, CommitId, DeviceId, FactId, VaultId, fact_id
from safeconduct.rooms.cases import CaseRecord, Part, SheetId, SheetWritten, Told, fold_record
from safeconduct.rooms.cases.relocation import Relocation, fold_abroad

CASE = CaseId(b"c" * 16)
VAULTS = {VaultId(part.value.encode().ljust(16)): part for part in Part}
OF_PART = {part: vault for vault, part in VAULTS.items()}
ADA, BO = DeviceId(b"a" * 16), DeviceId(b"b" * 16)
PERSON, CHILD, WAY = SheetId(b"p" * 16), SheetId(b"k" * 16), SheetId(b"w" * 16)
TODAY = date(2026, 11, 20)
_NOON = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp() * 1000)


def told(
    n: int,
    kind: str,
    sheet: bytes,
    *values: tuple[str, str],
    part: Part = Part.JOURNEY,
    over: tuple[FactId, ...] = (),
) -> Told:
    """What somebody wrote as the n-th commit."""
    commit = CommitId(n.to_bytes(32, "big"))
    event = SheetWritten(CASE, sheet, kind, values, over)
    by = BO if n % 2 else ADA
    return Told(fact_id(commit, 0), commit, OF_PART[part], by, (_NOON + n) << 16, event)


def way(n: int = 1, /, **said: str) -> Told:
    """The sheet of somebody's way to an invented country."""
    values = {"of": PERSON.hex(), "country": "Vessland", "children": "no"} | said
    return told(n, "relocation", WAY, *((name, text) for name, text in values.items() if text))


def item(n: int, what: str, /, **said: str) -> Told:
    """A thing on its list."""
    values = {"of": WAY.hex(), "what": what} | said
    return told(n, "item", n.to_bytes(16, "big"), *values.items())


def heard(n: int, day: str, how: str = "spoke", **said: str) -> Told:
    """Something that was heard after arrival."""
    values = {"of": WAY.hex(), "day": day, "how": how} | said
    return told(n, "after", n.to_bytes(16, "big"), *values.items())


def record(*facts: Told) -> CaseRecord:
    """The record that these facts give, with somebody in it."""
    person = told(0, "person", PERSON, ("stands", "asks"))
    return fold_record(CASE, VAULTS, (person, *facts), "en")


def relocation(*facts: Told, held: tuple[Part, ...] = tuple(Part)) -> Relocation:
    """The one relocation that they give where these parts are held."""
    (found,) = fold_abroad(record(*facts), held).relocations
    return found
