# SPDX-License-Identifier: AGPL-3.0-or-later
"""One server answers for relay and page at one address."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.kernel.wire.bodies import Founding
from safeconduct.programs.serve import WIND_DOWN_SECONDS, Server, _OnlyCodes, run
from safeconduct.programs.settings import ServeSettings
from tests.kit.asgi import Request, ask
from tests.kit.relay import Office, keep


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


@pytest.mark.parametrize(
    ("language", "said"), [("en", "never started from a desk"), ("ru", "сервер не запускают")]
)
@pytest.mark.parametrize("rest", [["--from-desk"], ["folder", "--from-desk=x"]])
def test_who_would_serve_from_a_desk_is_told_what_to_type_instead(
    *,
    language: str,
    said: str,
    rest: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    with pytest.raises(SystemExit) as ended:
        run(rest)
    assert ended.value.code != 0
    told = " ".join(capsys.readouterr().err.split())
    assert said in told
    assert "safeconduct move found --relay" in told
    with pytest.raises(SystemExit):
        run(["--help"])
    assert "safeconduct move found" in " ".join(capsys.readouterr().out.split())


def test_server_that_ends_answers_who_waits(tmp_path: Path) -> None:
    with Server(settings(tmp_path)) as server, ThreadPoolExecutor(2) as threads:
        office = keep(server.store, Office()).office
        serving = threads.submit(server.serve)
        courier = HttpCourier(Line(server.url, office.office), office.capability())
        before = courier.wait(0, 0, 0)
        waiting = threads.submit(courier.wait, *before, 20)
        pause = threading.Event()
        while not server.store.parts.bell._waiting:
            pause.wait(0.01)
        server.stop()
        assert waiting.result(WIND_DOWN_SECONDS - 2) == before
        serving.result(WIND_DOWN_SECONDS - 2)
        courier.close()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("asyncio", "asyncio ValueError"),
        ("safeconduct.relay", "safeconduct.relay defect ValueError"),
    ],
)
def test_log_tells_the_kind_of_an_error_and_nothing_of_its_content(name: str, said: str) -> None:
    error = ValueError("content")
    record = logging.LogRecord(
        name, logging.ERROR, __file__, 1, "defect", None, (ValueError, error, error.__traceback__)
    )
    assert _OnlyCodes().format(record) == said
