# SPDX-License-Identifier: AGPL-3.0-or-later
"""The newest heartbeat of each device, as a store keeps it (spec/crew.md 10).

Older ones are in the log and nowhere else: a year of them would fill the tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from safeconduct.edges.desk.store import Store
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal.heads import HEARTBEAT
from safeconduct.kernel.sync import Opened
from safeconduct.kernel.words import DeviceId, VaultId
from safeconduct.rooms.crew.watching import Beat, newest, parse_heartbeat

NAME: Final = "beats"
_BEATS: Final[Codec[tuple[Beat, ...]]] = Codec(tuple[Beat, ...], NAME)


class Beats:
    """Heartbeats by device; `keep` runs in the transaction of the commits that brought them."""

    def __init__(self, store: Store, vault: VaultId) -> None:
        """Read what a store kept; heartbeats stand in the vault of the crew."""
        self._store: Final = store
        self._vault: Final = vault
        kept = store.setting(NAME, _BEATS) or ()
        self.known = {DeviceId(beat.device): beat for beat in kept}
        self._changed = False

    def hear(self, commits: Iterable[Opened]) -> None:
        """Take the heartbeats of commits that count."""
        heard = [beat for commit in commits for beat in self._beats(commit)]
        if heard:
            self.known = newest(self.known, heard)
            self._changed = True

    def keep(self) -> None:
        """Keep what changed."""
        if self._changed:
            self._store.put_setting(NAME, tuple(self.known.values()))
            self._changed = False

    def _beats(self, commit: Opened) -> Iterable[Beat]:
        for entry in commit.entries:
            if entry.kind != HEARTBEAT or entry.vault != self._vault:
                continue
            try:
                says = parse_heartbeat(entry.body).on_duty
            except SafeconductError:
                continue  # Kept in the log; it says nothing of its device.
            yield Beat(commit.device, commit.sequence, says, commit.seen.size, commit.hlc)
