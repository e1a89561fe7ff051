# SPDX-License-Identifier: AGPL-3.0-or-later
"""A move that a letter in this desk's door tells of (spec/crew.md 5 and 9).

The server that is left no longer lets this desk in, or the next one stands at the address that it
knows: either way the log brings nothing, and a door is read by its address alone.  Believed no
further than a text by hand: a steward who stands signed it, and the person here is asked.
Once the log tells of the same move, the log decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.canon import Codec, encode
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.crew.doors import Message, Moved
from safeconduct.rooms.crew.move_facts import RelayMoved
from safeconduct.rooms.crew.moves import check_moved

ELSEWHERE: Final = "relay_moved"
UNSOUND: Final = "letter_unsound"
"""A letter in our door does not hold: somebody sends what they may not."""
TOLD_MOVE: Final = "told_move"
NO_SLOT: Final = bytes(4 * [0xFF])
"""Stands where an entry's index does, so that no fact of a log has such an id."""
_TOLD: Final[Codec[Moved]] = Codec(Moved, TOLD_MOVE)


def heed(journal: Journal, letters: Iterable[Message]) -> None:
    """Keep the first move of letters that a steward signed and that is new here; say that it is."""
    for said in letters:
        if not isinstance(said, Moved):
            continue
        try:
            new = _read(journal, said) is not None
        except SafeconductError:
            journal.trouble(UNSOUND)
            continue
        if new:
            if journal.store.setting(TOLD_MOVE, _TOLD) != said:
                journal.store.put_setting(TOLD_MOVE, said)
            journal.trouble(ELSEWHERE)
            return


def told(journal: Journal) -> tuple[FactId, RelayMoved, DeviceId] | None:
    """Return what was told and still holds, under an id of its own words, and who signed it."""
    said = journal.store.setting(TOLD_MOVE, _TOLD)
    if said is None:
        return None
    try:
        move = _read(journal, said)
    except SafeconductError:  # Whoever signed it stands no more.
        return None
    if move is None:
        return None
    name = FactId(hashlib.sha256(said.fact).digest() + NO_SLOT)
    return name, move, DeviceId(said.signer)


def _read(journal: Journal, said: Moved) -> RelayMoved | None:
    """Return the move, unless the log or this desk is past it; raises what `check_moved` does."""
    move = check_moved(said, journal.roster)
    known = any(encode(one) == said.fact for one in journal.roster.moves.values())
    return None if known or move.relay_key == journal.place.relay_key else move
