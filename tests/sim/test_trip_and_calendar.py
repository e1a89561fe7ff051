# SPDX-License-Identifier: AGPL-3.0-or-later
"""A trip that meets what a desk does by the calendar: own keys, heartbeats, reports of searches."""

from __future__ import annotations

from safeconduct.edges.desk.engine import searches, travelling
from safeconduct.edges.desk.engine.own_keys import own_keys
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.kernel.words import DAY, MINUTE
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, sync
from tests.sim.test_own_rotation import MONTH, known_to
from tests.sim.test_travel import pack


class Withholding:
    """A relay that answers everything but what parcels hold."""

    def __init__(self, courier: Courier) -> None:
        """Stand before a relay."""
        self._courier = courier

    def __getattr__(self, name: str) -> object:
        """Ask it, or find no parcel."""
        return self._none if name == "parcel" else getattr(self._courier, name)

    def _none(self, _name: bytes) -> bytes:
        raise NotFound


def test_light_desk_on_which_somebody_searches_goes_on_beating(stage: Rehearsal) -> None:
    light = pack(stage)
    searches.note(light.journal)
    stage.clock.time += DAY
    hand = Hand(light, stage.courier(light))
    before = light.journal.pen.sequence
    hand.loops.heartbeats._tell(1)
    assert light.journal.pen.sequence == before + 1


def test_own_key_that_is_due_before_a_desk_is_packed_waits_for_the_trip(stage: Rehearsal) -> None:
    second, first = stage.desks["second"], stage.desks["first"]
    sync(stage, "second")
    stage.clock.time += MONTH
    travelling.begin(second.journal, ())
    sync(stage, "second")
    numbers = [one.fact.number for one in second.journal.keys.facts().rotated]
    second.stop()
    light = stage.unlock("second")
    sync(stage, "second", "first")
    assert len(numbers) == len(set(numbers)) == 1
    assert known_to(first, light)


def test_what_was_given_back_is_taken_though_the_own_key_turned_before(stage: Rehearsal) -> None:
    first, light = stage.desks["first"], pack(stage)
    sync(stage, "second", "first")
    travelling.ask(light.journal)
    sync(stage, "second", "first")
    travelling.give_back(first.journal, stage.courier(first), light.device)
    sync(stage, "first")
    known = own_keys(light.journal)
    stage.clock.time += MONTH
    for _ in range(3):
        sync(stage, "first")
        Hand(light, Withholding(stage.courier(light))).sync()  # type: ignore[arg-type]
    turned = own_keys(light.journal)
    assert known
    assert turned
    assert turned.number > known.number
    for _ in range(20):
        stage.clock.time += 5 * MINUTE
        sync(stage, "second", "first")
    assert light.journal.hotline_vault in light.journal.keys.newest()
    assert {*first.journal.keychain.intake_epochs()} <= {*light.journal.keychain.intake_epochs()}
