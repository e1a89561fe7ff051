# SPDX-License-Identifier: AGPL-3.0-or-later
"""A rehearsal office in Veshnia, a country that does not exist: people, letters, answers.

Every person, place and trouble here is invented; the letters travel as real ones do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from safeconduct.rooms.hotline.first_contact import FirstContact

OFFICE: Final = {"en": "Night line of Ostrel (rehearsal)", "ru": "Ночная линия Острель (учения)"}
HELPERS: Final = {"en": ("Sana", "Timur"), "ru": ("Сана", "Тимур")}
DEVICES: Final = {
    "en": ("Sana's laptop", "Timur's laptop"),
    "ru": ("ноутбук Саны", "ноутбук Тимура"),
}


NOTHING_TOLD: Final = FirstContact()
TOLD: Final = FirstContact(
    danger_today="yes",
    for_whom="taken",
    from_whom="люди в штатском",
    answer_hours=("evening",),
    clock_shows=14,
    if_silent="Подождите до субботы.",
    not_alone_word="айва",
)


@dataclass(frozen=True, slots=True)
class Talk:
    """One person's letters, in order, and what the office did with the first of them."""

    language: str
    letters: tuple[str, ...]
    answer: str = ""
    note: str = ""
    file: tuple[str, str] | None = None
    told: FirstContact = NOTHING_TOLD
    """Beside the first of them."""


TALKS: Final = {
    "en": (
        Talk(
            "en",
            (
                (
                    "My brother found my second phone. He says the uncles come on Friday. "
                    "I am at work until six, then I do not know where to go."
                ),
                (
                    "I am at a friend's in Lower Ostrel. She does not know why. I can stay until "
                    "Wednesday. They have started to call my work."
                ),
            ),
            answer="You are not alone with this. Do not go home tonight if you can stay with "
            "somebody they do not know. Is there a place for one night? Write only when nobody "
            "can see the screen.",
            note="One bed from Thursday, no questions asked. Not told to her yet.",
        ),
        Talk(
            "ru",
            (
                (
                    "Моего друга увели с работы в понедельник. Вчера пришли к его сестре "
                    "и спросили про меня. Я пока у тёти, она не знает."
                ),
            ),
            file=("что я помню.txt", "Понедельник, около четырёх. Серая машина без номеров.\n"),
            told=TOLD,
        ),
        Talk("en", ("Is somebody there? I only want to know whether this works.",)),
    ),
    "ru": (
        Talk(
            "ru",
            (
                (
                    "Брат нашёл мой второй телефон. Говорит, дяди приедут в пятницу. "
                    "Я на работе до шести, потом не знаю, куда идти."
                ),
                (
                    "Я у подруги в Нижней Острели. Она не знает почему. До среды можно остаться. "
                    "Они начали звонить мне на работу."
                ),
            ),
            answer="Вы не одни. Не ходите сегодня домой, если можно переночевать у кого-то, кого "
            "они не знают. Есть такое место на одну ночь? Пишите, только когда экран никому не "
            "виден.",
            note="Есть одно место с четверга, вопросов не задают. Ей ещё не говорили.",
        ),
        Talk(
            "ru",
            (
                (
                    "Моего друга увели с работы в понедельник. Вчера пришли к его сестре "
                    "и спросили про меня. Я пока у тёти, она не знает."
                ),
            ),
            file=("что я помню.txt", "Понедельник, около четырёх. Серая машина без номеров.\n"),
            told=TOLD,
        ),
        Talk("en", ("Is somebody there? I only want to know whether this works.",)),
    ),
}


@dataclass(frozen=True, slots=True)
class Script:
    """What a rehearsal office is called, who works there, and who writes to it."""

    office: str
    helpers: tuple[str, str]
    devices: tuple[str, str]
    talks: tuple[Talk, ...]


def script_in(tongue: str) -> Script:
    """Return the rehearsal in one of our languages."""
    return Script(OFFICE[tongue], HELPERS[tongue], DEVICES[tongue], TALKS[tongue])
