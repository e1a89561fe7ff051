# SPDX-License-Identifier: AGPL-3.0-or-later
"""What two people compare who want to know that they see the same log (spec/crew.md 10).

Only what the relay signed for and this desk holds; reads, and writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk.api import Compared
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.journal import NoOfficeKey, frame_epoch
from safeconduct.kernel.log.merkle import root_at
from safeconduct.kernel.phrase import LISTS
from safeconduct.rooms.crew.same_log import log_words

if TYPE_CHECKING:
    from safeconduct.edges.desk.engine.journal import Journal


class NotSoMany(Refused):
    """This desk has not so much of the log, or nothing was asked for."""

    code = "not_so_many"


def compare(journal: Journal, size: int | None) -> Compared:
    """Return the words for the first `size` frames, in each language; see `DeskApi.compared`."""
    with journal.store.lock:
        most = journal.seen.size
        if size is None:
            return Compared(most)
        if not 1 <= size <= most:
            raise NotSoMany
        epoch = frame_epoch(journal.log.frames(size - 1, 1)[0])
        if (key := journal.keychain.office.get(epoch)) is None:
            raise NoOfficeKey(epoch)
        root = root_at(size, journal.log.subtree)
    return Compared(most, size, {name: log_words(key, size, root, name) for name in LISTS})
