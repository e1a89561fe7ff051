# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the commands of `safeconduct line` name a line's folder, and open it."""

from __future__ import annotations

import argparse
from pathlib import Path

from safeconduct.edges.lines.folder import NoLine, Opened, open_line
from safeconduct.edges.lines.secret import FILE
from safeconduct.programs.asking import ask_unseen
from safeconduct.programs.wording import say
from safeconduct.rooms.hotline.by_line import KINDS


def parser_of(command: str, purpose: str, *, kind: bool = False) -> argparse.ArgumentParser:
    """Return the parser of a command that names a folder, and before it a kind where it must."""
    parser = argparse.ArgumentParser(prog=f"safeconduct {command}", description=purpose)
    if kind:
        parser.add_argument("kind", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    add_folder(parser)
    return parser


def add_folder(parser: argparse.ArgumentParser) -> None:
    """Let a person name the line's folder."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=say("the line’s folder"))


def opened(folder: Path) -> Opened:
    """Ask for a line's passphrase, and open it.

    Raises:
        NoLine, WrongLinePassphrase, Malformed, CannotOpen: see `open_line`.
    """
    # Before the passphrase is asked for, which must not be typed for nothing.
    if not (folder / FILE).exists():
        raise NoLine
    return open_line(folder, ask_unseen(say("Passphrase of the line: ")))
