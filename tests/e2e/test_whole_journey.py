# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole of a person's way, in every language, both kinds of browser, with scripts and without.

She opens the page, reads what cannot be hidden, compares the office's words, writes with a few
answers and a file, keeps eight words and leaves; comes back from another phone, sees that the
office has it, reads the answer, answers, and leaves again.  Without scripts she begins at the
same page, which sends her to the counter.

`SAFECONDUCT_PICTURES=FOLDER` keeps a picture of each screen, to be looked at by a person.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from safeconduct.kernel.languages import LANGUAGES
from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.seal.office_words import office_words
from tests.e2e.test_first_contact import TOLD, fill, told
from tests.kit.browsers import KINDS, Browser
from tests.kit.counter import address_of, counter
from tests.kit.spoken import strange
from tests.kit.stage import INTAKE_SIGNING, OFFICE, Stage, stage
from tests.kit.visiting import visit

pytestmark = pytest.mark.browser
PHONE: Final = (360, 640)
BAR: Final = 60
"""What a phone's browser takes of the height for itself."""
PICTURES: Final = os.environ.get("SAFECONDUCT_PICTURES", "")
CRY, FILE, ANSWER, THANKS = "Помогите 7", "дом 7.txt", "Мы с вами. +1 555 0100", "Спасибо 7"
CONTENT: Final = bytes(2_000)
KILOBYTES: Final = {"en": "kB", "ru": "кБ", "ar": "كيلوبايت", "es": "kB", "fr": "ko"}
"""What the browsers' own tables say."""
TURNED: Final = (
    "[document.documentElement.lang, document.documentElement.dir,"
    " getComputedStyle(document.querySelector('main')).direction]"
)
TOO_WIDE: Final = """[...document.querySelectorAll('body, body *')].filter((one) => {
    const { left, right, width } = one.getBoundingClientRect();
    return width && one.checkVisibility() && (left < -1 || right > innerWidth + 1);
}).map((one) => one.outerHTML.slice(0, 200))"""
SIDEWAYS: Final = (
    "document.documentElement.scrollWidth > document.documentElement.clientWidth || scrollX"
)
TALLEST: Final = "document.querySelector('.contact').getBoundingClientRect().height"
TALL: Final = 720
"""All questions, unfolded, are one screen of a phone of today."""
FOCUSED: Final = "document.activeElement?.matches({!r})"
ENDS: Final = "document.querySelector({!r}).getBoundingClientRect().bottom"


@dataclass(frozen=True, slots=True)
class Way:
    """Where a person finds what she needs."""

    scripts: bool
    write: str
    text: str
    send: str
    words: str
    sent: str
    back: str
    typed: str
    letter: str
    reply: str
    leave: str


PAGE: Final = Way(
    scripts=True,
    write="#to-write",
    text="#text",
    send="#send",
    words="#phrase",
    sent="#mark-server[data-done=yes]",
    back="#to-return",
    typed="#typed",
    letter="#letters article",
    reply="#send",
    leave="#leave",
)
COUNTER: Final = Way(
    scripts=False,
    write="button[value=write]",
    text="textarea[name=text]",
    send="button[value=send]",
    words=".words",
    sent=".marks li[data-done=yes]",
    back="button[value=back]",
    typed="textarea[name=words]",
    letter="article",
    reply="button[value=reply]",
    leave="a.leave",
)
WAYS: Final = {"scripts": PAGE, "none": COUNTER}


@dataclass(frozen=True, slots=True)
class Offices:
    """The office, its counter, and its public page, which names the counter."""

    office: Stage
    counter: str
    front: Stage


@dataclass(slots=True)
class Walk:
    """One person's way; `look` judges each screen that she comes to."""

    page: Browser
    offices: Offices
    way: Way
    language: str
    written: set[str] = field(default_factory=set)
    screens: int = 0

    @property
    def office(self) -> Stage:
        """Where her messages come."""
        return self.offices.front if self.way.scripts else self.offices.office

    def look(self, name: str) -> None:
        """The screen is whole, in her language, and turned the way that it runs."""
        runs = LANGUAGES[self.language].direction
        assert self.page.evaluate(TURNED) == [self.language, runs, runs], name
        assert self.page.evaluate(TOO_WIDE) == [], name
        assert not self.page.evaluate(SIDEWAYS), name
        places = {self.offices.counter, self.office.url, self.offices.office.url}
        known = {CRY, FILE, ANSWER, THANKS, f"· 2 {KILOBYTES[self.language]}"} | places
        assert strange(self.page, self.language, known | self.written) == [], name
        self.screens += 1
        if PICTURES:
            way = "page" if self.way.scripts else "counter"
            picture = f"{self.language}-{way}-{self.page.kind}-{self.screens}-{name}.png"
            self.page.shot(Path(PICTURES) / picture, full=True)

    def tab_to(self, element: str, *, most: int = 30) -> None:
        """Press Tab until an element has the focus."""
        for _ in range(most):
            self.page.press("Tab")
            if self.page.evaluate(FOCUSED.format(element)):
                return
        pytest.fail(f"{element} is not reached from the keyboard")

    def arrive(self) -> None:
        """Open the office's page on a small phone in her language."""
        page = self.page
        page.view(*PHONE)
        page.language(self.language)
        page.goto(self.offices.front.url)
        if self.way.scripts:
            page.wait_visible(self.way.back)
            assert page.evaluate(ENDS.format(self.way.back)) < PHONE[1] - BAR
            return
        page.wait_visible("noscript a")
        assert not page.visible(PAGE.write)
        self.look("no scripts")
        page.click("noscript a")
        page.wait_visible(self.way.write)

    def compare(self) -> None:
        """Compare the office's words, which only the page with scripts has."""
        if not self.way.scripts:
            return
        self.page.click("#ours summary")
        self.page.wait("document.querySelector('#our-words').textContent")
        words = office_words(OFFICE, INTAKE_SIGNING.public.raw, LANGUAGES[self.language].words)
        assert self.page.text("#our-words").split() == list(words)
        self.written.add(" ".join(words))

    def write(self, file: Path) -> list[str]:
        """Answer the questions, write, attach, and send with the keyboard; return the words."""
        page, way = self.page, self.way
        page.click(way.write)
        page.wait_visible(way.text)
        assert page.evaluate(ENDS.format(way.send)) <= PHONE[1], "Send is on the screen"
        fill(page)
        assert page.evaluate(TALLEST) <= TALL
        page.upload("#files", file)
        page.type(way.text, CRY)
        self.look("message")
        self.tab_to(way.send)
        page.press("Enter")
        page.wait_visible(f"{way.words} li")
        page.wait_visible(way.sent)
        words = page.texts(f"{way.words} li")
        self.written |= {*words}
        self.look("words")
        return words

    def come_back(self, words: list[str], name: str) -> None:
        """Begin anew on another phone, and read what waits under the words."""
        self.page.renew(apart=True)
        if not self.way.scripts and self.page.kind == "chromium":
            self.page.script(on=False)
        self.arrive()
        self.page.click(self.way.back)
        self.page.wait_visible(self.way.typed)
        self.look("return")
        self.page.type(self.way.typed, " ".join(words))
        if self.way.scripts:
            self.page.press("Enter")
            self.page.wait("document.querySelector('#answers-state').textContent")
        else:
            self.tab_to("button[value=read]")
            self.page.press("Enter")
            self.page.wait_visible("h2#marks-title")
        self.look(name)

    def answer(self, words: list[str]) -> None:
        """Answer the answer."""
        page, way = self.page, self.way
        if way.scripts:
            page.click("#reply")
        page.type(way.text, THANKS)
        if not way.scripts:
            page.type(way.typed, " ".join(words))
        page.click(way.reply)
        page.wait_visible(way.sent if way.scripts else ".marks li[data-done=no]")
        assert not page.visible("#keep") if way.scripts else not page.texts(way.words)
        self.look("answered")

    def leave(self) -> None:
        """Leave at once."""
        self.page.click(self.way.leave)
        self.page.wait("location.href === 'about:blank' && document.readyState === 'complete'")


@pytest.fixture(scope="module")
def offices() -> Iterator[Offices]:
    languages = tuple(LANGUAGES)
    with (
        stage(languages=languages) as office,
        counter(office, lanes=2) as handle,
        stage(languages=languages, counter_url=handle.url) as front,
    ):
        yield Offices(office, handle.url, front)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_person_writes_leaves_comes_back_and_answers(
    kind: str, way: str, language: str, offices: Offices, tmp_path: Path
) -> None:
    (tmp_path / FILE).write_bytes(CONTENT)
    with visit(kind, scripts=WAYS[way].scripts) as page:
        walk = Walk(page, offices, WAYS[way], language)
        walk.arrive()
        walk.compare()
        walk.look("first")
        words = walk.write(tmp_path / FILE)
        message, letter = walk.office.letters()[-1]
        assert set(words) <= set(LISTS[LANGUAGES[language].words])
        assert (letter.text, letter.language, letter.address) == (CRY, language, address_of(words))
        assert told(walk.office) == TOLD
        page.wait_for(lambda: all(map(walk.office.has, letter.files)))
        assert [b"".join(walk.office.file(file)) for file in letter.files] == [CONTENT]
        walk.leave()
        walk.office.have(letter, message)
        walk.come_back(words, "taken")
        walk.office.answer(letter, ANSWER, (FILE, CONTENT))
        walk.come_back(words, "answer")
        assert ANSWER in page.text(walk.way.letter)
        walk.answer(words)
        second = walk.office.letters()[-1][1]
        assert (second.text, second.voice) == (THANKS, letter.voice)
        walk.leave()
        assert not [line for line in page.seen() if "error" in line or "console" in line]
