# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody finds a backup of the office, or puts another in its place (spec/backup.md)."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk import moving
from safeconduct.edges.desk.backup_file import LEAST, TAG_BYTES, check_whole
from safeconduct.edges.desk.engine import moved_letters
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.restoring import BackupForeign
from safeconduct.kernel.errors import CannotOpen
from safeconduct.kernel.seal.lock import CHUNK_BYTES
from safeconduct.kernel.seal.unlock import BlobOpener
from safeconduct.rooms.crew.backup import open_trailer
from safeconduct.rooms.crew.move_facts import standing
from safeconduct.rooms.crew.moves import TellingNotAStewards, write_telling
from safeconduct.rooms.crew.recovery import root_of, sealing_of
from tests.kit.backups import back_up, cards, forge, make_desk, opened
from tests.kit.moves import elsewhere
from tests.sim.courier import URL, Rehearsal
from tests.sim.steps import Person, sync

pytestmark = pytest.mark.attack
OTHER = b"o" * 32


def test_finder_of_a_backup_reads_nothing_in_it(stage: Rehearsal, person: Person) -> None:
    first = stage.desks["first"]
    first.note(person.conversation, "She waits at the orchard.")
    path = back_up(stage)
    found, journal = path.read_bytes(), first.journal
    secrets = [key.key for key in journal.keychain.all()]
    names = [b"The Harbour", b"orchard", b"safeconduct", b"SQLite", URL.encode()]
    frames = [frame[:64] for frame in journal.log.frames(0, journal.log.size())]
    ids = [journal.office, journal.device, journal.place.relay_key, journal.crew_vault]
    assert [one for one in (*secrets, *names, *frames, *ids) if one in found] == []
    whole = check_whole(path)
    with pytest.raises(CannotOpen):
        BlobOpener(bytes(32), LEAST).open(0, found[: CHUNK_BYTES + TAG_BYTES])
    for key in (sealing_of(OTHER), journal.secrets.sealing_key()):
        with pytest.raises(CannotOpen):
            open_trailer(key, whole.trailer)


def test_backup_that_no_steward_made_is_not_restored(stage: Rehearsal, person: Person) -> None:
    second = stage.desks["second"]
    path = forge(second, stage.folder / "forged", frames=second.journal.seen.size)
    with pytest.raises(BackupForeign):
        make_desk(stage, opened(path, cards(stage)))


def test_log_that_was_cut_short_does_not_pass_for_a_stewards_backup(
    stage: Rehearsal, person: Person
) -> None:
    noted = opened(back_up(stage), cards(stage)).trailer.noted
    sync(stage, "second")
    second = stage.desks["second"]
    path = forge(second, stage.folder / "forged", frames=second.journal.seen.size, noted=noted)
    with pytest.raises(BackupForeign):
        make_desk(stage, opened(path, cards(stage)))


def test_other_cards_lead_no_desk_to_another_server(stage: Rehearsal, person: Person) -> None:
    second = stage.desks["second"]
    with elsewhere(stage) as there:
        there.found()
        first = stage.desks["first"].journal
        stands = standing(first.roster.moves)
        assert stands is not None
        assert moved_letters.body_of(first, stands[0])
        forged = crew_fact(first.crew_vault, stands[1], stage.office, (b"", root_of(OTHER)))
        text = write_telling(stage.office, "crew.RelayMoved", forged.body)
        with pytest.raises(TellingNotAStewards):
            moving.read(second.journal, text)
