# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asterisk over ARI: REST calls, and the events of our calls by WebSocket (spec/phone.md 7).

Plain HTTP on this machine.  Of an event only what is named here is read: what Asterisk says of a
caller beside, a number or a name, never becomes a value of this process.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import aiohttp
import msgspec

from safeconduct.edges.lines.web import calling
from safeconduct.kernel.errors import Malformed, Refused, Unreachable

ENDED_WELL: Final = frozenset({None, 0, 16})
"""Causes of an end that somebody chose (ITU-T Q.850); any other broke a talk."""
APP: Final = "hotline"
REST_SECONDS: Final = 10.0
HEARTBEAT: Final = 5.0
THERE_SECONDS: Final = 2.0
CONNECTIONS: Final = 64


@dataclass(frozen=True, slots=True)
class Where:
    """Where ARI is, and how one signs in."""

    url: str
    user: str
    password: str = field(repr=False)


@dataclass(eq=False)
class Declined(Refused):
    """Asterisk does not do this: most often the call is gone."""

    code: ClassVar[str] = "ari_declined"
    status: int


class ChannelIn(msgspec.Struct, frozen=True):
    """A call as Asterisk sees it: an id, and a name that says by which endpoint it came."""

    id: str
    name: str = ""


class _Playback(msgspec.Struct, frozen=True):
    id: str
    target_uri: str = ""


class Event(msgspec.Struct, frozen=True):
    """What happened to a call; any other event has a type that nobody asks for."""

    type: str
    channel: ChannelIn | None = None
    playback: _Playback | None = None
    args: tuple[str, ...] = ()
    digit: str = ""
    cause: int | None = None

    @property
    def about(self) -> str:
        """Return the id of the call that this is about; empty where it is about none."""
        if self.channel is not None:
            return self.channel.id
        if self.playback is not None:
            return self.playback.target_uri.partition(":")[2]
        return ""


_EVENT: Final = msgspec.json.Decoder(Event)


def parse_event(data: bytes | str) -> Event:
    """Return an event as Asterisk sends it.

    Raises:
        Malformed: it is none.
    """
    try:
        return _EVENT.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Malformed("ari event") from None


class Ari:
    """One sign-in to one Asterisk."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        """Speak over this session; `signed_in` makes both."""
        self._session: Final = session
        self._url: Final = url

    async def ask(self, method: str, path: str, **told: str) -> Any:  # noqa: ANN401  (JSON)
        """Return what Asterisk answers to one call.

        Raises:
            Declined: it does not do this.
            Unreachable: it does not answer.
        """
        return await self._ask(method, path, told, None)

    async def originate(self, channel: str, variables: Mapping[str, str], **told: str) -> bool:
        """Ring somebody, with variables that the channel has from its beginning; tell whether."""
        with suppress(Declined, Unreachable):
            said = {"variables": dict(variables)}
            await self._ask("POST", f"/channels/{channel}", told, said)
            return True
        return False

    async def may(self, method: str, path: str, **told: str) -> bool:
        """Do what may be in vain, because the call may be gone; tell whether it was done.

        That Asterisk is gone is told by its events' end, and so not here.
        """
        with suppress(Declined, Unreachable):
            await self.ask(method, path, **told)
            return True
        return False

    async def there(self) -> bool:
        """Tell within two seconds whether Asterisk answers."""
        try:
            async with asyncio.timeout(THERE_SECONDS):
                return await self.may("GET", "/asterisk/ping")
        except TimeoutError:
            return False

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[Event]]:
        """Give the events of our calls as they come, until Asterisk goes.

        Raises:
            Unreachable: it does not answer.
        """
        told = {"app": APP, "subscribeAll": "false"}
        with calling():
            socket = await self._session.ws_connect(
                f"{self._url}/events", params=told, heartbeat=HEARTBEAT
            )
        async with socket:
            yield _read_all(socket)

    async def _ask(
        self,
        method: str,
        path: str,
        told: Mapping[str, str],
        said: Mapping[str, Any] | None,
    ) -> Any:  # noqa: ANN401  (JSON)
        where = self._url + path
        with calling():
            async with self._session.request(method, where, params=told, json=said) as answer:
                if answer.status >= 400:  # noqa: PLR2004  (HTTP's own line)
                    raise Declined(answer.status)
                body = await answer.read()
        try:
            return msgspec.json.decode(body) if body else None
        except ValueError:
            raise Unreachable from None


@asynccontextmanager
async def signed_in(where: Where) -> AsyncIterator[Ari]:
    """Give one sign-in; it connects with the first call."""
    limit = aiohttp.TCPConnector(limit=CONNECTIONS)
    timeout = aiohttp.ClientTimeout(total=REST_SECONDS)
    sign_in = aiohttp.encode_basic_auth(where.user, where.password)
    session = aiohttp.ClientSession(
        headers={"Authorization": sign_in}, connector=limit, timeout=timeout
    )
    async with session:
        yield Ari(session, where.url)
    # aiohttp closes its connections in the loop's next turn.
    await asyncio.sleep(0)


async def _read_all(socket: aiohttp.ClientWebSocketResponse) -> AsyncIterator[Event]:
    """Read events; one that this program cannot read is passed over, as any unknown one."""
    async for message in socket:
        if message.type is not aiohttp.WSMsgType.TEXT:
            continue
        try:
            yield parse_event(message.data)
        except Malformed:
            continue
