# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why something stays or was not done, of how long things are kept, in the language of the page."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.hotline.retention_due import Kept


def kept(why: Kept, language: str) -> str:
    """Say why a conversation goes on no day."""
    _ = translations(language).gettext
    return {
        Kept.UNANSWERED: _("A message waits for an answer. While it waits, nothing is destroyed."),
        Kept.OPEN: _("It is open. Nothing of it is destroyed before it is closed."),
        Kept.DANGER: _(
            "It is closed, and still marked as in danger. It is kept until somebody says that the "
            "danger is past."
        ),
        Kept.HELD: _("A steward has it kept, until a steward ends that."),
    }[why]


def deeds(_: Translate) -> dict[str, str]:
    """Say what each fact of this kind was."""
    return {
        "hotline.RetentionSet": _("set for how long things are kept"),
        "hotline.RetentionExtended": _("had a conversation kept for longer"),
        "hotline.RetentionHeld": _("had a conversation kept until a steward ends that"),
        "hotline.RetentionHoldEnded": _("ended what kept a conversation"),
        "hotline.RetentionDue": _("told that the time of a conversation or its files was over"),
    }


def refusals(_: Translate) -> dict[str, str]:
    """Return the words by the refusal's code."""
    return {
        "days_out_of_bounds": _(
            "Nothing was saved: one of the times is shorter or longer than it may be. The bounds "
            "stand beside each field."
        ),
        "files_outlive_conversation": _(
            "Nothing was saved: files cannot be kept for longer than the conversation that they "
            "belong to."
        ),
        "not_held": _("Nobody has this kept any more. Nothing was changed."),
        "file_destroyed": _("This file was destroyed, because its time was over."),
    }
