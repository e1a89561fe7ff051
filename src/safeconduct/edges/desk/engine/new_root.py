# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay is told of new recovery cards: their root key opens access, the old one nothing more.

The root key before them alone can say so, and is there for the one act in which they are made: so
that act signs an opening for each of some epochs that may come next, under one capability and one
control key that nobody else has.  One of them is sent when the new cards count by all that the
relay's log says, and no rival set is known; else the rivals' stewards choose first
(spec/crew.md 6 and 8).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.edges.desk.engine.post import acknowledged
from safeconduct.edges.desk.engine.told import counted, signed_by_members
from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import BadKey
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.seal.keys import LongSigningKey, SigningKey, office_id
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.wire.bodies import RootOpening
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.crew import EpochOpened, HeldKey
from safeconduct.rooms.crew.card_facts import RecoverySplit

NAME: Final = "new_root"
UNTOLD: Final = "root_untold"
"""The server goes on heeding the cards before."""
AHEAD: Final = 16
"""So many openings by colleagues may come between the cards and the telling."""
SEED_BYTES: Final = 32


class NewRoot(Record, frozen=True):
    """What is to be told: the root key, and an opening's proof for each epoch from the first on.

    It waits until the relay has the commit of that sequence, which seconds the new cards.
    """

    root_key: bytes
    sequence: int
    first: int
    capability: bytes
    control: bytes
    proofs: tuple[bytes, ...]

    def opening(self, office: OfficeId, epoch: int) -> tuple[bytes, bytes]:
        """Return the opening of an epoch that was signed for, and its proof."""
        opening = _opening(office, epoch, self)
        return opening, self.proofs[epoch - self.first]

    def covers(self, epoch: int) -> bool:
        """Tell whether the old root key signed for this epoch."""
        return self.first <= epoch < self.first + len(self.proofs)


_NEW_ROOT: Final[Codec[NewRoot]] = Codec(NewRoot, NAME)


def fresh_control(journal: Journal, rng: Rng) -> HeldKey | None:
    """Return a control key for the epoch after the one that stands: old cards open the old one.

    None where this desk holds no control key, and cannot know which epoch stands.
    """
    control = journal.keychain.control()
    return HeldKey("control", NO_ID, control.epoch + 1, rng.bytes(SEED_BYTES)) if control else None


def keep(journal: Journal, old: LongSigningKey, root_key: bytes, control: HeldKey) -> None:
    """Sign, and keep durably, what tells the relay of a root key; in the act that makes it.

    Called after the commit that seconds the new cards.
    """
    capability = journal.rng.bytes(SEED_BYTES)
    new = NewRoot(root_key, journal.pen.sequence, control.epoch, capability, control.key, ())
    proofs = []
    for epoch in range(control.epoch, control.epoch + AHEAD):
        opening = _opening(journal.office, epoch, new)
        proofs.append(old.public.raw + sign_long(old, "access", journal.office, opening))
    kept = NewRoot(root_key, new.sequence, new.first, capability, control.key, tuple(proofs))
    journal.store.put_setting(NAME, kept)


def waiting(journal: Journal) -> NewRoot | None:
    """Return what is to be told; None when nothing is."""
    return journal.store.setting(NAME, _NEW_ROOT)


def ready(journal: Journal) -> NewRoot | None:
    """Return what may be told now, at a desk that read the whole log.

    What other cards overcame is dropped; so, with a word, is what comes too late.
    """
    new, cards, control = waiting(journal), journal.roster.cards, journal.keychain.control()
    if new is None or control is None or cards.rivals or acknowledged(journal) < new.sequence:
        return None
    if cards.root_key != new.root_key:
        forget(journal)
        return None
    if not new.covers(control.epoch + 1):
        give_up(journal)
        return None
    return new


def give_up(journal: Journal) -> None:
    """Say that the relay goes on heeding the old cards; nothing more can be done here."""
    forget(journal)
    journal.trouble(UNTOLD)


def forget(journal: Journal) -> None:
    """Tell nothing more."""
    journal.store.drop_settings(NAME)


def old_parcels(journal: Journal) -> list[bytes]:
    """Return the parcels that a fact names and gives to no device: they are for recovery cards."""
    told = signed_by_members(journal, EpochOpened)
    facts = (claim.fact for claim in told)
    return sorted({one.parcel for one in facts if isinstance(one, EpochOpened) and not one.devices})


def old_cards(journal: Journal) -> Iterator[SealingPublicKey]:
    """Yield the sealing keys of the cards that counted before those that count now."""
    founded, cards = journal.roster.founded, journal.roster.cards
    facts = [claim.fact for claim in counted(journal, RecoverySplit)]
    keys = [founded.recovery_key] if founded else []
    keys += [one.recovery_key for one in facts if isinstance(one, RecoverySplit)]
    for key in dict.fromkeys(keys):
        if key != cards.recovery_key and not cards.rivals:
            try:
                yield SealingPublicKey.parse(key)
            except BadKey:
                continue


def _opening(office: OfficeId, epoch: int, new: NewRoot) -> bytes:
    digest = hashlib.sha256(new.capability).digest()
    following = SigningKey.from_seed(new.control).public.raw
    return encode(RootOpening(3, office, epoch, digest, following, office_id(new.root_key)))
