# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of messages while the relay is gone, and of too many (docs/spec/lines.md 6)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from safeconduct.edges.lines.channel import Arrived, FileHere
from safeconduct.edges.lines.handles import code_of
from safeconduct.edges.lines.parts import TEXT_BYTES
from safeconduct.edges.lines.post import Post, Told
from safeconduct.edges.person.device import Device, Outgoing
from safeconduct.kernel.errors import Unreachable
from safeconduct.rooms.hotline.sealed_files import SealedFile
from tests.kit.offices import wait
from tests.lines.kit.at_work import AtWork, at_work, mark_of
from tests.lines.test_line import FILE, SHE, TEXT, Played

CALL = {"call": {"version": 1, "duress": True, "left": "hung_up"}}


@pytest.fixture
def channel() -> Played:
    return Played()


@pytest.fixture
def work(tmp_path: Path, channel: Played) -> Iterator[AtWork]:
    with at_work(tmp_path, "matrix", channel) as running_line:
        wait(lambda: channel.line is not None)
        yield running_line


async def gone(_post: Post, _arrived: Arrived) -> None:
    """In place of `Post.send`: no relay answers."""
    raise Unreachable


def test_a_message_that_the_relay_does_not_take_is_no_flood_however_often_it_is_tried(
    work: AtWork, channel: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.edges.lines.limits.AT_ONCE", 2)

    async def tries() -> None:
        assert channel.line is not None
        for _ in range(5):
            with pytest.raises(Unreachable):
                await channel.line.take(Arrived(SHE, TEXT))

    with monkeypatch.context() as outage:
        outage.setattr(Post, "send", gone)
        asyncio.run(tries())
    channel.inbox.append(Arrived(SHE, TEXT))
    work.until(1)
    assert not work.line.store.names("held-")


def test_what_a_call_tells_never_waits_and_never_lies_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.edges.lines.limits.AT_ONCE", 0)
    channel = Played("phone")
    with at_work(tmp_path, "phone", channel) as work:
        channel.inbox += [Arrived(b"c" * 16, "", extras=CALL) for _ in range(3)]
        letters = work.until(3)
        assert all(letter.extras["call"] == CALL["call"] for letter in letters)
        assert not work.line.store.names("held-")
        assert not channel.sent


def test_what_waited_has_its_code_and_what_stood_beside_it_and_is_told_that_it_came(
    work: AtWork, channel: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.edges.lines.limits.AT_ONCE", 0)
    monkeypatch.setattr("safeconduct.edges.lines.limits.WINDOW_SECONDS", 1.0)
    channel.inbox += [Arrived(SHE, "1234 5678"), Arrived(SHE, "\u0435\u0449\u0451", extras=CALL)]
    [letter] = work.until(1)
    assert mark_of(letter).said == "12345678"
    assert letter.extras["call"] == CALL["call"]
    wait(lambda: len(channel.sent) == 1)
    assert code_of(work.line.keys, SHE) in channel.sent[0][1].text


def test_a_message_of_several_files_goes_on_where_it_stopped_and_holds_none_meanwhile(
    work: AtWork, channel: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, tries = Post._stored, list[object]()

    async def once_gone(self: Post, act: Callable[[Device], None]) -> None:
        tries.append(act)
        if len(tries) == 2:
            [unfinished] = self._unfinished.values()
            [(outgoing, place)] = unfinished.left
            assert isinstance(outgoing, Outgoing)
            assert place == 1
            raise Unreachable
        await stored(self, act)

    monkeypatch.setattr(Post, "_stored", once_gone)
    other = FileHere("other.txt", "text/plain", b"of another day")
    channel.inbox.append(Arrived(SHE, TEXT, (FILE, other)))
    [letter] = work.until(1)
    assert work.files(letter) == [(one.name, one.content) for one in (FILE, other)]
    assert len(tries) == 3


def test_names_and_types_of_any_length_hold_up_nothing_that_comes_after(
    work: AtWork, channel: Played
) -> None:
    long = FileHere("\U0001f4a1" * 5000, "a/" + "b" * 27_041, b"x")
    channel.inbox += [Arrived(SHE, TEXT, (long,) * 10), Arrived(b"another", "help")]
    hers, after = work.until(2)
    assert (hers.text, after.text) == (TEXT, "help")
    assert [content for _, content in work.files(hers)] == [b"x"] * 10
    assert {file.media_type for file in hers.files} == {"application/octet-stream"}


def test_of_several_letters_none_goes_again_that_the_relay_has(
    work: AtWork, channel: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter, tries = Post._letter, list[str]()

    async def once_gone(self: Post, told: Told, files: tuple[SealedFile, ...]) -> None:
        tries.append(told.text[:1])
        if len(tries) == 2:
            raise Unreachable
        await letter(self, told, files)

    monkeypatch.setattr(Post, "_letter", once_gone)
    channel.inbox.append(Arrived(SHE, "a" * TEXT_BYTES + "b"))
    wait(lambda: not channel.inbox)
    assert tries == ["a", "b", "b"]
    assert [one.text[:1] for one in work.until(2)] == ["a", "b"]


def test_of_many_new_people_not_all_are_told_at_once_and_the_office_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.edges.lines.first_text.HOUR_MOST_PAID", 2)
    channel = Played("sms")
    with at_work(tmp_path, "sms", channel) as work:
        channel.inbox += [Arrived(b"+1555010%d" % each, "help") for each in range(4)]
        work.until(4)
        wait(lambda: any(mark_of(one).alarm == "crowded" for one in work.letters()))
        assert len(channel.sent) == 2
