# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gates, and why something in vetting was not done, in the language of the page."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.hotline.vetting import Gate


def gate(which: int, language: str) -> str:
    """Name a gate."""
    _ = translations(language).gettext
    return {
        Gate.NONE: _("not vetted"),
        Gate.PLAUSIBLE: _("plausible"),
        Gate.VOUCHED: _("vouched for"),
        Gate.MET: _("met"),
    }[Gate(which)]


def deeds(_: Translate) -> dict[str, str]:
    """Say what each fact of this kind was."""
    return {
        "hotline.VettingItemAnswered": _("said what vetting found out"),
        "hotline.GateOpened": _("opened a gate of vetting"),
        "hotline.GateSeconded": _("opened a gate of vetting as the second"),
        "hotline.GateClosed": _("withdrew the gate of vetting"),
        "hotline.ContradictionPinned": _("pinned a contradiction"),
        "hotline.ContradictionSettled": _("settled a contradiction"),
        "hotline.GuardedNoteWritten": _("wrote a guarded note"),
        "hotline.GuardedNoteWithdrawn": _("took a guarded note back"),
        "hotline.GuardedWordsSet": _("set the office’s guarded words"),
        "hotline.CannedGated": _("set which gate a ready answer needs"),
    }


def refusals(_: Translate) -> dict[str, str]:
    """Return the words by the refusal's code."""
    return {
        "gate_not_passed": _(
            "Not sent. Something in it may go to this person only once they are vetted further. "
            "Your text is kept here: write it without any name, place, number or route, or ask a "
            "colleague. The person sees nothing of this."
        ),
        "rests_on_nothing": _(
            "Nothing was saved. A gate rests on what was found out: answer the checklist first. "
            "“Vouched for” needs the voucher, and “met” the meeting, answered with yes."
        ),
        "no_gate_waits": _(
            "This gate does not wait for a second person any more. Read what stands here now."
        ),
        "same_second": _(
            "You opened this gate yourself. Somebody else has to read all of it and decide."
        ),
        "no_gate_open": _("No gate is passed here, and none waits. Nothing was changed."),
        "withdrawn_too_often": _(
            "Nothing was saved: the gate was withdrawn too often here. Tell a steward."
        ),
        "no_such_passage": _(
            "Nothing was pinned. One of the two stands in no message, answer or note here: copy it "
            "as it is written, without leaving anything out."
        ),
        "settled_already": _("A colleague settled this meanwhile. Read how, below."),
        "no_words_to_hold": _(
            "Nothing was saved: name the words that must not go out, with commas between."
        ),
        "guarded_words_too_long": _(
            "Nothing was saved: there are too many words, or one is too long. Put commas between."
        ),
        "not_your_note": _("Only where a guarded note was written can it be taken back."),
    }
