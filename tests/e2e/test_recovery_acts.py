# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recovery cards used and made anew, as people do it: typed, shown, typed back, cut off."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.engine import drawing
from safeconduct.edges.desk.founding import Relay, found_office
from safeconduct.edges.desk.inviting import Inviter
from safeconduct.edges.desk.joining import Joiner, Way
from safeconduct.edges.desk.meeting import HttpMeeting
from safeconduct.edges.desk.office import Desk
from safeconduct.rooms.crew import Role, Standing
from safeconduct.rooms.crew.shares import Scheme, split
from tests.e2e.test_recovery import CARD, WORD, contents, rehearse
from tests.kit.offices import COLLEAGUE, NAMES, PASSPHRASE, quick_world, wait
from tests.kit.programs import FOUNDING, Program, safeconduct, serve

DONE = "the new cards count"


@dataclass
class Office:
    """A running office of a founder and a colleague, and the words of its cards, two of three."""

    founder: Path
    colleague: Path
    cards: list[str]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Two desks, and the server that they are on."""
    homes = tmp_path / "founder", tmp_path / "colleague"
    with serve(tmp_path / "server") as server:
        found = server.until(FOUNDING)
        relay = Relay.over_http(found[1], found[2])
        founded = found_office(homes[0], PASSPHRASE, NAMES, relay, quick_world())
        desk = Desk.open(homes[0], PASSPHRASE)
        try:
            line = Line(relay.url, desk.journal.office)
            courier = HttpCourier(line, desk.journal.place.capability)
            inviter = Inviter(desk.journal, courier, HttpMeeting(line))
            joiner = Joiner(inviter.invite(), COLLEAGUE[1], Way.over_http(), quick_world())
            joiner.promise()
            inviter.look()
            assert joiner.look() == inviter.look()
            inviter.admit(COLLEAGUE[0], frozenset({Role.OPERATOR}))
            wait(lambda: joiner.finish(homes[1], PASSPHRASE))
        finally:
            desk.stop()
        shares = split(founded.recovery_secret, Scheme(2, 3))
        yield Office(*homes, [" ".join(share.words("en")) for share in shares])


def write_down(program: Program, cards: int) -> list[str]:
    """Read so many new cards off the screen, and say that they are written down."""
    for number in range(1, cards + 1):
        program.until("(?s)" + "Is it written down.*" * number)
        program.answer("yes")
    program.until("Now type the new cards back")
    return [" ".join(word for _, word in WORD.findall(card)) for card in CARD.findall(program.said)]


def begin_split(office: Office, *options: str) -> Program:
    """Type the old cards on the founder's desk."""
    home = ("--home", str(office.founder))
    program = safeconduct("recovery", "split", *home, *options)
    program.answer(PASSPHRASE, *office.cards[:2])
    return program


def proves(home: Path, *cards: str) -> bool:
    """Whether a rehearsal on a desk says that cards open the office."""
    code, said = rehearse(home, PASSPHRASE, *cards, "")
    assert ("they make the secret of this office" in said) == (code == 0), said
    return code == 0


def test_new_cards_follow_once_they_are_typed_back(office: Office) -> None:
    with begin_split(office, "--shares", "2-of-4") as program:
        fresh = write_down(program, 4)
        assert len(fresh) == 4
        program.answer(*office.cards[:2], *fresh[2:])
        assert program.wait() == 0, program.said
        assert "These are not the new cards." in program.said
        assert DONE in program.said
    assert proves(office.founder, *fresh[:2])
    assert not proves(office.founder, *office.cards[:2])
    with safeconduct("recovery", "split", "--home", str(office.founder)) as program:
        program.answer(PASSPHRASE, *office.cards[:2])
        assert program.wait() == 3, program.said
        assert "do not open this office" in program.said
    with safeconduct("recovery", "split", "--home", str(office.founder)) as program:
        program.answer(PASSPHRASE, *fresh[1:3])
        assert len(write_down(program, 4)) == 4


def test_wrong_cards_and_second_thoughts_change_nothing(office: Office) -> None:
    before = contents(office.founder)
    home = ("--home", str(office.founder), "--shares", "2-of-3")
    theirs = [" ".join(share.words("en")) for share in split(bytes(32), Scheme(2, 2))]
    for typed, told in (
        ((office.cards[0], ""), "1 of 2.  Still needed: 1."),
        ((office.cards[0], theirs[0], ""), "were not made together"),
        (theirs, "do not open this office"),
        (("abacus", "", ""), "No card was read"),
    ):
        with safeconduct("recovery", "split", *home) as program:
            program.answer(PASSPHRASE, *typed)
            assert program.wait() == 3, program.said
            assert told in program.said
    with begin_split(office, "--shares", "2-of-3") as program:
        fresh = write_down(program, 3)
        program.answer("")
        assert program.wait() == 3, program.said
        assert "The old cards still count." in program.said
    assert proves(office.founder, *office.cards[:2])
    assert not proves(office.founder, *fresh[:2])
    assert contents(office.founder).keys() == before.keys()


def test_who_says_no_number_of_cards_is_asked_for_one(office: Office) -> None:
    with begin_split(office) as program:
        assert program.wait() == 1
        assert "--shares 2-of-3" in program.said


def test_only_a_steward_makes_new_cards(office: Office) -> None:
    home = ("--home", str(office.colleague), "--shares", "2-of-3")
    with safeconduct("recovery", "split", *home) as program:
        program.answer(PASSPHRASE)
        assert program.wait() == 1
        assert "Only a steward's device can do this." in program.said


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.4])
def test_whoever_is_cut_off_has_either_the_old_cards_or_the_new(
    office: Office, seconds: float
) -> None:
    with begin_split(office, "--shares", "2-of-3") as program:
        fresh = write_down(program, 3)
        program.answer(*fresh[:2])
        program.until("Card 2 reads as a whole")
        time.sleep(seconds)
        program.stop(signal.SIGKILL)
    old, new = proves(office.founder, *office.cards[:2]), proves(office.founder, *fresh[:2])
    assert old != new


def test_the_founder_is_arrested_on_the_second_day(office: Office) -> None:
    options = ("--home", str(office.colleague), "--shares", "1-of-1")
    with safeconduct("recovery", "use", *options) as program:
        program.answer(PASSPHRASE, *office.cards[1:])
        listed = program.until(r"(\d)\. Sana: Sana's laptop")
        program.answer("7", listed[1], "yes")
        (fresh,) = write_down(program, 1)
        assert "These are not numbers of the list." in program.said
        assert "It will be removed: Sana's laptop, of Sana." in program.said
        program.answer(fresh)
        assert program.wait() == 0, program.said
    assert proves(office.colleague, fresh)
    assert not proves(office.colleague, *office.cards[:2])
    desk = Desk.open(office.colleague, PASSPHRASE)
    try:
        roster = desk.roster()
        (founder,) = roster.members.keys() - {desk.device}
        assert roster.standing(founder) is Standing.EXPELLED
        assert Role.STEWARD in roster.roles(desk.device)
        assert [found.code for found in desk.status().troubles] == ["cards_used"]
    finally:
        desk.stop()
    with safeconduct("invite", "--home", str(office.colleague)) as program:
        program.answer(PASSPHRASE)
        program.until(re.compile(r"\n([A-Z2-7]{5}(?:-[A-Z2-7]{1,5})+)\n"))


def shut_everybody_out(office: Office) -> None:
    """Let the founder's desk suspend the other one, and do what follows."""
    desk = Desk.open(office.founder, PASSPHRASE)
    try:
        (colleague,) = desk.roster().members.keys() - {desk.device}
        before = desk.journal.place.capability
        desk.removals.suspend(colleague, "")
        desk.start()
        wait(lambda: desk.journal.place.capability != before)
        wait(lambda: not drawing.under_way(desk.journal))
    finally:
        desk.stop()


def test_the_founders_laptop_is_taken_and_shuts_everybody_out(office: Office) -> None:
    shut_everybody_out(office)
    options = ("--home", str(office.colleague), "--shares", "1-of-1")
    with safeconduct("recovery", "use", *options) as program:
        program.answer(PASSPHRASE, *office.cards[1:])
        program.answer(program.until(r"(\d)\. Sana: Sana's laptop")[1], "yes")
        (fresh,) = write_down(program, 1)
        assert "The cards open the way anew." in program.said
        program.answer(fresh)
        assert program.wait() == 0, program.said
    assert proves(office.colleague, fresh)
    desk = Desk.open(office.colleague, PASSPHRASE)
    try:
        assert desk.roster().present() == {desk.device}
        assert not desk.status().unsent
        assert not drawing.under_way(desk.journal)
    finally:
        desk.stop()


def test_no_at_the_end_of_a_use_writes_nothing(office: Office) -> None:
    options = ("--home", str(office.colleague), "--shares", "1-of-1")
    with safeconduct("recovery", "use", *options) as program:
        program.answer(PASSPHRASE, *office.cards[1:], "", "1", "no")
        assert program.wait() == 3, program.said
        assert "It becomes a steward's: Sana's laptop, of Sana." in program.said
        assert "Nothing was written." in program.said
    assert proves(office.colleague, *office.cards[:2])
