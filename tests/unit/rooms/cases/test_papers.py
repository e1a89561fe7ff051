# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents that run out: dates known in part count as their last day, the soonest comes first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.words import CaseId, CommitId, DeviceId, VaultId, fact_id
from safeconduct.rooms.cases import Part, SheetId, SheetWritten, Told, fold_record
from safeconduct.rooms.cases.days import last_day
from safeconduct.rooms.cases.papers import Due, due, papers_in
from safeconduct.rooms.cases.sheets import is_date

CASE, VAULT = CaseId(b"c" * 16), VaultId(b"j" * 16)
TODAY = date(2017, 8, 31)


def told(n: int, of: bytes, kind: str, *values: tuple[str, str]) -> Told:
    """A fact about a sheet."""
    commit = CommitId(n.to_bytes(32, "big"))
    event = SheetWritten(CASE, of, kind, values, ())
    return Told(fact_id(commit, 0), commit, VAULT, DeviceId(b"a" * 16), n << 16, event)


@pytest.mark.parametrize(
    ("expires", "last"),
    [
        ("2017", date(2017, 12, 31)),
        ("2016-02", date(2016, 2, 29)),
        ("2017-02", date(2017, 2, 28)),
        ("2017-04-03", date(2017, 4, 3)),
        ("9999", date(9999, 12, 31)),
    ],
)
def test_a_date_that_is_partly_known_counts_as_its_last_day(expires: str, last: date) -> None:
    assert last_day(expires) == last


@given(some.dates(), some.sampled_from((4, 7, 10)))
def test_every_date_that_a_field_may_hold_has_a_last_day(day: date, length: int) -> None:
    text = day.isoformat()[:length]
    assert is_date(text)
    assert last_day(text) >= day


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (TODAY - timedelta(days=1), Due.EXPIRED),
        (TODAY, Due.SOON),
        (TODAY + timedelta(days=30), Due.SOON),
        (TODAY + timedelta(days=31), Due.HALF_YEAR),
        (date(2018, 2, 28), Due.HALF_YEAR),
        (date(2018, 3, 1), Due.LATER),
    ],
)
def test_how_soon_is_counted_from_today(last: date, said: Due) -> None:
    assert due(last, TODAY) is said


def test_papers_come_soonest_first_with_whose_they_are() -> None:
    facts = (
        told(1, b"1" * 16, "person", ("stands", "asks")),
        told(2, b"2" * 16, "document", ("expires", "2019"), ("paper", "passport")),
        told(3, b"3" * 16, "document", ("of", (b"1" * 16).hex()), ("expires", "2018-03-01")),
        told(4, b"4" * 16, "document", ("paper", "visa")),
        told(5, b"5" * 16, "document", ("expires", "2017"), ("taken_off", "Not theirs.")),
    )
    record = fold_record(CASE, {VAULT: Part.JOURNEY}, facts, "en")
    found = papers_in(record)
    assert [(one.sheet, one.paper, one.expires) for one in found] == [
        (SheetId(b"3" * 16), "", "2018-03-01"),
        (SheetId(b"2" * 16), "passport", "2019"),
    ]
    person = record.sheet(b"1" * 16, "person")
    assert person is not None
    assert [one.of for one in found] == [person.name, ""]
    assert papers_in(fold_record(CASE, {VAULT: Part.IDENTITY}, facts, "en")) == ()


def test_of_two_dates_written_at_once_the_earlier_counts() -> None:
    facts = (
        told(1, b"2" * 16, "document", ("expires", "2019")),
        told(2, b"2" * 16, "document", ("expires", "2018")),
        told(3, b"2" * 16, "document", ("expires", "")),
    )
    (paper,) = papers_in(fold_record(CASE, {VAULT: Part.JOURNEY}, facts, "en"))
    assert paper.expires == "2018"
