# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first words: what the office's page says at once to everybody who wrote.

What it is: one text in each language, written by one person, approved by a steward who is another,
signed by desks and shown by pages while no human has answered.  What it is not: an answer.  It is
the same for everybody, knows nothing of anybody, and works while every desk is locked.
Invariant: what one person alone wrote is shown to nobody, nor what was taken back or approved half
a year ago; then pages say what they say by themselves (spec/first-words.md 1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import msgspec

from safeconduct.kernel.canon import Bytes36, Count, Record
from safeconduct.kernel.errors import Untrusted
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.seal.verify import verify_long
from safeconduct.kernel.wire.first_words import (
    LANGUAGES_MOST,
    FirstWords,
    Language,
    SignedWords,
    Text,
    parse_first_words,
    write_first_words,
)
from safeconduct.kernel.words import DAY, DeviceId, FactId, Instant, OfficeId
from safeconduct.rooms.hotline.triage import CLOCKS_APART

if TYPE_CHECKING:
    from safeconduct.kernel.seal.keys import LongSigningKey, LongVerifyKey

APPROVED_MOST: Final = 180 * DAY
"""No approval counts for longer, whatever its fact says."""
REASON_MOST: Final = 400
"""Characters that are read of a reason."""


class SaidIn(Record, frozen=True):
    """The text of one language."""

    language: Language
    text: Text


class FirstWordsWritten(Record, frozen=True):
    """Somebody wrote a version; `replaces` are all that they knew."""

    texts: Annotated[tuple[SaidIn, ...], msgspec.Meta(min_length=1, max_length=LANGUAGES_MOST)]
    replaces: tuple[bytes, ...]


class FirstWordsApproved(Record, frozen=True):
    """A steward who is somebody else says that pages may show this version, until a time."""

    version: Bytes36
    until: Count


class FirstWordsWithdrawn(Record, frozen=True):
    """These versions are shown no more, for good; why."""

    versions: tuple[Bytes36, ...]
    reason: Annotated[str, msgspec.Meta(max_length=REASON_MOST)]


FirstWordsFact = FirstWordsWritten | FirstWordsApproved | FirstWordsWithdrawn
FIRST_WORDS_FACTS: Final = (FirstWordsWritten, FirstWordsApproved, FirstWordsWithdrawn)
Texts = frozenset[tuple[str, str]]
Apart = Callable[[DeviceId, DeviceId], bool]
"""Tells whether two devices are of different people, which the roster knows."""


class NotTheseWords(Untrusted):
    """First words that have ended: a server plays old ones."""

    code = "words_ended"


class FirstWordsTold(NamedTuple):
    """A fact as read: its id, the writer, the writer's time, and what it says."""

    fact: FactId
    device: DeviceId
    at: Instant
    event: FirstWordsFact


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved a version, when, and until when."""

    by: DeviceId
    at: Instant
    until: Instant

    def counts(self, now: Instant) -> bool:
        """Tell whether it counts now; one by a clock that is ahead counts for nothing."""
        return now < self.until and self.at <= now + CLOCKS_APART


@dataclass(frozen=True, slots=True)
class Version:
    """One version that nobody withdrew and nothing that was approved replaces."""

    id: FactId
    texts: tuple[SaidIn, ...]
    by: DeviceId
    at: Instant
    approvals: tuple[Approval, ...] = ()

    @property
    def by_language(self) -> dict[str, str]:
        """The text of each language."""
        return {one.language: one.text for one in self.texts}

    def until(self, now: Instant) -> Instant | None:
        """Return until when pages may show it; None where they must not."""
        return max((one.until for one in self.approvals if one.counts(now)), default=None)


def fold_first_words(said: Sequence[FirstWordsTold], apart: Apart) -> tuple[Version, ...]:
    """Return the versions that stand, the newest first; the same in any order of the facts."""
    gone = {
        fact
        for one in said
        if isinstance(one.event, FirstWordsWithdrawn)
        for fact in one.event.versions
    }
    written = [
        (
            Version(one.fact, one.event.texts, one.device, one.at, _approvals(one, said, apart)),
            {*one.event.replaces} - {one.fact},
        )
        for one in said
        if isinstance(one.event, FirstWordsWritten) and one.fact not in gone
    ]
    after_any = {fact for _, before in written for fact in before}
    after_approved = {fact for one, before in written if one.approvals for fact in before}
    standing = [
        one for one, _ in written if one.id not in (after_approved if one.approvals else after_any)
    ]
    return tuple(sorted(standing, key=lambda one: (one.at, one.id), reverse=True))


def shown(standing: Sequence[Version], now: Instant) -> Version | None:
    """Return the version that pages show; of several that were approved, the one approved last."""
    offered = [
        (max(one.at for one in version.approvals if one.counts(now)), version.id, version)
        for version in standing
        if version.until(now) is not None
    ]
    return max(offered)[2] if offered else None


def texts_of(texts: Mapping[str, str]) -> Texts:
    """Return texts in a form that can be compared."""
    return frozenset(texts.items())


def ever_approved(said: Sequence[FirstWordsTold], apart: Apart) -> frozenset[Texts]:
    """Return all texts that two people ever agreed on, also what was withdrawn or replaced."""
    return frozenset(
        texts_of({text.language: text.text for text in one.event.texts})
        for one in said
        if isinstance(one.event, FirstWordsWritten) and _approvals(one, said, apart)
    )


def sign_words(words: FirstWords, key: LongSigningKey) -> bytes:
    """Return first words with their long signature after them."""
    unsigned = SignedWords(words, b"")
    signature = sign_long(key, "first-words", OfficeId(words.office), unsigned.message)
    return write_first_words(SignedWords(words, signature))


def read_words(raw: bytes, office: OfficeId, key: LongVerifyKey, now: Instant) -> FirstWords:
    """Return first words that this office signed and that have not ended.

    Raises:
        BadSignature, Malformed, NotCanonical: they are not this office's.
        NotTheseWords: they have ended.
    """
    signed = parse_first_words(raw)
    verify_long(key, "first-words", office, signed.message, signed.signature)
    if not signed.stand(now):
        raise NotTheseWords
    return signed.words


def _approvals(
    version: FirstWordsTold, said: Sequence[FirstWordsTold], apart: Apart
) -> tuple[Approval, ...]:
    found = [
        Approval(one.device, one.at, Instant(min(one.event.until, one.at + APPROVED_MOST)))
        for one in said
        if isinstance(one.event, FirstWordsApproved)
        and one.event.version == version.fact
        and apart(one.device, version.device)
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.by, one.until)))
