# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups where something is lacking: room, the server, a right, the newest cards."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from safeconduct.edges.desk import backing_up, recovering
from safeconduct.edges.desk.backup_file import (
    BackupDamaged,
    BackupFolderMissing,
    NoSuchBackup,
    check_whole,
    read_pieces,
)
from safeconduct.edges.desk.check import verify_store
from safeconduct.kernel.errors import CannotOpen
from safeconduct.rooms.crew.backup import Kind, parse_end
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.shares import Scheme, split
from tests.kit.backups import RESTORED, back_up, cards, lose_desks, make_desk, opened, stand_up
from tests.kit.moves import elsewhere
from tests.kit.small_disk import small_disk
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, sync
from tests.sim.test_cases import office
from tests.sim.test_cases import opened as opened_case
from tests.sim.test_recovery import FRESH, let_follow
from tests.sim.test_recovery import opened as opened_cards
from tests.sim.test_retention import GONE_BY, Hands, begin, end, holds, pass_days, sync_all

__all__ = ["office"]
SMALL = 12 << 20


def test_full_stick_is_said_and_older_backups_stay(stage: Rehearsal, tmp_path: Path) -> None:
    desk = stage.desks["first"]
    with small_disk(tmp_path / "disk", SMALL) as disk:
        old = backing_up.back_up(desk.journal, None, disk.folder).path
        before, noted = old.read_bytes(), desk.backups.last()
        with pytest.raises(OSError, match="No space") as full:
            backing_up.back_up(desk.journal, None, disk.folder)
        assert full.value.errno == errno.ENOSPC
        assert [*disk.folder.iterdir()] == [old]
        assert old.read_bytes() == before
        assert desk.backups.last() == noted


def test_without_the_server_it_holds_what_the_desk_has_and_says_what_is_lacking(
    stage: Rehearsal, person: Person
) -> None:
    person.send_file(b"nobody saved me")
    sync(stage, "first")
    desk = stage.desks["first"]
    desk.note(person.conversation, "not sent yet")
    made = backing_up.back_up(desk.journal, None, stage.folder)
    assert (made.held.lacking, made.held.files, made.held.parcels) == (1, 0, 0)
    assert made.held.unsent > 0
    source = opened(made.path, cards(stage))
    lose_desks(stage, "first", "second")
    with elsewhere(stage) as there:
        make_desk(stage, source)
        restored, _ = stand_up(there, source)
        sync(stage, RESTORED)
        talk = restored.conversation(person.conversation)
        assert talk is not None
        assert [one.text for one in talk.notes] == ["not sent yet"]
        assert verify_store(restored.journal).findings == ()


def test_stewards_alone_make_one_and_only_where_there_is_a_folder(stage: Rehearsal) -> None:
    with pytest.raises(NotASteward):
        back_up(stage, "second")
    with pytest.raises(BackupFolderMissing):
        backing_up.back_up(stage.desks["first"].journal, None, stage.folder / "no stick")


def test_older_backups_open_with_older_cards_and_newer_with_newer(stage: Rehearsal) -> None:
    old = back_up(stage)
    let_follow(stage, stage.desks["first"])
    new = back_up(stage)
    fresh = split(FRESH, Scheme(3, 4))[:3]
    with pytest.raises(CannotOpen):
        opened(old, fresh)
    with pytest.raises(CannotOpen):
        opened(new, cards(stage))
    assert opened(old, cards(stage)).trailer.office == opened(new, fresh).trailer.office


def test_file_that_is_cut_spoilt_or_not_there_is_refused(stage: Rehearsal) -> None:
    path = back_up(stage)
    raw = path.read_bytes()
    for spoilt in (raw[:-1], raw[1:], raw[:-40] + raw[-39:], b"", raw + b"\0"):
        path.write_bytes(spoilt)
        with pytest.raises(BackupDamaged):
            check_whole(path)
    with pytest.raises(NoSuchBackup):
        check_whole(stage.folder / "none")


def test_case_files_come_back_with_the_cards(office: Rehearsal) -> None:
    first, second = office.desks["first"], office.desks["second"]
    case = opened_case(office, second, identity=("second",))
    vaults = {vault for one in first.journal.keys.facts().cases for vault in one.vaults}
    found = recovering.recovered(first.journal, office.courier(first), opened_cards(office, first))
    assert {key.id for key in found} >= vaults
    source = opened(back_up(office), cards(office))
    held = [
        parse_end(body)
        for kind, body in read_pieces(source.whole, source.trailer)
        if kind is Kind.END
    ]
    assert held[0].parcels > 0
    lose_desks(office, "first", "second", "third")
    with elsewhere(office) as there:
        make_desk(office, source)
        restored, _ = stand_up(there, source)
        assert restored.cases.held.find(case) is not None


def test_what_was_destroyed_before_a_backup_stays_so(
    stage: Rehearsal, person: Person, hands: Hands
) -> None:
    begin(stage, hands)
    end(hands[1].desk, person.conversation)
    sync_all(hands)
    pass_days(stage, hands, GONE_BY)
    assert hands[0].desk.conversation(person.conversation) is None
    source = opened(back_up(stage), cards(stage))
    lose_desks(stage, "first", "second")
    with elsewhere(stage) as there:
        make_desk(stage, source)
        restored, _ = stand_up(there, source)
        sync(stage, RESTORED)
        assert restored.conversation(person.conversation) is None
        assert not any(holds(restored, one) for one in ("Please", "safe now", "arrived"))
        assert verify_store(restored.journal).findings == ()
