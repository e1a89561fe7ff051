# SPDX-License-Identifier: AGPL-3.0-or-later
"""A colleague whose desk was changed, and who wants money alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.engine.case_keys import case_fact
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.costs import Status
from safeconduct.rooms.cases.events import CaseFact
from safeconduct.rooms.cases.money_facts import CostJudged, LimitSeconded, LimitSet
from safeconduct.rooms.crew import Role
from tests.sim.courier import Rehearsal
from tests.sim.test_case_money import all_parts, ask, one, status
from tests.sim.test_cases import WORKER, go_online, meet, opened

KEEPER = frozenset({Role.COORDINATOR})


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a coordinator, and a case worker, who all read the cases."""
    with Rehearsal(tmp_path) as rehearsal:
        rehearsal.found()
        rehearsal.join("second", KEEPER)
        rehearsal.join("third", WORKER)
        go_online(rehearsal)
        meet(rehearsal)
        yield rehearsal


def write(desk: Desk, case: CaseId, fact: CaseFact) -> None:
    """Write into the journey of a case what no page writes."""
    file = desk.cases.case(case)
    part = file.part(Part.JOURNEY) if file else None
    assert part is not None
    desk.journal.write([case_fact(part.vault, fact)])


def judged(desk: Desk, case: CaseId) -> CostJudged:
    """A yes to the one cost of a case."""
    cost = one(desk, case)
    return CostJudged(case, cost.id, 1, "", tuple(sorted(cost.bound)))


@pytest.mark.attack
def test_nobody_is_one_of_the_two_who_agree_to_their_own_cost(office: Rehearsal) -> None:
    first, second, liar = office.desks.values()
    case = opened(office, first, **all_parts("second", "third"))
    ask(liar, case)
    meet(office)
    write(second, case, judged(second, case))
    write(liar, case, judged(liar, case))
    meet(office)
    for desk in (first, second):
        assert one(desk, case).agreed == (second.device,)
        assert status(desk, case) is Status.ASKED


@pytest.mark.attack
def test_one_person_does_not_agree_twice(office: Rehearsal) -> None:
    first, second, liar = office.desks.values()
    case = opened(office, first, **all_parts("second", "third"))
    ask(second, case)
    meet(office)
    for _ in range(2):
        write(liar, case, judged(liar, case))
    meet(office)
    for desk in (first, second):
        assert one(desk, case).agreed == (liar.device,)
        assert status(desk, case) is Status.ASKED


@pytest.mark.attack
def test_what_two_agreed_to_is_not_made_another_sum(office: Rehearsal) -> None:
    first, second, liar = office.desks.values()
    case = opened(office, first, **all_parts("second", "third"))
    sheet = ask(liar, case)
    meet(office)
    for desk in (first, second):
        write(desk, case, judged(desk, case))
    meet(office)
    assert status(first, case) is Status.APPROVED
    ask(liar, case, sheet, amount="9000 EUR")
    meet(office)
    for desk in (first, second):
        assert status(desk, case) is Status.ASKED


@pytest.mark.attack
def test_nobody_raises_a_limit_alone(office: Rehearsal) -> None:
    first, liar, third = office.desks.values()
    case = opened(office, first, **all_parts("second", "third"))
    ask(third, case)
    limit = case_fact(liar.journal.crew_vault, LimitSet("EUR", 900_000, ()))
    liar.journal.write([limit])
    (own,) = liar.cases.money.office().limits
    liar.journal.write([case_fact(liar.journal.crew_vault, LimitSeconded(own.fact))])
    meet(office)
    for desk in (first, third):
        assert desk.cases.money.office().holds == {"EUR": 0}
        assert status(desk, case) is Status.ASKED


@pytest.mark.attack
def test_a_limit_is_not_set_by_who_keeps_no_money(office: Rehearsal) -> None:
    first, second, liar = office.desks.values()
    liar.journal.write([case_fact(liar.journal.crew_vault, LimitSet("EUR", 900_000, ()))])
    meet(office)
    assert first.cases.money.office().limits == second.cases.money.office().limits == ()
