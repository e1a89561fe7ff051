# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every part of the desk's pages with its examples, as one page in each language.

    python -m safeconduct.edges.desk.gallery build

A part is one macro in `templates/parts/NAME.html`; beside it `NAME.examples.html` shows it with
ordinary and hostile words.  A part without examples ends the run with 1.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from markupsafe import Markup

from safeconduct.edges.desk.api import Hit, Row, Status, Trouble
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.people import People
from safeconduct.edges.desk.removals_api import Piece, Talk, Writing
from safeconduct.edges.desk.render import TEMPLATES, pages
from safeconduct.edges.desk.standings import Asked, Said, Stand
from safeconduct.kernel.words import (
    DAY,
    HOUR,
    MINUTE,
    BlobId,
    CommitId,
    ConversationId,
    DeviceId,
    FactId,
    Instant,
    MessageId,
    OfficeId,
)
from safeconduct.rooms.crew import Role, Roster, Standing
from safeconduct.rooms.hotline import Answer, Attachment, Claim, HandOver, Message, Note

PARTS: Final = TEMPLATES / "parts"
STYLE: Final = TEMPLATES.parent / "static" / "desk.css"
NOW: Final = Instant(1_795_143_240_000)
OWN, MIRA, HOSTILE, GONE = (DeviceId(bytes([number]) * 16) for number in range(4))
AGES: Final = {"3 min": 3 * MINUTE, "2 h": 2 * HOUR, "15 h": 15 * HOUR, "400 days": 400 * DAY}
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


class Samples:
    """What examples are made of; each takes what differs from an ordinary one."""

    hostile = HOSTILE_WORDS
    turned = TURNED

    def ago(self, age: str) -> Instant:
        """An instant that long before the gallery's now."""
        return Instant(NOW - AGES[age])

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

    def hand_over(
        self, text: str = "She can be called after nine.", by: DeviceId = MIRA, to: DeviceId = OWN
    ) -> HandOver:
        """Who passed a conversation to whom."""
        return HandOver(FactId(bytes(36)), self.ago("2 h"), by, to, text)

    def claim(self, holder: DeviceId = MIRA, note: str = "") -> Claim:
        """Who holds a conversation."""
        return Claim(FactId(bytes(36)), holder, self.ago("2 h"), note)

    def member(self, name: str = "Mira’s laptop", **more: Any) -> Any:  # noqa: ANN401
        """A device of the office; only what pages show of it."""
        ordinary = {"person": "Mira", "roles": frozenset(Role), "admitted_by": OWN}
        device = SimpleNamespace(id=more.pop("id", MIRA), name=name)
        return SimpleNamespace(device=device, **(ordinary | more))

    def said(self, **more: Any) -> Said:  # noqa: ANN401
        """A removal."""
        ordinary: dict[str, Any] = {
            "by": OWN,
            "at": self.ago("2 h"),
            "reason": "Taken.",
            "expels": False,
            "seconds": (),
        }
        return Said(**(ordinary | more))

    def asked(self, **more: Any) -> Asked:  # noqa: ANN401
        """What waits for a second steward."""
        ordinary: dict[str, Any] = {
            "fact": FactId(bytes(36)),
            "act": "expel",
            "by": MIRA,
            "at": self.ago("3 min"),
            "reason": "Taken.",
            "members": (self.member(more.pop("name", "Mira’s laptop")),),
            "mine": False,
        }
        return Asked(**(ordinary | more))

    def stand(
        self,
        standing: str = "standing",
        removals: Sequence[Said] = (),
        asked: Sequence[Asked] = (),
        **more: Any,  # noqa: ANN401
    ) -> Stand:
        """How a device stands."""
        return Stand(self.member(**more), Standing(standing), tuple(removals), tuple(asked))

    def writing(
        self,
        text: str = "She is safe.",
        kind: str = "hotline.NoteWritten",
        **more: Any,  # noqa: ANN401
    ) -> Writing:
        """What lies in quarantine."""
        ordinary: dict[str, Any] = {
            "commit": CommitId(bytes(32)),
            "by": MIRA,
            "at": self.ago("2 h"),
            "code": "beyond_cut",
            "pieces": (Piece(kind, text, ConversationId(bytes(16)), "amber lantern"),),
            "adoptable": True,
        }
        return Writing(**(ordinary | more))

    def talks(self) -> list[Talk]:
        """People by their code names."""
        where = ConversationId(bytes(16))
        return [Talk(where, name, self.ago("400 days")) for name in HOSTILE_WORDS.values()]

    def status(self, **more: Any) -> Status:  # noqa: ANN401
        """How a desk stands with the server."""
        ordinary: dict[str, Any] = {
            "online": True,
            "last_contact": NOW,
            "unsent": 0,
            "catching_up": 0,
            "troubles": (),
        }
        return Status(**(ordinary | more))

    def found(self, code: str, about: int = 0) -> Trouble:
        """A trouble, and how many conversations it keeps waiting."""
        names = [*HOSTILE_WORDS.values()][:about]
        ids = (ConversationId(bytes([n]) * 16) for n in range(about))
        return Trouble(code, self.ago("2 h"), tuple(zip(ids, names, strict=True)))

    def until(self, code: str) -> Trouble:
        """A trouble that ends by itself."""
        return Trouble(code, self.ago("2 h"), until=Instant(NOW + 5 * HOUR))

    own, mira, stranger, gone = OWN, MIRA, HOSTILE, GONE


def part_names() -> list[str]:
    """Every part."""
    return sorted(p.stem for p in PARTS.glob("*.html") if not p.stem.endswith(".examples"))


def without_examples() -> list[str]:
    """Every part that nobody gave an example."""
    return [name for name in part_names() if not (PARTS / f"{name}.examples.html").exists()]


def examples_of(name: str, language: str) -> str:
    """Return the examples of one part."""
    samples = Samples()
    members = {
        device: samples.member(id=device, person=person)
        for device, person in ((MIRA, "Mira"), (HOSTILE, HOSTILE_WORDS["turned"]))
    }
    people = People(Roster(OfficeId(bytes(16)), members=members), OWN, language)
    context = {"sample": samples, "people": people, "now": NOW, "csrf": "token", "path": "/x"}
    template = pages(language, UTC).get_template(f"parts/{name}.examples.html")
    return template.render(**context)


def gallery(language: str) -> str:
    """Return the page with every part that has examples."""
    missing = without_examples()
    # Rendered by the same templates, so escaped already.
    shown = {
        name: Markup(examples_of(name, language))  # noqa: S704
        for name in part_names()
        if name not in missing
    }
    return pages(language, UTC).get_template("gallery.html").render(shown=shown)


def main(arguments: Sequence[str]) -> int:
    """Write the pages into a folder, and name the parts without examples."""
    folder = Path(*arguments[:1])
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(STYLE, folder / STYLE.name)
    for language in LANGUAGES:
        name = f"gallery-{language}.html"
        (folder / name).write_text(gallery(language), encoding="utf-8", errors="replace")
    missing = without_examples()
    sys.stdout.writelines(f"no examples: {name}\n" for name in missing)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
