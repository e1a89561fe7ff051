# SPDX-License-Identifier: AGPL-3.0-or-later
"""A new access epoch by the root key, where a taken laptop opened one (spec/crew.md 6).

Whoever holds the control key shuts every desk out; the recovery cards let one of them in again.
It writes letters for the others once the cards have made it a steward's.
"""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from safeconduct.edges.desk.engine import doors, following, removing, tracing
from safeconduct.edges.desk.engine.drawing import KEY_BYTES, FollowUp
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.edges.desk.engine.wished import TRACED
from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import BadSignature
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.keys import LongSigningKey, SigningKey
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.wire.bodies import Opening
from safeconduct.kernel.wire.refusals import Conflict
from safeconduct.rooms.crew import HeldKey

FOUNDED_IN: Final = 1
"""The access epoch of an office's founding."""
MOST_TRIES: Final = 64
"""A desk knows no number of an epoch that shut it out; it asks upward from the last it knew."""


class Reopening(Record, frozen=True):
    """An epoch that is to be opened: its number, capability, and the seed of its control key."""

    epoch: int
    capability: bytes
    control: bytes


DRAWN: Final[Codec[Reopening]] = Codec(Reopening, "reopening")


def reopen(journal: Journal, courier: Courier, root: LongSigningKey) -> None:
    """Open the next access epoch with the root key, and keep the way in; nobody else has it.

    Raises:
        AccessLost: the relay heeds another root key, or the number of the next epoch was not
            found, and once more goes on from there.
        Unreachable: later; what was drawn is kept, so that once more sends the same.
    """
    drawn = journal.store.setting("reopening", DRAWN) or _draw(journal, courier)
    for _ in range(MOST_TRIES):
        journal.store.put_setting("reopening", drawn)
        try:
            _send(journal, courier, root, drawn)
        except Conflict:
            drawn = msgspec.structs.replace(drawn, epoch=drawn.epoch + 1)
            continue
        except BadSignature as error:
            raise doors.AccessLost from error
        key = HeldKey("control", NO_ID, drawn.epoch, drawn.control)
        doors.keep_way(journal, courier, drawn.capability, key)
        return
    journal.store.put_setting("reopening", drawn)
    raise doors.AccessLost


def let_letters_follow(journal: Journal, root: LongSigningKey) -> None:
    """Seal letters that tell all who stand the way in; what the cards removed is followed by them.

    The root key signs: the others could not read yet who is a steward now.  No epoch is opened
    after this one for what the cards removed, which never had its capability: whoever has not
    looked into its door by then would be shut out for good.
    """
    drawn = journal.store.setting("reopening", DRAWN)
    if drawn is None or drawn.capability != journal.place.capability:
        return
    acts = [act for act, _ in following.outstanding(journal) if act.standing != TRACED]
    marks = tracing.ending(journal, tuple(acts))
    found = FollowUp(marks, drawn.epoch, drawn.capability, drawn.control, done="sealed")
    with journal.store.transaction():
        journal.store.put_setting("follow_up", removing.with_letters(journal, found, root))
        journal.store.drop_settings("reopening")


def _draw(journal: Journal, courier: Courier) -> Reopening:
    control, rng = doors.control_of(journal, courier) or journal.keychain.control(), journal.rng
    epoch = control.epoch if control else FOUNDED_IN
    return Reopening(epoch + 1, rng.bytes(KEY_BYTES), rng.bytes(KEY_BYTES))


def _send(journal: Journal, courier: Courier, root: LongSigningKey, drawn: Reopening) -> None:
    digest = hashlib.sha256(drawn.capability).digest()
    following = SigningKey.from_seed(drawn.control).public.raw
    opening = encode(Opening(1, journal.office, drawn.epoch, digest, following))
    signature = sign_long(root, "access", journal.office, opening)
    courier.open_access(opening, root.public.raw + signature)
