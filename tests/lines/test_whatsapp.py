# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door to WhatsApp: a signed webhook sender and a Graph API that stand in for Meta."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from safeconduct.edges.lines.channel import Arrived, CannotSend, Departing
from safeconduct.edges.lines.kinds import whatsapp
from safeconduct.kernel.errors import Refused, Unreachable
from tests.lines.kit.standing_in import Taker, at_work, free_port, places, serving, store, until

SECRET = "app secret, invented"
MARKER = "marker of whatsapp"
NUMBER = "15550100"


@dataclass
class Graph:
    """Gives files out, takes texts, and says what it was told to say."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    fault: tuple[int, int] | None = None

    @asynccontextmanager
    async def up(self) -> AsyncIterator[str]:
        routes = (
            web.get("/v24.0/5550", self.number),
            web.get("/v24.0/{media}", self.where),
            web.get("/file/{media}", self.file),
            web.post("/v24.0/5550/messages", self.send),
        )
        async with serving(*routes) as self.address:
            yield self.address

    async def number(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer token"
        return web.json_response({"id": "5550"})

    async def where(self, request: web.Request) -> web.Response:
        name = request.match_info["media"]
        size = {"file_size": 1 << 30} if name == "big" else {}
        return web.json_response({"url": f"{self.address}/file/{name}", **size})

    async def file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["media"]])

    async def send(self, request: web.Request) -> web.Response:
        if self.fault is not None:
            status, code = self.fault
            return web.json_response({"error": {"code": code, "message": "x"}}, status=status)
        self.sent.append(await request.json())
        return web.json_response({"messages": [{"id": "wamid.out"}]})


class Meta:
    """Calls the webhook with what people wrote."""

    def __init__(self, address: str, http: aiohttp.ClientSession) -> None:
        self.address = address
        self.http = http

    async def call(self, body: bytes, secret: str = SECRET, signature: str = "") -> int:
        right = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": signature or right, "Content-Type": "application/json"}
        async with self.http.post(self.address, data=body, headers=headers) as answer:
            return answer.status

    async def greet(self, **asked: str) -> tuple[int, str]:
        query = {f"hub.{name}": value for name, value in asked.items()}
        async with self.http.get(self.address, params=query) as answer:
            return answer.status, await answer.text()


def body_of(*messages: dict[str, Any], number: str = "5550") -> bytes:
    metadata = {"phone_number_id": number}
    value = {"messaging_product": "whatsapp", "metadata": metadata, "messages": list(messages)}
    entry = [{"id": "1", "changes": [{"field": "messages", "value": value}]}]
    return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()


def text(number: int, words: str) -> dict[str, Any]:
    who = {"from": NUMBER, "id": f"wamid.{number}", "timestamp": "1"}
    return {**who, "type": "text", "text": {"body": words}}


def other(number: int, kind: str, what: object) -> dict[str, Any]:
    return {"from": NUMBER, "id": f"wamid.{number}", "timestamp": "1", "type": kind, kind: what}


@asynccontextmanager
async def door(graph: Graph, line: Taker, folder: Path) -> AsyncIterator[Meta]:
    """A channel at work, and Meta before it."""
    port = free_port()
    async with graph.up() as address, aiohttp.ClientSession() as http:
        told = {
            "phone_number_id": "5550",
            "token": "token",
            "app_secret": SECRET,
            "verify_token": "verify",
            "port": str(port),
            "base_url": f"{address}/v24.0",
        }
        channel = whatsapp.channel(told, store(folder / "line"))
        async with at_work(channel, line):
            await until(lambda: line.heard_times)
            meta = Meta(f"http://127.0.0.1:{port}/whatsapp", http)
            meta.channel = channel  # type: ignore[attr-defined]
            yield meta


def test_words_and_files_come_and_one_text_goes(tmp_path: Path) -> None:
    graph, line = Graph(files={"m1": b"jpeg" * 1000}), Taker()

    async def talk() -> None:
        async with door(graph, line, tmp_path) as meta:
            assert await meta.call(body_of(text(1, MARKER))) == 200
            image = {"id": "m1", "mime_type": "image/jpeg", "caption": "look"}
            assert await meta.call(body_of(other(2, "image", image))) == 200
            assert await meta.call(body_of(other(3, "video", {"id": "big"}))) == 200
            assert await meta.call(body_of(other(4, "document", {"id": "../5550"}))) == 200
            await meta.channel.send(NUMBER.encode(), Departing("Come."))  # type: ignore[attr-defined]

    asyncio.run(talk())
    assert line.took[0] == Arrived(NUMBER.encode(), MARKER)
    assert line.took[1].text == "look"
    assert line.took[1].files[0].content == graph.files["m1"]
    assert all("could not be fetched" in one.text for one in line.took[2:])
    assert [(one["to"], one["text"]["body"]) for one in graph.sent] == [(NUMBER, "Come.")]
    assert places(MARKER, tmp_path) == places(NUMBER, tmp_path) == []
    (tmp_path / "control").write_text(f"{MARKER} {NUMBER}")
    assert places(MARKER, tmp_path) == places(NUMBER, tmp_path) == [tmp_path / "control"]


def test_what_is_no_text_is_told_in_words_and_receipts_are_nothing(tmp_path: Path) -> None:
    line = Taker()

    async def talk() -> None:
        graph = Graph(files={"v": b"ogg"})
        place, odd = other(1, "location", {"latitude": 1.5}), {"id": "wamid.9", "from": NUMBER}
        people = (place, other(2, "sticker", {"id": "v"}), other(3, "audio", {"id": "v"}))
        more = (other(4, "hologram", {"size": 3}), {**odd, "text": 7}, {"nobody": 1})
        async with door(graph, line, tmp_path) as meta:
            assert await meta.call(body_of(*people, *more)) == 200
            assert await meta.call(b'{"entry":[{"changes":[{"value":{"statuses":[1]}}]}]}') == 200
            assert await meta.call(body_of(text(5, "to another"), number="5551")) == 200
            assert await meta.call(b"[]") == 200

    asyncio.run(talk())
    words = ("1.5", "sticker", "voice", "hologram", "does not know")
    assert all(word in one.text for word, one in zip(words, line.took, strict=True))
    assert line.took[2].files[0].content == b"ogg"


def test_only_meta_is_listened_to(tmp_path: Path) -> None:
    line = Taker()

    async def talk() -> None:
        async with door(Graph(), line, tmp_path) as meta:
            body = body_of(text(1, "forged"))
            right = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
            for wrong in ("sha256=", "sha256=00", "sha1=" + right, right, "sha256=é" + right):
                assert await meta.call(body, signature=wrong.encode().decode("latin-1")) == 403
            assert await meta.call(body, secret="another") == 403
            assert await meta.call(body + b" ", signature="sha256=" + right) == 403
            async with meta.http.post(meta.address, data=body) as answer:
                assert answer.status == 403
            wrong_word = await meta.greet(mode="subscribe", verify_token="v", challenge="12")
            assert wrong_word[0] == 403
            page = await meta.greet(mode="subscribe", verify_token="verify", challenge="<b>")
            assert page[0] == 403
            right_word = await meta.greet(mode="subscribe", verify_token="verify", challenge="12")
            assert right_word == (200, "12")

    asyncio.run(talk())
    assert line.took == []


def test_what_the_relay_did_not_take_is_asked_for_again_and_nothing_comes_twice(
    tmp_path: Path,
) -> None:
    line = Taker(away=1, slow=0.05)

    async def talk() -> None:
        async with door(Graph(), line, tmp_path) as meta:
            both = body_of(text(1, "one"), text(2, "two"))
            assert await meta.call(both) == 503
            assert line.took == []
            statuses = await asyncio.gather(*(meta.call(both) for _ in range(5)))
            assert statuses == [200] * 5

    asyncio.run(talk())
    assert [one.text for one in line.took] == ["one", "two"]


def test_a_flood_is_bounded_and_loses_nothing(tmp_path: Path) -> None:
    line = Taker(slow=0.01)

    async def talk() -> None:
        async with door(Graph(), line, tmp_path) as meta:
            calls = [body_of(text(number, f"{number}")) for number in range(120)]
            statuses = await asyncio.gather(*map(meta.call, calls))
            assert {200, 503} == set(statuses)
            for body, status in zip(calls, statuses, strict=True):
                assert status == 200 or await meta.call(body) == 200
            assert await meta.call(b" " * (1 << 20), secret="x") == 403
            async with meta.http.post(meta.address, data=io.BytesIO(bytes(4 << 20))) as answer:
                assert answer.status in {403, 413}

    asyncio.run(talk())
    assert sorted(int(one.text) for one in line.took) == list(range(120))


def test_who_cannot_be_written_to_is_told_apart_from_not_now(tmp_path: Path) -> None:
    async def talk() -> None:
        graph = Graph()
        async with door(graph, Taker(), tmp_path) as meta:
            send = meta.channel.send  # type: ignore[attr-defined]
            for fault, error in (
                ((400, 131047), CannotSend),
                ((400, 131026), CannotSend),
                ((401, 190), Unreachable),
                ((400, 131056), Unreachable),
                ((500, 131000), Unreachable),
            ):
                graph.fault = fault
                with pytest.raises(error):
                    await send(NUMBER.encode(), Departing("x"))
        with pytest.raises(Unreachable):
            await send(NUMBER.encode(), Departing("after the end"))
        with pytest.raises(Refused):
            await whatsapp.channel({}, store(tmp_path / "line")).run(Taker())

    asyncio.run(talk())
