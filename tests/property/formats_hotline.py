# SPDX-License-Identifier: AGPL-3.0-or-later
"""Good examples of facts of the hotline, each with its reader."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from safeconduct.kernel.canon import encode
from safeconduct.rooms.hotline import events as hotline
from safeconduct.rooms.hotline.by_hand import AnswerNoted, ContactNoted
from safeconduct.rooms.hotline.canned import CannedGated, CannedWritten
from safeconduct.rooms.hotline.first_contact import FirstContact, write_contact
from safeconduct.rooms.hotline.first_words import (
    FirstWordsApproved,
    FirstWordsWithdrawn,
    FirstWordsWritten,
    SaidIn,
)
from safeconduct.rooms.hotline.flags import ScriptStepTicked
from safeconduct.rooms.hotline.imported import AnswerImported, ContactImported
from safeconduct.rooms.hotline.joining import ConversationsJoined
from safeconduct.rooms.hotline.line_facts import LineSet
from safeconduct.rooms.hotline.looks import LookAsked, LookGiven
from safeconduct.rooms.hotline.retention import (
    RetentionDue,
    RetentionExtended,
    RetentionHeld,
    RetentionHoldEnded,
    RetentionSet,
)
from safeconduct.rooms.hotline.transcripts import TranscriptWritten
from safeconduct.rooms.hotline.triage_facts import DangerSet, HostileMarked, NextContactSet, TagsSet
from safeconduct.rooms.hotline.vetting_facts import (
    ContradictionPinned,
    GateOpened,
    GateSeconded,
    GuardedNoteWritten,
    GuardedWordsSet,
    Passage,
    VettingItemAnswered,
)
from tests.kit.clocks import NOON
from tests.property.bulletin_examples import BULLETIN, PUBLIC_NOTICE

_FACTS: dict[str, hotline.HotlineFact] = {
    "call typed in": ContactNoted(
        *(b"c" * 16, b"m" * 32, "behalf", NOON, "ru", "", "Сестра, за брата."),
        *("Его увезли.", encode(write_contact(FirstContact(region="north")))),
    ),
    "told by another way": AnswerNoted(b"c" * 16, b"a" * 16, NOON, "Ждите.", (b"m" * 32,)),
    "mail brought in": ContactImported(
        *(b"c" * 16, b"m" * 32, "mail", NOON, 1, "Сирень", "Помогите.", (), b""),
    ),
    "answer brought in": AnswerImported(
        *(b"c" * 16, b"a" * 32, "sheet", NOON, "", "да", (), (b"m" * 32,)),
    ),
    "second look": LookAsked(b"c" * 16, b"d" * 16, "Так можно?", "Ждите у двери.", NOON),
    "look given": LookGiven(b"c" * 16, bytes(36), "change", "Без двери."),
    "danger": DangerSet(b"c" * 16, 4, (bytes(32),), (bytes(36),)),
    "hostile": HostileMarked(b"c" * 16, 1, (bytes(36),)),
    "next contact": NextContactSet(b"c" * 16, NOON, 1, "Сестра звонила.", (bytes(36),)),
    "joining": ConversationsJoined(b"c" * 16, b"e" * 16, 1, "Знала про сирень.", (bytes(36),)),
    "script step": ScriptStepTicked(b"c" * 16, bytes(36), "direct", 1, 1, (bytes(36),)),
    "ready answer": CannedWritten(b"r" * 16, "ru", "Мы читаем", "Ждите {когда}.", ()),
    "times": RetentionSet(400, 200, 30, (bytes(36),)),
    "extension": RetentionExtended(b"c" * 16, NOON, "Суд ещё идёт."),
    "hold": RetentionHeld(b"c" * 16, "Суд."),
    "end of a hold": RetentionHoldEnded(b"c" * 16, (bytes(36),), "Суда нет."),
    "due": RetentionDue(b"c" * 16, (b"e" * 16,), "files"),
    "first words": FirstWordsWritten((SaidIn("en", "Wait."), SaidIn("ru", "Ждите.")), (bytes(36),)),
    "first words approved": FirstWordsApproved(bytes(36), NOON),
    "first words withdrawn": FirstWordsWithdrawn((bytes(36),), "Дорога под наблюдением."),
    "tags": TagsSet(b"c" * 16, ("minor", "паспорт"), ()),
    "vetting item": VettingItemAnswered(b"c" * 16, "there", "yes", "Знала.", 1, (bytes(36),)),
    "gate": GateOpened(b"c" * 16, 2, "Всё сходится.", ("there",), (b"e" * 16,), (bytes(36),)),
    "gate seconded": GateSeconded(b"c" * 16, bytes(36), "Прочитал."),
    "contradiction": ContradictionPinned(
        *(b"c" * 16, Passage(bytes(32), "зимой"), Passage(bytes(36), "летом"), "Когда?"),
    ),
    "guarded note": GuardedNoteWritten(b"c" * 16, 3, "У мельницы.", ("мельница",)),
    "transcript": TranscriptWritten(b"c" * 16, b"m" * 32, "Пришли в шесть.", (bytes(36),)),
    "guarded words": GuardedWordsSet(3, ("мельница",), (bytes(36),)),
    "line": LineSet(b"k" * 32, "telegram", b"card", 1, "telegram-1", (bytes(36),)),
    "gate of a ready answer": CannedGated(b"r" * 16, 2, (bytes(36),)),
    "bulletin": BULLETIN,
    "public notice": PUBLIC_NOTICE,
}
HOTLINE: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    name: (hotline.write_fact(fact), partial(hotline.parse_fact, hotline.kind_of(fact), 1))
    for name, fact in _FACTS.items()
}
