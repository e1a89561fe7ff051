# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door to Telegram, against a Bot API that stands in (docs/spec/lines.md 4 and 6)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from safeconduct.edges.lines.channel import Arrived, CannotSend, Departing
from safeconduct.edges.lines.kinds import telegram
from safeconduct.kernel.errors import Refused, Unreachable
from tests.lines.kit.standing_in import Taker, at_work, free_port, places, serving, store, until

TOKEN = "1:invented"
SECRET = "marker of telegram"


class BotApi:
    """Keeps updates until their number is confirmed, as Telegram does."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.deleted: list[int] = []
        self.files: dict[str, bytes] = {}
        self.blocked = False
        self.away = 0

    @asynccontextmanager
    async def up(self, port: int = 0) -> AsyncIterator[str]:
        routes = (
            web.post("/bot{token}/{method}", self.called),
            web.get("/file/bot{token}/{path}", self.file),
        )
        async with serving(*routes, port=port) as address:
            yield address

    async def called(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != TOKEN:
            return web.json_response({"ok": False, "error_code": 401}, status=401)
        answer = getattr(self, request.match_info["method"])
        said, *status = await answer(await request.json())
        return web.json_response(said, status=status[0] if status else 200)

    async def getUpdates(self, asked: dict[str, Any]) -> tuple[object]:  # noqa: N802
        if self.away > 0:
            self.away -= 1
            return ({"ok": False},)
        self.updates = [one for one in self.updates if one["update_id"] >= asked["offset"]]
        if not self.updates:
            await asyncio.sleep(0.05)
        return ({"ok": True, "result": self.updates[: asked["limit"]]},)

    async def sendMessage(self, asked: dict[str, Any]) -> tuple[Any, ...]:  # noqa: N802
        if self.blocked:
            return {"ok": False, "error_code": 403}, 403
        self.sent.append(asked)
        return ({"ok": True, "result": {"message_id": 9}},)

    async def deleteMessage(self, asked: dict[str, Any]) -> tuple[object]:  # noqa: N802
        self.deleted.append(asked["message_id"])
        return ({"ok": True, "result": True},)

    async def getFile(self, asked: dict[str, Any]) -> tuple[object]:  # noqa: N802
        return ({"ok": True, "result": {"file_path": asked["file_id"]}},)

    async def file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["path"]])

    def write(self, number: int, chat: str = "private", **beside: object) -> None:
        who = {"id": 77, "is_bot": False, "first_name": "A", "language_code": "ru-RU"}
        where = {"id": 77, "type": chat}
        message = {"message_id": number, "date": 0, "chat": where, "from": who, **beside}
        self.updates.append({"update_id": number, "message": message})


def settings(address: str) -> dict[str, str]:
    return {"token": TOKEN, "base_url": address}


def test_words_and_files_come_and_go_from_the_chat_and_one_text_goes(tmp_path: Path) -> None:
    async def talk() -> None:
        api, line = BotApi(), Taker()
        api.files = {"f1": b"\x89PNG" * 100}
        big = {"file_id": "f2", "file_size": 1 << 30, "file_name": "b.mp4"}
        api.write(1, text=SECRET)
        api.write(2, caption="this", document={"file_id": "f1", "file_name": "p.png"})
        api.write(3, caption="and this", video=big)
        async with api.up() as address:
            channel = telegram.channel(settings(address), store(tmp_path / "line"))
            async with at_work(channel, line):
                await until(lambda: len(api.deleted) == 3)
                assert line.took[0] == Arrived(b"77", SECRET, (), "ru")
                assert line.took[1].files[0].content == api.files["f1"]
                assert line.took[1].files[0].name == "p.png"
                assert "too large" in line.took[2].text
                assert "and this" in line.took[2].text
                await channel.send(b"77", Departing("Come to the page."))
        assert api.deleted == [1, 2, 3]
        assert [(one["chat_id"], one["text"]) for one in api.sent] == [("77", "Come to the page.")]
        assert line.heard_times > 0

    asyncio.run(talk())
    assert places(SECRET, tmp_path) == []
    (tmp_path / "control").write_bytes(SECRET.encode())
    assert places(SECRET, tmp_path) == [tmp_path / "control"]


def test_what_is_no_text_is_told_in_words(tmp_path: Path) -> None:
    async def talk() -> list[str]:
        api, line = BotApi(), Taker()
        api.files = {"v": b"ogg"}
        api.write(1, sticker={"file_id": "s", "emoji": "x"})
        api.write(2, location={"latitude": 1.5, "longitude": 2.5})
        api.write(3, voice={"file_id": "v", "mime_type": "audio/ogg"})
        api.write(4, poll={"question": "when"})
        api.write(5, something_new={"a": 1})
        api.write(6, text={"not": "text"})
        api.write(7, text="/start")
        api.updates.append({"update_id": 8, "message": {"no": "chat"}})
        api.updates.append({"update_id": 9, "poll_answer": {}})
        api.write(10, text="in a group", chat="supergroup")
        api.write(11, text="last")
        async with api.up() as address:
            channel = telegram.channel(settings(address), store(tmp_path / "line"))
            async with at_work(channel, line):
                await until(lambda: len(line.took) == 8)
        assert line.took[2].files[0].content == b"ogg"
        return [one.text for one in line.took]

    told = asyncio.run(talk())
    words = ("sticker", "2.5", "voice", "when", "something_new", "unknown", "opened", "last")
    for text, word in zip(told, words, strict=True):
        assert word in text or word == "unknown"
    assert "does not know" in told[5]


def test_what_the_relay_did_not_take_comes_again_and_nothing_twice(tmp_path: Path) -> None:
    async def talk() -> None:
        api, line = BotApi(), Taker(away=2)
        api.away = 1
        for number in range(1, 26):
            api.write(number, text=f"message {number}")
        async with api.up() as address:
            channel = telegram.channel(settings(address), store(tmp_path / "line"))
            async with at_work(channel, line):
                await until(lambda: len(line.took) >= 20)
            # It is started again, as after a fall: what it took does not come again.
            channel = telegram.channel(settings(address), store(tmp_path / "line"))
            async with at_work(channel, line):
                await until(lambda: not api.updates)
        assert [one.text for one in line.took] == [f"message {n}" for n in range(1, 26)]
        assert len(line.refused) == 2
        assert set(api.deleted) <= set(range(1, 26))

    asyncio.run(talk())


def test_who_blocked_the_bot_gets_nothing_and_a_wrong_token_is_no_end(tmp_path: Path) -> None:
    async def talk() -> None:
        api, line, port = BotApi(), Taker(), free_port()
        address = f"http://127.0.0.1:{port}"
        channel = telegram.channel(settings(address), store(tmp_path / "line"))
        with pytest.raises(Unreachable):
            await channel.send(b"77", Departing("not yet"))
        with pytest.raises(Unreachable):
            await channel.run(line)
        async with api.up(port), at_work(channel, line):
            await until(lambda: line.heard_times)
            api.blocked = True
            with pytest.raises(CannotSend):
                await channel.send(b"77", Departing("text"))
        wrong = telegram.channel({"token": "x", "base_url": address}, store(tmp_path / "line"))
        async with api.up(port):
            with pytest.raises(Refused):
                await wrong.run(line)

    asyncio.run(talk())


def test_a_file_that_never_comes_holds_up_no_words(tmp_path: Path) -> None:
    async def talk() -> None:
        api, line = BotApi(), Taker()

        async def broken(request: web.Request) -> web.Response:
            assert request.transport is not None
            request.transport.close()
            return web.Response()

        api.file = broken  # type: ignore[method-assign]
        api.write(1, caption="read this", document={"file_id": "f1"})
        async with api.up() as address:
            channel = telegram.channel(settings(address), store(tmp_path / "line"))
            async with at_work(channel, line):
                await until(lambda: line.took)
        assert "read this" in line.took[0].text
        assert "could not be fetched" in line.took[0].text

    asyncio.run(talk())
