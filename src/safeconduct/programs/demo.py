# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct demo`: a rehearsal office on this machine, gone when it is stopped.

Everything is real: the server is `safeconduct serve`, the letters are sealed and sent as a person's
page does, and the two desks are those of `safeconduct desk`.  Only the country is invented.
"""

from __future__ import annotations

import argparse
import os
import queue
import re
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safeconduct import host
from safeconduct.edges.counter.config import CounterConfig
from safeconduct.edges.counter.courier import Courier
from safeconduct.edges.desk.browser import NoBrowser, open_browser
from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.founding import Names, Relay, found_office
from safeconduct.edges.desk.inviting import Inviter
from safeconduct.edges.desk.joining import Joiner, Way
from safeconduct.edges.desk.meeting import HttpMeeting
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Defect, Unreachable
from safeconduct.kernel.phrase import canonical, read_phrase, words_of
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.lock import BlobSealer
from safeconduct.kernel.seal.stretch import part, stretch_phrase
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import ConversationId, OfficeId
from safeconduct.programs.asking import add_language
from safeconduct.programs.desk import command
from safeconduct.programs.rehearsal import DEVICES, HELPERS, OFFICE, TALKS, Talk
from safeconduct.programs.wording import language, say
from safeconduct.rooms.crew import Role
from safeconduct.rooms.hotline.events import SealedFile
from safeconduct.rooms.hotline.letters import (
    Letter,
    conversation_of,
    parse_certificate,
    seal_letter,
)

WAIT_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.1
STAY_SECONDS: Final = 0.5
TYPED_BYTES: Final = 4096
PHRASE_BYTES: Final = 11
PHRASE_WORDS: Final = 8
CODE: Final = re.compile(r"  (\S+)\n")
"""How `serve` shows its founding code, in any language: alone on a line."""


def run(arguments: list[str]) -> int:
    """Make the office, show where it is, and stay until it is stopped."""
    parser = argparse.ArgumentParser(
        prog="safeconduct demo",
        description=say("Try everything out in a rehearsal office in an invented country."),
    )
    add_language(parser, say("language of the rehearsal"), language())
    parser.add_argument("--no-window", action="store_true", help=say("only print the addresses"))
    asked = parser.parse_args(arguments)
    with ExitStack() as stack:
        host.unwind_when_asked_to_end()
        folder, _ = host.private_folder("rehearsal-")
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        print(say("Making a rehearsal office in Veshnia, which does not exist..."), flush=True)
        rehearsal = _Rehearsal(folder, asked.language, stack)
        rehearsal.make()
        rehearsal.show(windows=_has_screen() and not asked.no_window)
        rehearsal.stay()
    print(say("The rehearsal office is gone."))
    return 0


@dataclass(frozen=True, slots=True)
class _Person:
    """Someone who writes, as her browser would know her."""

    voice: bytes
    address: bytes
    key: SealingKey


class _Rehearsal:
    """One rehearsal office: its server, its two desks, its letters."""

    def __init__(self, folder: Path, tongue: str, stack: ExitStack) -> None:
        self._folder: Final = folder
        self._tongue: Final = tongue
        self._stack: Final = stack
        self._homes: Final = (folder / "first", folder / "second")
        self._passphrase: Final = " ".join(words_of(secrets.token_bytes(6), 4, tongue))
        self._counter_url: Final = f"http://127.0.0.1:{_free_port()}/"
        self._server: subprocess.Popen[str] | None = None
        self._desks: list[subprocess.Popen[str]] = []
        self._links: list[str] = []
        self._windows = False
        self.url = ""

    def make(self) -> None:
        """Found the office, let the second desk join, and let people write and be answered."""
        code = self._serve()
        names = Names(
            OFFICE[self._tongue],
            self._tongue,
            HELPERS[self._tongue][0],
            DEVICES[self._tongue][0],
        )
        found_office(self._homes[0], self._passphrase, names, Relay.over_http(self.url, code))
        desk = Desk.open(self._homes[0], self._passphrase)
        line = Line(self.url, desk.journal.office)
        courier = HttpCourier(line, desk.journal.place.capability)
        desk.start(courier)
        try:
            self._join(Inviter(desk.journal, courier, HttpMeeting(line)))
            for talk in TALKS[self._tongue]:
                self._play(desk, talk)
            _until(lambda: desk.status().unsent == 0)
        finally:
            desk.stop()
        self._links = [self._open(home) for home in self._homes]

    def show(self, *, windows: bool) -> None:
        """Say where everything is, and open it where there is a screen."""
        print()
        print(say("Public page:                {url}", url=self.url + "/"))
        print(say("The way without scripts:    {url}", url=self._counter_url))
        print(say("Passphrase of both desks:   {passphrase}", passphrase=self._passphrase))
        self._show_links()
        print(say("\nStop with Ctrl-C; then everything is removed."), flush=True)
        self._windows = windows
        self._open_windows(self.url + "/", self._counter_url, *self._links)

    def stay(self) -> None:
        """Stay until the person stops us, or the server ends; make new links when they ask."""
        assert self._server is not None
        asked: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(asked,), daemon=True).start()
        try:
            while self._server.poll() is None:
                with suppress(queue.Empty):
                    asked.get(timeout=STAY_SECONDS)
                    self._renew_links()
        except KeyboardInterrupt:
            print()

    def _show_links(self) -> None:
        for name, link in zip(HELPERS[self._tongue], self._links, strict=True):
            print(say("Desk of {name}: {link}", name=name, link=link))
        print(
            say(
                "A desk's link opens once, within two minutes.  Press Enter for new links; "
                "desks that are open are locked then."
            ),
            flush=True,
        )

    def _renew_links(self) -> None:
        """Start both desks anew: only a desk that starts gives a link."""
        for child in self._desks:
            _end(child)
        self._desks.clear()
        self._links = [self._open(home) for home in self._homes]
        self._show_links()
        self._open_windows(*self._links)

    def _serve(self) -> str:
        """Start the server; return its founding code."""
        counter = self._counter_url.removeprefix("http://").rstrip("/")
        listen = f"127.0.0.1:{_free_port()}"
        arguments = [sys.executable, "-m", "safeconduct", "serve", str(self._folder / "server")]
        arguments += ["--listen", listen, "--counter", counter, "--language", self._tongue]
        self._server = subprocess.Popen(  # noqa: S603  (our own program, no shell)
            arguments, stdout=subprocess.PIPE, text=True
        )
        self._stack.callback(_end, self._server)
        assert self._server.stdout is not None
        self.url = f"http://{listen}"
        for text in self._server.stdout:
            if code := CODE.match(text):
                return code[1]
        raise Defect

    def _join(self, inviter: Inviter) -> None:
        """Let the second desk join; both sides of the comparison are here."""
        joiner = Joiner(inviter.invite(), DEVICES[self._tongue][1], Way.over_http())
        joiner.promise()
        _until(lambda: inviter.look() is None and joiner.look() is not None)
        _until(lambda: inviter.look() == joiner.look())
        inviter.admit(HELPERS[self._tongue][1], frozenset({Role.STEWARD, Role.OPERATOR}))
        _until(lambda: joiner.finish(self._homes[1], self._passphrase))

    def _play(self, desk: Desk, talk: Talk) -> None:
        """Let one person write, and the office do what the rehearsal says."""
        person = self._someone(desk.journal.office, talk.language)
        conversation = conversation_of(person.voice)
        for number, text in enumerate(talk.letters, 1):
            self._write(desk, person, talk, text, with_file=number == 1)
            self._await(desk, conversation, number)
            if number == 1 and talk.answer:
                desk.mark_read(conversation)
                desk.claim(conversation)
                desk.answer(conversation, talk.answer)
                desk.note(conversation, talk.note)

    def _await(self, desk: Desk, conversation: ConversationId, count: int) -> None:
        """Wait until the desk has so many letters of one person."""

        def there() -> bool:
            held = desk.conversation(conversation)
            return held is not None and len(held.messages) == count

        _until(there)

    def _someone(self, office: OfficeId, tongue: str) -> _Person:
        phrase = " ".join(words_of(secrets.token_bytes(PHRASE_BYTES), PHRASE_WORDS, tongue))
        secret = stretch_phrase(canonical(read_phrase(phrase, language=tongue)), office)
        seal = SealingKey.from_seed(part(secret, "mailbox-seal"))
        return _Person(part(secret, "mailbox-voice"), part(secret, "mailbox-address"), seal)

    def _write(
        self, desk: Desk, person: _Person, talk: Talk, text: str, *, with_file: bool
    ) -> None:
        """Seal and send one letter as a page does: words first, then the file."""
        founded = desk.roster().founded
        assert founded is not None
        pinned = LongVerifyKey.parse(founded.intake_signing_key)
        office = desk.journal.office
        post = Courier(CounterConfig(office=office, intake_signing=pinned.raw, relay=self.url))
        terms = post.terms()
        certificate = parse_certificate(terms.certificate, office, pinned)
        files: tuple[SealedFile, ...] = ()
        content, key = b"", secrets.token_bytes(32)
        if with_file and talk.file:
            content = talk.file[1].encode()
            sealer = BlobSealer(key, len(content))
            files = (SealedFile(sealer.plan.blob, key, talk.file[0], len(content), "text/plain"),)
        letter = Letter(
            format=1,
            voice=person.voice,
            address=person.address,
            key=person.key.public.raw,
            language=talk.language,
            text=text,
            files=files,
            extras={},
        )
        post.submit(seal_letter(letter, certificate), terms)
        if files:
            token = secrets.token_bytes(32)
            post.offer(sealer.plan, token, terms)
            post.put(sealer.plan.blob, 0, sealer.seal(0, content), token)

    def _open(self, home: Path) -> str:
        """Start a desk; return its one-time link.  It ends when we do."""
        child = subprocess.Popen(  # noqa: S603  (our own program, no shell)
            command(home, rehearsal=True), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._stack.callback(_end, child)
        self._desks.append(child)
        assert child.stdout is not None
        return child.stdout.readline().strip()

    def _open_windows(self, *links: str) -> None:
        """Open windows where there is a screen."""
        for link in links if self._windows else ():
            try:
                window = open_browser(link)
            except NoBrowser:
                return
            self._stack.callback(window.close)


def _until(done: Callable[[], bool]) -> None:
    """Wait until something is so; raises Unreachable when it takes a minute."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if done():
            return
        time.sleep(LOOK_SECONDS)
    raise Unreachable


def _listen(asked: queue.SimpleQueue[bytes]) -> None:
    """Pass on each Enter; reads below Python's buffers, whose lock would hold up our end."""
    while typed := os.read(sys.stdin.fileno(), TYPED_BYTES):
        asked.put(typed)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


def _has_screen() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _end(child: subprocess.Popen[str]) -> None:
    if child.stdin is not None:
        child.stdin.close()
    child.terminate()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
