# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of slips in an open journal: in the vault of journeys, beside the letters of the hotline.

Fails closed: a fact in another vault counts for nothing, and a letter that cannot be read reports
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Final

from safeconduct.edges.desk.counted_facts import CountedRows
from safeconduct.edges.desk.engine import office_vaults, post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.slip_handing import SealedLetter
from safeconduct.edges.desk.slip_rows import SLIP_KINDS, slip_row
from safeconduct.edges.desk.store_facts import COUNTS
from safeconduct.edges.desk.ways import Ways
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.words import (
    DeviceId,
    Instant,
    OfficeId,
    VaultId,
)
from safeconduct.rooms import crew, hotline, passage
from safeconduct.rooms.crew import VaultKind
from safeconduct.rooms.hotline.events import MessageReceived
from safeconduct.rooms.hotline.letters import conversation_of
from safeconduct.rooms.passage import Network
from safeconduct.rooms.passage.decide import NetworkNotYours, NoSuchBook
from safeconduct.rooms.passage.errand.slip_report import parse_report
from safeconduct.rooms.passage.errand.slips import Heard, SlipTold
from safeconduct.rooms.passage.slip_facts import SlipFact
from safeconduct.rooms.passage.watch import check_in_facts
from safeconduct.rooms.passage.watch.check_in_facts import CheckInHeard

WRITES: Final = "passage.SlipMade"
_LETTERS: Final = (
    "SELECT e.version, e.body FROM entries e "  # noqa: S608  (our own words)
    f'JOIN commits c ON c.no = e."commit" WHERE e.conversation = ? AND c.state = {COUNTS} '
    "AND e.kind = 'hotline.MessageReceived'"
)


class JournalSlips:
    """Implements `slip_handing.Book` over a journal."""

    def __init__(self, journal: Journal, ways: Ways) -> None:
        """Read and write here; `ways` reads the network."""
        self._journal: Final = journal
        self._ways: Final = ways
        self._facts: Final = CountedRows(journal, SLIP_KINDS, slip_row)
        self._of: tuple[object, frozenset[VaultId], tuple[SlipTold, ...]] = (None, frozenset(), ())

    @property
    def device(self) -> DeviceId:
        """The device of this desk."""
        return self._journal.device

    @property
    def office(self) -> OfficeId:
        """The office."""
        return self._journal.office

    @property
    def rng(self) -> Rng:
        """Chance."""
        return self._journal.rng

    def now(self) -> Instant:
        """Return the time."""
        return self._journal.clock.now()

    def network(self) -> Network:
        """Return the network as it can be read here."""
        return self._ways.network()

    def may_write(self) -> bool:
        """Tell whether this desk holds the book, belongs to the office, and may write."""
        journal = self._journal
        present = journal.device in journal.roster.present()
        return present and bool(self._vaults()) and self._writes()

    def still(self) -> AbstractContextManager[object]:
        """Let nobody else write while something is looked at and then written."""
        return self._journal.store.lock

    def told(self) -> Sequence[SlipTold]:
        """Return the facts that count; the same object while nothing came."""
        with self._journal.store.lock:
            rows, held = self._facts.all(), frozenset(self._vaults())
            if self._of[0] is not rows or self._of[1] != held:
                self._of = rows, held, tuple(told for vault, told in rows if vault in held)
            return self._of[2]

    def heard(self, talk: bytes) -> Sequence[Heard]:
        """Return what was written with the words of a slip, oldest first."""
        found: dict[bytes, Heard] = {}
        for version, body in self._journal.store.rows(_LETTERS, (talk,)):
            one = _heard(version, body)
            if one is not None and (one.message not in found or one.at < found[one.message].at):
                found[one.message] = one
        return sorted(found.values(), key=lambda one: (one.at, one.message))

    def write(
        self,
        facts: Sequence[SlipFact],
        *,
        letter: SealedLetter | None = None,
        judged: CheckInHeard | None = None,
        unsent: Sequence[bytes] = (),
    ) -> None:
        """Append facts, with a letter that goes out after them; durable on return."""
        journal = self._journal
        with journal.store.lock:
            vaults = self._vaults()
            if not vaults:
                raise NoSuchBook
            if not self._writes():
                raise NetworkNotYours
            entries = [
                Fact(vaults[0], passage.kind_of(one), passage.VERSION, passage.write_fact(one))
                for one in facts
            ]
            if judged is not None:
                kind, body = check_in_facts.kind_of(judged), check_in_facts.write_fact(judged)
                entries.append(Fact(journal.hotline_vault, kind, check_in_facts.VERSION, body))
            journal.write(entries, lambda sequence: _keep(journal, letter, sequence, unsent))

    def _writes(self) -> bool:
        return crew.may_write(self._journal.roster, self._journal.device, WRITES)

    def _vaults(self) -> Sequence[VaultId]:
        return office_vaults.held(self._journal, VaultKind.JOURNEYS)


def _keep(
    journal: Journal, letter: SealedLetter | None, sequence: int, unsent: Sequence[bytes]
) -> None:
    """Keep a sealed letter until the relay has it, inside the commit's transaction.

    What waits here for who has the words of a frozen slip goes nowhere.
    """
    with journal.store.transaction() as writer:
        rows = [(talk,) for talk in unsent]
        writer.executemany("DELETE FROM letters WHERE conversation = ?", rows)
    if letter is not None:
        talk = conversation_of(letter.box.voice)
        out = post.Outgoing(sequence, talk, letter.expires, letter.item)
        post.keep_letter(journal, out, letter.box)


def _heard(version: int, body: bytes) -> Heard | None:
    try:
        event = hotline.parse_fact("hotline.MessageReceived", version, body)
    except SafeconductError:
        return None
    if not isinstance(event, MessageReceived):
        return None
    report, at = parse_report(event.extras), Instant(event.arrived)
    if report is None:
        return Heard(event.message, at, None, "")
    return Heard(event.message, at, report.said, report.word)


__all__ = ["JournalSlips"]
