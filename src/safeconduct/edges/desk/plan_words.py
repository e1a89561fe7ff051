# SPDX-License-Identifier: AGPL-3.0-or-later
"""The plan of a case in words: goals, tasks, services, closing reviews, refusals."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate


def kinds(_: Translate) -> dict[str, str]:
    """Name kinds of sheets of the plan, as headings over several."""
    return {
        "goal": _("Goals"),
        "task": _("Tasks"),
        "service": _("Services"),
        "review": _("Closing review"),
    }


def adding(_: Translate) -> dict[str, str]:
    """Say what a new sheet of each kind is."""
    return {
        "goal": _("Add a goal"),
        "task": _("Add a task"),
        "service": _("Add a service"),
        "review": _("Write a closing review"),
    }


def ones(_: Translate) -> dict[str, str]:
    """Name one sheet of each kind."""
    return {
        "goal": _("Goal"),
        "task": _("Task"),
        "service": _("Service"),
        "review": _("Closing review"),
    }


def fields(_: Translate) -> dict[str, str]:
    """Name their fields."""
    return {
        "goal.what": _("What is to be reached"),
        "goal.why": _("Why, in their words"),
        "goal.state": _("How far it is"),
        "goal.came": _("What came of it"),
        "task.what": _("What is to be done"),
        "task.goal": _("For which goal"),
        "task.owner": _("Who does it"),
        "task.due": _("Until which day"),
        "task.state": _("How far it is"),
        "task.came": _("What came of it"),
        "service.service": _("Kind of help"),
        "service.what": _("What exactly"),
        "service.for": _("For whom"),
        "service.from": _("Who gives it"),
        "service.state": _("How far it is"),
        "service.came": _("What came of it"),
        "review.day": _("Closed on"),
        "review.reached": _("What was reached"),
        "review.danger": _("What remains a danger"),
        "review.feedback": _("What they say of our help, in their own words"),
        "review.told": _("Who was told that we close, and what"),
        "review.after": _("Contact after closing: who, how, until when"),
    }


def choices(_: Translate) -> dict[str, str]:
    """Name what may be chosen in them."""
    return {
        "goal.state.open": _("not reached yet"),
        "goal.state.reached": _("reached"),
        "goal.state.dropped": _("dropped"),
        "task.state.open": _("to be done"),
        "task.state.done": _("done"),
        "task.state.dropped": _("dropped"),
        "service.service.shelter": _("shelter"),
        "service.service.medical": _("medical help"),
        "service.service.psychological": _("psychological help"),
        "service.service.legal": _("legal help"),
        "service.service.documents": _("documents"),
        "service.service.money": _("money"),
        "service.service.food": _("food"),
        "service.service.phone": _("phone"),
        "service.service.transport": _("transport"),
        "service.service.other": _("other help"),
        "service.state.asked": _("asked for"),
        "service.state.agreed": _("agreed"),
        "service.state.given": _("given"),
        "service.state.refused": _("refused"),
    }


def refusals(_: Translate) -> dict[str, str]:
    """Return why something was not written into a plan, or not linked, by the refusal's code."""
    return {
        "fields_missing": _(
            "What is marked as needed is empty. Fill it in, even with a few words; nothing was "
            "saved, and what you typed is still here."
        ),
        "linked_already": _("This conversation belongs to that case already."),
        "not_linked": _("It does not belong to that case; a colleague may have been faster."),
        "linked_meanwhile": _(
            "A colleague has linked it with that case anew, and you had not seen that. Look at "
            "what stands here now; talk with them if it is not right, then take it back again."
        ),
        "no_case_chosen": _(
            "Choose a case, or type the three words of its name. Only cases can be chosen of "
            "which this desk reads the part Contact."
        ),
    }
