# SPDX-License-Identifier: AGPL-3.0-or-later
"""Today shows each conversation once, and says what this version cannot notice."""

import pytest

from safeconduct.edges.desk.backups_api import LastBackup, Noted
from tests.kit.pages import text_of
from tests.unit.edges.desk.pages.window import Window


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "cannot be noticed from one desk"), ("ru", "с одного не заметить")],
)
def test_today_tells_that_withholding_cannot_be_noticed(
    window: Window, language: str, words: str
) -> None:
    window.client.headers["Accept-Language"] = language
    assert words in window.pages.get("/today").text
    assert words not in window.pages.get("/crew").text


@pytest.mark.parametrize(
    ("language", "never", "today", "days"),
    [
        ("en", "No backup of the office was made yet.", "made today", "made 9 days ago"),
        ("ru", "Резервной копии офиса ещё нет.", "сделана сегодня", "сделана 9 дней назад"),
    ],
)
def test_today_says_how_old_the_last_backup_is(
    window: Window, language: str, never: str, today: str, days: str
) -> None:
    window.client.headers["Accept-Language"] = language
    assert never not in window.pages.get("/today").text
    desk = window.desk
    noted = Noted(bytes(32), desk.device, desk.now(), 7)
    for told, words, due in (
        (LastBackup(None, 8, due=True), never, True),
        (LastBackup(noted, 0, due=False), today, False),
        (LastBackup(noted, 9, due=True), days, True),
    ):
        desk.backups.told = told
        page = window.pages.get("/today").text
        assert words in page
        assert ("safeconduct office-backup make" in page) == due


def test_a_conversation_that_one_holds_stands_once(window: Window) -> None:
    window.desk.claim(window.talks["quiet orchard"])
    window.desk.claim(window.talks["северный чайник"])
    page = window.pages.get("/today")
    names = [text_of(link) for link in page.all("a") if link.get("class") == "name"]
    assert sorted(names) == sorted(window.talks)
    # She held one that waits from the beginning of the night.
    assert "2 conversations of yours stand under “Waiting for an answer”." in page.text


@pytest.mark.parametrize(("language", "mark"), [("en", "draft"), ("ru", "черновик")])
@pytest.mark.parametrize("place", ["/today", "/hotline", "/hotline?show=all"])
def test_a_conversation_with_something_begun_says_so(
    window: Window, place: str, language: str, mark: str
) -> None:
    window.client.headers["Accept-Language"] = language
    path = window.path("quiet orchard")

    def marked() -> list[str]:
        rows = [
            e
            for e in window.pages.get(place).all("li")
            if e.find(".//*[@class='begun']") is not None
        ]
        return [text_of(row) for row in rows]

    assert marked() == []
    window.post(f"{path}/draft", {"kind": "answer", "text": "begun"})
    (row,) = marked()
    assert "quiet orchard" in row
    assert row.endswith(mark)
    window.post(f"{path}/draft/drop", {"drop": "answer"})
    assert marked() == []
