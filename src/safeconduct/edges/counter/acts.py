# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each button of the counter does.  No step knows of another: every form brings all it needs.

What a person typed is shown again on every error, because she cannot recover it; her words stand
in the page only where she must correct them (docs/adr/0007-counter.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from safeconduct.edges.counter.screens import Page, Screens
from safeconduct.edges.counter.visit import (
    TEXT_BYTES,
    Carried,
    Visit,
    WordsAreOurs,
    Written,
)
from safeconduct.edges.person.device import Mailbox, Waiting
from safeconduct.kernel.errors import SafeconductError, Untrusted
from safeconduct.kernel.phrase import UnknownWord, WrongCount, fold, read_phrase
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.rooms.hotline.by_line import read_code

if TYPE_CHECKING:
    from safeconduct.edges.counter.forms import Form
    from safeconduct.rooms.hotline.sealed_files import SealedFile

OK: Final = 200
TOO_LARGE: Final = 413
DEFECT: Final = 500
UNAVAILABLE: Final = 503
FILE_ACT: Final = "file-"
NAME_CHARACTERS: Final = 120
WORD_CHARACTERS: Final = 40


@dataclass(frozen=True, slots=True)
class Download:
    """A file of an answer, to be saved."""

    name: str
    size: int
    parts: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Notice:
    """What the person must know or change, by code; the wording is in templates/notices.html."""

    code: str
    position: int = 0
    word: str = ""
    nearest: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A form and the language to answer in."""

    form: Form
    language: str


class Clerk:
    """Does what one form asks."""

    def __init__(self, screens: Screens, visit: Visit) -> None:
        """Take the pages and the way to the relay."""
        self.screens: Final = screens
        self._visit: Final = visit

    def answer(self, accepted: str, form: Form) -> Page | Download:
        """Return the page or file that a form asks for; never raises for what a person did."""
        language = self.screens.language(form["lang"] or form["language"], accepted)
        asked = Asked(form, language)
        act = "" if form["lang"] else form["action"]
        if form.makes_way:
            return self._again(asked, Notice("makes_way"), status=UNAVAILABLE)
        notice = self._not_whole(form)
        if notice:
            return self._again(asked, notice, status=TOO_LARGE)
        try:
            return self._act(act)(asked)
        except SafeconductError as error:
            told, status = _told(error, form)
            return self._again(asked, told, status=status)

    def failed(self, accepted: str, form: Form) -> Page:
        """Return the page for our own fault, with what was typed."""
        asked = Asked(form, self.screens.language(form["lang"] or form["language"], accepted))
        return self._again(asked, Notice("defect"), status=DEFECT)

    def _act(self, name: str) -> Callable[[Asked], Page | Download]:
        if name.startswith(FILE_ACT):
            return self._file
        return {
            "": self._stay,
            "write": lambda asked: self._show("write", asked),
            "back": lambda asked: self._show("back", asked),
            "send": self._send,
            "read": self._read,
            "reply": self._reply,
            "reply-anyway": self._reply,
        }.get(name, lambda asked: self._show("about", asked))

    def _stay(self, asked: Asked) -> Page:
        """Show the same page, as when another language was chosen."""
        page = asked.form["page"]
        if page not in {"write", "back", "answers"}:
            return self._show("about", asked)
        return self._kept(page, asked, None)

    def _send(self, asked: Asked) -> Page:
        """Seal a first message under words drawn now, and show them."""
        notice = _wrong_letter(asked.form)
        if notice:
            return self._again(asked, notice)
        phrase = self._visit.draw(asked.language)
        carried = self._post(self._visit.mailbox(phrase), asked)
        values = {"phrase": phrase.words, "typed": False, "carried": carried, **self._first(asked)}
        return self._show("sent", asked, values)

    def _read(self, asked: Asked) -> Page:
        """Open what waits under her words."""
        # Asked whatever lies in her box: the line must not show whether an answer does.
        first = self._first(asked)
        waiting = self._visit.look(self._mailbox(asked))
        replies = [(item, item.reply) for item in waiting]
        values = {
            "answers": [item for item, reply in replies if not reply or reply.kind == "answer"],
            "received": [reply.time for _, reply in replies if reply and reply.kind == "have"],
            "had": "yes" if waiting else "",
            "pending": "",
        }
        return self._show("answers", asked, values | first)

    def _reply(self, asked: Asked) -> Page:
        """Seal a further message under her words; asks once more when nothing waits under them."""
        phrase = read_phrase(asked.form["words"])
        mailbox = self._visit.mailbox(phrase)
        notice = _wrong_letter(asked.form)
        if notice:
            return self._again(asked, notice)
        waiting = self._visit.look(mailbox)
        if not waiting and asked.form["action"] != "reply-anyway":
            had = asked.form["had"] == "yes"
            return self._again(asked, Notice("other_words" if had else "nothing_waits"))
        carried = self._post(mailbox, asked)
        # Words that brought nothing may be wrong ones: the answer will hang on them all the same.
        words = () if waiting else phrase.words
        values = {"phrase": words, "typed": True, "carried": carried, **self._first(asked)}
        return self._show("sent", asked, values)

    def _first(self, asked: Asked) -> dict[str, str]:
        """Return what is said at once: by the office, and of a code that was left out as none."""
        code = asked.form["return_code"]
        lost = "yes" if code.strip() and not read_code(code) else ""
        return {"first": self._visit.first_words(asked.language), "code_lost": lost}

    def _file(self, asked: Asked) -> Page | Download:
        """Open one file of an answer and let the browser save it."""
        waiting = self._visit.look(self._mailbox(asked))
        file = _file_of(waiting, asked.form["action"].removeprefix(FILE_ACT))
        if file is None:
            return self._again(asked, Notice("not_found"))
        return Download(_safe_name(file.name), file.size, self._visit.fetch(file))

    def _mailbox(self, asked: Asked) -> Mailbox:
        return self._visit.mailbox(read_phrase(asked.form["words"]))

    def _post(self, mailbox: Mailbox, asked: Asked) -> list[Carried]:
        form = asked.form
        written = Written(asked.language, form["text"], form.told)
        return self._visit.send(mailbox, written, form.uploads)

    def _show(self, page: str, asked: Asked, values: dict[str, Any] | None = None) -> Page:
        return self.screens.page(page, asked.language, values or {})

    def _again(self, asked: Asked, notice: Notice, *, status: int = OK) -> Page:
        """Show the page that the form came from, with what was typed and what is wrong."""
        act = asked.form["action"]
        page = {"send": "write", "write": "write", "read": "back", "back": "back"}.get(act, "")
        if act.startswith((FILE_ACT, "reply")):
            page = "answers"
        return self._kept(page or _page_of(asked.form), asked, notice, status=status)

    def _kept(self, page: str, asked: Asked, notice: Notice | None, *, status: int = OK) -> Page:
        form = asked.form
        act = form["action"]
        values = {
            "text": form["text"],
            "told": form.told,
            "words": form["words"],
            "notice": notice,
            "chosen": [upload.name for upload in form.uploads],
            "answers": None,
            "received": [],
            "had": form["had"],
            "pending": act if act.startswith(FILE_ACT) else "",
        }
        return self.screens.page(page, asked.language, values, status=status)

    def _not_whole(self, form: Form) -> Notice | None:
        large = tuple(upload.name for upload in form.uploads if upload.too_large)
        if large:
            return Notice("file_too_large", names=large)
        return None if form.whole else Notice("not_whole")


def _told(error: SafeconductError, form: Form) -> tuple[Notice, int]:
    """Return what to say of an error, and with which status."""
    match error:
        case WrongCount(got=got):
            return Notice("wrong_count", position=got), OK
        case UnknownWord(position=position, nearest=nearest):
            word = fold(form["words"]).split()[position - 1]
            return Notice("unknown_word", position, word[:WORD_CHARACTERS], tuple(nearest)), OK
        case WordsAreOurs():
            return Notice("words_ours"), OK
        case NotFound():
            return Notice("not_found"), OK
        case Untrusted():
            return Notice("untrusted"), UNAVAILABLE
        case _:
            return Notice("unreachable"), UNAVAILABLE


def _page_of(form: Form) -> str:
    """Return the page that a form stood on, or the one where its text has a place."""
    page = form["page"]
    return page if page in {"write", "back", "answers"} else "write"


def _wrong_letter(form: Form) -> Notice | None:
    answers = form.told | {"return_code": read_code(form["return_code"])}
    told = any(answer.strip() for answer in answers.values())
    if not form["text"].strip() and not form.uploads and not told:
        return Notice("empty")
    if len(form["text"].encode()) > TEXT_BYTES:
        return Notice("text_too_long")
    return None


def _file_of(waiting: list[Waiting], which: str) -> SealedFile | None:
    """Return the file that a button named as `number of the item - number of the file`."""
    for item in waiting:
        if item.reply is None or item.reply.kind != "answer":
            continue
        for at, file in enumerate(item.reply.files):
            if which == f"{item.number}-{at}":
                return file
    return None


def _safe_name(name: str) -> str:
    """Return a file name that is one name on every system and reads as it is spelt."""
    kept = "".join(
        character for character in name if character.isprintable() and character not in '/\\:*?"<>|'
    )
    return kept.strip(". ")[-NAME_CHARACTERS:] or "file"
