# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages say by themselves, and why something with the first words was not done."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.i18n import Translate
from safeconduct.kernel.wire.first_words import TEXT_MOST

LOCALE: Final = Path(__file__).parents[2] / "locale"
OWN: Final = (
    "You need not wait here: put the phone away whenever that is safer, and come back with your "
    "words when nobody sees the screen. If you are in danger this minute, first do what keeps you "
    "safe: this page calls no help, and perhaps nobody has read you yet."
)
"""As `edges/portal/templates/page.html` has it; a test holds that the two are equal."""


@cache
def own(language: str) -> str:
    """Return what pages say by themselves in a language of the person's side."""
    return gettext.translation("portal", LOCALE, [language]).gettext(OWN)


def deeds(_: Translate) -> dict[str, str]:
    """Say what each fact of this kind was."""
    return {
        "hotline.FirstWordsWritten": _("wrote first words"),
        "hotline.FirstWordsApproved": _("approved first words"),
        "hotline.FirstWordsWithdrawn": _("took first words back"),
    }


def refusals(_: Translate) -> dict[str, str]:
    """Return the words by the refusal's code."""
    return {
        "no_such_words": _(
            "These first words do not stand any more: somebody wrote them anew or took them back."
        ),
        "still_to_be_filled": _(
            "Nothing was saved: a place between braces is left. Nobody fills it, so say it in full "
            "or leave it out."
        ),
        "approved_by_its_writer": _(
            "You wrote these first words yourself. Another steward has to approve them."
        ),
        "words_not_looked_at": _(
            "Nothing was approved: read each language, and say below that you did."
        ),
        "first_words_too_long": _(
            "Nothing was saved: a text is too long. {most} bytes are about {letters} letters."
        ).format(most=TEXT_MOST, letters=TEXT_MOST // 2),
    }
