# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning journeys in words: remarks on sheets, what a party lacks, bands, presets, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk import why_words
from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.passage.chosen import Why
from safeconduct.rooms.passage.operations.stuck import Lack

if TYPE_CHECKING:
    from safeconduct.rooms.passage.operations.stuck import Stuck


def remark(code: str, field: str, language: str) -> str:
    """Say what is wrong with a sheet; `field` is the name of the field that it is about."""
    _ = translations(language).gettext
    known = {**_bars(_), **_doubts(_)}
    return known[code].format(field=field)


def _bars(_: Translate) -> dict[str, str]:
    return {
        "not_said": _("nothing is said: {field}"),
        "unclear": _("two different things stand, settle it: {field}"),
        "burned": _("burned: those who hunt know of it"),
        "closed": _("closed"),
        "too_large": _("the number is past belief, correct it: {field}"),
        "resting": _("rests for now"),
        "arrested": _("arrested"),
        "left": _("left us"),
        "known": _("known to those who hunt"),
        "broken": _("broken"),
        "lives_with_arrested": _("lives with somebody who was arrested"),
        "no_departure": _("no departure is written for this leg"),
        "no_day": _("departs on no day of the time that is planned"),
        "ready_later": _("can leave only after the time that is planned"),
    }


def _doubts(_: Translate) -> dict[str, str]:
    return {
        "past": _("the deadline has passed, counted from the evening before"),
        "ready_too_late": _("can leave only when the deadline has passed"),
        "overbooked": _("more people are promised a bed than there are beds"),
        "safer": _("two different things stand; the safer is planned on: {field}"),
        "stale": _("verified too long ago"),
        "changed": _("changed since it was verified"),
        "unverified": _("nobody has made sure of it yet"),
        "hold_over": _("the bed was held until a day that is over, and is planned on as free"),
        "nobody_learnt_of": _("of no party here by this code name: {field}"),
        "other_currency": _("in another currency than most, and so not weighed: {field}"),
    }


def lack(of: Lack, size: int, language: str) -> str:
    """Say what one more of would let a party of so many people go."""
    _ = translations(language).gettext
    ngettext = translations(language).ngettext
    return {
        Lack.ESCORT: _("an escort who goes along from their town"),
        Lack.SEATS: ngettext(
            "a car with a seat for {size}", "a car with seats for {size}", size
        ).format(size=size),
        Lack.KNOWLEDGE: _("an escort who may still meet them"),
        Lack.STRANGER: _("an escort who has met nobody of their circle"),
        Lack.PLACES: ngettext(
            "a place on a departure", "{size} places together on a departure", size
        ).format(size=size),
        Lack.HOUSE: ngettext(
            "a bed in a house that suits, in a town where a way ends",
            "{size} beds in a house that suits, in a town where a way ends",
            size,
        ).format(size=size),
        Lack.EXIT: _("a country that takes them as soon as they come"),
        Lack.CEILING: _("a less exposed way, or a higher ceiling"),
        Lack.WAY: _("a way from their town to another town"),
    }[of]


def stuck(one: Stuck, size: int, language: str) -> str:
    """Say that a party cannot go at all, and what would change it."""
    _ = translations(language).gettext
    lacks = "; ".join(lack(of, size, language) for of in (*one.any_of, *one.all_of))
    if one.any_of:
        return _("Cannot go at all. One of these would change it: {lacks}.").format(lacks=lacks)
    if one.all_of:
        return _("Cannot go at all. It would take all of these: {lacks}.").format(lacks=lacks)
    return _("Cannot go at all, and no single thing would change it.")


def ceiling(name: str, language: str) -> str:
    """Say how exposed a whole journey may be at most."""
    _ = translations(language).gettext
    return {
        "low": _("little: of 20 such journeys about 1 would be stopped"),
        "fair": _("somewhat: of 10 about 1 would be stopped"),
        "high": _("much: of 5 about 1 would be stopped"),
        "very_high": _("very much: of 3 about 1 would be stopped"),
    }[name]


def rates(name: str, language: str) -> str:
    """Say what counts how much."""
    _ = translations(language).gettext
    return {
        "usual": _("as usual: in time first, then less exposed, then sooner, then cheaper"),
        "careful": _("less exposed ways count more, even if some leave later"),
        "sooner": _("leaving sooner counts more, even on dearer or more exposed ways"),
    }[name]


def why(reason: Why, language: str) -> str:
    """Say why a party is put before another."""
    _ = translations(language).gettext
    return {
        Why.OTHER: _("another reason, which this program does not know yet"),
        Why.WORSE: _("their danger is greater than their sheet says"),
        Why.WEAKER: _("a child, or somebody ill or hurt, is among them"),
        Why.LAST_WAY: _("it is the last way for them; the others have one later"),
        Why.MORE: _("more people are saved so"),
        Why.WAITED: _("they were put back before"),
        Why.WISH: _("the others said that they would rather wait"),
    }[reason]


def deeds(_: Translate) -> dict[str, str]:
    """Name what somebody did, by the kind of the fact that says so."""
    return {
        "passage.ChoiceSaid": _("put a party before another"),
        "passage.ChoiceSeconded": _("stood for a choice between parties"),
        "passage.ChoiceFollowed": _("wrote by which choice between parties a journey goes"),
    }


def refusals(_: Translate) -> dict[str, str]:
    """Return why nothing was planned, approved or chosen, by the refusal's code."""
    return {
        "books_lacking": _(
            "Who plans journeys reads all four books. Ask a colleague who reads the others to "
            "give them to you."
        ),
        "sheets_contradict": _(
            "Some facts contradict each other. Correct them, or say below that it is to be "
            "planned on them as they are."
        ),
        "planning_already": _("A search is under way. Stop it first, or wait for its end."),
        "nothing_planned": _("There is nothing to approve: choose at least one journey."),
        "expenses_unknown": _(
            "Looking for who goes in whose place was stopped before it ended, so nothing can be "
            "approved. Make a new plan and let it end."
        ),
        "nobody_waits": _(
            "Nothing can be planned: of no party that waits enough is written "
            "down. Complete their sheets first."
        ),
        "planned_on_changed": _(
            "Something it was planned on has changed meanwhile, or what it begins with has left, "
            "and nothing was written. Make a new plan."
        ),
        "choice_needed": _(
            "Somebody would go, or sleep, in the place of a party that is in greater danger, has "
            "less time, or loses the place it had. Two people decide that: say below why, and let "
            "a colleague second it at their own desk, under Plan journeys, Between people. Do not "
            "lock this desk meanwhile: the plan would be gone."
        ),
        "choice_needs_another": _(
            "Somebody else has to second this: neither who chose nor who has seconded it already."
        ),
        "no_such_choice": _(
            "This choice no longer counts: the sheet of one of the parties was changed since. "
            "Choose again."
        ),
        "choice_without_reason": _("Say which party goes first, before which, and why."),
        **why_words.refusals(_),
    }
