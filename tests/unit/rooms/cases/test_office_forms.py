# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of an office: from a workbook's rows to questions, to sheets, and from submissions."""

from __future__ import annotations

import itertools
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.words import CaseId, CommitId, DeviceId, FactId, Instant, VaultId, fact_id
from safeconduct.rooms.cases import CaseRecord, Part, SheetWritten, Told, fold_record, words_in
from safeconduct.rooms.cases.filled import Filled, Leaf, LeftOut, sheet_of, take
from safeconduct.rooms.cases.form_facts import FormBrought, FormEnded
from safeconduct.rooms.cases.office_forms import (
    FormTold,
    OfficeForm,
    field_name,
    fold_forms,
    moved,
    said,
)
from safeconduct.rooms.cases.office_forms_decide import (
    FormTooLong,
    NoFormId,
    NoSuchForm,
    PartFull,
    PartsMissing,
    VersionThere,
    bring_form,
    end_form,
)
from safeconduct.rooms.cases.record_decide import FieldsMissing, Typed, WrongFields, write_sheet
from safeconduct.rooms.cases.sheets import Field, Form, plain_value
from safeconduct.rooms.cases.xlsform import Draft, NoXlsForm, read_xlsform
from tests.kit.field_forms import ANSWERS, PART, SETTINGS, SURVEY, sheets

CASE, ADA = CaseId(b"c" * 16), DeviceId(b"a" * 16)
JOURNEY, HEALTH = VaultId(b"j" * 16), VaultId(b"h" * 16)
PARTS = {JOURNEY: Part.JOURNEY, HEALTH: Part.HEALTH}


def draft(*more: tuple[str, ...], version: str = "3") -> Draft:
    """What the invented form asks."""
    return read_xlsform(sheets(*more, version=version), "file")


def brought(one: Draft, before: OfficeForm | None = None) -> FormBrought:
    """The fact that it is asked, each question in the part that the workbook names."""
    parts = {item.path: item.part for item in one.items if item.part}
    return bring_form(one, one.form, one.version, parts, before)


def told(at: int, event: FormBrought | FormEnded) -> FormTold:
    """A fact about a form."""
    return FormTold(FactId(bytes([at]) * 36), ADA, Instant(at), event)


def form(*events: FormBrought | FormEnded) -> OfficeForm:
    """The one form that facts give."""
    facts = events or (brought(draft()),)
    (found,) = fold_forms(told(at, one) for at, one in enumerate(facts, 1))
    return found


def remarks(one: Draft) -> list[tuple[str, int, str]]:
    """What is told of a workbook."""
    return [remark[:3] for remark in one.remarks]


def record(of: OfficeForm, *facts: SheetWritten, only: Part | None = None) -> CaseRecord:
    """The filled forms that facts give to who reads both parts, or one."""
    seen = {at: part for at, part in PARTS.items() if only in {None, part}}
    by_part = {part: at for at, part in PARTS.items()}
    found = []
    for n, fact in enumerate(facts):
        commit = CommitId(n.to_bytes(32, "big"))
        wrote = (one for one in of.fields if one.name == fact.values[0][0])
        part = next(one.part for one in wrote if one.part in by_part)
        found.append(Told(fact_id(commit, 0), commit, by_part[part], ADA, n << 16, fact))
    return fold_record(CASE, seen, found, "en", {of.kind: of.fields})


def name(of: OfficeForm, path: str) -> str:
    """The field of a question."""
    return next(field_name(one) for one in of.newest.questions if one.path == path)


def taken_facts(of: OfficeForm) -> tuple[SheetWritten, ...]:
    """What a submission writes into a case that has none of it."""
    filled = Filled("arrival", "3", "uuid:1", tuple(Leaf(*one) for one in ANSWERS.items()))
    taken = take(of, of.newest, filled, None, tuple(Part))
    assert not taken.left
    facts = write_sheet(
        record(of), tuple(Part), of.kind, sheet_of("arrival", "uuid:1"), taken.typed
    )
    return tuple(facts.values())


def test_a_workbook_gives_questions_with_parts_and_words_of_each_language() -> None:
    found = draft()
    assert (found.form, found.version) == ("arrival", "3")
    assert [(one.path, one.type, one.part) for one in found.items] == [
        ("arrival", "group", ""),
        ("arrival/how", "text", "journey"),
        ("arrival/day", "date", "journey"),
        ("thanks", "note", ""),
        ("hurt", "select_one", "health"),
        ("care", "select_multiple", "health"),
        ("beds", "integer", "journey"),
    ]
    assert found.lines == (2, 3, 4, 6, 7, 8, 9)
    assert said(found.items[1].labels, "ru", "") == "Как добрались?"
    assert said(found.items[1].labels, "fr", "ru") == "Как добрались?"
    assert [one.needed for one in found.items] == [0, 1, 0, 0, 0, 0, 0]
    assert remarks(found) == [("relevant", 8, "care")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("calculate", "sum"), "type"),
        (("geopoint", "place"), "type"),
        (("image", "face"), "type"),
        (("deviceid", "phone"), "metadata"),
        (("start", "start"), "metadata"),
        (("select_one none", "x"), "no_choices"),
        (("select_one yn or_other", "x"), "type_more"),
        (("text", "hurt"), "name_twice"),
        (("text", "two words"), "name"),
        (("text", ""), "name"),
        (("", "x", "Lost?"), "no_type"),
        (("text", "x", "", "", "${beds} > 2"), "required"),
        (("text", "x", "", "", "", "", "everybody"), "part"),
    ],
)
def test_what_is_not_supported_is_told_by_line_and_name(line: tuple[str, ...], code: str) -> None:
    found = remarks(draft(line))
    assert (code, 10, line[1]) in found or (code, 10, line[0]) in found


def test_a_group_that_repeats_is_left_out_with_all_in_it_and_told() -> None:
    found = draft(
        ("begin repeat", "child"), ("text", "nick"), ("begin group", "more"), ("text", "age"),
        ("end group", ""), ("end repeat", ""), ("text", "after"),
    )  # fmt: skip
    codes = [(code, one) for code, _, one in remarks(found)[1:]]
    assert codes == [
        *(("repeat", "child"), ("in_repeat", "nick"), ("repeat", "more"), ("in_repeat", "age")),
    ]
    assert found.items[-1].path == "after"


def test_columns_that_say_more_are_told_and_what_a_helper_needs_stands_beside() -> None:
    columns = (*SURVEY[0], "constraint", "constraint_message", "appearance")
    row = ("integer", "age", "Age", "", "", "", "identity", ". > 0", "More than none", "w1")
    found = read_xlsform({"survey": (columns, row), "settings": SETTINGS}, "file")
    assert [one.code for one in found.remarks] == ["constraint", "column", "column"]
    assert dict(found.items[0].unused) == {
        "constraint": ". > 0",
        "constraint_message": "More than none",
    }


def test_required_within_what_is_asked_only_sometimes_is_not_needed() -> None:
    row = ("text", "x", "", "", "yes", "${beds} > 2", "legal")
    found = draft(row)
    assert found.items[-1].needed == 0
    assert ("required", 10, "x") in remarks(found)


def test_sheets_settings_and_columns_of_choices_that_are_not_used_are_told() -> None:
    more = {
        "entities": (("list_name",), ("people",)),
        "settings": (("form_id", "public_key"), ("arrival", "MIIB")),
        "choices": (("list_name", "name", "label", "region"), ("yn", "y", "yes", "hills")),
    }
    rows = (("type", "name"), ("select_one yn", "hurt"))
    found = read_xlsform(more | {"survey": rows}, "file")
    assert [(one.code, one.name, one.words) for one in found.remarks] == [
        *(("sheet", "entities", ""), ("column", "settings", "public_key")),
        ("column", "choices", "region"),
    ]


def test_a_form_that_is_longer_than_a_fact_is_refused() -> None:
    long = tuple((f"l{at}", "x" * 2_000) for at in range(30))
    one = draft()
    items = tuple(msgspec.structs.replace(item, labels=long, hints=long) for item in one.items)
    with pytest.raises(FormTooLong):
        brought(replace(one, items=items * 2))


@pytest.mark.parametrize("wrong", [{}, {"survey": ()}, {"survey": (("a", "b"),)}])
def test_what_is_no_xlsform_is_refused(wrong: dict[str, tuple[tuple[str, ...], ...]]) -> None:
    for one in (wrong, {"survey": (("type", "name"), ("note", "x"))}):
        with pytest.raises(NoXlsForm):
            read_xlsform(one, "file")


def test_no_question_falls_into_a_part_that_nobody_chose() -> None:
    one = draft(("text", "x"))
    parts = {item.path: item.part for item in one.items if item.part}
    with pytest.raises(PartsMissing) as refused:
        bring_form(one, "arrival", "3", parts, None)
    assert refused.value.names == ("x",)
    with pytest.raises(NoFormId):
        bring_form(one, " ", "3", parts, None)
    many = draft(*(("text", f"x{at}", "", "", "", "", "legal") for at in range(61)))
    with pytest.raises(PartFull):
        brought(many)


def test_forms_are_the_same_in_any_order_and_versions_add_up() -> None:
    one = brought(draft())
    two = brought(draft(("text", "x", "", "", "", "", "legal"), version="4"))
    facts = [told(1, one), told(2, two), told(3, FormEnded("arrival", (bytes([1]) * 36,)))]
    (first,) = fold_forms(facts)
    for order in itertools.permutations(facts):
        assert fold_forms(order) == (first,)
    assert first.newest.brought == two
    assert first.asked
    assert {one.part for one in first.fields} == {Part.JOURNEY, Part.HEALTH, Part.LEGAL}
    ended = end_form(first)
    (off,) = fold_forms([*facts, told(4, ended)])
    assert not off.asked
    with pytest.raises(NoSuchForm):
        end_form(off)
    with pytest.raises(VersionThere):
        brought(draft(), first)


def test_a_question_that_moves_is_told_and_its_old_answers_stay_where_they_were() -> None:
    before, facts = form(), taken_facts(form())
    rows = [(*row[:6], "legal") if row[1] == "hurt" else row for row in SURVEY]
    later = read_xlsform(sheets(version="4") | {"survey": tuple(rows)}, "file")
    assert moved(before, later.items) == {"hurt": "health"}
    both = form(brought(draft()), brought(later, before))
    (found,) = record(both, *facts).sheets
    assert [one.part for one in found.entered(name(both, "hurt"))] == [Part.HEALTH]


def test_a_submission_is_a_sheet_of_which_each_reads_their_part() -> None:
    of = form()
    facts = taken_facts(of)
    (found,) = record(of, *facts).sheets
    said_ = {one.name: one.text for one in found.fields}
    assert said_ == {
        name(of, "arrival/how"): "By lantern cart.",
        name(of, "hurt"): "y",
        name(of, "care"): "doctor rest",
        name(of, "beds"): "2",
    }
    (less,) = record(of, *facts, only=Part.JOURNEY).sheets
    assert {one.part for one in less.fields} == {Part.JOURNEY}
    assert [words for fact in facts for words in words_in(fact)] == ["By lantern cart."]


def test_coming_again_writes_what_is_new_and_never_over_what_was_put_right() -> None:
    of, first = form(), taken_facts(form())
    (sheet,) = record(of, *first).sheets
    again = Filled("arrival", "3", "uuid:1", tuple(Leaf(*one) for one in ANSWERS.items()))
    assert not take(of, of.newest, again, sheet, tuple(Part)).typed
    beds = name(of, "beds")
    (stood,) = sheet.entered(beds)
    typed = {(Part.JOURNEY, beds): Typed("3", frozenset({stood.written[0].fact}))}
    right = write_sheet(record(of, *first), tuple(Part), of.kind, sheet.id, typed)
    (mended,) = record(of, *first, *right.values()).sheets
    assert mended.text(beds) == "3"
    assert not take(of, of.newest, again, mended, tuple(Part)).typed
    edited = Filled("arrival", "3", "uuid:1", (Leaf("beds", "5"), Leaf("hurt", "y")))
    assert list(take(of, of.newest, edited, mended, tuple(Part)).typed) == [(Part.JOURNEY, beds)]


def test_answers_that_do_not_fit_are_named_and_not_repeated() -> None:
    leaves = (
        *(Leaf("hurt", "perhaps"), Leaf("beds", "many"), Leaf("other", "x"), Leaf("thanks", "x")),
        *(Leaf("meta/instanceID", "uuid:1"), Leaf("care", ""), Leaf("beds", "2")),
        *(Leaf("beds", "3"), Leaf("arrival/how", "x")),
    )
    of = form()
    taken = take(of, of.newest, Filled("arrival", "3", "uuid:1", leaves), None, (Part.HEALTH,))
    assert taken.typed == {}
    assert taken.left == (
        *(LeftOut("no_value", "hurt"), LeftOut("no_value", "beds"), LeftOut("not_asked", "other")),
        *(LeftOut("not_asked", "thanks"), LeftOut("no_key", "beds"), LeftOut("no_key", "beds")),
        LeftOut("no_key", "arrival/how"),
    )


def test_filling_in_needs_what_the_form_needs_and_takes_no_other_values() -> None:
    of = form()
    sheet = sheet_of("arrival", "uuid:2")
    how, beds = name(of, "arrival/how"), name(of, "beds")
    with pytest.raises(FieldsMissing):
        write_sheet(record(of), tuple(Part), of.kind, sheet, {(Part.JOURNEY, beds): Typed("2")})
    typed = {(Part.JOURNEY, how): Typed("x"), (Part.JOURNEY, beds): Typed("two")}
    with pytest.raises(WrongFields):
        write_sheet(record(of), tuple(Part), of.kind, sheet, typed)


@given(some.text(alphabet="0123456789+-., abc", max_size=24), some.sampled_from(list(Form)))
def test_a_value_that_is_kept_is_kept_as_it_is(typed: str, of: Form) -> None:
    field = Field("x", Part.LEGAL, of, ("a", "b", "c"))
    kept = plain_value(field, typed)
    assert kept is None or plain_value(field, kept) == kept


@pytest.mark.parametrize(
    ("of", "typed", "kept"),
    [
        *((Form.INTEGER, "007", "7"), (Form.INTEGER, "-0", "0"), (Form.INTEGER, "1.5", None)),
        *(
            (Form.INTEGER, "9" * 19, None),
            (Form.DECIMAL, "1,50", "1.5"),
            (Form.DECIMAL, "2.0", "2"),
        ),
        *((Form.MANY, "c a", "a c"), (Form.MANY, "a d", None), (Form.ONE, "a b", None)),
    ],
)
def test_numbers_and_choices_have_one_spelling(of: Form, typed: str, kept: str | None) -> None:
    assert plain_value(Field("x", Part.LEGAL, of, ("a", "b", "c")), typed) == kept


def test_the_column_of_parts_is_the_one_that_is_documented() -> None:
    assert PART in SURVEY[0]
