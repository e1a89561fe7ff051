# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stages of a case: one state in any order, nothing is moved unseen, no end without why."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.words import (
    HOUR,
    MINUTE,
    CaseId,
    CommitId,
    DeviceId,
    FactId,
    Instant,
    VaultId,
    fact_id,
)
from safeconduct.rooms.cases import (
    BlockLifted,
    BlockNamed,
    CaseStages,
    NoteWritten,
    StageEntered,
    Told,
    fold_stages,
)
from safeconduct.rooms.cases.events import PartFact
from safeconduct.rooms.cases.risk_due import Why, losses
from safeconduct.rooms.cases.stages import CONFIRMED, STAGES, WITH_REASON
from safeconduct.rooms.cases.stages_decide import (
    NoBlockNamed,
    NoSuchBlock,
    NoSuchStage,
    StageAhead,
    StageNotConfirmed,
    StageNoteTooLong,
    StageWithoutReason,
    StandsThere,
    TypedStage,
    enter_stage,
    lift_block,
    name_block,
)

CASE = CaseId(b"c" * 16)
JOURNEY, OTHER = VaultId(b"j" * 16), VaultId(b"i" * 16)
ADA, BO = DeviceId(b"a" * 16), DeviceId(b"b" * 16)
START = 1_790_000_040_000
NOW = Instant(START + 100 * HOUR)


def at(hour: int) -> Instant:
    """So many hours after the beginning."""
    return Instant(START + hour * HOUR)


def told(hour: int, event: PartFact, by: DeviceId = ADA, vault: VaultId = JOURNEY) -> Told:
    """A fact that was written in an hour, by one device alone."""
    commit = CommitId(hour.to_bytes(31, "big") + by[:1])
    return Told(fact_id(commit, 0), commit, vault, by, at(hour) << 16, event)


def entered(stage: str, *over: Told, since: int = 0, note: str = "") -> StageEntered:
    """Somebody moved the case."""
    minutes = at(since) // MINUTE if since else 0
    return StageEntered(CASE, stage, minutes, note, tuple(one.fact for one in over))


def stages(*facts: Told) -> CaseStages:
    """The stages that these facts give."""
    return fold_stages(CASE, JOURNEY, facts)


def way(found: CaseStages) -> list[tuple[str, int, int | None]]:
    """The way in hours."""
    return [
        (
            one.entry.stage,
            (one.entry.begun - START) // HOUR,
            None if one.ended is None else (one.ended - START) // HOUR,
        )
        for one in found.way
    ]


def test_a_way_goes_forward_and_back_and_each_stay_ends_where_the_next_begins() -> None:
    first = told(1, entered("contact"))
    then = told(10, entered("sheltered", first, since=8))
    back = told(20, entered("plan", then))
    again = told(30, entered("sheltered", back))
    facts = (first, then, back, again)
    expected = [("contact", 1, 8), ("sheltered", 8, 20), ("plan", 20, 30), ("sheltered", 30, None)]
    for order in itertools.permutations(facts):
        assert way(stages(*order)) == expected
    (now,) = stages(*facts).now
    assert (now.runs, now.length(at(33))) == (True, 3 * HOUR)


def test_two_who_moved_it_at_once_both_stand_until_somebody_who_saw_both_moves_it() -> None:
    first = told(1, entered("contact"))
    ada, bo = told(5, entered("plan", first)), told(6, entered("sheltered", first), BO)
    both = stages(first, ada, bo)
    assert [one.entry.stage for one in both.now] == ["plan", "sheltered"]
    assert way(both)[0] == ("contact", 1, 5)
    one_of_them = told(8, entered("abroad", ada))
    beside = stages(first, ada, bo, one_of_them)
    assert [one.entry.stage for one in beside.now] == ["sheltered", "abroad"]
    on = told(9, entered("abroad", ada, bo))
    assert way(stages(first, ada, bo, on))[1:] == [
        ("plan", 5, 9),
        ("sheltered", 6, 9),
        ("abroad", 9, None),
    ]


def test_two_who_say_the_same_at_once_say_one_stay() -> None:
    note = "By bus."
    first = told(1, entered("contact"))
    ada, bo = told(5, entered("out", first)), told(6, entered("out", first, since=4, note=note), BO)
    both = stages(first, ada, bo)
    assert way(both) == [("contact", 1, 4), ("out", 4, None)]
    assert [(one.by, one.note) for one in both.now[0].entries] == [(BO, note), (ADA, "")]
    saw = frozenset(one.fact for one in both.standing)
    with pytest.raises(StandsThere):
        enter_stage(both, TypedStage("out", saw), NOW)
    on = told(9, enter_stage(both, TypedStage("abroad", saw), at(9)))
    assert way(stages(first, ada, bo, on)) == [
        ("contact", 1, 4),
        ("out", 4, 9),
        ("abroad", 9, None),
    ]
    late = told(12, entered("plan", ada))
    assert way(stages(first, ada, bo, on, late))[1:3] == [("out", 4, 9), ("abroad", 9, None)]


def test_who_says_a_stage_anew_puts_right_what_they_saw_and_the_clock_runs_on() -> None:
    first = told(1, entered("contact"))
    ada, bo = told(5, entered("plan", first)), told(6, entered("sheltered", first), BO)
    both = stages(first, ada, bo)
    saw = frozenset({ada.fact, bo.fact})
    said = enter_stage(both, TypedStage("sheltered", saw), at(9))
    settled = stages(first, ada, bo, told(9, said))
    assert way(settled) == [("contact", 1, 6), ("sheltered", 6, None)]
    assert [one.stage for one in settled.corrected] == ["plan", "sheltered"]
    (last,) = settled.now
    right = enter_stage(
        settled, TypedStage("sheltered", frozenset({last.entry.fact}), since=at(3)), NOW
    )
    assert way(stages(first, ada, bo, told(9, said), told(12, right))) == [
        ("contact", 1, 3),
        ("sheltered", 3, None),
    ]


@given(some.data())
def test_any_facts_give_one_state_in_any_order(data: some.DataObject) -> None:
    facts: list[Told] = []
    for hour in range(1, data.draw(some.integers(1, 7)) + 1):
        over = data.draw(some.lists(some.sampled_from(facts), unique=True)) if facts else []
        stage, since = data.draw(some.sampled_from(STAGES)), data.draw(some.integers(0, 9))
        event = entered(stage, *over, since=since, note=data.draw(some.sampled_from(("", "Why."))))
        facts.append(told(hour, event, data.draw(some.sampled_from((ADA, BO)))))
    found = stages(*facts)
    assert stages(*data.draw(some.permutations(facts)), *facts[:1]) == found
    counted = {one.fact for one in found.entries()}
    assert len(found.entries()) == len(counted)
    for one, two in itertools.combinations(found.way, 2):
        apart = one.ended is not None and one.ended <= two.entry.begun
        assert apart or one.entry.stage != two.entry.stage
    assert all(one.length(NOW) >= 0 and one.entry.begun <= one.entry.written for one in found.way)
    assert bool(found.now) == bool(found.way)


@pytest.mark.parametrize("stage", sorted(WITH_REASON))
def test_what_asks_for_a_reason_counts_only_with_one(stage: str) -> None:
    first = told(1, entered("contact"))
    assert way(stages(first, told(2, entered(stage, first, note=" ")))) == [("contact", 1, None)]
    assert way(stages(first, told(2, entered(stage, first, note="Told so.")))) == [
        ("contact", 1, 2),
        (stage, 2, None),
    ]


def test_each_time_that_contact_was_lost_calls_for_a_new_assessment() -> None:
    begun = told(1, entered("contact"))
    lost = told(2, entered("lost", begun, note="No answer for a week."))
    found = told(3, entered("contact", lost))
    assert losses(stages(begun)) == ()
    (event,) = losses(stages(begun, lost, found))
    assert (event.why, event.fact, event.at) == (Why.LOST, lost.fact, at(2))


@pytest.mark.parametrize(
    "hostile",
    [
        told(2, entered("contact"), vault=OTHER),
        told(2, StageEntered(b"x" * 16, "contact", 0, "", ())),
        told(2, entered("ghost")),
        told(2, NoteWritten(CASE, "contact")),
        told(2, BlockNamed(CASE, "ghost", "A wall.")),
        told(2, BlockNamed(CASE, "plan", " ")),
        told(2, BlockNamed(CASE, "plan", "A wall."), vault=OTHER),
        told(2, BlockLifted(CASE, bytes(36), "")),
    ],
    ids=["vault", "case", "stage", "kind", "block", "blank", "block-vault", "lift"],
)
def test_what_stands_elsewhere_or_is_no_stage_counts_for_nothing(hostile: Told) -> None:
    assert stages(hostile) == CaseStages(CASE)


def test_a_time_ahead_is_read_as_when_it_was_written() -> None:
    assert way(stages(told(1, entered("contact", since=90)))) == [("contact", 1, None)]


def test_facts_that_name_themselves_or_each_other_end_the_fold_all_the_same() -> None:
    plain, other = told(1, entered("plan")), told(2, entered("plan"))
    own = told(1, entered("plan", plain))
    assert stages(own).now == ()
    ring = told(1, entered("plan", other)), told(2, entered("plan", plain))
    assert (stages(*ring).way, len(stages(*ring).corrected)) == ((), 2)
    apart = told(1, entered("plan", told(2, entered("out")))), told(2, entered("out", plain))
    assert [length for _, _, length in way(stages(*apart))] == [2, 2]


def test_blocks_stand_until_somebody_lifts_them() -> None:
    first = told(1, entered("documents"))
    named = told(2, name_block(stages(first), "  No consulate. "))
    (block,) = stages(first, named).blocked
    assert (block.stage, block.text) == ("documents", "No consulate.")
    lift = lift_block(stages(first, named), block.fact, " By post. ")
    early, late = told(3, lift), told(4, BlockLifted(CASE, block.fact, "Twice."), BO)
    for order in itertools.permutations((first, named, early, late)):
        (gone,) = stages(*order).gone
        assert gone.lifted is not None
        assert (gone.lifted.by, gone.lifted.note) == (ADA, "By post.")
    with pytest.raises(NoSuchBlock):
        lift_block(stages(first, named, early), block.fact, "")
    assert name_block(CaseStages(CASE), "x").stage == STAGES[0]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (TypedStage(""), NoSuchStage),
        (TypedStage("ghost"), NoSuchStage),
        (TypedStage("closed", note=" ", confirmed=True), StageWithoutReason),
        (TypedStage("lost"), StageWithoutReason),
        (TypedStage("died", note="Told by a friend."), StageNotConfirmed),
        (TypedStage("plan", since=Instant(NOW + 1)), StageAhead),
        (TypedStage("plan", since=Instant(0)), StageAhead),
        (TypedStage("plan", note="x" * 2_001), StageNoteTooLong),
    ],
    ids=["none", "unknown", "closed", "lost", "died", "ahead", "no-time", "long"],
)
def test_what_cannot_be_written_is_refused(typed: TypedStage, why: type[Exception]) -> None:
    with pytest.raises(why):
        enter_stage(CaseStages(CASE), typed, NOW)


def test_what_the_case_says_already_is_not_written_again() -> None:
    first = told(1, entered("contact"))
    there, saw = stages(first), frozenset({first.fact})
    with pytest.raises(StandsThere):
        enter_stage(there, TypedStage("contact", saw), NOW)
    anew = enter_stage(there, TypedStage("contact", saw, note="By letter."), NOW)
    assert (anew.over, anew.since) == ((first.fact,), at(1) // MINUTE)
    unseen = frozenset({FactId(b"?" * 36)})
    assert enter_stage(there, TypedStage("contact", unseen), NOW).over == ()
    assert enter_stage(there, TypedStage("plan", saw), NOW).since == 0


def test_ends_are_written_when_they_are_confirmed_and_no_clock_runs_in_them() -> None:
    for stage in sorted(CONFIRMED):
        said = enter_stage(CaseStages(CASE), TypedStage(stage, note="So.", confirmed=True), NOW)
        (end,) = stages(told(2, said)).now
        assert not end.runs


def test_blocks_say_something_and_not_too_much() -> None:
    with pytest.raises(NoBlockNamed):
        name_block(CaseStages(CASE), " \n")
    with pytest.raises(StageNoteTooLong):
        name_block(CaseStages(CASE), "x" * 2_001)
    with pytest.raises(StageNoteTooLong):
        lift_block(CaseStages(CASE), FactId(bytes(36)), "x" * 2_001)
