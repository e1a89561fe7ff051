# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office on loopback for browser tests: the real relay and the real portal on one port.

The office's side is played by the kernel and the hotline's letters, without a desk, so that
what a browser did can be judged byte by byte.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import uvicorn
from litestar import Litestar

from safeconduct.edges.portal import PortalConfig, portal_routes, portal_site
from safeconduct.edges.portal.site import Asset
from safeconduct.edges.relay.desk import DeskDoor
from safeconduct.edges.relay.store import RelayStore
from safeconduct.edges.relay.web import relay_routes
from safeconduct.kernel.languages import READ_BY_NATIVES
from safeconduct.kernel.seal.keys import LongSigningKey, SigningKey
from safeconduct.kernel.seal.lock import BlobSealer, SealingPublicKey
from safeconduct.kernel.seal.unlock import BlobOpener, SealingKey
from safeconduct.kernel.wire.bodies import BlobOffer, Founding, OfficeCard
from safeconduct.kernel.wire.bodies import Letter as Posting
from safeconduct.kernel.wire.first_words import FirstWords
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.kernel.words import DAY, Address, Instant, OfficeId
from safeconduct.rooms.hotline.first_words import sign_words
from safeconduct.rooms.hotline.letters import (
    Box,
    Certificate,
    Letter,
    Reply,
    item_epoch,
    message_id,
    open_letter,
    seal_reply,
    write_certificate,
)
from safeconduct.rooms.hotline.sealed_files import SealedFile

OFFICE: Final = OfficeId(bytes(range(16)))
CAPABILITY: Final = bytes(range(32))
INTAKE_SIGNING: Final = LongSigningKey.from_seed(bytes(range(64)))
CONTROL: Final = SigningKey.from_seed(bytes([7]) * 32)
EVERYTHING: Final = 16 << 20


class Weather:
    """The relay's clock and disk, which a test may change while it runs."""

    def __init__(self) -> None:
        """Begin with the right time and an empty disk."""
        self.ahead = 0
        self.free = 80

    def now(self) -> Instant:
        """Return the wall clock, shifted."""
        return Instant(_now() + self.ahead)

    def probe(self) -> tuple[int, int]:
        """Return (free, total) of a disk of a terabyte."""
        return self.free * 10_000_000_000, 1_000_000_000_000


class Stage:
    """One office, its relay and its portal; `port` serves both."""

    def __init__(self, folder: Path, *, counter_url: str | None, exit_url: str, pin: bytes) -> None:
        """Found the office and publish its first intake key."""
        self.port = 0
        self.folder = folder
        self.weather = Weather()
        self.store = RelayStore(folder / "relay.db", clock=self.weather, probe=self.weather.probe)
        code = self.store.founding_code()
        assert code is not None
        card = OfficeCard(
            version=1,
            office=OFFICE,
            intake_signing=INTAKE_SIGNING.public.raw,
            control=CONTROL.public.raw,
            capability_hash=_sha256(CAPABILITY),
        )
        self.store.found(Founding(code, card))
        self.keys: dict[int, SealingKey] = {}
        self.rotate()
        self.config = PortalConfig(
            OFFICE,
            pin,
            counter_url=counter_url,
            exit_url=exit_url,
        )
        self.site = portal_site(self.config)

    def offer(self, languages: tuple[str, ...]) -> None:
        """Make the page anew, in these languages."""
        self.config = replace(self.config, languages=languages)
        self.site = portal_site(self.config)

    def rotate(self) -> None:
        """Open the next intake key and close the one before."""
        epoch = len(self.keys) + 1
        self.keys[epoch] = SealingKey.from_seed(bytes([epoch]) * 32)
        now = _now()
        public = self.keys[epoch].public.raw
        certificate = Certificate(1, OFFICE, epoch, public, now, now + DAY)
        self._desk.publish(write_certificate(certificate, INTAKE_SIGNING))

    def say_first(self, texts: dict[str, str]) -> None:
        """Say this at once to everybody, for a while."""
        now = _now()
        words = FirstWords(1, OFFICE, now, now + DAY, texts)
        self._desk.say_first(sign_words(words, INTAKE_SIGNING))

    def letters(self) -> list[tuple[bytes, Letter]]:
        """Open everything in the intake, as (message id, letter)."""
        return [
            (message_id(item), open_letter(item, OFFICE, self.keys[item_epoch(item, OFFICE)]))
            for item in self.items()
        ]

    def items(self) -> list[bytes]:
        """Return what lies in the intake."""
        return [item.body for item in self._desk.items(0, EVERYTHING)]

    def has(self, sealed: SealedFile) -> bool:
        """Tell whether the whole of a file lies on the relay; words go before their files."""
        chunks = BlobOpener(sealed.key, sealed.size).plan.chunks
        with suppress(NotFound):
            return self.store.public(OFFICE).blob_state(sealed.blob).next == chunks
        return False

    def file(self, sealed: SealedFile) -> Iterator[bytes]:
        """Open a file chunk by chunk as it lies on the relay."""
        opener = BlobOpener(sealed.key, sealed.size)
        public = self.store.public(OFFICE)
        assert public.blob_state(sealed.blob).next == opener.plan.chunks
        for index in range(opener.plan.chunks):
            yield opener.open(index, public.chunk(sealed.blob, index))

    def have(self, letter: Letter, message: bytes) -> None:
        """Tell the person that the office has her message."""
        self._reply(letter, Reply(1, "have", _now(), "", (), message, {}))

    def answer(self, letter: Letter, text: str, *files: tuple[str, bytes]) -> None:
        """Write to the person, with files."""
        sealed = tuple(self._store(name, content) for name, content in files)
        self._reply(letter, Reply(1, "answer", _now(), text, sealed, b"", {}))

    def _reply(self, letter: Letter, reply: Reply) -> None:
        key = SealingPublicKey.parse(letter.key)
        box = Box(OFFICE, Address(letter.address), key, letter.voice)
        self._desk.post([Posting(letter.address, _now() + 30 * DAY, seal_reply(reply, box))])

    def _store(self, name: str, content: bytes) -> SealedFile:
        """Put a file on the relay as a desk does."""
        key = _sha256(name.encode() + content)
        sealer = BlobSealer(key, len(content))
        plan = sealer.plan
        token = bytes(32)
        offer = BlobOffer(
            seed=bytes(16),
            nonce=0,
            blob=plan.blob,
            chunks=plan.chunks,
            length=plan.padded,
            token_hash=_sha256(token),
        )
        self._desk.offer_blob(offer)
        for index in range(plan.chunks):
            part = content[index << 20 : (index + 1) << 20]
            self.store.public(OFFICE).put_chunk(plan.blob, index, sealer.seal(index, part), token)
        return SealedFile(plan.blob, key, name, len(content), "application/octet-stream")

    @property
    def url(self) -> str:
        """The page's address."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def _desk(self) -> DeskDoor:
        return self.store.desk(OFFICE, CAPABILITY)


@contextmanager
def stage(
    *,
    counter_url: str | None = None,
    exit_url: str = "about:blank",
    pin: bytes = INTAKE_SIGNING.public.short.raw,
    script: bytes | None = None,
    languages: tuple[str, ...] = READ_BY_NATIVES,
) -> Iterator[Stage]:
    """Serve an office for a test; pages pin its key unless they are told another one.

    `script` is sent in the place of the page's own.
    """
    with tempfile.TemporaryDirectory(prefix="stage-") as name:
        played = Stage(Path(name), counter_url=counter_url, exit_url=exit_url, pin=pin)
        played.offer(languages)
        if script is not None:
            asset = Asset(script, gzip.compress(script), played.site.script.kind)
            played.site = replace(played.site, script=asset)
        mounted, web = relay_routes(played.store)
        handlers = [*portal_routes(played.site), mounted]
        app = Litestar(
            handlers, openapi_config=None, logging_config=None, on_shutdown=[web.wind_down]
        )
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, access_log=False, lifespan="on")
        )
        with socket.create_server(("127.0.0.1", 0)) as listener:
            played.port = listener.getsockname()[1]
            thread = threading.Thread(target=_serve, args=(server, listener), daemon=True)
            thread.start()
            try:
                yield played
            finally:
                server.should_exit = True
                thread.join(20)
                played.store.close()


def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    asyncio.run(server.serve([listener]))


def _now() -> Instant:
    return Instant(time.time_ns() // 1_000_000)


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
