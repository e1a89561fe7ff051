# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parts of a case file, and why something was refused, in the language of the page."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.cases import Part


def part(one: Part, language: str) -> str:
    """Name a part."""
    _ = translations(language).gettext
    return {
        Part.IDENTITY: _("Identity"),
        Part.CONTACT: _("Contact"),
        Part.JOURNEY: _("Journey"),
        Part.TESTIMONY: _("Testimony"),
        Part.LEGAL: _("Legal"),
        Part.HEALTH: _("Health"),
    }[one]


def holds(one: Part, language: str) -> str:
    """Say what belongs into a part."""
    _ = translations(language).gettext
    return {
        Part.IDENTITY: _("Real names, papers, family, and who is hunting them."),
        Part.CONTACT: _("How and when to reach them safely."),
        Part.JOURNEY: _("Where they go, when, and with whom."),
        Part.TESTIMONY: _("What was done to them, in their own words."),
        Part.LEGAL: _("Papers for courts and authorities, and their deadlines."),
        Part.HEALTH: _("Illness, injuries, medicine, and care."),
    }[one]


def pages(language: str) -> list[tuple[str, str]]:
    """Return the pages of one case beside its own: the last word of the address, and a name.

    What is needed at night stands first, what is rare or cannot be undone last.
    """
    _ = translations(language).gettext
    return [
        ("risk", _("Risk")),
        ("plan", _("Plan and services")),
        ("abroad", _("Going abroad")),
        ("consent", _("Consent")),
        ("referrals", _("Referrals to partners")),
        ("money", _("Money")),
        ("stages", _("Stages and timeline")),
        ("network", _("Who belongs to whom")),
        ("own", _("A person’s own file")),
        ("erase", _("Erase this case")),
    ]


def refusals(_: Translate) -> dict[str, str]:
    """Return why something was not done with a case file, by the refusal's code."""
    return {
        "may_open_no_case": _("Case files are opened by case workers and stewards."),
        "no_steward_reads": _(
            "Choose at least one steward’s device for each part: when a device is removed, only a "
            "steward’s desk that can read a part gives it a new key. Nothing was opened."
        ),
        "travels_light": _(
            "A device travels with little on it, so that whoever takes it finds little: it is "
            "given no key meanwhile. A steward gives back first what it left, when it asks for "
            "that; then it can be given more. Nothing was opened or given."
        ),
        "cards_disputed": _(
            "Two sets of recovery cards are in dispute. Stewards choose one on Today; until then "
            "no keys are given."
        ),
        "keeps_writing": _("The desk was busy writing. Nothing was opened; please try again."),
        "nobody_chosen": _("Nobody is chosen yet. Tick a team or a device first."),
        **_of_teams(_),
        "no_such_part": _("This desk cannot read that part, so nothing was written or given."),
        "may_not_write": _(
            "This desk can read this part and not write into it. Ask somebody who can: who that is "
            "hangs on their role. Nothing was saved."
        ),
        "nothing_noted": _("There is nothing to save yet. Write something first."),
        "note_too_long": _("This note is too long. Please save it in two parts."),
        "no_case_named": _("Write the name of the case as your colleague told it to you."),
        "no_reason": _("Write why you need it. Stewards read it, and whoever can give the key."),
        "own_request": _("You asked for this yourself. Somebody else has to answer."),
        "asked_no_more": _("This waits for nobody any more: it was answered, or who asked left."),
    }


def _of_teams(_: Translate) -> dict[str, str]:
    return {
        "not_in_team": _(
            "A team is changed by a steward who belongs to it. Nothing was changed. If somebody "
            "has to be shut out tonight, suspend their device."
        ),
        "no_steward_in_team": _(
            "A team needs a steward’s device in it that has its key: only such a desk makes new "
            "keys when somebody leaves. Bring another steward in first, and leave when their desk "
            "has the key. Nothing was changed."
        ),
        "team_unnamed": _("Give the team a name of 1 to 80 characters."),
        "team_name_taken": _("Another team is called the same. Choose a name of its own."),
        "team_too_large": _("A team has 256 devices at most. Make a second one."),
        "team_travels": _(
            "Somebody of this team is on a trip with the team’s key, so the team is given nothing "
            "new until they are back: whoever takes their device would have it. Choose devices by "
            "name instead. Nothing was opened or given."
        ),
        "no_common_steward": _(
            "No steward belongs to all teams that would read this part, so nobody could make new "
            "keys for it when somebody leaves one of them. Bring one steward into these teams "
            "first, or choose devices by name. Nothing was opened or given."
        ),
        "no_such_team": _(
            "This desk does not have that team’s key, so it can give the team nothing. Ask "
            "somebody who belongs to it. Nothing was opened or given."
        ),
    }
