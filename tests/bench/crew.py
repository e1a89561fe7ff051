# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long new keys take after a removal, and how long a new device opens all of an office.

An office of 20 devices: its key, six vaults and two teams that every device holds, and six vaults
of each of 1,000 cases, which hang on one of the teams.  One device is gone that could open all.
`rotate_ms` from the plan until its parcels are durable at the relay (in this process), the new keys
in the store of the desk that rotates, and the facts, signed, in its outbox.  `bytes` counts these
parcels and the frames of the facts, which is all that has to be sent.
`unwrap_ms` is for a new device that is given the office with its history, when it has the parcels,
one from the opening of each case and those of the rotation: until all keys are durable in its
store.  Both are the median of some rounds.
`lost` counts keys that a colleague or the new device should have and has not, and those that open
for the device that is gone; more than none is a failure.  `rotate_ratio` and `unwrap_ratio` compare
the work with bare SQLite that keeps the same parcels, frames and keys, in processor time
(tests/bench/short.py).  Then the server is carried away (tests/bench/reseed.py), a desk is locked
(tests/bench/lock.py), and case files are opened (tests/bench/opening.py).  The last line is one
JSON object.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.edges.desk.engine.journal import Journal  # noqa: E402
from safeconduct.edges.desk.engine.keys import Keychain  # noqa: E402
from safeconduct.edges.desk.engine.pen import crew_fact  # noqa: E402
from safeconduct.edges.desk.founding import new_store  # noqa: E402
from safeconduct.kernel.errors import SafeconductError  # noqa: E402
from safeconduct.kernel.journal import VaultEpoch  # noqa: E402
from safeconduct.kernel.seal.lock import SharedKey  # noqa: E402
from safeconduct.kernel.seal.unlock import SealingKey  # noqa: E402
from safeconduct.kernel.words import DeviceId, VaultId  # noqa: E402
from safeconduct.rooms import crew  # noqa: E402
from safeconduct.rooms.crew import Act, EpochOpened, KeysGranted, Reader, VaultOpened  # noqa: E402
from safeconduct.rooms.crew.vaults import OFFICE_KEY  # noqa: E402
from tests.bench.crowd import SystemBytes  # noqa: E402
from tests.bench.lock import locking  # noqa: E402
from tests.bench.opening import openings  # noqa: E402
from tests.bench.reseed import drill  # noqa: E402
from tests.bench.short import a_minute, reached, verdict  # noqa: E402
from tests.kit.vaults import Desk, Keys, VaultWorld  # noqa: E402
from tests.sim.courier import PASSPHRASE, Rehearsal  # noqa: E402

DEVICES: Final = 20
CASES: Final = 1_000
TEAMS: Final = 2
ROOTS: Final = ("stewards", "houses", "roads", "abroad")
PARTS: Final = ("identity", "contact", "journey", "testimony", "legal", "health")
ROUNDS: Final = 15
SHORT: Final = 5
OFFICE: Final = (10_000, 50)
FEW: Final = (600, 10)
"""Entries, and people who wait, of an office whose server is carried away."""
MANY: Final = 240
NOT_SO_MANY: Final = 120
"""Case files that are opened one after the other."""
LOCKED: Final = 9
SOME: Final = 2
"""How often a desk is locked."""
REACH: Final = {
    "rotate_ms": (0, 150),
    "bytes": (0, 500_000),
    "unwrap_ms": (0, 200),
    "reseed_s": (0, 60),
    "drill_s": (0, 600),
    "lock_ms": (0, 200),
}
"""What the long form is held to: least and most."""
LEAST: Final = {
    "rotate_ratio": 0.1,
    "unwrap_ratio": 0.18,
    "open_case_ratio": 0.33,
    "reseed_ratio": 0.009,
    "lock_ratio": 0.1,
}
KEY_ROW: Final = "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?)"
Named = EpochOpened | KeysGranted


@dataclass
class Round:
    """What one round took, by the clock and of the processor, and what it kept."""

    seconds: float
    work: float
    blobs: list[bytes]
    keys: Keys
    bare: float = 0


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    short = parser.parse_args().short
    with a_minute(short=short), tempfile.TemporaryDirectory() as name:
        told = measure(Path(name), SHORT if short else ROUNDS)
        figures, lost = drill(Path(name) / "server", *(FEW if short else OFFICE))
        locked, shut = locking(Path(name) / "locked", SOME if short else LOCKED)
        opened = openings(Path(name) / "cases", NOT_SO_MANY if short else MANY)
    told |= figures | locked | opened | {"lost": told["lost"] + lost + shut}
    print(json.dumps(told))
    missed = verdict(told, LEAST) if short else reached(told, REACH)
    sys.exit(1 if told["lost"] else missed)


def measure(folder: Path, rounds: int) -> dict[str, float]:
    """Let some offices remove a device each, and another one come."""
    done = [one_office(folder / str(number)) for number in range(rounds)]
    rotations, arrivals = [told[0] for told in done], [told[1] for told in done]
    return {
        "rotate_ms": milliseconds(rotations),
        "bytes": max(told[3] for told in done),
        "unwrap_ms": milliseconds(arrivals),
        "rotate_ratio": ratio(rotations),
        "unwrap_ratio": ratio(arrivals),
        "lost": sum(told[2] for told in done),
    }


def one_office(folder: Path) -> tuple[Round, Round, int, int]:
    """Build an office, remove a device, let another one come; count what is lost, and bytes."""
    folder.mkdir()
    gc.collect()
    with Rehearsal(folder) as stage:
        journal = stage.found().journal
        world = office_of(journal)
        gone = max(set(world.sealing) - {journal.device})
        could = world.reads(gone)
        world.gone.add(gone)
        rotation, acts = rotate(stage, journal, world)
        lost = lost_of(world, gone, could, acts)
        arrival = arrive(folder / "new", world, stage)
        lost += sum(arrival.keys.get(where) != key for where, key in world.keys.items())
    sent = sum(map(len, rotation.blobs))
    for done in (rotation, arrival):
        done.bare = insert(folder / "bare.db", done)
        # What is kept here for no use would be gone over in the next office's time.
        done.blobs, done.keys = [], {}
    return rotation, arrival, lost, sent


def office_of(journal: Journal) -> VaultWorld:
    """The office with all that hangs on it; the desk that founded it holds every key."""
    chain = journal.keychain
    keys = {VaultEpoch(OFFICE_KEY, epoch): key for epoch, key in chain.office.items()}
    own = journal.secrets.sealing_key()
    first = Desk(journal.office, journal.crew_vault, journal.device, own, keys | chain.vaults)
    world = VaultWorld(DEVICES - 1, "bench", first)
    world.rng = SystemBytes()
    teams = [world.open("team", world.sealing) for _ in range(TEAMS)]
    for kind in ROOTS:
        world.open(kind, world.sealing)
    vaults = world.vaults()
    for case in range(CASES):
        team = teams[case % TEAMS]
        openings = {VaultOpened(world.rng.bytes(16), kind, (team,), 1): () for kind in PARTS}
        world.do(crew.open_vaults(world.circle, openings, vaults, world.keys, world.rng))
    chain.add(crew.held_keys(world.keys))
    return world


@contextlib.contextmanager
def collector_rests() -> Iterator[None]:
    """Keep the garbage collector away: it looks most of all at the world that is drawn here."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def rotate(stage: Rehearsal, journal: Journal, world: VaultWorld) -> tuple[Round, list[Act]]:
    """Let the desk rotate what is exposed; the world is as before, until its acts are done."""
    vaults, held = list(world.vaults().values()), dict(world.keys)
    courier = stage.courier(stage.desks["first"])
    signer = (journal.device, journal.secrets.signing_key())
    sent = journal.store.value("SELECT max(sequence) FROM outbox") or 0
    with collector_rests():
        began, before = time.perf_counter(), time.process_time()
        plan = crew.plan_rotation(world.circle, vaults, held, world.rng)
        for act in plan.acts:
            courier.put_parcel(act.parcel)
            journal.keychain.add(crew.held_keys(act.keys))
            facts = [crew_fact(told.vault, told.fact, journal.office, signer) for told in act.facts]
            journal.write(facts)
        seconds, work = time.perf_counter() - began, time.process_time() - before
    query = "SELECT frame FROM outbox WHERE sequence > ?"
    frames = [row[0] for row in journal.store.rows(query, (sent,))]
    fresh = {where: key for act in plan.acts for where, key in act.keys.items()}
    blobs = [act.parcel for act in plan.acts] + frames
    return Round(seconds, work, blobs, fresh), list(plan.acts)


def lost_of(world: VaultWorld, gone: DeviceId, could: Keys, acts: Iterable[Act]) -> int:
    """Do a rotation; count what a colleague lacks, and what the device that is gone opens."""
    opened = 0
    for act in acts:
        world.do(act)
        opened += opens(act.parcel, world, gone, could)
    colleague = min(set(world.sealing) - {gone})
    return opened + len(world.vaults().keys() - world.newest(world.reads(colleague)))


def opens(parcel: bytes, world: VaultWorld, gone: DeviceId, could: Keys) -> int:
    """Count the wraps of a parcel that open with a device's own key and those it holds."""
    count = 0
    with contextlib.suppress(SafeconductError):
        crew.open_parcel(parcel, world.office, world.sealing[gone])
        count += 1
    for key in could.values():
        with contextlib.suppress(SafeconductError):
            crew.open_team_parcel(parcel, world.office, SharedKey(key))
            count += 1
    return count


def arrive(folder: Path, world: VaultWorld, stage: Rehearsal) -> Round:
    """Let a new device take everything into an empty store."""
    device, sealing = DeviceId(os.urandom(16)), SealingKey.from_seed(os.urandom(32))
    circle = replace(world.circle, devices={device: sealing.public})
    vaults = world.vaults()
    roots = [vault for vault in vaults.values() if not vault.parents]
    keys = crew.choose(world.keys, roots, history=True)
    admission = crew.give(circle, keys, crew.Recipients([device], {}), vaults, world.rng)
    grants = [(told.fact, admission.parcel) for told in admission.facts]
    grants += [
        (told.fact, world.parcels[told.fact.parcel])
        for _, told in world.told
        if isinstance(told.fact, KeysGranted) and told.fact.teams
    ]
    with new_store(folder, PASSPHRASE, stage.world) as store, collector_rests():
        keychain, held = Keychain(store), dict[VaultEpoch, bytes]()
        began, before = time.perf_counter(), time.process_time()
        for fact, parcel in grants:
            assert isinstance(fact, Named)
            held |= crew.take(fact, parcel, Reader(world.office, device, sealing, held))
        keychain.add(crew.held_keys(held))
        seconds, work = time.perf_counter() - began, time.process_time() - before
        kept = {VaultEpoch(VaultId(key.id), key.epoch): key.key for key in Keychain(store).all()}
    return Round(seconds, work, [], kept)


# --- the barest way to do the same


def ratio(rounds: list[Round]) -> float:
    """The work of bare SQLite against ours; of several rounds the best."""
    return round(min(done.bare for done in rounds) / min(done.work for done in rounds), 3)


def insert(path: Path, done: Round) -> float:
    """Processor seconds of keeping what a round kept, durably."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(
            "PRAGMA journal_mode = wal; PRAGMA synchronous = FULL;"
            "CREATE TABLE blobs (blob BLOB NOT NULL);"
            "CREATE TABLE held (kind TEXT, id BLOB, epoch INTEGER, key BLOB,"
            " PRIMARY KEY (kind, id, epoch)) WITHOUT ROWID;"
        )
        before = time.process_time()
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO blobs VALUES (?)", [(blob,) for blob in done.blobs])
        rows = (("vault", where.vault, where.epoch, key) for where, key in done.keys.items())
        connection.executemany(KEY_ROW, rows)
        connection.execute("COMMIT")
        work = time.process_time() - before
    for file in path.parent.glob("bare.db*"):
        file.unlink()
    return work


def milliseconds(rounds: list[Round]) -> float:
    """The median of the clock."""
    return round(statistics.median(done.seconds for done in rounds) * 1_000, 1)


if __name__ == "__main__":
    main()
