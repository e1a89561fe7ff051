# SPDX-License-Identifier: AGPL-3.0-or-later
"""The book of journeys in words: kinds of sheets, their fields, and what may be chosen.

`ways_words` asks for them; what stands here alone is looked up by kind and field together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safeconduct.edges.desk.i18n import Translate


def kinds(_: Translate) -> dict[str, str]:
    """Name each kind, as a heading over several."""
    return {
        "party": _("Parties who must go"),
        "reach": _("Towns that pursuers reach"),
        "acquainted": _("Parties who know each other"),
        "journey": _("Journeys"),
        "ride": _("Legs of journeys"),
        "stay": _("Stays in houses"),
    }


def adding(_: Translate) -> dict[str, str]:
    """Say what a new sheet of each kind is."""
    return {
        "party": _("Add a party"),
        "reach": _("Add a town that pursuers reach"),
        "acquainted": _("Say that two parties know each other"),
        "journey": _("Add a journey"),
        "ride": _("Add a leg to a journey"),
        "stay": _("Hold a bed"),
    }


def ones(_: Translate) -> dict[str, str]:
    """Name one sheet of each kind."""
    return {
        "party": _("Party"),
        "reach": _("A town that pursuers reach"),
        "acquainted": _("Know each other"),
        "journey": _("Journey"),
        "ride": _("Leg of a journey"),
        "stay": _("Stay"),
    }


def fields(_: Translate) -> dict[str, str]:
    """Name fields, by kind and name."""
    return {
        "party.size": _("How many people, children included"),
        "party.risk": _("How great the danger is"),
        "party.town": _("In which town they are now"),
        "party.ready": _("First day on which they can leave"),
        "party.deadline": _("Deadline: they must be gone the evening before this day"),
        "party.alone": _("May travel without an escort"),
        "party.wanted": _("Somebody of them is on a search list"),
        "party.papers": _("Papers that all of them have"),
        "party.need": _("Which house they need"),
        "reach.party": _("Which party"),
        "reach.town": _("Town that their pursuers reach"),
        "acquainted.party": _("One party"),
        "acquainted.other": _("The other party"),
        "journey.party": _("Which party"),
        "journey.state": _("How far it is promised"),
        "journey.country": _("On to which country"),
        "journey.leaves": _("On which day they leave the country"),
        "ride.journey": _("Which journey"),
        "ride.leg": _("Leg; leave it empty only for a move within the town"),
        "ride.at": _("At what time"),
        "ride.departure": _("By which departure"),
        "ride.meets": _("Where they meet"),
        "ride.escort": _("Who takes them"),
        "ride.vehicle": _("In which vehicle"),
        "stay.journey": _("Which journey"),
        "stay.begins": _("First night"),
        "stay.ends": _("Day of leaving, if it is known"),
        "stay.until": _("A bed that is held is free again after"),
    }


def choices(_: Translate) -> dict[str, str]:
    """Name what may be chosen, by kind, field and value."""
    return {
        "party.risk.gravest": _("killed if found, and hunted now"),
        "party.risk.grave": _("killed or tortured if found"),
        "party.risk.high": _("hunted"),
        "party.risk.raised": _("threatened"),
        "party.risk.standard": _("in danger as all here are"),
        "party.papers.none": _("none"),
        "party.papers.identity": _("identity card"),
        "party.papers.passport": _("passport for travel"),
        "party.state.waits": _("waits to go"),
        "party.state.paused": _("not to be moved for now"),
        "party.state.over": _("we no longer look after them"),
        "party.need.any": _("any house"),
        "party.need.women": _("a house for women"),
        "party.need.family": _("a house for families"),
        "party.need.medical": _("a house with medical help"),
        "journey.state.proposed": _("proposed, nobody told"),
        "journey.state.told": _("the party was told"),
        "journey.state.host_told": _("the host was told too"),
        "journey.state.bought": _("tickets are bought"),
        "journey.state.begun": _("on the way"),
        "journey.state.over": _("arrived, over"),
        "journey.state.called_off": _("called off"),
        "stay.state.held": _("held"),
        "stay.state.agreed": _("agreed with the host"),
        "stay.state.there": _("they sleep there"),
        "stay.state.over": _("over"),
        "stay.state.released": _("given back"),
    }
