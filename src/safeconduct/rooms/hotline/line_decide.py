# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a steward may say of lines, and what an answer by one may be: a fact, or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Refused
from safeconduct.rooms.hotline.by_line import CARRIES, DOORS, RISKY
from safeconduct.rooms.hotline.line_facts import LineSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.rooms.hotline.line_card import LineCard
    from safeconduct.rooms.hotline.line_facts import OfficeLine
    from safeconduct.rooms.hotline.words import Conversation


class RiskNotSigned(Refused):
    """A line of this kind is admitted by who read what it risks, and says so."""

    code = "risk_not_signed"


class LineStandsAlready(Refused):
    """The office has admitted a line of this very card."""

    code = "line_stands_already"


class NoSuchLine(Refused):
    """No line of this key stands."""

    code = "no_such_line"


class OnlyTheWay(Refused):
    """By this channel one fixed text goes: how to come to the page."""

    code = "only_the_way"


class NotByPhone(Refused):
    """A call that ended carries nothing back."""

    code = "not_by_phone"


class NotOfOneCode(Refused):
    """No return code says that these two are one person's."""

    code = "not_of_one_code"


class LineSpeaks(Refused):
    """A line speaks of itself: nobody is there to be answered."""

    code = "line_speaks"


class NoDoorHere(Refused):
    """What the office writes goes by this channel as it is: it needs no way to the page."""

    code = "no_door_here"


def admit(card: LineCard, note: str, lines: Sequence[OfficeLine]) -> LineSet:
    """Admit the line of a card; `note` is the version of the risk note that was signed by it.

    Raises:
        RiskNotSigned, LineStandsAlready: see there.
    """
    if card.kind in RISKY and not note:
        raise RiskNotSigned
    before = [one for one in lines if one.card == card]
    if any(one.stands for one in before):
        raise LineStandsAlready
    replaces = tuple(fact for one in before for fact in one.facts)
    signed = note if card.kind in RISKY else ""
    return LineSet(card.key, card.kind, encode(card), 1, signed, replaces)


def withdraw(key: bytes, lines: Sequence[OfficeLine]) -> tuple[LineSet, ...]:
    """Say of each line of a key that it stands no more.

    Raises:
        NoSuchLine: see there.
    """
    said = tuple(
        LineSet(one.key, one.kind, encode(one.card), 0, "", one.facts)
        for one in lines
        if one.key == key and (one.stands or one.disputed)
    )
    if not said:
        raise NoSuchLine
    return said


def find(key: bytes, lines: Sequence[OfficeLine]) -> OfficeLine:
    """Return the line of a key that stands.

    Raises:
        NoSuchLine: see there.
    """
    found = next((one for one in lines if one.stands and one.key == key), None)
    if found is None:
        raise NoSuchLine
    return found


def need_channel(conversation: Conversation, *, way: bool) -> None:
    """Hold an answer to what its channel carries; `way` is an answer that only says how to come.

    Where any of the person's boxes carries what we write, it goes there.

    Raises:
        OnlyTheWay, NotByPhone, NoDoorHere, LineSpeaks: see there.
    """
    if conversation.line_itself:
        raise LineSpeaks
    kinds = {box.line.kind if box.line else None for box in conversation.mailboxes}
    carries = None in kinds or bool(kinds & CARRIES)
    if not kinds or (carries and not way):
        return
    if carries:
        raise NoDoorHere
    if not kinds & DOORS:
        raise NotByPhone
    if not way:
        raise OnlyTheWay
