# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page as one file: everything is inside, the same bytes each time, bound by its own policy."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from safeconduct.edges.portal import PortalConfig, file_digest, one_file, portal_site
from safeconduct.edges.portal.rendering import HERE
from safeconduct.edges.portal.shortening import short_words
from safeconduct.kernel.errors import Defect
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.words import OfficeId

CONFIG = PortalConfig(
    OfficeId(bytes(range(16))),
    SigningKey.from_seed(bytes(32)).public.raw,
    counter_url="https://counter.example.org/",
    exit_url="https://weather.example.org/",
    addresses=("https://a.example.org", "http://b.example.org:8080"),
    languages=tuple(LANGUAGES),
)
FILE = one_file(CONFIG)
PAGE = FILE.decode()


def test_made_again_the_file_is_the_same_bytes() -> None:
    assert one_file(replace(CONFIG)) == FILE
    assert file_digest(CONFIG) == hashlib.sha256(FILE).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"addresses": CONFIG.addresses[::-1]},
        {"office": OfficeId(bytes(16))},
        {"intake_signing": SigningKey.from_seed(b"e" * 32).public.raw},
        {"language": "ru"},
        {"exit_url": "about:blank"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_configuration_gives_another_digest(change: dict[str, object]) -> None:
    assert file_digest(replace(CONFIG, **change)) != file_digest(CONFIG)  # type: ignore[arg-type]


def test_the_policy_stands_before_what_it_binds_and_names_script_and_style() -> None:
    policy, script, style = (
        re.search(pattern, PAGE, re.DOTALL)
        for pattern in (
            r'http-equiv="Content-Security-Policy" content="([^"]*)"',
            r'<script type="module">(.*?)</script>',
            r"<style>(.*?)</style>",
        )
    )
    assert policy
    assert script
    assert style
    assert policy.start() < style.start() < script.start()
    for kind, found in (("script", script), ("style", style)):
        digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy[1]
    assert PAGE.count("<script") - script[1].count("<script") == 1
    assert "unsafe" not in policy[1]


def test_every_language_is_inside_with_its_words_and_nothing_comes_from_elsewhere() -> None:
    for language in LANGUAGES:
        assert f">{short_words(LISTS[LANGUAGES[language].words])}</template>" in PAGE
        assert language == CONFIG.language or f'data-language="{language}"' in PAGE
    script = (HERE / "static" / "onefile.js").read_text(encoding="utf-8")
    around = PAGE.replace(script, "")
    assert not re.search(r"\bsrc=|<link(?! rel=\"icon\" href=\"data:,\")", around)
    outside = set(re.findall(r"https?://[^\"<\s;,]+", around))
    assert outside == {*CONFIG.addresses, CONFIG.exit_url}


def test_the_served_page_tells_the_files_digest_where_there_is_one() -> None:
    pages = portal_site(CONFIG).pages
    assert all(file_digest(CONFIG).encode() in page.body for page in pages.values())
    pages = portal_site(replace(CONFIG, addresses=())).pages
    assert not [page for page in pages.values() if b"SHA-256" in page.body]


def test_a_file_without_an_address_is_refused() -> None:
    with pytest.raises(Defect):
        one_file(replace(CONFIG, addresses=()))
    with pytest.raises(Defect):
        replace(CONFIG, addresses=("https://a.example.org", "https://a.example.org"))
