# SPDX-License-Identifier: AGPL-3.0-or-later
"""The portal's files: the same for everyone, nothing inline, nothing from elsewhere."""

import gzip
import re
from dataclasses import replace

import html5lib
import pytest

from safeconduct.edges.portal import PortalConfig, digest, portal_site
from safeconduct.edges.portal.rendering import HERE
from safeconduct.edges.portal.shortening import short_style, short_words
from safeconduct.edges.portal.wordings import WORDINGS
from safeconduct.kernel.errors import BadKey, Defect
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.words import OfficeId

CONFIG = PortalConfig(
    OfficeId(bytes(range(16))),
    SigningKey.from_seed(bytes(32)).public.raw,
    counter_url="https://counter.example.org/",
    exit_url="https://weather.example.org/",
    languages=tuple(LANGUAGES),
)
SITE = portal_site(CONFIG)
PAGES = {language: page.body.decode() for language, page in SITE.pages.items()}
SCRIPTS = "".join(path.read_text() for path in sorted((HERE / "browser").glob("*.js")))


def test_every_language_has_words_and_a_page() -> None:
    assert set(PAGES) == set(LANGUAGES)
    assert {language.words for language in LANGUAGES.values()} == set(LISTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_strict_html_in_its_language(language: str) -> None:
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(PAGES[language])
    assert tree.get("lang") == language
    assert tree.get("dir") == LANGUAGES[language].direction
    assert len(tree.findall(".//h1")) == 1
    title, heading = tree.findtext(".//title"), tree.findtext(".//h1")
    assert title is not None
    assert heading is not None
    assert title.startswith(heading)


@pytest.mark.parametrize("language", LANGUAGES)
def test_ids_are_unique_and_everything_pointed_at_is_there(language: str) -> None:
    tree = html5lib.parse(PAGES[language], namespaceHTMLElements=False)
    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    pointers = {"aria-labelledby", "aria-describedby", "for"}
    named = {
        name
        for node in tree.iter()
        for pointer in pointers
        for name in node.get(pointer, "").split()
    }
    assert named <= set(ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_field_can_be_sent_by_the_browser_itself(language: str) -> None:
    # Without the script, or with half of it, nothing typed may leave in clear.
    tree = html5lib.parse(PAGES[language], namespaceHTMLElements=False)
    named = [node for node in tree.iter() if node.get("name") and node.tag != "meta"]
    assert {(node.tag, node.get("name")) for node in named} == {("button", "lang")}
    for form in tree.iter("form"):
        assert (form.get("action"), form.get("method")) == ("/", "post")
        assert not list(form.iter("textarea"))
        assert not list(form.iter("input"))
        assert not list(form.iter("select"))
    for field in (*tree.iter("textarea"), *tree.iter("input"), *tree.iter("select")):
        assert field.get("type") == "file" or field.get("autocomplete") == "off"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(language: str) -> None:
    tree = html5lib.parse(PAGES[language], namespaceHTMLElements=False)
    for node in tree.iter():
        attributes = dict(node.items())
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert node.tag != "style"
        fetched = node.get("src") or (node.get("href") if node.tag == "link" else None)
        assert fetched in {None, "/page.js", "/page.css", "data:,"}
    outside = set(re.findall(r"https?://[^\"<\s]+", PAGES[language]))
    assert outside == {CONFIG.counter_url, CONFIG.exit_url}


def test_the_page_holds_its_word_list_and_what_the_script_says() -> None:
    for language, page in PAGES.items():
        words = LANGUAGES[language].words
        told = "" if words == language else f' data-list="{words}"'
        assert f'<template id="words"{told}>{short_words(LISTS[words])}</template>' in page
        assert page.count("data-text=") == len(WORDINGS)


def test_every_word_can_be_read_from_the_short_list() -> None:
    for words in LISTS.values():
        read: list[str] = []
        for shared, rest in re.findall(r"(\d)(\D+)", short_words(words)):
            read.append((read[-1][: int(shared)] if read else "") + rest)
        assert tuple(read) == tuple(words)


def test_a_short_style_says_the_same() -> None:
    style = "/* A. */\na, b {\n  margin: 0 1rem; /* why */\n}\n@media (x) and (y) { a { b: c; } }\n"
    assert short_style(style) == "/* A. */\na,b{margin: 0 1rem;}@media (x) and (y){a{b: c;}}"


def test_the_script_says_nothing_else_than_the_wordings() -> None:
    keys = {key for key, _ in WORDINGS}
    asked = set(re.findall(r"wording\(\s*'(\w+)'", SCRIPTS))
    assert asked <= keys
    # Keys that are put together, such as `file_${state}`, are looked for by how they begin.
    begun = set(re.findall(r"wording\(`(\w+)\$", SCRIPTS))
    chosen = set(re.findall(r"'(\w+)'", SCRIPTS))
    starts = (*begun, "server_", "office_")
    assert not {key for key in keys if key not in chosen and not key.startswith(starts)}


def test_places_of_a_wording_survive_translation() -> None:
    def wordings(language: str) -> dict[str, list[str]]:
        found = re.findall(r'data-text="(\w+)">([^<]*)<', PAGES[language])
        return {key: sorted(re.findall(r"{\w+}", text)) for key, text in found}

    first, *others = [wordings(language) for language in PAGES]
    assert all(other == first for other in others)


def test_made_again_it_is_the_same_bytes() -> None:
    again = portal_site(CONFIG)
    assert again == SITE
    assert digest(again) == digest(SITE)


def test_the_digest_covers_every_file() -> None:
    seen = {digest(SITE)}
    for name in ("style", "script"):
        asset = getattr(SITE, name)
        seen.add(digest(replace(SITE, **{name: replace(asset, body=asset.body + b" ")})))
    for language, page in SITE.pages.items():
        changed = {**SITE.pages, language: replace(page, body=page.body + b" ")}
        seen.add(digest(replace(SITE, pages=changed)))
    seen.add(digest(portal_site(replace(CONFIG, counter_url=None))))
    assert len(seen) == 2 + 2 + len(SITE.pages)


def test_packed_files_are_the_files() -> None:
    for asset in (SITE.style, SITE.script, *SITE.pages.values()):
        assert gzip.decompress(asset.packed) == asset.body


def test_a_page_that_could_not_work_is_refused() -> None:
    with pytest.raises(BadKey):
        replace(CONFIG, intake_signing=bytes(32))
    for wrong in (
        {"office": b""},
        {"language": "xx"},
        {"languages": ("ru",)},
        {"languages": ("en", "xx")},
        {"languages": ("en", "ru", "en")},
        {"counter_url": "javascript:alert(1)"},
        {"exit_url": "data:text/html,x"},
    ):
        with pytest.raises(Defect):
            replace(CONFIG, **wrong)
