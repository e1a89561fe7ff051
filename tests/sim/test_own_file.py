# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person's own file on real desks: two people, her wish, and no trace without contact."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine.case_keys import case_fact
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import CaseId, FactId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.consent_decide import NoConsent
from safeconduct.rooms.cases.own_file import Choosing, OwnFileNotSigned
from safeconduct.rooms.cases.own_file_facts import OwnFileSeconded
from tests.sim.courier import Rehearsal
from tests.sim.test_case_pages import answers, window_of
from tests.sim.test_cases import meet, three_desks
from tests.sim.test_consent import begun, yes


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def ask(desk: Desk, case: CaseId, person: SheetId) -> FactId:
    """Ask for a file with all that is hers, as she wished."""
    wish = yes(desk, person, "By hand")
    desk.cases.consents.give(case, wish._replace(purpose="own_file"))
    lines = {one.key for one in desk.cases.own_files.lines(case, person) if one.hers}
    return desk.cases.own_files.ask(case, Choosing(person, "ru", lines, ()))


def test_two_people_give_a_person_her_file_and_a_colleague_alone_cannot(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    case, person = begun(office)
    asked = ask(second, case, person)
    opened = second.cases.held.find(case)
    assert opened is not None
    contact = second.cases.held.parts(opened)[Part.CONTACT]
    second.journal.write([case_fact(contact, OwnFileSeconded(case, asked))])
    meet(office)
    with pytest.raises(OwnFileNotSigned):
        second.cases.own_files.make(case, asked, "")
    (waits,) = first.cases.own_files.waiting()
    assert waits.asked.fact == asked
    first.cases.own_files.second(case, asked)
    meet(office)
    with pytest.raises(OwnFileNotSigned):
        first.cases.own_files.make(case, asked, "")
    with zipfile.ZipFile(io.BytesIO(second.cases.own_files.make(case, asked, ""))) as archive:
        told = json.loads(archive.read("file.json"))
    assert [one["text"] for one in told["lines"] if one["field"] == "languages"] == ["Russian"]
    assert told["lines"][0]["by"] == "case_worker"
    meet(office)
    (seen,) = first.cases.own_files.of(case)
    assert [one.by for one in seen.given] == [second.device]
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


def test_a_wish_taken_back_on_another_desk_stops_the_file(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case, person = begun(office)
    asked = ask(second, case, person)
    meet(office)
    first.cases.own_files.second(case, asked)
    (given,) = first.cases.consents.of(case).given
    first.cases.consents.withdraw(case, given.id, "")
    meet(office)
    with pytest.raises(NoConsent):
        second.cases.own_files.make(case, asked, "")
    (seen,) = second.cases.own_files.of(case)
    assert seen.given == ()


def test_a_desk_without_the_part_contact_answers_the_same_bytes(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    case, person = begun(office, health=("third",))
    path = f"/cases/{case.hex()}/own"
    with window_of(third) as window:
        before = (answers(window, third, case, "russian"), window.client.get(path).content)
        ask(second, case, person)
        meet(office)
        after = (answers(window, third, case, "russian"), window.client.get(path).content)
    assert after == before
    assert third.cases.own_files.of(case) == ()
    assert third.cases.own_files.waiting() == []
