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
from typing import Any

import apsw
import pytest
import uvicorn

from safeconduct.edges.desk import keyslots, two_files
from safeconduct.edges.desk import store as desk_store
from safeconduct.edges.desk.audit_api import PART_READ
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import openings, readings
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.own_keys import sealing_keys
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import Store, StoreDamaged
from safeconduct.edges.desk.two_files import PAIR
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.edges.relay.web import relay_app
from safeconduct.kernel.errors import WrongPassphrase
from safeconduct.kernel.words import ConversationId
from safeconduct.rooms.cases import Part
from tests.kit.desk_writer import (
    CHEAP,
    change_passphrases,
    looked_at_with,
    open_cases,
    take_own_keys,
    write_notes,
)
from tests.kit.patience import PATIENCE
from tests.kit.powercut import PowerCut
from tests.kit.relay_server import listen
from tests.sim.courier import PASSPHRASE, Rehearsal
from tests.sim.steps import Hand, Person

KILLS = int(os.environ.get("SAFECONDUCT_KILLS", "8")) * 3 // 4
POWER_CUTS = int(os.environ.get("SAFECONDUCT_POWER_CUTS", "60"))
FILES = ("keys", *PAIR)


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


def reports(desk: Desk) -> tuple[set[bytes], set[bytes]]:
    """Return what a desk reported that somebody looked at, and what it is still to report."""
    store, due = desk.journal.store, set[bytes]()
    told = openings.looked_at(store, desk.device)
    while (fact := openings.due(desk.journal)) is not None:
        due |= set(fact.conversations)
        openings.told(store, fact)
    return told, due


def read_parts(desk: Desk) -> tuple[set[tuple[str, Part]], set[tuple[str, Part]]]:
    """Return of which parts a desk told that somebody looked at them, and of which it will."""
    due = {fact.vault for fact in readings.waiting(desk.journal)}
    files, _ = desk.cases.files(start=0, most=9_999)
    told, waiting = set[tuple[str, Part]](), set[tuple[str, Part]]()
    for file in files:
        for one in file.parts:
            found, _ = desk.cases.reported(file.id, one.part, start=0, most=99)
            if any(report.kind == PART_READ for report in found):
                told.add((file.id.hex(), one.part))
            if one.vault in due:
                waiting.add((file.id.hex(), one.part))
    return told, waiting


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
    writer: Callable[..., None], words: tuple[str, str], seconds: float, *, after: int = 0
) -> list[Any]:
    """Start a process that writes, and kill it; return what it had said.

    The seconds count from when it has said so much `after` it began: then it has come so far
    however slow the machine is.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.kit.desk_writer"])
    mine, its = context.Pipe(duplex=False)
    process = context.Process(target=writer, args=(*words, its), daemon=True)
    process.start()
    its.close()
    said: list[Any] = []
    assert mine.poll(PATIENCE)
    assert mine.recv() == -1
    while len(said) < after and mine.poll(PATIENCE):
        said.append(mine.recv())
    time.sleep(seconds)
    process.kill()
    process.join()
    with contextlib.suppress(EOFError):
        while mine.poll(1):
            said.append(mine.recv())
    process.close()
    mine.close()
    return said


@pytest.mark.timeout(600 + 10 * KILLS)
def test_desk_loses_nothing_acknowledged_to_kill_9(stage: Rehearsal) -> None:
    rng = random.Random(4)
    stage.desks["first"].stop()
    said: list[str] = []
    folder = str(stage.folder / "first")
    with served(stage) as url:
        for turn in range(KILLS):
            seconds, after = rng.uniform(0.01, 0.3), (turn + 1) % 2
            said += write_until_killed(write_notes, (folder, url), seconds, after=after)
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
    assert len(said) >= KILLS // 2
    told, due = reports(desk)
    assert {looked_at_with(text) for text in said} <= told | due
    assert told
    assert not told & due


@pytest.mark.timeout(600 + 10 * KILLS)
def test_case_files_are_whole_after_kill_9_and_none_that_was_opened_is_lost(
    stage: Rehearsal,
) -> None:
    rng = random.Random(5)
    stage.desks["first"].stop()
    said: list[str] = []
    folder = str(stage.folder / "first")
    with served(stage) as url:
        for turn in range(KILLS):
            seconds, after = rng.uniform(0.01, 0.5), 4 * ((turn + 1) % 2)
            said += write_until_killed(open_cases, (folder, url), seconds, after=after)
    desk = stage.unlock("first")
    Hand(desk, stage.courier(desk)).sync()
    files, total = desk.cases.files(start=0, most=1_000)
    assert total == len(files) > 0
    assert {len(file.parts) for file in files} == {6}
    noted = {file.id.hex() for file in files for part in file.parts if part.notes}
    opened = {file.id.hex() for file in files}
    assert {one for one in said if len(one) == 32} <= opened
    assert {one.removesuffix(" noted") for one in said if one.endswith(" noted")} <= noted
    looked = {one.removesuffix(" looked at") for one in said if one.endswith(" looked at")}
    told, due = read_parts(desk)
    assert {(one, part) for one in looked for part in Part} <= told | due
    assert told.isdisjoint(due)
    assert told
    assert verify_store(desk.journal).findings == ()
    assert {trouble.code for trouble in desk.status().troubles} == set()


@pytest.mark.timeout(600 + 10 * KILLS)
def test_kill_9_leaves_no_desk_without_the_key_that_is_sealed_to_it(tmp_path: Path) -> None:
    rng, said = random.Random(6), list[bytes]()
    with Rehearsal(tmp_path) as stage:
        stage.found().stop()
        with served(stage) as url:
            words = (str(tmp_path / "first"), url)
            for turn in range(KILLS):
                # What it says first may be the key that it had; the next is one that was sent.
                seconds, after = rng.uniform(0.01, 0.3), 2 * ((turn + 1) % 2)
                fresh = write_until_killed(take_own_keys, words, seconds, after=after)
                desk = stage.unlock("first")
                held = {key.public.raw for key in sealing_keys(desk.journal)}
                assert desk.journal.keys.sealing()[desk.device].raw in held
                told = [one.fact.sealing for one in desk.journal.keys.facts().rotated]
                member = desk.roster().members[desk.device]
                assert {*fresh} <= {member.device.sealing.raw, *told}
                desk.stop()
                said += fresh
        desk = stage.unlock("first")
        Hand(desk, stage.courier(desk)).sync()
        assert len(sealing_keys(desk.journal)) == 1
        assert verify_store(desk.journal).findings == ()
    assert len(set(said)) >= KILLS // 2


@pytest.mark.timeout(600 + 10 * KILLS)
def test_kill_9_leaves_the_old_passphrase_or_the_new_one(tmp_path: Path) -> None:
    rng, path, key, now = random.Random(5), tmp_path / "keys", b"k" * 32, 0
    keyslots.create(path, str(now), key, SystemRng(), CHEAP)
    for turn in range(KILLS):
        words, seconds = (str(path), str(now)), rng.uniform(0.03, 0.6)
        said = write_until_killed(change_passphrases, words, seconds, after=(turn + 1) % 2)
        held = max([now, *map(int, said)])
        opened = [number for number in (held, held + 1) if opens(path, str(number), key)]
        assert len(opened) == 1
        now = opened[0]
    assert now >= KILLS // 2


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
def closed(stage: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> Rehearsal:
    """The first desk is closed, and its two stores are made and filled up by small steps."""
    monkeypatch.setattr(two_files, "STEP", 256 << 10)
    stage.desks.pop("first").stop()
    settle(stage.folder / "first", SystemRng())
    return stage


@pytest.mark.timeout(600 + 2 * POWER_CUTS)
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
