# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network: one state in any order, nothing overwritten unseen, and the safer is believed."""

from __future__ import annotations

import itertools

import pytest

from safeconduct.kernel.sheets import (
    FieldsMissing,
    Form,
    NoReasonToTakeOff,
    NothingNew,
    SheetId,
    Typed,
    WrongFields,
    sheet_name,
)
from safeconduct.kernel.words import DAY, CommitId, DeviceId, fact_id
from safeconduct.rooms.passage import (
    Book,
    Freshness,
    Network,
    NetworkFact,
    Sheet,
    SheetVerified,
    SheetWritten,
    Told,
    fold_network,
    parse_fact,
    put_back,
    standing,
    take_off,
    verify,
    write_fact,
    write_sheet,
)
from safeconduct.rooms.passage.believed import beds, choice, number
from safeconduct.rooms.passage.decide import (
    ChangedMeanwhile,
    NoSuchBook,
    NothingToVerify,
    SayHow,
    SettleFirst,
)
from safeconduct.rooms.passage.kinds import FRESH_DAYS, NETWORK, book_of, kinds_of

ADA, BO = DeviceId(b"a" * 16), DeviceId(b"b" * 16)
HOUSE, TOWN, OTHER, LEG = (SheetId(bytes([n]) * 16) for n in (1, 2, 3, 4))
DAYS = "2026-11-02"


def told(n: int, event: NetworkFact, by: DeviceId = ADA, book: Book | None = None) -> Told:
    """A fact of the n-th commit, n days after 1970."""
    fact = fact_id(CommitId(n.to_bytes(32, "big")), 0)
    return Told(fact, by, (n * DAY) << 16, book or book_of(event.kind), event)


def network(*facts: Told, books: frozenset[Book] = frozenset(Book)) -> Network:
    """The network that these facts give."""
    return fold_network(books, facts, "en")


def wrote(kind: str, sheet: SheetId, over: tuple[Told, ...] = (), /, **values: str) -> SheetWritten:
    """What somebody wrote."""
    return SheetWritten(sheet, kind, tuple(values.items()), tuple(one.fact for one in over))


def house(n: int = 1, over: tuple[Told, ...] = (), **values: str) -> Told:
    """A house with four beds in which all is well, unless something else is said."""
    said = {"where": "Mill Lane 3", "beds": "4", "state": "fit", **values}
    return told(n, wrote("house", HOUSE, over, **said))


def the(found: Network, kind: str = "house") -> Sheet:
    """The one sheet of a kind."""
    (sheet,) = found.of_kind(kind)
    return sheet


def sure(n: int, found: Network, by: DeviceId = BO) -> Told:
    """Somebody made sure of the house on the n-th day."""
    sheet = the(found)
    return told(n, verify(found, sheet, standing(sheet), "Slept there."), by)


def test_the_same_facts_give_the_same_network_in_any_order() -> None:
    first = house()
    facts = [
        first,
        told(2, wrote("house", HOUSE, (first,), beds="3"), BO),
        told(3, wrote("town", TOWN, name="Ostrava Ford")),
        told(4, SheetVerified(HOUSE, "house", (first.fact,), "Called.")),
    ]
    found = [network(*order) for order in itertools.permutations(facts)]
    assert all(one == found[0] for one in found)
    assert the(found[0]).text("beds") == "3"


def test_a_network_that_is_folded_on_is_the_same_as_one_that_is_folded_anew() -> None:
    first = house()
    facts = [
        first,
        told(2, wrote("house", HOUSE, (first,), beds="3"), BO),
        told(3, wrote("town", TOWN, name="Ostrava Ford")),
        told(4, SheetVerified(HOUSE, "house", (first.fact,), "Called.")),
        told(5, wrote("town", TOWN, nothing="known")),
        told(0, wrote("town", OTHER, name="Bridge")),
    ]
    for order in itertools.permutations(facts):
        for cut in (1, 3, 5):
            before = network(*order[:cut])
            assert fold_network(frozenset(Book), order, "en", before) == network(*order)
    astray = [one._replace(book=Book.ABROAD) for one in facts]
    assert fold_network(frozenset(Book), facts, "en", network(*astray)) == network(*facts)
    fewer = fold_network(frozenset({Book.ROADS}), facts, "en", network(*facts))
    assert fewer == network(*facts, books=frozenset({Book.ROADS}))
    renamed = fold_network(frozenset(Book), facts, "ru", network(*facts))
    assert renamed == fold_network(frozenset(Book), facts, "ru")


def test_who_lacks_a_book_has_no_trace_of_it() -> None:
    roads = frozenset({Book.ROADS})
    town = told(1, wrote("town", TOWN, name="Ford"))
    there = house(2)
    both = network(town, there, sure(3, network(there)), books=roads)
    assert both == network(town, books=roads)
    with pytest.raises(NoSuchBook):
        write_sheet(both, "house", HOUSE, {"where": Typed("Here")})


def test_a_fact_counts_only_in_the_vault_of_its_book() -> None:
    lost = told(1, wrote("house", HOUSE, where="Mill Lane 3"), book=Book.ROADS)
    astray = told(2, SheetVerified(HOUSE, "house", (lost.fact,), "So."), book=Book.ROADS)
    assert network(lost, astray) == network()


def test_what_two_wrote_unseen_both_stand_and_the_safer_is_believed() -> None:
    first = house()
    one = told(2, wrote("house", HOUSE, (first,), state="burned", beds="2"))
    two = told(3, wrote("house", HOUSE, (first,), state="fit", beds="5"), BO)
    both = network(first, one, two)
    (field,) = the(both).entered("state")
    assert [said.text for said in field.standing] == ["burned", "fit"]
    assert choice(the(both), "state") == "burned"
    assert number(the(both), "beds") == 2
    assert beds(both, the(both), DAYS) == 0
    with pytest.raises(SettleFirst):
        verify(both, the(both), standing(the(both)), "Called.")


def test_what_nobody_knows_is_believed_to_be_the_worst() -> None:
    leg = told(1, wrote("leg", LEG, mode="train"))
    found = the(network(leg), "leg")
    assert choice(found, "registers") == "yes"
    assert choice(found, "exposure") == "very_high"
    assert number(found, "minutes") is None


def test_a_verification_is_of_what_was_seen_and_grows_old() -> None:
    there = house(1)
    first = network(there)
    assert first.freshness(the(first), 1 * DAY) is Freshness.UNVERIFIED
    made = network(there, sure(2, first))
    days = FRESH_DAYS["house"]
    assert made.freshness(the(made), 2 * DAY) is Freshness.FRESH
    assert made.freshness(the(made), (2 + days) * DAY - 1) is Freshness.FRESH
    assert made.freshness(the(made), (2 + days) * DAY) is Freshness.STALE
    last = made.last_sure(the(made))
    assert last is not None
    assert (last.by, last.how) == (BO, "Slept there.")
    changed = network(there, sure(2, first), told(3, wrote("house", HOUSE, (there,), beds="1")))
    assert changed.freshness(the(changed), 3 * DAY) is Freshness.CHANGED
    assert changed.last_sure(the(changed)) is None
    assert len(changed.made_sure(the(changed))) == 1


def test_a_verification_from_far_ahead_is_not_believed() -> None:
    there = house(1)
    ahead = network(there, sure(400, network(there)))
    assert ahead.freshness(the(ahead), 20 * DAY) is Freshness.STALE


def test_of_what_is_no_news_nobody_has_to_make_sure() -> None:
    found = network(told(1, wrote("town", TOWN, name="Ford")))
    assert found.freshness(the(found, "town"), DAY) is None
    with pytest.raises(NothingToVerify):
        verify(found, the(found, "town"), standing(the(found, "town")), "Was there.")


def test_who_makes_sure_saw_what_stands_and_says_how() -> None:
    first = house(1)
    found = network(first, told(2, wrote("house", HOUSE, (first,), beds="1")))
    with pytest.raises(ChangedMeanwhile):
        verify(found, the(found), {first.fact}, "Called.")
    with pytest.raises(SayHow):
        verify(found, the(found), standing(the(found)), "  ")
    off = network(first, told(2, take_off(network(first), the(network(first)), "Sold.")))
    (gone,) = off.off(Book.HOUSES)
    with pytest.raises(NothingToVerify):
        verify(off, gone, standing(gone), "Called.")


def test_of_what_closes_a_house_no_unseen_word_takes_anything_off() -> None:
    first = house()
    shut = SheetId(bytes([9]) * 16)
    burned = {"closes": HOUSE.hex(), "begins": "1970-01-01", "why": "Raid.", "how": "burned"}
    event = told(2, wrote("house_closed", shut, **burned))
    unseen = told(3, wrote("house_closed", shut, taken_off="A rumour."), BO)
    found = network(first, event, unseen)
    assert beds(found, the(found), DAYS) == 0
    assert found.doubted(the(found, "house_closed"))
    seen = told(4, take_off(found, the(found, "house_closed"), "It was."), BO)
    found = network(first, event, unseen, seen)
    assert (found.of_kind("house_closed"), beds(found, the(found), DAYS)) == ((), 4)
    back = told(5, put_back(found, found.off(Book.HOUSES)[0]), BO)
    found = network(first, event, unseen, seen, back)
    assert beds(found, the(found), DAYS) == 0


def test_of_one_code_name_both_are_known() -> None:
    want = sheet_name(HOUSE, "en")
    ids = (SheetId(n.to_bytes(16, "little")) for n in range(300, 100_000))
    twin = next(one for one in ids if sheet_name(one, "en") == want)
    found = network(house(), told(2, wrote("house", twin, where="Elm 1", beds="1", state="fit")))
    assert [[one.id for one in found.alike(sheet)] for sheet in found.of_kind("house")] == [
        *([twin], [HOUSE])
    ]


def test_a_house_that_one_takes_off_unseen_has_no_bed() -> None:
    found = network(house(), told(2, wrote("house", HOUSE, taken_off="Sold."), BO))
    assert (found.of_kind("house"), len(found.off(Book.HOUSES))) == ((), 1)


def test_a_sheet_is_taken_off_with_a_reason_and_put_back() -> None:
    there = house(1)
    found = network(there)
    with pytest.raises(NoReasonToTakeOff):
        take_off(found, the(found), " ")
    gone = told(2, take_off(found, the(found), "Sold."))
    off = network(there, gone)
    assert off.of_kind("house") == ()
    (sheet,) = off.off(Book.HOUSES)
    assert sheet.taken_off == "Sold."
    assert sheet.text("where") == "Mill Lane 3"
    back = network(there, gone, told(3, put_back(off, sheet)))
    assert the(back).text("where") == "Mill Lane 3"
    with pytest.raises(NothingNew):
        put_back(back, the(back))


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"beds": "-2"}, ("beds",)),
        ({"beds": "some"}, ("beds",)),
        ({"state": "nice"}, ("state",)),
        ({"suits": "any nobody"}, ("suits",)),
        ({"town": HOUSE.hex()}, ("town",)),
        ({"town": "99" * 16}, ("town",)),
    ],
)
def test_what_is_no_value_is_named_by_its_field(
    typed: dict[str, str], wrong: tuple[str, ...]
) -> None:
    said = {"where": "Mill Lane 3", "beds": "4", "state": "fit", **typed}
    with pytest.raises(WrongFields) as refused:
        write_sheet(network(), "house", HOUSE, {name: Typed(one) for name, one in said.items()})
    assert refused.value.names == wrong


def test_a_house_needs_a_place_beds_and_a_state() -> None:
    with pytest.raises(FieldsMissing) as refused:
        write_sheet(network(), "house", HOUSE, {"where": Typed("Mill Lane 3")})
    assert refused.value.names == ("beds", "state")


def test_a_leg_ends_elsewhere_than_it_begins() -> None:
    found = network(told(1, wrote("town", TOWN, name="Ford")))
    said = {"from": TOWN.hex(), "to": TOWN.hex(), "mode": "car", "minutes": "30"}
    typed = {name: Typed(one) for name, one in (said | {"exposure": "low"}).items()}
    with pytest.raises(WrongFields) as refused:
        write_sheet(found, "leg", LEG, typed)
    assert refused.value.names == ("to",)


def test_a_town_that_cannot_be_read_here_stays_as_it_was() -> None:
    there = house(1, town=TOWN.hex())
    alone = network(there, books=frozenset({Book.HOUSES}))
    typed = {"town": Typed(TOWN.hex(), frozenset({there.fact}))}
    beds_too = typed | {"beds": Typed("3", frozenset({there.fact}))}
    assert write_sheet(alone, "house", HOUSE, beds_too).values == (("beds", "3"),)


def test_every_kind_is_whole() -> None:
    assert set(NETWORK) == {kind for book in Book for kind in kinds_of(book)}
    for kind, fields in NETWORK.items():
        assert {one.part for one in fields} == {book_of(kind)}
        assert len({one.name for one in fields}) == len(fields)
        assert all(other in NETWORK for one in fields for other in one.of)
        assert all(one.choices for one in fields if one.form in {Form.ONE, Form.MANY})


@pytest.mark.parametrize(
    "fact",
    [
        SheetWritten(HOUSE, "house", (("beds", "4"),), ()),
        SheetVerified(HOUSE, "house", (b"f" * 36,), "Called."),
    ],
)
def test_a_fact_is_read_as_it_was_written(fact: NetworkFact) -> None:
    kind = f"passage.{type(fact).__name__}"
    assert parse_fact(kind, 1, write_fact(fact)) == fact
    assert parse_fact(kind, 2, write_fact(fact)) is None


def test_the_book_of_journeys_has_no_room_for_words() -> None:
    forms = {field.form for kind in kinds_of(Book.JOURNEYS) for field in NETWORK[kind]}
    assert forms == {Form.INTEGER, Form.ONE, Form.SHEET, Form.DATE, Form.TIME}
