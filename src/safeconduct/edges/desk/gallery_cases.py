# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ordinary and hostile things of cases, for examples on the gallery page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from safeconduct.edges.desk.across_api import Pair
from safeconduct.edges.desk.consent_texts import ConsentText, consent_text
from safeconduct.edges.desk.form_page import FilledForm, answers_of
from safeconduct.edges.desk.gallery_talks import MIRA, NOW, OWN
from safeconduct.edges.desk.instrument_texts import InstrumentText, instrument_text
from safeconduct.edges.desk.network_words import labels
from safeconduct.edges.desk.referrals_api import Shown
from safeconduct.edges.desk.risks_api import CaseWaits
from safeconduct.edges.desk.stage_drawing import Drawing, draw
from safeconduct.edges.desk.table_page import ShownRemark, ShownRow
from safeconduct.kernel import sheets
from safeconduct.kernel.money import Amount
from safeconduct.kernel.words import DAY, HOUR, CaseId, FactId, Instant
from safeconduct.rooms.cases import (
    CaseFile,
    CaseRecord,
    CaseStages,
    Part,
    Sheet,
    SheetId,
    network_layout,
)
from safeconduct.rooms.cases.alike import Named, Where, alike
from safeconduct.rooms.cases.budgets import Sums
from safeconduct.rooms.cases.consent import (
    Asking,
    Consent,
    ConsentId,
    How,
    No,
    Purpose,
    day_of,
)
from safeconduct.rooms.cases.consent_facts import ConsentGiven
from safeconduct.rooms.cases.costs import Cost
from safeconduct.rooms.cases.costs import Judged as JudgedCost
from safeconduct.rooms.cases.days import last_day
from safeconduct.rooms.cases.form_facts import FormBrought, Item
from safeconduct.rooms.cases.network import Edge, Network, Node
from safeconduct.rooms.cases.office_forms import (
    FormVersion,
    OfficeForm,
    field_name,
    form_kind,
)
from safeconduct.rooms.cases.pairs import Judged, Verdict
from safeconduct.rooms.cases.papers import Due, Paper
from safeconduct.rooms.cases.plan import Task, fold_plan
from safeconduct.rooms.cases.referral_facts import SEALING_KEY_BYTES, FileAlong, ReferralMade
from safeconduct.rooms.cases.referrals import Handed, Piece, Referral, State, TookBack
from safeconduct.rooms.cases.risk import Assessment, Band, Said, Second
from safeconduct.rooms.cases.risk_due import Reason, Why
from safeconduct.rooms.cases.sheets import PERSON as A_PERSON
from safeconduct.rooms.cases.sheets import PURSUER, SHEETS, TAKEN_OFF, TIE
from safeconduct.rooms.cases.stage_figures import Figures, figures
from safeconduct.rooms.cases.stages import Block, Entry, Lift, Stay
from safeconduct.rooms.cases.timeline import Happened, timeline

PERSON: tuple[tuple[str, Part, str], ...] = (
    ("stands", Part.JOURNEY, "asks"),
    ("name", Part.IDENTITY, "Aru"),
    ("depends", Part.JOURNEY, "Carries an infant."),
)
WHAT = "Ask the consul for a date."


class CaseSamples:
    """What examples of cases are made of."""

    today = date(2017, 4, 20)
    dues = tuple(Due)
    case_id = CaseId(bytes(16))

    def table_row(self, fate: str = "new", label: str = "17", **told: str) -> ShownRow:
        """A row of an old table; with a `code` something is told of it, `other` is whose case."""
        case, name = told.get("case", ""), told.get("case_name", "")
        said = [told.get(one, "") for one in ("code", "header", "more", "other")]
        remarks = (ShownRemark(*said),) if said[0] else ()
        return ShownRow(4, fate, label, case, name, remarks)

    def sheet(
        self,
        *fields: tuple[str, Part, str],
        kind: str = "person",
        name: str = "lantern",
        also: str = "",
    ) -> Sheet:
        """A sheet of a record; `also` is what a colleague wrote into the first field at once."""
        entered = []
        for at, (field, part, text) in enumerate(fields or PERSON):
            said = [sheets.Written(FactId(bytes([at]) * 36), NOW, OWN, text, stands=True)]
            if also and not at:
                said.append(sheets.Written(FactId(b"\xff" * 36), NOW, MIRA, also, stands=True))
            entered.append(sheets.Entered(field, part, tuple(said)))
        return sheets.Sheet(
            SheetId(name.encode("utf-8", "replace")[:16].ljust(16)), kind, name, tuple(entered)
        )

    def task(self, what: str = WHAT, *, name: str = "task", **said: str) -> Task:
        """A task of a plan, Mira's and late unless something else is said of it."""
        said = {"owner": MIRA.hex(), "due": "2026-11-18", "what": what, **said}
        fields = ((field, Part.JOURNEY, text) for field, text in said.items())
        return fold_plan(self.record(self.sheet(*fields, kind="task", name=name))).tasks[0]

    limits: Mapping[str, int] = MappingProxyType({"EUR": 50_000})

    def cost(
        self, *, state: str = "asked", urgent: str = "", also: str = "", word: str = ""
    ) -> Cost:
        """A cost that Mira asked for; `word` is what somebody said against it."""
        said = {"amount": "EUR 450.00", "purpose": "travel", "what": WHAT, "day": "2026-11-18"}
        said |= {"state": state, "urgent": urgent}
        fields = [(name, Part.JOURNEY, text) for name, text in said.items()]
        sheet = self.sheet(*fields, kind="cost", name="cost", also=also)
        amounts = (Amount("EUR", 45_000), *((Amount("EUR", 90_000),) if also else ()))
        judged = JudgedCost(
            FactId(b"j" * 36), NOW, OWN, agrees=not word, words=word, counts=bool(word)
        )
        return Cost(
            *(self.case_id, sheet, amounts, (), (), state, bool(also), frozenset({MIRA})),
            *(frozenset(), (judged,), ()),
        )

    def sums(self, granted: int) -> Sums:
        """What was done with so much."""
        return Sums(granted, 4_500, 1_200, 300, 0)

    def part_of(self, name: str) -> Part:
        """A part of a case by its name."""
        return Part(name)

    def record(self, *sheets: Sheet) -> CaseRecord:
        """The record of a case."""
        return CaseRecord(CaseId(bytes(16)), sheets)

    def filled(
        self,
        text: str,
        *,
        title: str = "After arrival",
        name: str = "lantern",
        also: str = "",
        off: str = "",
    ) -> FilledForm:
        """A filled form with one question; `also` is what a colleague answered at once."""
        item = Item("how", "text", "journey", (("", title),), (), 0, (), ())
        brought = FormBrought("arrival", "3", (("", title),), "", (item,))
        version = FormVersion(FactId(bytes(36)), NOW, MIRA, brought, ended=False)
        form = OfficeForm("arrival", form_kind("arrival"), (version,))
        fields = [(field_name(item), Part.JOURNEY, text)]
        fields += [(TAKEN_OFF, Part.JOURNEY, off)] if off else []
        sheet = self.sheet(*fields, kind=form.kind, name=name, also=also)
        return FilledForm(form, title, sheet, answers_of(form, sheet, "en"))

    def stages(
        self,
        *way: tuple[str, int],
        note: str = "",
        at_once: bool = False,
        blocks: Sequence[str] = (),
        lifted: str = "",
        also: str = "",
    ) -> CaseStages:
        """The stages of a case, each with how many days ago it began.

        `lifted` is what was said when the first block went, `also` what a colleague wrote of each.
        """
        begun = [Instant(NOW - days * DAY) for _, days in way]
        stays = []
        for at, (stage, _) in enumerate(way):
            said = Entry(FactId(bytes([at]) * 36), NOW, MIRA, stage, begun[at], bool(note), note)
            last = at_once or at + 1 == len(way)
            more = (replace(said, by=OWN, note=also),) if also else ()
            stays.append(Stay(said, None if last else begun[at + 1], more))
        since = begun[0] if begun else NOW
        lift = Lift(NOW, OWN, lifted) if lifted else None
        kept = (
            Block(FactId(bytes([n]) * 36), since, MIRA, way[-1][0], text, None if n else lift)
            for n, text in enumerate(blocks)
        )
        return CaseStages(CaseId(bytes(16)), tuple(stays), (), tuple(kept))

    def drawing(
        self, *way: tuple[str, int], note: str = "", blocks: Sequence[str] = ()
    ) -> Drawing | None:
        """The picture of a case whose record was begun with its stages."""
        stages = self.stages(*way, note=note, blocks=blocks)
        file = CaseFile(stages.case, "amber lantern road", NOW, MIRA, ())
        return draw(stages, timeline(file, self.record(self.sheet()), stages), NOW)

    def figures(self, *way: tuple[str, int], blocks: Sequence[str] = ()) -> Figures:
        """The figures of an office with one case."""
        return figures([self.stages(*way, blocks=blocks)], NOW)

    def names(self, name: str = "amber lantern road") -> dict[CaseId, str]:
        """The name of that case."""
        return {CaseId(bytes(16)): name}

    def happened(self, what: str, of: str, text: str = "", name: str = "lantern") -> Happened:
        """One thing that happened."""
        return Happened(NOW, FactId(bytes(36)), what, MIRA, of, name, text)

    def assessment(
        self,
        words: str = "He asks for her at her old work, and his brother is in the police.",
        *,
        second: str = "",
        version: int = 1,
        fact: str = "a",
    ) -> Assessment:
        """What somebody judged to be a high risk, and what a second said of it."""
        known = version == 1
        answers = {"sought": Said.YES, "state": Said.YES, "safe_place": Said.NO}
        said = FactId(b"s" * 36), NOW, MIRA
        return Assessment(
            fact=FactId(fact.encode().ljust(36)),
            at=Instant(NOW - HOUR),
            by=OWN,
            person=SheetId(b"lantern".ljust(16)),
            instrument="office",
            version=version,
            answers=answers if known else {},
            weighs=("sought", "safe_place") if known else (),
            said=Band.HIGH,
            words=words,
            changes="She leaves the town.",
            due=Instant(NOW // DAY * DAY + 14 * DAY),
            saw=frozenset(),
            seconds=(Second(*said, Band(second), words),) if second else (),
            stands=True,
        )

    def instrument(self, language: str) -> InstrumentText:
        """The words of the office's own sheet."""
        return instrument_text("office", 1, language)

    def due(self, *whys: str, about: str = "kettle") -> tuple[Reason, ...]:
        """Why something is to be done about a risk."""
        people = {Why.SEEN, Why.SECOND, Why.DISPUTED}
        return tuple(
            Reason(why, Instant(NOW - 3 * HOUR), about if why in people else "")
            for why in map(Why, whys)
        )

    def risk_waits(
        self, *whys: str, band: str = "", name: str = "mill kettle lantern", about: str = "kettle"
    ) -> CaseWaits:
        """A case about whose risk something waits."""
        reasons = self.due(*whys, about=about)
        return CaseWaits(CaseId(bytes(16)), name, Band(band) if band else None, reasons)

    def consent_text(self, purpose: str, language: str) -> ConsentText:
        """A text that is read out."""
        return consent_text(Purpose(purpose), language)

    def consent(
        self,
        n: int,
        recipient: str = "The clinic by the market",
        lasts: int = 100,
        limits: str = "",
        back: str = "",
    ) -> Consent:
        """A yes, until so many days from now; `back` is why it was taken back."""
        asking, today = Asking(SheetId(b"p" * 16), Purpose.REFERRAL, recipient), day_of(NOW)
        read = consent_text(Purpose.REFERRAL, "en").whole
        who = CaseId(bytes(16)), bytes([n]) * 16, asking.person, asking.purpose.value, ""
        days = today - 20, today + lasts, limits, ()
        said = ConsentGiven(*who, recipient, read, "en", 1, How.THROUGH.value, "Her aunt", *days)
        fact = FactId(bytes([n]) * 36)
        took = No(fact, NOW, MIRA, asking, today, ConsentId(said.consent), back)
        against = (took,) if back else ()
        return Consent(fact, NOW, MIRA, asking, said, How.THROUGH, against)

    def referral(self, n: int, state: str, recipient: str = "The clinic by the market") -> Shown:
        """A referral that stands so."""
        fact, person, stands = FactId(bytes([n]) * 36), SheetId(b"p" * 16), State(state)
        secrets = b"t" * 16, b"v" * 32, b"a" * 32, b"k" * SEALING_KEY_BYTES
        said = ReferralMade(
            *(bytes(16), (person,), recipient, b"", "en", "Write to us.", "A bed, please."),
            *(("identity",), day_of(NOW) + 7, *secrets),
        )
        pieces = (Piece(person, A_PERSON, "name", "Aru", Part.IDENTITY),)
        late = stands in {State.HANDED, State.ANSWERED, State.TOO_LATE}
        handed = (Handed(fact, NOW, MIRA, Instant(NOW + 7 * DAY)),) if late else ()
        back = stands in {State.WITHDRAWN, State.TOO_LATE}
        withdrawn = (TookBack(fact, NOW, OWN, recipient),) if back else ()
        one = Referral(fact, NOW, MIRA, said, pieces, True, handed, withdrawn)
        return Shown(one, stands, here=stands is State.CAME, unsent=stands is State.HANDED)

    def file_along(self, reason: str = "") -> FileAlong:
        """A file that goes along, as a clean copy unless there is a reason."""
        zero, shows = bytes(32), (b"p" * 16,)
        return FileAlong(zero[:16], zero, zero, shows, int(bool(reason)), reason)

    def said_no(self, recipient: str) -> No:
        """A no."""
        asking = Asking(SheetId(b"p" * 16), Purpose.AUTHORITIES, recipient)
        return No(FactId(b"n" * 36), NOW, OWN, asking, day_of(NOW))

    def paper(self, expires: str, of: str = "", paper: str = "", state: str = "") -> Paper:
        """A document that runs out."""
        told = paper, state, of, expires, last_day(expires)
        return Paper(self.case_id, SheetId(bytes(16)), *told)

    def pair(
        self, name: str = "Aru Kett", *, at: int = 1, same: bool | None = None, also: bool = False
    ) -> Pair:
        """Two of two cases who are alike; `also` is what a colleague said at once."""
        key = (
            Where(self.case_id, SheetId(bytes([at]) * 16)),
            Where(CaseId(bytes([at]) * 16), SheetId(bytes([at]) * 16)),
        )
        who = (
            Named(key[0], A_PERSON, "lantern", (name,), frozenset({1994})),
            Named(key[1], A_PERSON, "kettle", (name, "Аруна"), frozenset({1994})),
        )
        said = [] if same is None else [Judged(b"1", key, NOW, OWN, same, name, stands=True)]
        if also:
            said.append(Judged(b"2", key, NOW, MIRA, not same, "I asked.", stands=True))
        names = "harbour amber kettle", name
        return Pair(key, names, who, alike(*who), Verdict(tuple(said)))

    def network(self, called: str = "Aru") -> Network:
        """People of a case, with a tie of each kind."""
        relations = next(one.choices for one in SHEETS[TIE] if one.name == "relation")
        ids = [SheetId(bytes([at]) * 16) for at in range(len(relations) + 2)]
        hunter = Node(ids[0], PURSUER, "orchard", called)
        others = [Node(one, A_PERSON, "lantern", called) for one in ids[1:]]
        ties = [
            Edge(ids[1], one, word) for one, word in zip(ids[2:], (*relations[1:], ""), strict=True)
        ]
        return Network((hunter, *others), (Edge(ids[0], ids[1], "hunts"), *ties))

    def family(self, called: str = "Aru") -> network_layout.Drawing:
        """The same, drawn."""
        drawn = network_layout.draw(self.network(called), labels("en"))
        assert drawn is not None
        return drawn
