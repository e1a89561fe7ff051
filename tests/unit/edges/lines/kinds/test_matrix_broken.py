# SPDX-License-Identifier: AGPL-3.0-or-later
"""What strangers send breaks no line: the library's client goes on (docs/spec/lines.md 6)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nio import SyncResponse
from nio.crypto import InboundGroupSession, OutboundGroupSession

from safeconduct.edges.lines.kinds.matrix_rooms import Reading
from safeconduct.edges.lines.kinds.matrix_store import Client, Device, State
from safeconduct.edges.lines.store import SealedStore

US, ROOM, EVE = "@line:velmark.test", "!room:velmark.test", "@eve:velmark.test"
GOOD = json.dumps(
    {"type": "m.room.message", "room_id": ROOM, "content": {"msgtype": "m.text", "body": "hello"}}
)


class Server:
    """A line's client, and what a server tells it."""

    def __init__(self, client: Client, device: Device) -> None:
        client.restore_login(US, "OURS", "token")
        assert client.olm is not None
        self.client, self.reading = client, Reading(client, device, State("OURS", "token"))
        self.key = client.olm.account.identity_keys["curve25519"]
        self.eve = OutboundGroupSession()
        self.eve.mark_as_shared()
        opens = InboundGroupSession(self.eve.session_key, "k" * 43, self.key, ROOM)
        client.olm.inbound_group_store.add(opens)

    def sealed(self, number: int, plain: str) -> dict[str, Any]:
        """A message of Eve's in the room."""
        beside = {"sender_key": self.key, "session_id": self.eve.id, "device_id": "HERS"}
        locked = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": self.eve.encrypt(plain)}
        about = {"event_id": f"$e{number}", "origin_server_ts": 1, "sender": EVE}
        return {"type": "m.room.encrypted", **about, "content": {**beside, **locked}}

    def to_us(self, body: str) -> dict[str, Any]:
        """What anybody can send to a device."""
        told = {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": self.key}
        content = {**told, "ciphertext": {self.key: {"type": 0, "body": body}}}
        return {"type": "m.room.encrypted", "sender": EVE, "content": content}

    async def tells(self, timeline: list[dict[str, Any]], to_us: list[dict[str, Any]]) -> Any:  # noqa: ANN401
        """Let the client hear of these, as by `sync`."""
        none = {"events": list[Any]()}
        news = {"events": timeline, "limited": False, "prev_batch": "before"}
        room = {"timeline": news, "state": none, "ephemeral": none, "account_data": none}
        told = SyncResponse.from_dict(
            {
                "next_batch": "next",
                "device_one_time_keys_count": {},
                "device_lists": {"changed": [], "left": []},
                "to_device": {"events": to_us},
                "rooms": {"invite": {}, "leave": {}, "join": {ROOM: room}},
            }
        )
        assert isinstance(told, SyncResponse)
        await self.client.receive_response(told)
        return told.rooms.join[ROOM].timeline.events


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with SealedStore(tmp_path, bytes(32)).folder("matrix") as folder:
        device = Device(folder)
        yield Server(device.client("http://127.0.0.1:1", US), device)


BROKEN = ['{"number": ' + "9" * 5_000 + "}", "[" * 30_000, "5", '"x"']


@pytest.mark.parametrize("plain", BROKEN)
def test_a_message_that_breaks_the_library_holds_up_no_other(server: Server, plain: str) -> None:
    async def act() -> None:
        reading = server.reading
        events = [server.sealed(1, plain), server.sealed(2, GOOD)]
        reading._note(ROOM, await server.tells(events, [server.to_us("!!!")]), 0)
        waits = reading._waits.values()
        arrived = [await reading._arrived(one, reading._opened(one)) for one in waits]
        assert "did not open" in arrived[0].text
        assert arrived[1].text.endswith("hello")
        await server.client.close()

    asyncio.run(act())
