# SPDX-License-Identifier: AGPL-3.0-or-later
"""A workbook that was chosen on a page, read in the sandbox of clean copies (spec/forms.md 1)."""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.importing.found import NotReadable, TooMuch
from safeconduct.edges.desk.importing.sheets import PACKED, tables_in
from safeconduct.edges.desk.importing.tables import Tables

WORKBOOK_MOST: Final = 8 << 20
"""Bytes of the file."""


def read_workbook(raw: bytes) -> Tables:
    """Return the sheets of a workbook.

    Raises:
        TooMuch, NotReadable: it is too large, or none.
        NoSandbox, ConverterSlow: there is no way to read it here.
    """
    if len(raw) > WORKBOOK_MOST:
        raise TooMuch
    if not raw.startswith(PACKED):
        raise NotReadable
    return tables_in(raw)
