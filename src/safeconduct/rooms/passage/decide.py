# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody writes into the network: what they typed to facts, or a refusal.

Who may write which kind is data of the crew's; here is what has to be so besides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from safeconduct.kernel import sheets
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.sheets import OVER_MOST, TAKEN_OFF, Form, Said, SheetId, Typed
from safeconduct.kernel.words import FactId
from safeconduct.rooms.passage.events import HOW_MOST, SheetVerified, SheetWritten
from safeconduct.rooms.passage.fold import standing
from safeconduct.rooms.passage.kinds import FRESH_DAYS, NETWORK, POSITION, book_of
from safeconduct.rooms.passage.maps.gazetteer import position_of
from safeconduct.rooms.passage.words import Book

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from safeconduct.rooms.passage.fold import Network, Sheet
    from safeconduct.rooms.passage.kinds import Field


class NoSuchBook(Refused):
    """This desk has no keys to such a book: there is none, or they are held by others."""

    code = "no_such_book"


class NetworkNotYours(Refused):
    """This device may read what it has keys to, and not write that: it would count nowhere."""

    code = "network_not_yours"


class SettleFirst(Refused):
    """Two wrote one field at once: nobody can make sure of both."""

    code = "settle_first"


class ChangedMeanwhile(Refused):
    """Something else stands on this sheet than what was looked at."""

    code = "changed_meanwhile"


class SayHow(Refused):
    """Who makes sure of something says how, in 1 to 2,000 characters."""

    code = "say_how"


class NothingToVerify(Refused):
    """Of sheets of this kind, or of one that was taken off, nobody makes sure."""

    code = "nothing_to_verify"


def write_sheet(
    network: Network, kind: str, sheet: SheetId, typed: Mapping[str, Typed]
) -> SheetWritten:
    """Return what is written of a sheet: the fields alone that say something else now.

    Raises:
        NoSuchBook: no sheet of this kind can be written here.
        WrongFields, AmountUnclear, FieldsMissing, NothingNew: see there.
    """
    book = _held(network, kind)
    before = network.sheet(sheet, kind)

    def fits(field: Field, value: str) -> bool:
        if field.form is Form.INTEGER:
            return not value.startswith("-")
        if field.name == POSITION:
            return not value or position_of(value) is not None
        names = _names(network, before, field, value)
        return names and not _to_itself(sheet, field, value, typed)

    at = {(book, name): one for name, one in typed.items()}
    (said,) = sheets.write(before, NETWORK[kind], at, fits).values()
    return _fact(kind, sheet, said)


def take_off(network: Network, sheet: Sheet, reason: str) -> SheetWritten:
    """Take a sheet off the record; it names all that stands there, or it would take nothing off.

    Raises:
        NoSuchBook: no sheet of this kind can be written here.
        NoReasonToTakeOff, NothingNew: see there.
    """
    book = _held(network, sheet.kind)
    bare = sheet if network.is_off(sheet) else _without(sheet, TAKEN_OFF)
    values, over = sheets.take_off(bare, [book], reason)[book]
    saw = sorted({*over, *standing(sheet)})[:OVER_MOST]
    return SheetWritten(sheet.id, sheet.kind, values, tuple(saw))


def put_back(network: Network, sheet: Sheet) -> SheetWritten:
    """Let a sheet that was taken off stand again.

    Raises:
        NoSuchBook: no sheet of this kind can be written here.
        NothingNew: it stands.
    """
    book = _held(network, sheet.kind)
    return _fact(sheet.kind, sheet.id, sheets.put_back(sheet, [book])[book])


def verify(network: Network, sheet: Sheet, saw: Collection[FactId], how: str) -> SheetVerified:
    """Say that what stands on a sheet is so, and how one knows.

    Raises:
        NoSuchBook: no sheet of this kind can be read here.
        NothingToVerify, SettleFirst, ChangedMeanwhile, SayHow: see there.
    """
    _held(network, sheet.kind)
    if sheet.kind not in FRESH_DAYS or sheet.taken_off:
        raise NothingToVerify
    if any(len(entered.standing) > 1 for entered in sheet.fields):
        raise SettleFirst
    stands = standing(sheet)
    if stands != frozenset(saw):
        raise ChangedMeanwhile
    how = how.strip()
    if not how or len(how) > HOW_MOST:
        raise SayHow
    return SheetVerified(sheet.id, sheet.kind, tuple(sorted(stands)), how)


def _held(network: Network, kind: str) -> Book:
    book = book_of(kind) if kind in NETWORK else None
    if book is None or book not in network.books:
        raise NoSuchBook
    return book


def _without(sheet: Sheet, name: str) -> Sheet:
    return replace(sheet, fields=tuple(one for one in sheet.fields if one.name != name))


def _names(network: Network, before: Sheet | None, field: Field, value: str) -> bool:
    """Tell whether a field that names another sheet names one that it may, or what it named."""
    if field.form is not Form.SHEET or not value:
        return True
    there = () if before is None else before.entered(field.name)
    stood = {one.text for entered in there for one in entered.written}
    return value in stood or network.named(value, *field.of) is not None


def _to_itself(sheet: SheetId, field: Field, value: str, typed: Mapping[str, Typed]) -> bool:
    """Tell whether a leg ends where it begins, or a sheet names itself."""
    if field.form is not Form.SHEET or not value:
        return False
    begins = typed["from"].text.strip() if field.name == "to" and "from" in typed else ""
    return value in {sheet.hex(), begins}


def _fact(kind: str, sheet: SheetId, said: Said) -> SheetWritten:
    return SheetWritten(sheet, kind, *said)
