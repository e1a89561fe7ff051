# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why conversations were not joined or parted, or an answer not sent, for a helper."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate


def refusals(_: Translate) -> dict[str, str]:
    """Return the words by the refusal's code."""
    return {
        "joined_already": _("Nothing was saved: these are one conversation already."),
        "has_no_box": _(
            "Not joined: whoever this conversation is with has no words of ours and cannot be "
            "answered here. Join them from the page of the other conversation."
        ),
        "earlier_began_later": _(
            "Nothing was saved: that conversation began later than this one, and answers would go "
            "to words that are lost. Open that one, and join this one from there."
        ),
        "nobody_of_this_name": _("Nothing was saved: no conversation here has that code name."),
        "several_of_this_name": _(
            "Nothing was saved: more than one conversation has that code name. Choose it in the "
            "list, or ask the person something that only one of them can know."
        ),
        "not_joined": _("These two are not joined any more. Nothing was changed."),
        "ask_who_joined": _(
            "Nothing was sent. A colleague joined this with another conversation: read above who, "
            "and ask them by voice. Your text stays here."
        ),
        "joined_meanwhile": _(
            "Nothing was sent. Meanwhile conversations were joined or taken apart, so your answer "
            "would go another way: read above whom it goes to, then send it again."
        ),
    }
