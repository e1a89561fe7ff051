# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a party is not moved in words: every obstacle and every help, by names and never by rows."""

from __future__ import annotations

import re

import pytest

from safeconduct.edges.desk import why_words
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.why_names import NOTHING
from safeconduct.rooms.passage.why.more import Kind
from safeconduct.rooms.passage.why.obstacles import Obstacle

NAMES = {name: f"<{name}>" for name in NOTHING}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_obstacle_and_help_has_words_without_a_number(language: str) -> None:
    said = [
        *(why_words.own(one, language) for one in Obstacle),
        *(why_words.taken(one, language) for one in Obstacle),
        *(why_words.enough(one, NAMES, language) for one in Obstacle),
        *(why_words.more(one, NAMES, language) for one in Kind),
    ]
    for text in said:
        assert text
        assert not re.search(r"\d|[{}]", text)


@pytest.mark.parametrize("kind", Kind)
def test_whom_to_call_for_one_more_is_named(kind: Kind) -> None:
    assert "<" in why_words.more(kind, NAMES, "en")
