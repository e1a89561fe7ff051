# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office of real processes, with marker words put into every field, and everything seized.

Server, founding, desk and the desk's window are processes of whatever source tree is given, so
that the same search runs against the product and against a build that does not seal.
The person, the helper's hands and the search stay in this process.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

import psutil

from safeconduct.programs.seizures.markers import Markers, Seized, phrase_search
from safeconduct.programs.seizures.memory import scan_process, scan_swap
from safeconduct.programs.seizures.search import Search, scan_files
from tests.kit.browsers import NODE, joined
from tests.kit.offices import wait
from tests.kit.patching import PATCHES, ROOT, Patch
from tests.kit.patience import PATIENCE
from tests.kit.seized_visits import Helper, Person

FOUNDING: Final = (
    *("office", "founder", "founder's device"),
    *("colleague", "colleague's device", "passphrase"),
)
FIELDS: Final = (
    *FOUNDING,
    *("portal text", "portal file name", "portal file", "portal reply"),
    *("counter text", "counter file name", "counter file", "counter reply"),
    *("answer", "answer file name", "answer file", "note", "hand-over", "search"),
    *("answer draft", "note draft", "hand-over draft"),
)
OFFICE: Final = "tests.kit.seized_office"
SHARED_TEMPORARY: Final = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
GONE_SECONDS: Final = 5.0
LISTENS: Final = re.compile(r"http://127\.0\.0\.1:\d+")
CODE: Final = re.compile(r"\n  (\S+)\n")
FOLDERS: Final = ("server", "desks", "logs", "temporary", "person")
DESKS: Final = {"first": "chromium", "second": "firefox"}
"""Each desk, and the browser of its window."""
PROFILE: Final = {kind: f"profile of {kind}" for kind in DESKS.values()}
KILLED: Final = {kind: f"profile of {kind}, killed" for kind in DESKS.values()}
Process = subprocess.Popen[bytes]


def unsealed_build(folder: Path) -> Path:
    """Copy the product, take its sealing out, and bundle the page anew; return the source."""
    source = Patch(PATCHES / "builds" / "unsealed.patch").copy_without(folder)
    build = source / "safeconduct" / "edges" / "portal" / "browser" / "build.mjs"
    subprocess.run([str(NODE), str(build)], check=True, cwd=build.parent, timeout=PATIENCE)
    return source


def seize(source: Path, folder: Path) -> tuple[Markers, Seized]:
    """Run an office of a source tree, put a marker into every field, and search everything."""
    with ExitStack() as stack:
        run = _Run(source, folder, stack)
        run.whole()
        return run.markers, run.seized


class _Run:
    """One run; its folders are the office's, apart from `person`, which nobody seizes."""

    def __init__(self, source: Path, folder: Path, stack: ExitStack) -> None:
        self.markers = Markers.draw(FIELDS)
        self.seized = Seized()
        self._search = Search(self.markers.all)
        self._source = source
        self._stack = stack
        self._began = time.time() - 1
        self._desks: list[Process] = []
        self._windows: list[Process] = []
        self._folders = {name: folder / name for name in FOLDERS}
        for path in self._folders.values():
            path.mkdir()

    def whole(self) -> None:
        """Everything, in order."""
        server, counter = self._serve()
        url, code = self._told("server", LISTENS), self._told("server", CODE)
        self._found(url, code)
        profiles = {kind: self._open(home, kind) for home, kind in DESKS.items()}
        for profile in profiles.values():  # A build that does not seal leaves them.
            self._stack.callback(shutil.rmtree, profile, ignore_errors=True)
        phrases = self._visit(server, (url, counter), profiles)
        searches = self._search, phrase_search(phrases)
        self._kill_windows(profiles, searches)
        for search in searches:
            self._search_memory(search, server)
            self._search_files(search, "server's files", self._folders["server"])
        for process in (*reversed(self._desks), server):
            _end(process)
        for search in searches:
            self._search_rest(search)

    def _visit(
        self, server: Process, urls: tuple[str, str], profiles: Mapping[str, Path]
    ) -> list[list[str]]:
        """Let a person write both ways, helpers answer, and the person reply; return phrases."""
        portal, counter = urls
        person = Person(self.markers, self._folders["person"])
        with person.at_home():
            words = person.write_to_portal(portal)
            with self._one_request(server):
                others = person.write_to_counter(counter)
            with joined("chromium", profiles["chromium"]) as page:
                Helper(self.markers, page).work(person.file("answer"))
            with joined("firefox", profiles["firefox"]) as page:
                Helper(self.markers, page).read_along()
            for kind, profile in profiles.items():
                self._search_files(self._search, PROFILE[kind], profile)
            person.come_back(portal, words)
            with self._one_request(server):
                person.come_back_to_counter(counter, others)
        return [words, others]

    # --- the office

    def _open(self, home: str, kind: str) -> Path:
        """Start a desk and its window; return where the window's profile is."""
        desk, window = f"{home} desk", f"{home} window"
        path = str(self._folders["desks"] / home)
        self._desks.append(self._start(desk, ["-m", OFFICE, "desk", path]))
        link = self._told(desk)
        self._windows.append(self._start(window, ["-m", OFFICE, "window", link, kind]))
        return Path(self._told(window))

    def _serve(self) -> tuple[Process, str]:
        port = _free_port()
        command = ["-m", "safeconduct", "serve", str(self._folders["server"])]
        command += ["--listen", "127.0.0.1:0", "--counter", f"127.0.0.1:{port}"]
        return self._start("server", command), f"http://127.0.0.1:{port}/"

    def _found(self, url: str, code: str) -> None:
        homes = [str(self._folders["desks"] / name) for name in ("first", "second")]
        found = self._start("founding", ["-m", OFFICE, "found", url, code, *homes])
        assert found.stdin
        told = {name: self.markers[name] for name in FOUNDING}
        found.stdin.write(json.dumps(told).encode() + b"\n")
        found.stdin.flush()
        error = self._folders["logs"] / "founding.err"
        assert found.wait(PATIENCE) == 0, error.read_text(encoding="utf-8")[-3000:]

    def _start(self, name: str, arguments: list[str]) -> Process:
        """Start a process of the source tree; what it says goes into files that are searched."""
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(self._source), str(ROOT))),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(self._folders["temporary"]),
            "LC_ALL": "C.UTF-8",
        }
        out, err = (
            self._stack.enter_context((self._folders["logs"] / f"{name}.{end}").open("wb"))
            for end in ("out", "err")
        )
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=err,
            env=environment,
            cwd=self._folders["temporary"],
        )
        self._stack.callback(_end, process)
        return process

    def _told(self, name: str, what: re.Pattern[str] = re.compile(r"(.+)\n")) -> str:
        """Wait until a process has said something, and return it."""
        log = self._folders["logs"] / f"{name}.out"
        wait(lambda: what.search(log.read_text(encoding="utf-8")) is not None)
        found = what.search(log.read_text(encoding="utf-8"))
        assert found
        return found[what.groups]

    # --- the seizure

    @contextmanager
    def _one_request(self, server: Process) -> Iterator[None]:
        """Hold the counter to this: 5 s after its answer the process that gave it is gone."""
        parent = psutil.Process(server.pid)
        wait(lambda: bool(parent.children()))
        before = {child.pid for child in parent.children()}
        yield
        wait(lambda: bool(before - {child.pid for child in parent.children()}), GONE_SECONDS)
        self._search_memory(self._search, server)

    def _search_memory(self, search: Search, server: Process) -> None:
        root = psutil.Process(server.pid)
        for process in (root, *root.children(recursive=True)):
            with self.seized.place("server's memory", search) as found:
                found.update(scan_process(search, process.pid))

    def _search_files(self, search: Search, place: str, *roots: Path) -> None:
        with self.seized.place(place, search) as found:
            found.update(scan_files(search, *roots))

    def _search_rest(self, search: Search) -> None:
        folders, temporary = self._folders, (self._folders["temporary"], *self._left_behind())
        self._search_files(search, "server's files", folders["server"])
        self._search_files(search, "desk's files", folders["desks"])
        self._search_files(search, "logs", folders["logs"])
        self._search_files(search, "temporary folders", *temporary)
        with self.seized.place("swap", search) as found:
            finds, devices = scan_swap(search)
            found.update(finds)
        self.seized.notes = [f"swap searched: {devices or 'none, this machine has no swap'}"]

    def _kill_windows(self, profiles: Mapping[str, Path], searches: Sequence[Search]) -> None:
        """Kill each window with all that belongs to it, and search what nobody tidied up."""
        for window in self._windows:
            family = psutil.Process(window.pid).children(recursive=True)
            window.kill()
            for process in family:
                process.kill()
            psutil.wait_procs(family, PATIENCE)
            window.wait()
        for kind, profile in profiles.items():
            assert profile.exists(), "the window's profile was not there to be searched"
            for search in searches:
                self._search_files(search, KILLED[kind], profile)

    def _left_behind(self) -> list[Path]:
        """What this run may have left in folders that all programs share."""
        mine = self._folders["person"].parent
        paths = [path for root in SHARED_TEMPORARY if root.exists() for path in root.iterdir()]
        return [
            path
            for path in paths
            if not mine.is_relative_to(path) and path.lstat().st_mtime >= self._began
        ]


def _end(process: Process) -> None:
    """End a process that was started here."""
    if process.stdin is not None and not process.stdin.closed:
        process.stdin.close()
    if OFFICE in str(process.args):  # It ends when its standard input does, and tidies up first.
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
