# SPDX-License-Identifier: AGPL-3.0-or-later
"""Consent in words: what for, how it was said, how it stands, and why nothing is passed on."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.edges.desk.wording import Wording
from safeconduct.kernel.words import DAY, Instant
from safeconduct.rooms.cases.consent import Asking, Consent, How, Purpose, WhyNot, day_of


def purpose(one: Purpose, language: str) -> str:
    """Name what something is passed on for."""
    _ = translations(language).gettext
    return {
        Purpose.REFERRAL: _("Referral: a doctor, a lawyer, an organisation, a place to stay"),
        Purpose.TESTIMONY: _("Testimony: a court, or people who inquire"),
        Purpose.PUBLICATION: _("Publication"),
        Purpose.AUTHORITIES: _("Authorities"),
        Purpose.RESEARCH: _("Research and counting"),
        Purpose.RELATIVES: _("Telling a relative, or somebody close"),
        Purpose.OWN_FILE: _("Their own file, to themselves"),
        Purpose.OTHER: _("Something else"),
    }[one]


def aim(asking: Asking, language: str) -> str:
    """Say what something is passed on for, in the helper's words where it is something else."""
    return asking.other or purpose(asking.purpose, language)


def how(one: How, language: str) -> str:
    """Say how a person answered."""
    _ = translations(language).gettext
    return {
        How.SPOKEN: _("spoken"),
        How.WRITING: _("in writing"),
        How.THROUGH: _("through somebody"),
    }[one]


def day(number: int, now: Instant, words: Wording) -> str:
    """Say a day by its number since 1970."""
    return words.day(Instant(number * DAY), now)


def stands(consent: Consent, now: Instant, words: Wording) -> str:
    """Say how a consent stands today."""
    _ = translations(words.language).gettext
    until = day(consent.said.until, now, words)
    if any(one.withdrew == consent.id for one in consent.against):
        return _("taken back")
    if consent.against:
        return _("does not hold: a no to the same stands against it")
    if consent.lapses(day_of(now)):
        return _("holds, and lapses soon: until {day}").format(day=until)
    if consent.holds(day_of(now)):
        return _("holds until {day}").format(day=until)
    return _("ran out: it held until {day}").format(day=until)


def why_not(one: WhyNot, language: str) -> str:
    """Say why something is not passed on, and what to do."""
    _ = translations(language).gettext
    return {
        WhyNot.UNSEEN: _(
            "This desk cannot read the contact part of the case, in which consents stand, so "
            "nothing goes out from here. Ask somebody who can read it. Nothing was passed on."
        ),
        WhyNot.NONE: _(
            "The person has not been asked whether this may go there. Read the text to them on "
            "Consent, on the page of the case, and write down their answer. Nothing was passed on."
        ),
        WhyNot.REFUSED: _(
            "The person said no to this. That stands: it does not go there, and nobody asks them "
            "again unless they come back to it themselves. Nothing was passed on."
        ),
        WhyNot.WITHDRAWN: _(
            "The person took back their consent to this. It does not go there, unless they say yes "
            "anew by themselves; write that down on Consent then. Nothing was passed on."
        ),
        WhyNot.EXPIRED: _(
            "The consent to this has run out. Ask the person anew, read the text to them on "
            "Consent, and write down their answer. Nothing was passed on."
        ),
        WhyNot.OTHER_RECIPIENT: _(
            "The person allowed this for somebody else, and not for this recipient. Choose the "
            "recipient as it stands on Consent, or ask the person about this one. Nothing was "
            "passed on."
        ),
    }[one]


def tongue(tag: str, words: Wording) -> str:
    """Name the language of a text that was read; what has no name here is another one."""
    other: str = translations(words.language).gettext("another language")
    return dict(words.languages()).get(tag.partition("-")[0], other)


def refusals(_: Translate) -> dict[str, str]:
    """Return why something about consent was not kept, by the refusal's code."""
    return {
        "consent_of_nobody": _(
            "Consent is somebody’s own. Write the person into the record of the case first, then "
            "come back here. Nothing was saved."
        ),
        "wrong_consent": _(
            "Something is missing or does not fit; the fields are marked. Who gets it has 200 "
            "characters at most, and so has who spoke for them; a consent needs how they said it "
            "and a last day, at most two years after they said it. Nothing was saved, and what you "
            "typed is still here."
        ),
        "consent_refused_meanwhile": _(
            "A colleague has written down a no to the same that you had not seen. It is shown on "
            "this page now. Save again only if the person said yes after that, by themselves. "
            "Nothing was saved."
        ),
        "no_has_no_limits": _(
            "A no is kept without limits and without who spoke for them, and the fields that are "
            "marked have words. If those matter, write them as a note into the part Contact on the "
            "page of the case; then clear the fields and save the no. Nothing was saved, and what "
            "you typed is still here."
        ),
        "no_such_consent": _("This consent was taken back already. There is nothing left to do."),
    }
