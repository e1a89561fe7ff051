# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a voice message goes to the relay: the letter, each piece when it is whole, how it ended.

While the relay does not answer, sealed pieces wait in memory and go later; nothing waits on a disk.
What the relay will never take, the line lets go (`channel.Line.store`).
"""

from __future__ import annotations

import asyncio
from typing import Final, Protocol

from safeconduct.edges.lines.channel import Arrived
from safeconduct.edges.lines.phone.on_the_way import OnTheWay, until_there
from safeconduct.edges.lines.phone.pieces import Piece
from safeconduct.kernel.seal.lock import BlobPlan
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.spoken import PIECES, CallMark, write_call


class Calling(Protocol):
    """What a letter says of a call; read anew for each letter, since a key may mark it late."""

    @property
    def contact(self) -> bytes:
        """16 random bytes, new for each call."""
        ...

    @property
    def language(self) -> str:
        """The code of the language that was chosen, or empty."""
        ...

    @property
    def said(self) -> str:
        """The return code that was typed or said, or empty."""
        ...

    @property
    def silent(self) -> bool:
        """Whether the caller cannot speak."""
        ...

    @property
    def duress(self) -> bool:
        """Whether the caller is under force."""
        ...


class SpokenLine(Protocol):
    """What of a line a voice message needs (`channel.Line`)."""

    async def write(self, arrived: Arrived, files: tuple[SealedFile, ...] = ()) -> None:
        """Send a letter that names sealed files, and return once the relay has it.

        Raises:
            Unreachable: it has not.
        """
        ...

    async def store(self, plan: BlobPlan, sealed: bytes, token: bytes) -> None:
        """Store a sealed piece, and return once the relay has all of it.

        Raises:
            Unreachable: it has not.
        """
        ...


def arrived(call: Calling, mark: CallMark) -> Arrived:
    """Return the letter of a call that a mark tells of."""
    told = call.language, call.said, write_call(mark)
    return Arrived(call.contact, "", language=told[0], said=told[1], extras=told[2])


class Delivery:
    """One message's way to the relay."""

    def __init__(self, line: SpokenLine, call: Calling, files: tuple[SealedFile, ...]) -> None:
        """Begin with nothing sent."""
        self._line: Final = line
        self._call: Final = call
        self._files = files
        self._pieces: Final[asyncio.Queue[Piece | None]] = asyncio.Queue()
        self._ended: Final[asyncio.Future[CallMark]] = asyncio.get_running_loop().create_future()

    @property
    def room(self) -> int:
        """How many pieces this may come to hold while the relay does not answer."""
        # Behind the last piece stands one mark more.
        return max(0, self._pieces.qsize() - 1) if self._ended.done() else PIECES

    def give(self, piece: Piece) -> None:
        """Take a whole piece."""
        self._pieces.put_nowait(piece)

    def close(self, seconds: int, *, cut: bool) -> None:
        """Say how the message ended; after it no piece comes."""
        self._pieces.put_nowait(None)
        self._ended.set_result(self._mark(seconds, cut=cut))

    async def run(self) -> None:
        """Send all there is until the relay has it: words first, then each piece in its order."""
        begun = arrived(self._call, self._mark(0, cut=True))
        await until_there(lambda: self._line.write(begun, self._files))
        # Whoever reads this memory from here on finds no key in the letter's copy.
        self._files = ()
        async with asyncio.TaskGroup() as both:
            both.create_task(self._say_the_end())
            both.create_task(self._put_all())

    async def _say_the_end(self) -> None:
        ended = arrived(self._call, await self._ended)
        await until_there(lambda: self._line.write(ended))

    async def _put_all(self) -> None:
        while (piece := await self._pieces.get()) is not None:
            plan, sealed, token = piece.plan, piece.sealed, piece.token
            await until_there(lambda: self._line.store(plan, sealed, token))  # noqa: B023  (at once)

    def _mark(self, seconds: int, *, cut: bool) -> CallMark:
        silent, duress = self._call.silent, self._call.duress
        return CallMark(left="message", silent=silent, duress=duress, seconds=seconds, cut=cut)


class Deliveries(OnTheWay):
    """All messages that are on their way; they outlive Asterisk, and what listened to it."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__()
        self._deliveries: Final[set[Delivery]] = set()

    @property
    def room(self) -> int:
        """How many pieces all may come to hold while the relay does not answer."""
        return sum(delivery.room for delivery in self._deliveries)

    def begin(self, line: SpokenLine, call: Calling, files: tuple[SealedFile, ...]) -> Delivery:
        """Begin to deliver a message."""
        delivery = Delivery(line, call, files)
        self._deliveries.add(delivery)
        self.go(delivery.run()).add_done_callback(lambda _: self._deliveries.discard(delivery))
        return delivery
