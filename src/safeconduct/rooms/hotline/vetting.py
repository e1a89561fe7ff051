# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vetting: how far we know that who writes is in need, and what is kept from everybody until then.

What it is: gates, a checklist, contradictions and guarded notes of one conversation.  What it is
not: anything that the person sees, or that her words change.
Invariants: of what helpers say at once the closed gate holds, in any order of facts; what a guarded
note says is in no state of a conversation below its gate (`may_show` is the one door); joining
lifts no gate (spec/vetting.md 2).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple

from safeconduct.kernel.words import DeviceId, FactId, Instant
from safeconduct.rooms.hotline.guarded import KeptNote, kept_note
from safeconduct.rooms.hotline.heard import Heard
from safeconduct.rooms.hotline.vetting_facts import (
    ContradictionPinned,
    ContradictionSettled,
    GateClosed,
    GateOpened,
    GateSeconded,
    GuardedNoteWithdrawn,
    GuardedNoteWritten,
    Holds,
    Passage,
    VettingFact,
    VettingItemAnswered,
)

VETTING_TEXT_MOST: Final = 2_000
"""Characters of a reason, a note or a passage that pages show; a changed desk may write more."""
_WORST: Final = ("no", "open", "yes")


class Gate(IntEnum):
    """How far somebody is vetted; the value stands in facts."""

    NONE = 0
    PLAUSIBLE = 1
    VOUCHED = 2
    MET = 3


OF_TWO: Final = frozenset({Gate.VOUCHED, Gate.MET})
"""Gates that two people open."""


def may_show(passed: Gate, needed: Gate) -> bool:
    """Tell whether what needs a gate may be shown or sent where one is passed: the one door."""
    return passed >= needed


Apart = Callable[[DeviceId, DeviceId], bool]
"""Tells whether two devices are of different people, which the roster knows."""


def nobody_apart(_one: DeviceId, _other: DeviceId) -> bool:
    """Take all devices for one person's, where no roster is at hand: no second then counts."""
    return False


Said = Heard[VettingFact]


class Word(NamedTuple):
    """Who said something, when, and what."""

    fact: FactId
    by: DeviceId
    at: Instant
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """What stands of one item of the checklist; of helpers who differ the graver counts."""

    name: str
    holds: Holds
    said: tuple[tuple[Holds, Word], ...]
    version: int
    """The oldest version of the checklist under which what stands was said."""

    @property
    def facts(self) -> tuple[FactId, ...]:
        """The facts that stand."""
        return tuple(sorted(word.fact for _, word in self.said))


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody's word that a gate is passed, and who said so too."""

    gate: Gate
    word: Word
    rests: tuple[str, ...]
    covers: frozenset[bytes]
    seconds: tuple[Word, ...]
    ended: bool
    """Whether somebody withdrew the gate who is not known to it."""

    @property
    def counts(self) -> bool:
        """Whether it passes its gate."""
        return not self.ended and (self.gate not in OF_TWO or bool(self.seconds))

    @property
    def waits(self) -> bool:
        """Whether it still wants a second person."""
        return not self.ended and not self.counts


@dataclass(frozen=True, slots=True)
class Quoted:
    """A passage as it was pinned; `there` tells whether it stands in what it names."""

    piece: bytes
    text: str
    there: bool


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two passages side by side, why, and how that was settled; open while nobody did."""

    word: Word
    first: Quoted
    second: Quoted
    settled: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A guarded note; below its gate `text` is None, and nothing else here tells what it says."""

    fact: FactId
    by: DeviceId
    at: Instant
    gate: Gate
    text: str | None


@dataclass(frozen=True, slots=True)
class Vetting:
    """What stands of the vetting of one conversation, or of several that are joined."""

    gate: Gate = Gate.NONE
    openings: tuple[Opening, ...] = ()
    closings: tuple[Word, ...] = ()
    items: tuple[Item, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    guarded: tuple[Guarded, ...] = ()
    kept: tuple[KeptNote, ...] = field(default=(), repr=False)
    """What holds answers back; no page has a use for it."""

    @property
    def waiting(self) -> tuple[Opening, ...]:
        """The openings that want a second person."""
        return tuple(one for one in self.openings if one.waits)

    @property
    def open_contradictions(self) -> tuple[Contradiction, ...]:
        """Those that nobody settled."""
        return tuple(one for one in self.contradictions if not one.settled)

    @property
    def withheld(self) -> tuple[Guarded, ...]:
        """The guarded notes that nobody may read yet."""
        return tuple(one for one in self.guarded if one.text is None)

    def item(self, name: str) -> Item | None:
        """Return what stands of an item; None when nobody touched it."""
        return next((one for one in self.items if one.name == name), None)


NOT_VETTED: Final = Vetting()


def fold_vetting(
    said: Sequence[Said],
    parts: Collection[bytes],
    pieces: Mapping[bytes, Sequence[str]],
    apart: Apart,
) -> Vetting:
    """Return what stands of the facts about some conversations that are joined, or about one.

    `pieces` has what was written, by its id, for what contradictions quote of it.
    """
    if not said:
        return NOT_VETTED
    facts = sorted(said, key=lambda one: (one.at, one.fact))
    openings = _openings(facts, apart)
    gate = min((_level(part, openings) for part in parts), default=Gate.NONE)
    notes = _notes(facts)
    return Vetting(
        gate=gate,
        openings=openings,
        closings=_closings(facts),
        items=_items(facts),
        contradictions=_contradictions(facts, pieces),
        guarded=tuple(_guarded(one, event, gate) for one, event in notes),
        kept=tuple(
            kept_note(event.text, event.words)
            for _, event in notes
            if not may_show(gate, Gate(event.gate))
        ),
    )


def _word(one: Said, text: str) -> Word:
    return Word(one.fact, one.device, one.at, text[:VETTING_TEXT_MOST])


def _closings(facts: Sequence[Said]) -> tuple[Word, ...]:
    return tuple(_word(one, one.event.reason) for one in facts if isinstance(one.event, GateClosed))


def _openings(facts: Sequence[Said], apart: Apart) -> tuple[Opening, ...]:
    closings = {one.fact for one in facts if isinstance(one.event, GateClosed)}
    return tuple(
        Opening(
            gate=Gate(one.event.gate),
            word=_word(one, one.event.reason),
            rests=one.event.rests,
            covers=frozenset({one.event.conversation, *one.event.covers}),
            seconds=_seconds(one, facts, apart),
            ended=not closings <= set(one.event.closings),
        )
        for one in facts
        if isinstance(one.event, GateOpened)
    )


def _seconds(opening: Said, facts: Sequence[Said], apart: Apart) -> tuple[Word, ...]:
    return tuple(
        _word(one, one.event.reason)
        for one in facts
        if isinstance(one.event, GateSeconded)
        and one.event.opening == opening.fact
        and apart(one.device, opening.device)
    )


def _level(part: bytes, openings: Sequence[Opening]) -> Gate:
    """Return which gate one of the joined conversations has passed."""
    passed = (one.gate for one in openings if one.counts and part in one.covers)
    return max(passed, default=Gate.NONE)


def _items(facts: Sequence[Said]) -> tuple[Item, ...]:
    found: dict[str, list[tuple[Said, VettingItemAnswered]]] = {}
    for one in facts:
        if isinstance(one.event, VettingItemAnswered):
            found.setdefault(one.event.item, []).append((one, one.event))
    items = []
    for name in sorted(found):
        replaced = {
            fact for one, event in found[name] for fact in event.replaces if fact != one.fact
        }
        standing = [(one, event) for one, event in found[name] if one.fact not in replaced]
        if standing:
            said = tuple((event.holds, _word(one, event.note)) for one, event in standing)
            worst = min((holds for holds, _ in said), key=_WORST.index)
            items.append(Item(name, worst, said, min(event.version for _, event in standing)))
    return tuple(items)


def _contradictions(
    facts: Sequence[Said], pieces: Mapping[bytes, Sequence[str]]
) -> tuple[Contradiction, ...]:
    return tuple(
        Contradiction(
            _word(one, one.event.note),
            _quoted(one.event.first, pieces),
            _quoted(one.event.second, pieces),
            tuple(
                _word(other, other.event.reason)
                for other in facts
                if isinstance(other.event, ContradictionSettled) and other.event.pinned == one.fact
            ),
        )
        for one in facts
        if isinstance(one.event, ContradictionPinned)
    )


def _quoted(passage: Passage, pieces: Mapping[bytes, Sequence[str]]) -> Quoted:
    there = any(stands_in(passage.text, text) for text in pieces.get(passage.piece, ()))
    return Quoted(passage.piece, passage.text[:VETTING_TEXT_MOST], there)


def stands_in(passage: str, text: str) -> bool:
    """Tell whether a passage stands in a text, however its lines are broken."""
    words = " ".join(passage.split())
    return bool(words) and words in " ".join(text.split())


def _notes(facts: Sequence[Said]) -> list[tuple[Said, GuardedNoteWritten]]:
    """Return the guarded notes that stand; nobody but its writing device takes one back."""
    back = {
        (one.device, one.event.note) for one in facts if isinstance(one.event, GuardedNoteWithdrawn)
    }
    return [
        (one, one.event)
        for one in facts
        if isinstance(one.event, GuardedNoteWritten) and (one.device, one.fact) not in back
    ]


def _guarded(one: Said, event: GuardedNoteWritten, passed: Gate) -> Guarded:
    needed = Gate(event.gate)
    text = event.text if may_show(passed, needed) else None
    return Guarded(one.fact, one.device, one.at, needed, text)
