# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a helper may say of a threat: a bulletin and a command to facts, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import ConversationId, FactId, Instant
from safeconduct.rooms.hotline.bulletin_facts import (
    BulletinEnded,
    BulletinMarked,
    BulletinNoticeApproved,
    BulletinNoticeWritten,
    BulletinSet,
)
from safeconduct.rooms.hotline.bulletin_match import usable
from safeconduct.rooms.hotline.bulletin_notice import Leaks
from safeconduct.rooms.hotline.bulletins import (
    NAMED_MOST,
    TERM_MOST,
    TERMS_MOST,
    TEXT_MOST,
    TITLE_MOST,
    UNTIL_MOST,
    Bulletin,
    BulletinId,
    Confidence,
    PublicNotice,
    Scope,
    Threat,
)
from safeconduct.rooms.hotline.triage_decide import TimeNotAhead, TimeTooFar, say_why


class BulletinEmpty(Refused):
    """A title, what is known and what to do are needed."""

    code = "bulletin_empty"


class BulletinTooLong(Refused):
    """A text or a word of it is too long, or there are too many."""

    code = "bulletin_too_long"


class ScopeMissing(Refused):
    """It says of nobody that it touches them."""

    code = "scope_missing"


class TermTooShort(Refused):
    """A word to look for is so short that it would be found everywhere."""

    code = "term_too_short"


class BulletinOver(Refused):
    """It was ended."""

    code = "bulletin_over"


class NoticeEmpty(Refused):
    """It says nothing that anybody should do or leave."""

    code = "notice_empty"


class NoticeLeaks(Refused):
    """It holds something of the people who wrote to us, or of the office."""

    code = "notice_leaks"


class LookAtWords(Refused):
    """Words of it may be names, and nobody said that they are none."""

    code = "look_at_words"


class NoticeGone(Refused):
    """It is not the notice that stands any more."""

    code = "notice_gone"


class ApprovedByAnother(Refused):
    """Whoever wrote a notice cannot be the second who approves it."""

    code = "approved_by_another"


class NotApproved(Refused):
    """A second person has to approve it first."""

    code = "not_approved"


@dataclass(frozen=True, slots=True)
class Telling:
    """A bulletin as it is to be told."""

    threat: Threat
    title: str
    known: str
    todo: str
    source: str
    confidence: Confidence
    until: Instant | None
    scope: Scope


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice as it is to be written, and whether its writer looked at the words in doubt."""

    language: str
    do: str
    avoid: str
    until: Instant | None
    looked: bool = False


def issue(bulletin: BulletinId, telling: Telling, now: Instant) -> BulletinSet:
    """Tell of a threat.

    Raises:
        BulletinEmpty, BulletinTooLong, ScopeMissing, TermTooShort, TimeNotAhead, TimeTooFar: see
            there.
    """
    _ahead(telling.until, now)
    return _set(bulletin, telling, since=now, reason="", replaces=())


def change(
    bulletin: Bulletin, telling: Telling, reason: str, now: Instant, *, again: bool
) -> BulletinSet:
    """Tell it anew; `again` when people must be told again.  One that was ended runs again.

    A deadline that has passed may stay as it is.

    Raises:
        WhyMissing, WhyTooLong: see there; and as `issue`.
    """
    if telling.until != bulletin.until:
        _ahead(telling.until, now)
    say_why(reason)
    since = now if again or bulletin.ended is not None else bulletin.since
    stood = tuple(one.fact for one in bulletin.versions)
    return _set(bulletin.id, telling, since=since, reason=reason.strip(), replaces=stood)


def end(bulletin: Bulletin, reason: str) -> BulletinEnded:
    """Say that the threat is over.

    Raises:
        BulletinOver, WhyMissing, WhyTooLong: see there.
    """
    _runs(bulletin)
    say_why(reason)
    stood = tuple(one.fact for one in bulletin.versions)
    return BulletinEnded(bulletin.id, reason.strip(), stood)


def mark(
    bulletin: Bulletin, conversation: ConversationId, reason: str, *, touched: bool
) -> BulletinMarked:
    """Say of one conversation that the threat touches it, or that it does not.

    Raises:
        BulletinOver, WhyMissing, WhyTooLong: see there.
    """
    _runs(bulletin)
    say_why(reason)
    before = bulletin.mark_of(conversation)
    stood = before.facts if before else ()
    return BulletinMarked(bulletin.id, conversation, int(touched), reason.strip(), stood)


def write_notice(
    bulletin: Bulletin, text: NoticeText, leaks: Leaks, now: Instant
) -> BulletinNoticeWritten:
    """Write what people outside may read; somebody else has to approve it.

    Raises:
        BulletinOver, NoticeEmpty, BulletinTooLong, TimeNotAhead, TimeTooFar: see there.
        NoticeLeaks, LookAtWords: see there; `leaks` is what stands in it.
    """
    _runs(bulletin)
    do, avoid = text.do.strip(), text.avoid.strip()
    if not do and not avoid:
        raise NoticeEmpty
    if max(len(do.encode()), len(avoid.encode())) > TEXT_MOST:
        raise BulletinTooLong
    _ahead(text.until, now)
    _holds_nothing(leaks, looked=text.looked)
    stood = tuple(one.fact for one in bulletin.notices)
    return BulletinNoticeWritten(bulletin.id, text.language, do, avoid, text.until or 0, stood)


def approve(
    bulletin: Bulletin, notice: FactId, leaks: Leaks, *, another: bool, looked: bool
) -> BulletinNoticeApproved:
    """Say that a notice may go out, as somebody else than its writer; `another` tells whether.

    Raises:
        BulletinOver, NoticeGone, ApprovedByAnother, NoticeLeaks, LookAtWords: see there.
    """
    _runs(bulletin)
    if all(one.fact != notice for one in bulletin.notices):
        raise NoticeGone
    if not another:
        raise ApprovedByAnother
    _holds_nothing(leaks, looked=looked)
    return BulletinNoticeApproved(bulletin.id, notice)


def let_out(bulletin: Bulletin, notice: FactId, leaks: Leaks) -> PublicNotice:
    """Return a notice that may leave the desk.

    Raises:
        BulletinOver, NoticeGone, NotApproved, NoticeLeaks: see there.
    """
    _runs(bulletin)
    found = next((one for one in bulletin.notices if one.fact == notice), None)
    if found is None:
        raise NoticeGone
    if not found.approved_by:
        raise NotApproved
    if leaks.held:
        raise NoticeLeaks
    return found


def _set(
    bulletin: BulletinId,
    telling: Telling,
    *,
    since: Instant,
    reason: str,
    replaces: tuple[FactId, ...],
) -> BulletinSet:
    _fits(telling)
    scope = telling.scope
    return BulletinSet(
        bulletin=bulletin,
        kind=int(telling.threat),
        title=" ".join(telling.title.split()),
        known=telling.known.strip(),
        todo=telling.todo.strip(),
        source=telling.source.strip(),
        confidence=int(telling.confidence),
        until=telling.until or 0,
        since=since,
        everyone=int(scope.everyone),
        regions=tuple(sorted(scope.regions)),
        tags=tuple(sorted(scope.tags)),
        look_for=tuple(sorted(scope.look_for)),
        conversations=tuple(sorted(scope.conversations)),
        reason=reason,
        replaces=replaces,
    )


def _fits(telling: Telling) -> None:
    texts = telling.known, telling.todo, telling.source
    if not (telling.title.strip() and telling.known.strip() and telling.todo.strip()):
        raise BulletinEmpty
    if len(telling.title.encode()) > TITLE_MOST or any(len(t.encode()) > TEXT_MOST for t in texts):
        raise BulletinTooLong
    scope = telling.scope
    terms = scope.regions, scope.tags, scope.look_for
    if not (scope.everyone or scope.conversations or any(terms)):
        raise ScopeMissing
    if len(scope.conversations) > NAMED_MOST or any(len(one) > TERMS_MOST for one in terms):
        raise BulletinTooLong
    if any(len(term.encode()) > TERM_MOST for one in terms for term in one):
        raise BulletinTooLong
    if not all(usable(term) for term in scope.regions | scope.look_for):
        raise TermTooShort


def _ahead(until: Instant | None, now: Instant) -> None:
    if until is None:
        return
    if until <= now:
        raise TimeNotAhead
    if until > now + UNTIL_MOST:
        raise TimeTooFar(UNTIL_MOST)


def _runs(bulletin: Bulletin) -> None:
    if bulletin.ended is not None:
        raise BulletinOver


def _holds_nothing(leaks: Leaks, *, looked: bool) -> None:
    if leaks.held:
        raise NoticeLeaks
    if leaks.doubtful and not looked:
        raise LookAtWords
