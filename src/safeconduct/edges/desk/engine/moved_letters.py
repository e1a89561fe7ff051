# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters that tell of a move, in the doors of all who stand (spec/crew.md 5 and 9).

At the relay that is left, while it lives and lets us in; and at the new one, for desks that come to
it by the address of the old.  Where neither is, no letter reaches anybody, and people tell by hand.
The letters of the new relay are sealed once and kept until it has them.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine.door_letters import letters_for_all
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.bodies import Letter
from safeconduct.kernel.wire.refusals import Expired
from safeconduct.kernel.words import HASH_BYTES, Address, FactId, Instant
from safeconduct.rooms.crew.doors import Moved
from safeconduct.rooms.crew.events import SIGNED
from safeconduct.rooms.crew.move_facts import standing

DUE: Final = "moved_letters"
_DUE: Final[Codec[tuple[Letter, ...]]] = Codec(tuple[Letter, ...], DUE)
_BODY: Final = (
    'SELECT e.body FROM entries e JOIN commits c ON c.no = e."commit" WHERE c.id = ? AND e.slot = ?'
)


def ask(journal: Journal) -> None:
    """Remember that letters are to be written; inside the transaction that signs for a relay."""
    journal.store.put_setting(DUE, ())


def post_them(journal: Journal, courier: Courier) -> bool:
    """Bring this relay the letters that are due; False when nothing more is to be done now.

    Raises:
        Unreachable: later; the same letters go then.
    """
    letters = journal.store.setting(DUE, _DUE)
    if letters is None:
        return False
    if not letters:
        letters = _sealed(journal)
        journal.store.put_setting(DUE, letters)
    try:
        _post(courier, letters)
    except Expired:  # They lay here for too long: sealed anew next time.
        ask(journal)
        raise
    journal.store.drop_settings(DUE)
    return False


def leave(journal: Journal, old: Courier) -> None:
    """Put such letters into the doors of the relay that is left."""
    _post(old, _sealed(journal))


def body_of(journal: Journal, fact: FactId) -> bytes:
    """Return a fact as its entry holds it, signed."""
    slot = int.from_bytes(fact[HASH_BYTES:], "big")
    body: bytes = journal.store.value(_BODY, (fact[:HASH_BYTES], slot))
    return body


def _sealed(journal: Journal) -> tuple[Letter, ...]:
    with journal.store.lock:
        stands = standing(journal.roster.moves)
        if stands is None:
            return ()
        signed = SIGNED.decode(body_of(journal, stands[0]))
        said = Moved(signed.fact, signed.signer, signed.signature)
        return letters_for_all(journal, said)


def _post(courier: Courier, letters: tuple[Letter, ...]) -> None:
    if letters:
        courier.post([(Address(one.address), Instant(one.expires), one.item) for one in letters])
