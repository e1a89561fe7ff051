# SPDX-License-Identifier: AGPL-3.0-or-later
"""No list, count, search or suggestion tells of a part that a desk lacks: every role, every route.

What a desk answers at every address is the same, headers and bytes, before and after something is
written into all parts that it lacks (tests/sim/case_matrix.py); and nothing of that stands in it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from httpx import Response

from safeconduct.rooms.cases import Part
from safeconduct.rooms.crew import Role
from tests.house.tree import SOURCE, python_files, syntax
from tests.sim.case_addresses import (
    KNOWN_QUERIES,
    OTHERWISE,
    addresses,
    files,
    posts,
    routes,
    tells_of_cases,
)
from tests.sim.case_matrix import ROLES, Matrix, beside, unknown
from tests.sim.courier import Rehearsal
from tests.sim.test_case_pages import window_of
from tests.unit.edges.desk.pages.window import Window

Answer = tuple[int, list[tuple[str, str]], bytes]
Answers = dict[str, Answer]
Ask = Callable[[str], Response]
HTTP_500 = 500


def answers(window: Window, matrix: Matrix) -> Answers:
    """Whatever a desk answers, with its headers."""
    found = {}
    matrix.read_files()
    get = partial(window.client.get, follow_redirects=False)
    asked: list[tuple[str, str, Ask]] = [(*one, get) for one in addresses(window, matrix)]
    asked += [(path, path, window.post) for path in files(matrix)]
    for label, path, ask in asked:
        answer = ask(path)
        headers = sorted(answer.headers.multi_items())
        body = answer.content
        for within, differs in OTHERWISE.items():
            if within in path:
                body = re.sub(differs.encode(), b"", body)
                headers = [one for one in headers if one[0] != "content-length"]
        found[label] = answer.status_code, headers, body
    return found


def telling(found: Answers, part: Part, *, hidden: bool) -> list[str]:
    """Where words of a part stand."""
    word = beside(part, hidden=hidden).encode()
    return [
        label for label, (_, headers, body) in found.items() if word in body + str(headers).encode()
    ]


@pytest.mark.parametrize("role", ROLES, ids=lambda one: one.value)
def test_what_a_desk_lacks_changes_no_byte_that_it_answers(tmp_path: Path, role: Role) -> None:
    with Rehearsal(tmp_path) as stage:
        matrix = Matrix(stage, role, by_team=role is Role.DOCUMENTER)
        with window_of(matrix.viewer) as window:
            before = answers(window, matrix)
            matrix.hide()
            after = answers(window, matrix)
        assert [label for label in after if after[label] != before[label]] == []
        assert after.keys() == before.keys()
        assert [label for label in after if after[label][0] >= HTTP_500] == []
        assert [label for label in after if b"quibnexhouses" in after[label][2]] == []
        for part in Part:
            assert telling(after, part, hidden=True) == []
            assert telling(after, part, hidden=False), part
        assert {label.split("/")[2] for label in telling_any(after)} & {"none", "unknown"} == set()


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.STEWARD], ids=lambda one: one.value)
def test_no_form_tells_what_is_hidden_from_what_never_was(tmp_path: Path, role: Role) -> None:
    with Rehearsal(tmp_path) as stage:
        matrix = Matrix(stage, role, by_team=False)
        matrix.hide()
        told, ids = [], re.compile("|".join(sorted(matrix.ids())))
        with window_of(matrix.viewer) as window:
            for path, filled, fields in posts(window, matrix):
                found = []
                for never in (False, True):
                    typed = {n: blank(ids, v) if never else v for n, v in fields.items()}
                    where = blank(ids, filled) if never else filled
                    answer = window.post(where, typed)
                    onward = answer.headers.get("location", "")
                    shown = "\n".join((answer.text, onward, *window.settings.session.told()))
                    found.append((answer.status_code, blank(ids, shown)))
                if found[0] != found[1]:
                    told.append((path, filled, *found))
    assert told == []


def blank(ids: re.Pattern[str], text: str) -> str:
    """A text with ids that nothing has in place of hidden ones, each as long as before."""
    return ids.sub(lambda found: unknown(len(found[0]) // 2), text)


def telling_any(found: Answers) -> Iterator[str]:
    """Where anything of a case stands, at an address of one."""
    some = (label for part in Part for label in telling(found, part, hidden=False))
    return (label for label in some if label.startswith("/cases/"))


def test_who_lacks_nothing_finds_all_of_it(tmp_path: Path) -> None:
    with Rehearsal(tmp_path) as stage:
        matrix = Matrix(stage, Role.OPERATOR, by_team=False)
        matrix.hide()
        with window_of(matrix.desk("first")) as window:
            found = answers(window, matrix)
    for part in Part:
        told = telling(found, part, hidden=True)
        assert {"/cases/none", f"/search?zorblax{part.value}lacks"} <= set(told), part
    lists = {"/cases/tasks?overdue", "/cases/stages", "/cases/health/plan", "/cases/health/risk"}
    assert lists <= set(telling(found, Part.JOURNEY, hidden=True))
    own = {"/cases/none/own/file/unseen-own", "/cases/none/referrals"}
    assert own <= set(telling(found, Part.CONTACT, hidden=True))
    filled = f"/cases/none/forms/form/unseen-{matrix.form.kind}"
    assert {"/cases/none/money", filled} <= set(telling(found, Part.JOURNEY, hidden=True))
    assert b"9604.00" in found[files(matrix)[-1]][2], "what eight cases cost"
    assert "/cases/alike" in telling(found, Part.IDENTITY, hidden=True)
    assert "/cases/health/consent" in telling(found, Part.CONTACT, hidden=True)


def test_every_route_has_samples_and_every_question_is_known() -> None:
    paths = [one for one in routes("GET") if tells_of_cases(one)]
    assert {one for one in paths if "case" in one} >= {"/cases", "/cases/{name}/plan"}
    asked = {
        name.value
        for file in python_files(SOURCE / "edges" / "desk")
        for node in ast.walk(syntax(file))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "asked"
        for name in node.args
        if isinstance(name, ast.Constant)
    }
    assert asked - KNOWN_QUERIES == set()
