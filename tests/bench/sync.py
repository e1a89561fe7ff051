# SPDX-License-Identifier: AGPL-3.0-or-later
"""A new desk takes an office's log over HTTP; the last line is one JSON object.

100,000 entries from five devices over 200 vaults, three in four commits holding one entry, half of
the entries the hotline's.  `today_s` is from the start, with keys and an empty store, until Today
can be used; `stored_per_s` counts until all entries are durable in the tables; `opened_per_s` is
measured apart, with the log on disk already: read, opened, chains followed, newest signatures
verified.  `words_s` and `signatures_s` follow in the background.  `lost` counts entries and
commits that the desk should have and has not, or holds for false; more than none is a failure.
`stored_ratio` compares the work of storing with bare SQLite that inserts the same frames and
entries, as many a commit; `opened_ratio` that of opening with hashing every frame and decoding
every entry; both in processor time (tests/bench/short.py).
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import hashlib
import json
import math
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import msgpack

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.edges.desk.courier import HttpCourier, Line  # noqa: E402
from safeconduct.edges.desk.engine import afterwards  # noqa: E402
from safeconduct.edges.desk.engine.cold import Cold  # noqa: E402
from safeconduct.edges.desk.engine.journal import Journal  # noqa: E402
from safeconduct.edges.desk.engine.keys import Keychain  # noqa: E402
from safeconduct.edges.desk.engine.opener import Opener, setup_of  # noqa: E402
from safeconduct.edges.desk.engine.sync import Puller  # noqa: E402
from safeconduct.edges.desk.founding import World, new_store  # noqa: E402
from safeconduct.edges.desk.office import Desk  # noqa: E402
from safeconduct.edges.desk.store import Store  # noqa: E402
from safeconduct.rooms.crew import HeldKey  # noqa: E402
from tests.bench.crowd import fill, make_office  # noqa: E402
from tests.bench.short import a_minute, reached, verdict, worked  # noqa: E402
from tests.sim.courier import CHEAP  # noqa: E402

ENTRIES: Final = 100_000
SHORT: Final = 20_000
RUN: Final = 500
ROUNDS: Final = 3
BARE_ROUNDS: Final = 5
LEAST: Final = {"opened_ratio": 0.02, "stored_ratio": 0.025}
REACH: Final = {
    "opened_per_s": (80_000, math.inf),
    "stored_per_s": (10_000, math.inf),
    "today_s": (0, 3),
}
"""What the long form is held to: least and most."""


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    short = parser.parse_args().short
    with a_minute(short=short), tempfile.TemporaryDirectory() as name:
        told = measure(Path(name), SHORT if short else ENTRIES)
    print(json.dumps(told))
    missed = verdict(told, LEAST) if short else reached(told, REACH)
    sys.exit(1 if told["lost"] else missed)


def measure(folder: Path, entries: int) -> dict[str, float]:
    """Build an office, serve it, take it."""
    stage, journals = make_office(folder)
    source = stage.join("newcomer").journal
    wanted = entries + source.store.value("SELECT count(*) FROM entries")
    began = time.perf_counter()
    frames = fill(stage, journals, entries)
    print(f"{frames} frames written in {time.perf_counter() - began:.1f} s", flush=True)
    held = source.keychain.all()
    for desk in stage.desks.values():
        desk.stop()
    stage.store.close()
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.kit.relay_server", str(folder / "relay.db")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        taken = take(folder, source, held, (port, server.pid))
        taken["lost"] += abs(wanted - taken.pop("stored"))
        return {"entries": entries, "frames": frames, **taken}
    finally:
        server.terminate()
        server.wait()


def take(
    folder: Path, source: Journal, held: list[HeldKey], server: tuple[int, int]
) -> dict[str, float]:
    """Sync a new desk with the server at a port, a process of its own, and time it."""
    world = World.real()
    with new_store(folder / "new", "words", World(world.clock, world.rng, CHEAP)) as store:
        return _take(store, world, source, held, server)


def _take(
    store: Store, world: World, source: Journal, held: list[HeldKey], server: tuple[int, int]
) -> dict[str, float]:
    port, process = server
    with store.transaction():
        Keychain(store).add(held)
        store.put_setting("device", source.secrets)
        store.put_setting("place", source.place)
    journal = Journal(store, world.clock, world.rng)
    desk = Desk(journal)
    line = Line(f"http://127.0.0.1:{port}", journal.office)
    puller = Puller(journal, HttpCourier(line, source.place.capability), source.place.relay())
    seen: list[float] = []

    def changed() -> None:
        if not seen and desk.today().waiting:
            seen.append(time.perf_counter() - began)

    journal.changed = changed
    began, before = time.perf_counter(), worked(besides=process)
    puller.pull_log()
    stored, work = time.perf_counter() - began, worked(besides=process) - before
    entries = store.value("SELECT count(*) FROM entries")
    after = background(journal)
    lost = store.value("SELECT count(*) FROM commits WHERE verified = 0 OR state != 0")
    opened, rate, opening = reopen(journal)
    puller.close()
    frames, bodies = contents(journal)
    return {
        "opened_per_s": round(rate),
        "stored_per_s": round(entries / stored),
        "today_s": round(seen[0], 2),
        "opened_ratio": round(bare_opening(frames, bodies) / opening, 3),
        "stored_ratio": round(bare_storing(store.path.parent, frames, bodies) / work, 3),
        "stored_s": round(stored, 2),
        **after,
        "stored": entries,
        "lost": lost + abs(entries - opened),
    }


def background(journal: Journal) -> dict[str, float]:
    """Index words and verify signatures to the end."""
    began = time.perf_counter()
    while afterwards.index_some(journal):
        pass
    words = time.perf_counter() - began
    began = time.perf_counter()
    while afterwards.verify_some(journal):
        pass
    return {"words_s": round(words, 2), "signatures_s": round(time.perf_counter() - began, 2)}


def reopen(journal: Journal) -> tuple[int, float, float]:
    """Open the log on disk some times; return the entries, and the best of rate and work."""
    rounds = [reopen_once(journal) for _ in range(ROUNDS)]
    least = min(entries for entries, *_ in rounds)
    return least, max(rate for _, rate, _ in rounds), min(work for *_, work in rounds)


def reopen_once(journal: Journal) -> tuple[int, float, float]:
    """Open the log that is on disk, as a cold sync does; return entries, rate and work."""
    with journal.store.transaction():
        journal.facts.forget_opened()
    journal.load()
    opener = Opener()
    opener.set_up(setup_of(journal))
    opener.feed(0, [])
    opener.take()
    cold, size = Cold(journal), journal.log.size()
    gc.disable()
    began, before = time.perf_counter(), worked()
    for start in range(0, size, RUN):
        opener.feed(start, journal.log.frames(start, RUN))
        while opener.ready():
            cold.reads += opener.take()
    while opener.owed():
        cold.reads += opener.take()
    counted = cold.check()
    spent, work = time.perf_counter() - began, worked() - before
    gc.enable()
    opener.close()
    entries = sum(len(read.commit.entries) for read in counted if read.commit)
    return entries, entries / spent, work


# --- the barest way to do the same


def contents(journal: Journal) -> tuple[list[bytes], list[bytes]]:
    """Every frame, and every entry's body."""
    frames = journal.log.frames(0, journal.log.size())
    return list(frames), [row[0] for row in journal.store.rows("SELECT body FROM entries")]


def bare_opening(frames: list[bytes], bodies: list[bytes]) -> float:
    """Processor seconds of hashing every frame and decoding every entry."""

    def once() -> None:
        for frame in frames:
            hashlib.sha256(frame).digest()
        for body in bodies:
            msgpack.decode(body)

    return min(took(once) for _ in range(BARE_ROUNDS))


def bare_storing(folder: Path, frames: list[bytes], bodies: list[bytes]) -> float:
    """Processor seconds of inserting the same into bare SQLite, durably, a run a commit."""
    return min(took(lambda: insert(folder, frames, bodies)) for _ in range(BARE_ROUNDS))


def insert(folder: Path, frames: list[bytes], bodies: list[bytes]) -> None:
    """Make a file of frames and bodies."""
    path = folder / "bare.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(
            "PRAGMA journal_mode = wal; PRAGMA synchronous = FULL;"
            "CREATE TABLE frames (no INTEGER PRIMARY KEY, frame BLOB NOT NULL);"
            "CREATE TABLE entries (no INTEGER PRIMARY KEY, body BLOB NOT NULL);"
        )
        for start in range(0, max(len(frames), len(bodies)), RUN):
            connection.execute("BEGIN")
            for table, rows in (("frames", frames), ("entries", bodies)):
                some = [(row,) for row in rows[start : start + RUN]]
                column = "frame" if table == "frames" else "body"
                connection.executemany(f"INSERT INTO {table} ({column}) VALUES (?)", some)
            connection.execute("COMMIT")
    for file in folder.glob("bare.db*"):
        file.unlink()


def took(call: Callable[[], None]) -> float:
    """Processor seconds of one call in this process."""
    began = time.process_time()
    call()
    return time.process_time() - began


if __name__ == "__main__":
    main()
