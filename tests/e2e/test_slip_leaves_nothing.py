# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who searches an escort’s phone afterwards finds nothing of a slip that was opened there."""

from __future__ import annotations

import os

import pytest

from safeconduct.edges.desk import slip_texts
from safeconduct.edges.desk.referrals import WORD_BYTES, drawn
from safeconduct.kernel.canon import encode
from safeconduct.kernel.wire.bodies import Letter as Posting
from safeconduct.kernel.words import DAY
from safeconduct.programs.seizures.markers import joined
from safeconduct.programs.seizures.search import Search, scan_files
from safeconduct.rooms.hotline.letters import Box, Reply, seal_reply
from safeconduct.rooms.passage.errand.slip import Row, Task, TypedSlip, make_slip
from safeconduct.rooms.passage.errand.slip_report import Report, SaidSo, parse_report
from tests.e2e.test_phone_searched import LEAVES, is_all_that_is_kept, saves
from tests.kit.browsers import KINDS, Browser, browser
from tests.kit.left_behind import WHOLE
from tests.kit.stage import OFFICE, Stage, stage

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PLACE, CALL, AGREED = (f"{name}-{os.urandom(6).hex()}" for name in ("скамейка", "звать", "слово"))


def post(office: Stage, box: Box, text: str, beside: dict[str, object]) -> None:
    """Put what a desk would into a box."""
    now = office.weather.now()
    item = seal_reply(Reply(1, "answer", now, text, (), b"", {"expires": now + DAY, **beside}), box)
    office._desk.post([Posting(box.address, now + DAY, item)])


def visit(page: Browser, office: Stage) -> tuple[str, ...]:
    """Open a slip by words and say that they arrived; return the words."""
    words, box = drawn(os.urandom(WORD_BYTES), OFFICE, "en")
    post(office, box, *slip_texts.asking("en"))
    row = Row(Task.RIDE, "2026-12-01", "21:40", PLACE, "", 3)
    slip = make_slip(row, TypedSlip("", frozenset(), "", CALL, "", "read", ends=True), "lantern")
    page.goto(office.url)
    page.wait_visible("#to-return")
    page.click("#to-return")
    page.type("#typed", " ".join(words))
    page.click("#enter")
    page.wait_for(lambda: bool(office.letters()))
    offered = slip_texts.offered("en", None, asks_word=True)
    post(office, box, slip_texts.text_of(slip, "en"), offered)
    page.wait_visible("#show")
    page.click("#show")
    page.wait_text("#letters", PLACE)
    page.type("#letters input", AGREED)
    page.evaluate(
        "document.querySelector('#letters input ~ button, #letters label ~ button').click()"
    )
    page.wait_text("#letters", "You can close the page.")
    return words


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_slip_that_was_opened_and_answered_the_browser_keeps_no_more_than_of_any_visit(
    kind: str,
) -> None:
    with stage() as elsewhere, stage(exit_url=elsewhere.url) as office, browser(kind) as page:
        words = visit(page, office)
        said = [parse_report(encode(letter.extras)) for _, letter in office.letters()]
        assert said == [Report(SaidSo.OPENED, ""), Report(SaidSo.READ, AGREED)]
        page.type("#letters input", AGREED)
        saves()
        if LEAVES[kind] == "button":
            page.click("#leave")
        else:
            page.press_twice("Escape")
        page.wait(f"location.href === {elsewhere.url!r} && document.readyState === 'complete'")
        saves()
        profile = page.profile
        page.close()
        search = Search((PLACE, CALL, AGREED), stem=WHOLE, plain=joined(words))
        assert not scan_files(search, profile)
        is_all_that_is_kept(page, profile, office.url.rstrip("/"))
