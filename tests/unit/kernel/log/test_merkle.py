# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tree of RFC 9162, against the definition written out by recursion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.log.merkle import (
    EMPTY_ROOT,
    BadProof,
    Frontier,
    fold_perfect,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    root_at,
    root_of,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [leaf_hash(bytes([i])) for i in range(40)]
SIZES = range(len(LEAVES) + 1)


def subtree(level: int, index: int) -> bytes:
    return fold_perfect(LEAVES[index << level : (index + 1) << level])


def by_definition(leaves: list[bytes]) -> bytes:
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


@pytest.mark.parametrize("size", SIZES)
def test_roots_are_those_of_the_definition(size: int) -> None:
    root = by_definition(LEAVES[:size])
    assert root_of(LEAVES[:size]) == root
    assert root_at(size, subtree) == root
    assert Frontier.at(size, subtree).root() == root
    assert Frontier.at(size, subtree).peaks == _grown(size).peaks


def _grown(size: int) -> Frontier:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)
    return frontier


def test_a_copied_frontier_stands_still() -> None:
    frontier = _grown(7)
    copy = frontier.copy()
    frontier.append(LEAVES[7])
    assert (copy.size, copy.root()) == (7, root_of(LEAVES[:7]))


@pytest.mark.parametrize("size", SIZES[1:])
def test_every_leaf_is_proved(size: int) -> None:
    root = root_of(LEAVES[:size])
    for index in range(size):
        proof = prove_inclusion(index, size, subtree)
        verify_inclusion(LEAVES[index], index, size, root, proof)


@pytest.mark.parametrize("second", SIZES)
def test_every_size_is_proved_to_extend_every_smaller_one(second: int) -> None:
    root = root_of(LEAVES[:second])
    for first in range(second + 1):
        proof = prove_consistency(first, second, subtree)
        verify_consistency((first, root_of(LEAVES[:first])), (second, root), proof)


@given(st.data())
def test_no_other_inclusion_proof_holds(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    root, leaf = root_of(LEAVES[:size]), LEAVES[index]
    proof = prove_inclusion(index, size, subtree)
    other = data.draw(st.sampled_from(_spoilt(proof)))
    with pytest.raises(BadProof):
        verify_inclusion(leaf, index, size, root, other)
    with pytest.raises(BadProof):
        verify_inclusion(leaf_hash(b"no"), index, size, root, proof)
    with pytest.raises(BadProof):
        verify_inclusion(leaf, index, size, bytes(32), proof)


@given(st.data())
def test_no_other_consistency_proof_holds(data: st.DataObject) -> None:
    second = data.draw(st.integers(1, len(LEAVES)))
    first = data.draw(st.integers(0, second))
    old, new = (first, root_of(LEAVES[:first])), (second, root_of(LEAVES[:second]))
    proof = prove_consistency(first, second, subtree)
    for other in _spoilt(proof):
        with pytest.raises(BadProof):
            verify_consistency(old, new, other)
    with pytest.raises(BadProof):
        verify_consistency((first, bytes(32)), new, proof)
    if first:
        with pytest.raises(BadProof):
            verify_consistency(old, (second, bytes(32)), proof)


def _spoilt(proof: list[bytes]) -> list[list[bytes]]:
    """Longer, shorter, and with each hash changed."""
    changed = [[*proof[:i], bytes(32), *proof[i + 1 :]] for i in range(len(proof))]
    shorter = [proof[:-1], proof[1:]] if proof else []
    return [[*proof, LEAVES[0]], [*proof, *([LEAVES[0]] * 64)], *shorter, *changed]


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_a_leaf_beyond_the_tree_is_neither_proved_nor_believed(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        prove_inclusion(index, size, subtree)
    with pytest.raises(BadProof):
        verify_inclusion(LEAVES[0], index, size, LEAVES[0], [])


@pytest.mark.parametrize(("first", "second"), [(6, 5), (-1, 5)])
def test_a_tree_does_not_extend_a_larger_one(first: int, second: int) -> None:
    with pytest.raises(IndexError):
        prove_consistency(first, second, subtree)
    with pytest.raises(BadProof):
        verify_consistency((first, LEAVES[0]), (second, LEAVES[0]), [])


def test_a_proof_between_two_sizes_is_not_empty() -> None:
    with pytest.raises(BadProof):
        verify_consistency((3, root_of(LEAVES[:3])), (5, root_of(LEAVES[:5])), [])
