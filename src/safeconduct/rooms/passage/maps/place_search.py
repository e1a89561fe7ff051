# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looking up a town among the places of a gazetteer, by any of its names in any script.

Names are compared by how they may sound (spec/names.md 14), so that a town is found under each
romanisation of each of its names.  The same places give the same answer in any order.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.names import place_sounds
from safeconduct.kernel.names.letters import folded, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from safeconduct.rooms.passage.maps.gazetteer import Place

SOUNDS_KEPT: Final = 6
"""Ways in which a name of the table is read, and what somebody types: here many, there few."""
WORDS_KEPT: Final = 4
"""Words of a name from which it is looked for, and so many words from each of them on."""
SOUNDS_MOST: Final = 300_000
"""Sounds of a table: of 30,000 places with ten each."""
SOUNDS_ASKED: Final = 32
SOUND_LEAST: Final = 2
LOOKED_MOST: Final = 4_000
"""Sounds that are looked at for one question: it asks for the beginning of hardly anything."""
Sound = tuple[str, int, int, int]
"""How a name sounds from one of its words on, the place's and the name's row, and which word."""


class TooManyPlaces(Refused):
    """The file is larger, or more places or names of them are meant, than a desk keeps."""

    code = "too_many_places"


class Found(NamedTuple):
    """A place, and the name of it by which it was found."""

    place: Place
    name: str


class _Rank(NamedTuple):
    """How near a name is to what was typed; less is nearer."""

    longer: bool
    later: bool
    letters: int
    """0 where it is what was typed but for case, 1 where it has these letters, 2 where not."""
    name: int


def sounds_of(places: Sequence[Place]) -> list[Sound]:
    """Return how all names of places sound, in order; what a search looks in.

    Raises:
        TooManyPlaces: see there.
    """
    found: set[Sound] = set()
    read = 0
    for row, place in enumerate(places):
        for at, name in enumerate(place.names):
            for word, rest in enumerate(_from_each_word(name)):
                found.update((one, row, at, word) for one in place_sounds(rest, SOUNDS_KEPT))
                read += 1
        if max(len(found), read) > SOUNDS_MOST:
            raise TooManyPlaces
    return sorted(found)


def find(
    text: str, places: Sequence[Place], sounds: Sequence[Sound], most: int
) -> tuple[Found, ...]:
    """Return the places of which a name begins so, whole names and large places first.

    A name may begin with any of its words; a text of less than two sounds finds nothing.
    """
    best: dict[int, _Rank] = {}
    for asked in place_sounds(next(iter(_from_each_word(text)), ""), SOUNDS_ASKED):
        if len(asked) >= SOUND_LEAST:
            for sound, row, at, word in _beginning(asked, sounds):
                rank = _Rank(sound != asked, word > 0, _other(text, places[row].names[at]), at)
                best[row] = min(best.get(row, rank), rank)
    order = sorted(
        (rank[:3], -places[row].people, places[row].number, row) for row, rank in best.items()
    )
    return tuple(Found(places[row], places[row].names[best[row].name]) for *_, row in order[:most])


def one_of(places: Iterable[Place], number: int) -> Place | None:
    """Return the place of a number."""
    return next((one for one in places if one.number == number), None)


def told_apart(found: Sequence[Found], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return where each found place lies in words: region and country, and its position.

    What has no name is said by its code.
    """
    return tuple(
        ", ".join(
            [
                *(names.get(code, code) for code in reversed(one.place.regions) if code[-1] != "."),
                str(one.place.at),
            ]
        )
        for one in found
    )


def _beginning(asked: str, sounds: Sequence[Sound]) -> Iterable[Sound]:
    start = bisect_left(sounds, (asked, 0, 0, 0))
    for sound in sounds[start : start + LOOKED_MOST]:
        if not sound[0].startswith(asked):
            return
        yield sound


def _from_each_word(name: str) -> Iterable[str]:
    words = words_of(name)
    return (" ".join(words[at : at + WORDS_KEPT]) for at in range(min(len(words), WORDS_KEPT)))


def _other(text: str, name: str) -> int:
    if folded(text) == folded(name):
        return 0
    return 1 if _letters(text) in _letters(name) else 2


def _letters(name: str) -> str:
    return "".join(words_of(name))
