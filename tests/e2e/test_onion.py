# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct serve --onion` with the real tor, cut off from every network but this machine."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from safeconduct.programs.onion import SECRET, Onion, OnionFolder
from tests.kit.patience import PATIENCE
from tests.kit.programs import LISTENS, Program
from tests.kit.tor import listening, onion_server, path_with_tor, tors

SCALAR = 40
"""A byte of a secret key's file on which the public key hangs."""
TOLD = re.compile(r"onion service of relay and page: (http://[a-z2-7]{56}\.onion)\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The server's folder, with letters in its name that a configuration could stumble over."""
    return tmp_path / 'server "of" #Ж'


@pytest.fixture
def path(tmp_path: Path) -> dict[str, str]:
    """Where the server finds tor."""
    return path_with_tor(tmp_path / "bin")


def free_port() -> int:
    """A port of loopback that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait(what: str, holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.1)


def healthy(server: Program) -> bool:
    """Whether the server answers by its own address."""
    with urllib.request.urlopen(
        f"{server.until(LISTENS)[1]}/v1/health", timeout=PATIENCE
    ) as answer:
        return bool(answer.status == 200)


def test_address_is_that_of_the_key_and_stays(folder: Path, path: dict[str, str]) -> None:
    counter = ("--counter", f"127.0.0.1:{free_port()}")
    told = set()
    for ending in (signal.SIGTERM, signal.SIGINT):
        with onion_server(folder, path, *counter) as server:
            told.add(server.until(TOLD)[1])
            server.until(LISTENS)
            # Read anew, and held to the key's checksum.
            found = OnionFolder(folder / "onion").addresses(counter=True)
            assert told == {found.page}
            assert found.counter
            assert f"without scripts: {found.counter}\n" in server.said
            assert found.counter != found.page
            assert len(tors(folder)) == 1
            assert server.stop(ending) == 0
        assert not tors(folder), "tor outlives the server"


def test_only_the_servers_account_reads_what_tor_keeps(folder: Path, path: dict[str, str]) -> None:
    old = os.umask(0)
    try:
        with onion_server(folder, path, "--no-counter") as server:
            server.until(LISTENS)
            kept = [folder / "onion", *(folder / "onion").rglob("*")]
            modes = {found: stat.S_IMODE(found.stat().st_mode) for found in kept}
    finally:
        os.umask(old)
    assert not {str(found): oct(mode) for found, mode in modes.items() if mode & 0o077}
    names = {found.name for found in kept}
    assert names >= {SECRET, "hostname", "torrc", "state"}
    # No file in which tor would write what happens.
    assert not {name for name in names if "log" in name}


def test_tor_is_told_to_ask_work_and_to_open_no_port(folder: Path, path: dict[str, str]) -> None:
    with onion_server(folder, path, "--counter", f"127.0.0.1:{free_port()}") as server:
        server.until(LISTENS)
        told = (folder / "onion" / "torrc").read_text(encoding="utf-8").splitlines()
        assert told.count("HiddenServicePoWDefensesEnabled 1") == 2
        assert not [line for line in told if line.startswith("Log ")]
        (tor,) = tors(folder)
        assert listening(server.process.pid), "the search sees nothing"
        assert not listening(tor)


def test_server_goes_on_when_tor_dies_and_starts_it_anew(
    folder: Path, path: dict[str, str]
) -> None:
    with onion_server(folder, path, "--no-counter") as server:
        address = server.until(TOLD)[1]
        server.until(LISTENS)
        (first,) = tors(folder)
        os.kill(first, signal.SIGKILL)
        server.until("tor has ended, and is started anew")
        assert healthy(server)
        wait("tor is not started anew", lambda: bool(tors(folder)) and tors(folder) != [first])
        assert OnionFolder(folder / "onion").addresses(counter=False) == Onion(address, None)


@pytest.mark.slow
def test_killed_server_leaves_no_tor_and_comes_back_at_its_address(
    folder: Path, path: dict[str, str]
) -> None:
    with onion_server(folder, path, "--no-counter") as server:
        address = server.until(TOLD)[1]
        server.until(LISTENS)
        old = tors(folder)
        assert len(old) == 1
        server.stop(signal.SIGKILL)
        # At once, while the old tor may hold its folder still.
        with onion_server(folder, path, "--no-counter") as again:
            assert again.until(TOLD)[1] == address
            assert healthy(again)
            wait("the old tor stays", lambda: not set(old) & set(tors(folder)))
            wait("the new server has no tor", lambda: len(tors(folder)) == 1)


def test_damaged_key_is_never_replaced_by_another(folder: Path, path: dict[str, str]) -> None:
    with onion_server(folder, path, "--no-counter") as server:
        address = server.until(TOLD)[1]
        server.until(LISTENS)
    secret = folder / "onion" / "page" / SECRET
    raw = secret.read_bytes()
    secret.write_bytes(raw[:-1])
    with onion_server(folder, path, "--no-counter") as refused:
        assert refused.wait() == 1
        assert "do not belong together" in refused.said
    secret.write_bytes(raw[:SCALAR] + bytes([raw[SCALAR] ^ 1]) + raw[SCALAR + 1 :])
    with onion_server(folder, path, "--no-counter") as server:
        server.until("tor has ended")
        assert OnionFolder(folder / "onion").addresses(counter=False).page == address
    secret.write_bytes(raw)
    with onion_server(folder, path, "--no-counter") as server:
        assert server.until(TOLD)[1] == address


@pytest.mark.parametrize(
    ("tongue", "said"), [("C.UTF-8", "apt install tor"), ("ru_RU.UTF-8", "Установите")]
)
def test_machine_without_tor_is_told_so(
    folder: Path, tmp_path: Path, tongue: str, said: str
) -> None:
    (tmp_path / "empty").mkdir()
    path = {"PATH": str(tmp_path / "empty")}
    with onion_server(folder, path, "--no-counter", tongue=tongue) as server:
        assert server.wait() == 1
        assert said in server.said
        assert "Traceback" not in server.said


def test_tor_that_takes_no_such_configuration_is_told_of(folder: Path, tmp_path: Path) -> None:
    path = path_with_tor(tmp_path / "bin", 'set -- "$@" --NoSuchOption 1')
    with onion_server(folder, path, "--no-counter") as server:
        assert server.wait() == 1
        assert f"tor -f {folder / 'onion' / 'torrc'}" in server.said


def test_tor_that_cannot_ask_work_is_used_and_told_of(folder: Path, tmp_path: Path) -> None:
    without = 'case "$*" in *list-modules*) echo "relay: yes"; exit;; esac'
    path = path_with_tor(tmp_path / "bin", without)
    with onion_server(folder, path, "--no-counter") as server:
        server.until(LISTENS)
        assert "asks no work of who calls" in server.said
        assert "PoW" not in (folder / "onion" / "torrc").read_text(encoding="utf-8")


def test_taken_port_is_told_of_and_no_tor_is_started(folder: Path, path: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        with onion_server(folder, path, "--no-counter", "--listen", where) as server:
            assert server.wait() == 1
            assert "Another program listens" in server.said
    assert not (folder / "onion").exists()
