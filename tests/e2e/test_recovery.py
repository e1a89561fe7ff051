# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recovery cards as people meet them: shown at the founding, typed back with slips, proven."""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from safeconduct.rooms.crew.recovery import check_words
from safeconduct.rooms.crew.shares import Scheme, split
from tests.kit.programs import FOUNDING, Program, safeconduct, serve

PASSPHRASE = "six plain words for the rehearsal"
WORD = re.compile(r"(?<=  )(\d+) ([a-zа-я]{4,8})(?= |$)", re.MULTILINE)
CARD = re.compile(r"-{72}\n(.*?)\n-{72}", re.DOTALL)
IN_A_TERMINAL = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"


class Founded(NamedTuple):
    """A founded office: its folder, all that was said, and the words of each card."""

    home: Path
    said: str
    cards: list[str]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    """An office with Russian cards, two of three."""
    folder = tmp_path_factory.mktemp("recovery")
    home = folder / "desk"
    with serve(folder / "server") as server:
        found = server.until(FOUNDING)
        options = ("--relay", found[1], "--shares", "2-of-3", "--language", "ru")
        with safeconduct("init", "--home", str(home), *options) as program:
            names = ("Night line", "Sana", "Sana's laptop")
            program.answer(found[2], *names, PASSPHRASE, PASSPHRASE, "no", "yes", "yes", "yes")
            assert program.wait() == 0, program.said
            said = program.said
    cards = [" ".join(word for _, word in WORD.findall(card)) for card in CARD.findall(said)]
    return Founded(home, said, list(dict.fromkeys(cards)))


def rehearse(home: Path, *lines: str, tongue: str = "C.UTF-8") -> tuple[int, str]:
    """Type lines into a rehearsal; return its exit code and what it said."""
    with safeconduct("recovery", "rehearse", "--home", str(home), tongue=tongue) as program:
        program.answer(*lines)
        return program.wait(), program.said


def contents(home: Path) -> dict[str, str]:
    """The hash of every file of a desk."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in home.iterdir()}


def test_founding_shows_three_cards_that_name_nobody(office: Founded) -> None:
    cards = CARD.findall(office.said)
    assert len(cards) == 3
    assert len(office.cards) == 3
    assert all(len(card.split()) == 33 for card in office.cards)
    for name in ("Night line", "Sana", "http", "127.0.0.1", str(office.home), "afeconduct"):
        assert not [card for card in cards if name in card]


def test_any_two_cards_work_and_the_rehearsal_writes_nothing(office: Founded) -> None:
    before = contents(office.home)
    for one, other in ((0, 1), (1, 2), (2, 0)):
        typed = office.cards[one], office.cards[other], ""
        code, said = rehearse(office.home, PASSPHRASE, *typed)
        assert code == 0, said
        assert "they make the secret of this office" in said
    assert contents(office.home) == before


def test_every_slip_is_named_and_changes_nothing(office: Founded) -> None:
    before = contents(office.home)
    first, second, _ = (card.split() for card in office.cards)
    slip = [*first[:6], first[6] + "ъъ", *first[7:]]
    wrong = [*second[:20], "яшма" if second[20] != "яшма" else "яхта", *second[21:]]
    code, said = rehearse(
        office.home,
        PASSPHRASE,
        *(" ".join(slip), " ".join(first[:20]), " ".join(first[20:])),
        *(" ".join(first), " ".join(second[:32]), " ".join(second)),
        *(" ".join(wrong), "qqqq", second[20]),
        "",
    )
    assert "Card 1: word 7 is in neither list." in said
    assert "Card 2 is the same card as card 1, and counts once." in said
    assert "Card 2: a card has 33 words, and these were 65." in said
    assert "One word may explain it: word 21." in said
    assert "Card 2: word 21 is in neither list." in said
    assert code == 0
    assert contents(office.home) == before


def test_too_few_cards_say_how_many_are_lacking(office: Founded) -> None:
    code, said = rehearse(office.home, PASSPHRASE, office.cards[1].upper(), "")
    assert code == 3
    assert "1 of 2.  Still needed: 1." in said


def test_cards_of_another_office_are_told_from_ones_own(office: Founded) -> None:
    other = [" ".join(share.words("en")) for share in split(bytes(32), Scheme(2, 2))]
    code, said = rehearse(office.home, PASSPHRASE, office.cards[0], other[0], office.cards[1], "")
    assert code == 0
    assert "Card 2 and card 1 were not made together" in said
    code, said = rehearse(office.home, PASSPHRASE, *other, "", tongue="ru_RU.UTF-8")
    assert code == 3
    assert "этот офис не открывают" in said


def test_without_a_desk_the_words_on_a_card_are_what_it_is_held_to(tmp_path: Path) -> None:
    cards = [" ".join(share.words("ru")) for share in split(b"k" * 32, Scheme(2, 3))]
    check, other = (" ".join(check_words(secret, "ru")) for secret in (b"k" * 32, bytes(32)))
    code, said = rehearse(tmp_path / "none", "абажур", check, *cards, "")
    assert code == 0
    assert "These are not four words; read: 1." in said
    assert "the four words stand for" in said
    code, said = rehearse(tmp_path / "none", other, *cards, "")
    assert code == 3
    assert "do not open this office" in said
    assert not (tmp_path / "none").exists()


def test_what_is_typed_does_not_show_in_a_terminal(office: Founded) -> None:
    command = (sys.executable, "-m", "safeconduct", "recovery", "rehearse")
    in_terminal = (sys.executable, "-c", IN_A_TERMINAL, *command, "--home", str(office.home))
    with Program(*in_terminal) as program:
        program.until("Passphrase: ")
        program.answer(PASSPHRASE)
        for number, card in enumerate(office.cards[:2], start=1):
            program.until(f"Card {number}, from word 1: ")
            program.answer(card)
        program.until("Card 3, from word 1: ")
        program.answer("")
        assert program.wait() == 0, program.said
        said = program.said
    assert "they make the secret of this office" in said
    assert not [word for card in office.cards for word in card.split() if word in said]
    assert PASSPHRASE not in said


@pytest.mark.parametrize("shares", ["3-of-2", "1-of-3", "2-of-17", "two", "2-of-", "0-of-0"])
def test_cards_that_cannot_be_made_are_refused_before_anything_is_founded(
    shares: str, tmp_path: Path
) -> None:
    options = ("--relay", "http://127.0.0.1:9", "--shares", shares)
    with safeconduct("init", "--home", str(tmp_path / "desk"), *options) as program:
        assert program.wait() == 2
        assert "like 2-of-3" in program.said
    assert not (tmp_path / "desk").exists()
