# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing that a desk acknowledged is lost: not to kill -9, and not to a power cut.

`SAFECONDUCT_KILLS` and `SAFECONDUCT_POWER_CUTS` set how often; by hand 200 and 2,000.
A quarter of the kills is left to the whole program, in tests/e2e/desk/test_desk_bad_days.py.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest
import uvicorn

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk import store as desk_store
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.store import Store, StoreDamaged
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.edges.relay.web import relay_app
from safeconduct.kernel.errors import WrongPassphrase
from safeconduct.kernel.words import ConversationId
from tests.kit.desk_writer import CHEAP, change_passphrases, write_notes
from tests.kit.powercut import PowerCut
from tests.kit.relay_server import listen
from tests.sim.courier import PASSPHRASE, Rehearsal
from tests.sim.steps import Hand, Person

KILLS = int(os.environ.get("SAFECONDUCT_KILLS", "8")) * 3 // 4
POWER_CUTS = int(os.environ.get("SAFECONDUCT_POWER_CUTS", "60"))
FILES = ("keys", "store.db")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Rehearsal]:
    """An office with two desks and one person who waits."""
    with Rehearsal(tmp_path) as rehearsal:
        desk = rehearsal.found()
        Person(rehearsal).write("Please help.")
        Hand(desk, rehearsal.courier(desk)).sync()
        rehearsal.join()
        yield rehearsal


def the_talk(desk: Desk) -> ConversationId:
    """The one conversation."""
    (row, *_), _ = desk.inbox(show="all", start=0, most=1)
    return ConversationId(row.conversation)


def notes(desk: Desk) -> list[str]:
    """Every note of the one conversation."""
    folded = desk.conversation(the_talk(desk))
    assert folded is not None
    return [note.text for note in folded.notes]


# --- kill -9


@contextlib.contextmanager
def served(stage: Rehearsal) -> Iterator[str]:
    """The relay over HTTP, in a thread; it is not what is killed here."""
    with listen() as listener:
        config = uvicorn.Config(relay_app(stage.store), log_level="critical", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        stage.store.stop_waiting()
        thread.join()


def write_until_killed(
    writer: Callable[..., None], words: tuple[str, str], seconds: float
) -> list[str]:
    """Start a process that writes, and kill it; return what it had said."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.kit.desk_writer"])
    mine, its = context.Pipe(duplex=False)
    process = context.Process(target=writer, args=(*words, its), daemon=True)
    process.start()
    its.close()
    said: list[str] = []
    assert mine.poll(60)
    assert mine.recv() == -1
    time.sleep(seconds)
    process.kill()
    process.join()
    with contextlib.suppress(EOFError):
        while mine.poll(1):
            said.append(mine.recv())
    process.close()
    mine.close()
    return said


@pytest.mark.timeout(60 + 10 * KILLS)
def test_desk_loses_nothing_acknowledged_to_kill_9(stage: Rehearsal) -> None:
    rng = random.Random(4)
    stage.desks["first"].stop()
    said: list[str] = []
    folder = str(stage.folder / "first")
    with served(stage) as url:
        for _ in range(KILLS):
            said += write_until_killed(write_notes, (folder, url), rng.uniform(0.01, 0.3))
    desk = stage.unlock("first")
    assert set(said) <= set(notes(desk))
    # The draft is the last that was acknowledged, or one that was kept and not yet said.
    begun = desk.drafts(the_talk(desk)).answer
    assert begun in notes(desk)[notes(desk).index(said[-1]) :]
    hand = Hand(desk, stage.courier(desk))
    hand.sync()
    assert verify_store(desk.journal).findings == ()
    colleague = stage.desks["second"]
    Hand(colleague, stage.courier(colleague)).sync()
    assert notes(colleague) == notes(desk)
    assert {trouble.code for trouble in desk.status().troubles} == set()
    assert len(said) > KILLS


@pytest.mark.timeout(60 + 10 * KILLS)
def test_kill_9_leaves_the_old_passphrase_or_the_new_one(tmp_path: Path) -> None:
    rng, path, key, now = random.Random(5), tmp_path / "keys", b"k" * 32, 0
    keyslots.create(path, str(now), key, SystemRng(), CHEAP)
    for _ in range(KILLS):
        words = (str(path), str(now))
        said = write_until_killed(change_passphrases, words, rng.uniform(0.01, 0.2))
        held = max([now, *map(int, said)])
        opened = [number for number in (held, held + 1) if opens(path, str(number), key)]
        assert len(opened) == 1
        now = opened[0]
    assert now > KILLS


def opens(path: Path, passphrase: str, key: bytes) -> bool:
    """Tell whether a passphrase gives the store's key."""
    with contextlib.suppress(WrongPassphrase):
        return keyslots.unlock(path, passphrase) == key
    return False


# --- a power cut


def cut_power(stage: Rehearsal, seed: int, synchronous: str) -> tuple[int, int]:
    """Run one desk into a power cut; return (acknowledged, lost)."""
    rng = random.Random(seed)
    before, after = stage.folder / f"{seed}-before", stage.folder / f"{seed}-after"
    for folder in (before, after):
        folder.mkdir()
        for name in FILES:
            shutil.copy(stage.folder / "first" / name, folder / name)
    # The cut must see what the disk sees, so it stands below the file system that encrypts.
    system = apsw.vfs_names()[-1] if "unix" not in apsw.vfs_names() else "unix"
    name = f"desk-cut-{seed}-{synchronous}"
    cut = PowerCut(name, rng.randrange(1, 400), rng, base=system)
    said = run_into(stage, before, cut, synchronous)
    cut.unregister()
    cut.restore(after)
    missing = len(set(said) - set(held(stage, after)))
    for folder in (before, after):
        shutil.rmtree(folder)
    return len(said), missing


def run_into(stage: Rehearsal, folder: Path, cut: PowerCut, synchronous: str) -> list[str]:
    """Write notes until the power fails; return those that were durable before."""

    def connect(path: Path, key: bytes) -> apsw.Connection:
        connection = desk_store.connect(path, key, vfs=f"multipleciphers-{cut.name}")
        connection.pragma("synchronous", synchronous)
        return connection

    world = stage.world
    store = Store(folder, keyslots.unlock(folder / "keys", PASSPHRASE), connect)
    desk = Desk(Journal(store, world.clock, world.rng))
    (row, *_), _ = desk.inbox(show="all", start=0, most=1)
    said: list[str] = []
    while not cut.dead.is_set():
        desk.note(row.conversation, str(len(said)))
        if not cut.dead.is_set():
            said.append(str(len(said)))
    desk.stop()
    return said


def held(stage: Rehearsal, folder: Path) -> list[str]:
    """What a desk finds after the cut; its store must be whole."""
    world = stage.world
    desk = Desk.open(folder, PASSPHRASE, clock=world.clock, rng=world.rng)
    try:
        assert verify_store(desk.journal).findings == ()
        return notes(desk)
    finally:
        desk.stop()


@pytest.fixture
def closed(stage: Rehearsal) -> Rehearsal:
    stage.desks.pop("first").stop()
    return stage


@pytest.mark.timeout(120 + 2 * POWER_CUTS)
def test_desk_loses_nothing_acknowledged_to_a_power_cut(closed: Rehearsal) -> None:
    results = [cut_power(closed, seed, "full") for seed in range(POWER_CUTS)]
    assert sum(acknowledged for acknowledged, _ in results) > POWER_CUTS
    assert sum(missing for _, missing in results) == 0


def test_power_cut_finds_a_desk_that_does_not_sync(closed: Rehearsal) -> None:
    missing = 0
    for seed in range(POWER_CUTS):
        with contextlib.suppress(StoreDamaged, apsw.Error, AssertionError):
            missing += cut_power(closed, seed, "off")[1]
        if missing:
            break
    assert missing > 0
