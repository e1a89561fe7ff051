# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each language of the person's side is whole, and fit to be read by somebody afraid.

Desk and terminal are translated into fewer languages (docs/adr/0037-languages.md); theirs is
tests/house/test_locales.py.
"""

import re
import unicodedata

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from safeconduct.edges.counter.config import CounterConfig
from safeconduct.edges.counter.screens import Screens
from safeconduct.edges.portal import PortalConfig, portal_site
from safeconduct.kernel.languages import LANGUAGES, READ_BY_NATIVES
from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.words import OfficeId
from tests.house.tree import SOURCE
from tools.translating import catalogue_of, messages

TRANSLATED = sorted(set(LANGUAGES) - {"en"})
NOT_READ = (
    "Nobody who grew up with this language has read this translation yet. "
    "If something is unclear, write to us all the same."
)
PLACE = re.compile(r"\{\w+\}")
SCRIPTS = {"ar": "ARABIC", "es": "LATIN", "fr": "LATIN", "ru": "CYRILLIC"}
# Names that are written so everywhere.
ELSEWHERE = re.compile(
    r"https|onion|Tor Browser|JavaScript|Esc\b|SHA-256|SHA|Signal|Telegram|WhatsApp|\{\w+\}"
)
APART = re.compile(r"\u2068(\{\w+\}[  ]?%?)\u2069")


def catalogue(code: str) -> Catalog:
    """A language's catalogue of the person's side."""
    with catalogue_of(code).open("rb") as file:
        return read_po(file, locale=code)


def texts(code: str) -> dict[str, str]:
    """Each text and its translation."""
    return {str(one.id): str(one.string) for one in catalogue(code) if one.id}


def test_a_language_is_one_row_of_the_table_and_one_catalogue() -> None:
    found = {path.parents[1].name for path in SOURCE.glob("locale/*/LC_MESSAGES/portal.po")}
    assert found == set(LANGUAGES)
    for code, language in LANGUAGES.items():
        ours = Locale.parse(code)
        assert language.name == (ours.get_display_name(code) or "").capitalize()
        assert language.direction == ("rtl" if ours.character_order == "right-to-left" else "ltr")
        # Pages say of words that are not the language's own that they are English ones.
        assert language.words in {code, "en"} & set(LISTS)
    assert READ_BY_NATIVES == ("en", "ru")


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_catalogue_has_what_a_person_reads_and_nothing_else(code: str) -> None:
    assert set(texts(code)) == set(messages())
    assert not [one.id for one in catalogue(code) if one.fuzzy and one.id]


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated_with_its_places(code: str) -> None:
    for text, said in texts(code).items():
        assert said.strip() == said != "", text
        assert sorted(PLACE.findall(said)) == sorted(PLACE.findall(text)), text
        assert said[-1:] in ".:?؟…!" or text[-1] not in ".:?…", text


@pytest.mark.parametrize("code", TRANSLATED)
def test_numbers_stand_where_no_plural_form_is_needed(code: str) -> None:
    # The script fills places in without gettext, so a text with a number must fit every number.
    assert not [one.id for one in catalogue(code) if isinstance(one.id, tuple | list)]
    assert catalogue(code).num_plurals == get_plural(code).num_plurals


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_text_keeps_to_its_script(code: str) -> None:
    for text, said in texts(code).items():
        bare = ELSEWHERE.sub("", said)
        letters = {unicodedata.name(one).split()[0] for one in bare if one.isalpha()}
        assert letters <= {SCRIPTS[code]}, (text, letters)
        assert unicodedata.is_normalized("NFC", said), text


def test_what_is_filled_in_stands_apart_where_lines_run_from_right_to_left() -> None:
    for code in TRANSLATED:
        isolated = LANGUAGES[code].direction == "rtl"
        for text, said in texts(code).items():
            apart = [PLACE.findall(one)[0] for one in APART.findall(said)]
            assert apart == (PLACE.findall(said) if isolated else []), text
            rest = APART.sub("", said)
            assert not [one for one in rest if unicodedata.category(one) == "Cf"], text


def test_french_signs_do_not_fall_to_the_next_line() -> None:
    loose = [said for said in texts("fr").values() if re.search(r" [:;?!»%]|« |\d [Mk]o", said)]
    assert not loose


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_page_says_if_no_native_speaker_has_read_it(code: str) -> None:
    key = SigningKey.from_seed(bytes(32)).public.raw
    page = portal_site(PortalConfig(OfficeId(bytes(16)), key, languages=tuple(LANGUAGES)))
    counter = CounterConfig(
        office=bytes(16), intake_signing=bytes(1984), relay="http://a", languages=tuple(LANGUAGES)
    )
    said = texts(code)[NOT_READ] or NOT_READ
    for body in (page.pages[code].body, Screens(counter).page("about", code, {}).body):
        assert (said in body.decode()) is not LANGUAGES[code].read
