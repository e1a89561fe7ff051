# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys that a letter in a door told: read with, until a fact brings them (spec/crew.md 5)."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk import check
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.new_keys import MISSING, learn
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.rooms.crew import OFFICE_KEY
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, pass_on
from tests.sim.test_desk_guards import codes, notes
from tests.sim.test_new_keys import interrupt, newest, suspend, withholding


def test_key_that_a_letter_told_is_read_with_and_written_under_once_a_fact_brings_it(
    stage: Rehearsal, person: Person
) -> None:
    first, third = stage.desks["first"], stage.join("third")
    pass_on(stage, "first", "second", "third")
    suspend(stage, "second")
    pass_on(stage, "first", "first")
    first.note(person.conversation, "after")
    pass_on(stage, "first")
    found = first.journal.keys.newest().items()
    keys = {VaultEpoch(vault, epoch): key for vault, (epoch, key) in found}
    assert learn(third.journal, keys, told=True)
    relay = withholding(stage, "third")
    Hand(third, relay).sync()
    assert notes(stage, "third", person) == ["after"]
    assert (newest(third), MISSING in codes(stage, "third")) == (1, True)
    third.stop()
    again = stage.unlock("third")
    pass_on(stage, "third")
    assert newest(again) == newest(first) > 1
    assert keys.items() <= again.journal.keychain.sure().items()
    assert MISSING not in codes(stage, "third")


def test_desk_that_is_cut_before_it_reads_anew_does_so_at_its_next_start(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, third = stage.desks["first"], stage.join("third")
    pass_on(stage, "first", "second", "third")
    suspend(stage, "second")
    pass_on(stage, "first", "first")
    crew_epoch = first.journal.keys.newest()[first.journal.crew_vault][0]
    false = {VaultEpoch(OFFICE_KEY, newest(first)): b"f" * 32}
    false[VaultEpoch(first.journal.crew_vault, crew_epoch)] = b"f" * 32
    assert learn(third.journal, false, told=True)
    first.note(person.conversation, "after")
    pass_on(stage, "first")
    with monkeypatch.context() as cutting:
        cutting.setattr(Journal, "read_again", interrupt)
        with pytest.raises(KeyboardInterrupt):
            pass_on(stage, "third")
    third.stop()
    third = stage.unlock("third")
    assert newest(third) == newest(first)
    assert notes(stage, "third", person) == ["after"]
    assert check.verify_store(third.journal).findings == ()
