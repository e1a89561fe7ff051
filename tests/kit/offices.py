# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office of real processes: its server, the desks of two helpers, and somebody who writes.

The server may be stopped and started again where it was.  Each desk is the process of
`safeconduct desk` that holds the keys, and is reached through its pages.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.founding import Names, Relay, World, found_office
from safeconduct.edges.desk.inviting import Inviter
from safeconduct.edges.desk.joining import Joiner, Way
from safeconduct.edges.desk.meeting import HttpMeeting
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.wiring import SystemClock, SystemRng
from safeconduct.edges.person.courier import Courier
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.stretch import Cost
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import Address, ConversationId, OfficeId
from safeconduct.rooms.crew import Role
from safeconduct.rooms.hotline.letters import (
    Box,
    Letter,
    conversation_of,
    open_reply,
    parse_certificate,
    seal_letter,
)
from tests.kit.pages import Page, PageClient
from tests.kit.patience import PATIENCE
from tests.kit.programs import FOUNDING, LINK, LISTENS, Program, hold_keys, serve

PASSPHRASE: Final = "seven quiet herons"
NAMES: Final = Names("Night line", "en", "Sana", "Sana's laptop")
COLLEAGUE: Final = ("Timur", "Timur's laptop")


def wait(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something is true."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"waited for {seconds} s in vain"
        time.sleep(0.05)


def quick_world() -> World:
    """The real world, but for the passphrase's price: a test types it often."""
    return World(SystemClock(), SystemRng(), Cost(8, 1, 1))


def found_pair(
    homes: Sequence[Path],
    relay: Relay,
    *,
    names: Names = NAMES,
    colleague: tuple[str, str] = COLLEAGUE,
    passphrase: str = PASSPHRASE,
    world: World | None = None,
) -> tuple[OfficeId, LongVerifyKey]:
    """Found an office and let a colleague's device join; return what a person's page pins."""
    found_office(homes[0], passphrase, names, relay, world)
    desk = Desk.open(homes[0], passphrase)
    try:
        line = Line(relay.url, desk.journal.office)
        courier = HttpCourier(line, desk.journal.place.capability)
        desk.start(courier)
        inviter = Inviter(desk.journal, courier, HttpMeeting(line))
        joiner = Joiner(inviter.invite(), colleague[1], Way.over_http(), world)
        meet(inviter, joiner)
        inviter.admit(colleague[0], frozenset({Role.OPERATOR}))
        wait(lambda: joiner.finish(homes[1], passphrase))
        founded = desk.roster().founded
        assert founded is not None
        return desk.journal.office, LongVerifyKey.parse(founded.intake_signing_key)
    finally:
        desk.stop()


def meet(inviter: Inviter, joiner: Joiner) -> None:
    """Let two people meet and find that their words are the same."""
    joiner.promise()
    inviter.look()
    shown = joiner.look()
    assert shown
    assert shown == inviter.look()


class Office:
    """One founded office; `server` is a new process after each `start`."""

    def __init__(self, folder: Path, homes: tuple[Path, ...]) -> None:
        """Start a server in a folder, and found an office of two desks on it."""
        self._folder: Final = folder
        self.homes = homes
        self._people: list[Person] = []
        self.server = serve(folder)
        try:
            found = self.server.until(FOUNDING)
            self.url: Final = found[1]
            relay = Relay.over_http(found[1], found[2])
            self.id, self._intake = found_pair(homes, relay, world=quick_world())
        except BaseException:
            self.close()
            raise

    def stop(self) -> None:
        """Stop the server."""
        self.server.stop()
        assert "Traceback" not in self.server.said, self.server.said

    def start(self) -> None:
        """Start the server again, at the same address and over the same files."""
        self.server = serve(self._folder, urlsplit(self.url).netloc)
        self.server.until(LISTENS)

    def someone(self) -> Person:
        """Somebody who has never written."""
        self._people.append(Person(self.id, self._intake, Courier(self.url, self.id)))
        return self._people[-1]

    def close(self) -> None:
        """Stop everything."""
        for person in self._people:
            person.leave()
        self.server.stop()

    def open(self, number: int) -> Desk:
        """Open a desk in this process, offline; its program must have ended."""
        return Desk.open(self.homes[number], PASSPHRASE)

    def admit(self, home: Path, person: str, device: str, roles: frozenset[Role]) -> None:
        """Let another device join through the founder's desk, whose program must have ended."""
        desk = self.open(0)
        try:
            line = Line(self.url, self.id)
            courier = HttpCourier(line, desk.journal.place.capability)
            desk.start(courier)
            inviter = Inviter(desk.journal, courier, HttpMeeting(line))
            joiner = Joiner(inviter.invite(), device, Way.over_http(), quick_world())
            meet(inviter, joiner)
            inviter.admit(person, roles)
            wait(lambda: joiner.finish(home, PASSPHRASE))
            self.homes = (*self.homes, home)
        finally:
            desk.stop()


@contextmanager
def an_office(folder: Path, first: Path | None = None) -> Iterator[Office]:
    """Run an office until the test is done with it; `first` is where its first desk is."""
    office = Office(folder / "server", (first or folder / "first", folder / "second"))
    try:
        yield office
    finally:
        office.close()


class Person:
    """Somebody who writes to an office, as her browser does once she has her words."""

    def __init__(self, office: OfficeId, intake: LongVerifyKey, courier: Courier) -> None:
        """Draw the keys that her words would give."""
        self._office: Final = office
        self._intake: Final = intake
        self._courier: Final = courier
        self._key: Final = SealingKey(os.urandom(32))
        self._voice, self._address = os.urandom(32), Address(os.urandom(32))

    @property
    def conversation(self) -> ConversationId:
        """What desks call her."""
        return conversation_of(self._voice)

    def write(self, text: str) -> None:
        """Send a letter; returns when the server has it."""
        terms = self._courier.terms()
        certificate = parse_certificate(terms.certificate, self._office, self._intake)
        key = self._key.public.raw
        letter = Letter(1, self._voice, self._address, key, "en", text, (), {})
        self._courier.submit(seal_letter(letter, certificate), terms)

    def leave(self) -> None:
        """Hang up."""
        self._courier._connection.close()

    def answers(self) -> list[str]:
        """The texts of all answers that wait for her, in order."""
        box = Box(self._office, self._address, self._key.public, self._voice)
        lying = self._courier.box(self._address, 0).items
        replies = [open_reply(item.item, box, self._key) for item in lying]
        return [reply.text for reply in replies if reply.kind == "answer"]


@dataclass(frozen=True)
class Hands:
    """A helper's hands on the pages of a running desk, without a browser."""

    pages: PageClient

    @classmethod
    @contextmanager
    def on(cls, desk: Program) -> Iterator[Hands]:
        """Open the link that a desk says, and unlock."""
        link = desk.until(LINK)[1]
        origin, _, path = link.partition("/open")
        with httpx.Client(
            base_url=origin, follow_redirects=True, trust_env=False, timeout=PATIENCE
        ) as client:
            hands = cls(PageClient(client, origin))
            hands.pages.get(f"/open{path}")
            page = hands.pages.get("/unlock")
            hands.pages.send(page.form("/passphrase"), passphrase=PASSPHRASE)
            yield hands

    def talk(self, conversation: ConversationId) -> Page:
        """A conversation's page."""
        return self.pages.get(f"/hotline/{conversation.hex()}")

    def answer(
        self, page: Page, conversation: ConversationId, text: str, status: int = 200
    ) -> Page:
        """Answer from a conversation's page; return the page that follows."""
        form = page.form(f"/hotline/{conversation.hex()}/answer")
        return self.pages.send_with_files(form, [], text=text, status=status)

    def begin(self, page: Page, conversation: ConversationId, kind: str, text: str) -> None:
        """Have what is begun in a form kept, as the page does; returns when the desk says so."""
        path = f"/hotline/{conversation.hex()}"
        token = page.form(f"{path}/{kind}").fields["csrf"]
        told = {"csrf": token, "kind": kind, "text": text}
        headers = {"Origin": self.pages.origin}
        kept = self.pages.client.post(f"{path}/draft", data=told, headers=headers)
        assert kept.status_code == httpx.codes.NO_CONTENT


@contextmanager
def desk_of(office: Office, number: int, source: Path | None = None) -> Iterator[Program]:
    """Run a desk of an office, of another source tree if one is given."""
    with hold_keys(office.homes[number], source) as desk:
        yield desk
