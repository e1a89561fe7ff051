# SPDX-License-Identifier: AGPL-3.0-or-later
"""What came by a messenger and is no text, in words: stickers, places, calls (spec/lines.md 6).

A line knows nobody's language at the desk, so each word stands in English and in Russian.
"""

from __future__ import annotations

from typing import Final

RAW_MOST: Final = 600
"""What a kind tells of such a thing stands behind the word, up to here."""
WORDS: Final[dict[str, str]] = {
    "binary": "a message that is no text / сообщение, которое не текст",
    "button": "a button / кнопка",
    "call": "a call, not taken here / звонок, здесь его не принимают",
    "clear": "came in the clear: others may have read it, and nobody proves who wrote. "
    "Only the way to the page goes back. / пришло незапертым: это могли прочитать другие, и кто "
    "писал, ничем не доказано. Обратно идёт только путь к странице.",
    "contact": "a contact / контакт",
    "cut": "longer than a line takes, this is its beginning; bytes in all: / "
    "длиннее, чем принимает линия, это начало; всего байт:",
    "deleted": "took back a message / удалили сообщение",
    "edited": "changed a message / изменили сообщение",
    "file": "a file / файл",
    "group": "written in a group / написано в группе",
    "joined": "others are in this chat and read along: nothing goes back until they are gone / "
    "в этом чате есть другие, и они читают: пока они там, обратно ничего не идёт",
    "large": "a file too large to take / файл слишком большой, не принят",
    "location": "a place / место",
    "lost": "a file that could not be fetched / файл, который не удалось получить",
    "new_key": "This person has a new key: a new phone, or another person at it. "
    "What was written to them before does not go to it. Ask something that only they know. / "
    "У этого человека новый ключ: новый телефон или за ним кто-то другой. Написанное ему раньше "
    "туда не уйдёт. Спросите то, что знает только он.",
    "payment": "a payment / платёж",
    "poll": "a poll / опрос",
    "reaction": "a reaction / реакция",
    "start": "opened the chat / открыли чат",
    "sticker": "a sticker / стикер",
    "unknown": "a message of a kind that this line does not know / "
    "сообщение неизвестного этой линии вида",
    "unopened": "a message that did not open: ask them to send it again / "
    "сообщение, которое не открылось: попросите прислать ещё раз",
    "unread": "a mail that could not be read; it is attached as it came / "
    "письмо, которое не удалось прочитать; оно приложено как пришло",
    "unread_there": "a mail that the mail server does not give out; it still lies there / "
    "письмо, которое почтовый сервер не отдаёт; оно осталось у него",
    "unproven": "no mail server proves who wrote this: anybody can write in this name. Nothing "
    "went back by itself. / ни один почтовый сервер не доказывает, кто это писал: от этого имени "
    "может писать любой. Само по себе ничего не ушло.",
    "voice": "a voice message / голосовое сообщение",
}


def in_words(what: str, more: str = "") -> str:
    """Say what came; what no word is known for is said to be unknown, under its own name."""
    known = WORDS.get(what)
    named = f"[{known}]" if known else f"[{WORDS['unknown']}: {what[:40]}]"
    return f"{named} {more[:RAW_MOST]}".rstrip()


def together(*parts: str) -> str:
    """Return what is said, each on a line of its own."""
    return "\n".join(part for part in parts if part)
