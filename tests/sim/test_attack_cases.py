# SPDX-License-Identifier: AGPL-3.0-or-later
"""A colleague who is allowed to open case files, or to ask for parts, and lies with that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.engine import rotating
from safeconduct.edges.desk.engine.case_keys import case_fact
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import VaultId
from safeconduct.rooms.cases import KeysAnswered, Note, NoteWritten, Part, PartOpened
from safeconduct.rooms.cases.office_forms_decide import bring_form
from safeconduct.rooms.cases.xlsform import read_xlsform
from tests.kit.field_forms import sheets
from tests.sim.courier import Rehearsal
from tests.sim.test_case_audit import look, tell
from tests.sim.test_cases import case_name, claims_keys, meet, opened, parts, three_desks


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


@pytest.mark.attack
def test_vault_of_another_case_is_no_part_of_this_one(office: Rehearsal) -> None:
    first, liar, third = office.desks.values()
    case = opened(office, first, health=("third",))
    other = opened(office, liar, identity=("third",))
    found = liar.cases.case(other)
    assert found is not None
    own = found.part(Part.IDENTITY)
    assert own is not None
    false = (PartOpened(case, "identity"), NoteWritten(case, "She is at the old mill."))
    liar.journal.write([case_fact(own.vault, fact) for fact in false])
    meet(office)
    assert parts(third, case) == [Part.HEALTH]
    assert notes(third, case) == []


def notes(desk: Desk, case: bytes) -> list[Note]:
    """Everything that a desk shows of a case."""
    found = next(one for one in desk.cases.files(start=0, most=9)[0] if one.id == case)
    return [note for part in found.parts for note in part.notes]


@pytest.mark.attack
def test_nobody_answers_their_own_request(office: Rehearsal) -> None:
    first, second, liar = office.desks.values()
    case = opened(office, second)
    liar.cases.ask(case_name(second, case), Part.HEALTH, "I want to know.")
    asked = liar.cases.requests()[0].request.fact
    where = VaultEpoch(VaultId(b"v" * 16), 1)
    said = case_fact(liar.journal.crew_vault, KeysAnswered(asked, 1, "Agreed by voice."))
    liar.journal.write([claims_keys(liar, where, liar), said])
    meet(office)
    assert [one.request.answers for one in first.cases.requests()] == [()]


@pytest.mark.attack
def test_helper_who_says_that_a_key_was_given_it_is_given_none_that_follow(
    office: Rehearsal,
) -> None:
    first, _, liar = office.desks.values()
    opened(office, first)
    vaults = {vault for one in first.journal.keys.facts().cases for vault in one.vaults}
    liar.journal.write([claims_keys(liar, VaultEpoch(vault, 1), liar) for vault in vaults])
    meet(office)
    rotating.ask_all(first.journal)
    meet(office)
    assert all(first.journal.keys.vaults()[vault].epoch > 1 for vault in vaults)
    assert vaults.isdisjoint(where.vault for where in liar.journal.keychain.held())


@pytest.mark.attack
def test_request_is_not_answered_by_who_gives_no_key(office: Rehearsal) -> None:
    first, second, liar = office.desks.values()
    case = opened(office, first)
    second.cases.ask(case_name(first, case), Part.HEALTH, "She is ill tonight.")
    meet(office)
    asked = second.cases.requests()[0].request.fact
    said = case_fact(liar.journal.crew_vault, KeysAnswered(asked, 1, ""))
    liar.journal.write([said])
    meet(office)
    (shown,) = first.cases.requests()
    assert shown.holds
    assert not shown.request.given


@pytest.mark.attack
def test_no_report_tells_a_colleague_who_holds_no_part_which_case_was_looked_at(
    office: Rehearsal,
) -> None:
    first, second, curious = office.desks.values()
    case = opened(office, second)
    look(second, case)
    tell(office, second)
    read = curious.journal.store.rows("SELECT body FROM entries")
    assert not any(case in body for (body,) in read)
    assert first.cases.reported(case, Part.HEALTH, start=0, most=1)[1]


@pytest.mark.attack
def test_only_a_steward_moves_a_question_into_a_part_that_more_people_read(
    office: Rehearsal,
) -> None:
    first, liar, third = office.desks.values()
    draft = read_xlsform(sheets(), "form")
    wider = {one.path: "journey" for one in draft.items if one.part}
    form = bring_form(draft, "arrival", "9", wider, None)
    liar.journal.write([case_fact(liar.journal.crew_vault, form)])
    meet(office)
    assert [one.cases.forms.all() for one in (first, liar, third)] == [()] * 3
