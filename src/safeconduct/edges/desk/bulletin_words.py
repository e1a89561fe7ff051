# SPDX-License-Identifier: AGPL-3.0-or-later
"""Threats, how sure one is, how a conversation was found, and refusals, in the page's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.hotline.bulletins import Confidence, Found, PublicNotice, Threat

if TYPE_CHECKING:
    from safeconduct.edges.desk.wording import Wording
    from safeconduct.kernel.words import Instant


def threat(kind: Threat, language: str) -> str:
    """Name a kind of threat."""
    _ = translations(language).gettext
    return {
        Threat.ULTIMATUM: _("Ultimatum"),
        Threat.RAID: _("Raid or searches"),
        Threat.CONTACT: _("Poisoned contact"),
        Threat.GROUP: _("Burnt chat group"),
        Threat.OTHER: _("Another threat"),
    }[kind]


def confidence(level: Confidence, language: str) -> str:
    """Say how sure the office is."""
    _ = translations(language).gettext
    return {
        Confidence.RUMOUR: _("a rumour"),
        Confidence.LIKELY: _("likely"),
        Confidence.SURE: _("sure"),
    }[level]


def found(how: Found, language: str) -> str:
    """Say how a bulletin found a conversation."""
    _ = translations(language).gettext
    return {
        Found.BY_HAND: _("a colleague says that it touches them"),
        Found.NAMED: _("the bulletin names this conversation"),
        Found.WORD: _("a word or contact that it warns of stands in this conversation"),
        Found.TAG: _("by a tag"),
        Found.REGION: _("by the region alone"),
        Found.EVERYONE: _("it touches everyone"),
    }[how]


def notice_text(notice: PublicNotice, words: Wording, now: Instant) -> str:
    """Return a notice as plain text, in its own language; nothing but its fields stands in it."""
    _ = translations(notice.language).gettext
    parts = []
    if notice.do:
        parts.append(f"{_('What to do')}:\n{notice.do}")
    if notice.avoid:
        parts.append(f"{_('What not to do')}:\n{notice.avoid}")
    if notice.until is not None:
        parts.append(_("This holds until {time}.").format(time=words.on(notice.until, now)))
    return "\n\n".join(parts) + "\n"


def deeds(_: Translate) -> dict[str, str]:
    """Name what somebody did, by the kind of the fact that says so."""
    return {
        "hotline.BulletinEnded": _("ended a bulletin"),
        "hotline.BulletinMarked": _("said whether a bulletin touches a conversation"),
        "hotline.BulletinNoticeApproved": _("approved a notice for people outside"),
        "hotline.BulletinNoticeWritten": _("wrote a notice for people outside"),
        "hotline.BulletinSet": _("told of a threat in a bulletin"),
    }


def refusals(_: Translate) -> dict[str, str]:
    """Return why something was not done, by the refusal's code."""
    return {
        "bulletin_empty": _(
            "Nothing was saved: give it a name, and say what is known and what helpers should do."
        ),
        "bulletin_too_long": _(
            "Nothing was saved: a text is too long, or there are more than fifty words in a field."
        ),
        "scope_missing": _("Nothing was saved: say whom it touches."),
        "term_too_short": _(
            "Nothing was saved: a region or a word to look for needs three letters at least, or it "
            "would be found everywhere."
        ),
        "bulletin_over": _("This bulletin was ended. Nothing was changed."),
        "notice_empty": _("Nothing was saved: say what to do, or what not to do."),
        "notice_leaks": _(
            "Nothing was saved or sent: the notice holds something of people who wrote to us, or "
            "of the office. It is shown below. Write it in other words."
        ),
        "look_at_words": _(
            "Nothing was saved: some words of the notice may be names. Look at them below, and say "
            "that none of them is."
        ),
        "notice_gone": _("Another notice stands by now. Nothing was changed."),
        "approved_by_another": _("You wrote this notice yourself. A colleague has to approve it."),
        "not_approved": _("It cannot go out yet: a second person has to approve it."),
    }
