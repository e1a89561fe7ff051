# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody makes a page that passes for the office's, or has the one file ask somebody else."""

from html import unescape
from re import search

import pytest

from safeconduct.edges.portal import PortalConfig, is_origin, one_file
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.words import OfficeId
from tests.sim.test_attack_page import page

pytestmark = pytest.mark.attack

OFFICE = OfficeId(b"office of tests.")
PIN = SigningKey.from_seed(b"p" * 32).public.raw
ENEMY = SigningKey.from_seed(b"e" * 32).public.raw
ADDRESSES = ("https://a.example.org", "http://abc.onion:81")
WIDER = (
    "https://a.example.org;script-src *",
    "https://a.example.org https://b.example.org",
    "https://*.example.org",
    'https://a"><script>',
    "https://a.example.org/path",
    "https://who@a.example.org",
    "data:",
    "https://",
    "https://a.example.org:0",
)
"""Not an address and nothing else."""


def test_page_that_pins_another_key_shows_other_words() -> None:
    words = page("words", office=OFFICE, pin=PIN)
    assert len(words.split()) == 8
    assert page("words", office=OFFICE, pin=ENEMY) != words


def test_one_file_may_ask_nobody_but_the_addresses_of_its_office() -> None:
    written = one_file(PortalConfig(OFFICE, PIN, addresses=ADDRESSES)).decode()
    found = search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', written)
    assert found
    policy = dict(part.split(" ", 1) for part in unescape(found[1]).split("; "))
    assert policy["connect-src"].split() == list(ADDRESSES)
    assert policy["default-src"] == policy["form-action"] == policy["base-uri"] == "'none'"


def test_address_of_the_office_cannot_widen_what_the_file_may_ask() -> None:
    assert all(is_origin(address) for address in ADDRESSES)
    assert not [address for address in WIDER if is_origin(address)]
