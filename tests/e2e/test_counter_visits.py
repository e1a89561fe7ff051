# SPDX-License-Identifier: AGPL-3.0-or-later
"""The main job without JavaScript: write, keep eight words, come back, read, answer."""

import http.client
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from safeconduct.edges.counter import Limits
from safeconduct.kernel.words import HOUR
from tests.kit.browsers import Browser
from tests.kit.counter import Got, Visitor, address_of, counter, multipart
from tests.kit.patience import PATIENCE
from tests.kit.stage import Stage, stage
from tests.kit.visiting import visit

CRY = "Меня ищут братья.\n\nЯ в Махачкале, до пятницы. 🙏 <b>&amp;"
PICTURE = bytes.fromhex("ffd8ffe1001845786966") + os.urandom(1_500_000)


@pytest.fixture(scope="module")
def office() -> Iterator[Stage]:
    """One office for all visits."""
    with stage() as played:
        yield played


@pytest.fixture(scope="module")
def url(office: Stage) -> Iterator[str]:
    """Its counter."""
    with counter(office) as handle:
        yield handle.url


@pytest.fixture
def visitor(url: str) -> Visitor:
    """A person whose browser runs no scripts."""
    return Visitor(url)


def written(visitor: Visitor, office: Stage, text: str = CRY) -> tuple[list[str], Stage]:
    """Write a first message; return the words."""
    got = visitor.post_files({"action": "send", "text": text, "page": "write"})
    assert len(got.words) == 8
    return got.words, office


def letter_to(office: Stage, words: list[str], text: str) -> None:
    """Play the office: say that it has every message under these words, and answer."""
    mine = [entry for entry in office.letters() if entry[1].address == address_of(words)]
    for message, letter in mine:
        office.have(letter, message)
    office.answer(mine[-1][1], text, ('билет "1".txt', PICTURE))


def test_a_message_goes_to_the_office_and_its_answer_comes_back(
    visitor: Visitor, office: Stage
) -> None:
    got = visitor.post_files(
        {"action": "send", "text": CRY, "page": "write"}, ('фото/я "1".jpg', PICTURE), ("e", b"")
    )
    assert got.status == 200
    message, letter = office.letters()[-1]
    assert (letter.text, letter.language, letter.address) == (CRY, "en", address_of(got.words))
    assert [(file.name, file.size) for file in letter.files] == [('я "1".jpg', 1_500_010), ("e", 0)]
    assert letter.files[0].media_type == "image/jpeg"
    assert b"".join(office.file(letter.files[0])) == PICTURE
    assert b"".join(office.file(letter.files[1])) == b""

    empty = visitor.post(action="read", words=" ".join(got.words))
    assert not empty.page.findall(".//article")
    office.have(letter, message)
    office.answer(letter, "Придём <script>завтра</script>", ("план.txt", PICTURE))
    short = ", ".join(word[:4].upper() for word in got.words)
    answers = visitor.post(action="read", words=short, page="back")
    assert answers.texts(".//article//p[@class='said']") == ["Придём <script>завтра</script>"]
    assert "received" in " ".join(answers.texts(".//ul[@class='marks']/li[@data-done='yes']"))
    assert not answers.text("words")
    assert CRY.encode() not in answers.body

    _saves_and_replies(visitor, got.words, answers)
    second = office.letters()[-1][1]
    assert (second.text, second.voice) == ("Да", letter.voice)


def _saves_and_replies(visitor: Visitor, words: list[str], answers: Got) -> None:
    """Save the answer's file, and answer the answer."""
    save = next(name for name in answers.actions if name.startswith("file-"))
    saved = visitor.post(action=save, words=" ".join(words), page="answers")
    assert saved.body == PICTURE
    assert saved.headers["Content-Disposition"].startswith("attachment;")

    again = visitor.post_files(
        {"action": "reply", "words": " ".join(words), "text": "Да", "had": "yes"}
    )
    assert not again.words
    assert not again.notice


def test_a_page_in_russian_gives_russian_words(url: str, office: Stage) -> None:
    got = Visitor(url, language="ru").post(action="send", text="Помогите", page="write")
    assert all("а" <= word[0] <= "я" for word in got.words)
    assert office.letters()[-1][1].language == "ru"
    # They open her box whatever language the page has when she comes back.
    answers = Visitor(url, language="en").post(action="read", words=" ".join(got.words))
    assert not answers.notice


def test_changing_the_language_keeps_what_was_typed(visitor: Visitor) -> None:
    got = visitor.post(lang="ru", page="write", text=CRY, language="en")
    assert got.page.get("lang") == "ru"
    assert got.text("text") == CRY
    back = visitor.post(lang="ru", page="back", words="one two", language="en")
    assert back.text("words") == "one two"


def test_a_wrong_word_is_named_and_nothing_typed_is_lost(visitor: Visitor, office: Stage) -> None:
    words, _ = written(visitor, office)
    before = len(office.items())
    wrong = [*words[:4], "qqqqqqq", *words[5:]]
    got = visitor.post_files({"action": "reply", "words": " ".join(wrong), "text": CRY, "had": ""})
    assert "5" in got.notice
    assert "qqqqqqq" in got.notice
    assert (got.text("text"), got.text("words")) == (CRY, " ".join(wrong))
    slip = [*words[:6], words[6][:-1] + "q", words[7]]
    assert words[6] in visitor.post(action="read", words=" ".join(slip)).notice
    seven = visitor.post(action="read", words=" ".join(words[:7]))
    assert "7" in seven.notice
    assert "First enter" in visitor.post(action="read", words="").notice
    assert len(office.items()) == before


def test_words_that_open_an_empty_box_are_asked_about_before_a_message_goes_there(
    visitor: Visitor, office: Stage
) -> None:
    words, _ = written(visitor, office)
    letter_to(office, words, "Hold on")
    before = len(office.items())
    others = " ".join([*words[1:], words[0]])
    asked = {"action": "reply", "words": others, "text": CRY, "had": "yes"}
    got = visitor.post_files(asked, ("a.jpg", b"x"))
    assert len(office.items()) == before
    assert "moment ago" in got.notice
    assert "choose them again" in got.notice
    assert got.text("text") == CRY
    assert "reply-anyway" in got.actions
    sent = visitor.post(**{**asked, "action": "reply-anyway"})
    assert not sent.notice
    assert len(office.items()) == before + 1
    # The answer will hang on words that she may never have had: she is shown them.
    assert " ".join(sent.words) == others
    assert "The words that you typed" in sent.texts(".//h2")
    assert not visitor.post(**{**asked, "words": " ".join(words), "action": "reply-anyway"}).words


def test_who_finds_nothing_can_enter_the_words_again(visitor: Visitor, office: Stage) -> None:
    words, _ = written(visitor, office)
    letter_to(office, words, "Hold on")
    assert "back" not in visitor.post(action="read", words=" ".join(words)).actions
    nothing = visitor.post(action="read", words=" ".join([*words[1:], words[0]]))
    assert "back" in nothing.actions
    assert "read" in visitor.post(page="back", action="back").actions


def test_who_saves_a_file_without_words_is_told_where_they_go(visitor: Visitor) -> None:
    got = visitor.post(action="file-0-0", page="answers", text="half an answer", words=" ")
    assert "First enter your eight words below." in got.notice
    assert "0" not in got.notice
    assert got.text("text") == "half an answer"
    assert b"overscroll-behavior: none" in visitor.get("/style.css").body


def test_nothing_is_sent_when_nothing_is_written(visitor: Visitor, office: Stage) -> None:
    before = len(office.items())
    got = visitor.post_files({"action": "send", "text": " \n", "page": "write"}, ("", b""))
    assert got.notice
    assert len(office.items()) == before


def test_a_text_too_long_for_a_letter_is_kept_and_said_so(visitor: Visitor, office: Stage) -> None:
    before = len(office.items())
    text = "ж" * 100_001
    got = visitor.post(action="send", text=text, page="write")
    assert "too long" in got.notice
    assert got.text("text") == text
    assert len(office.items()) == before
    assert visitor.post(action="send", text="ж" * 100_000, page="write").words


def test_a_file_of_25_mb_passes_and_a_larger_one_keeps_the_text(
    visitor: Visitor, office: Stage
) -> None:
    fits = os.urandom(25 << 20)
    assert visitor.post_files({"action": "send", "text": "a"}, ("v.mp4", fits)).words
    assert b"".join(office.file(office.letters()[-1][1].files[0])) == fits
    before = len(office.items())
    got = visitor.post_files({"action": "send", "text": CRY}, ("v.mp4", fits + b"x"))
    assert "25" in got.notice
    assert "v.mp4" in got.notice
    assert got.text("text") == CRY
    assert len(office.items()) == before


def test_a_full_disk_takes_the_words_and_says_that_the_file_must_wait(
    visitor: Visitor, office: Stage
) -> None:
    office.weather.free = 10
    office.weather.ahead += HOUR  # The relay looks at its disk again.
    try:
        got = visitor.post_files({"action": "send", "text": CRY}, ("a.jpg", PICTURE))
    finally:
        office.weather.free = 80
        office.weather.ahead += HOUR
    assert len(got.words) == 8
    assert "room for text only" in " ".join(got.texts(".//ul[@class='files']/li"))


def test_a_new_intake_key_is_taken_up(visitor: Visitor, office: Stage) -> None:
    office.rotate()
    written(visitor, office)
    assert office.letters()[-1][1].text == CRY


def test_every_answer_forbids_what_could_leave_a_trace(visitor: Visitor) -> None:
    kind_of = {"/": "text/html; charset=utf-8", "/style.css": "text/css; charset=utf-8"}
    answers: dict[str, Got] = {path: visitor.get(path) for path in kind_of}
    for path, got in answers.items():
        assert got.status == 200
        assert got.headers["Content-Type"] == kind_of[path]
        assert got.headers["Cache-Control"] == "no-store"
        assert got.headers["Referrer-Policy"] == "no-referrer"
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        policy = got.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not {"Set-Cookie", "Server", "ETag", "Last-Modified"} & set(got.headers)
    assert visitor.get("/elsewhere").status == 404
    assert visitor.get("/", method="DELETE").status == 404
    assert visitor.get("/", method="HEAD").body == b""


def test_a_browser_that_asks_before_it_sends_is_told_to_go_on(url: str) -> None:
    place = urlsplit(url)
    kind, body = multipart({"action": "send", "text": CRY})
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=PATIENCE)
    connection.putrequest("POST", "/")
    for name, value in {"Content-Type": kind, "Expect": "100-continue"}.items():
        connection.putheader(name, value)
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders()
    connection.send(body)
    assert len(Got(200, {}, connection.getresponse().read()).words) == 8


def seen(page: Browser, at: str) -> None:
    """Wait until an element is there; timers of a page without scripts never ring, ours do."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(AssertionError):  # The page may be changing under the question.
            if page.visible(at):
                return
        time.sleep(0.1)
    raise AssertionError(at)


@pytest.mark.browser
def test_chromium_without_scripts_does_the_main_job(office: Stage, tmp_path: Path) -> None:
    picture = tmp_path / "фото.jpg"
    picture.write_bytes(PICTURE)
    with counter(office, limits=Limits()) as handle, visit("chromium", scripts=False) as page:
        page.language("ru")
        page.goto(handle.url)
        page.click("button[value=write]")
        seen(page, "textarea[name=text]")
        page.type("textarea[name=text]", "Помогите\nмне")
        page.upload("#files", picture)
        page.click("button[value=send]")
        seen(page, ".words")
        words = page.texts(".words li")
        assert len(words) == 8
        assert page.evaluate("location.href") == handle.url
        letter = office.letters()[-1][1]
        assert letter.text == "Помогите\nмне"
        assert b"".join(office.file(letter.files[0])) == PICTURE

        letter_to(office, words, "Завтра в шесть")
        _reads_and_answers(page, words)
        assert office.letters()[-1][1].text == "Буду"
        assert page.evaluate("document.cookie") == ""
        assert page.evaluate("location.href") == handle.url
        assert not [entry for entry in page.seen() if "error" in entry]


def _reads_and_answers(page: Browser, words: list[str]) -> None:
    """Come back in the same tab."""
    page.fill("textarea[name=words]", " ".join(words))
    page.click("button[value=read]")
    seen(page, "article")
    assert "Завтра в шесть" in page.text("article")
    page.fill("textarea[name=text]", "Буду")
    page.fill("textarea[name=words]", " ".join(words))
    page.click("button[value=reply]")
    seen(page, "li[data-done=no]")
