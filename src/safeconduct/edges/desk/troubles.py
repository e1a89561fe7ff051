# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a code means for a helper, and what to do next: calm, short, in the page's language.

A code that is not named here is worded by its family, so that nobody ever reads a code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk.consent_words import why_not
from safeconduct.edges.desk.files_words import files_lacking
from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.edges.desk.refusal_words import refused
from safeconduct.kernel.errors import Refused, SafeconductError, Unreachable, Untrusted
from safeconduct.kernel.steps import MadeByNewer
from safeconduct.rooms.cases.consent_decide import NoConsent

if TYPE_CHECKING:
    from safeconduct.edges.desk.api import Trouble

ASIDE: Final = (
    *("bad_signature", "blob_differs", "cannot_open", "entry_changed", "entry_misplaced"),
    *("key_differs", "malformed", "not_canonical", "parcel_changed", "parcel_differs"),
    "wrong_office",
)
"""Checks that bytes failed; which one matters to whoever looks into it, not to a helper."""


def problem(error: SafeconductError, language: str) -> str:
    """Say why something was not done, and what the person can do."""
    _ = translations(language).gettext
    if isinstance(error, MadeByNewer):
        return _(
            "A newer Safeconduct has used this desk’s data. Nothing was changed. Install the newer "
            "one again, or go back with it: safeconduct migrate --to {known}"
        ).format(known=error.known)
    named = refused(_).get(error.code)
    if isinstance(error, NoConsent):
        named = why_not(error.why, language)
    if named:
        return named
    if isinstance(error, Unreachable):
        return _("The server does not answer, so this cannot be fetched now. Try again later.")
    if isinstance(error, Untrusted):
        return _("This did not pass its check. Nothing was changed. Please tell a steward.")
    if isinstance(error, Refused):
        return _("This cannot be done as it stands. Nothing was changed.")
    return _("Something in the desk itself went wrong. Nothing was sent. Please tell a steward.")


def trouble(found: Trouble, language: str) -> str:
    """Say what is wrong with the office's data or its server."""
    catalogue = translations(language)
    _ = catalogue.gettext
    if found.code == "files_lacking":
        return files_lacking(catalogue, found.count)
    general = _("The desk found something that does not fit. Work on, and tell a steward today.")
    return _troubles(_).get(found.code, general)


def _troubles(_: Translate) -> dict[str, str]:
    aside = _("Something from the server did not pass its check. It was kept. Tell a steward.")
    stranger = _("The server does not know this office any more. Work on, and tell a steward.")
    refusals = refused(_)
    return {
        "device_forked": _(
            "Two different records carry the same number of one device. That device is suspended "
            "on every desk. Tell a steward now."
        ),
        "letter_aside": _("A message came that cannot be opened. It is kept. Tell a steward."),
        "no_intake_key": _("A message came for a key that this desk does not have. It is kept."),
        "words_first": _(
            "The server is nearly full: text still goes through, files wait. Tell the operator."
        ),
        "unknown_office": stranger,
        "store_is_behind": refusals["store_is_behind"],
        "store_full": refusals["store_full"],
        **_lies(_),
        **_access(_),
        **_cards(_),
        **_doors(_),
        **_moves(_),
        **_letters(_),
        **_clocks(_),
        **_suspicions(_),
        **_losses(_),
        **_keys(_),
        **dict.fromkeys(ASIDE, aside),
    }


def _lies(_: Translate) -> dict[str, str]:
    """Say what the server did that an honest one does not."""
    return {
        "relay_rolled_back": _(
            "The server shows an older state than it did before. It may have been restored, or it "
            "may be lying. Nothing here is lost. Tell a steward now."
        ),
        "relay_forked": _(
            "The server tells two desks different stories. That is proved. "
            "Do not rely on it, and tell a steward now."
        ),
        "relay_reordered": _(
            "The server keeps what this desk sent in another order. Nothing here is lost, and all "
            "of it is read. Tell a steward."
        ),
        "relay_lied": _(
            "The server said two things that cannot both be true. "
            "Do not rely on it, and tell a steward now."
        ),
        "first_words_foreign": _(
            "The server showed people first words that no two of us approved, signed by a "
            "steward’s desk. They were replaced. Find out with the other stewards whose, today."
        ),
        "relay_withholds": _(
            "The server keeps back something that it has. Nothing here is lost. Tell a steward now."
        ),
    }


def _access(_: Translate) -> dict[str, str]:
    """Say why the server lets this desk in no more, which mostly ends by itself."""
    return {
        "unknown_capability": _(
            "The server does not let this desk in at the moment. That happens when the office "
            "renews its access; the desk finds the new way by itself once a steward’s computer has "
            "passed it on. What you write is kept here. If it lasts longer than an hour, ask a "
            "steward, in person or by phone."
        ),
        "access_lost": _(
            "Another steward renewed the office’s access to the server, and this desk has not "
            "been told the new way yet. It goes on by itself once that steward’s computer is on. "
            "Please ask them to open their desk. What you write is kept here."
        ),
        "no_control_key": _(
            "A device was removed here, but this computer has no key to end that device’s access "
            "to the server. Ask another steward to press Expel it at that device, now: by phone "
            "or in person."
        ),
        "day_full": _(
            "The office has sent the server as much as it takes in one day, so what is written "
            "here waits. All of it is kept and goes by itself; short records still go for as long "
            "as they can. If nobody sent much today, tell a steward."
        ),
        "files_wait": _(
            "The office has sent the server as many files as it takes in one day. Files wait until "
            "tomorrow and then go by themselves; words still go."
        ),
    }


def _doors(_: Translate) -> dict[str, str]:
    return {
        "letter_unsound": _(
            "Somebody put a letter for this desk at the server that no steward signed, or that is "
            "for another. The desk did not follow it. Tell a steward today, in person."
        ),
        "door_flooded": _(
            "Somebody puts letters by the thousand where this desk looks for the office’s new "
            "access. It reads on, some at a time, and finds the right one. Tell a steward today: "
            "it ends when the device that does it is suspended."
        ),
        "letter_too_long": _(
            "A device that was expelled could not be told to wipe itself: the reason that was "
            "written down is too long. All else was done. Tell a steward."
        ),
    }


def _cards(_: Translate) -> dict[str, str]:
    """Say what became of recovery cards."""
    return {
        "cards_used": _(
            "Recovery cards were used: with them somebody was made a steward or removed. If nobody "
            "told you of it, call a colleague now, before you write anything."
        ),
        "root_untold": _(
            "The server does not take the new recovery cards: whoever has the old ones can still "
            "shut desks out of it, and reads nothing by it. Nothing is lost. Tell a steward, in "
            "person, that the office has to move to another server."
        ),
        "cards_disputed": _(
            "New recovery cards were made twice. Until two stewards have chosen one set, no "
            "cards count and the office’s keys are not renewed, not even after a suspension. "
            "Keep all the papers. Call two stewards now: they choose on Today."
        ),
    }


def _moves(_: Translate) -> dict[str, str]:
    """Say that the office's server is another one now."""
    return {
        "relay_moved": _(
            "A steward signed that the office has moved to another server. This desk stays where "
            "it is until somebody here says that it goes along: see Today."
        ),
        "office_key_lacking": _(
            "The office is at another server by now, and this desk has no key for it. A steward "
            "there lets this computer in anew."
        ),
        "relay_contested": _(
            "Two stewards moved the office to two different servers. Until they agree, every desk "
            "stays where it is. Nothing here is lost. Tell a steward now."
        ),
    }


def _letters(_: Translate) -> dict[str, str]:
    return {
        "expired": _(
            "The server holds an answer of ours to be too old, so it has not been sent. It is kept "
            "here and tried again. Please check the date of this computer; if it is right, tell "
            "the operator."
        ),
        "letter_refused": _(
            "The server does not take one of our answers, so it has not been sent. It is kept here "
            "and tried again; all others go. Tell a steward."
        ),
    }


def _clocks(_: Translate) -> dict[str, str]:
    return {
        "clock_differs": _(
            "A colleague’s clock and this one differ by more than a day. Times may mislead; "
            "please check the date of this computer."
        ),
        "clock_off": _(
            "The clocks of this computer and of the server are more than ten minutes apart. Please "
            "check the date and time of this computer; if they are right, tell the operator."
        ),
    }


def _suspicions(_: Translate) -> dict[str, str]:
    """Say what may be the work of somebody among us."""
    return {
        "heads_went_back": _(
            "A colleague’s device hides that it knew of a change to who belongs to the office. "
            "What it wrote since then is set aside. Tell a steward today, in person."
        ),
        "head_unknown": _(
            "A colleague’s device speaks of a change to who belongs to the office that is not in "
            "the log. What it wrote waits for that change. Tell a steward today, in person."
        ),
        "head_differs": _(
            "A device signed that it wrote something else than what is kept here of it. Tell a "
            "steward today, in person."
        ),
        "told_differently": _(
            "Two records of one person’s message contradict each other: one of our own devices may "
            "be lying. The conversation shows both. Tell a steward today, in person."
        ),
    }


def _losses(_: Translate) -> dict[str, str]:
    """Say what is gone at the server; who let it go, nobody can tell."""
    return {
        "dropped_unread": _(
            "A message was removed from the server before anybody here recorded it, by the server "
            "or by one of us. What it said cannot be known any more. Tell a steward today, in "
            "person."
        ),
        "dropped_early": _(
            "The server removed a message within three days, though it must keep each one longer. "
            "It may be set up wrongly, or it may be lying, unless the date of this computer was "
            "wrong. Tell a steward today, in person."
        ),
    }


def _keys(_: Translate) -> dict[str, str]:
    """Say that a key of ours did not come; until it does, what is written under it stays shut."""
    return {
        "parcel_missing": _(
            "The server has not handed over a new key that is meant for this desk. What colleagues "
            "write now may not show here yet. Nothing is lost, and this desk goes on asking. If "
            "this is still here in an hour, tell a steward."
        ),
        "parcel_lacking": _(
            "A colleague’s device says that it gave this desk a key, and the key is not there. It "
            "may be a mistake. Work on, and tell a steward today, in person."
        ),
    }
