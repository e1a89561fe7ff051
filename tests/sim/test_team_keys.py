# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys of teams and of the vaults that hang on them, from desk to desk (spec/crew.md 3)."""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk import check
from safeconduct.edges.desk.engine import rotating
from safeconduct.edges.desk.engine.new_keys import learn
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.journal import Fact, VaultEpoch
from safeconduct.kernel.words import VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import VaultOpened
from tests.sim.courier import Rehearsal
from tests.sim.steps import pass_on
from tests.sim.test_new_keys import suspend

TEAM: Final = VaultId(b"t" * 16)


def team(stage: Rehearsal, *names: str) -> bytes:
    """Let the first desk open a team for desks, write into its vault, and return its key."""
    first = stage.desks["first"]
    journal = first.journal
    circle = journal.keys.circle()
    assert circle is not None
    opening = {VaultOpened(TEAM, "team", (), 1): [stage.desks[name].device for name in names]}
    act = crew.open_vaults(circle, opening, journal.keys.vaults(), {}, journal.rng)
    stage.courier(first).put_parcel(act.parcel)
    rotating.keep(journal, act)
    return act.keys[VaultEpoch(TEAM, 1)]


def in_team(desk: Desk) -> list[tuple[str, bytes]]:
    query = "SELECT kind, body FROM entries WHERE vault = ? ORDER BY no"
    return [(row[0], row[1]) for row in desk.journal.store.rows(query, (TEAM,))]


def test_entries_that_were_read_before_their_key_came_are_opened_then(stage: Rehearsal) -> None:
    first, third = stage.desks["first"], stage.join("third")
    pass_on(stage, "first", "second", "third")
    key = team(stage, "first", "second")
    fact = Fact(TEAM, "cases.CaseOpened", 1, b"\xa1a")
    first.journal.write([fact])
    first.journal.write([fact])
    pass_on(stage, "first", "second", "third")
    assert in_team(stage.desks["second"]) == [(fact.kind, fact.body)] * 2
    assert in_team(third) == []
    assert learn(third.journal, {VaultEpoch(TEAM, 1): key})
    assert not learn(third.journal, {VaultEpoch(TEAM, 1): b"o" * 32})
    assert third.journal.keychain.vaults[VaultEpoch(TEAM, 1)] == key
    assert in_team(third) == [(fact.kind, fact.body)] * 2
    first.journal.write([fact])
    pass_on(stage, "first", "third")
    assert len(in_team(third)) == 3
    assert check.verify_store(third.journal).findings == ()


def test_a_vault_that_hangs_on_a_team_is_renewed_with_it(stage: Rehearsal) -> None:
    first, third = stage.desks["first"], stage.join("third")
    pass_on(stage, "first", "second", "third")
    team(stage, "first", "second", "third")
    journal, case = first.journal, VaultId(b"c" * 16)
    circle = journal.keys.circle()
    assert circle is not None
    opening = {VaultOpened(case, "legal", (TEAM,), 1): ()}
    held, vaults = journal.keychain.held(), journal.keys.vaults()
    act = crew.open_vaults(circle, opening, vaults, held, journal.rng)
    stage.courier(first).put_parcel(act.parcel)
    rotating.keep(journal, act)
    pass_on(stage, "first", "second", "third")
    assert VaultEpoch(case, 1) in stage.desks["second"].journal.keychain.vaults
    suspend(stage, "second")
    pass_on(stage, "first", "first", "third", "second")
    for desk in (first, third):
        now = desk.journal.keys.newest()
        assert min(now[TEAM][0], now[case][0]) > 1
    assert stage.desks["second"].journal.keys.newest()[case][0] == 1
    assert in_team(third)
    assert not {"wrong_vault", "not_allowed"} & set(quarantined(third))


def quarantined(desk: Desk) -> list[str]:
    return [row[0] for row in desk.journal.store.rows("SELECT code FROM quarantine")]
