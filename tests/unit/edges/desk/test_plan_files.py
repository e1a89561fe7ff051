# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of operations and plans: read up to a limit, written whole, and over no other file."""

import gzip
import stat
import tracemalloc
from pathlib import Path

import pytest

from safeconduct.edges.desk import plan_files
from safeconduct.edges.desk.plan_files import (
    DamagedFile,
    FileTooLarge,
    NoPlanThere,
    PlanFile,
    read_file,
)
from safeconduct.rooms.passage.operations.operation import Journey
from safeconduct.rooms.passage.operations.plan_file import read_plan, write_plan

PLAN = (Journey(0, 1, 2, 9, None),)
DATA = write_plan(PLAN)


@pytest.mark.parametrize("data", [DATA, gzip.compress(DATA)])
def test_a_file_is_read_compressed_or_not(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "file").write_bytes(data)
    assert read_file(tmp_path / "file") == DATA


@pytest.mark.attack
def test_a_small_file_that_unpacks_without_end_fills_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_files, "LARGEST", 1 << 20)
    (tmp_path / "bomb").write_bytes(gzip.compress(bytes(64 << 20)))
    tracemalloc.start()
    try:
        with pytest.raises(FileTooLarge):
            read_file(tmp_path / "bomb")
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()


def test_a_file_larger_than_any_operation_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_files, "LARGEST", 1 << 10)
    (tmp_path / "file").write_bytes(bytes((1 << 10) + 1))
    with pytest.raises(FileTooLarge):
        read_file(tmp_path / "file")


@pytest.mark.parametrize("cut", [3, 15, -4])
def test_a_torn_compressed_file_is_refused(tmp_path: Path, cut: int) -> None:
    (tmp_path / "file").write_bytes(gzip.compress(DATA)[:cut])
    with pytest.raises(DamagedFile):
        read_file(tmp_path / "file")


@pytest.mark.parametrize("name", ["plan.json", "plan.json.gz"])
def test_a_plan_is_written_whole_for_its_owner_alone(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for _ in range(2):  # A plan may be written over an older plan.
        target = PlanFile(path)
        target.write(DATA)
        target.tidy()
    assert read_plan(read_file(path)) == PLAN
    assert path.read_bytes().startswith(b"\x1f\x8b") is name.endswith(".gz")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_nothing_is_left_of_a_plan_that_was_not_written(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(DATA)
    target = PlanFile(path)
    target.tidy()
    assert [one.name for one in tmp_path.iterdir()] == ["plan.json"]
    assert path.read_bytes() == DATA


def test_a_plan_is_written_into_no_file_that_was_put_in_place_of_the_unfinished_one(
    tmp_path: Path,
) -> None:
    other, folder = tmp_path / "other", tmp_path / "plans"
    folder.mkdir()
    other.touch()
    target = PlanFile(folder / "plan.json")
    (unfinished,) = folder.iterdir()
    unfinished.unlink()
    unfinished.symlink_to(other)
    target.write(DATA)
    assert other.read_bytes() == b""


@pytest.mark.parametrize("there", [b'{"version":1}', b"letter", b"\x1f\x8bx"])
def test_no_other_file_is_written_over(tmp_path: Path, there: bytes) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(there)
    with pytest.raises(NoPlanThere):
        PlanFile(path)
    with pytest.raises(NoPlanThere):
        PlanFile(tmp_path)
    assert path.read_bytes() == there


def test_an_empty_file_may_become_a_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.touch()
    PlanFile(path).write(DATA)
    assert path.read_bytes() == DATA
