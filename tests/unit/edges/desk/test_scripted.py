# SPDX-License-Identifier: AGPL-3.0-or-later
"""Texts that come with the program say the same in each language, step by step."""

import pytest

from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.scripted import DRAFTS, STEP_KINDS, checklist, draft, script
from safeconduct.rooms.hotline.canned import unfilled
from safeconduct.rooms.hotline.canned_decide import write
from safeconduct.rooms.hotline.flags import STEP_MOST, Flag
from safeconduct.rooms.hotline.vetting_decide import NEEDS
from safeconduct.rooms.hotline.vetting_facts import ITEM_MOST


@pytest.mark.parametrize("flag", Flag)
def test_a_script_has_the_same_steps_in_each_language(flag: Flag) -> None:
    first, *others = (script(flag, language) for language in LANGUAGES)
    names = [step.name for step in first.steps]
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= STEP_MOST for name in names)
    assert {step.kind for step in first.steps} == set(STEP_KINDS)
    assert len(first.never) >= 3
    for other in others:
        assert other.version == first.version
        assert len(other.never) == len(first.never)
        assert [(one.kind, one.name) for one in other.steps] == [
            (one.kind, one.name) for one in first.steps
        ]
        texts = {step.text for step in first.steps} & {step.text for step in other.steps}
        assert not texts


def test_the_checklist_has_the_same_items_in_each_language_and_those_that_gates_need() -> None:
    first, *others = (checklist(language) for language in LANGUAGES)
    assert {step.name for step in first.steps} > set(NEEDS.values())
    assert all(0 < len(step.name) <= ITEM_MOST for step in first.steps)
    for other in others:
        assert other.version == first.version
        assert len(other.never) == len(first.never)
        assert [(one.kind, one.name) for one in other.steps] == [
            (one.kind, one.name) for one in first.steps
        ]


@pytest.mark.parametrize("name", DRAFTS)
def test_a_draft_could_be_saved_and_leaves_the_same_places_open(name: str) -> None:
    found = [draft(name, language) for language in LANGUAGES]
    for language, text in zip(LANGUAGES, found, strict=True):
        assert text.language == language
        assert write(b"r" * 16, text).text == text.text
    assert len({len(unfilled(text.text)) for text in found}) == 1
