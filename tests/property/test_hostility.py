# SPDX-License-Identifier: AGPL-3.0-or-later
"""Marks of hostility: the same facts give the same in any order, and one alone hides nobody."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.words import CommitId, DeviceId, FactId, Instant, fact_id
from safeconduct.rooms.hotline.flags import FlagEnded, FlagRaised
from safeconduct.rooms.hotline.hostility_fold import Said, fold_hostility
from safeconduct.rooms.hotline.triage import Danger
from safeconduct.rooms.hotline.triage_facts import DangerSet, HostileMarked

TALK = bytes(16)
MARKER, JUDGE, THIRD = (DeviceId(bytes([n]) * 16) for n in (1, 2, 3))
FACTS = [fact_id(CommitId(bytes([n]) * 32), 0) for n in range(12)]
OTHERS = [fact_id(CommitId(bytes([n]) * 32), 0) for n in (90, 91)]
BOTH = (MARKER, JUDGE)
NAMED = st.lists(st.sampled_from(FACTS), max_size=3).map(tuple)
EVENTS = st.one_of(
    st.builds(HostileMarked, st.just(TALK), st.integers(0, 1), NAMED),
    st.builds(DangerSet, st.just(TALK), st.integers(0, 4), st.just(()), NAMED),
    st.builds(FlagRaised, st.just(TALK), st.sampled_from(["minor", "suicide"]), st.just("why")),
    st.builds(FlagEnded, st.just(TALK), NAMED, st.just("why")),
)


def said(fact: FactId, device: DeviceId, event: object) -> Said:
    """A fact as the fold hears of it."""
    return Said(fact, device, Instant(0), event)


@st.composite
def histories(draw: st.DrawFn) -> list[Said]:
    """Some facts of three devices."""
    events = draw(st.lists(EVENTS, max_size=len(FACTS)))
    devices = [draw(st.sampled_from([MARKER, JUDGE, THIRD])) for _ in events]
    return [said(*one) for one in zip(FACTS, devices, events, strict=False)]


@given(histories(), st.randoms(use_true_random=False))
def test_the_same_facts_say_the_same_in_any_order(told: list[Said], chance: Random) -> None:
    other = list(told)
    chance.shuffle(other)
    assert fold_hostility(other) == fold_hostility(told)


@given(histories(), st.sampled_from(["danger", "minor", "suicide"]))
def test_nothing_that_one_device_writes_hides_whom_another_judged(
    told: list[Said], how: str
) -> None:
    mine = [one for one in told[1:] if one.device == MARKER]
    judged = said(
        FACTS[0],
        JUDGE,
        DangerSet(TALK, Danger.IN_DANGER, (), ())
        if how == "danger"
        else FlagRaised(TALK, how, "why"),  # type: ignore[arg-type]
    )
    assert fold_hostility([judged, *mine]).put_away_by is None


@given(histories())
def test_one_mark_is_enough_where_nobody_else_judged_and_two_always_are(told: list[Said]) -> None:
    judged = [one for one in told if not isinstance(one.event, HostileMarked)]
    alone = [one._replace(device=MARKER) for one in judged]
    marks = [
        said(fact, by, HostileMarked(TALK, 1, ())) for fact, by in zip(OTHERS, BOTH, strict=True)
    ]
    assert fold_hostility([*alone, marks[0]]).put_away_by == MARKER
    assert fold_hostility([*judged, *marks]).put_away_by == MARKER
