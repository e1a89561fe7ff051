# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the code of a refusal means for a helper, and what to do next; `troubles` says the rest."""

from __future__ import annotations

from safeconduct.edges.desk import (
    across_words,
    again_words,
    bulletin_words,
    burned_words,
    by_hand_words,
    case_words,
    consent_words,
    copy_words,
    duty_words,
    erasure_words,
    first_words_words,
    form_words,
    guidance_words,
    import_words,
    joining_words,
    letter_words,
    line_words,
    map_words,
    money_words,
    own_file_words,
    plan_words,
    record_words,
    referral_words,
    retention_words,
    risk_words,
    search_words,
    slip_words,
    stage_words,
    table_words,
    telephone_words,
    triage_words,
    vetting_words,
    watch_words,
    ways_says,
)
from safeconduct.edges.desk.i18n import Translate


def refused(_: Translate) -> dict[str, str]:
    """Return the words for the code of each refusal that has its own."""
    return {
        "nothing_written": _("Nothing is written yet. Write something first."),
        "text_too_long": _("This text is too long to send at once. Please send it in two parts."),
        "file_too_large": _(
            "A file is too large. A person’s phone can take files of up to 25 MB each."
        ),
        "answered_meanwhile": _(
            "A colleague answered while you were writing. Read that answer first, then send "
            "yours if it is still needed."
        ),
        "not_a_member": _("This colleague’s device no longer belongs to the office."),
        "file_elsewhere": _(
            "This file was on the server that is gone, and nobody has brought it to this one yet. "
            "Ask colleagues whether they saved it; else ask for it again."
        ),
        "file_incomplete": _("Not all of this file has arrived yet. Try again later."),
        "wrong_passphrase": _(
            "This passphrase does not open the desk. Capital letters (Caps Lock), the keyboard’s "
            "layout and spaces all count. If it is forgotten, a steward can let you in with a new "
            "device and remove this one; no recovery card opens it."
        ),
        "not_for_this_device": _("This device has no key for that. A steward can give it one."),
        **_of_store(_),
        "no_office_here": _("There is no desk on this computer yet."),
        **_removing(_),
        **_of_work(_),
        **_travelling(_),
        **_asking(_),
        **_tracing(_),
    }


def _of_work(_: Translate) -> dict[str, str]:
    return {
        **across_words.refusals(_),
        **case_words.refusals(_),
        **record_words.refusals(_),
        **stage_words.refusals(_),
        **risk_words.refusals(_),
        **consent_words.refusals(_),
        **plan_words.refusals(_),
        **again_words.refusals(_),
        **letter_words.refusals(_),
        **form_words.refusals(_),
        **referral_words.refusals(_),
        **money_words.refusals(_),
        **own_file_words.refusals(_),
        **erasure_words.refusals(_),
        **search_words.refusals(_),
        **table_words.refusals(_),
        **telephone_words.refusals(_),
        **triage_words.refusals(_),
        **joining_words.refusals(_),
        **copy_words.refusals(_),
        **bulletin_words.refusals(_),
        **by_hand_words.refusals(_),
        **duty_words.refusals(_),
        **watch_words.refusals(_),
        **guidance_words.refusals(_),
        **retention_words.refusals(_),
        **first_words_words.refusals(_),
        **line_words.refusals(_),
        **vetting_words.refusals(_),
        **import_words.refusals(_),
        **ways_says.refusals(_),
        **slip_words.refusals(_),
        **burned_words.refusals(_),
        **map_words.refusals(_),
    }


def _of_store(_: Translate) -> dict[str, str]:
    return {
        "store_damaged": _(
            "This desk’s data is damaged, so nothing was opened or changed. Keep the files and "
            "tell a steward. The office’s other desks still have everything that was sent."
        ),
        "store_full": _("The disk is full. Free some space; what is saved here is safe."),
        "store_in_use": _("The desk is open already, in another window of this computer."),
        "store_is_behind": _(
            "This laptop’s data was written to in two places, as after restoring a backup or when "
            "somebody copied it. It can be read, but it takes no new messages and nothing can be "
            "written here. Open another desk for what comes in, and let a steward admit this "
            "laptop anew."
        ),
        "unknown_version": _("This desk’s data was written by a newer version. Update first."),
    }


def _travelling(_: Translate) -> dict[str, str]:
    return {
        "not_away": _("This device has everything that it had before, or asked for nothing."),
        "keys_not_asked": _(
            "This device has not asked for its keys. Your colleague asks for them on it: "
            "safeconduct travel back"
        ),
        "keys_not_held": _(
            "This desk holds nothing of what is still missing. A steward who reads it has to give "
            "it back, or lets you read it first: ask for the part on Cases. Nothing was given."
        ),
    }


def _asking(_: Translate) -> dict[str, str]:
    return {
        "nothing_to_take_back": _(
            "There is nothing to take back any more: it was signed, or it waits for nobody."
        ),
        "asked_by_another": _("Only the colleague who asked for this can take it back."),
        "needs_a_second": _("This takes a steward who is somebody else. Ask for it; one signs."),
        "not_signed_yet": _(
            "No file was made: nobody has signed this, or it was taken back, or a week has passed."
        ),
        "nothing_to_export": _("There is no conversation in what you chose."),
        "too_many_to_export": _("A file holds 1,000 conversations at most. Choose fewer."),
        "say_why_and_for_whom": _("Say for whom it is, and what it is needed for."),
        "no_export_from_here": _("From this device nothing can be taken out of the office."),
        "still_checking": _(
            "No file was made: signatures are still being checked, and nothing unchecked leaves "
            "the office. Wait a few minutes and try again."
        ),
    }


def _tracing(_: Translate) -> dict[str, str]:
    return {
        "say_why": _("Say why: colleagues read it on Today."),
        "traces_already": _("This is done already: it runs, or it was asked for."),
        "traces_not": _("It is over: the server tells our devices apart no more."),
        "too_many_to_trace": _(
            "The server can tell 255 devices apart, and we have more. Suspend those that nobody "
            "uses any more, then ask again."
        ),
        "no_control_key": _(
            "This desk was not given the key for the office’s access, so it can change nothing "
            "there. Ask another steward to do it."
        ),
    }


def _removing(_: Translate) -> dict[str, str]:
    return {
        "not_a_steward": _("Only a steward can do this. Nothing was changed."),
        "no_such_device": _("This device was never one of the office’s."),
        "already_removed": _("This is done already: the device is removed."),
        "not_removed": _("This is done already: the device belongs to the office."),
        "already_asked": _("This was asked already. It waits for a second steward."),
        "nothing_to_second": _("This waits for nobody any more: it was signed, or it is void."),
        "second_is_another": _("You asked for this yourself. Another steward has to sign."),
        "nobody_to_second": _(
            "This takes two stewards, and no other steward is left to sign. Nothing was changed. "
            "A suspended device stays suspended; one that belongs to the office you can suspend."
        ),
        "last_steward": _(
            "This is the last steward’s device: without it nobody could bring anyone back. "
            "Nothing was changed."
        ),
        "own_expulsion": _(
            "You cannot expel the device that you are using. Suspend it, or ask another steward."
        ),
        "reason_too_long": _("This is too long. Please say it in fewer words."),
        "no_such_move": _(
            "This move does not stand any more, so nothing was changed. If the office moved "
            "elsewhere, the question stands here."
        ),
        "nothing_to_adopt": _("There is nothing to adopt in this any more."),
        "no_role_left": _(
            "Choose at least one role. If this person is to do nothing here any more, "
            "suspend the device."
        ),
        "not_for_lines": _("A line is a machine: it keeps the one role that it has."),
        "same_roles": _("This is done already: the device has just these roles."),
        "suspend_first": _(
            "Nothing was changed. The role steward can be taken only from a suspended device: "
            "suspend it, change its roles, let another steward sign, then bring it back."
        ),
    }
