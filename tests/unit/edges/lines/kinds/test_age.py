# SPDX-License-Identifier: AGPL-3.0-or-later
"""One rule of how old a channel's client may be (docs/spec/lines.md 6)."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from safeconduct.edges.lines.kinds.age import OUTDATED_DAYS, put_here, too_old


def test_a_client_is_too_old_after_so_many_days_or_where_its_age_is_not_known() -> None:
    today = datetime.now(UTC).date()
    assert not too_old(today - timedelta(OUTDATED_DAYS))
    assert too_old(today - timedelta(OUTDATED_DAYS + 1))
    assert too_old(today - timedelta(61), 60)
    assert too_old(None)


def test_a_file_is_as_old_as_it_was_put_here(tmp_path: Path) -> None:
    client = tmp_path / "client"
    assert put_here(client) is None
    client.touch()
    assert not too_old(put_here(client))
    old = time.time() - (OUTDATED_DAYS + 2) * 24 * 3600
    os.utime(client, (old, old))
    assert too_old(put_here(client))
