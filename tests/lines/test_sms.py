# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door by SMS, through a real Kannel with its fake carrier (docs/spec/lines.md 4 and 6)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from safeconduct.edges.lines.channel import Arrived, CannotSend, Departing
from safeconduct.edges.lines.kinds import sms
from safeconduct.edges.lines.texts import door_text, first_text
from safeconduct.kernel.errors import Refused, Unreachable
from safeconduct.kernel.languages import LANGUAGES
from tests.lines.kit.kannel import heard_by, kannel
from tests.lines.kit.standing_in import Taker, at_work, free_port, listens, places, store, until

NUMBER = "+15550100"
MARKER = "marker of sms"


def test_a_message_comes_and_one_short_text_goes_in_either_alphabet(tmp_path: Path) -> None:
    line = Taker()
    words = "Приходите на страницу: example.org, код 12345678"

    async def talk() -> list[tuple[str, str]]:
        with kannel(tmp_path / "kannel") as gateway:
            channel = sms.channel(gateway.settings, store(tmp_path / "line"))
            async with at_work(channel, line):
                phone = gateway.phone(f"{NUMBER} 22333 text {MARKER.replace(' ', '+')}")
                await until(lambda: line.took)
                await until(lambda: line.heard_times)
                await channel.send(NUMBER.encode(), Departing("Come to example.org, 12345678"))
                await channel.send(NUMBER.encode(), Departing(words))
                await until(lambda: len(heard_by(phone)) == 2)
                return heard_by(phone)

    heard = asyncio.run(talk())
    assert line.took[0].contact == NUMBER.encode()
    assert heard == [(NUMBER, "Come to example.org, 12345678"), (NUMBER, words)]
    ours = (tmp_path / "kannel", tmp_path / "line")
    assert places(MARKER.replace(" ", "+"), *ours) == places(NUMBER, *ours) == []
    # The phone's own record, which is no file of ours, shows that both would be found.
    assert places(NUMBER, tmp_path)


def test_kannel_logs_at_level_four_hold_no_number_and_at_level_zero_would(tmp_path: Path) -> None:
    async def talk(level: str) -> list[Path]:
        line, folder = Taker(), tmp_path / f"level-{level}"
        with kannel(folder) as gateway:
            gateway.stop()
            config = folder / "kannel.conf"
            config.write_text(config.read_text().replace("log-level = 4", f"log-level = {level}"))
            gateway.up()
            channel = sms.channel(gateway.settings, store(tmp_path / "line"))
            async with at_work(channel, line):
                gateway.phone(f"{NUMBER} 22333 text {MARKER.split(maxsplit=1)[0]}")
                await until(lambda: line.took)
                await channel.send(NUMBER.encode(), Departing("Come."))
        return places(NUMBER, folder)

    assert asyncio.run(talk("4")) == []
    assert asyncio.run(talk("0")) != []


def test_what_the_relay_did_not_take_kannel_brings_again(tmp_path: Path) -> None:
    line = Taker(away=2)

    async def talk() -> None:
        with kannel(tmp_path / "kannel") as gateway:
            channel = sms.channel(gateway.settings, store(tmp_path / "line"))
            async with at_work(channel, line):
                gateway.phone(*(f"{NUMBER} 22333 text one-{n}" for n in range(3)), most=3)
                await until(lambda: len(line.took) >= 3)

    asyncio.run(talk())
    assert len(line.refused) == 2
    assert len(line.took) == 3


def test_a_line_that_is_away_loses_nothing(tmp_path: Path) -> None:
    line = Taker()

    async def talk() -> None:
        with kannel(tmp_path / "kannel") as gateway:
            gateway.phone(f"{NUMBER} 22333 text early")
            await until(gateway.took)
            channel = sms.channel(gateway.settings, store(tmp_path / "line"))
            async with at_work(channel, line):
                await until(lambda: line.took)

    asyncio.run(talk())
    assert [one.text for one in line.took] == ["early"]


def test_only_kannel_is_listened_to_and_a_flood_is_bounded(tmp_path: Path) -> None:
    line, port = Taker(slow=0.01), free_port()
    channel = sms.channel({"port": str(port), "called_by": "word"}, store(tmp_path / "line"))
    query = "called_by=word&from=%2B1&coding=2&time=t&key=k{}&text=%04%1F"

    async def call(http: aiohttp.ClientSession, asked: str) -> int:
        async with http.get(f"http://127.0.0.1:{port}/sms?{asked}") as answer:
            return answer.status

    async def talk() -> None:
        async with at_work(channel, line), aiohttp.ClientSession() as http:
            await until(lambda: listens(port))
            assert await call(http, "from=1&text=x") == 403
            assert await call(http, "called_by=other&from=1&text=x") == 403
            calls = [call(http, query.format(number)) for number in range(100)]
            assert set(await asyncio.gather(*calls)) == {200, 503}
            assert await call(http, query.format("again")) == 200
            taken = len(line.took)
            assert await call(http, query.format("again")) == 200
            assert len(line.took) == taken
            assert await call(http, "called_by=word&coding=1&text=%00%ff") == 200

    asyncio.run(talk())
    assert line.took[0] == Arrived(b"+1", "П")
    assert line.took[-1].contact == b"unknown"
    assert "00ff" in line.took[-1].text


def test_our_texts_are_one_part_in_each_language() -> None:
    assert [sms.parts_of("a" * n) for n in (160, 161, 306, 307)] == [1, 2, 2, 3]
    assert [sms.parts_of("€" * n) for n in (80, 81)] == [1, 2]
    assert [sms.parts_of("я" * n) for n in (70, 71, 134, 135)] == [1, 2, 2, 3]
    assert [sms.parts_of("\U0001f4a1" * n) for n in (35, 36)] == [1, 2]
    for language in LANGUAGES:
        for text in (first_text, door_text):
            assert sms.parts_of(text("sms", language, "https://help.an.example", "12345678")) == 1
            onion = text("sms", language, f"http://{'x' * 56}.onion", "12345678")
            assert sms.parts_of(onion) <= sms.PARTS_MOST


def test_a_long_text_never_goes_and_no_gateway_is_not_now(tmp_path: Path) -> None:
    async def talk() -> None:
        nobody = {"sendsms_url": f"http://127.0.0.1:{free_port()}/", "called_by": "word"}
        channel = sms.channel({**nobody, "port": str(free_port())}, store(tmp_path / "line"))
        async with at_work(channel, Taker()):
            await until(lambda: channel._called.http._session)
            with pytest.raises(Unreachable):
                await channel.send(b"+1", Departing("x"))
            with pytest.raises(CannotSend):
                await channel.send(b"+1", Departing("я" * 202))
            with pytest.raises(CannotSend):
                await channel.send(b"unknown", Departing("x"))
        with pytest.raises(Refused):
            await sms.channel({}, store(tmp_path / "line")).run(Taker())

    asyncio.run(talk())
