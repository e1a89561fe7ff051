# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a word in Cyrillic letters sounds: Russian, Ukrainian, Belarusian, Kazakh, Tatar, Chechen.

A reading is written in one sign for each sound: `x` is ж, `q` ч, `w` ш and щ, `c` ц, `h` х, `j` й;
soft and hard signs and the palochka are silent (spec/names.md 2).
"""

from __future__ import annotations

from itertools import product
from typing import Final

READINGS_MOST: Final = 12
_ROWS: Final = (
    # Russian; ё is written е as often, and о after ж, ч, ш by some.
    "а:a б:b в:v г:g д:d е:e ё:e,jo ж:x з:z и:i й:j к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f",
    "х:h ц:c ч:q ш:w щ:w ъ: ы:i ь: э:e ю:ju я:ja",
    # Ukrainian and Belarusian; ў is also Uzbek, where it is a vowel.
    "і:i ї:ji є:je ґ:g ў:v,o,u ѓ:g ѝ:i",
    # Kazakh, Kyrgyz, Tatar, Bashkir, Tajik, Azeri.
    "ә:a,e ғ:g қ:k ң:n ө:o,u ұ:u ү:u һ:h җ:dx ҳ:h ҷ:dx ӣ:i ӯ:u ҹ:dx ҡ:k ҫ:s ҙ:z ӊ:n ҝ:g ҥ:n",
    # Chechen and its neighbours, Ossetic, Chuvash; Serbian and Macedonian.
    "ӏ: ӕ:a ӑ:a ӗ:e ӳ:u ӱ:u ӧ:o ӓ:a ј:j љ:l њ:n ћ:q ђ:dx џ:dx ќ:k ѕ:z ӂ:x",
)
_SOUNDS: Final = {
    letter: tuple(sounds.split(","))
    for row in _ROWS
    for letter, _, sounds in (pair.partition(":") for pair in row.split())
}
_DIGITS: Final = {"4": ("q",), "3": ("z",), "0": ("o",), "6": ("b",), "1": ("",)}
_PLAIN: Final = {letter: sounds[0] for letter, sounds in _SOUNDS.items() if len(sounds) == 1}
_TABLE: Final = str.maketrans(_PLAIN)


def read(word: str) -> tuple[str, ...]:
    """Return what a folded word may sound like, the likeliest first."""
    if all(letter in _PLAIN for letter in word):
        return (word.translate(_TABLE),)
    rows = [_SOUNDS.get(letter) or _DIGITS.get(letter, ("",)) for letter in word]
    many = (("".join(sounds)) for _, sounds in zip(range(READINGS_MOST), product(*rows)))  # noqa: B905
    return tuple(dict.fromkeys(many))
