# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing a case in words: why, how far it has come, and why something was refused."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.crew.asking_facts import OFFICE_DECIDED, PERSON_ASKED
from safeconduct.rooms.crew.case_erasure import ErasureStage


def why(one: str, language: str) -> str:
    """Say why a case is erased."""
    _ = translations(language).gettext
    return {
        PERSON_ASKED: _("the person asked for it"),
        OFFICE_DECIDED: _("the office decided so"),
    }.get(one, "")


def stage(one: ErasureStage, language: str) -> str:
    """Say how far an erasure has come."""
    _ = translations(language).gettext
    return {
        ErasureStage.WAITS: _("It waits for a steward who is somebody else."),
        ErasureStage.RUNS: _("Signed. It goes on its day unless somebody stops it."),
        ErasureStage.DUE: _("Its day has come: each desk erases it when it reaches the server."),
        ErasureStage.STOPPED: _("Stopped. Nothing was erased."),
        ErasureStage.LAPSED: _("Nobody signed within a week. Nothing was erased."),
    }[one]


def refusals(_: Translate) -> dict[str, str]:
    """Return why an erasure was not asked for, signed or stopped, by the refusal's code."""
    return {
        "erasure_asked_already": _("Somebody asked for this already. It stands on this page."),
        "no_erasure_waits": _(
            "There is nothing to sign or to stop here any more: it was signed, stopped, or its day "
            "has come."
        ),
        "erasure_is_yours": _("You asked for this yourself. Another steward has to sign."),
        "erases_no_case": _("Case workers and stewards ask to erase a case. Nothing was changed."),
        "no_reason_to_erase": _(
            "Choose why: whether the person asked for it, or the office decided so. Nothing was "
            "asked."
        ),
    }
