# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies in the line's box, handed to the channel once (spec/lines.md 4).

Which numbers were handed on is durable at once after each: a line that is killed between hands one
answer on twice, and none never.  An answer that cannot leave now holds no other back.
A door gets the one fixed text, whatever the answer says; the telephone gets calls that were asked
for; what names no handle of this line's goes nowhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final, NamedTuple

from safeconduct.edges.lines.channel import CannotSend, Channel, Departing, DoorOnly, FileHere
from safeconduct.edges.lines.handles import code_of, parse_handle
from safeconduct.edges.lines.post import Post
from safeconduct.edges.lines.store import SealedStore
from safeconduct.edges.lines.texts import door_text
from safeconduct.edges.person.device import Waiting
from safeconduct.kernel.canon import Bytes32, Codec, Count, Record, encode
from safeconduct.kernel.errors import Refused, SafeconductError, Unreachable, Untrusted
from safeconduct.rooms.hotline.by_line import CARRIES, DOORS, EXTRA
from safeconduct.rooms.hotline.letters import Reply

HANDED: Final = "handed"
CALL: Final = "call"
FILES_SECONDS: Final = 600.0
"""So long an answer waits for its files; then its words go alone."""


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


class Answers:
    """The box of one line."""

    def __init__(
        self, post: Post, channel: Channel, store: SealedStore, reads: Callable[[bytes], str]
    ) -> None:
        """Read what was handed on before; `reads` tells in which language a contact reads.

        Raises:
            CannotOpen, Malformed: what was kept of it was changed.
        """
        self._post: Final = post
        self._channel: Final = channel
        self._store: Final = store
        self._reads: Final = reads
        kept = store.load(HANDED)
        self._handed = Handed(bytes(32), 0, ()) if kept is None else _HANDED.decode(kept)
        self._first_tried: Final[dict[int, float]] = {}

    async def pass_on(self, now: float) -> None:
        """Look once, and hand on what can leave now.

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
        for item in sorted(waiting, key=lambda one: one.number):
            if item.number in self._handed.beyond:
                continue
            if await self._leaves(item, now):
                self._note(item.number, [one.number for one in waiting])

    async def _leaves(self, item: Waiting, now: float) -> bool:
        """Hand one on; False where it cannot leave now."""
        answer = self._answer(item.reply)
        if answer is None:
            return True
        try:
            out = await self._departing(answer, self._late(item.number, now))
            if out is not None:
                await self._send(answer.contact, out)
        except Unreachable:
            return False
        except CannotSend:
            pass
        self._first_tried.pop(item.number, None)
        return True

    def _answer(self, reply: Reply | None) -> Answer | None:
        """Return an answer to whom this line can hand it; None for all else."""
        if reply is None or reply.kind != "answer":
            return None
        handle = reply.extras.get(EXTRA)
        if not isinstance(handle, bytes):
            return None
        try:
            return Answer(parse_handle(self._post.keys, handle), reply)
        except Untrusted:
            return None

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

    def _late(self, number: int, now: float) -> bool:
        return now - self._first_tried.setdefault(number, now) > FILES_SECONDS

    def _note(self, number: int, waiting: list[int]) -> None:
        """Note durably that one was handed on."""
        done = {*self._handed.beyond, number}
        upto = self._handed.upto
        for one in sorted(waiting):
            if one > upto and one not in done:
                break
            upto = max(upto, one)
        beyond = tuple(sorted(one for one in done if one > upto))
        self._handed = Handed(self._handed.relay, upto, beyond)
        self._store.save(HANDED, encode(self._handed))
