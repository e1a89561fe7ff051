# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which facts about keys had their long signatures checked at this desk, told by its sealed store.

A signature is checked once and not at each unlocking, as those of commits are.  Whoever could write
into the store has its key, and all the keys in it.  What holds is marked by one number, up to which
all were checked, and by the numbers of those that did not hold, which are checked again each time.
Entries keep their numbers until all is read anew, and then nothing is marked (`FROM_FRAMES`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final

from safeconduct.edges.desk.store import Store, StoreFull
from safeconduct.edges.desk.store_facts import KEYS_PROVED
from safeconduct.kernel.canon import Codec
from safeconduct.rooms import crew
from safeconduct.rooms.crew import KeyTold, Proofs, Roster, said_in
from safeconduct.rooms.crew.key_proofs import Said, checked

Marks = tuple[int, tuple[int, ...], tuple[str, ...]]
_NOTHING: Final[Marks] = (0, (), ())
_MARKS: Final[Codec[Marks]] = Codec(Marks, KEYS_PROVED)
AT_ONCE: Final = 256
"""Of so many signatures it is remembered at once: as many are checked again after a cut."""
Numbered = tuple[int, KeyTold]


class CheckedKeys:
    """Marks which signatures hold.  Hold the store's lock."""

    def __init__(self, store: Store) -> None:
        """Know of none before `load`."""
        self.proofs: Final[Proofs] = {}
        self._store: Final = store
        self._to, self._waits, self._unsure = 0, 0, set[int]()

    def load(self) -> None:
        """Read what the store says; nothing where another program looked at other kinds."""
        to, unsure, kinds = self._store.setting(KEYS_PROVED, _MARKS) or _NOTHING
        if kinds != crew.KEY_KINDS:
            to, unsure, _ = _NOTHING
        self._to, self._waits, self._unsure = to, 0, {*unsure}

    def marked(self, told: Iterable[Numbered]) -> Sequence[Numbered]:
        """Return facts with what is known of their signatures; those that hold are left out."""
        to, unsure = self._to, self._unsure
        return [
            (no, checked(one)) if no <= to and no not in unsure else (no, one) for no, one in told
        ]

    def note(self, roster: Roster, told: Sequence[Numbered]) -> None:
        """Remember which of these facts hold; all that there are up to the last of them are told.

        Where the disk is full it is not kept, and they are checked once more at the next start.
        """
        if not told:
            return
        holding: set[Said] = set()
        for no, one in told:
            if one.proved:
                continue
            said = said_in(roster.office, one.told)
            if self.proofs.get(said):
                holding.add(said)
                self._unsure.discard(no)
            else:
                self._unsure.add(no)
        for said in holding:
            del self.proofs[said]
        self._to = max(self._to, *(no for no, _ in told))
        self._waits += len(holding)
        if self._waits >= AT_ONCE:
            marks = self._to, tuple(sorted(self._unsure)), crew.KEY_KINDS
            with suppress(StoreFull):
                self._store.put_setting(KEYS_PROVED, marks)
                self._waits = 0
