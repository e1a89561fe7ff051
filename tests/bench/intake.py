# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many sealed messages a relay takes in a second; the last line is one JSON object.

32 senders in this process, each with one message under way, against one server process that syncs
before it answers.  Messages are sealed, and the work that an idle server asks is solved, before
the clock starts.  `ratio_to_bare` compares with one thread that appends the same bytes to SQLite
with `synchronous=FULL`, 32 rows a commit, on the same disk; `full_ratio` compares the same run
against a store that already holds 1,000,000 items (100,000 with `--short`) with the empty one.
Afterwards every receipt is held against the stored item and the tree is computed anew.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import math
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import uvloop

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.edges.relay.keyfile import key_path  # noqa: E402
from safeconduct.edges.relay.store import RelayStore  # noqa: E402
from safeconduct.edges.relay.trees import INTAKE, Append, Row, tree_number  # noqa: E402
from safeconduct.kernel.log.merkle import leaf_hash, root_of  # noqa: E402
from safeconduct.kernel.seal.lock import SealingPublicKey, seal_to  # noqa: E402
from safeconduct.kernel.seal.unlock import SealingKey  # noqa: E402
from safeconduct.kernel.wire.bodies import Submission, Terms, parse_receipt, write_body  # noqa: E402
from safeconduct.kernel.wire.work import item_payload, solve_work  # noqa: E402
from safeconduct.kernel.words import Instant  # noqa: E402
from tests.bench.short import a_minute, reached, verdict  # noqa: E402
from tests.kit.relay import Kept, Office, keep, plenty  # noqa: E402

LEAST: Final = {"ratio_to_bare": 0.05, "full_ratio": 0.35}
REACH: Final = {
    "accepted_per_s": (1_500, math.inf),
    "ratio_to_bare": (0.05, math.inf),
    "p99_ms": (0, 150),
    "full_ratio": (0.8, math.inf),
}
"""What the long form is held to: least and most."""
SENDERS: Final = 32
MESSAGE: Final = 1024
ROWS_A_COMMIT: Final = 32
OFFICE: Final = Office()
SHORT_COUNT: Final = 12_000
LONG_COUNT: Final = 20_000
SHORT_FILL: Final = 100_000
LONG_FILL: Final = 1_000_000
FILL_BATCH: Final = 2_000


@dataclass
class Run:
    """What came of sending all messages once."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    receipts: list[bytes] = field(default_factory=list)
    failures: int = 0

    @property
    def rate(self) -> float:
        """Accepted messages a second."""
        return len(self.receipts) / self.seconds

    def wait_ms(self, share: float) -> float:
        """The wait for a receipt that this share of senders did not exceed."""
        ordered = sorted(self.waits)
        return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000, 1)


def main() -> int:
    """Run and print; return 1 when something was lost or refused, or a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="at most a minute; ratios only")
    short = parser.parse_args().short
    count, fill = (SHORT_COUNT, SHORT_FILL) if short else (LONG_COUNT, LONG_FILL)
    (ROOT / "build").mkdir(exist_ok=True)
    inside = tempfile.TemporaryDirectory(dir=ROOT / "build")
    with a_minute(short=short), inside as folder:
        fields = measure(Path(folder), count, fill)
    shown = ("failures", "ratio_to_bare", "full_ratio") if short else tuple(fields)
    print(json.dumps({name: fields[name] for name in shown}))
    missed = verdict(fields, LEAST) if short else reached(fields, REACH)
    return int(fields["failures"] > 0) or missed


def measure(folder: Path, count: int, fill: int) -> dict[str, float]:
    """Return the fields of the benchmark."""
    empty, full = folder / "empty.db", folder / "full.db"
    prepare(full, fill)
    shutil.copy(key_path(full), key_path(empty))
    work = prepare(empty, 0)
    bodies = build(work, count)
    bare = bare_rate(folder / "bare.db", [body.item for body in bodies])
    tell(f"{count} messages of {len(bodies[0].item)} bytes, bare {bare:.0f}/s")
    first, second = (send(path, bodies) for path in (empty, full))
    lost = losses(empty, first, bodies) + losses(full, second, bodies)
    return {
        "accepted_per_s": round(first.rate),
        "failures": first.failures + second.failures + lost,
        "ratio_to_bare": round(first.rate / bare, 3),
        "p50_ms": first.wait_ms(0.5),
        "p99_ms": first.wait_ms(0.99),
        "full_ratio": round(second.rate / first.rate, 2),
    }


def tell(line: str) -> None:
    """Say how it goes, beside the line of JSON."""
    print(line, file=sys.stderr, flush=True)


# --- before the clock


def prepare(path: Path, fill: int) -> Terms:
    """Found an office on a new relay, fill its intake, and return the work that is asked idle."""
    with RelayStore(path, probe=plenty) as store:
        kept = keep(store, OFFICE)
        work = kept.public.terms().work
        started = time.perf_counter()
        for start in range(0, fill, FILL_BATCH):
            append_noise(kept, range(start, min(start + FILL_BATCH, fill)))
        if fill:
            tell(f"{fill} items stored before, {fill / (time.perf_counter() - started):.0f}/s")
    return work


def append_noise(kept: Kept, places: range) -> None:
    """Store items that nobody sent, of the size of those that will be."""
    filling = os.urandom(MESSAGE + 1137)
    items = [OFFICE.item(place.to_bytes(8, "big") + filling) for place in places]
    rows = [Row.of_item(item, item_payload(item), Instant(1)) for item in items]
    parts = kept.store.parts
    number = parts.offices.find(OFFICE.office).number
    append = Append(tree_number(number, INTAKE), rows)
    parts.database.write_batched(parts.trees.append, append)


def build(work: Terms, count: int) -> list[Submission]:
    """Seal all messages and solve their work, on every core."""
    started = time.perf_counter()
    cores = os.cpu_count() or 1
    shares = [(work, range(core, count, cores)) for core in range(cores)]
    with ProcessPoolExecutor(cores) as pool:
        bodies = [body for share in pool.map(build_share, shares) for body in share]
    tell(f"sealed and solved in {time.perf_counter() - started:.0f} s")
    return bodies


def build_share(share: tuple[Terms, range]) -> list[Submission]:
    """Seal each message to the office, as from a mailbox of its own."""
    work, places = share
    key = SealingPublicKey.parse(SealingKey.from_seed(bytes(32)).public.raw)
    context = OFFICE.office + (1).to_bytes(4, "big")
    bodies = []
    for place in places:
        letter = hashlib.sha512(place.to_bytes(8, "big")).digest().ljust(MESSAGE, b".")
        item = OFFICE.item(seal_to(key, "intake", context, letter))
        nonce = solve_work(work.seed, item_payload(item), work.message_bits)
        bodies.append(Submission(work.seed, nonce, item))
    return bodies


def bare_rate(path: Path, items: list[bytes]) -> float:
    """Return how many of the same rows one thread stores in a second, 32 a commit."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = wal; PRAGMA synchronous = FULL;"
        "CREATE TABLE items (number INTEGER PRIMARY KEY, item BLOB NOT NULL);"
    )
    started = time.perf_counter()
    for start in range(0, len(items), ROWS_A_COMMIT):
        rows = [(item,) for item in items[start : start + ROWS_A_COMMIT]]
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO items (item) VALUES (?)", rows)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - started
    connection.close()
    return len(items) / seconds


# --- under the clock


def send(path: Path, bodies: list[Submission]) -> Run:
    """Start a server on a store and send it everything once."""
    address = f"/v1/{OFFICE.office.hex()}/intake"
    requests = []
    for body in bodies:
        raw = write_body(body)
        head = f"POST {address} HTTP/1.1\r\nHost: relay\r\nContent-Length: {len(raw)}\r\n\r\n"
        requests.append(head.encode() + raw)
    with server(path) as port:
        run = uvloop.run(send_all(port, requests))
    tell(f"{path.stem}: {run.rate:.0f}/s, p99 {run.wait_ms(0.99)} ms")
    return run


@contextmanager
def server(path: Path) -> Iterator[int]:
    """One server process; gives its port."""
    command = [sys.executable, "-m", "tests.kit.relay_server", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def send_all(port: int, requests: list[bytes]) -> Run:
    """Send with 32 senders, each waiting for its receipt before it sends again."""
    run = Run()
    waiting = iter(requests)
    senders = [await asyncio.open_connection("127.0.0.1", port) for _ in range(SENDERS)]
    started = time.perf_counter()
    await asyncio.gather(*(sender(run, waiting, *streams) for streams in senders))
    run.seconds = time.perf_counter() - started
    return run


async def sender(
    run: Run,
    waiting: Iterator[bytes],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    """Send what waits until nothing does."""
    for request in waiting:
        sent = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        run.waits.append(time.perf_counter() - sent)
        if head.startswith(b"HTTP/1.1 200 "):
            run.receipts.append(body)
        else:
            run.failures += 1
    writer.close()


# --- after the clock


def losses(path: Path, run: Run, bodies: list[Submission]) -> int:
    """Return how many receipts do not stand for a stored item; check the whole tree."""
    by_hash = {hashlib.sha256(body.item).digest(): body.item for body in bodies}
    with RelayStore(path, probe=plenty) as store:
        parts = store.parts
        tree = tree_number(parts.offices.find(OFFICE.office).number, INTAKE)
        reader = parts.database.reader()
        stored = dict(reader.execute("SELECT id, body FROM entries WHERE id >> 40 = ?", (tree,)))
        receipts = [parse_receipt(receipt) for receipt in run.receipts]
        places = {receipt.index for receipt in receipts}
        lost = len(receipts) - len(places)
        for receipt in receipts:
            lost += stored.get(tree << 40 | receipt.index) != by_hash[receipt.hash]
        leaves = (leaf_hash(item_payload(stored[number])) for number in sorted(stored))
        lost += root_of(leaves) != parts.trees.standing(reader, tree).root()
    return lost


if __name__ == "__main__":
    sys.exit(main())
