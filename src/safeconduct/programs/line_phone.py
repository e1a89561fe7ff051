# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct line phone config|check|prompts`: what is done beside a telephone line.

The line itself runs by `safeconduct line phone FOLDER`.  The passphrase is typed unseen; passwords
of telephones are drawn here, kept sealed, and written to files that only their owner reads.
"""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from safeconduct.edges.lines.phone.check import Finding, judge
from safeconduct.edges.lines.phone.exchange import Exchange, configuration
from safeconduct.edges.lines.phone.settings import exchange_of, with_passwords
from safeconduct.edges.lines.post import OsRng
from safeconduct.kernel.errors import Refused
from safeconduct.programs.line_folder import add_folder, opened
from safeconduct.programs.line_phone_words import FINDINGS
from safeconduct.programs.texts import NoSuchText
from safeconduct.programs.wording import say

TELEPHONES: Final = "telephones.txt"
LACKING: Final = "prompt_lacking"
WELL: Final = 0
FAULTS: Final = 1


class NotThePhone(Refused):
    """The line in this folder is of another kind."""

    code = "not_the_phone"


class OutExists(Refused):
    """There is something in the folder that was to be written."""

    code = "out_exists"


def run(arguments: list[str]) -> int:
    """Do one of the three; 1 where the check found something wrong."""
    parser = argparse.ArgumentParser(
        prog="safeconduct line phone",
        description=say("Set up the Asterisk of a telephone line, and find what is wrong with it."),
    )
    parts = parser.add_subparsers(dest="part", required=True)
    out = say("a new folder to write to")
    config = parts.add_parser("config", help=say("write Asterisk’s configuration"))
    add_folder(config)
    config.add_argument("out", type=Path, help=out)
    check = parts.add_parser("check", help=say("say what is wrong with the Asterisk that runs"))
    add_folder(check)
    check.add_argument(
        "--tree", type=Path, default=Path("/"), help=say("where Asterisk’s own root folder is")
    )
    prompts = parts.add_parser("prompts", help=say("make the sound of what callers hear"))
    add_folder(prompts)
    prompts.add_argument("out", type=Path, help=out)
    prompts.add_argument("--recordings", type=Path, help=say("a folder of your own recordings"))
    asked = parser.parse_args(arguments)
    match asked.part:
        case "config":
            return _config(asked.folder, asked.out)
        case "check":
            return _check(asked.folder, asked.tree)
        case _:
            return _prompts(asked.folder, asked.out, asked.recordings)


def exchange_in(folder: Path) -> Exchange:
    """Return what the Asterisk of a line is set up with; draws and keeps passwords it lacks.

    Raises:
        NoLine, WrongLinePassphrase, Malformed, CannotOpen: see `open_line`.
        NotThePhone: it is another kind of line.
        BadSetting: what the line was told cannot stand in Asterisk’s settings.
    """
    line = opened(folder)
    if line.kind != "phone":
        raise NotThePhone
    before = line.store.settings()
    settings = with_passwords(before, OsRng())
    if settings != before:
        line.store.tell(settings)
    return exchange_of(settings)


def _config(folder: Path, out: Path) -> int:
    exchange = exchange_in(folder)
    files = {**configuration(exchange), TELEPHONES: _telephones(exchange)}
    _new_folder(out)
    for name, text in files.items():
        _write(out / name, text)
    print(say("Asterisk’s configuration is in {folder}.", folder=out))
    print(say("Give each person their part of {file}, and then delete that file.", file=TELEPHONES))
    return WELL


def _telephones(exchange: Exchange) -> str:
    """Return what each telephone must be told to sign in."""
    place = exchange.sip.outside or exchange.sip.address
    tls = exchange.sip.tls_port
    lines = []
    for one in exchange.operators:
        if one.way == "softphone":
            address = f"sip:{one.name}@{place}:{tls};transport=tls"
            lines.append(f"{one.name}\n  {address}\n  {one.password}\n  SRTP (SDES)\n")
        elif one.way == "browser":
            lines.append(f"{one.name}\n  /ws\n  {one.password}\n  WebRTC\n")
    return "\n".join(lines)


def _check(folder: Path, tree: Path) -> int:
    from safeconduct.edges.lines.phone.reading import read_asterisk  # noqa: PLC0415  (aiohttp only here)

    exchange = exchange_in(folder)
    findings = _gathered(judge(read_asterisk(exchange, tree), exchange))
    for finding in findings:
        print(f"! {say(FINDINGS[finding.code], about=finding.about)}\n")
    if findings:
        print(say("Found: {count}.", count=len(findings)))
        return FAULTS
    print(say("This Asterisk is as it should be."))
    return WELL


def _gathered(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, those of prompts that are not there as one: often all are not."""
    lacking = [one.about for one in findings if one.code == LACKING]
    others = [one for one in findings if one.code != LACKING]
    return [*others, Finding(LACKING, ", ".join(lacking))] if lacking else others


def _prompts(folder: Path, out: Path, recordings: Path | None) -> int:
    from safeconduct.edges.lines.phone.prompt_files import make  # noqa: PLC0415

    if recordings is not None and not recordings.is_dir():
        raise NoSuchText
    exchange = exchange_in(folder)
    _new_folder(out)
    try:
        by_machine = make(out, exchange.languages, recordings)
    except Exception:
        # It was empty: what is half made must not stand in the way of the next try.
        shutil.rmtree(out)
        raise
    print(say("What callers hear is in {folder}.", folder=out))
    if by_machine:
        print(
            say(
                "A machine speaks {count} of these.  A calm voice of yours is better: see "
                "docs/run/lines/phone.md for the names and words.",
                count=len(by_machine),
            )
        )
    return WELL


def _new_folder(out: Path) -> None:
    """Make a folder that only its owner reads.

    Raises:
        OutExists: there is something in it.
    """
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise OutExists


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
