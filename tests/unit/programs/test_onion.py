# SPDX-License-Identifier: AGPL-3.0-or-later
"""An onion address is a public key; what is told of it, and to whom."""

import base64
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from litestar import Litestar

from safeconduct.edges.counter import serve_counter
from safeconduct.edges.portal import PortalConfig, portal_routes, portal_site
from safeconduct.edges.relay.entrances import FIRST
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.words import OfficeId
from safeconduct.programs import settings as decided
from safeconduct.programs.onion import (
    KEY_HEAD,
    NAME,
    PUBLIC,
    SECRET,
    SECRET_BYTES,
    NoOnion,
    Onion,
    OnionDiffers,
    OnionFolder,
    name_of,
)
from safeconduct.programs.serve import Server
from safeconduct.programs.settings import PARTNER, ServeSettings
from tests.kit.asgi import Request, ask
from tests.kit.relay import Office

# The examples of rend-spec-v3, section 6.
EXAMPLES = (
    "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion",
    "sp3k262uwy4r2k3ycr5awluarykdpag6a7y33jxop4cs2lu5uz5sseqd.onion",
    "xa4r2iadxm55fbnqgwwi5mymqdcofiu3w6rpbtqn7b2dyn7mgwj64jyd.onion",
)
ONIONS = Onion(f"http://{EXAMPLES[0]}", f"http://{EXAMPLES[1]}")
HERE = ("127.0.0.1", 0)
SERVED = ServeSettings(
    Path("folder"),
    ("127.0.0.1", 8440),
    ("127.0.0.1", 8441),
    "https://Notes.example.org/",
    "https://plain.example.org/",
    "",
    "en",
    addresses=("https://notes.example.org",),
    onion=True,
)


def key_of(name: str) -> bytes:
    """The public key that an onion name is made of."""
    return base64.b32decode(name.partition(".")[0].upper())[:32]


@pytest.fixture
def folder(tmp_path: Path) -> OnionFolder:
    """A service as tor leaves it, for the page alone."""
    where = tmp_path / "onion" / "page"
    where.mkdir(parents=True)
    (where / NAME).write_text(EXAMPLES[0] + "\n")
    (where / PUBLIC).write_bytes(KEY_HEAD + key_of(EXAMPLES[0]))
    (where / SECRET).write_bytes(bytes(SECRET_BYTES))
    return OnionFolder(tmp_path / "onion")


@pytest.mark.parametrize("name", EXAMPLES)
def test_name_is_that_of_the_specification(name: str) -> None:
    assert name_of(key_of(name)) == name


def test_address_is_read_once_there_is_one(folder: OnionFolder) -> None:
    assert folder.addresses(counter=False) == Onion(f"http://{EXAMPLES[0]}", None)
    with pytest.raises(NoOnion):
        folder.addresses(counter=True)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        (NAME, EXAMPLES[1].encode()),
        (NAME, b"\xff"),
        (PUBLIC, KEY_HEAD + key_of(EXAMPLES[1])),
        (PUBLIC, key_of(EXAMPLES[0])[1:]),
        (PUBLIC, b""),
        (PUBLIC, None),
        (SECRET, b"cut"),
        (SECRET, None),
    ],
)
def test_address_that_is_not_its_keys_is_never_told(
    folder: OnionFolder, file: str, content: bytes | None
) -> None:
    path = folder.folder / "page" / file
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(OnionDiffers):
        folder.addresses(counter=False)


def test_onion_address_comes_last_unless_it_was_given_a_place() -> None:
    assert decided.met_at(SERVED, ONIONS).addresses == (*SERVED.addresses, ONIONS.page)
    first = replace(SERVED, addresses=(ONIONS.page, *SERVED.addresses))
    assert decided.met_at(first, ONIONS).addresses == first.addresses


def test_who_came_by_tor_is_shown_no_address_outside_it() -> None:
    settings = decided.met_at(SERVED, ONIONS)
    assert decided.counter_url(settings, FIRST, over_onion=True) == ONIONS.counter
    assert decided.counter_url(settings, FIRST) == SERVED.counter_url
    alone = replace(settings, page_url="", counter_url="")
    assert decided.counter_url(alone, FIRST) == ONIONS.counter
    assert decided.page_url(alone) == ONIONS.page
    assert decided.counter_url(replace(settings, counter=None), FIRST, over_onion=True) is None


@pytest.mark.parametrize("host", [EXAMPLES[1], "plain.example.org"])
def test_counter_shows_who_came_by_tor_no_address_outside_it(tmp_path: Path, host: str) -> None:
    settings = replace(SERVED, folder=tmp_path, listen=HERE, onion=False, onions=ONIONS)
    with Server(settings) as server:
        config = server._counter_config(Office().card, HERE)
    with serve_counter(config) as counter:
        request = urllib.request.Request(counter.url, headers={"Host": host})
        with urllib.request.urlopen(request, timeout=60) as answer:
            page = answer.read().decode()
    shown = {ONIONS.page: host in EXAMPLES, SERVED.page_url: host not in EXAMPLES}
    assert {url: f'href="{url}"' in page for url in shown} == shown


def test_partners_page_tells_nothing_of_the_onion_services() -> None:
    settings = decided.shown_at(decided.met_at(SERVED, ONIONS), PARTNER)
    assert decided.onion_hint(settings) is None
    assert ONIONS.page not in settings.addresses


@pytest.mark.parametrize("url", ["", "http://notes.example.org/", "http://127.0.0.1:8440/"])
def test_onion_is_told_over_https_alone(url: str) -> None:
    settings = replace(decided.met_at(SERVED, ONIONS), page_url=url)
    assert decided.onion_hint(settings) is None


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("notes.example.org", True),
        ("NOTES.example.org", True),
        ("192.0.2.7", False),
        ("other.example.org", False),
        (EXAMPLES[0], False),
        ("", False),
    ],
)
def test_onion_is_told_to_nobody_who_does_not_know_the_pages_name(host: str, *, told: bool) -> None:
    pin = SigningKey.from_seed(b"s" * 32).public.raw
    hint = decided.onion_hint(decided.met_at(SERVED, ONIONS))
    routes = portal_routes(portal_site(PortalConfig(OfficeId(bytes(16)), pin)), hint)
    app = Litestar(routes, openapi_config=None, logging_config=None)
    headers = [(b"host", host.encode())] if host else []
    answer = ask(app, Request("GET", "/", headers=headers))
    assert answer.status == 200
    assert answer.headers.get(b"onion-location") == (f"{ONIONS.page}/".encode() if told else None)
