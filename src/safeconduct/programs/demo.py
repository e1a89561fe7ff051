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
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from safeconduct import host
from safeconduct.edges.desk.browser import NoBrowser, open_browser
from safeconduct.kernel.errors import Defect
from safeconduct.programs.asking import add_language
from safeconduct.programs.desk import command
from safeconduct.programs.players import Players
from safeconduct.programs.rehearsal import Script, script_in
from safeconduct.programs.wording import language, say

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
        rehearsal = Rehearsal(folder, asked.language, stack)
        rehearsal.make()
        rehearsal.show(windows=_has_screen() and not asked.no_window)
        rehearsal.stay()
    print(say("The rehearsal office is gone."))
    return 0


class Rehearsal(Players):
    """One rehearsal office with its server and its desks, which people can open."""

    def __init__(
        self, folder: Path, tongue: str, stack: ExitStack, script: Script | None = None
    ) -> None:
        """Prepare an office that plays a script, the rehearsal's own unless told."""
        super().__init__(folder, tongue, script or script_in(tongue))
        self._stack: Final = stack
        self._counter_url: Final = f"http://127.0.0.1:{free_port()}/"
        self._server: subprocess.Popen[str] | None = None
        self._desks: list[subprocess.Popen[str]] = []
        self._links: list[str] = []
        self._windows = False

    def make(self) -> None:
        """Start the server, make the office there, and open its desks."""
        self._make(self._serve())
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
        for name, link in zip(self._script.helpers, self._links, strict=True):
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
        listen = f"127.0.0.1:{free_port()}"
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


def _listen(asked: queue.SimpleQueue[bytes]) -> None:
    """Pass on each Enter; reads below Python's buffers, whose lock would hold up our end."""
    while typed := os.read(sys.stdin.fileno(), TYPED_BYTES):
        asked.put(typed)


def free_port() -> int:
    """Return a port of loopback on which nobody listens."""
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
    if child.stdout is not None:
        child.stdout.close()
