# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joinings written at once by several desks give the same groups in any order."""

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.words import ConversationId, DeviceId, Instant, fact_id
from safeconduct.rooms.hotline.joining import (
    ConversationsJoined,
    Pair,
    Said,
    answered,
    group,
    joinings,
)

TALKS = [ConversationId(bytes([number]) * 16) for number in range(1, 6)]
NAMES = st.sampled_from(TALKS)
DEVICES = st.sampled_from([DeviceId(bytes([number]) * 16) for number in range(1, 4)])
FACTS = st.integers(0, 9).map(lambda number: fact_id(bytes([number]) * 32, 0))
JOINED = st.builds(
    ConversationsJoined,
    NAMES,
    NAMES,
    st.integers(0, 1),
    st.sampled_from(["why", "so"]),
    st.lists(FACTS, max_size=3).map(tuple),
)


@st.composite
def stories(draw: st.DrawFn) -> list[Said]:
    """Facts of several desks, some at the same time: rings, chains and forks among them."""
    events = draw(st.lists(JOINED, max_size=10))
    return [
        Said(fact_id(bytes([number]) * 32, 0), draw(DEVICES), Instant(draw(st.integers(0, 3))), one)
        for number, one in enumerate(events)
    ]


def pairs_in(said: list[Said]) -> list[Pair]:
    """What is joined."""
    return [Pair(one.conversation, one.earlier) for one in joinings(said) if one.joined]


@given(stories(), st.data())
def test_groups_are_one_in_any_order(said: list[Said], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(said))
    assert joinings(shuffled) == joinings(said)
    pairs = data.draw(st.permutations(pairs_in(said)))
    began = {one: Instant(data.draw(st.integers(0, 2))) for one in TALKS}
    for talk in TALKS:
        among = group(talk, pairs, TALKS)
        assert among == group(talk, pairs_in(said), TALKS)
        assert all(group(one, pairs, TALKS) == among for one in among)
        chosen = answered({one: began[one] for one in among}, pairs)
        assert chosen in among
        assert chosen == answered({one: began[one] for one in sorted(among)}, pairs_in(said))


@given(stories())
def test_two_are_joined_only_while_nobody_says_that_they_are_not(said: list[Said]) -> None:
    replaced = {
        (one.event.conversation, one.event.earlier, fact)
        for one in said
        for fact in one.event.replaces
        if fact != one.fact
    }
    for one in said:
        pair = (one.event.conversation, one.event.earlier)
        if not one.event.joined and (*pair, one.fact) not in replaced:
            assert Pair(*map(ConversationId, pair)) not in pairs_in(said)


@given(stories(), st.sets(NAMES))
def test_no_group_reaches_beyond_what_is_held(said: list[Said], held: set[ConversationId]) -> None:
    for talk in held:
        assert group(talk, pairs_in(said), held) <= held


def test_the_newest_words_of_a_chain_are_answered_whoever_wrote_last() -> None:
    first, second, third, *_ = TALKS
    pairs = [Pair(third, second), Pair(second, first)]
    began = {first: Instant(9), second: Instant(2), third: Instant(3)}
    assert group(first, pairs, TALKS) == {first, second, third}
    assert answered(began, pairs) == third


def test_in_a_ring_the_last_that_began_is_answered() -> None:
    first, second, *_ = TALKS
    pairs = [Pair(first, second), Pair(second, first)]
    assert answered({first: Instant(1), second: Instant(2)}, pairs) == second
