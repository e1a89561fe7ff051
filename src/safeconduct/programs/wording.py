# SPDX-License-Identifier: AGPL-3.0-or-later
"""What programs say in a terminal, in the person's language (gettext domain `terminal`).

A failure is worded by its code where we know better than its family does, and never shows an
exception, an id or a key.
"""

from __future__ import annotations

import errno
import gettext
import os
from functools import cache
from pathlib import Path
from typing import Final

from safeconduct.kernel.errors import Defect, Refused, SafeconductError, Unreachable, Untrusted

DOMAIN: Final = "terminal"
LOCALE: Final = Path(__file__).parents[1] / "locale"
LANGUAGES: Final = ("en", "ru")


@cache
def _catalogue(tongue: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, [tongue])


def language() -> str:
    """Return the first language of ours that the terminal asks for, else `en`.

    Chosen here and not by gettext, which would look past an English that needs no translation.
    """
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    asked = next((os.environ[name] for name in names if os.environ.get(name)), "")
    tongues = (tongue[:2].lower() for tongue in asked.split(":"))
    return next((tongue for tongue in tongues if tongue in LANGUAGES), "en")


def settle_language() -> None:
    """Let all that this program says come in one language, what argparse says of options too.

    Programs that it starts inherit the choice.
    """
    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain(DOMAIN, LOCALE)
    gettext.textdomain(DOMAIN)


def say(message: str, /, **fields: object) -> str:
    """Return a message in the person's language, with its fields filled in."""
    return say_in(language(), message, **fields)


def say_in(tongue: str, message: str, /, **fields: object) -> str:
    """Return a message in one of our languages, with its fields filled in."""
    return _catalogue(tongue).gettext(message).format(**fields) if message else ""


def word(error: SafeconductError) -> str:
    """Return what a person can do about a failure."""
    known = _BY_CODE.get(error.code)
    if known:
        return say(known, **vars(error))
    for family, message in _BY_FAMILY.items():
        if isinstance(error, family):
            return say(message)
    return say(_BY_FAMILY[Defect])


def word_of_system(error: OSError) -> str:
    """Return what a person can do when the system refuses a file, a folder or an address."""
    return say(_BY_ERRNO.get(error.errno or 0, _REFUSED_BY_SYSTEM))


def finding(code: str) -> str:
    """Return what `safeconduct verify` says of something that does not hold."""
    return say(_FINDINGS.get(code, _FINDINGS["unsound"]))


def N_(message: str) -> str:  # noqa: N802  (gettext's custom: marks a text for the catalogue)
    """Mark a message for translation; `say` translates it when it is shown."""
    return message


_BY_CODE: Final[dict[str, str]] = {
    "wrong_passphrase": N_(
        "That passphrase does not open this device.  Nothing was changed.  "
        "Capital letters (Caps Lock), the keyboard's layout and spaces all count.  "
        "If it is forgotten, nobody can tell it to you, and no card opens this device: a steward "
        "lets you in with a new device and removes this one."
    ),
    "wrong_line_passphrase": N_(
        "That passphrase does not open this line.  Nothing was changed.  Capitals, the keyboard’s "
        "layout and spaces count.  If it is forgotten, make a new line and let it take this one’s "
        "place."
    ),
    "cards_disputed": N_(
        "New recovery cards were made twice, and no cards count until two stewards have chosen.  "
        "Nothing was changed.  Keep all the papers.  Tell two stewards by voice."
    ),
    "cards_change_nothing": N_(
        "This would change nothing: this device was suspended or expelled, or other cards count.  "
        "Nothing was changed.  If it was suspended or expelled, use the cards on a colleague's "
        "desk."
    ),
    "shares_not_said": N_(
        "Say how many new cards there are to be:  --shares 2-of-3  means that any two of three "
        "are needed."
    ),
    "unknown_capability": N_(
        "The server does not know this device's key to the office any more.  Ask a steward."
    ),
    "access_lost": N_("The server opens no way in for these cards.  Nothing was written."),
    "conflict": N_(
        "The founding code was used already, or belongs to another server.  "
        "`safeconduct serve` prints a fresh one when it keeps no office yet."
    ),
    "no_spare_code": N_(
        "The server takes no office with this founding code: it was used, or another one was made "
        "after it.  Ask whoever runs the server to type  safeconduct code FOLDER  there, and begin "
        "again with the code that it shows.  Nothing was changed."
    ),
    "store_full": N_("The disk is full.  Make room, then try again; what was kept is safe."),
    "no_browser": N_(
        "No browser was found.  Install Chromium or Firefox, or use `safeconduct desk --no-window`."
    ),
    "not_this_office": N_(
        "The server's log is not that of the office whose words you compared.  Nothing was kept.  "
        "Tell the colleague who invited you."
    ),
    "malformed": N_("That does not read as a whole; perhaps a part is missing.  Copy it again."),
    "store_is_behind": N_(
        "This device's store is older than what this device already wrote.  It was probably "
        "restored from a backup.  To be safe it will not write: join again as a new device."
    ),
    "store_in_use": N_("The desk is open on this device.  Close it first, then try again."),
    "store_exists": N_("There is an office in this folder already.  Choose another with --home."),
    "no_line": N_("There is no line in this folder.  Make one:  safeconduct line new KIND FOLDER"),
    "line_stands": N_("There is a line in this folder already.  Choose another folder."),
    "not_admitted": N_(
        "No office has admitted this line, so it knows nobody to seal to, and does not run.  Bring "
        "its card to a steward’s desk, and the licence back:  safeconduct line admit FOLDER LICENCE"
    ),
    "not_this_line": N_(
        "This licence, or the kind that you typed, is not this line’s.  Nothing was changed.  Name "
        "the line’s own kind; ask a steward for the licence that was made of this line’s card."
    ),
    "bad_server": N_(
        "A server must be told with its port, as mail.example.org:993.  Change it:  safeconduct "
        "line set FOLDER"
    ),
    "line_in_use": N_("This line runs already, in another process."),
    "no_memory_folder": N_(
        "This machine has no folder that lives in memory alone, and what this line’s client keeps "
        "must lie nowhere else."
    ),
    "no_store": N_("There is no office in this folder yet.  Use `safeconduct init` or `join`."),
    "promise_broken": N_(
        "What the other side showed is not what it promised: somebody may stand between you.  "
        "Stop, and meet in another way."
    ),
    "invite_shared": N_(
        "Two devices answered this invite, and one was meant to.  Nothing was handed over.  "
        "Make a new one, and give it by a way that nobody else can see."
    ),
    "invite_void": N_("This invite is used up or too old.  Ask for a new one."),
    "no_answer": N_("Nobody came within the hour.  Make a new invite when both are ready."),
    "not_a_steward": N_("Only a steward's device can do this.  Nothing was changed."),
    "page_key_not_held": N_(
        "This desk does not hold the key for that.  Do it on the desk of a steward who does, such "
        "as whoever founded the office.  Nothing was changed."
    ),
    "telling_not_a_stewards": N_(
        "Only a steward who belongs to the office can do that, and only a steward's text counts."
    ),
    "already_there": N_(
        "This desk has heeded that text already, or knows a newer one.  Nothing was changed."
    ),
    "office_key_lacking": N_(
        "This device has no key for the office's new server.  Ask a steward to let it in anew."
    ),
    "nothing_forgotten": N_(
        "The server shows everything that this desk knows.  Nothing was changed."
    ),
    "of_another_office": N_("That text is of another office.  Nothing was changed."),
    "nothing_to_tell": N_("The office's server is where it always was; there is nothing to tell."),
    "nobody_to_second": N_(
        "This office has had two stewards, so that one alone makes no further one, and no other "
        "steward is left to sign.  Invite this colleague with other roles."
    ),
    "file_too_large": N_(
        "This file is far larger than any operation.  Is it the right one?  Nothing was changed."
    ),
    "damaged_file": N_("This compressed file is not whole.  Copy it again.  Nothing was changed."),
    "no_plan_there": N_(
        "What has that name already is something else, and is not written over.  Choose another "
        "name.  Nothing was changed."
    ),
    "unknown_operator": N_(
        "No telephone of this line has this name.  Add --languages to put a new one on the list."
    ),
    "operator_twice": N_("A name stands twice on the list of who answers."),
    "not_the_phone": N_("The line in this folder is of another kind, not a telephone."),
    "out_exists": N_("There is something in that folder already.  Name a new one."),
    "setting_cannot_stand": N_(
        "This cannot stand in Asterisk’s settings: {question}.  Use Latin letters, digits and "
        ". : / @ - alone.  Change it:  safeconduct line set FOLDER"
    ),
    "bad_name": N_(
        "No telephone can have that name.  Use small Latin letters, digits and -, for example "
        "anna-1."
    ),
    "no_voice": N_(
        "{program} is not on this machine, or cannot read one of your recordings.  Install it "
        "(Debian: apt install {program}), or look at the newest file in YOURS."
    ),
    "no_such_text": N_("There is no such file.  Check its name; nothing was changed."),
    "nobody_to_give_back": N_(
        "No other steward's desk has all keys, so nobody could give yours back afterwards.  "
        "Nothing was left behind.  First make another colleague a steward."
    ),
    "nobody_else_reads": N_(
        "What no other steward can read, nobody can give back: a part of a case file that only you "
        "read is lost.  Before you go, let another steward read it.  Nothing was left behind."
    ),
    "still_to_send": N_(
        "Something that was written here is not at the server yet, or something that only this "
        "desk can do is not finished, and would be lost.  Nothing was left behind.  Open the desk "
        "where it reaches the server, wait until it says that all is sent, leave it open for some "
        "minutes more, and try again."
    ),
    "name_taken": N_("Another device in this office has that name.  Choose another."),
    "already_admitted": N_("This device belongs to the office already."),
    "made_by_newer": N_(
        "A newer Safeconduct has used these files: they are of version {found}, and this program "
        "reads up to version {known}.  Nothing was changed.  Install the newer one again and stay "
        "with it, or let it bring them back before you return to this one:\n"
        "  safeconduct migrate --to {known}                   on a desk\n"
        "  safeconduct migrate --to {known} --server FOLDER   on the server"
    ),
    "no_such_version": N_("This program knows the versions from 1 to {newest}, and no other."),
    "no_tor": N_(
        "The program tor is not on this machine.  Install it (on Debian: apt install tor), or "
        "leave out --onion.  Nothing was started."
    ),
    "tor_refuses": N_(
        "tor does not run with what this program wrote for it.  See what it says about that:  "
        "tor -f {file}"
    ),
    "no_onion": N_(
        "This server has no onion address yet.  Start it once with  safeconduct serve --onion"
    ),
    "onion_differs": N_(
        "The files of the onion service do not belong together, or one is missing.  Nothing was "
        "changed.  Put the folder `onion` back from a backup; if there is none, move it away, and "
        "a new address is made, which people then have to be told."
    ),
    "server_runs": N_("The server runs on these files.  Stop it first, then try again."),
    "no_relay": N_("There are no server's files in this folder."),
    "relay_damaged": N_(
        "The server's database is damaged.  Keep it as it is; every desk of the office holds what "
        "is needed to make a server anew."
    ),
    "backup_damaged": N_(
        "This file is not whole, or is no backup of an office.  Nothing was changed.  Copy it "
        "again from where it came, or take another one."
    ),
    "backup_foreign": N_(
        "The cards open this file, and it is not what a steward of your office made: somebody "
        "changed or forged it.  Nothing was kept.  Keep the file, take another backup, and ask "
        "who had this one in hand."
    ),
    "no_such_backup": N_("There is no such file.  Check its name; nothing was changed."),
    "backup_folder_missing": N_(
        "There is no such folder.  Is the stick in?  Nothing was made, and older backups are as "
        "they were."
    ),
    "travels_light": N_(
        "This device left keys behind for a trip, so its backup would lack them.  Make it on "
        "another steward's desk.  Nothing was made."
    ),
    "backup_exists": N_("There is a file of that name already.  Choose another; it is kept."),
    "file_exists": N_("There is a file of that name already.  Choose another; it is kept."),
    "relay_forked": N_(
        "The server showed two different histories.  It lies or was tampered with.  "
        "Keep this device as it is, and tell every steward by voice."
    ),
    "relay_rolled_back": N_(
        "The server has forgotten what it had signed.  It lies, or was set back to an older "
        "state.  Keep this device as it is, and tell every steward by voice."
    ),
    "relay_key_is_missing": N_(
        "The key file beside the server's database is missing or is another server's.  "
        "Put the right one back; without it the desks will not trust this server."
    ),
}

_REFUSED_BY_SYSTEM: Final = N_(
    "The system does not let this program use a file, a folder or an address.  Nothing was changed."
)
_BY_ERRNO: Final[dict[int, str]] = {
    errno.EADDRINUSE: N_(
        "Another program listens at this address already.  Stop it, or choose another address."
    ),
    errno.ENOSPC: N_("The disk is full.  Make room, then try again; what was kept is safe."),
    errno.EFBIG: N_(
        "This disk takes no file as large as that: sticks often come as FAT, which ends at 4 GiB.  "
        "Format it as exFAT or ext4, or take another one."
    ),
    errno.EACCES: N_("This account may not use that file, folder or address."),
    errno.ENOENT: N_("There is no such file or folder."),
}

_FINDINGS: Final[dict[str, str]] = {
    "device_forked": N_("a device wrote two different histories"),
    "chain_broken": N_("a device's chain has a hole"),
    "bad_signature": N_("a signature does not hold"),
    "entries_differ": N_("what is kept differs from what was signed"),
    "checkpoint_differs": N_("a checkpoint is not that of this log: the server lied"),
    "leaf_differs": N_("a sealed frame was changed after it was checked"),
    "list_differs": N_("a list on the screen is not what its facts make"),
    "words_differ": N_("the search index is not what its texts make"),
    "store_damaged": N_("the store's file is damaged"),
    "unsound": N_("something in a sealed frame does not hold"),
}

_BY_FAMILY: Final[dict[type[SafeconductError], str]] = {
    Unreachable: N_(
        "The server does not answer.  Check the address and the line; nothing is lost."
    ),
    Untrusted: N_(
        "Something here is not what it should be, so nothing was changed.  Keep it as it is, and "
        "ask a steward to look at it with `safeconduct verify`."
    ),
    Refused: N_("That cannot be done like this.  Nothing was changed."),
    Defect: N_("This is a fault in the program.  It stopped so that nothing is damaged."),
}
