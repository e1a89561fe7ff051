# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking a device out, bringing it back, and letting count what it wrote (spec/crew.md 1, 2, 4).

Pure: roster and command give a fact, or a refusal.  Whether the fact counts is decided on every
desk that reads it, by the roster's fold; what is refused here would count nowhere, or would leave
nobody who could undo it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew.decide import need_a_second, need_steward, stewards
from safeconduct.rooms.crew.events import (
    REASON_MOST,
    CommitAdopted,
    CrewFact,
    Cut,
    DeviceExpelled,
    DeviceReadmitted,
    DeviceSuspended,
    Seconded,
)
from safeconduct.rooms.crew.fold import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.kernel.words import CommitId, FactId
    from safeconduct.rooms.crew.fold import Roster


class NoSuchDevice(Refused):
    """No device of that id was ever admitted."""

    code = "no_such_device"


class AlreadyRemoved(Refused):
    """The device is removed already, as this act would remove it."""

    code = "already_removed"


class NotRemoved(Refused):
    """The device belongs to the office: there is nothing to lift."""

    code = "not_removed"


class AlreadyAsked(Refused):
    """The same waits for a second steward already."""

    code = "already_asked"


class NothingToSecond(Refused):
    """Nothing of that id waits for a second steward: one signed it, or it fell."""

    code = "nothing_to_second"


class SecondIsAnother(Refused):
    """Who asked is not the second."""

    code = "second_is_another"


class LastSteward(Refused):
    """No steward would be left, and nobody who could bring one back."""

    code = "last_steward"


class OwnExpulsion(Refused):
    """Nobody expels the device at which they sit; suspending it takes it out as well."""

    code = "own_expulsion"


class ReasonTooLong(Refused):
    """A reason has `REASON_MOST` characters at most."""

    code = "reason_too_long"


class NothingToAdopt(Refused):
    """Nothing of this commit can be let count, or all of it does."""

    code = "nothing_to_adopt"


def suspend(roster: Roster, by: DeviceId, cut: Cut, reason: str) -> DeviceSuspended:
    """Take a device out at once; `cut` is its last commit that this desk has read.

    Raises:
        NotASteward, NoSuchDevice, AlreadyRemoved, LastSteward, ReasonTooLong: see there.
    """
    device = need_member(roster, by, DeviceId(cut.device))
    if roster.standing(device) is not Standing.STANDING:
        raise AlreadyRemoved
    if not stewards(roster) - {device}:
        raise LastSteward
    return DeviceSuspended((cut,), _reason(reason))


def expel(roster: Roster, by: DeviceId, cut: Cut, reason: str) -> DeviceExpelled:
    """Ask that a device be taken out for good; it is suspended until a second steward signs.

    Of a device that is removed already the cut stays where it is.

    Raises:
        NotASteward, NoSuchDevice, AlreadyRemoved, OwnExpulsion, AlreadyAsked, NobodyToSecond,
        ReasonTooLong: see there.
    """
    device = need_member(roster, by, DeviceId(cut.device))
    if roster.standing(device) is Standing.EXPELLED:
        raise AlreadyRemoved
    if device == by:
        raise OwnExpulsion
    if device in asked(roster, DeviceExpelled):
        raise AlreadyAsked
    need_a_second(roster, by, device)
    removed = roster.removed.get(device)
    if removed and removed.cut.sequence:
        cut = removed.cut
    return DeviceExpelled((cut,), _reason(reason))


def readmit(roster: Roster, by: DeviceId, cut: Cut) -> DeviceReadmitted:
    """Ask that a device be brought back; `cut` is its last commit that this desk has read.

    What lies between its removal and that commit stays in quarantine.

    Raises:
        NotASteward, NoSuchDevice, NotRemoved, AlreadyAsked, NobodyToSecond: see there.
    """
    device = need_member(roster, by, DeviceId(cut.device))
    removed = roster.removed.get(device)
    if removed is None:
        raise NotRemoved
    if device in asked(roster, DeviceReadmitted):
        raise AlreadyAsked
    need_a_second(roster, by, device)
    return DeviceReadmitted(cut, removed.removals)


def second(roster: Roster, by: DeviceId, fact: FactId) -> Seconded:
    """Sign as the second steward what another one asked for, or for new cards in dispute.

    Raises:
        NotASteward, NothingToSecond, SecondIsAnother: see there.
    """
    need_steward(roster, by)
    pending = roster.pending.get(fact)
    if pending is None:
        raise NothingToSecond
    if by in (pending.seconds or (pending.by,)):
        raise SecondIsAnother
    return Seconded(fact, pending.hash)


def adopt(roster: Roster, by: DeviceId, commit: CommitId, entries: Iterable[int]) -> CommitAdopted:
    """Let entries of a commit count, those that lie in quarantine and that a room can take.

    Raises:
        NotASteward, NothingToAdopt: see there.
    """
    need_steward(roster, by)
    wanted = tuple(sorted(one for one in set(entries) if (commit, one) not in roster.adopted))
    if not wanted:
        raise NothingToAdopt
    return CommitAdopted(commit, wanted)


def asked(roster: Roster, kind: type[CrewFact]) -> frozenset[DeviceId]:
    """Return the devices for which acts of a kind wait for a second steward."""
    return frozenset(
        device
        for pending in roster.pending.values()
        if isinstance(pending.fact, kind)
        for device in pending.devices
    )


def need_member(roster: Roster, by: DeviceId, device: DeviceId) -> DeviceId:
    """Hold an act about a device to the stewards and the office's devices.

    Raises:
        NotASteward, NoSuchDevice: see there.
    """
    need_steward(roster, by)
    if roster.standing(device) is None:
        raise NoSuchDevice
    return device


def _reason(reason: str) -> str:
    if len(reason) > REASON_MOST:
        raise ReasonTooLong
    return reason.strip()
