# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file of a report to a donor: CSV in which no cell is a formula (spec/money.md 7)."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk import money_words
from safeconduct.edges.desk.i18n import translations
from safeconduct.kernel.money import plain

if TYPE_CHECKING:
    from safeconduct.rooms.cases.donor_report import DonorReport

STARTS_FORMULA: Final = "=+-@|%＝＋－＠"
"""What a cell must not begin with in a spreadsheet program (OWASP, CSV injection)."""
MARK: Final = "\ufeff"
"""Without it spreadsheet programs read other letters than Latin wrongly."""


def donor_file(report: DonorReport, language: str) -> bytes:
    """Return the report as CSV (RFC 4180) in UTF-8, its sums as plain decimal numbers."""
    _ = translations(language).gettext
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    own = report.grant.amount.currency
    writer.writerow([defused(one) for one in (_("Grant"), report.grant.name)])
    columns = (_("From"), _("To"), _("Purposes"), _("Cases"), _("Costs"), _("Total"), _("Currency"))
    writer.writerow([defused(one) for one in columns])
    for block in report.blocks:
        named = "; ".join(money_words.purpose(one, language) for one in block.purposes)
        total = plain(block.total, own)
        row = block.begins, block.ends, named, str(block.cases), str(block.costs), total, own
        writer.writerow([defused(one) for one in row])
    for text in notes(report, language):
        writer.writerow([defused(text)])
    return (MARK + out.getvalue()).encode()


def notes(report: DonorReport, language: str) -> list[str]:
    """Return what is said below a report: how it is cut, and at which rates it was counted."""
    _ = translations(language).gettext
    found = [
        _(
            "Groups of fewer than five cases are not told apart: their months or purposes stand "
            "together with others."
        ),
        _("Counted over the cases that the person who made this report reads."),
    ]
    for one in report.exchanged:
        said = _(
            "One {currency} was counted at {low} to {high}, rates that the office wrote down with "
            "their day and source."
        )
        found.append(said.format(currency=one.currency, low=one.low, high=one.high))
    if report.others_exchanged:
        found.append(
            _(
                "Costs in other currencies were counted at rates that the office wrote down with "
                "their day and source."
            )
        )
    return found


def defused(text: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula."""
    plainly = text.lstrip()
    return f"'{text}" if plainly != text or plainly.startswith(tuple(STARTS_FORMULA)) else text
