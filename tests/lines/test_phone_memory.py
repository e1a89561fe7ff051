# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies in memory of what somebody says: looked for in all of a process's memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.kit.patience import PATIENCE
from tests.lines.kit.memory import found
from tests.lines.kit.speaking import FRAMES_A_SECOND, SHAPES, Speaker, numbered

SECONDS = 6


@dataclass
class Taker:
    """The process that takes a message, and the one who speaks."""

    process: subprocess.Popen[str]
    speaker: Speaker

    def says(self) -> str:
        """Return what it says next."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def sound(self) -> int:
        """Return how many frames of clear sound lie in its memory, in the shape that has most."""
        return max(found(self.process.pid, SHAPES).values())


@contextmanager
def taker(*how: str) -> Iterator[Taker]:
    """Let a process take a message."""
    command = (sys.executable, "-m", "tests.lines.kit.spoken_process", *how)
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    with process:
        assert process.stdout is not None
        address, call = process.stdout.readline().split()
        speaker = Speaker(address, call)
        try:
            yield Taker(process, speaker)
        finally:
            speaker.close()
            assert process.stdin is not None
            process.stdin.close()
            process.wait(PATIENCE)


def test_no_more_than_a_second_of_the_sound_is_in_memory_while_somebody_speaks() -> None:
    with taker() as taking:
        for _ in range(SECONDS):
            taking.speaker.say(numbered(1), pace=1.0)
            assert taking.sound() <= FRAMES_A_SECOND


def test_nothing_of_the_sound_is_left_in_memory() -> None:
    with taker() as taking:
        taking.speaker.say(numbered(SECONDS), pace=0.2)
        taking.speaker.close()
        assert taking.says() == f"{SECONDS}\n"
        assert taking.sound() == 0


def test_sound_that_is_kept_would_be_found() -> None:
    with taker("keep") as taking:
        taking.speaker.say(numbered(SECONDS), pace=0.2)
        taking.speaker.close()
        assert taking.says() == f"{SECONDS}\n"
        assert taking.sound() == SECONDS * FRAMES_A_SECOND
