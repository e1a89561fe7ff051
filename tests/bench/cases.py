# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a desk takes that holds many case files; the last line is one JSON object.

20,000 case files with 100,000 persons, 200,000 texts of 2 KB and 20,000 incidents, all of whose
parts this desk holds, opened in a fresh process.
`search_*_p95_ms` is a search with its newest 50 hits as pages show them, and how many there are or
that they are more than 1,000: a surname that few bear (`rare`), two words (`two`), a given name
that many bear (`common`), a word that stands in 99 of 100 texts (`most`), and a surname that is
written in Cyrillic and asked in Latin letters (`script`).
`open_p95_ms` is the page of a case file until it is rendered, `save_p95_ms` a sheet of which one
field is changed until that is durable, `unlock_ms` from the store's key until the desk can be asked
for its case files, `peak_mb` the most memory of the process after all of it, `fill_s` how long it
took to write.
`lists_s` is reading what all cases hold for lists over them, once; `alike_s` is comparing the names
of all, up to a minute, after which `alike_left` case files are left to a desk's thread.
`view_*_p95_ms` are the pages of such lists, each after a case was written into.
`lost` counts what was written and is not found; more than none is a failure.
`*_work_ms` are the same in processor time.
`--short` takes a hundredth, `--share` another part, and `--cases` puts all into so many case files.
`search_ratio` and `most_ratio` compare searches with the bare FTS5 query for the same words,
`save_ratio` a save with bare SQLite that keeps the same frame, in processor time
(tests/bench/short.py).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.edges.desk import keyslots  # noqa: E402
from safeconduct.edges.desk.engine.journal import Journal  # noqa: E402
from safeconduct.edges.desk.office import Desk  # noqa: E402
from safeconduct.edges.desk.rows_api import COUNTED_MOST  # noqa: E402
from safeconduct.edges.desk.search import find, terms_of  # noqa: E402
from safeconduct.edges.desk.store import KEYS, Store  # noqa: E402
from safeconduct.edges.desk.wiring import SystemClock, SystemRng  # noqa: E402
from safeconduct.kernel.names import SCHEMES, romanise  # noqa: E402
from safeconduct.rooms.cases import Part  # noqa: E402
from safeconduct.rooms.cases.record_decide import Typed  # noqa: E402
from tests.bench.case_office import Sizes, fill, folder_of  # noqa: E402
from tests.bench.case_texts import MOST, Writer  # noqa: E402
from tests.bench.desk import p95, peak, took  # noqa: E402
from tests.bench.short import a_minute, reached, verdict  # noqa: E402
from tests.sim.courier import PASSPHRASE, Rehearsal  # noqa: E402
from tests.sim.test_case_pages import window_of  # noqa: E402

SIZES: Final = Sizes(cases=20_000, persons=100_000, documents=200_000, incidents=20_000)
SHORT: Final = 100
SEED: Final = 3
ASKED: Final = 100
SAVED: Final = 100
VIEWED: Final = 10
ALIKE_SECONDS: Final = 60
"""So long names of all cases are compared, as a thread does it after unlocking."""
VIEWS: Final = ("/today", "/cases", "/cases/stages", "/cases/risk", "/cases/tasks")
HITS: Final = 50
RARE_LEAST: Final = 9
"""Letters of a surname that one person bears: a shorter one sounds like others."""
REACH: Final = {
    "search_rare_p95_ms": (0, 30),
    "search_two_p95_ms": (0, 60),
    "search_common_p95_ms": (0, 60),
    "search_most_p95_ms": (0, 60),
    "search_script_p95_ms": (0, 60),
    "open_p95_ms": (0, 50),
    "save_p95_ms": (0, 30),
    "peak_mb": (0, 1_500),
}
"""What the long form is held to: least and most."""
LEAST: Final = {"search_ratio": 0.025, "most_ratio": 0.028, "save_ratio": 0.05}
"""For the short form."""


def main() -> None:
    """Build, ask in a fresh process, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--share", type=int, default=1)
    parser.add_argument("--cases", type=int)
    parser.add_argument("--ask", type=Path)
    given = parser.parse_args()
    share = SHORT if given.short else given.share
    sizes = SIZES.part(share)
    if given.cases:
        sizes = sizes._replace(cases=given.cases)
    if given.ask:
        print(json.dumps(ask(given.ask, sizes)))
        return
    with a_minute(short=given.short):
        told = measure(sizes)
    print(json.dumps(told))
    missed = verdict(told, LEAST) if given.short else reached(told, REACH)
    sys.exit(1 if told["lost"] else missed)


def measure(sizes: Sizes) -> dict[str, Any]:
    """Fill a store and ask it in a fresh process."""
    with tempfile.TemporaryDirectory() as place, Rehearsal(Path(place)) as stage:
        filled = fill(stage, sizes, Writer(SEED))
        print(f"filled: {filled}", file=sys.stderr, flush=True)
        share, cases = str(SIZES.documents // sizes.documents), str(sizes.cases)
        command = [sys.executable, __file__, "--share", share, "--cases", cases]
        command += ["--ask", str(folder_of(stage))]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)
        told: dict[str, Any] = json.loads(done.stdout)
    took_s = {f"fill_{name}": round(seconds) for name, seconds in filled._asdict().items()}
    return {**told, "fill_s": round(sum(filled)), **took_s, **sizes._asdict()}


def ask(folder: Path, sizes: Sizes) -> dict[str, float]:
    """Look for words, open case files, save."""
    key = keyslots.unlock(folder / KEYS, PASSPHRASE)
    began = time.perf_counter()
    desk = Desk(Journal(Store(folder, key), SystemClock(), SystemRng()))
    files, total = desk.cases.files(start=0, most=40)
    unlock = time.perf_counter() - began
    assert files
    told: dict[str, float] = {"unlock_ms": round(unlock * 1_000)}
    for measured in (searches, lists, opens, partial(saves, folder=folder.parent)):
        told |= measured(desk)
        print(f"measured: {told}", file=sys.stderr, flush=True)
    entries = desk.journal.store.value("SELECT count(*) FROM entries WHERE kind = ?", (_NOTES,))
    lost = sizes.documents + sizes.incidents - entries + sizes.cases - total
    desk.stop()
    return {**told, "peak_mb": peak(), "lost": lost}


_NOTES: Final = "cases.NoteWritten"


def searches(desk: Desk) -> dict[str, float]:
    """Look for each kind of words."""
    told: dict[str, float] = {}
    bare, ours = dict[str, float](), dict[str, float]()
    for kind, asked in words_of(Writer(SEED)).items():
        desk.finder.found(asked[0], HITS)
        times = [spent(partial(desk.finder.found, one, HITS)) for one in asked]
        told |= p95s(f"search_{kind}", times)
        ours[kind] = sum(work for _, work in times)
        bare[kind] = sum(spent(partial(bare_query, desk, one))[1] for one in asked)
    told["search_ratio"] = round(sum(bare.values()) / sum(ours.values()), 3)
    return told | {"most_ratio": round(bare["most"] / ours["most"], 4)}


def bare_query(desk: Desk, words: str) -> list[int]:
    """Ask SQLite's index alone."""
    return find(desk.journal.store, terms_of(words), COUNTED_MOST + 1)


def words_of(writer: Writer) -> dict[str, list[str]]:
    """Return what is looked for, by kind."""
    chance = random.Random(5)
    surnames = Counter(surname for surname, _ in writer.people)
    given = [name for name, _ in Counter(name for _, name in writer.people).most_common(10)]
    few = [name for name, count in surnames.items() if count == 1 and len(name) >= RARE_LEAST]
    some = chance.choices([*surnames], k=ASKED)
    return {
        "rare": chance.choices(few, k=ASKED),
        "two": [" ".join(writer.russian.some(chance, 2)) for _ in range(ASKED)],
        "common": chance.choices(given, k=ASKED),
        "most": [MOST] * ASKED,
        "script": [romanise(one, chance.choice(SCHEMES)) for one in some],
    }


def lists(desk: Desk) -> dict[str, float]:
    """Look at lists over all cases: read once, and again after a case changed."""
    begun = time.perf_counter()
    for of in desk.cases.lists():
        of.all()
    read = time.perf_counter()
    desk.cases.across.ahead = True  # As in a desk whose thread reads: pages do not wait for it.
    while desk.cases.across.read_some() and time.perf_counter() - read < ALIKE_SECONDS:
        pass
    took_s, left = time.perf_counter() - read, desk.cases.across.left()
    told = {"lists_s": round(read - begun, 1), "alike_s": round(took_s, 1), "alike_left": left}
    chance, records = random.Random(8), desk.cases.records
    with window_of(desk) as window:
        for name in VIEWS:
            times = []
            window.client.get(name)
            for one in chance.choices(desk.cases.held.all(), k=VIEWED):
                sheet = records.record(one.id).of_kind("person")[0]
                typed = {(Part.IDENTITY, "from"): Typed(f"Town {chance.randrange(1 << 30)}")}
                records.write(one.id, sheet.kind, sheet.id, typed)
                times.append(spent(partial(window.client.get, name)))
            told |= p95s(f"view{name.replace('/', '_')}", times)
    return told


def opens(desk: Desk) -> dict[str, float]:
    """Open pages of case files."""
    held = desk.cases.held.all()
    paths = [f"/cases/{one.id.hex()}" for one in random.Random(7).choices(held, k=ASKED)]
    with window_of(desk) as window:
        window.client.get(paths[0])
        times = [spent(lambda path=path: window.client.get(path)) for path in paths]  # type: ignore[misc]
    return p95s("open", times)


def saves(desk: Desk, folder: Path) -> dict[str, float]:
    """Change a field of a person's sheet, each in another case file."""
    chance, records = random.Random(9), desk.cases.records
    before = desk.journal.pen.sequence
    times = []
    for one in chance.choices(desk.cases.held.all(), k=SAVED):
        sheet = records.record(one.id).of_kind("person")[0]
        typed = {(Part.IDENTITY, "from"): Typed(f"Town {chance.randrange(1 << 30)}")}
        times.append(spent(partial(records.write, one.id, sheet.kind, sheet.id, typed)))
    query = "SELECT frame FROM outbox WHERE sequence > ?"
    frames = [row[0] for row in desk.journal.store.rows(query, (before,))]
    ratio = insert(folder / "bare.db", frames) / sum(work for _, work in times)
    return p95s("save", times) | {"save_ratio": round(ratio, 3)}


def insert(path: Path, frames: list[bytes]) -> float:
    """Milliseconds of processor time of keeping frames, each durably."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(
            "PRAGMA journal_mode = wal; PRAGMA synchronous = FULL;"
            "CREATE TABLE frames (frame BLOB NOT NULL);"
        )
        keep = partial(connection.execute, "INSERT INTO frames VALUES (?)")
        return sum(spent(partial(keep, (frame,)))[1] for frame in frames)


def spent(call: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of one call, by the clock and of the processor."""
    before = time.process_time()
    by_clock = took(call)
    return by_clock, (time.process_time() - before) * 1_000


def p95s(name: str, times: list[tuple[float, float]]) -> dict[str, float]:
    """The times that one in twenty exceeds."""
    clock, work = zip(*times, strict=True)
    return {f"{name}_p95_ms": p95([*clock]), f"{name}_work_ms": p95([*work])}


if __name__ == "__main__":
    os.environ.setdefault("PYTHONPATH", str(ROOT))
    main()
