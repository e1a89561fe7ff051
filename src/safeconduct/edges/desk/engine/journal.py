# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's journal: reads frames into facts, one by one and checked, and writes its own.

The invariant: what is in memory (chains, ring, roster, pen) is what the store's tables say; when a
transaction fails, memory is read from the store again.  `cold` reads many frames at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from safeconduct.edges.desk import search
from safeconduct.edges.desk.engine.judge import Judge, Verdict
from safeconduct.edges.desk.engine.key_shelf import KeyShelf
from safeconduct.edges.desk.engine.keys import Keychain, identity, office_of
from safeconduct.edges.desk.engine.pen import StoreIsBehind, as_opened, keep_pen, load_pen, unsent
from safeconduct.edges.desk.engine.rejudging import rejudge
from safeconduct.edges.desk.engine.roster import RosterShelf
from safeconduct.edges.desk.engine.turns import in_turn
from safeconduct.edges.desk.projections import Lists
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.store_facts import COUNTS, QUARANTINED, FactShelf, Placed
from safeconduct.edges.desk.store_log import LogShelf
from safeconduct.kernel.journal import (
    NOTHING_SEEN,
    Fact,
    Head,
    Keys,
    Pen,
    Seen,
    VaultEpoch,
    follow,
    instant_of,
    write,
)
from safeconduct.kernel.ports import Clock, Rng
from safeconduct.kernel.seal.keys import VerifyKey
from safeconduct.kernel.sync import Opened, Read, Reader
from safeconduct.kernel.sync.reader import HEAD_UNKNOWN, HEADS_WENT_BACK, PARKED
from safeconduct.kernel.words import DAY, CommitId, ConversationId, DeviceId, VaultId
from safeconduct.rooms.crew import Roster

SLICE: Final = 200
_FORKED: Final = "device_forked"
CLOCK_DIFFERS: Final = "clock_differs"


class Journal:
    """Frames to facts and back.  Hold `store.lock` across calls that belong together."""

    def __init__(self, store: Store, clock: Clock, rng: Rng) -> None:
        """Read where the journal stands.

        Raises:
            NoOfficeHere: founding or joining did not finish.
        """
        self.store: Final = store
        self.clock: Final = clock
        self.rng: Final = rng
        self.place, self.secrets = identity(store)
        self.office: Final = office_of(self.place)
        self.device: Final = self.secrets.id()
        self._signing: Final = self.secrets.signing_key()
        self.crew_vault: Final = VaultId(self.place.crew_vault)
        self.log: Final = LogShelf(store)
        self.facts: Final = FactShelf(store)
        self.rosters: Final = RosterShelf(store, self.facts, self.office, self.crew_vault)
        self.lists: Final = Lists(store, "en", clock.now)
        self.keychain: Final = Keychain(store)
        self.keys: Final = KeyShelf(store, self.facts, self.rosters, self.keychain)
        self.seen: Seen = NOTHING_SEEN
        self.changed: Callable[[], None] = lambda: None
        self.trouble: Callable[[str], None] = lambda _: None
        self.lists.hear_of(lambda: self.trouble("told_differently"))
        self.written: Callable[[], None] = lambda: None
        self.carried: Callable[[], bool] = lambda: False
        self.load()

    @property
    def roster(self) -> Roster:
        """Who belongs to the office, as far as the log was read."""
        return self.rosters.roster

    @roster.setter
    def roster(self, roster: Roster) -> None:
        self.rosters.take(roster, self.trouble)
        self.lists.take(roster)

    @property
    def hotline_vault(self) -> VaultId:
        """The vault of the hotline's facts, as the founding fact names it."""
        founded = self.roster.founded
        return VaultId(founded.hotline_vault) if founded else VaultId(bytes(16))

    def load(self) -> None:
        """Read from the store what stands in memory."""
        self.seen = self.log.watch("log").confirmed
        self.keychain.load()
        self.roster = self.rosters.load()
        counts, chains = self.facts.counts(), self.facts.chains()
        ring = self.keychain.ring(counts)
        self.reader = Reader(self.office, self.keychain.office, ring, chains, self.rosters.heads)
        self._forgot = self.roster.founded is not None
        self._astray = self._late = False
        own = (self.office, self.device)
        self.pen, self.behind = load_pen(self.store, own, self.seen, counts)

    @property
    def judge(self) -> Judge:
        """The judge over the roster as it stands."""
        return Judge(self.roster, self.crew_vault, self.hotline_vault)

    def key_of(self, device: DeviceId) -> VerifyKey | None:
        """Return the key that a device's commits are checked with, if it stands on the roster."""
        member = self.roster.members.get(device)
        return member.device.signing.short if member else None

    def take(self, start: int, frames: Sequence[bytes]) -> None:
        """Read frames that are on disk already, each checked."""
        self._take_all(list(enumerate(frames, start)), start + len(frames))

    def _take_all(self, frames: Iterable[tuple[int, bytes]], read_to: int | None) -> None:
        try:
            with self.store.transaction():
                touched = self._take_in_turn(frames)
                if read_to is not None:
                    self.log.keep_read_to(read_to)
                self.keep_pen(self.pen)
                self.lists.refresh(touched)
        except BaseException:
            self.load()
            raise
        if self.reader.waits_for_heads():
            self.trouble(HEAD_UNKNOWN)
        if self._astray:
            self.read_again()
        self.changed()

    def _take_in_turn(self, frames: Iterable[tuple[int, bytes]]) -> set[ConversationId]:
        touched: set[ConversationId] = set()

        def take(at: int, frame: bytes) -> bool:
            members = len(self.roster.members)
            touched.update(self._take(at, frame))
            return len(self.roster.members) > members

        forgot, self._forgot = self._forgot, False
        in_turn(frames, take, self.log.unpark, forgot=forgot)
        return touched

    def offer_again(self) -> None:
        """Read parked frames again: after a start, or when a key came."""
        with self.store.lock:
            if waiting := self.log.unpark():
                self._late = True
                self._take_all(waiting, None)
                self._late = False

    def read_again(self) -> None:
        """Drop what was opened and read every frame again, each checked."""
        with self.store.lock:
            self.forget()
            for start in range(0, self.log.size(), SLICE):
                self.take(start, self.log.frames(start, SLICE))
            self._offer_unsent()
            self.load()

    def _offer_unsent(self) -> bool:
        known = self.facts.commit_at
        if lost := unsent(self.store, self.reader.chains, self.keychain.office, known):
            self._take_all(lost, None)
        return bool(lost)

    def forget(self) -> None:
        """Drop what was opened; frames and what is unsent stay."""
        with self.store.transaction():
            self.facts.forget_opened()
            self.log.keep_read_to(0)
        self.load()

    def catch_up(self) -> None:
        """Read what is on disk and not opened yet: frames, those that waited, our own unsent."""
        with self.store.lock:
            for start in range(self.log.read_to(), self.log.size(), SLICE):
                self.take(start, self.log.frames(start, SLICE))
            if self._offer_unsent():
                self.load()
            self.offer_again()

    def _take(self, at: int, frame: bytes) -> set[ConversationId]:
        reads = self._read(at, frame) if self.roster.founded else [Read(at, "unknown_device", None)]
        if reads[0].code == "unknown_device":
            reads = self._read_stranger(at, frame, reads)
        return set[ConversationId]().union(*map(self.settle, reads))

    def _read(self, at: int, frame: bytes) -> list[Read]:
        return self.reader.read(at, frame, self.key_of, self.facts.commit_at)

    def _read_stranger(self, at: int, frame: bytes, reads: list[Read]) -> list[Read]:
        """Read a commit whose own facts bring the key that it is checked with, if this is one."""
        before, roster = self.roster, self.rosters.brought_by(frame, self.keychain)
        if roster is not None:
            self.roster = roster
            reads = self._read(at, frame)
            if reads[0].commit is None:
                self.roster = before
        return reads

    def settle(self, read: Read) -> set[ConversationId]:
        """Keep what became of one frame; return the conversations that it touched."""
        if read.code in PARKED:
            self.log.park(read.at, read.code)
            return set()
        if read.commit is None:
            self.facts.set_aside(_index(read.at), None, read.code, self.clock.now())
            return set()
        if read.code == "known":
            if read.at >= 0:
                self.facts.note_place(read.commit.device, read.commit.sequence, read.at)
            return set()
        if read.code == _FORKED:
            return self._suspend(read.at, read.commit)
        return self._accept(read, read.commit)

    def _accept(self, read: Read, opened: Opened) -> set[ConversationId]:
        device = DeviceId(opened.device)
        self.facts.keep_chain(device, self.reader.chains.head(device))
        if read.code:
            if read.code == HEADS_WENT_BACK:
                self.trouble(read.code)
            self.facts.set_aside(_index(read.at), opened.id, read.code, self.clock.now())
            self.facts.add([Placed(opened, _index(read.at), QUARANTINED, ())])
            # Its tags are spent all the same; a start must not expect them again.
            known = self.reader.ring.counts().items()
            self.facts.keep_counts(device, {at: n[device] for at, n in known if device in n})
            before, self.roster = self.roster, self.rosters.heard(opened, counts=False)
            return rejudge(self, before)
        if device == self.device and opened.sequence > self.pen.sequence:
            self.fall_behind()
        counts = {VaultEpoch(VaultId(e.vault), e.epoch): e.n + 1 for e in opened.entries}
        self.facts.keep_counts(device, counts)
        self.follow(opened.hlc)
        return self.keep(opened, _index(read.at))

    def keep(self, opened: Opened, at: int | None) -> set[ConversationId]:
        """Keep a commit that counts: its entries judged, its words indexed."""
        before, self.roster = self.roster, self.rosters.heard(opened, counts=True)
        judge = self.judge
        verdicts = [judge.entry(opened, entry) for entry in opened.entries]
        self.note_refused(opened, at, verdicts)
        conversations = [verdict.conversation for verdict in verdicts]
        first = self.facts.add([Placed(opened, at, COUNTS, conversations)])[0]
        texts = [(first + i, search.text_of(item.event)) for i, item in enumerate(verdicts)]
        search.index(self.store, [(no, text) for no, text in texts if text])
        self.lists.gone.sweep(one for one in conversations if one is not None)
        return rejudge(self, before) | {one.row for one in verdicts if one.row is not None}

    def note_refused(self, opened: Opened, at: int | None, verdicts: Iterable[Verdict]) -> None:
        """Set aside what a device wrote and may not."""
        for verdict in verdicts:
            if verdict.code:
                self.facts.set_aside(at, opened.id, verdict.code, self.clock.now())

    def _suspend(self, at: int, opened: Opened) -> set[ConversationId]:
        """A device signed one number twice: from there on only its roster facts count."""
        device = DeviceId(opened.device)
        head = self.reader.chains.head(device)
        before = self.store.value("SELECT forked_at FROM chains WHERE device = ?", (device,))
        if before is not None and before == head.forked_at:
            return set()  # It may sign any number of commits beyond its fork; they change nothing.
        self.facts.keep_chain(device, head)
        self.facts.set_aside(_index(at), opened.id, _FORKED, self.clock.now())
        self.trouble(_FORKED)
        if head.forked_at is None:
            return set()
        # What waited for a key is read out of turn: read once more in the order of the log.
        self._astray |= self._late
        if device == self.device:
            # What of ours the log does not hold is on no other desk; read once as they do.
            self._astray |= not self.behind and self.facts.unplaced(device, head.forked_at)
            self.fall_behind()
        return set(self.facts.suspend_from(device, head.forked_at))

    def follow(self, hlc: int) -> None:
        """Hear a colleague's time."""
        if instant_of(hlc) > self.clock.now() + DAY:
            self.trouble(CLOCK_DIFFERS)
        self.pen = replace(self.pen, hlc=follow(self.pen.hlc, hlc, self.clock.now()))

    def fall_behind(self) -> None:
        """Refuse to write from now on: another copy of this store did (spec/journal.md 5)."""
        self.behind = True
        self.trouble(StoreIsBehind.code)

    def write(self, facts: Sequence[Fact], also: Callable[[int], None] | None = None) -> CommitId:
        """Append facts as one commit; durable on return, sent later.

        `also` runs in the same transaction with the commit's sequence.

        Raises:
            StoreIsBehind: another copy of this store wrote.
            StoreFull: nothing was kept.
        """
        with self.store.lock:
            if self.behind:
                raise StoreIsBehind
            commit = self._append(facts, also)
        self.changed()
        self.written()
        return commit

    def _append(self, facts: Sequence[Fact], also: Callable[[int], None] | None) -> CommitId:
        heads = self.rosters.heads.newest(self.pen.heads)
        before = replace(self.pen, heads=heads, seen=self.seen)
        keys = self._keys()
        commit, frame, after = write(facts, before, keys, now=self.clock.now(), rng=self.rng)
        head = Head(after.sequence, commit.id)
        wrote = (VaultEpoch(fact.vault, keys.vaults[fact.vault][0]) for fact in facts)
        fresh = {where: after.counts[where] for where in wrote}
        try:
            with self.store.transaction(at_once=True) as writer:
                writer.execute("INSERT INTO outbox VALUES (?, ?, NULL)", (after.sequence, frame))
                self.facts.keep_chain(self.device, head)
                self.facts.keep_counts(self.device, fresh)
                opened = as_opened(commit, before, facts, keys)
                self.lists.refresh(self.keep(opened, None))
                self.rosters.wrote(commit, opened)
                self.keep_pen(after)
                if also is not None:
                    also(after.sequence)
        except BaseException:
            self.load()
            raise
        self.pen = after
        self.reader.chains.restore(self.device, head)
        return commit.id

    def _keys(self) -> Keys:
        return self.keys.to_write_with(self._signing.short)

    def keep_pen(self, pen: Pen) -> None:
        """Keep where our own chain stands, and what was cited."""
        self.rosters.keep()
        keep_pen(self.store, pen, behind=self.behind)


def _index(at: int) -> int | None:
    return at if at >= 0 else None
