# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stored trees: numbers without gaps, tiles, and proofs at sizes around the tiles' edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import apsw
import pytest

from safeconduct.edges.relay import trees
from safeconduct.edges.relay.store import RelayStore
from safeconduct.edges.relay.trees import Row, StoredTree, Trees, find, stored_size
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.log.checkpoint import parse_checkpoint
from safeconduct.kernel.log.merkle import leaf_hash, root_of, verify_consistency, verify_inclusion
from safeconduct.kernel.words import Instant
from tests.kit.relay import Kept, Office, SetClock, plenty, relay

MANY = 65_536 + 256 + 3
FRAMES = [place.to_bytes(4, "big") for place in range(MANY)]
LEAVES = [leaf_hash(frame) for frame in FRAMES]
EDGES = [1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, MANY - 1, MANY]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("relay")
    with relay(folder) as kept:
        for start in range(0, MANY, 9_999):
            kept.desk.append(FRAMES[start : start + 9_999])
    return folder


@pytest.fixture
def large(folder: Path) -> Iterator[Kept]:
    """The large relay, opened anew: nothing is in memory."""
    store = RelayStore(folder / "relay.db", probe=plenty)
    yield Kept(store, Office())
    store.close()


def test_roots_after_a_start_are_those_of_the_entries(large: Kept) -> None:
    checkpoint = parse_checkpoint(large.desk.checkpoint("log"), large.relay_key)
    assert (checkpoint.size, checkpoint.root) == (MANY, root_of(LEAVES))


@pytest.mark.parametrize("second", EDGES)
def test_proofs_hold_around_the_edges_of_tiles(large: Kept, second: int) -> None:
    root = root_of(LEAVES[:second])
    for first in EDGES:
        if first <= second:
            old = (first, root_of(LEAVES[:first]))
            proof = large.desk.consistency("log", first, second)
            verify_consistency(old, (second, root), proof)
            path = large.desk.inclusion("log", first - 1, second)
            verify_inclusion(LEAVES[first - 1], first - 1, second, root, path)


def test_a_start_reads_few_hashes(large: Kept) -> None:
    reader = large.store.parts.database.reader()
    seen: list[int] = []
    reader.trace_v2(apsw.SQLITE_TRACE_ROW, lambda event: seen.append(event["code"]))
    Trees(lambda _: None).standing(reader, trees.tree_number(1, trees.LOG))
    reader.trace_v2(0, None)
    assert len(seen) < 1024


@pytest.mark.parametrize(("first", "second"), [(0, MANY + 1), (3, 2)])
def test_no_proof_goes_beyond_the_tree(large: Kept, first: int, second: int) -> None:
    with pytest.raises(Malformed):
        large.desk.consistency("log", first, second)
    with pytest.raises(Malformed):
        large.desk.inclusion("log", second, second)


def test_the_same_entry_keeps_its_number(kept: Kept) -> None:
    assert kept.desk.append([b"a", b"b", b"a"]).indices == [0, 1, 0]
    assert kept.desk.append([b"b", b"c"]).indices == [1, 2]
    assert kept.desk.frames(0, 1 << 20) == [b"a", b"b", b"c"]


def test_trees_do_not_mix(kept: Kept) -> None:
    item = kept.office.item(b"text")
    assert kept.submit(b"text") == 0
    assert kept.desk.append([b"first", item]).indices == [0, 1]
    assert kept.submit(b"more") == 1


def test_two_entries_with_one_short_key_are_told_apart(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "_key", lambda _: 7)
    assert kept.desk.append([b"a", b"b"]).indices == [0, 1]
    assert kept.desk.append([b"b", b"a", b"c"]).indices == [1, 0, 2]
    reader, log = kept.store.parts.database.reader(), trees.tree_number(1, trees.LOG)
    placed = find(reader, log, leaf_hash(b"c"))
    assert placed is not None
    assert placed.index == 2
    assert find(reader, log, leaf_hash(b"d")) is None


def test_what_was_rolled_back_is_not_in_the_tree(kept: Kept, clock: SetClock) -> None:
    kept.desk.append([b"a"])
    parts, log = kept.store.parts, trees.tree_number(1, trees.LOG)
    append = trees.Append(log, [Row.of(b"lost", Instant(1))])

    def fail(connection: apsw.Connection, calls: Sequence[trees.Append]) -> list[object]:
        parts.trees.append(connection, calls)
        raise ValueError

    with pytest.raises(ValueError):
        parts.database.write_batched(fail, append)
    assert kept.desk.append([b"b"]).indices == [1]
    assert stored_size(parts.database.reader(), log) == 2
    checkpoint = parse_checkpoint(kept.desk.checkpoint("log"), kept.relay_key)
    assert checkpoint.root == root_of([leaf_hash(b"a"), leaf_hash(b"b")])


def test_an_empty_tree_has_the_empty_root(kept: Kept) -> None:
    checkpoint = parse_checkpoint(kept.desk.checkpoint("intake"), kept.relay_key)
    assert (checkpoint.size, checkpoint.root) == (0, root_of([]))
    stored = StoredTree(kept.store.parts.database.reader(), 2, 0)
    assert stored.nodes(0, 0, 0) == []
