# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `case_matrix.py` writes into cases beside sheets, notes, stages and risk.

Referrals, files of a person's own, words on costs, a form of the office, rows of an old table, and
questions whether a case may be erased; houses and countries; and what the desk that is looked at
reads of its own files.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.api import NewFile
from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.importing.sheets import load
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.sheets import Typed
from safeconduct.kernel.words import DAY, CaseId, FactId
from safeconduct.rooms.cases import CaseFile, Part, SheetId
from safeconduct.rooms.cases.consent_decide import Answer
from safeconduct.rooms.cases.costs import PAID
from safeconduct.rooms.cases.grants import GrantId
from safeconduct.rooms.cases.letters import TypedLetter
from safeconduct.rooms.cases.money_decide import TypedGrant, Word
from safeconduct.rooms.cases.office_forms import OfficeForm
from safeconduct.rooms.cases.own_file import Choosing
from safeconduct.rooms.cases.referrals_decide import TypedReferral
from safeconduct.rooms.cases.sheets import PURPOSES
from safeconduct.rooms.passage import Book
from tests.kit.field_forms import filled_in, xlsform
from tests.sim.courier import Rehearsal

INSTANCE: Final = "uuid:zorblax"
"""The submission that the desk that is looked at reads, and that is brought into a hidden case."""
HERS: Final = "languages"
"""The field of a person that goes along: it stands in the part in which referrals stand."""


def fund(desk: Desk) -> GrantId:
    """Write a grant for every purpose."""
    lines = dict.fromkeys(PURPOSES, "any")
    typed = TypedGrant("A fund", "90000 EUR", "2026-01-01", "2026-12-31", lines)
    return desk.cases.money.write_grant(None, typed)


def bring_form(desk: Desk) -> OfficeForm:
    """Bring a form in that asks something for every part, and when risk is judged."""
    more = [("text", f"of_{one.value}", "What?", "Что?", "", "", one.value) for one in Part]
    more += [("select_one known", "seen", "Was he seen?", "Его видели?", "", "", "risk")]
    draft = desk.cases.forms.look(NewFile("form.xlsx", "", xlsform(*more)))
    parts = {one.path: one.part for one in draft.items if one.part}
    return desk.cases.forms.bring(draft.form, draft.version, parts)


def refer(desk: Desk, case: CaseId, person: SheetId, recipient: str) -> FactId:
    """Refer somebody who consented to it, with a word of theirs."""
    until = datetime.fromtimestamp((desk.now() + 5 * DAY) / 1000, UTC).date().isoformat()
    fields = frozenset({(bytes(person), "person", HERS)})
    to = person, recipient, "en", "Write who you are.", recipient, until
    typed, referrals = TypedReferral(*to, fields=fields), desk.cases.referrals
    referrals.make(case, typed, referrals.draft(case, typed).digest)
    return FactId((referrals.of(case) or ())[0].referral.fact)


def ask_own_file(desk: Desk, case: CaseId, answer: Answer) -> FactId:
    """Ask for a person's own file, as they wish."""
    desk.cases.consents.give(case, answer._replace(purpose="own_file"))
    lines = {one.key for one in desk.cases.own_files.lines(case, SheetId(answer.person))}
    return desk.cases.own_files.ask(case, Choosing(answer.person, "ru", lines, ()))


def write_letter(desk: Desk, case: CaseId, consent: bytes) -> None:
    """Write a letter of support for somebody who consented to it."""
    letters = desk.cases.letters
    typed = TypedLetter("en", "We know her.", "", "The office", frozenset())
    letters.make(case, consent, typed, letters.draft(case, consent, typed).digest, "")


def second_own_files(desk: Desk, case: CaseId) -> None:
    """Sign those of a case that wait for a second."""
    for one in desk.cases.own_files.of(case):
        if desk.cases.own_files.may_second(one):
            desk.cases.own_files.second(case, one.fact)


def say_of_costs(desk: Desk, case: CaseId, why: str) -> None:
    """Say a word on every cost of a case: no to what is paid already."""
    for one in desk.cases.money.costs(case):
        if desk.cases.money.may_say(one):
            desk.cases.money.judge(case, one.id, Word(one.state != PAID, why, one.bound))


def bring_rows(stage: Rehearsal, desk: Desk, path: Path) -> CaseId:
    """Bring a row of an old table into a case that two desks read, and return that case."""
    tables, there = desk.cases.tables, {one.id for one in _cases(desk)}
    tables.begin_look(path.name, lambda: load(path))
    assert tables.looked is not None
    readers = Chosen(tuple({stage.desks["first"].device, desk.device}))
    tables.bring("Old list", None, dict.fromkeys(Part, readers), held=True)
    (new,) = {one.id for one in _cases(desk)} - there
    return new


def bring_submission(desk: Desk, name: str) -> None:
    """Bring what a phone filled in into the case of a name."""
    desk.cases.submissions.look([NewFile("a.xml", "", filled_in(instance=INSTANCE))], b"")
    desk.cases.submissions.bring({0: name})


def read_files(desk: Desk, path: Path) -> None:
    """Read the same table and the same submission at a desk, and bring nothing in."""
    if desk.cases.tables.book.may():
        desk.cases.tables.begin_look(path.name, lambda: load(path))
    desk.cases.submissions.look([NewFile("a.xml", "", filled_in(instance=INSTANCE))], b"")


def _cases(desk: Desk) -> list[CaseFile]:
    return list(desk.cases.files(start=0, most=99)[0])


def open_books(desk: Desk, viewer: Desk) -> None:
    """Open the roads for the desk that is looked at, and the houses and countries without it."""
    for book in Book:
        desk.ways.open(book, {viewer.device} if book is Book.ROADS else ())
    desk.ways.write("town", None, {"name": Typed("Ford")})


def hide_houses(desk: Desk) -> None:
    """Write into the books that the desk lacks which is looked at."""
    said = {"where": "quibnexhouses", "beds": "4", "state": "fit"}
    house = desk.ways.write("house", None, {name: Typed(text) for name, text in said.items()})
    said = {"closes": house.hex(), "begins": "2026", "how": "burned", "why": "quibnexhouses"}
    desk.ways.write("house_closed", None, {name: Typed(text) for name, text in said.items()})
    said = {"name": "quibnexhouses", "route": "By sea.", "state": "open"}
    desk.ways.write("country", None, {name: Typed(text) for name, text in said.items()})
