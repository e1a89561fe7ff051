# SPDX-License-Identifier: AGPL-3.0-or-later
"""The board in words: why a house is red, what is against a ride, and what runs out."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import translations
from safeconduct.rooms.passage.board.clock import Of, Runs
from safeconduct.rooms.passage.board.soon import Against
from safeconduct.rooms.passage.board.tonight import Red, Why


def why(red: Red, night: str, language: str) -> str:
    """Say why a house is red; `night` is the first such night in words."""
    t = translations(language)
    few = t.ngettext("%(num)s bed too few", "%(num)s beds too few", red.missing)
    few = few % {"num": red.missing}
    said = {
        Why.BURNED: t.gettext("Burned: those who hunt know of it, and people are to sleep there"),
        Why.CLOSED: t.gettext("Closed on the night of %(night)s, and people are to sleep there"),
        Why.ENDS: t.gettext(
            "No longer ours on the night of %(night)s, and people are to sleep there"
        ),
        Why.TOO_MANY: t.gettext("More people than beds on %(night)s: %(few)s"),
        Why.HELD_TWICE: t.gettext("One bed is held more than once on %(night)s: %(few)s"),
        Why.NO_BED_TOMORROW: t.gettext("No bed tomorrow"),
        Why.LATE: t.gettext("They were to have left, and nobody said that they did"),
    }[red.why]
    return said % {"night": night, "few": few}


def against(one: Against, language: str) -> str:
    """Say what is against a ride."""
    _ = translations(language).gettext
    return {
        Against.TWO_WORDS: _("Two people wrote one field at once: settle it first."),
        Against.NO_PARTY: _("It names no party that is known here."),
        Against.LEG_CLOSED: _("The leg or its departure is closed."),
        Against.POINT_CLOSED: _("The meeting point is closed."),
        Against.HOUSE_CLOSED: _("The house where they are to sleep is closed or burned."),
        Against.WHICH_HOUSE: _(
            "It is not clear to which house: of this journey no stay begins on that day, or they "
            "name more than one house."
        ),
        Against.ESCORT_GONE: _("The escort was arrested or left us."),
        Against.NO_ESCORT: _("They may not travel alone, and nobody takes them."),
        Against.VEHICLE: _("The vehicle is broken, or known to those who hunt."),
        Against.PAUSED: _("The party is not to be moved for now, or we no longer look after it."),
        Against.SAID_OFF: _("Somebody says that it is off the record: settle it first."),
        Against.PROPOSED: _("Its people were not told of this journey yet."),
        Against.TOO_FEW_SEATS: _("More people are to go than the escort or the vehicle takes."),
        Against.TWICE: _("The escort or the vehicle is on another leg at that time."),
    }[one]


def runs(one: Runs, language: str) -> str:
    """Say what runs out, before the name of what it is about."""
    _ = translations(language).gettext
    return {
        Of.DEADLINE: _("Deadline: they must be gone the evening before"),
        Of.PUBLIC: _("Said in public"),
        Of.LEAVES: _("Leaves the country"),
        Of.HOUSE: _("The house is given back"),
        Of.HOLD: _("The hold on a bed runs out"),
        Of.SURE: _("Make sure of this party again"),
    }[one.of]


def left(days: int, language: str) -> str:
    """Say how many days are left."""
    t = translations(language)
    if days == 0:
        return t.gettext("today")
    if days == 1:
        return t.gettext("tomorrow")
    if days > 0:
        return t.ngettext("in %(num)s day", "in %(num)s days", days) % {"num": days}
    return t.ngettext("%(num)s day ago", "%(num)s days ago", -days) % {"num": -days}
