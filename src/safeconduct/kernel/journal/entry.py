# SPDX-License-Identifier: AGPL-3.0-or-later
"""One fact, sealed to one vault (spec/journal.md 1).

A colleague without the vault's key learns that something was written, not what or about whom.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final, NamedTuple

from safeconduct.kernel.canon import Bytes16, Codec, Count, Count32, Record, encode
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.words import DeviceId, VaultId

TAG_BYTES: Final = 16
ENTRY_LEAST: Final = 128
SALT_BYTES: Final = 16
_TAG_LABEL: Final = label("tag") + b"\0"


class VaultEpoch(NamedTuple):
    """One key generation of one vault."""

    vault: VaultId
    epoch: int


@dataclass(frozen=True, slots=True)
class Fact:
    """What a room records: a kind, its version, and the body's canonical bytes."""

    vault: VaultId
    kind: str
    version: int
    body: bytes


class Entry(Record, frozen=True):
    """The sealed content of one entry."""

    format: int
    vault: Bytes16
    epoch: Count32
    n: Count32
    kind: str
    version: Count
    body: bytes


ENTRY: Final[Codec[Entry]] = Codec(Entry, "entry", version=1)


def write_entry(fact: Fact, epoch: int, n: int) -> bytes:
    """Return the entry's bytes, unpadded."""
    return encode(Entry(1, fact.vault, epoch, n, fact.kind, fact.version, fact.body))


def parse_entry(data: bytes) -> Entry:
    """Return the entry; raises Malformed, NotCanonical or UnknownVersion."""
    return ENTRY.decode(data)


def entry_tag(key: bytes | SharedKey, device: DeviceId, n: int) -> bytes:
    """Return the tag under which the n-th entry of a device in a vault epoch stands."""
    told = _TAG_LABEL + device + n.to_bytes(4, "big")
    tag = key.tag(told) if isinstance(key, SharedKey) else hmac.digest(key, told, "sha256")
    return tag[:TAG_BYTES]


def entry_context(device: DeviceId, sequence: int, salt: bytes, index: int) -> bytes:
    """Return the context that binds a sealed entry to its place (spec/journal.md 1)."""
    return device + sequence.to_bytes(8, "big") + salt + index.to_bytes(4, "big")
