# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signs this device's head for decades, and checks what others signed (spec/crew.md 7).

A commit's own signature is a short one.  Once those can be forged, a chain is held together by the
heads that its device signed long: whatever else is put in its place does not lead to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store_facts import LASTING
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.words import DAY, CommitId, DeviceId, instant_of
from safeconduct.rooms.crew import VERSION
from safeconduct.rooms.crew.watching import HEAD_SIGNED, HeadDiffers, check_head, write_head

EVERY_COMMITS: Final = 10_000
EVERY_DAYS: Final = 7
CHECKED: Final = "heads_checked"
"""Entries up to this number were looked at."""
_LAST_OWN: Final = (
    'SELECT c.sequence, c.hlc FROM entries e JOIN commits c ON c.no = e."commit" '  # noqa: S608
    f"WHERE {LASTING} AND e.kind = ? AND c.device = ? ORDER BY c.sequence DESC LIMIT 1"
)
_FIRST_OWN: Final = "SELECT 0, hlc FROM commits WHERE device = ? ORDER BY sequence LIMIT 1"
_UNCHECKED: Final = (
    "SELECT e.no, c.id, c.device, c.sequence, c.at, e.body FROM entries e "  # noqa: S608
    f'JOIN commits c ON c.no = e."commit" WHERE {LASTING} AND e.kind = ? AND e.no > ? '
    "AND e.vault = ? AND c.state = 0 ORDER BY e.no"
)


class Told(NamedTuple):
    """A signed head as it lies in the tables: the entry's number, its commit, what it says."""

    no: int
    commit: bytes
    device: bytes
    sequence: int
    at: int | None
    body: bytes


class HeadSigner:
    """When this device signs its head; remembers when it last did."""

    def __init__(self, journal: Journal) -> None:
        """Look up nothing yet."""
        self._journal: Final = journal
        self._last: tuple[int, int] | None = None

    def look(self) -> None:
        """Sign this device's head when seven days or 10,000 commits have passed since it last did.

        A clock that is wrong makes it sign too early or too late, and nothing else.
        """
        journal = self._journal
        with journal.store.lock:
            last = self._last = self._last or self._find()
            if last is None or journal.behind or journal.device not in journal.roster.present():
                return
            sequence, hlc = last
            grown = journal.pen.sequence - sequence
            old = abs(journal.clock.now() - instant_of(hlc)) >= EVERY_DAYS * DAY
            if grown >= EVERY_COMMITS or (old and grown):
                self._sign()

    def _find(self) -> tuple[int, int] | None:
        store, device = self._journal.store, self._journal.device
        rows = store.rows(_LAST_OWN, (HEAD_SIGNED, device)) or store.rows(_FIRST_OWN, (device,))
        return (rows[0][0], rows[0][1]) if rows else None

    def _sign(self) -> None:
        journal = self._journal
        head = (journal.pen.sequence, journal.pen.previous)
        key = journal.secrets.signing_key()
        body = write_head(journal.office, journal.device, key, head)
        journal.write([Fact(journal.crew_vault, HEAD_SIGNED, VERSION, body)])
        self._last = (journal.pen.sequence, journal.pen.hlc)


def check_new(journal: Journal) -> None:
    """Hold the chains that were read to what their devices signed long; what differs is a trouble.

    Where it differs the fact is set aside as well: what it stands in goes on counting, since nobody
    can tell from here which of the two is the device's own.
    """
    store = journal.store
    with store.lock:
        start = store.setting(CHECKED, NUMBER) or 0
        found = [Told(*r) for r in store.rows(_UNCHECKED, (HEAD_SIGNED, start, journal.crew_vault))]
        if not found:
            return
        differing = list(_differing(journal, found))
        with store.transaction():
            for told in differing:
                code, now = HeadDiffers.code, journal.clock.now()
                journal.facts.set_aside(told.at, told.commit, code, now)
            if differing:
                journal.trouble(HeadDiffers.code)
            store.put_setting(CHECKED, found[-1].no)


def _differing(journal: Journal, found: list[Told]) -> Iterator[Told]:
    for told in found:
        device = DeviceId(told.device)
        member = journal.roster.members.get(device)
        try:
            if member is None:
                raise HeadDiffers
            head = check_head(told.body, journal.office, device, member.device.signing)
            held = journal.facts.commit_at(device, head.sequence) if head.sequence else None
            if head.sequence >= told.sequence or held != CommitId(head.commit):
                raise HeadDiffers
        except SafeconductError:
            yield told
