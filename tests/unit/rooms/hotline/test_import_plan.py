# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of the items of a file (spec/import.md 3)."""

from itertools import count

from safeconduct.kernel.words import DAY, HOUR, ConversationId, Instant
from safeconduct.rooms.hotline.import_plan import Fate, Item, Left, Plan, plan
from tests.kit.clocks import NOON

NOW = Instant(NOON)


def item(number: int, who: str = "lilac", ago: int | None = 90 * DAY, **more: object) -> Item:
    """One item."""
    at = None if ago is None else Instant(NOW - ago + number)
    told = {"id": bytes([number]) * 32, "source": "mail", "where": number, "who": who}
    return Item(**(told | {"sender": who, "happened": at} | more))  # type: ignore[arg-type]


def planned(*items: Item | Left, known: dict[bytes, ConversationId] | None = None) -> Plan:
    """What becomes of them."""
    numbers = count(1)

    def fresh() -> ConversationId:
        return ConversationId(bytes([next(numbers)]) * 16)

    return plan(items, known or {}, fresh, NOW)


def fates(made: Plan) -> list[Fate]:
    """In the order of the file."""
    return [line.fate for line in made.lines]


def test_items_of_one_person_are_one_conversation() -> None:
    made = planned(item(1), item(2), item(3, "reed"))
    assert fates(made) == [Fate.BEGINS, Fate.JOINS, Fate.BEGINS]
    talks = [place.talk for place in made.places.values()]
    assert talks[0] == talks[1] != talks[2]


def test_items_that_cite_each_other_are_one_conversation_whoever_wrote() -> None:
    made = planned(item(1, names=(b"a",)), item(2, "reed", names=(b"b", b"a")))
    assert len({place.talk for place in made.places.values()}) == 1


def test_our_own_item_answers_what_came_before_it() -> None:
    made = planned(item(1), item(2, ours=True), item(3))
    assert made.places[b"\2" * 32].answers == (b"\1" * 32,)
    assert made.waiting == (made.places[b"\3" * 32].talk,)


def test_who_takes_our_name_takes_nobody_off_the_line() -> None:
    made = planned(item(1), item(2, ours=True, came_in=True))
    assert [one.answers for one in made.places.values()] == [(), ()]
    assert len(made.waiting) == 1


def test_longer_file_adds_only_what_is_new_where_the_rest_is() -> None:
    there = ConversationId(b"t" * 16)
    made = planned(item(1), item(2), known={b"\1" * 32: there})
    assert fates(made) == [Fate.KNOWN, Fate.JOINS]
    assert {one: place.talk for one, place in made.places.items()} == {b"\2" * 32: there}


def test_each_item_is_told_once() -> None:
    made = planned(item(1), item(1, where=2), Left(3, "damaged"))
    assert fates(made) == [Fate.BEGINS, Fate.TWICE, Fate.LEFT]


def test_item_without_a_date_stands_after_the_one_before_it() -> None:
    made = planned(item(1), item(2, ago=None), item(3, ago=HOUR))
    before, undated = made.places[b"\1" * 32], made.places[b"\2" * 32]
    assert (undated.happened, undated.dated) == (before.happened, False)


def test_danger_of_months_ago_is_not_danger_today() -> None:
    made = planned(item(1, danger=True), item(2, "reed", HOUR, danger=True))
    assert [place.danger for place in made.places.values()] == [False, True]
    assert made.pressing == (made.places[b"\2" * 32].talk,)


def test_danger_without_a_date_is_not_danger_today() -> None:
    assert not planned(item(1, ago=None, danger=True)).places[b"\1" * 32].danger


def test_what_a_sheet_says_was_answered_waits_for_nobody() -> None:
    made = planned(item(1, danger=True, answered=True, ago=HOUR))
    assert (made.waiting, made.pressing) == ((), ())
