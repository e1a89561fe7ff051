# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page on which a steward says what a colleague does, and the question that another signs."""

from dataclasses import replace

import pytest

from safeconduct.edges.desk.wording import Wording
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.decide import stewards
from safeconduct.rooms.crew.role_changes import GIVEN
from tests.kit.pages import Page
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

SANA, MIRA, TIMUR, *_ = rehearsal_roster()[1]
PATH = f"/crew/{TIMUR.hex()}"


def choose(window: Window, *roles: Role, status: int = 200, path: str = PATH) -> Page:
    """Open the page, tick these roles and no others, and press the button."""
    form = window.pages.get(f"{path}/roles").form(f"{path}/roles-asked")
    ticked = {role.value: "on" for role in roles}
    return window.pages.send(replace(form, fields={**form.fields, **ticked}), status=status)


def ticked(page: Page) -> set[str]:
    """The roles whose boxes are ticked."""
    boxes = [box for box in page.all("input") if box.get("type") == "checkbox"]
    return {box.get("name") or "" for box in boxes if box.get("checked") is not None}


def test_page_names_every_role_with_a_line_that_says_what_it_may_do(window: Window) -> None:
    assert f"{PATH}/roles" in window.pages.get("/crew").html
    page = window.pages.get(f"{PATH}/roles")
    assert "ноутбук Тимура" in page.text
    assert ticked(page) == {role.value for role in window.desk.roster().roles(TIMUR)}
    boxes = [box for box in page.all("input") if box.get("type") == "checkbox"]
    words = Wording("en")
    assert len(boxes) == len(GIVEN)
    for role, box in zip(GIVEN, boxes, strict=True):
        assert page.by_id(box.get("aria-describedby") or "").text == words.may(role)
        assert words.role(role) in page.text
    assert TIMUR.hex() not in page.text


def test_founder_who_is_the_only_steward_changes_roles_with_one_press(window: Window) -> None:
    assert "it counts at once" in window.pages.get(f"{PATH}/roles").text
    page = choose(window, Role.LEGAL, Role.OPERATOR)
    assert page.heading == "Crew"
    assert "Done. The other desks follow" in page.text
    assert window.desk.roster().roles(TIMUR) == {Role.LEGAL, Role.OPERATOR}
    assert "has just these roles" in choose(window, Role.LEGAL, Role.OPERATOR).text


def test_what_one_of_two_asks_waits_and_another_signs_it_with_one_button(window: Window) -> None:
    choose(window, Role.STEWARD, Role.OPERATOR, path=f"/crew/{MIRA.hex()}")
    before = window.desk.roster().roles(TIMUR)
    assert "when a second steward signs" in window.pages.get(f"{PATH}/roles").text
    asked = choose(window, Role.LEGAL)
    assert "Asked. Another steward sees it on Today" in asked.text
    assert "waits for a second steward, to have other roles" in asked.text
    assert window.desk.roster().roles(TIMUR) == before
    assert "was asked already" in choose(window, Role.LEGAL).text
    window.desk._device = MIRA
    question = window.pages.get("/today")
    assert "Gets: lawyer" in question.text
    assert "Is no longer:" in question.text
    window.pages.send(question.form("/crew/seconded"))
    assert window.desk.roster().roles(TIMUR) == {Role.LEGAL}


def test_who_asked_takes_it_back_with_one_button_and_nobody_is_asked_any_more(
    window: Window,
) -> None:
    choose(window, Role.STEWARD, Role.OPERATOR, path=f"/crew/{MIRA.hex()}")
    asked = choose(window, Role.LEGAL)
    assert "You can take it back until then" in asked.text
    form = asked.form("/crew/taken-back")
    assert "Taken back. Nobody is asked" in window.pages.send(form).text
    assert "nothing to take back any more" in window.pages.send(form).text
    window.desk._device = MIRA
    for path in ("/today", "/crew"):
        assert "Waits for a second steward" not in window.pages.get(path).text


def test_button_to_take_back_stands_at_the_desk_that_asked_alone(window: Window) -> None:
    choose(window, Role.STEWARD, Role.OPERATOR, path=f"/crew/{MIRA.hex()}")
    fact = choose(window, Role.LEGAL).form("/crew/taken-back").fields["fact"]
    window.desk._device = MIRA
    assert "/crew/taken-back" not in window.pages.get("/today").html
    assert "Only the colleague who asked" in window.post("/crew/taken-back", {"fact": fact}).text
    assert len(window.desk.roster().pending) == 1


def test_nothing_ticked_changes_nothing_and_says_why(window: Window) -> None:
    before = window.desk.roster()
    assert "Choose at least one role" in choose(window, status=422).text
    assert window.desk.roster() is before


def test_steward_who_stands_keeps_the_role_and_the_page_says_how_it_is_taken(
    window: Window,
) -> None:
    own = f"/crew/{SANA.hex()}"
    assert "suspend it; change its roles here" in window.pages.get(f"{own}/roles").text
    refused = choose(window, Role.OPERATOR, status=422, path=own)
    assert "taken only from a suspended device" in refused.text
    assert ticked(refused) == {Role.OPERATOR.value}
    assert stewards(window.desk.roster()) == {SANA}


def test_page_that_brings_a_steward_back_says_that_roles_are_changed_before(
    window: Window,
) -> None:
    path = f"/crew/{MIRA.hex()}"
    choose(window, Role.STEWARD, Role.OPERATOR, path=path)
    window.desk.removals.suspend(MIRA, "")
    page = window.pages.get(f"{path}/bring-back")
    assert "comes back as a steward’s" in page.text
    assert f"{path}/roles" in page.html
    assert "as a steward" not in window.pages.get(f"{PATH}/bring-back").text
    choose(window, Role.OPERATOR, status=422, path=path)


def test_who_is_no_steward_sees_no_link_and_changes_nothing(window: Window) -> None:
    window.desk._device = MIRA
    before = window.desk.roster()
    assert "/roles" not in window.pages.get("/crew").html
    assert "Only a steward can do this" in window.client.get(f"{PATH}/roles").text
    answer = window.post(f"{PATH}/roles-asked", {"steward": "on"})
    assert "Only a steward" in answer.text
    assert window.desk.roster() is before


@pytest.mark.parametrize("name", ["00" * 16, "zz", "a" * 400])
def test_there_is_no_such_page_of_devices_that_are_none(window: Window, name: str) -> None:
    assert window.client.get(f"/crew/{name}/roles").status_code == 404
    assert window.post(f"/crew/{name}/roles-asked", {"legal": "on"}).status_code == 404


def test_forms_of_other_pages_change_no_role(window: Window) -> None:
    before = window.desk.roster()
    typed = {"steward": "on"}
    answer = window.post(f"{PATH}/roles-asked", typed, Origin="http://evil.invalid")
    assert answer.status_code == 403
    assert window.post(f"{PATH}/roles-asked", typed | {"csrf": "guessed"}).status_code == 403
    assert window.desk.roster() is before


@pytest.mark.parametrize("language", ["en", "ru"])
def test_each_role_is_explained_in_the_language_of_the_page(language: str) -> None:
    words = Wording(language)
    assert len({words.may(role) for role in (Role.STEWARD, Role.OPERATOR, Role.LEGAL)}) == 3
    assert all(words.may(role) for role in GIVEN)
