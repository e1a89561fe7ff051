# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts to a case file and to requests: the same set gives the same state in any order.

Fails closed: a part that another commit than the case's own claims is no part of it, and what a
vault of another case says of this one is not heard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from safeconduct.kernel.words import CaseId, CommitId, DeviceId, FactId, VaultId, instant_of
from safeconduct.rooms.cases.events import (
    CaseFact,
    KeysAnswered,
    KeysAsked,
    NoteWritten,
    PartOpened,
)
from safeconduct.rooms.cases.words import Answered, CaseFile, Note, OpenPart, Part, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PARTS = {part.value: part for part in Part}


class Told(NamedTuple):
    """A fact as read: where it stands, who wrote it, when by their clock, and what it says.

    `gave` are the devices that facts of the same commit give keys to.
    """

    fact: FactId
    commit: CommitId
    vault: VaultId
    device: DeviceId
    hlc: int
    event: CaseFact
    gave: frozenset[DeviceId] = frozenset()


class Beginning(NamedTuple):
    """Which commit opened a case, by whom and when, and the vaults that it opened."""

    id: CaseId
    commit: CommitId
    by: DeviceId
    hlc: int
    vaults: tuple[VaultId, ...]


class Opening(NamedTuple):
    """What opened a part: in which commit, at which place there, and for which vault."""

    commit: CommitId
    slot: int
    vault: VaultId
    event: PartOpened


def fold_case(beginning: Beginning, name: str, told: Iterable[Told]) -> CaseFile | None:
    """Return what can be read of a case; None when that is nothing."""
    facts = sorted(told, key=lambda one: (one.hlc, one.fact))
    vaults = _vaults(beginning, facts)
    if not vaults:
        return None
    parts = tuple(
        OpenPart(part, vault, _notes(beginning, vault, facts))
        for part in Part
        if (vault := vaults.get(part)) is not None
    )
    opened = instant_of(beginning.hlc)
    return CaseFile(beginning.id, name, opened, beginning.by, parts)


def fold_parts(beginning: Beginning, told: Iterable[Opening]) -> dict[Part, VaultId]:
    """Return the vaults of a case's parts, as `fold_case` does, from what opened them alone."""
    in_order: list[Opening] = sorted(told, key=lambda one: one.slot)
    return _vaults(beginning, in_order)


def _vaults(beginning: Beginning, facts: Iterable[Told | Opening]) -> dict[Part, VaultId]:
    found: dict[Part, VaultId] = {}
    for one in facts:
        event = one.event
        if not isinstance(event, PartOpened) or event.case != beginning.id:
            continue
        if one.commit == beginning.commit and one.vault in beginning.vaults:
            part = PARTS.get(event.part)
            if part is not None and one.vault not in found.values():
                found.setdefault(part, one.vault)
    return found


def _notes(beginning: Beginning, vault: VaultId, facts: Iterable[Told]) -> tuple[Note, ...]:
    return tuple(
        Note(one.fact, instant_of(one.hlc), one.device, one.event.text)
        for one in facts
        if isinstance(one.event, NoteWritten)
        and one.vault == vault
        and one.event.case == beginning.id
    )


def fold_requests(
    told: Iterable[Told], person: Callable[[DeviceId], object]
) -> tuple[Request, ...]:
    """Return the requests for keys, newest first, with what was answered.

    Nobody answers their own request, from another device neither, and keys were given only where
    the commit that says so gives them to the device that asked.
    """
    facts = sorted(told, key=lambda one: (one.hlc, one.fact))
    asked = {
        one.fact: one
        for one in facts
        if isinstance(one.event, KeysAsked) and one.event.part in PARTS
    }
    answers: dict[FactId, list[Answered]] = {fact: [] for fact in asked}
    for one in facts:
        event = one.event
        if not isinstance(event, KeysAnswered):
            continue
        by = asked.get(FactId(event.asked))
        if by is None or person(by.device) == person(one.device):
            continue
        if event.given and by.device not in one.gave:
            continue
        answer = Answered(instant_of(one.hlc), one.device, bool(event.given), event.word)
        answers[by.fact].append(answer)
    return tuple(_request(one, answers[fact]) for fact, one in reversed(asked.items()))


def _request(one: Told, answers: Iterable[Answered]) -> Request:
    event = one.event
    assert isinstance(event, KeysAsked)
    said = one.fact, instant_of(one.hlc), one.device
    return Request(*said, event.case, PARTS[event.part], event.reason, tuple(answers))
