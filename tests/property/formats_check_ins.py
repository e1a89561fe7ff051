# SPDX-License-Identifier: AGPL-3.0-or-later
"""Good examples of facts of check-ins, each with its reader."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from safeconduct.rooms.passage.watch import check_in_facts
from safeconduct.rooms.passage.watch.check_in_facts import (
    CheckInEnded,
    CheckInFact,
    CheckInHeard,
    CheckInMoved,
    CheckInSeen,
    CheckInSet,
)

_ID, _OF = bytes(16), (b"f" * 36,)
_SET = CheckInSet(_ID, "Клён", 1_795_143_240_000, 15, bytes(32), b"d" * 32, (b"a" * 16,))
_FACTS: dict[str, CheckInFact] = {
    "check-in set": _SET,
    "check-in moved": CheckInMoved(_ID, 1_795_143_240_000, _OF),
    "check-in heard": CheckInHeard(_ID, _OF, 2),
    "check-in seen": CheckInSeen(_ID, _OF, 0),
    "check-in ended": CheckInEnded(_ID),
}
CHECK_INS: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    name: (
        check_in_facts.write_fact(fact),
        partial(check_in_facts.parse_fact, check_in_facts.kind_of(fact), 1),
    )
    for name, fact in _FACTS.items()
}
