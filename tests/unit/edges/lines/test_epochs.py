# SPDX-License-Identifier: AGPL-3.0-or-later
"""No older intake key, over all starts of a line (docs/spec/lines.md 6)."""

from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.edges.lines.epochs import KeptEpoch
from safeconduct.edges.lines.store import SealedStore
from safeconduct.edges.person.device import At, Device
from safeconduct.kernel.errors import Untrusted
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.hotline.letters import Certificate, write_certificate

OFFICE = OfficeId(bytes(16))
SIGNING = LongSigningKey.from_seed(bytes(64))


def certificate(epoch: int) -> bytes:
    """A key of an epoch that the office signed."""
    key = SealingKey.from_seed(bytes([epoch]) * 32).public.raw
    return write_certificate(Certificate(1, OFFICE, epoch, key, 0, 0), SIGNING)


def started(folder: Path) -> Device:
    """A visit of a line that was started just now."""
    seen = KeptEpoch(SealedStore(folder, bytes(32)))
    return Device(At(OFFICE, SIGNING.public, "http://127.0.0.1:1", seen))


@pytest.mark.attack
def test_a_line_that_is_started_anew_takes_no_older_key(tmp_path: Path) -> None:
    assert started(tmp_path)._accept(certificate(2)).epoch == 2
    with pytest.raises(Untrusted):
        started(tmp_path)._accept(certificate(1))
    assert started(tmp_path)._accept(certificate(2)).epoch == 2
    assert started(tmp_path)._accept(certificate(3)).epoch == 3
    with pytest.raises(Untrusted):
        started(tmp_path)._accept(certificate(2))


def test_it_is_written_once_and_nothing_is_sealed_until_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved, save = list[str](), SealedStore.save

    def noted(self: SealedStore, name: str, content: bytes) -> None:
        saved.append(name)
        if len(saved) == 1:
            raise OSError
        save(self, name, content)

    monkeypatch.setattr(SealedStore, "save", noted)
    device = started(tmp_path)
    with pytest.raises(OSError, match=r"^$"):
        device._accept(certificate(5))
    for _ in range(3):
        device._accept(certificate(5))
    assert saved == ["epoch"] * 2
