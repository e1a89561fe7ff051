# SPDX-License-Identifier: AGPL-3.0-or-later
"""Matrix: rooms that are end-to-end encrypted, at a server of the office's own (docs/run/lines).

Who wants to write invites the line's account; it joins.  A person is a room and who wrote in it:
where anybody else is in that room, or invited to it, nothing goes, as they would read it.
To what was written in the clear nothing goes but the line's own fixed text.
Devices are trusted when they are first seen; a person who verifies the line's device knows more.
What was taken is redacted where the room lets us, and its key is wound on (`matrix_store`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import nio
from nio import (
    AsyncClient,
    JoinedMembersResponse,
    LoginError,
    RoomGetStateResponse,
    RoomSendResponse,
)
from nio.exceptions import LocalProtocolError, SendRetryError

from safeconduct.edges.lines.channel import (
    CLEAR,
    Ask,
    CannotSend,
    Departing,
    DoorOnly,
    FilesLeft,
    Kept,
    Line,
)
from safeconduct.edges.lines.kinds.age import put_here, too_old
from safeconduct.edges.lines.kinds.begun import Begun, SoFar
from safeconduct.edges.lines.kinds.matrix_files import upload
from safeconduct.edges.lines.kinds.matrix_rooms import BETWEEN, Reading
from safeconduct.edges.lines.kinds.matrix_store import Device, State, drop_own, scrub
from safeconduct.edges.lines.web import calling
from safeconduct.kernel.errors import Refused, Unreachable
from safeconduct.rooms.hotline.by_line import Kind

ASKS: Final = (
    Ask("server", form="url"),
    Ask("user", form="user"),
    Ask("password", secret=True),
)
"""`server` is the address of the homeserver, as `https://...`; `user` is `@name:server`."""
FOLDER: Final = "matrix"
INVITE: Final = "https://matrix.to/#/{user}"
_GONE: Final = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"})
_PRESENT: Final = frozenset({"join", "invite"})
_NEVER: Final = frozenset({"M_FORBIDDEN", "M_NOT_FOUND", "M_TOO_LARGE"})

# The client writes names of people and rooms into its log.
logging.getLogger("nio").setLevel(logging.CRITICAL + 1)


class AccountRefused(Refused):
    """The server does not know this account, or not by this password."""

    code = "account_refused"


class Matrix:
    """The channel of one account."""

    kind: Kind = "matrix"

    def __init__(self, settings: Mapping[str, str], kept: Kept) -> None:
        self._server: Final = settings["server"].rstrip("/")
        self._user: Final = settings["user"]
        self._password: Final = settings["password"]
        self._kept: Final = kept
        self._reading: Reading | None = None
        self._sending: Final = asyncio.Lock()
        self._begun: Final = Begun()

    async def invite(self) -> str:
        """Return the link by which people come."""
        return INVITE.format(user=self._user)

    async def run(self, line: Line) -> None:
        """Bring what comes, until cancelled.

        Raises:
            AccountRefused: the server does not let this account in.
            Unreachable: it is gone.
        """
        with self._kept.folder(FOLDER) as folder:
            device = Device(folder)
            client = device.client(self._server, self._user)
            try:
                with calling(LocalProtocolError):
                    await self._read(line, client, device)
            finally:
                self._reading = None
                await client.close()

    async def _read(self, line: Line, client: nio.AsyncClient, device: Device) -> None:
        reading = Reading(client, device, await self._log_in(client, device))
        await reading.begin()
        while True:
            line.outdated(too_old(put_here(Path(nio.__file__))))
            await reading.hear(line)
            self._reading = reading  # Not before: it knows no room until it heard of it.
            await reading.take(line)

    async def send(self, contact: bytes, out: Departing) -> None:
        """Send a text and files into a room.

        Raises:
            Unreachable: the server does not take it now.
            CannotSend: we are not in that room, or not alone with who wrote.
            FilesLeft: the server takes no file so large; the rest went.
            DoorOnly: what it answers was not encrypted, or the room is not.
        """
        reading = self._reading
        if reading is None:
            raise Unreachable
        if contact.startswith(CLEAR) and not out.door:
            raise DoorOnly
        told = contact.removeprefix(CLEAR).decode("utf-8", "replace")
        with calling(SendRetryError, LocalProtocolError), self._begun.going(contact, out) as so_far:
            await self._send(reading, told, out, so_far)

    async def _send(self, reading: Reading, told: str, out: Departing, so_far: SoFar) -> None:
        """Lay the files at the server before a word is said, so that nothing is said twice."""
        room, _, who = told.partition(BETWEEN)
        locked = _is_locked(reading, room)
        if not (locked or out.door):
            raise DoorOnly
        for place, file in enumerate(out.files if locked else ()):
            if place not in so_far.laid:
                so_far.laid[place] = await upload(reading.client, file)
        words = {"msgtype": "m.text", "body": out.text} if out.text else None
        async with self._sending:
            try:
                await self._know_devices(reading.client, room)
                if await _present(reading.client, room) != {reading.client.user_id, who}:
                    raise CannotSend
                for place, content in enumerate((words, *so_far.laid.values())):
                    if content is not None and place not in so_far.sent:
                        await self._put(reading.client, room, content)
                        so_far.sent.add(place)
            finally:
                drop_own(reading.client)
                reading.keep()
        if None in so_far.laid.values():
            raise FilesLeft

    async def _know_devices(self, client: AsyncClient, room: str) -> None:
        """Learn to which devices a room's key goes: the client gives it to those it knows alone."""
        told = await client.joined_members(room)
        if not isinstance(told, JoinedMembersResponse):
            raise Unreachable
        if client.olm is not None and client.rooms[room].encrypted:
            client.olm.update_tracked_users(client.rooms[room])
        if client.should_query_keys:
            await client.keys_query()

    async def _put(self, client: AsyncClient, room: str, content: dict[str, Any]) -> None:
        told = await client.room_send(
            room, "m.room.message", content, ignore_unverified_devices=True
        )
        if isinstance(told, RoomSendResponse):
            return
        raise CannotSend if told.status_code in _NEVER else Unreachable

    async def _log_in(self, client: AsyncClient, device: Device) -> State:
        state = device.state()
        if state is not None:
            client.restore_login(self._user, state.device, state.token)
            scrub(client)
            whoami = await client.whoami()
            if getattr(whoami, "status_code", "") not in _GONE:
                return state
            device.forget()
            raise Unreachable  # The next run logs in anew, as another device.
        told = await client.login(self._password, device_name="")
        if isinstance(told, LoginError):
            raise AccountRefused if told.status_code == "M_FORBIDDEN" else Unreachable
        scrub(client)
        state = State(told.device_id, told.access_token)
        device.keep(state)
        return state


async def _present(client: AsyncClient, room: str) -> set[str]:
    """Return who is in a room or invited, as the server says now: all these can read it.

    Raises:
        Unreachable: the server does not say.
    """
    told = await client.room_get_state(room)
    if not isinstance(told, RoomGetStateResponse):
        raise Unreachable
    return {
        event["state_key"]
        for event in told.events
        if event["type"] == "m.room.member" and event["content"].get("membership") in _PRESENT
    }


def _is_locked(reading: Reading, room: str) -> bool:
    """Tell whether what is said in a room is encrypted.

    Raises:
        Unreachable: we are in it, and know nothing more of it yet.
        CannotSend: we are not in it.
    """
    held = reading.client.rooms.get(room)
    if held is None:
        raise Unreachable if reading.is_in(room) else CannotSend
    return bool(held.encrypted)


def channel(settings: Mapping[str, str], kept: Kept) -> Matrix:
    """Return the channel; it connects to nothing before `run`."""
    return Matrix(settings, kept)
