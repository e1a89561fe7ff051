# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days of the week, what somebody did in the plan, and why a shift was not taken or swapped.

All in the language of the page.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.kernel.words import SECOND

if TYPE_CHECKING:
    from safeconduct.kernel.words import Instant


def weekday(at: Instant, zone: tzinfo, language: str) -> str:
    """Name the day of the week that an instant is in, in a zone."""
    _ = translations(language).gettext
    return (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )[datetime.fromtimestamp(at / SECOND, UTC).astimezone(zone).weekday()]


def deed(kind: str, language: str) -> str:
    """Name what somebody did in the plan."""
    _ = translations(language).gettext
    return {
        "duty.HoursSet": _("said when somebody has to be on duty"),
        "duty.AlarmsAcknowledged": _("said that they see to an alarm"),
        "duty.PagerPlaceSet": _("said through which server the office calls"),
        "duty.PagerSet": _("said how this device’s person is called"),
        "duty.ShiftLeft": _("gave up a shift"),
        "duty.ShiftTaken": _("took a shift"),
        "duty.SwapAccepted": _("took a shift that a colleague offered"),
        "duty.SwapDropped": _("took back or declined the offer of a shift"),
        "duty.SwapOffered": _("offered a shift to a colleague"),
    }.get(kind, _("record of the shift plan"))


def refusals(_: Translate) -> dict[str, str]:
    """Return why something was not done, by the refusal's code."""
    return {
        "time_skipped": _(
            "Nothing was saved: this time does not exist. That night clocks are put forward over "
            "it. Choose a time before or after."
        ),
        "time_twice": _(
            "Nothing was saved yet: this time comes twice. That night clocks are put back over it. "
            "Choose below whether you mean the first or the second time."
        ),
        "time_missing": _("Nothing was saved: say when it begins."),
        "shift_length": _("Nothing was saved: a shift is a day long at most."),
        "shift_passed": _("Nothing was changed: that time is over."),
        "shift_too_far": _("Nothing was saved: a shift begins within the next sixty days."),
        "shift_twice": _("Nothing was saved: you have a shift at that time."),
        "not_your_shift": _("Nothing was changed: you do not have this shift any more."),
        "no_such_offer": _(
            "Nothing was changed: this is not offered to you any more. Look at the plan below."
        ),
        "nobody_to_swap_with": _(
            "Nothing was offered: choose a colleague who answers people, and a shift that they "
            "still have."
        ),
        "zone_unknown": _("Nothing was saved: choose one of the zones that the field offers."),
        "pager_address": _(
            "Nothing was saved: this is no address of a server. It begins with https:// and has no "
            "path, as in https://calls.example.org"
        ),
        "no_pager_place": _(
            "Nothing was saved: a steward has to say first through which server the office calls."
        ),
        "nothing_to_acknowledge": _("Nothing is left to acknowledge: somebody did, or it is over."),
        "no_duty_from_here": _("From this device nobody takes shifts."),
    }
