# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of case files at real desks that hold none, one and all six parts, byte by byte."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import cast

import pytest
from litestar.testing import TestClient

from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part
from tests.kit.desk_twin import TwinDesk
from tests.kit.pages import Page, text_of
from tests.sim.courier import Rehearsal
from tests.sim.test_cases import case_name, meet, opened, three_desks
from tests.unit.edges.desk.pages.window import ORIGIN, Seconds, Window

UNKNOWN = "00" * 16
Answers = dict[str, tuple[int, bytes]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


@contextmanager
def window_of(desk: Desk) -> Iterator[Window]:
    """A desk's pages, unlocked."""
    window = Window(cast("TwinDesk", desk), {}, Seconds(), zone=UTC)
    with TestClient(window.app, base_url=ORIGIN, raise_server_exceptions=False) as client:
        window.use(client)
        window.unlock()
        yield window


def answers(window: Window, desk: Desk, case: CaseId, *words: str) -> Answers:
    """What a desk answers on every page that could tell of a case, and which bytes that takes."""
    own = desk.device.hex()
    paths = [
        *("/today", "/hotline?show=all", "/cases", "/cases?start=40", "/cases/new", "/cases/ask"),
        *(f"/cases/{case.hex()}", f"/crew/{own}/did", "/crew", f"/crew/{own}/leaving"),
        *(f"/cases/{case.hex()}/{part.value}/who" for part in Part),
        *(f"/search?q={word}" for word in words),
        *(f"/search/hits?q={word}" for word in words),
        f"/hotline/{case.hex()}",
    ]
    found = ((path, window.client.get(path)) for path in paths)
    return {path: (answer.status_code, answer.content) for path, answer in found}


def part_titles(page: Page) -> list[str]:
    """The parts of which a page shows the notes."""
    ids = {f"{part.value}-title" for part in Part}
    return [text_of(one) for one in page.all("h3") if one.get("id") in ids]


def test_pages_of_a_desk_that_holds_no_part_are_the_same_bytes_whatever_others_hold(
    office: Rehearsal,
) -> None:
    _, second, third = office.desks.values()
    with window_of(third) as window:
        before = answers(window, third, CaseId(bytes(16)), "insulin")
        case = opened(office, second)
        second.cases.note(case, Part.HEALTH, "Needs insulin.")
        meet(office)
        name = case_name(second, case).split()[0]
        after = answers(window, third, CaseId(bytes(16)), "insulin")
        assert after == before
        real = window.client.get(f"/cases/{case.hex()}")
        unknown = window.client.get(f"/cases/{UNKNOWN}")
        assert (real.status_code, real.content) == (404, unknown.content)
        assert "<mark>" not in window.client.get(f"/search?q={name}").text
        assert str(case.hex()) not in "".join(body.decode() for _, body in after.values())


def test_pages_of_a_desk_that_holds_one_part_are_the_same_bytes_whatever_is_in_the_others(
    office: Rehearsal,
) -> None:
    _, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    with window_of(third) as window:
        before = answers(window, third, case, "passport", "insulin")
        for part in set(Part) - {Part.HEALTH}:
            second.cases.note(case, part, "Has no passport.")
        opened(office, second)
        assert answers(window, third, case, "passport", "insulin") == before
        page = window.pages.get(f"/cases/{case.hex()}")
        assert part_titles(page) == ["Health"]
        assert before[f"/cases/{case.hex()}/health/who"][0] == 200
        gone = {before[f"/cases/{case.hex()}/{one.value}/who"] for one in set(Part) - {Part.HEALTH}}
        assert {status for status, _ in gone} == {404}
        assert len(gone) == 1


def test_a_desk_that_holds_all_six_parts_shows_them_and_who_can_see_each(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case = opened(office, second, health=("third",))
    with window_of(first) as window:
        page = window.pages.get(f"/cases/{case.hex()}")
        names = ["Identity", "Contact", "Journey", "Testimony", "Legal", "Health"]
        assert part_titles(page) == names
        seen = [text_of(one) for one in page.all("p") if text_of(one).startswith("Keys are held")]
        assert ["Bo third" in one for one in seen] == [False] * 5 + [True]
        assert all("you" in one and "Bo second" in one for one in seen)
        who = window.pages.get(f"/cases/{case.hex()}/health/who")
        assert "Bo third" in who.text
        assert case_name(first, case) in window.pages.get("/cases").text


def test_asking_is_answered_alike_whether_or_not_there_is_such_a_case(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    case = opened(office, second)
    real = case_name(second, case)
    false = "x" * len(real)
    with window_of(third) as window:
        form = window.pages.get("/cases/ask").form("/cases/asked")
        said = []
        for name in (false, real):
            page = window.pages.send(form, case=name, part="health", text="She is ill.")
            first_piece = page.all("article")[0]
            said.append(text_of(first_piece).replace(name, ""))
        assert said[0] == said[1]
        refused = window.pages.send(form, status=422, case=real, part="health", text=" ")
        assert "Write why you need it." in refused.text


def test_a_case_is_opened_written_and_given_on_pages(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    with window_of(second) as window:
        form = window.pages.get("/cases/new").form("/cases/opened")
        first = office.desks["first"].device.hex()
        chosen = {f"{part.value}-{first}": "on" for part in Part}
        answer = window.post("/cases/opened", chosen)
        assert answer.status_code == 303, form
        path = answer.headers["location"]
        window.post(f"{path}/note", {"part": "health", "text": "Needs <b>insulin</b>."})
        page = window.pages.get(path)
        assert "Needs <b>insulin</b>." in page.text
        empty = window.post(f"{path}/note", {"part": "health", "text": " "})
        assert empty.status_code == 422
        third.cases.ask(page.heading, Part.HEALTH, "She is ill.")
        meet(office)
        asked = window.pages.get("/cases").form("/cases/answered")
        window.post("/cases/answered", asked.fields | {"answer": "give", "text": "Spoke."})
        meet(office)
    with window_of(third) as window:
        assert "Needs <b>insulin</b>." in window.pages.get(path).text
        assert "Bo second: gave the key" in window.pages.get("/cases").text
    with window_of(office.desks["first"]) as window:
        did = window.pages.get(f"/crew/{second.device.hex()}/did").text
        assert "answered a request for a part of a case file" in did
        assert "opened a case file" in did


def test_a_request_that_was_refused_here_folds_and_can_still_be_given(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    case = opened(office, second)
    third.cases.ask(case_name(second, case), Part.HEALTH, "She is ill.")
    meet(office)
    with window_of(second) as window:
        page = window.pages.get("/cases")
        assert "Give it after all" not in page.text
        form = page.form("/cases/answered")
        window.post("/cases/answered", form.fields | {"answer": "keep", "text": ""})
        page = window.pages.get("/cases")
        assert "What you asked for, and what was answered" in page.text
        assert "Who asks for a part" not in page.text
        assert page.html.index("files-title") < page.html.index("Give it after all")
        form = page.form("/cases/answered")
        window.post("/cases/answered", form.fields | {"answer": "give"})
        assert "you: gave the key" in window.pages.get("/cases").text


def test_what_a_device_could_read_counts_parts_of_case_files(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    opened(office, second, health=("third",))
    with window_of(first) as window:
        could = window.pages.get(f"/crew/{third.device.hex()}/could-read").text
        assert "1 part of a case file." in could
        could = window.pages.get(f"/crew/{second.device.hex()}/could-read").text
        assert "6 parts of case files." in could


def test_an_opening_without_a_steward_is_refused_in_words_with_what_was_chosen(
    office: Rehearsal,
) -> None:
    _, second, third = office.desks.values()
    with window_of(second) as window:
        field = f"health-{third.device.hex()}"
        answer = window.post("/cases/opened", {field: "on"})
        assert answer.status_code == 422
        assert "at least one steward" in answer.text
        assert answer.text.count(" checked") == 1
    with window_of(third) as window:
        assert window.post("/cases/opened", {field: "on"}).status_code == 422
        assert "/cases/new" not in window.pages.get("/cases").html
