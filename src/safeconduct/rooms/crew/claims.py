# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was said about the roster, before anybody decides whether it counts (spec/crew.md 1).

A `Book` holds the facts that parse.  A signature is checked only when its signer is a steward by
what counted before, and once for all rounds and, as far as memory goes, for all folds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from safeconduct.kernel.errors import SafeconductError, UnknownVersion
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.words import CommitId, DeviceId, FactId, OfficeId, fact_id
from safeconduct.rooms.crew.card_facts import CARD_FACTS, RecoveryUsed
from safeconduct.rooms.crew.events import (
    KINDS,
    SIGNED,
    VERSION,
    CrewFact,
    Cut,
    DeviceAdmitted,
    DeviceExpelled,
    DeviceSuspended,
    OfficeFounded,
    RoleGranted,
    Seconded,
    Signed,
    check_fact,
    hash_of,
    parse_fact,
)
from safeconduct.rooms.crew.words import KnownDevice, Member, Role, office_id, parse_card

if TYPE_CHECKING:
    from collections.abc import Iterable

NOWHERE: Final = (1 << 63) - 1
"""The sequence of a fact of which nobody said where it stands: it lies beyond every cut."""


@dataclass(frozen=True, slots=True)
class Told:
    """A roster entry as read: which commit, by which device, of which kind, with which body.

    `sequence` is the commit's in its device's chain, `index` the entry's in the commit.
    """

    commit: CommitId
    device: DeviceId
    kind: str
    body: bytes
    version: int = VERSION
    sequence: int = NOWHERE
    index: int = 0

    @property
    def id(self) -> FactId:
        """Return which fact this is."""
        return fact_id(self.commit, self.index)


BY_ROOT: Final = (
    *(DeviceAdmitted, Seconded, DeviceSuspended, DeviceExpelled, RoleGranted),
    *CARD_FACTS.values(),
)
"""What a root key may sign beside the founding."""
USES: Final = (RecoveryUsed, DeviceAdmitted)
"""Signed by a root key each is a use of the cards by itself, which everybody is told of."""
REMEMBERED: Final = 1_024
"""Signatures and cards whose outcome is kept in memory: a desk folds anew at every roster fact."""


class Held(Protocol):
    """Says which commit the one chain that was read of a device holds at a sequence."""

    def __call__(self, device: DeviceId, sequence: int, /) -> CommitId | None:
        """Return its id, or None when the chain was not read so far."""


def nothing_held(_device: DeviceId, _sequence: int, /) -> CommitId | None:
    """Know of no chain: whatever is cut is then cut off whole."""
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A fact that parses; who signed it is not proved yet."""

    told: Told
    signed: Signed
    fact: CrewFact

    @property
    def id(self) -> FactId:
        """Return which fact this is."""
        return self.told.id

    @property
    def signer(self) -> DeviceId:
        """Return who it says signed it; empty for the root key."""
        return DeviceId(self.signed.signer)

    @property
    def place(self) -> tuple[int, int]:
        """Return where it stands in its device's chain."""
        return self.told.sequence, self.told.index


class Book:
    """The facts of one office that parse, in one order whatever the order they came in."""

    def __init__(self, office: OfficeId, told: Iterable[Told], held: Held) -> None:
        """Parse every fact, and find the founding."""
        self.office: Final = office
        self.told: Final = sorted(set(told), key=lambda one: (one.kind, one.id, one.body))
        self._held: Final = held
        self._sound: dict[Claim, bool] = {}
        self._known: dict[DeviceId, KnownDevice] = {}
        self._holds: dict[Cut, bool] = {}
        self.claims: Final = [claim for one in self.told if (claim := parse_claim(one))]
        self._by_kind: dict[type[CrewFact], list[Claim]] = defaultdict(list)
        for claim in self.claims:
            self._by_kind[type(claim.fact)].append(claim)
        self.rooted: frozenset[Claim] = frozenset()
        self.founding: Claim | None = None
        self.founder: Member | None = None
        self._find_founding()

    def of(self, *kinds: type[CrewFact]) -> list[Claim]:
        """Return the claims of some kinds."""
        return [claim for kind in kinds for claim in self._by_kind[kind]]

    def _find_founding(self) -> None:
        for claim in self.of(OfficeFounded):
            fact = claim.fact
            assert isinstance(fact, OfficeFounded)
            if office_id(fact.root_key) != self.office or claim.signer:
                continue
            device = _card(fact.card)
            if device is None or claim.told.device != device.id:
                continue
            if self._signed(claim, fact.root_key):
                self.founding = claim
                roles = frozenset({Role.STEWARD, Role.OPERATOR})
                self.founder = Member(device, fact.person, roles, None)
                self._known[device.id] = device
                return

    @cached_property
    def alone_until(self) -> tuple[int, int]:
        """Return the place in the founder's chain up to which the founder alone suffices.

        Whoever is a steward beside the founder was first made one by the founder: the office has
        had two from the first such fact of the founder's own chain on.
        """
        made = [
            claim.place
            for claim in self.of(DeviceAdmitted, RoleGranted)
            if Role.STEWARD in roles_of(claim) and self._by_founder_for_another(claim)
        ]
        return min(made, default=(NOWHERE, 0))

    def _by_founder_for_another(self, claim: Claim) -> bool:
        founder, fact = self.founder, claim.fact
        if founder is None or claim.signer != founder.device.id or not self.sound(claim):
            return False
        if isinstance(fact, DeviceAdmitted):
            return fact.card != founder.device.card
        return isinstance(fact, RoleGranted) and fact.device != founder.device.id

    def admitted(self, claim: Claim) -> KnownDevice | None:
        """Return the device that an admission is for, or None when its card is not whole."""
        assert isinstance(claim.fact, DeviceAdmitted)
        device = _card(claim.fact.card)
        if device is not None:
            self._known[device.id] = device
        return device

    def sound(self, claim: Claim) -> bool:
        """Tell whether a claim's signer signed it, in a commit of its own.

        A device's key is known once a sound admission named its card: its id is the key's hash.
        What a root key signed is sound while it is in `rooted`, which `roots` fills.
        """
        if not claim.signer:
            return claim in self.rooted
        if claim not in self._sound and (device := self._known.get(claim.signer)) is not None:
            own = claim.told.device == device.id
            self._sound[claim] = own and self._signed(claim, device.signing.raw)
        return self._sound.get(claim, False)

    def signed_by(self, root_key: bytes) -> list[Claim]:
        """Return what a root key signed, but for the founding; a device may have written it."""
        claims = self.of(*BY_ROOT)
        return [claim for claim in claims if not claim.signer and self._signed(claim, root_key)]

    def _signed(self, claim: Claim, key: bytes) -> bool:
        return proved(self.office, claim.told.kind, claim.signed, key)

    def holds(self, cut: Cut) -> bool:
        """Tell whether the chain that was read of a device goes through this cut."""
        if cut not in self._holds:
            here = self._held(DeviceId(cut.device), cut.sequence) if cut.sequence else None
            self._holds[cut] = cut.sequence == 0 or here == cut.commit
        return self._holds[cut]

    def beyond(self, claim: Claim, cut: Cut) -> bool:
        """Tell whether a claim of a cut's device lies beyond it: later, or on another branch."""
        return claim.told.sequence > cut.sequence or not self.holds(cut)


def roles_of(claim: Claim) -> frozenset[Role]:
    """Return what an admission or a grant gives."""
    fact = claim.fact
    assert isinstance(fact, DeviceAdmitted | RoleGranted)
    return given_by(fact)


def given_by(fact: DeviceAdmitted | RoleGranted) -> frozenset[Role]:
    """Return a fact's roles; one that only a newer program knows gives no rights here."""
    return frozenset(role for role in Role if role.value in fact.roles)


def names(second: Claim, claim: Claim) -> bool:
    """Tell whether a `Seconded` is of this very fact and by somebody else."""
    fact = second.fact
    assert isinstance(fact, Seconded)
    same = fact.fact == claim.id and fact.hash == hash_of(claim.signed)
    return same and second.signer != claim.signer


def known(told: Told) -> bool:
    """Tell whether this program knows a fact's kind and version."""
    return told.kind in KINDS and told.version == VERSION


def signed_by_root(office: OfficeId, told: Told, roots: Iterable[bytes]) -> bool:
    """Tell whether one of these root keys signed a fact, whichever device wrote it."""
    claim = parse_claim(told)
    if claim is None or claim.signer or not isinstance(claim.fact, BY_ROOT):
        return False
    return any(proved(office, told.kind, claim.signed, key) for key in roots)


@lru_cache(REMEMBERED)
def proved(office: OfficeId, kind: str, signed: Signed, key: bytes) -> bool:
    """Tell whether a fact's long signature holds under this key."""
    try:
        check_fact(kind, signed, office, _key(key))
    except SafeconductError:
        return False
    return True


@lru_cache(REMEMBERED)
def _key(raw: bytes) -> LongVerifyKey:
    """Return a key that is looked at once, and not again for each fact of its device."""
    return LongVerifyKey.parse(raw)


@lru_cache(REMEMBERED)
def _card(card: bytes) -> KnownDevice | None:
    try:
        return parse_card(card)
    except SafeconductError:
        return None


def parse_claim(told: Told) -> Claim | None:
    """Return a fact that parses; None for what is broken or not known here."""
    try:
        if told.version != VERSION:
            raise UnknownVersion(told.kind, told.version)
        signed = SIGNED.decode(told.body)
        return Claim(told, signed, parse_fact(told.kind, signed))
    except (SafeconductError, KeyError):
        # Unknown kinds and broken facts stay in the log and change nothing here.
        return None
