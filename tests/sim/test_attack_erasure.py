# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody inside wants a case gone, or wants one back that went: neither happens elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.engine import erasures_told, post
from safeconduct.edges.desk.engine.erased import erased_cases
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.journal import Fact
from safeconduct.rooms.cases import Part
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.asking_facts import ErasureAsked
from safeconduct.rooms.crew.events import CrewFact, DeviceSuspended, Seconded
from tests.sim.courier import Rehearsal
from tests.sim.steps import sync
from tests.sim.test_case_erasure import asked, days, let_in, noted, trace, vaults_of
from tests.sim.test_cases import go_online, meet, three_desks
from tests.sim.test_removed_devices import cut, tell

pytestmark = pytest.mark.attack


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def signed(desk: Desk, fact: CrewFact) -> Fact:
    """A fact as a desk signs it, whatever its program says."""
    journal = desk.journal
    signer = journal.device, journal.secrets.signing_key()
    return crew_fact(journal.crew_vault, fact, journal.office, signer)


def test_one_person_alone_erases_no_case_with_however_many_devices(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case = noted(office)
    phone = office.join("phone", frozenset({Role.STEWARD}), person="Ada")
    go_online(office)
    meet(office)
    first.journal.write([signed(first, ErasureAsked(case, "office"))])
    meet(office)
    (found,) = erasures_told.erasures(phone.journal)
    for desk in (first, phone):
        desk.journal.write([signed(desk, Seconded(found.id, found.hash))])
    meet(office)
    days(office, 30)
    assert trace(first, case)
    assert trace(second, case)


def test_what_was_erased_is_not_taken_back_from_an_old_desk(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = noted(office, journey=("third",))
    asked(office, case)
    days(office, 8, "first", "third")
    assert trace(third, case) == []
    assert trace(second, case)
    second.cases.give(case, Part.JOURNEY, Chosen([third.device], ()))
    while post.push(second.journal, office.courier(second)):
        pass
    sync(office, "first", "third")
    sync(office, "first", "third")
    assert trace(first, case) == trace(third, case) == []


def test_whose_opening_was_cut_off_meanwhile_goes_all_the_same(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    fourth = office.join("fourth", frozenset({Role.STEWARD}))
    go_online(office)
    meet(office)
    before = cut(first, second)
    case = noted(office, journey=("third",))
    vaults = vaults_of(first, case)
    first.journal.write([signed(first, ErasureAsked(case, "office"))])
    meet(office)
    (found,) = erasures_told.erasures(fourth.journal)
    fourth.journal.write([signed(fourth, Seconded(found.id, found.hash))])
    meet(office)
    days(office, 6)
    tell(fourth, DeviceSuspended((before,), "lost"))
    let_in(office, "first", "third", "fourth")
    assert all(one.id != case for one in third.journal.keys.facts().cases)
    days(office, 2, "first", "third", "fourth")
    for desk in (first, third):
        assert not [one for one in desk.journal.keychain.held() if one.vault in vaults]
        assert [vaults <= {*one.vaults} for one in erased_cases(desk.journal.store)] == [True]
