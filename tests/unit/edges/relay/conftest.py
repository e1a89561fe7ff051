# SPDX-License-Identifier: AGPL-3.0-or-later
"""One relay with one office, a clock that stands still, and a disk that a test may fill."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.relay import Disk, Kept, SetClock, relay
from tests.kit.relay_web import Client


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def kept(tmp_path: Path, clock: SetClock, disk: Disk) -> Iterator[Kept]:
    with relay(tmp_path, clock=clock, probe=disk) as kept:
        yield kept


@pytest.fixture
def client(kept: Kept) -> Iterator[Client]:
    client = Client(kept)
    yield client
    client.web.wind_down()
