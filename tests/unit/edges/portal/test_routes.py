# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the portal answers: which language, which headers, and never a trace."""

import gzip
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from safeconduct.edges.portal import PortalConfig, portal_routes, portal_site
from safeconduct.edges.portal.routes import choose
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.words import OfficeId

SITE = portal_site(PortalConfig(OfficeId(bytes(16)), SigningKey.from_seed(bytes(32)).public.raw))


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Litestar]]:
    app = Litestar(portal_routes(SITE), openapi_config=None, logging_config=None)
    with TestClient(app) as made:
        yield made


@pytest.mark.parametrize(
    ("wished", "language"),
    [
        ("", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "ru"),
        ("en-US,en;q=0.9,ru;q=0.8", "en"),
        ("ce,ru;q=0.8,en;q=0.1", "ru"),
        ("de, fr", "en"),
        ("en;q=0, ru;q=0.1", "ru"),
        ("ru;q=x,en;q=0.5", "en"),
        (",;,,q=;" * 100, "en"),
    ],
)
def test_the_browser_chooses_the_language(wished: str, language: str) -> None:
    assert choose(wished, SITE) == language


def test_a_button_chooses_it_too_at_the_same_address(client: TestClient[Litestar]) -> None:
    for language in SITE.pages:
        answer = client.post("/", data={"lang": language}, headers={"Accept-Language": "en"})
        assert answer.content == SITE.pages[language].body
    for nonsense in ({"lang": "xx"}, {"lang": "ru" * 100}, {"text": "ru"}):
        assert client.post("/", data=nonsense).content == SITE.pages["en"].body


@pytest.mark.parametrize("path", ["/", "/page.css", "/page.js"])
def test_nothing_is_stored_and_nothing_is_told(client: TestClient[Litestar], path: str) -> None:
    headers = client.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "set-cookie" not in headers
    assert "etag" not in headers


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_page_may_do_no_more_than_it_must(client: TestClient[Litestar], method: str) -> None:
    form = {"lang": "en"} if method == "POST" else None
    headers = client.request(method, "/", data=form).headers
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    policy = headers["content-security-policy"].split("; ")
    assert {
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "worker-src blob:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    } <= set(policy)
    assert "unsafe" not in headers["content-security-policy"]


def test_files_travel_packed_where_the_browser_takes_that(client: TestClient[Litestar]) -> None:
    for path, asset in (("/page.js", SITE.script), ("/page.css", SITE.style)):
        plain = client.get(path, headers={"Accept-Encoding": "identity"})
        assert plain.content == asset.body
        assert "content-encoding" not in plain.headers
        packed = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["content-length"] == str(len(asset.packed))
        assert gzip.decompress(asset.packed) == packed.content


def test_leaving_asks_the_browser_to_forget(client: TestClient[Litestar]) -> None:
    answer = client.post("/")
    assert answer.status_code == 204
    assert {'"cache"', '"cookies"', '"storage"'} == set(
        answer.headers["clear-site-data"].split(", ")
    )
