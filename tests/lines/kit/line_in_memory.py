# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line that keeps what a voice message brings it, in place of one with a relay behind it."""

from __future__ import annotations

from dataclasses import dataclass, field

from safeconduct.edges.lines.channel import Arrived
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.seal.lock import BlobPlan
from safeconduct.kernel.seal.unlock import BlobOpener
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.spoken import CallMark, parse_call


@dataclass
class SomeCall:
    """A call as an engine tells of it."""

    contact: bytes = b"c" * 16
    language: str = "en"
    said: str = ""
    silent: bool = False
    duress: bool = False


@dataclass
class LineInMemory:
    """A line that keeps what it is given, and is out of reach when it is told so."""

    written: list[tuple[CallMark, tuple[SealedFile, ...]]] = field(default_factory=list)
    stored: dict[bytes, bytes] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    reachable: bool = True
    arrived: list[Arrived] = field(default_factory=list)

    async def write(self, arrived: Arrived, files: tuple[SealedFile, ...] = ()) -> None:
        self._try("letter")
        mark = parse_call(encode(dict(arrived.extras)))
        assert mark is not None
        self.arrived.append(arrived)
        self.written.append((mark, files))

    async def store(self, plan: BlobPlan, sealed: bytes, token: bytes) -> None:  # noqa: ARG002  (as a line's)
        self._try("piece")
        self.stored[plan.blob] = sealed

    def sound(self) -> bytes:
        """Return all sound that is stored, in the order of its pieces."""
        files = [file for file in self.written[0][1] if file.blob in self.stored]
        opened = (BlobOpener(file.key, file.size) for file in files)
        chunks = zip(opened, files, strict=True)
        return b"".join(one.open(0, self.stored[file.blob]) for one, file in chunks)

    def _try(self, what: str) -> None:
        if not self.reachable:
            raise Unreachable
        self.order.append(what)
