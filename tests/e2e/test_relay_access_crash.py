# SPDX-License-Identifier: AGPL-3.0-or-later
"""Openings of access, and what they count, outlast kill -9 of a relay process.

`SAFECONDUCT_KILLS` sets how often it is killed.
"""

from __future__ import annotations

import contextlib
import http.client
import random
import time
from pathlib import Path
from typing import Any

import apsw
import pytest

from safeconduct.edges.relay.counts import STEP
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.wire.bodies import write_body
from tests.e2e.test_relay_crash import KILLS, Server, together
from tests.kit.patience import PATIENCE
from tests.kit.relay import Office, keep, plenty

OFFICE = Office()
FRAME_BYTES = 1_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with RelayStore(tmp_path / "relay.db", probe=plenty) as store:
        keep(store, OFFICE)
    return tmp_path / "relay.db"


def ask(port: int, method: str, call: str, body: bytes, capability: bytes = b"") -> int:
    """Ask one call of the office; return the status."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with contextlib.closing(line):
        headers = {"authorization": f"Bearer {capability.hex()}"}
        line.request(method, f"/v1/{OFFICE.office.hex()}/{call}", body, headers)
        answer = line.getresponse()
        answer.read()
        return answer.status


def write_until_killed(server: Server, epoch: int, seconds: float) -> int:
    """Append frames, kill the server in the middle; return how many were acknowledged."""
    done: list[int] = []

    def one(number: int) -> None:
        rng = random.Random(epoch * 10 + number)
        with contextlib.suppress(OSError, http.client.HTTPException):
            while True:
                frames = write_body([rng.randbytes(FRAME_BYTES)])
                assert ask(server.port, "POST", "log", frames, OFFICE.capability(epoch)) == 200
                done.append(number)

    (writer,) = together(1, one)
    while not done and writer.is_alive():
        time.sleep(0.01)
    time.sleep(seconds)
    server.kill()
    writer.join()
    return len(done)


def counted(path: Path) -> tuple[int, int]:
    """The epoch that stands in the file, and the bytes that it counted."""
    connection = apsw.Connection(str(path))
    with contextlib.closing(connection):
        rows: list[Any] = connection.execute("SELECT epoch, rest FROM written").fetchall()
        ((epoch, rest),) = rows
        return epoch, rest


@pytest.mark.timeout(600 + 10 * KILLS)
def test_openings_and_counts_that_were_acknowledged_outlast_kill_9(path: Path) -> None:
    rng, total = random.Random(9), 0
    for epoch in range(1, KILLS + 1):
        done = write_until_killed(Server(path), epoch, rng.uniform(0.02, 0.2))
        stood, rest = counted(path)
        assert stood == epoch
        assert done * FRAME_BYTES <= rest <= (done + 1) * FRAME_BYTES + STEP
        total += done
        server = Server(path)
        opening = write_body(OFFICE.opening(epoch + 1))
        assert ask(server.port, "POST", "access", opening) == 200
        server.kill()
        server = Server(path)
        statuses = [
            ask(server.port, "GET", "log", b"", OFFICE.capability(each))
            for each in (epoch, epoch + 1)
        ]
        assert statuses == [401, 200]
        server.kill()
    assert total > KILLS
