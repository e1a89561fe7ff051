# SPDX-License-Identifier: AGPL-3.0-or-later
"""The engine before an Asterisk that declines, is silent, or tells twice (spec/phone.md 7)."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, cast

import aiohttp
import pytest

from safeconduct.edges.lines.channel import Arrived, Line
from safeconduct.edges.lines.phone import on_the_way
from safeconduct.edges.lines.phone.ari import Ari, Declined, Event, parse_event
from safeconduct.edges.lines.phone.call_letters import CallLetters
from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.engine import Engine
from safeconduct.edges.lines.phone.setup import Setup
from safeconduct.edges.lines.phone.spoken import Box, Spoken
from safeconduct.kernel.errors import Unreachable

OP1: Final = Operator("op1", ("en",), "PJSIP/op1", on_duty=True)
CALL: Final = "call-1"
INCOMING: Final = {"dialplan": {"app_name": "Stasis", "app_data": "hotline,incoming"}}
Answer = Callable[[str, str], Any]


class _Line:
    """A line whose relay is away for the first `away` letters."""

    def __init__(self, away: int = 0) -> None:
        self.away = away
        self.took: list[Arrived] = []

    async def take(self, arrived: Arrived) -> None:
        self.away -= 1
        if self.away >= 0:
            raise Unreachable
        self.took.append(arrived)

    def code(self, contact: bytes) -> str:  # noqa: ARG002  (a line's own shape)
        return "00000000"

    def heard(self) -> None:
        """It is not asked here."""


class _Asterisk(Ari):
    """Writes down what it is asked, and answers what a test lets it."""

    def __init__(self, answer: Answer) -> None:
        self.asked: list[str] = []
        self.told: asyncio.Queue[Event] = asyncio.Queue()
        self._answer = answer

    async def ask(self, method: str, path: str, **told: str) -> Any:  # noqa: ANN401, ARG002
        self.asked.append(f"{method} {path}")
        return self._answer(method, path)

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[Event]]:
        yield self._events()

    async def _events(self) -> AsyncIterator[Event]:
        while True:
            yield await self.told.get()

    def tells(self, what: str, channel: str = CALL, **more: object) -> None:
        told = {"type": what, "channel": {"id": channel}, **more}
        self.told.put_nowait(parse_event(json.dumps(told)))

    async def until(self, begins: str, times: int = 1) -> str:
        """Return what was asked that begins so, once it was asked so often."""
        await _until(lambda: len(self._found(begins)) >= times)
        return self._found(begins)[-1]

    def _found(self, begins: str) -> list[str]:
        return [one for one in self.asked if one.startswith(begins)]


async def _until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not so():  # noqa: ASYNC110  (what is waited for tells nobody)
            await asyncio.sleep(0.001)


def _engine(line: _Line) -> Engine:
    numbers = itertools.count()
    setup = Setup(
        prompts="prompts",
        languages=("en",),
        duty=lambda: (OP1,),
        clock=asyncio.get_running_loop().time,
        fresh=lambda: next(numbers).to_bytes(16, "big"),
    )
    return Engine(cast("Line", line), cast("Spoken", None), CallLetters(), setup)


def _run(answer: Answer, play: Callable[[_Asterisk, Engine], Awaitable[None]]) -> _Asterisk:
    """Let an engine run before an Asterisk while a test plays."""

    async def run() -> _Asterisk:
        asterisk, engine = _Asterisk(answer), _engine(_Line())
        running = asyncio.create_task(engine.run(asterisk))
        try:
            await play(asterisk, engine)
            assert not running.done()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        return asterisk

    return asyncio.run(run())


def _nothing_there(method: str, path: str) -> Any:  # noqa: ANN401
    return [] if (method, path) in {("GET", "/channels"), ("GET", "/bridges")} else None


def _but(begins: str, error: type[Exception], times: int = 1_000) -> Answer:
    """Answer all but what begins so, so often."""
    left = itertools.count(1)

    def answer(method: str, path: str) -> Any:  # noqa: ANN401
        if f"{method} {path}".startswith(begins) and next(left) <= times:
            raise Declined(409) if error is Declined else error
        return _nothing_there(method, path)

    return answer


async def _talk(asterisk: _Asterisk) -> str:
    """Let a call come and an operator answer it; return the operator's leg."""
    asterisk.tells("StasisStart", args=["incoming"])
    await asterisk.until(f"POST /channels/{CALL}/play/")
    asterisk.tells("ChannelDtmfReceived", digit="1")
    leg = (await asterisk.until("POST /channels/leg-op1")).rpartition("/")[2]
    asterisk.tells("StasisStart", leg, args=["operator"])
    return leg


def test_a_call_that_is_found_and_told_of_is_one_caller() -> None:
    def answer(method: str, path: str) -> Any:  # noqa: ANN401
        if path == "/channels":
            return [{"id": CALL, **INCOMING}]
        if path.endswith("/variable") and method == "GET":
            raise Declined(404)
        return _nothing_there(method, path)

    async def play(asterisk: _Asterisk, engine: Engine) -> None:
        asterisk.tells("StasisStart", args=["incoming"])
        await asterisk.until(f"POST /channels/{CALL}/variable")
        await _until(asterisk.told.empty)
        assert list(engine._callers) == [CALL]

    asked = _run(answer, play).asked
    assert asked.count(f"POST /channels/{CALL}/answer") == 1


def test_an_operator_s_telephone_that_nobody_knows_is_hung_up() -> None:
    async def play(asterisk: _Asterisk, engine: Engine) -> None:
        del engine
        asterisk.tells("StasisStart", "leg-op1-lost", args=["operator"])
        await asterisk.until("DELETE /channels/leg-op1-lost")

    _run(_nothing_there, play)


def test_a_call_to_an_operator_that_seems_to_fail_is_called_off() -> None:
    async def play(asterisk: _Asterisk, engine: Engine) -> None:
        del engine
        asterisk.tells("StasisStart", args=["incoming"])
        await asterisk.until(f"POST /channels/{CALL}/play/")
        asterisk.tells("ChannelDtmfReceived", digit="1")
        await asterisk.until("DELETE /channels/leg-op1-")

    _run(_but("POST /channels/leg-op1-", Unreachable), play)


def test_an_answer_that_asterisk_owes_is_asked_for_again() -> None:
    async def play(asterisk: _Asterisk, engine: Engine) -> None:
        del engine
        asterisk.tells("StasisStart", args=["incoming"])
        await asterisk.until(f"POST /channels/{CALL}/play/")

    _run(_but(f"POST /channels/{CALL}/answer", Unreachable, times=1), play)


@pytest.mark.parametrize("error", [Declined, Unreachable])
def test_who_cannot_be_answered_is_hung_up_and_not_left_in_silence(error: type[Exception]) -> None:
    async def play(asterisk: _Asterisk, engine: Engine) -> None:
        del engine
        asterisk.tells("StasisStart", args=["incoming"])
        await asterisk.until(f"DELETE /channels/{CALL}")

    asked = _run(_but(f"POST /channels/{CALL}/answer", error), play).asked
    assert not [one for one in asked if "/play/" in one]


@pytest.mark.parametrize("error", [Declined, Unreachable])
def test_a_word_that_cannot_be_said_holds_no_call_up(error: type[Exception]) -> None:
    async def play(asterisk: _Asterisk, engine: Engine) -> None:
        asterisk.tells("StasisStart", args=["incoming"])
        await asterisk.until(f"POST /channels/{CALL}/play/")
        await _until(lambda: engine._callers[CALL].flow.due() is not None)

    _run(_but(f"POST /channels/{CALL}/play/", error), play)


@pytest.mark.parametrize("error", [Declined, Unreachable])
@pytest.mark.parametrize("what", ["POST /bridges/talk-call-1", "POST /bridges/talk-call-1/add"])
def test_two_who_cannot_be_brought_together_are_not_left_alone(
    what: str, error: type[Exception]
) -> None:
    async def play(asterisk: _Asterisk, engine: Engine) -> None:
        leg = await _talk(asterisk)
        await asterisk.until(f"DELETE /channels/{leg}")
        # The caller waits again, and the operator is free to be rung for them.
        await asterisk.until("POST /channels/leg-op1", times=2)
        assert engine._callers[CALL].flow.stage == "line"

    _run(_but(what, error, times=1), play)


def test_a_call_that_is_to_end_ends_at_the_second_try_too() -> None:
    async def play(asterisk: _Asterisk, engine: Engine) -> None:
        del engine
        leg = await _talk(asterisk)
        await asterisk.until("POST /bridges/talk-call-1/addChannel")
        asterisk.tells("ChannelDestroyed", leg, cause=16)
        await asterisk.until(f"DELETE /channels/{CALL}", times=2)

    _run(_but(f"DELETE /channels/{CALL}", Unreachable, times=1), play)


class _Box:
    """A message whose end waits until all end."""

    def __init__(self, all_of_them: asyncio.Barrier) -> None:
        self._all = all_of_them

    async def finish(self, *, cut: bool) -> int:
        assert cut
        await self._all.wait()
        return 0


def _let_go(answer: Answer) -> list[str]:
    """Stop a program in which two messages are being said; return what Asterisk was asked."""

    async def run() -> list[str]:
        asterisk, engine = _Asterisk(answer), _engine(_Line())
        engine._ari = asterisk
        both = asyncio.Barrier(2)
        for name in ("a", "b"):
            caller = engine._new_caller(name, bytes(16))
            caller._box, caller._media = cast("Box", _Box(both)), f"sound-{name}"
        async with asyncio.timeout(5):
            await engine._let_go()
        return asterisk.asked

    return asyncio.run(run())


def test_messages_end_together_and_leave_nothing_at_asterisk() -> None:
    asked = _let_go(_nothing_there)
    ended = [
        f"DELETE /{what}-{name}" for name in "ab" for what in ("channels/sound", "bridges/box")
    ]
    assert sorted(asked) == sorted(["GET /asterisk/ping", *ended])


def test_of_an_asterisk_that_is_gone_nothing_more_is_asked() -> None:
    assert _let_go(_but("GET /asterisk/ping", Unreachable)) == ["GET /asterisk/ping"]


def test_letters_are_kept_in_memory_through_an_outage_of_the_relay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(on_the_way, "FIRST_PAUSE", 0.001)

    async def run() -> list[Arrived]:
        line, letters = _Line(away=8), CallLetters()
        for contact in (b"a" * 16, b"b" * 16):
            letters.send(cast("Line", line), Arrived(contact, ""))
        await letters.end(10)
        return line.took

    assert sorted(one.contact for one in asyncio.run(run())) == [b"a" * 16, b"b" * 16]


def test_a_letter_that_fails_for_good_is_told_and_not_passed_over() -> None:
    heard: list[object] = []

    class Broken(_Line):
        async def take(self, arrived: Arrived) -> None:
            raise KeyError(arrived.contact)

    async def run() -> None:
        loop, letters = asyncio.get_running_loop(), CallLetters()
        loop.set_exception_handler(lambda _, about: heard.append(about["exception"]))
        letters.send(cast("Line", Broken()), Arrived(bytes(16), ""))
        await letters.end(10)

    asyncio.run(run())
    assert [type(one) for one in heard] == [KeyError]


@pytest.mark.parametrize("error", [ConnectionResetError, TimeoutError, aiohttp.ClientError])
def test_a_connection_that_breaks_is_an_asterisk_out_of_reach(error: type[Exception]) -> None:
    class Session:
        def request(self, *_: object, **__: object) -> Session:
            return self

        async def __aenter__(self) -> None:
            raise error

        async def __aexit__(self, *_: object) -> None:
            """Nothing was opened."""

    ari = Ari(cast("aiohttp.ClientSession", Session()), "http://127.0.0.1:1/ari")
    with pytest.raises(Unreachable):
        asyncio.run(ari.ask("GET", "/asterisk/ping"))
