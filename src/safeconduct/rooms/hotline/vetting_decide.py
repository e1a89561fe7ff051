# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a helper may do in vetting: state and command to facts, or a refusal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.hotline.decide import NothingWritten, TextTooLong
from safeconduct.rooms.hotline.guarded import KeptNote, OfficeWords, held_back, holds_anything
from safeconduct.rooms.hotline.triage_decide import say_why
from safeconduct.rooms.hotline.vetting import Gate, may_show, stands_in
from safeconduct.rooms.hotline.vetting_facts import (
    CLOSINGS_MOST,
    OFFICE_WORDS_MOST,
    PARTS_MOST,
    WORDS_MOST,
    ContradictionPinned,
    ContradictionSettled,
    GateClosed,
    GateOpened,
    GateSeconded,
    GuardedNoteWithdrawn,
    GuardedNoteWritten,
    GuardedWordsSet,
    Holds,
    Passage,
    VettingItemAnswered,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from safeconduct.kernel.words import DeviceId, FactId
    from safeconduct.rooms.hotline.avoided import Stem
    from safeconduct.rooms.hotline.canned import Canned
    from safeconduct.rooms.hotline.vetting import Apart, Opening
    from safeconduct.rooms.hotline.words import Conversation

GUARDED_MOST: Final = 4_000
"""Bytes of UTF-8 of a guarded note."""
PASSAGE_MOST: Final = 1_000
"""Bytes of UTF-8 of a passage; longer ones are not compared, but read."""
WORD_MOST: Final = 120
"""Bytes of UTF-8 of one guarded word or phrase."""
NEEDS: Final = {Gate.VOUCHED: "voucher", Gate.MET: "met"}
"""Without this item of the checklist, answered with yes, a gate is not opened."""
_PARTED: Final = re.compile(r"[,;\n]")


class GateNotPassed(Refused):
    """What was written, or chosen, may not go to this person before a gate is passed."""

    code = "gate_not_passed"


class RestsOnNothing(Refused):
    """A gate rests on what was found out, and the item that it needs is not answered with yes."""

    code = "rests_on_nothing"


class NoGateWaits(Refused):
    """No such gate waits for a second person."""

    code = "no_gate_waits"


class SameSecond(Refused):
    """Whoever opened the gate cannot be the second person."""

    code = "same_second"


class NoGateOpen(Refused):
    """There is no gate to withdraw."""

    code = "no_gate_open"


class WithdrawnTooOften(Refused):
    """The gate was withdrawn more often than one that is opened could name."""

    code = "withdrawn_too_often"


class NoSuchPassage(Refused):
    """What was pinned stands, as it was typed, in nothing that was written here."""

    code = "no_such_passage"


class SettledAlready(Refused):
    """This contradiction does not stand any more."""

    code = "settled_already"


class NoWordsToHold(Refused):
    """Nothing in the note would be found in an answer."""

    code = "no_words_to_hold"


class GuardedWordsTooLong(Refused):
    """There are too many words, or one of them is too long."""

    code = "guarded_words_too_long"


class NotYourNote(Refused):
    """A guarded note is taken back at the device that wrote it."""

    code = "not_your_note"


@dataclass(frozen=True, slots=True)
class Answered:
    """What a helper says of an item of the checklist."""

    item: str
    holds: Holds
    note: str
    version: int


def answer_item(conversation: Conversation, said: Answered) -> VettingItemAnswered:
    """Say how an item stands.

    Raises:
        WhyMissing, WhyTooLong: a yes or a no needs what it rests on.
    """
    if said.holds != "open":
        say_why(said.note)
    stood = conversation.vetting.item(said.item)
    facts = stood.facts if stood else ()
    note = said.note.strip()
    return VettingItemAnswered(conversation.id, said.item, said.holds, note, said.version, facts)


def open_gate(conversation: Conversation, gate: Gate, reason: str) -> GateOpened:
    """Say that a gate is passed; it rests on every item that is answered with yes.

    Raises:
        RestsOnNothing, WithdrawnTooOften, WhyMissing, WhyTooLong: see there.
    """
    say_why(reason)
    vetting = conversation.vetting
    rests = tuple(one.name for one in vetting.items if one.holds == "yes")
    needed = NEEDS.get(gate)
    if not rests or gate is Gate.NONE or (needed is not None and needed not in rests):
        raise RestsOnNothing
    if len(vetting.closings) > CLOSINGS_MOST:
        raise WithdrawnTooOften
    parts = sorted({part.id for part in conversation.parts} - {conversation.id})[:PARTS_MOST]
    closings = tuple(sorted(one.fact for one in vetting.closings))
    return GateOpened(conversation.id, gate, reason.strip(), rests, tuple(parts), closings)


def second_gate(
    conversation: Conversation, opening: FactId, reason: str, by: DeviceId, apart: Apart
) -> GateSeconded:
    """Say so as the second person.

    Raises:
        NoGateWaits, SameSecond, WhyMissing, WhyTooLong: see there.
    """
    say_why(reason)
    found = _waiting(conversation, opening)
    if not found.covers <= {conversation.id, *(part.id for part in conversation.parts)}:
        raise NoGateWaits  # Who is joined only later would be vouched for by who never saw her.
    if not apart(by, found.word.by):
        raise SameSecond
    return GateSeconded(conversation.id, opening, reason.strip())


def _waiting(conversation: Conversation, opening: FactId) -> Opening:
    for one in conversation.vetting.waiting:
        if one.word.fact == opening:
            return one
    raise NoGateWaits


def close_gate(conversation: Conversation, reason: str) -> GateClosed:
    """Withdraw whatever gate is passed or waits for a second; anybody may, at once.

    Raises:
        NoGateOpen, WhyMissing, WhyTooLong: see there.
    """
    say_why(reason)
    if all(one.ended for one in conversation.vetting.openings):
        raise NoGateOpen
    return GateClosed(conversation.id, reason.strip())


def pin(conversation: Conversation, first: str, second: str, note: str) -> ContradictionPinned:
    """Pin two passages side by side, each as it stands in what was written.

    Raises:
        NoSuchPassage, TextTooLong, WhyMissing, WhyTooLong: see there.
    """
    say_why(note)
    passages = _passage(conversation, first), _passage(conversation, second)
    return ContradictionPinned(conversation.id, *passages, note.strip())


def _passage(conversation: Conversation, typed: str) -> Passage:
    text = typed.strip()
    if len(text.encode()) > PASSAGE_MOST:
        raise TextTooLong(PASSAGE_MOST)
    for piece, texts in conversation.pieces.items():
        if any(stands_in(text, one) for one in texts):
            return Passage(piece, text)
    raise NoSuchPassage


def settle(conversation: Conversation, pinned: FactId, reason: str) -> ContradictionSettled:
    """Say how two passages go together.

    Raises:
        SettledAlready, WhyMissing, WhyTooLong: see there.
    """
    say_why(reason)
    if all(one.word.fact != pinned for one in conversation.vetting.open_contradictions):
        raise SettledAlready
    return ContradictionSettled(conversation.id, pinned, reason.strip())


def guard(conversation: Conversation, gate: Gate, text: str, typed: str) -> GuardedNoteWritten:
    """Write a guarded note; the words that were typed beside it hold answers back.

    Raises:
        NothingWritten, TextTooLong, NoWordsToHold, GuardedWordsTooLong: see there.
    """
    if not text.strip() or gate is Gate.NONE:
        raise NothingWritten
    if len(text.encode()) > GUARDED_MOST:
        raise TextTooLong(GUARDED_MOST)
    words = _words(typed, WORDS_MOST)
    if not holds_anything(text, words):
        raise NoWordsToHold
    return GuardedNoteWritten(conversation.id, gate, text.strip(), words)


def take_back(
    conversation: Conversation, note: FactId, reason: str, by: DeviceId
) -> GuardedNoteWithdrawn:
    """Take back a guarded note of this device.

    Raises:
        NotYourNote, WhyMissing, WhyTooLong: see there.
    """
    say_why(reason)
    if all((one.fact, one.by) != (note, by) for one in conversation.vetting.guarded):
        raise NotYourNote
    return GuardedNoteWithdrawn(conversation.id, note, reason.strip())


def set_words(gate: Gate, typed: str, standing: Sequence[FactId]) -> GuardedWordsSet:
    """Set the office's words below a gate; `standing` are the facts that this one replaces.

    Raises:
        NothingWritten, GuardedWordsTooLong: see there.
    """
    if gate is Gate.NONE:
        raise NothingWritten
    return GuardedWordsSet(gate, _words(typed, OFFICE_WORDS_MOST), tuple(sorted(standing)))


def let_go(
    conversation: Conversation, texts: Iterable[str], office: Iterable[KeptNote], stem: Stem
) -> None:
    """Hold back an answer in which something of what is guarded here stands.

    Raises:
        GateNotPassed: see there; it says nothing of what was found.
    """
    if held_back(texts, (*conversation.vetting.kept, *office), stem):
        raise GateNotPassed


def kept_below(
    passed: Gate, words: Iterable[OfficeWords], canned: Iterable[Canned]
) -> Iterator[KeptNote]:
    """Yield what the whole office keeps from a conversation in which a gate is passed."""
    for one in words:
        if not may_show(passed, Gate(one.gate)):
            yield KeptNote("", one.words)
    for text in canned:
        if not may_show(passed, Gate(text.gate)):
            yield text.kept


def _words(typed: str, most: int) -> tuple[str, ...]:
    words = tuple(sorted({" ".join(word.split()) for word in _PARTED.split(typed)} - {""}))
    if len(words) > most or any(len(word.encode()) > WORD_MOST for word in words):
        raise GuardedWordsTooLong
    return words
