# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who writes in `tests/bench/surge.py`: each message sealed, its work paid, sent at its time.

The flood pays as little as it may: with the oldest seed that the relay still takes.  Who is in need
asks what is wanted now, as the page does.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from dataclasses import dataclass
from typing import Final

import uvloop

from safeconduct.kernel.seal.lock import CHUNK_BYTES, BlobSealer, plan_blob
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.wire.bodies import (
    BlobOffer,
    Submission,
    Terms,
    parse_blob_state,
    parse_intake_terms,
    write_body,
)
from safeconduct.kernel.wire.refusals import MoreWork, parse_refusal
from safeconduct.kernel.wire.work import blob_payload, item_payload, solve_work
from safeconduct.kernel.words import Address
from safeconduct.rooms.hotline.first_contact import FirstContact, write_contact
from safeconduct.rooms.hotline.letters import Letter, conversation_of, message_id, seal_letter
from safeconduct.rooms.hotline.sealed_files import SealedFile
from tests.bench.surge_office import Office
from tests.bench.surge_texts import Line

LINES: Final = 24
PERIOD: Final = 300
TRIES: Final = 5
OK: Final = 200
QUICK_BITS: Final = 11
MARK_AFTER: Final = 3


@dataclass(frozen=True)
class Mailbox:
    """One sender's keys."""

    key: SealingKey
    voice: bytes
    address: Address


class Senders:
    """Everybody who writes, and what came of it."""

    def __init__(self, office: Office, lines: list[Line], marked: set[int]) -> None:
        """Send these lines; tell a helper of the marked ones once they are there."""
        self._office, self._lines, self._marked = office, lines, marked
        self._boxes: dict[int, Mailbox] = {}
        self._files: list[SealedFile] = []
        self._idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
        self._cheap: Terms
        self._path = f"/v1/{office.office.hex()}"
        self.sent: dict[str, float] = {}
        self.real_messages: list[str] = []
        self.real: set[str] = set()
        self.flood: set[str] = set()
        self.waits: list[float] = []
        self.failures = 0
        self.late = 0.0
        self.bits_most = 0

    async def send_all(self) -> None:
        """Send each line at its time, over a few connections."""
        self._idle = asyncio.Queue()
        for _ in range(LINES):
            self._idle.put_nowait(await asyncio.open_connection("127.0.0.1", self._office.port))
        if self._lines[-1].at > PERIOD:  # So one seed lasts from the beginning to the end.
            await asyncio.sleep(PERIOD - time.time() % PERIOD)
        self._cheap = await self._terms()
        began, under_way = time.time(), set[asyncio.Task[None]]()
        for number, line in enumerate(self._lines):
            ahead = began + line.at - time.time()
            self.late = max(self.late, -ahead)
            if ahead > 0:
                await asyncio.sleep(ahead)
            task = asyncio.create_task(self._write(number, line))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            while len(under_way) >= LINES:
                await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(*under_way)

    async def _write(self, number: int, line: Line) -> None:
        box = self._boxes.get(line.person) or _mailbox()
        file = _file(line.file) if line.file else None
        item = self._item(line, box, file)
        real = line.kind == "real"
        if real:
            self._boxes[line.person] = box
        began = time.time()
        if not await self._submit(item, cheap=not real):
            self.failures += 1
            return
        message, talk = message_id(item).hex(), conversation_of(box.voice).hex()
        self.sent[message] = began
        self.waits.append(time.time() - began)
        (self.real if real else self.flood).add(talk)
        if real:
            self.real_messages.append(message)
        if file is not None:
            await self._bring(file)
        if number in self._marked:
            await asyncio.sleep(MARK_AFTER)
            self._office.mark(talk)

    def _item(self, line: Line, box: Mailbox, file: SealedFile | None) -> bytes:
        extras = write_contact(FirstContact(danger_today="yes")) if line.danger else {}
        files = (file,) if file else ()
        letter = Letter(
            *(1, box.voice, box.address, box.key.public.raw, line.language),
            *(line.text, files, extras),
        )
        return seal_letter(letter, self._office.certificate)

    async def _submit(self, item: bytes, *, cheap: bool) -> bool:
        terms = self._cheap if cheap else await self._terms()
        seed, bits = terms.seed, terms.message_bits
        for _ in range(TRIES):
            self.bits_most = max(self.bits_most, bits)
            nonce = await _solve(seed, item_payload(item), bits)
            body = write_body(Submission(seed, nonce, item))
            status, answer = await self._call("POST", "/intake", body)
            if status == OK:
                return True
            asked = parse_refusal(answer) if status else None
            if not isinstance(asked, MoreWork):
                return False
            seed, bits = asked.seed, asked.bits
        return False

    async def _bring(self, file: SealedFile) -> None:
        sealer, token = BlobSealer(file.key, file.size), os.urandom(32)
        plan, terms = sealer.plan, await self._terms()
        payload = blob_payload(plan.blob, plan.chunks, plan.padded)
        nonce = await _solve(terms.seed, payload, terms.blob_bits)
        hashed = hashlib.sha256(token).digest()
        offer = BlobOffer(terms.seed, nonce, plan.blob, plan.chunks, plan.padded, hashed)
        await self._call("POST", "/blobs", write_body(offer))
        bearer = f"Authorization: Bearer {token.hex()}\r\n"
        for index in range(plan.chunks):
            part = bytes(min(CHUNK_BYTES, file.size - index * CHUNK_BYTES))
            path = f"/blobs/{plan.blob.hex()}/{index}"
            await self._call("PUT", path, sealer.seal(index, part), bearer)
        self._files.append(file)

    def files_missing(self) -> int:
        """Ask the relay for each file; return how many are not there whole."""
        return uvloop.run(self._missing())

    async def _missing(self) -> int:
        self._idle = asyncio.Queue()
        self._idle.put_nowait(await asyncio.open_connection("127.0.0.1", self._office.port))
        lost = sum(bool(line.file) for line in self._lines) - len(self._files)
        for file in self._files:
            status, answer = await self._call("GET", f"/blobs/{file.blob.hex()}")
            state = parse_blob_state(answer) if status == OK else None
            lost += state is None or state.next < state.chunks
        return lost

    async def _terms(self) -> Terms:
        _, answer = await self._call("GET", "/intake")
        return parse_intake_terms(answer).work

    async def _call(
        self, method: str, path: str, body: bytes = b"", more: str = ""
    ) -> tuple[int, bytes]:
        head = f"{method} {self._path}{path} HTTP/1.1\r\nHost: relay\r\n{more}"
        asked = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        streams = await self._idle.get()
        try:
            for _ in range(TRIES):
                try:
                    return await _asked(streams, asked)
                except (OSError, EOFError, RuntimeError):  # Closed meanwhile: ask the same again.
                    streams = await asyncio.open_connection("127.0.0.1", self._office.port)
            return 0, b""
        finally:
            self._idle.put_nowait(streams)


async def _asked(
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], asked: bytes
) -> tuple[int, bytes]:
    streams[1].write(asked)
    answer = await streams[0].readuntil(b"\r\n\r\n")
    length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return int(answer.split(b" ")[1]), await streams[0].readexactly(length)


async def _solve(seed: bytes, payload: bytes, bits: int) -> int:
    if bits <= QUICK_BITS:
        return solve_work(seed, payload, bits)
    return await asyncio.to_thread(solve_work, seed, payload, bits)


def _mailbox() -> Mailbox:
    return Mailbox(SealingKey(os.urandom(32)), os.urandom(32), Address(os.urandom(32)))


def _file(size: int) -> SealedFile:
    key = os.urandom(32)
    return SealedFile(plan_blob(key, size).blob, key, "photo.jpg", size, "image/jpeg")
