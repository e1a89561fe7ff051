# SPDX-License-Identifier: AGPL-3.0-or-later
"""A server that is told of a pager keeps timers; one without keeps none."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from safeconduct.programs.serve import Server
from safeconduct.programs.settings import ServeSettings, add_server, read_server

HERE = ("--listen", "127.0.0.1:0", "--no-counter")


def asked(folder: Path, *options: str) -> ServeSettings:
    parser = argparse.ArgumentParser()
    add_server(parser)
    return read_server(parser.parse_args([str(folder), *HERE, *options]))


@pytest.mark.parametrize("options", [(), ("--pager", "http://127.0.0.1:9/")])
def test_server_calls_phones_where_it_was_told_through_which_server(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    with Server(asked(tmp_path, *options)) as server:
        assert server.store.parts.caller.calls == bool(options)


@pytest.mark.parametrize(
    "address",
    [
        *("calls.example.org", "http://calls.example.org", "https://a.example/topic"),
        *(f"http://{'a' * 56}.onion", f"https://{'a' * 56}.onion:8443/"),
    ],
)
def test_pager_that_is_no_server_of_calls_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(SystemExit):
        asked(tmp_path, "--pager", address)
