# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading at a Matrix server: what came, in every room that the line is in, taken once.

How far was read is noted only up to the oldest message that was not taken yet; what cannot be
opened waits for its key for a minute, and is then taken as something that could not be opened.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from nio import AsyncClient, MegolmEvent, RoomMessage, RoomMessagesResponse, SyncResponse
from nio.api import MessageDirection

from safeconduct.edges.lines.came import in_words, together
from safeconduct.edges.lines.channel import CLEAR, Arrived, FileHere, Line
from safeconduct.edges.lines.kinds.matrix_files import has_file, read_message
from safeconduct.edges.lines.kinds.matrix_store import (
    BROKEN,
    OVER_MOST,
    Device,
    State,
    upload_keys,
    wind_on,
)
from safeconduct.edges.lines.kinds.sizes import FileNotNow
from safeconduct.kernel.errors import Unreachable

WAIT_MILLISECONDS: Final = 30_000
SOON_MILLISECONDS: Final = 2_000
KEY_SECONDS: Final = 60
PAGES_MOST: Final = 50
BEFORE_MOST: Final = 20
"""Messages from before we came into a room that are looked at: people write, then invite."""
FILE_PAUSES: Final = (5.0, 30.0)
"""After these times a file that did not come is asked for again; then it is left out."""
BETWEEN: Final = "\0"
"""Stands in a contact between a room and who wrote in it."""
FILTER: Final = {
    "presence": {"types": []},
    "account_data": {"types": []},
    "room": {
        "timeline": {"limit": 100},
        "ephemeral": {"types": []},
        "account_data": {"types": []},
    },
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One message that was not taken yet, and how far was read before it came."""

    room: str
    event: RoomMessage | MegolmEvent
    since: str
    came: float
    before: bool
    """It is from before we came into the room: it may be meant for others."""
    tries: int = 0
    """How often its file was asked for in vain."""
    not_before: float = 0.0
    """When it is asked for again."""


class Reading:
    """One device at work."""

    def __init__(self, client: AsyncClient, device: Device, state: State) -> None:
        self.client: Final = client
        self._device: Final = device
        self._state = state
        self._since = state.since
        self._over: OrderedDict[str, None] = OrderedDict.fromkeys(state.over)
        self._waits: OrderedDict[str, Waiting] = OrderedDict()
        self._known: set[str] = set()
        self._ours: set[str] = set()

    def is_in(self, room: str) -> bool:
        """Tell whether the server says that we are in a room, told of to the client or not."""
        return room in self._ours

    async def begin(self) -> None:
        """Learn in which rooms we are.

        Raises:
            Unreachable: the server is gone.
        """
        told = await self.client.joined_rooms()
        if not hasattr(told, "rooms"):
            raise Unreachable
        self._ours = set(told.rooms)
        self._known = set(told.rooms) if self._since else set()
        self._whole = True

    async def hear(self, line: Line) -> None:
        """Hear what is new; the first time, of every room that we are in.

        Raises:
            Unreachable: the server is gone.
        """
        told = await self.client.sync(
            SOON_MILLISECONDS if self._waits else WAIT_MILLISECONDS,
            sync_filter=FILTER,
            since=self._since or None,
            full_state=self._whole or None,
            set_presence="offline",
        )
        if not isinstance(told, SyncResponse):
            raise Unreachable
        line.heard()
        self._whole = False
        await self._care_for_keys()
        await self._hear(told)
        self._since = told.next_batch

    async def take(self, line: Line) -> None:
        """Take what waits."""
        await self._take_all(line)
        self.keep()

    def keep(self) -> None:
        """Seal the keys, and how far was read."""
        oldest = next(iter(self._waits.values()), None)
        if oldest is None:
            self._over.clear()
        since = self._since if oldest is None else oldest.since
        state = State(self._state.device, self._state.token, since, tuple(self._over))
        self._device.keep(state)
        self._state = state

    async def _care_for_keys(self) -> None:
        await upload_keys(self.client, self._device, self._state)
        if self.client.should_query_keys:
            await self.client.keys_query()
        if self.client.should_claim_keys:
            await self.client.keys_claim(self.client.get_users_for_key_claiming())
        await self.client.send_to_device_messages()

    async def _hear(self, told: SyncResponse) -> None:
        for room in told.rooms.invite:
            await self.client.join(room)
        for room in told.rooms.leave:
            self._known.discard(room)
            self._ours.discard(room)
            await self.client.room_forget(room)
        for room, news in told.rooms.join.items():
            new = room not in self._known
            self._known.add(room)
            self._ours.add(room)
            events = list(news.timeline.events)
            if news.timeline.limited or new:
                events = await self._gap(room, news.timeline.prev_batch or "", new) + events
            joined = self._joined_at(events) if new else 0
            self._note(room, events, joined)

    def _note(self, room: str, events: Iterable[object], joined: int) -> None:
        for place, event in enumerate(events):
            if not isinstance(event, RoomMessage | MegolmEvent):
                continue
            if event.sender == self.client.user_id or event.event_id in self._over:
                continue
            if event.event_id not in self._waits:
                waiting = Waiting(room, event, self._since, time.monotonic(), place < joined)
                self._waits[event.event_id] = waiting

    def _joined_at(self, events: list[object]) -> int:
        """Return where among the events we came into the room."""
        for place, event in enumerate(events):
            if getattr(event, "state_key", None) == self.client.user_id and (
                getattr(event, "membership", "") == "join"
            ):
                return place
        return len(events)

    async def _gap(self, room: str, start: str, new: bool) -> list[object]:
        """Return what lies before the news: up to where was read, or a little of a new room."""
        found: list[object] = []
        for _ in range(1 if new else PAGES_MOST):
            told = await self.client.room_messages(
                room,
                start,
                None if new else self._since,
                MessageDirection.back,
                BEFORE_MOST if new else 100,
            )
            if not isinstance(told, RoomMessagesResponse):
                if new:
                    break  # What was before is not shown to us.
                raise Unreachable
            found += told.chunk
            if not told.chunk or not told.end:
                break
            start = told.end
        return found[::-1]

    async def _take_all(self, line: Line) -> None:
        """Take what waits, oldest first; what the relay does not take now stays.

        A file that does not come holds up no words: after one, others wait for the next time.
        """
        files = True
        for name, one in list(self._waits.items()):
            event, now = self._opened(one), time.monotonic()
            if event is None and now - one.came < KEY_SECONDS:
                continue
            if has_file(event) and (not files or now < one.not_before):
                continue
            try:
                if event is not None or not one.before:
                    await line.take(await self._arrived(one, event))
            except FileNotNow:
                files = False
                pause = FILE_PAUSES[one.tries]
                later = time.monotonic() + pause
                self._waits[name] = replace(one, tries=one.tries + 1, not_before=later)
            except Unreachable:
                return
            else:
                await self._is_over(name, one, event)

    async def _is_over(self, name: str, one: Waiting, event: RoomMessage | None) -> None:
        """Note that a message was taken, give up its key, and have it emptied at the server."""
        del self._waits[name]
        self._over[name] = None
        while len(self._over) > OVER_MOST:
            self._over.popitem(last=False)
        if event is not None:
            wind_on(self.client, event)
        self.keep()
        await self.client.room_redact(one.room, name)

    def _opened(self, one: Waiting) -> RoomMessage | None:
        if isinstance(one.event, RoomMessage):
            return one.event
        try:
            opened = self.client.decrypt_event(one.event)
        except BROKEN:
            return None
        return opened if isinstance(opened, RoomMessage) else None

    async def _arrived(self, one: Waiting, event: RoomMessage | None) -> Arrived:
        """Return a message as one of who wrote it: a server may put others' into any room."""
        clear = isinstance(one.event, RoomMessage) and not one.event.decrypted
        contact = one.room + BETWEEN + one.event.sender
        said = [
            in_words("clear") if clear else "",
            "" if alone(self.client, one.room, one.event.sender) else in_words("joined"),
        ]
        text, files = in_words("unopened"), tuple[FileHere, ...]()
        if event is not None:
            last = one.tries >= len(FILE_PAUSES)
            with suppress(*BROKEN):  # Then it is told as one that did not open.
                text, files = await read_message(self.client, event, last=last)
        return Arrived(CLEAR * clear + contact.encode(), together(*said, text), files)


def alone(client: AsyncClient, room: str, who: str) -> bool:
    """Tell whether nobody but we and somebody are in a room, or invited: all these can read it."""
    held = client.rooms.get(room)
    return held is not None and set(held.users) == {client.user_id, who}
