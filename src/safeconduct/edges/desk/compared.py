# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people compare: that they see one log (spec/crew.md 10), and the office (journal.md 2).

Only what the relay signed for and this desk holds; reads, and writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk.api import Compared
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.journal import NoOfficeKey, frame_epoch
from safeconduct.kernel.log.merkle import root_at
from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.seal.office_words import office_words
from safeconduct.rooms.crew.same_log import log_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safeconduct.edges.desk.engine.journal import Journal


class NotSoMany(Refused):
    """This desk has not so much of the log, or nothing was asked for."""

    code = "not_so_many"


def compare(journal: Journal, size: int | None) -> Compared:
    """Return the words for the first `size` frames, in each language; see `DeskApi.compared`."""
    with journal.store.lock:
        most = journal.seen.size
        if size is None:
            return Compared(most, office=of_office(journal))
        if not 1 <= size <= most:
            raise NotSoMany
        epoch = frame_epoch(journal.log.frames(size - 1, 1)[0])
        if (key := journal.keychain.office.get(epoch)) is None:
            raise NoOfficeKey(epoch)
        root = root_at(size, journal.log.subtree)
    return Compared(most, size, {name: log_words(key, size, root, name) for name in LISTS})


def of_office(journal: Journal) -> Mapping[str, tuple[str, ...]]:
    """Return the office's eight words in each language; none on a desk that read no founding yet.

    Of the page's key that the founding key signed for, so that they are those of a true page.
    """
    founded = journal.roster.founded
    if founded is None:
        return {}
    page_key = founded.intake_signing_key
    return {name: office_words(journal.office, page_key, name) for name in LISTS}
