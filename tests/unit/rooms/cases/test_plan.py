# SPDX-License-Identifier: AGPL-3.0-or-later
"""The plan of a case: one state in any order, and the safer of two that do not agree."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.words import CaseId, CommitId, DeviceId, FactId, VaultId, fact_id
from safeconduct.rooms.cases import CaseRecord, Part, SheetId, SheetWritten, Told, fold_record
from safeconduct.rooms.cases.plan import Plan, Task, fold_plan, last_day
from safeconduct.rooms.cases.record_decide import (
    FieldsMissing,
    Typed,
    WrongFields,
    need_members,
    write_sheet,
)
from safeconduct.rooms.cases.sheets import SHEETS, is_date

CASE = CaseId(b"c" * 16)
JOURNEY, CONTACT = VaultId(b"j" * 16), VaultId(b"k" * 16)
PARTS = {JOURNEY: Part.JOURNEY, CONTACT: Part.CONTACT}
ADA, BO = DeviceId(b"a" * 16), DeviceId(b"b" * 16)
GOAL, ONE, TWO = SheetId(b"g" * 16), SheetId(b"1" * 16), SheetId(b"2" * 16)
TODAY = "2026-11-20"
WHAT, OWNER = (Part.JOURNEY, "what"), (Part.JOURNEY, "owner")


def told(
    n: int,
    *values: tuple[str, str],
    kind: str = "task",
    sheet: bytes = ONE,
    over: tuple[FactId, ...] = (),
) -> Told:
    """What somebody wrote as the n-th commit into the part of the journey."""
    commit = CommitId(n.to_bytes(32, "big"))
    event = SheetWritten(CASE, sheet, kind, values, over)
    return Told(fact_id(commit, 0), commit, JOURNEY, BO if n % 2 else ADA, (5 + n) << 16, event)


def plan(*facts: Told) -> Plan:
    """The plan that these facts give."""
    return fold_plan(fold_record(CASE, PARTS, facts, "en"))


def task(*facts: Told) -> Task:
    """The one task that they give."""
    (found,) = plan(*facts).tasks
    return found


@given(some.permutations(range(6)))
def test_the_same_facts_give_the_same_plan_in_any_order(order: list[int]) -> None:
    first = told(1, ("what", "Ask for a date"), ("due", "2026-11-25"))
    facts = [
        first,
        told(2, ("what", "Safe until spring"), kind="goal", sheet=GOAL),
        told(3, ("goal", GOAL.hex())),
        told(4, ("due", "2026-11-19"), over=(first.fact,)),
        told(5, ("what", "Buy a phone"), sheet=TWO),
        told(6, ("service", "phone"), ("state", "agreed"), kind="service", sheet=b"s" * 16),
    ]
    found = plan(*(facts[at] for at in order))
    assert found == plan(*facts)
    assert [[one.due for one in goal.tasks] for goal in found.goals] == [["2026-11-19"]]
    assert [one.what for one in found.loose] == ["Buy a phone"]
    assert [one.state for one in found.services] == ["agreed"]


def test_tasks_stand_open_first_and_by_the_day_they_are_due() -> None:
    days = {b"1": "2026-12", b"2": "2026-12-05", b"3": "", b"4": "2026", b"5": "2026-11-19"}
    facts = [
        told(n, ("what", name.decode()), ("due", due), sheet=name * 16)
        for n, (name, due) in enumerate(days.items(), 1)
    ]
    done = told(9, ("what", "6"), ("due", "2020"), ("state", "done"), sheet=b"6" * 16)
    for order in itertools.islice(itertools.permutations([*facts, done]), 0, None, 97):
        assert "".join(one.what for one in plan(*order).tasks) == "521436"


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ((), "open"),
        (("done",), "done"),
        (("done", "done"), "done"),
        (("done", "dropped"), "open"),
        (("done", ""), "open"),
        (("never-heard-of",), "open"),
    ],
)
def test_of_two_states_that_do_not_agree_the_task_is_open(
    states: tuple[str, ...], state: str
) -> None:
    facts = [told(n, ("state", one)) for n, one in enumerate(states, 2)]
    assert task(told(1, ("what", "Call")), *facts).state == state


def test_two_owners_and_two_days_that_nobody_saw_both_hold() -> None:
    found = task(
        told(1, ("what", "Call"), ("owner", ADA.hex()), ("due", "2026-11-25")),
        told(2, ("owner", BO.hex()), ("due", "2026-11")),
        told(3, ("owner", "not a device"), ("due", "soon")),
    )
    assert found.owners == (ADA, BO)
    assert found.due == "2026-11-25"
    assert found.owned_by({BO})
    assert not found.owned_by({DeviceId(b"x" * 16)})


@pytest.mark.parametrize(
    ("due", "overdue", "by"),
    [
        *(("", False, False), (TODAY, False, True), ("2026-11-19", True, True)),
        *(("2026-11-21", False, False), ("2026-11", False, False), ("2026-10", True, True)),
        *(("2026", False, False), ("2025", True, True), ("0001", True, True)),
    ],
)
def test_a_task_is_overdue_when_its_last_day_is_over(due: str, overdue: bool, by: bool) -> None:
    found = task(told(1, ("what", "Call"), ("due", due)))
    assert (found.overdue(TODAY), found.due_by(TODAY)) == (overdue, by)
    done = task(told(1, ("what", "Call"), ("due", due), ("state", "done")))
    assert not done.overdue(TODAY)
    assert not done.due_by(TODAY)


def test_a_task_of_a_goal_that_was_taken_off_stands_by_itself() -> None:
    facts = (
        told(1, ("what", "Safe"), kind="goal", sheet=GOAL),
        told(2, ("what", "Call"), ("goal", GOAL.hex())),
    )
    assert plan(*facts).loose == ()
    gone = plan(*facts, told(3, ("taken_off", "Written twice."), kind="goal", sheet=GOAL))
    assert (gone.goals, [one.what for one in gone.loose]) == ((), ["Call"])
    other = plan(told(2, ("what", "Call"), ("goal", "f" * 32)))
    assert [one.what for one in other.loose] == ["Call"]


@given(some.dates())
def test_the_last_day_of_what_is_written_less_exactly_holds_it(day: object) -> None:
    text = str(day)
    for size in (4, 7, 10):
        last = last_day(text[:size])
        assert is_date(last)
        assert last >= text
        assert last.startswith(text[:size])


def test_what_is_needed_is_asked_for_and_may_stand_already() -> None:
    empty = CaseRecord(CASE, ())
    with pytest.raises(FieldsMissing) as refused:
        write_sheet(empty, set(Part), "task", ONE, {WHAT: Typed(" "), OWNER: Typed(ADA.hex())})
    assert refused.value.names == ("what",)
    with pytest.raises(FieldsMissing) as refused:
        write_sheet(empty, set(Part), "review", ONE, {})
    assert refused.value.names == tuple(one.name for one in SHEETS["review"] if one.needed)
    there = fold_record(CASE, PARTS, [told(1, ("what", "Call"))], "en")
    facts = write_sheet(there, set(Part), "task", ONE, {OWNER: Typed(ADA.hex())})
    assert facts[Part.JOURNEY].values == (("owner", ADA.hex()),)


def test_who_reads_contact_alone_writes_what_stands_there() -> None:
    typed = {(Part.CONTACT, "after"): Typed("Nadia calls in May.")}
    facts = write_sheet(CaseRecord(CASE, ()), {Part.CONTACT}, "review", ONE, typed)
    assert list(facts) == [Part.CONTACT]


def test_an_owner_is_on_the_roster_or_stood_there_before() -> None:
    before = fold_record(CASE, PARTS, [told(1, ("owner", BO.hex()))], "en").sheet(ONE, "task")
    for text in ("", ADA.hex(), BO.hex()):
        need_members(before, "task", {OWNER: Typed(text)}, {ADA})
    for text in (BO.hex(), "someone", "f" * 32):
        with pytest.raises(WrongFields) as refused:
            need_members(None, "task", {OWNER: Typed(text)}, {ADA})
        assert refused.value.names == ("owner",)
