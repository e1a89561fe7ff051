# SPDX-License-Identifier: AGPL-3.0-or-later
"""Exports from this desk: asks, signs, and makes the file once it is allowed and reported.

The report is durable before the first byte is given, and the file is made in memory: nothing of it
touches a disk of ours.  Nothing unverified is exported (spec/crew.md 14).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from safeconduct.edges.desk.audit_api import EXPORTED
from safeconduct.edges.desk.casework import CaseWork
from safeconduct.edges.desk.engine import post, told, witnesses
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import At
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.exports_api import Export
from safeconduct.edges.desk.handoffs import need_consent_of_talks
from safeconduct.edges.desk.store_facts import COUNTS, LASTING, NEWEST
from safeconduct.edges.desk.verified import need_verified
from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.kernel.journal import instant_of
from safeconduct.kernel.phrase import words_of
from safeconduct.kernel.seal.age import seal_with_words
from safeconduct.kernel.words import CommitId, ConversationId, DeviceId, FactId, Instant
from safeconduct.rooms import hotline
from safeconduct.rooms.crew import Told, exports
from safeconduct.rooms.crew.asking_facts import ExportAsked, TakenBack
from safeconduct.rooms.crew.claims import Claim, parse_claim
from safeconduct.rooms.crew.events import CrewFact, Seconded
from safeconduct.rooms.crew.exports import ALONE_IN, ALONE_MOST, Asked, Stage
from safeconduct.rooms.hotline.events import ConversationsExported
from safeconduct.rooms.hotline.export import write_export

WORDS: Final = 8
WORD_BYTES: Final = 11
SHOWN_MOST: Final = 100
"""As many exports are shown, the newest."""
OF_EACH: Final = 20
"""As many questions of one device are looked at, the newest: no device floods the others' pages."""
_ASKED: Final = (
    "SELECT c.id, c.device, e.kind, e.body, e.version, c.sequence, e.slot, c.hlc "  # noqa: S608
    f'FROM entries e JOIN commits c ON c.no = e."commit" WHERE {LASTING} '
    "AND e.kind IN ('crew.ExportAsked', 'crew.Seconded', 'crew.TakenBack') "
    f"AND c.state = {COUNTS} AND e.vault = ? ORDER BY e.no DESC"
)
_MADE: Final = (
    "SELECT e.version, e.body, c.hlc, c.device, c.at FROM entries e "  # noqa: S608
    'JOIN commits c ON c.no = e."commit" WHERE e.conversation IS NULL AND e.kind = ? '
    f"AND c.state = {COUNTS}"
)


class Made(NamedTuple):
    """A file was made: when and by whom, as reported, and the place of that in the log."""

    at: Instant
    by: DeviceId
    place: int | None
    fact: ConversationsExported


class Exports:
    """What leaves this desk as a file."""

    def __init__(self, journal: Journal, cases: CaseWork) -> None:
        """Act for the device of this journal; people of these cases are asked for consent."""
        self._journal: Final = journal
        self._store: Final = journal.store
        self._cases: Final = cases
        self._folded: tuple[object, Mapping[FactId, Asked]] = (None, {})

    # --- reading

    def asked(self) -> Sequence[Export]:
        """Return what was asked for, newest first.

        A desk that travels light shows none that names a conversation which it does not have.
        """
        made, journal = self._made(), self._journal
        found = sorted(self._fold().values(), key=lambda one: (-one.at, one.id))
        if journal.device in journal.keys.travelling():
            found = [one for one in found if len(self._talks(one)) == len(one.conversations)]
        return [self._export(one, made) for one in found[:SHOWN_MOST]]

    def waiting(self) -> Sequence[Export]:
        """Return what waits for a steward's signature, oldest first."""
        return [one for one in reversed(self.asked()) if one.stage is Stage.WAITS]

    def alone(self, conversation: ConversationId) -> bool:
        """Tell whether this device may take one conversation along without a second."""
        try:
            self._allow_alone(conversation)
        except Refused:
            return False
        return True

    def words(self, language: str) -> str:
        """Draw the words of a file."""
        return " ".join(words_of(self._journal.rng.bytes(WORD_BYTES), WORDS, language))

    # --- writing

    def ask(
        self, conversations: Sequence[ConversationId], *, reason: str, recipient: str
    ) -> FactId:
        """Ask to take conversations along; durable on return."""
        own, roster = self._journal.device, self._journal.roster
        with self._store.lock:
            fact = exports.ask(roster, own, conversations, reason=reason, recipient=recipient)
            self._need_consent(conversations, recipient)
            before = set(self._fold())
            self._write(fact)
            (new,) = set(self._fold()) - before
            return new

    def second(self, fact: FactId) -> None:
        """Sign, as a steward, what somebody else asked for; durable on return."""
        self._decide(exports.second, fact)

    def take_back(self, fact: FactId) -> None:
        """Want it no more; durable on return."""
        self._decide(exports.take_back, fact)

    def make(self, fact: FactId, words: str) -> bytes:
        """Return the file that was signed for, after it is reported; sealed if there are words.

        Raises:
            NotSignedYet, NoConsent, StillChecking, StoreFull: no byte was given and nothing
                reported.
        """
        journal = self._journal
        with self._store.lock:
            now, found = journal.clock.now(), self._fold().get(fact)
            asked = exports.make(journal.roster, journal.device, found, now)
            self._need_consent(asked.conversations, asked.fact.recipient)
            talks = self._report(asked.conversations, asked.id, words)
        return self._file(talks, words)

    def make_alone(self, conversation: ConversationId, words: str) -> bytes:
        """Return the file of one conversation, after it is reported.

        Raises:
            NeedsASecond, NoExportFromHere, StillChecking, StoreFull: as `make`.
        """
        with self._store.lock:
            self._allow_alone(conversation)
            talks = self._report((conversation,), b"", words)
        return self._file(talks, words)

    # --- inside

    def _need_consent(self, conversations: Sequence[ConversationId], recipient: str) -> None:
        now = self._journal.clock.now()
        need_consent_of_talks(self._cases, self._whole(conversations), recipient, now)

    def _whole(self, conversations: Sequence[ConversationId]) -> set[ConversationId]:
        """Return conversations with those that were joined with them."""
        found = (self._journal.lists.conversation(one) for one in conversations)
        parts = {part.id for talk in found if talk is not None for part in talk.parts}
        return {*conversations, *parts}

    def _allow_alone(self, conversation: ConversationId) -> None:
        journal = self._journal
        talk = journal.lists.conversation(conversation)
        held = talk is not None and journal.device in {claim.holder for claim in talk.claims}
        if self._cases.links.of_talks(self._whole([conversation])):
            raise exports.NeedsASecond  # Who gets it is asked for, and whether people consented.
        exports.make_alone(journal.roster, journal.device, held=held, made=self._made_alone())

    def _made_alone(self) -> int:
        """Return how many files were made here of late without a second.

        One counts until a week has passed by this desk's clock, which somebody may have set, and by
        that of a colleague's desk too.
        """
        journal = self._journal
        mine = [one for one in self._made() if one.by == journal.device and not one.fact.asked]
        newest = sorted(mine, key=lambda one: -one.at)[:ALONE_MOST]
        since = journal.clock.now() - ALONE_IN
        if len(newest) < ALONE_MOST or all(one.at > since for one in newest):
            return len(newest)
        seen = witnesses.seen_before(journal, ALONE_IN)
        return sum(one.at > since or one.place is None or one.place >= seen for one in newest)

    def _report(
        self, conversations: Sequence[ConversationId], asked: bytes, words: str
    ) -> list[hotline.Conversation]:
        """Keep the report, and return what the file holds: both as of one moment."""
        journal = self._journal
        need_verified(journal)
        found = [journal.lists.conversation(one) for one in conversations]
        talks = [talk for talk in found if talk is not None]
        if not talks:
            raise exports.NothingToExport
        ids = tuple(sorted(talk.id for talk in talks))
        journal.write([post.fact(journal, ConversationsExported(asked, int(bool(words)), ids))])
        return talks

    def _file(self, talks: Sequence[hotline.Conversation], words: str) -> bytes:
        plain = write_export(talks, self._journal.clock.now())
        return seal_with_words(words, plain, self._journal.rng) if words else plain

    def _decide(
        self,
        decide: Callable[..., Seconded | TakenBack],
        fact: FactId,
    ) -> None:
        journal = self._journal
        with self._store.lock:
            asked, now = self._fold().get(fact), journal.clock.now()
            self._write(decide(journal.roster, journal.device, asked, now))

    def _write(self, fact: CrewFact) -> None:
        journal = self._journal
        signer = (journal.device, journal.secrets.signing_key())
        journal.write([crew_fact(journal.crew_vault, fact, journal.office, signer)])

    def _fold(self) -> Mapping[FactId, Asked]:
        """Return what was asked for, read again when something came that may change it."""
        journal = self._journal
        with self._store.lock:
            # The roster is kept beside what was read by it, so that no newer one has its place.
            at = self._store.value(NEWEST), journal.facts.turned, journal.roster
            if self._folded[0] != at:
                self._folded = at, exports.fold_exports(journal.roster, self._claims())
            return self._folded[1]

    def _claims(self) -> list[tuple[Claim, Instant]]:
        """Return what counts: of each device the newest questions, and what names one of them."""
        read: list[tuple[Claim, Instant]] = []
        of_each: Counter[DeviceId] = Counter()
        asks: set[bytes] = set()
        for commit, device, *rest, hlc in self._store.rows(_ASKED, (self._journal.crew_vault,)):
            claim = parse_claim(Told(CommitId(commit), DeviceId(device), *rest))
            if claim is None:
                continue
            if isinstance(claim.fact, ExportAsked):
                of_each[claim.told.device] += 1
                if of_each[claim.told.device] > OF_EACH:
                    continue
                asks.add(claim.id)
            read.append((claim, instant_of(hlc)))
        return [one for one in read if self._counts(one[0], asks)]

    def _counts(self, claim: Claim, asks: set[bytes]) -> bool:
        """Tell whether its writer may write it, and wrote it; a roster's second does not matter."""
        journal, one = self._journal, claim.told
        match claim.fact:
            case ExportAsked():
                named = claim.id in asks
            case Seconded(fact=fact):
                named = fact in asks and claim.id not in journal.roster.quarantined
            case TakenBack(fact=fact):
                named = fact in asks
            case _:
                return False
        at = At(one.commit, one.device, one.sequence)
        allowed = not journal.judge.refusal(at, one.index, one.kind, journal.crew_vault)
        return named and allowed and told.signed(journal, claim)

    def _made(self) -> list[Made]:
        found = []
        for version, body, hlc, device, place in self._store.rows(_MADE, (EXPORTED,)):
            try:
                fact = hotline.parse_fact(EXPORTED, version, body)
            except SafeconductError:
                continue  # It lies in quarantine.
            if isinstance(fact, ConversationsExported):
                found.append(Made(instant_of(hlc), DeviceId(device), place, fact))
        return found

    def _export(self, asked: Asked, made: Sequence[Made]) -> Export:
        journal = self._journal
        return Export(
            fact=asked.id,
            by=asked.by,
            at=asked.at,
            reason=asked.fact.reason,
            recipient=asked.fact.recipient,
            count=len(asked.conversations),
            talks=tuple((one, journal.lists.code_name(one)) for one in self._talks(asked)),
            stage=exports.stage(journal.roster, asked, journal.clock.now()),
            seconds=asked.seconds,
            made=sum(one.by == asked.by and one.fact.asked == asked.id for one in made),
            mine=asked.by == journal.device,
        )

    def _talks(self, asked: Asked) -> list[ConversationId]:
        """Return the conversations of an export that this desk has."""
        known = "SELECT 1 FROM conversations WHERE id = ?"
        return [one for one in asked.conversations if self._store.value(known, (one,))]
