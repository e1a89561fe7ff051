# SPDX-License-Identifier: AGPL-3.0-or-later
"""A drawn map: nothing over anything, the same whatever the order (spec/places.md 6)."""

from __future__ import annotations

import math
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as some

from safeconduct.rooms.passage.maps.gazetteer import Position
from safeconduct.rooms.passage.maps.map_cells import cells_of
from safeconduct.rooms.passage.maps.map_layout import (
    PAIRS_MOST,
    STOPS_MOST,
    Drawing,
    Link,
    Town,
    draw,
)
from safeconduct.rooms.passage.maps.map_lines import crosses

BANDS = ("low", "fair", "high", "very_high")
AT = some.builds(Position, some.integers(-9000, 9000), some.integers(-18000, 18000))


@some.composite
def maps(rule: some.DrawFn) -> tuple[list[Town], list[Link]]:
    """Towns, of which some lie in one place and some nowhere, and a few ways between them."""
    many = rule(some.integers(1, 14))
    towns = [
        Town(
            bytes([number]),
            (rule(some.text("Wя漢", min_size=1, max_size=24)), "3 beds")[
                : rule(some.integers(1, 2))
            ],
            rule(some.none() | some.just(Position(10, 10)) | AT),
            rule(some.integers(0, 40)),
        )
        for number in range(many)
    ]
    every = list(combinations(range(many), 2))
    pairs = rule(some.lists(some.sampled_from(every), max_size=12)) if every else []
    links = [
        Link(
            *(bytes([one]), bytes([other]), rule(some.sampled_from(["train", "car"]))),
            rule(some.sampled_from(BANDS)),
            on=rule(some.booleans()),
        )
        for one, other in sorted(pairs)
    ]
    return towns, links


def chain(many: int) -> tuple[list[Town], list[Link]]:
    """Towns without a position, each joined with the next."""
    towns = [Town(bytes([number]), (f"Town {number}",)) for number in range(many)]
    links = [Link(bytes([at]), bytes([at + 1]), "car", "fair") for at in range(many - 1)]
    return towns, links


def boxes_lie_over_nothing(drawing: Drawing) -> bool:
    every = [*(one.box for one in drawing.towns), *(one.box for one in drawing.links)]
    every += [one.box for one in drawing.edge]
    inside = all(
        box.x >= 0
        and box.y >= 0
        and box.x + box.width <= drawing.width
        and box.y + box.height <= drawing.height
        for box in every
    )
    return inside and not any(one.over(other) for one, other in combinations(every, 2))


@settings(max_examples=60, deadline=None)
@given(maps())
def test_no_box_and_no_label_lies_over_another(drawn: tuple[list[Town], list[Link]]) -> None:
    towns, links = drawn
    edge = [Town(bytes([200 + at]), ("Elsewhere", "1 of 2 crossings open")) for at in range(5)]
    drawing = draw(towns, links, edge)
    assert drawing is None or boxes_lie_over_nothing(drawing)


@settings(max_examples=30, deadline=None)
@given(maps(), some.integers(0, 9))
def test_the_same_network_is_the_same_picture(
    drawn: tuple[list[Town], list[Link]], seed: int
) -> None:
    towns, links = drawn
    assert draw(towns, links) == draw(Random(seed).sample(towns, len(towns)), links)


def test_a_map_of_the_size_of_an_office_fits() -> None:
    dice = Random(3)
    towns = [
        Town(
            bytes([at]),
            (f"Town of {at}", "2 beds"),
            Position(dice.randrange(900), dice.randrange(900)),
        )
        for at in range(STOPS_MOST)
    ]
    near = {
        tuple(sorted((one.key, other.key)))
        for one in towns
        for other in sorted(towns, key=lambda other: math.dist(one.at or (), other.at or ()))[1:4]
    }
    links = [Link(one, other, "coach", dice.choice(BANDS)) for one, other in sorted(near)]
    drawing = draw(towns, links)
    assert drawing is not None
    assert boxes_lie_over_nothing(drawing)
    by_key = {one.town.key: one.box for one in drawing.towns}
    hidden = [
        link
        for link in drawing.links
        for key, box in by_key.items()
        if key not in {link.link.one, link.link.other} and crosses(link.corners, box)
    ]
    assert len(links) > STOPS_MOST
    assert len(hidden) < len(links) // 8
    assert max(drawing.width, drawing.height) < 3_000


def test_north_is_up_and_east_is_right_across_the_line_of_dates() -> None:
    cells = cells_of(
        {b"w": Position(0, 17_900), b"e": Position(0, -17_900), b"n": Position(500, 18_000)}, ()
    )
    assert cells[b"w"][0] < cells[b"e"][0]
    assert cells[b"n"][1] < cells[b"w"][1]


def test_a_town_without_a_position_stands_beside_its_neighbour() -> None:
    known = {bytes([at]): Position(at % 4 * 100, at // 4 * 100) for at in range(16)}
    cells = cells_of({**known, b"x": None}, [(b"x", bytes([0]))])
    (x, y), (column, row) = cells[bytes([0])], cells[b"x"]
    assert abs(x - column) <= 1
    assert abs(y - row) <= 2


def test_what_is_too_much_is_drawn_by_nobody() -> None:
    assert draw([], []) is None
    towns, links = chain(STOPS_MOST)
    assert draw(towns, links) is not None
    assert draw(*chain(STOPS_MOST + 1)) is None
    every = [Link(a.key, b.key, "car", "low") for a, b in combinations(towns, 2)]
    assert draw(towns, every[: PAIRS_MOST + 1]) is None


def test_one_way_has_an_arrow_and_both_ways_none() -> None:
    towns = [Town(b"a", ("West",), Position(0, 0)), Town(b"b", ("East",), Position(0, 100))]
    for on, back, label in ((True, True, "car"), (True, False, "car →"), (False, True, "car ←")):
        drawing = draw(towns, [Link(b"a", b"b", "car", "low", on=on, back=back)])
        assert drawing is not None
        assert [one.label for one in drawing.links] == [label]


def test_ways_of_one_pair_stand_beside_each_other_each_with_its_label() -> None:
    towns = [Town(b"a", ("West",)), Town(b"b", ("East",))]
    links = [Link(b"a", b"b", word, band) for word, band in (("car", "low"), ("train", "high"))]
    drawing = draw(towns, links)
    assert drawing is not None
    first, second = drawing.links
    assert first.corners != second.corners
    assert not first.box.over(second.box)


def test_nothing_hidden_stands_in_a_name() -> None:
    drawing = draw([Town(b"a", ("A\u202eB" + "x" * 40,))], [])
    assert drawing is not None
    (line,) = drawing.towns[0].shown
    assert line.startswith("A·B")
    assert len(line) == 20
