# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies in the line's box, handed to the channel once (spec/lines.md 4).

Which numbers were handed on is durable at once after each: a line that is killed between hands one
answer on twice, and none never.  What was handed on is known by itself too (`went`), and what has
ended goes to nobody: a relay can lay an old answer under any number.
An answer that cannot leave now holds no other back, whatever it fails of, and is tried again after
growing pauses; of one that can never leave, or not with all its files, the office is told.
A door gets the one fixed text, whatever the answer says; the telephone gets calls that were asked
for; what names no handle of this line's goes nowhere.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from safeconduct.edges.lines.channel import (
    CannotSend,
    Channel,
    Departing,
    DoorOnly,
    FileHere,
    FilesLeft,
)
from safeconduct.edges.lines.handles import code_of, parse_handle
from safeconduct.edges.lines.phone.backs import CONTACT_BYTES
from safeconduct.edges.lines.post import Post
from safeconduct.edges.lines.store import SealedStore
from safeconduct.edges.lines.texts import door_text
from safeconduct.edges.lines.went import Went, digest_of, end_of, now_here
from safeconduct.edges.person.device import Waiting
from safeconduct.kernel.canon import Bytes32, Codec, Count, Record, encode
from safeconduct.kernel.errors import Refused, SafeconductError, Unreachable, Untrusted
from safeconduct.kernel.wire.refusals import Expired
from safeconduct.rooms.hotline.by_line import CARRIES, DOORS, EXTRA, Alarm
from safeconduct.rooms.hotline.letters import Reply

HANDED: Final = "handed"
CALL: Final = "call"
FILES_SECONDS: Final = 600.0
"""So long an answer waits for its files; then its words go alone."""
CONTACTS_MOST: Final = 16
"""To so many people answers are on the way at once: who cannot be reached holds one place."""
PAUSE_LEAST: Final = 2.0
PAUSE_MOST: Final = 60.0


class Handed(Record, frozen=True):
    """At which relay, up to which number all was handed on, and which beyond it."""

    relay: Bytes32
    upto: Count
    beyond: tuple[Count, ...]


_HANDED: Final[Codec[Handed]] = Codec(Handed, "handed")


class Answer(NamedTuple):
    """An answer that goes on, and to whom."""

    contact: bytes
    reply: Reply


class Numbered(NamedTuple):
    """An answer and the number under which it lies in the box."""

    number: int
    answer: Answer


class Look(NamedTuple):
    """One look into the box: at which relay, and which numbers lay in it."""

    relay: bytes
    numbers: tuple[int, ...]


class Later(NamedTuple):
    """When an answer that could not leave is tried again, and after which pause."""

    at: float
    pause: float


class Answers:
    """The box of one line."""

    def __init__(
        self,
        post: Post,
        channel: Channel,
        store: SealedStore,
        *,
        reads: Callable[[bytes], str],
        failed: Callable[[Exception], None] = lambda _: None,
    ) -> None:
        """Read what was handed on before; `reads` tells in which language a contact reads.

        `failed` hears of what went wrong with one answer.

        Raises:
            CannotOpen, Malformed: what was kept of it was changed.
        """
        self._post: Final = post
        self._channel: Final = channel
        self._store: Final = store
        self._reads: Final = reads
        self._failed: Final = failed
        kept = store.load(HANDED)
        self._handed = Handed(bytes(32), 0, ()) if kept is None else _HANDED.decode(kept)
        self._went: Final = Went(store)
        self._untold: Final[dict[bytes, Alarm]] = {}
        """Answers that the channel is through with, and of which the office is still to hear."""
        self._first_tried: Final[dict[int, float]] = {}
        self._later: Final[dict[int, Later]] = {}
        self._at_work: Final[dict[bytes, asyncio.Task[None]]] = {}

    async def pass_on(self) -> None:
        """Look once, and begin to hand on what can leave now; waits for nobody's answer.

        Raises:
            Unreachable: no relay answers.
        """
        relay, waiting = await self._post.look(self._handed.upto)
        name = hashlib.sha256(relay).digest()
        if name != self._handed.relay:
            # Another relay counts anew: what lies there may come twice, and is never passed over.
            if self._handed.upto:
                _, waiting = await self._post.look(0)
            self._handed = Handed(name, 0, ())
            self._first_tried.clear()
            self._later.clear()
        look = Look(name, tuple(sorted(one.number for one in waiting)))
        for contact, items in self._due(waiting, look).items():
            if len(self._at_work) >= CONTACTS_MOST:
                break
            self._at_work[contact] = asyncio.create_task(self._hand_on(contact, items, look))

    async def end(self) -> None:
        """Hand nothing on any more."""
        tasks = list(self._at_work.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _due(self, waiting: Sequence[Waiting], look: Look) -> dict[bytes, list[Numbered]]:
        """Return what is to go, of each contact in order; what goes to nobody is noted."""
        due: dict[bytes, list[Numbered]] = {}
        now = _now()
        for item in sorted(waiting, key=lambda one: one.number):
            if item.number in self._handed.beyond:
                continue
            answer = self._answer(item.reply)
            if answer is None:
                self._note(item.number, look)
                continue
            later = self._later.get(item.number)
            if answer.contact not in self._at_work and (later is None or later.at <= now):
                due.setdefault(answer.contact, []).append(Numbered(item.number, answer))
        return due

    async def _hand_on(self, contact: bytes, items: list[Numbered], look: Look) -> None:
        """Hand on what goes to one contact, one after another; nothing that fails ends it."""
        try:
            for item in items:
                try:
                    await self._once(item)
                    self._note(item.number, look)
                except Unreachable:
                    self._put_off(item.number, look)
                except Exception as error:  # noqa: BLE001  (the edge of the world: its code is told)
                    self._failed(error)
                    self._put_off(item.number, look)
        finally:
            del self._at_work[contact]

    async def _once(self, item: Numbered) -> None:
        """Hand one on unless it was before, by whatever relay and number; durable at once after.

        Raises:
            Unreachable: it cannot leave now.
        """
        reply = item.answer.reply
        if not self._went.has(reply):
            await self._leaves(item)
            self._went.add(reply)

    async def _leaves(self, item: Numbered) -> None:
        """Hand one on, or tell the office that it, or a file of it, can never be.

        Raises:
            Unreachable: it cannot leave now, or the office cannot be told now.
        """
        contact, name = item.answer.contact, digest_of(item.answer.reply)
        if name not in self._untold:
            try:
                out = await self._departing(item.answer, self._late(item.number))
                if out is not None:
                    await self._send(contact, out)
            except FilesLeft:
                self._untold[name] = "files_left"
            except CannotSend:
                self._untold[name] = "undelivered"
        if alarm := self._untold.get(name):
            whose = self._whose(contact)
            await self._post.tell_of(whose, alarm, self._reads(whose))
            del self._untold[name]

    def _whose(self, handled: bytes) -> bytes:
        """Return whose conversation it is: behind a call's contact a number may lie sealed."""
        return handled[:CONTACT_BYTES] if self._channel.kind == "phone" else handled

    def _put_off(self, number: int, look: Look) -> None:
        """Try one again after a pause that grows."""
        if look.relay != self._handed.relay:
            return
        before = self._later.get(number)
        pause = PAUSE_LEAST if before is None else min(2 * before.pause, PAUSE_MOST)
        self._later[number] = Later(_now() + pause, pause)

    def _answer(self, reply: Reply | None) -> Answer | None:
        """Return an answer to whom this line can hand it; None for all else, and what has ended."""
        if reply is None or reply.kind != "answer":
            return None
        handle = reply.extras.get(EXTRA)
        if not isinstance(handle, bytes):
            return None
        try:
            answer = Answer(parse_handle(self._post.keys, handle), reply)
        except Untrusted:
            return None
        if end_of(reply) <= now_here():
            self._failed(Expired())  # By a clock that is weeks ahead each answer has.
            return None
        return answer

    async def _departing(self, answer: Answer, late: bool) -> Departing | None:
        """Return what goes by this kind; None where nothing does.

        Raises:
            Unreachable: a file is not there yet.
        """
        kind = self._channel.kind
        if kind in DOORS:
            return self._door(answer.contact)
        beside = {key: told for key, told in answer.reply.extras.items() if key != EXTRA}
        if kind in CARRIES:
            return Departing(answer.reply.text, await self._files(answer.reply, late), beside)
        return Departing(answer.reply.text, extras=beside) if CALL in beside else None

    async def _send(self, contact: bytes, out: Departing) -> None:
        """Hand one on; to whom the channel cannot lock it goes the text of a door instead."""
        try:
            await self._channel.send(contact, out)
        except DoorOnly:
            await self._channel.send(contact, self._door(contact))

    def _door(self, contact: bytes) -> Departing:
        code = code_of(self._post.keys, contact)
        page, language = self._post.licence.relays[0], self._reads(contact)
        return Departing(door_text(self._channel.kind, language, page, code), door=True)

    async def _files(self, reply: Reply, late: bool) -> tuple[FileHere, ...]:
        found = []
        for file in reply.files:
            try:
                content = await self._post.fetch(file)
            except (Unreachable, Refused) as error:
                if not late:
                    raise Unreachable from error
            except SafeconductError:
                continue  # It is not what the office sent, and goes to nobody.
            else:
                found.append(FileHere(file.name, file.media_type, content))
        return tuple(found)

    def _late(self, number: int) -> bool:
        now = _now()
        return now - self._first_tried.setdefault(number, now) > FILES_SECONDS

    def _note(self, number: int, look: Look) -> None:
        """Note durably that one was handed on; of a relay that was left nothing is noted."""
        if look.relay != self._handed.relay:
            return
        self._first_tried.pop(number, None)
        self._later.pop(number, None)
        done = {*self._handed.beyond, number}
        upto = self._handed.upto
        for one in look.numbers:
            if one > upto and one not in done:
                break
            upto = max(upto, one)
        beyond = tuple(sorted(one for one in done if one > upto))
        self._handed = Handed(self._handed.relay, upto, beyond)
        self._store.save(HANDED, encode(self._handed))


def _now() -> float:
    return asyncio.get_running_loop().time()
