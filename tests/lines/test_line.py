# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line with a channel that the test plays: what comes, goes and is kept (spec/lines.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from safeconduct.edges.lines.channel import (
    Arrived,
    CannotSend,
    Departing,
    FileHere,
    Kept,
    Line,
)
from safeconduct.edges.lines.handles import code_of
from safeconduct.edges.person.device import new_file
from safeconduct.kernel.errors import Unreachable
from safeconduct.rooms.hotline.by_line import Kind
from safeconduct.rooms.hotline.letters import conversation_of
from tests.kit.offices import wait
from tests.kit.stage import stage
from tests.lines.kit.at_work import (
    AtWork,
    admitted_line,
    at_work,
    licence_of,
    mark_of,
    running,
)
from tests.lines.kit.markers import control, search

SHE = b"she@velmark.test"
TEXT = "the grey house behind the mill"
FILE = FileHere("papers.txt", "text/plain", b"a list of eleven strange words" * 10)


class Played:
    """A channel in memory: the test puts messages in, and sees what went out."""

    def __init__(self, kind: Kind = "matrix") -> None:
        self.kind: Kind = kind
        self.inbox: list[Arrived] = []
        self.sent: list[tuple[bytes, Departing]] = []
        self.begun = 0
        self.fails: list[Exception] = []
        self.never: set[bytes] = set()
        self.spoilt: set[bytes] = set()
        self.stuck: set[bytes] = set()
        self.line: Line | None = None

    async def run(self, line: Line) -> None:
        self.line, self.begun = line, self.begun + 1
        while True:
            if self.fails:
                raise self.fails.pop(0)
            if self.inbox:
                await line.take(self.inbox[0])
                self.inbox.pop(0)
            else:
                line.heard()
                await asyncio.sleep(0.01)

    async def send(self, contact: bytes, out: Departing) -> None:
        if contact in self.never:
            raise CannotSend
        if contact in self.spoilt:
            raise KeyError(contact)
        if contact in self.stuck:
            await asyncio.sleep(3600)
        self.sent.append((contact, out))

    def texts(self) -> list[str]:
        return [out.text for _, out in self.sent]

    def __call__(self, _settings: Mapping[str, str], _kept: Kept) -> Played:
        return self


class Careless(Played):
    """Begins something that fails, and waits for nothing of it."""

    async def run(self, line: Line) -> None:
        nothing: dict[str, None] = {}
        asyncio.get_running_loop().call_soon(nothing.pop, TEXT)
        await super().run(line)


def test_what_fails_where_nobody_waits_for_it_is_told_by_its_code(tmp_path: Path) -> None:
    with at_work(tmp_path, "matrix", Careless()) as work:
        wait(lambda: bool(work.codes))
    assert work.codes == ["defect [KeyError]"]


@pytest.fixture
def channel() -> Played:
    return Played()


@pytest.fixture
def work(tmp_path: Path, channel: Played) -> Iterator[AtWork]:
    with at_work(tmp_path, "matrix", channel) as running_line:
        yield running_line


def test_what_comes_is_one_conversation_and_whole_before_it_is_deleted(
    work: AtWork, channel: Played
) -> None:
    channel.inbox += [Arrived(SHE, TEXT, (FILE,), "ru"), Arrived(SHE, "1234 5678")]
    wait(lambda: not channel.inbox)
    first, second = work.until(2)
    assert (first.text, first.language) == (TEXT, "ru")
    assert work.files(first) == [(FILE.name, FILE.content)]
    assert conversation_of(first.voice) == conversation_of(second.voice)
    assert mark_of(first).kind == "matrix"
    assert mark_of(second).said == "12345678"
    assert mark_of(first).code == code_of(work.line.keys, SHE)


def test_who_writes_gets_one_safe_text_in_her_language_and_no_second(
    work: AtWork, channel: Played
) -> None:
    channel.inbox += [Arrived(SHE, "Помогите мне"), Arrived(SHE, "ещё"), Arrived(b"he", "ok")]
    work.until(3)
    wait(lambda: len(channel.sent) == 2)
    [hers] = [out.text for contact, out in channel.sent if contact == SHE]
    assert code_of(work.line.keys, SHE) in hers
    assert work.office.url in hers
    assert "Помогите" not in hers


def test_an_answer_goes_once_with_its_files_and_a_have_never(work: AtWork, channel: Played) -> None:
    channel.inbox.append(Arrived(SHE, TEXT))
    [letter] = work.until(1)
    work.have(letter)
    work.answer(letter, "We read you.", ("map.png", b"a map"))
    wait(lambda: "We read you." in channel.texts())
    work.answer(letter, "Another one.")
    wait(lambda: "Another one." in channel.texts())
    answers = [out for contact, out in channel.sent if contact == SHE][1:]
    assert [out.text for out in answers] == ["We read you.", "Another one."]
    assert [(file.name, file.content) for file in answers[0].files] == [("map.png", b"a map")]


def test_a_line_that_is_begun_anew_hands_no_answer_on_again(tmp_path: Path) -> None:
    first, again = Played(), Played()
    with at_work(tmp_path, "matrix", first) as work:
        first.inbox.append(Arrived(SHE, TEXT))
        [letter] = work.until(1)
        work.answer(letter, "one")
        wait(lambda: "one" in first.texts())
        wait(lambda: work.line.store.load("handed") is not None)
        with running(work.office, work.line, again):
            work.answer(letter, "two")
            wait(lambda: "two" in again.texts())
            assert "one" not in again.texts()


def test_an_answer_that_can_never_leave_holds_no_other_back(work: AtWork, channel: Played) -> None:
    channel.inbox += [Arrived(b"gone", "help"), Arrived(SHE, TEXT)]
    gone, hers = work.until(2)
    channel.never.add(b"gone")
    work.answer(gone, "to nobody")
    work.answer(hers, "to her")
    wait(lambda: "to her" in channel.texts())
    assert "to nobody" not in channel.texts()
    wait(lambda: len(work.letters()) == 3)
    [told] = [letter for letter in work.letters() if mark_of(letter).alarm]
    assert (mark_of(told).alarm, told.text, told.voice) == ("undelivered", "", gone.voice)
    assert mark_of(told).handle
    wait(lambda: not work.runner._answers._at_work)
    assert len(work.letters()) == 3


def test_an_answer_that_fails_or_hangs_holds_no_other_back(work: AtWork, channel: Played) -> None:
    channel.inbox += [Arrived(b"spoilt", "a"), Arrived(b"stuck", "b"), Arrived(SHE, TEXT)]
    spoilt, stuck, hers = work.until(3)
    wait(lambda: len(channel.sent) == 3)
    channel.spoilt.add(b"spoilt")
    channel.stuck.add(b"stuck")
    for letter in (spoilt, stuck, hers):
        work.answer(letter, "read this")
    wait(lambda: (SHE, "read this") in [(contact, out.text) for contact, out in channel.sent])
    wait(lambda: "defect [KeyError]" in work.codes)
    assert "spoilt" not in "".join(work.codes)
    work.answer(hers, "and this")
    wait(lambda: "and this" in channel.texts())
    channel.spoilt.clear()
    wait(lambda: (b"spoilt", "read this") in [(to, out.text) for to, out in channel.sent])


@pytest.mark.parametrize("kind", ["mail", "sms", "telegram", "whatsapp"])
def test_by_a_door_goes_one_fixed_text_whatever_the_answer_says(tmp_path: Path, kind: Kind) -> None:
    channel = Played(kind)
    with at_work(tmp_path, kind, channel) as work:
        channel.inbox.append(Arrived(SHE, TEXT))
        [letter] = work.until(1)
        wait(lambda: len(channel.sent) == 1)
        work.answer(letter, "a secret place", ("map.png", b"a map"))
        wait(lambda: len(channel.sent) == 2)
        out = channel.sent[1][1]
        assert "secret" not in out.text
        assert not out.files
        assert code_of(work.line.keys, SHE) in out.text


def test_a_flood_loses_nothing_and_goes_as_one_letter(
    work: AtWork, channel: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.edges.lines.limits.AT_ONCE", 3)
    monkeypatch.setattr("safeconduct.edges.lines.limits.WINDOW_SECONDS", 10.0)
    channel.inbox += [Arrived(SHE, f"number {each}") for each in range(9)]
    wait(lambda: not channel.inbox)
    wait(lambda: len(work.letters()) == 4)
    last = work.letters()[-1].text
    assert last == "\n\n".join(f"number {each}" for each in range(3, 9))
    wait(lambda: not work.line.store.names("held-"))


def test_a_channel_that_breaks_is_begun_anew_and_the_office_is_told(
    work: AtWork, channel: Played
) -> None:
    wait(lambda: channel.begun == 1)
    channel.fails += [Unreachable(), ValueError("what somebody wrote")]
    wait(lambda: channel.begun == 3)
    channel.inbox.append(Arrived(SHE, TEXT))
    work.until(1)
    wait(lambda: any(mark_of(letter).alarm == "restarted" for letter in work.letters()))
    assert "unreachable" in work.codes
    assert "defect [ValueError]" in work.codes
    assert "wrote" not in "".join(work.codes)


def test_a_letter_may_go_before_its_sound(work: AtWork, channel: Played) -> None:
    wait(lambda: channel.line is not None)
    file, outgoing = new_file("voice-01", 4, "audio/basic")
    sealed = outgoing.sealer.seal(0, b"tone")

    async def speak() -> None:
        assert channel.line is not None
        arrived = Arrived(b"c" * 16, "", extras={"call": {"version": 1}})
        await channel.line.write(arrived, (file,))
        for _ in range(2):
            await channel.line.store(outgoing.sealer.plan, sealed, outgoing.token)

    asyncio.run(speak())
    [letter] = work.until(1)
    assert letter.extras["call"] == {"version": 1}
    assert work.files(letter) == [("voice-01", b"tone")]


def test_nothing_of_who_wrote_lies_in_the_folder(
    work: AtWork, channel: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.edges.lines.limits.AT_ONCE", 1)
    channel.inbox += [Arrived(SHE, TEXT, (FILE,)) for _ in range(3)]
    wait(lambda: not channel.inbox)
    [letter] = work.until(1)
    work.answer(letter, "an answer nobody else reads")
    wait(lambda: "an answer nobody else reads" in channel.texts())
    markers: dict[str, str | bytes] = {
        "contact": SHE,
        "text": TEXT,
        "file": FILE.name,
        "content": FILE.content[:40],
    }
    markers |= {"answer": b"an answer nobody else reads"}
    assert work.line.store.names("held-")
    control(tmp_path, **markers)
    assert not search([work.folder], **markers)


def test_an_account_that_is_refused_is_told_to_the_office(work: AtWork, channel: Played) -> None:
    wait(lambda: channel.begun == 1)
    channel.fails.append(CannotSend())
    wait(lambda: any(mark_of(letter).alarm == "refused" for letter in work.letters()))
    [alarm] = [letter for letter in work.letters() if mark_of(letter).alarm == "refused"]
    assert mark_of(alarm).handle == b""
    channel.inbox.append(Arrived(SHE, TEXT))
    [letter] = work.until(1)
    assert letter.voice != alarm.voice


def test_a_text_that_no_letter_holds_goes_as_several_and_whole(
    work: AtWork, channel: Played
) -> None:
    text = "я" * 150_000 + "\ud800"
    channel.inbox.append(Arrived(SHE, text))
    first, second = work.until(2)
    assert first.text + second.text == "я" * 150_000 + "?"
    assert first.voice == second.voice


def test_where_one_relay_is_gone_the_next_of_the_licence_takes_it(tmp_path: Path) -> None:
    channel = Played()
    with stage() as office:
        line = admitted_line(tmp_path / "line", "matrix", "http://127.0.0.1:1")
        line.admit(licence_of(line, "http://127.0.0.1:1", office.url))
        with running(office, line, channel) as work:
            channel.inbox.append(Arrived(SHE, TEXT, (FILE,)))
            [letter] = work.until(1, 90.0)
            assert work.files(letter) == [(FILE.name, FILE.content)]
