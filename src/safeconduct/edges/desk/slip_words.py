# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slips in words at the desk: how one stands, what to look at first, and why none was made."""

from __future__ import annotations

from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.passage.errand.errands import Doubt
from safeconduct.rooms.passage.errand.slip_report import SaidSo
from safeconduct.rooms.passage.errand.slips import SlipState


def state(one: SlipState, language: str) -> str:
    """Say how a slip stands, and what that means for what left the office."""
    _ = translations(language).gettext
    return {
        SlipState.WAITS: _("Waits: nobody has opened it. Nothing of it has left us."),
        SlipState.CAME: _(
            "Somebody came with the words. An open desk hands it over within a minute."
        ),
        SlipState.HANDED: _("Handed over to whoever has the words, as the desk named here says."),
        SlipState.TOLD: _("Given on paper or by voice. What becomes of it nobody can see here."),
        SlipState.EXPIRED: _("Ran out before anybody opened it. Nothing of it has left us."),
        SlipState.OVER: _("Its time is over. Ask whether it was destroyed."),
        SlipState.FROZEN: _(
            "Frozen before it left us, as far as this desk knows. A desk that "
            "has not heard of it yet could still hand it over: look again in a "
            "few minutes."
        ),
        SlipState.TOO_LATE: _(
            "Frozen after it had left us. Whoever has it knows what stands on it: change the "
            "place, the time and the code word."
        ),
    }[one]


def changed(language: str) -> str:
    """Say why a desk froze a slip by itself."""
    _ = translations(language).gettext
    return _(
        "A desk froze it by itself: what it says is not so any more, or they may not be told it "
        "now. Look at the journey, call them, and make another if it still goes."
    )


def heard(one: SaidSo | None, language: str) -> str:
    """Say what came back from who has the words."""
    _ = translations(language).gettext
    return {
        SaidSo.OPENED: _("the page was opened"),
        SaidSo.READ: _("has read it"),
        SaidSo.UNDERWAY: _("is on the way"),
        SaidSo.ARRIVED: _("has arrived"),
        None: _("wrote to us: see the hotline"),
    }[one]


def doubt(one: Doubt, language: str) -> str:
    """Say what somebody looks at before they go on."""
    _ = translations(language).gettext
    return {
        Doubt.KNOWER_STALE: _(
            "Nobody has made sure lately that they are free and still on our side. Call first."
        ),
        Doubt.RESTING: _("They are resting: they may have asked not to be called."),
        Doubt.PLACE_STALE: _("Nobody has made sure of this place lately. Have somebody look."),
        Doubt.WATCHED: _("This place may be watched."),
    }[one]


def way(one: str, language: str) -> str:
    """Name a way to give a slip."""
    _ = translations(language).gettext
    return {
        "page": _("On our page, behind eight words. It can be frozen until they open it."),
        "paper": _("On paper: printed, or copied by hand"),
        "voice": _("Read out by voice"),
    }[one]


def way_short(one: str, language: str) -> str:
    """Name it in a word or two."""
    _ = translations(language).gettext
    return {
        "page": _("behind eight words"),
        "paper": _("on paper"),
        "voice": _("by voice"),
    }.get(one, one)


def deeds(_: Translate) -> dict[str, str]:
    """Name what somebody did, by the kind of the fact that says so."""
    return {
        "passage.SlipMade": _("made a slip for an escort or host"),
        "passage.SlipSealed": _("sealed a slip"),
        "passage.SlipHanded": _("handed a slip over"),
        "passage.SlipFrozen": _("froze a slip"),
        "passage.SlipHeard": _("judged what came back from a slip"),
    }


def refusals(_: Translate) -> dict[str, str]:
    """Return why no slip was made or frozen, by the refusal's code."""
    return {
        "wrong_slip": _(
            "Something is missing or does not fit; the fields are marked. A time is written as "
            "07:40, whom to call takes up to 60 characters, a note up to 120, and the last day is "
            "at most a week away. Nothing was made."
        ),
        "no_errand": _(
            "A slip needs an escort or host, a meeting point or house, and how many people the "
            "party has, and this desk must be able to read them. Write down what is missing "
            "first. Nothing was made."
        ),
        "slip_not_for_them": _(
            "They may not be told this place: they are arrested or gone, or not trusted as far as "
            "it asks for. Choose somebody else, or let two people look at their trust. Nothing was "
            "made."
        ),
        "slip_errand_off": _(
            "This is not on any more: the journey or stay is called off or over, the party is not "
            "to be moved now, the house rests or is no longer ours, or the car is known or broken. "
            "Change the journey first. Nothing was made."
        ),
        "slip_two_of_that_name": _(
            "Another sheet has the same code name, and nobody made sure of this one. Have somebody "
            "who knows them make sure of it. Nothing was made."
        ),
        "slip_place_closed": _(
            "The place or the way there is closed or burned on that day. Change the journey first. "
            "Nothing was made."
        ),
        "slip_changed": _(
            "The journey was changed since this was shown. What would stand on the slip now is "
            "shown here; read it again before you go on. Nothing was made."
        ),
        "slip_waits": _(
            "They have a slip for this already that is not over. Freeze that one first. Nothing "
            "was made."
        ),
        **_of_freezing(_),
    }


def _of_freezing(_: Translate) -> dict[str, str]:
    return {
        "no_such_slip": _("This desk has no such slip. Nothing was done."),
        "slip_is_over": _("It was frozen already, or its time is over. Nothing is left to freeze."),
    }
