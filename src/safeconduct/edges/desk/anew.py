# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a steward's desk does when the server is gone, or came back from a backup (spec/crew.md 9).

    found_anew(desk.journal, Way.over_http(), url, code)  # the journal is stale then

Filling an empty relay may be cut and taken up; being there, the fact that says so, and the answers
that are sealed anew are durable in one step after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from msgspec import structs

from safeconduct.edges.desk.courier import HttpCourier, Line, register
from safeconduct.edges.desk.engine import (
    drawing,
    intake_again,
    keys_again,
    lasting,
    moved,
    moved_letters,
    post,
    resealing,
)
from safeconduct.edges.desk.engine.cited import WENT, WENT_OVER
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID, Place
from safeconduct.edges.desk.engine.pen import StoreIsBehind, crew_fact
from safeconduct.edges.desk.engine.sync import RUN_BYTES
from safeconduct.edges.desk.moving import note_access, place_of
from safeconduct.edges.desk.recovering import CardsDisputed
from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.journal import Seen
from safeconduct.kernel.log.checkpoint import parse_checkpoint
from safeconduct.kernel.log.merkle import leaf_hash, root_at
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.keys import LongVerifyKey, SigningKey
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.sync import RelayForked
from safeconduct.kernel.wire.bodies import FoundingAnew, OfficeCard
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import OFFICE_KEY, EpochOpened, HeldKey
from safeconduct.rooms.crew.decide import NotASteward, need_steward
from safeconduct.rooms.crew.move_facts import (
    MoveFact,
    RelayMoved,
    RelayRestored,
    capability,
    live,
)
from safeconduct.rooms.crew.words import office_id

SALT_BYTES: Final = 16
FRAMES_AT_ONCE: Final = 512
EPOCHS_LEFT: Final = 64
"""The new relay begins so many access epochs further on: for those between, the relay that is left
may have had openings signed by desks that it refused (spec/crew.md 6)."""


class Anew(Record, frozen=True):
    """A relay that is being founded anew: where, and what gives its capability."""

    url: str
    salt: bytes
    epoch: int
    office_epoch: int


ANEW: Final[Codec[Anew]] = Codec(Anew, "anew")
MOVE: Final[Codec[RelayMoved]] = Codec(RelayMoved, "crew.RelayMoved")


class NothingForgotten(Refused):
    """The relay shows all that this desk knows of."""

    code = "nothing_forgotten"


@dataclass(frozen=True, slots=True)
class Way:
    """How to reach a relay that waits for an office whose own is gone."""

    register: Callable[[str, OfficeId, FoundingAnew], bytes]
    courier: Callable[[str, OfficeId, bytes], Courier]

    @classmethod
    def over_http(cls, *, proxy: str | None = None) -> Way:
        """The real one."""
        return cls(
            lambda url, office, founding: register(Line(url, office, proxy=proxy), founding),
            lambda url, office, key: HttpCourier(Line(url, office, proxy=proxy), key),
        )


def begun(journal: Journal, url: str) -> bool:
    """Tell whether this desk began to found a relay anew at an address and did not end."""
    anew = journal.store.setting("anew", ANEW)
    return anew is not None and anew.url == url


def found_anew(
    journal: Journal,
    way: Way,
    url: str,
    code: str,
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> None:
    """Found the office at an empty relay, with all that this desk read of the old log.

    Once it stopped it is taken up where it was by calling it again.  `told` hears how many frames
    of how many are there.  The journal must be opened anew after it.

    Raises:
        NotASteward, StoreIsBehind: this device may not move the office.
        CardsDisputed: it is not settled which root key the new relay is to heed.
        Conflict: the code is wrong, or another office card stands there.
        RelayForked: the relay does not hold what it was given; nothing was changed here.
    """
    _need_mover(journal)
    anew = _begin(journal, url)
    key = capability(journal.keychain.office[anew.office_epoch], anew.salt)
    if not journal.roster.cards.root_key:
        raise CardsDisputed
    root = office_id(journal.roster.cards.root_key)
    founding = FoundingAnew(code, _card(journal, key), anew.epoch, root)
    relay_key = way.register(url, journal.office, founding)
    LongVerifyKey.parse(relay_key)
    courier, log = way.courier(url, journal.office, key), journal.log.watch("log").confirmed
    _fill(journal, courier, log.size, told)
    courier.publish(resealing.newest_certificate(journal))
    _hold(journal, courier, relay_key, log)
    named = _for_recovery(journal, courier, anew.epoch)
    fact = RelayMoved(
        *(url, relay_key, anew.epoch, anew.office_epoch, anew.salt),
        *(log.size, log.root, live(journal.roster.moves)),
    )
    _go(journal, (fact, named), place_of(journal, fact, key), log)


def sign_again(journal: Journal) -> None:
    """Sign for the relay where this desk is, if who signed for it counts no more.

    Else nobody could join there.  It does nothing where the office's log names this relay.

    Raises:
        NotASteward, StoreIsBehind: this device may not say so.
    """
    went = journal.store.setting(WENT, WENT_OVER)
    if went is None or journal.roster.relay_key == journal.place.relay_key:
        return
    _need_mover(journal)
    move = MOVE.decode(went.fact)
    again = structs.replace(move, replaces=live(journal.roster.moves))
    signer = (journal.device, journal.secrets.signing_key())
    written = [crew_fact(journal.crew_vault, again, journal.office, signer)]
    journal.write(written, lambda _: moved_letters.ask(journal))


def restored(journal: Journal, courier: Courier) -> int:
    """Say that this relay came back from a backup; return how many frames it had forgotten.

    Whether it did, or lies, is for people to find out.  The journal must be opened anew after it.

    Raises:
        NotASteward, StoreIsBehind: this device may not say so.
        NothingForgotten: it shows all that this desk knows of.
    """
    _need_mover(journal)
    place, before = journal.place, journal.log.watch("log").confirmed
    checkpoint = parse_checkpoint(courier.checkpoint("log"), place.relay())
    same = _common(journal, courier, min(checkpoint.size, before.size))
    if same == before.size:
        raise NothingForgotten
    log = Seen(same, root_at(same, journal.log.subtree))
    fact = RelayRestored(place.relay_key, before.size, before.root, same)
    _go(journal, (fact,), place, log, since=same)
    return before.size - same


def _need_mover(journal: Journal) -> None:
    need_steward(journal.roster, journal.device)
    if journal.behind:
        raise StoreIsBehind


def _begin(journal: Journal, url: str) -> Anew:
    """Return what was begun at an address; draw it, durably, when nothing was."""
    anew = journal.store.setting("anew", ANEW)
    if anew is None or anew.url != url:
        epoch, access = journal.keys.newest()[OFFICE_KEY][0], _control(journal).epoch
        anew = Anew(url, journal.rng.bytes(SALT_BYTES), access + EPOCHS_LEFT, epoch)
        journal.store.put_setting("anew", anew)
    return anew


def _card(journal: Journal, key: bytes) -> OfficeCard:
    """Return the office card: the keys that stand, and the new capability."""
    founded, control = journal.roster.founded, _control(journal)
    assert founded is not None
    return OfficeCard(
        *(1, journal.office, founded.intake_signing_key),
        *(SigningKey.from_seed(control.key).public.raw, hashlib.sha256(key).digest()),
    )


def _control(journal: Journal) -> HeldKey:
    """Return the seed of the relay-control key that stands; its epoch is the access epoch."""
    control = journal.keychain.control()
    if control is None:
        raise NotASteward
    return control


def _for_recovery(journal: Journal, courier: Courier, access: int) -> EpochOpened:
    """Bring all keys of this desk, sealed to recovery; return the fact that names them.

    The parcels by which recovery cards opened the office are gone with the old relay; what this
    desk does not hold, as the intake-signing key, the cards open again when new ones are made on a
    desk that does.
    """
    key = journal.roster.cards.recovery_key
    control = HeldKey("control", NO_ID, access, _control(journal).key)
    vaults = journal.keys.vaults()
    lost = {vault.id for vault in vaults.values() if not vault.recoverable}
    keys = [held for held in journal.keychain.all() if held.id not in lost]
    wraps = [(SealingPublicKey.parse(key), [*keys, control])]
    parcel = crew.write_parcel(journal.keys.packer(journal.rng), "moved", wraps)
    courier.put_parcel(parcel)
    epoch, _ = journal.keys.newest()[OFFICE_KEY]
    return EpochOpened(NO_ID, epoch, crew.parcel_hash(parcel), ())


def _fill(journal: Journal, courier: Courier, size: int, told: Callable[[int, int], None]) -> None:
    """Bring the first frames in their order, going on where the relay stands."""
    at = min(size, courier.wait(0, 0, 0)[0])
    while at < size:
        some: list[bytes] = []
        for frame in journal.log.frames(at, min(FRAMES_AT_ONCE, size - at)):
            if some and sum(map(len, some)) + len(frame) > post.PUSH_BYTES:
                break
            some.append(frame)
        if courier.append(some) != list(range(at, at + len(some))):
            raise RelayForked
        at += len(some)
        told(at, size)


def _hold(journal: Journal, courier: Courier, relay_key: bytes, log: Seen) -> None:
    """Hold a new relay to what it was given, before anybody goes there."""
    found = parse_checkpoint(courier.checkpoint("log"), LongVerifyKey.parse(relay_key))
    if (found.office, found.size, found.root) != (journal.office, log.size, log.root):
        raise RelayForked


def _common(journal: Journal, courier: Courier, most: int) -> int:
    """Return how many frames stand at the relay as they stand here."""
    at = 0
    while at < most:
        frames = courier.frames(at, RUN_BYTES)[: most - at]
        held = journal.log.leaves(at, at + len(frames))
        for index, frame in enumerate(frames):
            if leaf_hash(frame) != held[index]:
                return at + index
        if not frames:
            return at
        at += len(frames)
    return at


def _go(
    journal: Journal,
    facts: tuple[MoveFact, *tuple[EpochOpened, ...]],
    place: Place,
    log: Seen,
    *,
    since: int = 0,
) -> None:
    """Sign the facts, the move first, and be there, in one step."""
    signer, fact = (journal.device, journal.secrets.signing_key()), facts[0]
    written = [crew_fact(journal.crew_vault, one, journal.office, signer) for one in facts]

    def also(_sequence: int) -> None:
        resealing.reseal(journal, since, everyone=True)
        keys_again.ask(journal, since, everyone=True)
        intake_again.ask(journal, since, everyone=True)
        note_access(journal, fact)
        if isinstance(fact, RelayMoved):
            moved_letters.ask(journal)
            _tell_way_in(journal, fact.epoch, place.capability)
        moved.go_over(journal, place, encode(fact), log)

    journal.write(written, also)


def _tell_way_in(journal: Journal, epoch: int, capability: bytes) -> None:
    """Begin a round of letters at the new relay, for who has no key by which to work it out."""
    marks, control = lasting.for_letters_alone(journal), _control(journal).key
    round_ = drawing.FollowUp(marks, epoch, capability, control, done="opened")
    journal.store.put_setting("follow_up", round_)
