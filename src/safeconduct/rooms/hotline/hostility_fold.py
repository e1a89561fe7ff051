# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts to marks of hostility: the same set gives the same state in any order.

One mark is enough where nobody else judged or flagged danger; else it takes a second device.
Nothing that the only marker wrote, of danger or of flags, counts for that mark: nobody hides whom a
colleague judged by lowering her first (spec/triage.md 6).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.hotline import flags
from safeconduct.rooms.hotline.flags import FlagEnded, FlagRaised
from safeconduct.rooms.hotline.heard import Heard
from safeconduct.rooms.hotline.hostility import Hostility, Mark
from safeconduct.rooms.hotline.triage import Danger
from safeconduct.rooms.hotline.triage_facts import DangerSet, HostileMarked

_SPEAKS: Final = (HostileMarked, DangerSet, FlagRaised, FlagEnded)


Said = Heard[object]


def fold_hostility(told: Iterable[Said]) -> Hostility:
    """Return what stands of the facts of one conversation."""
    said = [one for one in told if isinstance(one.event, _SPEAKS)]
    found = [(one, one.event) for one in said if isinstance(one.event, HostileMarked)]
    replaced = {old for one, event in found for old in event.replaces if old != one.fact}
    marks = tuple(
        Mark(one.fact, one.device, bool(event.hostile))
        for one, event in sorted(found, key=lambda item: item[0].fact)
        if one.fact not in replaced
    )
    markers = {one.by for one in marks if one.hostile}
    if len(markers) != 1:
        return Hostility(marks)
    others = [one for one in said if one.device not in markers]
    return Hostility(marks, tuple(sorted(_judged(others) | _flagged(others))))


def _judged(said: Iterable[Said]) -> set[DeviceId]:
    """Return whose judgement of danger stands among these."""
    found = [(one, one.event) for one in said if isinstance(one.event, DangerSet)]
    replaced = {old for one, event in found for old in event.replaces if old != one.fact}
    return {
        one.device
        for one, event in found
        if one.fact not in replaced and event.level >= Danger.IN_DANGER
    }


def _flagged(said: Iterable[Said]) -> set[DeviceId]:
    """Return whose flags stand among these."""
    of_flags = [
        flags.Said(one.fact, one.device, one.at, one.event)
        for one in said
        if isinstance(one.event, FlagRaised | FlagEnded)
    ]
    return {raising.by for flag in flags.fold_flags(of_flags).standing for raising in flag.raised}
