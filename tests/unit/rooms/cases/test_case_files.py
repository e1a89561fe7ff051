# SPDX-License-Identifier: AGPL-3.0-or-later
"""Case files and requests, from facts in any order, and what is refused (spec/crew.md 13)."""

from __future__ import annotations

import itertools

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.words import CaseId, CommitId, DeviceId, FactId, OfficeId, VaultId
from safeconduct.rooms.cases import (
    Beginning,
    KeysAnswered,
    KeysAsked,
    NoteWritten,
    Part,
    PartOpened,
    Told,
    answer,
    ask,
    case_name,
    fold_case,
    fold_requests,
    parse_fact,
    plain_name,
    write_note,
)
from safeconduct.rooms.cases.decide import (
    NOTE_MOST,
    AskedNoMore,
    NoCaseNamed,
    NoReason,
    NoSuchPart,
    NoteTooLong,
    NothingNoted,
    OwnRequest,
    SaidTooMuch,
)
from safeconduct.rooms.cases.events import CaseFact
from safeconduct.rooms.crew.case_facts import Place, case_id, vaults_of

CASE = CaseId(b"c" * 16)
HEALTH, LEGAL = VaultId(b"h" * 16), VaultId(b"l" * 16)
ADA, BO, CY = (DeviceId(name * 16) for name in (b"a", b"b", b"d"))
FIRST = CommitId(b"1" * 32)
IDS = [
    "bafd6ae84b2ea09c2f9aa6a84f79a9b3",
    "90ae74f8363c63c68eaef7ae2ab5767b",
    "66c6cc97393d92c1de8cd04738a0b3aa",
]
"""Computed with hashlib alone, as spec/crew.md 13 says."""
BEGINNING = Beginning(CASE, FIRST, ADA, 5 << 16, (HEALTH, LEGAL))


def told(
    n: int, event: CaseFact, vault: VaultId = HEALTH, by: DeviceId = ADA, *gave: DeviceId
) -> Told:
    """A fact of the n-th commit; the first one opened the case."""
    commit = CommitId(bytes([48 + n]) * 32)
    kind = 0 if isinstance(event, PartOpened) else 1
    fact = FactId(commit + vault[:3] + bytes([kind]))
    return Told(fact, commit, vault, by, (5 + n) << 16, event, frozenset(gave))


FACTS = [
    told(1, PartOpened(CASE, "health"), HEALTH),
    told(1, PartOpened(CASE, "legal"), LEGAL),
    told(2, NoteWritten(CASE, "Needs insulin."), HEALTH),
    told(3, NoteWritten(b"x" * 16, "Of another case."), LEGAL),
    told(4, PartOpened(CASE, "identity"), VaultId(b"z" * 16), BO),
]


def test_the_same_facts_give_the_same_case_in_any_order() -> None:
    found = {fold_case(BEGINNING, "a b c", order) for order in itertools.permutations(FACTS)}
    (file,) = found
    assert file is not None
    assert [(one.part, [note.text for note in one.notes]) for one in file.parts] == [
        (Part.LEGAL, []),
        (Part.HEALTH, ["Needs insulin."]),
    ]


def test_a_part_that_this_program_does_not_know_is_passed_over() -> None:
    later = told(1, PartOpened(CASE, "money"), HEALTH)
    assert fold_case(BEGINNING, "a b c", [later]) is None


def test_a_note_needs_words_that_fit_and_a_part_that_is_held() -> None:
    file = fold_case(BEGINNING, "a b c", FACTS)
    assert file is not None
    assert write_note(file, Part.HEALTH, "x").text == "x"
    for part, text, refusal in (
        (Part.TESTIMONY, "x", NoSuchPart),
        (Part.HEALTH, " \n", NothingNoted),
        (Part.HEALTH, "x" * (NOTE_MOST + 1), NoteTooLong),
    ):
        with pytest.raises(refusal):
            write_note(file, part, text)


def test_a_request_names_a_case_and_a_reason() -> None:
    assert ask(" Quiet  orchard road ", Part.LEGAL, " Court. ") == KeysAsked(
        "Quiet orchard road", "legal", "Court."
    )
    for name, reason, refusal in (
        (" ", "x", NoCaseNamed),
        ("x", " ", NoReason),
        ("x" * 201, "x", SaidTooMuch),
        ("x", "x" * 2_001, SaidTooMuch),
    ):
        with pytest.raises(refusal):
            ask(name, Part.LEGAL, reason)


def test_what_is_answered_counts_in_any_order() -> None:
    asked = told(1, KeysAsked("a b c", "legal", "Court."), HEALTH, BO)
    kept = told(2, KeysAnswered(asked.fact, 0, "Call me."), HEALTH, CY)
    given = told(3, KeysAnswered(asked.fact, 1, ""), HEALTH, ADA, BO)
    own = told(4, KeysAnswered(asked.fact, 1, ""), HEALTH, BO, BO)
    empty = told(5, KeysAnswered(asked.fact, 1, ""), HEALTH, CY)
    stray = told(6, KeysAnswered(b"n" * 36, 1, ""), HEALTH, CY, BO)
    facts = [asked, kept, given, own, empty, stray]
    found = {fold_requests(order, lambda one: one) for order in itertools.permutations(facts)}
    ((request,),) = found
    assert [(one.by, one.given) for one in request.answers] == [(CY, False), (ADA, True)]
    with pytest.raises(AskedNoMore):
        answer(request, given=True, own=False, word="")
    with pytest.raises(OwnRequest):
        answer(request, given=True, own=True, word="")


def test_names_are_compared_without_regard_to_case_and_spaces() -> None:
    assert plain_name("  Quiet ORCHARD\nroad ") == "quiet orchard road"
    assert len(case_name(CASE, "en").split()) == 3
    assert case_name(CASE, "ru") != case_name(CASE, "en")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("cases.PartOpened", [CASE, ""]),
        ("cases.PartOpened", [CASE[1:], "health"]),
        ("cases.NoteWritten", [CASE]),
        ("cases.KeysAsked", ["", "health", "x"]),
        ("cases.KeysAsked", ["x", "health", ""]),
        ("cases.KeysAnswered", [b"f" * 36, 2, ""]),
        ("cases.KeysAnswered", [b"f" * 35, 1, ""]),
    ],
)
def test_what_does_not_parse_is_refused(kind: str, body: list[object]) -> None:
    with pytest.raises(Malformed):
        parse_fact(kind, 1, encode(body))
    assert parse_fact(kind, 2, b"") is None


def test_ids_of_a_case_are_of_the_place_of_its_opening() -> None:
    place = Place(OfficeId(b"o" * 16), ADA, 7, 0)
    ids = [case_id(place), *vaults_of(place, 2)]
    assert [one.hex() for one in ids] == IDS
    for other in (
        place._replace(office=OfficeId(b"p" * 16)),
        place._replace(device=BO),
        place._replace(sequence=8),
        place._replace(slot=1),
    ):
        assert not {case_id(other), *vaults_of(other, 6)} & {case_id(place), *vaults_of(place, 6)}
