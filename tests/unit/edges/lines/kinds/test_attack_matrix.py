# SPDX-License-Identifier: AGPL-3.0-or-later
"""Attack: somebody is brought into the room where a person wrote, to read what the office answers.

The client is the real one; the server says who is in the room, and notes what is sent there.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from nio import MatrixRoom

from safeconduct.edges.lines.channel import CannotSend, Departing
from safeconduct.edges.lines.kinds.matrix import Matrix
from safeconduct.edges.lines.kinds.matrix_rooms import BETWEEN, Reading
from safeconduct.edges.lines.kinds.matrix_store import Device, State
from tests.lines.kit.by_hand import KeptByHand

US, SHE, HE = "@line:here.test", "@amina:here.test", "@guard:here.test"
ROOM = "!room:here.test"


@dataclass
class Folder:
    """A client's folder that nothing keeps."""

    path: Path

    def keep(self) -> None:
        """Keep nothing."""


@dataclass
class Server:
    """A homeserver of one encrypted room."""

    members: dict[str, str]
    sent: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        """Say what the client asks, and note what it puts into the room."""
        last = request.path.rpartition("/")[2]
        if "/send/" in request.path:
            self.sent.append(request.path)
            return web.json_response({"event_id": "$one"})
        if last == "joined_members":
            joined = [who for who, how in self.members.items() if how == "join"]
            return web.json_response({"joined": {who: {} for who in joined}})
        if last == "state":
            return web.json_response([member(who, how) for who, how in self.members.items()])
        return web.json_response({"device_keys": {}, "one_time_keys": {}, "failures": {}})

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Answer on this machine; give the address."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


def member(who: str, how: str) -> dict[str, object]:
    """What a room's state says of somebody."""
    about = {"type": "m.room.member", "state_key": who, "sender": who, "event_id": f"${who}"}
    return {**about, "origin_server_ts": 1, "content": {"membership": how}}


async def write_to(server: Server, folder: Path) -> None:
    """Let the line answer her in the room, as when the server was last heard she was alone."""
    settings = {"user": US, "password": "invented"}
    async with server.running() as address:
        matrix = Matrix({**settings, "server": address}, KeptByHand())
        device = Device(Folder(folder))
        client = device.client(address, US)
        client.restore_login(US, "DEVICE", "token")
        room = client.rooms[ROOM] = MatrixRoom(ROOM, US, encrypted=True)
        for who in (US, SHE):
            room.add_member(who, None, None)
        matrix._reading = Reading(client, device, State("DEVICE", "token"))
        try:
            await matrix.send(f"{ROOM}{BETWEEN}{SHE}".encode(), Departing("Leave by the back."))
        finally:
            await client.close()


@pytest.mark.attack
def test_in_a_room_where_somebody_else_is_or_was_invited_nothing_goes(tmp_path: Path) -> None:
    alone = Server({US: "join", SHE: "join", HE: "leave"})
    asyncio.run(write_to(alone, tmp_path))
    assert len(alone.sent) == 1
    for how in ("join", "invite"):
        watched = Server({US: "join", SHE: "join", HE: how})
        with pytest.raises(CannotSend):
            asyncio.run(write_to(watched, tmp_path))
        assert watched.sent == []
