# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person's own file: what is theirs, what is asked about, who signs, and how it is written."""

from __future__ import annotations

import itertools
import json

import pytest

from safeconduct.kernel.words import CaseId, CommitId, DeviceId, FactId, Instant, VaultId, fact_id
from safeconduct.rooms.cases import (
    CaseFile,
    CaseRisk,
    Note,
    OpenPart,
    Part,
    SheetId,
    SheetWritten,
    Told,
    fold_record,
)
from safeconduct.rooms.cases.consent import Consents
from safeconduct.rooms.cases.costs import fold_costs
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.events import PartFact
from safeconduct.rooms.cases.money_facts import CostJudged
from safeconduct.rooms.cases.office_forms import FormTold, field_name, fold_forms
from safeconduct.rooms.cases.office_forms_decide import bring_form
from safeconduct.rooms.cases.own_file import (
    LASTS,
    Choosing,
    NobodySignsOwnFile,
    NoOwnFileWaits,
    NothingInOwnFile,
    OwnFile,
    OwnFileIsYours,
    OwnFileNotSigned,
    OwnFileOfNobody,
    OwnStage,
    ask_own_file,
    fold_own_files,
    need_signed,
    second_own_file,
    take_back_own_file,
)
from safeconduct.rooms.cases.own_file_facts import (
    OwnFileAsked,
    OwnFileMade,
    OwnFileSeconded,
    OwnFileTakenBack,
)
from safeconduct.rooms.cases.own_file_lines import SECTIONS, Kept, Line, lines_of
from safeconduct.rooms.cases.own_file_write import (
    OwnContent,
    OwnWords,
    write_own_json,
    write_own_page,
)
from safeconduct.rooms.cases.referral_facts import (
    SEALING_KEY_BYTES,
    ReferralHandedOver,
    ReferralMade,
)
from safeconduct.rooms.cases.referrals import fold_referrals
from safeconduct.rooms.cases.xlsform import read_xlsform
from tests.kit.field_forms import sheets

CASE = CaseId(b"c" * 16)
_DRAFT = read_xlsform(sheets(), "file")
_PARTS = {item.path: item.part for item in _DRAFT.items if item.part}
_BROUGHT = bring_form(_DRAFT, _DRAFT.form, _DRAFT.version, _PARTS, None)
FORMS = fold_forms([FormTold(FactId(b"f" * 36), DeviceId(b"a" * 16), Instant(1), _BROUGHT)])
ARU, DARU, HUNTER = (SheetId(letter * 16) for letter in (b"1", b"2", b"3"))
VAULTS = {VaultId(part.value.encode().ljust(16)): part for part in Part}
AT = {part: vault for vault, part in VAULTS.items()}
ADA, OWN_PHONE, BO = (DeviceId(letter * 16) for letter in (b"a", b"A", b"b"))
HOSTILE = "</dd><script>alert(1)</script>\u202e\x00"


def apart(one: DeviceId, other: DeviceId) -> bool:
    """Two devices are of two people if their letters differ."""
    return one.lower() != other.lower()


def told(n: int, event: PartFact, by: DeviceId = ADA, part: Part = Part.CONTACT) -> Told:
    """A fact of the n-th commit."""
    commit = CommitId(n.to_bytes(32, "big"))
    return Told(fact_id(commit, 0), commit, AT[part], by, n << 16, event)


def wrote(n: int, sheet: SheetId, kind: str, part: Part, **values: str) -> Told:
    """What somebody wrote onto a sheet."""
    return told(n, SheetWritten(CASE, sheet, kind, tuple(values.items()), ()), part=part)


def kept(*facts: Told, parts: tuple[Part, ...] = tuple(Part), note: str = "") -> Kept:
    """What can be read of a case."""
    notes = (Note(fact_id(CommitId(b"n" * 32), 0), Instant(1), ADA, note),) if note else ()
    some = tuple(OpenPart(one, AT[one], notes if one is Part.HEALTH else ()) for one in parts)
    file = CaseFile(CASE, "quiet orchard road", Instant(0), ADA, some)
    record = fold_record(CASE, {AT[one]: one for one in parts}, facts, "en")
    where = {AT[one]: one for one in parts}
    filled = fold_record(CASE, where, facts, "en", {one.kind: one.fields for one in FORMS})
    costs = fold_costs(record, where, facts, apart=apart)
    referrals = fold_referrals(CASE, where, facts).all
    nothing = None, CaseRisk(CASE, ()), Consents(CASE)
    return Kept(file, record, *nothing, costs, FORMS, filled, referrals)


def said(lines: tuple[Line, ...], *, hers: bool) -> set[str]:
    """What stands in the lines that are ticked before anybody looks, or in the others."""
    return {one.text for one in lines if one.hers is hers}


ALONE = (
    wrote(1, ARU, "person", Part.IDENTITY, name="Aru"),
    wrote(2, ARU, "person", Part.JOURNEY, depends="On Daru."),
    wrote(3, HUNTER, "pursuer", Part.IDENTITY, name="The uncle", hunts=ARU.hex()),
    wrote(4, SheetId(b"4" * 16), "place", Part.JOURNEY, where="The station"),
)
OTHER = (
    wrote(5, DARU, "person", Part.IDENTITY, name="Daru"),
    wrote(6, SheetId(b"6" * 16), "document", Part.JOURNEY, note="Daru's", of=DARU.hex()),
    wrote(7, SheetId(b"7" * 16), "document", Part.JOURNEY, note="Aru's", of=ARU.hex()),
    wrote(8, SheetId(b"8" * 16), "pursuer", Part.IDENTITY, name="Other", hunts=DARU.hex()),
)


def test_what_stands_on_her_own_sheets_is_hers_and_pursuers_are_asked_about() -> None:
    lines = lines_of(kept(*ALONE, note="She coughs."), ARU)
    assert said(lines, hers=True) == {"Aru", "The station", "She coughs."}
    assert said(lines, hers=False) == {"On Daru.", "The uncle"}


def test_of_others_nothing_is_a_line_and_what_is_of_nobody_is_asked_about() -> None:
    lines = lines_of(kept(*ALONE, *OTHER, note="She coughs."), ARU)
    assert said(lines, hers=True) == {"Aru", "Aru's"}
    assert said(lines, hers=False) == {"On Daru.", "The uncle", "The station", "She coughs."}


def test_a_cost_tells_what_it_was_for_and_never_which_grant_pays() -> None:
    cost = wrote(9, SheetId(b"9" * 16), "cost", Part.JOURNEY, what="A ticket", grant="ab" * 16)
    lines = lines_of(kept(*ALONE, cost), ARU)
    assert [one.text for one in lines if one.section == "cost"] == ["A ticket"]


def test_where_a_part_is_missing_nothing_is_taken_for_hers_because_she_seems_alone() -> None:
    some = tuple(part for part in Part if part is not Part.LEGAL)
    found = kept(*ALONE, parts=some)
    assert "The station" in said(lines_of(found, ARU), hers=False)
    assert found.missing == (Part.LEGAL,)


def test_what_was_written_over_stays_a_line_that_stands_no_more() -> None:
    first = ALONE[0]
    over = SheetWritten(CASE, ARU, "person", (("name", "Aruna"),), (first.fact,))
    lines = lines_of(kept(first, told(2, over, BO, Part.IDENTITY)), ARU)
    assert [(one.text, one.stands) for one in lines] == [("Aru", False), ("Aruna", True)]
    assert len({one.key for one in lines}) == len(lines)


COST = wrote(9, SheetId(b"9" * 16), "cost", Part.JOURNEY, what="A bed", grant="ab" * 16)
JUDGED = CostJudged(CASE, b"9" * 16, 0, "Too dear.", (COST.fact,))


def test_costs_are_lines_without_whose_money_it_is_and_words_about_them_are_asked_about() -> None:
    judged = told(10, JUDGED, BO, Part.JOURNEY)
    lines = lines_of(kept(*ALONE, COST, judged), ARU)
    assert {(one.section, one.text, one.hers) for one in lines if one.section == "cost"} == {
        ("cost", "A bed", True),
        ("cost", "Too dear.", False),
    }
    assert "A bed" in said(lines_of(kept(*ALONE, *OTHER, COST), ARU), hers=False)


def test_filled_forms_are_lines_with_their_questions_and_what_was_chosen_in_words() -> None:
    (form,) = FORMS
    names = {item.path: field_name(item) for item in form.newest.questions}
    answers = {names["hurt"]: "y", names["care"]: "doctor rest"}
    sheet = wrote(9, SheetId(b"9" * 16), form.kind, Part.HEALTH, **answers)
    found = [one for one in lines_of(kept(*ALONE, sheet), ARU) if one.section == "form"]
    assert {(one.asked, one.text, one.shown, one.hers) for one in found} == {
        ("Are they hurt?", "y", "yes", True),
        ("Which care?", "doctor rest", "a doctor, rest", True),
    }
    some = lines_of(kept(*ALONE, *OTHER, sheet), ARU)
    assert not any(one.hers for one in some if one.section == "form")


def test_whom_she_was_referred_to_is_hers_and_the_words_to_them_are_asked_about() -> None:
    secret = b"t" * 16, b"v" * 32, b"a" * 32, b"k" * SEALING_KEY_BYTES
    rest = "The clinic", b"", "en", "Write to us.", "A bed, please.", (), 20_800
    made = told(9, ReferralMade(CASE, (ARU,), *rest, *secret))
    other = told(10, ReferralMade(CASE, (DARU,), *rest, *secret))
    handed = told(11, ReferralHandedOver(CASE, made.fact, (b"y" * 16,), 1))
    lines = lines_of(kept(*ALONE, *OTHER, made, other, handed), ARU)
    found = [(one.field, one.text, one.hers) for one in lines if one.section == "referral"]
    assert found == [
        ("made", "The clinic", True),
        ("greeting", "Write to us.", False),
        ("words", "A bed, please.", False),
        ("handed", "The clinic", True),
    ]


def files(*facts: Told) -> tuple[OwnFile, ...]:
    """What these facts give."""
    return fold_own_files(CASE, VAULTS, facts, apart=apart)


ASKED = told(1, OwnFileAsked(CASE, ARU, "ru", (b"l" * 16,), ()))
SIGNED = told(2, OwnFileSeconded(CASE, ASKED.fact), BO)


def test_the_same_facts_give_the_same_files_in_any_order() -> None:
    facts = (ASKED, SIGNED, told(3, OwnFileMade(CASE, ASKED.fact, 1)))
    for order in itertools.permutations(facts):
        assert files(*order) == files(*facts)
    (found,) = files(*facts)
    assert (found.seconds, [one.sealed for one in found.given]) == ((BO,), [True])


@pytest.mark.parametrize(
    "fact",
    [
        told(2, OwnFileSeconded(CASE, ASKED.fact), ADA),
        told(2, OwnFileSeconded(CASE, ASKED.fact), OWN_PHONE),
        told(2, OwnFileSeconded(CASE, ASKED.fact), BO, Part.HEALTH),
        told(2, OwnFileSeconded(b"x" * 16, ASKED.fact), BO),
        told(2, OwnFileMade(CASE, ASKED.fact, 0), BO),
        told(2, OwnFileTakenBack(CASE, ASKED.fact), BO),
    ],
)
def test_nobody_signs_for_themselves_and_nobody_says_what_is_anothers_to_say(fact: Told) -> None:
    assert files(ASKED, fact) == files(ASKED)
    assert files(ASKED)[0].stage(Instant(5)) is OwnStage.WAITS


def test_a_take_back_wins_and_a_week_ends_it() -> None:
    (found,) = files(ASKED, SIGNED)
    assert need_signed(found, ADA, Instant(5)) is found
    (back,) = files(ASKED, SIGNED, told(3, take_back_own_file(CASE, found, ADA, Instant(5))))
    assert back.stage(Instant(5)) is OwnStage.TAKEN_BACK
    assert found.stage(Instant(1 + LASTS)) is OwnStage.LAPSED
    for one, by, now in ((back, ADA, 5), (found, BO, 5), (found, ADA, 1 + LASTS), (None, ADA, 5)):
        with pytest.raises(OwnFileNotSigned):
            need_signed(one, by, Instant(now))


def test_it_is_signed_by_somebody_else_while_it_waits() -> None:
    (waits,) = files(ASKED)
    assert second_own_file(CASE, waits, BO, Instant(5), apart=apart).asked == ASKED.fact
    with pytest.raises(OwnFileIsYours):
        second_own_file(CASE, waits, OWN_PHONE, Instant(5), apart=apart)
    for one in (None, *files(ASKED, SIGNED)):
        with pytest.raises(NoOwnFileWaits):
            second_own_file(CASE, one, BO, Instant(5), apart=apart)


def test_what_is_asked_for_is_of_somebody_on_the_record_and_holds_something() -> None:
    record, good = kept(*ALONE).record, Choosing(ARU, "ru", {b"l" * 16}, ())
    assert ask_own_file(record, tuple(Part), good, signers=True).lines == (b"l" * 16,)
    with pytest.raises(NoSuchPart):
        ask_own_file(record, (Part.HEALTH,), good, signers=True)
    with pytest.raises(OwnFileOfNobody):
        ask_own_file(record, tuple(Part), Choosing(DARU, "ru", {b"l" * 16}, ()), signers=True)
    with pytest.raises(NothingInOwnFile):
        ask_own_file(record, tuple(Part), Choosing(ARU, "ru", (), ()), signers=True)
    with pytest.raises(NobodySignsOwnFile):
        ask_own_file(record, tuple(Part), good, signers=False)


WORDS = OwnWords(
    direction="rtl",
    sentence={
        name: name
        for name in (
            *("title", "what", "careful", "correct", "made", "missing", "left_out", "before"),
            *("talks", "messages", "answers", "notes", "hand_overs"),
        )
    },
    heading=lambda section: f"of {section}",
    label=lambda line: line.field,
    value=lambda line: line.text,
    part=lambda part: part.value,
    role=lambda role: role,
)


def content(*lines: Line) -> OwnContent:
    """A file."""
    talk = {"code_name": HOSTILE, "notes": [{"written": "2026-11-20T10:00:00Z", "text": HOSTILE}]}
    own = lines or lines_of(kept(wrote(1, ARU, "person", Part.IDENTITY, name=HOSTILE)), ARU)
    return OwnContent("ar", Instant(0), own, (Part.LEGAL,), True, [talk], lambda _: "case_worker")


def test_the_page_has_no_script_no_address_and_nothing_that_a_stranger_wrote_as_markup() -> None:
    page = write_own_page(content(), WORDS).decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert page.count("&lt;script&gt;") == 3
    for wrong in ("<script", "http:", "https:", "\u202e", "\x00", ADA.hex()):
        assert wrong not in page
    assert "<li>legal</li>" in page
    assert "case_worker" in page


def test_the_json_says_roles_and_no_colleague_and_names_what_is_missing() -> None:
    found = json.loads(write_own_json(content()))
    assert found["format"] == "safeconduct-own-file"
    assert found["parts_not_included"] == ["legal"]
    assert found["lines"][0]["by"] == "case_worker"
    assert ADA.hex() not in json.dumps(found)


def test_every_section_that_a_line_can_be_of_has_its_place() -> None:
    assert len(set(SECTIONS)) == len(SECTIONS)
