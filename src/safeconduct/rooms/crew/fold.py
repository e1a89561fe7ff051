# SPDX-License-Identifier: AGPL-3.0-or-later
"""From roster facts to the roster: the same set gives the same roster in any order.

Fails closed: a fact whose signer does not stand, or whose signature does not hold, is left out
and listed in `Roster.refused`.  The graph of removals (spec/journal.md 6) comes with the crew
issue; here nobody is removed, so a fixpoint over admissions is the whole of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from safeconduct.kernel.errors import SafeconductError, UnknownVersion, Untrusted
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.words import CommitId, DeviceId, OfficeId
from safeconduct.rooms.crew.events import (
    SIGNED,
    VERSION,
    DeviceAdmitted,
    EpochOpened,
    OfficeFounded,
    Signed,
    check_fact,
    parse_fact,
)
from safeconduct.rooms.crew.words import Member, Role, office_id, parse_card

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Told:
    """A roster entry as read: which commit, by which device, of which kind, with which body."""

    commit: CommitId
    device: DeviceId
    kind: str
    body: bytes
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class Roster:
    """Who belongs to the office, which key epochs were opened, and which parcels count."""

    office: OfficeId
    founded: OfficeFounded | None = None
    members: Mapping[DeviceId, Member] = field(default_factory=dict)
    epochs: Mapping[tuple[bytes, int], EpochOpened] = field(default_factory=dict)
    parcels: frozenset[bytes] = frozenset()
    taken: tuple[CommitId, ...] = ()
    refused: tuple[CommitId, ...] = ()

    def roles(self, device: DeviceId) -> frozenset[Role]:
        """Return what a device may act as; nothing when it does not stand."""
        member = self.members.get(device)
        return member.roles if member else frozenset()


Parsed = tuple[Told, Signed, object]


class NotFounded(Untrusted):
    """The log does not hold this office's founding fact."""

    code = "not_founded"


def fold(office: OfficeId, told: Iterable[Told]) -> Roster:
    """Return the roster that these facts make."""
    parsed = sorted(_parse(told), key=lambda item: (item[0].kind, item[0].commit, item[0].body))
    founded, founder, first = _founding(office, parsed)
    if founded is None or founder is None or first is None:
        return Roster(office)
    members = {founder.device.id: founder}
    taken = {first.commit}
    waiting = [item for item in parsed if isinstance(item[2], DeviceAdmitted)]
    while found := [item for item in waiting if _admits(office, item, members, taken)]:
        waiting = [item for item in waiting if item not in found]
    opened = _opened(office, parsed, members, taken)
    epochs: dict[tuple[bytes, int], EpochOpened] = {}
    for fact in opened:
        epochs.setdefault((fact.vault, fact.epoch), fact)
    everything = {item[0].commit for item in parsed}
    return Roster(
        office=office,
        founded=founded,
        members=members,
        epochs=epochs,
        parcels=frozenset(fact.parcel for fact in opened),
        taken=tuple(sorted(taken)),
        refused=tuple(sorted(everything - taken)),
    )


def _parse(told: Iterable[Told]) -> Iterable[Parsed]:
    for entry in told:
        try:
            if entry.version != VERSION:
                raise UnknownVersion(entry.kind, entry.version)
            signed = SIGNED.decode(entry.body)
            yield entry, signed, parse_fact(entry.kind, signed)
        except (SafeconductError, KeyError):
            # Unknown kinds and broken facts stay in the log and change nothing here.
            yield entry, Signed(b"", b"", b""), None


def _founding(
    office: OfficeId, parsed: list[Parsed]
) -> tuple[OfficeFounded | None, Member | None, Told | None]:
    for told, signed, fact in parsed:
        if not isinstance(fact, OfficeFounded) or office_id(fact.root_key) != office:
            continue
        try:
            check_fact(told.kind, signed, office, LongVerifyKey.parse(fact.root_key))
            device = parse_card(fact.card)
        except SafeconductError:
            continue
        if signed.signer or told.device != device.id:
            continue
        roles = frozenset({Role.STEWARD, Role.OPERATOR})
        return fact, Member(device, fact.person, roles, None), told
    return None, None, None


def _stands(office: OfficeId, item: Parsed, members: Mapping[DeviceId, Member]) -> Member | None:
    """Return the steward who signed this fact in their own commit, or None."""
    told, signed, _ = item
    signer = members.get(DeviceId(signed.signer))
    if signer is None or signed.signer != told.device or Role.STEWARD not in signer.roles:
        return None
    try:
        check_fact(told.kind, signed, office, signer.device.signing)
    except SafeconductError:
        return None
    return signer


def _admits(
    office: OfficeId,
    item: Parsed,
    members: dict[DeviceId, Member],
    taken: set[CommitId],
) -> bool:
    told, _, fact = item
    signer = _stands(office, item, members)
    if signer is None or not isinstance(fact, DeviceAdmitted):
        return False
    try:
        device = parse_card(fact.card)
    except SafeconductError:
        return False
    # A role that only a newer program knows gives no rights here.
    roles = frozenset(role for role in Role if role.value in fact.roles)
    if device.id in members:
        return False
    members[device.id] = Member(device, fact.person, roles, signer.device.id)
    taken.add(told.commit)
    return True


def _opened(
    office: OfficeId,
    parsed: list[Parsed],
    members: Mapping[DeviceId, Member],
    taken: set[CommitId],
) -> list[EpochOpened]:
    """Return every epoch fact that stands: one epoch has a fact for each parcel of its key."""
    opened = []
    for item in parsed:
        fact = item[2]
        if isinstance(fact, EpochOpened) and _stands(office, item, members):
            opened.append(fact)
            taken.add(item[0].commit)
    return opened
