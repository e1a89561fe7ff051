# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bulletins told at once by several desks are one in any order; a scan finds whom a fold finds."""

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.words import DeviceId, Instant, fact_id
from safeconduct.rooms.hotline import fold
from safeconduct.rooms.hotline.bulletin_facts import (
    BulletinEnded,
    BulletinFact,
    BulletinMarked,
    BulletinNoticeApproved,
    BulletinNoticeWritten,
    BulletinSet,
)
from safeconduct.rooms.hotline.bulletin_fold import BulletinTold, fold_bulletin
from safeconduct.rooms.hotline.bulletin_match import Matcher
from safeconduct.rooms.hotline.bulletins import BulletinId, Found
from safeconduct.rooms.hotline.queue import order_key, place_of
from tests.kit.clocks import NOON
from tests.property.test_folds import ID, stories

NAME = BulletinId(b"b" * 16)
DEVICES = st.sampled_from([DeviceId(bytes([number]) * 16) for number in range(1, 4)])
FACTS = st.integers(0, 9).map(lambda number: fact_id(bytes([number]) * 32, 0))
REPLACED = st.lists(FACTS, max_size=3).map(tuple)
TIMES = st.integers(0, 3).map(lambda number: number and NOON + number)
TERMS = st.lists(st.sampled_from(["one", "note", "answer", "north"]), max_size=2).map(tuple)
SET: st.SearchStrategy[BulletinFact] = st.builds(
    BulletinSet,
    *(st.just(NAME), st.integers(0, 4), st.just("t"), st.just("k"), st.just("d"), st.just("s")),
    *(st.integers(0, 2), TIMES, TIMES, st.integers(0, 1), TERMS, TERMS, TERMS),
    *(st.lists(st.just(ID), max_size=1).map(tuple), st.just("why"), REPLACED),
)
EVENTS: st.SearchStrategy[BulletinFact] = st.one_of(
    SET,
    st.builds(BulletinEnded, st.just(NAME), st.just("why"), REPLACED),
    st.builds(BulletinMarked, st.just(NAME), st.just(ID), st.integers(0, 1), st.just(""), REPLACED),
    st.builds(
        BulletinNoticeWritten,
        *(st.just(NAME), st.just("en"), st.just("do"), st.just(""), TIMES, REPLACED),
    ),
    st.builds(BulletinNoticeApproved, st.just(NAME), FACTS),
)


@st.composite
def told(draw: st.DrawFn) -> list[BulletinTold]:
    """Facts of several desks, some at the same time; the first tells of the threat."""
    events = [draw(SET), *draw(st.lists(EVENTS, max_size=8))]
    return [
        BulletinTold(
            fact_id(bytes([number]) * 32, 0),
            draw(DEVICES),
            Instant(draw(st.integers(NOON, NOON + 3))),
            event,
        )
        for number, event in enumerate(events)
    ]


@given(told(), st.data())
def test_a_bulletin_is_one_in_any_order(facts: list[BulletinTold], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(facts))
    assert fold_bulletin(NAME, shuffled) == fold_bulletin(NAME, facts)


@given(told(), stories())
def test_what_a_fold_finds_by_words_or_regions_a_scan_of_its_facts_finds(
    facts: list[BulletinTold], story: list[object]
) -> None:
    bulletin, talk = fold_bulletin(NAME, facts), fold(ID, "name", story)  # type: ignore[arg-type]
    if bulletin is None or talk is None:
        return
    matcher = Matcher(bulletin)
    touch = matcher.touch(talk)
    if touch is not None and touch.found in {Found.WORD, Found.REGION}:
        assert any(matcher.may_touch(one.event) for one in story)  # type: ignore[attr-defined]


@given(told(), stories())
def test_no_bulletin_puts_anybody_into_another_level_of_danger(
    facts: list[BulletinTold], story: list[object]
) -> None:
    bulletin, talk = fold_bulletin(NAME, facts), fold(ID, "name", story)  # type: ignore[arg-type]
    if bulletin is None or talk is None:
        return
    touch, now = Matcher(bulletin).touch(talk), Instant(NOON)
    touched = place_of(talk, (touch,) if touch else ())
    alone = place_of(talk)
    assert order_key(touched, None, ID, now)[:2] == order_key(alone, None, ID, now)[:2]
    assert (touched.due, touched.deadline, touched.state) == (
        alone.due,
        alone.deadline,
        alone.state,
    )
