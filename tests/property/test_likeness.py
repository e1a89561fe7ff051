# SPDX-License-Identifier: AGPL-3.0-or-later
"""Likeness: the same messages give the same result in any order, and what came later has no say."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.words import DAY, CommitId, DeviceId, fact_id
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.hostility import Hostility, Mark
from safeconduct.rooms.hotline.likeness import COPY_BAND, LAST_BAND, Likeness, Seen, Weighed
from safeconduct.rooms.hotline.queue import FOLDED, Weight, place_of
from safeconduct.rooms.hotline.wording import pairs_of
from tests.property.test_queue import talks

MARK = Mark(fact_id(CommitId(bytes(32)), 0), DeviceId(bytes(16)), hostile=True)
TEXT = "brother money border night phone river house ticket window letter"
WORDS = TEXT.split(" ")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=0, max_size=9).map(" ".join)
SEEN = st.builds(
    lambda at, name, text: Seen(at, name.to_bytes(32, "big"), pairs_of(text)),
    st.integers(20_000 * DAY, 20_003 * DAY),
    st.integers(0, 1 << 16),
    TEXTS,
)
ALL = st.lists(SEEN, max_size=24, unique_by=lambda one: one.message)
WEIGHTS = st.builds(
    Weight, st.integers(0, LAST_BAND), st.integers(0, 999), st.booleans(), st.booleans()
)


def weigh(runs: list[list[Seen]]) -> dict[bytes, Weighed]:
    """Weigh some runs of messages, one after the other."""
    likeness, found = Likeness(), dict[bytes, Weighed]()
    for run in runs:
        found.update(likeness.add(run))
    return found


@given(ALL, st.randoms(use_true_random=False), st.integers(1, 9))
def test_the_same_messages_weigh_the_same_in_any_order(
    seen: list[Seen], chance: Random, size: int
) -> None:
    other = list(seen)
    chance.shuffle(other)
    runs = [other[at : at + size] for at in range(0, len(other), size)]
    assert weigh(runs) == weigh([seen])


@given(ALL, SEEN)
def test_an_earlier_time_of_a_message_counts_as_if_it_had_come_first(
    seen: list[Seen], one: Seen
) -> None:
    others = [other for other in seen if other.message != one.message]
    later = one._replace(at=one.at + DAY // 3)
    assert weigh([[*others, later], [one], [later]]) == weigh([[*others, one]])


@given(ALL)
def test_what_came_later_has_no_say(seen: list[Seen]) -> None:
    ordered = sorted(seen)
    early = ordered[: len(ordered) // 2]
    both, alone = weigh([ordered]), weigh([early])
    assert {one.message: both[one.message] for one in early} == alone


@given(st.lists(TEXTS, max_size=24), TEXTS)
def test_nobody_sinks_by_telling_more_of_her_own(before: list[str], text: str) -> None:
    seen = [
        Seen(20_000 * DAY + at, at.to_bytes(32, "big"), pairs_of(one))
        for at, one in enumerate(before)
    ]
    bands = []
    for more in ("", " lighthouse accordion mulberry"):
        hers = Seen(20_000 * DAY + DAY // 2, b"hers" * 8, pairs_of(text + more))
        if not hers.long:
            return
        bands.append(weigh([[*seen, hers]])[hers.message].band)
    assert bands[1] <= bands[0] or bands[0] > COPY_BAND


@given(ALL, st.integers(0, 3))
def test_a_day_that_was_restored_weighs_as_before(seen: list[Seen], which: int) -> None:
    day, likeness = 20_000 + which, Likeness()
    anew = likeness.add(seen)
    restored = Likeness()
    for number in range(20_000, 20_004):
        held = [(one, anew[one.message]) for one in seen if one.at // DAY == number]
        restored.restore(number, held)
    late = Seen(day * DAY + DAY // 2, b"late" * 8, pairs_of(" ".join(WORDS)))
    assert restored.add([late]) == likeness.add([late])


@given(talks(), WEIGHTS)
def test_nobody_is_put_away_whom_no_helper_marked_and_who_says_that_she_is_in_danger(
    talk: Conversation, weight: Weight
) -> None:
    folded = replace(talk, triage=replace(talk.triage, hostility=Hostility()))
    place = place_of(folded, weight=weight)
    if folded.triage.says_danger or not weight.hostile:
        assert place.alike < FOLDED
    marked = replace(folded, triage=replace(folded.triage, hostility=Hostility((MARK,))))
    assert place_of(marked, weight=weight).alike == FOLDED


@given(talks(), WEIGHTS)
def test_likeness_sinks_nobody_with_whom_a_helper_did_something(
    talk: Conversation, weight: Weight
) -> None:
    place = place_of(talk, weight=weight)
    if talk.answers or talk.claims or any(talk.triage.standing):
        assert place.alike in {0, FOLDED if talk.triage.hostile_by else 0}
