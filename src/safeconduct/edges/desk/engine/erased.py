# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this desk knows of cases that it erased: that they were, and whose keys it takes no more.

The vaults stand here for good: a key of theirs that comes again, from a parcel, a letter or a
colleague's old desk, is not taken (`keys.Keychain`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import Bytes16, Bytes36, Codec, Record

if TYPE_CHECKING:
    from safeconduct.edges.desk.store import Store

NAME: Final = "erased_cases"
BLANK: Final = "cases.Blank"
"""Stands as the kind of an entry whose body was destroyed; no fact is ever written of it."""


class Handed(Record, frozen=True):
    """Something that had left the office before: when, and to whom, as it was said then."""

    at: int
    recipient: str


class Erased(Record, frozen=True):
    """A case that went: by which fact, when here, its vaults, and what was left of it elsewhere.

    `held` says whether this desk had anything of it; without, its pages say nothing of it.
    """

    case: Bytes16
    fact: Bytes36
    at: int
    held: int
    vaults: tuple[Bytes16, ...]
    parts: tuple[str, ...]
    """Of those parts keys were held here."""
    talks: int
    """So many conversations of it were known here; they go by their own times."""
    handed: tuple[Handed, ...]
    parcels: tuple[bytes, ...]
    """What the relay is to let go: sealed copies of its keys, and of no others."""


_ERASED: Final[Codec[tuple[Erased, ...]]] = Codec(tuple[Erased, ...], NAME)


def erased_cases(store: Store) -> tuple[Erased, ...]:
    """Return what went, the first first."""
    return store.setting(NAME, _ERASED) or ()


def keep_erased(store: Store, some: tuple[Erased, ...]) -> None:
    """Keep that in place of what stood there before."""
    store.put_setting(NAME, some)
