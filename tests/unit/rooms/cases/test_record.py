# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record of a case: one state in any order, nothing overwritten unseen, nothing elsewhere."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.sheets import OVER_MOST
from safeconduct.kernel.words import CaseId, CommitId, DeviceId, FactId, VaultId, fact_id
from safeconduct.rooms.cases import (
    CaseRecord,
    Part,
    SheetId,
    SheetWritten,
    Told,
    fold_record,
    parse_fact,
    write_fact,
)
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.record import words_in
from safeconduct.rooms.cases.record_decide import (
    NoReasonToTakeOff,
    NothingNew,
    Typed,
    WrongFields,
    put_back,
    take_off,
    write_sheet,
)
from safeconduct.rooms.cases.sheets import (
    LINE_MOST,
    SHEETS,
    TAKEN_OFF,
    Field,
    Form,
    is_date,
    plain_value,
)

CASE = CaseId(b"c" * 16)
ONE, TWO = SheetId(b"1" * 16), SheetId(b"2" * 16)
IDENTITY, JOURNEY = VaultId(b"i" * 16), VaultId(b"j" * 16)
PARTS = {IDENTITY: Part.IDENTITY, JOURNEY: Part.JOURNEY}
ADA, BO = DeviceId(b"a" * 16), DeviceId(b"b" * 16)
EMPTY = CaseRecord(CASE, ())
NAME, STANDS = (Part.IDENTITY, "name"), (Part.JOURNEY, "stands")


def told(n: int, vault: VaultId, event: SheetWritten, by: DeviceId = ADA) -> Told:
    """A fact of the n-th commit."""
    commit = CommitId(n.to_bytes(32, "big"))
    return Told(fact_id(commit, 0), commit, vault, by, (5 + n) << 16, event)


def wrote(
    *values: tuple[str, str], over: tuple[FactId, ...] = (), sheet: bytes = ONE
) -> SheetWritten:
    """What somebody wrote about a person."""
    return SheetWritten(CASE, sheet, "person", values, over)


def record(*facts: Told) -> CaseRecord:
    """The record that these facts give."""
    return fold_record(CASE, PARTS, facts, "en")


def test_the_same_facts_give_the_same_record_in_any_order() -> None:
    first = told(1, IDENTITY, wrote(("name", "Aru"), ("born", "1994")))
    facts = [
        first,
        told(2, IDENTITY, wrote(("name", "Aru K."), over=(first.fact,)), BO),
        told(3, JOURNEY, wrote(("stands", "asks"))),
        told(4, IDENTITY, wrote(("name", "Daru"), sheet=TWO)),
    ]
    found = [record(*order) for order in itertools.permutations(facts)]
    assert all(one == found[0] for one in found)
    sheet = record(*facts).sheet(ONE, "person")
    assert sheet is not None
    assert [(one.name, one.text) for one in sheet.fields] == [
        ("stands", "asks"),
        ("name", "Aru K."),
        ("born", "1994"),
    ]


def test_what_two_wrote_unseen_both_stand_until_somebody_who_saw_both_writes() -> None:
    first, other = (
        told(1, IDENTITY, wrote(("name", "Aru"))),
        told(2, IDENTITY, wrote(("name", "Daru")), BO),
    )
    both = record(first, other)
    (field,) = both.sheets[0].entered("name")
    assert [one.text for one in field.standing] == ["Aru", "Daru"]
    held, saw = set(Part), frozenset({first.fact, other.fact})
    with pytest.raises(NothingNew):
        write_sheet(both, held, "person", ONE, {NAME: Typed("Daru", saw)})
    said = write_sheet(both, held, "person", ONE, {NAME: Typed("Daru", saw, settles=True)})
    (settled,) = record(first, other, told(3, IDENTITY, said[Part.IDENTITY])).sheets[0].fields
    assert [one.text for one in settled.standing] == ["Daru"]
    assert len(settled.written) == 3


@pytest.mark.attack
def test_who_did_not_see_a_colleagues_words_does_not_overwrite_them() -> None:
    first = told(1, IDENTITY, wrote(("name", "Aru")))
    newer = told(2, IDENTITY, wrote(("name", "Aru K."), over=(first.fact,)), BO)
    there = record(first, newer)
    typed = {NAME: Typed("Aruna", frozenset({first.fact}))}
    said = write_sheet(there, set(Part), "person", ONE, typed)
    (field,) = record(first, newer, told(3, IDENTITY, said[Part.IDENTITY])).sheets[0].fields
    assert [one.text for one in field.standing] == ["Aru K.", "Aruna"]
    with pytest.raises(NothingNew):
        write_sheet(there, set(Part), "person", ONE, {NAME: Typed("Aru", frozenset({first.fact}))})


@pytest.mark.parametrize(
    ("vault", "event"),
    [
        (JOURNEY, wrote(("name", "Aru"))),
        (VaultId(b"x" * 16), wrote(("name", "Aru"))),
        (IDENTITY, SheetWritten(b"x" * 16, ONE, "person", (("name", "Aru"),), ())),
        (IDENTITY, SheetWritten(CASE, ONE, "ghost", (("name", "Aru"),), ())),
        (IDENTITY, wrote(("unheard_of", "Aru"))),
        (IDENTITY, wrote(("born", "yesterday"))),
        (IDENTITY, wrote(("name", " Aru"))),
    ],
    ids=["part", "vault", "case", "kind", "field", "value", "form"],
)
def test_what_stands_elsewhere_or_is_no_value_counts_for_nothing(
    vault: VaultId, event: SheetWritten
) -> None:
    assert record(told(1, vault, event)) == EMPTY


def test_only_what_says_something_else_is_written_into_the_part_of_its_field() -> None:
    typed = {NAME: Typed(" Aru  K. "), STANDS: Typed("asks"), (Part.HEALTH, "health"): Typed("")}
    facts = write_sheet(EMPTY, set(Part), "person", ONE, typed)
    assert {part: fact.values for part, fact in facts.items()} == {
        Part.IDENTITY: (("name", "Aru K."),),
        Part.JOURNEY: (("stands", "asks"),),
    }
    assert set(write_sheet(EMPTY, {Part.JOURNEY}, "person", ONE, typed)) == {Part.JOURNEY}
    with pytest.raises(NoSuchPart):
        write_sheet(EMPTY, {Part.TESTIMONY}, "person", ONE, typed)


def test_wrong_fields_are_named_and_nothing_is_written() -> None:
    typed = {
        NAME: Typed("x" * (LINE_MOST + 1)),
        (Part.IDENTITY, "born"): Typed("31.2.1990"),
        STANDS: Typed("asks"),
    }
    with pytest.raises(WrongFields) as refused:
        write_sheet(EMPTY, set(Part), "person", ONE, typed)
    assert refused.value.names == ("name", "born")


def test_a_field_names_only_a_sheet_of_its_case_and_kind() -> None:
    there = record(told(1, IDENTITY, wrote(("name", "Aru"))))
    for value, fits in ((ONE.hex(), True), (TWO.hex(), False), ("zz", False)):
        typed = {(Part.IDENTITY, "hunts"): Typed(value)}
        if fits:
            assert write_sheet(there, set(Part), "pursuer", TWO, typed)
        else:
            with pytest.raises(WrongFields):
                write_sheet(there, set(Part), "pursuer", TWO, typed)


def test_a_sheet_is_taken_off_with_a_reason_and_put_back() -> None:
    first = told(1, IDENTITY, wrote(("name", "Aru")))
    there = record(first)
    held = {Part.IDENTITY, Part.JOURNEY}
    with pytest.raises(NoReasonToTakeOff):
        take_off(there, held, there.sheets[0], " ")
    with pytest.raises(NothingNew):
        put_back(there, held, there.sheets[0])
    facts = take_off(there, held, there.sheets[0], "Written twice.")
    assert set(facts) == held
    off = told(2, IDENTITY, facts[Part.IDENTITY])
    gone = record(first, off)
    assert gone.of_kind("person") == ()
    assert [one.taken_off for one in gone.off] == ["Written twice."]
    back = put_back(gone, held, gone.sheets[0])
    assert record(first, off, told(3, IDENTITY, back[Part.IDENTITY])).off == ()


def test_every_field_of_a_kind_has_one_name_and_one_part() -> None:
    for kind, fields in SHEETS.items():
        names = [one.name for one in fields]
        assert len({*names, TAKEN_OFF}) == len(names) + 1, kind
        assert all((one.form is Form.ONE) == bool(one.choices) for one in fields)
        assert all((one.form is Form.SHEET) == bool(one.of) for one in fields)


@given(some.sampled_from([one for fields in SHEETS.values() for one in fields]), some.text())
def test_a_value_that_is_kept_is_kept_alike_again(field: Field, typed: str) -> None:
    value = plain_value(field, typed)
    assert value is None or plain_value(field, value) == value


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        *(("2017", True), ("2017-04", True), ("2016-02-29", True), ("0001-01-01", True)),
        *(("2017-02-29", False), ("2017-13", False), ("17", False), ("0000", False)),
        *(("2017-4", False), ("٢٠١٧", False), ("2017-04-03 ", False)),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(text: str, fits: bool) -> None:
    assert is_date(text) is fits


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *(("14.03.2015", "2015-03-14"), ("3.4.2017", "2017-04-03"), ("04.2017", "2017-04")),
        *(("31.2.1990", None), ("3.4.17", None), ("3.4.2017.", None), ("13.2017", None)),
    ],
)
def test_a_date_may_be_typed_with_the_day_first(typed: str, kept: str | None) -> None:
    born = next(one for one in SHEETS["person"] if one.name == "born")
    assert plain_value(born, typed) == kept


def test_words_that_are_looked_for_are_those_that_people_wrote() -> None:
    event = wrote(("name", "Aru"), ("stands", "asks"), ("born", "1994"), ("health", ""))
    assert words_in(event) == ["Aru", "1994"]


@pytest.mark.attack
def test_another_kind_under_the_id_of_a_person_hides_nobody() -> None:
    her = told(2, JOURNEY, wrote(("stands", "asks")))
    fake = told(1, JOURNEY, SheetWritten(CASE, ONE, "place", (("taken_off", "gone"),), ()), BO)
    there = record(fake, her)
    found = there.sheet(ONE, "person")
    assert found is not None
    assert not found.taken_off
    assert there.named(ONE.hex(), "person") == found
    assert [one.id for one in there.of_kind("person")] == [ONE]
    assert there.sheet(ONE) is None


def test_over_more_than_one_fact_holds_is_written_with_what_one_holds() -> None:
    first = told(1, IDENTITY, wrote(("name", "Aru")))
    many = frozenset(fact_id(CommitId(n.to_bytes(32, "big")), 0) for n in range(OVER_MOST + 9))
    typed = {NAME: Typed("Aruna", many)}
    facts = write_sheet(record(first), set(Part), "person", ONE, typed)
    assert len(facts[Part.IDENTITY].over) == OVER_MOST
    assert parse_fact("cases.SheetWritten", 1, write_fact(facts[Part.IDENTITY]))


def test_nobody_is_tied_to_themselves() -> None:
    there = record(told(1, IDENTITY, wrote(("name", "Aru"))))
    ends = {(Part.IDENTITY, name): Typed(ONE.hex()) for name in ("one", "other")}
    with pytest.raises(WrongFields):
        write_sheet(there, set(Part), "tie", TWO, ends)
