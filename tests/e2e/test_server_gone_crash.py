# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office moves to a new server while who moves it is killed, and killed again.

`SAFECONDUCT_KILLS` sets how often.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from safeconduct.edges.desk import moving
from safeconduct.edges.desk.api import NewFile
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import files_again, keys_again, moved_letters
from tests.e2e.test_desk_crash import served, write_until_killed
from tests.kit.desk_mover import THERE, move
from tests.kit.moves import Elsewhere, elsewhere
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, sync
from tests.sim.test_boxes_again import marks
from tests.sim.test_files_again import PHOTO, is_there, save

KILLS = int(os.environ.get("SAFECONDUCT_KILLS", "8"))
LONG = 8.0


def office(stage: Rehearsal) -> Person:
    """Two desks, records, a file that was saved, and one beside an answer."""
    first, _ = stage.found(), stage.join()
    person = Person(stage)
    file = person.send_file(PHOTO)
    sync(stage, "first", "second")
    assert save(stage, "first", person, file.blob) == PHOTO
    first.answer(person.conversation, "The form.", [NewFile("form.pdf", "application/pdf", PHOTO)])
    for number in range(60):
        first.note(person.conversation, str(number))
    sync(stage, "first", "second", "first")
    return person


def move_through_kills(there: Elsewhere, url: str) -> int:
    """Move the office, killed at moments drawn by chance; return how often that was in between."""
    rng, where = random.Random(6), f"{url} {there.code()}"
    folder = str(there.stage.folder / "first")
    there.stage.desks["first"].stop()
    for kills in range(KILLS):
        if THERE in write_until_killed(
            move, (folder, where), rng.uniform(0.02, 0.05 * (kills + 1))
        ):
            return kills
    assert THERE in write_until_killed(move, (folder, where), LONG)
    return KILLS


@pytest.mark.timeout(600 + 5 * KILLS)
def test_move_that_is_killed_again_and_again_loses_nothing_and_says_nothing_twice(
    tmp_path: Path,
) -> None:
    with Rehearsal(tmp_path) as stage:
        person = office(stage)
        (told,) = marks(person)
        (form,) = person.replies()[-1].files
        with elsewhere(stage) as there, served(stage) as url:
            assert move_through_kills(there, url) > 0
            first = stage.unlock("first")
            settings = (files_again.NAME, keys_again.NAME, moved_letters.DUE)
            query = "SELECT count(*) FROM settings WHERE name IN (?, ?, ?)"
            assert first.journal.store.value(query, settings) == 0
            assert marks(person) == [told]
            assert is_there(there, form)
            there.follow("second", moving.telling(first.journal) or "")
            sync(stage, "first", "second", "first")
            for desk in stage.desks.values():
                talk = desk.conversation(person.conversation)
                assert talk is not None
                assert len(talk.notes) == 60
                assert not desk.status().troubles
                assert verify_store(desk.journal).findings == ()
            assert [one.text for one in person.replies() if one.kind == "answer"] == ["The form."]
