# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct line`: made, admitted by compared words, and run (docs/spec/lines.md 5)."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from safeconduct.edges.lines.channel import Ask, Channel
from safeconduct.edges.lines.folder import LineStands, NoLine, NotAdmitted, Opened, open_line
from safeconduct.edges.lines.runner import NotThisLine
from safeconduct.edges.lines.secret import FILE, WrongLinePassphrase
from safeconduct.host import Swap
from safeconduct.kernel.errors import WrongPassphrase
from safeconduct.kernel.seal import stretch
from safeconduct.programs import line as program
from safeconduct.programs import line_settings
from safeconduct.programs.line_words import told
from safeconduct.programs.texts import NoSuchText
from safeconduct.programs.wording import word
from safeconduct.rooms.hotline.by_line import Kind
from safeconduct.rooms.hotline.line_card import parse_line_card
from safeconduct.rooms.hotline.line_licence import parse_licence
from tests.lines.kit.at_work import PASSPHRASE, admitted_line, licence_of

TOKEN = "a token that nobody may read"


class Module:
    """A kind that the test plays."""

    ASKS = (Ask("token", secret=True), Ask("server", unless="matrix.velmark.test"))

    @staticmethod
    def channel(*_: object) -> Channel:
        raise AssertionError("nothing runs here")


@pytest.fixture(autouse=True)
def _played(monkeypatch: pytest.MonkeyPatch) -> None:
    for asks in (program, line_settings):
        monkeypatch.setattr(asks, "kind_of_line", lambda _: Module)
    monkeypatch.setattr(stretch.Cost.__init__, "__defaults__", (8, 1, 1))
    monkeypatch.setenv("LANGUAGE", "en")


def typed(monkeypatch: pytest.MonkeyPatch, arguments: list[str], *lines: str) -> int:
    """Run the program with these lines typed."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return program.run(arguments)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A line that was made."""
    return made_in(tmp_path / "line", monkeypatch)


def made_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a line as its administrator does."""
    answers = (TOKEN, "", "ru", PASSPHRASE, PASSPHRASE)
    assert typed(monkeypatch, ["new", "matrix", str(folder)], *answers) == 0
    return folder


def opened(folder: Path) -> Opened:
    return open_line(folder, PASSPHRASE)


def test_what_a_line_is_told_is_kept_sealed_and_its_card_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = made_in(tmp_path / "line", monkeypatch)
    shown = capsys.readouterr().out
    card = parse_line_card((folder / "card.txt").read_text())
    line = opened(folder)
    assert card == line.card()
    assert (folder / "card.txt").read_text().strip() in shown
    assert line.store.settings() == {
        "token": TOKEN,
        "server": "matrix.velmark.test",
        "language": "ru",
    }
    assert not [path for path in folder.iterdir() if TOKEN.encode() in path.read_bytes()]
    assert (folder / FILE).stat().st_mode & 0o77 == 0
    with pytest.raises(WrongPassphrase):
        open_line(folder, "six herons")


def test_what_a_line_was_told_is_changed_and_a_secret_is_neither_shown_nor_lost(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    answers = (PASSPHRASE, "", "other.velmark.test", "")
    assert typed(monkeypatch, ["set", str(folder)], *answers) == 0
    shown = capsys.readouterr().out
    assert TOKEN not in shown
    assert "Access token (token) [as before]: " in shown
    assert "(server) [matrix.velmark.test]: " in shown
    changed = {"token": TOKEN, "server": "other.velmark.test", "language": "ru"}
    assert opened(folder).store.settings() == changed


def test_a_wrong_passphrase_of_a_line_sends_nobody_to_a_new_device(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(WrongLinePassphrase) as failed:
        typed(monkeypatch, ["set", str(folder)], "six herons")
    assert "does not open this line" in word(failed.value)


def test_nothing_is_asked_for_in_vain(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is a line already, or none, or no file, nobody types a passphrase first."""
    with pytest.raises(LineStands):
        typed(monkeypatch, ["new", "matrix", str(folder)])
    for arguments in (["set"], ["matrix"], ["phone", "duty"]):
        with pytest.raises(NoLine):
            typed(monkeypatch, [*arguments, str(tmp_path / "none")])
    with pytest.raises(NoSuchText):
        typed(monkeypatch, ["admit", str(folder), str(tmp_path / "none")])


def test_a_line_that_no_office_admitted_does_not_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotAdmitted):
        typed(monkeypatch, ["matrix", str(folder)], PASSPHRASE)


@pytest.mark.parametrize(("answer", "runs"), [("no", False), ("yes", True)])
def test_a_licence_counts_only_once_the_words_were_compared(
    folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str, *, runs: bool
) -> None:
    file = folder.with_name("licence")
    file.write_bytes(licence_of(opened(folder), "http://127.0.0.1:1"))
    arguments = ["admit", str(folder), str(file)]
    assert (typed(monkeypatch, arguments, PASSPHRASE, answer) == 0) is runs
    if runs:
        assert opened(folder).admitted().licence == parse_licence(file.read_bytes())
        assert not (folder / "card.txt").exists()
    else:
        with pytest.raises(NotAdmitted):
            opened(folder).admitted()


def test_a_licence_of_another_line_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = made_in(tmp_path / "other", monkeypatch)
    file = tmp_path / "licence"
    file.write_bytes(licence_of(opened(other), "http://127.0.0.1:1"))
    with pytest.raises(NotThisLine):
        typed(monkeypatch, ["admit", str(folder), str(file)], PASSPHRASE, "yes")


@pytest.mark.parametrize(
    ("kind", "swap", "locked", "answers", "runs"),
    [
        ("signal", Swap.UNSEALED, True, ("no",), False),
        ("signal", Swap.UNKNOWN, True, ("no",), False),
        ("signal", Swap.UNSEALED, True, ("yes",), True),
        ("signal", Swap.SEALED, True, (), True),
        ("signal", Swap.NONE, False, (), True),
        ("mail", Swap.UNSEALED, True, (), True),
        ("mail", Swap.UNSEALED, False, ("no",), False),
    ],
)
def test_where_memory_may_reach_a_disk_a_line_runs_after_a_yes_alone(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: Kind,
    swap: Swap,
    locked: bool,
    answers: tuple[str, ...],
    runs: bool,
) -> None:
    monkeypatch.setattr("safeconduct.host.swap", lambda: swap)
    monkeypatch.setattr("safeconduct.host.keep_memory_out_of_swap", lambda: locked)
    line = admitted_line(tmp_path / "line", kind, "http://127.0.0.1:1")
    arguments = [kind, str(line.folder)]
    if runs:
        with pytest.raises(AssertionError, match="nothing runs here"):
            typed(monkeypatch, arguments, PASSPHRASE, *answers)
    else:
        assert typed(monkeypatch, arguments, PASSPHRASE, *answers) == program.SWAPPED
    assert ("not sealed" in capsys.readouterr().out) is bool(answers)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_line_that_is_asked_to_end_ends_well_and_says_codes_alone(
    tmp_path: Path, number: signal.Signals
) -> None:
    settings = {"token": TOKEN, "base_url": "http://127.0.0.1:1", "language": "en"}
    line = admitted_line(tmp_path / "line", "telegram", "http://127.0.0.1:1", settings)
    command = [sys.executable, "-m", "safeconduct", "line", "telegram", str(line.folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{PASSPHRASE}\n")
        process.stdin.flush()
        assert "The line runs" in process.stdout.readline()
        time.sleep(2.0)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert set(said.splitlines()) <= {told("unreachable")}
