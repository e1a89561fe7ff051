# SPDX-License-Identifier: AGPL-3.0-or-later
"""A backup is one moment of a running relay, whole or not there at all."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from safeconduct.edges.relay import backup
from safeconduct.edges.relay.backup import BackupExists, NoRelay, back_up
from safeconduct.edges.relay.keyfile import key_path
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.log.checkpoint import parse_checkpoint
from safeconduct.kernel.log.merkle import leaf_hash, root_of
from tests.kit.relay import Kept, plenty


def test_a_running_relay_is_copied_whole(kept: Kept, tmp_path: Path) -> None:
    target, stop = tmp_path / "copy.db", threading.Event()

    def load() -> None:
        number = 0
        while not stop.is_set():
            kept.desk.append([b"%d" % number])
            number += 1

    writer = threading.Thread(target=load)
    writer.start()
    kept.desk.append([b"acknowledged before"])
    back_up(tmp_path / "relay.db", target)
    stop.set()
    writer.join()
    with RelayStore(target, probe=plenty) as store:
        copy = Kept(store, kept.office)
        frames = copy.desk.frames(0, 1 << 24)
        assert b"acknowledged before" in frames
        checkpoint = parse_checkpoint(copy.desk.checkpoint("log"), kept.relay_key)
        assert checkpoint.root == root_of(map(leaf_hash, frames))
    assert key_path(target).stat().st_mode & 0o077 == 0


def test_a_backup_is_never_written_over(kept: Kept, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_bytes(b"precious")
    with pytest.raises(BackupExists):
        back_up(tmp_path / "relay.db", target)
    assert target.read_bytes() == b"precious"


def test_there_must_be_a_relay(tmp_path: Path) -> None:
    with pytest.raises(NoRelay):
        back_up(tmp_path / "none.db", tmp_path / "copy.db")


def test_a_copy_that_fails_leaves_nothing(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(backup, "_copy", fail)
    with pytest.raises(OSError):
        back_up(tmp_path / "relay.db", tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy*"))
