# SPDX-License-Identifier: AGPL-3.0-or-later
"""The programs as a person runs them: real processes, answers typed, an office from end to end."""

from __future__ import annotations

import re
import signal
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.migrations import STEPS
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.relay import schema
from tests.kit.patching import PATCHES, Patch
from tests.kit.patience import PATIENCE
from tests.kit.programs import FOUNDING, Program, safeconduct, serve

PASSPHRASE = "six plain words for the rehearsal"
CHANGED = 50_000
"""A byte within the pages that a new store uses."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[Program, str, str]]:
    """A server without an office: itself, its address and its founding code."""
    program = serve(tmp_path / "server")
    found = program.until(FOUNDING)
    yield program, found[1], found[2]
    program.stop()


def found_office(home: Path, url: str, code: str) -> str:
    """Run `safeconduct init`; return what it said."""
    program = safeconduct("init", "--home", str(home), "--relay", url)
    program.answer(code, "Night line", "Sana", "Sana's laptop", PASSPHRASE, PASSPHRASE)
    program.until(r"Is it written down\?")
    program.answer("no", "yes")
    assert program.wait() == 0, program.said
    program.stop()
    return program.said


def test_office_is_founded_joined_and_verified(
    server: tuple[Program, str, str], tmp_path: Path
) -> None:
    _, url, code = server
    first, second = tmp_path / "first", tmp_path / "second"
    said = found_office(first, url, code)
    assert len(re.findall(r"^ +(?: *\d+ [a-z]+ +)+$", said, re.MULTILINE)) >= 8
    inviter = safeconduct("invite", "--home", str(first))
    inviter.answer(PASSPHRASE)
    invite = inviter.until(r"\n([A-Z2-7]{5}(?:-[A-Z2-7]{1,5})+)\n")[1]
    joiner = safeconduct("join", "--home", str(second), tongue="ru_RU.UTF-8")
    joiner.answer(invite, "Timur's laptop", PASSPHRASE, PASSPHRASE)
    # The words are the office's, whatever language the terminal of either speaks.
    words = r"\n  (\S+ \S+ \S+ \S+ \S+)\n"
    assert inviter.until(words)[1] == joiner.until(words)[1]
    inviter.answer("yes", "Timur")
    joiner.answer("yes")
    assert joiner.wait() == 0, joiner.said
    assert inviter.wait() == 0, inviter.said
    for home in (first, second):
        check = safeconduct("verify", "--home", str(home))
        check.answer(PASSPHRASE)
        assert check.wait() == 0, check.said
        assert "Every chain, signature and checkpoint holds" in check.said
        check.stop()
    joiner.stop()
    inviter.stop()


def test_verify_says_what_was_changed(server: tuple[Program, str, str], tmp_path: Path) -> None:
    _, url, code = server
    home = tmp_path / "first"
    found_office(home, url, code)
    for stored in home.glob("store-?.db"):  # One of the two is in use.
        raw = bytearray(stored.read_bytes())
        raw[CHANGED] ^= 1
        stored.write_bytes(raw)
    check = safeconduct("verify", "--home", str(home))
    check.answer(PASSPHRASE)
    assert check.wait() != 0
    assert "Traceback" not in check.said
    check.stop()


def test_page_and_digest_and_backup_stand_once_an_office_is_founded(
    server: tuple[Program, str, str], tmp_path: Path
) -> None:
    _, url, code = server
    found_office(tmp_path / "first", url, code)
    with urllib.request.urlopen(f"{url}/", timeout=PATIENCE) as page:
        assert b"<h1" in page.read()
    folder = str(tmp_path / "server")
    digests = []
    for _ in range(2):
        digest = safeconduct("portal", "digest", folder, "--no-counter")
        assert digest.wait() == 0
        digests.append(digest.said)
        digest.stop()
    assert digests[0] == digests[1]
    assert re.fullmatch(r"[0-9a-f]{64}\n", digests[0])
    backup = safeconduct("backup", folder, str(tmp_path / "copy.db"))
    assert backup.wait() == 0, backup.said
    backup.stop()
    assert (tmp_path / "copy.db").stat().st_size > 0


def done(*arguments: str, typed: tuple[str, ...] = (), source: Path | None = None) -> str:
    """Run a program that succeeds; return what it said."""
    program = safeconduct(*arguments, source=source)
    program.answer(*typed)
    assert program.wait() == 0, program.said
    program.stop()
    return program.said


def refused(*arguments: str, typed: tuple[str, ...] = (), source: Path | None = None) -> str:
    """Run a program that changes nothing and says why; return what it said."""
    program = safeconduct(*arguments, source=source)
    program.answer(*typed)
    assert program.wait() == 1, program.said
    program.stop()
    assert "Traceback" not in program.said
    return program.said


def test_office_goes_to_a_newer_program_and_back_and_loses_nothing(tmp_path: Path) -> None:
    newer = Patch(PATCHES / "builds" / "one-version-newer.patch").copy_without(tmp_path)
    folder, home = str(tmp_path / "server"), str(tmp_path / "first")
    serve = ("serve", folder, "--listen", "127.0.0.1:0", "--no-counter")
    verify, of_now = ("verify", "--home", home), ("migrate", "--to", str(len(schema.STEPS)))
    desk_back = ("migrate", "--to", str(len(STEPS)), "--home", home)
    # The server is newer already; a desk of today founds its office there.
    server = safeconduct(*serve, source=newer)
    found = server.until(FOUNDING)
    found_office(Path(home), found[1], found[2])
    before = done(*verify, typed=(PASSPHRASE,))
    # The desk becomes newer, and goes back as today's program says.
    assert done(*verify, typed=(PASSPHRASE,), source=newer) == before
    assert f"safeconduct migrate --to {len(STEPS)} " in refused(*verify, typed=(PASSPHRASE,))
    done(*desk_back, typed=(PASSPHRASE,), source=newer)
    assert done(*verify, typed=(PASSPHRASE,)) == before
    # So does the server, once it is stopped.
    digest = done("portal", "digest", folder, "--no-counter", source=newer)
    assert "Stop it first" in refused(*of_now, "--server", folder, source=newer)
    server.stop(signal.SIGTERM)
    assert f"safeconduct {' '.join(of_now)} --server" in refused(*serve)
    done(*of_now, "--server", folder, source=newer)
    assert done("portal", "digest", folder, "--no-counter") == digest


def test_passphrase_is_changed_and_only_the_new_one_opens(
    server: tuple[Program, str, str], tmp_path: Path
) -> None:
    _, url, code = server
    home, new = tmp_path / "first", "quite other words than before"
    found_office(home, url, code)
    change, verify = ("passphrase", "--home", str(home)), ("verify", "--home", str(home))
    desk = Desk.open(home, PASSPHRASE)
    assert "The desk is open on this device" in refused(*change)
    desk.stop()
    typed = ("a wrong one", PASSPHRASE, "too short", PASSPHRASE, new, "another", new, new, "")
    said = done(*change, typed=typed)
    assert "What this cannot undo" in said
    asked = ("does not open this device", "too short", "passphrase of now", "not the same")
    assert [said.count(words) for words in asked] == [1, 1, 1, 1]
    assert "Most people have none: press Enter." in said
    assert "The next try in 1 s." in said
    assert not any(secret in said for secret in (PASSPHRASE, new))
    assert "does not open this device" in refused(*verify, typed=(PASSPHRASE,))
    assert "checkpoint holds" in done(*verify, typed=(new,))
    assert {path.name for path in home.iterdir()} >= {"keys", "store-1.db", "store-2.db"}
    assert not list(home.glob("keys.*"))


@pytest.mark.parametrize(
    ("arguments", "typed", "expected"),
    [
        (("desk",), (), "no office in this folder"),
        (("verify",), (), "no office in this folder"),
        (("passphrase",), (), "no office in this folder"),
        (("travel", "pack"), (), "no office in this folder"),
        (("migrate", "--to", "1"), (), "no office in this folder"),
        (("join",), ("ABCDE-FGHIJ", "x"), "Copy it again"),
        (
            ("init", "--relay", "http://127.0.0.1:9"),
            ("code", "a", "b", "c", PASSPHRASE, PASSPHRASE),
            "does not answer",
        ),
    ],
)
def test_bad_input_is_answered_with_what_to_do(
    tmp_path: Path, arguments: tuple[str, ...], typed: tuple[str, ...], expected: str
) -> None:
    program = safeconduct(*arguments, "--home", str(tmp_path / "home"))
    program.answer(*typed)
    assert program.wait() == 1
    assert expected in program.said
    assert "Traceback" not in program.said
    program.stop()
    assert not list((tmp_path / "home").glob("store*"))


def test_server_says_what_stands_in_its_way(
    server: tuple[Program, str, str], tmp_path: Path
) -> None:
    _, url, _ = server
    taken, folder = url.removeprefix("http://"), tmp_path / "other"
    options = ("--listen", taken, "--no-counter")
    assert "listens at this address already" in refused("serve", str(folder), *options)
    empty = str(tmp_path / "empty")
    for program in (("portal", "digest", empty), ("backup", empty, str(tmp_path / "copy.db"))):
        assert "no server's files in this folder" in refused(*program)
    folder.mkdir(exist_ok=True)
    (folder / "relay.db").write_bytes(b"not a database" * 100)
    options = ("--listen", "127.0.0.1:0", "--no-counter")
    assert "database is damaged" in refused("serve", str(folder), *options)


def test_partners_entrance_is_told_apart_from_ones_own(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        partners = f"127.0.0.1:{door.getsockname()[1]}"
    with serve(tmp_path, "127.0.0.1:0", "--partner", partners) as both:
        said = both.until(r"(?s)The server listens at .*The partner's office is reached at (\S+)\n")
        assert said[1] == f"http://{partners}"
