# SPDX-License-Identifier: AGPL-3.0-or-later
"""Browsers that stay open between visits are closed after the last."""

from collections.abc import Iterator

import pytest

from tests.kit.visiting import end_visits


@pytest.fixture(scope="session", autouse=True)
def _visits() -> Iterator[None]:
    yield
    end_visits()
