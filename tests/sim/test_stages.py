# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stages of cases on real desks: written apart they meet, and who has no key learns nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine.case_keys import case_fact
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import CaseStages, Part, StageEntered
from safeconduct.rooms.cases.decide import MayNotWrite, NoSuchPart
from safeconduct.rooms.cases.stages_decide import TypedStage
from tests.sim.courier import Rehearsal
from tests.sim.test_case_pages import Answers, answers, window_of
from tests.sim.test_cases import meet, opened, three_desks


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def seen(desk: Desk, case: CaseId) -> CaseStages:
    """What a desk that holds the journey knows of a case's stages."""
    found = desk.cases.stages.of(case)
    assert found is not None
    return found


def move(desk: Desk, case: CaseId, stage: str, note: str = "") -> None:
    """Move a case as somebody does who sees where it stands at their desk."""
    saw = frozenset(one.entry.fact for one in seen(desk, case).now)
    desk.cases.stages.enter(case, TypedStage(stage, saw, note, confirmed=True))


def stands(desk: Desk, case: CaseId) -> set[str]:
    """The stages in which a case stands."""
    return {one.entry.stage for one in seen(desk, case).now}


def test_two_desks_move_a_case_offline_and_both_moves_stand_until_one_who_saw_both_goes_on(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    case = opened(office, second)
    move(second, case, "contact")
    meet(office)
    move(first, case, "plan")
    move(second, case, "out")
    second.cases.stages.block(case, "No car.")
    assert (stands(first, case), stands(second, case)) == ({"plan"}, {"out"})
    meet(office)
    assert seen(first, case) == seen(second, case)
    assert stands(first, case) == {"plan", "out"}
    move(first, case, "sheltered")
    (block,) = seen(first, case).blocked
    first.cases.stages.lift(case, block.fact, "A friend drove.")
    meet(office)
    assert seen(first, case) == seen(second, case)
    assert stands(second, case) == {"sheltered"}
    assert seen(second, case).way[0].entry.stage == "contact"
    assert seen(second, case).blocked == ()
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


def test_a_desk_without_the_journey_sees_the_same_bytes_whatever_is_written(
    office: Rehearsal,
) -> None:
    _, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    with window_of(third) as window:

        def answered() -> Answers:
            more = ("/cases/stages", f"/cases/{case.hex()}/stages")
            there = {path: window.client.get(path) for path in more}
            said = {path: (one.status_code, one.content) for path, one in there.items()}
            return answers(window, third, case, "consulate") | said

        before = answered()
        for stage in ("contact", "documents", "closed"):
            move(second, case, stage, "No consulate.")
        second.cases.stages.block(case, "No consulate.")
        meet(office)
        assert answered() == before
        assert before[f"/cases/{case.hex()}/stages"][0] == 200
        assert case.hex() not in before["/cases/stages"][1].decode()
    assert third.cases.stages.of(case) is None
    assert third.cases.stages.all() == []
    with pytest.raises(NoSuchPart):
        third.cases.stages.enter(case, TypedStage("plan"))
    with pytest.raises(NoSuchPart):
        third.cases.stages.block(case, "x")


def test_what_was_said_of_stages_is_found_where_the_journey_is_held(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    move(second, case, "lost", "An unmistakable silence.")
    second.cases.stages.block(case, "An unmistakable wall.")
    meet(office)
    found = [(one.kind, one.parts) for one in first.search("unmistakable")]
    assert found == [("case-stage", (Part.JOURNEY,))] * 2
    assert list(third.search("unmistakable")) == []


def test_pages_of_a_case_that_is_not_held_are_those_of_none(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    with window_of(third) as window:
        empty = window.client.get("/cases/stages").content
        case = opened(office, second)
        move(second, case, "plan")
        meet(office)
        assert window.client.get("/cases/stages").content == empty
        real = window.client.get(f"/cases/{case.hex()}/stages")
        none = window.client.get(f"/cases/{'00' * 16}/stages")
        assert (real.status_code, real.content) == (404, none.content)


def test_what_stands_in_another_part_or_case_moves_nothing(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case, other = opened(office, second), opened(office, second)
    for at, of in ((case, Part.HEALTH), (other, Part.JOURNEY)):
        file = second.cases.case(at)
        assert file is not None
        part = file.part(of)
        assert part is not None
        fact = StageEntered(case, "abroad", 0, "", ())
        second.journal.write([case_fact(part.vault, fact)])
    meet(office)
    assert seen(first, case) == CaseStages(case)
    assert seen(first, other) == CaseStages(other)


def test_who_reads_the_journey_and_may_not_write_moves_nothing(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    case = opened(office, second, journey=("third",))
    move(second, case, "plan")
    meet(office)
    assert [(one.name, one.stages) for one in third.cases.stages.all()] == [
        (second.cases.held.name(case), seen(second, case))
    ]
    with pytest.raises(MayNotWrite):
        move(third, case, "out")
    with window_of(third) as window:
        page = window.pages.get(f"/cases/{case.hex()}/stages")
        assert not [one for one in page.all("form") if "/stages/" in (one.get("action") or "")]
