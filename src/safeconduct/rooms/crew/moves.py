# SPDX-License-Identifier: AGPL-3.0-or-later
"""How stewards tell each other by hand where the office's relay is.

A telling by hand is the roster fact itself, outside of its commit: its signature is all that a
desk has to go by, so it must be a steward's that stands (spec/crew.md 9).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import Bytes16, Codec, Record, encode
from safeconduct.kernel.errors import Malformed, Refused
from safeconduct.kernel.groups import parse_groups, write_groups
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.words import DeviceId, OfficeId
from safeconduct.rooms.crew.claims import proved
from safeconduct.rooms.crew.events import SIGNED, Signed, check_fact, parse_fact
from safeconduct.rooms.crew.move_facts import MOVE_FACTS, MoveFact, RelayMoved
from safeconduct.rooms.crew.words import Role

if TYPE_CHECKING:
    from safeconduct.rooms.crew.doors import Moved
    from safeconduct.rooms.crew.fold import Roster


class OfAnotherOffice(Refused):
    """What was typed is another office's."""

    code = "of_another_office"


class TellingNotAStewards(Refused):
    """Whoever signed what was typed is no steward of this office, or no more."""

    code = "telling_not_a_stewards"


class Telling(Record, frozen=True):
    """What a steward gives a colleague by hand: a signed fact."""

    format: int
    office: Bytes16
    kind: str
    body: bytes


TELLING: Final[Codec[Telling]] = Codec(Telling, "telling", version=1)


def write_telling(office: OfficeId, kind: str, body: bytes) -> str:
    """Return a signed fact about the relay as text to hand over."""
    return write_groups(encode(Telling(1, office, kind, body)))


def parse_telling(text: str, roster: Roster) -> tuple[MoveFact, bytes, DeviceId]:
    """Return what a steward of this office signed, its bytes, and who it was.

    Who it was is empty where the recovery cards that count signed: of an office that was restored
    from a backup no desk that lives on knows the new steward yet.

    Raises:
        Malformed, NotCanonical, UnknownVersion: the text is not whole.
        OfAnotherOffice: it is not this office's.
        TellingNotAStewards: who signed it is no steward of this office, or no more.
        BadSignature: it is not signed by whom it names.
    """
    return check_telling(TELLING.decode(parse_groups(text, "telling")), roster)


def check_moved(moved: Moved, roster: Roster) -> RelayMoved:
    """Return the move of which a letter in a door tells, held to what a text by hand is.

    Raises:
        Malformed, NotCanonical, TellingNotAStewards, BadSignature: see `parse_telling`.
    """
    body = encode(Signed(moved.fact, moved.signer, moved.signature))
    fact, _, _ = check_telling(Telling(1, roster.office, "crew.RelayMoved", body), roster)
    assert isinstance(fact, RelayMoved)
    return fact


def check_telling(telling: Telling, roster: Roster) -> tuple[MoveFact, bytes, DeviceId]:
    """Return what a steward of this office signed, its bytes, and who it was.

    Raises:
        OfAnotherOffice, TellingNotAStewards, BadSignature, others: see `parse_telling`.
    """
    if telling.office != roster.office:
        raise OfAnotherOffice
    if telling.kind not in MOVE_FACTS:
        raise Malformed("telling")
    signed = SIGNED.decode(telling.body)
    signer = DeviceId(signed.signer)
    if signer:
        _check_steward(telling.kind, signed, roster)
    elif not proved(roster.office, telling.kind, signed, roster.cards.root_key):
        raise TellingNotAStewards
    fact = parse_fact(telling.kind, signed)
    assert isinstance(fact, MoveFact)
    LongVerifyKey.parse(fact.relay_key)
    return fact, signed.fact, signer


def _check_steward(kind: str, signed: Signed, roster: Roster) -> None:
    signer = DeviceId(signed.signer)
    if Role.STEWARD not in roster.roles(signer):
        raise TellingNotAStewards
    check_fact(kind, signed, roster.office, roster.members[signer].device.signing)
