# SPDX-License-Identifier: AGPL-3.0-or-later
"""How each device of the office stands, as pages show it: removed by whom, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from safeconduct.kernel.words import DeviceId, FactId, Instant
from safeconduct.rooms.crew import Role, Standing
from safeconduct.rooms.crew.card_facts import RecoverySplit
from safeconduct.rooms.crew.claims import given_by
from safeconduct.rooms.crew.events import (
    DeviceAdmitted,
    DeviceExpelled,
    DeviceReadmitted,
    RoleGranted,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.edges.desk.api import DeskApi
    from safeconduct.rooms.crew import Member, Roster
    from safeconduct.rooms.crew.removals import Pending, Removal

ACTS: Final = {
    DeviceExpelled: "expel",
    DeviceReadmitted: "back",
    RoleGranted: "roles",
    DeviceAdmitted: "roles",
    RecoverySplit: "cards",
}


class Said(NamedTuple):
    """A removal: by whom, when as their clock said, why, and who signed as the second."""

    by: DeviceId
    at: Instant
    reason: str
    expels: bool
    seconds: tuple[DeviceId, ...]


class Asked(NamedTuple):
    """What waits for a second steward: `act` is `expel`, `back`, `roles` or `cards`.

    `mine` if it was asked, or signed for, from here; roles are `gained` and `lost` by what the
    device has now.  Of `cards`, new ones in dispute, `seconds` signed for them, and `scheme` is how
    many are needed, and how many there are.
    """

    fact: FactId
    act: str
    by: DeviceId
    at: Instant
    reason: str
    members: tuple[Member, ...]
    mine: bool
    gained: tuple[Role, ...] = ()
    lost: tuple[Role, ...] = ()
    seconds: tuple[DeviceId, ...] = ()
    scheme: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Stand:
    """How one device stands."""

    member: Member
    standing: Standing
    removals: tuple[Said, ...]
    asked: tuple[Asked, ...]

    @property
    def here(self) -> bool:
        """Whether it belongs to the office."""
        return self.standing is Standing.STANDING


def stands(desk: DeskApi, members: Sequence[Member]) -> list[Stand]:
    """Return how some devices stand."""
    roster, waiting = desk.roster(), waits(desk)
    return [_stand(desk, roster, member, waiting) for member in members]


def stand(desk: DeskApi, device: DeviceId) -> Stand | None:
    """Return how a device stands; None when it was never admitted."""
    member = desk.roster().members.get(device)
    return stands(desk, [member])[0] if member else None


def waits(desk: DeskApi) -> list[Asked]:
    """Return what waits for a second steward, oldest first."""
    roster = desk.roster()
    found = [_asked(desk, roster, fact, pending) for fact, pending in roster.pending.items()]
    return sorted((one for one in found if one.act), key=lambda one: (one.at, one.fact))


def is_steward(desk: DeskApi) -> bool:
    """Tell whether this desk's device is a steward's and stands."""
    return Role.STEWARD in desk.roster().roles(desk.device)


def asks(desk: DeskApi) -> dict[str, Any]:
    """Return what the region of questions shows; to stewards alone."""
    steward = is_steward(desk)
    away = desk.travel.away() if steward else ()
    members = desk.roster().members
    trips = [(members[one.device], one.asked) for one in away]
    return {
        "asked": waits(desk) if steward else [],
        "leaving": desk.exports.waiting() if steward else (),
        "trips": trips,
        "steward": steward,
    }


def _stand(desk: DeskApi, roster: Roster, member: Member, waiting: Sequence[Asked]) -> Stand:
    device = member.device.id
    standing = roster.standing(device)
    assert standing is not None
    said = [_said(desk, one) for one in roster.removals.values() if device in one.devices]
    asked = tuple(one for one in waiting if member in one.members)
    return Stand(member, standing, tuple(sorted(said, key=lambda one: one.at)), asked)


def _said(desk: DeskApi, removal: Removal) -> Said:
    at = desk.removals.when(removal.writer, removal.sequence)
    return Said(removal.by, at, removal.reason, removal.expels, removal.seconds)


def _asked(desk: DeskApi, roster: Roster, fact: FactId, pending: Pending) -> Asked:
    about = pending.fact
    reason = about.reason if isinstance(about, DeviceExpelled) else ""
    members = tuple(roster.members[one] for one in pending.devices if one in roster.members)
    act, at = ACTS.get(type(about), ""), desk.removals.when(pending.by, pending.sequence)
    mine = desk.device in (pending.seconds or (pending.by,))
    asked = Asked(fact, act, pending.by, at, reason, members, mine)
    if isinstance(about, RecoverySplit):
        return asked._replace(seconds=pending.seconds, scheme=(about.needed, about.cards))
    if not isinstance(about, RoleGranted | DeviceAdmitted):
        return asked
    wanted = given_by(about)
    now = frozenset[Role]().union(*(member.roles for member in members))
    gained = tuple(role for role in Role if role in wanted - now)
    return asked._replace(gained=gained, lost=tuple(role for role in Role if role in now - wanted))
