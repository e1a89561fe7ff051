# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lets new cards follow the old ones (spec/crew.md 8); nothing is changed by making it.

Whether a split counts also hangs on a steward who seconds it; see `roots`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.kernel.words import FactId, OfficeId
from safeconduct.rooms.crew.card_facts import RecoverySplit
from safeconduct.rooms.crew.events import write_fact
from safeconduct.rooms.crew.recovery import hold_to_root, key_check, root_of, sealing_of
from safeconduct.rooms.crew.shares import SECRET_BYTES, Scheme, Share, combine


@dataclass(frozen=True, slots=True)
class NewSplit:
    """A split that nobody knows of yet, and the body of its fact."""

    fact: RecoverySplit
    body: bytes


@dataclass(frozen=True, slots=True)
class Before:
    """The office whose cards are made anew: its id, and its public root key that counts now.

    `kept` is what of that key goes on counting.
    """

    office: OfficeId
    root_key: bytes
    kept: tuple[FactId, ...] = ()


def split_again(before: Before, shares: Sequence[Share], fresh: bytes, scheme: Scheme) -> NewSplit:
    """Return what lets the cards of a new secret follow, from enough of the old cards.

    Args:
        before: the office as it is.
        shares: enough of the cards that count now.
        fresh: the new secret, 32 random bytes that nothing else knows.
        scheme: how many new cards there are, and how many are needed.

    Raises:
        ShareTwice, ShareOfAnotherSplit, SharesTooFew, SharesContradict: the old cards do not do.
        OtherSecret: they are not the cards that count now.
        ValueError: the new secret is none, or the old one.
    """
    secret = combine(shares)
    hold_to_root(secret, before.root_key)
    if len(fresh) != SECRET_BYTES or fresh == secret:
        raise ValueError("not a new secret")
    fact = RecoverySplit(
        root_key=root_of(fresh).public.raw,
        recovery_key=sealing_of(fresh).public.raw,
        needed=scheme.needed,
        cards=scheme.cards,
        check=key_check(fresh),
        kept=tuple(sorted(before.kept)),
    )
    body = write_fact(fact, before.office, b"", root_of(secret))
    return NewSplit(fact, body)
