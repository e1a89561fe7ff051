# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may be the person of another case: in every script, with years that weigh, by keys alone."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.words import CaseId, CommitId, DeviceId, VaultId, fact_id
from safeconduct.rooms.cases import Part, SheetId, SheetWritten, Told, fold_record
from safeconduct.rooms.cases.alike import AlikeNames, Named, Where, alike, named_in

CASES = [CaseId(bytes([at]) * 16) for at in range(4)]
VAULT = VaultId(b"i" * 16)


def named(at: int, *names: str, born: int | None = None, sheet: int = 1) -> Named:
    """Somebody in one of the cases."""
    where = Where(CASES[at], SheetId(bytes([sheet]) * 16))
    return Named(where, "person", "lantern", names, frozenset({born} if born else ()))


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (named(0, "Магомед Хаджиев"), named(1, "Mukhammad Hadschijew"), True),
        (named(0, "Магомед Хаджиев"), named(1, "Хаджиев Магомед"), True),
        (named(0, "Мага", "Магомед Хаджиев"), named(1, "Daru", "Magomed Khadzhiev"), True),
        (named(0, "Магомед Хаджиев"), named(1, "Магомед Ахматов"), False),
        (named(0, "Магомед Хаджиев"), named(1, "Хаджиев"), False),
        (named(0, "Магомед"), named(1, "Магомед"), False),
        (named(0, "Магомед", born=1994), named(1, "Mukhammad", born=1994), True),
        (named(0, "Магомед", born=1994), named(1, "Mukhammad", born=1996), False),
        (named(0, "Магомед Хаджиев", born=1994), named(1, "Magomed Hadjiev", born=1995), True),
        (named(0, "Магомед Хаджиев", born=1994), named(1, "Magomed Hadjiev", born=1971), False),
        (named(0, "Магомед Хаджиев", born=1994), named(1, "Хаджиев Магомед", born=1971), True),
    ],
)
def test_who_is_worth_a_look(one: Named, other: Named, found: bool) -> None:
    assert (alike(one, other) is not None) is found
    index = AlikeNames()
    index.put(one.at.case, [one])
    index.put(other.at.case, [other])
    assert [(pair.one, pair.other) for pair in index.pairs()] == ([(one, other)] if found else [])


def test_within_one_case_nobody_is_compared() -> None:
    index = AlikeNames()
    index.put(CASES[0], [named(0, "Aru Kett"), named(0, "Aru Kett", sheet=2)])
    assert index.pairs() == []


def test_what_a_case_said_before_is_forgotten() -> None:
    index = AlikeNames()
    index.put(CASES[0], [named(0, "Aru Kett")])
    index.put(CASES[1], [named(1, "Aru Kett")])
    assert len(index.of_case(CASES[0])) == len(index.of_case(CASES[1])) == 1
    index.put(CASES[1], [named(1, "Daru Moll")])
    assert index.pairs() == index.of_case(CASES[0]) == []
    index.put(CASES[1], [named(1, "Kett Aru")])
    index.put(CASES[0], ())
    assert index.pairs() == index.of_case(CASES[0]) == index.of_case(CASES[1]) == []
    assert index.of_case(CASES[2]) == []


WHO = some.builds(
    lambda names, born, sheet: (names, born, sheet),
    some.lists(
        some.sampled_from(("Aru", "Aru Kett", "Kett Aru", "Ару Кетт", "Daru Moll")), min_size=1
    ),
    some.sampled_from((None, 1994, 1971)),
    some.integers(1, 3),
)


@given(some.lists(some.lists(WHO, max_size=3), min_size=3, max_size=3), some.permutations(range(3)))
def test_the_index_finds_what_comparing_all_would_in_any_order(
    cases: list[list[tuple[list[str], int | None, int]]], order: list[int]
) -> None:
    who = [
        list(
            {
                sheet: named(at, *names, born=born, sheet=sheet) for names, born, sheet in one
            }.values()
        )
        for at, one in enumerate(cases)
    ]
    index = AlikeNames()
    for at in order:
        index.put(CASES[at], who[(at + 1) % 3] and [named(at, "Aru Kett", sheet=9)])
        index.put(CASES[at], who[at])
    every = sorted((one for some in who for one in some), key=lambda one: one.at)
    pairs = itertools.combinations(every, 2)
    found = [alike(one, two) for one, two in pairs if one.at.case != two.at.case]
    assert index.pairs() == [one for one in found if one]


def test_names_are_those_that_stand_in_the_identity_part() -> None:
    commit = CommitId(bytes(32))

    def told(n: int, sheet: bytes, kind: str, *values: tuple[str, str]) -> Told:
        event = SheetWritten(CASES[0], sheet, kind, values, ())
        return Told(fact_id(commit, n), commit, VAULT, DeviceId(b"a" * 16), n << 16, event)

    facts = (
        told(1, b"1" * 16, "person", ("name", "Aru"), ("other_names", "Aruna;  A. Kett,\nАру")),
        told(2, b"1" * 16, "person", ("name", "Daru"), ("born", "1994-04")),
        told(3, b"2" * 16, "person", ("from", "the north")),
        told(4, b"3" * 16, "pursuer", ("name", "The uncle"), ("taken_off", "Dead.")),
    )
    (found,) = named_in(fold_record(CASES[0], {VAULT: Part.IDENTITY}, facts, "en"))
    assert found.names == ("Aru", "Daru", "Aruna", "A. Kett", "Ару")
    assert found.born == {1994}
    assert named_in(fold_record(CASES[0], {VAULT: Part.JOURNEY}, facts, "en")) == ()
