# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often a desk searched in all conversations is told once a day, without words."""

from __future__ import annotations

from safeconduct.edges.desk.audit_api import SEARCHED, Deed
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import openings, searches
from safeconduct.edges.desk.engine.searches import goes_on
from safeconduct.kernel.words import DAY, Instant
from tests.sim.courier import Rehearsal
from tests.sim.on_duty import OnDuty
from tests.sim.steps import Person
from tests.sim.test_audit import day_of, kinds, on_duty, tell

WORD = "boathouse"


def searched(desk: OnDuty, of: OnDuty) -> list[Deed]:
    """What a desk tells of another's searches."""
    deeds, _ = desk.desk.audit.deeds(of.desk.device, start=0, most=1_000)
    return [one for one in deeds if one.kind == SEARCHED]


def test_a_day_that_is_over_is_told_once_with_a_number_and_no_word(
    stage: Rehearsal, person: Person
) -> None:
    first, second = on_duty(stage)
    then = day_of(stage)
    for words in (WORD, "passport", WORD):
        second.desk.audit.searched(words)
    tell(second, first)
    assert searched(first, second) == []  # The day is not over.
    stage.clock.time += DAY
    for _ in range(2):
        tell(second, first)
    (said,) = searched(first, second)
    assert (said.at, said.times, said.talks, said.counts) == (Instant(then), 3, (), True)
    rows = first.desk.journal.store.rows("SELECT body FROM entries WHERE kind = ?", (SEARCHED,))
    assert all(WORD.encode() not in body for (body,) in rows)
    assert [verify_store(one.desk.journal).findings for one in (first, second)] == [(), ()]
    assert person.conversation


def test_words_that_are_being_typed_are_one_search() -> None:
    typed = ("b", "bo", "boat", "boa", "boathouse", "boathouse")
    before = ""
    counted = 0
    for words in typed:
        counted += not goes_on(words, before)
        before = words
    assert counted == 1
    assert not goes_on("road", "boathouse")
    assert not goes_on("boat", "")


def test_what_was_searched_is_kept_over_locking_and_told_with_its_own_day(
    stage: Rehearsal, person: Person
) -> None:
    first, second = on_duty(stage)
    then = day_of(stage)
    second.desk.audit.searched(WORD)
    second.desk.stop()
    again = OnDuty(stage.unlock("second"), stage.courier(stage.desks["second"]))
    stage.clock.time += 3 * DAY
    again.desk.audit.searched(WORD)
    tell(again, first)
    assert [(one.at, one.times) for one in searched(first, again)] == [(Instant(then), 1)]
    assert person.conversation


def test_a_heartbeat_tells_one_of_the_two_and_keeps_its_length(
    stage: Rehearsal, person: Person
) -> None:
    _, second = on_duty(stage)
    journal = second.desk.journal
    second.desk.audit.searched(WORD)
    stage.clock.time += DAY
    openings.note(journal, person.conversation)
    before = journal.pen.sequence
    for _ in range(3):
        tell(second)
    count = journal.pen.sequence - before
    query = "SELECT length(frame) FROM frames ORDER BY idx DESC LIMIT ?"
    assert len({row[0] for row in journal.store.rows(query, (count,))}) == 1
    told = kinds(second.desk, second.desk)
    assert (told.count("SearchesMade"), told.count("ConversationsOpened")) == (1, 1)
    assert searches.due(journal) is None
