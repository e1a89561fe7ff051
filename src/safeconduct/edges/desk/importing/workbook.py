# SPDX-License-Identifier: AGPL-3.0-or-later
"""A workbook that was chosen on a page, read in the sandbox of clean copies (spec/forms.md 1)."""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.cleaning import sandbox
from safeconduct.edges.desk.importing.found import NotReadable, TooMuch
from safeconduct.edges.desk.importing.sheets import CODE, PACKED
from safeconduct.edges.desk.importing.tables import TABLES_MOST, Tables, parse_tables
from safeconduct.kernel.errors import Untrusted

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
    try:
        with sandbox.ONE_AT_A_TIME:
            answer = sandbox.run((CODE,), raw)
        if len(answer) > TABLES_MOST:
            raise TooMuch
        return parse_tables(answer)
    except (sandbox.ConverterFailed, Untrusted):
        raise NotReadable from None
