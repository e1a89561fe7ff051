# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk's engine in memory, honest: real facts, the rooms' own folds and refusals, no store.

`TwinDesk` implements `DeskApi`.  What a person or a colleague does elsewhere is told to it with
`receive`, `by` and `relay_goes`; files lie in `files` as their opened bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from threading import Condition

from safeconduct.edges.desk.api import (
    FileState,
    Hit,
    NewFile,
    Preferences,
    Row,
    Status,
    Today,
    Trouble,
)
from safeconduct.edges.desk.queue_rows import EVERYTHING, Sieve
from safeconduct.kernel.errors import Refused, Unreachable, Untrusted
from safeconduct.kernel.words import BlobId, ConversationId, DeviceId, Instant, fact_id
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.crew.watching import Watch
from safeconduct.rooms.hotline import (
    Conversation,
    HandOver,
    Told,
    claim,
    hand_over,
    read,
    release,
    write_answer,
    write_note,
)
from safeconduct.rooms.hotline.events import (
    AnswerSent,
    AttachmentSaved,
    ConversationFact,
    MessageReceived,
)
from safeconduct.rooms.hotline.letters import conversation_of
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.triage_decide import contact_with_answer
from tests.kit.clocks import FixedClock, SeededRng
from tests.kit.desk_twin_crew import TwinRemovals
from tests.kit.desk_twin_exports import TwinExports
from tests.kit.desk_twin_joining import whole
from tests.kit.desk_twin_keeps import TwinKeeps, TwinMoves
from tests.kit.desk_twin_teams import TwinTeams
from tests.kit.desk_twin_triage import listed, row_of, today
from tests.kit.desk_twin_work import TwinWork
from tests.kit.growing import Growing


class FileIncomplete(Refused):
    """Not every chunk lies at the relay yet."""

    code = "file_incomplete"


class ChunkBroken(Untrusted):
    """A chunk does not open."""

    code = "cannot_open"


class TwinDesk(TwinKeeps, TwinWork):
    """One helper's desk."""

    def __init__(self, roster: Roster, device: DeviceId, clock: FixedClock) -> None:
        """Begin with a roster and nothing written."""
        self.clock = clock
        self.rng = SeededRng("twin")
        self.files: dict[BlobId, bytes] = {}
        self.half: set[BlobId] = set()
        self.broken: set[BlobId] = set()
        self.saved: list[BlobId] = []
        self.online = True
        self.catching_up = 0
        self.watch = Watch()
        self.preferred = Preferences("", keys=True, minutes=15)
        self.troubles: tuple[Trouble, ...] = ()
        self.last_contact: Instant | None = clock.now()
        self.removals, self.moves = TwinRemovals(self), TwinMoves()
        self.exports, self.teams = TwinExports(self), TwinTeams(self)
        self.begin_work(self)
        self._roster, self._device = roster, device
        self._told: dict[ConversationId, list[Told]] = Growing()
        self._names: dict[ConversationId, str] = Growing()
        self._voices: dict[ConversationId, bytes] = {}
        self._written, self._seen = 0, set[bytes]()
        self._drafts, self._changes, self._change = {}, 0, Condition()

    # --- what others do

    def receive(
        self,
        name: str,
        text: str,
        *,
        files: Sequence[tuple[str, bytes] | tuple[str, bytes, str]] = (),
        language: str = "ru",
        conversation: ConversationId | None = None,
        address: bytes | None = None,
        extras: bytes = b"",
    ) -> ConversationId:
        """A message arrives; a new conversation unless one is given, her box unless another is."""
        voice = self._voices[conversation] if conversation else self.rng.bytes(32)
        where = conversation_of(voice)
        self._names[where], self._voices[where] = name, voice
        self._tell(
            where,
            MessageReceived(
                conversation=where,
                message=self.rng.bytes(32),
                address=address or voice[::-1],
                sealing_key=voice,
                voice=voice,
                arrived=self.now(),
                language=language,
                text=text,
                files=tuple(self._keep(*file) for file in files),
                via="portal",
                extras=extras,
                intake_epoch=1,
            ),
        )
        return where

    def by(self, device: DeviceId) -> TwinDesk:
        """The same office at a colleague's desk: what they do is seen here at once."""
        other = object.__new__(TwinDesk)
        other.__dict__ = self.__dict__ | {"_device": device}
        other.begin_work(other, self)
        other._tell = self._tell_as(device)  # type: ignore[method-assign]
        return other

    def relay_goes(self, *, online: bool) -> None:
        """The relay comes or goes; what waited leaves when it comes."""
        self.online = online
        self.last_contact = self.now()
        for where in self._told if online else ():
            for answer in self._conversation(where).answers:
                if not answer.sent:
                    self._record(answer.by, where, AnswerSent(where, answer.id, answer.expires))
        self._changed()

    # --- DeskApi

    @property
    def device(self) -> DeviceId:
        """This device."""
        return self._device

    def now(self) -> Instant:
        """The desk's clock."""
        return self.clock.now()

    def today(self) -> Today:
        """Who waits, what is mine."""
        return today(self)

    def handed(self, conversation: Conversation) -> HandOver | None:
        """The hand-over that was not seen."""
        standing = conversation.handed_to(self.device)
        return next((passed for passed in standing if passed.fact not in self._seen), None)

    def inbox(
        self,
        *,
        show: str,
        start: int,
        most: int,
        of: DeviceId | None = None,
        sieve: Sieve = EVERYTHING,
    ) -> tuple[Sequence[Row], int]:
        """Rows in the order of the queue."""
        talks = {where: self._conversation(where) for where in self._told}
        rows = [self._row(talk) for where, talk in talks.items() if talk.id == where]
        rows = listed(rows, show, of or self.device, sieve, self.now())
        return rows[start : start + most], len(rows)

    def conversation(self, conversation: ConversationId) -> Conversation | None:
        """One conversation."""
        return self._conversation(conversation) if conversation in self._told else None

    def search(self, words: str, *, most: int = 50) -> Sequence[Hit]:
        """Find the first word, plainly."""
        wanted = _folded(words.split(maxsplit=1)[0]) if words.split() else ""
        hits = []
        for where in self._told if wanted else ():
            talk = self._conversation(where)
            pieces = [("message", m.arrived, m.text) for m in talk.messages]
            pieces += [("answer", a.written, a.text) for a in talk.answers]
            pieces += [("note", n.written, n.text) for n in talk.notes]
            pieces += [("hand-over", h.at, h.text) for h in talk.handovers]
            for kind, at, text in pieces:
                found = _folded(text).find(wanted)
                if found >= 0:
                    shown = _snippet(text, found, len(wanted))
                    hits.append(Hit(where, talk.code_name, at, shown, kind))
        return hits[:most]

    def roster(self) -> Roster:
        """Who belongs to the office."""
        return self._roster

    def status(self) -> Status:
        """How this desk stands with the relay."""
        unsent = sum(
            not answer.sent for where in self._told for answer in self._conversation(where).answers
        )
        contact, busy = self.last_contact, self.catching_up
        return Status(self.online, contact, unsent, busy, self.troubles, unsent, self.watch)

    def mark_read(self, conversation: ConversationId) -> None:
        """Record that the messages and a hand-over were seen."""
        self._saw(conversation)
        fact = read(self._conversation(conversation), self.device)
        if fact is not None:
            self._tell(conversation, fact)

    def answer(
        self,
        conversation: ConversationId,
        text: str,
        files: Sequence[NewFile] = (),
        next_contact: Instant | None = None,
        *,
        way: bool = False,
    ) -> None:
        """Answer the person."""
        talk = self._conversation(conversation)
        self.joining.check(talk, way=way)
        self.vetting.check(talk, [text, *(one.name for one in files)])
        kept = tuple(self._keep(file.name, file.content, file.media_type) for file in files)
        fact = write_answer(talk, self.rng.bytes(16), text, kept, self.now())
        self._saw(conversation)
        self.keep_draft(conversation, "answer", "")
        if next_contact is not None:
            self._tell(conversation, contact_with_answer(talk, next_contact, self.now()))
        self._tell(conversation, fact)
        if not talk.claims:
            self._tell(conversation, claim(self._conversation(conversation)))
        if self.online:
            self._tell(conversation, AnswerSent(conversation, fact.answer, fact.expires))

    def note(self, conversation: ConversationId, text: str) -> None:
        """Write for colleagues."""
        self._tell(conversation, write_note(self._conversation(conversation), text))
        self.keep_draft(conversation, "note", "")

    def claim(self, conversation: ConversationId) -> None:
        """Hold the conversation."""
        self._tell(conversation, claim(self._conversation(conversation)))

    def release(self, conversation: ConversationId) -> None:
        """Let it go."""
        self._tell(conversation, release(self._conversation(conversation)))

    def hand_over(self, conversation: ConversationId, to: DeviceId, note: str) -> None:
        """Pass it to a colleague."""
        members = self._roster.present()
        self._tell(conversation, hand_over(self._conversation(conversation), to, note, members))
        self.keep_draft(conversation, "hand_over", "")

    def file_state(self, blob: BlobId) -> FileState:
        """How much of a file is there."""
        if not self.online:
            raise Unreachable
        return FileState(chunks=40, ready=12 if blob in self.half else 40)

    def file_bytes(
        self, conversation: ConversationId, blob: BlobId, *, leaves: bool = True
    ) -> Iterator[bytes]:
        """Yield a file's bytes."""
        if not self.online:
            raise Unreachable
        if blob in self.half:
            raise FileIncomplete
        content = self.files[blob]
        if leaves:
            self.saved.append(blob)
            self._tell(conversation, AttachmentSaved(conversation, blob))
        for at in range(0, len(content), 1 << 16):
            yield content[at : at + (1 << 16)]
        if blob in self.broken:
            raise ChunkBroken

    def changes(self) -> int:
        """How many changes there were."""
        return self._changes

    def wait_for_change(self, since: int, seconds: float) -> int:
        """Block until there is one more."""
        with self._change:
            self._change.wait_for(lambda: self._changes > since, seconds)
            return self._changes

    # --- inside

    def _tell(self, where: ConversationId, event: ConversationFact) -> None:
        self._record(self._device, where, event)

    def _tell_as(self, device: DeviceId):  # type: ignore[no-untyped-def]  # noqa: ANN202
        return lambda where, event: self._record(device, where, event)

    def _record(self, device: DeviceId, where: ConversationId, event: ConversationFact) -> None:
        self._written += 1
        fact = fact_id(self._written.to_bytes(32, "big"), 0)
        hlc = (self.now() << 16) + self._written
        self._told[where] = [*self._told.get(where, ()), Told(fact, device, hlc, event)]
        self._changed()

    def _saw(self, where: ConversationId) -> None:
        talk = self._conversation(where)
        if self.handed(talk) is not None:
            self._seen.update(passed.fact for passed in talk.handed_to(self.device))
            self._changed()

    def _changed(self) -> None:
        with self._change:
            self._changes += 1
            self._change.notify_all()

    def _conversation(self, where: ConversationId) -> Conversation:
        return whole(self, where)

    def _row(self, talk: Conversation) -> Row:
        return row_of(self, talk)

    def _keep(self, name: str, data: bytes, kind: str = "application/octet-stream") -> SealedFile:
        blob, key = BlobId(self.rng.bytes(32)), self.rng.bytes(32)
        self.files[blob] = data
        return SealedFile(blob, key, name, len(data), kind)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _snippet(text: str, at: int, length: int) -> str:
    before, hit, after = text[:at][-60:], text[at : at + length], text[at + length :][:120]
    return f"{before}\u2068{hit}\u2069{after}"
