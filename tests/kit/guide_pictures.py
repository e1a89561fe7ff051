# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guide's pictures of the desk, taken anew: `python -m tests.kit.guide_pictures docs/guide`.

The pages are the real ones over the engine's honest twin, on the rehearsal's night.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, sync_playwright

from safeconduct.edges.desk.app import link_of
from safeconduct.kernel.words import HOUR, MINUTE, ConversationId
from safeconduct.programs.rehearsal import TALKS
from tests.kit.clocks import FixedClock
from tests.kit.desk_twin import TwinDesk
from tests.kit.desk_window import Served, enter, listening, served_desk
from tests.kit.rehearsal import NIGHT, empty_desk, rehearsal_desk, rehearsal_roster

Night = tuple[TwinDesk, dict[str, ConversationId]]
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
SETTLED: Final = 300
NAMES: Final = ("умный пекарь", "сухая полка", "синий вокзал")
AGO: Final = ((5 * HOUR, 74 * MINUTE), (52 * MINUTE,), (4 * MINUTE,))
OFFLINE: Final = 12 * MINUTE


@dataclass(frozen=True)
class Picture:
    """One picture: which page, how wide, in which language and light."""

    name: str
    path: str
    size: tuple[int, int]
    locale: str = "en-GB"
    light: Literal["dark", "light"] = "light"
    night: Callable[[], Night] = rehearsal_desk
    first: Callable[[Served], None] = lambda _: None


def russian_night() -> Night:
    """A Russian office's night, in the words of the demo."""
    desk, talks = empty_desk(), dict[str, ConversationId]()
    timur = rehearsal_roster()[1][2]
    for name, talk, ago in zip(NAMES, TALKS["ru"], AGO, strict=True):
        for text, before in zip(talk.letters, ago, strict=True):
            desk.clock = FixedClock(NIGHT - before)
            files = [(talk.file[0], talk.file[1].encode())] if talk.file else []
            known = talks.get(name)
            talks[name] = desk.receive(
                name, text, files=files, language=talk.language, conversation=known
            )
            if talk.answer and known is None:
                desk.clock.move(20 * MINUTE)
                desk.mark_read(talks[name])
                desk.answer(talks[name], talk.answer)
                desk.note(talks[name], talk.note)
    desk.by(timur).mark_read(talks[NAMES[1]])
    desk.by(timur).claim(talks[NAMES[1]])
    desk.clock = FixedClock(NIGHT)
    return desk, talks


def go_offline(served: Served) -> None:
    """Answer while the server is away."""
    served.desk.relay_goes(online=False)
    served.desk.clock = FixedClock(NIGHT + OFFLINE)
    talk = served.talks["quiet orchard"]
    served.desk.answer(talk, "Yes, this is us. Write when nobody can see the screen.")


PICTURES: Final = (
    Picture("unlock-en", "", (1280, 800)),
    Picture("today-en", "/today", (1280, 800)),
    Picture("today-ru", "/today", (1280, 800), "ru-RU", night=russian_night),
    Picture("today-ru-phone-dark", "/today", (390, 900), "ru-RU", "dark", russian_night),
    Picture("night-en-wide", "/today", (1680, 760)),
    Picture("conversation-ru", NAMES[0], (1280, 900), "ru-RU", night=russian_night),
    Picture("conversation-en-dark", "amber lantern", (1280, 900), light="dark"),
    Picture("conversation-en-phone", "quiet orchard", (390, 844)),
    Picture("offline-ru-dark", "/hotline?show=all", (1180, 760), "ru-RU", "dark", first=go_offline),
)


def take(browser: Browser, picture: Picture, folder: Path) -> None:
    """Take one picture."""
    width, height = picture.size
    with served_desk(picture.night) as served:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=picture.locale,
            color_scheme=picture.light,
        )
        page = context.new_page()
        if picture.path:
            enter(page, served)
            picture.first(served)
            talk = not picture.path.startswith("/")
            page.goto(served.path(picture.path) if talk else served.url + picture.path)
            listening(page)
        else:
            page.goto(link_of(served.settings))
            page.wait_for_url("**/unlock")
        page.wait_for_timeout(SETTLED)
        page.screenshot(path=folder / f"desk-{picture.name}.png")
        context.close()


def main(folder: Path, names: list[str]) -> None:
    """Take all pictures, or those that are named."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        for picture in PICTURES:
            if not names or picture.name in names:
                take(browser, picture, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
