# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office of `tests/bench/surge.py`: one relay and five desks, each a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from safeconduct.edges.desk.engine.loops import Loops
from safeconduct.edges.desk.founding import World
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.hotline.letters import Certificate, parse_certificate
from tests.sim.courier import CHEAP, Rehearsal

ROOT: Final = Path(__file__).resolve().parents[2]
DESKS: Final = ("first", "second", "third", "fourth", "fifth")


@dataclass
class Office:
    """What senders need to know, and the processes."""

    folder: Path
    office: OfficeId
    certificate: Certificate
    port: int
    desks: list[subprocess.Popen[str]] = field(default_factory=list)
    marks: int = 0

    @property
    def url(self) -> str:
        """Where the relay listens."""
        return f"http://127.0.0.1:{self.port}"

    def note(self, line: str) -> None:
        """Say how it goes, beside the line of JSON."""
        print(line, file=sys.stderr, flush=True)

    def start_desks(self) -> None:
        """Open all desks and wait until each is there."""
        for name in DESKS:
            out = self.folder / f"{name}.json"
            command = [sys.executable, str(ROOT / "tests/bench/surge_desk.py")]
            self.desks.append(
                subprocess.Popen(
                    [*command, str(self.folder / name), self.url, str(out)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd=ROOT,
                )
            )
        for desk in self.desks:
            assert desk.stdout is not None
            assert desk.stdout.readline() == "ready\n"

    def mark(self, conversation: str) -> None:
        """Let the helper at the first desk mark a conversation hostile."""
        pipe = self.desks[0].stdin
        assert pipe is not None
        pipe.write(conversation + "\n")
        pipe.flush()
        self.marks += 1

    def ask_desks(self, messages: int) -> list[dict[str, Any]]:
        """Let each desk end once it has so many messages and all marks; return what it saw."""
        for desk in self.desks:
            assert desk.stdin is not None
            desk.stdin.write(f"{messages} {self.marks}\n")
            desk.stdin.close()
        for desk in self.desks:
            assert desk.wait() == 0
        return [json.loads((self.folder / f"{name}.json").read_text()) for name in DESKS]


@contextmanager
def opened_office(folder: Path) -> Iterator[Office]:
    """Found an office, let four more desks join, and start everything."""
    founded = _found(folder)
    command = [sys.executable, "-m", "tests.kit.relay_server", str(folder / "relay.db")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as relay:
        assert relay.stdout is not None
        office = Office(folder, *founded, int(relay.stdout.readline()))
        try:
            office.start_desks()
            yield office
        finally:
            for desk in office.desks:
                desk.kill()
                desk.wait()
            relay.terminate()


def _found(folder: Path) -> tuple[OfficeId, Certificate]:
    real = World.real()
    world = World(real.clock, real.rng, CHEAP)
    with Rehearsal(folder, world) as stage:
        stage.clock.time = time.time_ns() // 1_000_000
        first = stage.found()
        _bring(stage, "first")
        for name in DESKS[1:]:
            stage.join(name)
            _bring(stage, "first")
            _bring(stage, name)
        founded = first.roster().founded
        assert founded is not None
        raw = stage.store.public(stage.office).terms().certificate
        signer = LongVerifyKey.parse(founded.intake_signing_key)
        return stage.office, parse_certificate(raw, stage.office, signer)


def _bring(stage: Rehearsal, name: str) -> None:
    desk = stage.desks[name]
    loops = Loops(desk.journal, stage.courier(desk))
    loops.pull_all()
    loops.send_all()
