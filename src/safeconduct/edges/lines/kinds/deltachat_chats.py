# SPDX-License-Identifier: AGPL-3.0-or-later
"""The chats in Delta Chat's core: what waits there is taken and deleted, and answers go out.

A person is the fingerprint of their key: it says nothing to whoever has not the key, and stays the
same over restarts.  Who wrote in the clear has none, and is `clear:` and an address.
The core must keep the key of each to whom an answer may go: it is forgotten when nothing came of
them for `FORGOTTEN_DAYS`.
A sweep looks at every message that the core holds, so nothing depends on having heard of it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from safeconduct.edges.lines.came import in_words, together
from safeconduct.edges.lines.channel import (
    CLEAR,
    Arrived,
    CannotSend,
    Departing,
    DoorOnly,
    FileHere,
    FilesLeft,
    Line,
)
from safeconduct.edges.lines.kinds.begun import Begun, SoFar
from safeconduct.edges.lines.kinds.deltachat_core import Core, CoreRefuses
from safeconduct.edges.lines.kinds.deltachat_told import (
    DELIVERED,
    LAST_SPECIAL,
    Broken,
    Chat,
    Message,
    Person,
    State,
    file_of,
    read_fingerprints,
    read_invite,
)
from safeconduct.edges.lines.kinds.sizes import within
from safeconduct.kernel.errors import Malformed, Unreachable

CONTACT_MOST: Final = 254
FORGOTTEN_DAYS: Final = 90
SEND_SECONDS: Final = 60
WITHOUT_KEY: Final = 4
"""The core's flag for contacts that have an address alone."""
FAILED: Final = 24
WORDS: Final = -1
"""The place of an answer's words among its parts."""
DONE: Final = "Done"
LATER: Final = frozenset({"Available", "InProgress"})
FETCHES_MOST: Final = 5
"""So often the core is asked to fetch a message whole; then its beginning is taken."""
_OUT: Final = "leaving"

T = TypeVar("T")


class Chats:
    """What the core of one account holds of people."""

    def __init__(self, core: Core, account: int, folder: Path, keep: Callable[[], None]) -> None:
        self._core: Final = core
        self._account: Final = account
        self._folder: Final = folder
        self._keep: Final = keep
        self._people: Final[dict[bytes, int]] = {}
        self._leaving: Final[set[int]] = set()
        self._fetches: Final[dict[int, int]] = {}
        self._over: Final[set[int]] = set()
        self._begun: Final = Begun()
        self.happened: Final = asyncio.Event()
        self._own = b""

    async def invited(self) -> str:
        """Return the link by which people come; the fingerprint of our own key stands in it.

        Raises:
            Unreachable: the core is gone, or writes links that this does not know.
        """
        link = await self._ask(str, "get_chat_securejoin_qr_code", None)
        try:
            self._own = read_invite(link)
        except Malformed:
            raise Unreachable from None
        return link

    async def sweep(self, line: Line) -> bool:
        """Take and delete everything that waits; tell whether there was anything.

        What the relay does not take now stays.

        Raises:
            Unreachable: the core is gone.
        """
        waiting = await self._all()
        over: list[Message] = []
        try:
            for one in waiting:
                if one.leaves:
                    continue
                if one.came and one.id not in self._over:
                    if one.download_state in LATER and await self._fetches_on(one):
                        continue
                    arrived = await self._arrived(one)
                    try:
                        await line.take(arrived)
                    except Unreachable:
                        break  # The relay is gone, and not the core.
                    self._over.add(one.id)
                # What the core does not delete now it is told to delete at the next look.
                with suppress(CoreRefuses):
                    await self._do("delete_messages", [one.id])
                    over.append(one)
                    self._over.discard(one.id)
                    self._fetches.pop(one.id, None)
        finally:
            self._unlink(over, {one.file for one in waiting if one not in over})
        return bool(over)

    async def send(self, contact: bytes, out: Departing) -> None:
        """Send a text and files, each in a message, and return once the server took them all.

        Raises:
            Unreachable: it did not take them in time.
            CannotSend: nobody of that key is known, or the server refused it.
            FilesLeft: a file never; the rest went.
            DoorOnly: it would go in the clear.
        """
        chat = await self._chat(contact, out)
        with self._begun.going(contact, out) as so_far:
            await self._send_all(chat, out, so_far)

    async def clear_out(self, now: float) -> None:
        """Delete what no person waits for: chats without messages, pictures, people long silent.

        Only while nothing can come in between: the core deletes a chat with all that is in it.

        Raises:
            Unreachable: the core is gone.
        """
        for one in await self._all():
            if not one.came and one.id not in self._leaving:
                await self._do("delete_messages", [one.id])
        held = await self._all()
        await self._forget(now, {one.from_id for one in held})
        for chat in await self._chat_ids():
            if all(one.chat_id != chat for one in held):
                await self._do("delete_chat", chat)
        used = {one.file for one in held}
        for path in self._folder.glob("*/dc.db-blobs/*"):
            if str(path) not in used:
                path.unlink(missing_ok=True)

    async def _forget(self, now: float, waits: Collection[int]) -> None:
        """Forget the keys of those who have been silent for long."""
        for number, person in (await self._contacts()).items():
            if number not in waits and person.last_seen < now - FORGOTTEN_DAYS * 24 * 3600:
                with suppress(CoreRefuses):
                    await self._do("delete_contact", number)
        self._people.clear()

    async def _arrived(self, one: Message) -> Arrived:
        contact = await self._contact(one)
        unopened = "" if one.download_state == DONE else in_words("unopened")
        text = together(one.text, unopened)
        files, left = file_of(one)
        text, files = within(text, files, left)
        clear = contact.startswith(CLEAR)
        return Arrived(contact, together(in_words("clear") if clear else "", text), files)

    async def _contact(self, one: Message) -> bytes:
        """Return how this person is written back to; what the core must know for it is kept."""
        if not one.sender.is_key_contact:
            return (CLEAR + one.sender.address.encode())[:CONTACT_MOST]
        known = {number: print_ for print_, number in self._people.items()}
        if one.from_id in known:
            return known[one.from_id]
        told = await self._fingerprint(one.from_id)
        if told is None:
            return b"number:%d" % one.from_id
        self._people[told] = one.from_id
        self._keep()  # Before it is taken: whoever answers must find the key again.
        return told

    async def _fingerprint(self, contact: int) -> bytes | None:
        try:
            told = await self._ask(str, "get_contact_encryption_info", contact)
            found = [one for one in read_fingerprints(told) if one != self._own]
        except (CoreRefuses, Malformed):
            return None
        return found[0] if len(found) == 1 else None

    async def _chat(self, contact: bytes, out: Departing) -> int:
        """Return the chat by which an answer goes."""
        if contact.startswith(CLEAR):
            if not out.door:
                raise DoorOnly
            address = contact.removeprefix(CLEAR).decode("utf-8", "replace")
            person = await self._ask(int, "create_contact", address, None)
            return await self._ask(int, "create_chat_by_contact_id", person)
        if contact not in self._people:
            for number in await self._ask(list[int], "get_contact_ids", 0, None):
                told = await self._fingerprint(number)
                if told is not None:
                    self._people[told] = number
        if contact not in self._people:
            raise CannotSend
        chat = await self._ask(int, "create_chat_by_contact_id", self._people[contact])
        if not (await self._ask(Chat, "get_basic_chat_info", chat)).is_encrypted:
            raise CannotSend
        return chat

    async def _send_all(self, chat: int, out: Departing, so_far: SoFar) -> None:
        """Send what did not go yet; the words go with the first file that the server takes."""
        for place, file in enumerate(out.files):
            if place in so_far.sent or place in so_far.laid:
                continue
            try:
                await self._send(chat, "" if WORDS in so_far.sent else out.text, file)
            except CannotSend:
                so_far.laid[place] = None
            else:
                so_far.sent |= {place, WORDS}
        if WORDS not in so_far.sent and (out.text or not out.files):
            await self._send(chat, out.text, None)
            so_far.sent.add(WORDS)
        if so_far.laid:
            raise FilesLeft

    async def _send(self, chat: int, text: str, file: FileHere | None) -> None:
        data = {"text": text}
        # Others send at the same time: the name is this one's alone.
        here = self._folder / _OUT / secrets.token_hex(8)
        try:
            if file is not None:
                here.parent.mkdir(exist_ok=True)
                here.write_bytes(file.content)
                data |= {"file": str(here), "filename": file.name or "file"}
            sent = await self._ask(int, "send_msg", chat, data)
        finally:
            here.unlink(missing_ok=True)
        await self._gone(sent)

    async def _gone(self, sent: int) -> None:
        """Wait until the server took a message; what it did not take is not left behind."""
        self._leaving.add(sent)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                while (state := await self._state(sent)) not in DELIVERED:
                    if state == FAILED:
                        raise CannotSend
                    self.happened.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self.happened.wait(), 1)
        except TimeoutError:
            raise Unreachable from None
        finally:
            self._leaving.discard(sent)
            with suppress(Unreachable):
                await self._do("delete_messages", [sent])

    async def _state(self, sent: int) -> int:
        try:
            return (await self._ask(State, "get_message", sent)).state
        except CoreRefuses:
            return min(DELIVERED)  # Swept up: only what was delivered is.

    async def _fetches_on(self, one: Message) -> bool:
        """Let the core fetch a message whole; False where it was asked often enough."""
        if one.download_state == "InProgress":
            return True
        asked = self._fetches[one.id] = self._fetches.get(one.id, 0) + 1
        if asked > FETCHES_MOST:
            return False
        with suppress(CoreRefuses):
            await self._do("download_full_message", one.id)
        return True

    async def _all(self) -> list[Message]:
        """Return every message that the core shows, oldest first."""
        ids: list[int] = []
        for chat in await self._chat_ids():
            ids += await self._ask(list[int], "get_message_ids", chat, False, False)
        told = await self._ask(dict[int, Message | Broken], "get_messages", ids) if ids else {}
        # What the core cannot load stays where it is.
        return [one for _, one in sorted(told.items()) if isinstance(one, Message)]

    async def _chat_ids(self) -> list[int]:
        told = await self._ask(list[int], "get_chatlist_entries", None, None, None)
        return [one for one in told if one > LAST_SPECIAL]

    async def _contacts(self) -> dict[int, Person]:
        keyed = await self._ask(list[int], "get_contact_ids", 0, None)
        clear = await self._ask(list[int], "get_contact_ids", WITHOUT_KEY, None)
        ids = sorted({*keyed, *clear})
        return await self._ask(dict[int, Person], "get_contacts_by_ids", ids) if ids else {}

    async def _do(self, method: str, *params: object) -> None:
        await self._core.call(type(None), method, self._account, *params)

    async def _ask(self, kind: type[T], method: str, *params: object) -> T:
        return await self._core.call(kind, method, self._account, *params)

    def _unlink(self, over: Iterable[Message], used: set[str | None]) -> None:
        """Remove the files of deleted messages at once; the core would do it within a day."""
        for one in over:
            if one.file is not None and one.file not in used:
                Path(one.file).unlink(missing_ok=True)
