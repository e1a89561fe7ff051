# SPDX-License-Identifier: AGPL-3.0-or-later
"""The telephone's engine as a process of its own, so that a test can kill it; its line is a list.

Usage: python -m tests.lines.kit.phone_process FILE, a JSON file with what `telephone.py` writes.
Each letter and each piece is one line of JSON on standard output; nothing else is said.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from safeconduct.edges.lines.channel import Arrived
from safeconduct.edges.lines.phone.ari import Where, signed_in
from safeconduct.edges.lines.phone.back_calls import BackCall
from safeconduct.edges.lines.phone.backs import Backs
from safeconduct.edges.lines.phone.call_letters import CallLetters
from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.engine import Engine
from safeconduct.edges.lines.phone.setup import Setup
from safeconduct.edges.lines.phone.spoken import listen
from safeconduct.edges.lines.post import OsRng
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.seal.lock import BlobPlan
from safeconduct.rooms.hotline.calling_back import order_of
from safeconduct.rooms.hotline.sealed_files import SealedFile
from tests.lines.kit.by_hand import KeptByHand

CODE = "40718293"
BACKS = Backs(KeptByHand(), OsRng(), time.time)


class WrittenLine:
    """A line that writes down, and keeps nothing."""

    async def take(self, arrived: Arrived) -> None:
        await self.write(arrived)

    async def write(self, arrived: Arrived, files: tuple[SealedFile, ...] = ()) -> None:
        call = arrived.extras["call"]
        told = {"contact": arrived.contact.hex(), "language": arrived.language}
        told["reach"] = arrived.reach.hex()
        say(what="letter", said=arrived.said, files=len(files), **told, **call)

    async def store(self, plan: BlobPlan, sealed: bytes, token: bytes) -> None:
        say(what="piece", blob=plan.blob.hex(), size=len(sealed), token=len(token))

    def code(self, contact: bytes) -> str:  # noqa: ARG002  (the line's own shape)
        return CODE

    def heard(self) -> None:
        """It is not asked here."""

    def outdated(self, so: bool = True) -> None:
        """It never is."""


def say(**told: object) -> None:
    print(json.dumps(told), flush=True)


async def run(told: dict[str, Any]) -> None:
    duty = Path(told["duty"])
    setup = Setup(
        prompts=told["prompts"],
        languages=tuple(told["languages"]),
        duty=lambda: msgspec.json.decode(duty.read_bytes(), type=tuple[Operator, ...]),
        clock=time.monotonic,
        fresh=lambda: secrets.token_bytes(16),
        seal=BACKS.seal,
        screens=frozenset(told["screens"]),
    )
    line, letters = WrittenLine(), CallLetters()
    where = Where(told["url"], told["user"], told["password"])
    async with listen("127.0.0.1", told["sound_port"], line) as spoken, signed_in(where) as ari:
        engine = Engine(line, spoken, letters, setup)
        orders = asyncio.create_task(_take_orders(engine, Path(told["duty"]).parent / "order"))
        try:
            await engine.run(ari)
        finally:
            orders.cancel()
            await letters.end(5.0)


def _lines_of(file: Path) -> str:
    if not file.exists():
        return ""
    lines = file.read_text()
    file.unlink()
    return lines


async def _take_orders(engine: Engine, file: Path) -> None:
    """Call back whom a test says, by the contact and what stands behind it in its handle."""
    while True:
        await asyncio.sleep(0.1)
        lines = await asyncio.to_thread(_lines_of, file)
        if not lines:
            continue
        handled, told = json.loads(lines)
        order = order_of(told)
        assert order is not None
        contact, number = BACKS.open(bytes.fromhex(handled))
        engine.call_back(
            BackCall(contact, number, bytes.fromhex(handled)[16:], order, lambda: None)
        )


async def main(told: dict[str, Any]) -> None:
    """Run again while Asterisk is away, as the line's runner does."""
    work = asyncio.ensure_future(_again_and_again(told))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        say(what="ended")


async def _again_and_again(told: dict[str, Any]) -> None:
    for _ in range(1_000):
        try:
            await run(told)
        except Unreachable:
            say(what="unreachable")
            await asyncio.sleep(0.3)


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_bytes())))
