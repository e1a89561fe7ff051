# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a search was not saved, in words."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate


def refusals(_: Translate) -> dict[str, str]:
    """Return the words by the refusal's code."""
    return {
        "search_name_taken": _(
            "Another search is saved under this name. Choose another name, or say below that these "
            "words take its place. Nothing was changed."
        ),
        "search_unnamed": _("Give this search a name of 1 to 60 characters. Nothing was saved."),
        "search_without_words": _("Look for something first: there are no words to save."),
        "too_many_searches": _(
            "50 searches are saved here, and no more fit. Delete one that nobody needs, then save "
            "this one."
        ),
    }
