# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page finds in a person's box, on a line that breaks."""

from collections.abc import Iterator

import pytest

from tests.kit.page_visit import PageVisit, page_visit
from tests.kit.proxy import BadLine, bad_line
from tests.kit.stage import Stage, stage

LARGE = "Мы вас слышим. " * 2_200
"""Ten of these are more than a relay gives at once."""


@pytest.fixture
def office() -> Iterator[Stage]:
    """An office whose page a person has open."""
    with stage() as played:
        yield played


@pytest.fixture
def line(office: Stage) -> Iterator[BadLine]:
    """The line between them."""
    with bad_line(office.port) as opened:
        yield opened


@pytest.fixture
def visit(line: BadLine) -> Iterator[PageVisit]:
    """Her visit."""
    with page_visit(line.port) as opened:
        yield opened


def texts(found: list[dict[str, str]]) -> list[str]:
    """What the answers say, in order."""
    return [one["text"] for one in found if one["kind"] == "answer"]


def test_no_answer_is_lost_when_the_line_breaks_between_two_pages_of_a_box(
    office: Stage, line: BadLine, visit: PageVisit
) -> None:
    visit.ask("send", text="Помогите", files=[])
    answers = [f"{number} {LARGE}" for number in range(16)]
    for text in answers:
        office.answer(office.letters()[0][1], text)
    line.cut_often("down", every=750_000, cuts=1)
    assert visit.ask("look", quiet=False) == {"code": "unreachable"}
    assert line.made == 1
    assert texts(visit.ask("look", quiet=False)["done"]["found"]) == answers
    assert visit.ask("look", quiet=False)["done"] == {"found": [], "held": 0}
