# SPDX-License-Identifier: AGPL-3.0-or-later
"""A new desk takes an office's log over HTTP; the last line is one JSON object.

100,000 entries from five devices over 200 vaults, three in four commits holding one entry, half of
the entries the hotline's.  `today_s` is from the start, with keys and an empty store, until Today
can be used; `stored_per_s` counts until all entries are durable in the tables; `opened_per_s` is
measured apart, with the log on disk already: read, opened, chains followed, newest signatures
verified.  `words_s` and `signatures_s` follow in the background.  `lost` counts entries and
commits that the desk should have and has not, or holds for false; more than none is a failure.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.edges.desk import engine_afterwards as afterwards  # noqa: E402
from safeconduct.edges.desk.courier import HttpCourier, Line  # noqa: E402
from safeconduct.edges.desk.engine_cold import Cold  # noqa: E402
from safeconduct.edges.desk.engine_journal import Journal  # noqa: E402
from safeconduct.edges.desk.engine_keys import Keychain  # noqa: E402
from safeconduct.edges.desk.engine_opener import Opener, setup_of  # noqa: E402
from safeconduct.edges.desk.engine_sync import Puller  # noqa: E402
from safeconduct.edges.desk.founding import World, new_store  # noqa: E402
from safeconduct.edges.desk.office import Desk  # noqa: E402
from safeconduct.edges.desk.store import Store  # noqa: E402
from safeconduct.rooms.crew import HeldKey  # noqa: E402
from tests.bench.crowd import fill, make_office  # noqa: E402
from tests.sim.courier import CHEAP  # noqa: E402

ENTRIES: Final = 100_000
SHORT: Final = 20_000
RUN: Final = 500


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    entries = SHORT if parser.parse_args().short else ENTRIES
    with tempfile.TemporaryDirectory() as name:
        told = measure(Path(name), entries)
    print(json.dumps(told))
    sys.exit(1 if told["lost"] else 0)


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
        taken = take(folder, source, held, port)
        taken["lost"] += abs(wanted - taken.pop("stored"))
        return {"entries": entries, "frames": frames, **taken}
    finally:
        server.terminate()
        server.wait()


def take(folder: Path, source: Journal, held: list[HeldKey], port: int) -> dict[str, float]:
    """Sync a new desk and time it."""
    world = World.real()
    with new_store(folder / "new", "words", World(world.clock, world.rng, CHEAP)) as store:
        return _take(store, world, source, held, port)


def _take(
    store: Store, world: World, source: Journal, held: list[HeldKey], port: int
) -> dict[str, float]:
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
    began = time.perf_counter()
    puller.pull_log()
    stored = time.perf_counter() - began
    entries = store.value("SELECT count(*) FROM entries")
    after = background(journal)
    lost = store.value("SELECT count(*) FROM commits WHERE verified = 0 OR state != 0")
    opened, rate = reopen(journal)
    puller.close()
    return {
        "opened_per_s": round(rate),
        "stored_per_s": round(entries / stored),
        "today_s": round(seen[0], 2),
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


def reopen(journal: Journal) -> tuple[int, float]:
    """Open the log that is on disk, as a cold sync does; return how many entries, and the rate."""
    with journal.store.transaction():
        journal.facts.forget_opened()
    journal.load()
    opener = Opener()
    opener.set_up(setup_of(journal))
    opener.feed(0, [])
    opener.take()
    cold, size = Cold(journal), journal.log.size()
    gc.disable()
    began = time.perf_counter()
    for start in range(0, size, RUN):
        opener.feed(start, journal.log.frames(start, RUN))
        while opener.ready():
            cold.reads += opener.take()
    while opener.owed():
        cold.reads += opener.take()
    counted = cold.check()
    spent = time.perf_counter() - began
    opener.close()
    entries = sum(len(read.commit.entries) for read in counted if read.commit)
    return entries, entries / spent


if __name__ == "__main__":
    main()
