# SPDX-License-Identifier: AGPL-3.0-or-later
"""A checklist that is begun with one press: the same at every desk, and blind to health."""

from __future__ import annotations

import pytest

from safeconduct.rooms.cases import Part, Told, fold_record
from safeconduct.rooms.cases.checklist import ALWAYS, LINES_MOST, OF_A_CHILD, begin, proposed
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.record_decide import NothingNew
from safeconduct.rooms.cases.relocation import fold_abroad
from safeconduct.rooms.cases.sheets import ITEM
from tests.kit.abroad_told import CASE, CHILD, PERSON, VAULTS, WAY, record, told, way

JOURNEY = (Part.JOURNEY,)
ASKED = (" A photo,  35 by 45 ", "", "A photo, 35 by 45", "Proof of money")


def begun(*facts: Told, lines: tuple[str, ...] = ()) -> list[Told]:
    """The facts of a list that is begun over these."""
    known = record(*facts)
    of = known.sheet(WAY, "relocation")
    assert of is not None
    written = begin(known, JOURNEY, of, proposed(known, of, lines))
    return [told(60 + n, one.kind, one.sheet, *one.values) for n, one in enumerate(written)]


def test_a_list_holds_what_everybody_needs_the_childrens_papers_and_what_the_country_asks() -> None:
    child = told(2, "person", CHILD, ("stands", "child"))
    facts = [way(), child, *begun(way(), child, lines=ASKED)]
    (found,) = fold_abroad(record(*facts), JOURNEY).relocations
    things = [one.what for one in found.items]
    assert things == [*ALWAYS, *OF_A_CHILD, "other", "other"]
    texts = [one.sheet.text("note") for one in found.items if one.what == "other"]
    assert texts == ["A photo, 35 by 45", "Proof of money"]
    assert {one.sheet.text("for") for one in found.items} == {"", CHILD.hex()}
    assert all(one.open for one in found.items)


def test_each_of_two_children_has_papers_of_its_own() -> None:
    two = [told(n, "person", bytes([n]) * 16, ("stands", "child")) for n in (2, 3)]
    facts = [way(), *two, *begun(way(), *two)]
    (found,) = fold_abroad(record(*facts), JOURNEY).relocations
    papers = [one.sheet.text("for") for one in found.items if one.what == OF_A_CHILD[0]]
    assert sorted(papers) == [one.event.sheet.hex() for one in two]  # type: ignore[union-attr]


def test_a_child_that_goes_itself_is_not_its_own_company() -> None:
    facts = [way(of=CHILD.hex()), told(2, "person", CHILD, ("stands", "child"))]
    assert len(begun(*facts)) == len(ALWAYS)


def test_what_stands_in_health_changes_nothing_of_a_list() -> None:
    ill = told(2, "person", PERSON, ("health", "Needs insulin."), part=Part.HEALTH)
    assert [one.event for one in begun(way(), ill)] == [one.event for one in begun(way())]


def test_two_who_begin_a_list_apart_begin_the_same_things() -> None:
    ones = begun(way(), lines=ASKED)
    others = [one._replace(fact=one.fact[:-1] + b"x", hlc=one.hlc + 9) for one in ones]  # type: ignore[arg-type]
    both = fold_record(CASE, VAULTS, [way(), *ones, *others], "en")
    assert len(both.of_kind(ITEM)) == len(ones)


def test_what_stands_or_was_taken_off_is_not_begun_again() -> None:
    first = begun(way())
    off = told(90, ITEM, first[0].event.sheet, ("taken_off", "Has one."))  # type: ignore[union-attr]
    with pytest.raises(NothingNew):
        begun(way(), *first, off)
    assert len(begun(way(), *first, off, lines=ASKED)) == 2


def test_a_list_is_begun_where_the_journey_is_read_and_of_a_way_alone() -> None:
    known = record(way())
    of, person = known.sheet(WAY, "relocation"), known.sheet(PERSON, "person")
    assert of is not None
    assert person is not None
    with pytest.raises(NoSuchPart):
        begin(known, (Part.HEALTH,), of, proposed(known, of, ()))
    with pytest.raises(NoSuchPart):
        begin(known, JOURNEY, person, proposed(known, person, ()))


def test_a_long_book_fills_no_list_without_end() -> None:
    known = record(way())
    of = known.sheet(WAY, "relocation")
    assert of is not None
    lines = [f"{n} {'x' * 400}" for n in range(2 * LINES_MOST)]
    found = [one for one in proposed(known, of, lines) if one.what == "other"]
    assert len(found) == LINES_MOST
    assert all(len(one.note) == 300 for one in found)
