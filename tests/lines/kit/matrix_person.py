# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person with Matrix: matrix-nio with a device and keys of their own, in a process of its own.

Two clients in two threads of one process would write into each other's stores: the library binds
its tables for the whole process while it uses them.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from nio import AsyncClient, AsyncClientConfig, MegolmEvent, RoomMessage, RoomPreset
from nio.store.database import SqliteStore

from safeconduct.edges.lines.channel import FileHere
from safeconduct.edges.lines.kinds.matrix_files import read_message, upload
from tests.kit.patience import PATIENCE
from tests.lines.kit.synapse import PASSWORD, Synapse

T = TypeVar("T")
LOCKED = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}


class _Here:
    """Somebody with one device; every act waits until it is done."""

    def __init__(self, url: str, user: str, folder: Path) -> None:
        folder.mkdir()
        self.user = user
        self.room = ""
        self.heard: list[Any] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.do(self._begin(url, folder))

    def do(self, act: Coroutine[Any, Any, T]) -> T:
        """Do something in this person's own loop."""
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(PATIENCE)

    def invite(self, whom: str, locked: bool) -> str:
        """Make a room, invite somebody, and wait until they are there."""
        self.do(self._invite(whom, locked))
        end = time.monotonic() + PATIENCE
        while not self.do(self._is_there(whom)):
            assert time.monotonic() < end, "nobody came"
        return self.room

    def add(self, whom: str) -> str:
        """Invite somebody else into the room."""
        self.do(self.client.room_invite(self.room, whom))
        return ""

    def join(self, room: str) -> str:
        """Come into a room of others, and wait until its members' keys are known."""
        self.room = room
        self.do(self.client.join(room))
        end = time.monotonic() + PATIENCE
        while not self.do(self._knows_all()):
            assert time.monotonic() < end, "nobody was there"
        return ""

    def write(self, text: str) -> str:
        """Write into the room."""
        return self._put({"msgtype": "m.text", "body": text})

    def give(self, file: FileHere) -> str:
        """Put a file into the room."""
        laid = self.do(upload(self.client, file))
        assert laid is not None
        return self._put(laid)

    def until(self, count: int) -> list[tuple[str, tuple[FileHere, ...]]]:
        """Wait for so many messages of others, and return their words and files."""
        end = time.monotonic() + PATIENCE
        while len(self.heard) < count:
            self.do(self._sync())
            assert time.monotonic() < end, f"{len(self.heard)} messages came"
        return [self.do(read_message(self.client, one)) for one in self.heard]

    def close(self) -> None:
        """Be gone."""
        self.do(self.client.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    async def _begin(self, url: str, folder: Path) -> None:
        config = AsyncClientConfig(encryption_enabled=True, store=SqliteStore)
        self.client = AsyncClient(url, self.user, store_path=str(folder), config=config)
        await self.client.login(PASSWORD, device_name="")
        self.client.add_event_callback(self._hear, (RoomMessage, MegolmEvent))
        await self.client.sync(timeout=0, full_state=True)
        await self.client.keys_upload()

    def _hear(self, _: object, event: Any) -> None:  # noqa: ANN401  (nio has no types)
        if event.sender != self.user and isinstance(event, RoomMessage):
            self.heard.append(event)

    async def _sync(self) -> None:
        await self.client.sync(timeout=200)
        if self.client.should_query_keys:
            await self.client.keys_query()

    async def _invite(self, whom: str, locked: bool) -> None:
        made = await self.client.room_create(
            invite=[whom],
            is_direct=True,
            preset=RoomPreset.trusted_private_chat,
            initial_state=[LOCKED] if locked else [],
        )
        self.room = made.room_id

    async def _is_there(self, whom: str) -> bool:
        await self._sync()
        told = await self.client.joined_members(self.room)
        return whom in {one.user_id for one in told.members} and self._has_keys(whom)

    async def _knows_all(self) -> bool:
        await self._sync()
        if self.room not in self.client.rooms:
            return False
        told = await self.client.joined_members(self.room)
        others = {one.user_id for one in told.members} - {self.user}
        return bool(others) and all(map(self._has_keys, others))

    def _has_keys(self, whom: str) -> bool:
        """Without keys of theirs they could not read what is written now."""
        keys = list(self.client.device_store.active_user_devices(whom))
        return bool(keys or not self.client.rooms[self.room].encrypted)

    def _put(self, content: dict[str, Any]) -> str:
        told = self.do(
            self.client.room_send(
                self.room, "m.room.message", content, ignore_unverified_devices=True
            )
        )
        return str(told.event_id)


class Person:
    """Somebody elsewhere: every act is done in their own process."""

    def __init__(self, url: str, user: str, folder: Path) -> None:
        self.user = user
        self.room = ""
        apart = multiprocessing.get_context("spawn")
        self._pipe, theirs = apart.Pipe()
        self._process = apart.Process(target=_serve, args=(theirs, url, user, folder), daemon=True)
        self._process.start()
        theirs.close()

    def invite(self, whom: str, *, locked: bool = True) -> str:
        """Make a room, invite somebody, and wait until they are there."""
        self.room = str(self._act("invite", whom, locked))
        return self.room

    def add(self, whom: str) -> None:
        """Invite somebody else into the room."""
        self._act("add", whom)

    def join(self, room: str) -> None:
        """Come into a room of others."""
        self._act("join", room)

    def write(self, text: str) -> str:
        """Write into the room."""
        return str(self._act("write", text))

    def give(self, file: FileHere) -> str:
        """Put a file into the room."""
        return str(self._act("give", file))

    def until(self, count: int) -> list[tuple[str, tuple[FileHere, ...]]]:
        """Wait for so many messages of others, and return their words and files."""
        told: list[tuple[str, tuple[FileHere, ...]]] = self._act("until", count)
        return told

    def close(self) -> None:
        """Be gone."""
        self._act("close")
        self._pipe.close()
        self._process.join(PATIENCE)
        self._process.close()

    def _act(self, name: str, *told: object) -> Any:  # noqa: ANN401  (each act has its own)
        self._pipe.send((name, told))
        well, answer = self._pipe.recv()
        assert well, answer
        return answer


def _serve(pipe: Connection, url: str, user: str, folder: Path) -> None:
    here = _Here(url, user, folder)
    name = ""
    while name != "close":
        name, told = pipe.recv()
        try:
            pipe.send((True, getattr(here, name)(*told)))
        except Exception as error:  # noqa: BLE001  (the test says what it was)
            pipe.send((False, repr(error)))


@contextmanager
def person(synapse: Synapse, user: str, folder: Path) -> Iterator[Person]:
    """Give somebody with an account there."""
    she = Person(synapse.url, synapse.register(user), folder)
    try:
        yield she
    finally:
        she.close()
