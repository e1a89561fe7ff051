# SPDX-License-Identifier: AGPL-3.0-or-later
"""The few questions beside a message: on one screen, all optional, gone unless they are sent."""

from collections.abc import Iterator

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.rooms.hotline.first_contact import FirstContact, parse_contact
from tests.kit.browsers import KINDS, Browser
from tests.kit.counter import Visitor, counter
from tests.kit.stage import Stage, stage
from tests.kit.visiting import visit

pytestmark = pytest.mark.browser
PHONE = (360, 720)
TOLD = FirstContact(
    danger_today="yes",
    safe_to_read="no",
    for_whom="taken",
    from_whom="дядя",
    region="север",
    answer_how="никак",
    answer_when="ночью",
    answer_hours=("night", "evening"),
    clock_shows=5,
    if_silent="Ждите.",
    not_alone_word="сирень",
    return_code="01234567",
)
TYPED = ("from_whom", "region", "answer_how", "answer_when", "if_silent", "not_alone_word")
WARNS = "document.querySelector('#return_code').matches(':invalid:not(:focus)')"
CODE = "details:has(#return_code) summary"
CHOSEN = ("danger_today", "safe_to_read", "for_whom")
FILLED = (
    "[...document.querySelectorAll('.asked input, .asked select')]"
    ".filter((one) => one.type === 'checkbox' ? one.checked : one.value).length"
)
CHOOSE = "document.querySelector('#{}').value = '{}'"
TALLEST = "document.querySelector('#contact').getBoundingClientRect().height"
SEND_ENDS = "document.querySelector('#send').getBoundingClientRect().bottom"
SUBMIT_ENDS = "document.querySelector('button[value=send]').getBoundingClientRect().bottom"
WIDTH = "document.documentElement.scrollWidth"


def begin(page: Browser, office: Stage) -> None:
    """Open the sheet of a new page at a phone's width."""
    page.view(*PHONE)
    page.goto(office.url)
    page.wait_visible("#to-write")
    assert not page.visible("#contact"), "nothing is asked before the few lines on trust"
    page.click("#to-write")


def fill(page: Browser) -> None:
    """Answer everything, on the page or at the counter."""
    page.click(".contact summary")
    for name in TYPED:
        page.type(f"#{name}", getattr(TOLD, name))
    for name in CHOSEN:
        page.evaluate(CHOOSE.format(name, getattr(TOLD, name)))
    page.evaluate(CHOOSE.format("clock_shows", TOLD.clock_shows))
    for part in TOLD.answer_hours:
        page.click(f"#{part}")
    page.click(CODE)
    page.type("#return_code", "0123 45-67")


def told(office: Stage) -> FirstContact | None:
    """What the newest letter tells beside its words."""
    return parse_contact(encode(office.letters()[-1][1].extras))


@pytest.mark.parametrize("kind", KINDS)
def test_what_she_answered_comes_sealed_with_her_message_and_leaves_the_page(kind: str) -> None:
    with stage() as office, visit(kind) as page:
        begin(page, office)
        assert page.evaluate(SEND_ENDS) <= PHONE[1], "Send is reached without scrolling"
        fill(page)
        assert page.evaluate(TALLEST) <= PHONE[1]
        assert page.evaluate(WIDTH) <= PHONE[0]
        page.type("#text", "Помогите")
        page.click("#send")
        page.wait_visible("#keep")
        assert told(office) == TOLD
        assert page.evaluate(FILLED) == 0
        assert not page.evaluate("document.querySelector('#contact').open")
        assert not [line for line in page.seen() if "error" in line or "console" in line]


@pytest.mark.parametrize("kind", KINDS)
def test_one_answer_without_a_word_can_be_sent_and_none_tells_none(kind: str) -> None:
    with stage() as office, visit(kind) as page:
        begin(page, office)
        page.click("#send")
        page.wait_text("#send-state", "Write something")
        page.click("#contact summary")
        page.evaluate(CHOOSE.format("danger_today", "yes"))
        page.click("#send")
        page.wait_visible("#keep")
        assert told(office) == FirstContact(danger_today="yes")
        page.click("#more")
        page.type("#text", "Ночью")
        page.click("#send")
        page.wait_for(lambda: len(office.letters()) == 2)
        assert told(office) is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_that_is_none_keeps_no_letter_back_and_is_told_of(kind: str) -> None:
    with stage() as office, visit(kind) as page:
        begin(page, office)
        page.click(CODE)
        page.type("#return_code", "0123 456")
        page.click("#text")
        assert page.evaluate(WARNS)
        page.click("#send")
        page.wait_text("#send-state", "Write something")
        page.type("#text", "Помогите")
        page.click("#send")
        page.wait_visible("#keep")
        assert told(office) is None
        page.click("#more")
        assert page.evaluate(FILLED) == 0
        page.click(CODE)
        page.type("#return_code", "٠١٢٣٤٥٦٧")
        page.click("#text")
        assert not page.evaluate(WARNS)
        page.click("#send")
        page.wait_for(lambda: len(office.letters()) == 2)
        assert told(office) == FirstContact(return_code="01234567")


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_sent_is_gone_after_reloading_and_after_coming_back(kind: str) -> None:
    with stage() as elsewhere, stage() as office, visit(kind) as page:
        begin(page, office)
        fill(page)
        page.evaluate("void setTimeout(() => location.reload(), 50)")
        page.wait(f"document.querySelector('#choice')?.checkVisibility() && {FILLED} === 0")
        page.click("#to-write")
        fill(page)
        page.goto(elsewhere.url)
        page.evaluate("void setTimeout(() => history.back(), 50)")
        page.wait(f"location.href === {office.url!r} && !document.querySelector('#choice')?.hidden")
        page.wait(f"document.querySelector('#choice')?.checkVisibility() && {FILLED} === 0")
        assert not office.letters()


@pytest.mark.parametrize("kind", KINDS)
def test_leaving_from_the_questions_empties_the_page(kind: str) -> None:
    with stage() as elsewhere, stage(exit_url=elsewhere.url) as office, visit(kind) as page:
        begin(page, office)
        fill(page)
        page.press_twice("Escape")
        page.wait(f"location.href === {elsewhere.url!r} && document.readyState === 'complete'")
        page.evaluate("void setTimeout(() => history.back(), 50)")
        page.wait(f"location.origin !== {office.url[:-1]!r}")


def test_another_language_warns_before_it_clears_an_answer() -> None:
    with stage() as office, visit("chromium") as page:
        begin(page, office)
        page.click("#contact summary")
        page.click("#night")
        page.click("button[lang=ru]")
        page.wait_text("#language-state", "Press again")
        assert page.evaluate(FILLED) == 1


@pytest.fixture(scope="module")
def office() -> Iterator[Stage]:
    """One office for all visits to the counter."""
    with stage(languages=tuple(LANGUAGES)) as played:
        yield played


@pytest.fixture(scope="module")
def url(office: Stage) -> Iterator[str]:
    """Its counter."""
    with counter(office) as handle:
        yield handle.url


def test_without_scripts_the_same_is_asked_and_sent(office: Stage, url: str) -> None:
    with visit("chromium", scripts=False) as page:
        page.view(*PHONE)
        page.goto(url)
        page.wait_visible("button[value=write]")
        assert not page.texts("details.contact")
        page.click("button[value=write]")
        page.wait_visible("details.contact")
        assert page.evaluate(SUBMIT_ENDS) <= PHONE[1], "Send is reached without scrolling"
        page.click("details.contact summary")
        assert page.evaluate(WIDTH) <= PHONE[0]
        page.type("#region", TOLD.region)
        page.click("#evening")
        page.click("button[value=send]")
        page.wait_visible(".words")
        assert told(office) == FirstContact(region=TOLD.region, answer_hours=("evening",))


def test_the_counter_gives_every_answer_back_with_what_was_wrong(office: Stage, url: str) -> None:
    asked = {name: getattr(TOLD, name) for name in (*TYPED, *CHOSEN)}
    filled = asked | {"evening": "yes", "clock_shows": "7"}
    visitor, before = Visitor(url), len(office.letters())
    got = visitor.post(action="reply", page="answers", text="x", words="apple", **filled)
    assert "There must be eight" in got.notice
    assert len(office.letters()) == before
    shown = {str(node.get("name")): node.get("value") for node in got.page.iter("input")}
    assert {name: shown[name] for name in TYPED} == {name: asked[name] for name in TYPED}
    selected = [node.get("value") for node in got.page.iter("option") if "selected" in node.keys()]  # noqa: SIM118
    assert selected == [*(asked[name] for name in CHOSEN), "7"]
    checked = [node.get("name") for node in got.page.iter("input") if "checked" in node.keys()]  # noqa: SIM118
    assert checked == ["evening"]
    assert "open" in next(got.page.iter("details")).keys()  # noqa: SIM118


def test_the_counter_takes_a_code_and_sends_none_that_is_none(office: Stage, url: str) -> None:
    got = Visitor(url).post(action="send", page="write", return_code="0123-4567")
    assert len(got.words) == 8
    assert told(office) == FirstContact(return_code="01234567")
    before = len(office.letters())
    got = Visitor(url).post(action="send", page="write", return_code="0123")
    assert "Write something" in got.notice
    assert len(office.letters()) == before
    got = Visitor(url).post(action="send", page="write", text="x", return_code="0123")
    assert len(got.words) == 8
    assert b"must have eight digits" in got.body
    assert told(office) is None


def test_the_counter_takes_one_answer_without_a_word(office: Stage, url: str) -> None:
    got = Visitor(url).post(action="send", page="write", danger_today="yes")
    assert len(got.words) == 8
    assert told(office) == FirstContact(danger_today="yes")


@pytest.mark.parametrize("kind", KINDS)
def test_without_scripts_reloading_keeps_nothing_that_was_not_sent(
    kind: str, url: str, office: Stage
) -> None:
    before = len(office.letters())
    with visit(kind) as page:
        page.goto(url)
        page.click("button[value=write]")
        page.wait_visible("details.contact")
        page.click("details.contact summary")
        page.type("#region", TOLD.region)
        page.click("#evening")
        page.goto(url)
        page.click("button[value=write]")
        page.wait_visible("details.contact")
        assert page.evaluate(FILLED) == 0
    assert len(office.letters()) == before
