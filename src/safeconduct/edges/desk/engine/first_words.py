# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps at the relay what pages say at once: what was approved here, signed for a week.

By each desk of a steward that holds the page's key, whoever sits at it (spec/first-words.md 2).
It looks when something changed and once an hour: what stands at the relay and was not approved, or
was taken back, is replaced then, and what will end soon is signed anew.
Fails towards nothing: where this desk is not sure, pages say what they say by themselves.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Final

from safeconduct.edges.desk.engine import page_key, rotating
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import At
from safeconduct.kernel.errors import SafeconductError, Untrusted
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.wire.first_words import LIVES, FirstWords
from safeconduct.kernel.wire.refusals import Conflict
from safeconduct.kernel.words import (
    DAY,
    HOUR,
    CommitId,
    DeviceId,
    Instant,
    fact_id,
    instant_of,
)
from safeconduct.rooms import hotline
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.hotline.first_words import (
    FIRST_WORDS_FACTS,
    FirstWordsFact,
    FirstWordsTold,
    Texts,
    Version,
    ever_approved,
    fold_first_words,
    read_words,
    shown,
    sign_words,
    texts_of,
)

AGAIN: Final = HOUR
RENEWED: Final = 4 * DAY
"""Words that end sooner are signed anew: an office that opens no desk for so long has its own."""
FOREIGN: Final = "first_words_foreign"
_SAID: Final = (
    "SELECT c.id, c.device, c.sequence, e.slot, e.vault, e.kind, e.version, e.body, c.hlc "
    'FROM entries e JOIN commits c ON c.no = e."commit" '
    "WHERE e.conversation IS NULL AND e.kind IN (?, ?, ?) AND c.state = 0"
)
_KINDS: Final = tuple(f"hotline.{fact.__name__}" for fact in FIRST_WORDS_FACTS)


def told(journal: Journal) -> list[FirstWordsTold]:
    """Return the facts of first words that count on this desk."""
    said = list[FirstWordsTold]()
    for commit, device, sequence, slot, vault, *fact, hlc in journal.store.rows(_SAID, _KINDS):
        where = At(CommitId(commit), DeviceId(device), sequence)
        event = _event(*fact)
        if event is None or journal.judge.refusal(where, slot, fact[0], vault):
            continue
        at = instant_of(hlc)
        said.append(FirstWordsTold(fact_id(CommitId(commit), slot), where.device, at, event))
    return said


def apart(journal: Journal, one: DeviceId, other: DeviceId) -> bool:
    """Tell whether two devices are of different people."""
    return are_apart(journal.roster, one, other)


class FirstWordsKeeper:
    """Looks after the words at one relay.  All calls come from one thread."""

    def __init__(self, journal: Journal, courier: Courier) -> None:
        """Ask nothing yet."""
        self._journal: Final = journal
        self._courier: Final = courier
        self._seen: tuple[object, bytes] | None = None
        self._last = Instant(0)

    def look(self) -> None:
        """Let pages say what was approved, and nothing else.

        Raises:
            Unreachable, Refused: the relay did not take it; to be taken up later.
        """
        journal = self._journal
        if journal.behind or not rotating.able(journal) or not page_key.seed_of(journal):
            return
        now, said = journal.clock.now(), told(journal)
        apart_here = partial(apart, journal)
        version = shown(fold_first_words(said, apart_here), now)
        seen = version and version.id, journal.place.relay_key
        if seen == self._seen and self._last <= now < self._last + AGAIN:
            return
        self._keep(version, ever_approved(said, apart_here), now)
        self._seen, self._last = seen, now

    def _keep(self, version: Version | None, known: frozenset[Texts], now: Instant) -> None:
        """Compare what the relay has with a version, and put that into its place."""
        there = self._there(now)
        texts = version.by_language if version else {}
        ends = (version and version.until(now)) or now
        if there is None and not texts:
            return
        if there is not None and there.texts == texts:
            if not texts or there.until >= min(ends, now + RENEWED):
                return
        elif there is not None and there.texts and texts_of(there.texts) not in known:
            self._journal.trouble(FOREIGN)
        made = max(now, there.made + 1) if there else now
        until = max(made, min(ends, made + LIVES))
        words = FirstWords(1, self._journal.office, made, until, texts)
        with suppress(Conflict):  # A colleague's desk was first; what it said is looked at later.
            self._courier.say_first(sign_words(words, self._key()))

    def _there(self, now: Instant) -> FirstWords | None:
        """Return what the relay shows to everybody, where it is ours and has not ended."""
        try:
            raw = self._courier.first_words()
            return read_words(raw, self._journal.office, self._key().public, now)
        except Untrusted:
            return None

    def _key(self) -> LongSigningKey:
        return LongSigningKey.from_seed(page_key.seed_of(self._journal))


def _event(kind: str, version: int, body: bytes) -> FirstWordsFact | None:
    try:
        event = hotline.parse_fact(kind, version, body)
    except SafeconductError:
        return None  # It lies in quarantine.
    return event if isinstance(event, FirstWordsFact) else None
