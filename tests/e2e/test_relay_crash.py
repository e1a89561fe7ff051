# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing that a relay acknowledged is lost: not to kill -9, and not to a power cut.

`SAFECONDUCT_KILLS` and `SAFECONDUCT_POWER_CUTS` set how often; by hand 200 and 2,000.
"""

from __future__ import annotations

import contextlib
import http.client
import multiprocessing
import os
import random
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from safeconduct.edges.relay import database
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.wire.bodies import Terms
from tests.kit.patience import PATIENCE
from tests.kit.powercut import PowerCut
from tests.kit.relay import Kept, Office, keep, plenty
from tests.kit.relay_load import Acknowledged, InProcess, check_roots, lost, over_http, write_on
from tests.kit.relay_server import serve

KILLS = int(os.environ.get("SAFECONDUCT_KILLS", "8"))
POWER_CUTS = int(os.environ.get("SAFECONDUCT_POWER_CUTS", "60"))
OFFICE = Office()
FILES = ("relay.db", "relay.db.key")


@pytest.fixture
def founded(tmp_path: Path) -> Path:
    with RelayStore(tmp_path / "relay.db", probe=plenty) as store:
        keep(store, OFFICE)
    return tmp_path


def together(count: int, one: Callable[[int], None]) -> list[threading.Thread]:
    """Start writers."""
    writers = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for writer in writers:
        writer.start()
    return writers


# --- kill -9


class Server:
    """A relay process that starts within milliseconds, because a warm one is forked for it."""

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.kit.relay_server"])

    def __init__(self, path: Path) -> None:
        mine, its = self.context.Pipe()
        self._process = self.context.Process(target=serve, args=(str(path), its), daemon=True)
        self._process.start()
        with mine, its:
            assert mine.poll(PATIENCE)
            self.port: int = mine.recv()

    def kill(self) -> None:
        """Give it no time for anything."""
        self._process.kill()
        self._process.join()
        self._process.close()


def harass(server: Server, work: Terms, seconds: float, seed: int) -> list[Acknowledged]:
    """Load a server from several connections and kill it in the middle."""
    kept: list[Acknowledged] = []

    def one(number: int) -> None:
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            over_http(server.port, OFFICE) as relay,
        ):
            write_on(relay, work, kept, counts=lambda: True, seed=seed + number)

    writers = together(5, one)
    time.sleep(seconds)
    server.kill()
    for writer in writers:
        writer.join()
    return kept


@pytest.mark.timeout(600 + 5 * KILLS)
def test_relay_loses_nothing_acknowledged_to_kill_9(founded: Path) -> None:
    path, rng = founded / "relay.db", random.Random(9)
    total: list[Acknowledged] = []
    server = Server(path)
    for turn in range(KILLS):
        with over_http(server.port, OFFICE) as relay:
            work = relay.terms().work
        kept = harass(server, work, rng.uniform(0.02, 0.25), turn * 1000)
        server = Server(path)
        with over_http(server.port, OFFICE) as relay:
            assert lost(relay, kept) == 0
        total += kept
    with over_http(server.port, OFFICE) as relay:
        assert lost(relay, total) == 0
        check_roots(relay)
    server.kill()
    assert len(total) > KILLS


# --- a power cut


def cut_power(founded: Path, seed: int, synchronous: str) -> tuple[int, int]:
    """Run one relay into a power cut; return (acknowledged, lost)."""
    rng = random.Random(seed)
    before, after = founded / f"{seed}-before", founded / f"{seed}-after"
    for folder in (before, after):
        folder.mkdir()
        for name in FILES:
            shutil.copy(founded / name, folder / name)
    cut = PowerCut(f"power-cut-{seed}-{synchronous}", rng.randrange(1, 500), rng)
    kept = run_into(before, cut, synchronous, seed)
    cut.unregister()
    cut.restore(after)
    with RelayStore(after / "relay.db", probe=plenty) as store:
        relay = InProcess(Kept(store, OFFICE))
        missing = lost(relay, kept)
        check_roots(relay)
    for folder in (before, after):
        shutil.rmtree(folder)
    return len(kept), missing


def run_into(folder: Path, cut: PowerCut, synchronous: str, seed: int) -> list[Acknowledged]:
    """Load a store until the power fails; return what it acknowledged before."""
    kept: list[Acknowledged] = []

    def connect(path: str) -> apsw.Connection:
        connection = database.connect(path, vfs=cut.name)
        connection.pragma("synchronous", synchronous)
        return connection

    def counts() -> bool:
        return not cut.dead.is_set()

    with RelayStore(folder / "relay.db", probe=plenty, connect=connect) as store:
        relay = InProcess(Kept(store, OFFICE))
        work = relay.terms().work

        def one(number: int) -> None:
            write_on(relay, work, kept, counts=counts, seed=seed * 10 + number)

        for writer in together(3, one):
            writer.join()
    return kept


@pytest.mark.timeout(600 + POWER_CUTS)
def test_relay_loses_nothing_acknowledged_to_a_power_cut(founded: Path) -> None:
    results = [cut_power(founded, seed, "full") for seed in range(POWER_CUTS)]
    assert sum(acknowledged for acknowledged, _ in results) > POWER_CUTS
    assert sum(missing for _, missing in results) == 0


def test_power_cut_finds_a_relay_that_does_not_sync(founded: Path) -> None:
    # A file that does not even open has lost everything, too; but let one open and lack something.
    missing = 0
    for seed in range(POWER_CUTS):
        with contextlib.suppress(database.RelayDamaged, apsw.CorruptError, AssertionError):
            missing += cut_power(founded, seed, "off")[1]
        if missing:
            break
    assert missing > 0
