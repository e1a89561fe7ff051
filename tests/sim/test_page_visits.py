# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page finds in a person's box, on a line that breaks."""

import threading
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


def test_answer_that_came_while_the_page_lay_open_is_opened_when_she_asks(
    office: Stage, visit: PageVisit
) -> None:
    visit.ask("send", text="Помогите", files=[])
    ((message, letter),) = office.letters()
    office.have(letter, message)
    office.answer(letter, "Мы вас слышим.", ("route.txt", b"by night"))
    looked = visit.ask("look", quiet=True)["done"]
    assert ([one["kind"] for one in looked["found"]], looked["held"]) == (["have"], 1)
    (shown,) = visit.ask("show")["done"]
    assert (shown["text"], shown["files"][0]["name"]) == ("Мы вас слышим.", "route.txt")


@pytest.mark.parametrize("where", [b"GET /v1/", b"POST /v1/"])
def test_message_that_hangs_keeps_its_words_when_other_words_are_entered(
    office: Stage, line: BadLine, visit: PageVisit, where: bytes
) -> None:
    before = " ".join(visit.ask("send", text="Помогите", files=[])["told"][-1]["words"])
    office.answer(office.letters()[0][1], "Мы вас слышим.")
    with page_visit(line.port) as later:
        hangs, over = threading.Event(), threading.Event()

        def hang() -> None:
            hangs.set()
            over.wait(60)

        line.before(where, hang)
        later.start("send", text="Это я, с другого телефона", files=[])
        assert hangs.wait(30)
        later.ask("enter", typed=before)
        assert texts(later.ask("look", quiet=False)["done"]["found"]) == ["Мы вас слышим."]
        over.set()
        receipt = later.outcome()["told"][-1]
        assert not receipt["typed"]
        # These words, and no others, open the answer to it.
        office.answer(office.letters()[1][1], "Мы и здесь.")
        assert later.ask("enter", typed=" ".join(receipt["words"])).get("code") is None
        assert texts(later.ask("look", quiet=False)["done"]["found"]) == ["Мы и здесь."]


def test_page_tells_words_that_were_typed_from_new_ones(visit: PageVisit) -> None:
    first = visit.ask("send", text="Помогите", files=[])["told"][-1]
    assert first["typed"] is False
    swapped = [first["words"][1], first["words"][0], *first["words"][2:]]
    visit.ask("enter", typed=" ".join(swapped))
    again = visit.ask("send", text="Вы здесь?", files=[])["told"][-1]
    assert (again["words"], again["typed"]) == (swapped, True)
