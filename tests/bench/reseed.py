# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server is carried away: how long until a new one has what the desks held, and what is lost.

An office of two desks and people with an answer in their boxes; each desk holds some records that
the other has not read.  `reseed_s` is from the steward's command until the new relay (in this
process, synced) has everything of that desk, the move is signed and the text for colleagues is
there; `drill_s` until the other desk has followed, both have read all, and all answers lie in
their boxes again.  `lost` counts records that a desk has no more, and people who do not find their
answer, or the word that the office has their message, or find one twice.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.office import Desk
from safeconduct.rooms import hotline
from tests.kit.moves import elsewhere
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, sync

A_COMMIT: Final = 2
A_BOX: Final = 2
"""An answer, and the word that the office has the message."""
ALONE: Final = 100
"""Records that only one desk holds, at each."""


def drill(folder: Path, entries: int, waiting: int) -> tuple[dict[str, float], int]:
    """Lose the server of an office with so many entries, and so many people who wait."""
    folder.mkdir()
    with Rehearsal(folder) as stage:
        people = office(stage, entries, waiting)
        held = {name: commits(desk) for name, desk in stage.desks.items()}
        with elsewhere(stage) as there:
            began, before = time.perf_counter(), time.process_time()
            text = there.found()
            seconds, work = time.perf_counter() - began, time.process_time() - before
            there.follow("second", text)
            sync(stage, "first", "second", "first")
            whole = time.perf_counter() - began
        every = set[bytes]().union(*held.values())
        lost = sum(len(every - commits(desk)) for desk in stage.desks.values())
        lost += sum(answers(person) != ["We are coming."] for person in people)
        lost += sum(len(person.replies()) != A_BOX for person in people)
        first = stage.desks["first"].journal.log
        bare = insert(folder / "bare.db", first.frames(0, first.size()))
    return {
        "reseed_s": round(seconds, 2),
        "drill_s": round(whole, 2),
        "reseed_ratio": round(bare / work, 3),
    }, lost


def office(stage: Rehearsal, entries: int, waiting: int) -> list[Person]:
    """Two desks, people who were answered, and many records; the last ones at one desk each."""
    first, _ = stage.found(), stage.join()
    people = [Person(stage) for _ in range(waiting)]
    for person in people:
        person.write("Please help.")
    sync(stage, "first", "second")
    for person in people:
        first.answer(person.conversation, "We are coming.")
    sync(stage, "first", "second")
    note(stage, "first", people, entries - 2 * ALONE)
    sync(stage, "first", "second", "first")
    note(stage, "second", people, ALONE)
    sync(stage, "second")
    note(stage, "first", people, ALONE)
    return people


def note(stage: Rehearsal, name: str, people: list[Person], count: int) -> None:
    """Let a desk write so many notes, some a commit."""
    desk = stage.desks[name]
    talks = [desk.conversation(person.conversation) for person in people]
    for number in range(0, count, A_COMMIT):
        talk = talks[number % len(talks)]
        assert talk is not None
        facts = [hotline.write_note(talk, f"note {number + at}") for at in range(A_COMMIT)]
        desk.journal.write([post.fact(desk.journal, fact) for fact in facts])


def commits(desk: Desk) -> set[bytes]:
    """The commits that count on a desk."""
    return {row[0] for row in desk.journal.store.rows("SELECT id FROM commits WHERE state = 0")}


def answers(person: Person) -> list[str]:
    """The answers in somebody's box."""
    return [one.text for one in person.replies() if one.kind == "answer"]


def insert(path: Path, frames: list[bytes]) -> float:
    """Processor seconds of keeping the same frames in bare SQLite, synced, 512 a commit."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(
            "PRAGMA journal_mode = wal; PRAGMA synchronous = FULL;"
            "CREATE TABLE frames (frame BLOB NOT NULL);"
        )
        before = time.process_time()
        for start in range(0, len(frames), 512):
            connection.execute("BEGIN")
            rows = [(frame,) for frame in frames[start : start + 512]]
            connection.executemany("INSERT INTO frames VALUES (?)", rows)
            connection.execute("COMMIT")
        return time.process_time() - before
