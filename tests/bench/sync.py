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
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
from tests.bench.crowd import fill, join, make_office  # noqa: E402
from tests.bench.short import a_minute, reached, verdict, worked  # noqa: E402
from tests.sim.courier import CHEAP  # noqa: E402

ENTRIES: Final = 100_000
SHORT: Final = 20_000
RUN: Final = 500
ROUNDS: Final = 3
BARE_ROUNDS: Final = 5
LEAST: Final = {"opened_ratio": 0.02, "stored_ratio": 0.04}
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
    source = join(stage, "newcomer", journals[0])
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


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A new desk that has its keys and nothing else, and the server process that it syncs with."""

    store: Store
    journal: Journal
    puller: Puller
    server: int

    def pull(self) -> float:
        """Take the log; return the processor seconds, the server's left out."""
        before = worked(besides=self.server)
        self.puller.pull_log()
        return worked(besides=self.server) - before

    def ratio(self, work: float) -> float:
        """Hold that work to the bare storing of the same, right after it."""
        return bare_storing(self.store.path.parent, *contents(self.journal)) / work


@contextlib.contextmanager
def newcomer(
    folder: Path, source: Journal, held: list[HeldKey], server: tuple[int, int]
) -> Iterator[Newcomer]:
    """Make a desk that syncs with the server at a port, a process of its own."""
    world = World.real()
    port, process = server
    with new_store(folder, "words", World(world.clock, world.rng, CHEAP)) as store:
        with store.transaction():
            Keychain(store).add(held)
            store.put_setting("device", source.secrets)
            store.put_setting("place", source.place)
        journal = Journal(store, world.clock, world.rng)
        line = Line(f"http://127.0.0.1:{port}", journal.office)
        courier = HttpCourier(line, source.place.capability)
        with contextlib.closing(Puller(journal, courier, source.place.relay())) as puller:
            yield Newcomer(store, journal, puller, process)


def take(
    folder: Path, source: Journal, held: list[HeldKey], server: tuple[int, int]
) -> dict[str, float]:
    """Sync new desks with the server and time the last; of the ratio say the middle of all."""
    ratios = []
    for number in range(1, ROUNDS):
        with newcomer(folder / f"new-{number}", source, held, server) as new:
            ratios.append(new.ratio(new.pull()))
    with newcomer(folder / "new", source, held, server) as new:
        return _take(new, ratios)


def _take(new: Newcomer, ratios: list[float]) -> dict[str, float]:
    store, journal = new.store, new.journal
    desk = Desk(journal)
    seen: list[float] = []

    def changed() -> None:
        if not seen and desk.today().waiting:
            seen.append(time.perf_counter() - began)

    journal.changed = changed
    began = time.perf_counter()
    work = new.pull()
    stored = time.perf_counter() - began
    ratios.append(new.ratio(work))
    entries = store.value("SELECT count(*) FROM entries")
    after = background(journal)
    lost = store.value("SELECT count(*) FROM commits WHERE verified = 0 OR state != 0")
    opened, rate, opening = reopen(journal)
    frames, bodies = contents(journal)
    return {
        "opened_per_s": round(rate),
        "stored_per_s": round(entries / stored),
        "today_s": round(seen[0], 2),
        "opened_ratio": round(bare_opening(frames, bodies) / opening, 3),
        "stored_ratio": round(statistics.median(ratios), 3),
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
