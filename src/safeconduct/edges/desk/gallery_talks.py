# SPDX-License-Identifier: AGPL-3.0-or-later
"""Examples of conversations: rows, messages, answers, who holds them."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from typing import Any, Final

from safeconduct.edges.desk.api import Hit, Row
from safeconduct.edges.desk.cleaning.clean_copy import CleanCopy
from safeconduct.edges.desk.cleaning.copied import Mark
from safeconduct.edges.desk.importing.imports import Kept
from safeconduct.edges.desk.overview_api import Load
from safeconduct.edges.desk.retention_api import Going
from safeconduct.edges.desk.search_api import Saved
from safeconduct.kernel.words import (
    DAY,
    HOUR,
    MINUTE,
    BlobId,
    CaseId,
    ConversationId,
    DeviceId,
    FactId,
    Instant,
    MessageId,
    fact_id,
)
from safeconduct.rooms.cases import Part
from safeconduct.rooms.hotline import (
    Answer,
    Attachment,
    Claim,
    FirstContact,
    HandOver,
    Message,
    Note,
)
from safeconduct.rooms.hotline.by_hand import ByHand
from safeconduct.rooms.hotline.canned import Canned, Reading
from safeconduct.rooms.hotline.first_words import Approval, SaidIn, Version
from safeconduct.rooms.hotline.imported import Imported
from safeconduct.rooms.hotline.joining import Joining
from safeconduct.rooms.hotline.looks import Given, Look
from safeconduct.rooms.hotline.queue import Place
from safeconduct.rooms.hotline.transcripts import Transcript
from safeconduct.rooms.hotline.vetting import (
    Contradiction,
    Gate,
    Guarded,
    Opening,
    Quoted,
    Vetting,
    Word,
)
from safeconduct.rooms.hotline.voices import Voice

NOW: Final = Instant(1_795_143_240_000)
OWN, MIRA, HOSTILE, GONE = (DeviceId(bytes([number]) * 16) for number in range(4))
AGES: Final = {
    "3 min": 3 * MINUTE,
    "2 h": 2 * HOUR,
    "15 h": 15 * HOUR,
    "2 days": 2 * DAY,
    "400 days": 400 * DAY,
}
EARLIER: Final = ConversationId(b"\x01" * 16)
TURNED: Final = "bed\u202efdp.exe"
"""A name that reads as ending in `.pdf` where direction is obeyed."""
HOSTILE_WORDS: Final = {
    "markup": '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "template": "{{ 7 * 7 }} {% include 'base.html' %} %(num)s {count}",
    "turned": f"{TURNED} \u2066\u2067 \u202d end",
    "arabic": "أنا في خطر، أخي يعرف مكاني",
    "emoji": "🏳️‍🌈👨‍👩‍👧 ok",
    "stacked": "Z" + "\u0334\u035b" * 40,
    "control": "a\x00b\x1bc\x7fd\u2028e",
    "long": "long" * 2_500,
}


class TalkSamples:
    """What examples of conversations are made of; each takes what differs from an ordinary one."""

    def ago(self, age: str) -> Instant:
        """An instant that long before the gallery's now."""
        return Instant(NOW - AGES[age])

    def copy(self) -> CleanCopy:
        """A text's clean copy whose original says hostile things of itself, and where it was."""
        marks = tuple(Mark("comment", words[:300]) for words in HOSTILE_WORDS.values())
        text = "\n".join(HOSTILE_WORDS.values())
        placed = (Mark("place", "20.35618, -158.25449"), *marks)
        return CleanCopy("text", "", placed, (), text, cut=True, first=1, pages=0, digest="ab" * 32)

    def ahead(self, age: str) -> Instant:
        """An instant that far after the gallery's now."""
        return Instant(NOW + AGES[age])

    def row(self, **more: Any) -> Row:  # noqa: ANN401
        """A conversation in a list."""
        ordinary: dict[str, Any] = {
            "conversation": ConversationId(bytes(16)),
            "code_name": "amber lantern",
            "language": "en",
            "waiting_since": self.ago("3 min"),
            "unread": 1,
            "last_at": self.ago("3 min"),
            "preview": "I write from the library.",
            "holders": (),
        }
        return Row(**(ordinary | more))

    def place(self, **more: Any) -> Place:  # noqa: ANN401
        """What places a conversation."""
        return Place(**({"due": Instant(NOW + HOUR)} | more))

    def hit(self, **more: Any) -> Hit:  # noqa: ANN401
        """A search result."""
        ordinary: dict[str, Any] = {
            "conversation": ConversationId(bytes(16)),
            "code_name": "amber lantern",
            "at": self.ago("2 h"),
            "snippet": "one bed in \u2068Ostrel\u2069 from Thursday",
            "kind": "message",
        }
        return Hit(**(ordinary | more))

    def case_hit(self, **more: Any) -> Hit:  # noqa: ANN401
        """A search result in a case file."""
        note = {"conversation": None, "case": CaseId(bytes(16)), "parts": (Part.HEALTH,)}
        return self.hit(**({"code_name": "quiet orchard road", "kind": "case-note"} | note | more))

    def saved_search(self, name: str = "north road", words: str = "mill north") -> Saved:
        """A search that was saved."""
        return Saved(name, words)

    def joining(self, **more: Any) -> Joining:  # noqa: ANN401
        """Two conversations that a helper joined."""
        ordinary: dict[str, Any] = {
            "conversation": ConversationId(bytes(16)),
            "earlier": EARLIER,
            "joined": True,
            "reason": "She told what only she knew.",
            "by": MIRA,
            "at": self.ago("2 h"),
            "facts": (),
        }
        return Joining(**(ordinary | more))

    def joined_names(self, earlier: str) -> dict[ConversationId, str]:
        """Code names of the two."""
        return {ConversationId(bytes(16)): "amber lantern", EARLIER: earlier}

    def file(self, **more: Any) -> Attachment:  # noqa: ANN401
        """A file."""
        ordinary: dict[str, Any] = {
            "blob": BlobId(bytes(32)),
            "key": bytes(32),
            "name": "letter.pdf",
            "size": 84_000,
            "media_type": "text/html",
        }
        return Attachment(**(ordinary | more))

    def message(self, **more: Any) -> Message:  # noqa: ANN401
        """What a person wrote."""
        ordinary: dict[str, Any] = {
            "id": MessageId(bytes(32)),
            "arrived": self.ago("3 min"),
            "language": "en",
            "text": "I write from the library.\n\nPlease answer.",
            "attachments": (),
            "via": "portal",
            "read_by": (),
        }
        return Message(**(ordinary | more))

    def voice(self, message: int = 0, *, seconds: int = 65, cut: bool = True) -> Voice:
        """A voice message, of seven pieces."""
        name = MessageId(message.to_bytes(32, "big"))
        return Voice(name, {at: self.file() for at in range(7)}, seconds, cut)

    def transcript(self, text: str = "They came at six.") -> Transcript:
        """What a colleague heard."""
        return Transcript(
            fact_id(bytes(32), 0), MessageId(bytes(32)), MIRA, self.ago("3 min"), text
        )

    def by_hand(self, **more: Any) -> Message:  # noqa: ANN401
        """A contact that a helper typed in."""
        speaker, way = more.pop("speaker", "Her sister, for her."), more.pop("way", "behalf")
        how = ByHand(way, more.pop("languages", "some Russian"), speaker, MIRA, self.ago("3 min"))
        ordinary: dict[str, Any] = {"arrived": self.ago("2 h"), "by_hand": how}
        return self.message(**(ordinary | more))

    def imported(self, **more: Any) -> Imported:  # noqa: ANN401
        """Where a message came from that was brought in."""
        ordinary: dict[str, Any] = {"source": "mail", "sender": "Lilac <lilac@example.org>"}
        ordinary |= {"dated": True, "by": MIRA, "noted": self.ago("3 min")}
        return Imported(**(ordinary | more))

    def import_line(self, **more: Any) -> Kept:  # noqa: ANN401
        """One line of a report."""
        ordinary: dict[str, Any] = {"where": 1, "fate": "begins", "sender": "Lilac"}
        ordinary |= {"happened": self.ago("2 h"), "begins": "I write from the library.", "talk": ""}
        return Kept(**(ordinary | {"remarks": ("cut",)} | more))

    def load(self, **more: int) -> Load:
        """What a colleague holds."""
        return Load(**({"open": 3, "waiting": 1, "danger": 1} | more))

    def look(self, **more: Any) -> Look:  # noqa: ANN401
        """A request for a second look."""
        ordinary: dict[str, Any] = {
            "fact": fact_id(bytes(32), 0),
            "by": MIRA,
            "at": self.ago("3 min"),
            "to": OWN,
            "question": "Does this say too much?",
            "draft": "Come to the second door.",
            "until": self.ahead("2 h"),
            "given": (),
            "withdrawn": False,
        }
        return Look(**(ordinary | more))

    def given(self, **more: Any) -> Given:  # noqa: ANN401
        """What a colleague found."""
        ordinary: dict[str, Any] = {"fact": fact_id(bytes(32), 1), "by": MIRA}
        words = {"verdict": "change", "text": "Leave the door out.", "at": self.ago("3 min")}
        return Given(**(ordinary | words | more))

    def contact(self, **more: Any) -> FirstContact:  # noqa: ANN401
        """What a person told beside a message."""
        ordinary: dict[str, Any] = {
            "danger_today": "yes",
            "safe_to_read": "no",
            "for_whom": "taken",
            "from_whom": "an uncle",
            "region": "north",
            "answer_hours": ("night", "evening"),
            "clock_shows": 6,
            "clock_ahead": 3,
            "if_silent": "Wait for three days.",
            "not_alone_word": "lilac",
            "return_code": "01234567",
        }
        return FirstContact(**(ordinary | more))

    def answer(self, **more: Any) -> Answer:  # noqa: ANN401
        """What a helper wrote to a person."""
        ordinary: dict[str, Any] = {
            "id": bytes(16),
            "written": self.ago("2 h"),
            "by": OWN,
            "text": "You are not alone with this.",
            "attachments": (),
            "expires": Instant(NOW + 30 * DAY),
            "sent": True,
        }
        return Answer(**(ordinary | more))

    def note(self, text: str = "One bed from Thursday.", by: DeviceId = MIRA) -> Note:
        """What a helper wrote for colleagues."""
        return Note(self.ago("2 h"), by, text)

    def ready(self, state: str = "waits", **more: Any) -> Canned:  # noqa: ANN401
        """A ready answer in one of its states."""
        until = {"read": Instant(NOW + 90 * DAY), "due": self.ago("2 h")}.get(state)
        ordinary = {
            "language": "en",
            "title": "We are reading",
            "text": "Your message is with us. A fuller answer comes {when}.",
            "readings": (Reading(MIRA, self.ago("15 h"), until),) if until else (),
        } | more
        named = f"{state} {ordinary['title']}".encode("utf-8", "surrogatepass")
        version = FactId(blake2b(named, digest_size=36).digest())
        return Canned(b"r" * 16, version, by=OWN, at=self.ago("400 days"), **ordinary)

    def going(self, **more: Any) -> Going:  # noqa: ANN401
        """What is destroyed on a day."""
        ordinary: dict[str, Any] = {
            "conversation": ConversationId(bytes(16)),
            "code_name": "quiet harbour",
            "files": False,
            "day": self.ahead("400 days"),
            "days": 365,
        }
        return Going(**(ordinary | more))

    def first_words(
        self, state: str = "waits", text: str = "We have your message.", language: str = "en"
    ) -> Version:
        """First words in one of their states."""
        until = {"approved": Instant(NOW + 90 * DAY), "due": self.ago("2 h")}.get(state)
        approvals = (Approval(MIRA, self.ago("15 h"), until),) if until else ()
        named = f"{state} {text}".encode("utf-8", "surrogatepass")
        version = FactId(blake2b(named, digest_size=36).digest())
        return Version(version, (SaidIn(language, text),), OWN, self.ago("15 h"), approvals)

    def gates(self) -> tuple[Gate, ...]:
        """Every gate."""
        return tuple(Gate)

    def vetting(self, state: str = "", text: str = "She told it twice.") -> Vetting:
        """How far somebody is vetted."""
        word = Word(fact_id(bytes(32), 2), MIRA, self.ago("2 h"), text)
        seconds = (Word(fact_id(bytes(32), 3), OWN, self.ago("3 min"), text),)
        opening = Opening(Gate.VOUCHED, word, ("voucher",), frozenset(), (), ended=False)
        kept = (Guarded(fact_id(bytes(32), 4), MIRA, self.ago("2 h"), Gate.MET, None),)
        return {
            "waits": Vetting(openings=(opening,)),
            "vouched": Vetting(Gate.VOUCHED, (replace(opening, seconds=seconds),)),
            "withdrawn": Vetting(openings=(replace(opening, ended=True),), closings=(word,)),
        }.get(state, Vetting(guarded=kept))

    def contradiction(
        self, text: str = "The bus left at noon.", *, settled: bool = False
    ) -> Contradiction:
        """Two passages that do not agree."""
        word = Word(fact_id(bytes(32), 5), MIRA, self.ago("2 h"), text)
        quoted = Quoted(bytes(32), text, there=True), Quoted(bytes(32), text, there=settled)
        return Contradiction(word, *quoted, (word,) if settled else ())

    def hand_over(
        self, text: str = "She can be called after nine.", by: DeviceId = MIRA, to: DeviceId = OWN
    ) -> HandOver:
        """Who passed a conversation to whom."""
        return HandOver(FactId(bytes(36)), self.ago("2 h"), by, to, text)

    def claim(self, holder: DeviceId = MIRA, note: str = "") -> Claim:
        """Who holds a conversation."""
        return Claim(FactId(bytes(36)), holder, self.ago("2 h"), note)
