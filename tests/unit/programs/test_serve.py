# SPDX-License-Identifier: AGPL-3.0-or-later
"""One server answers for relay and page at one address."""

from pathlib import Path

import pytest

from safeconduct.kernel.wire.bodies import Founding
from safeconduct.programs.serve import Server
from safeconduct.programs.settings import ServeSettings
from tests.kit.asgi import Request, ask
from tests.kit.relay import Office


def settings(folder: Path) -> ServeSettings:
    """A server without a counter."""
    return ServeSettings(folder, ("127.0.0.1", 0), None, "", "", "", "en")


@pytest.mark.parametrize("founded", [False, True])
def test_relay_answers_beside_the_page_whether_or_not_an_office_is_founded(
    tmp_path: Path, *, founded: bool
) -> None:
    with Server(settings(tmp_path)) as server:
        if founded:
            code = server.store.founding_code() or ""
            server.store.found(Founding(code, Office().card))
        app = server._app()
        assert ask(app, Request("GET", "/v1/health")).status == 200
        assert ask(app, Request("GET", "/v1/nothing")).status == 404
        assert ask(app, Request("GET", "/")).status == (200 if founded else 503)
