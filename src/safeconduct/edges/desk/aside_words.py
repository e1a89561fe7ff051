# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies in quarantine, why, and what a vault holds, in the language of the page."""

from __future__ import annotations

from safeconduct.edges.desk import (
    bulletin_words,
    duty_words,
    first_words_words,
    guidance_words,
    line_words,
    retention_words,
    vetting_words,
    watch_words,
)
from safeconduct.edges.desk.i18n import Translate, translations


def why_aside(code: str, language: str) -> str:
    """Say why something does not count."""
    _ = translations(language).gettext
    return {
        "beyond_cut": _("Written after its device was removed."),
        "not_allowed": _("Written without the right to."),
        "wrong_vault": _("Written where it does not belong."),
        "device_forked": _("The device has written two different records under one number."),
        "heads_went_back": _("The device hid that it knew of a change to the crew."),
    }.get(code, _("It did not pass a check."))


def what_aside(kind: str, language: str) -> str:
    """Name a fact that does not count."""
    _ = translations(language).gettext
    if kind.startswith("crew."):
        return _("a change to the crew")
    if kind.startswith("cases."):
        return _("record of a case file")
    if kind.startswith("duty."):
        return duty_words.deed(kind, language)
    if kind.startswith("watch."):
        return watch_words.deed(kind, language)
    return _of_hotline(_).get(kind, _("record of another kind"))


def _of_hotline(_: Translate) -> dict[str, str]:
    return {
        "hotline.MessageReceived": _("record of a person’s message"),
        "hotline.MessageRead": _("mark that messages were read"),
        "hotline.AnswerWritten": _("answer"),
        "hotline.AnswerSent": _("mark that an answer was sent"),
        "hotline.HaveSent": _("mark that a message was received"),
        "hotline.ConversationClaimed": _("took the conversation"),
        "hotline.ConversationHandedOver": _("handed the conversation over"),
        "hotline.ConversationReleased": _("let the conversation go"),
        "hotline.NoteWritten": _("note for colleagues"),
        "hotline.ContactNoted": _("typed in a contact"),
        "hotline.TranscriptWritten": _("wrote down what a voice message says"),
        "hotline.AnswerNoted": _("noted what the person was told"),
        "hotline.ContactImported": _("brought in an old message"),
        "hotline.AnswerImported": _("brought in an old answer"),
        "hotline.LookAsked": _("asked for a second look"),
        "hotline.LookGiven": _("gave a second look"),
        "hotline.LookWithdrawn": _("withdrew a request for a second look"),
        "hotline.AttachmentSaved": _("saved a file of the conversation"),
        "hotline.ConversationsJoined": _("joined conversations, or took that back"),
        "hotline.DangerSet": _("said how dangerous it is"),
        "hotline.DeadlineSet": _("set a deadline"),
        "hotline.TagsSet": _("set tags"),
        "hotline.ConversationSnoozed": _("snoozed the conversation"),
        "hotline.NextContactSet": _("set when the next word is due"),
        "hotline.ContactLost": _("said that contact is lost"),
        "hotline.ContactLostSeconded": _("said as the second that contact is lost"),
        "hotline.HostileMarked": _("marked a sender as hostile, or took that back"),
        "hotline.ConversationClosed": _("closed the conversation"),
        **bulletin_words.deeds(_),
        **guidance_words.deeds(_),
        **retention_words.deeds(_),
        **first_words_words.deeds(_),
        **line_words.deeds(_),
        **vetting_words.deeds(_),
    }


def vault(kind: str, language: str) -> str:
    """Say what a vault holds."""
    _ = translations(language).gettext
    return {
        "office": _("The office’s log: which device wrote, when, and how much."),
        "crew": _("The crew: names, devices, roles, and why devices were removed."),
        "hotline": _("The hotline: the messages, answers, notes and files of everyone."),
        "stewards": _("What the stewards keep for themselves."),
        "houses": _("Houses and beds."),
        "roads": _("Roads."),
        "abroad": _("Partners abroad."),
        "team": _("What one team shares."),
        "case": _("One part of a case file."),
    }.get(kind, _("Something whose kind this desk cannot tell."))
