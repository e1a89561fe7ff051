# SPDX-License-Identifier: AGPL-3.0-or-later
"""Flags, and why something that guides answers was not done, in the language of the page."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.hotline.flags import Flag


def flag(which: Flag, language: str) -> str:
    """Name a flag."""
    _ = translations(language).gettext
    return {Flag.SUICIDE: _("Risk of suicide"), Flag.MINOR: _("A minor")}[which]


def deeds(_: Translate) -> dict[str, str]:
    """Say what each fact of this kind was."""
    return {
        "hotline.FlagRaised": _("flagged a risk of suicide, or a minor"),
        "hotline.FlagEnded": _("took a flag away"),
        "hotline.ScriptStepTicked": _("ticked a step of a script"),
        "hotline.AvoidedWordsSet": _("set words to keep out of answers"),
        "hotline.CannedWritten": _("wrote a ready answer"),
        "hotline.CannedRead": _("read a ready answer as the second"),
        "hotline.CannedWithdrawn": _("withdrew a ready answer"),
    }


def refusals(_: Translate) -> dict[str, str]:
    """Return the words by the refusal's code."""
    return {
        "flagged_already": _("A colleague flagged this meanwhile: it stands above, with why."),
        "not_flagged": _("This flag does not stand any more. Nothing was changed."),
        "avoided_too_long": _(
            "Nothing was saved: fifty words at most, each of a few words, with commas between."
        ),
        "asks_again": _(
            "Not sent yet. Read what is marked here, change your text and send it again, or send "
            "it as it is."
        ),
        "no_such_canned": _(
            "This ready answer does not stand any more: somebody wrote it anew or withdrew it."
        ),
        "no_title": _("Nothing was saved: give it a short title."),
        "read_by_its_writer": _(
            "You wrote this yourself. Another colleague has to read it before it is offered."
        ),
    }
