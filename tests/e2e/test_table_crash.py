# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing in an old table is killed in the middle, again and again: no row twice, none by half."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.importing.sheets import load
from safeconduct.edges.desk.office import Desk
from safeconduct.rooms.cases import Part
from tests.e2e.test_desk_crash import KILLS, served, write_until_killed
from tests.kit.desk_writer import bring_table
from tests.sim.courier import Rehearsal

ROWS = 40


def named(desk: Desk) -> list[tuple[str, str]]:
    """Each case's one person and what a note says of them."""
    files, _ = desk.cases.files(start=0, most=999)
    found = []
    for file in files:
        (person,) = desk.cases.records.record(file.id).of_kind("person")
        part = file.part(Part.TESTIMONY)
        (note,) = part.notes if part else ()
        found.append((person.text("name"), note.text))
    return sorted(found)


@pytest.mark.timeout(600 + 10 * KILLS)
def test_kill_9_in_the_middle_then_again_gives_each_row_one_whole_case(tmp_path: Path) -> None:
    rng = random.Random(60)
    path = tmp_path / "list.csv"
    lines = [f"{at},Person {at:02},Story {at:02}" for at in range(ROWS)]
    path.write_text("\n".join(["No,Name,Story", *lines]))
    with Rehearsal(tmp_path) as stage:
        stage.found().stop()
        with served(stage) as url:
            words = (str(tmp_path / "first"), url)
            for turn in range(KILLS):
                seconds, after = rng.uniform(0.05, 0.5), (turn + 1) % 2
                write_until_killed(bring_table, words, seconds, after=after)
        desk = stage.unlock("first")
        courier = stage.courier(desk)
        desk.cases._online = lambda: courier  # type: ignore[misc]
        before = len(named(desk))
        assert before
        tables = desk.cases.tables
        tables.begin_look(path.name, lambda: load(path))
        report = tables.bring("Spring list", None, dict.fromkeys(Part, Chosen()), held=True)
        assert report.counts.get("same", 0) == before
        assert not report.why
        assert named(desk) == [(f"Person {at:02}", f"Story: Story {at:02}") for at in range(ROWS)]
        assert verify_store(desk.journal).findings == ()
