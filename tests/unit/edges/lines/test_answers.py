# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies in a line's box goes on once, whatever the relay says of it (docs/spec/lines.md 4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace

from safeconduct.edges.lines.answers import Answers
from safeconduct.edges.lines.channel import CannotSend, Departing, FilesLeft, Line
from safeconduct.edges.lines.handles import code_of, write_handle
from safeconduct.edges.lines.post import OsRng, Post
from safeconduct.edges.lines.secret import LineKeys
from safeconduct.edges.lines.store import SealedStore
from safeconduct.edges.lines.went import now_here
from safeconduct.edges.person.device import Waiting
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.wire.refusals import Expired
from safeconduct.kernel.words import DAY
from safeconduct.rooms.hotline.by_line import DOORS, Kind
from safeconduct.rooms.hotline.letters import Reply
from tests.property.outside_lines import LICENCE

KEYS = LineKeys.of(bytes(32))
SHE = b"she"


def reply(text: str, ends: int = 30 * DAY, contact: bytes = SHE) -> Reply:
    """An answer as a desk seals it, that ends so long from now."""
    beside = {"line": write_handle(KEYS, contact, OsRng()), "expires": now_here() + ends}
    return Reply(1, "answer", now_here(), text, (), b"", beside)


class Relay:
    """A box that the test fills, and a channel that notes what it sent."""

    kind: Kind = "signal"
    keys, licence = KEYS, LICENCE

    def __init__(self) -> None:
        self.key = b"one"
        self.box: list[Reply] = []
        self.sent: list[str] = []
        self.told: list[tuple[bytes, str]] = []
        self.failed: list[Exception] = []
        self.fails: Exception | None = None
        self.gone = 0

    async def look(self, after: int) -> tuple[bytes, Sequence[Waiting]]:
        lying = [Waiting(number, 0, one) for number, one in enumerate(self.box, 1)]
        return self.key, [one for one in lying if one.number > after]

    async def tell_of(self, contact: bytes, alarm: str, _language: str) -> None:
        if self.gone:
            self.gone -= 1
            raise Unreachable
        self.told.append((contact, alarm))

    async def run(self, line: Line) -> None:
        raise NotImplementedError

    async def send(self, _contact: bytes, out: Departing) -> None:
        self.sent.append(out.text)
        if self.fails:
            raise self.fails


@pytest.fixture
def relay() -> Relay:
    return Relay()


@pytest.fixture
def store(tmp_path: Path) -> SealedStore:
    return SealedStore(tmp_path, bytes(32))


def passing(relay: Relay, store: SealedStore, *between: Callable[[], None]) -> None:
    """Let a line look, do something, and look again, until all is done."""

    async def act() -> None:
        post = cast("Post", relay)
        answers = Answers(post, relay, store, reads=lambda _: "en", failed=relay.failed.append)
        acts: list[Callable[[], None]] = [*between, lambda: None]
        for each in acts:
            await answers.pass_on()
            for task in [*answers._at_work.values()]:
                await task
            each()
        await answers.end()

    asyncio.run(act())


@pytest.mark.attack
def test_an_answer_that_is_laid_there_again_goes_to_nobody(
    relay: Relay, store: SealedStore
) -> None:
    relay.box = [reply("one"), reply("two")]
    relay.box += relay.box
    passing(relay, store, lambda: relay.box.extend(relay.box))
    assert relay.sent == ["one", "two"]
    passing(relay, store, lambda: relay.box.append(reply("one")))
    passing(relay, store)
    assert relay.sent == ["one", "two", "one"]


def test_a_relay_that_counts_anew_hands_nothing_on_again(relay: Relay, store: SealedStore) -> None:
    def counts_anew() -> None:
        relay.key += b"."

    relay.box = [reply("one")]
    passing(relay, store, counts_anew, counts_anew)
    assert relay.sent == ["one"]
    counts_anew()
    passing(relay, store, lambda: relay.box.append(reply("two")))
    passing(relay, store)
    assert relay.sent == ["one", "two"]


@pytest.mark.attack
def test_by_a_door_no_word_of_the_office_goes(relay: Relay, store: SealedStore) -> None:
    code = code_of(KEYS, SHE)
    for kind in sorted(DOORS):
        relay.kind, relay.key = kind, relay.key + b"."
        relay.box = [reply(f"Be at the bridge at nine ({kind}).")]
        passing(relay, store)
    assert len(relay.sent) == len(DOORS)
    for text in relay.sent:
        assert "bridge" not in text
        assert LICENCE.relays[0] in text
        assert code in text.replace(" ", "")


def test_an_answer_that_has_ended_goes_to_nobody(relay: Relay, store: SealedStore) -> None:
    relay.box = [reply("old", -1), reply("new")]
    passing(relay, store, lambda: None)
    assert relay.sent == ["new"]
    assert [type(one) for one in relay.failed] == [Expired]


@pytest.mark.parametrize(
    ("fails", "alarm"), [(FilesLeft(), "files_left"), (CannotSend(), "undelivered")]
)
def test_where_the_words_went_the_office_is_told_of_files_alone(
    relay: Relay,
    store: SealedStore,
    monkeypatch: pytest.MonkeyPatch,
    fails: CannotSend,
    alarm: str,
) -> None:
    monkeypatch.setattr("safeconduct.edges.lines.answers.PAUSE_LEAST", 0.0)
    relay.box, relay.fails, relay.gone = [reply("one")], fails, 1
    passing(relay, store, lambda: None, lambda: None)
    assert relay.sent == ["one"]
    assert relay.told == [(SHE, alarm)]
    assert not relay.failed


def test_an_end_that_no_clock_reaches_keeps_no_line_from_starting(
    relay: Relay, store: SealedStore
) -> None:
    never = (1 << 64) - 1 - 2 * now_here()
    relay.box = [reply("one", never)]
    passing(relay, store)
    passing(relay, store)
    assert relay.sent == ["one"]


def test_of_a_call_that_nobody_can_be_told_of_the_office_hears_in_its_own_conversation(
    relay: Relay, store: SealedStore
) -> None:
    call, order = b"c" * 16, {"call": {"version": 1}}
    asked = reply("", contact=call + b"a number, sealed")
    relay.kind, relay.fails = "phone", CannotSend()
    relay.box = [replace(asked, extras={**asked.extras, **order})]
    passing(relay, store)
    assert relay.told == [(call, "undelivered")]
