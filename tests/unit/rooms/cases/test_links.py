# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations of a case: one state in any order, taken back by who saw it, told by contact."""

from __future__ import annotations

import itertools

import pytest

from safeconduct.kernel.words import CaseId, CommitId, ConversationId, DeviceId, VaultId, fact_id
from safeconduct.rooms.cases import Part, Told
from safeconduct.rooms.cases.events import PartFact
from safeconduct.rooms.cases.link_facts import ConversationLinked, ConversationUnlinked
from safeconduct.rooms.cases.links import Link, fold_links
from safeconduct.rooms.cases.links_decide import (
    LinkedAlready,
    LinkedMeanwhile,
    NotLinked,
    link,
    unlink,
)

CASE, TALK, OTHER = CaseId(b"c" * 16), ConversationId(b"t" * 16), ConversationId(b"u" * 16)
CONTACT, JOURNEY = VaultId(b"k" * 16), VaultId(b"j" * 16)
PARTS = {CONTACT: Part.CONTACT, JOURNEY: Part.JOURNEY}
ADA = DeviceId(b"a" * 16)


def told(n: int, event: PartFact, vault: VaultId = CONTACT) -> Told:
    """A fact of the n-th commit."""
    commit = CommitId(n.to_bytes(32, "big"))
    return Told(fact_id(commit, 0), commit, vault, ADA, (5 + n) << 16, event)


def links(*facts: Told) -> tuple[Link, ...]:
    """What these facts give."""
    return fold_links(CASE, PARTS, facts)


def test_the_same_facts_give_the_same_links_in_any_order() -> None:
    first = told(1, ConversationLinked(CASE, TALK))
    facts = [
        first,
        told(2, ConversationLinked(CASE, OTHER)),
        told(3, ConversationUnlinked(CASE, TALK, (first.fact,))),
        told(4, ConversationLinked(CASE, TALK)),
    ]
    for order in itertools.permutations(facts):
        assert links(*order) == links(*facts)
    assert [one.talk for one in links(*facts)] == [OTHER, TALK]


def test_what_a_colleague_said_unseen_stands_when_another_takes_theirs_back() -> None:
    first, unseen = (told(n, ConversationLinked(CASE, TALK)) for n in (1, 2))
    taken = told(3, unlink(CASE, links(first), TALK, {first.fact}))
    assert links(first, taken) == ()
    assert [one.facts for one in links(first, unseen, taken)] == [(unseen.fact,)]
    both = told(4, unlink(CASE, links(first, unseen), TALK, {first.fact, unseen.fact}))
    assert links(first, unseen, both) == ()


def test_a_link_is_said_once_and_taken_back_where_it_stands() -> None:
    there = links(told(1, link(CASE, (), TALK)))
    with pytest.raises(LinkedAlready):
        link(CASE, there, TALK)
    with pytest.raises(NotLinked):
        unlink(CASE, there, OTHER, set(there[0].facts))


def test_a_link_that_came_after_the_form_was_opened_is_not_taken_back_unseen() -> None:
    first, unseen = (told(n, ConversationLinked(CASE, TALK)) for n in (1, 2))
    with pytest.raises(LinkedMeanwhile):
        unlink(CASE, links(first, unseen), TALK, {first.fact})
    with pytest.raises(LinkedMeanwhile):
        unlink(CASE, links(first), TALK, set())


@pytest.mark.parametrize(
    "fact",
    [
        told(1, ConversationLinked(CASE, TALK), JOURNEY),
        told(1, ConversationLinked(CASE, TALK), VaultId(b"x" * 16)),
        told(1, ConversationLinked(b"x" * 16, TALK)),
    ],
)
def test_what_stands_elsewhere_or_of_another_case_counts_for_nothing(fact: Told) -> None:
    assert links(fact) == ()


def test_nobody_takes_a_link_back_from_another_part_or_for_another_conversation() -> None:
    first = told(1, ConversationLinked(CASE, TALK))
    for event, vault in (
        (ConversationUnlinked(CASE, TALK, (first.fact,)), JOURNEY),
        (ConversationUnlinked(CASE, OTHER, (first.fact,)), CONTACT),
        (ConversationUnlinked(b"x" * 16, TALK, (first.fact,)), CONTACT),
    ):
        assert [one.talk for one in links(first, told(2, event, vault))] == [TALK]
