# SPDX-License-Identifier: AGPL-3.0-or-later
"""Delta Chat: messages between two keys, by mail servers that cannot read them (docs/run/lines).

Who scans or opens the invite link has a chat that is end-to-end encrypted from its first word.
The core runs as a process of its own over a folder in memory, which is sealed after each change.
What came stays at the mail server until the line has it: the core is told that other devices of
this account exist (`bcc_self`), as it else deletes a mail there as soon as it read it.
A mail that came in the clear is taken too, and answered with the line's own fixed text alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from safeconduct.edges.lines.channel import Ask, Departing, Kept, KeptFolder, Line
from safeconduct.edges.lines.kinds.age import put_here, too_old
from safeconduct.edges.lines.kinds.deltachat_account import open_up
from safeconduct.edges.lines.kinds.deltachat_chats import Chats
from safeconduct.edges.lines.kinds.deltachat_core import PROGRAM, Core, running
from safeconduct.kernel.errors import Unreachable
from safeconduct.rooms.hotline.by_line import Kind

ASKS: Final = (
    Ask("address", form="mailbox"),
    Ask("password", secret=True, unless="-"),
    Ask("imap", unless="-", form="server"),
    Ask("smtp", unless="-", form="server"),
)
"""`address` is of a mailbox, or begins with `dcaccount:` and makes one at a chatmail relay.
`imap` and `smtp` are `host:port`; without them the core finds out by itself."""
FOLDER: Final = "deltachat"
LOOK_SECONDS: Final = 30
LINK_SECONDS: Final = 0.2
AGAIN_SECONDS: Final = 1.0
"""Between two times that the folder is sealed."""
ALIVE_SECONDS: Final = 120
"""After this long the core is made to ask its server whether it is still there."""
TRY_SECONDS: Final = 5
"""The same while its server is gone."""
GONE_SECONDS: Final = 90
FORGET_SECONDS: Final = 24 * 3600
CONNECTED: Final = 3000
"""What the core calls it when it is connected, or at work."""


class DeltaChat:
    """The channel of one account."""

    kind: Kind = "deltachat"

    def __init__(self, settings: Mapping[str, str], kept: Kept, program: Path = PROGRAM) -> None:
        self._settings: Final = settings
        self._kept: Final = kept
        self._program: Final = program
        self._chats: Chats | None = None
        self._link = ""

    async def invite(self) -> str:
        """Return the link by which people come, once the account stands."""
        while not self._link:  # noqa: ASYNC110  (whoever asks may live in another loop)
            await asyncio.sleep(LINK_SECONDS)
        return self._link

    async def run(self, line: Line) -> None:
        """Bring what comes, until cancelled.

        Raises:
            Unreachable: the core ended, or its server is gone.
        """
        line.outdated(too_old(put_here(self._program)))
        with self._kept.folder(FOLDER) as folder:
            async with running(folder.path, self._program) as core:
                await _Running(self, core, folder, line).run()

    async def send(self, contact: bytes, out: Departing) -> None:
        """Send a text and files to the holder of a key.

        Raises:
            Unreachable: the core does not run, or its server does not take it now.
            CannotSend: nobody of that key is known here.
            FilesLeft: the server takes no file so large; the rest went.
            DoorOnly: it would go in the clear.
        """
        if self._chats is None:
            raise Unreachable
        await self._chats.send(contact, out)

    def _stands(self, chats: Chats | None, link: str = "") -> None:
        self._chats = chats
        self._link = link or self._link


class _Running:
    """One run of the core: looks when something happens, and seals what changed."""

    def __init__(self, channel: DeltaChat, core: Core, folder: KeptFolder, line: Line) -> None:
        self._channel: Final = channel
        self._core: Final = core
        self._folder: Final = folder
        self._line: Final = line
        self._woken: Final = asyncio.Event()
        self._changed = False
        self._deleting = False
        self._sealed_at = 0.0
        self._heard_at = time.monotonic()
        self._asked_at = time.monotonic()

    async def run(self) -> None:
        account = await open_up(self._core, self._channel._settings)  # noqa: SLF001  (its own)
        chats = Chats(self._core, account, self._folder.path, self._keep)
        invite = await chats.invited()
        await chats.clear_out(time.time())
        self._keep()
        await self._core.call(type(None), "start_io", account)
        self._channel._stands(chats, invite)  # noqa: SLF001
        listening = asyncio.create_task(self._listen(chats))
        try:
            await self._work(chats, account)
        finally:
            self._channel._stands(None)  # noqa: SLF001
            listening.cancel()
            with suppress(asyncio.CancelledError, Unreachable):
                await listening
            self._keep()

    async def _work(self, chats: Chats, account: int) -> None:
        cleared = time.monotonic()
        while not self._core.gone:
            self._woken.clear()
            swept = await chats.sweep(self._line)
            self._deleting = self._deleting or swept
            if swept or self._changed:
                self._changed = False
                self._keep()
            well = await self._alive(account)
            self._line.outdated(too_old(put_here(self._channel._program)))  # noqa: SLF001
            if time.monotonic() - cleared > FORGET_SECONDS:
                cleared = time.monotonic()
                await self._forget(chats, account)
            with suppress(TimeoutError):
                # Not `wait_for`: it forgets to end where this is woken as it is cancelled.
                async with asyncio.timeout(LOOK_SECONDS if well else TRY_SECONDS):
                    await self._woken.wait()
            await asyncio.sleep(max(0.0, self._sealed_at + AGAIN_SECONDS - time.monotonic()))
        raise Unreachable

    async def _forget(self, chats: Chats, account: int) -> None:
        """Clear out while nothing can come in between."""
        await self._core.call(type(None), "stop_io", account)
        await chats.clear_out(time.time())
        await self._core.call(type(None), "start_io", account)

    async def _alive(self, account: int) -> bool:
        """Tell whether the server is there; make the core ask it now and then."""
        now, every = time.monotonic(), ALIVE_SECONDS
        if await self._core.call(int, "get_connectivity", account) >= CONNECTED:
            self._heard_at = now
            self._line.heard()
        elif now - self._heard_at > GONE_SECONDS:
            raise Unreachable
        else:
            every = TRY_SECONDS
        if self._deleting:
            # While it waits for mail the core may leave undone what it was told to delete.
            every = TRY_SECONDS
        if now - self._asked_at > every:
            self._asked_at, self._deleting = now, False
            await self._core.call(type(None), "maybe_network")
        return every == ALIVE_SECONDS

    async def _listen(self, chats: Chats) -> None:
        try:
            async for kind in self._core.events():
                self._changed = self._changed or kind in CHANGES
                self._deleting = self._deleting or kind == "MsgDeleted"
                chats.happened.set()
                if kind in CHANGES or kind == "ConnectivityChanged":
                    self._woken.set()
        finally:
            self._woken.set()
            chats.happened.set()

    def _keep(self) -> None:
        self._sealed_at = time.monotonic()
        with self._core.held_still():
            self._folder.keep()


CHANGES: Final = frozenset(
    {
        *("IncomingMsg", "MsgsChanged", "MsgDelivered", "MsgFailed", "MsgDeleted"),
        *("ContactsChanged", "SecurejoinInviterProgress", "ImapMessageDeleted"),
        *("TransportsModified", "ChatModified", "ChatDeleted"),
    }
)
"""Events of the core after which its folder is not what was sealed."""


def channel(settings: Mapping[str, str], kept: Kept) -> DeltaChat:
    """Return the channel; it connects to nothing before `run`."""
    return DeltaChat(settings, kept)
