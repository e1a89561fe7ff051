# SPDX-License-Identifier: AGPL-3.0-or-later
"""Second-generation telephone networks: the page, a message and a file over a line as slow.

The rates are those which Chromium's own tools offered for such networks.  Every test first shows
that the line was as slow as it says; what it may take at most is what the line needs, several
times over, so that a busy machine fails nothing.
"""

import time
from pathlib import Path

import pytest

from tests.kit.browsers import Browser
from tests.kit.proxy import BadLine, bad_line
from tests.kit.stage import stage
from tests.kit.visiting import visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GPRS = {"down": 50_000, "up": 20_000, "latency": 500}
GOOD_2G = {"down": 450_000, "up": 150_000, "latency": 150}
MEBIBYTE = 1 << 20
PATIENCE = 4
"""How many times what the bytes need at this rate a step may take, beside a minute for the rest."""
TEXT = "Помогите, пожалуйста"


class Step:
    """One step of a visit: how long it took, against what its bytes need on the line."""

    def __init__(self, line: BadLine) -> None:
        self._line = line
        self._began, self._up, self._down = time.monotonic(), line.carried, line.returned

    def is_measured(self, speed: dict[str, int]) -> None:
        """Hold that the line was slow, and the step no slower than it must be."""
        took = time.monotonic() - self._began
        up, down = self._line.carried - self._up, self._line.returned - self._down
        needs = max(8 * up / speed["up"], 8 * down / speed["down"])
        assert took > 0.5 * needs, "the line was quicker than it was said to be"
        assert took < PATIENCE * needs + 60


def opened(page: Browser, line: BadLine) -> None:
    """Open the page, which begins to work."""
    page.goto(f"http://127.0.0.1:{line.port}/")
    page.wait_visible("#to-write")


def test_message_gets_its_receipt_over_gprs() -> None:
    with stage() as office, bad_line(office.port) as line, visit("chromium") as page:
        page.network(**GPRS)
        step = Step(line)
        opened(page, line)
        step.is_measured(GPRS)
        page.click("#to-write")
        page.fill("#text", TEXT)
        step = Step(line)
        page.click("#send")
        page.wait_visible("#keep", seconds=180)
        step.is_measured(GPRS)
        ((_, letter),) = office.letters()
        assert letter.text == TEXT
        assert len(page.texts("#phrase li")) == 8


def test_file_that_is_cut_in_the_middle_goes_on_from_what_the_server_has(tmp_path: Path) -> None:
    file = tmp_path / "видео.mp4"
    file.write_bytes(bytes(range(256)) * (MEBIBYTE // 256) + bytes(200_000))
    cut_at = MEBIBYTE + 100_000
    """The first piece, of a MiB, is there, and the second is on its way."""
    with stage() as office, bad_line(office.port) as line, visit("chromium") as page:
        opened(page, line)
        page.click("#to-write")
        page.fill("#text", TEXT)
        page.upload("#files", file)
        page.network(**GOOD_2G)
        line.cut_often("up", every=cut_at, cuts=1)
        before, step = line.carried, Step(line)
        page.click("#send")
        page.wait_text("#carry-state", "Everything is there", seconds=480)
        step.is_measured(GOOD_2G)
        assert line.made == 1
        # What was lost is what was on its way; a file that is begun again costs a MiB more.
        assert line.carried - before < cut_at + 0.6 * MEBIBYTE
        ((_, letter),) = office.letters()
        assert b"".join(office.file(letter.files[0])) == file.read_bytes()
