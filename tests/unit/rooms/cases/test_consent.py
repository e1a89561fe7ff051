# SPDX-License-Identifier: AGPL-3.0-or-later
"""Consent: one state in any order, a no wins unless it was seen, and nothing hostile counts."""

from __future__ import annotations

import itertools
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.words import DAY, CaseId, CommitId, DeviceId, Instant, VaultId, fact_id
from safeconduct.rooms.cases import NoteWritten, Part, SheetId, Told
from safeconduct.rooms.cases.consent import (
    DAYS_MOST,
    LAPSING_IN,
    REST,
    Asking,
    Consent,
    Consents,
    Purpose,
    WhyNot,
    allows,
    fold_consents,
)
from safeconduct.rooms.cases.consent_facts import (
    ConsentFact,
    ConsentGiven,
    ConsentRefused,
    ConsentWithdrawn,
)

CASE = CaseId(b"c" * 16)
ARU, DARU = SheetId(b"1" * 16), SheetId(b"2" * 16)
CONTACT, HEALTH = VaultId(b"k" * 16), VaultId(b"h" * 16)
PARTS = {CONTACT: Part.CONTACT, HEALTH: Part.HEALTH}
ADA, BO = DeviceId(b"a" * 16), DeviceId(b"b" * 16)
TODAY = 20_800
NOW = Instant(TODAY * DAY + 5_000)
CLINIC = Asking(ARU, Purpose.REFERRAL, "The clinic")


def told(n: int, event: ConsentFact | NoteWritten, vault: VaultId = CONTACT) -> Told:
    """A fact of the n-th commit."""
    commit = CommitId(n.to_bytes(32, "big"))
    return Told(fact_id(commit, 0), commit, vault, ADA if n % 2 else BO, (5 + n) << 16, event)


def yes(
    consent: bytes = b"1", asking: Asking = CLINIC, over: tuple[Told, ...] = ()
) -> ConsentGiven:
    """A consent of last week, for ten days from now."""
    who = asking.person, asking.purpose.value, asking.other, asking.recipient
    text, seen = "What was read.", tuple(one.fact for one in over)
    first, last = TODAY - 7, TODAY + 10
    return ConsentGiven(
        CASE, consent * 16, *who, text, "ru", 1, "spoken", "", first, last, "", seen
    )


def no(asking: Asking = CLINIC, day: int = TODAY) -> ConsentRefused:
    """A refusal."""
    who = CASE, asking.person, asking.purpose.value, asking.other
    return ConsentRefused(*who, asking.recipient, day)


def back(consent: bytes = b"1") -> ConsentWithdrawn:
    """A withdrawal."""
    return ConsentWithdrawn(CASE, consent * 16, "Her uncle works there.")


def fold(*facts: Told) -> Consents:
    """What these facts give."""
    return fold_consents(CASE, PARTS, facts, "en")


def outcome(*facts: Told, asking: Asking = CLINIC, now: Instant = NOW) -> bytes | WhyNot:
    """The consent's first letter, or why there is none."""
    found = allows(fold(*facts), asking, now)
    return found.id[:1] if isinstance(found, Consent) else found


FIRST, REFUSED, BACK = told(1, yes()), told(2, no()), told(3, back())
ELSEWHERE = Asking(ARU, Purpose.REFERRAL, "The other clinic")
TABLE: list[tuple[str, tuple[Told, ...], bytes | WhyNot]] = [
    ("nobody asked", (), WhyNot.NONE),
    ("yes", (FIRST,), b"1"),
    ("no", (REFUSED,), WhyNot.REFUSED),
    ("yes, and a no that it did not see", (FIRST, REFUSED), WhyNot.REFUSED),
    ("yes, taken back", (FIRST, BACK), WhyNot.WITHDRAWN),
    ("no, then yes by themselves", (REFUSED, told(4, yes(over=(REFUSED,)))), b"1"),
    ("taken back, then anew", (FIRST, BACK, told(4, yes(b"2", over=(BACK,)))), b"2"),
    ("taken back, and anew unseen", (FIRST, BACK, told(4, yes(b"2"))), WhyNot.WITHDRAWN),
    ("the old one named anew", (FIRST, BACK, told(4, yes(over=(BACK,)))), WhyNot.WITHDRAWN),
    ("taken back of nothing", (BACK,), WhyNot.NONE),
    ("yes to another recipient", (told(1, yes(asking=ELSEWHERE)),), WhyNot.OTHER_RECIPIENT),
    ("no to another recipient", (FIRST, told(2, no(ELSEWHERE))), b"1"),
    ("yes of another", (told(1, yes(asking=replace(CLINIC, person=DARU))),), WhyNot.NONE),
    (
        "yes to another purpose",
        (told(1, yes(asking=replace(CLINIC, purpose=Purpose.AUTHORITIES))),),
        WhyNot.NONE,
    ),
]


@pytest.mark.parametrize(("facts", "found"), [one[1:] for one in TABLE], ids=[t[0] for t in TABLE])
def test_whether_something_may_be_passed_on(facts: tuple[Told, ...], found: bytes | WhyNot) -> None:
    assert all(outcome(*order) == found for order in itertools.permutations(facts))


@pytest.mark.parametrize(
    ("days", "found"),
    [(-9, WhyNot.EXPIRED), (-8, b"1"), (0, b"1"), (10, b"1"), (11, WhyNot.EXPIRED)],
)
def test_a_consent_holds_to_the_end_of_its_last_day(days: int, found: bytes | WhyNot) -> None:
    assert outcome(FIRST, now=Instant(NOW + days * DAY)) == found


@pytest.mark.parametrize(
    ("until", "soon"), [(-1, False), (0, True), (LAPSING_IN, True), (LAPSING_IN + 1, False)]
)
def test_what_lapses_within_thirty_days_is_told_apart(until: int, *, soon: bool) -> None:
    (consent,) = fold(told(1, msgspec.structs.replace(yes(), until=TODAY + until))).given
    assert consent.lapses(TODAY) is soon


def test_the_recipient_is_the_same_however_it_is_spelt() -> None:
    assert outcome(FIRST, asking=replace(CLINIC, recipient="  the  CLINIC")) == b"1"
    assert outcome(FIRST, asking=replace(CLINIC, recipient="the clinic 2")) is (
        WhyNot.OTHER_RECIPIENT
    )
    spelt = replace(CLINIC, recipient="THE CLINIC")
    assert outcome(FIRST, told(2, no(spelt))) is WhyNot.REFUSED


def test_what_is_something_else_is_told_apart_by_its_words() -> None:
    film = replace(CLINIC, purpose=Purpose.OTHER, other="a film")
    assert outcome(told(1, yes(asking=film)), asking=film) == b"1"
    assert outcome(told(1, yes(asking=film)), asking=replace(film, other="a book")) is WhyNot.NONE


def test_the_one_that_holds_longest_is_given() -> None:
    longer = msgspec.structs.replace(yes(b"2"), until=TODAY + 20)
    assert outcome(FIRST, told(2, longer), told(4, yes(b"3"))) == b"2"


def test_without_the_contact_part_nothing_is_known_and_nothing_allowed() -> None:
    for facts in ((), (FIRST,), (REFUSED,)):
        unread = fold_consents(CASE, {HEALTH: Part.HEALTH}, facts, "en")
        assert (unread.given, unread.noes, unread.readable) == ((), (), False)
        assert allows(unread, CLINIC, NOW) is WhyNot.UNSEEN
    assert allows(Consents(CASE), CLINIC, NOW) is WhyNot.UNSEEN


HOSTILE = {
    "purpose": "espionage",
    "other": "words without need",
    "recipient": " ",
    "text": "\n ",
    "how": "beaten",
    "through": "an aunt, but spoken",
    "given": 0,
    "until": TODAY + 10_000,
    "case": b"x" * 16,
}


@pytest.mark.parametrize("field", HOSTILE)
def test_what_this_program_does_not_know_or_cannot_be_counts_for_nothing(field: str) -> None:
    assert fold(told(1, msgspec.structs.replace(yes(), **{field: HOSTILE[field]}))).given == ()


def test_what_stands_in_another_part_or_of_another_case_is_not_heard() -> None:
    there = (
        told(1, yes(), HEALTH),
        told(2, yes(), VaultId(b"z" * 16)),
        told(3, NoteWritten(CASE, "")),
    )
    assert fold(*there).given == ()
    assert outcome(FIRST, told(2, back(), HEALTH), told(4, no(), HEALTH)) == b"1"
    elsewhere = msgspec.structs.replace(back(), case=b"x" * 16)
    assert outcome(FIRST, told(2, elsewhere)) == b"1"


def test_an_id_that_stands_twice_is_withdrawn_twice() -> None:
    again = told(5, yes(asking=ELSEWHERE))
    state = fold(FIRST, again, BACK)
    assert [len(one.against) for one in state.given] == [1, 1]
    assert outcome(FIRST, again, BACK, asking=ELSEWHERE) is WhyNot.WITHDRAWN


def test_an_ended_consent_says_so_and_one_that_begins_later_does_not_hold_yet() -> None:
    later = msgspec.structs.replace(yes(), given=TODAY + 2, until=TODAY + 9)
    assert outcome(told(1, later)) is WhyNot.EXPIRED
    longest = msgspec.structs.replace(yes(), given=TODAY, until=TODAY + DAYS_MOST)
    assert outcome(told(1, longest)) == b"1"


def test_nobody_asks_again_in_the_week_after_a_no() -> None:
    state = fold(told(1, no(day=TODAY)), told(2, no(ELSEWHERE, TODAY - REST)))
    assert [one.day for one in state.lately(ARU, Purpose.REFERRAL, TODAY)] == [TODAY]
    assert state.lately(ARU, Purpose.REFERRAL, TODAY + REST) == ()
    assert state.lately(DARU, Purpose.REFERRAL, TODAY) == ()
    assert fold(told(1, no(day=2**32 - 1))).lately(ARU, Purpose.REFERRAL, TODAY) == ()


def test_people_are_named_in_the_order_in_which_they_spoke() -> None:
    state = fold(
        told(2, yes(asking=replace(CLINIC, person=DARU))), told(1, no()), told(3, yes(b"3"))
    )
    assert state.persons == (ARU, DARU)
    assert len({state.name(one) for one in state.persons}) == 2


@given(some.data())
def test_the_same_facts_give_the_same_state_and_a_no_unseen_always_wins(
    data: some.DataObject,
) -> None:
    facts: list[Told] = []
    for n in range(1, data.draw(some.integers(1, 7)) + 1):
        noes = [one for one in facts if not isinstance(one.event, ConsentGiven)]
        consent = data.draw(some.sampled_from([b"1", b"2"]))
        over = tuple(data.draw(some.lists(some.sampled_from(noes), unique=True))) if noes else ()
        either: list[ConsentFact] = [yes(consent, over=over), no(), back(consent)]
        made = data.draw(some.sampled_from(either))
        facts.append(told(n, made))
    state = fold(*facts)
    assert fold(*data.draw(some.permutations(facts))) == state
    found = allows(state, CLINIC, NOW)
    if isinstance(found, Consent):
        assert {one.fact for one in state.noes} <= set(found.said.over)
        withdrawn = {one.event.consent for one in facts if isinstance(one.event, ConsentWithdrawn)}
        assert found.id not in withdrawn
