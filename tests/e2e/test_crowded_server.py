# SPDX-License-Identifier: AGPL-3.0-or-later
"""A server as it is started, with far more long polls open at it than it keeps connections."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from safeconduct import host
from tests.sim.test_attack_crowd import IN_TIME_SECONDS, long_poll, server, time_to_write

POLLS = 2_500
FILES_HERE = POLLS + 200


@pytest.mark.slow
def test_message_is_in_beside_thousands_of_long_polls(tmp_path: Path) -> None:
    if host.room_for_files(FILES_HERE) < FILES_HERE:
        pytest.skip("this machine does not let a test open so many connections")
    with server(tmp_path, "") as port, ExitStack() as crowd:
        for _ in range(POLLS):
            crowd.enter_context(long_poll(port))
        assert time_to_write(port) < IN_TIME_SECONDS
