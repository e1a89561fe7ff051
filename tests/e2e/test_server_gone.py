# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server is carried away: real processes found it anew, and everybody finds it again."""

from __future__ import annotations

import re
import secrets
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from safeconduct.edges.desk.courier import HttpCourier, Line, collect
from safeconduct.edges.desk.founding import Names, Relay, World, found_office
from safeconduct.edges.desk.inviting import Inviter
from safeconduct.edges.desk.joining import Joiner, Way
from safeconduct.edges.desk.meeting import HttpMeeting
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.wiring import SystemClock, SystemRng
from safeconduct.kernel.phrase import canonical, read_phrase, words_of
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.stretch import part, stretch_phrase
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.wire.bodies import Submission, parse_intake_terms, write_body
from safeconduct.kernel.wire.work import item_payload, solve_work
from safeconduct.kernel.words import Address, OfficeId
from safeconduct.rooms.crew import Role
from safeconduct.rooms.hotline.letters import (
    Box,
    Letter,
    conversation_of,
    open_reply,
    parse_certificate,
    seal_letter,
)
from tests.kit.desk_writer import CHEAP
from tests.kit.patience import PATIENCE
from tests.kit.programs import FOUNDING, safeconduct, serve

PASSPHRASE = "six plain words for the rehearsal"
TEXT = re.compile(r"\n\n((?:[A-Z2-7-]+\n)+)\n")
RECORDS = 700
ONLY_THERE = "Written while the first desk was closed."


class Somebody:
    """A person with eight words; what she knows of the office is its page's key."""

    def __init__(self, desk: Desk) -> None:
        phrase = " ".join(words_of(secrets.token_bytes(11), 8, "en"))
        self.office: OfficeId = desk.journal.office
        secret = stretch_phrase(canonical(read_phrase(phrase, language="en")), self.office)
        self.key = SealingKey.from_seed(part(secret, "mailbox-seal"))
        self.voice = part(secret, "mailbox-voice")
        self.address = Address(part(secret, "mailbox-address"))
        founded = desk.roster().founded
        assert founded is not None
        self.pinned = LongVerifyKey.parse(founded.intake_signing_key)

    def write(self, url: str, text: str) -> None:
        """Send a letter, as a page does."""
        with closing(Line(url, self.office)) as line:
            terms = parse_intake_terms(line.ask("GET", "intake"))
            certificate = parse_certificate(terms.certificate, self.office, self.pinned)
            own = (self.voice, self.address, self.key.public.raw)
            item = seal_letter(Letter(1, *own, "en", text, (), {}), certificate)
            seed, bits = terms.work.seed, terms.work.message_bits
            nonce = solve_work(seed, item_payload(item), bits)
            line.ask("POST", "intake", write_body(Submission(seed, nonce, item)))

    def replies(self, url: str) -> list[str]:
        """The answers that wait for her at a server."""
        box = Box(self.office, self.address, self.key.public, self.voice)
        with closing(Line(url, self.office)) as line:
            items = [item for _, _, item in collect(line, self.address, 0)]
        opened = [open_reply(item, box, self.key) for item in items]
        return [one.text for one in opened if one.kind == "answer"]


def until(done: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "never so"
        time.sleep(0.1)


def office(folder: Path, url: str, code: str) -> None:
    """Found an office at a server, and let a second desk join."""
    names = Names("Night line", "en", "Sana", "Sana's laptop")
    world = World(SystemClock(), SystemRng(), CHEAP)
    found_office(folder / "first", PASSPHRASE, names, Relay.over_http(url, code), world)
    first = Desk.open(folder / "first", PASSPHRASE)
    place, line = first.journal.place, Line(url, first.journal.office)
    inviter = Inviter(first.journal, HttpCourier(line, place.capability), HttpMeeting(line))
    joiner = Joiner(inviter.invite(), "Timur's laptop", Way.over_http(), world)
    joiner.promise()
    inviter.look()
    assert joiner.look() == inviter.look()
    inviter.admit("Timur", frozenset({Role.OPERATOR}))
    assert joiner.finish(folder / "second", PASSPHRASE)
    first.stop()


def move(home: Path, act: str, *options: str, typed: tuple[str, ...]) -> tuple[int, str]:
    """Run `safeconduct move`; return its exit code and what it said."""
    with safeconduct("move", "--home", str(home), act, *options) as program:
        program.answer(*typed)
        return program.wait(), program.said


def desk_of(folder: Path, name: str) -> Desk:
    """Open a desk at its relay."""
    desk = Desk.open(folder / name, PASSPHRASE)
    desk.start()
    return desk


def until_it_was_carried_away(folder: Path) -> Somebody:
    """An office that answers somebody; the second desk alone holds a note when its server goes."""
    with serve(folder / "old") as server:
        found = server.until(FOUNDING)
        office(folder, found[1], found[2])
        first, second = desk_of(folder, "first"), desk_of(folder, "second")
        person = Somebody(first)
        talk = conversation_of(person.voice)
        person.write(found[1], "Please help.")
        until(lambda: all(desk.conversation(talk) is not None for desk in (first, second)))
        first.answer(talk, "We are coming.")
        until(lambda: person.replies(found[1]) == ["We are coming."])
        until(lambda: not first.status().unsent)
        first.stop()
        second.note(talk, ONLY_THERE)
        until(lambda: not second.status().unsent)
        second.stop()
        server.stop(signal.SIGKILL)
    shutil.rmtree(folder / "old")
    return person


def test_everybody_finds_the_office_again(tmp_path: Path) -> None:
    person = until_it_was_carried_away(tmp_path)
    with serve(tmp_path / "new") as new:
        here = new.until(FOUNDING)
        options = ("--relay", here[1])
        code, said = move(tmp_path / "first", "found", *options, typed=(PASSPHRASE, here[2]))
        assert code == 0, said
        text = TEXT.search(said)
        assert text is not None, said
        typed = (*text[1].split(), "", "yes")
        code, said = move(tmp_path / "second", "follow", typed=(PASSPHRASE, *typed))
        assert (code, here[1] in said) == (0, True), said
        assert person.replies(here[1]) == ["We are coming."]
        person.write(here[1], "Thank you.")
        first, second = desk_of(tmp_path, "first"), desk_of(tmp_path, "second")
        until(lambda: all(letters(desk, person) == 2 for desk in (first, second)))
        until(lambda: notes(first, person) == [ONLY_THERE])
        first.stop()
        second.stop()
    for name in ("first", "second"):
        with safeconduct("verify", "--home", str(tmp_path / name)) as check:
            check.answer(PASSPHRASE)
            assert check.wait() == 0, check.said


def letters(desk: Desk, person: Somebody) -> int:
    """How many messages of somebody a desk has."""
    talk = desk.conversation(conversation_of(person.voice))
    return len(talk.messages) if talk else 0


def notes(desk: Desk, person: Somebody) -> list[str]:
    """What colleagues wrote of somebody."""
    talk = desk.conversation(conversation_of(person.voice))
    return [one.text for one in talk.notes] if talk else []


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A desk with many records, and no server any more; where it is."""
    with serve(tmp_path / "old") as old:
        found = old.until(FOUNDING)
        office(tmp_path, found[1], found[2])
        desk = desk_of(tmp_path, "first")
        person = Somebody(desk)
        person.write(found[1], "Please help.")
        until(lambda: letters(desk, person) == 1)
        desk.stop()
        desk = Desk.open(tmp_path / "first", PASSPHRASE)
        for number in range(RECORDS):
            desk.note(conversation_of(person.voice), f"note {number}")
        desk.start()
        until(lambda: not desk.status().unsent and desk.journal.seen.size > RECORDS)
        desk.stop()
    shutil.rmtree(tmp_path / "old")
    return tmp_path / "first"


def test_founding_that_was_killed_goes_on_where_it_stopped(full: Path, tmp_path: Path) -> None:
    with serve(tmp_path / "new") as new:
        here = new.until(FOUNDING)
        for seen in (r"\d+ of \d+ records", "goes on where it stopped", "is at the new server"):
            begun = safeconduct("move", "--home", str(full), "found", "--relay", here[1])
            begun.answer(PASSPHRASE, here[2])
            begun.until(seen)
            begun.stop(signal.SIGKILL)
        code, said = move(full, "found", "--relay", here[1], typed=(PASSPHRASE, here[2]))
        assert (code, TEXT.search(said) is not None) == (0, True), said
        desk = desk_of(tmp_path, "first")
        until(lambda: not desk.status().unsent and not desk.status().troubles)
        size = desk.journal.log.size()
        until(lambda: desk.journal.seen.size == size)
        frames = desk.journal.log.frames(0, size)
        assert len(frames) == len(set(frames)) > RECORDS
        desk.stop()


def backed_up_and_written_on(folder: Path, address: str) -> Somebody:
    """An office at this address whose server came back from a backup after an answer was sent."""
    with serve(folder / "server", address) as server:
        found = server.until(FOUNDING)
        office(folder, found[1], found[2])
        desk = desk_of(folder, "first")
        person = Somebody(desk)
        person.write(found[1], "Please help.")
        until(lambda: letters(desk, person) == 1)
        until(lambda: not desk.status().unsent)
        with safeconduct("backup", str(folder / "server"), str(folder / "copy.db")) as copy:
            assert copy.wait() == 0, copy.said
        desk.answer(conversation_of(person.voice), "We are coming.")
        until(lambda: person.replies(found[1]) == ["We are coming."])
        until(lambda: not desk.status().unsent)
        size = desk.journal.log.size()
        until(lambda: desk.journal.seen.size == size)
        desk.stop()
    for path in (folder / "server").glob("relay.db*"):
        if not path.name.endswith("key"):
            path.unlink()
    (folder / "copy.db").rename(folder / "server" / "relay.db")
    return person


def test_server_that_came_back_from_a_backup_gets_everything_again(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    person = backed_up_and_written_on(tmp_path, address)
    with serve(tmp_path / "server", address) as server:
        url = server.until(r"(http://\S+)")[1]
        assert person.replies(url) == []
        desk = desk_of(tmp_path, "first")
        until(lambda: "relay_rolled_back" in {one.code for one in desk.status().troubles})
        desk.stop()
        code, said = move(tmp_path / "first", "restored", typed=(PASSPHRASE, "yes"))
        assert code == 0, said
        assert person.replies(url) == ["We are coming."]
        text = TEXT.search(said)
        assert text is not None, said
        typed = (*text[1].split(), "", "yes")
        code, said = move(tmp_path / "second", "follow", typed=(PASSPHRASE, *typed))
        assert (code, "came back from a backup" in said) == (0, True), said
        desk = desk_of(tmp_path, "second")
        person.write(url, "Thank you.")
        until(lambda: letters(desk, person) == 2)
        assert not desk.status().troubles
        desk.stop()


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Path, str, str]]:
    """An office at its server, and an empty one: where, and the new one's address and code."""
    with serve(tmp_path / "old") as old, serve(tmp_path / "new") as new:
        found, here = old.until(FOUNDING), new.until(FOUNDING)
        office(tmp_path, found[1], found[2])
        yield tmp_path, here[1], here[2]


def test_what_does_not_fit_is_said_in_words(both: tuple[Path, str, str]) -> None:
    folder, url, code = both
    first, second, options = folder / "first", folder / "second", ("--relay", url)
    for home, act, more, typed, words in (
        (second, "found", options, (code,), "Only a steward"),
        (first, "found", options, ("wrong",), "The founding code"),
        (second, "follow", (), ("AAAAA-BBBBB", ""), "Copy it again"),
        (first, "show", (), (), "nothing to tell"),
        (first, "restored", (), ("yes",), "shows everything"),
    ):
        ended, said = move(home, act, *more, typed=(PASSPHRASE, *typed))
        assert (ended, words in said, "Traceback" in said) == (1, True, False), said


def test_notice_to_people_is_held_to_the_office(both: tuple[Path, str, str]) -> None:
    page, second = "https://anew.example", both[0] / "second"
    options = ("--page-url", page)
    _, said = move(both[0] / "first", "notice", *options, typed=(PASSPHRASE,))
    text = TEXT.search(said)
    assert text is not None, said
    ended, said = move(second, "check", typed=(PASSPHRASE, *text[1].split(), ""))
    assert (ended, page in said) == (0, True), said
    spoilt = ("AAAAA-" + text[1][6:]).split()
    ended, said = move(second, "check", typed=(PASSPHRASE, *spoilt, ""))
    assert (ended, "Copy it again" in said) == (1, True), said
    ended, said = move(second, "notice", *options, typed=(PASSPHRASE,))
    assert (ended, "does not hold the key for that" in said) == (1, True), said
