# SPDX-License-Identifier: AGPL-3.0-or-later
"""Flags: what one does to a place, who ends it, and steps that a second helper goes on with."""

from itertools import permutations

import pytest

from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.words import HOUR, FactId, Instant
from safeconduct.rooms.hotline import fold, parse_fact, write_fact
from safeconduct.rooms.hotline.flags import (
    FLAG_REASON_MOST,
    Flag,
    Flagged,
    FlagRaised,
    ScriptStepTicked,
)
from safeconduct.rooms.hotline.flags_decide import (
    FlaggedAlready,
    NotFlagged,
    end_flag,
    raise_flag,
    tick,
)
from safeconduct.rooms.hotline.queue import Place, hidden, order_key, place_of
from safeconduct.rooms.hotline.reasons import Why, reasons
from safeconduct.rooms.hotline.triage import REASON_MOST, Danger
from safeconduct.rooms.hotline.triage_decide import WhyMissing, WhyTooLong, judge, snooze
from tests.kit.clocks import NOON
from tests.unit.rooms.hotline.test_conversation import ID, ONE, TWO, Story, message


def flagged(flag: Flag = Flag.SUICIDE) -> Story:
    """A conversation that a helper flagged."""
    story = Story()
    story.tell(message(1))
    story.tell(raise_flag(story.now(), flag, " She wrote that she will not be here on Friday. "))
    return story


def standing(story: Story, flag: Flag = Flag.SUICIDE) -> Flagged:
    """The flag."""
    found = story.now().triage.flagged(flag)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("flag", "level", "why"),
    [(Flag.SUICIDE, Danger.IN_DANGER, Why.SUICIDE), (Flag.MINOR, Danger.AT_RISK, Why.MINOR)],
)
def test_a_flag_raises_the_level_and_is_a_reason(flag: Flag, level: Danger, why: Why) -> None:
    story = flagged(flag)
    place = place_of(story.now())
    assert (place.danger, place.flags, place.says_danger) == (level, (flag,), False)
    assert [one.why for one in reasons(place, Instant(NOON))][1] is why
    raising = standing(story, flag).raised[0]
    assert (raising.by, raising.reason) == (ONE, "She wrote that she will not be here on Friday.")


def test_no_judgement_takes_a_flagged_person_below_it_and_a_higher_one_stands() -> None:
    story = flagged()
    story.tell(judge(story.now(), Danger.NONE_KNOWN, TWO))
    assert place_of(story.now()).danger is Danger.IN_DANGER
    story.tell(judge(story.now(), Danger.LIFE, TWO))
    assert place_of(story.now()).danger is Danger.LIFE


def test_a_flag_stands_before_who_says_danger_alone() -> None:
    flag, own = place_of(flagged().now()), Place(Danger.IN_DANGER, says_danger=True)
    assert order_key(flag, None, b"b", Instant(NOON)) < order_key(own, None, b"a", Instant(NOON))


def test_a_snooze_hides_nobody_whose_life_is_feared_for() -> None:
    story = flagged()
    now = Instant(NOON + HOUR)
    story.tell(snooze(story.now(), Instant(now + HOUR), now))
    assert not hidden(place_of(story.now()), now)


def test_a_flag_ends_with_a_reason_and_what_was_raised_meanwhile_stands() -> None:
    story = flagged()
    seen = story.now()
    story.tell(FlagRaised(ID, "suicide", "She said it again."), TWO)
    story.tell(end_flag(seen, Flag.SUICIDE, "I spoke with her."))
    assert [one.by for one in standing(story).raised] == [TWO]
    assert [one.reason for one in story.now().triage.ended_flags] == ["I spoke with her."]
    story.tell(end_flag(story.now(), Flag.SUICIDE, "We both did."))
    assert story.now().triage.flags == ()
    assert place_of(story.now()).danger is Danger.UNJUDGED


def test_what_is_refused() -> None:
    story = flagged()
    with pytest.raises(FlaggedAlready):
        raise_flag(story.now(), Flag.SUICIDE, "again")
    with pytest.raises(WhyMissing):
        raise_flag(story.now(), Flag.MINOR, " ")
    with pytest.raises(WhyTooLong):
        raise_flag(story.now(), Flag.MINOR, "x" * (REASON_MOST + 1))
    with pytest.raises(WhyMissing):
        end_flag(story.now(), Flag.SUICIDE, "")
    with pytest.raises(NotFlagged):
        end_flag(story.now(), Flag.MINOR, "why")
    with pytest.raises(NotFlagged):
        tick(story.now(), Flag.MINOR, "direct", 1, done=True)
    long = FlagRaised(ID, "minor", "x" * 2 * FLAG_REASON_MOST)
    story.tell(long)
    assert len(standing(story, Flag.MINOR).raised[0].reason) == FLAG_REASON_MOST


def test_a_second_helper_goes_on_where_the_first_stopped() -> None:
    story = flagged()
    for step in ("second", "direct"):
        fact = tick(story.now(), Flag.SUICIDE, step, 1, done=True)
        assert fact is not None
        story.tell(fact)
    assert tick(story.now(), Flag.SUICIDE, "direct", 1, done=True) is None
    found = standing(story)
    assert [found.done(step) for step in ("second", "direct", "plan")] == [True, True, False]
    again = tick(story.now(), Flag.SUICIDE, "direct", 2, done=False)
    assert again is not None
    story.tell(again, TWO)
    assert not standing(story).done("direct")
    tick_of = standing(story).tick("direct")
    assert tick_of is not None
    assert (tick_of.by, tick_of.version) == (TWO, 2)


def test_of_two_who_differ_at_once_the_step_is_to_be_done_again() -> None:
    story = flagged()
    first = tick(story.now(), Flag.SUICIDE, "direct", 1, done=True)
    assert first is not None
    story.tell(first)
    undone = tick(story.now(), Flag.SUICIDE, "direct", 1, done=False)
    assert undone is not None
    story.tell(undone, TWO)
    story.tell(ScriptStepTicked(ID, first.flag, "direct", 1, 1, ()))
    assert not standing(story).done("direct")


def test_two_who_flag_at_once_are_one_flag_with_the_steps_of_both_in_any_order() -> None:
    story = Story()
    story.tell(message(1))
    seen = story.now()
    facts = [
        story.tell(raise_flag(seen, Flag.MINOR, "Fourteen, she says."), device).fact
        for device in (ONE, TWO)
    ]
    for fact, step in zip(facts, ("age", "safe"), strict=True):
        story.tell(ScriptStepTicked(ID, fact, step, 1, 1, ()))
    found = standing(story, Flag.MINOR)
    assert ([one.by for one in found.raised], found.done("age")) == ([ONE, TWO], True)
    assert found.done("safe")
    for told in permutations(story.told):
        assert fold(ID, "quiet river", told) == story.now()


def test_ticks_of_a_flag_that_ended_are_not_those_of_the_next() -> None:
    story = flagged()
    fact = tick(story.now(), Flag.SUICIDE, "direct", 1, done=True)
    assert fact is not None
    story.tell(fact)
    story.tell(end_flag(story.now(), Flag.SUICIDE, "She is with her friend."))
    story.tell(raise_flag(story.now(), Flag.SUICIDE, "She wrote again."))
    assert not standing(story).done("direct")


@pytest.mark.parametrize(
    "fact",
    [
        FlagRaised(ID, "dangerous", "why"),  # type: ignore[arg-type]
        ScriptStepTicked(ID, FactId(bytes(36)), "", 1, 1, ()),
        ScriptStepTicked(ID, FactId(bytes(36)), "x" * 41, 1, 1, ()),
        ScriptStepTicked(ID, FactId(bytes(36)), "x", 2, 1, ()),
        ScriptStepTicked(ID, b"short", "x", 1, 1, ()),
    ],
)
def test_what_no_desk_writes_is_refused_when_read(fact: FlagRaised | ScriptStepTicked) -> None:
    with pytest.raises(Malformed):
        parse_fact(f"hotline.{type(fact).__name__}", 1, write_fact(fact))
