# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slips at this desk: handed over to who comes with the words, and what they say is judged.

The invariant: what is handed over is so at that moment, as this desk reads it; what is not is
frozen (spec/slips.md 4).  One slip that cannot be dealt with stands in the way of no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from typing import Final, NamedTuple, Protocol

from safeconduct.edges.desk.watch import Watch
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.words import DAY, SECOND, Address, DeviceId, Instant, OfficeId
from safeconduct.rooms.hotline.letters import Box
from safeconduct.rooms.passage import Network
from safeconduct.rooms.passage.errand.slip_report import SaidSo
from safeconduct.rooms.passage.errand.slips import (
    CannotTell,
    Heard,
    MadeSlip,
    SlipNotSo,
    SlipTold,
    find,
    fold_slips,
    need_as_made,
)
from safeconduct.rooms.passage.slip_facts import SlipFact, SlipFrozen, SlipHanded, SlipHeard
from safeconduct.rooms.passage.watch import check_in_decide as watch_decide
from safeconduct.rooms.passage.watch.check_in_facts import CheckInHeard, Verdict

OTHERS_AFTER: Final = 45 * SECOND
"""So long the desk that made a slip has to hand it over before others do."""
LOOKED_AFTER: Final = 2 * DAY
"""So long after its end it is still looked for what was said of it."""


class SealedLetter(NamedTuple):
    """What goes into a box, until when."""

    box: Box
    item: bytes
    expires: Instant


class Book(Protocol):
    """Where facts of slips are read and written, and what stands around them."""

    @property
    def device(self) -> DeviceId:
        """The device of this desk."""

    @property
    def office(self) -> OfficeId:
        """The office."""

    @property
    def rng(self) -> Rng:
        """Chance."""

    def now(self) -> Instant:
        """Return the time."""

    def network(self) -> Network:
        """Return the network as it can be read here."""

    def may_write(self) -> bool:
        """Tell whether this desk can write facts of slips."""

    def still(self) -> AbstractContextManager[object]:
        """Let nobody else write while something is looked at and then written."""

    def told(self) -> Sequence[SlipTold]:
        """Return the facts that count; the same object while nothing came."""

    def heard(self, talk: bytes) -> Sequence[Heard]:
        """Return what was written with the words of a slip, oldest first."""

    def write(
        self,
        facts: Sequence[SlipFact],
        *,
        letter: SealedLetter | None = None,
        judged: CheckInHeard | None = None,
        unsent: Sequence[bytes] = (),
    ) -> None:
        """Append facts, with a letter that goes out after them; durable on return.

        What was not sent yet of the conversations in `unsent` is not sent any more.
        """


class Handing:
    """Handing over and judging, over a book."""

    def __init__(self, book: Book, watch: Watch) -> None:
        """Act for the device of this book; words that come back answer check-ins of `watch`."""
        self._book: Final = book
        self._watch: Final = watch
        self._of: tuple[object, tuple[MadeSlip, ...]] = (None, ())

    def all(self) -> tuple[MadeSlip, ...]:
        """Return the slips that were made, oldest first; folded anew when something came."""
        with self._book.still():
            told = self._book.told()
            if self._of[0] is not told:
                self._of = told, fold_slips(told)
            return self._of[1]

    def look(self) -> None:
        """Hand over to who came, and judge the words that came back."""
        book = self._book
        if not book.may_write():
            return
        for one in self.all():
            if one.sealed is not None and book.now() < one.said.until + LOOKED_AFTER:
                came = book.heard(one.sealed.talk)
                if came:
                    self._tend(one.fact, came)

    def _tend(self, fact: bytes, came: Sequence[Heard]) -> None:
        """Look at one slip as it stands now, with nobody who writes meanwhile."""
        for act in (self._hand, self._judge):
            with suppress(SafeconductError), self._book.still():
                act(find(self.all(), fact), came)

    def _hand(self, one: MadeSlip, came: Sequence[Heard]) -> None:
        """Post the sealed slip, once: at the desk that made it at once, at others a little later.

        Desks that hand it over at once put the same bytes into one box, where they are one.
        """
        book, now = self._book, self._book.now()
        if one.sealed is None or not one.to_hand(came, now, book.device):
            return
        if one.by != book.device and now < came[0].at + OTHERS_AFTER:
            return
        try:
            need_as_made(book.network(), one.said, now)
        except CannotTell:
            return
        except SlipNotSo:
            book.write([SlipFrozen(one.fact, 1)], unsent=[one.sealed.talk])
            return
        key = SealingPublicKey.parse(one.sealed.key)
        box = Box(book.office, Address(one.sealed.address), key, one.sealed.voice)
        letter = SealedLetter(box, one.sealed.item, Instant(one.said.until))
        book.write([SlipHanded(one.fact)], letter=letter)

    def _judge(self, one: MadeSlip, came: Sequence[Heard]) -> None:
        """Judge each word; one that is right ends the waiting only with an arrival.

        A word that was asked for on the way is no arrival; a wrong or duress word is an alarm,
        whatever was said with it.  That somebody else says they judged it lets nobody off hearing
        an alarm, while a right word that was judged already answers nothing again.
        """
        own = self._book.device
        for heard in came:
            judges = one.judged(heard.message)
            if heard.word and own not in judges:
                self._judge_word(one, heard, others=bool(judges))

    def _judge_word(self, one: MadeSlip, heard: Heard, *, others: bool) -> None:
        found = watch_decide.find(self._watch.every(), one.said.check_in)
        if found is None:
            return
        judged = watch_decide.judge(found, heard.word)
        answers = not others and not found.ended and heard.said is SaidSo.ARRIVED
        if judged is not None and judged.verdict == Verdict.RIGHT and not answers:
            judged = None
        self._book.write([SlipHeard(one.fact, heard.message)], judged=judged)


__all__ = ["LOOKED_AFTER", "OTHERS_AFTER", "Book", "Handing", "SealedLetter"]
