# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions of an office's own that are asked when risk is judged."""

from __future__ import annotations

import pytest

from safeconduct.rooms.cases.form_facts import FormEnded
from safeconduct.rooms.cases.office_forms import OfficeForm, fold_forms
from safeconduct.rooms.cases.office_forms_decide import PartsMissing, bring_form
from safeconduct.rooms.cases.office_instruments import (
    OfficeInstrument,
    find_instrument,
    newest_instruments,
)
from tests.unit.rooms.cases.test_office_forms import brought, draft, remarks, told

SEEN = ("select_one known", "seen", "Was he seen?", "Его видели?", "", "", "risk")
HEADED = (
    ("begin group", "family", "The family", "Семья", "", "", "risk"),
    ("select_one known", "armed", "Are they armed?", "Есть оружие?", "", "", ""),
    ("select_one known", "told", "Do they know?", "Знают ли они?", "", "", "contact"),
    ("end group", "", "", "", "", "", ""),
)


def newest(*forms: OfficeForm) -> OfficeInstrument:
    """The one instrument of some forms."""
    (found,) = newest_instruments(forms)
    return found


def test_questions_for_risk_are_an_instrument_and_no_fields_of_the_form() -> None:
    (form,) = fold_forms([told(1, brought(draft(SEEN, *HEADED)))])
    one = newest(form)
    assert [group for group, _ in one.instrument.groups] == ["", "family"]
    assert len(one.instrument.items) == 2
    assert not {field.name for field in form.fields} & set(one.instrument.items)
    asked = {item.path for item in form.newest.questions}
    assert "family/told" in asked
    assert not asked & {"seen", "family/armed"}
    assert one.instrument.name == form.kind


def test_a_version_is_known_by_the_fact_that_brought_it() -> None:
    first, second = draft(SEEN), draft(SEEN, *HEADED, version="4")
    (form,) = fold_forms([told(1, brought(first)), told(2, brought(second))])
    new = newest(form)
    (before,) = fold_forms([told(1, brought(first))])
    old = newest(before)
    assert new.instrument.version != old.instrument.version
    assert old.instrument.items[0] == new.instrument.items[0]
    for one in (old, new):
        found = find_instrument([form], form.kind, one.instrument.version)
        assert found is not None
        assert found.instrument == one.instrument
    assert find_instrument([form], form.kind, 1) is None
    assert find_instrument([form], "office", 1) is None


def test_what_ended_is_found_and_not_offered() -> None:
    facts = told(1, brought(draft(SEEN)))
    (form,) = fold_forms([facts])
    one = newest(form)
    (ended,) = fold_forms([facts, told(2, FormEnded(form.id, (facts.fact,)))])
    assert list(newest_instruments([ended])) == []
    assert find_instrument([ended], form.kind, one.instrument.version) is not None


@pytest.mark.parametrize("line", ["text", "select_one yn", "select_multiple known", "integer"])
def test_what_has_other_answers_needs_a_part(line: str) -> None:
    one = draft((line, "odd", "Odd?", "Странно?", "", "", "risk"))
    (item,) = (item for item in one.items if item.path == "odd")
    assert not item.part
    assert ("risk", 10, "odd") in remarks(one)
    parts = {item.path: item.part for item in one.items} | {"odd": "risk"}
    with pytest.raises(PartsMissing) as refused:
        bring_form(one, one.form, one.version, parts, None)
    assert refused.value.names == ("odd",)
