# SPDX-License-Identifier: AGPL-3.0-or-later
"""To how many the first text goes, and how often (docs/spec/lines.md 6)."""

from __future__ import annotations

import asyncio

import pytest

from safeconduct.edges.lines.channel import CannotSend, Departing, Line
from safeconduct.edges.lines.first_text import DAY_SECONDS, HOUR_SECONDS, FirstTexts
from safeconduct.rooms.hotline.by_line import Kind

TEXTS = ("locked", "open")


class Sending:
    """A channel that notes to whom it sent, and how many at once."""

    kind: Kind = "sms"

    def __init__(self, fails: Exception | None = None) -> None:
        self.sent: list[bytes] = []
        self.now = self.most = 0
        self.fails = fails

    async def run(self, line: Line) -> None:
        raise NotImplementedError

    async def send(self, contact: bytes, out: Departing) -> None:
        if self.fails:
            raise self.fails
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        self.sent.append(contact)
        assert out.text == "locked"


async def settle(channel: Sending, count: int) -> None:
    """Let what was begun end."""
    for _ in range(100):
        if len(channel.sent) >= count:
            return
        await asyncio.sleep(0)


def test_it_goes_to_so_many_new_voices_in_an_hour_and_to_who_writes_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("safeconduct.edges.lines.first_text.HOUR_MOST_PAID", 2)
    channel = Sending()

    async def act() -> None:
        first = FirstTexts(channel)
        told = [first.tell(name, name, TEXTS, 0.0) for name in (b"a", b"b", b"c", b"a")]
        assert told == [True, True, False, True]
        assert first.tell(b"c", b"c", TEXTS, HOUR_SECONDS)
        await settle(channel, 3)
        assert first.tell(b"a", b"a", TEXTS, DAY_SECONDS)
        await settle(channel, 4)

    asyncio.run(act())
    assert channel.sent == [b"a", b"b", b"c", b"a"]


def test_few_are_on_the_way_at_once() -> None:
    channel = Sending()

    async def act() -> None:
        first = FirstTexts(channel)
        for each in range(40):
            first.tell(bytes([each]), bytes([each]), TEXTS, 0.0)
        await settle(channel, 40)

    asyncio.run(act())
    assert len(channel.sent) == 40
    assert channel.most == 8


def test_one_that_fails_is_told_by_its_kind_and_counts_as_not_said() -> None:
    failed, channel = list[Exception](), Sending(KeyError("her number"))

    async def act() -> None:
        first = FirstTexts(channel, failed.append)
        first.tell(b"a", b"a", TEXTS, 0.0)
        await asyncio.sleep(0.05)
        assert not first._told

    asyncio.run(act())
    assert [type(one) for one in failed] == [KeyError]


def test_senders_to_whom_nothing_goes_take_no_place_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("safeconduct.edges.lines.first_text.HOUR_MOST_PAID", 2)
    channel = Sending(CannotSend())

    async def act() -> None:
        first = FirstTexts(channel)
        for name in (b"a", b"b"):
            assert first.tell(name, name, TEXTS, 0.0)
        await asyncio.sleep(0.05)
        channel.fails = None
        assert first.tell(b"c", b"c", TEXTS, 1.0)
        assert first.tell(b"a", b"a", TEXTS, 1.0)
        await settle(channel, 1)
        await first.end()

    asyncio.run(act())
    assert channel.sent == [b"c"]
