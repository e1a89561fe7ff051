# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ready answers: two people before one is offered, an end to each, and places that stay open."""

from itertools import permutations

import pytest

from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.words import DAY, DeviceId, FactId, Instant, fact_id
from safeconduct.rooms.hotline import canned_decide, parse_fact, write_fact
from safeconduct.rooms.hotline.canned import (
    CANNED_TEXT_MOST,
    READ_MOST,
    TITLE_MOST,
    Canned,
    CannedFact,
    CannedRead,
    CannedState,
    CannedTold,
    CannedWithdrawn,
    CannedWritten,
    fold_canned,
    offered,
    unfilled,
)
from safeconduct.rooms.hotline.canned_decide import NoSuchCanned, NoTitle, ReadByItsWriter, Text
from safeconduct.rooms.hotline.decide import NothingWritten, TextTooLong
from safeconduct.rooms.hotline.triage_decide import TimeNotAhead, TimeTooFar, WhyMissing
from tests.kit.clocks import NOON

SANA, MIRA, SANAS_OTHER = (DeviceId(bytes([number]) * 16) for number in range(3))
ID = b"r" * 16
WORDS = Text("en", "First answer", "We write {when}.")
START = Instant(NOON)


def apart(one: DeviceId, other: DeviceId) -> bool:
    """Sana has two devices."""
    return (one == MIRA) != (other == MIRA)


class Shelf:
    """Facts about ready answers in the order in which they were written."""

    def __init__(self) -> None:
        self.said: list[CannedTold] = []

    def tell(self, event: CannedFact, by: DeviceId = SANA, at: int = NOON) -> FactId:
        """Add one."""
        fact = fact_id(bytes([len(self.said) + 1]) * 32, 0)
        self.said.append(CannedTold(fact, by, Instant(at), event))
        return fact

    def now(self) -> tuple[Canned, ...]:
        """What stands."""
        return fold_canned(self.said, apart)

    def states(self, at: int = NOON) -> list[CannedState]:
        """What it waits for."""
        return [one.state(Instant(at)) for one in self.now()]

    def written(self, text: Text = WORDS, by: DeviceId = SANA) -> FactId:
        """Write a version, having seen all of them."""
        known = [item.fact for item in self.said if isinstance(item.event, CannedWritten)]
        return self.tell(canned_decide.write(ID, text, known), by)

    def read(self, version: FactId, by: DeviceId = MIRA, days: int = 90, at: int = NOON) -> None:
        """Find a version good, without asking whether one may."""
        self.tell(CannedRead(ID, version, at + days * DAY), by, at)


def test_what_one_person_wrote_is_offered_once_somebody_else_read_it() -> None:
    shelf = Shelf()
    version = shelf.written()
    assert shelf.states() == [CannedState.WAITS]
    for own in (SANA, SANAS_OTHER):
        shelf.read(version, by=own)
    assert shelf.states() == [CannedState.WAITS]
    shelf.read(version)
    assert shelf.states() == [CannedState.OFFERED]
    assert [one.text for one in offered(shelf.now(), START)] == ["We write {when}."]


def test_the_writer_is_refused_as_the_reader_also_at_another_device() -> None:
    shelf = Shelf()
    shelf.written()
    (one,) = shelf.now()
    until = Instant(NOON + DAY)
    for own in (SANA, SANAS_OTHER):
        with pytest.raises(ReadByItsWriter):
            canned_decide.read(one, own, until, START, apart)
    assert canned_decide.read(one, MIRA, until, START, apart) == CannedRead(ID, one.version, until)
    with pytest.raises(TimeNotAhead):
        canned_decide.read(one, MIRA, START, START, apart)
    with pytest.raises(TimeTooFar):
        canned_decide.read(one, MIRA, Instant(NOON + READ_MOST + 1), START, apart)


def test_after_its_day_it_is_due_until_somebody_reads_it_again() -> None:
    shelf = Shelf()
    version = shelf.written()
    shelf.read(version, days=30)
    end = NOON + 30 * DAY
    assert shelf.states(end - 1) == [CannedState.OFFERED]
    assert shelf.states(end) == [CannedState.DUE]
    assert offered(shelf.now(), Instant(end)) == ()
    shelf.read(version, at=end)
    assert shelf.states(end) == [CannedState.OFFERED]


def test_no_reading_counts_for_longer_than_half_a_year_whatever_it_says() -> None:
    shelf = Shelf()
    shelf.read(shelf.written(), days=4_000)
    assert shelf.states(NOON + READ_MOST) == [CannedState.DUE]


def test_a_reading_by_a_clock_that_is_years_ahead_offers_nothing() -> None:
    shelf = Shelf()
    shelf.read(shelf.written(), at=NOON + 1_000 * DAY)
    assert shelf.states() == [CannedState.DUE]


def test_a_version_is_offered_until_the_next_one_was_read() -> None:
    shelf = Shelf()
    shelf.read(shelf.written())
    second = shelf.written(Text("en", "First answer", "Better."), by=MIRA)
    assert [one.text for one in offered(shelf.now(), START)] == ["We write {when}."]
    assert shelf.states() == [CannedState.OFFERED, CannedState.WAITS]
    shelf.read(second, by=SANA)
    assert [one.text for one in shelf.now()] == ["Better."]


def test_withdrawn_it_is_nowhere_in_any_version() -> None:
    shelf = Shelf()
    shelf.read(shelf.written())
    (one,) = shelf.now()
    shelf.tell(canned_decide.withdraw(one, "The bus does not go any more."), MIRA)
    later = shelf.written(by=MIRA)
    shelf.read(later, by=SANA)
    assert shelf.now() == ()
    with pytest.raises(WhyMissing):
        canned_decide.withdraw(one, " ")
    with pytest.raises(NoSuchCanned):
        canned_decide.find(shelf.now(), one.version)


def test_the_same_facts_give_the_same_texts_in_any_order() -> None:
    shelf = Shelf()
    shelf.read(shelf.written())
    shelf.read(shelf.written(by=MIRA), by=SANA)
    shelf.tell(CannedWithdrawn(b"x" * 16, "another"))
    for said in permutations(shelf.said):
        assert fold_canned(said, apart) == shelf.now()


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (Text("en", " ", "text"), NoTitle),
        (Text("en", "t" * (TITLE_MOST + 1), "text"), NoTitle),
        (Text("en", "title", " \n"), NothingWritten),
        (Text("en", "title", "x" * (CANNED_TEXT_MOST + 1)), TextTooLong),
    ],
)
def test_what_is_no_ready_answer_is_refused(typed: Text, error: type[Exception]) -> None:
    with pytest.raises(error):
        canned_decide.write(ID, typed)


@pytest.mark.parametrize(
    ("text", "open_ones"),
    [
        ("We write {when}, at {hour}.", ["{when}", "{hour}"]),
        ("We write {when.", ["{"]),
        ("We write when}.", ["}"]),
        ("{a\nb}", ["{", "}"]),
        ("{}", ["{}"]),
        ("At six. [sic] (yes)", []),
    ],
)
def test_a_place_that_is_still_open_is_found(text: str, open_ones: list[str]) -> None:
    assert [text[start:end] for start, end in unfilled(text)] == open_ones


@pytest.mark.parametrize(
    "fact",
    [
        CannedWritten(b"short", "en", "t", "t", ()),
        CannedWritten(ID, "", "t", "t", ()),
        CannedRead(ID, b"short", 1),
        CannedRead(ID, bytes(36), -1),
    ],
)
def test_what_no_desk_writes_is_refused_when_read(fact: CannedFact) -> None:
    with pytest.raises(Malformed):
        parse_fact(f"hotline.{type(fact).__name__}", 1, write_fact(fact))
