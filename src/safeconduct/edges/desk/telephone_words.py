# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a telephone was not set, in the language of the page."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate


def refusals(_: Translate) -> dict[str, str]:
    """Return why nothing was saved, by the refusal's code."""
    return {
        "no_telephone_address": _(
            "Nothing was saved: the address begins with wss:// and ends with /ws, for example "
            "wss://phone.example.org/ws."
        ),
        "no_telephone_name": _(
            "Nothing was saved: the name has small letters, digits and hyphens alone, as whoever "
            "runs the telephone gave it to you."
        ),
        "no_telephone_password": _(
            "Nothing was saved: type in the password that belongs to this address and name. It has "
            "no spaces."
        ),
    }
