# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct collect` as a coordinator runs it: rounds, faults, and what is left on disk."""

import signal
import stat
from pathlib import Path

import pytest

from safeconduct.rooms.passage.collecting.evening_file import write_evening
from tests.kit.evenings import evening
from tests.kit.programs import safeconduct
from tests.kit.round_checker import CheckedRound

DATA = write_evening(evening(6, 1))


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """An evening's file, and where its round goes."""
    (tmp_path / "evening.json").write_bytes(DATA)
    return tmp_path / "evening.json", tmp_path / "round.json"


def collected(*arguments: str, tongue: str = "C.UTF-8") -> tuple[int, str]:
    """Run it; return the exit code and all that it said."""
    with safeconduct("collect", *arguments, tongue=tongue) as program:
        code = program.wait()
        return code, program.said


def test_a_round_is_written_for_its_owner_alone_and_who_is_left_is_said(
    files: tuple[Path, Path],
) -> None:
    source, target = files
    code, said = collected(str(source), "-o", str(target))
    assert code == 0, said
    assert "The round is written. Not collected: 2 people" in said
    assert said.count("is not collected") == 2
    assert "No round is better." in said
    assert not CheckedRound(DATA, target.read_bytes()).broken
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    before = target.read_bytes()
    code, said = collected(str(source), "-o", str(target), "--seed", "0")
    assert (code, target.read_bytes()) == (0, before)
    assert len(list(source.parent.iterdir())) == 2


def test_a_round_stays_when_the_look_at_who_is_left_is_stopped(files: tuple[Path, Path]) -> None:
    source, target = files
    many = write_evening(evening(30, 1))
    source.write_bytes(many)
    with safeconduct("collect", str(source), "-o", str(target), "--work", "1") as program:
        program.until("Ctrl-C ends that")
        written = target.read_bytes()
        assert program.stop(signal.SIGINT) == 0, program.said
        assert "The round is written. Not collected: " in program.said
        assert "The round stays as it was written." in program.said
    assert target.read_bytes() == written
    assert not CheckedRound(many, written).broken
    assert len(list(source.parent.iterdir())) == 2


def test_nothing_is_written_on_a_file_that_is_wrong(files: tuple[Path, Path]) -> None:
    source, target = files
    source.write_bytes(DATA.replace(b'"seats":[', b'"seats":[-', 1).replace(b"gap", b"Kin", 1))
    code, said = collected(str(source), "-o", str(target), tongue="ru_RU.UTF-8")
    assert code == 3
    assert "cars.seats[0]" in said
    assert "points.?" in said
    assert "Kin" not in said
    assert not target.exists()


def test_only_a_round_is_written_over(files: tuple[Path, Path]) -> None:
    source, _ = files
    code, said = collected(str(source), "-o", str(source))
    assert (code, source.read_bytes()) == (1, DATA)
    assert "is not written over" in said
