# SPDX-License-Identifier: AGPL-3.0-or-later
"""The drill on a real office, in short: what it seizes beyond `test_seizure.py`.

Memory and browsers are searched there; `make drill` does all of it.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from safeconduct.programs.drill import HELD, show
from safeconduct.programs.seizures import admitted as told
from safeconduct.programs.seizures.perform import TAKEN, perform
from safeconduct.rooms.crew import Role

pytestmark = pytest.mark.slow

SHORT = (
    *(told.SERVERS_FILES, told.LINE_OF_PAGE, told.LINE_OF_COUNTER, told.DESK_OFF),
    *(told.OPEN_AS[Role.STEWARD], told.OPEN_AS[TAKEN], told.BOTH, told.BOTH_FORCED),
)


def test_what_is_seized_tells_what_is_admitted_and_no_more() -> None:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="drill-"))
        with ExitStack() as running:
            rows = perform(Path(folder), running, print, wanted=SHORT)
    assert [row.taken for row in rows] == [taken for taken in told.SEIZURES if taken in SHORT]
    assert not [row for row in rows if row.needs]
    assert show(rows, None) == HELD
