# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going abroad: one state in any order, the safer of two, alarms by the clock, and no penalty."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.rooms.cases import Part, Told
from safeconduct.rooms.cases.relocation import (
    FITS,
    Relocation,
    due_days,
    fields_of_item,
    fold_abroad,
)
from safeconduct.rooms.cases.relocation_due import NEEDED, Alarm, Why, alarms, pressing
from safeconduct.rooms.cases.sheets import ITEM, SHEETS, THINGS
from tests.kit.abroad_told import (
    BO,
    PERSON,
    TODAY,
    WAY,
    heard,
    item,
    record,
    relocation,
    told,
    way,
)

EVERYTHING = [item(20 + n, what, state="not_needed") for n, what in enumerate(NEEDED)]


def whole(*facts: Told, **said: str) -> Relocation:
    """A way of somebody who needs nothing but what these facts say."""
    return relocation(way(**said), *EVERYTHING, *facts)


def why(found: Relocation, today: date = TODAY) -> list[tuple[Why, str]]:
    """What is the matter with it."""
    return [(one.why, one.what) for one in alarms(found, today)]


@given(some.permutations(range(7)))
def test_the_same_facts_give_the_same_way_in_any_order(order: list[int]) -> None:
    first = way()
    facts = [
        first,
        told(2, "relocation", WAY, ("travels", "2026-12-01"), ("stage", "ready")),
        told(3, "relocation", WAY, ("children", "yes"), over=(first.fact,)),
        item(4, "visa", state="asked", due="2026-11-25"),
        item(5, "ticket", day="2026-12-01"),
        heard(6, "2026-12-03"),
        told(7, "option", b"o" * 16, ("country", "Vessland"), ("answer", "declined")),
    ]
    found = fold_abroad(record(*(facts[at] for at in order)), tuple(Part))
    assert found == fold_abroad(record(*facts), tuple(Part))
    (one,) = found.relocations
    assert (one.persons, one.children, one.travels) == ((PERSON,), "yes", "2026-12-01")
    assert [thing.what for thing in one.items] == ["visa", "ticket"]


def test_of_what_two_wrote_apart_the_safer_holds() -> None:
    thing = item(2, "visa", state="ready", due="2026-11-28", expires="2027-06")
    again = told(
        3,
        ITEM,
        bytes([*bytes(15), 2]),
        ("state", "missing"),
        ("due", "2026-11-25"),
        ("expires", "2026-12-02"),
    )
    found = relocation(way(travels="2026-12-05"), way(5, travels="2026-12"), thing, again)
    (one,) = found.items
    assert (one.state, one.due, one.expires) == ("missing", "2026-11-25", "2026-12-02")
    assert found.travels == "2026-12"
    both = relocation(way(stage="arrived", arrives="2026-11-01"), way(3, stage="preparing"))
    assert (both.before, both.there) == (True, True)
    assert {Why.SILENT, Why.LACKS} <= {one for one, _ in why(both)}


def test_a_thing_that_two_call_otherwise_settles_nothing() -> None:
    thing = item(2, "meets", state="ready", who="a cousin of ours")
    again = told(3, ITEM, bytes([*bytes(15), 2]), ("what", "ticket"))
    found = relocation(way(), thing, again)
    assert found.items[0].what == "other"
    assert {(Why.LACKS, "meets"), (Why.LACKS, "ticket")} <= {*why(found)}


def test_what_everybody_needs_is_missed_until_it_is_there_not_needed_or_taken_off() -> None:
    assert [what for _, what in why(relocation(way()))] == [*NEEDED]
    assert why(whole()) == []
    off = [
        told(40 + n, ITEM, bytes([*bytes(15), 20 + n]), ("taken_off", "By road, on foot."))
        for n in range(len(NEEDED))
    ]
    assert why(relocation(way(), *EVERYTHING, *off)) == []


@pytest.mark.parametrize("what", ["medicine", "interpreter", "meets"])
def test_a_named_thing_is_not_there_until_it_is_named(what: str) -> None:
    field, part = ("medicine", Part.HEALTH) if what == "medicine" else ("who", Part.JOURNEY)
    rest = [one for one in EVERYTHING if dict(one.event.values)["what"] != what]  # type: ignore[union-attr]
    facts = [way(), *rest, item(2, what, state="ready")]
    assert why(relocation(*facts)) == [(Why.UNNAMED, what)]
    named = told(3, ITEM, bytes([*bytes(15), 2]), (field, "said"), part=part)
    assert why(relocation(*facts, named)) == []
    without = tuple(one for one in Part if one is not Part.HEALTH)
    assert (why(relocation(*facts, held=without)) == []) is (part is Part.HEALTH)


def test_children_are_asked_after_and_their_papers_missed() -> None:
    assert (Why.CHILDREN, "") in why(relocation(way(children="")))
    found = [what for one, what in why(whole(children="yes")) if one is Why.LACKS]
    assert found == ["child_papers", "parent_consent"]
    there = [item(2, "child_papers", state="ready"), item(3, "parent_consent", state="asked")]
    assert why(whole(*there, children="yes")) == [(Why.OPEN, "parent_consent")]


@pytest.mark.parametrize(
    ("travels", "expires", "what", "said"),
    [
        ("2026-12-01", "2026-11-30", "visa", [Why.RUNS_OUT]),
        ("2026-12-01", "2026-12-01", "visa", []),
        ("2026-12", "2026-12-30", "visa", [Why.RUNS_OUT]),
        ("2026-12-01", "2027-05-31", "passport", [Why.SHORT]),
        ("2026-12-01", "2027-06-01", "passport", []),
        ("", "2026-12-20", "visa", [Why.RUNS_OUT]),
        ("", "2026-12-21", "visa", []),
        ("9999-12", "9999", "passport", []),
    ],
)
def test_papers_have_to_hold_until_the_journey_and_passports_half_a_year_more(
    travels: str, expires: str, what: str, said: list[Why]
) -> None:
    listed = whole(item(2, what, state="ready", expires=expires), travels=travels)
    assert [one for one, _ in why(listed)] == said
    paper = ("of", PERSON.hex()), ("paper", what), ("expires", expires)
    recorded = whole(told(2, "document", b"d" * 16, *paper), travels=travels)
    assert [one for one, _ in why(recorded)] == said
    of_another = (("of", b"x".hex() * 16), *paper[1:])
    assert why(whole(told(2, "document", b"d" * 16, *of_another), travels=travels)) == []


@pytest.mark.parametrize(
    ("day", "state", "said"),
    [
        ("2026-11-19", "asked", [Why.PASSED]),
        ("2026-11-19", "ready", []),
        ("2026-11-20", "asked", [Why.TODAY]),
        ("", "asked", [Why.OPEN]),
        ("2026-11-21", "ready", [Why.TODAY]),
        ("2026-11-22", "ready", []),
        ("2026-11", "ready", []),
        ("2026-11-20", "not_needed", []),
    ],
)
def test_an_appointment_is_told_of_the_day_before_and_until_somebody_wrote_what_came_of_it(
    day: str, state: str, said: list[Why]
) -> None:
    found = whole(item(2, "appointment", day=day, state=state))
    assert sorted(one.value for one, _ in why(found)) == sorted(one.value for one in said)


def test_what_is_missing_presses_two_weeks_before_its_day_and_papers_two_months() -> None:
    thing = item(2, "letter", due="2026-12-04")
    early, late = TODAY - timedelta(days=1), TODAY
    assert pressing(whole(thing), early) == ()
    assert [one.what for one in pressing(whole(thing), late)] == ["letter"]
    assert pressing(whole(item(2, "letter")), late) == ()
    travels = whole(item(2, "letter"), travels="2026-12-04")
    assert [one.by for one in pressing(travels, late)] == [date(2026, 12, 4)]
    short = item(2, "passport", state="ready", expires="2027-02-01")
    assert [one.why for one in pressing(whole(short, travels="2027-01-19"), late)] == [Why.SHORT]
    assert pressing(whole(short, travels="2027-01-20"), late) == ()


@pytest.mark.parametrize(
    ("arrived", "facts", "silent"),
    [
        ("2026-11-17", [], False),
        ("2026-11-16", [], True),
        ("2026-11-01", [heard(2, "2026-11-17")], False),
        ("2026-11-01", [heard(2, "2026-11-16", "wrote")], True),
        ("2026-11-01", [heard(2, "2026-11-19", "silent")], True),
        ("2026-09-01", [heard(2, "2026-10-21")], False),
        ("2026-09-01", [heard(2, "2026-10-20")], True),
        ("2026-11-01", [heard(2, "2026-11-02", next="2026-11-20")], False),
        ("2026-11-01", [heard(2, "2026-11-18", next="2026-11-19")], True),
        ("2026-11-01", [heard(2, "2062-11-16")], True),
        ("9999", [], False),
    ],
)
def test_who_arrived_is_missed_when_nothing_is_heard(
    arrived: str, facts: list[Told], silent: bool
) -> None:
    found = relocation(way(stage="arrived", arrives=arrived), *facts)
    assert why(found) == ([(Why.SILENT, "")] if silent else [])
    assert len(pressing(found, TODAY)) == silent


def test_who_arrived_without_a_day_is_missed_from_the_day_it_was_written() -> None:
    found = relocation(way(stage="arrived"))
    assert found.arrived == TODAY
    assert why(found, TODAY + timedelta(days=3)) == []
    assert why(found, TODAY + timedelta(days=4)) == [(Why.SILENT, "")]


def test_danger_is_what_was_heard_last_and_of_one_day_the_worse() -> None:
    there = way(stage="arrived", arrives="2026-11-18")
    found = heard(2, "2026-11-18", danger="found")
    assert why(relocation(there, found)) == [(Why.DANGER, "")]
    for later, still in (("2026-11-19", False), ("2026-11-18", True), ("2062-01-01", True)):
        facts = there, found, heard(3, later, danger="none")
        assert ((Why.DANGER, "") in why(relocation(*facts))) is still


def test_who_does_not_go_this_way_is_nothing_to_be_alarmed_about() -> None:
    assert why(relocation(way(stage="stopped", travels="2026-11-20"))) == []
    assert due_days(relocation(way(stage="stopped", travels="2026-11-20"))) == ()


@pytest.mark.parametrize("answer", ["", "waits", "accepted", "declined"])
def test_no_answer_to_an_option_changes_an_alarm_a_day_or_an_order(answer: str) -> None:
    facts = [way(travels="2026-12-01"), item(2, "visa", due="2026-11-25")]
    offered = [
        told(3, "option", b"1" * 16, ("country", "Vessland"), ("answer", answer)),
        told(4, "option", b"2" * 16, ("country", "Morrow"), ("answer", "accepted")),
    ]
    found = fold_abroad(record(*facts, *offered), tuple(Part))
    assert found.relocations == fold_abroad(record(*facts), tuple(Part)).relocations
    assert [one.text("country") for one in found.options] == ["Vessland", "Morrow"]


DAYS = some.dates().flatmap(
    lambda day: some.sampled_from([day.isoformat()[:n] for n in (4, 7, 10)])
)


@given(
    some.tuples(DAYS, DAYS, DAYS, DAYS, DAYS, DAYS), some.dates(date(1970, 1, 1), date(9000, 1, 1))
)
def test_no_day_that_a_field_may_hold_stops_the_alarms(days: tuple[str, ...], today: date) -> None:
    travels, arrives, due, day, expires, then = days
    for stage in ("ready", "arrived"):
        found = relocation(
            way(stage=stage, travels=travels, arrives=arrives),
            item(2, "passport", due=due, day=day, expires=expires),
            heard(3, then, next=due),
        )
        every = alarms(found, today)
        assert {one for one in every if one.pressing(today)} == {*pressing(found, today)}
        assert all(isinstance(one, date) for one in due_days(found))


def test_each_thing_has_its_fields_and_no_field_is_of_none() -> None:
    assert [*FITS] == [*THINGS]
    every = {name for what in THINGS for name in fields_of_item([what])}
    assert every == {one.name for one in SHEETS[ITEM]} == fields_of_item([""])
    assert "medicine" not in fields_of_item(["ticket", "meets"])


def test_an_alarm_without_a_day_never_presses() -> None:
    assert not Alarm(Why.LACKS, "meets").pressing(TODAY)
    assert BO not in relocation(way()).owners
