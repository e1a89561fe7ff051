# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning again in words: what happened, to whom, how a journey was and how it goes now.

Who is in shelter and lacks a bed needs other help than who is still in danger; so the words differ.
"""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations


def blow(code: str, language: str, *, begun: bool) -> str:
    """Say what happened to a journey; {what} is the sheet that it is about, {day} the day."""
    _ = translations(language).gettext
    if begun:
        return {
            "no_bed": _("No bed from {day} on: {what} takes nobody any more"),
            "escort_gone": _("On the road, and their escort is gone: {what}"),
            "road_closed": _("On the road, and the way ahead is closed on {day}: {what}"),
            "border_closed": _("In shelter, but the border is closed on {day}: {what}"),
        }[code]
    return {
        "no_bed": _("Not brought out yet, and no bed waits from {day} on: {what}"),
        "escort_gone": _("Not brought out yet, and their escort is gone: {what}"),
        "road_closed": _("Not brought out yet, and the way is closed on {day}: {what}"),
        "border_closed": _("The border is closed on {day}, when they were to go on: {what}"),
        "too_late": _("Too late now: they were to leave on {day}, after the deadline"),
    }[code]


def no_bed_tonight(language: str) -> str:
    """Say it of who is in shelter; {what} is the house."""
    _ = translations(language).gettext
    return _("No bed tonight: {what} takes nobody any more")


def no_longer(language: str, *, begun: bool) -> str:
    """Say of somebody that no place is left, though nothing happened to what they need."""
    _ = translations(language).gettext
    if begun:
        return _("In shelter, but there is no room for all of them any more")
    return _("Not brought out yet, and there is no place for all of them any more")


def promised(level: int, language: str, *, begun: bool) -> str:
    """Say who was told of a journey that is no more."""
    _ = translations(language).gettext
    if begun:
        return _("on the way")
    return (
        _("nobody was told"),
        _("they were told"),
        _("they and the host were told"),
        _("a ticket was bought"),
    )[level]


def ride(language: str) -> str:
    """Say a leg on a day; {day}, {at} and {leg} are put in."""
    _ = translations(language).gettext
    return _("{day}, {at}: {leg}")


def ride_open(language: str) -> str:
    """Say a leg of which people have yet to find the hour and who goes along."""
    _ = translations(language).gettext
    return _("{day}: {leg}. Who goes along is still to be found.")


def within_town(language: str) -> str:
    """Name a ride to another house of the town, for which no leg is written down."""
    _ = translations(language).gettext
    return _("to another house in the town")


def along(language: str) -> str:
    """Say who goes along."""
    _ = translations(language).gettext
    return _("Goes along: {escort}")


def night(language: str, *, ends: bool) -> str:
    """Say where a party sleeps."""
    _ = translations(language).gettext
    if ends:
        return _("{house}, from {day} until {end}")
    return _("{house}, from {day}, as long as it is planned")


def onward(language: str) -> str:
    """Say where they go on to."""
    _ = translations(language).gettext
    return _("{day}: on to {country}")


def bare(language: str) -> str:
    """Say that a party in shelter has no bed from a day on."""
    _ = translations(language).gettext
    return _("No bed from {day} on was found. Somebody has to find one.")


def left_behind(language: str) -> str:
    """Say that a party that was to go is not moved now."""
    _ = translations(language).gettext
    return _("Not moved by this plan; still in danger.")


def no_journey(language: str) -> str:
    """Say that a party had no journey before."""
    _ = translations(language).gettext
    return _("No journey was planned.")


def taken_off(language: str) -> str:
    """Say on the sheet of a ride why it is off the record."""
    _ = translations(language).gettext
    return _("Planned again: they sleep elsewhere.")


def refused(code: str, language: str) -> str:
    """Say why a plan that was made again was not approved; nothing where it is said as of any."""
    _ = translations(language).gettext
    return {
        "expenses_unknown": _(
            "Looking for who goes in whose place was stopped before it ended, so nothing can be "
            "approved. Press Plan again, and let it end."
        ),
        "planned_on_changed": _(
            "Something it was planned on has changed meanwhile, or what it begins with has left, "
            "and nothing was written. Press Plan again."
        ),
    }.get(code, "")


def refusals(_: Translate) -> dict[str, str]:
    """Return why nothing was planned again, by the refusal's code."""
    return {
        "nothing_stands": _("No journey stands that could be planned again."),
        "nothing_changes": _(
            "There is no plan here to approve, or it changes nothing. Plan again first."
        ),
    }
