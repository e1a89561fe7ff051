# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person is told before they type a secret in a terminal."""

from __future__ import annotations

import getpass
import io

import pytest

from safeconduct.programs import asking

WORDS = "five quite unrelated words here"


class Terminal(io.StringIO):
    """A keyboard at which somebody sits."""

    def isatty(self) -> bool:
        """Tell that they do."""
        return True


def test_it_is_said_once_that_what_is_typed_does_not_show(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr("sys.stdin", Terminal())
    said: list[str] = []

    def unseen(prompt: str) -> str:
        said.append(capsys.readouterr().out + prompt)
        return WORDS

    monkeypatch.setattr(getpass, "getpass", unseen)
    asking._say_unseen.cache_clear()
    assert asking.ask_new_passphrase() == WORDS
    before_first, before_second = said
    assert "does not show on the screen" in before_first
    assert before_second == "Once more: "
