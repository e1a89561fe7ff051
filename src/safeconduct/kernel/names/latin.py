# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a word in Latin letters may sound, whichever romanisation it was written in.

`ch` is ч in English, х in German and ш in French; `j` is й in one scheme and ж in another; Turkish
`c` is дж.  Nothing in a word says which, so all are read, at most 32 (spec/names.md 3).
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product
from typing import Final

READINGS_MOST: Final = 32
_ROWS: Final = (
    # щ, ч, ш, ж, дж: English, German, French, Polish, Turkish, scholarly, GOST.
    "schtsch:w stschj:w chtch:w shch:w shh:w szcz:w šč:w şç:w ŝ:w tsch:q tch:q cz:q,c č:q ç:q ć:q",
    # `sh` is also сх (Асхаб), and `sch` с and a German х (Басхаев).
    "sch:w,x,sh sh:w,sh š:w ş:w ș:w ś:w sz:w zh:x ž:x ż:x ẑ:x dzh:x dsch:x dž:x dj:x dzs:x dsh:x",
    "ch:q,h,w",
    # х, г, к, ц, ф.
    "gue:ge,gue gui:gi,gui guï:gi kh:h gh:g ğ:g x:ks,h ck:k qu:k q:k tzh:tx tz:c ts:c tc:c ţ:c ț:c",
    "ph:f th:t h:h,g c:k,s,x w:v ñ:n ł:l ø:o",
    # Vowels that stand for two, or two for one; iotation.
    "oou:ou you:ju iou:ju jou:xu,ju ou:u,ou oo:u ö:o,jo ü:u ä:a,e ə:a,e ı:i ë:e,jo",
    "yo:jo,e io:jo,e jo:jo,e,xo ô:jo,o â:ja,a û:ju,u",
    # What is typed in chats where a letter is missing.
    "4:q 6:w 9:ja 3:z 0:o 7:h 5:h 1: 2: 8:",
    "a:a b:b d:d e:e f:f g:g i:i k:k l:l m:m n:n o:o p:p r:r s:s t:t u:u v:v z:z",
)
_SOUNDS: Final = {
    letters: tuple(sounds.split(","))
    for row in _ROWS
    for letters, _, sounds in (pair.partition(":") for pair in row.split())
}
_VOWELS: Final = "aeiouyöüäəıëôâû"
_NEXT: Final = re.compile(
    "|".join(sorted(map(re.escape, _SOUNDS), key=len, reverse=True)) + "|.", re.DOTALL
)
_FINAL_FF: Final = re.compile(r"(?<=[oeiy])ff(?=$|a$)")
_DOUBLED: Final = re.compile(r"([bdfgklmnprstvz])\1+")


def read(word: str) -> tuple[str, ...]:
    """Return what a folded word may sound like, the plainest reading first."""
    plain = _DOUBLED.sub(r"\1", _FINAL_FF.sub("v", _unmarked(word)))
    rows = [_sounds(plain, match.start(), match.group()) for match in _NEXT.finditer(plain)]
    many = (("".join(sounds)) for _, sounds in zip(range(READINGS_MOST), product(*rows)))  # noqa: B905
    return tuple(dict.fromkeys(many))


def _unmarked(word: str) -> str:
    """Drop marks from letters that no romanisation reads with them."""
    if word.isascii():
        return word
    kept = (c if c in _SOUNDS else unicodedata.normalize("NFD", c)[0] for c in word)
    return "".join(kept)


def _sounds(word: str, at: int, letters: str) -> tuple[str, ...]:
    if letters not in {"y", "j"}:
        return _SOUNDS.get(letters, ("",))
    after = word[at + 1 : at + 2]
    if letters == "y":
        before = word[at - 1 : at] if at else ""
        return ("j",) if (after and after in _VOWELS) or (before and before in _VOWELS) else ("i",)
    # It is й to a German and ж to a Frenchman; at the end of a word only the former.
    return ("j", "x") if after else ("j",)
