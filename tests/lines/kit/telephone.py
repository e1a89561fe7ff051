# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the telephone's engine beside an Asterisk of a test, and hears what the office would hear.

What is waited for is an event: a letter, or something that Asterisk says over a second sign-in,
which sees every channel and hears every number that the engine could have heard.
"""

from __future__ import annotations

import asyncio
import base64
import json
import queue
import subprocess
import sys
import threading
import time
import urllib.request
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import msgspec

from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.prompts import NUMBERS, Prompt, number
from tests.kit.patience import PATIENCE
from tests.lines.kit.asterisk import Asterisk
from tests.lines.kit.calls import Calls, call
from tests.lines.kit.sipp import Step

Told = dict[str, Any]
T = TypeVar("T")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class Engine:
    """The engine's process; killed and started again as a test asks."""

    file: Path
    duty: Path
    said: list[Told] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None
    _news: queue.Queue[Told] = field(default_factory=queue.Queue)

    def start(self) -> None:
        """Start it; return at once."""
        command = (sys.executable, "-m", "tests.lines.kit.phone_process", self.file)
        errors = self.file.with_suffix(".err").open("ab")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors)
        errors.close()
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()

    def kill(self) -> None:
        """End it as a crash would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(PATIENCE)

    def set_duty(self, *operators: Operator) -> None:
        """Put these on the list of who answers."""
        new = self.duty.with_suffix(".new")
        new.write_bytes(msgspec.json.encode(operators))
        new.replace(self.duty)

    def order(self, letter: Told, ring: str = "") -> None:
        """Let somebody of the office call back whom a letter tells of."""
        told = {"call": {"version": 1, "ring": ring, "when": letter["back"], "until": 1 << 60}}
        new = self.duty.with_name("order.new")
        new.write_text(json.dumps([letter["contact"] + letter["reach"], told]))
        new.replace(self.duty.with_name("order"))

    def letter(self, patience: float = PATIENCE, **told: object) -> Told:
        """Return a letter of this kind, come or to come."""
        return self.hear(
            lambda one: one["what"] == "letter" and told.items() <= one.items(), patience
        )

    def hear(self, wanted: Callable[[Told], bool], patience: float = PATIENCE) -> Told:
        """Return what the process said or says that is wanted."""
        until = time.monotonic() + patience
        at = 0
        while True:
            for one in self.said[at:]:
                if wanted(one):
                    return one
            at = len(self.said)
            try:
                self.said.append(self._news.get(timeout=max(0.01, until - time.monotonic())))
            except queue.Empty:
                raise AssertionError((self.said, self.errors())) from None

    def letters(self) -> list[Told]:
        """Return the letters that came by now."""
        while not self._news.empty():
            self.said.append(self._news.get())
        return [one for one in self.said if one["what"] == "letter"]

    def errors(self) -> str:
        """Return what the process complained about."""
        file = self.file.with_suffix(".err")
        return file.read_text()[-4_000:] if file.exists() else ""

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._news.put(json.loads(line))
        process.stdout.close()


def ari(asterisk: Asterisk, method: str, path: str) -> Any:  # noqa: ANN401  (JSON)
    """Ask Asterisk something, past the engine."""
    request = urllib.request.Request(f"{asterisk.ari}{path}", method=method)
    sign_in = f"{asterisk.exchange.ari.user}:{asterisk.exchange.ari.password}"
    request.add_header("Authorization", "Basic " + base64.b64encode(sign_in.encode()).decode())
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.loads(answer.read() or b"null")


def until(what: Callable[[], T | None], patience: float = PATIENCE) -> T:
    """Return what becomes true, as soon as it is."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError("in vain")


def bridges(asterisk: Asterisk) -> list[list[str]]:
    """Return the channels of each talk that goes on at Asterisk."""
    there = ari(asterisk, "GET", "/bridges")
    return [one["channels"] for one in there if one["id"].startswith("talk-") and one["channels"]]


def talk(asterisk: Asterisk) -> list[str]:
    """Return the two channels of the first talk, once there is one."""
    return until(lambda: next((one for one in bridges(asterisk) if len(one) == 2), None))


def sound_flows(asterisk: Asterisk, channels: list[str]) -> bool:
    """Return true once Asterisk has sent and received more sound for each of these calls."""

    def counts() -> list[tuple[int, int]]:
        told = [ari(asterisk, "GET", f"/channels/{one}/rtp_statistics") for one in channels]
        return [(one["txcount"], one["rxcount"]) for one in told]

    before = counts()
    return until(
        lambda: all(
            now > then
            for call, past in zip(counts(), before, strict=True)
            for now, then in zip(call, past, strict=True)
        )
    )


@contextmanager
def telephone(
    folder: Path, asterisk: Asterisk, *operators: Operator, languages: tuple[str, ...] = ("en",)
) -> Iterator[Engine]:
    """Run the engine, with these on its list, until left."""
    file, duty = folder / "engine.json", folder / "duty.json"
    told = {
        "url": asterisk.ari,
        "user": asterisk.exchange.ari.user,
        "password": asterisk.exchange.ari.password,
        "prompts": asterisk.exchange.folders.prompts,
        "languages": languages,
        "sound_port": asterisk.slot.sound_port,
        "duty": str(duty),
        "screens": [f"PJSIP/{o.name}" for o in asterisk.exchange.operators if o.way == "browser"],
    }
    file.write_text(json.dumps(told))
    engine = Engine(file, duty)
    engine.set_duty(*operators)
    engine.start()
    try:
        takes_calls(asterisk)
        yield engine
    finally:
        engine.kill()
    assert "Traceback" not in engine.errors(), engine.errors()


@contextmanager
def calling(folder: Path, asterisk: Asterisk, *steps: Step) -> Iterator[Calls]:
    """Call, and be gone when left, if not before."""
    one = call(folder, asterisk, steps)
    try:
        yield one
    finally:
        one.gone()


def takes_calls(asterisk: Asterisk) -> None:
    """Return once a program has signed in to take calls."""
    until(lambda: any(one["name"] == "hotline" for one in ari(asterisk, "GET", "/applications")))


def prompts_in(folder: Path, languages: tuple[str, ...]) -> Path:
    """Make all prompts, each of a fifth of a second: what they say is tested elsewhere."""
    names = [each.value for each in Prompt] + [number(each) for each in range(NUMBERS + 2)]
    files = [folder / language / f"{name}.wav" for language in languages for name in names]
    for file in [*files, folder / "hold" / "hold.wav"]:
        file.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(file), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8_000)
            sound.writeframes(bytes(3_200))
    return folder


class Watcher:
    """A second sign-in that hears all that Asterisk tells anybody, in its own words."""

    def __init__(self, asterisk: Asterisk) -> None:
        """Listen from when this returns, until `end`."""
        self.heard: list[str] = []
        self._asterisk = asterisk
        self._folder = f"sound:{asterisk.exchange.folders.prompts}"
        self._news = threading.Condition()
        self._there = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._there.wait(PATIENCE)

    def until(self, *parts: str, after: datetime = LONG_AGO) -> str:
        """Return the first event in whose words all parts stand, come or to come."""
        end = time.monotonic() + PATIENCE
        with self._news:
            while True:
                for one in self.heard:
                    if all(part in one for part in parts) and _when(one) > after:
                        return one
                assert self._news.wait(end - time.monotonic()), (parts, self.types())

    def at(self, *parts: str, after: datetime = LONG_AGO) -> datetime:
        """Return when, by Asterisk's own clock, that event came to be: the first after a time."""
        return _when(self.until(*parts, after=after))

    def later(self, begun: datetime, seconds: float) -> None:
        """Return so long after a time, by the same clock."""
        until(lambda: (datetime.now(UTC) - begun).total_seconds() > seconds)

    def ask(self, path: str) -> Any:  # noqa: ANN401  (JSON)
        """Return what Asterisk tells of something."""
        return ari(self._asterisk, "GET", path)

    def types(self) -> list[str]:
        """Return what kinds of events came, in their order."""
        return [json.loads(one)["type"] for one in self.heard]

    def played(self) -> list[str]:
        """Return the prompts that were begun, in their order, without their folder."""
        told = [json.loads(one) for one in self.heard if '"PlaybackStarted"' in one]
        return ["/".join(one["playback"]["media_uri"].split("/")[-2:]) for one in told]

    def plays(self, prompt: str) -> None:
        """Return once a prompt is begun."""
        self.until('"PlaybackStarted"', f'"media_uri":"{self._folder}/{prompt}"')

    def end(self) -> None:
        """Listen no longer."""
        with suppress(RuntimeError):  # It ended by itself, with Asterisk.
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        self._task = self._loop.create_task(self._listen())
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        self._loop.close()

    async def _listen(self) -> None:
        ari = self._asterisk.exchange.ari
        sign_in = {"Authorization": aiohttp.encode_basic_auth(ari.user, ari.password)}
        async with aiohttp.ClientSession(headers=sign_in) as session:
            told = {"app": "watcher", "subscribeAll": "true"}
            async with session.ws_connect(f"{self._asterisk.ari}/events", params=told) as socket:
                self._there.set()
                async for message in socket:
                    with self._news:
                        self.heard.append(str(message.data))
                        self._news.notify_all()


def _when(event: str) -> datetime:
    return datetime.fromisoformat(json.loads(event)["timestamp"])


@contextmanager
def watching(asterisk: Asterisk) -> Iterator[Watcher]:
    """Listen to all events, until left."""
    watcher = Watcher(asterisk)
    try:
        yield watcher
    finally:
        watcher.end()
