# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay is told of new recovery cards, and lets go of what the old ones alone open."""

from __future__ import annotations

from contextlib import suppress

import pytest

from safeconduct.edges.desk.engine import drawing, new_root
from safeconduct.edges.desk.engine.doors import Found
from safeconduct.edges.desk.engine.keys import HEEDED
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.seal.keys import office_id
from safeconduct.rooms.crew.parcel import is_for_one
from safeconduct.rooms.crew.recovery import root_of, sealing_of
from tests.kit.moves import elsewhere
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, sync
from tests.sim.test_access_epochs import Cut, Watching, dropped, epoch_of, follow, look, suspended
from tests.sim.test_recovery import FRESH, let_follow, troubles


def heeded(stage: Rehearsal) -> bytes:
    """The root that the relay heeds, as 16 bytes of a hash."""
    return stage.store.parts.offices.find(stage.office).keys.root


NEW = office_id(root_of(FRESH).public.raw)


def test_relay_heeds_the_new_root_key_and_colleagues_find_their_way_in(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    before = first.journal.keychain.control()
    let_follow(stage, first)
    assert heeded(stage) == stage.office
    sync(stage, "first", "first")
    assert heeded(stage) == NEW
    assert not drawing.waits(first.journal)
    assert epoch_of(first) == 2
    after = first.journal.keychain.control()
    assert before
    assert after
    assert before.key != after.key
    assert look(stage, second) is Found.RENEWED
    sync(stage, "second")
    assert second.roster().cards.root_key == root_of(FRESH).public.raw


def test_parcels_for_old_cards_alone_are_let_go_and_new_cards_still_open_all(
    stage: Rehearsal, person: Person
) -> None:
    first = stage.desks["first"]
    let_follow(stage, first)
    let_go = {FRESH: set[bytes](), stage.recovery_secret: set[bytes]()}
    courier = stage.courier(first)
    for secret, names in let_go.items():
        key = sealing_of(secret).public
        for name in new_root.old_parcels(first.journal):
            chain = first.journal.keychain.office.values()
            if is_for_one(courier.parcel(name), stage.office, key, chain):
                names.add(name)
    sync(stage, "first", "first")
    assert dropped(stage) == let_go[stage.recovery_secret]
    assert len(let_go[FRESH]) == 1


def test_removal_in_between_leaves_an_opening_that_was_signed_for(
    stage: Rehearsal, person: Person
) -> None:
    first, other = stage.desks["first"], stage.join("third")
    sync(stage, "third", "first")
    let_follow(stage, first)
    follow(stage, first, suspended(first, other))
    sync(stage, "first", "first")
    assert heeded(stage) == NEW
    assert look(stage, other) is Found.NOTHING
    assert look(stage, stage.desks["second"]) is Found.RENEWED


def test_what_comes_too_late_is_said_and_keeps_nothing_back(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    monkeypatch.setattr(new_root, "AHEAD", 0)
    let_follow(stage, first)
    sync(stage, "first", "first")
    assert "root_untold" in troubles(first)
    assert not drawing.waits(first.journal)
    assert heeded(stage) == stage.office
    follow(stage, first, suspended(first, second))
    assert epoch_of(first) == 2


@pytest.mark.parametrize("at", range(1, 8))
def test_telling_goes_on_whatever_was_not_kept(
    stage: Rehearsal, person: Person, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    let_follow(stage, first)
    left, keep = [at], first.journal.store.put_setting

    def put(name: str, value: object) -> None:
        left[0] -= name in {"follow_up", "place", "followed", HEEDED}
        if not left[0]:
            raise Cut
        keep(name, value)

    monkeypatch.setattr(first.journal.store, "put_setting", put)
    with suppress(Cut):
        sync(stage, "first", "first")
    first.stop()
    again = stage.unlock("first")
    sync(stage, "first", "first")
    assert heeded(stage) == NEW
    assert not drawing.waits(again.journal)
    assert look(stage, second) is Found.RENEWED
    assert "root_untold" not in troubles(again)


@pytest.mark.parametrize("late", [False, True])
def test_telling_whose_answer_was_lost_is_told_once(
    stage: Rehearsal, person: Person, *, late: bool
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    let_follow(stage, first)
    with pytest.raises(Unreachable):
        Hand(first, Watching(stage.courier(first), 1, late=late)).sync()
    first.stop()
    again: Desk = stage.unlock("first")
    sync(stage, "first", "first")
    assert heeded(stage) == NEW
    assert epoch_of(again) == 2
    assert look(stage, second) is Found.RENEWED


def test_office_that_is_founded_anew_has_told_its_root_key(stage: Rehearsal) -> None:
    first = stage.desks["first"]
    let_follow(stage, first)
    assert new_root.waiting(first.journal)
    with elsewhere(stage) as there:
        there.found("first")
        first = stage.desks["first"]
        for _ in range(3):
            Hand(first, there.courier(first)).sync()
        assert not new_root.waiting(first.journal)
        assert "root_untold" not in troubles(first)
