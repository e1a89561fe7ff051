# SPDX-License-Identifier: AGPL-3.0-or-later
"""Danger, reasons and refusals of the queue, in the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.hotline.reasons import Reason, Why
from safeconduct.rooms.hotline.triage import Danger

if TYPE_CHECKING:
    from safeconduct.edges.desk.wording import Wording
    from safeconduct.kernel.words import Instant


def danger(level: Danger, language: str) -> str:
    """Name a level of danger, as a helper chooses it."""
    _ = translations(language).gettext
    return {
        Danger.LIFE: _("Life in danger now"),
        Danger.IN_DANGER: _("In danger"),
        Danger.AT_RISK: _("At risk"),
        Danger.UNJUDGED: _("Danger not judged yet"),
        Danger.NONE_KNOWN: _("No danger known"),
    }[level]


def why(reason: Reason, words: Wording, now: Instant) -> str:
    """Say one reason for a place in the queue; what a helper wrote of it stands apart."""
    chosen = translations(words.language)
    _ = chosen.gettext
    alike = chosen.ngettext(
        "much like {count} other that came before it",
        "much like {count} others that came before it",
        reason.number,
    )
    said = {
        Why.LIFE: _("life in danger now"),
        Why.IN_DANGER: _("in danger"),
        Why.SAYS_DANGER: _("says: in danger today"),
        Why.AT_RISK: _("at risk"),
        Why.UNJUDGED: _("danger not judged yet"),
        Why.NONE_KNOWN: _("no danger known"),
        Why.SUICIDE: _("risk of suicide"),
        Why.MINOR: _("a minor"),
        Why.DEADLINE: _("needed by {time}"),
        Why.DEADLINE_PASSED: _("deadline passed {span} ago"),
        Why.SILENT: _("silent: a word was due {span} ago"),
        Why.LOST_SAID: _("contact lost, says one; a second must say so"),
        Why.LOST: _("contact lost"),
        Why.CLOSED: _("closed"),
        Why.SNOOZED: _("snoozed until {time}"),
        Why.THREAT: _("a threat, not told yet"),
        Why.THREAT_BY: _("a threat, not told yet, until {time}"),
        Why.THREAT_PASSED: _("a threat, not told, its time passed {span} ago"),
        Why.THREAT_TOLD: _("a threat, written to since"),
        Why.ALIKE: alike.format(count=words.number(reason.number)),
        Why.IMPORTED: _("brought in from before, not looked at yet"),
        Why.HOSTILE: _("marked hostile"),
        Why.SAID_HOSTILE: _("marked hostile, not put away yet"),
        Why.JUDGED_BY: _("judged in danger"),
        Why.SAME_AS_HOSTILE: _("the same text as one marked hostile"),
    }[reason.why]
    if reason.at is None:
        return said
    return said.format(time=words.at(reason.at, now), span=words.span(max(0, now - reason.at)))


def refusals(_: Translate) -> dict[str, str]:
    """Return why something was not set, by the refusal's code."""
    return {
        "time_not_ahead": _("Nothing was saved: choose a time that is still to come."),
        "time_too_far": _(
            "Nothing was saved: that is too far ahead. A conversation is snoozed for seven days "
            "at most, and other times lie within ninety days."
        ),
        "why_missing": _("Nothing was saved: say in a few words why."),
        "tags_too_long": _(
            "Nothing was saved: twenty tags at most, each of a few words, with commas between."
        ),
        "answer_first": _("Nothing was saved: a message of this person waits. Answer it first."),
        "silent_first": _(
            "Not closed: this person has fallen silent. Set a new time, say that contact is lost, "
            "or say first that there is no danger known."
        ),
        "nothing_lost": _("Nobody says any more that contact is lost. Nothing was changed."),
        "marked_by_another": _(
            "You marked this person yourself, and a colleague judged them to be in danger. "
            "Somebody else has to mark them too."
        ),
        "lost_by_another": _(
            "You said yourself that contact is lost. A colleague has to say so too."
        ),
    }
