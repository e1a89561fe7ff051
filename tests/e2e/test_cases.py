# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case file over a real server, between two real desks: opened, asked for, given and read."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from tests.kit.offices import Hands, an_office, desk_of, wait

CASE = re.compile(r'href="(/cases/[0-9a-f]{32})"')


def post(hands: Hands, path: str, token: str, **fields: str) -> httpx.Response:
    """Send what a form of the page would, ticked boxes and pressed button too."""
    origin = {"Origin": hands.pages.origin}
    return hands.pages.client.post(path, data={"csrf": token} | fields, headers=origin)


def listed(hands: Hands) -> list[str]:
    """The addresses of the cases that a desk lists."""
    return CASE.findall(hands.pages.get("/cases").html)


def test_a_part_is_asked_for_and_given_between_two_desks(tmp_path: Path) -> None:
    with (
        an_office(tmp_path) as office,
        desk_of(office, 0) as steward,
        desk_of(office, 1) as operator,
        Hands.on(steward) as first,
        Hands.on(operator) as second,
    ):
        token = first.pages.get("/cases/new").form("/cases/opened").fields["csrf"]

        def opens() -> bool:
            return post(first, "/cases/opened", token).status_code == httpx.codes.OK

        wait(opens)  # Its line to the server is there within a moment.
        (case,) = listed(first)
        post(first, f"{case}/note", token, part="health", text="Needs insulin.")
        name = first.pages.get(case).heading
        assert listed(second) == []
        form = second.pages.get("/cases/ask").form("/cases/asked")
        second.pages.send(form, case=name, part="health", text="She is ill tonight.")
        wait(lambda: "She is ill tonight." in first.pages.get("/cases").text)
        asked = first.pages.get("/cases").form("/cases/answered").fields
        post(first, "/cases/answered", token, request=asked["request"], answer="give")
        wait(lambda: listed(second) == [case])
        read = second.pages.get(case).text
        assert "Needs insulin." in read
        assert "Testimony" not in read
