# SPDX-License-Identifier: AGPL-3.0-or-later
"""From roster facts to the roster: the same set gives the same roster in any order.

Fails closed: a fact whose signer does not stand, or whose signature does not hold, counts for
nothing and is listed with its reason.  `graph` says which removals hold, `rounds` what counts then.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Untrusted
from safeconduct.kernel.words import CommitId, DeviceId, FactId, OfficeId, VaultId
from safeconduct.rooms.crew.asking_facts import TakenBack
from safeconduct.rooms.crew.card_facts import CardFact, RecoverySplit
from safeconduct.rooms.crew.claims import USES, Book, Claim, Held, Told, known, nothing_held
from safeconduct.rooms.crew.cuts import Gap, Life
from safeconduct.rooms.crew.events import (
    CommitAdopted,
    CrewFact,
    Cut,
    DeviceAdmitted,
    DeviceExpelled,
    DeviceReadmitted,
    DeviceSuspended,
    EpochOpened,
    OfficeFounded,
    RoleGranted,
    Seconded,
)
from safeconduct.rooms.crew.graph import Settled
from safeconduct.rooms.crew.move_facts import RelayMoved, RelayRestored, standing
from safeconduct.rooms.crew.removals import Pending, Removal, disputed_of, pending_of, removals_of
from safeconduct.rooms.crew.roots import NO_CARDS, Cards, Known, Rooted, known_roots, settle_roots
from safeconduct.rooms.crew.rounds import Counted
from safeconduct.rooms.crew.take_backs import taken_back
from safeconduct.rooms.crew.team_facts import TEAM_FACTS
from safeconduct.rooms.crew.travel_facts import TRAVEL_FACTS
from safeconduct.rooms.crew.vault_facts import VaultOpened
from safeconduct.rooms.crew.vaults import VaultKind
from safeconduct.rooms.crew.words import Member, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BROKEN: Final = "broken"
NOT_A_STEWARD: Final = "not_a_steward"
BAD_SIGNATURE: Final = "bad_signature"
BEYOND_CUT: Final = "beyond_cut"
FELL: Final = "removal_fell"
NOT_SECONDED: Final = "not_seconded"
NOT_ADMITTED: Final = "not_admitted"
NO_CUT: Final = "no_cut"
NOT_ITS_SIGNER: Final = "not_its_signer"
ADMITTED_TWICE: Final = "admitted_twice"
APART: Final = frozenset(
    {
        *("crew.BackedUp", "crew.CaseOpened", "crew.ExportAsked"),
        *("crew.KeysGranted", "crew.SealingKeyRotated"),
        *("crew.CaseErased", "crew.ErasureAsked", "crew.ErasureStopped"),
        *TEAM_FACTS,
        *TRAVEL_FACTS,
    }
)
"""No right hangs on these; `exports` and `key_facts` say which count.  A roster is as it is without
them, but for `taken` and `refused`."""
ROOT_REPLACED: Final = "root_replaced"


class Standing(Enum):
    """Whether a device that was admitted may act (spec/crew.md 2)."""

    STANDING = "standing"
    SUSPENDED = "suspended"
    EXPELLED = "expelled"


@dataclass(frozen=True, slots=True)
class Removed:
    """Why a device does not stand: as what it was removed, and its lowest cut."""

    standing: Standing
    cut: Cut
    removals: tuple[FactId, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """Who belongs to the office, which key epochs were opened, and which parcels count.

    `members` are all whose admission counts, removed ones too: their older commits are still
    read.  `stewards` are all that were ever stewards, had nobody been removed: a fact of anybody
    else changes no roster.  `quarantined` gives facts that count for nothing, each with a code;
    `refused` are the commits with such facts alone, `adopted` entries that a steward let count,
    `awaited` commits that cuts name and that were not read: with each the roster may change.
    `teams` are the vaults of kind team that stewards opened.
    `cards` are the recovery cards that count, `uses` what was done with cards, those before too,
    and `by_root` the uses of these cards and what they seconded; `roots` are all root keys that
    were named, and `carriers` the devices that wrote what those signed.
    `removals` are those that hold, `pending` what waits for a second steward, `grants` those of
    each device that count, and `turned` those of them that give the role steward or, False, take
    it.
    """

    office: OfficeId
    founded: OfficeFounded | None = None
    members: Mapping[DeviceId, Member] = field(default_factory=dict)
    epochs: Mapping[tuple[bytes, int], EpochOpened] = field(default_factory=dict)
    parcels: frozenset[bytes] = frozenset()
    taken: tuple[CommitId, ...] = ()
    refused: tuple[CommitId, ...] = ()
    removed: Mapping[DeviceId, Removed] = field(default_factory=dict)
    gaps: Mapping[DeviceId, tuple[Gap, ...]] = field(default_factory=dict)
    quarantined: Mapping[FactId, str] = field(default_factory=dict)
    adopted: frozenset[tuple[CommitId, int]] = frozenset()
    stewards: frozenset[DeviceId] = frozenset()
    awaited: frozenset[CommitId] = frozenset()
    removals: Mapping[FactId, Removal] = field(default_factory=dict)
    pending: Mapping[FactId, Pending] = field(default_factory=dict)
    grants: Mapping[DeviceId, tuple[FactId, ...]] = field(default_factory=dict)
    turned: Mapping[FactId, bool] = field(default_factory=dict)
    teams: frozenset[VaultId] = frozenset()
    cards: Cards = NO_CARDS
    uses: tuple[FactId, ...] = ()
    by_root: tuple[FactId, ...] = ()
    roots: frozenset[bytes] = frozenset()
    carriers: frozenset[DeviceId] = frozenset()
    moves: Mapping[FactId, RelayMoved] = field(default_factory=dict)
    restores: Mapping[FactId, RelayRestored] = field(default_factory=dict)

    @property
    def relay_key(self) -> bytes:
        """The key of the relay where the office is; empty before the founding was read."""
        if stands := standing(self.moves):
            return stands[1].relay_key
        return self.founded.relay_key if self.founded else b""

    def standing(self, device: DeviceId) -> Standing | None:
        """Return how a device stands; None when it was never admitted."""
        removed = self.removed.get(device)
        if device not in self.members:
            return None
        return removed.standing if removed else Standing.STANDING

    def present(self) -> frozenset[DeviceId]:
        """Return the devices that stand, so those that work can be passed to."""
        return frozenset(device for device in self.members if self._stands(device))

    def roles(self, device: DeviceId) -> frozenset[Role]:
        """Return what a device may act as now; nothing when it does not stand."""
        return self.members[device].roles if self._stands(device) else frozenset()

    def roles_at(self, device: DeviceId, sequence: int) -> frozenset[Role]:
        """Return what a commit of a device counts as; nothing when it lies beyond a cut.

        Without a cut nobody could say what was written before a role was taken.
        """
        member = self.members.get(device)
        if member is None or self.cuts_off(device, sequence):
            return frozenset()
        back = any(after < sequence for after, _ in self.gaps.get(device, ()))
        return member.roles if back else member.had

    def cuts_off(self, device: DeviceId, sequence: int) -> bool:
        """Tell whether a commit of a device lies beyond a cut and was not brought back."""
        gaps = self.gaps.get(device, ())
        return any(after < sequence and (to is None or sequence <= to) for after, to in gaps)

    def _stands(self, device: DeviceId) -> bool:
        return self.standing(device) is Standing.STANDING


class NotFounded(Untrusted):
    """The log does not hold this office's founding fact."""

    code = "not_founded"


def fold(office: OfficeId, told: Iterable[Told], held: Held = nothing_held) -> Roster:
    """Return the roster that these facts make.

    `held` says which commit the chain of a device holds at a sequence, as far as it was read.
    """
    book = Book(office, told, held)
    if book.founding is None:
        return Roster(office)
    rooted, roots = settle_roots(book), known_roots(book)
    settled = rooted.settled
    state, founded = settled.counted, book.founding.fact
    assert isinstance(founded, OfficeFounded)
    opened = [fact for fact in _facts(settled) if isinstance(fact, EpochOpened)]
    counts = _counting(book, rooted)
    moved = {one: claim.fact for one, claim in state.facts.items()}
    taken = {one.commit for one in book.told if one.id in counts}
    return Roster(
        office=office,
        founded=founded,
        members=_members(state),
        epochs={(fact.vault, fact.epoch): fact for fact in reversed(opened)},
        parcels=frozenset(fact.parcel for fact in opened),
        taken=tuple(sorted(taken)),
        refused=tuple(sorted({one.commit for one in book.told} - taken)),
        removed=_removed(book, settled),
        gaps={device: settled.cuts.gaps(device) for device in settled.cuts.devices()},
        quarantined=_quarantined(book, settled, roots, counts),
        adopted=_adopted(settled),
        stewards=frozenset(settled.ever.stewards),
        awaited=_awaited(book),
        teams=_teams(settled),
        cards=rooted.cards,
        uses=_ids(rooted.signed, *USES),
        by_root=_ids(book.signed_by(rooted.cards.root_key), *USES, Seconded),
        roots=roots.keys,
        carriers=roots.carriers,
        moves={one: fact for one, fact in moved.items() if isinstance(fact, RelayMoved)},
        restores={one: fact for one, fact in moved.items() if isinstance(fact, RelayRestored)},
        removals=removals_of(settled),
        pending=pending_of(book, settled) | disputed_of(rooted.rivals),
        grants={device: granted for device in state.members if (granted := state.granted(device))},
        turned=state.turned(),
    )


def _members(state: Counted) -> dict[DeviceId, Member]:
    return {
        device: replace(member, roles=state.roles(device), had=state.had(device))
        for device, member in state.members.items()
    }


def _facts(settled: Settled) -> list[CrewFact]:
    facts = settled.counted.facts
    return [facts[one].fact for one in sorted(facts)]


def _counting(book: Book, rooted: Rooted) -> set[FactId]:
    assert book.founding is not None
    settled = rooted.settled
    removals = {arc.removal.id for arc in settled.arcs}
    cards = {claim.id for claim in rooted.signed if isinstance(claim.fact, CardFact)}
    back = frozenset[FactId]().union(*taken_back(book, settled.cuts).values())
    return {book.founding.id, *settled.counted.facts, *removals, *cards, *back}


def _ids(claims: Iterable[Claim], *kinds: type[CrewFact]) -> tuple[FactId, ...]:
    return tuple(sorted(claim.id for claim in claims if isinstance(claim.fact, kinds)))


def _awaited(book: Book) -> frozenset[CommitId]:
    cuts: list[Cut] = []
    for claim in book.of(DeviceSuspended, DeviceExpelled, DeviceReadmitted):
        fact = claim.fact
        if isinstance(fact, DeviceReadmitted):
            cuts.append(fact.cut)
        elif isinstance(fact, DeviceSuspended | DeviceExpelled):
            cuts += fact.cuts
    return frozenset(CommitId(cut.commit) for cut in cuts if not book.holds(cut))


def _teams(settled: Settled) -> frozenset[VaultId]:
    """Return the vaults of teams; what was opened twice is what `fold_vaults` takes it for."""
    kinds: dict[VaultId, tuple[bytes, bool]] = {}
    for fact in _facts(settled):
        if isinstance(fact, VaultOpened):
            told = encode(fact), fact.kind == VaultKind.TEAM.value and not fact.parents
            kinds[VaultId(fact.vault)] = min(told, kinds.get(VaultId(fact.vault), told))
    return frozenset(vault for vault, (_, team) in kinds.items() if team)


def _adopted(settled: Settled) -> frozenset[tuple[CommitId, int]]:
    return frozenset(
        (CommitId(fact.commit), index)
        for fact in _facts(settled)
        if isinstance(fact, CommitAdopted)
        for index in fact.entries
    )


def _removed(book: Book, settled: Settled) -> dict[DeviceId, Removed]:
    found: dict[DeviceId, Removed] = {}
    for device in settled.cuts.devices():
        left = settled.cuts.left(device)
        if left:
            expelled = any(
                isinstance(arc.removal.fact, DeviceExpelled)
                and arc not in settled.rings
                and settled.counted.backed(arc.removal)
                for arc in left
            )
            standing = Standing.EXPELLED if expelled else Standing.SUSPENDED
            cuts = (arc.cut if book.holds(arc.cut) else _none_of(device) for arc in left)
            lowest = min(cuts, key=lambda cut: (cut.sequence, cut.commit))
            removals = tuple(sorted({arc.removal.id for arc in left}))
            found[device] = Removed(standing, lowest, removals)
    return found


def _none_of(device: DeviceId) -> Cut:
    return Cut(device, 0, bytes(32))


def _quarantined(
    book: Book, settled: Settled, roots: Known, counts: set[FactId]
) -> dict[FactId, str]:
    claims = {claim.told: claim for claim in book.claims}
    found: dict[FactId, str] = {}
    for told in book.told:
        if known(told) and told.kind not in APART and told.id not in counts:
            claim = claims.get(told)
            found[told.id] = _why(book, settled, roots, claim) if claim else BROKEN
    return found


def _why(book: Book, settled: Settled, roots: Known, claim: Claim) -> str:
    """Return the code of the first reason why a fact counts for nothing."""
    founds = isinstance(claim.fact, OfficeFounded)
    if founds or claim.signer not in {*settled.ever.stewards, b""}:
        return NOT_A_STEWARD
    if not claim.signer:
        return _why_not_of_root(roots, claim)
    if not book.sound(claim):
        return BAD_SIGNATURE
    if settled.cuts.life(claim) is Life.BEYOND:
        return BEYOND_CUT
    return _why_not(book, settled.counted, claim)


def _why_not_of_root(roots: Known, claim: Claim) -> str:
    if claim not in roots.signed:
        return BAD_SIGNATURE
    return NOT_SECONDED if isinstance(claim.fact, RecoverySplit) else ROOT_REPLACED


def _why_not(book: Book, state: Counted, claim: Claim) -> str:
    fact = claim.fact
    if isinstance(fact, DeviceSuspended | DeviceExpelled):
        return FELL
    if not state.stands(claim):
        return NOT_A_STEWARD
    if isinstance(fact, TakenBack):
        return NOT_ITS_SIGNER
    if isinstance(fact, DeviceAdmitted):
        return ADMITTED_TWICE if book.admitted(claim) else BROKEN
    if isinstance(fact, RoleGranted) and DeviceId(fact.device) not in state.members:
        return NOT_ADMITTED
    return NO_CUT if state.backed(claim) else NOT_SECONDED
