# SPDX-License-Identifier: AGPL-3.0-or-later
"""A partner's office lives on the same server and wants to know who else does."""

from pathlib import Path

import pytest

from safeconduct.edges.relay.routes import ROUTES, Route
from safeconduct.programs.serve import Server
from safeconduct.programs.settings import PARTNER, ServeSettings
from tests.kit.asgi import Reply, Request, ask
from tests.kit.relay import Office, keep

pytestmark = pytest.mark.attack

HERE = ("127.0.0.1", 0)
MINE, OTHER, NOBODYS = Office(1), Office(2), Office(3)
OF_AN_OFFICE = [route for route in ROUTES if "{office}" in route.path]


def asked(server: Server, route: Route, office: Office, shown: Office) -> Reply:
    """What a call of an office is answered at the partner's entrance."""
    path = route.path.replace("{office}", office.office.hex())
    path = path.replace("{id}", "aa" * 32).replace("{hash}", "aa" * 32).replace("{i}", "0")
    bearer = [(b"authorization", b"Bearer " + shown.capability().hex().encode())]
    port = int(server.urls[PARTNER].rpartition(":")[2])
    return ask(server._app(), Request(route.method, path, headers=bearer, port=port))


def test_partner_is_answered_as_if_no_other_office_lived_here(tmp_path: Path) -> None:
    with Server(ServeSettings(tmp_path, HERE, None, "", "", "", "en", HERE)) as server:
        keep(server.store, MINE, entrance=PARTNER)
        keep(server.store, OTHER)
        assert asked(server, OF_AN_OFFICE[0], MINE, MINE).status == 200
        for route in OF_AN_OFFICE:
            for shown in (MINE, OTHER):
                answer = asked(server, route, OTHER, shown)
                assert answer == asked(server, route, NOBODYS, shown)
                assert answer.status in {400, 404}
