# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which roster facts each device said it knew, and whether it says less now (spec/journal.md 5, 8).

A *roster commit* holds a roster fact of a device that may write such facts; the heads that it
cites are its parents.  What a suspended device signed beyond its fork is known here too, since
colleagues may have cited it before they learned of the fork: the first ones in the
log, whose parents stand before them.  Ids are hashes, so parents are fixed, and what is known
once stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.words import CommitId, DeviceId, VaultId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from safeconduct.kernel.journal.commit import Commit

ROSTER_KINDS: Final = "crew."
HEARTBEAT: Final = "crew.Heartbeat"
NO_HEADS: Final = frozenset(
    {
        *(HEARTBEAT, "crew.HeadSigned", "crew.SealingKeyRotated", "crew.KeysGranted"),
        *("crew.TravelBegun", "crew.ReturnAsked", "crew.TravelEnded"),
        *("crew.CaseOpened", "crew.ExportAsked", "crew.KeysRenewed", "crew.TeamFormed"),
        *("crew.BackedUp", "crew.CaseErased", "crew.ErasureAsked", "crew.ErasureStopped"),
    }
)
"""Kinds on which no right hangs (spec/crew.md 1)."""
FORKED_MOST: Final = 256
"""Commits beyond its fork that are known of one device; it may sign any number."""
Cited = tuple[bytes, ...]


class Node(Record, frozen=True):
    """A roster commit and its parents; `forked` when it lies beyond its device's fork."""

    id: bytes
    parents: Cited
    forked: bool


class HeadsState(Record, frozen=True):
    """What a store keeps of `Heads`."""

    nodes: tuple[Node, ...]
    cited: tuple[tuple[bytes, Cited], ...]
    forked: tuple[tuple[bytes, int], ...] = ()


HEADS_STATE: Final[Codec[HeadsState]] = Codec(HeadsState, "heads")


class Placed(Protocol):
    """An entry that opened, as far as heads ask."""

    @property
    def vault(self) -> bytes:
        """Return its vault."""

    @property
    def kind(self) -> str:
        """Return its kind."""

    @property
    def version(self) -> int:
        """Return the version of its kind."""

    @property
    def body(self) -> bytes:
        """Return what it says."""


def no_root(_: Placed, /) -> bool:
    """Know of no fact that a root key signed."""
    return False


class Heads:
    """Roster commits by id, and what each device cited last."""

    __slots__ = ("_cited", "_forked", "_known", "_may", "_newest", "_root", "_vault", "changed")

    def __init__(
        self,
        vault: VaultId,
        may: Callable[[DeviceId], bool],
        state: HeadsState | None = None,
        root: Callable[[Placed], bool] = no_root,
    ) -> None:
        """Take the vault of roster facts, who may write them, and what a store kept.

        `root` tells whether the root key signed a fact, which anybody may then have written.
        """
        self._vault: Final = vault
        self._may: Final = may
        self._root: Final = root
        self._known: dict[bytes, Node] = {}
        self._newest: Cited = ()
        self._cited: dict[DeviceId, Cited] = {}
        self._forked: dict[DeviceId, int] = {}
        for node in state.nodes if state else ():
            self._add(node)
        for device, heads in state.cited if state else ():
            self._cited[DeviceId(device)] = heads
        for device, count in state.forked if state else ():
            self._forked[DeviceId(device)] = count
        self.changed = False

    def state(self) -> HeadsState:
        """Return what a store keeps."""
        nodes, cited = tuple(self._known.values()), tuple(self._cited.items())
        return HeadsState(nodes, cited, tuple(self._forked.items()))

    def copy(self) -> Heads:
        """Return one that may be moved on trial."""
        return Heads(self._vault, self._may, self.state(), self._root)

    def __len__(self) -> int:
        """Return how many roster commits are known."""
        return len(self._known)

    def holds(self, device: DeviceId, entries: Iterable[Placed]) -> bool:
        """Tell whether entries of a device make their commit a roster commit."""
        facts = [
            entry
            for entry in entries
            if entry.vault == self._vault
            and entry.kind.startswith(ROSTER_KINDS)
            and entry.kind not in NO_HEADS
        ]
        return bool(facts) and (self._may(device) or any(map(self._root, facts)))

    def unknown(self, device: DeviceId, heads: Cited) -> bool:
        """Tell whether one of the heads that a device cites is no roster commit known here."""
        if heads == self._cited.get(device):
            return False
        return not all(head in self._known for head in heads)

    def went_back(self, device: DeviceId, heads: Cited) -> bool:
        """Tell whether a device cites older heads than it knew; all of them are known."""
        return not self.covers(heads, self._cited.get(device, ()))

    def covers(self, heads: Iterable[bytes], wanted: Iterable[bytes]) -> bool:
        """Tell whether each wanted commit is one of the heads or an ancestor of one."""
        seen, left = set(heads), set(wanted)
        left -= seen
        todo = list(seen)
        while todo and left:
            node = self._known.get(todo.pop())
            fresh = [parent for parent in node.parents if parent not in seen] if node else []
            seen.update(fresh)
            left.difference_update(fresh)
            todo += fresh
        return not left

    def follow(self, device: DeviceId, commit: bytes, heads: Cited, *, roster: bool) -> None:
        """Take a commit whose heads are good; it is the device's newest."""
        if roster:
            self._add(Node(commit, heads, forked=False))
            heads = (commit,)  # Whoever wrote a roster fact knows it, and what it stands on.
        if self._cited.get(device) != heads:
            self._cited[device] = heads
            self.changed = True

    def fork(self, commit: Commit) -> None:
        """Know a commit beyond its device's fork: colleagues may have cited it.

        Only the first of a device, and none whose parents are not known: nobody honest cited what
        the log did not hold, and a device could else fill every desk with what nobody cites.
        """
        device, parents = commit.device, commit.header.heads
        count = self._forked.get(device, 0)
        if commit.id in self._known or count >= FORKED_MOST or not self._may(device):
            return
        if all(parent in self._known for parent in parents):
            self._forked[device] = count + 1
            self._add(Node(commit.id, parents, forked=True))

    def newest(self, cited: Cited = ()) -> Cited:
        """Return the heads to cite: of what counts, and of what was cited already."""
        every = set(self._newest) | set(cited)
        return tuple(sorted(head for head in every if not self.covers(every - {head}, (head,))))

    def _add(self, node: Node) -> None:
        if node.id in self._known:
            return
        self.changed = True
        self._known[node.id] = node
        if not node.forked:
            kept = [head for head in self._newest if not self.covers(node.parents, (head,))]
            self._newest = (*kept, CommitId(node.id))
