# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can see a record: the people whose devices hold keys of its vault (spec/crew.md 11).

Proved by facts that name keys, never by what a desk says that it did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import DeviceId, Instant
from safeconduct.rooms.crew.words import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from safeconduct.rooms.crew.exposure import Exposure
    from safeconduct.rooms.crew.fold import Roster

NO_ROLES: Final = frozenset[Role]()


class Holder(NamedTuple):
    """A person whose devices hold keys; `person` is empty where no admission counts.

    `stands` tells whether these devices belong to the office; what was removed is another holder of
    the same name.  `until` is when a key was made that none of them has; None while one of them
    has the newest.
    """

    person: str
    devices: tuple[DeviceId, ...]
    roles: frozenset[Role]
    stands: bool
    until: Instant | None

    @property
    def now(self) -> bool:
        """Whether what is written now lies open to them."""
        return self.until is None


def merged(readers: Iterable[Mapping[DeviceId, Exposure]]) -> dict[DeviceId, Instant | None]:
    """Return until when each device could read some of a record that lies in several vaults."""
    found: dict[DeviceId, Instant | None] = {}
    for of_vault in readers:
        for device, exposure in of_vault.items():
            ends = {found.get(device, exposure.until), exposure.until}
            found[device] = _latest(ends)
    return found


def holders(roster: Roster, reach: Mapping[DeviceId, Instant | None]) -> tuple[Holder, ...]:
    """Return the people who hold keys: those who belong to the office first, each by name."""
    present = roster.present()
    groups: dict[tuple[bool, str], list[DeviceId]] = {}
    for device in sorted(reach):
        member = roster.members.get(device)
        person = member.person if member else ""
        groups.setdefault((device not in present, person), []).append(device)
    return tuple(
        Holder(
            person,
            tuple(devices),
            NO_ROLES.union(*(roster.roles(device) for device in devices)),
            not gone,
            _latest(reach[device] for device in devices),
        )
        for (gone, person), devices in sorted(groups.items())
    )


def _latest(ends: Iterable[Instant | None]) -> Instant | None:
    known = list(ends)
    return None if None in known else max(end for end in known if end is not None)
