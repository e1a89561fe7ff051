# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters of support: what may stand in one, what was chosen, which were made, and the page."""

from __future__ import annotations

from html.parser import HTMLParser
from types import SimpleNamespace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.words import DeviceId, FactId, Instant
from safeconduct.rooms.cases import Part, Told
from safeconduct.rooms.cases.letter_facts import LetterMade
from safeconduct.rooms.cases.letter_write import LetterWords, write_letter
from safeconduct.rooms.cases.letters import (
    LINES_MOST,
    LetterChanged,
    LetterDraft,
    NothingInLetter,
    TypedLetter,
    WrongLetter,
    draft_letter,
    made_of,
)
from safeconduct.rooms.cases.letters_made import fold_letters
from safeconduct.rooms.cases.own_file_lines import Line
from tests.kit.abroad_told import CASE, OF_PART, PERSON, VAULTS, told

HOSTILE = '<script>alert(1)</script>"&\u202e'
MADE = LetterMade(CASE, PERSON, b"i" * 16, "The consulate", "en", b"d" * 32, 0)


def line(text: str, n: int = 1, part: Part = Part.IDENTITY) -> Line:
    """A line of a person's record."""
    fact = FactId(bytes([n]) * 36)
    return Line(fact, part, "person", "name", text, Instant(n), DeviceId(b"a" * 16), hers=True)


def typed(**said: object) -> TypedLetter:
    """What stands in the form."""
    ordinary = {"language": "en", "opening": "", "closing": "", "signed": "", "lines": frozenset()}
    return TypedLetter(**(ordinary | said))  # type: ignore[arg-type]


def draft(*lines: Line, **said: object) -> LetterDraft:
    """The letter of somebody who ticked all of these."""
    keys = frozenset(one.key for one in lines)
    return draft_letter(lines, "The consulate", typed(**({"lines": keys} | said)), {"en", "ru"})


def test_a_letter_holds_what_was_ticked_and_nothing_else() -> None:
    lines = line("Aru", 1), line("Vess", 2)
    keys = frozenset({lines[1].key})
    found = draft_letter(lines, "The consulate", typed(lines=keys), {"en"})
    assert [one.text for one in found.lines] == ["Vess"]
    page = write_letter(found, says("x")).decode()
    assert "Aru" not in page


def test_a_line_that_went_stops_the_letter_and_so_does_an_empty_one() -> None:
    with pytest.raises(LetterChanged):
        draft_letter([], "The consulate", typed(lines=frozenset({b"k" * 16})), {"en"})
    with pytest.raises(NothingInLetter):
        draft(opening="  ", signed="Ada")
    assert draft(opening=" A word. ").opening == "A word."


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "xx"},
        {"opening": "x" * 4_001},
        {"closing": "x" * 4_001},
        {"signed": "x" * 201},
        {"lines": frozenset(bytes([n]) * 16 for n in range(LINES_MOST + 1))},
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_made(wrong: dict[str, object]) -> None:
    with pytest.raises(WrongLetter) as refused:
        draft(line("Aru"), **wrong)
    assert refused.value.names == tuple(wrong)


class Tags(HTMLParser):
    """The tags of a page."""

    def __init__(self) -> None:
        """Have found none."""
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep one."""
        assert not [name for name, _ in attrs if name in {"src", "href"} or name.startswith("on")]
        self.found.append(tag)


@given(some.text(max_size=60), some.text(max_size=60))
def test_no_words_of_anybody_become_part_of_the_page(one: str, other: str) -> None:
    written = [
        write_letter(LetterDraft(who, "en", text, (line(text),), text, text), says(text))
        for who, text in (("x", "y"), (HOSTILE + one, HOSTILE + other))
    ]
    plain, hostile = (Tags(), Tags())
    plain.feed(written[0].decode())
    hostile.feed(written[1].decode())
    assert hostile.found == plain.found
    assert "script" not in hostile.found
    assert "\u202e" not in written[1].decode()


def says(text: str) -> LetterWords:
    """Words of a letter that say what somebody typed."""
    return LetterWords("Letter", "To:", "today", "We know:", lambda _: text, lambda _: text)


def test_letters_stand_in_the_part_contact_of_their_case_and_nowhere_else() -> None:
    def fact(n: int, event: LetterMade, part: Part = Part.CONTACT) -> Told:
        return told(n, "task", bytes(16))._replace(vault=OF_PART[part], event=event)

    other = msgspec.structs.replace(MADE, case=b"x" * 16)
    untidy = msgspec.structs.replace(MADE, recipient="two  spaces")
    facts = [
        fact(1, MADE),
        fact(2, MADE, Part.HEALTH),
        fact(3, other),
        fact(4, untidy),
        fact(5, MADE),
    ]
    found = fold_letters(CASE, VAULTS, reversed(facts))
    assert [one.fact for one in found] == [facts[0].fact, facts[4].fact]
    without = {vault: part for vault, part in VAULTS.items() if part is not Part.CONTACT}
    assert fold_letters(CASE, without, facts) == ()


def test_a_letter_that_is_told_of_does_not_say_which_lines_stand_in_it() -> None:
    asking = SimpleNamespace(person=PERSON)
    consent = SimpleNamespace(asking=asking, id=b"i" * 16)
    drafts = draft(line("Aru")), draft(line("ill", 2, Part.HEALTH), line("Vess", 3))
    told_of = {made_of(CASE, consent, one, b"d" * 32, sealed=True) for one in drafts}  # type: ignore[arg-type]
    assert told_of == {msgspec.structs.replace(MADE, sealed=1)}
