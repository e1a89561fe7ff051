# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever runs the next server, or reroutes the old one's address, wants what a move gives away."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk import moving
from safeconduct.edges.desk.engine import doors
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import BlobId
from tests.kit.moves import elsewhere
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Person, sync
from tests.sim.test_files_again import with_files
from tests.sim.test_team_keys import TEAM, team

pytestmark = pytest.mark.attack


def test_new_server_does_not_hear_from_questions_who_has_which_file(
    stage: Rehearsal, person: Person
) -> None:
    files = with_files(stage, person)
    asked: list[BlobId] = []

    class Heard(StoreCourier):
        """What the server is asked."""

        def blob_state(self, blob: BlobId) -> tuple[int, int, int]:
            asked.append(blob)
            return super().blob_state(blob)

    with elsewhere(stage) as there:
        text = there.found_by(Heard)
        assert sorted(asked) == sorted(file.blob for file in files)
        asked.clear()
        told = moving.read(stage.desks["second"].journal, text)
        moving.follow(stage.desks["second"].journal, told)
        desk = there.again("second")
        moving.carry(desk.journal, Heard(there.store, stage.office, desk.journal.place.capability))
        assert sorted(asked) == sorted(file.blob for file in files)


def test_move_gives_no_colleague_a_key_that_no_fact_gave_them(stage: Rehearsal) -> None:
    sync(stage, "first", "second", "first")
    team(stage, "first")
    sync(stage, "first", "second")
    with elsewhere(stage) as there:
        text = there.found()
        there.follow("second", text)
        sync(stage, "first", "second", "first")
        given = stage.desks["first"].journal.keys.facts().given
        assert given.devices[VaultEpoch(TEAM, 1)] == {stage.desks["first"].device}
        assert VaultEpoch(TEAM, 1) not in stage.desks["second"].journal.keychain.vaults


def test_server_at_the_old_address_gets_no_desk_by_letters_with_a_way_in(stage: Rehearsal) -> None:
    with elsewhere(stage) as there:
        there.found()
        sync(stage, "first")  # Letters with the way in lie in the doors now.
        second = stage.desks["second"]
        before = second.journal.place
        doors.look(second.journal, stage.courier(second))
        assert second.journal.place == before
