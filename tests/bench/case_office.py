# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office full of case files, written by its own desk: the same calls, many facts a commit.

Each commit is signed, sealed, judged, kept and indexed as any other; what is left out is the wait
for the disk after each single fact, and the parcels' way to a relay.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from safeconduct.edges.desk.engine.case_keys import case_fact
from safeconduct.edges.desk.engine.team_keys import circle_of, keep
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.journal import Fact, VaultEpoch
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.cases import CaseRecord, NoteWritten, Part, PartOpened, SheetId
from safeconduct.rooms.cases.events import PartFact
from safeconduct.rooms.cases.record_decide import Typed, write_sheet
from safeconduct.rooms.crew import Act
from safeconduct.rooms.crew.case_facts import Place, case_id, vaults_of
from safeconduct.rooms.crew.cases import open_case
from tests.bench.case_texts import Writer
from tests.sim.courier import Rehearsal

OPENED: Final = 100
"""Case files that one commit opens: what fits into a frame."""
FRAME: Final = 600_000
PERSONS: Final = 5
"""In a case file."""


class Held(NamedTuple):
    """A case file, and which vault is which part."""

    case: CaseId
    parts: Mapping[Part, VaultId]


class Sizes(NamedTuple):
    """How much is written."""

    cases: int
    persons: int
    documents: int
    incidents: int

    def part(self, share: int) -> Sizes:
        """Return the same, so many times smaller."""
        return Sizes(*(max(1, one // share) for one in self))


class Filled(NamedTuple):
    """Seconds that each kind of writing took."""

    open_s: float
    persons_s: float
    texts_s: float


def fill(stage: Rehearsal, sizes: Sizes, writer: Writer) -> Filled:
    """Found an office at one desk that holds every part, and write."""
    desk = stage.found()
    began = time.perf_counter()
    held: list[Held] = []
    while len(held) < sizes.cases:
        held += open_some(desk, min(OPENED, sizes.cases - len(held)))
    opened = time.perf_counter()
    write(desk, persons(held, sizes, writer))
    written = time.perf_counter()
    write(desk, notes(held, sizes, writer))
    desk.stop()
    del stage.desks["first"]
    return Filled(opened - began, written - opened, time.perf_counter() - written)


def folder_of(stage: Rehearsal) -> Path:
    """Return where that desk's store lies."""
    return stage.folder / "first"


def open_some(desk: Desk, count: int) -> list[Held]:
    """Open case files in one commit, each at its place in it; only this desk reads them."""
    journal, held = desk.journal, list[Held]()
    circle, facts = circle_of(journal), list[Fact]()
    tellings, keys = list[crew.Telling](), dict[VaultEpoch, bytes]()
    for _ in range(count):
        place = Place(journal.office, desk.device, journal.pen.sequence + 1, len(tellings))
        alone = crew.Recipients((desk.device,), {})
        act = open_case(circle, place, [alone] * len(Part), journal.rng)
        tellings += act.facts
        keys.update(act.keys)
        parts = dict(zip(Part, vaults_of(place, len(Part)), strict=True))
        case = case_id(place)
        facts += [case_fact(parts[one], PartOpened(case, one.value)) for one in Part]
        held.append(Held(case, parts))
    keep(journal, Act(b"", tuple(tellings), keys), facts)
    return held


def persons(held: list[Held], sizes: Sizes, writer: Writer) -> Iterator[tuple[VaultId, PartFact]]:
    """Write so many sheets of persons, a case file's after each other."""
    for number in range(sizes.persons):
        case, parts = held[number * len(held) // sizes.persons]
        typed = {
            (Part.IDENTITY, "name"): Typed(writer.name()),
            (Part.IDENTITY, "born"): Typed(writer.day()),
            (Part.JOURNEY, "stands"): Typed("relative" if number % PERSONS else "asks"),
            (Part.CONTACT, "languages"): Typed(" ".join(writer.russian.some(writer.chance, 2))),
        }
        sheet = SheetId(writer.chance.randbytes(16))
        facts = write_sheet(CaseRecord(case, ()), tuple(parts), "person", sheet, typed)
        for part, fact in facts.items():
            yield parts[part], fact


def notes(held: list[Held], sizes: Sizes, writer: Writer) -> Iterator[tuple[VaultId, PartFact]]:
    """Write documents into all parts, and incidents into testimony, in the order of the cases."""
    every = len(tuple(Part))
    for number in range(sizes.documents):
        case, parts = held[number * len(held) // sizes.documents]
        yield parts[tuple(Part)[number % every]], NoteWritten(case, writer.text())
    for number in range(sizes.incidents):
        case, parts = held[number * len(held) // sizes.incidents]
        yield parts[Part.TESTIMONY], NoteWritten(case, writer.incident())


def write(desk: Desk, told: Iterable[tuple[VaultId, PartFact]]) -> None:
    """Write facts, as many a commit as fit into a frame."""
    some, length = list[Fact](), 0
    for vault, event in told:
        fact = case_fact(vault, event)
        some.append(fact)
        length += len(fact.body) + 400
        if length > FRAME:
            desk.journal.write(some)
            some, length = [], 0
    if some:
        desk.journal.write(some)
