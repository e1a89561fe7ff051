# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a party is not moved in words: what bars a way, what would be enough, one more of what.

For who plans alone: these sentences tell who belongs to whom, and who sleeps where.  What stands in
braces is a name or a day in words, and never a number of the operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.passage.why.more import Kind
from safeconduct.rooms.passage.why.obstacles import Obstacle

if TYPE_CHECKING:
    from collections.abc import Mapping


def own(of: Obstacle, language: str) -> str:
    """Say what bars a way whoever else goes."""
    _ = translations(language).gettext
    return {
        Obstacle.READY: _("it leaves before they can leave"),
        Obstacle.REACH: _("those who hunt them reach the town where it ends"),
        Obstacle.ESCORT: _("nobody goes along, and they cannot travel alone"),
        Obstacle.SEATS: _("the car has too few seats for them"),
        Obstacle.DRIVING: _("the escort is elsewhere at that time"),
        Obstacle.KNOWLEDGE: _("the escort may meet nobody more"),
        Obstacle.MET_ESCORT: _("the escort has met somebody of their circle"),
        Obstacle.PLACES: _("fewer of ours may go on that departure than they are"),
        Obstacle.HOUSE: _("no house there suits them and takes them all"),
        Obstacle.MET_HOST: _("the host has met somebody of their circle"),
        Obstacle.BEDS: _("the house has too few beds for them on some night"),
        Obstacle.PAPERS: _("no country takes their papers as soon as the beds end"),
        Obstacle.QUOTA: _("the country takes fewer people in that week than they are"),
        Obstacle.CEILING: _("the whole journey is more exposed than was allowed"),
    }[of]


def taken(of: Obstacle, language: str) -> str:
    """Say what of a way others of this plan have; what others cannot have is said as it is."""
    _ = translations(language).gettext
    return {
        Obstacle.SEATS: _("others have the seats"),
        Obstacle.DRIVING: _("the escort goes with others at that time"),
        Obstacle.KNOWLEDGE: _("the escort meets as many others as may be"),
        Obstacle.MET_ESCORT: _("the escort meets others of their circle"),
        Obstacle.PLACES: _("as many others of ours as may be are on that departure"),
        Obstacle.MET_HOST: _("the host meets others of their circle"),
        Obstacle.BEDS: _("others have the beds"),
        Obstacle.QUOTA: _("others go to the country in that week"),
    }.get(of) or own(of, language)


def enough(of: Obstacle, names: Mapping[str, str], language: str) -> str:
    """Say what alone would be enough, of one journey whose sheets and days these names say."""
    _ = translations(language).gettext
    return {
        Obstacle.READY: _("that they can leave on {out}"),
        Obstacle.REACH: _("that those who hunt them do not reach {town}"),
        Obstacle.ESCORT: _("somebody who goes along on {out}: {way}"),
        Obstacle.SEATS: _("seats for all of them on {out} ({escort})"),
        Obstacle.DRIVING: _("a second escort on {out}, beside {escort}"),
        Obstacle.KNOWLEDGE: _("one party more that an escort may meet ({escort})"),
        Obstacle.MET_ESCORT: _(
            "on {out} an escort to {town} who meets nobody else of their circle"
        ),
        Obstacle.PLACES: _("places together for all of them on {out} ({departure})"),
        Obstacle.HOUSE: _("a house in {town} that suits them and takes them all"),
        Obstacle.MET_HOST: _("a host in {town} who meets nobody else of their circle"),
        Obstacle.BEDS: _("beds for all of them from {arrive} until {leave} ({house})"),
        Obstacle.PAPERS: _("papers that are taken from {leave} on ({country})"),
        Obstacle.QUOTA: _("places abroad for all of them in the week of {leave} ({country})"),
        Obstacle.CEILING: _("a less exposed way to {town}, or a higher ceiling"),
    }[of].format_map(names)


def more(of: Kind, names: Mapping[str, str], language: str) -> str:
    """Say of what there would be one more."""
    _ = translations(language).gettext
    return {
        Kind.BED: _("one more bed on each night ({house})"),
        Kind.SEAT: _("one more seat in the car ({escort})"),
        Kind.PLACE: _("one more place on {out} ({departure})"),
        Kind.QUOTA: _("one more place abroad in the week from {week} on ({country})"),
        Kind.KNOWLEDGE: _("one party more that an escort may meet ({escort})"),
        Kind.ESCORT: _("a second escort who goes as this one does ({escort})"),
        Kind.COMPANION: _(
            "somebody who goes along once, on {out}, with four people at most: {way}"
        ),
    }[of].format_map(names)


def refusals(_: Translate) -> dict[str, str]:
    """Return why nothing was answered, by the refusal's code."""
    return {
        "nothing_to_explain": _(
            "There is no plan to ask about. Make one first, and ask when it has ended."
        ),
        "no_such_question": _("Choose a party of the plan and a day of the time that is planned."),
    }
