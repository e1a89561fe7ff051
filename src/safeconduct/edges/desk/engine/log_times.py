# SPDX-License-Identifier: AGPL-3.0-or-later
"""What time it was at a place of the log, by clocks that no single colleague can set.

Each commit bears its writer's time.  That something is over is never put earlier than the latest
time that stood before it in the log; and a time has come only when the clocks of two people say so.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store_facts import QUARANTINED
from safeconduct.kernel.words import DeviceId, Instant, instant_of

_NEWEST: Final = (
    "SELECT sequence, hlc FROM commits INDEXED BY commits_placed "
    "WHERE device = ? AND at < ? AND state != ? ORDER BY at DESC LIMIT 1"
)


class Stood(NamedTuple):
    """Where a device's chain stood before a place of the log, and what its clock said."""

    device: DeviceId
    sequence: int
    at: Instant


def before(journal: Journal, place: int) -> list[Stood]:
    """Return where each device's chain stood before an index of the log."""
    found = []
    for device in journal.roster.members:
        for sequence, hlc in journal.store.rows(_NEWEST, (device, place, QUARANTINED)):
            found.append(Stood(device, sequence, instant_of(hlc)))
    return found


def latest(stood: list[Stood]) -> Instant:
    """Return the latest time that any clock said."""
    return max((one.at for one in stood), default=Instant(0))


def agreed(journal: Journal, stood: list[Stood]) -> Instant:
    """Return the latest time that had come by the clocks of two people who belong to the office.

    Where only one person ever wrote, by theirs.
    """
    present, members = journal.roster.present(), journal.roster.members
    people: dict[str, Instant] = {}
    for one in stood:
        if one.device in present:
            person = members[one.device].person
            people[person] = max(one.at, people.get(person, one.at))
    times = sorted(people.values(), reverse=True)
    return times[min(1, len(times) - 1)] if times else Instant(0)
