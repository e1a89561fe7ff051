# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lines of a gazetteer, and a town found under each of its names (spec/places.md 1 and 4)."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.rooms.passage.maps import place_search
from safeconduct.rooms.passage.maps.gazetteer import (
    EAST,
    NORTH,
    Place,
    Position,
    RegionName,
    parse_line,
    position_of,
    write_line,
)
from safeconduct.rooms.passage.maps.place_search import (
    WORDS_KEPT,
    TooManyPlaces,
    find,
    one_of,
    sounds_of,
    told_apart,
)
from tests.kit.gazetteer import LINES

PLACES = [one for line in LINES if isinstance(one := parse_line(line), Place)]
SOUNDS = sounds_of(PLACES)
WORDS = some.text("abcдомЖӀ ’-", min_size=1, max_size=20).map(str.strip).filter(bool)
ALL = some.builds(
    Place,
    some.integers(0, 10**9),
    some.lists(WORDS, min_size=1, max_size=5, unique=True).map(tuple),
    some.builds(Position, some.integers(-NORTH, NORTH), some.integers(-EAST, EAST)),
    some.just("XA"),
    some.sampled_from(["", "07", "A1"]),
    some.integers(0, 10**7),
)


def numbers(text: str) -> list[int]:
    """The places that are found, nearest first."""
    return [one.place.number for one in find(text, PLACES, SOUNDS, 12)]


@given(ALL)
def test_a_place_that_is_written_is_read_again(place: Place) -> None:
    assert parse_line(write_line(place)) == place


@given(some.integers(-NORTH, NORTH), some.integers(-EAST, EAST))
def test_a_position_that_is_written_is_read_again(north: int, east: int) -> None:
    assert position_of(str(Position(north, east))) == (north, east)


@pytest.mark.parametrize(
    "text", ["", "here", "61", "91 0", "0 181", "61.5 44.2 3", "1e3 4", "٦١ ٤٤"]
)
def test_what_is_no_position_is_none(text: str) -> None:
    assert position_of(text) is None


def test_lines_are_places_regions_or_nothing() -> None:
    read = [parse_line(line) for line in LINES]
    assert [type(one) for one in read] == [*[Place] * 6, RegionName, RegionName, type(None)]
    first = read[0]
    assert isinstance(first, Place)
    assert first.at == Position(6150, 4426)
    assert first.names == ("Shchurozhsk", "Щурожск", "Ščurožsk", "شوروجسك")
    fifth = read[4]
    assert isinstance(fifth, Place)
    assert not any("://" in name for name in fifth.names)
    assert parse_line("XA.07\tLower\tLower\t10") == RegionName("XA.07", "Lower")


@pytest.mark.parametrize("column", [0, 4, 8, 10])
def test_a_line_that_is_wrong_somewhere_is_no_place(column: int) -> None:
    row = LINES[0].split("\t")
    row[column] = "?"
    assert parse_line("\t".join(row)) is None


def test_only_wanted_countries_and_regions_are_read() -> None:
    def there(*wanted: str) -> list[int]:
        read = [parse_line(line, wanted) for line in LINES]
        return [one.number for one in read if isinstance(one, Place)]

    assert there("XB") == [6]
    assert there("XA.07") == [4, 5]
    assert there("XA.01", "XB") == [1, 2, 3, 6]
    assert parse_line(LINES[6], ["XA.07"]) == RegionName("XA", "Orvia")
    assert parse_line(LINES[6], ["XB"]) is None


@pytest.mark.parametrize(
    "typed",
    ["Щурожск", "щурожс", "Shchurozhsk", "Schtschuroschsk", "Chtchourojsk", "Ščurožsk"],
)
def test_a_town_is_found_in_any_script_and_romanisation(typed: str) -> None:
    assert numbers(typed)[:1] == [1]


@pytest.mark.parametrize(
    "typed", ["ТӀархойла", "т1архойла", "ТIархойла", "Тlархойла", "Тархойла", "Tarhoyla", "tarkhoj"]
)
def test_the_palochka_is_found_however_it_is_typed(typed: str) -> None:
    assert numbers(typed) == [2]


def test_scripts_that_nobody_here_reads_are_found_as_they_are_written() -> None:
    assert numbers("ბრუნ") == [6]
    assert numbers("شوروجسك") == [1]


def test_a_later_word_finds_too_and_whole_names_and_large_places_come_first() -> None:
    assert numbers("пядь") == [5]
    assert numbers("Novaja Pjad'") == [5]
    assert numbers("Верхний Дол") == [4, 3]
    assert numbers("дол") == [4, 3]
    assert numbers("в") == numbers("") == numbers("?!") == []


def test_the_name_that_is_found_is_the_one_in_the_letters_that_were_typed() -> None:
    assert [one.name for one in find("Щуро", PLACES, SOUNDS, 3)] == ["Щурожск"]
    assert [one.name for one in find("shchuro", PLACES, SOUNDS, 3)] == ["Shchurozhsk"]


def test_places_of_one_name_are_told_apart() -> None:
    found = find("Верхний Дол", PLACES, SOUNDS, 3)
    assert told_apart(found, {"XA": "Orvia", "XA.07": "Lower Orvia"}) == (
        "Lower Orvia, Orvia, 60.20 47.30",
        "XA.01, Orvia, 62.40 43.90",
    )
    assert one_of(PLACES, 3) == PLACES[2]
    assert one_of(PLACES, 99) is None


@given(some.integers(0, 99))
def test_the_same_places_give_the_same_answer_in_any_order(seed: int) -> None:
    mixed = Random(seed).sample(PLACES, len(PLACES))
    found = find("Verhnij", mixed, sounds_of(mixed), 9)
    assert found == find("Verhnij", PLACES, SOUNDS, 9)


@pytest.mark.attack
def test_a_small_file_of_long_names_keeps_no_desk_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place_search, "SOUNDS_MOST", 500)
    words = " ".join("aeiou"[n % 5] + "b" for n in range(25))
    long = [f"{n} {words}"[:80] for n in range(20)]
    places = [Place(n, tuple(long), Position(0, 0), "XA", "", 0) for n in range(40)]
    with pytest.raises(TooManyPlaces):
        sounds_of(places)
    assert {word for *_, word in sounds_of(places[:1])} == set(range(WORDS_KEPT))
