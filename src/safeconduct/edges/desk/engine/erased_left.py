# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is left elsewhere of a case that goes: what was handed out, and sealed keys at the relay.

Told before it is destroyed, so that a page can say it afterwards (spec/erasure.md 5).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.edges.desk.engine import control
from safeconduct.edges.desk.engine.erased import Erased, Handed, erased_cases, keep_erased
from safeconduct.edges.desk.engine.held_cases import HeldCases
from safeconduct.edges.desk.engine.own_keys import sealing_keys
from safeconduct.edges.desk.store_facts import COUNTS
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import SafeconductError, Unreachable
from safeconduct.kernel.journal import VaultEpoch, instant_of
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.seal.sign import sign
from safeconduct.kernel.wire.orders import DropOrder
from safeconduct.kernel.words import CaseId, CommitId, ConversationId, DeviceId, VaultId
from safeconduct.rooms import crew, hotline
from safeconduct.rooms.cases.letter_facts import LetterMade
from safeconduct.rooms.cases.letters_made import fold_letters
from safeconduct.rooms.cases.link_facts import ConversationLinked, ConversationUnlinked
from safeconduct.rooms.cases.links import fold_links
from safeconduct.rooms.cases.own_file_facts import OwnFileMade
from safeconduct.rooms.cases.referral_facts import ReferralHandedOver, ReferralMade
from safeconduct.rooms.cases.referrals import fold_referrals
from safeconduct.rooms.crew import EpochOpened, KeysGranted, Told, VaultOpened
from safeconduct.rooms.crew.asking_facts import ExportAsked
from safeconduct.rooms.crew.case_erasure import droppable
from safeconduct.rooms.crew.claims import parse_claim
from safeconduct.rooms.hotline.events import ConversationsExported

if TYPE_CHECKING:
    from safeconduct.edges.desk.engine.journal import Journal
    from safeconduct.kernel.ports import Courier

_OUT: Final = (LetterMade, OwnFileMade, ReferralMade, ReferralHandedOver)
"""Facts that tell what of a case left the office, beside exports of its conversations."""
_EXPORTED: Final = (
    "SELECT c.hlc, e.kind, e.version, e.body FROM entries e "  # noqa: S608
    'JOIN commits c ON c.no = e."commit" WHERE e.conversation IS NULL '
    f"AND e.kind = 'hotline.ConversationsExported' AND c.state = {COUNTS}"
)
_ASKED: Final = (
    "SELECT c.id, c.device, e.kind, e.body, e.version, c.sequence, e.slot FROM entries e "
    "JOIN commits c ON c.no = e.\"commit\" WHERE c.id = ? AND e.kind = 'crew.ExportAsked'"
)
_COMMIT_BYTES: Final = 32


class Left(NamedTuple):
    """What this desk knows of a case, as far as it stays true when the case is gone."""

    parts: tuple[str, ...]
    talks: int
    handed: tuple[Handed, ...]


def left_of(journal: Journal, case: CaseId) -> Left:
    """Return the parts held here, how many conversations, and what had left the office."""
    held = HeldCases(journal)
    opened = held.find(case)
    if opened is None:
        return Left((), 0, ())
    parts = held.by_vault(opened)
    told = held.told(opened, *_OUT, ConversationLinked, ConversationUnlinked)
    talks = {link.talk for link in fold_links(case, parts, told)}
    own = [Handed(instant_of(one.hlc), "") for one in told if isinstance(one.event, OwnFileMade)]
    referrals = fold_referrals(case, parts, told).all
    partners = [Handed(it.at, one.said.recipient) for one in referrals for it in one.handed]
    letters = [Handed(one.at, one.said.recipient) for one in fold_letters(case, parts, told)]
    names = tuple(sorted(part.value for part in parts.values()))
    return Left(names, len(talks), (*own, *partners, *letters, *_exported(journal, talks)))


def _exported(journal: Journal, talks: set[ConversationId]) -> Iterator[Handed]:
    """Return exports in which a conversation of the case stood, with whom they were for."""
    for hlc, *said in journal.store.rows(_EXPORTED):
        try:
            fact = hotline.parse_fact(*said)
        except SafeconductError:
            continue  # It lies in quarantine.
        if isinstance(fact, ConversationsExported) and talks & {*fact.conversations}:
            yield Handed(instant_of(hlc), _recipient(journal, fact.asked))


def _recipient(journal: Journal, asked: bytes) -> str:
    for commit, device, *rest in journal.store.rows(_ASKED, (asked[:_COMMIT_BYTES],)):
        claim = parse_claim(Told(CommitId(commit), DeviceId(device), *rest))
        if claim is not None and claim.id == asked and isinstance(claim.fact, ExportAsked):
            return claim.fact.recipient
    return ""


def parcels_of(journal: Journal, vaults: Collection[bytes]) -> tuple[bytes, ...]:
    """Return the parcels that bring keys of these vaults and of no others, as facts say."""
    facts = [one for _, one in journal.keys.facts().heard if not isinstance(one, VaultOpened)]
    named = ((one.parcel, [where.vault for where in crew.keys_named(one)]) for one in facts)
    return droppable(named, vaults.__contains__)


def drop_parcels(journal: Journal, courier: Courier) -> None:
    """Have the relay let sealed keys of erased cases go; by the control key, of stewards alone.

    Only what opens here and brings such a key: a fact can name any parcel.

    Raises:
        Unreachable, Refused: the relay did not answer; to be taken up later.
    """
    done = erased_cases(journal.store)
    names = [name for one in done for name in one.parcels]
    key = control.standing(journal, courier) if names else None
    if key is None:
        return
    vaults = frozenset(vault for one in done for vault in one.vaults)
    some = [name for name in names if _brings(journal, courier, name, vaults)]
    if some:
        order = encode(DropOrder("drop", journal.office, key.epoch, some))
        signer = SigningKey.from_seed(key.key)
        courier.drop_parcels(order, sign(signer, "access", journal.office, order))
    with journal.store.lock:
        keep_erased(journal.store, tuple(_without(one) for one in erased_cases(journal.store)))


def _without(one: Erased) -> Erased:
    return Erased(
        *(one.case, one.fact, one.at, one.held, one.vaults, one.parts, one.talks, one.handed), ()
    )


def _brings(journal: Journal, courier: Courier, name: bytes, vaults: Collection[bytes]) -> bool:
    """Tell whether a parcel opens here, or by a team's key, and brings a key of these vaults."""
    try:
        parcel = courier.parcel(name)
    except Unreachable:
        raise
    except SafeconductError:
        return False
    facts = [
        one
        for _, one in journal.keys.facts().heard
        if isinstance(one, EpochOpened | KeysGranted) and one.parcel == name
    ]
    return crew.parcel_hash(parcel) == name and any(
        VaultId(where.vault) in vaults for where in _taken(journal, parcel, facts)
    )


def _taken(
    journal: Journal, parcel: bytes, facts: Sequence[EpochOpened | KeysGranted]
) -> Iterator[VaultEpoch]:
    held = journal.keychain.held()
    for sealing in sealing_keys(journal):
        reader = crew.Reader(journal.office, journal.device, sealing, held)
        for fact in facts:
            try:
                yield from crew.take(fact, parcel, reader)
            except SafeconductError:
                continue
