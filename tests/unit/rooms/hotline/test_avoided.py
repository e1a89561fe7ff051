# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words to keep out of answers: found in their other forms, and never taken away unseen."""

import pytest

from safeconduct.edges.desk.stems import stem
from safeconduct.kernel.errors import Malformed
from safeconduct.rooms.hotline import parse_fact, write_fact
from safeconduct.rooms.hotline.avoided import (
    AVOIDED_LENGTH_MOST,
    AVOIDED_MOST,
    AvoidedWordsSet,
    find,
)
from safeconduct.rooms.hotline.avoided_decide import AvoidedTooLong, avoid
from tests.unit.rooms.hotline.test_conversation import ID, ONE, TWO, Story, message


def marked(text: str, *words: str) -> list[str]:
    """What is found."""
    return [text[one.start : one.end] for one in find(text, words, stem)]


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("Мадина", "Мы говорили с Мадиной.", ["Мадиной"]),
        ("мадина", "Скажи МАДИНЕ, что всё хорошо", ["МАДИНЕ"]),
        ("Рустам", "О Рустаме и Рустамом не пишем", ["Рустаме", "Рустамом"]),
        ("Заур", "Зауру", ["Зауру"]),
        ("Иса", "от Исы к Исе", ["Исы", "Исе"]),
        ("приют", "в приюте и до приюта", ["приюте", "приюта"]),
        ("самолёт", "самолетом", ["самолетом"]),
        ("самолет", "Самолёта", ["Самолёта"]),
        ("май", "в мае, а не в марте", ["мае"]),
        ("Грозный", "из Грозного", ["Грозного"]),
        ("brother", "your BROTHERS, brother’s", ["BROTHERS", "brother"]),
        ("leave", "leaving or leaves", ["leaving", "leaves"]),
        ("resume", "the Résumé", ["Résumé"]),
        ("José", "jose said", ["jose"]),
        ("Ахмед из школы", "спроси Ахмеда из школы!", ["Ахмеда из школы"]),
        ("green house", "the green, house", ["green, house"]),
        ("дом", "домой? дома", ["домой", "дома"]),
        ("Ali", "alibi", []),
        ("мир", "командир", []),
        ("побег", "мы поехали", []),
    ],
)
def test_a_word_is_found_in_its_other_forms(word: str, text: str, found: list[str]) -> None:
    assert marked(text, word) == found


def test_of_several_words_each_is_named_and_overlaps_are_told() -> None:
    found = find("Брат Мадины", ["брат", "брат Мадины"], stem)
    assert [one.word for one in found] == ["брат", "брат Мадины"]
    assert find("", ["брат"], stem) == ()
    assert find("брат", ["!", ""], stem) == ()


def test_what_is_typed_is_parted_by_commas_and_lines() -> None:
    story = Story()
    story.tell(message(1))
    story.tell(avoid(story.now(), " Madina ,brother;\n the  green house,, brother"))
    avoided = story.now().avoided
    assert avoided.words == ("Madina", "brother", "the green house")
    assert avoided.by == (ONE,)
    story.tell(avoid(story.now(), ""), TWO)
    assert (story.now().avoided.words, story.now().avoided.by) == ((), ())


def test_nobody_takes_away_what_they_had_not_read() -> None:
    story = Story()
    story.tell(message(1))
    seen = story.now()
    story.tell(avoid(seen, "Madina"))
    story.tell(avoid(seen, "brother"), TWO)
    assert story.now().avoided.words == ("Madina", "brother")
    assert story.now().avoided.by == (ONE, TWO)
    story.tell(avoid(story.now(), "brother"))
    assert story.now().avoided.words == ("brother",)


@pytest.mark.parametrize(
    "typed",
    [",".join(map(str, range(AVOIDED_MOST + 1))), "я" * (AVOIDED_LENGTH_MOST // 2 + 1)],
)
def test_what_is_too_long_is_refused(typed: str) -> None:
    story = Story()
    story.tell(message(1))
    with pytest.raises(AvoidedTooLong):
        avoid(story.now(), typed)
    many = AvoidedWordsSet(ID, tuple(map(str, range(AVOIDED_MOST + 1))), ())
    with pytest.raises(Malformed):
        parse_fact("hotline.AvoidedWordsSet", 1, write_fact(many))
