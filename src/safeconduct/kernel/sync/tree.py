# SPDX-License-Identifier: AGPL-3.0-or-later
"""Follow a relay's tree, and say when the relay lies (spec/relay.md 6).

A `TreeWatch` holds the newest checkpoint that was confirmed and the frontier of what was served.
Each defence is one method that raises; what raises changes nothing, so the bytes stay as evidence.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import Untrusted
from safeconduct.kernel.journal import NOTHING_SEEN, Seen
from safeconduct.kernel.log.merkle import Frontier, root_at

if TYPE_CHECKING:
    from safeconduct.kernel.log.checkpoint import Checkpoint, Tree
    from safeconduct.kernel.log.merkle import Subtree


class RelayLied(Untrusted):
    """The relay said two things that cannot both be true.  Base of the four ways."""

    code = "relay_lied"


class RelayForked(RelayLied):
    """It showed different logs: to us at two times, or to us and to a colleague."""

    code = "relay_forked"


class RelayRolledBack(RelayLied):
    """Its newest checkpoint is smaller than one that it signed before."""

    code = "relay_rolled_back"


class RelayReordered(RelayLied):
    """It stored what one desk sent at once in another order."""

    code = "relay_reordered"


class RelayWithholds(RelayLied):
    """It signed a checkpoint of entries that it does not hand over."""

    code = "relay_withholds"


class TreeWatch:
    """What a desk knows of one tree of one relay."""

    __slots__ = ("_frontier", "confirmed", "tree")

    def __init__(
        self, tree: Tree, confirmed: Seen = NOTHING_SEEN, frontier: Frontier | None = None
    ) -> None:
        """Start at what a store remembers; the frontier stands at the confirmed size."""
        self.tree: Final = tree
        self.confirmed = confirmed
        self._frontier = frontier or Frontier()

    @property
    def size(self) -> int:
        """How many leaves were served, confirmed or not."""
        return self._frontier.size

    @property
    def frontier(self) -> Frontier:
        """A copy of the right edge."""
        return self._frontier.copy()

    def hear(self, checkpoint: Checkpoint) -> int:
        """Take a signed checkpoint; return how many leaves are still to be fetched.

        Raises:
            RelayRolledBack: smaller than what it signed before.
            RelayForked: as large, and with another root.
        """
        if checkpoint.size < self.confirmed.size:
            raise RelayRolledBack
        if checkpoint.size == self.confirmed.size:
            _same(checkpoint.root, self.confirmed.root)
        return max(0, checkpoint.size - self._frontier.size)

    def extend(self, leaf: bytes) -> None:
        """Add the hash of one leaf that was served."""
        self._frontier.append(leaf)

    def confirm(self, checkpoint: Checkpoint) -> None:
        """Hold the checkpoint to what was served; the frontier stands at its size.

        Raises:
            RelayWithholds: fewer leaves were served than it signed.
            RelayForked: what was served has another root.
        """
        if self._frontier.size < checkpoint.size:
            raise RelayWithholds
        _same(self._frontier.root(), checkpoint.root)
        self.confirmed = Seen(checkpoint.size, checkpoint.root)

    def take_back(self, frontier: Frontier) -> None:
        """Forget what was served beyond the confirmed size; `frontier` stands there."""
        self._frontier = frontier

    def check_cited(self, cited: Seen, subtree: Subtree) -> None:
        """Hold a colleague's cited checkpoint to our own log.

        A size that we have not confirmed yet says nothing yet; ask again later.

        Raises:
            RelayForked: the colleague was shown another log.
        """
        if cited.size <= self.confirmed.size:
            _same(root_at(cited.size, subtree), cited.root)

    def must_extend(self, earlier: Seen, subtree: Subtree) -> None:
        """Hold the log to a checkpoint that came with an invite or grant.

        Raises:
            RelayRolledBack: the log is shorter now.
            RelayForked: it begins otherwise.
        """
        if earlier.size > self.confirmed.size:
            raise RelayRolledBack
        self.check_cited(earlier, subtree)


def _same(found: bytes, signed: bytes) -> None:
    if not hmac.compare_digest(found, signed):
        raise RelayForked
