# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of a mail that is a page, however it is written (docs/spec/lines.md 6)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from safeconduct.edges.lines.kinds.mail_reading import read_mail
from safeconduct.edges.lines.kinds.mail_vouching import vouched
from safeconduct.edges.lines.kinds.signal import _read

HEAD = b"From: she@velmark.test\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
LARGE = 1 << 18
SOON = 5.0


def words(page: str) -> str:
    """What is read of a mail that is this page."""
    return read_mail(HEAD + page.encode()).text


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<p>They are <b>here</b> &amp; I<br>wait</p>", "They are here & I\nwait"),
        ("<!doctype html><head><title>no</title></head><body>yes</body>", "yes"),
        ("<head><style>p {}</style><body>yes", "yes"),
        ("<script>if (a < b) hide()</script>2 < 3", "2 < 3"),
        ("<!-- no -->yes <!-- not closed", "yes not closed"),
        ("one<?php no ?>two <", "onetwo <"),
        ("<SCRIPT>no</SCRIPT><DIV>yes</DIV>", "yes"),
    ],
)
def test_a_page_has_its_words_and_nothing_that_is_not_shown(page: str, said: str) -> None:
    assert words(page) == said


@pytest.mark.parametrize("sign", ["<a b=", "<a x x ", "<!--", "<?", '<a x="', "</a", "<", "&#"])
def test_no_page_holds_the_line_up_for_minutes(sign: str) -> None:
    begun = time.monotonic()
    words("I wait. " + sign * (LARGE // len(sign)))
    assert time.monotonic() - begun < SOON


@pytest.mark.parametrize("sign", ['\\"', "\\(", '"', "("])
def test_nothing_that_is_said_of_a_sender_holds_the_line_up(sign: str) -> None:
    begun = time.monotonic()
    assert not vouched("mx; " + sign[-1] + sign * 30_000, "mx", "she@velmark.test")
    assert time.monotonic() - begun < SOON


def test_a_name_that_no_path_can_have_is_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert _read(tmp_path / "a\0b") is None


@pytest.mark.parametrize("sign", ['"', "a,", " a"])
def test_no_sender_holds_the_line_up(sign: str) -> None:
    begun = time.monotonic()
    read_mail(b"From: " + sign.encode() * 30_000 + b"\r\n\r\nI wait.")
    read_mail((b"From: " + sign.encode() * 500 + b"\r\n") * 60 + b"\r\nI wait.")
    assert time.monotonic() - begun < SOON
