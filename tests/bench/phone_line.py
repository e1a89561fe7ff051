# SPDX-License-Identifier: AGPL-3.0-or-later
"""A telephone line as a process of its own, so that its processor time is known apart.

Usage: python -m tests.bench.phone_line FOLDER, the folder of a line that the office of a benchmark
admitted; FOLDER/told.json says where Asterisk is and who is on duty.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from safeconduct.edges.lines.channel import Departing, Line
from safeconduct.edges.lines.folder import open_line
from safeconduct.edges.lines.phone.ari import Where, signed_in
from safeconduct.edges.lines.phone.call_letters import CallLetters
from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.engine import Engine
from safeconduct.edges.lines.phone.setup import Setup
from safeconduct.edges.lines.phone.spoken import listen
from safeconduct.edges.lines.runner import Runner
from safeconduct.rooms.hotline.by_line import Kind
from tests.lines.kit.at_work import PASSPHRASE


class Telephone:
    """The telephone's engine at one Asterisk, as the line's kind makes it."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.kind: Kind = "phone"
        self._told = told

    async def run(self, line: Line) -> None:
        told = self._told
        setup = Setup(
            prompts=told["prompts"],
            languages=("en",),
            duty=lambda: msgspec.json.decode(told["duty"], type=tuple[Operator, ...]),
            clock=time.monotonic,
            fresh=lambda: secrets.token_bytes(16),
        )
        letters, where = CallLetters(), Where(told["url"], told["user"], told["password"])
        async with listen("127.0.0.1", told["sound_port"], line) as spoken, signed_in(where) as ari:
            try:
                await Engine(line, spoken, letters, setup).run(ari)
            finally:
                await letters.end(5.0)

    async def send(self, contact: bytes, out: Departing) -> None:
        """Nothing is sent."""


async def _run(folder: Path) -> None:
    told = json.loads((folder / "told.json").read_bytes())
    runner = Runner(open_line(folder, PASSPHRASE).admitted(), Telephone(told), tell=print)
    await runner.run()


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1])))
