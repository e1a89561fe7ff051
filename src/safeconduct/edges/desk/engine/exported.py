# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which conversations a fact about exports names, for the pages that say who did what."""

from __future__ import annotations

from typing import Final

from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms import hotline
from safeconduct.rooms.crew.asking_facts import ExportAsked
from safeconduct.rooms.crew.events import SIGNED, parse_fact
from safeconduct.rooms.hotline.events import ConversationsExported

ASKED: Final = "crew.ExportAsked"
MADE: Final = "hotline.ConversationsExported"


def named_in(kind: str, version: int, body: bytes) -> tuple[bytes, ...]:
    """Return the conversations that somebody asked for or took along; none of other facts."""
    if kind not in {ASKED, MADE}:
        return ()
    try:
        fact = (
            parse_fact(kind, SIGNED.decode(body))
            if kind == ASKED
            else hotline.parse_fact(kind, version, body)
        )
    except SafeconductError:
        return ()  # It lies in quarantine.
    return fact.conversations if isinstance(fact, ExportAsked | ConversationsExported) else ()
