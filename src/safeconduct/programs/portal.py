# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct portal digest`: one digest over all files of the public page."""

from __future__ import annotations

import argparse

from safeconduct.edges.portal import digest, portal_site
from safeconduct.edges.relay.backup import NoRelay
from safeconduct.edges.relay.store import RelayStore
from safeconduct.programs.settings import add_server, counter_url, portal_config, read_server
from safeconduct.programs.wording import say


def run(arguments: list[str]) -> int:
    """Print the digest of the page that a server with these settings shows."""
    parser = argparse.ArgumentParser(
        prog="safeconduct portal",
        description=say("Show what the public page must be, byte for byte, in all languages."),
    )
    parser.add_argument("act", choices=("digest",), help=say("show one digest over all files"))
    add_server(parser)
    settings = read_server(parser.parse_args(arguments))
    if not settings.database.exists():
        raise NoRelay
    with RelayStore(settings.database) as store:
        card = store.first_office()
    if card is None:
        print(say("No office is kept here yet, so there is no page."))
        return 1
    print(digest(portal_site(portal_config(settings, card, counter_url(settings)))))
    return 0
