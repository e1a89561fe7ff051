# SPDX-License-Identifier: AGPL-3.0-or-later
"""Referrals in words: what a package says, how one stands, and why something was not done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from safeconduct.edges.desk import record_words
from safeconduct.edges.desk.i18n import Translate, translations
from safeconduct.rooms.cases.record import CaseRecord
from safeconduct.rooms.cases.referral_facts import FileAlong
from safeconduct.rooms.cases.referrals import Piece, State
from safeconduct.rooms.cases.sheets import PERSON, SHEETS, Form


def package(
    language: str, words: str, pieces: Sequence[Piece], files: Sequence[FileAlong] = ()
) -> str:
    """Return a package as it is read: our words, sheet by sheet what goes along, then the files.

    No code name and no id of ours is in it: a sheet is called by its kind and a number, a file by
    a number alone.
    """
    names = _names(language, pieces)
    blocks = [words] if words else []
    for sheet, name in names.items():
        some = (one for one in pieces if (one.kind, one.sheet) == sheet)
        lines = [line for one in some if (line := _line(one, names, language))]
        blocks.append("\n".join([name, *lines]))
    if files:
        blocks.append("\n".join(_file_lines(language, files)))
    return "\n\n".join(blocks)


def _file_lines(language: str, files: Iterable[FileAlong]) -> Iterator[str]:
    _ = translations(language).gettext
    for number, one in enumerate(files, 1):
        if one.original:
            yield _("file-{number}: as it came to us. Open it with care.").format(number=number)
        else:
            yield _("file-{number}: our copy of what it shows.").format(number=number)


def _names(language: str, pieces: Iterable[Piece]) -> dict[tuple[str, bytes], str]:
    names: dict[tuple[str, bytes], str] = {}
    for sheet in dict.fromkeys((one.kind, bytes(one.sheet)) for one in pieces):
        number = 1 + sum(kind == sheet[0] for kind, _ in names)
        names[sheet] = f"{record_words.one(sheet[0], language)} {number}"
    return names


def _line(one: Piece, names: dict[tuple[str, bytes], str], language: str) -> str:
    """Return a field and what it says; nothing where it names a sheet that does not go along."""
    label = record_words.field(one.kind, one.field, language)
    field = next(it for it in SHEETS[one.kind] if it.name == one.field)
    value = one.value
    if field.form is Form.ONE:
        value = record_words.choice(one.kind, one.field, value, language)
    elif field.form is Form.SHEET:
        named = bytes.fromhex(value)
        value = next((name for (kind, at), name in names.items() if at == named), "")
    return f"{label}: {value}" if value else ""


def people(record: CaseRecord, file: FileAlong, language: str) -> tuple[str, ...]:
    """Return whom a file shows, as the record calls them."""
    sheets = (record.sheet(one, PERSON) for one in file.persons)
    return tuple(record_words.label(one, language) for one in sheets if one is not None)


def greeting(language: str) -> str:
    """Return what waits under the words before anybody wrote, unless somebody types another."""
    _ = translations(language).gettext
    return _(
        "You are in the right place. Something is ready for you here, and it has not been sent "
        "yet. Please write to us on this page who you are and who told you these words, and "
        "nothing about anybody else. When one of us has read it, you find it here, under the same "
        "words, mostly within a day."
    )


def state(one: State, language: str) -> str:
    """Say how a referral stands, and what that means for what left the office."""
    _ = translations(language).gettext
    return {
        State.WAITING: _("Waits: nobody has written with the words yet. Nothing has left us."),
        State.CAME: _(
            "Somebody wrote with the words. Read it, make sure who it is, and hand it over or "
            "withdraw it. Nothing has left us."
        ),
        State.HANDED: _(
            "Handed over. Whether it was read nobody can see until they write to us again."
        ),
        State.ANSWERED: _("Handed over, and answered: they wrote to us after that."),
        State.WITHDRAWN: _("Withdrawn before it was handed over. Nothing has left us."),
        State.TOO_LATE: _(
            "Withdrawn after it was handed over. What has left cannot be called back: ask them to "
            "destroy it."
        ),
        State.EXPIRED: _("Ran out before it was handed over. Nothing has left us."),
    }[one]


def short(one: State, language: str) -> str:
    """Say it in a word or two."""
    _ = translations(language).gettext
    return {
        State.WAITING: _("nobody came yet"),
        State.CAME: _("somebody wrote with the words"),
        State.HANDED: _("handed over"),
        State.ANSWERED: _("answered"),
        State.WITHDRAWN: _("withdrawn in time"),
        State.TOO_LATE: _("withdrawn too late"),
        State.EXPIRED: _("ran out"),
    }[one]


def refusals(_: Translate) -> dict[str, str]:
    """Return why nothing was done with a referral, by the refusal's code."""
    return {
        "wrong_referral": _(
            "Something is missing or does not fit; the fields are marked. The greeting has up to "
            "1,000 characters and your own words up to 4,000, and the last day is at most 30 days "
            "away. Of each file it has to be ticked who can be seen or is named in it, an original "
            "needs a reason, and up to 8 files go along. Nothing was made, and what you typed is "
            "still here."
        ),
        "nothing_referred": _(
            "Nothing goes along yet. Write a few words to them, or tick what they need to know."
        ),
        "referral_too_long": _(
            "This is more than fits into one package. Leave something out; you can make a second "
            "one when this was handed over. Nothing was made."
        ),
        "referral_changed": _(
            "The record was changed since this was shown. What would go along now is shown here; "
            "read it again before you go on. Nothing was made."
        ),
        "referral_waits": _(
            "One for the same person and recipient waits already. If its words are lost, or "
            "something else should go along, withdraw that one first. Nothing was made."
        ),
        **_of_handing(_),
        **_of_files(_),
    }


def _of_files(_: Translate) -> dict[str, str]:
    return {
        "referral_no_copy": _(
            "No clean copy could be made of a file: it is of a kind that is not copied, has more "
            "than 50 pages, is damaged, or took too long. Try once more. If you are still "
            "choosing, leave out the marked file, or choose the original and say why; if the "
            "referral is made already, withdraw it and make another. Nothing went along."
        ),
        "referral_file_gone": _(
            "A file is not there any more: its conversation does not belong to this case, cannot "
            "be read here, or the file was destroyed because its time was over. Leave it out; a "
            "referral that has it can only be withdrawn and made anew. Nothing went along."
        ),
        "referral_file_changed": _(
            "A file is not what was looked at when this referral was made. Somebody may have "
            "put another in its place. Withdraw the referral, look at the file again, and tell a "
            "steward. Nothing went along."
        ),
        "referral_files_too_large": _(
            "The files are too large: as they go along each has up to 25 MB, and all of them "
            "64 MB. Leave one out; if the referral is made already, withdraw it and make two. "
            "Nothing went along."
        ),
    }


def _of_handing(_: Translate) -> dict[str, str]:
    return {
        "no_such_referral": _(
            "This desk has no such referral, or no key to the contact part any more. Nothing was "
            "done."
        ),
        "referral_nobody_came": _(
            "Nobody has written with the words yet, as far as this desk knows. Call them and ask "
            "them to write on our page. Nothing was handed over."
        ),
        "referral_unread": _(
            "Something that goes along stands in a part that this desk cannot read, so nobody here "
            "can see what would be handed over. Ask who made it, or ask for that part. Nothing was "
            "handed over."
        ),
        "referral_ended": _(
            "This referral was withdrawn, or its last day is over. Make a new one if it is still "
            "wanted. Nothing was handed over."
        ),
        "referral_case_erased": _(
            "This case is to be erased, so nothing of it is handed over any more. If it has to go "
            "along, stop the erasure first."
        ),
        "referral_handed": _("This was handed over already. Nothing was sent twice."),
        "referral_withdrawn": _("This was withdrawn already. There is nothing left to do."),
    }
