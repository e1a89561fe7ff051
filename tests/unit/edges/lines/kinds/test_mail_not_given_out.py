# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mail that the server does not give out is neither deleted nor waited for by others."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from safeconduct.edges.lines.came import in_words
from safeconduct.edges.lines.channel import Arrived
from safeconduct.edges.lines.kinds.mail import NOBODY, TRIES, MailDoor
from safeconduct.edges.lines.kinds.mail_imap import Mailbox

MAIL = b"From: amina@else.example\r\nSubject: night\r\n\r\nthe grey house\r\n"
SETTINGS = {"address": "help@hotline.example", "password": "-", "imap": "a:993", "smtp": "a:465"}


@dataclass
class Box:
    """A mailbox that gives out only some of what lies in it."""

    mails: dict[int, bytes | None]
    asked: list[int] = field(default_factory=list)
    epoch: int = 1

    async def waiting(self) -> list[int]:
        return sorted(self.mails)

    async def mail(self, number: int) -> tuple[bytes, int] | None:
        self.asked.append(number)
        raw = self.mails[number]
        return None if raw is None else (raw, len(raw))

    async def delete(self, number: int) -> None:
        del self.mails[number]


@dataclass
class Taker:
    """A line that takes everything."""

    took: list[Arrived] = field(default_factory=list)

    async def take(self, arrived: Arrived) -> None:
        self.took.append(arrived)

    def heard(self) -> None:
        """It does not matter here."""


def test_others_are_taken_and_after_some_tries_one_letter_tells_of_it() -> None:
    door, box, line = MailDoor(SETTINGS), Box({1: None, 2: MAIL}), Taker()
    parts: Any = (box, line)
    for _ in range(TRIES + 3):
        assert not asyncio.run(door._take_all(*parts)) or box.asked.count(1) == TRIES
    assert list(box.mails) == [1]
    first, told = line.took
    assert "the grey house" in first.text
    assert told == Arrived(NOBODY, in_words("unread_there"))
    assert box.asked.count(1) == TRIES


def test_a_mail_that_comes_at_a_later_try_is_taken_and_nothing_said() -> None:
    door, box, line = MailDoor(SETTINGS), Box({1: None}), Taker()
    parts: Any = (box, line)
    assert not asyncio.run(door._take_all(*parts))
    box.mails[1] = MAIL
    assert asyncio.run(door._take_all(*parts))
    assert not box.mails
    [arrived] = line.took
    assert "the grey house" in arrived.text


class _Writer:
    def write(self, data: bytes) -> None:
        """The server knows already what it says."""

    async def drain(self) -> None:
        """Nothing waits."""


SIZE = b"* 1 FETCH (UID 7 RFC822.SIZE %d)\r\na1 OK done\r\n"
BODY = b"* 1 FETCH (UID 7 BODY[]<0> {%d}\r\n%b)\r\na2 OK done\r\n"


@pytest.mark.parametrize(
    ("said", "given"),
    [
        (SIZE % 5 + BODY % (5, b"words"), (b"words", 5)),
        (SIZE % 0 + BODY % (0, b""), (b"", 0)),
        (b"a1 OK done\r\n", None),
        (b"a1 NO broken\r\n", None),
        (SIZE % 5 + b"a2 OK done\r\n", None),
        (SIZE % 5 + b"a2 NO broken\r\n", None),
        (SIZE % 5 + BODY % (0, b""), None),
        (SIZE % 0 + b"a2 OK done\r\n", None),
    ],
    ids=["whole", "empty", "no size", "refused", "no body", "body refused", "cut", "size 0"],
)
def test_only_what_the_server_gave_out_counts_as_a_mail(
    said: bytes, given: tuple[bytes, int] | None
) -> None:
    async def ask() -> tuple[bytes, int] | None:
        reader = asyncio.StreamReader()
        reader.feed_data(said)
        reader.feed_eof()
        writer: Any = _Writer()
        return await Mailbox(reader, writer).mail(7)

    assert asyncio.run(ask()) == given
