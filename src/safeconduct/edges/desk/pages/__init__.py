# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person comes to the desk to do, one module for each place in it."""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.pages import (
    conversation,
    crew,
    door,
    files,
    hotline,
    live,
    removals,
    search,
    settings,
    today,
)

# Each path stands once: two views on one path make Litestar 2.25 wrap the first of them twice.
VIEWS: Final = (
    *door.VIEWS,
    *today.VIEWS,
    *hotline.VIEWS,
    *conversation.VIEWS,
    *files.VIEWS,
    *search.VIEWS,
    *crew.VIEWS,
    *removals.VIEWS,
    *settings.VIEWS,
    *live.VIEWS,
)
