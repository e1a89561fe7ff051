# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds of names whatever somebody writes: docs/spec/names.md."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.names import (
    FORMS_MOST,
    KEYS_MOST,
    SCHEMES,
    WORDS_MOST,
    Band,
    forms_of,
    keys_asked,
    keys_of,
    keys_of_text,
    likeness,
    names_in,
    romanise,
)
from safeconduct.kernel.names.known import every_given
from safeconduct.kernel.names.letters import folded
from tests.kit.spellings import ONE_NAME

SPELLINGS = sorted({spelling for row in ONE_NAME for spelling in row})
anything = st.one_of(
    st.text(max_size=60),
    st.sampled_from(SPELLINGS),
    st.lists(st.sampled_from(SPELLINGS), min_size=1, max_size=4).map(" ".join),
    # Marks, joiners, directions and letters of several alphabets in one word.
    st.text("аАёйїqИjcyıİßﬁǅع\u0301\u0308\u0327\u200d\u202e\u2066ӏ'’-_4 ", max_size=40),
)
SYLLABLES = (
    "ба бе бо ва ги гу да ду жа зе ка ко ли лу ма ме на но па ру са ся та ти фа ха хи ца ча ше щу "
    "яр эль"
)
CONSONANTS = "б г д ж з к л м н п р т х ц ч ш щ"
SUFFIXES = "ов ова ев ева ин ина ский ская енко аев иева оев ук"
roots = st.lists(st.sampled_from(SYLLABLES.split()), min_size=2, max_size=3, unique=True).map(
    "".join
)
surnames = st.builds(
    "{}{}{}".format,
    roots,
    st.sampled_from(CONSONANTS.split()),
    st.sampled_from(SUFFIXES.split()),
)
HOSTILE = [
    "a" * 100_000,
    "\u0301" * 100_000,
    "и" + "\u0306" * 100_000,
    "\u202e" * 100_000,
    "ch" * 50_000,
    "schtsch " * 12_000,
    "cjchyoou" * 5,
    "Ё" * 40,
    "'" * 100_000,
    "а'" * 50_000,
    "_" * 100_000,
    "\ud800",
    "\0",
]


@given(anything)
def test_keys_are_few_and_are_words_of_their_own(text: str) -> None:
    keys = keys_of(text)
    assert len(keys) <= KEYS_MOST * WORDS_MOST
    assert all(key[0] in "gpdsao" and not set(key) & set(" \t\n'\"") for key in keys)


@given(anything)
def test_marks_and_capitals_change_no_key(text: str) -> None:
    keys = keys_of(text)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert keys_of(unicodedata.normalize(form, text)) == keys
    assert folded(folded(text)) == folded(text)
    assert keys_of(folded(text)) == keys


@given(st.sampled_from(SPELLINGS))
def test_a_name_in_capitals_is_the_same(spelling: str) -> None:
    assert keys_of(spelling.upper()) == keys_of(spelling.lower()) == keys_of(spelling)


@given(anything, anything)
def test_likeness_is_symmetric_and_of_a_name_to_itself_the_same(one: str, other: str) -> None:
    assert likeness(one, other).band is likeness(other, one).band
    assert not keys_of(one) or likeness(one, one).band is Band.SAME


@given(anything)
def test_names_in_a_text_stand_in_it(text: str) -> None:
    found = list(names_in(text))
    assert all(0 <= name.start < name.end <= len(text) for name in found)
    assert {key for name in found for key in name.keys} == set(keys_of_text(text))


@given(anything)
def test_forms_are_bounded_and_begin_with_the_name(text: str) -> None:
    forms = forms_of(text)
    assert len(forms) <= FORMS_MOST
    assert len(set(forms)) == len(forms)


@given(surnames)
def test_a_surname_that_no_table_knows_keeps_a_key_in_every_form(name: str) -> None:
    lost = [form for form in forms_of(name) if not keys_of(form) & keys_of(name)]
    assert not lost


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_given_name_is_found_in_every_romanisation(scheme: str) -> None:
    lost = []
    for one in every_given():
        name = one.full[0].partition("(")[0].casefold()
        if not keys_of(romanise(name, scheme)) & keys_of(name):
            lost.append(romanise(name, scheme))
    assert len(lost) <= len(every_given()) // 50, lost


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: f"{text[:4]!a}-{len(text)}")
def test_no_text_holds_up_the_desk(text: str) -> None:
    began = time.process_time()
    keys_of(text)
    keys_asked(text)
    keys_of_text(text)
    forms_of(text)
    likeness(text, text[::-1])
    assert time.process_time() - began < 1
