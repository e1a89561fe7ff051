# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line that is killed anywhere: no message is lost, and no answer (docs/spec/lines.md 4, 6)."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from safeconduct.edges.lines.answers import HANDED
from safeconduct.edges.lines.folder import Opened
from safeconduct.edges.lines.post import Post
from safeconduct.edges.person.device import Seen
from tests.kit.offices import wait
from tests.kit.stage import Stage, stage
from tests.lines.kit.at_work import AtWork, admitted_line, mark_of

ROOT = Path(__file__).parents[2]
KILLED = -signal.SIGKILL
KILLS = 12


class World:
    """An office, a line's folder, and the channel's two folders."""

    def __init__(self, folder: Path, office: Stage) -> None:
        self.line: Opened = admitted_line(folder / "line", "matrix", office.url)
        self.channel = folder / "channel"
        (self.channel / "in").mkdir(parents=True)
        self.work = AtWork(office, self.line, None)  # type: ignore[arg-type]

    @contextmanager
    def run(self, point: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run the line until it ends at its point, or the test has seen enough."""
        command = [sys.executable, "-m", "tests.lines.kit.killed_line"]
        command += [str(self.line.folder), str(self.channel), point]
        with subprocess.Popen(command, cwd=ROOT) as process:
            try:
                yield process
            finally:
                process.kill()

    def write(self, number: int, content: bytes = b"") -> None:
        """Let somebody write."""
        path = self.channel / "in" / f"{number:03}.txt"
        if content:
            path.with_suffix(".bin").write_bytes(content)
        path.with_suffix(".new").write_text(f"message {number:03}")
        path.with_suffix(".new").rename(path)

    def arrived(self) -> str:
        """All that the office has been told."""
        letters = [letter for letter in self.work.letters() if not mark_of(letter).alarm]
        return "\n".join(letter.text for letter in letters)

    def left(self) -> list[Path]:
        """What the channel still keeps."""
        return list((self.channel / "in").glob("*.txt"))

    def all_noted(self) -> bool:
        """Whether the line noted that it handed on all that lies in its box."""
        kept = self.line.store.load(HANDED)
        post = Post(self.line.keys, self.line.admitted().licence, Seen())
        _, waiting = asyncio.run(post.look(0))
        post.close()
        return kept is not None and msgspec.msgpack.decode(kept)[1] == waiting[-1].number

    def out(self) -> str:
        """What went out."""
        path = self.channel / "out"
        return path.read_text() if path.exists() else ""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with stage() as office:
        yield World(tmp_path, office)


@pytest.mark.parametrize("point", ["taken", "words"])
def test_a_message_outlives_a_line_that_is_killed_before_it_is_deleted(
    world: World, point: str
) -> None:
    world.write(1, b"a sound" * 1000)
    with world.run(point) as process:
        assert process.wait(60) == KILLED
    assert world.left(), "the channel lost it before the line had done with it"
    with world.run("plain"):
        wait(lambda: not world.left())
    letters = world.work.letters()
    assert len(letters) == 2
    assert {letter.text for letter in letters} == {"message 001"}
    assert world.work.files(letters[-1]) == [("f", b"a sound" * 1000)]


@pytest.mark.parametrize(("point", "times"), [("handed", 2), ("noting", 2), ("numbering", 1)])
def test_an_answer_goes_perhaps_twice_and_never_not_at_all(
    world: World, point: str, times: int
) -> None:
    world.write(1)
    with world.run("plain"):
        [letter] = world.work.until(1)
        wait(lambda: not world.left())
    world.work.answer(letter, "answer one")
    with world.run(point) as process:
        assert process.wait(60) == KILLED
    with world.run("plain"):
        world.work.answer(letter, "answer two")
        wait(lambda: "answer two" in world.out() and world.all_noted())
    assert world.out().count("answer one") == times
    with world.run("plain"):
        world.work.answer(letter, "answer three")
        wait(lambda: "answer three" in world.out())
    assert world.out().count("answer two") == 1


def test_what_waits_to_go_as_one_letter_outlives_the_line(world: World) -> None:
    for number in range(6):
        world.write(number)
    with world.run("joined") as process:
        assert process.wait(60) == KILLED
    assert not world.left()
    with world.run("plain"):
        wait(lambda: not world.line.store.names("held-"))
    assert all(f"message {number:03}" in world.arrived() for number in range(6))


@pytest.mark.slow
def test_killed_at_any_moment_a_line_loses_nothing(world: World) -> None:
    dice = random.Random(7)
    world.write(0)
    with world.run("plain"):
        [letter] = world.work.until(1)
        wait(lambda: not world.left())
    for number in range(1, KILLS + 1):
        world.write(number, b"x" * dice.randrange(3_000_000) if number % 3 == 0 else b"")
        world.work.answer(letter, f"answer {number:03}")
        with world.run("never"):
            time.sleep(dice.uniform(0.5, 4.0))
    with world.run("never"):
        wait(lambda: not world.left() and not world.line.store.names("held-"))
        wait(lambda: f"answer {KILLS:03}" in world.out())
        arrived, out = world.arrived(), world.out()
    for number in range(1, KILLS + 1):
        assert f"message {number:03}" in arrived
        assert f"answer {number:03}" in out
