# SPDX-License-Identifier: AGPL-3.0-or-later
"""Setting, moving, answering and ending check-ins; a word is judged here, by its hash alone."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.normal import normal
from safeconduct.kernel.words import DAY, MINUTE, DeviceId, Instant
from safeconduct.rooms.passage.watch.check_in_facts import (
    CALLED_MOST,
    GRACE_LEAST,
    GRACE_MOST,
    LABEL_MOST,
    CheckInEnded,
    CheckInHeard,
    CheckInMoved,
    CheckInSeen,
    CheckInSet,
    Danger,
    Verdict,
)
from safeconduct.rooms.passage.watch.check_ins import CheckIn, dangers_of

if TYPE_CHECKING:
    from collections.abc import Iterable

SOONEST: Final = 10 * MINUTE
"""Until then a timer is at the relay, if nothing else is (spec/check-ins.md 2)."""
FURTHEST: Final = 6 * DAY
WORD_LEAST: Final = 3
WORD_MOST: Final = 40


class CheckInLabel(Refused):
    """It needs a code name, and a short one."""

    code = "check_in_label"


class CheckInTime(Refused):
    """The time is too soon for a timer to stand by then, or too far, or the grace is."""

    code = "check_in_time"


class CheckInWords(Refused):
    """Both words are needed, of 3 to 40 characters, and they differ."""

    code = "check_in_words"


class CheckInCalls(Refused):
    """One to three different people are to be called."""

    code = "check_in_calls"


class CheckInOver(Refused):
    """It has ended, or nobody set it."""

    code = "check_in_over"


class NoSuchAlarm(Refused):
    """Nothing of that kind is wrong with it, or somebody sees to it."""

    code = "no_such_alarm"


class Typed(NamedTuple):
    """What somebody typed of a new check-in; `grace` in minutes."""

    label: str
    due: Instant
    grace: int
    right: str
    duress: str
    called: tuple[DeviceId, ...]


def set_check_in(check_in: bytes, typed: Typed, now: Instant) -> CheckInSet:
    """Expect somebody; `check_in` is an id by `claimed_id`, of this device.

    Raises:
        CheckInLabel, CheckInTime, CheckInWords, CheckInCalls: see there.
    """
    label = " ".join(typed.label.split())
    if not 0 < len(label) <= LABEL_MOST:
        raise CheckInLabel
    if not GRACE_LEAST <= typed.grace <= GRACE_MOST:
        raise CheckInTime
    _need_time(typed.due, now)
    right, duress = _word(typed.right), _word(typed.duress)
    lengths = {len(right), len(duress)}
    if right == duress or min(lengths) < WORD_LEAST or max(lengths) > WORD_MOST:
        raise CheckInWords
    if not 0 < len(set(typed.called)) == len(typed.called) <= CALLED_MOST:
        raise CheckInCalls
    hashes = _hash(check_in, right), _hash(check_in, duress)
    return CheckInSet(check_in, label, typed.due, typed.grace, *hashes, typed.called)


def move(check_in: CheckIn | None, due: Instant, now: Instant) -> CheckInMoved:
    """Expect them by another time.

    Raises:
        CheckInOver, CheckInTime: see there.
    """
    found = _need(check_in)
    _need_time(due, now)
    return CheckInMoved(found.id, due, found.stood)


def hear(check_in: CheckIn | None, word: str) -> CheckInHeard:
    """Judge a word that somebody said.

    Raises:
        CheckInOver: see there.
    """
    return _heard(_need(check_in), word)


def judge(found: CheckIn, word: str) -> CheckInHeard | None:
    """Judge a word that came by itself, whether or not anybody is still expected.

    None where it changes nothing: the same was heard before.
    """
    judged = _heard(found, word)
    known = judged.verdict != Verdict.RIGHT and Danger(judged.verdict) in found.heard
    return None if known else judged


def _heard(found: CheckIn, word: str) -> CheckInHeard:
    said, (right, duress) = _hash(found.id, _word(word)), found.words
    if hmac.compare_digest(said, duress):
        return CheckInHeard(found.id, found.stood, Verdict.DURESS)
    is_right = hmac.compare_digest(said, right)
    verdict = Verdict.RIGHT if is_right else Verdict.WRONG
    return CheckInHeard(found.id, found.stood, verdict)


def see_to(check_in: CheckIn | None, danger: Danger, now: Instant) -> CheckInSeen:
    """Say that somebody here sees to an alarm.

    Raises:
        CheckInOver, NoSuchAlarm: see there.
    """
    found = _need_open(check_in)
    unseen = {one.danger for one in dangers_of(found, now) if one.seen is None}
    if danger not in unseen:
        raise NoSuchAlarm
    return CheckInSeen(found.id, found.stood, danger)


def end(check_in: CheckIn | None) -> CheckInEnded:
    """Expect nobody any more, and let its alarms be over.

    Raises:
        CheckInOver: see there.
    """
    return CheckInEnded(_need_open(check_in).id)


def find(check_ins: Iterable[CheckIn], check_in: bytes) -> CheckIn | None:
    """Return the one of this id."""
    return next((one for one in check_ins if one.id == check_in), None)


def _need(check_in: CheckIn | None) -> CheckIn:
    if check_in is None or check_in.ended:
        raise CheckInOver
    return check_in


def _need_open(check_in: CheckIn | None) -> CheckIn:
    """Return one that has not ended, or of which an alarm came after its end."""
    if check_in is not None and check_in.after:
        return check_in
    return _need(check_in)


def _need_time(due: Instant, now: Instant) -> None:
    if not now + SOONEST <= due <= now + FURTHEST:
        raise CheckInTime


def _word(typed: str) -> str:
    return normal("NFKC", normal("NFKC", typed).casefold()).strip()


def _hash(check_in: bytes, word: str) -> bytes:
    return hashlib.sha256(check_in + word.encode()).digest()
