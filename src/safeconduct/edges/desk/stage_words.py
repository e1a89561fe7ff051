# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stages of a case in words: stages, what happened, refusals."""

from __future__ import annotations

from safeconduct.edges.desk import case_words, record_words
from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.timeline import (
    AGREED,
    BEGUN,
    BLOCK,
    CHANGED,
    HANDED,
    LIFTED,
    NOT_AGREED,
    OFF,
    REFERRED,
    STAGE,
    TOOK_BACK,
    Happened,
)


def stage(name: str, language: str) -> str:
    """Name a stage."""
    _ = translations(language).gettext
    return {
        "contact": _("In contact"),
        "verified": _("Verified"),
        "plan": _("Planning the way"),
        "out": _("Out of the region"),
        "sheltered": _("In a shelter"),
        "documents": _("Waiting for documents"),
        "abroad": _("Abroad"),
        "closed": _("Case closed"),
        "lost": _("Contact lost"),
        "declined": _("Declined"),
        "died": _("Died"),
    }[name]


def lane(name: str, language: str) -> str:
    """Name a row of the drawing: a stage, or what else is drawn."""
    _ = translations(language).gettext
    others = {
        "blocks": _("Blocked"),
        "record": _("Record"),
        "notes": _("Notes"),
        "referrals": _("Referrals"),
    }
    return others.get(name) or stage(name, language)


def happened(one: Happened, language: str) -> str:
    """Say what happened, without its words."""
    _ = translations(language).gettext
    if one.what == STAGE:
        return _("Stage: {stage}").format(stage=stage(one.of, language))
    plain = {
        BLOCK: _("Blocked"),
        LIFTED: _("No longer blocked"),
        REFERRED: _("Referral made"),
        HANDED: _("Referral handed over"),
        TOOK_BACK: _("Referral withdrawn"),
        AGREED: _("Agreed to a cost"),
        NOT_AGREED: _("Did not agree to a cost"),
    }
    if one.what in plain:
        return plain[one.what]
    if one.what in {BEGUN, CHANGED, OFF}:
        said = {
            BEGUN: _("Record begun: {sheet}"),
            CHANGED: _("Record changed: {sheet}"),
            OFF: _("Taken off the record: {sheet}"),
        }[one.what]
        return said.format(sheet=record_words.one(one.of, language))
    return _("Note in the part {part}").format(part=case_words.part(Part(one.of), language))


def refusals(_: Translate) -> dict[str, str]:
    """Return why a case was not moved, by the refusal's code."""
    return {
        "no_such_stage": _("Choose a stage first. Nothing was saved."),
        "stage_without_reason": _(
            "Write why: for a case that is closed, declined or lost, and for a death, a reason is "
            "needed. Nothing was saved yet."
        ),
        "stage_not_confirmed": _(
            "This ends the work on the case. If it is certain, tick the box below the reason and "
            "save again. Nothing was saved yet."
        ),
        "stage_ahead": _(
            "A stage begins now or began earlier. Leave the time empty if it begins now. Nothing "
            "was saved, and what you typed is still here."
        ),
        "stage_note_too_long": _("This is too long: up to 2,000 characters. Nothing was saved."),
        "stands_there": _(
            "The case stands in this stage already. Choose another one, or add a time or a note."
        ),
        "no_block_named": _("Write what blocks the case first."),
        "no_such_block": _("A colleague lifted this already. Nothing was changed."),
    }
