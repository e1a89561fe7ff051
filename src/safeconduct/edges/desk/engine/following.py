# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which acts of stewards are to be followed with access and letters (spec/crew.md 4).

Of two who signed the desk of the second does it, and of a removal by one its writer's.  A device
that removed itself can follow nothing: then every other steward's desk does, and the slower finds
the epoch opened.  Whoever did it says so in the log, so that the others know what is left:
`overdue` says when one of these takes it over, and `removing` does what follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.told import counted
from safeconduct.edges.desk.engine.wished import wishes
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew import DeviceAdmitted, Role, Standing
from safeconduct.rooms.crew.claims import Claim, names, roles_of
from safeconduct.rooms.crew.events import (
    DeviceReadmitted,
    DoorsWritten,
    Followed,
    RoleGranted,
    Seconded,
)
from safeconduct.rooms.crew.move_facts import standing
from safeconduct.rooms.crew.words import parse_card

BACK: Final = Standing.STANDING.value
GONE: Final = frozenset({Standing.SUSPENDED.value, Standing.EXPELLED.value})
RAISED: Final = "raised"
"""Given the role steward: its letter brings what stewards hold."""
LOWERED: Final = "lowered"
"""The role steward was taken: the control key is a new one."""
FOLLOWED: Final[Codec[tuple[Followed, ...]]] = Codec(tuple[Followed, ...], "followed")


def outstanding(journal: Journal) -> Iterator[tuple[Followed, DeviceId]]:
    """Yield what neither this desk nor the log says is followed, and whose desk is to follow it.

    Nothing at a desk that is no steward's.
    """
    if Role.STEWARD not in journal.roster.roles(journal.device):
        return
    told = (act for fact in doors_written(journal) for act in fact.followed)
    done = {*(journal.store.setting("followed", FOLLOWED) or ()), *told}
    for act, by in (*_signed(journal), *_removed(journal), *wishes(journal)):
        if act not in done:
            yield act, DeviceId(by)


def ends_a_steward(journal: Journal, act: Followed) -> bool:
    """Tell whether what was done takes the control key from somebody who has it."""
    member = journal.roster.members[DeviceId(act.device)]
    gone = act.standing in GONE and Role.STEWARD in member.had
    return gone or act.standing == LOWERED


def doors_written(journal: Journal) -> Iterator[DoorsWritten]:
    """Yield what stewards' desks say of letters, at the relay that the office is at."""
    moved = standing(journal.roster.moves)
    since = moved[1].epoch if moved else 0
    for claim in counted(journal, DoorsWritten):
        fact = claim.fact
        if isinstance(fact, DoorsWritten) and fact.epoch >= since:
            yield fact


def _removed(journal: Journal) -> Iterator[tuple[Followed, bytes]]:
    """Yield the removals: of the two that expel, the second follows; of one's own, whoever else."""
    roster = journal.roster
    for who, removed in roster.removed.items():
        for name in removed.removals:
            removal = roster.removals[name]
            backed = removed.standing is Standing.EXPELLED and removal.expels
            now = Standing.EXPELLED if backed else Standing.SUSPENDED
            seconds = [one for one in removal.seconds if one and backed]
            by = (seconds or [removal.writer])[0]
            if who in roster.members:
                yield Followed(who, name, now.value), journal.device if by == who else by


def _signed(journal: Journal) -> Iterator[tuple[Followed, bytes]]:
    """Yield what counts, of devices as they are; who seconded it follows, or who wrote it."""
    seconds, claims = list[Claim](), list[Claim]()
    for claim in counted(journal, Seconded, DeviceReadmitted, RoleGranted, DeviceAdmitted):
        (seconds if isinstance(claim.fact, Seconded) else claims).append(claim)
    for claim in claims:
        signers = [one.signer for one in seconds if names(one, claim) and one.signer]
        act = _act(journal, claim, by_two=bool(signers))
        if act is not None:
            yield act, (signers or [claim.told.device])[0]


def _act(journal: Journal, claim: Claim, *, by_two: bool) -> Followed | None:
    """Return what a fact did; an admission by one steward is none, its parcel brought all."""
    fact, roster = claim.fact, journal.roster
    if isinstance(fact, DeviceReadmitted):
        stands = roster.standing(DeviceId(fact.cut.device)) is Standing.STANDING
        return Followed(fact.cut.device, claim.id, BACK) if stands else None
    if isinstance(fact, DeviceAdmitted):
        raised = by_two and Role.STEWARD in roles_of(claim)
        return _raised(journal, parse_card(fact.card).id, claim) if raised else None
    assert isinstance(fact, RoleGranted)
    if roster.turned.get(claim.id):
        return _raised(journal, DeviceId(fact.device), claim)
    return Followed(fact.device, claim.id, LOWERED) if claim.id in roster.turned else None


def _raised(journal: Journal, device: DeviceId, claim: Claim) -> Followed | None:
    """Return that a colleague is a steward now; of this desk's own device others said so."""
    steward = device != journal.device and Role.STEWARD in journal.roster.roles(device)
    return Followed(device, claim.id, RAISED) if steward else None
