# SPDX-License-Identifier: AGPL-3.0-or-later
"""What two desks still owe each other, and whether the relay between them tells the truth.

What it is: `TreeWatch` follows a relay's tree and names a liar; `Reader` turns frames into opened
commits, whatever their order (spec/journal.md 5, spec/relay.md 6).
What it refuses to be: a store, a network, or a judge of rights.

    watch.hear(checkpoint)          # raises RelayRolledBack, RelayForked
    watch.extend(leaf_hash(frame))
    watch.confirm(checkpoint)       # raises RelayForked
    reads = reader.read(index, frame)
"""

from __future__ import annotations

from safeconduct.kernel.sync.reader import DeviceKeys, Opened, OpenedEntry, Read, Reader
from safeconduct.kernel.sync.tree import (
    RelayForked,
    RelayLied,
    RelayReordered,
    RelayRolledBack,
    RelayWithholds,
    TreeWatch,
)

__all__ = [
    "DeviceKeys",
    "Opened",
    "OpenedEntry",
    "Read",
    "Reader",
    "RelayForked",
    "RelayLied",
    "RelayReordered",
    "RelayRolledBack",
    "RelayWithholds",
    "TreeWatch",
]
