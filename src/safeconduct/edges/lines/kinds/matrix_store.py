# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a Matrix device keeps: who it is, how far it read, and its keys, in a folder of memory.

What a key could open once more is given up as soon as its message was taken: a room's key is wound
on, so that it opens what comes and nothing that came, and the key of what we wrote is dropped.
How far it read is noted only for what was taken; what comes after it comes again after a kill.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

import msgspec
from nio import AsyncClient, AsyncClientConfig
from nio.api import Api
from nio.crypto import InboundGroupSession
from nio.events.room_events import RoomMessage
from nio.exceptions import EncryptionError
from nio.responses import KeysUploadResponse
from nio.store.database import SqliteStore
from nio.store.models import MegolmInboundSessions

from safeconduct.edges.lines.channel import KeptFolder
from safeconduct.kernel.errors import Malformed

STATE: Final = "state"
OVER_MOST: Final = 2_000
NUMBERS_MOST: Final = 1_000
BROKEN: Final = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError),
    *(EncryptionError, TypeError, ValueError),
)
"""What the library raises for what it cannot read; none is told of a disk or a connection."""


class State(msgspec.Struct, frozen=True):
    """Who this device is, and how far it read; `over` names what was taken beyond that."""

    device: str
    token: str
    since: str = ""
    over: tuple[str, ...] = ()


def read_state(content: bytes) -> State:
    """Read what was kept.

    Raises:
        Malformed: it is not that.
    """
    try:
        return msgspec.json.decode(content, type=State)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise Malformed("matrix-state") from None


def write_state(state: State) -> bytes:
    """Return what is kept."""
    return msgspec.json.encode(state)


class Client(AsyncClient):  # type: ignore[misc]  # nio has no types
    """The library's client, which nothing that somebody sends can stop.

    It raises for what is no base64 or no JSON that Python reads.  The server would give that out
    again at each start, and so anybody could end the line; here it stays as it came, unopened.
    """

    def _handle_decrypt_to_device(self, *told: Any) -> Any:  # noqa: ANN401  (the library's own)
        with suppress(*BROKEN):
            return super()._handle_decrypt_to_device(*told)
        return None

    def _handle_joined_state(self, *told: Any) -> None:  # noqa: ANN401
        with suppress(*BROKEN):
            super()._handle_joined_state(*told)

    def _handle_timeline_event(self, *told: Any) -> Any:  # noqa: ANN401
        with suppress(*BROKEN):
            return super()._handle_timeline_event(*told)
        return None

    async def _handle_invited_rooms(self, *told: Any) -> None:  # noqa: ANN401
        with suppress(*BROKEN):
            await super()._handle_invited_rooms(*told)

    def _handle_messages_response(self, *told: Any) -> None:  # noqa: ANN401
        with suppress(*BROKEN):
            super()._handle_messages_response(*told)

    def _handle_olm_response(self, *told: Any) -> None:  # noqa: ANN401
        with suppress(*BROKEN):
            super()._handle_olm_response(*told)


class Device:
    """The keys of one device, and its folder."""

    def __init__(self, folder: KeptFolder) -> None:
        self._folder: Final = folder
        self._path: Final = folder.path / STATE

    def state(self) -> State | None:
        """Return who this device is; None where it is none yet."""
        with suppress(OSError, Malformed):
            return read_state(self._path.read_bytes())
        return None

    def client(self, server: str, user: str) -> AsyncClient:
        """Return a client over this folder; it is not logged in."""
        config = AsyncClientConfig(
            store=SqliteStore,
            encryption_enabled=True,
            store_sync_tokens=False,
            max_timeouts=1,
            max_limit_exceeded=5,
            request_timeout=60,
        )
        return Client(server, user, store_path=str(self._folder.path), config=config)

    def keep(self, state: State) -> None:
        """Seal the keys and how far was read."""
        self._path.write_bytes(write_state(state))
        self._folder.keep()

    def forget(self) -> None:
        """Drop everything: the server does not know this device any more."""
        for path in self._folder.path.iterdir():
            path.unlink()
        self._folder.keep()


async def upload_keys(client: AsyncClient, device: Device, state: State) -> None:
    """Give the server new keys that others begin with, once their other halves are sealed here.

    The client's own call seals nothing before: a kill would leave keys at the server that nobody
    can use, and whoever begins with one would not be read.
    """
    if not client.should_upload_keys or client.olm is None:
        return
    keys = client.olm.share_keys()
    client.olm.save_account()
    device.keep(state)
    method, path, data = Api.keys_upload(client.access_token, keys)
    await client._send(KeysUploadResponse, method, path, data)  # noqa: SLF001  (see above)


def wind_on(client: AsyncClient, event: RoomMessage) -> None:
    """Let a room's key open what comes after a message, and neither it nor what was before."""
    if client.olm is None or client.store is None or not event.decrypted:
        return
    room, whose, session = event.room_id, event.sender_key, event.session_id
    held = client.olm.inbound_group_store.get(room, whose, session)
    if held is None:
        return
    # The client notes which number each message had within its key.
    seen = client.olm.message_index_store
    for index in range(held.first_known_index, held.first_known_index + NUMBERS_MOST):
        if seen.get((whose, session, index), ("",))[0] == event.event_id:
            key = held.export_session(index + 1)
            later = InboundGroupSession.import_session(key, held.ed25519, whose, room)
            client.olm.inbound_group_store[room][whose][session] = later
            client.store.save_inbound_group_session(later)
            return


def drop_own(client: AsyncClient) -> None:
    """Drop the keys that open what we wrote ourselves."""
    if client.olm is None or client.store is None:
        return
    ours = client.olm.account.identity_keys["curve25519"]
    for held in [one for one in client.olm.inbound_group_store if one.sender_key == ours]:
        del client.olm.inbound_group_store[held.room_id][ours][held.id]
        with client.store.database.bind_ctx(client.store.models):
            named = MegolmInboundSessions.session_id == held.id
            MegolmInboundSessions.delete().where(named).execute()


def scrub(client: AsyncClient) -> None:
    """Let the store overwrite what it deletes."""
    if client.store is not None:
        client.store.database.execute_sql("PRAGMA secure_delete = ON")
