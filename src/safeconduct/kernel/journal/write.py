# SPDX-License-Identifier: AGPL-3.0-or-later
"""Make a device's next commit (spec/journal.md 4).

A `Pen` is the writer's own state.  It changes only by what a store has made durable:
`write` returns the frame and the pen after it, and the caller keeps both in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from safeconduct.kernel.journal.commit import (
    FIRST,
    NOTHING_SEEN,
    Commit,
    Header,
    Seen,
    Slot,
    sign_commit,
    slot_of,
    write_frame,
)
from safeconduct.kernel.journal.entry import (
    ENTRY_LEAST,
    SALT_BYTES,
    Fact,
    VaultEpoch,
    entry_context,
    entry_tag,
    write_entry,
)
from safeconduct.kernel.journal.hlc import tick
from safeconduct.kernel.seal.lock import close_box
from safeconduct.kernel.seal.padding import pad
from safeconduct.kernel.words import CommitId, DeviceId, Instant, OfficeId, VaultId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from safeconduct.kernel.ports import Rng
    from safeconduct.kernel.seal.keys import SigningKey


@dataclass(frozen=True, slots=True)
class Pen:
    """Where a device stands in its own chain."""

    office: OfficeId
    device: DeviceId
    sequence: int = 0
    previous: CommitId = FIRST
    hlc: int = 0
    heads: tuple[bytes, ...] = ()
    seen: Seen = NOTHING_SEEN
    counts: Mapping[VaultEpoch, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Keys:
    """What a device needs to write: its signing key, and the newest office and vault keys."""

    signing: SigningKey
    office_epoch: int
    office_key: bytes
    vaults: Mapping[VaultId, tuple[int, bytes]]


def write(
    facts: Sequence[Fact], pen: Pen, keys: Keys, *, now: Instant, rng: Rng
) -> tuple[Commit, bytes, Pen]:
    """Return the commit, its frame and the pen after it.

    Raises:
        CommitTooLarge: the facts do not fit one frame.
        KeyError: a fact names a vault whose key is not held (a bug of the caller).
    """
    salt = rng.bytes(SALT_BYTES)
    counts = dict(pen.counts)
    sequence = pen.sequence + 1
    slots: list[Slot] = []
    sealed: list[bytes] = []
    for index, fact in enumerate(facts):
        epoch, key = keys.vaults[fact.vault]
        where = VaultEpoch(fact.vault, epoch)
        n = counts.get(where, 0)
        context = entry_context(pen.device, sequence, salt, index)
        box = close_box(key, "entry", context, pad(write_entry(fact, epoch, n), ENTRY_LEAST))
        slots.append(slot_of(entry_tag(key, pen.device, n), box))
        sealed.append(box)
        counts[where] = n + 1
    hlc = tick(pen.hlc, now)
    header = Header(
        format=1,
        office=pen.office,
        device=pen.device,
        sequence=sequence,
        previous=pen.previous,
        hlc=hlc,
        heads=pen.heads,
        seen=pen.seen,
        salt=salt,
        slots=tuple(slots),
    )
    commit = sign_commit(header, tuple(sealed), keys.signing)
    frame = write_frame(
        commit, epoch=keys.office_epoch, office_key=keys.office_key, salt=rng.bytes(SALT_BYTES)
    )
    after = replace(pen, sequence=sequence, previous=commit.id, hlc=hlc, counts=counts)
    return commit, frame, after
