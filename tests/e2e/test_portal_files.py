# SPDX-License-Identifier: AGPL-3.0-or-later
"""The largest files over a bad line: 500 MB up, 25 MB down, cut ten times, in little memory."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psutil
import pytest

from tests.kit.browsers import KINDS, Browser, browser
from tests.kit.proxy import BadLine, bad_line
from tests.kit.stage import stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
LARGEST_UP = 500_000_000
LARGEST_DOWN = 25 << 20
CUTS = 10
MOST_GROWTH = 200 << 20


class Watch:
    """The most memory that a browser's processes held of their own, together."""

    def __init__(self, page: Browser) -> None:
        self._processes = page.processes
        self._root = page.processes()[0]
        self.first = self.most = self._now()

    def look(self) -> None:
        """Take one more measure."""
        self.most = max(self.most, self._now())

    @property
    def growth(self) -> int:
        """How many bytes were added since the beginning."""
        return self.most - self.first

    def _now(self) -> int:
        total = 0
        for process in (self._root, *self._root.children(recursive=True)):
            try:
                total += process.memory_full_info().uss
            except psutil.NoSuchProcess:
                continue
        return total


@contextmanager
def watched(page: Browser) -> Iterator[Watch]:
    """Watch a browser's memory twice a second."""
    watch, done = Watch(page), threading.Event()

    def look() -> None:
        while not done.wait(0.5):
            watch.look()

    thread = threading.Thread(target=look)
    thread.start()
    yield watch
    done.set()
    thread.join()
    watch.look()


@pytest.fixture(scope="module")
def largest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A file that no compression makes small, and its hash."""
    path, total = tmp_path_factory.mktemp("large") / "видео.mp4", hashlib.sha256()
    block = hashlib.shake_256(b"a film").digest(1 << 20)
    with path.open("wb") as file:
        for index in range(-(-LARGEST_UP // len(block))):
            part = (index.to_bytes(8, "big") + block[8:])[: LARGEST_UP - index * len(block)]
            file.write(part)
            total.update(part)
    yield path, total.hexdigest()
    path.unlink()


def quiet(kind: str) -> AbstractContextManager[Browser]:
    """A browser whose memory is its own, and not what it keeps for the test."""
    return browser(kind, listens=False)


def begin(page: Browser, line: BadLine) -> None:
    """Write a few words on a bad line, without sending them."""
    page.goto(f"http://127.0.0.1:{line.port}/")
    page.wait_visible("#to-write")
    page.click("#to-write")
    page.type("#text", "Видео")


@pytest.mark.parametrize("kind", KINDS)
def test_the_largest_file_arrives_over_ten_cuts(kind: str, largest: tuple[Path, str]) -> None:
    path, digest = largest
    every = LARGEST_UP // (CUTS + 1)
    with stage() as office, bad_line(office.port) as line, quiet(kind) as page:
        begin(page, line)
        line.cut_often("up", every=every, cuts=CUTS)
        page.upload("#files", path)
        with watched(page) as watch:
            page.click("#send")
            page.wait_visible("#keep")
            page.wait_text("#carry-state", "Everything is there", seconds=600)
        assert line.made == CUTS
        ((_, letter),) = office.letters()
        arrived = hashlib.sha256()
        for part in office.file(letter.files[0]):
            arrived.update(part)
        assert arrived.hexdigest() == digest
        print(f"{kind}: the page grew by {watch.growth >> 20} MiB")
        assert watch.growth <= MOST_GROWTH


@pytest.mark.parametrize("kind", KINDS)
def test_the_largest_answer_comes_back_over_ten_cuts(kind: str) -> None:
    content = hashlib.shake_256(b"a ticket").digest(LARGEST_DOWN)
    with stage() as office, bad_line(office.port) as line, quiet(kind) as page:
        begin(page, line)
        page.click("#send")
        page.wait_visible("#keep")
        office.answer(office.letters()[0][1], "Билеты", ("билеты.pdf", content))
        page.wait_visible("#letters .files button")
        line.cut_often("down", every=LARGEST_DOWN // (CUTS + 1), cuts=CUTS)
        page.click("#letters .files button")
        page.wait_visible("#letters .files a", seconds=200)
        assert line.made == CUTS
        page.click("#letters .files a")
        saved = page.downloads / "билеты.pdf"
        page.wait_for(lambda: saved.exists() and saved.stat().st_size == len(content))
        assert saved.read_bytes() == content
