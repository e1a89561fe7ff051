# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a process without keys asks while its desk is locked, and what its page says."""

from __future__ import annotations

import socket

import pytest

from safeconduct.edges.desk.doorkeeper import locked_page
from safeconduct.edges.desk.locked_watch import (
    PAUSE,
    SPREAD,
    Errand,
    LockedWatch,
    Says,
    errand_of,
    parse_errand,
    write_errand,
)
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Malformed, NotCanonical
from safeconduct.kernel.words import HOUR, Instant
from safeconduct.rooms.duty.locked import SHIFT, end_of

NOW = Instant(1_800_000_123_456)
CAPABILITY = b"the capability of this office..!"


def errand(url: str = "http://127.0.0.1:9", *, intake: int = 7, now: Instant = NOW) -> Errand:
    way, until = (url, b"o" * 16, CAPABILITY), end_of(now)
    return errand_of(way, intake=intake, until=until, shows=True, calls=None)


def test_an_errand_is_read_as_it_was_written() -> None:
    assert parse_errand(write_errand(errand()).encode() + b"\n") == errand()


def test_an_errand_holds_neither_the_capability_nor_a_size() -> None:
    raw = encode(errand())
    assert CAPABILITY not in raw
    assert encode(errand(intake=8)) != raw
    assert len(encode(errand(intake=2**40))) == len(raw)


def test_its_end_tells_the_hour_and_no_moment() -> None:
    ends = {errand(now=Instant(NOW + minute * 60_000)).ask.until for minute in range(20)}
    (end,) = ends
    assert end % HOUR == 0
    assert SHIFT <= end - NOW < SHIFT + HOUR


@pytest.mark.parametrize("line", [b"", b"zz", b"0", b"00\n\n", b"\xff" * 8, b"0" * 17000])
def test_what_is_no_errand_is_refused(line: bytes) -> None:
    with pytest.raises((Malformed, NotCanonical)):
        parse_errand(line)


@pytest.mark.parametrize(
    ("says", "heading", "asks_again"),
    [
        (Says.NOTHING, "Locked", False),
        (Says.WATCHES, "Locked", True),
        (Says.SILENT, "Locked, no server", True),
        (Says.SOMETHING, "Something new", False),
        (Says.OVER, "No longer watching", False),
    ],
)
def test_the_page_says_whether_something_waits(says: Says, heading: str, asks_again: bool) -> None:
    page = locked_page("en", says)
    assert f"<h1>{heading}</h1>" in page
    assert says.goes_on is asks_again
    assert "The desk is locked" in page
    assert locked_page("ru", says) != page


def test_a_server_that_is_away_is_asked_no_more_often() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    rests: list[float] = []
    wall = [NOW / 1000]

    def rest(seconds: float) -> None:
        rests.append(seconds)
        wall[0] += HOUR / 1000 if len(rests) > 3 else 0
        if len(rests) == 3:
            assert watch.says is Says.SILENT

    watch = LockedWatch(errand(f"http://127.0.0.1:{port}"), wall=lambda: wall[0], rest=rest)
    watch.run()
    assert watch.says is Says.OVER
    assert 12 <= len(rests) <= 17
    assert all(PAUSE <= seconds <= PAUSE + SPREAD for seconds in rests)
    assert len(set(rests)) > 1
