# SPDX-License-Identifier: AGPL-3.0-or-later
"""Houses, roads and countries in words: kinds of sheets, their fields, and what may be chosen."""

from __future__ import annotations

from functools import partial
from typing import Final

from safeconduct.edges.desk import journey_words
from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.edges.desk.sheet_naming import Naming
from safeconduct.kernel.sheets import Form
from safeconduct.rooms.passage import Network, Sheet
from safeconduct.rooms.passage.kinds import NAMED, field_named

PLACE_MOST: Final = 60
"""Characters of a place in the name of another sheet."""
_ABOUT: Final = ("closes", "house", "who", "journey", "party")
"""Fields of sheets that are about another one, and are named by it."""


def naming(network: Network, language: str) -> Naming:
    """Return how a language names these sheets; of another sheet what can be read here."""
    return Naming(
        one=partial(one, language=language),
        field=partial(field, language=language),
        form=form,
        choices=choices,
        choice=partial(choice, language=language),
        names=names,
        label=partial(label, network, language=language),
    )


def kind(name: str, language: str) -> str:
    """Name a kind of sheet, as a heading over several."""
    _ = translations(language).gettext
    return {
        "house": _("Safe houses"),
        "household": _("Hosts"),
        "nights": _("Nights with more or fewer beds"),
        "house_learnt": _("What hosts have learnt"),
        "house_closed": _("Houses that are closed or burned"),
        "town": _("Towns"),
        "point": _("Meeting points"),
        "leg": _("Legs"),
        "departure": _("Departures"),
        "escort": _("Escorts"),
        "vehicle": _("Vehicles"),
        "road_learnt": _("What escorts have learnt"),
        "road_closed": _("What is closed on the roads"),
        "country": _("Countries that take people in"),
        "crossing": _("Border crossings"),
        "border_closed": _("What is closed at the borders"),
        **journey_words.kinds(_),
    }[name]


def adding(name: str, language: str) -> str:
    """Say what a new sheet of a kind is."""
    _ = translations(language).gettext
    return {
        "house": _("Add a safe house"),
        "household": _("Add a host"),
        "nights": _("Add nights with more or fewer beds"),
        "house_learnt": _("Write down what a host has learnt"),
        "house_closed": _("Close a house"),
        "town": _("Add a town"),
        "point": _("Add a meeting point"),
        "leg": _("Add a leg"),
        "departure": _("Add a departure"),
        "escort": _("Add an escort"),
        "vehicle": _("Add a vehicle"),
        "road_learnt": _("Write down what an escort has learnt"),
        "road_closed": _("Close something on the roads"),
        "country": _("Add a country"),
        "crossing": _("Add a border crossing"),
        "border_closed": _("Close a border or a country"),
        **journey_words.adding(_),
    }[name]


def one(name: str, language: str) -> str:
    """Name one sheet of a kind."""
    _ = translations(language).gettext
    return {
        "house": _("Safe house"),
        "household": _("Host"),
        "nights": _("Nights"),
        "house_learnt": _("Learnt by a host"),
        "house_closed": _("House closed"),
        "town": _("Town"),
        "point": _("Meeting point"),
        "leg": _("Leg"),
        "departure": _("Departure"),
        "escort": _("Escort"),
        "vehicle": _("Vehicle"),
        "road_learnt": _("Learnt by an escort"),
        "road_closed": _("Closed on the roads"),
        "country": _("Country"),
        "crossing": _("Border crossing"),
        "border_closed": _("Closed at the border"),
        **journey_words.ones(_),
    }[name]


def field(of: str, name: str, language: str) -> str:
    """Name a field of a kind of sheet."""
    _ = translations(language).gettext
    own = {
        "household.name": _("Name, or what you call them"),
        "household.people": _("How many live there"),
        "household.reach": _("How and when to reach them safely"),
        "escort.name": _("Name, or what you call them"),
        "escort.reach": _("How and when to reach them safely"),
        "escort.most": _("How many of our people they may meet at most"),
        "departure.most": _("How many of our people together at most"),
        "departure.source": _("Where the timetable is from"),
        "point.where": _("The place, so that a stranger finds it"),
        "country.name": _("Country"),
        "country.accepts": _("Papers with which people can go there, at least"),
        "nights.why": _("Why"),
        "house.until": _("Ours until"),
        "house.cost": _("Cost of a night"),
        **_of_events(_),
        **journey_words.fields(_),
    }
    return own.get(f"{of}.{name}") or {**_first_fields(_), **_more_fields(_)}[name]


def _of_events(_: Translate) -> dict[str, str]:
    return {
        "house_closed.closes": _("Which house"),
        "house_closed.how": _("How"),
        "road_closed.closes": _("What is closed"),
        "border_closed.closes": _("What is closed"),
        "house_closed.why": _("What happened"),
        "road_closed.why": _("What happened"),
        "border_closed.why": _("What happened"),
    }


def _first_fields(_: Translate) -> dict[str, str]:
    return {
        "where": _("Address"),
        "town": _("Town"),
        "host": _("Host"),
        "house": _("Safe house"),
        "beds": _("Beds"),
        "suits": _("For whom it suits"),
        "trust": _("How far we trust them"),
        "state": _("State"),
        "rules": _("Rules of the house, and what neighbours may notice"),
        "name": _("Name, or what you call it"),
        "languages": _("Languages"),
        "knows": _("Whom of us they know"),
        "begins": _("First day"),
        "ends": _("Last day, if it is known"),
        "who": _("Who"),
        "day": _("Day"),
        "of": _("Of whom: a code name, never a name"),
        "what": _("What they have learnt"),
        "also": _("Other names of it"),
        "region": _("Region"),
        "position": _("Where the map draws it: degrees north and east, as 61.50 44.25"),
        "note": _("More about it"),
        "hours": _("When"),
        "watched": _("Cameras, police or informers"),
        "taken_off": _("Taken off, because"),
    }


def _more_fields(_: Translate) -> dict[str, str]:
    return {
        "from": _("Where it begins"),
        "to": _("Where it ends"),
        "mode": _("By what"),
        "minutes": _("Minutes on the way"),
        "cost": _("Cost for one person"),
        "exposure": _("How exposed one is"),
        "registers": _("Whether names are registered"),
        "checkpoints": _("Checkpoints on the way"),
        "leg": _("Leg"),
        "at": _("Time of departure"),
        "days": _("On which days of the week"),
        "lives_with": _("Lives with, and so knows what this escort knows"),
        "escort": _("Who drives it"),
        "seats": _("Seats for passengers"),
        "route": _("The way there and in"),
        "documents": _("Documents that are needed"),
        "wait": _("Days until a visa or an answer"),
        "quota": _("How many they take"),
        "per": _("In which time"),
        "contact": _("Who helps there"),
        "dangers": _("Who could find them there: relatives, diaspora, state"),
        "country": _("Into which country"),
        "papers": _("Papers that are asked for there"),
    }


def form(of: str, name: str) -> str:
    """Return in which form a field's value is; a reason for taking a sheet off is a text."""
    known = field_named(of, name)
    return (known.form if known else Form.TEXT).value


def choices(of: str, name: str) -> tuple[str, ...]:
    """Return what may be chosen in a field; nothing where it is no choice."""
    known = field_named(of, name)
    return known.choices if known else ()


def names(of: str, name: str) -> tuple[str, ...]:
    """Return the kinds of sheets that a field may name."""
    known = field_named(of, name)
    return known.of if known else ()


def choice(of: str, name: str, value: str, language: str) -> str:
    """Name what was chosen in a field."""
    _ = translations(language).gettext
    own = {
        "house.state.resting": _("takes nobody for now"),
        "house.state.closed": _("closed"),
        "vehicle.state.fit": _("fit to drive"),
        "country.state.closed": _("takes nobody"),
        "country.accepts.none": _("none"),
        "country.accepts.identity": _("identity card"),
        "country.accepts.passport": _("passport for travel"),
        "trust.none": _("not at all"),
        "trust.low": _("a little"),
        "trust.fair": _("well"),
        "trust.high": _("fully"),
        **journey_words.choices(_),
    }
    known = own.get(f"{of}.{name}.{value}") or own.get(f"{name}.{value}")
    return known or {**_states(_), **_ways(_), **_days(_)}[value]


def _states(_: Translate) -> dict[str, str]:
    return {
        "burned": _("burned: those who hunt know of it"),
        "closed": _("closed"),
        "resting": _("rests for now"),
        "fit": _("fit"),
        "arrested": _("arrested"),
        "left": _("left us"),
        "ready": _("ready"),
        "known": _("known to those who hunt"),
        "broken": _("broken"),
        "waits": _("takes people, after a wait"),
        "open": _("takes people"),
        "any": _("anybody"),
        "women": _("women"),
        "family": _("families with children"),
        "medical": _("somebody who is ill or injured"),
    }


def _ways(_: Translate) -> dict[str, str]:
    return {
        "yes": _("yes"),
        "no": _("no"),
        "very_high": _("very exposed"),
        "high": _("exposed"),
        "fair": _("somewhat exposed"),
        "low": _("little exposed"),
        "foot": _("on foot"),
        "car": _("by car"),
        "coach": _("by coach"),
        "train": _("by train"),
        "plane": _("by plane"),
        "boat": _("by boat"),
        "all": _("in all"),
        "year": _("a year"),
        "month": _("a month"),
        "week": _("a week"),
    }


def _days(_: Translate) -> dict[str, str]:
    return {
        "monday": _("Monday"),
        "tuesday": _("Tuesday"),
        "wednesday": _("Wednesday"),
        "thursday": _("Thursday"),
        "friday": _("Friday"),
        "saturday": _("Saturday"),
        "sunday": _("Sunday"),
    }


def label(network: Network, sheet: Sheet, language: str) -> str:
    """Name a sheet where another names it: houses and people by code name, never by address.

    What hangs on another is named by that, as far as it can be read here.
    """
    if sheet.kind in NAMED:
        called = f" ({sheet.called})" if sheet.called else ""
        return f"{one(sheet.kind, language)} {sheet.name}{called}"
    if sheet.kind == "leg":
        ends = " – ".join(_named(network, sheet, name, language) for name in ("from", "to"))
        mode = sheet.text("mode")
        return f"{ends}, {choice('leg', 'mode', mode, language)}" if mode else ends
    if sheet.kind == "departure":
        return f"{sheet.text('at')} {_named(network, sheet, 'leg', language)}".strip()
    if sheet.kind == "point":
        where = sheet.text("where")[:PLACE_MOST]
        return f"{_named(network, sheet, 'town', language)}: {where}"
    about = next((name for name in _ABOUT if names(sheet.kind, name)), "")
    if about:
        return f"{one(sheet.kind, language)}: {_whose(network, sheet, about, language)}"
    return sheet.called or one(sheet.kind, language)


def _whose(network: Network, sheet: Sheet, about: str, language: str) -> str:
    """Name what a sheet is about; of a journey whose it is."""
    journey = network.named(sheet.text(about), about) if about == "journey" else None
    if journey is not None:
        return _named(network, journey, "party", language)
    return _named(network, sheet, about, language)


def _named(network: Network, sheet: Sheet, name: str, language: str) -> str:
    """Name what a field names; an unknown one by what it is."""
    of = names(sheet.kind, name)
    found = network.named(sheet.text(name), *of)
    return label(network, found, language) if found else one(of[0], language)
