# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose key at Signal changed, and how often: who has a new one is another contact.

A new phone has a new key, and so has whoever took the number.  What was said to the one before goes
to nobody any more; a desk shows both, and a helper decides whether they are one person.
"""

from __future__ import annotations

from typing import Final

import msgspec

from safeconduct.edges.lines.channel import CannotSend, Kept
from safeconduct.edges.lines.reading.signal import SERVICE_ID, parse_changes

KEPT: Final = "signal-keys"
UNKNOWN: Final = b"unknown"
BETWEEN: Final = "#"
"""Stands between a service id and the number of its key, where it is not the first."""


class Keys:
    """What a line keeps of it, sealed; durable before anything is said to a new key."""

    def __init__(self, kept: Kept) -> None:
        """Load it.

        Raises:
            Malformed: it was changed: to begin with none would send old answers to new keys.
        """
        self._kept: Final = kept
        self._changes: Final = parse_changes(kept.load(KEPT) or b"{}")

    def contact(self, who: str) -> bytes:
        """Return who somebody is with the key that they have now."""
        changed = self._changes.get(who, 0)
        return f"{who}{BETWEEN}{changed}".encode() if changed else who.encode() or UNKNOWN

    def who(self, contact: bytes) -> str:
        """Return the service id of a contact.

        Raises:
            CannotSend: it has none, or another key by now.
        """
        who = contact.decode("ascii", "replace").partition(BETWEEN)[0]
        if SERVICE_ID.fullmatch(who) is None or contact != self.contact(who):
            raise CannotSend
        return who

    def anew(self, who: str) -> bytes:
        """Return the contact of somebody with another key than until now."""
        self._changes[who] = self._changes.get(who, 0) + 1
        self._kept.save(KEPT, msgspec.json.encode(self._changes))
        return self.contact(who)
