# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay signs well and shows one desk another log, or less of it, than it shows the others."""

import pytest

from safeconduct.edges.desk.compared import compare
from safeconduct.rooms.crew.same_log import log_words
from tests.sim.courier import Rehearsal
from tests.sim.hostile import Withholding
from tests.sim.on_duty import OnDuty, pass_minutes

pytestmark = pytest.mark.attack


def lied_to(stage: Rehearsal) -> tuple[OnDuty, Withholding, OnDuty]:
    """Two desks that have read the same so far; the relay can part them."""
    first, second = stage.desks["first"], stage.desks["second"]
    relay = Withholding(stage.store, stage.office, first.journal.place.capability)
    victim, other = OnDuty(first, relay), OnDuty(second, stage.courier(second))
    for desk in (victim, other, victim):
        desk.sync()
    return victim, relay, other


def test_relay_that_holds_colleagues_back_is_noticed_within_about_an_hour(
    stage: Rehearsal,
) -> None:
    victim, relay, other = lied_to(stage)
    pass_minutes(2, victim, other)
    assert victim.watch.on_duty == (other.device,)
    relay.begin()
    pass_minutes(16, victim, other)
    assert [*victim.watch.silent] == []
    pass_minutes(46, victim)
    assert victim.desk.status().troubles == ()  # Nothing that it signed for is lacking.
    assert victim.watch.silent == (other.device,)


def test_two_people_who_are_shown_two_logs_read_other_words(stage: Rehearsal) -> None:
    victim, relay, other = lied_to(stage)
    size = victim.desk.journal.seen.size
    same = compare(victim.desk.journal, size), compare(other.desk.journal, size)
    assert same[0].words == same[1].words
    relay.begin()
    pass_minutes(5, victim, other)
    for desk in (victim, other):
        desk.sync()
    parted = compare(victim.desk.journal, size + 1), compare(other.desk.journal, size + 1)
    assert all(parted[0].words[name] != parted[1].words[name] for name in parted[0].words)


def test_relay_cannot_search_for_a_log_with_the_same_words(stage: Rehearsal) -> None:
    """It knows every frame, and so every root; it does not know which words a desk shows."""
    victim, relay, _ = lied_to(stage)
    seen = victim.desk.journal.seen
    shown = compare(victim.desk.journal, seen.size).words["en"]
    assert len(relay.all()) == seen.size
    assert log_words(b"", seen.size, seen.root, "en") != shown
    assert log_words(bytes(32), seen.size, seen.root, "en") != shown
