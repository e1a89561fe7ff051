# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a device may write, in one place, and the crew's own acts.

Enforced where commits are read, on every desk: `may_write` is asked for each entry of each
commit, and what it refuses is quarantined (spec/journal.md 5, 6).
"""

from __future__ import annotations

from typing import Final

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew.events import DeviceAdmitted
from safeconduct.rooms.crew.fold import Roster
from safeconduct.rooms.crew.words import KnownDevice, Role

HELPERS: Final = frozenset(Role) - {Role.LINE}

WRITERS: Final[dict[str, frozenset[Role]]] = {
    "crew": frozenset({Role.STEWARD}),
    "hotline": frozenset({Role.STEWARD, Role.OPERATOR, Role.CASE_WORKER, Role.COORDINATOR}),
}
"""Which roles may write which room's facts.  A room that is not named is for helpers."""
OF_A_KIND: Final[dict[str, frozenset[Role]]] = {
    "crew.KeysGranted": HELPERS,
    "crew.SealingKeyRotated": frozenset(Role),
}
"""Kinds that others may write than their room says; `key_facts` says which of these count."""
IN_TEAMS: Final = frozenset({"crew.VaultOpened", "crew.KeysGranted"})
"""Kinds that may stand in the vault of a team, too: who does not hold a case does not learn of it.
"""


class NotASteward(Refused):
    """Only a steward can do this."""

    code = "not_a_steward"


class NeedsTwoStewards(Refused):
    """One steward alone makes no third steward (spec/crew.md 2)."""

    code = "needs_two_stewards"


class AlreadyAdmitted(Refused):
    """This device stands on the roster already."""

    code = "already_admitted"


class NameTaken(Refused):
    """Another device here is called the same; people would mix them up."""

    code = "name_taken"


def may_write(roster: Roster, device: DeviceId, kind: str, sequence: int | None = None) -> bool:
    """Tell whether the roster allows this device to write this kind of fact.

    With a sequence: whether it was allowed in that commit of its chain.
    """
    room = kind.partition(".")[0]
    roles = roster.roles(device) if sequence is None else roster.roles_at(device, sequence)
    return bool(roles & OF_A_KIND.get(kind, WRITERS.get(room, HELPERS)))


def may_stand(roster: Roster, kind: str, vault: bytes, crew: bytes) -> bool:
    """Tell whether a roster fact of this kind belongs into a vault; `crew` is that of the crew."""
    return vault == crew or (kind in IN_TEAMS and vault in roster.teams)


def need_steward(roster: Roster, by: DeviceId) -> None:
    """Hold an act to the stewards.

    Raises:
        NotASteward: this device is none that stands.
    """
    if Role.STEWARD not in roster.roles(by):
        raise NotASteward


def check_inviter(roster: Roster, by: DeviceId, roles: frozenset[Role]) -> None:
    """Check that a device may admit another with these roles, before people meet for it.

    Raises:
        NotASteward, NeedsTwoStewards: see there.
    """
    need_steward(roster, by)
    if Role.STEWARD in roles and len(roster.stewards) > 1:
        raise NeedsTwoStewards


def admit(
    roster: Roster, by: DeviceId, device: KnownDevice, *, person: str, roles: frozenset[Role]
) -> DeviceAdmitted:
    """Admit a device whose words were compared.

    Raises:
        NotASteward, NeedsTwoStewards, AlreadyAdmitted, NameTaken: see there.
    """
    check_inviter(roster, by, roles)
    if device.id in roster.members:
        raise AlreadyAdmitted
    if any(member.device.name == device.name for member in roster.members.values()):
        raise NameTaken
    return DeviceAdmitted(device.card, person, tuple(sorted(role.value for role in roles)))
