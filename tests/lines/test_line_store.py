# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a line keeps on its machine (docs/spec/lines.md 6)."""

from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct import host
from safeconduct.edges.lines.store import (
    KeptFile,
    LineInUse,
    NoMemoryFolder,
    SealedStore,
    alone,
    pack,
    unpack,
)
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import CannotOpen, Malformed
from tests.lines.kit.markers import control, search

KEY = bytes(range(32))
SECRET = b"a session that opens an account"


@pytest.fixture
def store(tmp_path: Path) -> SealedStore:
    return SealedStore(tmp_path, KEY)


def test_what_is_kept_lies_sealed_and_bound_to_its_name_and_line(
    store: SealedStore, tmp_path: Path
) -> None:
    store.save("session", SECRET)
    store.save("session", SECRET + b" again")
    assert store.load("session") == SECRET + b" again"
    assert store.load("other") is None
    control(tmp_path, session=SECRET)
    assert not search([tmp_path], session=SECRET)
    (tmp_path / "kept-session").rename(tmp_path / "kept-other")
    with pytest.raises(CannotOpen):
        store.load("other")
    with pytest.raises(CannotOpen):
        SealedStore(tmp_path, bytes(32)).load("other")


def test_what_is_dropped_is_gone(store: SealedStore, tmp_path: Path) -> None:
    store.save("held-1", SECRET)
    store.save("session", SECRET)
    assert store.names("held-") == ["held-1"]
    store.drop("held-1")
    store.drop("held-1")
    assert store.names("held-") == []
    assert [path.name for path in tmp_path.iterdir()] == ["kept-session"]


def test_what_is_dropped_is_overwritten(store: SealedStore, tmp_path: Path) -> None:
    store.save("held-1", SECRET)
    with (tmp_path / "kept-held-1").open("rb", buffering=0) as file:
        store.drop("held-1")
        assert not any(file.read())


def test_what_a_killed_line_had_half_written_is_taken_away_at_the_next_start(
    store: SealedStore, tmp_path: Path
) -> None:
    store.save("held-1", SECRET)
    (tmp_path / "kept-held-2.new").write_bytes((tmp_path / "kept-held-1").read_bytes())
    with (tmp_path / "kept-held-2.new").open("rb", buffering=0) as file, alone(tmp_path):
        assert not any(file.read())
    assert store.names("held-") == ["held-1"]
    assert not (tmp_path / "kept-held-2.new").exists()


def test_a_folder_of_a_client_lives_in_memory_and_comes_back_as_it_was_kept(
    store: SealedStore, tmp_path: Path
) -> None:
    with store.folder("client") as folder:
        memory = host.memory_folder()
        assert memory is not None
        assert folder.path.is_relative_to(memory)
        assert folder.path.stat().st_mode & 0o77 == 0
        (folder.path / "a").mkdir()
        (folder.path / "a" / "db").write_bytes(SECRET)
        folder.keep()
        (folder.path / "later").write_bytes(SECRET)
        path = folder.path
    assert not path.exists()
    with store.folder("client") as folder:
        assert (folder.path / "a" / "db").read_bytes() == SECRET
        assert not (folder.path / "later").exists()
    assert not search([tmp_path], session=SECRET)


def test_what_a_killed_line_left_in_memory_is_taken_away_at_the_next_start(
    store: SealedStore,
) -> None:
    left = store.folder("client")
    (left.__enter__().path / "db").write_bytes(SECRET)
    with SealedStore(store._folder, KEY).folder("client") as folder:
        assert not (folder.path / "db").exists()
    left.__exit__(None, None, None)


@pytest.mark.parametrize("path", ["/etc/passwd", "../out", "a/../../out"])
def test_an_archive_that_names_a_place_outside_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(Malformed):
        unpack(encode((KeptFile(path, b"x"),)), tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_archive_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(SECRET)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to(tmp_path / "out")
    assert SECRET not in pack(tmp_path / "in")


def test_without_memory_no_folder_is_given(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "memory_folder", lambda: None)
    with pytest.raises(NoMemoryFolder), store.folder("client"):
        pass


def test_only_one_process_runs_a_line(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(LineInUse), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass
