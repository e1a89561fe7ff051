# SPDX-License-Identifier: AGPL-3.0-or-later
"""A rehearsal office in Veshnia, a country that does not exist, at three in the morning.

Every person, place and trouble here is invented.
"""

from __future__ import annotations

from functools import cache

import msgspec

from safeconduct.kernel.words import HOUR, MINUTE, ConversationId, DeviceId
from safeconduct.rooms.crew import DeviceAdmitted, Role, Roster, Told, fold
from tests.kit.builders import Office, build_device, build_office, founding_fact
from tests.kit.clocks import FixedClock
from tests.kit.desk_twin import TwinDesk

NIGHT: int = 1_795_143_240_000
"""20 November 2026, 02:54 UTC."""
COLLEAGUES = (
    ("Mira", "Mira’s laptop", ("operator", "case_worker")),
    ("Тимур", "ноутбук Тимура", ("operator", "coordinator")),
    ("Nadia", "Nadia at home", ("legal", "documenter")),
    ("Mira", "Mira’s second laptop", ("operator",)),
)


@cache
def rehearsal_roster() -> tuple[Roster, tuple[DeviceId, ...]]:
    """Five devices of four people; the first one founded the office."""
    office, told = rehearsal_office()
    return fold(office.id, told), tuple(device.id for device in office.devices)


def rehearsal_office() -> tuple[Office, list[Told]]:
    """The same office with its keys, and what was said of its crew; the same at each call."""
    office = build_office(devices=0, seed="veshnia")
    founder = build_device(office.id, "Sana’s laptop", office.rng)
    office.devices.append(founder)
    fact = msgspec.structs.replace(founding_fact(office), person="Sana")
    told = [office.write_crew(founder, fact, root=True)]
    for person, name, roles in COLLEAGUES:
        device = build_device(office.id, name, office.rng)
        told.append(office.write_crew(founder, DeviceAdmitted(device.known.card, person, roles)))
        office.devices.append(device)
    assert {Role(role) for _, _, roles in COLLEAGUES for role in roles} <= set(Role)
    return office, told


def empty_desk() -> TwinDesk:
    """The founder's desk before anybody has written."""
    roster, devices = rehearsal_roster()
    return TwinDesk(roster, devices[0], FixedClock(NIGHT))


def rehearsal_desk() -> tuple[TwinDesk, dict[str, ConversationId]]:
    """The founder's desk in the middle of a night, and its conversations by code name."""
    desk = empty_desk()
    _, (_, mira, timur, *_) = rehearsal_roster()
    talks: dict[str, ConversationId] = {}

    def arrives(name: str, text: str, ago: int, **more: object) -> None:
        desk.clock = FixedClock(NIGHT - ago)
        talks[name] = desk.receive(name, text, conversation=talks.get(name), **more)  # type: ignore[arg-type]

    arrives(
        "amber lantern",
        "My brother found my second phone. He says the uncles come on Friday. "
        "I am at work until six, then I do not know where to go.",
        26 * HOUR,
        language="en",
        files=[("letter from the uncles.jpg", b"\xff\xd8" + bytes(210_000))],
    )
    desk.clock.move(20 * MINUTE)
    desk.mark_read(talks["amber lantern"])
    desk.claim(talks["amber lantern"])
    desk.answer(
        talks["amber lantern"],
        "You are not alone with this. Do not go home tonight if you can stay with somebody they "
        "do not know. Is there a place for one night? Write only when nobody can see the screen.",
    )
    desk.by(mira).note(
        talks["amber lantern"],
        "Spoke with the host in Ostrel: one bed from Thursday, no questions asked. "
        "Not told to her yet.",
    )
    arrives(
        "amber lantern",
        "I am at a friend’s in Lower Ostrel. She does not know why. I can stay until Wednesday. "
        "They have started to call my work.",
        74 * MINUTE,
        language="en",
        files=[
            ("roster of shifts.pdf", bytes(84_000)),
            ("voice 0231.ogg", bytes(1_900_000)),
        ],
    )
    arrives("полынь и мост", "Вы ещё здесь? Можно написать по-русски?", 15 * HOUR)
    arrives(
        "полынь и мост",
        "Меня отпустили вчера. Телефон забрали, этот чужой. Говорят, вернутся за мной после "
        "праздника. У меня болит спина, сидеть не могу. Напишите, куда ехать.",
        14 * HOUR,
    )
    desk.by(timur).mark_read(talks["полынь и мост"])
    desk.by(timur).claim(talks["полынь и мост"])
    arrives(
        "quiet orchard",
        "Is this the real hotline? A friend gave me the address. I am in Veshn, 19, my father "
        "took my passport.",
        14 * MINUTE,
        language="en",
    )
    arrives(
        "северный чайник",
        "Спасибо. Мы доехали, всё хорошо. Ключ оставили, как вы сказали.",
        9 * HOUR,
    )
    desk.clock.move(12 * MINUTE)
    desk.mark_read(talks["северный чайник"])
    desk.answer(talks["северный чайник"], "Очень рады. Отдыхайте. Напишем в четверг.")
    arrives("paper harbour", "They let me call nobody. I write from the library.", 3 * MINUTE)
    desk.clock = FixedClock(NIGHT)
    return desk, talks
