# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which facts about vaults and keys count, in any order (spec/crew.md 3).

The roster's fold decides on what stands in the vault of the crew and makes a right; this decides
on the rest, whoever wrote it.  Fails closed: what is not proved gives nobody a key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import structs

from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import CommitId, DeviceId, VaultId
from safeconduct.rooms.crew.case_facts import (
    CASE_VAULT,
    CaseOpened,
    OpenedCase,
    Place,
    case_id,
    vaults_of,
)
from safeconduct.rooms.crew.events import CrewFact, EpochOpened
from safeconduct.rooms.crew.key_proofs import KeyTold, Proofs, by_steward, sound
from safeconduct.rooms.crew.rotation import STRIDE
from safeconduct.rooms.crew.team_facts import TEAM_FACTS, KeysRenewed, TeamFormed
from safeconduct.rooms.crew.teams import Team, TeamTold, fold_teams
from safeconduct.rooms.crew.travel import NOBODY_AWAY, TravelTold, Trips, fold_trips
from safeconduct.rooms.crew.travel_facts import TRAVEL_FACTS, TravelFact
from safeconduct.rooms.crew.vault_facts import (
    KeysGranted,
    SealingKeyRotated,
    VaultOpened,
    key_groups,
)
from safeconduct.rooms.crew.vaults import (
    NOBODY,
    OFFICE_KEY,
    Given,
    Heard,
    Hold,
    keys_named,
    teams_named,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from safeconduct.rooms.crew.claims import Told
    from safeconduct.rooms.crew.fold import Roster

FIRST_EPOCH: Final = 1
KEY_KINDS: Final = (
    *("crew.CaseOpened", "crew.EpochOpened", "crew.KeysGranted", "crew.SealingKeyRotated"),
    "crew.VaultOpened",
    *TEAM_FACTS,
    *TRAVEL_FACTS,
)


class Turned(NamedTuple):
    """A `SealingKeyRotated` that counts: whose, when its commit was written, and its number."""

    device: DeviceId
    fact: SealingKeyRotated
    hlc: int
    sequence: int


class Grant(NamedTuple):
    """A `KeysGranted` whose signer may write it, and who that is."""

    heard: Heard
    fact: KeysGranted
    by: DeviceId
    commit: CommitId


class Opening(NamedTuple):
    """A `VaultOpened` that counts, and the commit in which it stands."""

    vault: VaultId
    kind: str
    commit: CommitId
    device: DeviceId
    sequence: int


@dataclass(frozen=True, slots=True, eq=False)
class KeyFacts:
    """What counts: facts about vaults and keys, sealing keys by device, and who was given what.

    `trips` says which devices left some of it behind, `teams` who belongs to which team, `hold`
    who may hold what is given to them, and who drew which key.
    `parts` are the vaults of `cases`, and `waits` those of which a helper gave on what it was not
    given as far as is known.  `heard`, `given`, `cases` and `parts` may grow: see `key_growth`.
    `openings` are of vaults that hang on no team, as they stand in the vault of the crew.
    """

    heard: list[Heard]
    rotated: tuple[Turned, ...]
    given: Given
    cases: list[OpenedCase] = field(default_factory=list)
    parts: dict[VaultId, OpenedCase] = field(default_factory=dict)
    waits: frozenset[VaultId] = frozenset()
    trips: Trips = NOBODY_AWAY
    teams: Mapping[VaultId, Team] = field(default_factory=dict)
    hold: Hold = NOBODY
    openings: tuple[Opening, ...] = ()

    def named(self, where: VaultEpoch) -> bool:
        """Tell whether a fact that counts says that there is such a key."""
        return where in self.given.devices


def count_keys(roster: Roster, told: Iterable[KeyTold], proofs: Proofs | None = None) -> KeyFacts:
    """Return which facts about vaults and keys count.

    A steward may tell of any key; any other helper gives on what facts say it was given.
    `proofs` remembers between calls what is said under signatures that hold.
    """
    proofs = {} if proofs is None else proofs
    ordered = sorted(told, key=lambda one: (one.told.id, one.vault))
    found = ((one, sound(roster, one, proofs)) for one in ordered)
    whole = [(one, fact) for one, fact in found if fact is not None]
    cases = [(f, opened_by(roster, one, f)) for one, f in whole if isinstance(f, CaseOpened)]
    grants = [
        Grant(Heard(one.hlc, fact), fact, one.told.device, one.told.commit)
        for one, fact in whole
        if isinstance(fact, KeysGranted) and not by_steward(roster, one)
    ]
    opened = first_keys(case for _, case in cases)
    first = [one for one in grants if _is_first(one, opened)]
    others = [one for one in grants if not _is_first(one, opened)]
    heard = [counted for one, fact in whole for counted in _counted(roster, one, fact)]
    heard += [vault for fact, case in cases for vault in told_vaults(case, fact)]
    heard += [grant.heard for grant in first]
    heard = _in_reach(heard)
    parts = {vault: case for _, case in cases for vault in case.vaults}
    heard = _of_opened(heard, parts.keys() | roster.teams)
    given = Given()
    for counted in heard:
        _hear(given, counted)
    passed, left = _passed_on(given, others, opened)
    heard += passed
    trips = _trips(roster, whole)
    teams = fold_teams(roster, _formed(roster, whole))
    hold = _hold(teams, whole)
    waits = frozenset(where.vault for grant in left for where in keys_named(grant.fact))
    known = heard, _rotated(whole), given, [case for _, case in cases], parts, waits
    return KeyFacts(*known, trips, teams, hold, _of_office(roster, whole))


def _hold(teams: Mapping[VaultId, Team], whole: Iterable[tuple[KeyTold, CrewFact]]) -> Hold:
    unkept = frozenset(team for team, one in teams.items() if one.unkept)
    return Hold({team: one.belongs for team, one in teams.items()}, _drawn(whole), unkept)


def _trips(roster: Roster, whole: Iterable[tuple[KeyTold, CrewFact]]) -> Trips:
    return fold_trips(
        TravelTold(one.told.device, one.told.id, fact)
        for one, fact in whole
        if isinstance(fact, TravelFact)
        or (isinstance(fact, KeysGranted) and by_steward(roster, one))
    )


def _of_office(roster: Roster, whole: Iterable[tuple[KeyTold, CrewFact]]) -> tuple[Opening, ...]:
    """Return what everybody reads of vaults opened, so that all take the same for the first."""
    crew_vault = roster.founded.crew_vault if roster.founded else b""
    return tuple(
        Opening(
            *(VaultId(fact.vault), fact.kind, one.told.commit),
            *(one.told.device, one.told.sequence),
        )
        for one, fact in whole
        if isinstance(fact, VaultOpened) and not fact.parents and one.vault == crew_vault
    )


def _rotated(whole: Iterable[tuple[KeyTold, CrewFact]]) -> tuple[Turned, ...]:
    return tuple(
        Turned(one.told.device, fact, one.hlc, one.told.sequence)
        for one, fact in whole
        if isinstance(fact, SealingKeyRotated)
    )


def first_keys(cases: Iterable[OpenedCase]) -> dict[CommitId, set[VaultEpoch]]:
    """Return the first keys of the case files that each commit opens."""
    opened: dict[CommitId, set[VaultEpoch]] = {}
    for case in cases:
        vaults = {VaultEpoch(vault, FIRST_EPOCH) for vault in case.vaults}
        opened.setdefault(case.commit, set()).update(vaults)
    return opened


def _formed(roster: Roster, sound: Iterable[tuple[KeyTold, CrewFact]]) -> list[TeamTold]:
    return [
        TeamTold(one.told.id, _place(roster, one.told), fact)
        for one, fact in sound
        if isinstance(fact, TeamFormed)
    ]


def _place(roster: Roster, told: Told) -> Place:
    return Place(roster.office, told.device, told.sequence, told.index)


def _drawn(sound: Iterable[tuple[KeyTold, CrewFact]]) -> dict[VaultEpoch, frozenset[DeviceId]]:
    """Return who drew each newer key: they know it, whoever it was given to."""
    found: dict[VaultEpoch, frozenset[DeviceId]] = {}
    for one, fact in sound:
        if isinstance(fact, EpochOpened | KeysRenewed):
            for where in keys_named(fact):
                found[where] = found.get(where, frozenset()) | {one.told.device}
    return found


def _counted(roster: Roster, one: KeyTold, fact: CrewFact) -> list[Heard]:
    """Return what a fact tells that counts by its signer alone; of cases see `told_vaults`."""
    if isinstance(fact, EpochOpened):
        return [Heard(one.hlc, told) for told in _with_founded(roster, fact)]
    if isinstance(fact, VaultOpened):
        return [Heard(one.hlc, fact)]
    if isinstance(fact, KeysGranted) and by_steward(roster, one):
        return [Heard(one.hlc, fact)]
    return []


def opened_by(roster: Roster, one: KeyTold, fact: CaseOpened) -> OpenedCase:
    """Return the case file that a fact opens."""
    told = one.told
    place = _place(roster, told)
    vaults = vaults_of(place, fact.parts)
    return OpenedCase(case_id(place), told.commit, told.device, one.hlc, vaults)


def told_vaults(case: OpenedCase, fact: CaseOpened) -> list[Heard]:
    """Return that its vaults are there: a fact that opens a case file tells of each."""
    return [
        Heard(case.hlc, VaultOpened(vault, CASE_VAULT, (), fact.recoverable))
        for vault in case.vaults
    ]


def _is_first(grant: Grant, opened: Mapping[CommitId, set[VaultEpoch]]) -> bool:
    """Tell whether a grant gives devices the first keys of a case that its own commit opens.

    To a team gives them who was given the team's key, and that is seen in rounds.
    """
    own = opened.get(grant.commit, set())
    return not grant.fact.teams and set(keys_named(grant.fact)) <= own


def _in_reach(heard: list[Heard]) -> list[Heard]:
    """Leave out epochs that no rotation draws: the last one there is could else never be renewed.

    What stands in the vault of the crew is read by everybody, so everybody counts the same.
    """
    ends: dict[VaultId, int] = {}
    for where in sorted(_openings(heard), key=lambda where: where.epoch):
        end = ends.setdefault(where.vault, 0)
        if where.epoch // STRIDE == end + 1:
            ends[where.vault] = end + 1

    def near(where: VaultEpoch) -> bool:
        return where.epoch // STRIDE <= ends[where.vault]

    return [
        Heard(hlc, _only(fact, near) if isinstance(fact, KeysRenewed) else fact)
        for hlc, fact in heard
        if not isinstance(fact, EpochOpened) or near(*keys_named(fact))
    ]


def _of_opened(heard: list[Heard], told: AbstractSet[VaultId]) -> list[Heard]:
    """Leave out of grants what no fact opened: who gives a key on does not vouch for the key.

    `told` are teams and the vaults of cases: each newer key of one is told as opened.
    """
    opened = set(_openings(heard))
    vaults = told | {where.vault for where in opened}

    def good(where: VaultEpoch) -> bool:
        return where.vault not in vaults or where.epoch == FIRST_EPOCH or where in opened

    return [
        Heard(hlc, _only(fact, good) if isinstance(fact, KeysGranted) else fact)
        for hlc, fact in heard
    ]


def _only(fact: KeysGranted, good: Callable[[VaultEpoch], bool]) -> KeysGranted:
    named = keys_named(fact)
    if all(map(good, named)):
        return fact
    return structs.replace(fact, keys=key_groups(where for where in named if good(where)))


def _openings(heard: list[Heard]) -> list[VaultEpoch]:
    """Return the keys that facts say were made: of a part that hangs on teams many at once."""
    facts = [fact for _, fact in heard if isinstance(fact, EpochOpened | KeysRenewed)]
    return [where for fact in facts for where in keys_named(fact)]


def _hear(given: Given, heard: Heard) -> None:
    if not isinstance(heard.fact, VaultOpened):
        given.hear(heard.fact)


def _passed_on(
    given: Given, grants: list[Grant], first: Mapping[CommitId, set[VaultEpoch]]
) -> tuple[list[Heard], list[Grant]]:
    """Return the grants of helpers who were given what they give on, in rounds, and the rest."""
    found: list[Heard] = []
    while grants:
        ready, others = list[Grant](), list[Grant]()
        for grant in grants:
            own = first.get(grant.commit, set())
            needed = {*keys_named(grant.fact), *teams_named(grant.fact)}
            opens = all(given.opens(grant.by, where) for where in needed - own)
            (ready if opens else others).append(grant)
        if not ready:
            break
        for grant in ready:
            given.hear(grant.fact)
        found += [grant.heard for grant in ready]
        grants = others
    return found, grants


def _with_founded(roster: Roster, fact: EpochOpened) -> list[EpochOpened]:
    """Return what an opened epoch says: the first office key goes with those of the founding."""
    founded = roster.founded
    if founded is None or (fact.vault, fact.epoch) != (OFFICE_KEY, FIRST_EPOCH):
        return [fact]
    vaults = (fact.vault, founded.crew_vault, founded.hotline_vault)
    return [EpochOpened(vault, FIRST_EPOCH, fact.parcel, fact.devices) for vault in vaults]
