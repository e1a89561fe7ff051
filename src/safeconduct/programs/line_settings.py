# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a line is told of its channel: asked for, checked, and changed by `safeconduct line set`.

A value that cannot stand is asked for again at once.  Settings that a line already has are shown
in brackets, secrets never; an empty answer keeps them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, Final

from safeconduct.edges.lines.channel import Ask
from safeconduct.edges.lines.kinds import kind_of_line
from safeconduct.edges.lines.kinds.forms import fits
from safeconduct.edges.lines.phone.exchange import BadSetting
from safeconduct.edges.lines.phone.settings import exchange_of, with_passwords
from safeconduct.edges.lines.post import OsRng
from safeconduct.edges.lines.runner import LANGUAGE
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.programs.asking import ask_maybe, ask_unseen
from safeconduct.programs.line_folder import opened, parser_of
from safeconduct.programs.line_words import (
    CANNOT_STAND,
    FIRST_LANGUAGE,
    MISFITS,
    UNLESS,
    question_of,
    words,
)
from safeconduct.programs.wording import language, say
from safeconduct.rooms.hotline.by_line import Kind

NOTHING: Final[Mapping[str, str]] = {}


@dataclass(eq=False)
class CannotStand(Refused):
    """A setting that a line has cannot stand in Asterisk's; `question` is how it is asked for."""

    code: ClassVar[str] = "setting_cannot_stand"
    question: str


def run(arguments: list[str]) -> int:
    """Ask again for what a line was told when it was made, and keep what is changed."""
    purpose = say("Change what a line was told of its channel.  Enter keeps what stands.")
    line = opened(parser_of("line set", purpose).parse_args(arguments).folder)
    line.store.tell(asked_settings(line.kind, line.store.settings()))
    print(say("This is kept.  It counts when the line is started again."))
    if line.kind == "phone":
        print(
            say(
                "Write Asterisk’s configuration anew too:  safeconduct line phone config FOLDER OUT"
            )
        )
    return 0


def asked_settings(kind: Kind, before: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """Ask for all that a kind must know, until it can stand; with what stood before, if any."""
    asks = kind_of_line(kind).ASKS
    told = {**before, **{one.name: _setting(one, before.get(one.name, "")) for one in asks}}
    told[LANGUAGE] = _language(before.get(LANGUAGE) or language())
    while kind == "phone":
        try:
            told = with_passwords(told, OsRng())
            exchange_of(told)
            break
        except BadSetting as error:
            wrong = next((one for one in asks if one.name == error.field), None)
            if wrong is None:
                raise
            print(say(CANNOT_STAND, question=words(wrong.name)))
            told[wrong.name] = _setting(wrong, "")
    return told


@contextmanager
def settings_in_words() -> Iterator[None]:
    """Let what cannot stand be told by the question that asks for it.

    Raises:
        CannotStand: a line was told such a thing.
    """
    try:
        yield
    except BadSetting as error:
        raise CannotStand(words(error.field)) from error


def _setting(asked: Ask, before: str) -> str:
    """Ask for one setting; again while a needed one is empty, or has not the form it must have."""
    question = question_of(asked, before)
    answer = ""
    while not answer:
        typed = ask_unseen(question) if asked.secret else ask_maybe(question)
        if typed and typed != asked.unless and not fits(asked.form, typed):
            print(say(MISFITS[asked.form]))
            continue
        answer = typed or before or asked.unless
    return answer


def _language(before: str) -> str:
    """Ask for the language of the first text."""
    question = say(UNLESS, question=say(FIRST_LANGUAGE), name=", ".join(LANGUAGES), unless=before)
    while True:
        answer = ask_maybe(question) or before
        if answer in LANGUAGES:
            return answer
        print(say("Type one of these: {languages}", languages=", ".join(LANGUAGES)))
