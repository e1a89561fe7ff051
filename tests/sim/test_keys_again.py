# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys that were on their way when the server was lost reach colleagues at the next one."""

from __future__ import annotations

from safeconduct.edges.desk import moving
from safeconduct.edges.desk.engine import doors, keys_again, rotating
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import VaultOpened
from tests.kit.moves import elsewhere
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, pass_on, sync
from tests.sim.test_new_keys import suspend
from tests.sim.test_team_keys import TEAM, team


def notes(desk: Desk, person: Person) -> list[str]:
    """The notes of one conversation."""
    talk = desk.conversation(person.conversation)
    assert talk is not None
    return [note.text for note in talk.notes]


def keys(desk: Desk) -> set[VaultEpoch]:
    """Which keys a desk holds that facts brought."""
    return set(desk.journal.keychain.sure())


def admitted(stage: Rehearsal, *names: str) -> None:
    """Sync desks that look into their doors when they are refused."""
    for name in names:
        desk = stage.desks[name]
        hand = Hand(desk, stage.courier(desk))
        for step in (hand.pull, hand.send, hand.pull, hand.send):
            hand.loops.admitted(step)


def test_colleague_who_was_away_when_keys_were_renewed_reads_on_at_the_new_server(
    stage: Rehearsal, person: Person
) -> None:
    stage.join("late")
    sync(stage, "first", "second", "late", "first", "second")
    suspend(stage, "late")  # The second desk hears nothing of it.
    sync(stage, "first")
    first, second = stage.desks["first"], stage.desks["second"]
    first.note(person.conversation, "under the new keys")
    sync(stage, "first")
    assert not keys(first) <= keys(second)
    with elsewhere(stage) as there:
        text = there.found()
        admitted(stage, "first")
        moving.follow(second.journal, moving.read(second.journal, text))
        second = there.again("second")
        courier = there.courier(second)
        doors.let_in(second.journal, courier, lambda: moving.carry(second.journal, courier))
        admitted(stage, "second", "first", "second")
        assert notes(second, person) == ["under the new keys"]
        assert keys(stage.desks["first"]) <= keys(second)
        assert not second.status().troubles


def test_key_that_was_read_of_and_not_taken_comes_with_who_moves_the_office(
    stage: Rehearsal, person: Person
) -> None:
    stage.join("late")
    sync(stage, "first", "second", "late", "first", "second")
    first, second = stage.desks["first"], stage.desks["second"]
    suspend(stage, "late")
    pass_on(stage, "first")
    hand = Hand(second, stage.courier(second))
    hand.loops.puller.pull()  # The log alone: no parcel was asked for.
    first.note(person.conversation, "under the new keys")
    assert not keys(first) <= keys(second)
    with elsewhere(stage) as there:
        text = there.found()
        told = moving.read(second.journal, text)
        moving.follow(second.journal, told)
        there.again("second")
        admitted(stage, "first", "second", "first", "second")
        second = stage.desks["second"]
        assert notes(second, person) == ["under the new keys"]
        assert keys(stage.desks["first"]) <= keys(second)
        assert not second.status().troubles


def test_keys_are_given_again_to_nobody_whom_no_fact_gives_them(stage: Rehearsal) -> None:
    stage.join("late")
    sync(stage, "first", "second", "late", "first")
    first, late = stage.desks["first"], stage.desks["late"]
    before = {where: first.journal.keys.facts().given.devices[where] for where in keys(first)}
    suspend(stage, "late")
    pass_on(stage, "first")
    with elsewhere(stage) as there:
        there.found()
        admitted(stage, "first")
        desk = stage.desks["first"]
        given = desk.journal.keys.facts().given
        for where, devices in before.items():
            assert set(given.devices[where]) == set(devices)
        for where in keys(desk) - before.keys():
            assert late.device not in given.devices[where]
        assert desk.journal.store.setting(keys_again.NAME, keys_again._KEYS) is None


def test_key_of_a_vault_that_hangs_on_a_team_comes_too(stage: Rehearsal) -> None:
    sync(stage, "first", "second", "first")
    team(stage, "first", "second")
    pass_on(stage, "first", "second")
    first, case = stage.desks["first"].journal, VaultId(b"c" * 16)
    circle = first.keys.circle()
    assert circle is not None
    opening = {VaultOpened(case, "legal", (TEAM,), 1): ()}
    held, vaults = first.keychain.held(), first.keys.vaults()
    act = crew.open_vaults(circle, opening, vaults, held, first.rng)
    stage.courier(stage.desks["first"]).put_parcel(act.parcel)
    rotating.keep(first, act)
    with elsewhere(stage) as there:
        there.follow("second", there.found())
        assert VaultEpoch(case, 1) not in stage.desks["second"].journal.keychain.vaults
        sync(stage, "first", "second")
        assert VaultEpoch(case, 1) in stage.desks["second"].journal.keychain.vaults
        assert not stage.desks["second"].status().troubles
