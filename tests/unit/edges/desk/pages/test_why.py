# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions about a plan on the page: what bars a party, who would pay, and what would help."""

from __future__ import annotations

import time

import pytest

from safeconduct.edges.desk.engine.asker import Asker
from safeconduct.edges.desk.engine.asker_child import NO_WEEK, Answer
from safeconduct.kernel.canon import encode
from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage import Book
from tests.kit.invented_ways import HOUSE
from tests.kit.pages import Page, check_page, text_of
from tests.unit.edges.desk.pages.test_planning import PATIENCE, Land, party_name, searched
from tests.unit.edges.desk.pages.window import Window

WHY = "/ways/plan/why"


@pytest.fixture
def scarce(window: Window) -> tuple[SheetId, SheetId]:
    """One bed, and two of whom who is in greater danger has it."""
    land = Land(beds=1)
    less = land.office.party(land.home, 1, alone="no", risk="standard")
    more = land.office.party(land.home, 1, alone="no", risk="grave")
    land.open(window)
    return less, more


def asked(window: Window, party: SheetId, day: str = "") -> Page:
    """Ask of a party, and show the answer."""
    answer = window.post(f"{WHY}/asked", {"party": party.hex(), "day": day})
    assert answer.status_code == 303, answer.text
    return window.pages.get(WHY)


def answered(window: Window, what: str) -> Page:
    """Press a button that asks a process, and show what it found."""
    form = window.pages.get(WHY).form(f"{WHY}/{what}")
    assert window.post(form.action, form.fields).status_code == 303
    whys, until = window.desk.ways.plans.whys, time.monotonic() + PATIENCE
    while time.monotonic() < until:
        now = whys.answers()
        assert now is not None
        if not any(one is not None and one.thinking for one in (now.forcing, now.helping)):
            break
        time.sleep(0.05)
    return window.pages.get(WHY)


def test_who_may_not_plan_finds_nothing(window: Window) -> None:
    window.pages.get(WHY, status=404)
    for what in ("asked", "forced", "helped"):
        assert window.post(f"{WHY}/{what}").status_code == 404
    Land().open(window, Book.ROADS, Book.HOUSES, Book.ABROAD)
    unknown = window.client.get("/ways/plan/nothing")
    for what in ("", "/state"):
        assert window.client.get(WHY + what).text == unknown.text


def test_without_a_plan_it_says_what_to_do(window: Window, scarce: tuple[SheetId, SheetId]) -> None:
    page = window.pages.get(WHY)
    assert "Make one first" in page.text
    assert "/ways/plan" in page.html
    for what in ("asked", "forced", "helped"):
        refused = window.post(f"{WHY}/{what}", {"party": scarce[0].hex()})
        assert refused.status_code == 422
        check_page(refused.text, 422, refused.headers)
        assert "Make one first" in refused.text


def test_who_has_what_a_party_would_need_is_named(
    window: Window, scarce: tuple[SheetId, SheetId]
) -> None:
    less, more = scarce
    plan = searched(window)
    assert plan.html.count(f'formaction="{WHY}/asked"') == 1
    form = plan.form(f"{WHY}/asked")
    assert window.post(form.action, form.fields | {"party": less.hex()}).status_code == 303
    shown = text_of(window.pages.get(WHY).by_id("main"))
    assert "This plan does not move them." in shown
    assert "others have the beds" in shown
    assert "One of these alone would be enough" in shown
    assert "beds for all of them" in shown
    assert f"with them now: \u2068Party {party_name(window, more)}\u2069" in shown
    assert "Mill Lane" not in shown
    assert window.client.get(WHY).url.query == b""


def test_a_party_that_leaves_is_asked_of_by_the_day_before(window: Window) -> None:
    land = Land()
    party = land.office.party(land.home, 1, alone="no", ready="2026-12-06")
    land.open(window)
    searched(window)
    page = asked(window, party)
    assert "it leaves before they can leave" in page.text
    assert "that they can leave on" in page.text
    assert "/ways/plan/why/forced" not in page.html  # nobody else is in the way
    days = page.form(f"{WHY}/asked").fields
    assert days["party"] == party.hex()
    assert days["day"] == "2026-12-05"
    assert "ask about an earlier day" in asked(window, party, "2026-12-09").text


def test_a_party_or_day_that_is_not_in_the_plan_is_refused(
    window: Window, scarce: tuple[SheetId, SheetId]
) -> None:
    searched(window)
    for fields in ({}, {"party": "00" * 16}, {"party": scarce[0].hex(), "day": "1999-01-01"}):
        refused = window.post(f"{WHY}/asked", fields)
        assert refused.status_code == 422
        assert "Choose a party of the plan" in refused.text
    assert window.post(f"{WHY}/forced").status_code == 422


def test_who_would_pay_is_named_and_only_a_choice_of_two_follows(
    window: Window, scarce: tuple[SheetId, SheetId]
) -> None:
    less, more = scarce
    searched(window)
    asked(window, less)
    page = answered(window, "forced")
    shown = text_of(page.by_id("main"))
    assert "one answer that was found" in shown
    assert "Who would then be too late or left behind" in shown
    assert "would not leave; in this plan they leave on" in shown
    form = page.form("/ways/plan/chosen")
    assert (form.fields["first"], form.fields["behind"]) == (less.hex(), more.hex())
    assert not window.desk.ways.network().of_kind("journey")
    assert window.post(form.action, form.fields | {"why": "wish"}).status_code == 303
    assert "does not count yet" in window.pages.get("/ways/plan").text


def test_what_would_help_is_the_next_call(window: Window, scarce: tuple[SheetId, SheetId]) -> None:
    searched(window)
    page = answered(window, "helped")
    shown = text_of(page.by_id("main"))
    (house,) = window.desk.ways.network().of_kind("house")
    assert f"one more bed on each night (\u2068Safe house {house.name}\u2069)" in shown
    assert "saves at least" in shown
    assert f"Party {party_name(window, scarce[0])}" in shown
    assert f'href="/ways/houses/house/{house.id.hex()}"' in page.html
    assert HOUSE["where"] not in shown


def test_answers_end_with_the_plan_and_with_the_desk(
    window: Window, scarce: tuple[SheetId, SheetId]
) -> None:
    plans = window.desk.ways.plans
    for end in (lambda: window.post("/ways/plan/dropped"), plans.stop):
        searched(window)
        asked(window, scarce[0])
        answered(window, "helped")
        end()
        now = plans.whys.answers()
        assert now is None or (now.why, now.helps, now.helping) == (None, (), None)
        assert plans.whys._asked.why is None
        plans.drop()


def test_names_that_turn_or_hide_stand_as_text(window: Window) -> None:
    land = Land(beds=1)
    for name in ("\u202e<script>{out}", "{0.__class__}"):
        land.away = land.office.town(name)
        land.office.leg(land.home, land.away, 100)
        land.office.house(land.away, 1)
    parties = [land.office.party(land.home, 1, alone="no", risk="grave") for _ in range(4)]
    land.open(window)
    searched(window)
    for party in parties:
        page = asked(window, party)
        assert "\u202e" not in page.html
        assert "<script>{" not in page.html


def test_what_a_process_says_is_held_to_the_plan(
    window: Window, scarce: tuple[SheetId, SheetId]
) -> None:
    searched(window)
    proposal = window.desk.ways.plans.proposal()
    assert proposal is not None
    ((_, way, house, leave, country),) = proposal.standing.plan
    of = proposal.gathered.operation, proposal.standing.plan, lambda: None
    asker = Asker(*of, party=0, by=len(proposal.gathered.operation.houses.beds[0]) - 1)
    asker.kill()
    both = tuple((party, way, house, leave, country) for party in (0, 1))
    assert not asker.hear(encode(Answer(1, both)))  # one bed for two
    assert not asker.hear(encode(Answer(1, proposal.standing.plan)))  # who was asked of stays
    assert not asker.hear(encode(Answer(0, (), (0, 99, NO_WEEK))))  # no such house
    assert not asker.hear(encode(Answer(0, (), (99, 0, NO_WEEK))))
    assert not asker.hear(b"\xc1")
    assert (asker.forced, asker.helps, asker.ended) == (None, (), False)
    assert not asker.hear(encode(Answer(1, both[:1])))
    assert asker.forced is not None
    assert asker.forced.pay == (1,)
