# SPDX-License-Identifier: AGPL-3.0-or-later
"""Amounts and rates: whole numbers of the smallest unit of a currency, and nothing else.

What is typed is read only where it can mean one thing: `1,200` could be a thousand or one and a
bit, and is none (spec/money.md 1).  No floating point anywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from safeconduct.kernel.currencies import DIGITS, SIGNS

DIGITS_MOST: Final = 15
"""Of an amount in its smallest unit, and of each side of a rate."""
_GROUP: Final = 3
"""Digits of a group, and so the number of decimals that reads in two ways."""
_SPACES: Final = "[ \u00a0\u2009\u202f'\u2019]"
_NUMBER: Final = re.compile(rf"\d+(?:(?:{_SPACES}|[.,])\d+)*", re.ASCII)
_CODE: Final = re.compile(r"([A-Za-z]{3})\s*(.*?)|(.*?)\s*([A-Za-z]{3})", re.DOTALL)
_WHOLE: Final = re.compile(r"\d{1,3}(?:[^\d]\d{3})*|\d+", re.ASCII)


class _Number(NamedTuple):
    digits: int
    decimals: int


@dataclass(frozen=True, slots=True, order=True)
class Amount:
    """So many smallest units of a currency; 0 or more."""

    currency: str
    minor: int

    def __post_init__(self) -> None:
        """Refuse what is no amount.

        Raises:
            ValueError: an unknown currency, less than nothing, or more than is kept.
        """
        if self.currency not in DIGITS or not 0 <= self.minor < 10**DIGITS_MOST:
            raise ValueError

    @property
    def text(self) -> str:
        """How it is written down: `EUR 1200.50`."""
        return f"{self.currency} {plain(self.minor, self.currency)}"


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of another currency is in this one: `digits` shifted by `decimals`."""

    currency: str
    digits: int
    decimals: int

    @property
    def text(self) -> str:
        """How it is written down: `EUR 0.0102`."""
        return f"{self.currency} {_decimal(self.digits, self.decimals)}"

    def turn(self, amount: Amount) -> int:
        """Return an amount in the smallest unit of this currency, rounded up.

        So what was spent is never said to be less than it was, and by less than one unit more.
        """
        above: int = amount.minor * self.digits * 10 ** DIGITS[self.currency]
        below: int = 10 ** (DIGITS[amount.currency] + self.decimals)
        return -(-above // below)


def plain(minor: int, currency: str) -> str:
    """Return smallest units of a currency as a decimal number without groups: `1200.50`."""
    return _decimal(minor, DIGITS[currency])


def amount_in(typed: str) -> Amount | None:
    """Return the amount that a text can only mean; None where it means none, or more than one."""
    found = _apart(typed)
    number = _number(found[1]) if found else None
    if found is None or number is None:
        return None
    own = DIGITS[found[0]]
    whole, rest = divmod(number.digits * 10**own, 10**number.decimals)
    if rest or not 0 < whole < 10**DIGITS_MOST:
        return None
    return Amount(found[0], whole)


def rate_in(typed: str) -> Rate | None:
    """Return the rate that a text can only mean; None where it means none, or more than one."""
    found = _apart(typed)
    number = _number(found[1]) if found else None
    if found is None or number is None or not number.digits:
        return None
    digits, decimals = number
    while decimals and digits % 10 == 0:
        digits, decimals = digits // 10, decimals - 1
    return Rate(found[0], digits, decimals)


def _decimal(digits: int, decimals: int) -> str:
    """Return a number; with four decimals where three could be read as a group."""
    if decimals == _GROUP:
        digits, decimals = digits * 10, decimals + 1
    if not decimals:
        return str(digits)
    text = str(digits).zfill(decimals + 1)
    return f"{text[:-decimals]}.{text[-decimals:]}"


def _apart(typed: str) -> tuple[str, str] | None:
    """Return the currency and the number of what was typed, in either order."""
    text = typed.strip()
    for sign, code in SIGNS.items():
        text = text.replace(sign, f" {code} ")
    found = _CODE.fullmatch(text.strip())
    if not found:
        return None
    code, number = (found[1], found[2]) if found[1] else (found[4], found[3])
    return (code.upper(), number.strip()) if code.upper() in DIGITS else None


def _number(text: str) -> _Number | None:
    """Return the number that a text can only mean."""
    if not _NUMBER.fullmatch(text):
        return None
    plain = re.sub(_SPACES, " ", text)
    marks = [char for char in plain if char in ".,"]
    cut = _decimal_mark(plain, marks)
    if cut is None:
        return None
    whole, decimals = (plain, "") if cut < 0 else (plain[:cut], plain[cut + 1 :])
    seen = {char for char in whole if not char.isdigit()}
    if len(seen) > 1 or " " in decimals or (seen and not _WHOLE.fullmatch(whole)):
        return None
    digits = re.sub(r"\D", "", whole) + decimals
    if len(digits) > DIGITS_MOST:
        return None
    return _Number(int(digits), len(decimals))


def _decimal_mark(plain: str, marks: list[str]) -> int | None:
    """Return where the decimals begin, -1 where there are none; None where nobody can tell."""
    if not marks:
        return -1
    last = plain.rindex(marks[-1])
    if len(set(marks)) > 1:
        return last if marks.count(marks[-1]) == 1 else None
    if len(marks) > 1:
        return -1
    before, after = plain[:last], plain[last + 1 :]
    sure = " " in before or before.startswith("0") or len(before) > _GROUP
    return None if len(after) == _GROUP and not sure else last
