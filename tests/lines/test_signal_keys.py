# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signal: somebody with a new key is somebody else until the office says otherwise."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from safeconduct.edges.lines.channel import CannotSend, Departing
from safeconduct.edges.lines.kinds import signal
from tests.lines.kit.signal_server import WHO, Server, envelope
from tests.lines.kit.standing_in import Taker, at_work, places, store, until


def test_a_new_key_is_told_and_what_waited_under_it_comes(tmp_path: Path) -> None:
    server, line = Server(tmp_path / "java"), Taker()
    fault = {"message": "m", "type": "UntrustedIdentityException"}
    server.hand({"envelope": envelope(), "exception": fault})
    waiting = {"envelope": {**envelope(), "dataMessage": {"message": "it is me"}}}
    server.hand(waiting, waits_for_trust=True)

    async def talk() -> None:
        channel = signal.channel(server.settings, store(tmp_path / "line"))
        async with at_work(channel, line):
            await until(lambda: len(line.took) == 3)
            with pytest.raises(CannotSend):
                await channel.send(line.took[0].contact, Departing("for the key before"))
            await channel.send(line.took[1].contact, Departing("for this key"))

    asyncio.run(talk())
    before, begun, me = line.took
    assert "new key" in before.text
    assert "new key" in begun.text
    assert me.text == "it is me"
    assert begun.contact == me.contact != before.contact == WHO.encode()
    assert (before.said, begun.said) == ("", line.code(before.contact))
    assert [one["message"] for one in server.asked("send")] == ["for this key"]


def test_an_answer_for_the_key_before_goes_to_no_new_one_after_a_restart(tmp_path: Path) -> None:
    server, line = Server(tmp_path / "java"), Taker()
    kept = store(tmp_path / "line")
    fault = {"message": "m", "type": "UntrustedIdentityException"}
    server.hand({"envelope": envelope(), "exception": fault})

    async def talk() -> None:
        async with at_work(signal.channel(server.settings, kept), line):
            await until(lambda: len(line.took) == 2)
        again = signal.channel(server.settings, store(tmp_path / "line"))
        with pytest.raises(CannotSend):
            await again.send(WHO.encode(), Departing("for the key before"))

    asyncio.run(talk())
    assert not server.asked("send")
    assert places(WHO, tmp_path / "line") == []
