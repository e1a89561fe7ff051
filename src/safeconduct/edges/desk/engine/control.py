# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which relay-control key stands, and in which epoch, of those that a desk was told.

Letters, parcels and moves bring control keys and epochs by a steward's word alone.  The relay heeds
one key and one epoch, and says of any order whether it is signed by that key for that epoch: so an
order to let go of a parcel that nobody has tells a true key from a false one and changes nothing
(spec/crew.md 6).
Epochs that no steward spoke of are not tried: a relay that is left could else have an opening
signed that is good at the one that follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadSignature
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.seal.sign import sign
from safeconduct.kernel.wire.orders import DropOrder
from safeconduct.kernel.wire.refusals import Conflict
from safeconduct.kernel.words import HASH_BYTES
from safeconduct.rooms.crew import HeldKey

NO_PARCEL: Final = bytes(HASH_BYTES)
"""The hash of no parcel that anybody could make."""


def standing(journal: Journal, courier: Courier, told: Iterable[HeldKey] = ()) -> HeldKey | None:
    """Return the control key that the relay heeds, with its epoch; None when it is none of these.

    Tried are those that this desk holds and those that it is `told`, the newest first.

    Raises:
        Unreachable: later.
    """
    known = sorted({*journal.keychain.controls(), *told}, key=_newness, reverse=True)
    epochs = _epochs(known)
    for seed in dict.fromkeys(one.key for one in known):
        own = [one.epoch for one in known if one.key == seed]
        for epoch in dict.fromkeys([*own, *epochs]):
            found = HeldKey("control", NO_ID, epoch, seed)
            try:
                _try(journal, courier, found)
            except Conflict:
                continue
            except BadSignature:
                break
            return found
    return None


def _newness(one: HeldKey) -> tuple[int, bytes]:
    return one.epoch, one.key


def _epochs(known: Sequence[HeldKey]) -> list[int]:
    """Return the epochs that stewards spoke of, and the one after each that is no later than all.

    Whoever opens an epoch and lies about its number so hides it from nobody who knew the last.
    """
    told = {one.epoch for one in known}
    return sorted(told | {epoch + 1 for epoch in told if epoch < max(told)}, reverse=True)


def _try(journal: Journal, courier: Courier, control: HeldKey) -> None:
    """Ask the relay whether it heeds this key in this epoch.

    Raises:
        BadSignature, Conflict: it heeds another key, or is in another epoch.
    """
    order = encode(DropOrder("drop", journal.office, control.epoch, [NO_PARCEL]))
    key = SigningKey.from_seed(control.key)
    courier.drop_parcels(order, sign(key, "access", journal.office, order))
