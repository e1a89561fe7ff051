# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was brought in from before, in the language of the page."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations


def source(name: str, language: str) -> str:
    """Name where a piece came from."""
    _ = translations(language).gettext
    return {
        "mail": _("From a mailbox"),
        "telegram": _("From Telegram"),
        "whatsapp": _("From WhatsApp"),
        "sheet": _("From a spreadsheet"),
    }[name]


def fate(name: str, language: str) -> str:
    """Say what becomes of an item."""
    _ = translations(language).gettext
    return {
        "begins": _("begins a conversation"),
        "joins": _("joins a conversation"),
        "answer": _("an answer of ours"),
        "known": _("is here already"),
        "gone": _("was here, and was destroyed when its time was over"),
        "twice": _("stands twice, taken once"),
        "left": _("is left out"),
    }[name]


def column(name: str, language: str) -> str:
    """Name what a column of a sheet says."""
    _ = translations(language).gettext
    return {
        "who": _("Who it is, or their code"),
        "date": _("When it was"),
        "channel": _("How it came"),
        "text": _("What was said"),
        "danger": _("In danger?"),
        "region": _("Region"),
        "answered": _("Answered?"),
    }[name]


def remark(name: str, language: str) -> str:
    """Say what is to be known of an item, or why it is left out."""
    _ = translations(language).gettext
    return {
        "undated": _("no date that can be read: placed after the one before it"),
        "envelope": _("no date of its own: the mailbox’s date is taken"),
        "came_in": _(
            "bears our name but came in like a stranger’s: nobody counts as answered by it"
        ),
        "order_guessed": _("day and month could be swapped: day first is taken"),
        "cut": _("too long: the whole text is in a file beside it"),
        "file_left": _("a file is empty or too large, or there are too many: left out"),
        "file_elsewhere": _("a file was not exported with it"),
        "too_large": _("too large"),
        "too_many": _("more than can be taken at once: part the file"),
        "nested": _("packed in itself too deeply"),
        "damaged": _("damaged, cannot be read"),
        "bounce": _("a machine’s report of delivery"),
        "empty": _("nothing is written in it"),
        "service": _("a notice of the messenger"),
        "ours_to_all": _("ours, to several people: it is nobody’s answer alone"),
        "row_twice": _("the same row stands above"),
        "no_columns": _("no column says what was said"),
        "sheet_cut": _("this sheet has more than can be taken: part it"),
        "stopped": _("you stopped it"),
        "file_changed": _("the file changed meanwhile"),
        "file_gone": _("the file cannot be read any more"),
        "store_full": _("the disk is full"),
    }.get(name, _("something went wrong"))


def refusals(_: Translate) -> dict[str, str]:
    """Return why nothing was brought in, by the refusal's code."""
    return {
        "not_readable": _(
            "This is no file that can be brought in, or it is damaged. Take an mbox file, an "
            "export of Telegram (JSON) or WhatsApp, or a spreadsheet (XLSX, ODS, CSV)."
        ),
        "no_file_chosen": _("No file was chosen. Choose one first."),
        "import_too_much": _("This file is too large, or unpacks to too much. Export it in parts."),
        "file_gone": _(
            "This file cannot be opened. Check where it lies and how its name is written."
        ),
        "looked_meanwhile": _(
            "Another file was looked at since this page came, in another window perhaps. Nothing "
            "was brought in. What stands here now is of that file: read it, and choose again."
        ),
        "nothing_looked_at": _("Nothing was done: look at a file first, and let it end."),
        "may_not_import": _("This device cannot write conversations, so nothing was brought in."),
        "stopped": _("Stopped. What was brought in before stays."),
        "unknown_certificate": _(
            "No authority vouches for this server. Ask whoever runs it, by voice, for the "
            "fingerprint of its certificate. If it is the one shown below, confirm it there and "
            "type the password again. If not, somebody may be listening: go no further."
        ),
        "wrong_login": _("The mail server does not take this name with this password."),
    }
