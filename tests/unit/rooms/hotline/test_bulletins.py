# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bulletins: whom a threat touches, what helpers may say of it, what a notice must not hold."""

from dataclasses import replace

import pytest

from safeconduct.kernel.errors import Malformed, Refused
from safeconduct.kernel.words import HOUR, DeviceId, FactId, Instant
from safeconduct.rooms.hotline import bulletin_decide, parse_fact, write_answer, write_fact
from safeconduct.rooms.hotline.bulletin_decide import (
    ApprovedByAnother,
    BulletinEmpty,
    BulletinOver,
    BulletinTooLong,
    LookAtWords,
    NoticeEmpty,
    NoticeGone,
    NoticeLeaks,
    NoticeText,
    ScopeMissing,
    Telling,
    TermTooShort,
)
from safeconduct.rooms.hotline.bulletin_facts import BulletinFact, BulletinNoticeApproved
from safeconduct.rooms.hotline.bulletin_fold import BulletinTold, fold_bulletin
from safeconduct.rooms.hotline.bulletin_match import Looker, Matcher
from safeconduct.rooms.hotline.bulletin_notice import Guard, Leaks
from safeconduct.rooms.hotline.bulletins import (
    TERMS_MOST,
    TEXT_MOST,
    UNTIL_MOST,
    Bulletin,
    BulletinId,
    Confidence,
    Found,
    Scope,
    Threat,
    Touch,
)
from safeconduct.rooms.hotline.queue import Place, hidden, order_key, place_of
from safeconduct.rooms.hotline.reasons import Why, reasons
from safeconduct.rooms.hotline.triage import Danger
from safeconduct.rooms.hotline.triage_decide import TimeNotAhead, TimeTooFar, WhyMissing
from tests.kit.clocks import NOON as START
from tests.unit.rooms.hotline.test_conversation import ID, ONE, TWO, Story, message

NOON = Instant(START)
NAME = BulletinId(b"b" * 16)
SOON = Instant(NOON + HOUR)
WORD = Scope(look_for=frozenset({"Lilac Yard"}))
NOTHING = Leaks()
THREAT = Telling(
    *(Threat.GROUP, "A group is read", "Two were taken.", "Warn them.", "A member."),
    *(Confidence.LIKELY, None, WORD),
)


def fact(number: int) -> FactId:
    """An id."""
    return FactId(bytes([number]) * 36)


def told(*events: BulletinFact, by: DeviceId = ONE) -> Bulletin:
    """A bulletin of these facts, one a minute."""
    facts = [
        BulletinTold(fact(at), by, Instant(NOON + at * 60_000), event)
        for at, event in enumerate(events)
    ]
    folded = fold_bulletin(NAME, facts)
    assert folded is not None
    return folded


def issued(**more: object) -> Bulletin:
    """A bulletin that was told at noon."""
    return told(bulletin_decide.issue(NAME, replace(THREAT, **more), NOON))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("term", "text", "stands"),
    [
        ("Lilac Yard", "in the LILAC  yard", True),
        ("Lilac Yard", "in the lilac\nyards", True),
        ("yard", "in the courtyard", False),
        ("сирен", "Сирень цветёт", True),
        ("ёлка", "Елка", True),
        ("@lilac_yard", "write to @Lilac_Yard", True),
        ("+0 55 123 45 67", "8 (055) 123-45-67", True),
        ("+0 55 123 45 67", "0551234568", False),
        ("+0 55 123 45 67", "3 551 234 567 times", True),
        ("12345", "1 12345 1", False),
        ("12345", "code 12-345.", True),
        ("ab", "ab", False),
    ],
)
def test_what_is_looked_for_is_found_as_people_write_it(
    term: str, text: str, *, stands: bool
) -> None:
    assert Looker([term]).finds(text) is stands


def test_a_threat_touches_by_the_closest_way_and_tells_who_was_written_to_since() -> None:
    story = Story()
    story.tell(message(1, text="in lilac yard"))
    talk = story.now()
    everyone = issued(scope=replace(WORD, everyone=True))
    touch = Matcher(everyone).touch(talk)
    assert touch == Touch(NAME, THREAT.title, Found.WORD, everyone.since, None, told=False)
    unlike = issued(scope=Scope(everyone=True), until=SOON)
    touch = Matcher(unlike).touch(talk)
    assert touch == Touch(NAME, THREAT.title, Found.EVERYONE, SOON, SOON, told=False)
    assert Matcher(issued(scope=Scope(regions=frozenset({"north"})))).touch(talk) is None
    named = Scope(conversations=frozenset({ID}))
    story.tell(write_answer(talk, b"a" * 16, "Leave it.", (), NOON))
    touch = Matcher(issued(scope=named)).touch(story.now())
    assert touch is not None
    assert (touch.found, touch.told) == (Found.NAMED, True)


def test_two_that_tell_at_once_both_stand_and_the_safer_counts() -> None:
    first = bulletin_decide.issue(NAME, replace(THREAT, until=Instant(SOON + HOUR)), NOON)
    bulletin = told(first)
    change = bulletin_decide.change
    wider = replace(THREAT, scope=Scope(everyone=True), until=SOON)
    both = told(
        first,
        change(bulletin, wider, "wider", NOON, again=True),
        change(bulletin, THREAT, "no date", NOON, again=False),
    )
    assert len(both.versions) == 2
    assert (both.until, both.scope) == (SOON, replace(WORD, everyone=True))
    over = bulletin_decide.end(bulletin, "a lie")
    assert told(first, over).ended is not None
    assert told(first, over, change(bulletin, THREAT, "no lie", NOON, again=False)).ended is None


def test_what_is_told_after_the_end_runs_again_and_people_are_told_again() -> None:
    first = bulletin_decide.issue(NAME, THREAT, NOON)
    over = bulletin_decide.end(told(first), "quiet")
    later = Instant(NOON + HOUR)
    again = bulletin_decide.change(told(first, over), THREAT, "It is back.", later, again=False)
    assert again.since == later
    assert told(first, over, again).ended is None


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"title": " "}, BulletinEmpty),
        ({"todo": ""}, BulletinEmpty),
        ({"known": "x" * (TEXT_MOST + 1)}, BulletinTooLong),
        ({"scope": Scope()}, ScopeMissing),
        ({"scope": Scope(look_for=frozenset({"+1"}))}, TermTooShort),
        ({"scope": Scope(tags=frozenset(map(str, range(TERMS_MOST + 1))))}, BulletinTooLong),
        ({"until": NOON}, TimeNotAhead),
        ({"until": Instant(NOON + UNTIL_MOST + 1)}, TimeTooFar),
    ],
)
def test_what_nobody_could_act_on_is_refused(more: dict[str, object], why: type[Refused]) -> None:
    with pytest.raises(why):
        issued(**more)


def test_what_ended_is_neither_ended_nor_marked_again() -> None:
    first = bulletin_decide.issue(NAME, THREAT, NOON)
    with pytest.raises(WhyMissing):
        bulletin_decide.end(told(first), " ")
    over = told(first, bulletin_decide.end(told(first), "a lie"))
    for do in (
        lambda: bulletin_decide.end(over, "again"),
        lambda: bulletin_decide.mark(over, ID, "why", touched=True),
        lambda: bulletin_decide.write_notice(over, NoticeText("en", "x", "", None), NOTHING, NOON),
    ):
        with pytest.raises(BulletinOver):
            do()


def test_a_notice_needs_a_second_and_a_new_one_needs_both_again() -> None:
    first = bulletin_decide.issue(NAME, THREAT, NOON)
    text = NoticeText("en", "Stay in.", "", None)
    with pytest.raises(NoticeEmpty):
        bulletin_decide.write_notice(told(first), replace(text, do=" "), NOTHING, NOON)
    written = bulletin_decide.write_notice(told(first), text, NOTHING, NOON)
    own = BulletinNoticeApproved(NAME, fact(1))
    assert told(first, written, own).notices[0].approved_by == ()
    standing = told(first, written)
    with pytest.raises(ApprovedByAnother):
        bulletin_decide.approve(standing, fact(1), NOTHING, another=False, looked=True)
    with pytest.raises(NoticeGone):
        bulletin_decide.approve(standing, fact(9), NOTHING, another=True, looked=True)
    with pytest.raises(NoticeLeaks):
        bulletin_decide.approve(
            standing, fact(1), Leaks(names=("Mira",)), another=True, looked=True
        )
    with pytest.raises(LookAtWords):
        bulletin_decide.approve(
            standing, fact(1), Leaks(doubtful=("X",)), another=True, looked=False
        )
    facts = [BulletinTold(fact(0), ONE, NOON, first), BulletinTold(fact(1), ONE, NOON, written)]
    facts.append(BulletinTold(fact(2), TWO, NOON, own))
    folded = fold_bulletin(NAME, facts)
    assert folded is not None
    assert folded.notices[0].approved_by == (TWO,)
    anew = bulletin_decide.write_notice(folded, replace(text, do="Go."), NOTHING, NOON)
    folded = fold_bulletin(NAME, [*facts, BulletinTold(fact(3), ONE, SOON, anew)])
    assert folded is not None
    assert [(one.do, one.approved_by) for one in folded.notices] == [("Go.", ())]


def test_the_guard_names_what_must_not_go_out_and_what_people_look_at() -> None:
    notice = (
        "Mira says: the Amber Lanterns burn. Do not call 0 55 123 45 67. Stay away from the mill "
        "by the old bridge. Nobody goes to Vetka; ask @lilac_yard. Wait for the morning."
    )
    guard = Guard(notice, ["@lilac_yard"])
    guard.name("Mira")
    guard.name("amber lantern")
    guard.text(
        "I have +3 055 123-45-67. We meet at the mill by the old bridge at six, @lilac_yard."
    )
    guard.text("my brother is in vetka. Wait, I come.")
    leaks = guard.leaks()
    assert leaks.names == ("Mira", "Amber Lanterns")
    assert leaks.contacts == ("0 55 123 45 67",)
    assert leaks.quotes == ("mill by the old bridge.", "the mill by the old")
    assert leaks.doubtful == ("Vetka",)
    assert leaks.held


def test_the_reasons_name_the_threat_and_what_is_left_of_its_time() -> None:
    close = Touch(NAME, "the list", Found.TAG, SOON, SOON, told=False)
    place = Place(touched=(close,), snoozed_until=Instant(NOON + 2 * HOUR))
    assert (place.pressed, place.urged, place.wide) == (SOON, SOON, None)
    assert [(one.why, one.text) for one in reasons(place, NOON)][1] == (Why.THREAT_BY, "the list")
    assert reasons(place, SOON)[1].why is Why.THREAT_PASSED
    assert not hidden(place, NOON)
    wide = replace(place, touched=(close._replace(found=Found.REGION, until=None),))
    assert (wide.pressed, wide.urged, wide.wide) == (None, None, SOON)
    assert reasons(wide, NOON)[1].why is Why.THREAT
    assert hidden(wide, NOON)
    done = replace(place, touched=(close._replace(told=True),))
    assert (done.pressed, done.wide) == (None, None)
    assert reasons(done, NOON)[1].why is Why.THREAT_TOLD
    assert order_key(place, NOON, b"a", NOON) < order_key(wide, NOON, b"a", NOON)
    assert order_key(wide, NOON, b"a", NOON) < order_key(done, NOON, b"a", NOON)
    worse = Place(danger=Danger.AT_RISK)
    assert order_key(worse, NOON, b"a", NOON) < order_key(place, NOON, b"a", NOON)


def test_a_fact_of_a_bulletin_reads_back_and_what_none_could_be_does_not() -> None:
    event = bulletin_decide.issue(NAME, THREAT, NOON)
    assert parse_fact("hotline.BulletinSet", 1, write_fact(event)) == event
    for broken in ({"kind": 9}, {"everyone": 2}, {"regions": ("x",) * (TERMS_MOST + 1)}):
        body = write_fact(type(event)(**(_fields(event) | broken)))  # type: ignore[arg-type]
        with pytest.raises(Malformed):
            parse_fact("hotline.BulletinSet", 1, body)


def test_a_conversation_that_nothing_touches_is_placed_as_before() -> None:
    story = Story()
    story.tell(message(1))
    assert place_of(story.now()).touched == ()


def _fields(event: BulletinFact) -> dict[str, object]:
    return {name: getattr(event, name) for name in event.__struct_fields__}
