# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was brought in, as pieces of a conversation and in the queue (spec/import.md 2)."""

from itertools import permutations

import pytest
from msgspec.structs import replace

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.words import COUNTER_BITS, DAY, ConversationId, DeviceId, Instant, fact_id
from safeconduct.rooms.hotline import Conversation, fold
from safeconduct.rooms.hotline.avoided import AvoidedWordsSet
from safeconduct.rooms.hotline.events import ConversationClaimed, ConversationFact
from safeconduct.rooms.hotline.first_contact import FirstContact, write_contact
from safeconduct.rooms.hotline.imported import AnswerImported, ContactImported, check_imported
from safeconduct.rooms.hotline.likeness import LAST_BAND
from safeconduct.rooms.hotline.queue import place_of
from safeconduct.rooms.hotline.reasons import Why, reasons
from safeconduct.rooms.hotline.retention import RetentionExtended, RetentionHeld
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.told import Told
from safeconduct.rooms.hotline.triage import Danger
from safeconduct.rooms.hotline.vetting_facts import (
    GateOpened,
    GuardedNoteWritten,
    VettingItemAnswered,
)
from tests.kit.clocks import NOON

TALK = ConversationId(b"t" * 16)
OLD = Instant(NOON - 90 * DAY)
WHO = DeviceId(b"d" * 16)
SAID = ContactImported(TALK, b"m" * 32, "mail", OLD, 1, "Lilac", "Help me.", (), b"")
TOLD = AnswerImported(TALK, b"a" * 32, "mail", OLD + 1, "help@x", "Soon.", (), (b"m" * 32,))
EXTRAS = encode(write_contact(FirstContact(danger_today="yes")))


def told(*events: ConversationFact) -> list[Told]:
    """Facts, written now."""
    return [
        Told(fact_id(bytes([at]) * 32, 0), WHO, (NOON + at) << COUNTER_BITS, event)
        for at, event in enumerate(events)
    ]


def folded(*events: ConversationFact) -> Conversation:
    """The conversation."""
    found = fold(TALK, "calm river", told(*events))
    assert found is not None
    return found


def test_piece_says_where_it_came_from_and_was_read_by_nobody() -> None:
    (message,) = folded(SAID).messages
    assert message.imported is not None
    assert (message.imported.source, message.imported.sender, message.imported.by) == (
        ("mail", "Lilac", WHO)
    )
    assert (message.arrived, message.read_by, message.by_hand) == (OLD, (), None)


def test_conversation_has_no_box_and_no_voice() -> None:
    assert (folded(SAID).mailboxes, folded(SAID).voice) == ((), b"")


def test_own_old_answer_answers_and_is_no_act_of_a_helper() -> None:
    talk = folded(SAID, TOLD)
    assert talk.waiting_since is None
    assert place_of(talk).imported


def test_old_mail_sinks_below_what_is_new_and_is_silent_for_nobody() -> None:
    place = place_of(folded(SAID))
    assert (place.alike, place.due, place.danger) == (LAST_BAND, None, Danger.UNJUDGED)
    assert Why.IMPORTED in {one.why for one in reasons(place, Instant(NOON))}


def test_who_says_danger_today_sinks_below_nothing() -> None:
    place = place_of(folded(replace(SAID, extras=EXTRAS)))
    assert (place.alike, place.danger) == (0, Danger.IN_DANGER)


def test_whoever_takes_it_up_is_asked_from_then_on() -> None:
    place = place_of(folded(SAID, ConversationClaimed(TALK, ())))
    assert (place.alike, place.imported) == (0, False)
    assert place.due == NOON + DAY


@pytest.mark.parametrize(
    "event",
    [
        VettingItemAnswered(TALK, "place", "yes", "", 1, ()),
        GateOpened(TALK, 1, "she knew the street", (), (TALK,), ()),
        GuardedNoteWritten(TALK, 3, "Her aunt has a car.", ()),
        AvoidedWordsSet(TALK, ("river",), ()),
        RetentionHeld(TALK, "a court has it"),
        RetentionExtended(TALK, NOON + 200 * DAY, "a trial"),
    ],
)
def test_whoever_vets_or_keeps_it_has_taken_it_up(event: ConversationFact) -> None:
    assert not place_of(folded(SAID, event)).imported


def test_files_of_both_desks_that_brought_it_in_are_known() -> None:
    first, second = (
        SealedFile(key * 32, key * 32, "list.txt", 9, "text/plain") for key in (b"1", b"2")
    )
    for order in permutations(told(replace(SAID, files=(first,)), replace(SAID, files=(second,)))):
        talk = fold(TALK, "calm river", order)
        assert talk is not None
        assert [file.blob for file in talk.files] == [first.blob]
        assert [file.blob for file in talk.spare] == [second.blob]


def test_brought_in_at_two_desks_it_is_one_in_any_order() -> None:
    facts = told(SAID, SAID, TOLD, TOLD)
    shown = {fold(TALK, "calm river", order) for order in permutations(facts)}
    (talk,) = shown
    assert talk is not None
    assert (len(talk.messages), len(talk.answers)) == (1, 1)


@pytest.mark.parametrize("event", [SAID, TOLD])
def test_piece_that_says_nothing_is_refused(event: ContactImported | AnswerImported) -> None:
    with pytest.raises(Malformed):
        check_imported(replace(event, text=" "))
