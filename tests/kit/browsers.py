# SPDX-License-Identifier: AGPL-3.0-or-later
"""Real Chromium and real Firefox for tests, driven alike through one Node script.

`browsers.mjs` speaks CDP to Chromium and WebDriver BiDi to Firefox, so that a test is written
once and runs in both.  Each browser has a throw-away profile, which a test may search afterwards.
`own_window` drives the desk's own window instead, in the profile that the desk makes for it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psutil

from safeconduct.edges.desk.browser import Browser as Kind
from safeconduct.edges.desk.browser import Window, open_browser
from tests.kit.patience import PATIENCE, PATIENT

KIT: Final = Path(__file__).parent
NODE: Final = Path(sys.executable).with_name("node.exe" if sys.platform == "win32" else "node")
"""The pinned one, which tools/node.py links."""
KINDS: Final = ("chromium", "firefox")
_PUPPETEERS: Final = {"chromium": "chrome", "firefox": "firefox"}
_TOLD_IN: Final = {"chromium": "DevToolsActivePort", "firefox": "WebDriverBiDiServer.json"}
_NAMES: Final = {"chromium": ("chromium", "google-chrome"), "firefox": ("firefox-esr", "firefox")}
_CHROMIUM_ARGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
)


class Browser:
    """One browser with one open page; every method waits for its answer."""

    def __init__(self, kind: str, folder: Path, process: subprocess.Popen[str]) -> None:
        """Keep a driver that was started by `browser`."""
        self.kind = kind
        self.profile = folder / "profile"
        self.downloads = folder / "downloads"
        self._process = process

    def goto(self, url: str) -> None:
        """Open an address and wait until the page is loaded."""
        self._ask("goto", url=url)

    def fill(self, at: str, text: str) -> None:
        """Put text into a field at once, as a paste would."""
        self._ask("fill", at=at, text=text)

    def type(self, at: str, text: str) -> None:
        """Type text key by key."""
        self._ask("type", at=at, text=text)

    def click(self, at: str) -> None:
        """Click the element that a CSS selector names."""
        self._ask("click", at=at)

    def press(self, key: str) -> None:
        """Press a key, such as `Escape` or `Shift+Tab`.

        Behind the last field of a page Tab goes to the browser's own bars: Firefox then hears no
        more keys for the page, although its `activeElement` goes on.
        """
        self._ask("press", key=key)

    def press_twice(self, key: str) -> None:
        """Press a key twice at once, which a slow machine makes no two presses of."""
        self._ask("twice", key=key)

    def text(self, at: str) -> str:
        """Return the visible text of an element."""
        return str(self._ask("text", at=at))

    def texts(self, at: str) -> list[str]:
        """Return the visible text of every element that a selector names."""
        return list(self._ask("texts", at=at))

    def visible(self, at: str) -> bool:
        """Tell whether a person could see an element."""
        return bool(self._ask("visible", at=at))

    def upload(self, at: str, *paths: Path) -> None:
        """Choose files in a file field."""
        self._ask("upload", at=at, paths=[str(path) for path in paths])

    def evaluate(self, script: str) -> Any:  # noqa: ANN401  (whatever the script gives)
        """Run an expression in the page and return its value."""
        return self._ask("evaluate", script=script)

    def wait(self, script: str, *, seconds: float = PATIENCE) -> None:
        """Wait until an expression is true in the page."""
        self._ask("wait", script=script, seconds=seconds)

    def wait_visible(self, at: str, *, seconds: float = PATIENCE) -> None:
        """Wait until a person could see an element."""
        self.wait(f"document.querySelector({at!r})?.checkVisibility()", seconds=seconds)

    def wait_text(self, at: str, part: str, *, seconds: float = PATIENCE) -> None:
        """Wait until an element says something."""
        element = f"document.querySelector({at!r})"
        wanted = json.dumps(part)
        self.wait(f"{element}?.innerText.includes({wanted})", seconds=seconds)

    def view(self, width: int, height: int) -> None:
        """Set the size of the window's inside."""
        self._ask("view", width=width, height=height)

    def dark(self, *, on: bool) -> None:
        """Prefer dark colours, or light ones (Chromium)."""
        value = "dark" if on else "light"
        self._ask("media", features=[{"name": "prefers-color-scheme", "value": value}])

    def language(self, tag: str) -> None:
        """Ask servers for pages in a language."""
        self._ask("headers", headers={"Accept-Language": tag})

    def script(self, *, on: bool) -> None:
        """Switch JavaScript on or off for the pages to come (Chromium)."""
        self._ask("script", on=on)

    def wait_for(self, true: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
        """Wait until something outside the page is true."""
        until = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < until, f"{self.kind}: waited for {seconds} s in vain"
            time.sleep(0.05)

    def preload(self, script: str) -> None:
        """Run a script before those of every page to come in this tab."""
        self._ask("preload", script=script)

    def shot(self, path: Path, *, full: bool = False) -> None:
        """Take a picture, of the whole page if `full`."""
        self._ask("shot", path=str(path), full=full)

    def seen(self) -> list[dict[str, str]]:
        """Return requests (method, url) and errors since the last look."""
        return list(self._ask("seen"))

    def throttle(self, rate: float) -> None:
        """Slow the page's processor down (Chromium)."""
        self._ask("throttle", rate=rate)

    def network(self, *, down: int, up: int, latency: int) -> None:
        """Slow the page's line down: bits a second both ways, milliseconds a call (Chromium)."""
        self._ask("network", download=down / 8, upload=up / 8, latency=latency)

    def renew(self, *, apart: bool = False) -> None:
        """Close the page and open an empty one; `apart` from all that the browser kept so far."""
        self._ask("renew", apart=apart)

    def processes(self) -> list[psutil.Process]:
        """Return the browser's processes."""
        root = psutil.Process(int(self._ask("pid")))
        return [root, *root.children(recursive=True)]

    def close(self) -> None:
        """End the browser."""
        if self._process.poll() is None:
            self._ask("close")
            self._process.wait(PATIENCE)

    def _ask(self, what: str, **request: object) -> Any:  # noqa: ANN401  (as the command gives)
        sender, receiver = self._process.stdin, self._process.stdout
        assert sender is not None
        assert receiver is not None
        sender.write(json.dumps({"ask": what, **request}) + "\n")
        sender.flush()
        line = receiver.readline()
        assert line, f"the driver of {self.kind} ended during {what}"
        answer = json.loads(line)
        assert "failed" not in answer, f"{self.kind}: {what}: {answer['failed']}"
        return answer["done"]


@contextmanager
def browser(
    kind: str,
    *,
    args: tuple[str, ...] = (),
    prefs: dict[str, object] | None = None,
    listens: bool = True,
) -> Iterator[Browser]:
    """Start a browser with a new profile; end it and remove the profile afterwards.

    One that does not listen to the network (`seen` gives no calls) uses as little memory as a
    person's does.
    """
    executable = executable_of(kind)
    with tempfile.TemporaryDirectory(prefix=f"{kind}-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "profile").mkdir()
        (folder / "downloads").mkdir()
        own = _CHROMIUM_ARGS if kind == "chromium" else ()
        setup = {
            "kind": _PUPPETEERS[kind],
            "patience": PATIENT,
            "executable": executable,
            "profile": str(folder / "profile"),
            "downloads": str(folder / "downloads"),
            "args": [*own, *args],
            "prefs": prefs or {},
            "listens": listens,
        }
        with _driven(kind, folder, setup) as driven:
            yield driven


@contextmanager
def own_window(kind: str, link: str) -> Iterator[Browser]:
    """Open the desk's own window at its one-time link, as `safeconduct desk` does, and drive it."""
    window = open_window(kind, link)
    try:
        with joined(kind, window.folder) as driven:
            yield driven
    finally:
        window.close()


def open_window(kind: str, link: str) -> Window:
    """Open the desk's own window at its one-time link; end it with `close`.

    It has no screen, and listens for a driver; both are all that it has beyond the desk's own.
    """
    extra = ("--headless", "--remote-debugging-port=0")
    return open_browser(link, Kind(Path(executable_of(kind)), kind), extra)


@contextmanager
def joined(kind: str, folder: Path) -> Iterator[Browser]:
    """Drive a window that listens for it; `folder` holds its profile."""
    setup = {
        "kind": _PUPPETEERS[kind],
        "patience": PATIENT,
        "endpoint": _endpoint(kind, folder / "profile"),
    }
    with _driven(kind, folder, setup) as driven:
        yield driven


def executable_of(kind: str) -> str:
    """Return where a browser is."""
    executable = next(filter(None, map(shutil.which, _NAMES[kind])), None)
    assert executable, f"{kind} is not installed"
    return executable


@contextmanager
def _driven(kind: str, folder: Path, setup: Mapping[str, object]) -> Iterator[Browser]:
    process = subprocess.Popen(
        [str(NODE), str(KIT / "browsers.mjs"), json.dumps(setup)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=KIT.parents[1],
    )
    with process:
        driven = Browser(kind, folder, process)
        try:
            yield driven
        finally:
            _end(driven, process)


def _endpoint(kind: str, profile: Path) -> str:
    """Return where a window says that it listens."""
    told = profile / _TOLD_IN[kind]
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        said = told.read_text(encoding="ascii") if told.exists() else ""
        if kind == "chromium" and "\n" in said:
            return f"http://127.0.0.1:{said.split()[0]}"
        if kind == "firefox" and said.rstrip().endswith("}"):
            return f"ws://127.0.0.1:{json.loads(said)['ws_port']}/session"
        time.sleep(0.05)
    message = "the window never opened"
    raise AssertionError(message)


def _end(driven: Browser, process: subprocess.Popen[str]) -> None:
    """Close politely, and surely."""
    try:
        driven.close()
    except (AssertionError, OSError, subprocess.TimeoutExpired):
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait(PATIENCE)
