# SPDX-License-Identifier: AGPL-3.0-or-later
"""The main job in real browsers: write, keep eight words, come back, read, answer."""

import os
from pathlib import Path

import pytest

from tests.kit.browsers import KINDS, Browser
from tests.kit.stage import Stage, stage
from tests.kit.visiting import visit

pytestmark = pytest.mark.browser
CRY = "Меня ищут братья. Я в Махачкале, до пятницы. 🙏"
PICTURE = bytes.fromhex("ffd8ffe1001845786966") + os.urandom(1_500_000)
LETTER = "Это было так.\n".encode() * 100


def write(page: Browser, office: Stage, text: str, *files: Path) -> list[str]:
    """Write a first message and return the eight words."""
    page.goto(office.url)
    page.wait_visible("#to-write")
    page.click("#to-write")
    page.type("#text", text)
    if files:
        page.upload("#files", *files)
    page.click("#send")
    page.wait_visible("#keep")
    return page.texts("#phrase li")


def come_back(page: Browser, office: Stage, phrase: str) -> None:
    """Open the page anew and enter words."""
    page.renew()
    page.goto(office.url)
    page.wait_visible("#to-return")
    page.click("#to-return")
    page.fill("#typed", phrase)
    page.press("Enter")


def assert_no_complaints(page: Browser) -> None:
    """The browser found nothing wrong: no error, nothing against the policy."""
    assert not [line for line in page.seen() if "error" in line or "console" in line]


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_with_files_opens_at_the_office_and_nowhere_else(
    kind: str, tmp_path: Path
) -> None:
    contents = {"фото дома.jpg": PICTURE, "показания.txt": LETTER, "empty": b""}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    with stage() as office, visit(kind) as page:
        words = write(page, office, CRY, *(tmp_path / name for name in contents))
        assert len(words) == 8
        page.wait_text("#carry-state", "Everything is there")
        ((message, letter),) = office.letters()
        assert (letter.text, letter.language) == (CRY, "en")
        assert {file.name: b"".join(office.file(file)) for file in letter.files} == contents
        assert_relay_cannot_read(office)

        # The second mark comes only from the office.
        done = "document.querySelector('#mark-{}').dataset.done"
        assert page.evaluate(done.format("server")) == "yes"
        assert page.evaluate(done.format("office")) == "no"
        office.have(letter, message)
        page.wait(f"{done.format('office')} === 'yes'")
        assert_no_complaints(page)


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_bring_the_answer_and_never_her_own_text(kind: str) -> None:
    with stage() as office, visit(kind) as page:
        words = write(page, office, CRY)
        ((_, first),) = office.letters()
        office.answer(first, "Мы с вами.\nНе выходите.", ("маршрут.pdf", PICTURE))
        come_back(page, office, " ".join(word[:4].upper() for word in words))
        page.wait_visible("#letters article")
        assert "Мы с вами.\nНе выходите." in page.text("#letters article")
        assert CRY not in page.evaluate("document.documentElement.outerHTML")
        assert fetch_file(page, "маршрут.pdf") == PICTURE

        page.click("#reply")
        page.type("#text", "Спасибо")
        page.click("#send")
        page.wait_visible("#sent")
        assert not page.visible("#keep")
        second = office.letters()[1][1]
        assert (second.text, second.voice) == ("Спасибо", first.voice)
        assert_no_complaints(page)


@pytest.mark.parametrize("kind", KINDS)
def test_a_pull_does_not_load_the_page_anew_and_a_typed_letter_ends_the_complaint(
    kind: str,
) -> None:
    with stage() as office, visit(kind) as page:
        page.goto(office.url)
        page.wait_visible("#to-write")
        pulled = "getComputedStyle(document.documentElement).overscrollBehaviorY"
        assert page.evaluate(pulled) == "none"
        page.click("#to-write")
        page.click("#send")
        page.wait_text("#send-state", "Write something")
        page.type("#text", "M")
        assert page.text("#send-state") == ""
        assert_no_complaints(page)


def assert_relay_cannot_read(office: Stage) -> None:
    """Nothing of the message stands in the relay's files."""
    for path in office.folder.iterdir():
        content = path.read_bytes()
        assert CRY.encode()[:20] not in content
        assert PICTURE[100:200] not in content
        assert "показания".encode() not in content


def fetch_file(page: Browser, name: str) -> bytes:
    """Get a file of an answer, save it, and return what was saved."""
    page.click("#letters .files button")
    page.wait_visible("#letters .files a")
    page.click("#letters .files a")
    saved = page.downloads / name
    page.wait_for(lambda: saved.exists() and saved.stat().st_size == len(PICTURE))
    return saved.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_words_that_are_wrong_are_told_apart_from_words_that_are_right(kind: str) -> None:
    with stage() as office, visit(kind) as page:
        words = write(page, office, CRY)
        slip = f"{words[0]} {words[1][:3]}q {' '.join(words[2:])}"
        come_back(page, office, slip)
        page.wait_text("#return-state", "Word 2")
        page.fill("#typed", " ".join(words[:7]))
        page.press("Enter")
        page.wait_text("#return-state", "Words typed: 7.")
        page.fill("#typed", "привет мир это не те слова совсем нет")
        page.press("Enter")
        page.wait_text("#return-state", "another language")
        # Right words in another order open a box that nobody uses, which looks like an empty one.
        page.fill("#typed", " ".join(reversed(words)))
        page.press("Enter")
        page.wait_visible("#answers")
        page.wait_text("#answers-state", "There is nothing here yet")
        # Who writes on from there is shown the words that its answer will hang on.
        page.click("#reply")
        page.type("#text", CRY)
        page.click("#send")
        page.wait_visible("#keep")
        assert page.evaluate(
            "[...document.querySelectorAll('#phrase li')].map((li) => li.textContent)"
        ) == [*reversed(words)]
        assert page.text("#sent-title") == "The words that you typed"
        assert "comes under these words" in page.text("#keep-hint")
        assert_no_complaints(page)


@pytest.mark.parametrize("kind", KINDS)
def test_words_can_be_entered_again_and_bring_their_own_answers_alone(kind: str) -> None:
    with stage() as office, visit(kind) as page:
        first = write(page, office, CRY)
        page.renew()
        second = write(page, office, "Это другой разговор.")
        for number, (_, letter) in enumerate(office.letters()):
            for turn in range(1 + number):
                office.answer(letter, f"Ответ {number}, {turn}")
        # Pressed by mistake, the button leads back, and the words can be entered again.
        come_back(page, office, " ".join(second))
        page.wait("document.querySelectorAll('#letters article').length === 2")
        page.click("#again")
        page.wait_visible("#typed")
        page.click("#back")
        page.click("#to-return")
        page.fill("#typed", " ".join(first))
        page.press("Enter")
        page.wait("document.querySelectorAll('#letters article').length === 1")
        assert "Ответ 0, 0" in page.text("#letters")
        assert_no_complaints(page)


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_shows_itself_only_when_she_asks(kind: str) -> None:
    with stage() as office, visit(kind) as page:
        write(page, office, CRY)
        ((message, letter),) = office.letters()
        office.answer(letter, "Мы с вами.")
        office.have(letter, message)
        page.wait_text("#news", "An answer has come")
        page.wait("document.querySelector('#mark-office').dataset.done === 'yes'")
        assert "Мы с вами." not in page.evaluate("document.documentElement.outerHTML")
        page.press("Shift+Tab")
        assert page.evaluate("document.activeElement.id") == "show"
        page.press("Enter")
        page.wait_visible("#letters article")
        assert page.evaluate("document.activeElement.innerText").count("Мы с вами.") == 1
        assert not page.visible("#show")
        assert page.visible("#phrase")
        assert_no_complaints(page)


@pytest.mark.parametrize("kind", KINDS)
def test_both_ways_in_stand_on_the_first_screen_of_a_small_phone(kind: str) -> None:
    with stage() as office, visit(kind) as page:
        for language in ("en", "ru"):
            page.language(language)
            for size in ((360, 640), (320, 568)):
                page.view(*size)
                page.goto(office.url)
                page.wait_visible("#choice")
                last = "document.querySelector('#to-return').getBoundingClientRect().bottom"
                # The browser's own bar takes some of the height.
                assert page.evaluate(last) < size[1] - 60, (language, size)


def test_five_calls_lead_to_the_first_receipt() -> None:
    with stage() as office, visit("chromium") as page:
        write(page, office, CRY)
        calls = [line for line in page.seen() if line["url"].startswith(office.url)]
        assert [line["method"] for line in calls] == ["GET", "GET", "GET", "GET", "POST"]


@pytest.mark.parametrize("kind", KINDS)
def test_everything_works_from_the_keyboard(kind: str) -> None:
    with stage() as office, visit(kind) as page:
        page.goto(office.url)
        page.wait_visible("#choice")
        tab_to(page, "to-write")
        page.press("Enter")
        page.type("#text", "Ночью")
        tab_to(page, "files")
        tab_to(page, "send")
        page.press("Enter")
        page.wait_visible("#keep")
        # What a screen reader reads on from is the new heading.
        assert page.evaluate("document.activeElement.id") == "sent-title"
        tab_to(page, "hide-words")
        page.press("Enter")
        assert not page.visible("#phrase")
        assert office.letters()[0][1].text == "Ночью"


def tab_to(page: Browser, element: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(20):
        page.press("Tab")
        if page.evaluate("document.activeElement.id") == element:
            return
    pytest.fail(f"{element} is not reached")
