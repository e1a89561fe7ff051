# SPDX-License-Identifier: AGPL-3.0-or-later
"""Destroys what is kept for too long: first a fact that tells of it, then the act (retention.md 3).

The fact goes into the log, and counts only if by all that stands before it the time had come; each
desk finds that for itself, and acts once its own clock and the relay's say so, too.  One
transaction destroys: a desk that was killed has done all of it or nothing, and goes on at its next
start, since what is left to do is told by facts and not by memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.edges.desk import import_report
from safeconduct.edges.desk.draft_names import names_of
from safeconduct.edges.desk.engine import control, post
from safeconduct.edges.desk.engine.due import Rule, policy_of, rule_of
from safeconduct.edges.desk.engine.own_rotation import able
from safeconduct.edges.desk.gone_rows import Gone
from safeconduct.edges.desk.kept_rows import files_of
from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.seal.sign import sign
from safeconduct.kernel.wire.orders import MOST_DROPPED, DropFilesOrder
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.kernel.words import HOUR, MINUTE, ConversationId, FactId, Instant, fact_id
from safeconduct.rooms import hotline
from safeconduct.rooms.crew import Role
from safeconduct.rooms.hotline.retention import ALL, ALSO_MOST, RetentionDue, What

if TYPE_CHECKING:
    from safeconduct.edges.desk.engine.journal import Journal
    from safeconduct.kernel.ports import Courier

AT_ONCE: Final = 50
LOOK_EVERY: Final = HOUR
ASK_EVERY: Final = 10 * MINUTE
_TOLD: Final = (
    "SELECT e.no, c.id, e.slot, c.at, e.kind, e.version, e.body "
    "FROM entries e INDEXED BY entries_due "
    'JOIN commits c ON c.no = e."commit" '
    "WHERE e.kind = 'hotline.RetentionDue' AND e.no > ? AND e.conversation IS NOT NULL "
    "AND c.state = 0 ORDER BY e.no"
)
_PLACE: Final = "SELECT at FROM commits WHERE id = ?"
_KNOWN: Final = "SELECT 1 FROM gone WHERE fact = ? LIMIT 1"
DONE: Final = "done"
VOID: Final = "void"


class Told(NamedTuple):
    """A fact that tells that something goes, and its commit."""

    fact: FactId
    commit: bytes
    event: RetentionDue


class Destroying:
    """What goes at this desk, at one relay.  All calls come from one thread."""

    def __init__(self, journal: Journal, courier: Courier) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._courier: Final = courier
        self._read_to = 0
        self._waiting: dict[FactId, Told] = {}
        self._asked = self._looked = Instant(0)
        self._cut = False
        self._passed: set[tuple[ConversationId, What]] = set()

    def look(self) -> None:
        """Take what facts tell, destroy what it is time for, and tell of more.

        Raises:
            Unreachable, Refused: the relay did not answer; to be taken up later.
            StoreFull: nothing was destroyed.
        """
        fresh, now = self._hear(), self._journal.clock.now()
        if self._waiting and (fresh or not self._asked <= now < self._asked + ASK_EVERY):
            self._asked = now
            self._act(self._time())
        rests = self._looked <= now < self._looked + LOOK_EVERY or not able(self._journal)
        if not rests and self._tell():
            self._looked = now
            self._passed.clear()
        self._drop_files()
        if not self._cut:
            self._cut = self._journal.store.cut_log()
            self._journal.lists.forget()  # Until nobody reads any more what stood before.

    def _hear(self) -> bool:
        """Read facts that came; tell whether there were any."""
        store = self._journal.store
        if (store.value("SELECT max(no) FROM entries") or 0) < self._read_to:
            self._read_to = 0  # All frames were read again.
            self._waiting.clear()
        rows = store.rows(_TOLD, (self._read_to,))
        for no, commit, slot, _, *row in rows:
            self._read_to, fact = no, fact_id(commit, slot)
            event = hotline.parse_fact(*row)
            if isinstance(event, RetentionDue) and store.value(_KNOWN, (fact,)) is None:
                self._waiting[fact] = Told(fact, commit, event)
        return bool(rows)

    def _act(self, now: Instant) -> None:
        """Do what was told and has its place in the log; `now` is by the slower of two clocks."""
        for told in list(self._waiting.values()):
            with self._journal.store.lock:
                if self._settle(told, now):
                    del self._waiting[told.fact]

    def _settle(self, told: Told, now: Instant) -> bool:
        """Destroy what a fact names, or find that it counts for nothing; False while it waits."""
        journal, event = self._journal, told.event
        place = journal.store.value(_PLACE, (told.commit,))
        if place is None:
            return False
        start = ConversationId(event.conversation)
        rule = rule_of(journal, start, event.what, place)
        if rule is None or rule.names != {start, *map(ConversationId, event.also)}:
            journal.lists.gone.took(told.fact, VOID, [Gone(start, event.what, now, 0)])
            return True
        if rule.day > now:
            return False
        self._destroy(told, rule, now)
        return True

    def _destroy(self, told: Told, rule: Rule, now: Instant) -> None:
        """Destroy in one transaction what a rule lets go; durable on return."""
        journal, gone = self._journal, self._journal.lists.gone
        steward = Role.STEWARD in journal.roster.roles(journal.device)
        with journal.store.transaction():
            for blob in sorted(files_of(rule.whole)):
                if not journal.lists.kept.named_elsewhere(blob, rule.names):
                    gone.drop_file(blob, now, at_relay=steward)
            if told.event.what == ALL:
                gone.cover(rule.names, [(one.device, one.sequence) for one in rule.stood])
                for name in rule.names:
                    journal.store.drop_settings(*names_of(name))
                import_report.forget(journal.store, rule.names)
            done = [Gone(one, told.event.what, now, rule.days) for one in sorted(rule.names)]
            gone.took(told.fact, DONE, done)
            journal.lists.refresh(rule.names)
        self._cut = False
        journal.changed()

    def _tell(self) -> bool:
        """Tell of some that it is time for; return whether nothing is left to look at.

        What lists say is over and facts do not is passed over, so that it holds nothing else up.
        """
        journal, passed = self._journal, self._passed
        with journal.store.lock:
            here = journal.clock.now()
            times = policy_of(journal).at(here)
            told = {(one.event.conversation, one.event.what) for one in self._waiting.values()}
            most = AT_ONCE + len(told) + len(passed)
            coming = () if times is None else journal.lists.kept.coming(times, here, most)
            some = [one[:2] for one in coming if one[:2] not in told | passed][:AT_ONCE]
            found = [(one, self._due(*one)) for one in some]
        now = self._time() if any(due for _, due in found) else here
        facts = [due[0] for _, due in found if due is not None and due[1] <= now]
        passed.update(one for one, due in found if due is None or due[1] > now)
        if facts:
            journal.write([post.fact(journal, one) for one in facts])
        return len(some) < AT_ONCE

    def _due(self, name: ConversationId, what: What) -> tuple[RetentionDue, Instant] | None:
        size = self._journal.log.size()
        rule = rule_of(self._journal, name, what, size, unsent=True)
        if rule is None or len(rule.names) > ALSO_MOST:
            return None
        also = tuple(sorted(rule.names - {name}))
        return RetentionDue(name, also, what), rule.day

    def _time(self) -> Instant:
        """Return the earlier of this desk's time and the relay's."""
        try:
            relay = self._courier.now()
        except NotFound:  # An office that has published nothing yet.
            return Instant(0)
        return min(relay, self._journal.clock.now())

    def _drop_files(self) -> None:
        """Have the relay drop files, by the control key; only stewards hold it."""
        journal = self._journal
        rows = journal.store.rows("SELECT blob FROM files_to_drop LIMIT ?", (MOST_DROPPED,))
        key = control.standing(journal, self._courier) if rows else None
        if key is None:
            return
        blobs = [row[0] for row in rows]
        order = encode(DropFilesOrder("drop_files", journal.office, key.epoch, blobs))
        signer = SigningKey.from_seed(key.key)
        self._courier.drop_parcels(order, sign(signer, "access", journal.office, order))
        with journal.store.transaction() as writer:
            writer.executemany("DELETE FROM files_to_drop WHERE blob = ?", rows)
