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
from safeconduct.edges.desk.burned_api import Knowers
from safeconduct.kernel.words import DAY, HASH_BYTES, HOUR, MINUTE, CaseId, ConversationId, Instant
from safeconduct.programs.rehearsal import TALKS
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.sheets import SHEETS
from safeconduct.rooms.cases.stages_decide import TypedStage
from safeconduct.rooms.crew import OFFICE_KEY, EpochOpened
from safeconduct.rooms.crew.watching import Watch
from safeconduct.rooms.hotline.bulletin_decide import Telling
from safeconduct.rooms.hotline.bulletins import Confidence, Scope, Threat
from safeconduct.rooms.hotline.spoken import CallMark, write_call
from safeconduct.rooms.hotline.triage import Danger
from safeconduct.rooms.passage.burned.knower import Kind
from tests.kit.clocks import FixedClock
from tests.kit.desk_twin import TwinDesk
from tests.kit.desk_twin_lines import TwinLine
from tests.kit.desk_window import Served, enter, listening, served_desk
from tests.kit.night_land import write_land, write_night
from tests.kit.rehearsal import NIGHT, empty_desk, rehearsal_desk, rehearsal_roster
from tests.kit.spoken_messages import pieces, tone
from tests.kit.strangers_files import photograph

Night = tuple[TwinDesk, dict[str, ConversationId]]
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
SETTLED: Final = 300
NAMES: Final = ("умный пекарь", "сухая полка", "синий вокзал")
AGO: Final = ((5 * HOUR, 74 * MINUTE), (52 * MINUTE,), (4 * MINUTE,))
OFFLINE: Final = 12 * MINUTE
LOCKED: Final = "unlock-en"
NIGHT_DAY: Final = "2026-11-20"


@dataclass(frozen=True)
class Picture:
    """One picture: which page, how wide, in which language and light."""

    name: str
    path: str
    size: tuple[int, int]
    locale: str = "en-GB"
    light: Literal["dark", "light"] = "light"
    night: Callable[[], Night] = rehearsal_desk
    first: Callable[[Served], str | None] = lambda _: None
    """What happens before; it may return which page instead."""
    link: str = ""
    """The beginning of a link's name that is followed there."""


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


def somebody_silent() -> Night:
    """A night on which a word that was due did not come."""
    desk, talks = rehearsal_desk()
    _, (_, mira, timur, *_) = rehearsal_roster()
    talk = talks["amber lantern"]
    desk.clock = FixedClock(NIGHT - HOUR)
    desk.triage.judge(talk, Danger.LIFE)
    due = Instant(NIGHT - 40 * MINUTE)
    desk.answer(talk, "Take the bus at two. Write when you sit in it.", next_contact=due)
    desk.clock = FixedClock(NIGHT)
    desk.watch = Watch(on_duty=(mira, timur))
    return desk, talks


def threatened(night: Callable[[], Night], title: str, text: str, word: str) -> Night:
    """A night with a threat that is told, of which some were written to since."""
    desk, talks = night()
    scope = Scope(regions=frozenset({word}), look_for=frozenset({word}))
    until = Instant(NIGHT + 31 * HOUR)
    told = (text, text, text, Confidence.LIKELY, until, scope)
    desk.bulletins.issue(Telling(Threat.ULTIMATUM, title, *told))
    return desk, talks


def threatened_en() -> Night:
    """One in English."""
    title, text = "The uncles' Friday", "Ask each where they are on Friday, and who knows it."
    return threatened(rehearsal_desk, title, text, "Friday")


def threatened_ru() -> Night:
    """One in Russian."""
    title, text = "Облава в пятницу", "Спросите каждого, где он в пятницу и кто это знает."
    return threatened(russian_night, title, text, "брат")


def open_a_case(served: Served) -> None:
    """Open a case file of which a colleague asks for a part."""
    desk = served.desk
    _, (own, mira, _, nadia, *_) = rehearsal_roster()
    case = desk.cases.open({part: {own, mira} for part in Part})
    file = desk.cases.case(case)
    assert file is not None
    desk.cases.ask(file.name, Part.HEALTH, "I go with her to the doctor on Thursday.", by=nadia)


def photograph_came() -> Night:
    """A night on which somebody sent a photograph."""
    desk, talks = empty_desk(), dict[str, ConversationId]()
    file = ("IMG 0231.JPG", photograph(width=800, height=500))
    talks["she"] = desk.receive("quiet orchard", "This is my back, from Tuesday.", files=[file])
    return desk, talks


def came_in_russian() -> Night:
    """The same in Russian."""
    desk, talks = empty_desk(), dict[str, ConversationId]()
    file = ("IMG 0231.JPG", photograph(width=800, height=500))
    talks["she"] = desk.receive(NAMES[0], "Это моя спина, со вторника.", files=[file])
    return desk, talks


def night_with_journeys() -> Night:
    """A night on which one party goes, and of another nothing was heard."""
    return later(*rehearsal_desk())


def later(desk: TwinDesk, talks: dict[str, ConversationId]) -> Night:
    """Write the journeys two hours before the night's own time."""
    desk.clock = FixedClock(NIGHT - 2 * HOUR)
    write_night(desk)
    desk.clock = FixedClock(NIGHT)
    return desk, talks


def night_with_journeys_ru() -> Night:
    """The same beside a Russian office's conversations."""
    return later(*russian_night())


def burn_a_house(served: Served) -> str:
    """Press Burned where two parties sleep tonight, while one of the other houses has a bed."""
    desk = served.desk
    network = desk.ways.network()
    (house,) = (one for one in network.of_kind("house") if one.text("where") == "Quay 4")
    said = {"where": "Hill 2", "beds": "2", "suits": "any", "state": "fit", "trust": "high"}
    host = {"name": "Finch", "state": "ready", "trust": "high", "reach": "The shop, mornings."}
    sheets = {
        "finch": ("household", host),
        "loft": ("house", said | {"town": house.text("town"), "host": "@finch"}),
    }
    write_land(desk, sheets)
    drill = desk.burned.press(
        Knowers(Kind.HOUSE, house.id), NIGHT_DAY, "They stood at the door.", rehearsal=False
    )
    return f"/drills/{drill.hex()}"


def write_a_case(served: Served, told: str) -> CaseId:
    """Write a case that has come some way, with one person in it."""
    cases = served.desk.cases
    case = cases.open({})
    for stage, days in (("contact", 40), ("verified", 31), ("plan", 12)):
        there = cases.stages.of(case)
        assert there is not None
        saw = frozenset(one.entry.fact for one in there.now)
        since = Instant(NIGHT - days * DAY)
        cases.stages.enter(case, TypedStage(stage, saw, "", since, confirmed=True))
    cases.stages.block(case, told)
    return case


def by_signal(desk: TwinDesk, name: str, text: str) -> Night:
    """Somebody writes by Signal, and that line is the office's."""
    line = TwinLine("signal")
    desk.lines.admit(line.text, signed=False)
    return desk, {"they": line.write(desk, name, text)}


def by_signal_en() -> Night:
    """One in English."""
    return by_signal(empty_desk(), "tin whistle", "They took my passport. What do I do?")


def by_signal_ru() -> Night:
    """One in Russian."""
    return by_signal(empty_desk(), NAMES[0], "У меня забрали паспорт. Что делать?")


def spoken(name: str) -> Night:
    """Somebody spoke to the message box, and the call broke."""
    desk, line = empty_desk(), TwinLine("phone")
    desk.lines.admit(line.text, signed=False)
    begun, end = (write_call(CallMark(left="message", cut=True, seconds=at)) for at in (0, 25))
    talk = line.write(desk, name, "", files=pieces(tone(25)), beside=begun)
    line.write(desk, name, "", of=talk, beside=end)
    return desk, {"they": talk}


def stages_en(served: Served) -> str:
    """Its stages."""
    return f"/cases/{write_a_case(served, 'The passport lies with the brother.').hex()}/stages"


def stages_ru(served: Served) -> str:
    """The same in Russian."""
    return f"/cases/{write_a_case(served, 'Паспорт лежит у брата.').hex()}/stages"


def goes_abroad(served: Served) -> str:
    """Write down that somebody goes abroad, and begin the checklist."""
    case, records = served.desk.cases.open({}), served.desk.cases.records

    def write(kind: str, **said: str) -> SheetId:
        parts = {one.name: one.part for one in SHEETS[kind]}
        typed = {(parts[name], name): Typed(text) for name, text in said.items()}
        return records.write(case, kind, None, typed)

    person = write("person", stands="asks", name="Aru")
    way = write("relocation", of=person.hex(), country="Vessland", stage="preparing",
                travels="2026-12-04", children="no")  # fmt: skip
    write("item", of=way.hex(), what="ticket", state="asked", due="2026-11-24")
    write("item", of=way.hex(), what="meets", who="Linden")
    return f"/cases/{case.hex()}/abroad"


PICTURES: Final = (
    Picture("unlock-en", "", (1280, 800)),
    Picture("today-en", "/today", (1280, 800)),
    Picture("today-ru", "/today", (1280, 800), "ru-RU", night=russian_night),
    Picture("today-ru-phone-dark", "/today", (390, 900), "ru-RU", "dark", russian_night),
    Picture("night-en-wide", "/today", (1680, 760)),
    Picture("conversation-ru", NAMES[0], (1280, 900), "ru-RU", night=russian_night),
    Picture("conversation-en-dark", "amber lantern", (1280, 900), light="dark"),
    Picture("conversation-en-phone", "quiet orchard", (390, 844)),
    Picture("line-en", "they", (1280, 700), night=by_signal_en),
    Picture("line-ru", "they", (1280, 700), "ru-RU", night=by_signal_ru),
    Picture("voice-en", "they", (1280, 700), night=lambda: spoken("dry shelf")),
    Picture("voice-ru", "they", (1280, 700), "ru-RU", night=lambda: spoken(NAMES[1])),
    Picture("silent-en", "/today", (1280, 800), night=somebody_silent),
    Picture("copy-en", "she", (1280, 1000), night=photograph_came, link="Look"),
    Picture("copy-ru", "she", (1280, 1000), "ru-RU", night=came_in_russian, link="Посмотреть"),
    Picture("bulletins-en", "/today", (1280, 800), night=threatened_en),
    Picture("bulletins-ru", "/today", (1280, 800), "ru-RU", night=threatened_ru),
    Picture("cases-en", "/cases", (1280, 900), first=open_a_case),
    Picture("board-en", "/ways/board", (1280, 800), night=night_with_journeys),
    Picture("board-ru", "/ways/board", (1280, 800), "ru-RU", night=night_with_journeys_ru),
    Picture("check-ins-en", "/watch", (1280, 900), night=night_with_journeys),
    Picture("check-ins-ru", "/watch", (1280, 900), "ru-RU", night=night_with_journeys_ru),
    Picture("burned-en", "", (1280, 900), night=night_with_journeys, first=burn_a_house),
    Picture(
        "burned-ru", "", (1280, 900), "ru-RU", night=night_with_journeys_ru, first=burn_a_house
    ),
    Picture("stages-en", "", (1280, 900), first=stages_en),
    Picture("stages-ru", "", (1280, 900), "ru-RU", first=stages_ru),
    Picture("abroad-en", "", (1280, 900), first=goes_abroad),
    Picture("abroad-ru", "", (1280, 900), "ru-RU", first=goes_abroad),
    Picture("offline-ru-dark", "/hotline?show=all", (1180, 760), "ru-RU", "dark", first=go_offline),
)


def take(browser: Browser, picture: Picture, folder: Path) -> None:
    """Take one picture."""
    width, height = picture.size
    with served_desk(picture.night) as served:
        everybody = rehearsal_roster()[1]
        served.desk.removals.write(EpochOpened(OFFICE_KEY, 1, bytes(HASH_BYTES), everybody))
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=picture.locale,
            color_scheme=picture.light,
        )
        page = context.new_page()
        if picture.name != LOCKED:
            enter(page, served)
            path = picture.first(served) or picture.path
            talk = not path.startswith("/")
            page.goto(served.path(path) if talk else served.url + path)
            listening(page)
            if picture.link:
                page.get_by_role("link", name=picture.link).click()
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
