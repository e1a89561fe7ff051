# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault keys that a device holds, and how it finds its entries among tags that look random.

A holder knows the next tag of every device in every vault epoch it holds, so finding an entry is
one look-up (spec/journal.md 1).  The ring knows nothing of rights: who may write is `crew`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from safeconduct.kernel.errors import SafeconductError, Untrusted
from safeconduct.kernel.journal.entry import (
    Entry,
    VaultEpoch,
    entry_context,
    entry_tag,
    parse_entry,
)
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.seal.padding import unpad
from safeconduct.kernel.seal.unlock import open_box
from safeconduct.kernel.words import DeviceId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from safeconduct.kernel.journal.commit import Commit


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where an entry stands: the vault epoch and its key, the writer, and its number there."""

    where: VaultEpoch
    key: SharedKey
    device: DeviceId
    n: int


class EntryMisplaced(Untrusted):
    """An entry stands under another's tag, or names another place than its tag stood for."""

    code = "entry_misplaced"


class KeyDiffers(Untrusted):
    """Two keys were given for one vault epoch; the first one is kept."""

    code = "key_differs"


class Ring:
    """Vault keys and the tags expected next."""

    __slots__ = ("_devices", "_expected", "_keys")

    def __init__(self) -> None:
        """Start without keys."""
        self._keys: dict[VaultEpoch, SharedKey] = {}
        self._devices: set[DeviceId] = set()
        self._expected: dict[bytes, Place] = {}

    def add_key(
        self, where: VaultEpoch, key: bytes, counts: Mapping[DeviceId, int] | None = None
    ) -> None:
        """Hold a vault key; `counts` says how many entries of each device are already known.

        A key that is held already changes nothing, unless `counts` is given: then the ring expects
        what follows those.

        Raises:
            KeyDiffers: another key is held for this vault epoch.
        """
        held = self._keys.get(where)
        if held is not None and held.raw != key:
            raise KeyDiffers
        if held is not None and counts is None:
            return
        if held is None:
            self._keys[where] = SharedKey(key)
        else:
            self._forget(where)
        for device in self._devices | set(counts or ()):
            self._expect(where, device, (counts or {}).get(device, 0))

    def add_device(self, device: DeviceId) -> None:
        """Expect entries of a device from its first one on, where nothing else is known."""
        if device in self._devices:
            return
        self._devices.add(device)
        known = {place.where for place in self._expected.values() if place.device == device}
        for where in self._keys:
            if where not in known:
                self._expect(where, device, 0)

    def key(self, where: VaultEpoch) -> bytes:
        """Return a held key; KeyError when it is not held."""
        return self._keys[where].raw

    def held(self) -> Iterable[VaultEpoch]:
        """Return the vault epochs held."""
        return self._keys.keys()

    def counts(self) -> dict[VaultEpoch, dict[DeviceId, int]]:
        """Return how many entries are known, by vault epoch and device, for keeping."""
        result: dict[VaultEpoch, dict[DeviceId, int]] = {}
        for place in self._expected.values():
            result.setdefault(place.where, {})[place.device] = place.n
        return result

    def open(self, commit: Commit) -> list[tuple[int, Entry]]:
        """Return (index, entry) of every entry of a commit that this device can read.

        A device's commits are opened in order, and only once its signature vouches for them: each
        tag that is found moves on to the next, also when an entry then proves bad, so that one bad
        entry does not hide all that follow it.

        Raises:
            CannotOpen, Malformed, NotCanonical, UnknownVersion, EntryMisplaced: an entry is bad;
                the commit counts whole or not at all.
        """
        device, expected = commit.device, self._expected
        if device not in self._devices:
            self.add_device(device)
        opened: list[tuple[int, Entry]] = []
        bad: SafeconductError | None = None
        for index, slot in enumerate(commit.header.slots):
            place = expected.get(slot.tag)
            if place is None:
                continue
            try:
                opened.append((index, _open_one(commit, index, place)))
            except SafeconductError as error:
                bad = bad or error
            if place.device == device:
                del expected[slot.tag]
                n = place.n + 1
                tag = entry_tag(place.key, device, n)
                expected[tag] = Place(place.where, place.key, device, n)
        if bad is not None:
            raise bad
        return opened

    def _expect(self, where: VaultEpoch, device: DeviceId, n: int) -> None:
        key = self._keys[where]
        self._expected[entry_tag(key, device, n)] = Place(where, key, device, n)

    def _forget(self, where: VaultEpoch) -> None:
        stale = [tag for tag, place in self._expected.items() if place.where == where]
        for tag in stale:
            del self._expected[tag]


def _open_one(commit: Commit, index: int, place: Place) -> Entry:
    header, device = commit.header, place.device
    if device != header.device:
        raise EntryMisplaced
    context = entry_context(device, header.sequence, header.salt, index)
    entry = parse_entry(unpad(open_box(place.key, "entry", context, commit.sealed[index])))
    if (entry.vault, entry.epoch) != place.where or entry.n != place.n:
        raise EntryMisplaced
    return entry
