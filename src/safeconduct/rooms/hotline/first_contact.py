# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person may tell beside her message, because there may be only one chance.

What it is: her answers to the few questions of the page and the counter, all of them optional, as
they stand in a letter's extras (spec/mailbox.md 4.1), and when it is a good time to answer her.
What it is not: a gate.  Nothing here keeps a letter from being read, sent or answered.
Invariant: whatever stands there, reading gives what this program understands of it and says that
there is more; a letter is never lost for what somebody put beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal

from safeconduct.kernel.canon import Codec
from safeconduct.kernel.errors import Malformed, Untrusted
from safeconduct.kernel.words import DAY, HOUR, Instant
from safeconduct.rooms.hotline.by_line import read_code

YesNo = Literal["", "yes", "no"]
ForWhom = Literal["", "self", "other", "taken"]
PartOfDay = Literal["night", "morning", "day", "evening"]
Timely = Literal["", "inside", "outside", "unknown"]

EXTRA: Final = "contact"
"""The key in a letter's extras."""
VERSION: Final = 1
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "danger_today": ("yes", "no"),
    "safe_to_read": ("yes", "no"),
    "for_whom": ("self", "other", "taken"),
}
TEXT_MOST: Final[dict[str, int]] = {
    "from_whom": 500,
    "region": 100,
    "answer_how": 500,
    "answer_when": 500,
    "if_silent": 500,
    "not_alone_word": 40,
}
"""Characters (code points) of each answer in her own words."""
PARTS_OF_DAY: Final[tuple[PartOfDay, ...]] = ("night", "morning", "day", "evening")
"""From midnight on, six hours each, by the clock where she is."""
PART_HOURS: Final = 6
DAY_HOURS: Final = 24
_HOURS: Final = frozenset(str(hour) for hour in range(DAY_HOURS))
_ANY: Final[Codec[Any]] = Codec(Any, "extras")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstContact:
    """Her answers; an empty one was not given.

    `clock_shows` is the hour that she read off her clock when she wrote; None when she did not.
    `return_code` is what she was told when she called or wrote by a line (spec/lines.md 2).
    Two fields stand in no letter: `clock_ahead`, by how many whole hours her clock stood before
    UTC when it arrived, modulo 24; and `more`, that something stands there which this program
    does not read.
    """

    danger_today: YesNo = ""
    safe_to_read: YesNo = ""
    for_whom: ForWhom = ""
    from_whom: str = ""
    region: str = ""
    answer_how: str = ""
    answer_when: str = ""
    answer_hours: tuple[PartOfDay, ...] = ()
    clock_shows: int | None = None
    if_silent: str = ""
    not_alone_word: str = ""
    return_code: str = ""
    clock_ahead: int | None = None
    more: bool = False

    @property
    def says_more(self) -> bool:
        """Whether she told more than that she is, or is not, in danger and safe to read."""
        return any(getattr(self, name) != _UNSAID[name] for name in _OF_HER_OWN) or self.more

    def __post_init__(self) -> None:
        """Refuse what no page of ours could have asked.

        Raises:
            Malformed: an answer is none of its choices, or longer than its field.
        """
        given = [name for name in _NAMES if getattr(self, name) != _UNSAID[name]]
        if not all(_is_answer(name, _plain(getattr(self, name))) for name in given):
            raise Malformed("contact")


def parse_contact(extras: bytes) -> FirstContact | None:
    """Return what a letter's encoded extras tell, or None where they tell nothing of this kind.

    Reads answer by answer: one that cannot be read takes no other one away, one that is too long
    is cut, and `more` says so.
    """
    if not extras:
        return None
    try:
        beside = _ANY.decode_own(extras)
    except Untrusted:
        return FirstContact(more=True)
    if not isinstance(beside, dict):
        return FirstContact(more=True)
    if EXTRA not in beside:
        return None
    answers = beside[EXTRA]
    if not isinstance(answers, dict) or not _is_number(answers.get("version"), VERSION, VERSION):
        return FirstContact(more=True)
    read = {name: _read(name, answers[name]) for name in _NAMES if name in answers}
    good = {name: value for name, value in read.items() if value is not None}
    more = any(
        name not in good or good[name] != value
        for name, value in answers.items()
        if name != "version"
    )
    if "answer_hours" in good:
        good["answer_hours"] = tuple(good["answer_hours"])
    return FirstContact(**good, more=more)


def write_contact(contact: FirstContact) -> dict[str, Any]:
    """Return what goes into a letter's extras: only what was answered, and nothing for nothing."""
    answers = {
        name: _plain(getattr(contact, name))
        for name in _NAMES
        if getattr(contact, name) != _UNSAID[name]
    }
    return {EXTRA: {"version": VERSION, **answers}} if answers else {}


def asked_by_form(given: Mapping[str, str]) -> FirstContact:
    """Return what the fields of a form tell, each cut to its length; what is none of them is not.

    Each part of the day is a field of its own.  A return code that is none is left out.
    """
    told: dict[str, Any] = {name: given.get(name, "") for name in CHOICES}
    told = {name: value for name, value in told.items() if value in CHOICES[name]}
    for name, most in TEXT_MOST.items():
        told[name] = given.get(name, "").strip()[:most].strip()
    told["answer_hours"] = tuple(part for part in PARTS_OF_DAY if given.get(part))
    told["return_code"] = read_code(given.get("return_code", ""))
    clock = given.get("clock_shows", "")
    if clock in _HOURS:
        told["clock_shows"] = int(clock)
    return FirstContact(**told)


def arrived_at(contact: FirstContact, arrived: Instant) -> FirstContact:
    """Return what a letter tells with how far her clock is ahead, by when the letter arrived.

    Nobody asks her device: its clock may be wrong by years, and she need not know her zone.  A
    letter that was hours on its way makes this wrong by so many hours.
    """
    if contact.clock_shows is None:
        return contact
    ahead = (contact.clock_shows - arrived % DAY // HOUR) % DAY_HOURS
    return replace(contact, clock_ahead=ahead)


def safest(tellings: Iterable[FirstContact]) -> FirstContact | None:
    """Return what several records of one letter tell; where they differ, what asks for more care.

    A colleague's false record cannot so say that she is in no danger.
    """
    told = list(tellings)
    if not told:
        return None
    both = _over(reversed(told))
    danger = _first(("yes", "no"), [one.danger_today for one in told])
    safe = _first(("no", "yes"), [one.safe_to_read for one in told])
    return replace(both, danger_today=danger, safe_to_read=safe)


def together(letters: Iterable[FirstContact]) -> FirstContact | None:
    """Return what a person told in all her letters, in order: what she answered last stands."""
    told = list(letters)
    return _over(told) if told else None


def hour_there(contact: FirstContact, now: Instant) -> int | None:
    """Return the hour that her clock shows (0 to 23), None when she did not tell."""
    if contact.clock_ahead is None:
        return None
    return (now % DAY // HOUR + contact.clock_ahead) % DAY_HOURS


def timely(contact: FirstContact, now: Instant) -> Timely:
    """Tell whether it is one of the hours she named; empty when she named none.

    "unknown" when she named hours and not what her clock shows.
    """
    if not contact.answer_hours:
        return ""
    hour = hour_there(contact, now)
    if hour is None:
        return "unknown"
    return "inside" if PARTS_OF_DAY[hour // PART_HOURS] in contact.answer_hours else "outside"


_NOT_WRITTEN: Final = {"clock_ahead", "more"}
_NAMES: Final = tuple(
    field.name for field in fields(FirstContact) if field.name not in _NOT_WRITTEN
)
_UNSAID: Final[dict[str, Any]] = {field.name: field.default for field in fields(FirstContact)}
_OF_HER_OWN: Final = frozenset(_NAMES) - {"danger_today", "safe_to_read", "clock_shows"}


def _over(told: Iterable[FirstContact]) -> FirstContact:
    """Return the answers of all, a later one over an earlier one."""
    both = FirstContact()
    for one in told:
        said = {name: getattr(one, name) for name in _NAMES if getattr(one, name) != _UNSAID[name]}
        ahead = both.clock_ahead if one.clock_shows is None else one.clock_ahead
        both = replace(both, **said, clock_ahead=ahead, more=both.more or one.more)
    return both


def _first(ranked: tuple[YesNo, ...], told: list[YesNo]) -> YesNo:
    return next((answer for answer in ranked if answer in told), "")


def _plain(value: object) -> object:
    """Return an answer as it stands in a letter."""
    return list(value) if isinstance(value, tuple) else value


def _read(name: str, value: object) -> Any:  # noqa: ANN401  (each answer has its own type)
    """Return an answer, cut to its length; None when it cannot be read."""
    if name in TEXT_MOST and isinstance(value, str):
        value = value[: TEXT_MOST[name]]
    elif name == "return_code" and isinstance(value, str):
        value = read_code(value)
    return value if _is_answer(name, value) else None


def _is_answer(name: str, value: object) -> bool:
    if name in CHOICES:
        return isinstance(value, str) and value in CHOICES[name]
    if name in TEXT_MOST:
        return isinstance(value, str) and bool(value) and len(value) <= TEXT_MOST[name]
    if name == "return_code":
        return isinstance(value, str) and bool(value) and read_code(value) == value
    if name == "clock_shows":
        return _is_number(value, 0, DAY_HOURS - 1)
    return isinstance(value, list) and value == [part for part in PARTS_OF_DAY if part in value]


def _is_number(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most
