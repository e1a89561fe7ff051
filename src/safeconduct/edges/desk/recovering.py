# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a desk does with recovery cards: use them, and let new ones follow (spec/crew.md 8).

The secret is an argument of each act and is kept nowhere.  What an act needs is at the relay
before; then it is done in one transaction of this desk's store, held to what the roster makes of
it, so that a cut leaves it done or not begun; what it wrote lies in the outbox until it is sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from safeconduct.edges.desk.engine import new_root, page_key, rotating
from safeconduct.edges.desk.engine.control import standing
from safeconduct.edges.desk.engine.doors import control_of
from safeconduct.edges.desk.engine.intake_keys import KIND, IntakeKeys
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.edges.desk.engine.new_keys import learn
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.engine.reopening import let_letters_follow
from safeconduct.kernel.errors import (
    CannotOpen,
    Malformed,
    NotCanonical,
    Refused,
    UnknownVersion,
)
from safeconduct.kernel.journal import Fact, VaultEpoch
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.kernel.words import DeviceId, VaultId, fact_id
from safeconduct.rooms import crew
from safeconduct.rooms.crew import OFFICE_KEY, EpochOpened, HeldKey, KeysGranted, Role
from safeconduct.rooms.crew.card_facts import RecoveryUsed
from safeconduct.rooms.crew.decide import need_steward
from safeconduct.rooms.crew.events import (
    SIGNED,
    CrewFact,
    Cut,
    DeviceExpelled,
    RoleGranted,
    Seconded,
    hash_of,
    kind_of,
)
from safeconduct.rooms.crew.parcel import NotForThisDevice
from safeconduct.rooms.crew.recovery import hold_to_root, root_of, sealing_of
from safeconduct.rooms.crew.recovery_facts import Before, split_again
from safeconduct.rooms.crew.shares import Scheme, Share, combine

REASON: Final = "recovery"


class CardsDisputed(Refused):
    """Two sets of new cards follow the same old ones: none counts until two stewards chose."""

    code = "cards_disputed"


class CardsChangeNothing(Refused):
    """What would be written would not count; nothing was written."""

    code = "cards_change_nothing"


@dataclass(frozen=True, slots=True)
class Opened:
    """Enough cards of this office: they are what makes its root, for as long as this lives."""

    shares: Sequence[Share] = field(repr=False)
    secret: bytes = field(repr=False)


def open_cards(journal: Journal, shares: Sequence[Share]) -> Opened:
    """Return what cards open that count now.

    Raises:
        CardsDisputed: no cards count now.
        ShareTwice, ShareOfAnotherSplit, SharesTooFew, SharesContradict: the cards do not do.
        OtherSecret: they are not the cards that count.
    """
    cards = journal.roster.cards
    if cards.rivals:
        raise CardsDisputed
    secret = combine(shares)
    hold_to_root(secret, cards.root_key)
    return Opened(shares, secret)


@dataclass(frozen=True, slots=True)
class Use:
    """What cards are used for, beside making the desk's own device a steward's."""

    taken: Sequence[DeviceId] = ()
    stewards: Sequence[DeviceId] = ()


def use(journal: Journal, courier: Courier, opened: Opened, asked: Use) -> None:
    """Make this device a steward's with the cards, and others too, and expel devices.

    Raises:
        Unreachable: the relay does not hand over what the cards open; nothing was written.
        CardsChangeNothing: the roster would not follow; nothing was written.
    """
    keys, office = recovered(journal, courier, opened), journal.office
    signer = b"", root_of(opened.secret)
    with _at_once(journal):
        stewards = sorted({journal.device, *asked.stewards})
        facts: list[CrewFact] = [_grant(journal, device) for device in stewards]
        if asked.taken:
            cuts = tuple(_cut(journal, device) for device in sorted(asked.taken))
            facts.append(DeviceExpelled(cuts, ""))
        vault = journal.crew_vault
        commit = journal.write([crew_fact(vault, fact, office, signer) for fact in facts])
        made = tuple(fact_id(commit, index) for index in range(len(facts)))
        used = RecoveryUsed(_office_epoch(journal), made)
        journal.write([crew_fact(vault, used, office, signer)])
        roster = journal.roster
        made_none = [one for one in stewards if Role.STEWARD not in roster.roles(one)]
        if made_none or roster.present() & set(asked.taken):
            raise CardsChangeNothing
        _keep(journal, keys)
        rotating.ask(journal)
        let_letters_follow(journal, signer[1])


def let_follow(
    journal: Journal, courier: Courier, opened: Opened, fresh: bytes, scheme: Scheme
) -> None:
    """Let the cards of a fresh secret follow those that count; only a steward's desk can.

    Raises:
        NotASteward: nobody here may second it.
        Unreachable: the relay does not take the parcel; nothing was written.
        CardsChangeNothing: the roster would not follow; nothing was written.
    """
    roster, office, vault = journal.roster, journal.office, journal.crew_vault
    need_steward(roster, journal.device)
    keys = _recoverable(journal, recovered(journal, courier, opened))
    control = new_root.fresh_control(journal, journal.rng)
    keys += [control] if control else []
    recipient = sealing_of(fresh).public
    parcel = crew.write_parcel(journal.keys.packer(journal.rng), REASON, [(recipient, keys)])
    courier.put_parcel(parcel)
    signer = journal.device, journal.secrets.signing_key()
    with _at_once(journal):
        before = Before(office, journal.roster.cards.root_key, journal.roster.by_root)
        made = split_again(before, opened.shares, fresh, scheme)
        named = EpochOpened(NO_ID, _office_epoch(journal), crew.parcel_hash(parcel), ())
        split = Fact(vault, kind_of(made.fact), crew.VERSION, made.body)
        commit = journal.write([split, crew_fact(vault, named, office, signer)])
        second = Seconded(fact_id(commit, 0), hash_of(SIGNED.decode(made.body)))
        journal.write([crew_fact(vault, second, office, signer)])
        if journal.roster.cards.root_key != made.fact.root_key:
            raise CardsChangeNothing
        rotating.ask_all(journal)
        if control is not None:
            new_root.keep(journal, root_of(opened.secret), made.fact.root_key, control)


def recovered(journal: Journal, courier: Courier, opened: Opened) -> list[HeldKey]:
    """Return every key that the cards open, of the parcels that count and that are there.

    Where parcels bring different keys for one place all of them are there: one steward wrote each,
    and nothing says which is true.

    Raises:
        Unreachable: the relay does not answer.
        ParcelChanged: it hands over something else.
    """
    key, found = sealing_of(opened.secret), dict[HeldKey, None]()
    oldest = journal.keychain.intake_epochs()[:1]
    for name in sorted(parcels_named(journal)):
        try:
            keys = crew.open_parcel(courier.parcel(name), journal.office, key)
        except (NotFound, NotForThisDevice):
            continue
        except (CannotOpen, Malformed, NotCanonical, UnknownVersion):
            continue  # Whoever wrote it kept from recovery what no other parcel holds.
        # What was destroyed here no new cards are to open.
        found |= dict.fromkeys(one for one in keys if one.kind != KIND or [one.epoch] >= oldest)
    found |= dict.fromkeys(IntakeKeys(journal, courier).recovered(key))
    return list(found)


def take_recovered(journal: Journal, courier: Courier, opened: Opened) -> None:
    """Keep what the cards open at a relay, and read what waited for it; one key tells of the next.

    Raises:
        Unreachable: later; what was kept stays.
    """
    before = -1
    while before < (before := len(journal.keychain.all())):
        _keep(journal, recovered(journal, courier, opened))


def parcels_named(journal: Journal) -> frozenset[bytes]:
    """Return the parcels that facts about keys name which count, first keys of cases too."""
    heard = (one.fact for one in journal.keys.facts().heard)
    granted = {one.parcel for one in heard if isinstance(one, EpochOpened | KeysGranted)}
    return journal.roster.parcels | granted


def controls(journal: Journal, courier: Courier, opened: Opened) -> bool:
    """Tell whether this desk, its door or the cards hold the control key that the relay heeds.

    It is this desk's from then on, also where another was told for its epoch.
    Who took a steward's laptop may have opened an epoch with a key of their own.

    Raises:
        Unreachable, ParcelChanged: see `recovered`.
    """
    told = [key for key in recovered(journal, courier, opened) if key.kind == "control"]
    found = standing(journal, courier, told)
    if found is not None:
        journal.keychain.heed(found)
    return bool(found or control_of(journal, courier))


def _keep(journal: Journal, keys: Iterable[HeldKey]) -> None:
    """Keep what the cards opened and was not held, and read what waited for it.

    Whoever may write parcels for the cards could else take true keys away from this desk.  Of
    different keys for one place one is kept, as a letter's is: it gives way to what a fact brings.
    """
    sure, told, others = dict[VaultEpoch, bytes](), dict[VaultEpoch, bytes](), list[HeldKey]()
    keys, mine = list(keys), set(map(_place, journal.keychain.all()))
    brought = Counter(map(_place, keys))
    page_key.keep(journal, [held.key for held in keys if held.kind == page_key.KIND])
    for held in keys:
        if _place(held) in mine or held.kind == page_key.KIND:
            continue
        if held.kind in {"office", "vault"}:
            found = told if brought[_place(held)] > 1 else sure
            found[VaultEpoch(VaultId(held.id), held.epoch)] = held.key
        else:
            others.append(held)
    journal.keychain.add(others)
    learn(journal, sure)
    learn(journal, told, told=True)


def _place(key: HeldKey) -> tuple[str, bytes, int]:
    """Return what a key is for; two that differ in nothing but their bytes cannot both be true."""
    return key.kind, key.id, key.epoch


def _office_epoch(journal: Journal) -> int:
    return journal.keys.newest()[OFFICE_KEY][0]


def _recoverable(journal: Journal, opened: Iterable[HeldKey]) -> list[HeldKey]:
    """Return what the new cards are to open: what the old ones did, and what is newer of it."""
    found = list(opened)
    vaults = {key.id for key in found} | {journal.crew_vault, journal.hotline_vault}
    mine = [key for key in journal.keychain.all() if key.kind != "vault" or key.id in vaults]
    held = set(map(_place, mine))
    return sorted(
        [*mine, *(key for key in found if _place(key) not in held)],
        key=lambda key: (*_place(key), key.key),
    )


def _grant(journal: Journal, device: DeviceId) -> RoleGranted:
    """Return what makes a device a steward's, beside all that it is."""
    roles = journal.roster.roles(device) | {Role.STEWARD}
    replaced = journal.roster.grants.get(device, ())
    return RoleGranted(device, tuple(sorted(role.value for role in roles)), replaced)


def _cut(journal: Journal, device: DeviceId) -> Cut:
    """Return the cut after what this desk has read of a device, or before it removed this desk.

    Whoever took a steward's laptop could else shut out everybody who may use the cards.
    """
    removed, facts = journal.roster.removed.get(journal.device), journal.facts
    by_it = facts.crew(journal.crew_vault, [device]) if removed else []
    places = [told.sequence for told in by_it if removed and told.id in removed.removals]
    last = min(places, default=journal.reader.chains.head(device).sequence + 1) - 1
    return Cut(device, last, facts.commit_at(device, last) or bytes(32))


@contextmanager
def _at_once(journal: Journal) -> Iterator[None]:
    """Do what is written inside at once or not at all; memory then says what the store does."""
    with journal.store.lock:
        try:
            with journal.store.transaction():
                yield
        except BaseException:
            journal.load()
            raise
