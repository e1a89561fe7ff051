# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of which one desk reads some parts, with something written into every part of each.

Whatever is written says of itself in which part it stands, and whether the desk that is looked at
may read it: each text is a word that people may search for and a word that stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import DAY, CaseId, ConversationId, FactId, VaultId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.alike import Key
from safeconduct.rooms.cases.consent_decide import Answer
from safeconduct.rooms.cases.instruments import OFFICE
from safeconduct.rooms.cases.pairs_decide import Word
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.risk import Said
from safeconduct.rooms.cases.risk_decide import Assessing
from safeconduct.rooms.cases.sheets import COST, SHEETS, Field, Form
from safeconduct.rooms.cases.stages_decide import TypedStage
from safeconduct.rooms.crew import Role
from tests.sim.case_beyond import (
    ask_own_file,
    bring_form,
    bring_rows,
    bring_submission,
    fund,
    hide_houses,
    open_books,
    read_files,
    refer,
    say_of_costs,
    second_own_files,
    write_letter,
)
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person
from tests.sim.test_cases import WORKER, go_online, meet
from tests.sim.test_teams import form, settle

WRITER, VIEWER, UNKNOWN = "second", "third", "11" * 16
NOT_YET = CaseId(b"")
NAME = "Магомед Хаджиев"
"""Everybody who is written down is called so: whoever holds two identity parts is told."""
SHEET_FIELDS = ("person", "of", "hunts", "one", "other", "for", "goal")
"""Fields of forms that name a sheet."""
FILLED = {"amount": "1200.50 EUR", "rate": "", "integer": "3", "decimal": "3.5", "time": "07:40"}
"""What stands in fields of other forms than here; who adds a form adds it here."""
ROLES = tuple(role for role in Role if role is not Role.LINE)
"""A line has no pages."""


def asked_for(part: Part, *, hidden: bool) -> str:
    """A word of a part, which somebody may search for."""
    return f"zorblax{part.value}{'lacks' if hidden else 'holds'}"


def beside(part: Part, *, hidden: bool) -> str:
    """The word beside it, which nobody types."""
    return f"quibnex{part.value}{'lacks' if hidden else 'holds'}"


def words(part: Part, *, hidden: bool) -> str:
    """What stands in a part."""
    return f"{asked_for(part, hidden=hidden)} {beside(part, hidden=hidden)}"


def day(now: int, ahead: int) -> str:
    """A day so many days from now."""
    return datetime.fromtimestamp((now + ahead * DAY) / 1000, UTC).date().isoformat()


def unknown(length: int) -> str:
    """An id of so many bytes that nothing has."""
    return UNKNOWN[:2] * length


@dataclass
class Held:
    """A case, and the parts of it that the desk reads that is looked at."""

    label: str
    parts: Collection[Part]
    id: CaseId = NOT_YET
    seen: dict[str, SheetId] = field(default_factory=dict)
    unseen: dict[str, SheetId] = field(default_factory=dict)
    asked: dict[str, FactId] = field(default_factory=dict)
    """A referral and a file of a person's own that the desk sees, by what they are."""
    lacked: dict[str, FactId] = field(default_factory=dict)
    """The same where the desk does not see them."""


class Matrix:
    """An office, a desk with a role that lacks parts of cases, and the writer, who lacks none."""

    def __init__(self, stage: Rehearsal, role: Role, *, by_team: bool) -> None:
        """Found it, and write into the parts that the desk reads."""
        self.stage = stage
        stage.found()
        self.writer = stage.join(WRITER, WORKER)
        self.viewer = stage.join(VIEWER, frozenset({role}))
        go_online(stage)
        meet(stage)
        self.talk = self._person()
        self.team = form(stage, "first", WRITER, VIEWER) if by_team else None
        self.grant, self.form = fund(self.desk("first")), bring_form(self.desk("first"))
        self.kinds = {**SHEETS, self.form.kind: self.form.fields}
        self.table = stage.folder / "old.csv"
        open_books(self.desk("first"), self.viewer)
        meet(stage)
        lacked = list(Part)[ROLES.index(role) % len(Part)]
        rest = frozenset(set(Part) - {lacked})
        self.held = [Held(part.value, frozenset({part})) for part in Part] + [Held("rest", rest)]
        self.none = Held("none", ())
        for one in self.held:
            self._open(one)
            self._fill(one, one.parts, hidden=False)
        self._judge(hidden=False)
        settle(stage)
        self._agree(hidden=False)

    def hide(self) -> None:
        """Write into every part that the desk does not read, and open a case of which it has none.

        Sheets that it sees get fields that it does not, too.
        """
        self._open(self.none)
        self.none.seen.clear()
        for one in (*self.held, self.none):
            lacks = frozenset(set(Part) - set(one.parts))
            for kind, sheet in one.seen.items():
                self._write(one, kind, sheet, lacks, hidden=True)
            self._fill(one, lacks, hidden=True)
        self._judge(hidden=True)
        hide_houses(self.desk("first"))
        self.writer.cases.erasures.ask(self.none.id, "office")
        bring_rows(self.stage, self.writer, self._row(words(Part.IDENTITY, hidden=True)))
        bring_submission(self.writer, self.writer.cases.held.name(self.none.id))
        settle(self.stage)
        self._agree(hidden=True)

    def read_files(self) -> None:
        """Let the desk that is looked at read a table and a submission of its own.

        Both stand in hidden cases once something is hidden, and not before.
        """
        read_files(self.viewer, self._row("Brother"))

    def _row(self, pursuer: str) -> Path:
        """An old table with one row of somebody who is called as everybody is."""
        self.table.write_text(f"No,Name,Pursuer\n1,{NAME},{pursuer}\n")
        return self.table

    def _agree(self, *, hidden: bool) -> None:
        """Let the steward say what one person alone may not."""
        first = self.desk("first")
        for one in self.all():
            if one.id and (Part.JOURNEY in one.parts) is not hidden:
                say_of_costs(first, one.id, words(Part.JOURNEY, hidden=hidden))
            if one.id and (Part.CONTACT in one.parts) is not hidden:
                second_own_files(first, one.id)
        settle(self.stage)

    def _person(self) -> ConversationId:
        person = Person(self.stage)
        person.write("Please help.")
        meet(self.stage)
        return person.conversation

    def _open(self, one: Held) -> None:
        first, viewer = self.stage.desks["first"].device, self.viewer.device
        teams: dict[Part, set[VaultId]] = {part: set() for part in Part}
        readers = {part: {first} for part in Part}
        for part in one.parts:
            if self.team is None:
                readers[part].add(viewer)
            else:
                teams[part].add(self.team)
        one.id = self.writer.cases.open(readers, teams)

    def _fill(self, one: Held, parts: Collection[Part], *, hidden: bool) -> None:
        cases, sheets = self.writer.cases, one.unseen if hidden else one.seen
        for part in Part:
            if part in parts:
                cases.note(one.id, part, words(part, hidden=hidden))
        for kind in self.kinds:
            at = self._write(one, kind, None, parts, hidden=hidden)
            if at is not None:
                sheets[kind] = at
        if Part.JOURNEY in parts:
            self._write(one, COST, None, parts, hidden=hidden, state="paid")
            self._go(one, sheets.get("person"), hidden=hidden)
        if Part.CONTACT in parts:
            self._allow(one, sheets.get("person"), hidden=hidden)
            cases.links.link(one.id, self.talk)

    def _write(
        self,
        one: Held,
        kind: str,
        sheet: SheetId | None,
        parts: Collection[Part],
        *,
        hidden: bool,
        state: str = "asked",
    ) -> SheetId | None:
        """Write what a kind of sheet has in these parts; nothing where it needs something else."""
        if sheet is None and any(of.needed and of.part not in parts for of in self.kinds[kind]):
            return None
        typed = {
            (of.part, of.name): Typed(text)
            for of in self.kinds[kind]
            if of.part in parts and (text := self._value(one, of, hidden=hidden))
        }
        if kind == COST and typed:
            typed[Part.JOURNEY, "state"] = Typed(state)
        write = self.writer.cases.records.write if kind in SHEETS else self.writer.cases.forms.write
        return write(one.id, kind, sheet, typed) if typed else None

    def _value(self, one: Held, of: Field, *, hidden: bool) -> str:
        now = self.writer.now()
        if of.form is Form.DATE:
            return day(now, 3 if hidden else 5) if of.name == "expires" else day(now, -2)
        if of.form in {Form.ONE, Form.MANY}:
            return of.choices[0]
        if of.form is Form.SHEET:
            named = one.unseen if hidden else one.seen
            which = of.of[-1 if of.name == "other" else 0]
            return named[which].hex() if which in named else ""
        drawn = {Form.MEMBER: self.viewer.device, Form.GRANT: self.grant}
        if of.form in drawn:
            return drawn[of.form].hex()
        if of.form.value in FILLED:
            return FILLED[of.form.value]
        return NAME if of.name == "name" else words(of.part, hidden=hidden)

    def _go(self, one: Held, person: SheetId | None, *, hidden: bool) -> None:
        cases, text = self.writer.cases, words(Part.JOURNEY, hidden=hidden)
        cases.stages.enter(one.id, TypedStage("plan", note=text))
        cases.stages.block(one.id, text)
        if person is not None:
            due = day(self.writer.now(), 14)
            said = {"sought": Said.YES}, frozenset({"sought"}), "high", text, text, due
            cases.risks.assess(one.id, Assessing(person, OFFICE, *said, ()))

    def _allow(self, one: Held, person: SheetId | None, *, hidden: bool) -> None:
        if person is None:
            return
        text, now = words(Part.CONTACT, hidden=hidden), self.writer.now()
        read = "", "What was read.", "ru", 1, "spoken", "", day(now, 0), day(now, 20), text
        given = self.writer.cases.consents.give(one.id, Answer(person, "referral", text, *read))
        write_letter(self.writer, one.id, given)
        no = Answer(person, "research", text, given=day(now, 0))
        self.writer.cases.consents.refuse(one.id, no)
        found = one.lacked if hidden else one.asked
        found["own"] = ask_own_file(self.writer, one.id, Answer(person, "referral", text, *read))
        found["referral"] = refer(self.writer, one.id, person, text)

    def _judge(self, *, hidden: bool) -> None:
        """Say of pairs that they are one: of those of which the desk lacks one half, or of one."""
        across, why = self.writer.cases.across, words(Part.IDENTITY, hidden=hidden)
        waiting = (one.key for one in across.pairs() if one.asked)
        of = [key for key in waiting if self._lacks(key) is hidden]
        for key in of[: 3 if hidden else 1]:
            across.judge(key, Word(True, why))

    def allowed(self, one: Held) -> bytes:
        """Return the first consent of a case; nothing where there is none."""
        given = self.writer.cases.consents.of(one.id).given if one.id else ()
        return next((each.id for each in given), b"")

    def erasing(self) -> str:
        """Return the question whether the hidden case may be erased."""
        return self.writer.cases.erasures.of(self.none.id)[0].asked.id.hex()

    def ids(self) -> set[str]:
        """Return every id that the desk could not know, as it stands in addresses and forms."""
        found = {self.none.id.hex(), self.erasing()}
        for one in self.all():
            found |= {each.hex() for each in (*one.unseen.values(), *one.lacked.values())}
            texts = {name: text for name, text in self.hidden(one).items() if name != "case"}
            found |= {text for text in texts.values() if re.fullmatch(r"[0-9a-f]{32,}", text)}
        return found

    def hidden(self, one: Held) -> dict[str, str]:
        """Return what somebody could put into forms who knew the ids of what a desk lacks."""
        cases, seen = self.writer.cases, one.parts
        blocks = stages.blocked if (stages := cases.stages.of(one.id)) else ()
        judged = [each.fact for of in cases.risks.risk(one.id).people for each in of.standing]
        person = one.unseen["person"]
        found: dict[str, bytes] = dict.fromkeys(SHEET_FIELDS, person)
        if Part.JOURNEY not in seen:
            found |= {"block": blocks[0].fact, "assessment": judged[0]}
            found |= {"cost": one.unseen[COST]}
        if Part.CONTACT not in seen:
            found |= {"consent": self.allowed(one), "case": one.id}
            found |= {"referral": one.lacked["referral"], "fact": one.lacked["own"]}
        pair = next(each.key for each in cases.across.pairs() if self._lacks(each.key))
        ids = " ".join(f"{at.case.hex()} {at.sheet.hex()}" for at in pair)
        said = {"answer": "yes", "act": "off", "purpose": "referral", "read": "en"}
        return {name: value.hex() for name, value in found.items()} | said | {"pair": ids}

    def _lacks(self, key: Key) -> bool:
        reads = {one.id for one in self.held if Part.IDENTITY in one.parts}
        return not {at.case for at in key} <= reads

    def all(self) -> Iterator[Held]:
        """Every case."""
        yield from (*self.held, self.none)

    def desk(self, name: str) -> Desk:
        """A desk of the office."""
        return self.stage.desks[name]
