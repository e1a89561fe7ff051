# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a code means for a helper, and what to do next: calm, short, in the page's language.

A code that is not named here is worded by its family, so that nobody ever reads a code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from safeconduct.edges.desk.i18n import translations
from safeconduct.kernel.errors import Refused, SafeconductError, Unreachable, Untrusted

if TYPE_CHECKING:
    from safeconduct.edges.desk.api import Trouble

Translate = Callable[[str], str]


def problem(error: SafeconductError, language: str) -> str:
    """Say why something was not done, and what the person can do."""
    _ = translations(language).gettext
    named = _refusals(_).get(error.code)
    if named:
        return named
    if isinstance(error, Unreachable):
        return _("The server does not answer, so this cannot be fetched now. Try again later.")
    if isinstance(error, Untrusted):
        return _("This did not pass its check. Nothing was changed. Please tell a steward.")
    if isinstance(error, Refused):
        return _("This cannot be done as it stands. Nothing was changed.")
    return _("Something in the desk itself went wrong. Nothing was sent. Please tell a steward.")


def trouble(found: Trouble, language: str) -> str:
    """Say what is wrong with the office's data or its server."""
    _ = translations(language).gettext
    general = _("The desk found something that does not fit. Work on, and tell a steward today.")
    return _troubles(_).get(found.code, general)


def _refusals(_: Translate) -> dict[str, str]:
    return {
        "nothing_written": _("There is nothing to send yet. Write something or choose a file."),
        "text_too_long": _("This text is too long to send at once. Please send it in two parts."),
        "file_too_large": _(
            "A file is too large. A person’s phone can take files of up to 25 MB each."
        ),
        "too_many_files": _("These are too many files for one answer. Please send fewer at once."),
        "answered_meanwhile": _(
            "A colleague answered while you were writing. Read that answer first, then send "
            "yours if it is still needed."
        ),
        "not_a_member": _("This colleague’s device no longer belongs to the office."),
        "not_allowed": _("Your role does not allow this. A steward can change that."),
        "file_incomplete": _("Not all of this file has arrived yet. Try again later."),
        "wrong_passphrase": _("This passphrase does not open the desk."),
        "suspended": _(
            "This device is suspended, so nothing can be written here. Please call a steward."
        ),
        "store_behind": _(
            "This desk’s data is older than what the server has from it, as after restoring a "
            "backup. It can be read but not written to. Please call a steward."
        ),
        "store_newer": _("This desk’s data was written by a newer version. Please update first."),
        "store_in_use": _("The desk is open already, in another window of this computer."),
        "no_store": _("There is no desk on this computer yet."),
        "disk_full": _("The disk is full. Free some space; what is saved here is safe."),
    }


def _troubles(_: Translate) -> dict[str, str]:
    rolled_back = _(
        "The server shows an older state than it did before. It may have been restored, or it "
        "may be lying. Nothing here is lost. Tell a steward now."
    )
    two_stories = _(
        "The server tells two desks different stories. That is proved. "
        "Do not rely on it, and tell a steward now."
    )
    return {
        "relay_rolled_back": rolled_back,
        "rollback": rolled_back,
        "relay_forked": two_stories,
        "inconsistent": two_stories,
        "fork": _(
            "Two different records carry the same number of one device. That device is suspended "
            "on every desk. Tell a steward now."
        ),
        "store_behind": _refusals(_)["store_behind"],
        "clock_wrong": _("This computer’s clock seems wrong. Please set it; times here may mislead."),
        "disk_full": _refusals(_)["disk_full"],
        "unreadable_message": _(
            "A message arrived that cannot be opened. It is kept. Tell a steward."
        ),
        "quarantined": _(
            "Something was written by a device that had no right to. It was set aside. "
            "Tell a steward."
        ),
        "catching_up_failed": _("Something from the server did not pass its check. It was kept."),
    }
