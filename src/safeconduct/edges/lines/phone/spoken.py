# SPDX-License-Identifier: AGPL-3.0-or-later
"""Voice messages: Asterisk's sound over AudioSocket, sealed as it is read (spec/phone.md).

One connection for each message, known by a random id that ARI hands to Asterisk.  The clear sound
waits half a second at most in the socket; what is read is sealed before anything else is done.
Asterisk ends a connection in the same way whether a caller hangs up or it dies: which of the two it
was, whoever asked for the message says; where nobody says it, the message is cut.
"""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final, Literal

from safeconduct.edges.lines.phone.alaw import SAMPLE_BYTES, Encoder
from safeconduct.edges.lines.phone.audiosocket import BUFFER_BYTES, Connection, Frames
from safeconduct.edges.lines.phone.delivery import Calling, Deliveries, Delivery, SpokenLine
from safeconduct.edges.lines.phone.pieces import Pieces, name_pieces
from safeconduct.kernel.errors import Refused, Unreachable
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.spoken import PIECES

SWEEP_SECONDS: Final = 0.5
"""How often what came is read and sealed."""
GRACE_SECONDS: Final = 3.0
"""How long a message whose connection ended waits to be told why."""
LAST_SECONDS: Final = 1.0
"""How long the end of a connection is waited for before it is ended here."""
DELIVERY_SECONDS: Final = 10.0
"""How long a line that is stopped goes on delivering."""
PIECES_MOST: Final = 3_600
"""What may wait in memory, sealed, while the relay does not answer: about 300 MB."""

End = Literal["over", "full"]
"""Why a message took no more: its connection ended, or its three minutes."""


class NotHere(Refused):
    """Sound comes in clear, and so from this machine alone."""

    code = "not_here"


class NoRoom(Refused):
    """So much waits for the relay that no further message can be promised its place."""

    code = "no_room"


class Box:
    """One voice message."""

    def __init__(self, spoken: Spoken, call: Calling) -> None:
        """Wait for the connection that names this box's id."""
        self.uuid: Final = str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))
        self.address: Final = spoken.address
        self._spoken: Final = spoken
        self._call: Final = call
        self._begun: Final = asyncio.Event()
        self._over: Final[asyncio.Future[End]] = asyncio.get_running_loop().create_future()
        self._delivery: Delivery | None = None
        self._pieces: Pieces | None = None
        self._connection: Connection | None = None
        self._grace: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def taken(self) -> bool:
        """Whether a connection came for this box already, or is no longer wanted."""
        return self._begun.is_set() or self._closed

    async def begun(self, seconds: float) -> None:
        """Return once Asterisk's connection for this message is there.

        Raises:
            Unreachable: it did not come.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._begun.wait()
        except TimeoutError:
            raise Unreachable from None

    async def over(self) -> End:
        """Return once the message takes no more, and why; a caller whose box is full is told."""
        return await asyncio.shield(self._over)

    async def finish(self, *, cut: bool = False) -> int:
        """End the message and say whether something broke it off; return its seconds.

        All that was said is sealed when this returns, and at the relay as soon as it answers.
        """
        if self._connection is not None and not self._over.done():
            self._connection.listen(to_the_end=True)
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_SECONDS):
                    await asyncio.shield(self._over)
            self._connection.hang_up()
        self._close(cut=cut)
        return self._pieces.seconds if self._pieces else 0

    def begin(self, connection: Connection) -> None:
        """Take the connection; the letter that names the pieces goes now."""
        self._connection = connection
        files = name_pieces()
        self._delivery = self._spoken.deliver(self._call, files)
        self._pieces = Pieces(files, self._delivery.give)
        self._begun.set()

    def hear(self, data: memoryview, frames: Frames) -> None:
        """Seal what was read; end when it is full or was hung up."""
        if self._pieces is None or self._over.done():
            return
        self._spoken.encoder.encode(data, frames.runs, self._pieces.add)
        if self._pieces.full:
            self._end("full")
        elif frames.ended:
            self._end("over")

    def lose(self) -> None:
        """The connection is gone."""
        if not self._over.done():
            self._end("over")

    def _end(self, why: End) -> None:
        if self._pieces is not None:
            self._pieces.end()
        self._over.set_result(why)
        if self._connection is not None:
            self._connection.hang_up()
        loop = asyncio.get_running_loop()
        # Full is an end that we chose; any other that nobody explains is taken for a broken one.
        self._grace = loop.call_later(GRACE_SECONDS, lambda: self._close(cut=why != "full"))

    def _close(self, *, cut: bool) -> None:
        if self._closed:
            return
        self._closed = True
        if not self._over.done():
            self._end("over")
        if self._grace is not None:
            self._grace.cancel()
        if self._delivery is not None and self._pieces is not None:
            self._delivery.close(self._pieces.seconds, cut=cut)
        self._spoken.forget(self)


class Spoken:
    """All voice messages of a line."""

    def __init__(self, line: SpokenLine, deliveries: Deliveries) -> None:
        """Begin with none."""
        self.address = ""
        self.encoder: Final = Encoder(BUFFER_BYTES // SAMPLE_BYTES)
        self._line: Final = line
        self._boxes: Final[dict[bytes, Box]] = {}
        self._connections: Final[set[Connection]] = set()
        self._deliveries: Final = deliveries

    def expect(self, call: Calling) -> Box:
        """Return a box for a message that is about to come.

        Raises:
            NoRoom: too much waits for the relay; the caller is to be told.
        """
        expected = 1 + sum(not box.taken for box in self._boxes.values())
        if expected * PIECES + self._deliveries.room > PIECES_MOST:
            raise NoRoom
        box = Box(self, call)
        self._boxes[uuid.UUID(box.uuid).bytes] = box
        return box

    def forget(self, box: Box) -> None:
        """Let a box go; what it held is on its way."""
        self._boxes.pop(uuid.UUID(box.uuid).bytes, None)

    def deliver(self, call: Calling, files: tuple[SealedFile, ...]) -> Delivery:
        """Begin to deliver a message."""
        return self._deliveries.begin(self._line, call, files)

    def connected(self) -> Connection:
        """Return what listens to a new connection."""
        return Connection(self._find, self._connections)

    async def sweep(self) -> None:
        """Let each connection be read again and again, until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            for connection in list(self._connections):
                connection.listen()

    async def end(self) -> None:
        """End every message as cut."""
        await asyncio.gather(*(box.finish(cut=True) for box in list(self._boxes.values())))

    def _find(self, call: bytes, connection: Connection) -> Box | None:
        """Return the box of an id, once."""
        box = self._boxes.get(call)
        if box is None or box.taken:
            return None
        box.begin(connection)
        return box


@asynccontextmanager
async def listen(
    host: str, port: int, line: SpokenLine, deliveries: Deliveries | None = None
) -> AsyncIterator[Spoken]:
    """Take voice messages at an address of this machine, until left.

    What is on its way then goes on for a while; where `deliveries` is given, whoever gave it ends
    them, so that Asterisk's death ends none.

    Raises:
        NotHere: it is an address of another kind.
    """
    if not ipaddress.ip_address(host).is_loopback:
        raise NotHere
    under_way = Deliveries() if deliveries is None else deliveries
    spoken = Spoken(line, under_way)
    server = await asyncio.get_running_loop().create_server(spoken.connected, host, port)
    spoken.address = "{}:{}".format(*server.sockets[0].getsockname()[:2])
    sweeping = asyncio.create_task(spoken.sweep())
    try:
        yield spoken
    finally:
        server.close()
        await spoken.end()
        sweeping.cancel()
        if deliveries is None:
            await under_way.end(DELIVERY_SECONDS)
