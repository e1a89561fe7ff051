# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the examples of the gallery are made of: ordinary things, and the words of a hostile one."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from safeconduct.edges.desk.api import Status, Trouble
from safeconduct.edges.desk.audit_api import CanSee
from safeconduct.edges.desk.cases_api import Shown
from safeconduct.edges.desk.exports_api import Export
from safeconduct.edges.desk.gallery_abroad import AbroadSamples
from safeconduct.edges.desk.gallery_board import BoardSamples
from safeconduct.edges.desk.gallery_bulletins import BulletinSamples
from safeconduct.edges.desk.gallery_burned import BurnedSamples
from safeconduct.edges.desk.gallery_lines import LineSamples
from safeconduct.edges.desk.gallery_talks import (
    GONE,
    HOSTILE,
    HOSTILE_WORDS,
    MIRA,
    NOW,
    OWN,
    TURNED,
)
from safeconduct.edges.desk.moves_api import Onward
from safeconduct.edges.desk.removals_api import Piece, Talk, Writing
from safeconduct.edges.desk.standings import Asked, Said, Stand
from safeconduct.edges.desk.tracing_api import DeviceShare, Tracing
from safeconduct.kernel.words import (
    DAY,
    HOUR,
    CaseId,
    CommitId,
    ConversationId,
    DeviceId,
    FactId,
    Instant,
    VaultId,
)
from safeconduct.rooms.cases import Answered, CaseFile, OpenPart, Part, Request
from safeconduct.rooms.crew import Role, Standing, Team
from safeconduct.rooms.crew.erasure import Erasure, OwnKey, erasure
from safeconduct.rooms.crew.exports import Stage
from safeconduct.rooms.crew.holders import Holder
from safeconduct.rooms.hotline.queue import State
from safeconduct.rooms.hotline.triage import Danger


class Samples(BoardSamples, BulletinSamples, AbroadSamples, BurnedSamples, LineSamples):
    """What examples are made of; each takes what differs from an ordinary one."""

    hostile = HOSTILE_WORDS
    turned = TURNED
    roles = tuple(Role)
    levels = tuple(Danger)
    states = tuple(State)

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

    def onward(self, **more: Any) -> Onward:  # noqa: ANN401
        """A move that a steward signed."""
        ordinary: dict[str, Any] = {
            "fact": FactId(bytes(36)),
            "by": MIRA,
            "at": self.ago("2 h"),
            "url": "http://new.example",
            "agreed": False,
        }
        return Onward(**(ordinary | more))

    def tracing(self, **more: Any) -> Tracing:  # noqa: ANN401
        """The server can tell devices apart."""
        ordinary: dict[str, Any] = {
            "since": self.ago("2 h"),
            "by": MIRA,
            "reason": "It is full.",
        }
        return Tracing(**(ordinary | more))

    def share(self, **more: Any) -> DeviceShare:  # noqa: ANN401
        """How much came from one device."""
        ordinary: dict[str, Any] = {
            "device": MIRA,
            "total": 7 << 30,
            "files": 4 << 30,
            "rest": 9,
        }
        return DeviceShare(**(ordinary | more))

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

    def export(self, **more: Any) -> Export:  # noqa: ANN401
        """An export that was asked for."""
        ordinary: dict[str, Any] = {
            "fact": FactId(bytes(36)),
            "by": MIRA,
            "at": self.ago("2 h"),
            "reason": "The court asks for it.",
            "recipient": "the lawyer",
            "count": 7,
            "talks": tuple((ConversationId(bytes([n]) * 16), f"amber {n}") for n in range(7)),
            "seconds": (),
            "made": 0,
            "mine": False,
        }
        return Export(**(ordinary | {"stage": Stage(more.pop("stage", "waits"))} | more))

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

    def own_key(self, device: DeviceId = MIRA, **more: Any) -> OwnKey:  # noqa: ANN401
        """A device's own key, a week old."""
        ordinary: dict[str, Any] = {"since": Instant(NOW - 7 * DAY), "unread": ()}
        return OwnKey(device, **(ordinary | more))

    def erasure(self, *keys: OwnKey) -> Erasure:
        """What is gone for good by what keys devices have."""
        return erasure(keys, Instant(NOW - 90 * DAY), NOW)

    def holder(self, **more: Any) -> Holder:  # noqa: ANN401
        """A person who holds keys."""
        ordinary: dict[str, Any] = {
            "person": "Mira",
            "devices": (MIRA,),
            "roles": frozenset({Role.OPERATOR, Role.STEWARD}),
            "stands": True,
            "until": None,
        }
        return Holder(**(ordinary | more))

    def seen(self, *holders: Holder, cards: bool = False) -> CanSee:
        """Who can see a record."""
        return CanSee(holders, cards)

    def team(
        self,
        name: str = "night",
        *,
        formed: int = 1,
        members: bool = True,
        keepers: bool = True,
    ) -> Team:
        """A team, as it stands."""
        devices = frozenset({MIRA, OWN} if members else ())
        facts = tuple(FactId(bytes([number] * 36)) for number in range(formed))
        whose = frozenset({MIRA} if keepers else ())
        return Team(VaultId(bytes(16)), name, devices, whose, facts)

    def case_file(self, name: str = "amber lantern road", parts: int = 2) -> CaseFile:
        """A case file of which some parts can be read."""
        held = tuple(OpenPart(part, VaultId(bytes(16)), ()) for part in tuple(Part)[:parts])
        return CaseFile(CaseId(bytes(16)), name, self.ago("2 h"), MIRA, held)

    def request(
        self,
        *given: bool,
        text: str = "Court is on Monday.",
        by: DeviceId = MIRA,
        holds: bool = False,
        answered: bool = False,
        travels: bool = False,
    ) -> Shown:
        """A request for keys, and what was answered; its id is of its words."""
        fact = FactId(text.encode("utf-8", "replace")[:18].ljust(36, bytes([len(given)])))
        answers = (Answered(self.ago("3 min"), HOSTILE, one, text) for one in given)
        asked = Request(fact, self.ago("2 h"), by, text, Part.LEGAL, text, tuple(answers))
        return Shown(asked, by == OWN, holds, answered, travels)

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
