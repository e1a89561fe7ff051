# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people and a flood write in a surge, drawn from a seed: for `tests/bench/surge.py`.

A line of the file is one message in JSON, and any program may write such a file:
`{"at": 12.5, "kind": "real", "person": 7, "text": "...", "language": "en", "danger": false,
"file": 0}`.
`at` is in seconds from the beginning, `kind` is `real` or `flood`, messages of one `person` come
from one mailbox, `danger` says that she is in danger today, `file` is the length of an attachment.
Every name and place in it is invented.
"""

from __future__ import annotations

import argparse
import json
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Final

SECONDS: Final = 600
REAL: Final = 420
FLOOD: Final = 50_000
FILE_BYTES: Final = 60_000
SECOND_MESSAGE: Final = 0.3
READ_AFTER: Final = 1 / 60
"""Of the whole time; so long after somebody wrote a flood has read it and can copy it."""


@dataclass(frozen=True)
class Line:
    """One message of a surge."""

    at: float
    kind: str
    person: int
    text: str
    language: str = "en"
    danger: bool = False
    file: int = 0


def surge(seed: int, real: int, flood: int, seconds: float) -> list[Line]:
    """Return all messages in the order in which they are sent."""
    chance, people = random.Random(seed), count()
    cries = [plea(chance) for _ in range(real)]
    times = sorted(chance.uniform(0, seconds) for _ in cries)
    lines: list[Line] = []
    for number, (at, text) in enumerate(zip(times, cries, strict=True)):
        person = next(people)
        file = FILE_BYTES if number % 5 == 0 else 0
        lines.append(Line(at, "real", person, text, "ru", chance.random() < 0.2, file))
        if chance.random() < SECOND_MESSAGE:
            later = min(at + chance.uniform(5, 60), seconds)
            lines.append(Line(later, "real", person, chance.choice(SECONDS_WORDS), "ru"))
    kinds: tuple[Callable[[random.Random, list[str]], str], ...] = (
        *(paraphrase, paraphrase, copied, edited, mixed, insult),
    )
    read_after = seconds * READ_AFTER
    for _ in range(flood):
        at = chance.uniform(0, seconds)
        earlier = cries[: bisect_right(times, at - read_after)]
        text = (chance.choice(kinds) if earlier else paraphrase)(chance, earlier)
        lines.append(Line(at, "flood", next(people), text, "ru", chance.random() < 0.4))
    return sorted(lines, key=lambda line: (line.at, line.person))


# --- who is in need


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split("/" if "/" in text else ","))


WHO: Final = _listed(
    "мой брат,мой двоюродный брат,отец,дядя,муж сестры,сосед,начальник,бывший друг,участковый,"
    "люди в форме,двое незнакомых,тётка,дед,одноклассник,хозяин квартиры,старший в семье"
)
DID: Final = _listed(
    "забрал паспорт,нашёл мою переписку,рассказал всем родным,ударил меня табуреткой,запер меня в "
    "сарае,обещал отвезти в горы,вызвал полицию,сжёг мои вещи,требует денег за молчание,следит за "
    "подъездом,поставил программу на телефон,сломал мне палец,звонит с чужих номеров,приходил на "
    "работу,назначил мне свадьбу,избил моего друга,показал мне верёвку,держит у себя мою мать"
)
WHEN: Final = _listed(
    "вчера вечером,в понедельник,три дня назад,сегодня утром,после праздника,ночью,две недели "
    "назад,пока я спал,на прошлой неделе,в день выплаты,когда я вернулся со смены,перед рассветом"
)
NOW: Final = _listed(
    "сижу у знакомой на кухне и не зажигаю света,ночую в машине за гаражами,живу на складе где "
    "работаю,стою на вокзале с одной сумкой,прячусь на даче без отопления,пишу с телефона "
    "продавщицы,вышел вынести мусор и пишу за домом,лежу в больнице под чужой фамилией,еду в "
    "автобусе куда глаза глядят,сплю в подвале прачечной,остался у бывшей учительницы"
)
CANNOT: Final = _listed(
    "карту заблокировали,документов на руках нет,денег хватит на два дня,до границы не дойду с "
    "такой ногой,сестру одну не оставлю,рейсы отсюда только через столицу,телефон придётся "
    "вернуть к обеду,по трассе стоят посты,ребёнку четыре года и он кашляет,у меня диабет и "
    "кончается инсулин,мать без меня никто не кормит,работу потеряю если не выйду в смену"
)
ASK: Final = _listed(
    "куда мне ехать,есть ли у вас где переночевать,можно ли говорить с вами голосом,что взять с "
    "собой,кому здесь верить,сколько это займёт,как вернуть паспорт,надо ли идти к врачу,можно ли "
    "взять с собой сестру,что сказать матери,чем платить за билет,когда вы читаете письма"
)
DETAILS: Final = _listed(
    "Раньше я чинил {0} и копил на учёбу./У нас дома пахнет {0}, и я теперь не могу это есть./"
    "Помню только {0} и зелёную дверь./Мне {1}, по паспорту другое./На руке остался след, похожий "
    "на {0}./Друга зовут как {0}, остальное скажу потом./Внизу играют {0}, поэтому пишу тихо./"
    "Соседка передаёт мне {0} через забор./Собака лает, если подойти ближе, чем {0}./"
    "Последнее, что я продал, это {0}."
)
THINGS: Final = _listed(
    "часы,холодильники,баян,шахматы,варенье,мотоцикл,парник,кирпич,лодку,барабан,самовар,чеснок,"
    "седло,типографию,орехи,камин,голубей,подкову,нарды,лимоны,телевизор,ковёр,пилу,весы,фонарь,"
    "скрипку,ульи,мельницу,тетради,кольцо,гранат,сапоги,ведро,зонт,ножницы,яблоню,свечи,утюг"
)
SECONDS_WORDS: Final = (
    "Вы здесь?",
    "Пожалуйста, ответьте, я больше не могу ждать на этом месте.",
    "Я перешёл в другое место, здесь пока тихо.",
    "Простите, связь пропадала. Я ещё жду.",
)


def plea(chance: random.Random) -> str:
    """Return what somebody in need writes: no two alike, and none without common words."""
    pick = chance.choice
    said = [
        f"{pick(WHO).capitalize()} {pick(WHEN)} {pick(DID)}, а потом {pick(WHO)} {pick(DID)}.",
        f"Сейчас {pick(NOW)}, {pick(CANNOT)}.",
        pick(DETAILS).format(pick(THINGS), chance.randint(17, 62)),
        pick(DETAILS).format(pick(THINGS), chance.randint(17, 62)),
        f"Скажите, {pick(ASK)} и {pick(ASK)}?",
    ]
    chance.shuffle(said)
    opening = pick(("", "Здравствуйте. ", "Помогите, пожалуйста. ", "Не знаю, с чего начать. "))
    return opening + " ".join(said[: chance.randint(3, 5)])


# --- the flood

SLOTS: Final = (
    ("помогите", "спасите", "выручите", "откликнитесь", "не бросайте"),
    ("меня", "нас", "моего друга", "мою сестру", "моего сына"),
    ("очень прошу", "умоляю", "ради всего святого", "заклинаю вас", "прошу по-человечески"),
    ("хотят убить", "грозятся убить", "обещают убить", "собираются расправиться", "ищут"),
    ("родственники", "родные братья", "старшие в семье", "люди из полиции", "силовики"),
    ("за то, какой я есть", "из-за слухов", "по доносу", "после обыска телефона", "ни за что"),
    ("прячусь у друзей", "скрываюсь в городе", "сижу взаперти", "не выхожу из дома", "в подвале"),
    ("нужны деньги на билет", "нужно жильё", "нужен транспорт", "нужно убежище", "нужна виза"),
    ("ответьте скорее", "жду ответа", "напишите сегодня", "времени нет", "отзовитесь"),
)
INSULTS: Final = (
    "таких как вы надо давить и мы вас найдём каждого по адресу",
    "позор вам и вашим семьям вы продали веру за чужие деньги",
    "закрывайте лавочку предатели скоро к вам придут и спросят",
    "ненавижу вас всех чтоб вы сгорели вместе с вашими больными",
)
FILLERS: Final = ("вот", "ну", "короче", "слышите", "честно", "правда", "опять", "ещё")


def paraphrase(chance: random.Random, _: list[str]) -> str:
    """Return a plea in other words each time, and in another order."""
    parts = [chance.choice(slot) for slot in SLOTS]
    for _swap in range(chance.randint(0, 3)):
        at = chance.randrange(len(parts) - 1)
        parts[at], parts[at + 1] = parts[at + 1], parts[at]
    parts.insert(chance.randrange(len(parts)), f"мне {chance.randint(16, 60)}")
    return ", ".join(parts[: chance.randint(7, len(parts))]).capitalize() + "."


def copied(chance: random.Random, earlier: list[str]) -> str:
    """Return what somebody wrote before, word by word."""
    return chance.choice(earlier)


def edited(chance: random.Random, earlier: list[str]) -> str:
    """Return what somebody wrote before, with some words dropped, and some put in."""
    words = [word for word in chance.choice(earlier).split() if chance.random() > 0.08]
    for _ in range(chance.randint(1, 4)):
        words.insert(chance.randrange(len(words) + 1), chance.choice(FILLERS))
    return " ".join(words)


def mixed(chance: random.Random, earlier: list[str]) -> str:
    """Return sentences of several that were written before, put together."""
    sentences = [one for _ in range(4) for one in chance.choice(earlier).split(". ")]
    return ". ".join(chance.sample(sentences, min(4, len(sentences))))


def insult(chance: random.Random, _: list[str]) -> str:
    """Return an insult, a little different each time."""
    words = chance.choice(INSULTS).split()
    words.insert(chance.randrange(len(words)), chance.choice(FILLERS))
    return " ".join(words)


# --- files


def write_lines(lines: list[Line], path: Path) -> None:
    """Write a surge as a file of lines."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(line), ensure_ascii=False) + "\n" for line in lines)


def read_lines(path: Path) -> Iterator[Line]:
    """Read such a file; unknown fields are passed over."""
    with path.open(encoding="utf-8") as file:
        for raw in file:
            fields = {k: v for k, v in json.loads(raw).items() if k in Line.__dataclass_fields__}
            yield Line(**fields)


def main() -> None:
    """Write a surge from a seed: `surge_texts.py SEED FILE`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    write_lines(surge(given.seed, REAL, FLOOD, SECONDS), given.file)


if __name__ == "__main__":
    main()
