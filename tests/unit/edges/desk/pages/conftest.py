# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk in this process, opened by its one-time link, over the engine's honest twin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

import pytest
from litestar.testing import TestClient

from tests.kit.rehearsal import rehearsal_desk
from tests.unit.edges.desk.pages.window import ORIGIN, Seconds, Window


@pytest.fixture
def shut() -> Iterator[Window]:
    """A desk whose link has been opened and which is still locked."""
    desk, talks = rehearsal_desk()
    window = Window(desk, talks, Seconds(), zone=UTC)
    with TestClient(window.app, base_url=ORIGIN, raise_server_exceptions=False) as client:
        window.use(client)
        yield window


@pytest.fixture
def window(shut: Window) -> Window:
    """A desk that has been unlocked."""
    shut.unlock()
    return shut
