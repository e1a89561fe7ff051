# SPDX-License-Identifier: AGPL-3.0-or-later
"""The consonants of a word in Arabic letters: Arabic, Persian, Urdu, Kurdish.

A first skeleton: short vowels are not written, so that only consonants are kept, the article is
left out, and forms of one letter are one.  Which names these are is known for those in the table
alone (spec/names.md 4).
"""

from __future__ import annotations

from typing import Final

_ROWS: Final = (
    "ا: أ: إ: آ: ٱ: ء: ئ: ؤ: ع: ى:i ي:i ی:i ې:i و:v ۆ:v ۋ:v ة: ه:h ہ:h ھ:h ە: ح:h خ:h "
    "ب:b پ:p ت:t ط:t ث:s ج:x چ:q د:d ض:d ذ:z ر:r ڕ:r ز:z ژ:x ظ:z س:s ص:s ش:w غ:g ف:f ڤ:v "
    "ق:k ك:k ک:k گ:g ل:l ڵ:l م:m ن:n ں:n"
)
_SOUNDS: Final = {
    letter: sound for letter, _, sound in (pair.partition(":") for pair in _ROWS.split())
}
_ARTICLE: Final = "ال"
_TATWEEL: Final = "\u0640"


def read(word: str) -> tuple[str, ...]:
    """Return the consonants of a folded word: و as a vowel, and as a consonant."""
    bare = word.replace(_TATWEEL, "")
    bare = bare.removeprefix(_ARTICLE) if len(bare) > len(_ARTICLE) + 1 else bare
    # The Russian -ов and -ев is written with ف, which stands for its в.
    plain = f"{bare[:-1]}ڤ" if bare.endswith(("وف", "يف", "یف")) else bare
    ways = (plain.replace("و", ""), plain)
    return tuple(dict.fromkeys("".join(_SOUNDS.get(c, "") for c in way) for way in ways))
