# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every laptop and the server are gone: real processes restore the office on a bare machine."""

from __future__ import annotations

import re
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from safeconduct.edges.desk.backup_file import check_whole
from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.founding import Relay, found_office
from safeconduct.edges.desk.inviting import Inviter
from safeconduct.edges.desk.joining import Joiner, Way
from safeconduct.edges.desk.meeting import HttpMeeting
from safeconduct.edges.desk.office import Desk
from safeconduct.rooms.crew import Role, Standing
from safeconduct.rooms.crew.shares import Scheme, split
from safeconduct.rooms.hotline.letters import conversation_of
from tests.e2e.test_server_gone import TEXT, Somebody, letters, move, notes, until
from tests.kit.offices import COLLEAGUE, NAMES, PASSPHRASE, meet, quick_world, wait
from tests.kit.programs import FOUNDING, Program, safeconduct, serve

RECORDS = 400
BEFORE, AFTER = "Written before the backup.", "Written after the backup, by a colleague."
NEW = "seven quiet herons again"


@dataclass
class Lost:
    """An office of which a backup is left, its cards, one colleague's desk, and who wrote."""

    folder: Path
    stick: Path
    cards: list[str]
    person: Somebody

    @property
    def backup(self) -> Path:
        """The one backup."""
        (found,) = self.stick.iterdir()
        return found


def found_two(folder: Path, url: str, code: str) -> bytes:
    """Found an office of two desks at a server; return the recovery secret."""
    world = quick_world()
    founded = found_office(folder / "first", PASSPHRASE, NAMES, Relay.over_http(url, code), world)
    desk = Desk.open(folder / "first", PASSPHRASE)
    try:
        line = Line(url, desk.journal.office)
        courier = HttpCourier(line, desk.journal.place.capability)
        inviter = Inviter(desk.journal, courier, HttpMeeting(line))
        joiner = Joiner(inviter.invite(), COLLEAGUE[1], Way.over_http(), world)
        meet(inviter, joiner)
        inviter.admit(COLLEAGUE[0], frozenset({Role.OPERATOR}))
        wait(lambda: joiner.finish(folder / "second", PASSPHRASE))
    finally:
        desk.stop()
    return founded.recovery_secret


def opened(home: Path, passphrase: str = PASSPHRASE) -> Desk:
    """Open a desk at its server."""
    desk = Desk.open(home, passphrase)
    desk.start()
    return desk


def write(home: Path, person: Somebody, *texts: str) -> None:
    """Write notes at a desk, and let the server have them."""
    desk = opened(home)
    try:
        wait(lambda: letters(desk, person) > 0)
        for text in texts:
            desk.note(conversation_of(person.voice), text)
        wait(lambda: desk.status().online and not desk.status().unsent)
        wait(lambda: desk.journal.log.watch("log").confirmed.size >= len(texts))
    finally:
        desk.stop()


def make(home: Path, stick: Path) -> Program:
    """Begin to make a backup."""
    program = safeconduct("office-backup", "make", str(stick), "--home", str(home))
    program.answer(PASSPHRASE)
    return program


def restore(lost: Lost, url: str) -> Program:
    """Begin to restore on a bare machine, up to the cards."""
    home, backup = str(lost.folder / "bare"), str(lost.backup)
    program = safeconduct("office-backup", "restore", backup, "--home", home, "--relay", url)
    if (lost.folder / "bare").exists():
        program.answer(NEW)
    program.answer(*lost.cards[:2])
    return program


def say_who(program: Program) -> None:
    """Name the new desk, and say that Sana's laptop was taken."""
    program.answer("Cato", "Cato's laptop", NEW, NEW)
    program.answer(program.until(r"(\d)\. Sana: Sana's laptop")[1], "", "yes")


def backed_up(folder: Path, server: Program, *texts: str) -> Lost:
    """Found an office, make a backup, let a colleague write on, and lose the founder's desk."""
    stick, here = folder / "stick", server.until(FOUNDING)
    stick.mkdir()
    secret = found_two(folder, here[1], here[2])
    desk = Desk.open(folder / "first", PASSPHRASE)
    person = Somebody(desk)
    desk.stop()
    person.write(here[1], "Please help.")
    write(folder / "first", person, BEFORE, *texts)
    with make(folder / "first", stick) as program:
        assert program.wait() == 0, program.said
    write(folder / "second", person, AFTER)
    shutil.rmtree(folder / "first")
    cards = [" ".join(share.words("en")) for share in split(secret, Scheme(2, 3))]
    return Lost(folder, stick, cards, person)


@pytest.fixture
def lost(tmp_path: Path) -> Lost:
    """The founder's desk and the server are taken; a colleague wrote after the backup."""
    with serve(tmp_path / "old") as server:
        found = backed_up(tmp_path, server, *(f"note {number}" for number in range(RECORDS)))
        server.stop(signal.SIGKILL)
    shutil.rmtree(tmp_path / "old")
    return found


def verified(home: Path, passphrase: str) -> bool:
    """Whether `safeconduct verify` finds a desk sound."""
    with safeconduct("verify", "--home", str(home)) as check:
        check.answer(passphrase)
        return check.wait() == 0


def test_office_goes_on_from_a_file_and_cards_on_a_bare_machine(lost: Lost) -> None:
    with serve(lost.folder / "new") as new:
        here = new.until(FOUNDING)
        with restore(lost, here[1]) as program:
            say_who(program)
            program.answer(here[2])
            assert program.wait() == 0, program.said
            text = TEXT.search(program.said)
        assert text is not None
        typed = (PASSPHRASE, *text[1].split(), "", "yes")
        code, said = move(lost.folder / "second", "follow", typed=typed)
        assert code == 0, said
        lost.person.write(here[1], "Still there?")
        desks = [opened(lost.folder / "bare", NEW), opened(lost.folder / "second")]
        until(lambda: all(letters(desk, lost.person) == 2 for desk in desks))
        until(lambda: {BEFORE, AFTER} <= set(notes(desks[0], lost.person)))
        desks[1].note(conversation_of(lost.person.voice), "I go on.")
        until(lambda: "I go on." in notes(desks[0], lost.person))
        roster = desks[1].roster()
        assert Role.STEWARD in roster.roles(desks[0].device)
        assert [roster.standing(one) for one in roster.stewards].count(Standing.EXPELLED) == 1
        for desk in desks:
            desk.stop()
    assert verified(lost.folder / "bare", NEW)
    assert verified(lost.folder / "second", PASSPHRASE)


def test_restoring_that_was_killed_is_typed_again(lost: Lost) -> None:
    with serve(lost.folder / "new") as new:
        here = new.until(FOUNDING)
        for seen, named in (
            ("Reading the backup", False),
            ("is a desk of the office now", False),
            (r"\d+ of \d+ records", True),
            ("The office stands again", True),
        ):
            with restore(lost, here[1]) as program:
                if not named:
                    say_or_stop(program, seen)
                    continue
                program.answer(here[2])
                program.until(seen)
                if "stands" not in seen:
                    program.stop(signal.SIGKILL)
                    continue
                assert program.wait() == 0, program.said
        desk = opened(lost.folder / "bare", NEW)
        until(lambda: BEFORE in notes(desk, lost.person))
        desk.stop()
    assert verified(lost.folder / "bare", NEW)
    assert not list(lost.folder.glob("*.unfinished"))


def say_or_stop(program: Program, seen: str) -> None:
    """Answer up to what is waited for, and kill it there."""
    program.answer("Cato", "Cato's laptop", NEW, NEW)
    if "Reading" in seen:
        program.until(seen)
        time.sleep(0.2)
    else:
        program.answer(program.until(r"(\d)\. Sana: Sana's laptop")[1], "", "yes")
        program.until(seen)
    program.stop(signal.SIGKILL)


@pytest.mark.parametrize("seconds", [0.0, 0.3, 1.0])
def test_making_that_was_killed_leaves_older_backups_whole(tmp_path: Path, seconds: float) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with serve(tmp_path / "server") as server:
        here = server.until(FOUNDING)
        found_two(tmp_path, here[1], here[2])
        with make(tmp_path / "first", stick) as program:
            assert program.wait() == 0, program.said
        (old,) = stick.iterdir()
        before = old.read_bytes()
        with make(tmp_path / "first", stick) as program:
            time.sleep(seconds)
            program.stop(signal.SIGKILL)
        assert old.read_bytes() == before
        with make(tmp_path / "first", stick) as program:
            assert program.wait() == 0, program.said
        assert not list(stick.glob("*.unfinished"))
        for path in stick.iterdir():
            check_whole(path)


def test_file_is_checked_by_who_holds_nothing_and_by_a_desk(lost: Lost) -> None:
    nowhere, second = str(lost.folder / "nowhere"), str(lost.folder / "second")
    with safeconduct("office-backup", "check", str(lost.backup), "--home", nowhere) as program:
        assert program.wait() == 0, program.said
        assert "The file is whole" in program.said
    with safeconduct("office-backup", "check", str(lost.backup), "--home", second) as program:
        program.answer(PASSPHRASE)
        assert program.wait() == 0, program.said
        assert re.search(r"Sana made it, on \d{4}-\d\d-\d\d", program.said)
    with safeconduct("office-backup", "open", str(lost.backup), "--home", nowhere) as program:
        program.answer(*lost.cards[:2])
        assert program.wait() == 0, program.said
        assert "These cards open this backup, all of it." in program.said
    spoilt = bytearray(lost.backup.read_bytes())
    spoilt[1_000_000] ^= 1
    lost.backup.write_bytes(spoilt)
    with safeconduct("office-backup", "check", str(lost.backup), "--home", nowhere) as program:
        assert program.wait() == 1
        assert "This file is not whole" in program.said


def test_desks_alone_are_lost_and_their_server_lets_the_cards_in(tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    with serve(tmp_path / "server") as server:
        lost = backed_up(tmp_path, server)
        shutil.rmtree(tmp_path / "second")
        backup = str(lost.backup)
        with safeconduct("office-backup", "restore", backup, "--home", str(bare)) as program:
            program.answer(*lost.cards[1:], "Cato", "Cato's laptop", NEW, NEW, "yes")
            program.until(r"1\. Sana: Sana's laptop\n  2\. Timur: Timur's laptop")
            program.answer("1 2")
            assert program.wait() == 0, program.said
        desk = opened(bare, NEW)
        until(lambda: {BEFORE, AFTER} <= set(notes(desk, lost.person)))
        assert desk.roster().present() == {desk.device}
        desk.stop()
    assert verified(bare, NEW)
