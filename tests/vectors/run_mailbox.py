# SPDX-License-Identifier: AGPL-3.0-or-later
"""The mailbox's operations on vectors (spec/mailbox.md)."""

from collections.abc import Callable
from typing import Any

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.office_words import office_words
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import Address, OfficeId
from safeconduct.rooms.hotline.first_contact import (
    FirstContact,
    asked_by_form,
    parse_contact,
    write_contact,
)
from safeconduct.rooms.hotline.letters import (
    Box,
    Letter,
    Reply,
    conversation_of,
    item_epoch,
    message_id,
    open_letter,
    open_reply,
    parse_certificate,
)
from safeconduct.rooms.hotline.sealed_files import SealedFile
from tests.vectors.case import Given, Gives


def files_of(listed: list[list[Any]]) -> tuple[SealedFile, ...]:
    """The files of a case as the code has them."""
    return tuple(
        SealedFile(bytes.fromhex(blob), bytes.fromhex(key), name, size, media_type)
        for blob, key, name, size, media_type in listed
    )


def conversation(case: Given) -> Gives:
    return {"conversation": conversation_of(case.raw("voice"))}


def certificate(case: Given) -> Gives:
    office = OfficeId(case.raw("office"))
    read = parse_certificate(case.raw("data"), office, LongVerifyKey.parse(case.raw("key")))
    if read.epoch < case.number("least"):
        # Only a page has seen others in this visit (spec/mailbox.md 3); desks keep none open.
        raise Malformed("certificate")
    return {"epoch": read.epoch, "intake": read.key}


def write_letter(case: Given) -> Gives:
    letter = Letter(
        1,
        case.raw("voice"),
        case.raw("address"),
        case.raw("public"),
        case.word("language"),
        case.word("text"),
        files_of(case.listed("files")),
        case.listed("extras"),
    )
    return {"letter": encode(letter)}


def write_contact_(case: Given) -> Gives:
    told = asked_by_form(case.listed("answers"))
    return {"extras": encode(write_contact(told))}


def read_contact(case: Given) -> Gives:
    told = parse_contact(case.raw("data")) or FirstContact()
    return {"contact": encode(write_contact(told)), "more": int(told.more)}


def open_letter_(case: Given) -> Gives:
    item, office = case.raw("item"), OfficeId(case.raw("office"))
    letter = open_letter(item, office, SealingKey.from_seed(case.raw("seed")))
    return {
        "letter": encode(letter),
        "epoch": item_epoch(item, office),
        "message": message_id(item),
    }


def write_reply(case: Given) -> Gives:
    reply = Reply(
        1,
        case.word("kind"),
        case.number("time"),
        case.word("text"),
        files_of(case.listed("files")),
        case.raw("about"),
        case.listed("extras"),
    )
    return {"reply": encode(reply)}


def open_reply_(case: Given) -> Gives:
    key = SealingKey.from_seed(case.raw("seed"))
    office, address = OfficeId(case.raw("office")), Address(case.raw("address"))
    box = Box(office, address, key.public, case.raw("voice"))
    return {"reply": encode(open_reply(case.raw("item"), box, key))}


def office_words_(case: Given) -> Gives:
    words = office_words(OfficeId(case.raw("office")), case.raw("key"), "en")
    return {"places": " ".join(str(LISTS["en"].index(word)) for word in words)}


OPERATIONS: dict[str, Callable[[Given], Gives]] = {
    "conversation": conversation,
    "office_words": office_words_,
    "certificate": certificate,
    "write_letter": write_letter,
    "write_contact": write_contact_,
    "read_contact": read_contact,
    "open_letter": open_letter_,
    "write_reply": write_reply,
    "open_reply": open_reply_,
}
