# SPDX-License-Identifier: AGPL-3.0-or-later
"""Timers that a relay acknowledged call though it was killed, or could reach nobody for a while.

`SAFECONDUCT_KILLS` sets how often it is killed.  The pager is a real server on loopback.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import multiprocessing
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.wire.bodies import write_body
from safeconduct.kernel.wire.timers import (
    CHANGED,
    STEP,
    TIMERS,
    Timer,
    TimerMove,
    TimerTurn,
    new_timer,
    rounded,
    turn_of,
)
from safeconduct.kernel.words import HOUR
from tests.e2e.test_relay_crash import KILLS
from tests.kit.phones import Phones, phones
from tests.kit.relay import Office, keep, plenty
from tests.kit.relay_server import serve_with_pager

OFFICE = Office()


class Server:
    """A relay process with a pager and a clock that goes on from where a test says."""

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.kit.relay_server"])

    def __init__(self, path: Path, pager: str, now: int) -> None:
        mine, its = self.context.Pipe()
        asked = (str(path), pager, now, its)
        self._process = self.context.Process(target=serve_with_pager, args=asked, daemon=True)
        self._process.start()
        with mine, its:
            assert mine.poll(60)
            self.port: int = mine.recv()

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()

    def ask(self, call: str, body: bytes) -> int:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(line):
            headers = {"authorization": f"Bearer {OFFICE.capability().hex()}"}
            line.request("POST", f"/v1/{OFFICE.office.hex()}/{call}", body, headers)
            answer = line.getresponse()
            answer.read()
            return answer.status


@dataclass
class Scene:
    """One relay's file, its pager, and the time."""

    path: Path
    book: Phones
    now: int

    def serve(self) -> Server:
        return Server(self.path, self.book.address, self.now)

    def heard(self, topics: set[str], seconds: float = 20.0) -> bool:
        """Wait until all of these were called."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not topics <= set(self.book.topics):
            time.sleep(0.05)
        return topics <= set(self.book.topics)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with RelayStore(tmp_path / "relay.db", probe=plenty) as store:
        keep(store, OFFICE)
    with phones() as book:
        yield Scene(tmp_path / "relay.db", book, rounded(1_800_000_000_000))


def timer(number: int, due: int) -> Timer:
    rng = random.Random(number)
    return new_timer(rounded(due), rng.randbytes(32), rng.randbytes(16))


@pytest.mark.timeout(120 + 10 * KILLS)
def test_every_turn_that_was_acknowledged_outlasts_kill_9_and_calls(scene: Scene) -> None:
    far = scene.now + 24 * HOUR
    stands = [timer(each, far) for each in range(TIMERS)]
    server = scene.serve()
    assert server.ask("timers", write_body(TimerTurn(turn_of(scene.now), [], stands))) == 200
    for kill in range(KILLS):
        server.kill()
        scene.now += STEP
        server = scene.serve()
        new = [timer(1000 + kill * CHANGED + each, scene.now + HOUR) for each in range(CHANGED)]
        turn = TimerTurn(turn_of(scene.now), [one.id for one in stands[:CHANGED]], new)
        assert server.ask("timers", write_body(turn)) == 200
        stands = stands[CHANGED:] + new
    server.kill()
    assert scene.book.heard == []
    due = [one for one in stands if one.due < far]
    scene.now = max(one.due for one in due)
    server = scene.serve()
    assert scene.heard({one.topic.hex() for one in due})
    assert set(scene.book.topics) == {one.topic.hex() for one in due}
    server.kill()


@pytest.mark.timeout(120)
def test_killed_while_it_calls_it_calls_again_and_loses_none(scene: Scene) -> None:
    stands = [timer(each, scene.now + HOUR) for each in range(TIMERS)]
    server = scene.serve()
    assert server.ask("timers", write_body(TimerTurn(turn_of(scene.now), [], stands))) == 200
    server.kill()
    scene.now += 2 * HOUR
    scene.book.answers = 503
    server = scene.serve()
    topics = {one.topic.hex() for one in stands}
    assert scene.heard(topics)
    server.kill()  # Nobody was reached, and it was killed: all of them are called anew.
    scene.book.heard.clear()
    scene.book.answers = 200
    server = scene.serve()
    assert scene.heard(topics)
    server.kill()


@pytest.mark.timeout(120)
def test_move_that_was_answered_outlasts_kill_9(scene: Scene) -> None:
    token = bytes(range(32))
    digest = hashlib.sha256(token).digest()
    mine = new_timer(scene.now, digest, bytes(16))
    stands = [mine, *(timer(each, scene.now + 24 * HOUR) for each in range(TIMERS - 1))]
    scene.book.answers = 503
    server = scene.serve()
    assert server.ask("timers", write_body(TimerTurn(turn_of(scene.now), [], stands))) == 200
    assert server.ask("moved", write_body(TimerMove(mine.id, token))) == 200
    server.kill()
    scene.book.heard.clear()
    scene.book.answers = 200
    server = scene.serve()
    time.sleep(1)
    assert scene.book.heard == []
    server.kill()
    scene.now += HOUR
    server = scene.serve()
    assert scene.heard({mine.topic.hex()})
    server.kill()
