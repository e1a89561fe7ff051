# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may stand on a command line, where the shell keeps it and every account may read it."""

import re

import pytest

from safeconduct.programs.main import NAMES, main

OPEN_TO_ALL = {
    *("--help", "--home", "--language", "--no-window", "--role", "--to", "--server", "--tell-old"),
    *("--markdown", "--every", "--seconds", "--work", "--seed", "--anyway"),
    *("--from", "--event", "--alternatives"),
    "--text",
    *("--relay", "--shares", "--listen", "--counter", "--no-counter"),
    *("--page-languages", "--page-url", "--counter-url", "--exit-url", "--partner", "--of-partner"),
    *("--address", "--output", "--onion", "--mailbox", "--port", "--fingerprint", "--write"),
    "--pager",
}
"""Places, addresses and choices: no code, no invite, no passphrase, and no name of a person."""


@pytest.mark.attack
def test_list_of_processes_shows_no_secret_and_no_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    taken = set()
    for program in NAMES:
        with pytest.raises(SystemExit):
            main([program, "--help"])
        taken |= set(re.findall(r"(?<=[\s\[])--[a-z-]+", capsys.readouterr().out))
    assert taken - OPEN_TO_ALL == set()
    assert "--relay" in taken
