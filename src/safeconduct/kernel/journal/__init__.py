# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed, linked, append-only facts (spec/journal.md).

What it is: commits and entries as bytes and types, each device's chain, the ring of vault keys.
What it refuses to be: a store, a network, or a judge of rights.

    commit, frame, pen = write([fact], pen, keys, now=now, rng=rng)
    again = open_frame(frame, office, {1: office_key})
    entries = ring.open(again)
"""

from __future__ import annotations

from safeconduct.kernel.journal.chain import Chains, Head, Step
from safeconduct.kernel.journal.commit import (
    FIRST,
    NOTHING_SEEN,
    Commit,
    CommitTooLarge,
    EntryChanged,
    NoOfficeKey,
    Seen,
    WrongOffice,
    check_signature,
    frame_epoch,
    open_frame,
)
from safeconduct.kernel.journal.entry import Entry, Fact, VaultEpoch, entry_tag
from safeconduct.kernel.journal.heads import HEADS_STATE, Heads, HeadsState, Placed
from safeconduct.kernel.journal.hlc import follow, instant_of, tick
from safeconduct.kernel.journal.ring import EntryMisplaced, KeyDiffers, Place, Ring
from safeconduct.kernel.journal.write import Keys, Pen, write

__all__ = [
    "FIRST",
    "HEADS_STATE",
    "NOTHING_SEEN",
    "Chains",
    "Commit",
    "CommitTooLarge",
    "Entry",
    "EntryChanged",
    "EntryMisplaced",
    "Fact",
    "Head",
    "Heads",
    "HeadsState",
    "KeyDiffers",
    "Keys",
    "NoOfficeKey",
    "Pen",
    "Place",
    "Placed",
    "Ring",
    "Seen",
    "Step",
    "VaultEpoch",
    "WrongOffice",
    "check_signature",
    "entry_tag",
    "follow",
    "frame_epoch",
    "instant_of",
    "open_frame",
    "tick",
    "write",
]
