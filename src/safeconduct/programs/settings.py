# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator decides about a server, read the same way by every program about it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from safeconduct.edges.portal import PortalConfig
from safeconduct.kernel.seal.keys import VERIFY_KEY_BYTES
from safeconduct.kernel.words import OfficeId
from safeconduct.programs.asking import add_language
from safeconduct.programs.wording import say

if TYPE_CHECKING:
    from safeconduct.kernel.wire.bodies import OfficeCard

DATABASE: Final = "relay.db"
LISTEN: Final = "127.0.0.1:8440"
COUNTER: Final = "127.0.0.1:8441"


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
    add_language(parser, say("language of the page when a browser asks for none of ours"), "en")


def add_address(parser: argparse.ArgumentParser, option: str, default: str, purpose: str) -> None:
    """Let a person choose where something listens."""
    usual = say("usually {address}", address=default)
    parser.add_argument(
        option, type=address, default=default, metavar="HOST:PORT", help=f"{purpose}; {usual}"
    )


def read_server(asked: argparse.Namespace) -> ServeSettings:
    """Return the settings that were asked for."""
    counter = None if asked.no_counter else asked.counter
    return ServeSettings(
        folder=asked.folder,
        listen=asked.listen,
        counter=counter,
        page_url=asked.page_url,
        counter_url=asked.counter_url,
        exit_url=asked.exit_url,
        language=asked.language,
    )


def address(text: str) -> tuple[str, int]:
    """Return (host, port) of `HOST:PORT`; raises ValueError, which argparse words."""
    host, _, port = text.rpartition(":")
    if not host or not 0 <= int(port) <= 65535:  # noqa: PLR2004  (16 bits)
        raise ValueError(text)
    return host.strip("[]"), int(port)


def portal_config(
    settings: ServeSettings, card: OfficeCard, counter_url: str | None
) -> PortalConfig:
    """Return what the public page is made from."""
    config = PortalConfig(
        office=OfficeId(card.office),
        intake_signing=card.intake_signing[:VERIFY_KEY_BYTES],
        language=settings.language,
        counter_url=counter_url,
    )
    return replace(config, exit_url=settings.exit_url) if settings.exit_url else config


def counter_url(settings: ServeSettings) -> str | None:
    """Return the address of the counter that the page shows, or None when it is switched off."""
    if settings.counter is None:
        return None
    host, port = settings.counter
    return settings.counter_url or f"http://{host}:{port}/"
