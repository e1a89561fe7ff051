# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a helper reads of files that are nowhere but on a server that is gone (spec/crew.md 9)."""

from __future__ import annotations

from gettext import NullTranslations


def files_lacking(catalogue: NullTranslations, count: int) -> str:
    """Say how many those are, and what to do."""
    text = catalogue.ngettext(
        "{count} file was on the server that is gone and is not on this one. A colleague’s desk "
        "that sent or saved it brings it along when it comes here. Once all are here and this "
        "still stands, the file is nowhere but on the lost server: ask for it again.",
        "{count} files were on the server that is gone and are not on this one. Colleagues’ desks "
        "that sent or saved them bring them along when they come here. Once all are here and this "
        "still stands, the files are nowhere but on the lost server: ask for them again.",
        count,
    )
    return text.format(count=count)
