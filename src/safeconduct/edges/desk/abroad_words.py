# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going abroad in words: options, relocations, the checklist, what happened after; and alarms."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.cases.relocation_due import Alarm, Why


def kinds(_: Translate) -> dict[str, str]:
    """Name kinds of sheets, as headings over several."""
    return {
        "option": _("Options that were offered"),
        "relocation": _("Who goes where"),
        "item": _("Checklist"),
        "after": _("After arrival"),
    }


def adding(_: Translate) -> dict[str, str]:
    """Say what a new sheet of each kind is."""
    return {
        "option": _("Add an option"),
        "relocation": _("Write down who goes where"),
        "item": _("Add to the checklist"),
        "after": _("Write down what was heard after arrival"),
    }


def ones(_: Translate) -> dict[str, str]:
    """Name one sheet of each kind."""
    return {
        "option": _("Option"),
        "relocation": _("Going abroad"),
        "item": _("Thing on the checklist"),
        "after": _("Heard after arrival"),
    }


def fields(_: Translate) -> dict[str, str]:
    """Name their fields."""
    return {
        "option.for": _("To whom it was offered"),
        "option.country": _("Country, as people call it"),
        "option.route": _("By which way"),
        "option.offered": _("When it was offered"),
        "option.by": _("Who offered it"),
        "option.answer": _("What they answered; nobody has to give a reason"),
        "option.note": _("What they want to have written down about it"),
        "relocation.of": _("Who goes"),
        "relocation.country": _("Country, as people call it"),
        "relocation.option": _("Which option they chose"),
        "relocation.stage": _("How far it is"),
        "relocation.route": _("By which way"),
        "relocation.travels": _("Day of travel"),
        "relocation.arrives": _("Day of arrival"),
        "relocation.children": _("Do children come along?"),
        "relocation.owner": _("Who sees to it"),
        "after.of": _("Of whose way"),
        "after.day": _("Day"),
        "after.how": _("How it was heard"),
        "after.danger": _("Danger where they are"),
        "after.words": _("What they say"),
        "after.next": _("When to hear of them next"),
        "after.reach": _("How and when to reach them there"),
        "after.status": _("Protection there"),
        "after.health": _("How they are, and what they need"),
        **_of_items(_),
    }


def _of_items(_: Translate) -> dict[str, str]:
    return {
        "item.of": _("For whose way"),
        "item.what": _("What it is"),
        "item.state": _("How far it is"),
        "item.for": _("For whom, if it is a child’s"),
        "item.owner": _("Who sees to it"),
        "item.due": _("Until which day it has to be there"),
        "item.day": _("On which day"),
        "item.at": _("At what time there"),
        "item.where": _("Where; never the address of a hiding place"),
        "item.who": _("Who: a code name or an organisation"),
        "item.language": _("Between which languages"),
        "item.expires": _("Valid until"),
        "item.amount": _("How much money, as 300 EUR"),
        "item.enough": _("For how many days it is enough"),
        "item.note": _("More about it"),
        "item.number": _("Number or booking code"),
        "item.reach": _("How to reach them"),
        "item.claim": _("For the lawyer: where protection is asked for, and until when"),
        "item.medicine": _("Which medicine, how much, and the paper for it"),
    }


def choices(_: Translate) -> dict[str, str]:
    """Name what may be chosen in them."""
    things = {f"item.what.{name}": word for name, word in _things(_).items()}
    return things | {
        "option.answer.waits": _("no answer yet"),
        "option.answer.accepted": _("accepted"),
        "option.answer.declined": _("declined"),
        "relocation.stage.preparing": _("being prepared"),
        "relocation.stage.ready": _("ready to go"),
        "relocation.stage.travelling": _("on the way"),
        "relocation.stage.arrived": _("arrived"),
        "relocation.stage.stopped": _("does not go this way"),
        "relocation.children.yes": _("yes"),
        "relocation.children.no": _("no"),
        "item.state.missing": _("not there yet"),
        "item.state.asked": _("asked for"),
        "item.state.ready": _("it is there"),
        "item.state.not_needed": _("not needed"),
        **_after(_),
    }


def _after(_: Translate) -> dict[str, str]:
    return {
        "after.how.spoke": _("we spoke with them"),
        "after.how.wrote": _("they wrote"),
        "after.how.through": _("through somebody else"),
        "after.how.silent": _("we tried, and nobody answered"),
        "after.danger.found": _("they were found"),
        "after.danger.threatened": _("they were threatened"),
        "after.danger.diaspora": _("people from home are near and may ask after them"),
        "after.danger.none": _("none that they know of"),
        "after.status.none": _("not asked for yet"),
        "after.status.asked": _("asked for"),
        "after.status.granted": _("granted"),
        "after.status.refused": _("refused"),
        "after.status.left": _("went on to another country"),
        "after.status.returned": _("went back"),
    }


def _things(_: Translate) -> dict[str, str]:
    return {
        "passport": _("passport for abroad"),
        "visa": _("visa"),
        "exit": _("paper to leave the country"),
        "child_papers": _("a child’s papers"),
        "parent_consent": _("consent of the other parent"),
        "medical": _("medical papers"),
        "medicine": _("medicine for the road"),
        "interpreter": _("interpreter"),
        "appointment": _("appointment"),
        "ticket": _("ticket"),
        "money": _("money for the road"),
        "letter": _("letter of support"),
        "meets": _("who meets them on arrival"),
        "housing": _("where they live at first"),
        "lawyer": _("lawyer for asylum"),
        "other": _("another thing"),
    }


def thing(name: str, language: str) -> str:
    """Name a thing of a checklist, or a paper of the record."""
    _ = translations(language).gettext
    return (_things(_) | {"travel": _("travel document")}).get(name, name)


def alarm(one: Alarm, language: str) -> str:
    """Say what is the matter."""
    _ = translations(language).gettext
    if one.why is Why.LACKS:
        return _lacking(_)[one.what]
    if one.why is Why.UNNAMED:
        return _unnamed(_)[one.what]
    return {
        Why.DANGER: _("They were found or threatened where they are."),
        Why.SILENT: _("Nothing was heard of them for too long."),
        Why.TODAY: _("Today or tomorrow: {thing}."),
        Why.PASSED: _("Its day is over, and nobody wrote what came of it: {thing}."),
        Why.RUNS_OUT: _("Runs out too soon: {thing}."),
        Why.SHORT: _("Holds for less than six months after the journey: {thing}."),
        Why.OPEN: _("Not there yet: {thing}."),
        Why.CHILDREN: _("Nobody wrote whether children come along."),
    }[one.why].format(thing=one.note or thing(one.what, language))


def _lacking(_: Translate) -> dict[str, str]:
    return {
        "passport": _("No passport is on the list."),
        "ticket": _("No ticket is on the list."),
        "medicine": _("Medicine for the road is not on the list; write also if none is needed."),
        "interpreter": _("No interpreter is on the list; write also if none is needed."),
        "meets": _("Nobody is on the list who meets them on arrival."),
        "housing": _("Nothing is on the list where they live at first."),
        "child_papers": _("Children come along, and their papers are not on the list."),
        "parent_consent": _(
            "Children come along, and the consent of the other parent is not on the list; write "
            "also if none is needed."
        ),
    }


def _unnamed(_: Translate) -> dict[str, str]:
    return {
        "medicine": _("Medicine is said to be there, and nobody wrote which."),
        "interpreter": _("An interpreter is said to be there, and nobody wrote who."),
        "meets": _("Somebody is said to meet them on arrival, and nobody wrote who."),
    }
