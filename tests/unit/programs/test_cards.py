# SPDX-License-Identifier: AGPL-3.0-or-later
"""A recovery card says what a finder needs and names nobody; its words read back."""

import re
from datetime import date

import pytest

from safeconduct.programs.cards import Pack, card_text
from safeconduct.rooms.crew.recovery import key_check, read_check
from safeconduct.rooms.crew.shares import Scheme, combine, read_share

SECRET = bytes(range(32))
DAY = date(2026, 11, 28)
PACKS = [
    Pack.of(SECRET, scheme, DAY, language)
    for scheme in (Scheme(1, 1), Scheme(2, 3), Scheme(9, 16))
    for language in ("en", "ru")
]
WORD = re.compile(r"(?<=  )(\d+) ([a-zа-я]{4,8})(?= |$)", re.MULTILINE)
# What would tell a hunter whose card it is, in either language.
TELLING = (
    *("safeconduct", "recover", "office", "rescue", "hotline", "server", "steward", "crew", "http"),
    *("восстанов", "офис", "спас", "лини", "сервер", "ответствен", "горяч"),
)


@pytest.mark.parametrize("pack", PACKS)
def test_a_found_card_names_nobody(pack: Pack) -> None:
    for share in pack.shares:
        words = (*share.words(pack.language), *pack.check)
        told = card_text(pack, share).casefold()
        for word in words:
            told = told.replace(word, "")
        assert not [name for name in TELLING if name in told]


@pytest.mark.parametrize("pack", PACKS)
def test_the_words_on_the_cards_make_the_secret(pack: Pack) -> None:
    texts = [card_text(pack, share) for share in pack.shares]
    found = [WORD.findall(text) for text in texts]
    assert all([int(number) for number, _ in words] == [*range(1, 34)] for words in found)
    shares = [read_share(" ".join(word for _, word in words)) for words in found]
    assert combine(shares) == SECRET
    checks = {text.splitlines()[-2].partition(": ")[2] for text in texts}
    assert [read_check(check) for check in checks] == [key_check(SECRET)[:5]]


@pytest.mark.parametrize("pack", PACKS)
def test_a_card_fits_on_paper_and_says_what_it_is_in_two_lines(pack: Pack) -> None:
    for number, share in enumerate(pack.shares, start=1):
        line, first, second, which, blank, *_ = card_text(pack, share).splitlines()
        assert max(map(len, card_text(pack, share).splitlines())) <= len(line) + 8
        assert not blank
        assert first.strip()
        assert second.strip()
        scheme = pack.scheme
        assert re.findall(r"\d+", which) == [
            *map(str, (number, scheme.cards, scheme.needed)),
            *DAY.isoformat().split("-"),
        ]


def test_a_pack_does_not_show_its_secret_words() -> None:
    shown = repr(PACKS[0])
    assert not [word for word in PACKS[0].shares[0].words("en") if f"'{word}'" in shown]
