# SPDX-License-Identifier: AGPL-3.0-or-later
"""Referrals of cases at this desk: made, handed over to who knows eight words, withdrawn.

The invariant: until somebody wrote with the words and a person here handed the package over,
nothing of it is at the relay; then it is sealed to the key that those words give, which stands in
the contact part since the referral was made, and to no key that a letter names (spec/referrals.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from safeconduct.edges.desk import referral_words
from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.consents import ConsentBook
from safeconduct.edges.desk.consents_api import ConsentsApi
from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.handoffs import need_consent
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.records import Records
from safeconduct.edges.desk.referrals_api import Drafted, Package, Shown
from safeconduct.edges.desk.verified import need_verified
from safeconduct.kernel.phrase import Phrase, canonical, words_of
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.seal.stretch import part, stretch_phrase
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import (
    DAY,
    Address,
    CaseId,
    Instant,
    OfficeId,
    end_of_day,
)
from safeconduct.rooms.cases import CaseRecord, Part, Sheet
from safeconduct.rooms.cases.consent import Asking, Consent, Purpose, day_of
from safeconduct.rooms.cases.link_facts import ConversationLinked
from safeconduct.rooms.cases.referral_facts import (
    ReferralHandedOver,
    ReferralMade,
    ReferralPieces,
    ReferralWithdrawn,
)
from safeconduct.rooms.cases.referrals import Piece, Referral, Referrals, fold_referrals
from safeconduct.rooms.cases.referrals_decide import (
    PACKAGE_MOST,
    CaseIsErased,
    Draft,
    NoSuchReferral,
    ReferralChanged,
    ReferralTooLong,
    ReferralUnread,
    TypedReferral,
    Words,
    choosable,
    draft,
    make,
    may_hand_over,
    withdraw,
)
from safeconduct.rooms.hotline.letters import Box, Reply, conversation_of, seal_reply

COUNT: Final = 8
WORD_BYTES: Final = 11
LIVES: Final = 7 * DAY
"""How long a package lies at the relay once it was handed over."""
_UNSENT: Final = (
    "SELECT count(*) FROM letters WHERE conversation = ? AND answer = x'' AND message = x''"
)


class ReferralBook:
    """Referrals, over an open journal."""

    def __init__(
        self,
        journal: Journal,
        of: Cases,
        records: Records,
        consents: ConsentBook,
        erased: Callable[[CaseId], bool],
    ) -> None:
        """Act for the device of this journal; `erased` tells of which cases that was asked."""
        self._journal: Final = journal
        self._cases: Final = of
        self._records: Final = records
        self._consents: Final = consents
        self._erased: Final = erased

    def of(self, case: CaseId) -> Sequence[Shown] | None:
        """Return the referrals of a case, newest first; None where that cannot be known here."""
        with self._journal.store.lock:
            known = self._known(case)
            return [self._shown(one) for one in reversed(known.all)] if known.readable else None

    def choices(self, case: CaseId) -> Sequence[tuple[Sheet, tuple[Piece, ...]]]:
        """Return the sheets of which something could go along, as they can be read here."""
        return choices_in(self._records.record(case), self._held(case))

    def allowed(self, case: CaseId) -> Sequence[Consent]:
        """Return the consents to a referral that hold today."""
        return holding(self._consents, case, self._journal.clock.now())

    def draft(self, case: CaseId, typed: TypedReferral) -> Drafted:
        """Return what would go along; nothing is kept."""
        with self._journal.store.lock:
            now, record = self._journal.clock.now(), self._records.record(case)
            one = draft(record, self._held(case), typed, LANGUAGES, now)
            return drafted(self._consents, case, one, now)

    def make(self, case: CaseId, typed: TypedReferral, seen: str) -> tuple[str, ...]:
        """Make a referral of what was seen, and return its eight words; durable then."""
        journal, now = self._journal, self._journal.clock.now()
        if typed.language not in LANGUAGES:
            self.draft(case, typed)
        words, box = drawn(journal.rng.bytes(WORD_BYTES), journal.office, typed.language)
        talk = conversation_of(box.voice)
        with journal.store.lock:
            one = self.draft(case, typed)
            if one.digest != seen:
                raise ReferralChanged
            given = Words(talk, box.voice, box.address, box.key.raw)
            facts = make(self._known(case), one.draft, given, now)
            reply = _reply(one.draft.greeting, now, Instant((one.draft.until + 1) * DAY))
            self._cases.write_each(
                [
                    *((case, of, fact) for of, fact in facts),
                    (case, Part.CONTACT, ConversationLinked(case, talk)),
                ],
                partial(_keep, journal, box, reply),
            )
        return words

    def package(self, case: CaseId, fact: bytes) -> Package:
        """Return what a referral hands over, under consents that hold now."""
        with self._journal.store.lock:
            found = self._find(case, fact)
            if not found.complete:
                raise ReferralUnread
            given = allowing(self._consents, case, found.askings, self._journal.clock.now())
            return Package(self._shown(found), text_of(found), given)

    def hand_over(self, case: CaseId, fact: bytes) -> None:
        """Seal the package for who knows the words; durable on return, sent later.

        Whose words they are, what goes along and who consented stand in facts: while one of them is
        not verified, nothing goes; nor of a case whose erasure was asked for and not stopped.
        """
        journal = self._journal
        with journal.store.lock:
            now, found = journal.clock.now(), self._find(case, fact)
            may_hand_over(found, self._heard(found), now)
            need_verified(journal)
            if self._erased(case):
                raise CaseIsErased
            given = allowing(self._consents, case, found.askings, now)
            reply = _reply(text_of(found), now, end_of_day(Instant(now + LIVES)))
            said = tuple(one.id for one in given)
            told = ReferralHandedOver(case, found.fact, said, reply.extras["expires"])
            keep = partial(_keep, journal, _box(journal.office, found), reply)
            self._cases.write_each([(case, Part.CONTACT, told)], keep)

    def withdraw(self, case: CaseId, fact: bytes, reason: str) -> None:
        """Withdraw a referral; durable on return."""
        with self._journal.store.lock:
            told = withdraw(self._known(case), fact, reason)
            self._cases.write(case, {Part.CONTACT: told})

    def _known(self, case: CaseId) -> Referrals:
        held = self._cases.held
        opened = held.find(case)
        if opened is None:
            return Referrals(case)
        kinds = ReferralMade, ReferralPieces, ReferralHandedOver, ReferralWithdrawn
        return fold_referrals(case, held.by_vault(opened), held.told(opened, *kinds))

    def _find(self, case: CaseId, fact: bytes) -> Referral:
        found = self._known(case).find(fact)
        if found is None:
            raise NoSuchReferral
        return found

    def _shown(self, one: Referral) -> Shown:
        heard = self._heard(one)
        unsent = bool(self._journal.store.value(_UNSENT, (one.talk,)))
        state = one.state(heard, self._journal.clock.now())
        return Shown(one, state, bool(heard), unsent)

    def _heard(self, one: Referral) -> list[Instant]:
        """Return when somebody wrote with the words; what colleagues typed in is no letter."""
        talk = self._journal.lists.conversation(one.talk)
        messages = talk.messages if talk else ()
        return [it.arrived for it in messages if not it.by_hand and not it.imported]

    def _held(self, case: CaseId) -> frozenset[Part]:
        opened = self._cases.held.find(case)
        return frozenset(self._cases.held.parts(opened)) if opened else frozenset()


def choices_in(record: CaseRecord, held: frozenset[Part]) -> list[tuple[Sheet, tuple[Piece, ...]]]:
    """Return the sheets of a record of which something could go along."""
    standing = (one for one in record.sheets if not one.taken_off)
    return [(one, some) for one in standing if (some := choosable(one, held))]


def holding(consents: ConsentsApi, case: CaseId, now: Instant) -> list[Consent]:
    """Return the consents to a referral that hold now."""
    given, today = consents.of(case).given, day_of(now)
    return [one for one in given if one.asking.purpose is Purpose.REFERRAL and one.holds(today)]


def drafted(consents: ConsentsApi, case: CaseId, one: Draft, now: Instant) -> Drafted:
    """Return what goes along of a draft, under consents that hold now.

    Raises:
        NoConsent: of one of the persons there is none to this recipient.
        ReferralTooLong: see there.
    """
    asked = [Asking(person, Purpose.REFERRAL, one.recipient) for person in one.persons]
    given = allowing(consents, case, asked, now)
    text = referral_words.package(one.language, one.words, one.pieces)
    if len(text.encode()) > PACKAGE_MOST:
        raise ReferralTooLong
    shown = repr((one, sorted(it.id for it in given))).encode("utf-8", "surrogatepass")
    return Drafted(one, text, given, hashlib.sha256(shown).hexdigest())


def allowing(
    consents: ConsentsApi, case: CaseId, asked: Sequence[Asking], now: Instant
) -> tuple[Consent, ...]:
    """Return a consent of each person, asked for anew.

    Raises:
        NoConsent: of one of them there is none that holds.
    """
    return tuple(need_consent(consents, case, asking, now) for asking in asked)


def text_of(one: Referral) -> str:
    """Return what a referral hands over, word for word, as it was shown when it was made."""
    said = one.said
    language = said.language if said.language in LANGUAGES else next(iter(LANGUAGES))
    return referral_words.package(language, said.words, one.pieces)


def drawn(chance: bytes, office: OfficeId, language: str) -> tuple[tuple[str, ...], Box]:
    """Return eight words of a list, and the box that they give; takes a moment by design."""
    words = words_of(chance, COUNT, language)
    secret = stretch_phrase(canonical(Phrase(language, words)), office)
    key = SealingKey.from_seed(part(secret, "mailbox-seal")).public
    address = Address(part(secret, "mailbox-address"))
    return words, Box(office, address, key, part(secret, "mailbox-voice"))


def _box(office: OfficeId, one: Referral) -> Box:
    """Return where the words of a referral read: as it was drawn, whatever letters name."""
    said = one.said
    return Box(office, Address(said.address), SealingPublicKey.parse(said.key), said.voice)


def _reply(text: str, now: Instant, expires: Instant) -> Reply:
    return Reply(1, "answer", now, text, (), b"", {"expires": expires})


def _keep(journal: Journal, box: Box, reply: Reply, sequence: int) -> None:
    """Keep a sealed letter for a box until the relay has it, inside the commit's transaction."""
    talk, item = conversation_of(box.voice), seal_reply(reply, box)
    expires = Instant(reply.extras["expires"])
    post.keep_letter(journal, post.Outgoing(sequence, talk, expires, item), box)
