# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page asks no clock: on a borrowed telephone it may be wrong by years.

Times that she is shown are the office's and the server's; how long two presses lie apart is told
by the events themselves, which no setting of the clock moves.  One question is put to it, whose
answer stays here: whether first words have ended (ADR 0048).  In the bundle one library asks:
Argon2 does, to let the page breathe, and does not mind a clock that jumps.
"""

import re
from pathlib import Path

import pytest

from safeconduct.edges.portal.rendering import HERE

CLOCK = re.compile(r"\b(?:Date|Temporal|timeOrigin)\b")
ALLOWED = {"visit.js": ["Date"]}
OURS = sorted(HERE.glob("browser/*.js"))


def test_there_is_code_to_look_at() -> None:
    assert len(OURS) > 20


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_page_asks_no_clock(path: Path) -> None:
    assert CLOCK.findall(path.read_text(encoding="utf-8")) == ALLOWED.get(path.name, [])
