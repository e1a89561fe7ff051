# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office at work, written fast: five devices, 200 vaults, conversations that are answered.

Frames are real in every byte (signed, chained, sealed); only the store of each writer is left out,
since the benchmarks measure the desk that reads them.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.journal import Fact, Keys, Pen, Seen, write
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import Instant, VaultId
from safeconduct.rooms.crew import HeldKey
from safeconduct.rooms.hotline.events import (
    AnswerSent,
    AnswerWritten,
    ConversationClaimed,
    ConversationHandedOver,
    HotlineFact,
    MessageRead,
    MessageReceived,
    NoteWritten,
)
from safeconduct.rooms.hotline.letters import conversation_of
from tests.sim.courier import Rehearsal, StoreCourier

DEVICES = 5
VAULTS = 200
SINGLE = 0.75
MINUTE = 60_000
BATCH = 500
TEXT = (
    "помогите брат дорога ночь деньги паспорт граница машина дом окно сестра отец "
    "телефон город вокзал поезд врач справка утро вечер соседи полиция адрес друг "
    "письмо help road brother night car passport border money house window phone "
    "city train doctor letter friend street"
)
WORDS = TEXT.split(" ")


@dataclass
class Writer:
    """One device's own state."""

    pen: Pen
    keys: Keys


class SystemBytes:
    """Randomness at the speed of the system."""

    def bytes(self, count: int) -> bytes:
        """Fresh random bytes."""
        return os.urandom(count)


def make_office(folder: Path, vaults: int = VAULTS) -> tuple[Rehearsal, list[Journal]]:
    """Found an office whose keys cover many vaults, and let four more devices join."""
    stage = Rehearsal(folder)
    stage.clock.time = time.time_ns() // 1_000_000 - 30 * 86_400_000
    first = stage.found()
    rng = SystemBytes()
    extra = [HeldKey("vault", rng.bytes(16), 1, rng.bytes(32)) for _ in range(vaults - 2)]
    first.journal.keychain.add(extra)
    first.journal.load()
    names = [f"desk{number}" for number in range(2, DEVICES + 1)]
    return stage, [first.journal, *(join(stage, name, first.journal) for name in names)]


def join(stage: Rehearsal, name: str, holder: Journal) -> Journal:
    """Let a device join, and give it every vault's key that another desk holds."""
    journal = stage.join(name).journal
    journal.keychain.add(key for key in holder.keychain.all() if key.kind == "vault")
    journal.load()
    return journal


def fill(
    stage: Rehearsal,
    journals: list[Journal],
    entries: int,
    *,
    facts: Iterator[Fact] | None = None,
    first: Iterable[Fact] = (),
) -> int:
    """Write entries into the relay's log, some first; return how many frames they made."""
    chance = random.Random(11)
    writers = [_writer(journal) for journal in journals]
    facts = chain(first, facts or _facts(journals[0], chance, 0.5))
    courier = StoreCourier(stage.store, stage.office, journals[0].place.capability)
    frames: list[bytes] = []
    made, done, now = 0, 0, int(stage.clock.now())
    while done < entries:
        count = 1 if chance.random() < SINGLE else chance.randint(2, 8)
        count = min(count, entries - done)
        writer = chance.choice(writers)
        now += 1000
        some = [next(facts) for _ in range(count)]
        _, frame, writer.pen = write(
            some, writer.pen, writer.keys, now=Instant(now), rng=SystemBytes()
        )
        frames.append(frame)
        done += count
        if len(frames) == BATCH or done == entries:
            stage.clock.time = now  # Days of work: what a day may bring is capped.
            courier.append(frames)
            made += len(frames)
            frames = []
            standing = stage.store.desk(stage.office, journals[0].place.capability)
            _see(writers, standing.checkpoint("log"))
    return made


def _writer(journal: Journal) -> Writer:
    journal.load()
    pen = replace(journal.pen, heads=journal.rosters.heads.newest(), seen=journal.seen)
    return Writer(pen, journal._keys())


def _see(writers: list[Writer], note: bytes) -> None:
    lines = note.decode().split("\n")
    import base64  # noqa: PLC0415

    seen = Seen(int(lines[1]), base64.b64decode(lines[2]))
    for writer in writers:
        writer.pen = replace(writer.pen, seen=seen)


def _facts(journal: Journal, chance: random.Random, share: float) -> Iterator[Fact]:
    """Facts of all vaults, the hotline's in the order in which conversations go."""
    others = [where.vault for where in journal.keychain.vaults]
    others = [v for v in others if v not in {journal.crew_vault, journal.hotline_vault}]
    hotline = _hotline(chance, [bytes(d) for d in journal.roster.members])
    while True:
        if not others or chance.random() < share:
            yield post.fact(journal, next(hotline))
        else:
            vault = VaultId(chance.choice(others))
            yield Fact(vault, "cases.NoteAdded", 1, chance.randbytes(chance.randint(60, 400)))


def _hotline(chance: random.Random, devices: list[bytes]) -> Iterator[HotlineFact]:
    key = SealingKey.from_seed(chance.randbytes(32)).public.raw
    arrived = 1_800_000_000_000
    while True:
        voice = chance.randbytes(32)
        conversation = conversation_of(voice)
        address = chance.randbytes(32)
        for _ in range(chance.choice((1, 1, 2, 3))):
            message, answer = chance.randbytes(32), chance.randbytes(16)
            arrived += MINUTE
            yield MessageReceived(
                conversation,
                message,
                address,
                key,
                voice,
                arrived,
                "ru",
                _text(chance),
                (),
                "page",
                b"\x80",
                1,
            )
            yield MessageRead(conversation, (message,))
            yield ConversationClaimed(conversation, ())
            if chance.random() < 0.1:
                break
            yield AnswerWritten(
                conversation, answer, _text(chance), (), arrived + MINUTE, (message,)
            )
            yield AnswerSent(conversation, answer, arrived + MINUTE)
            if chance.random() < 0.5:
                yield NoteWritten(conversation, _text(chance))


def messages(chance: random.Random, count: int, most: int = 6) -> Iterator[MessageReceived]:
    """Messages alone, of conversations of one to six, or of fewer."""
    key = SealingKey.from_seed(chance.randbytes(32)).public.raw
    arrived, made = 1_800_000_000_000, 0
    while made < count:
        voice, address = chance.randbytes(32), chance.randbytes(32)
        for _ in range(min(chance.randint(1, most), count - made)):
            arrived += MINUTE
            made += 1
            yield MessageReceived(
                conversation_of(voice),
                chance.randbytes(32),
                address,
                key,
                voice,
                arrived,
                "ru",
                _text(chance),
                (),
                "page",
                b"\x80",
                1,
            )


def handed_over(chance: random.Random, to: bytes, talks: int, notes: int) -> Iterator[HotlineFact]:
    """Conversations that a colleague passed to a device, each with notes, and nobody answered."""
    for message in messages(chance, talks, most=1):
        yield message
        yield ConversationHandedOver(message.conversation, to, _text(chance), ())
        for _ in range(notes):
            yield NoteWritten(message.conversation, _text(chance))


def _text(chance: random.Random) -> str:
    stems = chance.choices(WORDS, k=chance.randint(8, 40))
    return " ".join(
        stem + str(chance.randrange(400)) if chance.random() < 0.3 else stem for stem in stems
    )
