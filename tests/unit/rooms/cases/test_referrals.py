# SPDX-License-Identifier: AGPL-3.0-or-later
"""Referrals: one state in any order, nothing foreign goes along, and what is refused."""

from __future__ import annotations

import itertools

import msgspec
import pytest

from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.sheets import Entered, Sheet, Written
from safeconduct.kernel.words import DAY, CaseId, CommitId, DeviceId, Instant, VaultId, fact_id
from safeconduct.rooms import cases
from safeconduct.rooms.cases import CaseRecord, Part, SheetId, Told
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.events import PartFact
from safeconduct.rooms.cases.referral_facts import (
    SEALING_KEY_BYTES,
    FileAlong,
    ReferralFiles,
    ReferralHandedOver,
    ReferralMade,
    ReferralPieces,
    ReferralWithdrawn,
)
from safeconduct.rooms.cases.referral_files import bare_name
from safeconduct.rooms.cases.referrals import Referral, Referrals, State, fold_referrals
from safeconduct.rooms.cases.referrals_decide import (
    Draft,
    HandedAlready,
    NobodyCame,
    NoSuchReferral,
    NothingReferred,
    ReferralEnded,
    ReferralUnread,
    ReferralWaits,
    TypedReferral,
    WithdrawnAlready,
    Words,
    WrongReferral,
    choosable,
    draft,
    make,
    may_hand_over,
    withdraw,
)

CASE, ARU, DARU = CaseId(b"c" * 16), SheetId(b"1" * 16), SheetId(b"2" * 16)
CONTACT, HEALTH = VaultId(b"k" * 16), VaultId(b"h" * 16)
PARTS = {CONTACT: Part.CONTACT, HEALTH: Part.HEALTH}
ADA = DeviceId(b"a" * 16)
TODAY = 20_800
NOW = Instant(TODAY * DAY + 5_000)
WORDS = Words(b"t" * 16, b"v" * 32, b"a" * 32, b"k" * SEALING_KEY_BYTES)
MADE = ReferralMade(
    *(CASE, (ARU,), "The clinic", b"", "en", "Write to us.", "A bed, please."),
    *(("health",), TODAY + 7, *WORDS),
)
NEEDS = ReferralPieces(CASE, ((ARU, "person", "needs", "Insulin."),))
TYPED = TypedReferral(ARU, "The clinic", "en", "Write to us.", "A bed, please.", "2026-12-20")


def told(n: int, event: PartFact, vault: VaultId = CONTACT, slot: int = 0) -> Told:
    """A fact of the n-th commit, written at a time of its own."""
    commit = CommitId(n.to_bytes(32, "big"))
    return Told(fact_id(commit, slot), commit, vault, ADA, (NOW + n) << 16, event)


FIRST, ALONG = told(1, MADE), told(1, NEEDS, HEALTH, 1)
HANDED = told(2, ReferralHandedOver(CASE, FIRST.fact, (b"i" * 16,), NOW + 7 * DAY))
BACK = told(3, ReferralWithdrawn(CASE, FIRST.fact, "Another bed was found."))
BEFORE, AFTER = (Instant(NOW),), (Instant(NOW), Instant(NOW + 9))


def fold(*facts: Told, parts: dict[VaultId, Part] | None = None) -> Referrals:
    """What these facts give."""
    return fold_referrals(CASE, PARTS if parts is None else parts, facts)


def one(*facts: Told) -> Referral:
    """The only referral that they give."""
    (found,) = fold(*facts).all
    return found


@pytest.mark.parametrize(
    ("facts", "heard", "days", "state"),
    [
        ((), (), 0, State.WAITING),
        ((), BEFORE, 0, State.CAME),
        ((), BEFORE, 7, State.CAME),
        ((), BEFORE, 8, State.EXPIRED),
        ((HANDED,), BEFORE, 0, State.HANDED),
        ((HANDED,), BEFORE, 60, State.HANDED),
        ((HANDED,), AFTER, 0, State.ANSWERED),
        ((BACK,), BEFORE, 0, State.WITHDRAWN),
        ((BACK,), BEFORE, 60, State.WITHDRAWN),
        ((HANDED, BACK), AFTER, 0, State.TOO_LATE),
    ],
)
def test_how_far_it_has_come_is_the_same_in_any_order(
    facts: tuple[Told, ...], heard: tuple[Instant, ...], days: int, state: State
) -> None:
    now = Instant(NOW + days * DAY)
    for order in itertools.permutations((FIRST, ALONG, *facts)):
        assert one(*order).state(heard, now) is state


def test_what_goes_along_counts_in_the_commit_that_made_it_alone() -> None:
    later = told(4, ReferralPieces(CASE, ((ARU, "person", "health", "Added."),)), HEALTH)
    assert [piece.value for piece in one(FIRST, ALONG, later).pieces] == ["Insulin."]
    assert one(FIRST, ALONG, later).complete


@pytest.mark.parametrize(
    "pieces",
    [
        ((ARU, "person", "name", "Aru"),),
        ((ARU, "task", "what", "Call."),),
        ((ARU, "person", "taken_off", "Twice."),),
        ((ARU, "person", "needs", "  Insulin."),),
        ((ARU, "espionage", "needs", "Insulin."),),
    ],
)
def test_what_no_field_of_its_part_says_is_not_handed_over_and_neither_is_the_rest(
    pieces: tuple[tuple[bytes, str, str, str], ...],
) -> None:
    found = one(FIRST, told(1, ReferralPieces(CASE, pieces), HEALTH, 1))
    assert (found.pieces, found.complete) == ((), False)


def test_a_part_that_cannot_be_read_leaves_it_incomplete() -> None:
    known = fold_referrals(CASE, {CONTACT: Part.CONTACT}, (FIRST, ALONG))
    assert known.readable
    (found,) = known.all
    assert (found.pieces, found.complete) == ((), False)
    with pytest.raises(ReferralUnread):
        may_hand_over(found, BEFORE, NOW)


def test_without_the_contact_part_there_is_none() -> None:
    known = fold(FIRST, ALONG, HANDED, parts={HEALTH: Part.HEALTH})
    assert known == Referrals(CASE)
    with pytest.raises(NoSuchPart):
        make(known, drafted(), WORDS, NOW)
    with pytest.raises(NoSuchReferral):
        withdraw(known, FIRST.fact, "")


@pytest.mark.parametrize(
    "made",
    [
        told(1, MADE, HEALTH),
        told(1, msgspec.structs.replace(MADE, case=b"x" * 16)),
        told(1, msgspec.structs.replace(MADE, recipient=" The  clinic")),
        told(1, msgspec.structs.replace(MADE, parts=("health", "health"))),
        told(1, msgspec.structs.replace(MADE, parts=("kitchen",))),
        told(1, msgspec.structs.replace(MADE, service=b"short")),
    ],
)
def test_what_is_not_as_it_is_kept_is_no_referral(made: Told) -> None:
    assert fold(made, ALONG).all == ()


def test_two_in_one_commit_are_none_since_nobody_knows_whose_the_pieces_are() -> None:
    assert fold(FIRST, told(1, MADE, slot=2), ALONG).all == ()


def test_what_another_part_says_of_it_is_not_heard() -> None:
    elsewhere = [fact._replace(vault=HEALTH) for fact in (HANDED, BACK)]
    assert one(FIRST, ALONG, *elsewhere).state((), NOW) is State.WAITING


# --- what is chosen


def field(name: str, part: Part, text: str) -> Entered[Part]:
    """A field that one person wrote."""
    return Entered(name, part, (Written(FIRST.fact, NOW, ADA, text, stands=True),))


PERSON = Sheet(
    *(ARU, "person", "lantern"),
    (field("name", Part.IDENTITY, "Aru"), field("needs", Part.HEALTH, "Insulin.")),
)
CHILD = Sheet(DARU, "person", "kettle", (field("name", Part.IDENTITY, "Daru"),))
PAPER = Sheet(
    *(SheetId(b"3" * 16), "document", "mill"),
    (field("of", Part.JOURNEY, DARU.hex()), field("number", Part.IDENTITY, "77")),
)
TASK = Sheet(SheetId(b"4" * 16), "task", "mill", (field("what", Part.JOURNEY, "Call."),))
RECORD = CaseRecord(CASE, (PERSON, CHILD, PAPER, TASK))
NEED, NUMBER = (bytes(ARU), "person", "needs"), (bytes(PAPER.id), "document", "number")


def drafted(typed: TypedReferral = TYPED, held: frozenset[Part] = frozenset(Part)) -> Draft:
    """What would go along."""
    return draft(RECORD, held, typed, ("en", "ru"), NOW)


def test_whoever_something_is_about_is_asked_for() -> None:
    assert drafted().persons == (ARU,)
    assert drafted(TYPED._replace(fields=frozenset({NEED}))).persons == (ARU,)
    both = drafted(TYPED._replace(fields=frozenset({NEED, NUMBER})))
    assert both.persons == (ARU, DARU), "the number is of the child's paper"
    assert [piece.field for piece in both.pieces] == ["needs", "number"]


def test_nothing_goes_of_a_sheet_of_which_nobody_here_knows_whose_it_is() -> None:
    held = frozenset({Part.IDENTITY, Part.CONTACT})
    assert choosable(PAPER, held) == ()
    some = drafted(TYPED._replace(fields=frozenset({NUMBER})), held)
    assert some.pieces == ()
    assert choosable(TASK, frozenset(Part)) == ()


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"person": PAPER.id}, {"person"}),
        ({"recipient": "x" * 201}, {"recipient"}),
        ({"language": "xx"}, {"language"}),
        ({"greeting": " "}, {"greeting"}),
        ({"greeting": "x" * 1_001}, {"greeting"}),
        ({"words": "x" * 4_001}, {"words"}),
        ({"until": ""}, {"until"}),
        ({"until": "2026-12-12"}, {"until"}),
        ({"until": "2027-06-01"}, {"until"}),
        ({"service": ARU.hex()}, {"service"}),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, str | bytes], names: set[str]) -> None:
    with pytest.raises(WrongReferral) as refused:
        drafted(TYPED._replace(**change))  # type: ignore[arg-type]
    assert set(refused.value.names) == names


def test_a_package_says_something() -> None:
    with pytest.raises(NothingReferred):
        drafted(TYPED._replace(words=" "))


def test_each_piece_is_written_into_its_own_part() -> None:
    some = drafted(TYPED._replace(fields=frozenset({NEED, NUMBER})))
    facts = make(fold(), some, WORDS, NOW)
    assert [part for part, _ in facts] == [Part.CONTACT, Part.IDENTITY, Part.HEALTH]
    assert b"Insulin." not in msgspec.msgpack.encode(facts[0][1])
    assert b"Insulin." not in msgspec.msgpack.encode(facts[1][1])


def test_one_waits_for_each_person_and_recipient() -> None:
    with pytest.raises(ReferralWaits):
        make(fold(FIRST, ALONG), drafted(TYPED._replace(recipient="the CLINIC")), WORDS, NOW)
    assert make(fold(FIRST, ALONG, BACK), drafted(), WORDS, NOW)
    assert make(fold(FIRST, ALONG), drafted(TYPED._replace(recipient="A lawyer")), WORDS, NOW)


# --- what is handed over


def test_it_is_handed_over_once_in_time_and_to_who_wrote() -> None:
    may_hand_over(one(FIRST, ALONG), BEFORE, NOW)
    with pytest.raises(NobodyCame):
        may_hand_over(one(FIRST, ALONG), (), NOW)
    with pytest.raises(ReferralEnded):
        may_hand_over(one(FIRST, ALONG), BEFORE, Instant(NOW + 8 * DAY))
    with pytest.raises(ReferralEnded):
        may_hand_over(one(FIRST, ALONG, BACK), BEFORE, NOW)
    with pytest.raises(HandedAlready):
        may_hand_over(one(FIRST, ALONG, HANDED), BEFORE, NOW)


def test_it_is_withdrawn_once_also_when_it_was_handed_over() -> None:
    assert withdraw(fold(FIRST, ALONG, HANDED), FIRST.fact, " Why. ").reason == "Why."
    with pytest.raises(WithdrawnAlready):
        withdraw(fold(FIRST, ALONG, BACK), FIRST.fact, "")
    with pytest.raises(NoSuchReferral):
        withdraw(fold(FIRST, ALONG), bytes(36), "")


SHOWS_ARU = FileAlong(b"t" * 16, b"b" * 32, b"d" * 32, (ARU,), 0, "")
ASKED = FileAlong(b"t" * 16, b"e" * 32, b"f" * 32, (ARU,), 1, "The embassy asks.")


def test_files_count_in_the_commit_that_made_it_alone() -> None:
    said = told(1, ReferralFiles(CASE, (SHOWS_ARU, ASKED)), slot=2)
    for order in itertools.permutations((FIRST, ALONG, said)):
        assert one(*order).files == (SHOWS_ARU, ASKED)
        assert one(*order).complete
    later = told(4, ReferralFiles(CASE, (SHOWS_ARU,)))
    assert one(FIRST, ALONG, later).files == ()
    elsewhere = told(1, ReferralFiles(CASE, (SHOWS_ARU,)), HEALTH, 2)
    assert one(FIRST, ALONG, elsewhere).files == ()


@pytest.mark.parametrize(
    "files",
    [
        (msgspec.structs.replace(SHOWS_ARU, persons=(DARU,)),),
        (msgspec.structs.replace(SHOWS_ARU, original=1),),
        (msgspec.structs.replace(SHOWS_ARU, reason="Why not."),),
        (msgspec.structs.replace(ASKED, reason=" The embassy asks."),),
        (SHOWS_ARU, SHOWS_ARU),
    ],
)
def test_of_files_that_cannot_count_nothing_is_handed_over(files: tuple[FileAlong, ...]) -> None:
    found = one(FIRST, ALONG, told(1, ReferralFiles(CASE, files), slot=2))
    assert found.files == ()
    assert not found.complete
    with pytest.raises(ReferralUnread):
        may_hand_over(found, BEFORE, NOW)


def test_two_lists_of_files_in_one_commit_are_none() -> None:
    twice = [told(1, ReferralFiles(CASE, (SHOWS_ARU,)), slot=slot) for slot in (2, 3)]
    assert not one(FIRST, ALONG, *twice).complete


def test_a_program_that_knows_no_files_reads_no_referral_with_files() -> None:
    drafted = Draft((ARU,), "The clinic", b"", "en", "Hello.", "", TODAY, (), (SHOWS_ARU,))
    (_, made), (_, files) = make(Referrals(CASE, readable=True), drafted, WORDS, NOW)
    assert isinstance(made, ReferralMade)
    kind, body = cases.kind_of(made), cases.write_fact(made)
    assert cases.version_of(made) == 2 > cases.VERSION
    assert cases.parse_fact(kind, 2, body) == made
    assert cases.parse_fact(kind, 3, body) is None
    with pytest.raises(Malformed):
        cases.parse_fact(kind, cases.VERSION, body)
    with pytest.raises(Malformed):
        cases.parse_fact(kind, 2, cases.write_fact(MADE))
    assert one(told(1, made), told(1, files, slot=1)).complete
    assert not one(told(1, made)).complete
    # Nor does one of that program count it that would take the version for its own.
    older = [part.value for part in Part if part.value in made.parts]
    assert [*made.parts] != older


@pytest.mark.parametrize(
    ("ending", "name"),
    [("JPG", "file-2.jpg"), ("exe", "file-2"), ("Aru K", "file-2"), ("pdf/..", "file-2")],
)
def test_a_file_is_called_by_a_number_and_an_ending_that_is_nobodys_word(
    ending: str, name: str
) -> None:
    assert bare_name(2, ending) == name
