# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slips at this desk: made of one row, handed to who comes with the words, frozen.

The invariant: until somebody wrote with its words, what stands on a slip is at no relay; a slip
that was frozen by then never is (spec/slips.md 4).  What is kept of it here opens with the words
alone.  Any open desk hands it over, and judges the word that comes back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from safeconduct.edges.desk import slip_texts
from safeconduct.edges.desk.moments import parse_moment
from safeconduct.edges.desk.referrals import WORD_BYTES, drawn
from safeconduct.edges.desk.slip_handing import Book, Handing, SealedLetter
from safeconduct.edges.desk.slip_texts import Pass
from safeconduct.edges.desk.slips_api import DraftedSlip, GivenSlip, ShownSlip, Wish
from safeconduct.edges.desk.watch import Watch
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.kernel.phrase import LISTS, words_of
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import DAY, MINUTE, Instant
from safeconduct.rooms.cases.days import day_in
from safeconduct.rooms.hotline.letters import Box, Reply, conversation_of, seal_reply
from safeconduct.rooms.passage import Network
from safeconduct.rooms.passage.decide import NoSuchBook
from safeconduct.rooms.passage.errand.errands import (
    ERRANDS,
    Errand,
    NoErrand,
    errand,
    need_told_apart,
)
from safeconduct.rooms.passage.errand.slip import Slip, WrongSlip, make_slip
from safeconduct.rooms.passage.errand.slips import (
    DAYS_MOST,
    Learnt,
    MadeSlip,
    find,
    freeze,
    freeze_all_of,
    learnt_by,
    need_none,
    stood_of,
)
from safeconduct.rooms.passage.slip_facts import SlipMade, SlipSealed
from safeconduct.rooms.passage.words import Book as NetworkBook

PAGE: Final = "page"
WAYS: Final = (PAGE, "paper", "voice")


class SlipChanged(Refused):
    """What would stand on it is not any more what was shown."""

    code = "slip_changed"


class Slips:
    """Slips, over a book."""

    def __init__(self, book: Book, watch: Watch) -> None:
        """Act for the device of this book; words that come back answer check-ins of `watch`."""
        self._book: Final = book
        self._watch: Final = watch
        self._handing: Final = Handing(book, watch)

    def every(self) -> Sequence[ShownSlip]:
        """Return the slips that were made, newest first."""
        return [self._shown(one) for one in reversed(self._all())]

    def draft(self, wish: Wish) -> DraftedSlip:
        """Return what would be made; nothing is kept."""
        book = self._book
        if wish.kind not in ERRANDS:
            raise NoErrand
        network = self._network()
        sheet = network.sheet(wish.sheet, wish.kind)
        if sheet is None:
            raise NoErrand
        found = errand(network, sheet, wish.knower, book.now())
        need_told_apart(network, found.knower)
        _need_known(wish, self._waiting(), book.now())
        need_none(self._all(), wish.sheet, wish.knower, book.now())
        slip = make_slip(found.row, wish.typed, self._word(wish))
        return DraftedSlip(slip, found, _digest(wish, slip, found))

    def make(self, wish: Wish, seen: str) -> GivenSlip:
        """Make a slip of what was seen; durable on return."""
        book = self._book
        self._need_seen(wish, seen)
        until = _end(wish)
        assert until is not None
        words, box = self._drawn(wish) if wish.way == PAGE else ((), None)
        with book.still():
            drafted = self._need_seen(wish, seen)
            said = _made(wish, drafted.errand, until)
            if box is None:
                book.write([said])
            else:
                sealed = self._sealed(wish, drafted.slip, box, until)
                text, beside = slip_texts.asking(wish.language)
                asks = _letter(box, text, beside, book.now(), until)
                book.write([said, sealed], letter=asks)
        return GivenSlip(drafted.slip, words)

    def _drawn(self, wish: Wish) -> tuple[tuple[str, ...], Box]:
        chance = self._book.rng.bytes(WORD_BYTES)
        return drawn(chance, self._book.office, LANGUAGES[wish.language].words)

    def _need_seen(self, wish: Wish, seen: str) -> DraftedSlip:
        drafted = self.draft(wish)
        if not seen or drafted.digest != seen:
            raise SlipChanged
        return drafted

    def freeze(self, fact: bytes) -> None:
        """Let a slip be handed to nobody any more; durable on return."""
        self._network()
        with self._book.still():
            slip = find(self._all(), fact)
            self._book.write([freeze(slip, self._book.now())], unsent=_talks([slip]))

    def freeze_all_of(self, knower: bytes) -> int:
        """Freeze all slips of one escort or host; return how many there were."""
        self._network()
        with self._book.still():
            every = self._all()
            facts = freeze_all_of(every, knower, self._book.now())
            if facts:
                frozen = {one.slip for one in facts}
                self._book.write(facts, unsent=_talks(one for one in every if one.fact in frozen))
            return len(facts)

    def learnt_by(self, knower: bytes) -> Sequence[Learnt]:
        """Return what one escort or host learnt by slips, oldest first."""
        return learnt_by(self._all(), knower)

    def keep(self, courier: Courier) -> None:
        """Look, and let the watch write its timers, whatever became of that."""
        try:
            self.look()
        finally:
            self._watch.keep(courier)

    def look(self) -> None:
        """Hand over to who came, and judge the words that came back."""
        self._handing.look()

    def _all(self) -> tuple[MadeSlip, ...]:
        return self._handing.all()

    def _shown(self, one: MadeSlip) -> ShownSlip:
        came = self._book.heard(one.sealed.talk) if one.sealed is not None else ()
        return ShownSlip(one, one.state(came, self._book.now()), came)

    def _network(self) -> Network:
        network = self._book.network()
        if NetworkBook.JOURNEYS not in network.books:
            raise NoSuchBook
        return network

    def _waiting(self) -> set[bytes]:
        return {one.id for one in self._watch.every() if one.waits}

    def _word(self, wish: Wish) -> str:
        """Return the code word: drawn, or the one that was drawn before."""
        of = LANGUAGES[wish.language].words
        if not wish.word:
            return words_of(self._book.rng.bytes(2), 1, of)[0]
        if wish.word not in LISTS[of]:
            raise WrongSlip(("word",))
        return wish.word

    def _sealed(self, wish: Wish, slip: Slip, box: Box, until: Instant) -> SlipSealed:
        found = self._watch.pass_of(wish.check_in) if wish.check_in else None
        moves = Pass(*found) if found else None
        beside = slip_texts.offered(wish.language, moves, asks_word=bool(wish.check_in))
        text = slip_texts.text_of(slip, wish.language)
        item = _letter(box, text, beside, self._book.now(), until).item
        talk = conversation_of(box.voice)
        return SlipSealed(talk, box.voice, box.address, box.key.raw, item)


def _talks(slips: Iterable[MadeSlip]) -> list[bytes]:
    return [one.sealed.talk for one in slips if one.sealed is not None]


def _letter(
    box: Box, text: str, beside: dict[str, object], now: Instant, until: Instant
) -> SealedLetter:
    reply = Reply(1, "answer", now, text, (), b"", {"expires": until, **beside})
    return SealedLetter(box, seal_reply(reply, box), until)


def _made(wish: Wish, found: Errand, until: Instant) -> SlipMade:
    places = found.places if wish.typed.ends else found.places[:1]
    return SlipMade(
        row=wish.sheet,
        task=wish.kind,
        knower=found.knower.id,
        kind=found.knower.kind,
        party=found.party.id,
        places=tuple(one.id for one in places),
        day=found.row.day,
        way=wish.way,
        until=until,
        check_in=wish.check_in,
        stood=stood_of(found),
    )


def _need_known(wish: Wish, waiting: Collection[bytes], now: Instant) -> None:
    """Refuse choices that are none.

    Raises:
        WrongSlip: see there.
    """
    until = _end(wish)
    rules = {
        "way": wish.way not in WAYS,
        "language": wish.language not in LANGUAGES,
        "until": until is None or not now < until <= now + (DAYS_MOST + 1) * DAY,
        "check_in": bool(wish.check_in) and wish.check_in not in waiting,
    }
    wrong = tuple(name for name, broken in rules.items() if broken)
    if wrong:
        raise WrongSlip(wrong)


def _end(wish: Wish) -> Instant | None:
    """Return the end of the last day by the clocks of who makes it."""
    last = None if day_in(wish.until) is None else parse_moment(f"{wish.until}T23:59", wish.zone)
    return None if last is None else Instant(last + MINUTE)


def _digest(wish: Wish, slip: Slip, found: Errand) -> str:
    ids = found.knower.id, found.party.id, tuple(one.id for one in found.places)
    shown = repr((wish._replace(word=""), slip, ids)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(shown).hexdigest()


__all__ = ["PAGE", "WAYS", "SlipChanged", "Slips"]
