# SPDX-License-Identifier: AGPL-3.0-or-later
"""The calendar for a telephone: valid by RFC 5545, and nothing in it but days and one sentence."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from safeconduct.rooms.cases.reminders import AHEAD, reminder_days, write_calendar

SEED, OTHER = b"s" * 32, b"o" * 32
TODAY = date(2026, 11, 20)
SAID = "Откройте рабочее место, пожалуйста; это строка длиннее семидесяти пяти октетов \\"
PROPERTY = re.compile(r"[A-Z-]+(;[A-Z-]+=[^;:]+)*:.*")
NEEDED = {"UID", "DTSTAMP", "DTSTART", "DURATION", "SUMMARY", "CLASS", "TRANSP"}


def unfolded(raw: bytes) -> list[str]:
    """The lines of a file, each held to RFC 5545 3.1."""
    assert raw.endswith(b"\r\n")
    lines = raw.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    text = "\r\n".join(line.decode() for line in lines).replace("\r\n ", "")
    found = text.split("\r\n")
    assert all(PROPERTY.fullmatch(line) for line in found)
    return found


def events(raw: bytes) -> list[dict[str, str]]:
    """The events of a file, their alarms apart, components closed in their order."""
    open_, found = list[str](), list[dict[str, str]]()
    for line in unfolded(raw):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            open_.append(value)
            found += [{}] if value == "VEVENT" else []
        elif name == "END":
            assert open_.pop() == value
        elif open_ == ["VCALENDAR", "VEVENT"]:
            assert name not in found[-1]
            found[-1][name] = value
    assert not open_
    return found


def days(*ahead: int, seed: bytes = SEED) -> tuple[date, ...]:
    """The days of a calendar in which something falls due so many days from today."""
    return reminder_days((TODAY + timedelta(days=count) for count in ahead), seed, TODAY)


def test_it_is_valid_and_each_entry_is_the_same_but_for_its_day() -> None:
    raw = write_calendar(days(3, 9), SEED, SAID)
    assert unfolded(raw)[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calendar//EN"]
    found = events(raw)
    assert all(one.keys() == NEEDED for one in found)
    for name in NEEDED - {"UID", "DTSTAMP", "DTSTART"}:
        assert len({one[name] for one in found}) == 1
    assert {one["DTSTART"][8:] for one in found} == {"T090000"}
    assert all(one["DTSTAMP"][:8] == one["DTSTART"][:8] for one in found)
    assert found[0]["SUMMARY"] == SAID.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    assert len({one["UID"] for one in found}) == len(found)


def test_a_day_has_one_entry_however_much_falls_due() -> None:
    assert days(3, 3, 3, 9) == days(3, 9)


def test_ids_and_drawn_days_stay_the_same_and_are_others_at_another_desk() -> None:
    assert write_calendar(days(3), SEED, SAID) == write_calendar(days(3), SEED, SAID)
    assert days() != days(seed=OTHER)
    own, other = (
        {one["UID"] for one in events(write_calendar(days(3), seed, SAID))}
        for seed in (SEED, OTHER)
    )
    assert not own & other


def test_some_days_without_anything_due_have_an_entry_and_not_all() -> None:
    assert 5 < len(days()) < AHEAD / 2
    assert set(days()) < set(days(*range(1, AHEAD + 1)))


@pytest.mark.parametrize("ahead", [-1, 0, AHEAD + 1])
def test_what_is_over_or_far_away_is_left_out(ahead: int) -> None:
    assert days(ahead) == days()
