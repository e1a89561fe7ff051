# SPDX-License-Identifier: AGPL-3.0-or-later
"""Instruments say the same in each language, name their source, and ask what the room names."""

from itertools import pairwise
from pathlib import Path

import pytest

from safeconduct.edges.desk import instrument_texts
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.instrument_texts import instrument_text
from safeconduct.rooms.cases.instruments import INSTRUMENTS, NEWEST, Instrument
from safeconduct.rooms.cases.risk_facts import ITEM_MOST, ITEMS_MOST

FOLDER = Path(instrument_texts.__file__).parent / "instruments"
EVERY = pytest.mark.parametrize("one", INSTRUMENTS.values(), ids=lambda one: one.name)


@EVERY
def test_a_version_has_the_same_items_in_each_language_and_those_that_the_room_names(
    one: Instrument,
) -> None:
    texts = [instrument_text(one.name, one.version, language) for language in LANGUAGES]
    for text in texts:
        assert tuple(text.items) == one.items
        assert tuple(text.groups) == tuple(group for group, _ in one.groups)
        assert all([text.title, text.source, text.is_not, *text.items.values()])
    for first, second in pairwise(texts):
        assert not set(first.items.values()) & set(second.items.values())


@EVERY
def test_an_item_has_a_name_of_its_own_that_fits_into_a_fact(one: Instrument) -> None:
    assert len(set(one.items)) == len(one.items) <= ITEMS_MOST
    assert all(0 < len(item) <= ITEM_MOST for item in (one.name, *one.items))


@EVERY
def test_a_version_says_that_it_was_never_validated_and_has_no_score(one: Instrument) -> None:
    said = instrument_text(one.name, one.version, "en").is_not
    assert "ever empirically validated" in said
    assert "no score" in said


def test_every_file_is_a_version_that_the_room_knows_and_the_newest_is_offered() -> None:
    files = {path.name for path in FOLDER.iterdir()}
    assert files == {
        f"{name}-{version}.{language}.txt"
        for name, version in INSTRUMENTS
        for language in LANGUAGES
    }
    for name, one in NEWEST.items():
        assert one.version == max(version for of, version in INSTRUMENTS if of == name)
