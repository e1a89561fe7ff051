# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in a field where two may have written unseen: the safer of it, or all of it.

A choice counts only where all that stands agrees (spec/plan.md 2, spec/relocation.md 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.cases.days import last_day
from safeconduct.rooms.cases.sheets import SHEETS, is_date

if TYPE_CHECKING:
    from safeconduct.rooms.cases.record import Sheet


def said(sheet: Sheet, name: str) -> tuple[str, ...]:
    """Return all that stands in a field, but for nothing."""
    standing = (one.text for field in sheet.entered(name) for one in field.standing)
    return tuple(text for text in standing if text)


def chosen(sheet: Sheet, name: str) -> str:
    """Return the choice that all agree on, or the first that there is."""
    standing = {one.text for field in sheet.entered(name) for one in field.standing}
    first = choices(sheet.kind, name)[0]
    return (standing.pop() or first) if len(standing) == 1 else first


def choices(kind: str, name: str) -> tuple[str, ...]:
    """Return what may be chosen in a field of a kind."""
    return next(one.choices for one in SHEETS[kind] if one.name == name)


def soonest(sheet: Sheet, name: str) -> str:
    """Return the earliest of the days that stand, as exact as it was written; or nothing."""
    days = (text for text in said(sheet, name) if is_date(text))
    return min(days, key=last_day, default="")


def members(sheet: Sheet, name: str) -> tuple[DeviceId, ...]:
    """Return the devices that a field names."""
    return tuple(DeviceId(bytes.fromhex(text)) for text in dict.fromkeys(said(sheet, name)))
