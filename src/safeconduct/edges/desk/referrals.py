# SPDX-License-Identifier: AGPL-3.0-or-later
"""Referrals of cases at this desk: made, handed over to who knows eight words, withdrawn.

The invariant: until somebody wrote with the words and a person here handed the package over,
nothing of it is at the relay; then it is sealed to the key that those words give, which stands in
the contact part since the referral was made, and to no key that a letter names (spec/referrals.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk import referral_words
from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.consents_api import ConsentsApi
from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.files_along import FilesAlong
from safeconduct.edges.desk.handoffs import need_consent, need_consent_of_talks
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.referrals_api import CaseFileChoice, Drafted, Package, Shown
from safeconduct.edges.desk.verified import need_verified
from safeconduct.kernel.phrase import Phrase, canonical, words_of
from safeconduct.kernel.seal.lock import BlobSealer, SealingPublicKey
from safeconduct.kernel.seal.stretch import part, stretch_phrase
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import (
    DAY,
    Address,
    CaseId,
    ConversationId,
    Instant,
    OfficeId,
    end_of_day,
)
from safeconduct.rooms.cases import CaseRecord, Part, Sheet
from safeconduct.rooms.cases.consent import Asking, Consent, Purpose, day_of
from safeconduct.rooms.cases.link_facts import ConversationLinked
from safeconduct.rooms.cases.referral_facts import (
    FileAlong,
    ReferralFiles,
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
from safeconduct.rooms.hotline.sealed_files import SealedFile

if TYPE_CHECKING:
    from safeconduct.edges.desk.api import NewFile
    from safeconduct.edges.desk.casework_api import CaseWorkApi

Sealed = Sequence[tuple[SealedFile, BlobSealer, bytes]]
"""Files: how a letter names them, what seals them, and what is in them."""
COUNT: Final = 8
WORD_BYTES: Final = 11
LIVES: Final = 7 * DAY
"""How long a package lies at the relay once it was handed over."""
_UNSENT: Final = (
    "SELECT (SELECT count(*) FROM letters WHERE conversation = ?1 AND answer = x'' "
    "AND message = x'') + (SELECT count(*) FROM uploads WHERE package = ?1)"
)


class ReferralBook:
    """Referrals, over an open journal."""

    def __init__(
        self,
        journal: Journal,
        of: Cases,
        work: CaseWorkApi,
        files: FilesAlong,
        erased: Callable[[CaseId], bool],
    ) -> None:
        """Act for the device of this journal; `erased` tells of which cases that was asked."""
        self._journal: Final = journal
        self._cases: Final = of
        self._work: Final = work
        self._files: Final = files
        self._erased: Final = erased

    def of(self, case: CaseId) -> Sequence[Shown] | None:
        """Return the referrals of a case, newest first; None where that cannot be known here."""
        with self._journal.store.lock:
            known = self._known(case)
            return [self._shown(one) for one in reversed(known.all)] if known.readable else None

    def choices(self, case: CaseId) -> Sequence[tuple[Sheet, tuple[Piece, ...]]]:
        """Return the sheets of which something could go along, as they can be read here."""
        return choices_in(self._work.records.record(case), self._held(case))

    def allowed(self, case: CaseId) -> Sequence[Consent]:
        """Return the consents to a referral that hold today."""
        return holding(self._work.consents, case, self._journal.clock.now())

    def files(self, case: CaseId) -> Sequence[CaseFileChoice]:
        """Return the files of its conversations that could go along."""
        return self._files.choices(case)

    def draft(self, case: CaseId, typed: TypedReferral) -> Drafted:
        """Return what would go along; nothing is kept."""
        one = self._drafted(case, self._looked(case, typed))
        self._files.ready(case, one.draft.files)
        return one

    def make(self, case: CaseId, typed: TypedReferral, seen: str) -> tuple[str, ...]:
        """Make a referral of what was seen, and return its eight words; durable then."""
        journal, now = self._journal, self._journal.clock.now()
        typed = self._looked(case, typed)
        if typed.language not in LANGUAGES:
            self._drafted(case, typed)
        words, box = drawn(journal.rng.bytes(WORD_BYTES), journal.office, typed.language)
        talk = conversation_of(box.voice)
        with journal.store.lock:
            one = self._drafted(case, typed)
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
                partial(_keep, journal, box, reply, ()),
            )
        return words

    def package(self, case: CaseId, fact: bytes) -> Package:
        """Return what a referral hands over, under consents that hold now."""
        with self._journal.store.lock:
            found = self._find(case, fact)
            if not found.complete:
                raise ReferralUnread
            given = allowing(
                self._work, case, found.askings, found.files, self._journal.clock.now()
            )
            return Package(self._shown(found), text_of(found), given)

    def hand_over(self, case: CaseId, fact: bytes) -> None:
        """Seal the package for who knows the words; durable on return, sent later.

        Whose words they are, what goes along and who consented stand in facts: while one of them is
        not verified, nothing goes; nor of a case whose erasure was asked for and not stopped.
        Files are made ready outside the lock, since that takes a while, and all is asked anew then,
        of the files too: a conversation may have left the case, and a file may be destroyed.
        """
        journal = self._journal
        with journal.store.lock:
            found, _ = self._may_go(case, fact)
        files = self._sealed(self._files.ready(case, found.files))
        with journal.store.lock:
            now, (found, given) = journal.clock.now(), self._may_go(case, fact)
            self._files.still_there(case, found.files)
            ends = end_of_day(Instant(now + LIVES))
            reply = _reply(text_of(found), now, ends, tuple(one for one, _, _ in files))
            told = ReferralHandedOver(case, found.fact, tuple(one.id for one in given), ends)
            keep = partial(_keep, journal, _box(journal.office, found), reply, files)
            self._cases.write_each([(case, Part.CONTACT, told)], keep)

    def withdraw(self, case: CaseId, fact: bytes, reason: str) -> None:
        """Withdraw a referral; durable on return."""
        with self._journal.store.lock:
            told = withdraw(self._known(case), fact, reason)
            self._cases.write(case, {Part.CONTACT: told})

    def _looked(self, case: CaseId, typed: TypedReferral) -> TypedReferral:
        return typed._replace(files=self._files.seen(case, typed.files))

    def _drafted(self, case: CaseId, typed: TypedReferral) -> Drafted:
        with self._journal.store.lock:
            now, record = self._journal.clock.now(), self._work.records.record(case)
            one = draft(record, self._held(case), typed, LANGUAGES, now)
            return drafted(self._work, case, one, now)

    def _may_go(self, case: CaseId, fact: bytes) -> tuple[Referral, tuple[Consent, ...]]:
        """Return what may be handed over now, and under which consents."""
        now, found = self._journal.clock.now(), self._find(case, fact)
        may_hand_over(found, self._heard(found), now)
        need_verified(self._journal)
        if self._erased(case):
            raise CaseIsErased
        return found, allowing(self._work, case, found.askings, found.files, now)

    def _sealed(self, files: Iterable[NewFile]) -> Sealed:
        """Seal each file with a key of its own, which the letter alone holds."""
        return [
            (*post.seal_file(self._journal, one.name, one.media_type, one.content), one.content)
            for one in files
        ]

    def _known(self, case: CaseId) -> Referrals:
        held = self._cases.held
        opened = held.find(case)
        if opened is None:
            return Referrals(case)
        kinds = ReferralMade, ReferralPieces, ReferralFiles, ReferralHandedOver, ReferralWithdrawn
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


def drafted(work: CaseWorkApi, case: CaseId, one: Draft, now: Instant) -> Drafted:
    """Return what goes along of a draft, under consents that hold now.

    Raises:
        NoConsent: of one of the persons there is none to this recipient.
        ReferralTooLong: see there.
    """
    asked = [Asking(person, Purpose.REFERRAL, one.recipient) for person in one.persons]
    given = allowing(work, case, asked, one.files, now)
    text = referral_words.package(one.language, one.words, one.pieces, one.files)
    if len(text.encode()) > PACKAGE_MOST:
        raise ReferralTooLong
    shown = repr((one, sorted(it.id for it in given))).encode("utf-8", "surrogatepass")
    return Drafted(one, text, given, hashlib.sha256(shown).hexdigest())


def allowing(
    work: CaseWorkApi,
    case: CaseId,
    asked: Sequence[Asking],
    files: Iterable[FileAlong],
    now: Instant,
) -> tuple[Consent, ...]:
    """Return a consent of each person, asked for anew; conversations of files are asked for, too.

    Raises:
        NoConsent: of one of them there is none that holds, or somebody of a case said no.
    """
    given = tuple(need_consent(work.consents, case, asking, now) for asking in asked)
    talks = {ConversationId(one.talk) for one in files}
    for recipient in {one.recipient for one in asked}:
        need_consent_of_talks(work, talks, recipient, now)
    return given


def text_of(one: Referral) -> str:
    """Return what a referral hands over, word for word, as it was shown when it was made."""
    said = one.said
    language = said.language if said.language in LANGUAGES else next(iter(LANGUAGES))
    return referral_words.package(language, said.words, one.pieces, one.files)


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


def _reply(text: str, now: Instant, expires: Instant, files: tuple[SealedFile, ...] = ()) -> Reply:
    return Reply(1, "answer", now, text, files, b"", {"expires": expires})


def _keep(journal: Journal, box: Box, reply: Reply, files: Sealed, sequence: int) -> None:
    """Keep a sealed letter and its files until the relay has them, in the commit's transaction."""
    talk, item = conversation_of(box.voice), seal_reply(reply, box)
    expires = Instant(reply.extras["expires"])
    letter = post.keep_letter(journal, post.Outgoing(sequence, talk, expires, item), box)
    for _, sealer, content in files:
        post.keep_upload(journal, letter, sealer, content, talk)
