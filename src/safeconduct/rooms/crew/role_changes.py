# SPDX-License-Identifier: AGPL-3.0-or-later
"""Giving a device of the office other roles than it has (spec/crew.md 1 and 2).

Pure, like `removing`: what is refused here would count nowhere, or would undo what a steward did.
Who asked is joined by a second steward with `removing.second`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.crew.decide import HELPERS, need_a_second
from safeconduct.rooms.crew.events import RoleGranted
from safeconduct.rooms.crew.fold import Standing
from safeconduct.rooms.crew.removing import AlreadyAsked, AlreadyRemoved, need_member
from safeconduct.rooms.crew.words import Role

if TYPE_CHECKING:
    from safeconduct.kernel.words import DeviceId
    from safeconduct.rooms.crew.fold import Roster

GIVEN: Final = tuple(role for role in Role if role in HELPERS)
"""The roles that people have, in the order in which pages show them; a line's is a machine's."""


class NoRoleLeft(Refused):
    """Whoever belongs to the office has a role in it."""

    code = "no_role_left"


class NotForLines(Refused):
    """A line keeps the one role that it has, and nobody else has it."""

    code = "not_for_lines"


class SameRoles(Refused):
    """The device has just these roles already."""

    code = "same_roles"


class SuspendFirst(Refused):
    """The role steward is taken from a device that is suspended: the cut says what counts."""

    code = "suspend_first"


def change_roles(
    roster: Roster, by: DeviceId, device: DeviceId, roles: frozenset[Role]
) -> RoleGranted:
    """Ask that a device have these roles and no others; the founder who is alone says so.

    Raises:
        NotASteward, NoSuchDevice, AlreadyRemoved, NotForLines, NoRoleLeft, SameRoles,
        SuspendFirst, AlreadyAsked, NobodyToSecond: see there.
    """
    need_member(roster, by, device)
    standing, now = roster.standing(device), roster.members[device].roles
    if standing is Standing.EXPELLED:
        raise AlreadyRemoved
    if not roles <= HELPERS or Role.LINE in now:
        raise NotForLines
    if not roles:
        raise NoRoleLeft
    if roles == now:
        raise SameRoles
    if Role.STEWARD in now - roles and standing is not Standing.SUSPENDED:
        raise SuspendFirst
    written = tuple(sorted(role.value for role in roles))
    if (device, written) in _asked(roster):
        raise AlreadyAsked
    need_a_second(roster, by)
    return RoleGranted(device, written, roster.grants.get(device, ()))


def _asked(roster: Roster) -> set[tuple[bytes, tuple[str, ...]]]:
    facts = (pending.fact for pending in roster.pending.values())
    return {(fact.device, fact.roles) for fact in facts if isinstance(fact, RoleGranted)}
