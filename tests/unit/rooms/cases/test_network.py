# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network of a case: one picture of one record, and no label over another."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from safeconduct.kernel.words import CaseId, CommitId, DeviceId, VaultId, fact_id
from safeconduct.rooms.cases import CaseRecord, Part, SheetId, SheetWritten, Told, fold_record
from safeconduct.rooms.cases.network import HUNTS, Edge, Network, Node, network_of
from safeconduct.rooms.cases.network_layout import (
    EDGES_MOST,
    NODES_MOST,
    SEEN,
    SHOWN_MOST,
    Box,
    Drawing,
    draw,
    shown,
    wide,
)

CASE, VAULT, OTHER = CaseId(b"c" * 16), VaultId(b"i" * 16), VaultId(b"j" * 16)
PARTS = {VAULT: Part.IDENTITY, OTHER: Part.JOURNEY}
ADA = DeviceId(b"a" * 16)
LABELS = {HUNTS: "hunts", "parent": "parent", "sibling": "brother or sister", "": "tied"}


def sheet(n: int) -> SheetId:
    """The id of the n-th sheet."""
    return SheetId(bytes([n]) * 16)


def told(n: int, of: int, kind: str, *values: tuple[str, str], vault: VaultId = VAULT) -> Told:
    """A fact about a sheet."""
    commit = CommitId(n.to_bytes(32, "big"))
    event = SheetWritten(CASE, sheet(of), kind, values, ())
    return Told(fact_id(commit, 0), commit, vault, ADA, n << 16, event)


def record(*facts: Told) -> CaseRecord:
    """The record of some facts."""
    return fold_record(CASE, PARTS, facts, "en")


FAMILY = (
    told(1, 1, "person", ("name", "Aru")),
    told(2, 1, "person", ("stands", "asks"), vault=OTHER),
    told(3, 2, "person", ("name", "Daru")),
    told(4, 3, "pursuer", ("name", "The uncle"), ("hunts", sheet(2).hex())),
    told(5, 4, "tie", ("one", sheet(3).hex()), ("relation", "parent"), ("other", sheet(1).hex())),
)


def test_the_same_record_gives_the_same_network_in_any_order() -> None:
    found = {network_of(record(*order)) for order in itertools.permutations(FAMILY)}
    (network,) = found
    assert [one.called for one in network.nodes] == ["Aru", "Daru", "The uncle"]
    assert network.edges == (
        Edge(sheet(3), sheet(2), HUNTS),
        Edge(sheet(3), sheet(1), "parent"),
    )
    assert draw(network, LABELS) == draw(network, LABELS)


def test_what_cannot_be_read_or_was_taken_off_is_no_node_and_no_edge() -> None:
    journey = fold_record(CASE, {OTHER: Part.JOURNEY}, FAMILY, "en")
    network = network_of(journey)
    assert [(one.called, one.name != "") for one in network.nodes] == [("", True)]
    assert network.edges == ()
    off = told(9, 3, "pursuer", ("taken_off", "Dead."))
    assert network_of(record(*FAMILY, off)).edges == ()


@pytest.mark.parametrize("other", [sheet(1).hex(), sheet(8).hex(), sheet(4).hex()])
def test_an_edge_to_nobody_to_oneself_or_to_no_person_is_none(other: str) -> None:
    tie = told(6, 4, "tie", ("one", sheet(1).hex()), ("other", other))
    assert network_of(record(FAMILY[0], tie)).edges == ()


def test_of_what_two_wrote_at_once_each_is_an_edge() -> None:
    both = (told(6, 3, "pursuer", ("hunts", sheet(1).hex())),)
    edges = network_of(record(*FAMILY, *both)).edges
    assert {(one.one, one.other) for one in edges if one.relation == HUNTS} == {
        (sheet(3), sheet(1)),
        (sheet(3), sheet(2)),
    }


@some.composite
def networks(draw_one: some.DrawFn) -> Network:
    """Networks up to the most that is drawn."""
    count = draw_one(some.integers(1, NODES_MOST))
    words = some.text(max_size=40)
    nodes = tuple(Node(sheet(at), "person", "lantern", draw_one(words)) for at in range(count))
    ends = some.tuples(some.integers(0, count - 1), some.integers(0, count - 1))
    pairs = draw_one(some.lists(ends.filter(lambda one: one[0] != one[1]), max_size=2 * count))
    relations = some.sampled_from(sorted(LABELS))
    edges = dict.fromkeys(Edge(sheet(a), sheet(b), draw_one(relations)) for a, b in pairs)
    return Network(nodes, tuple(edges)[:EDGES_MOST] if count > 1 else ())


def boxes(drawing: Drawing) -> list[Box]:
    """Every rectangle of a picture."""
    return [*(one.box for one in drawing.nodes), *(one.box for one in drawing.edges)]


@settings(deadline=None)
@given(networks())
def test_no_label_lies_over_another_and_all_is_within_the_picture(network: Network) -> None:
    drawing = draw(network, LABELS)
    assert drawing is not None
    assert len(drawing.nodes) == len(network.nodes)
    assert len(drawing.edges) == len(network.edges)
    all_boxes = boxes(drawing)
    assert not any(one.over(other) for one, other in itertools.combinations(all_boxes, 2))
    for one in all_boxes:
        assert one.x >= 0
        assert one.y >= 0
        assert one.x + one.width <= drawing.width
        assert one.y + one.height <= drawing.height
    for edge in drawing.edges:
        end = Box(edge.x2, edge.y2, 1, 1)
        assert not any(end.over(one.box) for one in drawing.edges)
        assert all(0 <= x <= drawing.width for x in (edge.x1, edge.x2))
        assert all(0 <= y <= drawing.height for y in (edge.y1, edge.y2))


@pytest.mark.parametrize("count", range(2, 7))
def test_no_label_covers_the_line_at_which_it_stands(count: int) -> None:
    nodes = tuple(Node(sheet(at), "person", "lantern", "Aru Kett") for at in range(count))
    pairs = itertools.pairwise(range(count))
    edges = tuple(Edge(sheet(one), sheet(other), "sibling") for one, other in pairs)
    drawing = draw(Network(nodes, edges), LABELS)
    assert drawing is not None
    for edge in drawing.edges:
        spots = [
            (edge.x1 + (edge.x2 - edge.x1) * at / 100, edge.y1 + (edge.y2 - edge.y1) * at / 100)
            for at in range(101)
        ]
        box, long = edge.box, math.dist((edge.x1, edge.y1), (edge.x2, edge.y2))
        behind = sum(
            box.x < x < box.x + box.width and box.y < y < box.y + box.height for x, y in spots
        )
        assert long * (1 - behind / len(spots)) >= SEEN - 3, (edge, long)


def test_among_a_family_no_line_passes_behind_somebody_else() -> None:
    nodes = tuple(Node(sheet(at), "person", "lantern", "Aru Kett") for at in range(6))
    edges = tuple(
        Edge(sheet(one), sheet(other), HUNTS)
        for one, other in itertools.combinations(range(6), 2)
        if (one + other) % 2
    )
    drawing = draw(Network(nodes, edges), LABELS)
    assert drawing is not None
    for edge in drawing.edges:
        between = [
            (
                edge.x1 + (edge.x2 - edge.x1) * at // 100,
                edge.y1 + (edge.y2 - edge.y1) * at // 100,
            )
            for at in range(101)
        ]
        others = [
            one for one in drawing.nodes if one.node.sheet not in {edge.edge.one, edge.edge.other}
        ]
        assert not any(Box(x, y, 1, 1).over(one.box) for x, y in between for one in others)


def test_every_line_of_text_fits_into_its_box() -> None:
    nodes = tuple(Node(sheet(at), "person", "lantern", "漢" * at) for at in range(1, 24))
    drawing = draw(Network(nodes, ()), LABELS)
    assert drawing is not None
    assert all(wide(line) <= one.box.width for one in drawing.nodes for line in one.lines)
    assert all(len(line) <= SHOWN_MOST for one in drawing.nodes for line in one.lines)


def test_too_many_are_drawn_by_nobody() -> None:
    nodes = tuple(Node(sheet(at), "person", "lantern", "Aru") for at in range(NODES_MOST + 1))
    assert draw(Network(nodes, ()), LABELS) is None
    assert draw(Network((), ()), LABELS) is None
    edges = (Edge(sheet(0), sheet(1), HUNTS),) * (EDGES_MOST + 1)
    assert draw(Network(nodes[:2], edges), LABELS) is None


def test_nothing_in_a_picture_turns_or_hides() -> None:
    assert shown("Aru\u202e\x00 K") == "Aru·· K"
