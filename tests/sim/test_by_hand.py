# SPDX-License-Identifier: AGPL-3.0-or-later
"""A call typed in at one desk without a connection: there on both, answered, joined, kept."""

from dataclasses import replace
from itertools import permutations

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.kernel.words import HOUR, ConversationId, Instant
from safeconduct.rooms.hotline.bulletin_decide import Telling
from safeconduct.rooms.hotline.bulletins import Confidence, Scope, Threat
from safeconduct.rooms.hotline.by_hand_decide import Typed
from safeconduct.rooms.hotline.decide import NoBox
from safeconduct.rooms.hotline.first_contact import FirstContact
from safeconduct.rooms.hotline.joining_decide import HasNoBox
from safeconduct.rooms.hotline.triage import Danger
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, settle

SAID = "Her brother was taken on Thursday."
THREAT = Telling(
    *(Threat.GROUP, "Arrests", "Two were taken.", "Warn them.", "A member."),
    *(Confidence.LIKELY, None, Scope(everyone=True)),
)


def call(hand: Hand, where: ConversationId | None = None, text: str = SAID) -> ConversationId:
    """Type a call in."""
    beside = FirstContact(danger_today="yes", region="north")
    now = hand.desk.now()
    typed = Typed(way="behalf", happened=now, text=text, speaker="A sister", beside=beside)
    return hand.desk.by_hand.note(where, hand.desk.by_hand.fresh(), typed, "")


def texts(hand: Hand, where: ConversationId) -> list[str]:
    """What was said in a conversation, as a desk shows it."""
    talk = hand.desk.conversation(where)
    assert talk is not None
    return [one.text for one in talk.messages]


def sound(*hands: Hand) -> None:
    """Every list and index is what the facts make of it."""
    for hand in hands:
        assert not verify_store(hand.desk.journal).findings


def test_a_call_is_in_the_queue_of_both_desks_and_in_their_search(
    person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    where = call(first)
    assert first.desk.status().unsent
    settle(*hands)
    for hand in hands:
        rows, _ = hand.desk.inbox(show="waiting", start=0, most=9)
        assert [row.conversation for row in rows] == [where, person.conversation]
        assert rows[0].place.danger is Danger.IN_DANGER
        for words in ("thursday", "sister"):
            assert where in [hit.conversation for hit in hand.desk.search(words)]
    with pytest.raises(NoBox):
        second.desk.answer(where, "We come.")
    second.desk.mark_read(where)
    second.desk.by_hand.tell(where, "Call at six.", None, Instant(second.desk.now() + HOUR))
    settle(*hands)
    for hand in hands:
        assert hand.desk.inbox(show="waiting", start=0, most=9)[1] == 1
        talk = hand.desk.conversation(where)
        assert talk is not None
        assert [claim.holder for claim in talk.claims] == [second.desk.device]
    sound(*hands)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_she_who_later_writes_by_the_page_is_joined_and_answered_there(
    person: Person, hands: tuple[Hand, Hand], order: tuple[int, ...]
) -> None:
    first, second = hands
    where = call(first)
    settle(*hands)
    with pytest.raises(HasNoBox):
        second.desk.joining.join(where, person.conversation, "The other way round.")
    acts = (
        lambda: second.desk.joining.join(person.conversation, where, "The sister gave the date."),
        lambda: call(first, where, "He is in the old mill."),
        lambda: second.desk.triage.judge(where, Danger.LIFE),
    )
    for number in order:
        acts[number]()
        (first, second)[number % 2].sync()
    settle(*hands)
    for hand in hands:
        (row,) = hand.desk.inbox(show="all", start=0, most=9)[0]
        assert (row.conversation, row.place.danger) == (person.conversation, Danger.LIFE)
        assert sorted(texts(hand, where)) == sorted(
            ["Please help.", SAID, "He is in the old mill."]
        )
    second.desk.answer(person.conversation, "We are here.")
    settle(*hands)
    assert [one.text for one in person.replies() if one.kind == "answer"] == ["We are here."]
    sound(*hands)


def test_a_form_is_noted_once_and_its_draft_goes_with_it(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    by_hand = hands[0].desk.by_hand
    message = by_hand.fresh()
    by_hand.keep_draft(None, message, "begun")
    assert by_hand.draft(None) == "begun"
    typed = Typed(way="meeting", happened=stage.clock.now(), text=SAID)
    where = by_hand.note(None, message, typed, "Come on Friday.")
    assert by_hand.note(None, message, typed, "Come on Friday.") == where
    by_hand.keep_draft(None, message, "late")
    assert by_hand.draft(None) == ""
    assert texts(hands[0], where) == [SAID]
    talk = hands[0].desk.conversation(where)
    assert talk is not None
    assert (len(talk.answers), talk.waiting) == (1, ())
    further = by_hand.fresh()
    by_hand.note(where, further, typed, "")
    by_hand.note(where, further, typed, "")
    assert texts(hands[0], where) == [SAID, SAID]


@pytest.mark.parametrize(
    "scope",
    [
        Scope(look_for=frozenset({"Thursday"})),
        Scope(look_for=frozenset({"a sister"})),
        Scope(look_for=frozenset({"old bridge"})),
        Scope(regions=frozenset({"north"})),
    ],
    ids=["said", "who spoke", "told her", "region"],
)
def test_a_threat_told_of_later_touches_who_was_typed_in(
    person: Person, hands: tuple[Hand, Hand], scope: Scope
) -> None:
    first, second = hands
    where = call(first)
    first.desk.by_hand.tell(where, "Wait at the old bridge.", None)
    settle(*hands)
    second.desk.bulletins.issue(replace(THREAT, scope=scope))
    settle(*hands)
    for hand in hands:
        assert [one.touched for one in hand.desk.bulletins.running()] == [1]
    sound(*hands)
    assert where != person.conversation


def test_a_notice_holds_nothing_of_a_call_that_was_typed_in(
    person: Person, hands: tuple[Hand, Hand]
) -> None:
    desk = hands[0].desk
    number = "+0 99 765 43 21"
    typed = Typed(way="behalf", happened=desk.now(), text=f"Call {number}.", speaker="Vetka Orn")
    desk.by_hand.note(person.conversation, desk.by_hand.fresh(), typed, "")
    desk.bulletins.issue(THREAT)
    bulletin = desk.bulletins.running()[0].bulletin
    assert desk.bulletins.leaks(bulletin, f"Call {number}.").contacts == (number,)
    assert "Vetka" in desk.bulletins.leaks(bulletin, "Nobody asks for Vetka.").doubtful
