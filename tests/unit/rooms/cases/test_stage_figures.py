# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long stages take in all cases, and what a timeline holds."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.sheets import Entered, Sheet, Written
from safeconduct.kernel.words import HOUR, CaseId, FactId, Instant
from safeconduct.rooms.cases import (
    CaseFile,
    CaseRecord,
    CaseStages,
    Note,
    OpenPart,
    Part,
    SheetId,
    Told,
)
from safeconduct.rooms.cases.sheets import TAKEN_OFF
from safeconduct.rooms.cases.stage_figures import figures, median
from safeconduct.rooms.cases.stages_decide import lift_block, name_block
from safeconduct.rooms.cases.timeline import timeline
from tests.unit.rooms.cases.test_stages import (
    ADA,
    BO,
    CASE,
    JOURNEY,
    NOW,
    at,
    entered,
    stages,
    told,
)


@pytest.mark.parametrize(
    ("lengths", "middle"),
    [([7], 7), ([1, 9], 5), ([9, 1, 5], 5), ([4, 1, 3, 2], 2), ([0, 0, 0, 100], 0)],
)
def test_the_median_is_the_middle_one_or_half_of_the_two(lengths: list[int], middle: int) -> None:
    assert median(lengths) == middle


@given(some.lists(some.integers(0, 1 << 45), min_size=1, max_size=50))
def test_the_median_is_that_of_everybody_else(lengths: list[int]) -> None:
    ordered = sorted(lengths)
    low, high = statistics.median_low(ordered), statistics.median_high(ordered)
    assert median(lengths) == (low + high) // 2


def test_no_clock_far_ahead_makes_a_stay_longer_than_until_now() -> None:
    first, ahead = told(1, entered("plan")), 24 * 365
    moved = stages(first, told(ahead, entered("out", first, note="So.")))
    (plan,) = (one for one in moved.way if one.entry.stage == "plan")
    assert plan.ended == at(ahead)
    assert plan.length(at(3)) == 2 * HOUR
    counted = {one.stage: one for one in figures([moved], at(3)).stages}
    over, lasting = counted["plan"].over, counted["out"].lasting
    assert over is not None
    assert (over.median, over.worst) == (2 * HOUR, 2 * HOUR)
    assert lasting is not None
    assert lasting.worst == 0


def case(name: bytes, *moves: tuple[int, str]) -> CaseStages:
    """A case that came into these stages in these hours."""
    facts: list[Told] = []
    for hour, stage in moves:
        facts.append(told(hour, entered(stage, *facts[-1:], note="So.")))
    found = stages(*facts)
    return CaseStages(CaseId(name * 16), found.way, found.corrected, found.blocks)


def test_stays_that_last_and_those_that_are_over_are_counted_apart() -> None:
    one = case(b"1", (0, "contact"), (10, "plan"))
    two = case(b"2", (0, "contact"), (4, "plan"), (6, "closed"))
    three = case(b"3", (5, "contact"))
    found = figures([one, two, three, CaseStages(CaseId(b"4" * 16))], at(20))
    by = {figure.stage: figure for figure in found.stages}
    contact, plan, closed = by["contact"], by["plan"], by["closed"]
    assert contact.over is not None
    assert contact.lasting is not None
    assert (contact.over.count, contact.over.median, contact.over.worst) == (2, 7 * HOUR, 10 * HOUR)
    assert contact.over.case == one.case
    assert (contact.cases, contact.lasting.worst) == (1, 15 * HOUR)
    assert plan.lasting is not None
    assert (plan.lasting.median, plan.lasting.case) == (10 * HOUR, one.case)
    assert (closed.cases, closed.over, closed.lasting, closed.clocked) == (1, None, None, False)
    assert [item.stages.case for item in found.waiting] == [three.case, one.case]
    assert [item.case for item in found.unsaid] == [CaseId(b"4" * 16)]


def test_a_case_that_two_moved_at_once_waits_in_both_stages() -> None:
    first = told(1, entered("contact"))
    both = stages(first, told(2, entered("plan", first)), told(3, entered("out", first), BO))
    found = figures([both], NOW)
    assert [one.stay.entry.stage for one in found.waiting] == ["plan", "out"]
    assert sum(figure.cases for figure in found.stages) == 2


def written(hour: int, text: str, slot: int = 0, act: int | None = None) -> Written:
    """What was written into a field; the same act has the same commit."""
    commit = bytes([hour if act is None else act]) * 32
    return Written(FactId(commit + slot.to_bytes(4, "big")), at(hour), ADA, text, stands=True)


def test_a_timeline_tells_what_was_done_once_for_each_act_newest_first() -> None:
    first = told(1, entered("contact"))
    named = told(5, name_block(stages(first), "No papers."))
    lifted = told(7, lift_block(stages(first, named), named.fact, "By post."))
    sheet = Sheet(
        SheetId(b"s" * 16),
        "person",
        "lantern",
        (
            Entered("name", Part.IDENTITY, (written(2, "Aru"), written(4, "Aru K."))),
            Entered("stands", Part.JOURNEY, (written(2, "asks", 1),)),
            Entered(TAKEN_OFF, Part.JOURNEY, (written(6, "Twice."),)),
        ),
    )
    note = Note(FactId(b"n" * 36), at(3), BO, "She sleeps now.")
    part = OpenPart(Part.HEALTH, JOURNEY, (note,))
    file = CaseFile(CASE, "amber lantern road", Instant(at(0)), ADA, (part,))
    found = timeline(file, CaseRecord(CASE, (sheet,)), stages(first, named, lifted))
    assert [(one.what, one.of) for one in found] == [
        ("lifted", "contact"),
        ("sheet-off", "person"),
        ("block", "contact"),
        ("sheet-changed", "person"),
        ("note", "health"),
        ("sheet-begun", "person"),
        ("stage", "contact"),
    ]
    assert "She sleeps now." not in {one.text for one in found}
