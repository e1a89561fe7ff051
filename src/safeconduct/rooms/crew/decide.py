# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a device may write, in one place, and the crew's own acts.

Enforced where commits are read, on every desk: `may_write` is asked for each entry of each
commit, and what it refuses is quarantined (spec/journal.md 5, 6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew.events import DeviceAdmitted
from safeconduct.rooms.crew.fold import Roster
from safeconduct.rooms.crew.words import KnownDevice, Role

if TYPE_CHECKING:
    from collections.abc import Collection

HELPERS: Final = frozenset(Role) - {Role.LINE}

CASE_WRITERS: Final = frozenset(
    {Role.STEWARD, Role.CASE_WORKER, Role.COORDINATOR, Role.DOCUMENTER, Role.LEGAL}
)
CASE_OPENERS: Final = frozenset({Role.STEWARD, Role.CASE_WORKER})
MONEY_KEEPERS: Final = frozenset({Role.STEWARD, Role.COORDINATOR})
"""Who writes grants and limits, and takes reports to donors (spec/money.md 6)."""
NETWORK_WRITERS: Final = frozenset({Role.STEWARD, Role.COORDINATOR})
"""Who writes of houses, roads and countries, as far as they read them (spec/network.md 5)."""

ANSWERERS: Final = frozenset({Role.STEWARD, Role.OPERATOR, Role.CASE_WORKER, Role.COORDINATOR})

WRITERS: Final[dict[str, frozenset[Role]]] = {
    "crew": frozenset({Role.STEWARD}),
    "hotline": ANSWERERS,
    "duty": ANSWERERS,
    "cases": CASE_WRITERS,
    "passage": NETWORK_WRITERS,
    "watch": ANSWERERS,
}
"""Which roles may write which room's facts.  A room that is not named is for helpers."""
OF_A_KIND: Final[dict[str, frozenset[Role]]] = {
    "cases.FormBrought": frozenset({Role.STEWARD}),
    "cases.FormEnded": frozenset({Role.STEWARD}),
    "cases.DonorReportMade": MONEY_KEEPERS,
    "cases.GrantWritten": MONEY_KEEPERS,
    "cases.KeysAnswered": HELPERS,
    "cases.KeysAsked": HELPERS,
    "cases.LimitSeconded": MONEY_KEEPERS,
    "cases.LimitSet": MONEY_KEEPERS,
    "cases.OwnFileSeconded": frozenset({Role.STEWARD}),
    "cases.PartOpened": CASE_OPENERS,
    "cases.PartRead": HELPERS,
    "crew.CaseOpened": CASE_OPENERS,
    "crew.CaseErased": HELPERS,
    "crew.ErasureAsked": CASE_OPENERS,
    "crew.ErasureStopped": HELPERS,
    "crew.ExportAsked": HELPERS,
    "crew.KeysGranted": HELPERS,
    "crew.ReturnAsked": HELPERS,
    "crew.SealingKeyRotated": frozenset(Role),
    "crew.TravelBegun": HELPERS,
    "crew.TakenBack": HELPERS,
    "passage.CallTicked": NETWORK_WRITERS | {Role.CASE_WORKER},
    "passage.GoSaid": NETWORK_WRITERS | {Role.CASE_WORKER},
    "passage.SheetVerified": NETWORK_WRITERS | {Role.CASE_WORKER},
    "duty.HoursSet": frozenset({Role.STEWARD}),
    "duty.PagerPlaceSet": frozenset({Role.STEWARD}),
    "hotline.FirstWordsApproved": frozenset({Role.STEWARD}),
    "hotline.ConversationsExported": HELPERS,
    "hotline.ConversationsOpened": HELPERS,
    "hotline.RetentionDue": HELPERS,
    "hotline.RetentionExtended": HELPERS,
    "hotline.RetentionHeld": frozenset({Role.STEWARD}),
    "hotline.RetentionHoldEnded": frozenset({Role.STEWARD}),
    "hotline.RetentionSet": frozenset({Role.STEWARD}),
    "hotline.GuardedWordsSet": frozenset({Role.STEWARD}),
    "hotline.LineSet": frozenset({Role.STEWARD}),
    "hotline.SearchesMade": HELPERS,
}
"""Kinds that others may write than their room says; `key_facts` says which of these count.

Whoever reads conversations or case files reports that, also who may write nothing in them, and
may ask to take conversations along.
"""
IN_CREW: Final = frozenset(
    {
        *("cases.DonorReportMade", "cases.GrantWritten", "cases.KeysAnswered", "cases.KeysAsked"),
        *("cases.LimitSeconded", "cases.LimitSet", "cases.FormBrought", "cases.FormEnded"),
    }
)
"""Facts of cases that stand in the vault of the crew.

A request reaches whoever has the keys, everybody who fills a form in needs its questions, and money
that is of no case is the office's.
"""
OF_PARTS: Final[dict[str, frozenset[Role]]] = {
    "identity": frozenset({Role.STEWARD, Role.CASE_WORKER}),
    "contact": frozenset({Role.STEWARD, Role.CASE_WORKER, Role.OPERATOR}),
    "journey": frozenset({Role.STEWARD, Role.CASE_WORKER, Role.COORDINATOR}),
    "testimony": frozenset({Role.STEWARD, Role.DOCUMENTER}),
    "legal": frozenset({Role.STEWARD, Role.LEGAL}),
    "health": frozenset({Role.STEWARD, Role.CASE_WORKER}),
}
"""Whose devices are proposed for each part when a case file is opened; a person chooses."""
IN_TEAMS: Final = frozenset({"crew.VaultOpened", "crew.KeysGranted"})
"""Kinds that may stand in the vault of a team, too: who does not hold a case does not learn of it.
"""


OF_TEAMS: Final = frozenset({"cases.TableKept"})
"""Facts of cases that stand in the vault of a team and nowhere else (spec/tables.md 1)."""


class NotASteward(Refused):
    """Only a steward can do this."""

    code = "not_a_steward"


class NobodyToSecond(Refused):
    """No other steward's device stands that could sign as the second."""

    code = "nobody_to_second"


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


def proposed(
    roster: Roster, part: str, travelling: Collection[DeviceId] = ()
) -> frozenset[DeviceId]:
    """Return the devices that stand, do not travel light, and are proposed for a part of a case."""
    home = roster.present().difference(travelling)
    return frozenset(one for one in home if roster.roles(one) & OF_PARTS[part])


def may_open_cases(roles: Collection[Role]) -> bool:
    """Tell whether one of these roles opens case files."""
    return not CASE_OPENERS.isdisjoint(roles)


def helpers(roster: Roster) -> frozenset[DeviceId]:
    """Return the devices of people, and none that carries calls and messages alone."""
    return frozenset(one for one in roster.present() if roster.roles(one) & HELPERS)


def need_steward(roster: Roster, by: DeviceId) -> None:
    """Hold an act to the stewards.

    Raises:
        NotASteward: this device is none that stands.
    """
    if Role.STEWARD not in roster.roles(by):
        raise NotASteward


def rooms_of(role: Role) -> frozenset[str]:
    """Return the rooms whose facts this role may write, of those that are not for all helpers."""
    return frozenset(room for room, roles in WRITERS.items() if role in roles)


def answers(roles: frozenset[Role]) -> bool:
    """Tell whether one of these roles answers people and looks after their conversations."""
    return bool(roles & WRITERS["hotline"])


def stewards(roster: Roster) -> frozenset[DeviceId]:
    """Return the devices that stand and have the role steward."""
    return frozenset(one for one in roster.present() if Role.STEWARD in roster.roles(one))


def takes_two(roster: Roster) -> bool:
    """Tell whether the office has had two stewards, so that the founder alone suffices no more."""
    return len(roster.stewards) > 1


def need_a_second(roster: Roster, *those: DeviceId) -> None:
    """Refuse what nobody could second but those who may not.

    Raises:
        NobodyToSecond: it takes two, and no further steward stands.
    """
    if takes_two(roster) and not stewards(roster) - {*those}:
        raise NobodyToSecond


def check_inviter(roster: Roster, by: DeviceId, roles: frozenset[Role]) -> None:
    """Check that a device may admit another with these roles, before people meet for it.

    Once there were two stewards the role steward counts only when a second one has signed.

    Raises:
        NotASteward, NobodyToSecond: see there.
    """
    need_steward(roster, by)
    if Role.STEWARD in roles:
        need_a_second(roster, by)


def admit(
    roster: Roster, by: DeviceId, device: KnownDevice, *, person: str, roles: frozenset[Role]
) -> DeviceAdmitted:
    """Admit a device whose words were compared.

    Raises:
        NotASteward, NobodyToSecond, AlreadyAdmitted, NameTaken: see there.
    """
    check_inviter(roster, by, roles)
    if device.id in roster.members:
        raise AlreadyAdmitted
    if any(member.device.name == device.name for member in roster.members.values()):
        raise NameTaken
    return DeviceAdmitted(device.card, person, tuple(sorted(role.value for role in roles)))
