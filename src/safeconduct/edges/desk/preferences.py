# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the person at this desk likes it, sealed in its store and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.edges.desk.api import Preferences
from safeconduct.edges.desk.hands import USUAL
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.canon import Codec

if TYPE_CHECKING:
    from safeconduct.edges.desk.store import Store

PREFERENCES: Final = "preferences"
MINUTES: Final = "locks_after"
"""Apart from the rest, which programs before it read to the last field."""

WAITS: Final = "locked_screen_says"

BLURS: Final = "pictures_are_blurred"

CALLS: Final = "locked_desk_calls"


class _Kept(NamedTuple):
    language: str
    keys: bool


_KEPT: Final[Codec[_Kept]] = Codec(_Kept, "preferences")


def read(store: Store) -> Preferences:
    """Return what was chosen, and for what never was, what is usual."""
    kept = store.setting(PREFERENCES, _KEPT) or _Kept("", keys=True)
    minutes = store.setting(MINUTES, NUMBER)
    waits = store.setting(WAITS, NUMBER)
    blurs = store.setting(BLURS, NUMBER)
    calls = store.setting(CALLS, NUMBER)
    minutes = USUAL if minutes is None else minutes
    return Preferences(kept.language, kept.keys, minutes, waits == 1, blurs != 0, calls != 0)


def keep(store: Store, preferences: Preferences) -> None:
    """Remember what was chosen."""
    with store.transaction():
        store.put_setting(PREFERENCES, _Kept(preferences.language, preferences.keys))
        store.put_setting(MINUTES, preferences.minutes)
        store.put_setting(WAITS, int(preferences.waits))
        store.put_setting(BLURS, int(preferences.blurs))
        store.put_setting(CALLS, int(preferences.calls))
