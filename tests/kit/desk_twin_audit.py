# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can see what and who did what at a desk in memory: the room's folds over the twin's facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.audit import BY_ITSELF
from safeconduct.edges.desk.audit_api import OPENED, CanSee, Deed, Reported
from safeconduct.kernel.words import DAY, ConversationId, DeviceId, Instant, VaultId
from safeconduct.rooms.crew.audit import devices_named
from safeconduct.rooms.crew.erasure import Erasure, OwnKey, erasure
from safeconduct.rooms.crew.exposure import KeyHistory
from safeconduct.rooms.crew.holders import holders, merged
from safeconduct.rooms.hotline.events import kind_of

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinAudit:
    """The founder's side; the twin's conversations stand in the hotline's vault."""

    def __init__(self, desk: TwinDesk) -> None:
        """Look at a twin."""
        self._desk = desk
        self.searches: list[str] = []
        self.asleep = 60
        """For so many days the last of the devices has had its key."""
        self._looked: set[tuple[Instant, DeviceId, ConversationId]] = set()

    def who_can_see(self, conversation: ConversationId) -> CanSee:
        """Return who holds keys of the hotline's vault."""
        assert self._desk.conversation(conversation)
        roster = self._desk.roster()
        told = self._desk.removals.told()
        history = KeyHistory(roster, told, self._desk.removals.when)
        assert roster.founded is not None
        readers = history.readers(VaultId(roster.founded.hotline_vault))
        return CanSee(holders(roster, merged([readers])), cards=True)

    def erasure(self) -> Erasure:
        """Return that everybody took a key a week ago, but for one whose desk nobody opens."""
        now, devices = self._desk.now(), sorted(self._desk.roster().present())
        keys = [OwnKey(one, Instant(now - 7 * DAY), (devices[-1],)) for one in devices[:-1]]
        keys.append(OwnKey(devices[-1], Instant(now - self.asleep * DAY), ()))
        return erasure(keys, Instant(now - 90 * DAY), now)

    def opened(self, conversation: ConversationId) -> None:
        """Report at once that this desk's person looked at it."""
        day = Instant(self._desk.now() // DAY * DAY)
        self._looked.add((day, self._desk.device, conversation))

    def searched(self, words: str) -> None:
        """Report at once; a twin has no days that end."""
        self.searches.append(words)

    def reported(
        self, conversation: ConversationId, *, start: int, most: int
    ) -> tuple[Sequence[Reported], int]:
        """Return what was done in a conversation."""
        done = Counter(
            (one.at, one.device, kind)
            for one in self._desk._told[conversation]
            if (kind := kind_of(one.event)) not in BY_ITSELF
        )
        looked = {(day, by, OPENED): 1 for day, by, at in self._looked if at == conversation}
        done |= Counter(looked)
        found = [Reported(*one, times) for one, times in sorted(done.items(), reverse=True)]
        return found[start : start + most], len(found)

    def deeds(self, device: DeviceId, *, start: int, most: int) -> tuple[Sequence[Deed], bool]:
        """Return what a device wrote, the roster's facts last."""
        found = [
            Deed(one.at, kind, ((where, self._desk._names[where]),), (), counts=True)
            for where, told in self._desk._told.items()
            for one in told
            if one.device == device and (kind := kind_of(one.event)) not in BY_ITSELF
        ]
        crew = [one for one in self._desk.removals.told() if one.device == device]
        before = Instant(self._desk.now() - 30 * DAY)
        found += [Deed(before, one.kind, (), devices_named(one), counts=True) for one in crew]
        found.sort(key=lambda deed: -deed.at)
        return found[start : start + most], len(found) > start + most
