# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct portal`: what the public page must be, the same as one file, and whose it is."""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from safeconduct.edges.portal import digest, file_digest, one_file, portal_site
from safeconduct.edges.relay.backup import NoRelay
from safeconduct.edges.relay.entrances import FIRST
from safeconduct.edges.relay.store import RelayStore
from safeconduct.programs.office_words import show_office_words
from safeconduct.programs.settings import (
    PARTNER,
    ServeSettings,
    add_server,
    counter_url,
    met_at,
    portal_config,
    read_server,
    shown_at,
)
from safeconduct.programs.texts import FileExists
from safeconduct.programs.wording import say

if TYPE_CHECKING:
    from safeconduct.edges.portal import PortalConfig

NAME: Final = "notes.html"
"""Says nothing of what it is."""
ANOTHER: Final = 3


def run(arguments: list[str]) -> int:
    """Do one act for the page that a server with these settings shows."""
    parser = argparse.ArgumentParser(
        prog="safeconduct portal",
        description=say("Show what the public page must be, byte for byte, in all languages."),
        epilog=say(
            "digest: one digest over all files.  export: the page as one file, to hand on.  "
            "verify: whether a file is that one.  words: the office's own eight words."
        ),
    )
    parser.add_argument(
        "act", choices=("digest", "export", "verify", "words"), help=say("what to do; see below")
    )
    add_server(parser)
    parser.add_argument(
        "--of-partner", action="store_true", help=say("of the page of the partner's office")
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path(NAME),
        metavar=say("FILE"),
        help=say("the page as one file: where to write it, or which file to verify"),
    )
    asked = parser.parse_args(arguments)
    entrance = PARTNER if asked.of_partner else FIRST
    settings = _settings(asked, entrance)
    if asked.act in {"export", "verify"} and not settings.addresses:
        parser.error(say("Name at least one --address at which people reach the server."))
    if asked.act == "digest":
        settings = shown_at(settings, entrance)
    config = _config(settings, entrance)
    if config is None:
        print(say("No office is kept here yet, so there is no page."))
        return 1
    done = _act(asked.act, config, asked.output)
    if asked.act == "digest" and settings.onions:
        by_tor = replace(config, counter_url=counter_url(settings, entrance, over_onion=True))
        print(f"{digest(portal_site(by_tor))}  {settings.onions.page}")
    return done


def _settings(asked: argparse.Namespace, entrance: int) -> ServeSettings:
    """Return what was asked for, with the onion addresses that tor made.

    Raises:
        NoOnion, OnionDiffers: they were asked for, and there are none, or none that hold.
    """
    settings = read_server(asked)
    if not settings.onion or entrance != FIRST:
        return settings
    counter = settings.counter is not None
    return met_at(settings, settings.onion_folder.addresses(counter=counter))


def _config(settings: ServeSettings, entrance: int) -> PortalConfig | None:
    """Return what the page is made from; None while no office is kept."""
    if not settings.database.exists():
        raise NoRelay
    with RelayStore(settings.database) as store:
        card = store.first_office(entrance)
    if card is None:
        return None
    return portal_config(settings, card, counter_url(settings, entrance))


def _act(act: str, config: PortalConfig, file: Path) -> int:
    match act:
        case "export":
            _keep(one_file(config), file)
            print(f"{file_digest(config)}  {file}")
            show_office_words(config.office, config.intake_signing)
        case "verify":
            return _verify(config, file)
        case "words":
            show_office_words(config.office, config.intake_signing)
        case _:
            print(digest(portal_site(config)))
    return 0


def _keep(page: bytes, file: Path) -> None:
    """Write a new file; the same page may be there already.

    Raises:
        FileExists: another file is there.
    """
    if not file.exists():
        with file.open("xb") as kept:
            kept.write(page)
    elif file.read_bytes() != page:
        raise FileExists


def _verify(config: PortalConfig, file: Path) -> int:
    """Say whether a file is the one that these settings give; 0 or 3."""
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    print(f"{found}  {file}")
    if found == file_digest(config):
        print(say("This is the office's page as one file, byte for byte."))
        return 0
    print(say("This file is another one than these settings and this version give."))
    return ANOTHER
