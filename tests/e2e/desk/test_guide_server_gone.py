# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guide "The server is gone" is walked on a running office, as it stands."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, Page, expect

from safeconduct.programs.wording import LOCALE
from safeconduct.rooms.crew import Role
from tests.kit.desk_window import unlock
from tests.kit.guides import LOCALES, TONGUES, Guide, go, press
from tests.kit.offices import PASSPHRASE, Office, Person, an_office
from tests.kit.programs import LINK, LISTENS, Program, safeconduct

pytestmark = pytest.mark.browser
TEXT = re.compile(r"\n\n((?:[A-Z2-7-]+\n)+)\n")
CODE = re.compile(r"\n  ([a-z2-7]{16})\n")
PAGE = "https://anew.example"
SANA, TIMUR, MIRA = range(3)
KNOWN = "My brother found my phone."


@dataclass(frozen=True)
class Walk:
    """The guide in one language, an office whose server is gone, and where everything is."""

    guide: Guide
    language: str
    office: Office
    folder: Path
    chromium: Browser
    stack: ExitStack
    person: Person
    servers: list[tuple[Program, str]] = field(default_factory=list)

    @property
    def yes(self) -> str:
        """What is typed to agree."""
        return {"en": "yes", "ru": "да"}[self.language]

    @property
    def url(self) -> str:
        """Where the newest server is."""
        return self.servers[-1][1]

    def start(self, who: int, typed: list[str]) -> Program:
        """Type a command in the folder of somebody's terminal."""
        home = self.office.homes[who]
        place = self.folder / f"terminal-{who}"
        place.mkdir(exist_ok=True)
        return Program(
            *(sys.executable, "-m", "safeconduct", *typed),
            tongue=TONGUES[self.language],
            more={"SAFECONDUCT_HOME": str(home)},
            folder=place,
        )

    def type(self, who: int, typed: list[str], *answers: str, code: int = 0) -> str:
        """Type a command, the passphrase and what else it asks; return what it said."""
        with self.start(who, typed) as program:
            program.answer(PASSPHRASE, *answers)
            assert program.wait() == code, program.said
            assert "Traceback" not in program.said
            return program.said

    def serve(self, typed: list[str], listen: str = "127.0.0.1:0") -> str:
        """Start a server, at a port of ours and without its way for browsers without scripts."""
        server = self.start(SANA, [*typed, "--listen", listen, "--no-counter"])
        self.stack.enter_context(server)
        self.servers.append((server, server.until(LISTENS)[1]))
        return server.said

    def code(self) -> str:
        """The founding code of the newest server."""
        return self.servers[-1][0].until(CODE)[1]

    @contextmanager
    def desk(self, who: int, typed: list[str]) -> Iterator[Page]:
        """Open a desk in a window of ours."""
        with self.start(who, [*typed, "--no-window"]) as program:
            context = self.chromium.new_context(locale=LOCALES[self.language])
            page = context.new_page()
            unlock(page, program.until(LINK)[1], PASSPHRASE)
            yield page
            context.close()


@pytest.fixture(params=["en", "ru"])
def walk(request: pytest.FixtureRequest, tmp_path: Path, chromium: Browser) -> Iterator[Walk]:
    """Sana and Mira are stewards; somebody wrote, and the server is gone."""
    with an_office(tmp_path) as office, ExitStack() as stack:
        steward = frozenset({Role.OPERATOR, Role.STEWARD})
        office.admit(tmp_path / "third", "Mira", "Mira's laptop", steward)
        guide, person = Guide("server-gone", request.param), office.someone()
        walk = Walk(guide, request.param, office, tmp_path, chromium, stack, person)
        person.write(KNOWN)
        with walk.desk(SANA, ["desk"]) as page:
            expect(page.locator("#queue")).to_contain_text(KNOWN)
        office.server.stop(signal.SIGKILL)
        yield walk


def text_in(said: str) -> list[str]:
    """The lines of the text that a command showed."""
    found = TEXT.search(said)
    assert found is not None, said
    return found[1].split()


def test_every_step_after_the_server_is_gone_can_be_done(walk: Walk) -> None:
    stand_up_again(walk)
    leave_a_server_that_still_runs(walk)
    tell_people(walk)
    the_same_server_came_back(walk)
    typed = walk.guide.typed(address=walk.url)
    assert text_in(walk.type(MIRA, typed))
    assert not walk.guide.left


def stand_up_again(walk: Walk) -> None:
    """Found the office anew, and let Timur follow by a file and Mira by a message."""
    guide = walk.guide
    walk.serve(guide.typed(folder=walk.folder / "new"))
    found = guide.typed(address=walk.url)
    said = walk.type(SANA, found, walk.code())
    follow, yes = guide.typed(), guide.said()
    assert f"safeconduct {' '.join(follow)}\n" in said
    assert yes == walk.yes
    carried = Path(found[-1])
    assert follow[-1] == found[-1]
    (walk.folder / "terminal-1").mkdir(exist_ok=True)
    text = (walk.folder / "terminal-0" / carried).read_text()
    (walk.folder / "terminal-1" / carried).write_text(text)
    assert walk.url in walk.type(TIMUR, follow, yes)
    shown = walk.type(SANA, guide.typed())
    pasted = ("", *text_in(shown), "", "")
    assert walk.url in walk.type(MIRA, guide.typed(), *pasted, yes)
    assert text_in(shown) == text.split()
    with walk.desk(TIMUR, guide.typed()) as page:
        go(page, guide.said())
        expect(page.locator("#queue")).to_contain_text(KNOWN)


def leave_a_server_that_still_runs(walk: Walk) -> None:
    """Move once more, and let Timur's desk learn of it from the server that is left."""
    guide = walk.guide
    walk.serve(["serve", str(walk.folder / "third-server")])
    text = text_in(walk.type(SANA, guide.typed(address=walk.url), walk.code()))
    walk.type(MIRA, ["move", "follow"], *text, "", walk.yes)
    today, along, lock = (guide.said() for _ in range(3))
    with walk.desk(TIMUR, ["desk"]) as page:
        go(page, today)
        agreed = page.get_by_role("button", name=along, exact=True)
        expect(agreed).to_be_visible()
        agreed.click()
        page.wait_for_load_state()
        press(page, lock)
        page.wait_for_timeout(500)
    with walk.desk(TIMUR, guide.typed()) as page:
        expect(page.locator(".status")).to_have_attribute("data-online", "yes")
        expect(page.get_by_role("button", name=along, exact=True)).to_have_count(0)


def tell_people(walk: Walk) -> None:
    """Make a notice of the page's address, and hold it to the office at another desk."""
    guide = walk.guide
    notice = text_in(walk.type(SANA, guide.typed(page=PAGE)))
    assert PAGE in walk.type(TIMUR, guide.typed(), *notice, "")


def the_same_server_came_back(walk: Walk) -> None:
    """Set the server back, and let Sana say that it was she who did."""
    guide, (server, url) = walk.guide, walk.servers[-1]
    folder = walk.folder / "third-server"
    with safeconduct("backup", str(folder), str(walk.folder / "copy.db")) as copy:
        assert copy.wait() == 0, copy.said
    with walk.desk(SANA, ["desk"]) as page:
        page.locator("#queue .row .name").first.click()
        page.click("#claim")
        expect(page.locator("#release")).to_be_visible()
        expect(page.locator(".status")).to_have_attribute("data-online", "yes")
        page.wait_for_timeout(1_000)
    server.stop()
    for path in folder.glob("relay.db*"):
        if not path.name.endswith("key"):
            path.unlink()
    (walk.folder / "copy.db").rename(folder / "relay.db")
    walk.serve(["serve", str(folder)], urlsplit(url).netloc)
    with walk.desk(SANA, ["desk"]) as page:
        expect(page.locator(".troubles")).to_contain_text(guide.said())
    restored, yes = guide.typed(), guide.said()
    text = text_in(walk.type(SANA, restored, yes))
    walk.type(TIMUR, guide.typed(), *text, "", yes)


def words(language: str, domain: str) -> list[str]:
    """Everything that a part of the program may say in a language."""
    with (LOCALE / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as catalogue:
        return [str(said.string or said.id) for said in read_po(catalogue)]


def test_every_failure_that_the_guide_explains_is_said_so(walk: Walk) -> None:
    known = words(walk.language, "terminal")
    for parts in walk.guide.failures:
        assert any(all(part in said for part in parts) for said in known), parts
    walk.serve(["serve", str(walk.folder / "new")])
    found = ["move", "found", "--relay", walk.url]
    text = walk.folder / "there"
    text.touch()
    with walk.desk(MIRA, ["desk"]):
        said = [walk.type(MIRA, found, walk.code(), code=1)]
    said.append(walk.type(MIRA, [*found, "--text", str(text)], code=1))
    said.append(walk.type(TIMUR, found, walk.code(), code=1))
    said.append(walk.type(MIRA, found, "wrong", code=1))
    said.append(walk.type(MIRA, ["move", "found", "--relay", walk.office.url], code=1))
    said.append(walk.type(TIMUR, ["move", "follow"], "AAAAA-BBBBB", "", code=1))
    met = [
        next(n for n, parts in enumerate(walk.guide.failures) if parts[0] in one) for one in said
    ]
    assert len({*met}) == len(said)
