# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much a message is like others that came before it (spec/triage.md 5)."""

from __future__ import annotations

from itertools import combinations

from safeconduct.kernel.words import DAY
from safeconduct.rooms.hotline.likeness import (
    COPY_BAND,
    LIKE_BANDS,
    SHORT_BAND,
    Likeness,
    Seen,
    Weighed,
)
from safeconduct.rooms.hotline.wording import pairs_of

HERS = (
    "My uncle locked me in the shed behind the mill and took my papers. The carpenter's wife gave "
    "me this phone until noon. I can walk to the river but not as far as the border."
)
NOON = 20_000 * DAY + DAY // 2


def weigh(*texts: str, every: int = 1_000) -> list[Weighed]:
    """Weigh texts that came one after the other."""
    likeness = Likeness()
    seen = [
        Seen(NOON + at * every, at.to_bytes(32, "big"), pairs_of(text))
        for at, text in enumerate(texts)
    ]
    anew = likeness.add(seen)
    return [anew[one.message] for one in seen]


def test_endings_case_and_order_of_near_words_do_not_count() -> None:
    one = pairs_of("Мой двоюродный брат забрал паспорт")
    assert one == pairs_of("мой ДВОЮРОДНЫЕ, брат! забрала паспорта...")
    assert set(pairs_of("уехал вчера ночью")) == set(pairs_of("ночью вчера уехал"))


def test_a_text_without_words_is_its_whole() -> None:
    assert pairs_of("…?") != pairs_of("!")
    assert len(pairs_of("")) == len(pairs_of("help")) == 1


def test_a_copy_sinks_and_what_it_copies_does_not() -> None:
    hers, copy, again = weigh(HERS, HERS, HERS)
    assert hers.band == 0
    assert (copy.band, again.band) == (COPY_BAND + 1, COPY_BAND + 2)
    assert {hers.kind, copy.kind, again.kind} == {hers.kind}


def test_a_copy_with_some_words_changed_is_one() -> None:
    changed = HERS.replace("shed", "cellar").replace("river", "road") + " Please answer quickly."
    hers, copy = weigh(HERS, changed)
    assert copy.kind == hers.kind
    assert copy.band > COPY_BAND


def test_a_copy_is_close_where_it_holds_little_else_and_misses_little() -> None:
    part = HERS.partition(". ")[0]
    more = HERS + " Two men in plain clothes ask the baker every evening for my name."
    slip = HERS.replace("uncle", "aunt")
    assert [one.close for one in weigh(HERS, slip, more)] == [True, True, False]
    first, second = weigh(HERS, part)
    assert (second.kind, second.close) == (first.kind, False)


def test_what_is_put_together_from_several_is_a_copy() -> None:
    others = (
        "Two men in plain clothes ask the baker every evening which bus I took to the city.",
        "Somebody wrote my name on the wall of the school and nobody has washed it away.",
    )
    mixed = " ".join((HERS.partition(". ")[0], *others))
    *_, patched = weigh(HERS, *others, mixed)
    assert patched.band > COPY_BAND


def test_many_that_say_the_same_in_other_words_sink_further_than_somebody_else() -> None:
    slots = (("help", "save", "hear"), ("me", "us"), ("tonight", "today"), ("they", "brothers"))
    flood = [
        f"Please {slots[0][n % 3]} {slots[1][n % 2]} because {slots[3][n % 2]} will come for us "
        f"{slots[2][n // 2 % 2]} and nobody answers, we need money and tickets, number {n}"
        for n in range(300)
    ]
    *many, hers = weigh(*flood, HERS)
    assert hers.band == 0
    assert sum(one.band > COPY_BAND for one in many) > 0.95 * len(many)


def test_short_words_that_many_write_sink_a_little_and_are_no_copies() -> None:
    many = weigh(*["Please help me"] * 400)
    assert max(one.band for one in many) == SHORT_BAND
    assert [one.band for one in many[:3]] == [0, 3, 4]


def test_a_message_of_the_day_before_counts_and_an_older_one_does_not() -> None:
    assert weigh(HERS, HERS, every=DAY)[1].band > COPY_BAND
    assert weigh(HERS, HERS, every=2 * DAY)[1].band == 0


def test_words_that_people_have_in_common_do_not_sink_them() -> None:
    ways = ("bus", "train", "boat")
    people = [f"Please help me, I {way}ed to a {way} with my {way} {way}er" for way in ways]
    assert all(one.band < LIKE_BANDS for one in weigh(*people))


def test_who_says_the_same_in_other_sentences_sinks_below_who_shares_common_words() -> None:
    things = ("accordion", "bakery", "lighthouse", "orchard", "telescope", "mulberry", "tram")
    people = [
        f"Please help me, my brother found my phone and I am hiding near the {one} in the {other}."
        for one, other in zip(things, reversed(things), strict=True)
    ]
    retold = (
        "The carpenter's wife lent a phone. Border too far, river near: that is how far one can "
        "walk. It was an uncle who locked the shed behind his mill, papers are with him."
    )
    somebody = "My sister and I wait at the station, we have no money for bread, please answer me."
    *_, told, other = weigh(*people, HERS, retold, somebody)
    assert told.band > other.band


def test_most_who_say_other_things_in_the_same_sentences_are_no_copies_of_each_other() -> None:
    names = ("Orsan", "Ilgiz", "Marit", "Hanbek", "Sevar", "Artush", "Zelim", "Kayum", "Loris")
    places = ("Varend", "Sarukh", "Teverin", "Mirno", "Gornak", "Ashtun", "Karsum", "Zhurin")
    ways = (
        "My name is {0} and I come from {1}.",
        "I can reach {1} but there is no money for more.",
        "My friend {0} vanished some days ago.",
        "Now I live in a cellar in {1} and I am afraid to go out.",
        "{0} asked me to tell you that nobody can wait in {1}.",
        "Do you have a bed in {1}?",
    )
    people = [
        " ".join(way.format(names[(n + at) % 9], places[(n + 3 * at) % 8]) for at, way in three)
        for n, three in enumerate(combinations(enumerate(ways), 3))
    ]
    copies = [one.band > COPY_BAND for one in weigh(*people)]
    assert sum(copies) <= len(copies) // 3


def test_nobody_sinks_for_having_come_early() -> None:
    others = (
        "Two men in plain clothes ask the baker every evening which bus I took to the city.",
        "Somebody wrote my name on the wall of the school and nobody has washed it away.",
    )
    assert [one.band for one in weigh(HERS, *others)] == [0, 0, 0]


def test_days_beyond_what_is_kept_are_forgotten_and_can_be_restored() -> None:
    likeness = Likeness()
    seen = [Seen(NOON + at * DAY, bytes([at]) * 32, pairs_of(HERS)) for at in range(3)]
    anew = likeness.add(seen)
    likeness.forget_beyond(1)
    first, last = seen[1].at // DAY, seen[2].at // DAY
    assert (likeness.holds(first), likeness.holds(last)) == (False, True)
    likeness.restore(first, [(seen[1], anew[seen[1].message])])
    later = Seen(seen[2].at + 1, b"x" * 32, pairs_of(HERS))
    assert likeness.add([later])[later.message].kind == anew[seen[2].message].kind
