# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slips at this desk: made of one row, handed to who comes with the words, frozen.

The invariant: until somebody wrote with its words, what stands on a slip is at no relay; a slip
that was frozen by then never is (spec/slips.md 4).  What is kept of it here opens with the words
alone.  Any open desk hands it over, and judges the word that comes back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from safeconduct.edges.desk import slip_texts
from safeconduct.edges.desk.referrals import WORD_BYTES, drawn
from safeconduct.edges.desk.slip_texts import Pass
from safeconduct.edges.desk.slips_api import DraftedSlip, GivenSlip, ShownSlip, Wish
from safeconduct.edges.desk.watch import Watch
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.kernel.phrase import LISTS, words_of
from safeconduct.kernel.ports import Courier, Rng
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.words import DAY, SECOND, Address, DeviceId, Instant, OfficeId
from safeconduct.rooms.cases.days import day_in
from safeconduct.rooms.hotline.letters import Box, Reply, conversation_of, seal_reply
from safeconduct.rooms.passage import Network
from safeconduct.rooms.passage.decide import NoSuchBook
from safeconduct.rooms.passage.errand.errands import ERRANDS, Errand, NoErrand, errand
from safeconduct.rooms.passage.errand.slip import Slip, WrongSlip, make_slip
from safeconduct.rooms.passage.errand.slip_report import SaidSo
from safeconduct.rooms.passage.errand.slips import (
    Heard,
    Learnt,
    MadeSlip,
    SlipTold,
    find,
    fold_slips,
    freeze,
    freeze_all_of,
    learnt_by,
    need_none,
)
from safeconduct.rooms.passage.slip_facts import (
    SlipFact,
    SlipHanded,
    SlipHeard,
    SlipMade,
    SlipSealed,
)
from safeconduct.rooms.passage.watch import check_in_decide as watch_decide
from safeconduct.rooms.passage.watch.check_in_facts import CheckInHeard, Verdict
from safeconduct.rooms.passage.words import Book as NetworkBook

PAGE: Final = "page"
WAYS: Final = (PAGE, "paper", "voice")
DAYS_MOST: Final = 7
"""A slip that lies for longer is an errand of another week."""
OTHERS_AFTER: Final = 45 * SECOND
"""So long the desk that made a slip has to hand it over before others do."""
LOOKED_AFTER: Final = 2 * DAY
"""So long after its end it is still looked for what was said of it."""


class SlipChanged(Refused):
    """What would stand on it is not any more what was shown."""

    code = "slip_changed"


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

    def told(self) -> Sequence[SlipTold]:
        """Return the facts that count."""

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


class Slips:
    """Slips, over a book."""

    def __init__(self, book: Book, watch: Watch) -> None:
        """Act for the device of this book; words that come back answer check-ins of `watch`."""
        self._book: Final = book
        self._watch: Final = watch

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
        _need_known(wish, self._waiting(), book.now())
        need_none(self._all(), wish.sheet, wish.knower, book.now())
        slip = make_slip(found.row, wish.typed, self._word(wish))
        return DraftedSlip(slip, found, _digest(wish, slip, found))

    def make(self, wish: Wish, seen: str) -> GivenSlip:
        """Make a slip of what was seen; durable on return."""
        book, drafted = self._book, self.draft(wish)
        if not seen or drafted.digest != seen:
            raise SlipChanged
        until = _end(wish.until)
        assert until is not None
        said = _made(wish, drafted.errand, until)
        if wish.way != PAGE:
            book.write([said])
            return GivenSlip(drafted.slip, ())
        chance = book.rng.bytes(WORD_BYTES)
        words, box = drawn(chance, book.office, LANGUAGES[wish.language].words)
        sealed = self._sealed(wish, drafted.slip, box, until)
        text, beside = slip_texts.asking(wish.language)
        asks = _letter(box, text, beside, book.now(), until)
        book.write([said, sealed], letter=asks)
        return GivenSlip(drafted.slip, words)

    def freeze(self, fact: bytes) -> None:
        """Let a slip be handed to nobody any more; durable on return."""
        self._network()
        slip = find(self._all(), fact)
        self._book.write([freeze(slip, self._book.now())], unsent=_talks([slip]))

    def freeze_all_of(self, knower: bytes) -> int:
        """Freeze all slips of one escort or host; return how many there were."""
        self._network()
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
        book = self._book
        if not book.may_write():
            return
        for one in self._all():
            if one.sealed is not None and book.now() < one.said.until + LOOKED_AFTER:
                came = book.heard(one.sealed.talk)
                self._hand(one, came)
                self._judge(one, came)

    def _hand(self, one: MadeSlip, came: Sequence[Heard]) -> None:
        """Post the sealed slip, once: at the desk that made it at once, at others a little later.

        Two desks that hand it over at once put the same bytes into one box, where they are one.
        """
        book, now = self._book, self._book.now()
        if one.sealed is None or not one.to_hand(came, now):
            return
        if one.by != book.device and now < came[0].at + OTHERS_AFTER:
            return
        key = SealingPublicKey.parse(one.sealed.key)
        box = Box(book.office, Address(one.sealed.address), key, one.sealed.voice)
        letter = SealedLetter(box, one.sealed.item, Instant(one.said.until))
        book.write([SlipHanded(one.fact)], letter=letter)

    def _judge(self, one: MadeSlip, came: Sequence[Heard]) -> None:
        """Judge each word once; one that is right ends the waiting only with an arrival.

        A word that was asked for on the way is no arrival; a wrong or duress word is an alarm,
        whatever was said with it.
        """
        for heard in came:
            if not heard.word or heard.message in one.heard:
                continue
            found = watch_decide.find(self._watch.every(), one.said.check_in)
            judged = None
            if found is not None and not found.ended:
                judged = watch_decide.hear(found, heard.word)
                if judged.verdict == Verdict.RIGHT and heard.said is not SaidSo.ARRIVED:
                    judged = None
            self._book.write([SlipHeard(one.fact, heard.message)], judged=judged)

    def _all(self) -> tuple[MadeSlip, ...]:
        return fold_slips(self._book.told())

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
    )


def _need_known(wish: Wish, waiting: Collection[bytes], now: Instant) -> None:
    """Refuse choices that are none.

    Raises:
        WrongSlip: see there.
    """
    until = _end(wish.until)
    rules = {
        "way": wish.way not in WAYS,
        "language": wish.language not in LANGUAGES,
        "until": until is None or not now < until <= now + (DAYS_MOST + 1) * DAY,
        "check_in": bool(wish.check_in) and wish.check_in not in waiting,
    }
    wrong = tuple(name for name, broken in rules.items() if broken)
    if wrong:
        raise WrongSlip(wrong)


def _end(day: str) -> Instant | None:
    found = day_in(day)
    return None if found is None else Instant((found + 1) * DAY)


def _digest(wish: Wish, slip: Slip, found: Errand) -> str:
    ids = found.knower.id, found.party.id, tuple(one.id for one in found.places)
    shown = repr((wish._replace(word=""), slip, ids)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(shown).hexdigest()


__all__ = ["PAGE", "WAYS", "Book", "SealedLetter", "SlipChanged", "Slips"]
