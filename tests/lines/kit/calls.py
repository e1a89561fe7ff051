# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs SIPp: callers through the trunk of one Asterisk, and its operators' telephones.

SIPp needs root for its keys.  What it writes of its own lies beside its scenario, in a folder of
the test and never in one of the line: it knows the number.
"""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.kit.patience import PATIENCE
from tests.lines.kit.asterisk import Asterisk
from tests.lines.kit.sipp import CALLER, Step, Telephone, caller, operator, turned_away

_TURNS: Final = itertools.count()


@dataclass
class Calls:
    """Calls that one SIPp makes."""

    process: subprocess.Popen[bytes]
    said: Path

    def ended(self, patience: float = PATIENCE) -> None:
        """Wait until all are over, each as its scenario says."""
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.gone()
            raise
        assert code == 0, (code, self.said.read_text(errors="replace")[-3_000:])

    def gone(self) -> None:
        """End them without a word, as a dead battery would."""
        self.process.kill()
        self.process.wait(PATIENCE)


def call(
    folder: Path,
    to: Asterisk,
    steps: Sequence[Step],
    *,
    times: int = 1,
    per_second: float = 10,
    number: str = CALLER,
) -> Calls:
    """Let somebody call through the trunk, or many at once, and do these things."""
    turn = next(_TURNS)
    at = folder / f"caller-{turn}"
    at.mkdir(parents=True)
    (at / "scenario.xml").write_text(caller(steps, number))
    own = to.slot.address(2)
    rate = max(1, round(per_second * 10))
    command = (
        *("sipp", f"127.0.0.1:{to.slot.sip_port}", "-sf", "scenario.xml", "-s", "100"),
        *("-i", own, "-mi", own, "-p", str(20_000 + turn % 500)),
        *("-mp", str(30_000 + 1_000 * (turn % 25))),
        *("-m", str(times), "-l", str(times), "-r", str(rate), "-rp", "10000"),
        *("-nostdin", "-trace_err", "-error_file", "errors.log"),
    )
    return Calls(_run(command, at), at / "said.log")


def stranger(folder: Path, to: Asterisk, name: str) -> Calls:
    """Let somebody call from an address that is not the trunk's, and be turned away."""
    at = folder / f"stranger-{next(_TURNS)}"
    at.mkdir(parents=True)
    (at / "scenario.xml").write_text(turned_away(name))
    own = to.slot.address(9)
    command = (
        *("sipp", f"127.0.0.1:{to.slot.sip_port}", "-sf", "scenario.xml", "-s", "100"),
        *("-i", own, "-mi", own, "-p", "5060", "-m", "1"),
        *("-nostdin", "-trace_err", "-error_file", "errors.log"),
    )
    return Calls(_run(command, at), at / "said.log")


@contextmanager
def telephones(folder: Path, of: Asterisk, *each: Telephone) -> Iterator[list[Calls]]:
    """Let operators' telephones be there, in the order of the `own` operators of an Asterisk."""
    running = []
    for n, telephone in enumerate(each):
        at = folder / f"operator-{next(_TURNS)}"
        at.mkdir(parents=True)
        (at / "scenario.xml").write_text(operator(telephone))
        own = of.slot.address(11 + n)
        command = (
            *("sipp", "-sf", "scenario.xml", "-i", own, "-p", "5060", "-mi", own),
            *("-rtp_echo", "-nostdin", "-trace_err", "-error_file", "errors.log"),
            *(() if telephone.times is None else ("-m", str(telephone.times))),
        )
        running.append(Calls(_run(command, at), at / "said.log"))
    try:
        yield running
    finally:
        for one in running:
            one.gone()


@contextmanager
def persons_telephone(folder: Path, of: Asterisk, does: Telephone) -> Iterator[tuple[Calls, Path]]:
    """Let the telephone of somebody be there who is called through the trunk.

    Given with it is the file of all that was said to it in signalling.
    """
    at = folder / f"person-{next(_TURNS)}"
    at.mkdir(parents=True)
    (at / "scenario.xml").write_text(operator(does))
    own = of.slot.address(2)
    command = (
        *("sipp", "-sf", "scenario.xml", "-i", own, "-p", "5060", "-mi", own),
        *("-rtp_echo", "-nostdin", "-trace_msg", "-message_file", "messages.log"),
        *("-trace_err", "-error_file", "errors.log"),
        *(() if does.times is None else ("-m", str(does.times))),
    )
    one = Calls(_run(command, at), at / "said.log")
    try:
        yield one, at / "messages.log"
    finally:
        one.gone()


def speech(folder: Path, words: str, voice: str = "en") -> Path:
    """Return a file of raw a-law at 8 kHz in which these words are spoken."""
    wave, sound = folder / "speech.wav", folder / f"speech-{next(_TURNS)}.alaw"
    subprocess.run(["espeak-ng", "-v", voice, "-w", wave, words], check=True, capture_output=True)
    raw = ("-r", "8000", "-c", "1", "-e", "a-law", "-t", "raw")
    subprocess.run(["sox", wave, *raw, sound], check=True, capture_output=True)
    wave.unlink()
    return sound


def _run(command: Sequence[str], at: Path) -> subprocess.Popen[bytes]:
    with (at / "said.log").open("wb") as said:
        return subprocess.Popen(command, cwd=at, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
