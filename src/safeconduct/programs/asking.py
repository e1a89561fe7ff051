# SPDX-License-Identifier: AGPL-3.0-or-later
"""How programs ask a person in a terminal, and where this device keeps its store."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from safeconduct import host
from safeconduct.kernel.errors import Refused
from safeconduct.programs.wording import LANGUAGES, say

HOME_VARIABLE: Final = "SAFECONDUCT_HOME"
KEYS: Final = "keys"
"""The file that a desk's folder always holds."""
PASSPHRASE_LEAST: Final = 12


class NoStore(Refused):
    """There is no office in this folder yet."""

    code = "no_store"


class StoreExists(Refused):
    """There is an office in this folder already."""

    code = "store_exists"


class NoAnswer(Refused):
    """Nobody came to the meeting within the hour."""

    code = "no_answer"


def add_home(parser: argparse.ArgumentParser) -> None:
    """Let a person choose where this device keeps its store."""
    default = Path(os.environ.get(HOME_VARIABLE) or host.data_folder() / "safeconduct")
    parser.add_argument(
        "--home", type=Path, default=default, help=say("folder of this device's store")
    )


def add_language(parser: argparse.ArgumentParser, purpose: str, default: str) -> None:
    """Let a person choose one of our languages."""
    parser.add_argument("--language", choices=LANGUAGES, default=default, help=purpose)


def ask(question: str) -> str:
    """Return an answer that is not empty; asks again until there is one."""
    answer = ""
    while not answer:
        answer = _line(question)
    return answer


def ask_maybe(question: str) -> str:
    """Return an answer, which may be empty."""
    return _line(question)


def ask_block(question: str) -> str:
    """Return lines up to an empty one, or up to the end of what is typed.

    Empty ones before the first are passed over: who copies a text takes the gap above it along.
    """
    print(question, flush=True)
    lines = [ask("")]
    while line := sys.stdin.readline().strip():
        lines.append(line)
    return "\n".join(lines)


def ask_yes(question: str) -> bool:
    """Return whether the person typed yes in full; anything else is no.

    It asks again while nothing is typed: behind a text that was pasted come more empty lines.
    """
    yes, no = say("yes"), say("no")
    return ask(f"{question} [{yes}/{no}] ").casefold() in {yes, "yes"}


def ask_unseen(prompt: str) -> str:
    """Return a line that does not show while it is typed; it may be empty."""
    if sys.stdin.isatty():
        _say_unseen()
        return unicodedata.normalize("NFKC", getpass.getpass(prompt))
    print(prompt, end="", flush=True)
    return unicodedata.normalize("NFKC", _read())


def ask_passphrase_of(home: Path) -> str:
    """Ask for the passphrase of the desk in a folder, unseen.

    Raises:
        NoStore: there is no desk in it.
    """
    if not (home / KEYS).exists():
        raise NoStore
    return ask_unseen(say("Passphrase: "))


def ask_new_passphrase(*, unlike: str = "") -> str:
    """Ask for a new passphrase twice, until both agree, it is long enough and not the old one."""
    print(
        say(
            "Choose a passphrase of at least {least} characters, best five or six unrelated "
            "words.  Without it, only your colleagues can let you in again.",
            least=PASSPHRASE_LEAST,
        )
    )
    while True:
        first = ask_unseen(say("New passphrase: "))
        if _is_chosen(first, {unlike}):
            return first


def ask_new_line_passphrase() -> str:
    """Ask for the passphrase of a new line twice, until both agree and it is long enough."""
    print(
        say(
            "Choose a passphrase of at least {least} characters for this line, best five or six "
            "unrelated words.  It is asked for at each start.  Without it the line must be made "
            "and admitted anew.",
            least=PASSPHRASE_LEAST,
        )
    )
    while True:
        first = ask_unseen(say("New passphrase: "))
        if _is_chosen(first, {""}):
            return first


def ask_second_passphrase(*, unlike: set[str]) -> str:
    """Ask for a second passphrase, which mostly is empty; as `ask_new_passphrase` otherwise."""
    print(
        say(
            "A second passphrase, if you want one, opens an invented office on this device, for "
            "when somebody forces you.  Most people have none: press Enter.  If you have one "
            "already, Enter leaves it as it is, and typing it here keeps it too."
        )
    )
    while True:
        first = ask_unseen(say("Second passphrase, or nothing: "))
        if not first or _is_chosen(first, unlike):
            return first


def _is_chosen(first: str, unlike: set[str]) -> bool:
    """Have a new passphrase typed again if it will do; say why if it will not."""
    if len(first) < PASSPHRASE_LEAST:
        print(say("That is too short."))
    elif first in unlike:
        print(say("That is the passphrase of now."))
    elif ask_unseen(say("Once more: ")) != first:
        print(say("The two are not the same."))
    else:
        return True
    return False


@cache
def _say_unseen() -> None:
    """Say it once: who sees nothing happen thinks that the keyboard is dead."""
    print(say("What you type now does not show on the screen.  Press Enter after it."))


def _line(prompt: str) -> str:
    print(prompt, end="", flush=True)
    return _read().strip()


def _read() -> str:
    line = sys.stdin.readline()
    if not line:
        raise KeyboardInterrupt
    return line.rstrip("\n")
