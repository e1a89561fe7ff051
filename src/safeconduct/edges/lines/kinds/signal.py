# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signal, by signal-cli as a child of the line (spec/lines.md 4 and 6).

signal-cli confirms a message to Signal's server as soon as it is in its own folder, and no later;
so it is asked for one message at a time, and both the message and that folder are sealed and
durable before the line takes it.  Whatever ends in between, it is taken at the next start.
The folder lies in memory; numbers are neither read nor kept by us.
"""

from __future__ import annotations

import asyncio
import base64
import re
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from safeconduct.edges.lines.came import in_words
from safeconduct.edges.lines.channel import (
    Arrived,
    Ask,
    CannotSend,
    Departing,
    FileHere,
    Kept,
    KeptFolder,
    Line,
)
from safeconduct.edges.lines.kinds.age import too_old
from safeconduct.edges.lines.kinds.forms import jars_of
from safeconduct.edges.lines.kinds.signal_keys import Keys
from safeconduct.edges.lines.kinds.sizes import BYTES_MOST, lost, within
from safeconduct.edges.lines.pipe import CallRefused, Child, NoProgram, child
from safeconduct.edges.lines.reading.signal import (
    Attachment,
    Incoming,
    built_on,
    parse_accounts,
    parse_received,
    parse_results,
    parse_version,
    without_first,
)
from safeconduct.kernel.errors import Malformed, Refused, Unreachable
from safeconduct.rooms.hotline.by_line import Kind

ASKS: Final = (
    Ask("account", form="number"),
    Ask("program", form="signal_cli"),
    Ask("java_home", form="java"),
    Ask("brought_from", unless="-", form="folder"),
    Ask("fades_after", unless="86400", form="seconds"),
)
FOLDER: Final = "signal"
PASSING: Final = "signal-passing"
"""For what signal-cli and Java write down for a moment: never kept, and never on a disk."""
PENDING: Final = "signal-pending"
"""Under this name lies what came and is not taken yet."""
NOTHING: Final = b"[]"
FILES: Final = "attachments"
MAIN: Final = "org.asamk.signal.Main"
LEAST: Final = (0, 14, 1)
"""Signal's servers close the accounts of older ones (AsamK/signal-cli #1993)."""
OUTDATED_DAYS: Final = 60
"""Signal's servers close clients earlier than others do."""
WAIT: Final = 30
"""Seconds that it is asked to wait for a message."""
SLACK: Final = 90
SHORT: Final = 60
SENDING: Final = 300
FADES: Final = 86_400
KNOWN_MOST: Final = 4_096
KEEP_TRIES: Final = 20
OUTDATED: Final = re.compile(r"deprecat|\b499\b", re.IGNORECASE)
CLOSED: Final = re.compile(r"not registered|authori[sz]ation failed|\b40[13]\b", re.IGNORECASE)
NEVER: Final = frozenset({"UNREGISTERED_FAILURE"})
UNSAFE: Final = re.compile(r"[^\w.() -]")
"""What would end a name within a data address."""


class Signal:
    """An account of the office's."""

    kind: Kind = "signal"

    def __init__(self, settings: Mapping[str, str], kept: Kept) -> None:
        ask = {ask.name: settings.get(ask.name, "") or ask.unless for ask in ASKS}
        self._account: Final = ask["account"]
        self._jars: Final = jars_of(Path(ask["program"]))
        self._java: Final = Path(ask["java_home"]) / "bin" / "java"
        self._from: Final = ask["brought_from"].strip("-")
        self._fades: Final = int(ask["fades_after"]) if ask["fades_after"].isdecimal() else FADES
        self._kept: Final = kept
        self._keys: Final = Keys(kept)
        self._still: Final = asyncio.Lock()
        self._fading: Final = dict[str, None]()
        self._child: Child | None = None
        self._outdated = False

    async def run(self, line: Line) -> None:
        """Bring what comes, until cancelled.

        Raises:
            NoProgram: signal-cli or its Java is not where the settings say.
            Unreachable: signal-cli or Signal's server is gone.
            Refused: signal-cli does not have the account, or Signal's server closed it.
        """
        with self._kept.folder(FOLDER) as home, self._kept.folder(PASSING) as passing:
            self._bring(home)
            try:
                async with self._started(home.path, passing.path) as running:
                    await self._greet(running, line)
                    await self._take_pending(home, line)
                    while True:
                        await self._receive(running, home, line)
            finally:
                home.keep()

    async def send(self, contact: bytes, out: Departing) -> None:
        """Send a text and files; what was said fades from the person's phone.

        Raises:
            Unreachable: not now.
            CannotSend: there is no such account any more, or it has another key by now.
        """
        who = self._keys.who(contact)
        running = self._child
        if running is None:
            raise Unreachable
        async with self._still:
            await self._fade(running, who)
            await self._send(running, who, out)

    async def _send(self, running: Child, who: str, out: Departing) -> None:
        files = [_as_address(file) for file in out.files]
        asked: dict[str, object] = {"account": self._account, "recipient": [who]}
        asked |= {"message": out.text} | ({"attachment": files} if files else {})
        try:
            answer = await running.call("send", SENDING, **asked)
        except CallRefused as refused:
            raise CannotSend if _names(refused, NEVER) else Unreachable from None
        became = parse_results(bytes(answer))
        if became & NEVER:
            raise CannotSend
        if became - {"SUCCESS"}:
            raise Unreachable

    async def _fade(self, running: Child, who: str) -> None:
        """Let what both write fade, before anything is said; once for a person and a start."""
        if who in self._fading or not self._fades:
            return
        with suppress(CallRefused):
            asked = {"recipient": who, "expiration": self._fades}
            await running.call("updateContact", SHORT, account=self._account, **asked)
            self._remember(who)

    def _remember(self, who: str) -> None:
        self._fading[who] = None
        while len(self._fading) > KNOWN_MOST:
            del self._fading[next(iter(self._fading))]

    def _bring(self, home: KeptFolder) -> None:
        """Take over an account that was registered elsewhere, at the first start alone."""
        source = Path(self._from)
        if not self._from or (home.path / "data").exists() or not source.is_dir():
            return
        shutil.copytree(source, home.path, dirs_exist_ok=True)
        home.keep()

    @asynccontextmanager
    async def _started(self, home: Path, passing: Path) -> AsyncIterator[Child]:
        if not self._jars.is_dir():
            raise NoProgram
        command = [
            str(self._java), "-XX:-UsePerfData", "-XX:+DisableAttachMechanism",
            "-XX:-CreateCoredumpOnCrash", f"-XX:ErrorFile={passing}/java", "-Xmx384m",
            f"-Djava.io.tmpdir={passing}", "--enable-native-access=ALL-UNNAMED",
            "-cp", str(self._jars / "*"), MAIN, "--config", str(home),
            "jsonRpc", "--receive-mode=manual",
        ]  # fmt: skip
        environment = {"HOME": str(passing), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
        async with child(command, environment, str(passing)) as running:
            self._child = running
            try:
                yield running
            finally:
                self._child = None

    async def _greet(self, running: Child, line: Line) -> None:
        try:
            version = parse_version(bytes(await running.call("version", SHORT)))
            accounts = parse_accounts(bytes(await running.call("listAccounts", SHORT)))
        except CallRefused:
            raise Unreachable from None
        self._outdated = version < LEAST
        self._note_age(line)
        if self._account not in accounts:
            raise Refused

    def _note_age(self, line: Line) -> None:
        """Say again and again that the client is too old; the line tells of it once an hour."""
        line.outdated(self._outdated or too_old(built_on(self._jars), OUTDATED_DAYS))

    async def _receive(self, running: Child, home: KeptFolder, line: Line) -> None:
        asked = {"account": self._account, "timeout": WAIT, "maxMessages": 1}
        try:
            answer = bytes(await running.call("receive", WAIT + SLACK, **asked))
        except CallRefused as refused:
            if OUTDATED.search(refused.said):
                line.outdated()
            raise (Refused if CLOSED.search(refused.said) else Unreachable) from None
        line.heard()
        self._note_age(line)
        if answer.strip() in {b"", NOTHING, b"null"}:
            return
        await self._keep_all(home, answer)
        await self._take_pending(home, line)

    async def _keep_all(self, home: KeptFolder, pending: bytes) -> None:
        await asyncio.to_thread(self._kept.save, PENDING, pending)
        async with self._still:
            await asyncio.to_thread(_keep_still, home)

    async def _take_pending(self, home: KeptFolder, line: Line) -> None:
        """Take what came, one after another; its files go once the line has all of it."""
        pending = self._kept.load(PENDING) or NOTHING
        try:
            came = parse_received(pending)
        except Malformed:
            came = ()
        for one in came:
            if one is not None:
                await self._take(one, home.path, line)
            pending = without_first(pending)
            await asyncio.to_thread(self._kept.save, PENDING, pending)
        if _tidy(home.path):
            await self._keep_all(home, NOTHING)

    async def _take(self, one: Incoming, home: Path, line: Line) -> None:
        files, left = list[FileHere](), list[str]()
        for file in one.files:
            content = _read(_where(home, file))
            if content is None:
                left.append(lost(file.filename or ""))
            else:
                name = file.filename or file.id or "file"
                files.append(FileHere(name, file.content_type, content))
        contact = self._keys.contact(one.who)
        words, taken = within(one.words, files, left)
        await line.take(Arrived(contact, words, taken))
        if one.fades == self._fades:
            self._remember(one.who)
        elif one.fades is not None:
            self._fading.pop(one.who, None)
        if one.new_key and one.who:
            begun = self._keys.anew(one.who)
            await line.take(Arrived(begun, in_words("new_key"), said=line.code(contact)))
            await self._trust(one.who)

    async def _trust(self, who: str) -> None:
        """Let a person with a new key be read: the letter says it, and the office decides.

        What waits under that key comes with the next question for messages.
        """
        if self._child is None or not who:
            return
        with suppress(CallRefused):
            asked = {"recipient": who, "trustAllKnownKeys": True}
            await self._child.call("trust", SHORT, account=self._account, **asked)


def _tidy(home: Path) -> bool:
    """Delete all files that came: nothing waits any more.  Tell whether there were any."""
    files = [path for path in (home / FILES).glob("*") if path.is_file()]
    for path in files:
        path.unlink()
    return bool(files)


def _where(home: Path, file: Attachment) -> Path:
    """The place of a file in signal-cli's folder; a name that leads out of it leads nowhere."""
    name = Path(file.id).name
    return home / FILES / (name if name == file.id and name not in {"", "..", "."} else "-")


def _keep_still(home: KeptFolder) -> None:
    """Keep the folder as it stands while nothing is written in it: half a database is none.

    Raises:
        Unreachable: signal-cli writes on and on.
    """
    for _ in range(KEEP_TRIES):
        before = _stamps(home.path)
        # A file may go while it is looked at.
        with suppress(FileNotFoundError):
            home.keep()
            if before is not None and before == _stamps(home.path):
                return
    raise Unreachable


def _stamps(home: Path) -> frozenset[tuple[str, int, int]] | None:
    try:
        found = [(path, path.stat()) for path in home.rglob("*")]
    except FileNotFoundError:
        return None
    return frozenset((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.stat().st_size <= BYTES_MOST else None
    except (OSError, ValueError):  # A name may hold what no path can.
        return None


def _as_address(file: FileHere) -> str:
    """A file as RFC 2397 has it, so that it touches no disk on its way."""
    name = UNSAFE.sub("_", file.name) or "file"
    media = file.media_type if "/" in file.media_type and ";" not in file.media_type else ""
    content = base64.b64encode(file.content).decode()
    return f"data:{media or 'application/octet-stream'};filename={name};base64,{content}"


def _names(refused: CallRefused, results: frozenset[str]) -> bool:
    return any(one in refused.said for one in results)


def channel(settings: Mapping[str, str], kept: Kept) -> Signal:
    """Return the channel; it connects to nothing before `run`."""
    return Signal(settings, kept)
