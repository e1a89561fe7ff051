# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of which conversations belong to a case, in its part of contact (spec/plan.md 4)."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Record

LINKS_MOST: Final = 64


class ConversationLinked(Record, frozen=True):
    """A conversation of the hotline belongs to this case."""

    case: Bytes16
    talk: Bytes16


class ConversationUnlinked(Record, frozen=True):
    """It does not: what these facts said of it, which the author saw, stands no longer."""

    case: Bytes16
    talk: Bytes16
    over: Annotated[tuple[Bytes36, ...], msgspec.Meta(min_length=1, max_length=LINKS_MOST)]
