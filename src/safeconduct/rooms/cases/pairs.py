# SPDX-License-Identifier: AGPL-3.0-or-later
"""From halves to what was said of pairs of sheets in two cases (spec/alike.md 2).

The same facts give the same in any order.  A half without its other half, or that stands elsewhere
than in the identity part of its own case, says nothing.  What two said unseen both stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import Codec
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.seal.padding import unpad
from safeconduct.kernel.words import CaseId, CommitId, instant_of
from safeconduct.rooms.cases.alike import Where
from safeconduct.rooms.cases.pair_facts import PairJudged, Said
from safeconduct.rooms.cases.record import SheetId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from safeconduct.kernel.words import DeviceId, Instant, VaultId
    from safeconduct.rooms.cases.alike import Key
    from safeconduct.rooms.cases.fold import Told

_SAID: Final[Codec[Said]] = Codec(Said, "cases.Said")


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody said of two sheets; it `stands` until who saw it says something else."""

    pair: bytes
    sheets: Key
    at: Instant
    by: DeviceId
    same: bool
    why: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that was said of two sheets, oldest first."""

    said: tuple[Judged, ...]

    @property
    def standing(self) -> tuple[Judged, ...]:
        """What stands."""
        return tuple(one for one in self.said if one.stands)

    @property
    def same(self) -> bool | None:
        """Whether they are one; None where nobody said it, or two said otherwise at once."""
        found = {one.same for one in self.standing}
        return found.pop() if len(found) == 1 else None


NOTHING_SAID: Final = Verdict(())


def fold_pairs(identity: Mapping[VaultId, CaseId], told: Iterable[Told]) -> dict[Key, Verdict]:
    """Return what was said of which pairs, from the facts in the identity parts held here."""
    halves: dict[tuple[CommitId, bytes], list[Told]] = {}
    for one in told:
        event = one.event
        if isinstance(event, PairJudged) and identity.get(one.vault) == event.case:
            halves.setdefault((one.commit, event.pair), []).append(one)
    whole = [(some[0], said) for some in halves.values() if (said := _said(some))]
    whole.sort(key=lambda one: (one[0].hlc, one[0].commit, _pair(one[0])))
    by_key: dict[Key, list[tuple[Told, Said]]] = {}
    for first, said in whole:
        by_key.setdefault(_key(said), []).append((first, said))
    return {key: Verdict(_judged(key, some)) for key, some in by_key.items()}


def _said(halves: Sequence[Told]) -> Said | None:
    """Return what two halves of one commit say; None where they say nothing together."""
    events = [one.event for one in halves if isinstance(one.event, PairJudged)]
    if len(events) != 2 or len(events[0].half) != len(events[1].half):  # noqa: PLR2004  (halves)
        return None
    try:
        said = _SAID.decode(unpad(joined(events[0].half, events[1].half)))
    except SafeconductError:
        return None
    cases = sorted(one.case for one in events)
    fits = cases == [said.one[0], said.other[0]] and cases[0] != cases[1] and said.why.strip()
    return said if fits else None


def joined(one: bytes, other: bytes) -> bytes:
    """Return what two halves of one length say together; of chance and a text, the other half."""
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _judged(key: Key, some: Sequence[tuple[Told, Said]]) -> tuple[Judged, ...]:
    over = {pair for one, said in some for pair in said.over if pair != _pair(one)}
    return tuple(
        Judged(
            *(_pair(one), key, instant_of(one.hlc), one.device, bool(said.same), said.why),
            stands=_pair(one) not in over,
        )
        for one, said in some
    )


def _pair(one: Told) -> bytes:
    assert isinstance(one.event, PairJudged)
    return one.event.pair


def _key(said: Said) -> Key:
    one, other = (Where(CaseId(case), SheetId(sheet)) for case, sheet in (said.one, said.other))
    return one, other
