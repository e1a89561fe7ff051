# SPDX-License-Identifier: AGPL-3.0-or-later
"""The facts of recovery: new cards were made, or cards were used (spec/crew.md 1 and 8).

Both are signed by the root key, which exists only while enough cards lie together; so a fact of
these with a device for its signer is none.  Whether a split counts also hangs on a steward who
seconds it, which is a question to the roster and not asked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from safeconduct.kernel.canon import Bytes16, Codec, Count32, Record
from safeconduct.kernel.errors import BadSignature, Malformed
from safeconduct.kernel.seal.keys import LongSigningKey, LongVerifyKey
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.crew.events import SIGNED, Bytes36, check_fact, write_signed
from safeconduct.rooms.crew.recovery import hold_to_root, key_check, root_of, sealing_of
from safeconduct.rooms.crew.shares import SECRET_BYTES, Scheme, Share, combine, split


class RecoverySplit(Record, frozen=True):
    """New cards of a new secret: from now on its root key is the office's."""

    root_key: bytes
    recovery_key: bytes
    needed: Count32
    cards: Count32
    check: Bytes16


class RecoveryUsed(Record, frozen=True):
    """Cards were put together and used: the new epoch, and what was done with the root key."""

    epoch: Count32
    made: tuple[Bytes36, ...]


RecoveryFact = RecoverySplit | RecoveryUsed
RECOVERY_KINDS: Final[dict[str, type[RecoveryFact]]] = {
    "crew.RecoverySplit": RecoverySplit,
    "crew.RecoveryUsed": RecoveryUsed,
}
_CODECS: Final[dict[str, Codec[RecoveryFact]]] = {
    kind: Codec(record, kind) for kind, record in RECOVERY_KINDS.items()
}
_NAMES: Final = {record: kind for kind, record in RECOVERY_KINDS.items()}


@dataclass(frozen=True, slots=True)
class NewSplit:
    """A split that nobody knows of yet: the body of its fact, and the cards to hand out."""

    fact: RecoverySplit
    body: bytes
    shares: tuple[Share, ...] = field(repr=False)


def write_recovery_fact(fact: RecoveryFact, office: OfficeId, root: LongSigningKey) -> bytes:
    """Return the body of a roster entry: the fact, signed by the root key."""
    return write_signed(_NAMES[type(fact)], fact, office, b"", root)


def parse_recovery_fact(
    kind: str, body: bytes, office: OfficeId, root: LongVerifyKey
) -> RecoveryFact:
    """Return the fact that this root key signed.

    Args:
        kind: one of `RECOVERY_KINDS`.
        body: the body of the roster entry.
        office: whose fact it must be.
        root: the root key that counts where the fact stands.

    Raises:
        Malformed, NotCanonical: not a fact of this kind, or of a split that cannot be.
        BadKey: a new key is none.
        BadSignature: signed by another key, for another office, or in a device's name.
    """
    signed = SIGNED.decode(body)
    if signed.signer:
        raise BadSignature("roster")
    check_fact(kind, signed, office, root)
    fact = _CODECS[kind].decode(signed.fact)
    if isinstance(fact, RecoverySplit):
        _check_split(fact)
    return fact


def split_again(
    office: OfficeId, shares: Sequence[Share], root_key: bytes, fresh: bytes, scheme: Scheme
) -> NewSplit:
    """Return new cards for an office, from enough of its old ones; nothing is changed by it.

    Args:
        office: its id, which stays.
        shares: enough of the cards that count now.
        root_key: the public root key that counts now.
        fresh: the new secret, 32 random bytes that nothing else knows.
        scheme: how many new cards there are, and how many are needed.

    Raises:
        ShareTwice, ShareOfAnotherSplit, SharesTooFew, SharesContradict: the old cards do not do.
        OtherSecret: they are not the cards that count now.
        ValueError: the new secret is none, or the old one.
    """
    secret = combine(shares)
    hold_to_root(secret, root_key)
    if len(fresh) != SECRET_BYTES or fresh == secret:
        raise ValueError("not a new secret")
    fact = RecoverySplit(
        root_key=root_of(fresh).public.raw,
        recovery_key=sealing_of(fresh).public.raw,
        needed=scheme.needed,
        cards=scheme.cards,
        check=key_check(fresh),
    )
    body = write_recovery_fact(fact, office, root_of(secret))
    return NewSplit(fact, body, split(fresh, scheme))


def _check_split(fact: RecoverySplit) -> None:
    """Check what a split names; raises Malformed, BadKey."""
    LongVerifyKey.parse(fact.root_key)
    SealingPublicKey.parse(fact.recovery_key)
    try:
        Scheme(fact.needed, fact.cards)
    except ValueError as error:
        raise Malformed("crew.RecoverySplit") from error
