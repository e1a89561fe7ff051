# SPDX-License-Identifier: AGPL-3.0-or-later
"""Money on real desks: two spend one budget offline and meet, and who has no key sees nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.costs import Cost, Status
from safeconduct.rooms.cases.decide import MayNotWrite, NoSuchPart
from safeconduct.rooms.cases.grants import GrantId
from safeconduct.rooms.cases.money_decide import OwnCost, TypedGrant, Word
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.crew import Role
from tests.kit.money_told import NOTHING
from tests.sim.courier import Rehearsal
from tests.sim.test_case_pages import answers, window_of
from tests.sim.test_cases import WORKER, go_online, meet, opened, three_desks

WORDS = "unmistakable"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def ask(
    desk: Desk,
    case: CaseId,
    sheet: SheetId | None = None,
    *,
    more: Mapping[str, str] = NOTHING,
    **said: str,
) -> SheetId:
    """Write a cost that is asked for, or over what this desk sees of it."""
    said |= more
    new = {"purpose": "travel", "amount": "600 EUR", "what": f"An {WORDS} ticket"}
    new |= {"day": "2026-11-20", "state": "asked"}
    there = desk.cases.records.record(case).sheet(sheet or b"", "cost")
    typed = {
        (Part.JOURNEY, name): Typed(
            text,
            frozenset(
                one.fact
                for entered in (there.entered(name) if there else ())
                for one in entered.standing
            ),
        )
        for name, text in (said if sheet else new | said).items()
    }
    return desk.cases.money.write_cost(case, sheet, typed)


def fund(desk: Desk, amount: str = "1000 EUR") -> GrantId:
    """Write a grant for travel."""
    typed = TypedGrant("A fund", amount, "2026-01-01", "2026-12-31", {"travel": "any"})
    return desk.cases.money.write_grant(None, typed)


def agree(desk: Desk, case: CaseId, agrees: bool = True) -> None:
    """Say one's word on the one cost of a case."""
    cost = one(desk, case)
    desk.cases.money.judge(case, cost.id, Word(agrees, "" if agrees else "Why?", cost.bound))


def one(desk: Desk, case: CaseId) -> Cost:
    """The one cost of a case, as a desk holds it."""
    (found,) = desk.cases.money.costs(case)
    return found


def status(desk: Desk, case: CaseId) -> Status:
    """How far it is there."""
    return one(desk, case).status(desk.cases.money.office().holds)


def left(desk: Desk) -> int:
    """What is left of the one grant by what a desk reads, in cents."""
    (budget,) = desk.cases.money.budgets()
    return budget.whole.left


def test_two_who_spend_one_budget_offline_meet_and_both_see_that_it_is_overdrawn(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    case, other = opened(office, second), opened(office, first, **all_parts("second"))
    of = fund(first).hex()
    meet(office)
    gone = {"state": "paid", "no_receipt": "None given.", "urgent": "At night.", "grant": of}
    ask(first, other, more=gone)
    ask(second, case, more=gone)
    assert left(first) == left(second) == 40_000
    meet(office)
    assert left(first) == left(second) == -20_000
    with window_of(second) as window:
        assert "More was spent or promised than there is" in window.pages.get("/money").text
    first.journal.read_again()
    assert left(first) == -20_000
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


def all_parts(*names: str) -> dict[str, tuple[str, ...]]:
    """Some desks read every part."""
    return {part.value: names for part in Part}


def test_two_others_agree_apart_and_every_desk_says_the_same(tmp_path: Path) -> None:
    with Rehearsal(tmp_path) as office:
        office.found()
        for name in ("second", "third"):
            office.join(name, WORKER)
        go_online(office)
        meet(office)
        first, second, third = office.desks.values()
        case = opened(office, first, **all_parts("second", "third"))
        ask(first, case)
        with pytest.raises(OwnCost):
            agree(first, case)
        meet(office)
        assert [len(desk.cases.money.waiting()) for desk in (first, second, third)] == [0, 1, 1]
        agree(second, case)
        agree(third, case)
        assert status(second, case) is status(third, case) is Status.ASKED
        meet(office)
        desks = first, second, third
        assert {status(desk, case) for desk in desks} == {Status.APPROVED}
        assert not first.cases.money.waiting()
        ask(first, case, one(first, case).id, state="paid", receipt="In the blue folder")
        meet(office)
        assert status(third, case) is Status.PAID
        assert one(third, case).allowed({})
        first.removals.suspend(third.device, "")
        assert set(one(first, case).agreed) == {second.device, third.device}


def test_what_one_agreed_to_is_asked_again_when_it_was_changed_unseen(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case = opened(office, second)
    sheet = ask(second, case)
    meet(office)
    agree(first, case)
    ask(second, case, sheet, amount="900 EUR")
    meet(office)
    for desk in (first, second):
        assert one(desk, case).agreed == ()
    assert len(first.cases.money.waiting()) == 1


def test_two_amounts_written_offline_both_stand_and_the_higher_counts(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case = opened(office, second)
    of = fund(first).hex()
    meet(office)
    sheet = ask(second, case, grant=of, amount="100 EUR")
    meet(office)
    ask(first, case, sheet, amount="200 EUR")
    ask(second, case, sheet, amount="300 EUR")
    meet(office)
    for desk in (first, second):
        (budget,) = desk.cases.money.budgets()
        assert (budget.whole.asked, len(budget.disputed)) == (30_000, 1)


def test_a_desk_without_the_journey_sees_the_same_bytes_whatever_is_spent(
    office: Rehearsal,
) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    of = fund(first).hex()
    meet(office)
    own = [
        *("/money", f"/money/grants/{of}/report", "/cases/costs", "/today"),
        *(f"/cases/{case.hex()}/money", f"/cases/{case.hex()}/stages"),
    ]
    with window_of(third) as window:

        def bytes_of() -> list[tuple[int, bytes]]:
            found = (window.client.get(path) for path in own)
            return [(answer.status_code, answer.content) for answer in found]

        before, pages = bytes_of(), answers(window, third, case, WORDS)
        assert all(code == 200 for code, _ in before)
        ask(second, case, grant=of)
        meet(office)
        agree(first, case)
        meet(office)
        assert (left(first), left(third)) == (100_000, 100_000)
        ask(second, case, one(second, case).id, state="dropped")
        gone = {"state": "paid", "receipt": "Folder", "urgent": "At night."}
        ask(second, case, grant=of, more=gone)
        meet(office)
        assert (left(first), left(third)) == (40_000, 100_000)
        assert bytes_of() == before
        assert answers(window, third, case, WORDS) == pages
    with pytest.raises(NoSuchPart):
        ask(third, case)


def test_who_keeps_no_money_writes_no_grant_and_takes_no_report(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    assert Role.STEWARD not in second.roster().roles(second.device)
    for desk in (second, third):
        with pytest.raises(MayNotWrite):
            fund(desk)
        with pytest.raises(MayNotWrite):
            desk.cases.money.set_limit("500 EUR")
        with window_of(desk) as window:
            assert "/money/grants/new" not in window.pages.get("/money").html
    fund(first)
    meet(office)
    assert left(third) == 100_000


def test_a_report_is_written_down_at_every_desk_before_it_leaves(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    of = fund(first, "9000 EUR")
    for _ in range(5):
        case = opened(office, second)
        ask(second, case, grant=of.hex(), state="paid", receipt="Folder", urgent="At night.")
    meet(office)
    path = f"/money/grants/{of.hex()}/report"
    with window_of(first) as window:
        page = window.pages.get(path)
        answer = window.post(page.form(f"{path}/made").action)
        assert answer.status_code == 200
        assert WORDS not in answer.text
        assert "3000.00" in answer.text
    meet(office)
    with window_of(second) as window:
        assert "Reports that were taken out" in window.pages.get(path).text
    with window_of(first) as window:
        did = window.pages.get(f"/crew/{first.device.hex()}/did").text
        assert "took a report to a donor out of the office" in did
