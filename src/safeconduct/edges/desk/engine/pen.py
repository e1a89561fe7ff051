# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where this device stands in its own chain, as the store keeps it (spec/journal.md 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from safeconduct.edges.desk.engine.keys import identity, office_of
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.kernel.journal import (
    FIRST,
    Chains,
    Commit,
    Fact,
    Keys,
    Pen,
    Seen,
    Step,
    VaultEpoch,
    open_frame,
)
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.sync import Opened, OpenedEntry
from safeconduct.kernel.words import CommitId, DeviceId, OfficeId, VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew.events import CrewFact

NAME: Final = "pen"


class StoreIsBehind(Refused):
    """This store was restored or copied: the relay knows later commits of this device."""

    code = "store_is_behind"


class PenState(Record, frozen=True):
    """A pen without its counts, which stand in their own table, and without what was seen."""

    sequence: int
    previous: bytes
    hlc: int
    heads: tuple[bytes, ...]
    behind: bool


_STATE: Final[Codec[PenState]] = Codec(PenState, NAME)


def load_pen(
    store: Store,
    own: tuple[OfficeId, DeviceId],
    seen: Seen,
    counts: Mapping[VaultEpoch, Mapping[DeviceId, int]],
) -> tuple[Pen, bool]:
    """Return the pen, and whether another copy of this store was seen to write."""
    state = store.setting(NAME, _STATE) or PenState(0, FIRST, 0, (), behind=False)
    office, device = own
    pen = Pen(
        office=office,
        device=device,
        sequence=state.sequence,
        previous=CommitId(state.previous),
        hlc=state.hlc,
        heads=state.heads,
        seen=seen,
        counts={where: by.get(device, 0) for where, by in counts.items()},
    )
    return pen, state.behind


def keep_pen(store: Store, pen: Pen, *, behind: bool) -> None:
    """Keep a pen; inside the transaction of what it wrote."""
    state = PenState(pen.sequence, pen.previous, pen.hlc, tuple(pen.heads), behind)
    store.put_setting(NAME, state)


def unsent(
    store: Store,
    chains: Chains,
    keys: Mapping[int, bytes],
    known: Callable[[DeviceId, int], CommitId | None],
) -> list[tuple[int, bytes]]:
    """Return the frames that stand in no log here and are not read; none beside a rival of ours.

    A copy of this store wrote others under their numbers: on every other desk those came first.
    Colleagues' are those that the log of a new relay does not hold yet.
    """
    lost: list[tuple[int, bytes]] = []
    office = office_of(identity(store)[0])
    for sequence, frame in store.rows("SELECT sequence, frame FROM outbox ORDER BY sequence"):
        try:
            commit = open_frame(frame, office, keys)
        except SafeconductError:
            continue  # Rubbish of a colleague's; the log shows it again, and it is set aside there.
        step = chains.look(commit, known(commit.device, commit.header.sequence))
        if step in {Step.FORKS, Step.AFTER_FORK}:
            if sequence > 0:
                return []
            continue
        if step is not Step.KNOWN:
            lost.append((-1, frame))
    return lost


def as_opened(commit: Commit, before: Pen, facts: Sequence[Fact], keys: Keys) -> Opened:
    """Return our own commit as a reader would open it."""
    counts = dict(before.counts)
    entries: list[OpenedEntry] = []
    for index, fact in enumerate(facts):
        epoch, _ = keys.vaults[fact.vault]
        where = VaultEpoch(fact.vault, epoch)
        n = counts.get(where, 0)
        counts[where] = n + 1
        entries.append(OpenedEntry(index, fact.vault, epoch, n, fact.kind, fact.version, fact.body))
    return Opened.of(commit, entries, verified=True)


def crew_fact(
    vault: VaultId,
    event: CrewFact,
    office: OfficeId,
    signer: tuple[bytes, LongSigningKey],
) -> Fact:
    """Return a roster fact, signed for decades, ready to be written."""
    body = crew.write_fact(event, office, *signer)
    return Fact(vault, crew.kind_of(event), crew.VERSION, body)
