# SPDX-License-Identifier: AGPL-3.0-or-later
"""Four kinds from a person to the office and back, with a real line and a real relay between.

After each, nothing of what was written and no number lies anywhere that is ours: in the line's
folder, in memory folders, in what it told, in logs of the gateway (docs/spec/lines.md 6).
"""

from __future__ import annotations

import asyncio
import base64
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import aiohttp

from safeconduct import host
from safeconduct.edges.lines.kinds import signal, sms, telegram, whatsapp
from tests.lines.kit.at_work import AtWork, at_work, mark_of
from tests.lines.kit.kannel import heard_by, kannel
from tests.lines.kit.markers import control, search
from tests.lines.kit.signal_server import ACCOUNT, WHO, Server, envelope
from tests.lines.kit.standing_in import PATIENCE, free_port, until
from tests.lines.test_telegram import TOKEN, BotApi
from tests.lines.test_whatsapp import SECRET, Graph, Meta, body_of, other, text

WORDS = "eleven herons behind the mill"
FILE = b"a list of strange words, sealed on arrival" * 20
ANSWER = "seven geese will be at the bridge"
NUMBER = "+15550100"


def nothing_left(work: AtWork, *ours: Path) -> None:
    """Neither words, files nor numbers lie in what is ours; and the search would find them."""
    memory = host.memory_folder()
    assert memory is not None
    places = [work.folder, *ours, *memory.glob("line-*")]
    markers: dict[str, str | bytes] = {"words": WORDS, "file": FILE[:42], "answer": ANSWER}
    markers["number"] = NUMBER[1:]
    assert search(places, **markers) == []
    assert search(places, account=ACCOUNT[1:], person=WHO) == []
    assert not any(NUMBER in code or WORDS in code for code in work.codes)
    control(work.folder, **markers)


def answered(work: AtWork, words: str = WORDS) -> None:
    """The office reads what came and answers it."""
    [letter, *_] = work.until(1)
    assert words in letter.text
    work.answer(letter, ANSWER)


def is_door_text(said: str, code: str) -> bool:
    return code in said and ANSWER not in said and "http" in said


def test_telegram_from_person_to_office_and_back(tmp_path: Path) -> None:
    async def talk() -> None:
        api = BotApi()
        api.files = {"f1": FILE}
        api.write(1, text=WORDS)
        api.write(2, caption=NUMBER, document={"file_id": "f1", "file_name": "list.txt"})
        async with api.up() as address:
            settings = {"token": TOKEN, "base_url": address}
            await asyncio.to_thread(office, api, settings)

    def office(api: BotApi, settings: dict[str, str]) -> None:
        with at_work(tmp_path, "telegram", telegram.channel, settings) as work:
            first, second = work.until(2)
            assert first.voice == second.voice
            assert work.files(second) == [("list.txt", FILE)]
            assert mark_of(first).kind == "telegram"
            answered(work)
            wait_for(lambda: len(api.sent) == 2)
            assert all(is_door_text(one["text"], mark_of(first).code) for one in api.sent)
            wait_for(lambda: api.deleted == [1, 2])
            nothing_left(work)

    asyncio.run(talk())


def test_whatsapp_from_person_to_office_and_back(tmp_path: Path) -> None:
    port, graph, listening = free_port(), Graph(files={"m1": FILE}), threading.Event()

    async def talk() -> None:
        async with graph.up() as address, aiohttp.ClientSession() as http:
            meta = Meta(f"http://127.0.0.1:{port}/whatsapp", http)
            told = {"phone_number_id": "5550", "token": "token", "verify_token": "verify"}
            more = {"app_secret": SECRET, "port": str(port), "base_url": f"{address}/v24.0"}
            working = asyncio.create_task(asyncio.to_thread(office, {**told, **more}))
            document = {"id": "m1", "filename": "list.txt", "caption": NUMBER}
            await until(lambda: listening.is_set() or working.done())
            both = body_of(text(1, WORDS), other(2, "document", document))
            assert await meta.call(both) == 200
            await working

    def office(settings: dict[str, str]) -> None:
        with at_work(tmp_path, "whatsapp", whatsapp.channel, settings) as work:
            wait_for(lambda: reachable(port))
            listening.set()
            whatsapp_is_answered(work, graph)

    asyncio.run(talk())


def whatsapp_is_answered(work: AtWork, graph: Graph) -> None:
    first, second = work.until(2)
    assert first.voice == second.voice
    assert work.files(second) == [("list.txt", FILE)]
    answered(work)
    wait_for(lambda: len(graph.sent) == 2)
    code = mark_of(first).code
    assert all(is_door_text(one["text"]["body"], code) for one in graph.sent)
    nothing_left(work)


def test_sms_from_person_to_office_and_back(tmp_path: Path) -> None:
    with (
        kannel(tmp_path / "kannel") as gateway,
        at_work(tmp_path, "sms", sms.channel, gateway.settings) as work,
    ):
        wait_for(lambda: reachable(gateway.ports["us"]))
        phone = gateway.phone(f"{NUMBER} 22333 data {WORDS.replace(' ', '%20')}")
        [letter] = work.until(1)
        assert WORDS.encode().hex() in letter.text
        work.answer(letter, ANSWER)
        wait_for(lambda: len(heard_by(phone)) == 2)
        code = mark_of(letter).code
        assert all(to == NUMBER for to, _ in heard_by(phone))
        assert all(is_door_text(said, code) for _, said in heard_by(phone))
        nothing_left(work, gateway.folder)


def test_signal_from_person_to_office_and_back(tmp_path: Path) -> None:
    server = Server(tmp_path / "java")
    file = {"id": "abc", "contentType": "text/plain", "filename": "list.txt"}
    message = {"timestamp": 1, "message": WORDS, "attachments": [file], "expiresInSeconds": 0}
    held = {"abc": base64.b64encode(FILE).decode()}
    server.hand({"envelope": {**envelope(), "dataMessage": message}}, files=held)
    server.write(message=NUMBER)
    with at_work(tmp_path, "signal", signal.channel, server.settings) as work:
        first, second = work.until(2)
        assert first.voice == second.voice
        assert work.files(first) == [("list.txt", FILE)]
        work.answer(first, ANSWER, ("way.txt", FILE))
        wait_for(lambda: len(server.asked("send")) == 2)
        safe, answer = server.asked("send")
        assert mark_of(first).code in safe["message"]
        assert answer["message"] == ANSWER
        assert answer["recipient"] == [WHO]
        assert base64.b64decode(answer["attachment"][0].partition("base64,")[2]) == FILE
        wait_for(lambda: b"abc" not in b"".join(names_in_memory()))
        nothing_left(work)


def names_in_memory() -> list[bytes]:
    memory = host.memory_folder()
    assert memory is not None
    return [path.name.encode() for path in memory.glob("line-*/attachments/*")]


def wait_for(there: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < end, "it does not come to be so"
        time.sleep(0.02)


def reachable(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
