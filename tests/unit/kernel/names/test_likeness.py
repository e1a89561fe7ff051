# SPDX-License-Identifier: AGPL-3.0-or-later
"""How alike names are, and why: docs/spec/names.md 11."""

from itertools import combinations

import pytest

from safeconduct.kernel.names import Band, Reason, likeness
from tests.kit.spellings import ONE_NAME, OTHER_NAMES


@pytest.mark.parametrize(
    ("one", "other", "band", "reasons"),
    [
        ("Магомед Алиев", "АЛИЕВ магомед", Band.SAME, {Reason.LETTERS}),
        ("Магомед", "Mukhammad", Band.LIKELY, {Reason.VARIANT}),
        ("Саша Иванова", "Ivanova Aleksandra", Band.LIKELY, {Reason.SHORT, Reason.SCRIPT}),
        (
            "Хадижат Магомедовна Алиева",
            "Aliyeva Khadija",
            Band.LIKELY,
            {Reason.SCRIPT, Reason.VARIANT, Reason.PART},
        ),
        ("Иванов", "Ивановой", Band.LIKELY, {Reason.SPELLING}),
        ("Магомед", "Магомед Алиев", Band.POSSIBLE, {Reason.LETTERS, Reason.PART}),
        ("А. Иванов", "Ivanov Aleksandr", Band.POSSIBLE, {Reason.SCRIPT, Reason.INITIAL}),
        ("А. Иванов", "Ivanov Timur", Band.FAMILY, {Reason.SCRIPT}),
        ("Мурадов", "Муратов", Band.POSSIBLE, {Reason.NEAR}),
        ("Гайребков", "Гайрбеков", Band.POSSIBLE, {Reason.NEAR}),
        ("سليمانوف", "Сулейманов", Band.POSSIBLE, {Reason.CONSONANTS}),
        ("محمد سليمانوف", "Magomed Suleymanov", Band.POSSIBLE, {Reason.VARIANT, Reason.CONSONANTS}),
        ("Иванов Пётр", "Иванова Анна", Band.FAMILY, {Reason.SPELLING, Reason.GIVEN_DIFFERS}),
        (
            "Хадижат Магомедовна Алиева",
            "Хадижат Ахмедовна Алиева",
            Band.FAMILY,
            {Reason.LETTERS, Reason.PATRONYMIC_DIFFERS},
        ),
        ("Анна Иванова", "Анна Петрова", Band.OTHER, {Reason.LETTERS, Reason.SURNAME_DIFFERS}),
        ("Марина", "Мария", Band.OTHER, {Reason.GIVEN_DIFFERS}),
        ("Ахмедов", "Ахматов", Band.OTHER, {Reason.SURNAME_DIFFERS}),
        ("", "Анна", Band.OTHER, set()),
    ],
)
def test_names_are_alike_for_reasons(
    one: str, other: str, band: Band, reasons: set[Reason]
) -> None:
    found = likeness(one, other)
    assert (found.band, set(found.reasons)) == (band, reasons)
    assert list(found.reasons) == sorted(found.reasons, key=list(Reason).index)


def test_spellings_of_one_name_are_likely_and_other_names_are_not() -> None:
    pairs = [pair for row in ONE_NAME for pair in combinations(row, 2)]
    likely = [pair for pair in pairs if likeness(*pair).band >= Band.LIKELY]
    assert len(likely) / len(pairs) >= 0.99
    assert not [pair for pair in OTHER_NAMES if likeness(*pair).band >= Band.LIKELY]
    possible = [pair for pair in OTHER_NAMES if likeness(*pair).band is Band.POSSIBLE]
    assert len(possible) / len(OTHER_NAMES) <= 0.1
