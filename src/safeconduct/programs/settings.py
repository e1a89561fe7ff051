# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator decides about a server, read the same way by every program about it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from safeconduct.edges.portal import PortalConfig, is_origin
from safeconduct.edges.relay.entrances import FIRST
from safeconduct.kernel.languages import LANGUAGES, READ_BY_NATIVES
from safeconduct.kernel.seal.keys import VERIFY_KEY_BYTES
from safeconduct.kernel.words import OfficeId
from safeconduct.programs.onion import FOLDER, Onion, OnionFolder
from safeconduct.programs.wording import say
from safeconduct.rooms.duty.pager_facts import ADDRESS

if TYPE_CHECKING:
    from safeconduct.kernel.wire.bodies import OfficeCard

DATABASE: Final = "relay.db"
LISTEN: Final = "127.0.0.1:8440"
COUNTER: Final = "127.0.0.1:8441"
PARTNER: Final = 1
"""The partner's entrance."""


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """Where a server keeps its file, where it listens, and what its page says."""

    folder: Path
    listen: tuple[str, int]
    counter: tuple[str, int] | None
    page_url: str
    counter_url: str
    exit_url: str
    language: str
    partner: tuple[str, int] | None = None
    """Where another office is met, whose people see nothing of the first."""
    addresses: tuple[str, ...] = ()
    """Where people reach the server; the page as one file tries them in this order."""
    languages: tuple[str, ...] = READ_BY_NATIVES
    """Which the page offers; `language` is among them."""
    pager: str = ""
    """Through which server it calls phones when timers pass; without one it keeps no timers."""
    onion: bool = False
    """Whether it has onion services."""
    onions: Onion | None = None
    """Where these are, once that is known."""

    @property
    def entrances(self) -> list[tuple[str, int]]:
        """Where the server listens; the place in this list is the entrance's number."""
        return [self.listen] if self.partner is None else [self.listen, self.partner]

    @property
    def onion_folder(self) -> OnionFolder:
        """What tor keeps for this server."""
        return OnionFolder(self.folder / FOLDER)

    @property
    def database(self) -> Path:
        """The relay's one file."""
        return self.folder / DATABASE


def add_server(parser: argparse.ArgumentParser) -> None:
    """Add what `serve` and `portal digest` ask alike."""
    parser.add_argument("folder", type=Path, help=say("folder of the server's files"))
    add_address(parser, "--listen", LISTEN, say("where relay and page listen"))
    add_address(parser, "--counter", COUNTER, say("where the way without scripts listens"))
    parser.add_argument(
        "--partner",
        type=address,
        metavar="HOST:PORT",
        help=say("where relay and page of a partner's office listen, if it lives here too"),
    )
    parser.add_argument(
        "--no-counter", action="store_true", help=say("switch off the way without scripts")
    )
    parser.add_argument(
        "--page-url", default="", metavar="URL", help=say("address that people know of the page")
    )
    parser.add_argument(
        "--counter-url",
        default="",
        metavar="URL",
        help=say("address that people know of the way without scripts"),
    )
    parser.add_argument(
        "--exit-url", default="", metavar="URL", help=say("harmless page to which leaving leads")
    )
    _add_ways(parser)
    add_page_languages(parser)


def _add_ways(parser: argparse.ArgumentParser) -> None:
    """Let an administrator say how people come to the server, and how it calls phones."""
    parser.add_argument(
        "--address",
        type=web_address,
        nargs="+",
        action="extend",
        default=[],
        metavar="URL",
        help=say("where the page as one file may meet this server, such as https://example.org"),
    )
    parser.add_argument(
        "--pager",
        type=pager_address,
        default="",
        metavar="URL",
        help=say("server through which phones are called when somebody does not check in"),
    )
    parser.add_argument(
        "--onion",
        action="store_true",
        help=say("let people come by onion services too; needs the program tor"),
    )


def add_page_languages(parser: argparse.ArgumentParser) -> None:
    """Let an office choose in which languages it can answer."""
    parser.add_argument(
        "--page-languages",
        nargs="+",
        choices=LANGUAGES,
        default=list(READ_BY_NATIVES),
        metavar=say("LANGUAGE"),
        help=say(
            "languages that the page offers, of {all}; offer those in which somebody can answer",
            all=", ".join(LANGUAGES),
        ),
    )
    parser.add_argument(
        "--language",
        choices=LANGUAGES,
        default="",
        help=say("language of the page when a browser asks for none of ours"),
    )


def add_address(parser: argparse.ArgumentParser, option: str, default: str, purpose: str) -> None:
    """Let a person choose where something listens."""
    usual = say("usually {address}", address=default)
    parser.add_argument(
        option, type=address, default=default, metavar="HOST:PORT", help=f"{purpose}; {usual}"
    )


def read_server(asked: argparse.Namespace) -> ServeSettings:
    """Return the settings that were asked for."""
    counter = None if asked.no_counter else asked.counter
    language = asked.language or asked.page_languages[0]
    return ServeSettings(
        folder=asked.folder,
        listen=asked.listen,
        counter=counter,
        page_url=asked.page_url,
        counter_url=asked.counter_url,
        exit_url=asked.exit_url,
        language=language,
        languages=tuple(dict.fromkeys((*asked.page_languages, language))),
        addresses=tuple(dict.fromkeys(asked.address)),
        partner=asked.partner,
        onion=asked.onion,
        pager=asked.pager,
    )


def met_at(settings: ServeSettings, onions: Onion) -> ServeSettings:
    """Return the settings of a server that has these onion services too.

    Their address comes last among those that the page as one file tries, unless it was given a
    place: a browser that is not Tor's asks whoever answers for names about it.
    """
    named = settings.addresses
    addresses = named if onions.page in named else (*named, onions.page)
    return replace(settings, onions=onions, addresses=addresses)


def address(text: str) -> tuple[str, int]:
    """Return (host, port) of `HOST:PORT`; raises ValueError, which argparse words."""
    host, _, port = text.rpartition(":")
    if not host or not 0 <= int(port) <= 65535:  # noqa: PLR2004  (16 bits)
        raise ValueError(text)
    return host.strip("[]"), int(port)


def web_address(text: str) -> str:
    """Return an address of the server as the page as one file has it."""
    bare = text.rstrip("/").lower()
    if not is_origin(bare):
        raise argparse.ArgumentTypeError(
            say("like https://example.org, with nothing behind the name but a port")
        )
    return bare


def pager_address(text: str) -> str:
    """Return an address of a server of calls as a steward sets it (spec/duty.md 5); empty: none."""
    bare = text.rstrip("/")
    if (urlsplit(bare).hostname or "").endswith(".onion"):
        raise argparse.ArgumentTypeError(say("no onion address: the server calls without Tor"))
    if not ADDRESS.search(bare):
        raise argparse.ArgumentTypeError(
            say("like https://calls.example.org, with nothing behind the name but a port")
        )
    return bare


def portal_config(
    settings: ServeSettings, card: OfficeCard, counter_url: str | None
) -> PortalConfig:
    """Return what the public page is made from."""
    config = PortalConfig(
        office=OfficeId(card.office),
        intake_signing=card.intake_signing[:VERIFY_KEY_BYTES],
        language=settings.language,
        languages=settings.languages,
        counter_url=counter_url,
        addresses=settings.addresses,
    )
    return replace(config, exit_url=settings.exit_url) if settings.exit_url else config


def shown_at(settings: ServeSettings, entrance: int) -> ServeSettings:
    """Return what an entrance's page may show: a partner's tells nothing of the first's ways."""
    return settings if entrance == FIRST else replace(settings, addresses=(), onions=None)


def page_url(settings: ServeSettings) -> str:
    """Return the address that people know of the page; empty when none is known."""
    return settings.page_url or (settings.onions.page if settings.onions else "")


def counter_url(settings: ServeSettings, entrance: int, *, over_onion: bool = False) -> str | None:
    """Return the address of the counter that an entrance's page shows; None when it has none.

    The counter serves the first entrance's office alone.  Who came by an onion address is shown
    an onion address.
    """
    if settings.counter is None or entrance != FIRST:
        return None
    host, port = settings.counter
    onion = settings.onions.counter if settings.onions else None
    named = (onion, settings.counter_url) if over_onion else (settings.counter_url, onion)
    return next(filter(None, named), f"http://{host}:{port}/")


def onion_hint(settings: ServeSettings) -> tuple[str, str] | None:
    """Return the name whose visitors are told of the onion service, and its address.

    Tor Browser heeds that over https alone; who asks by another name, or by the bare address of
    the machine, is told nothing.
    """
    parts = urlsplit(settings.page_url)
    if settings.onions is None or parts.scheme != "https":
        return None
    return parts.netloc.lower(), settings.onions.page
