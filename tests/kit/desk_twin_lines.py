# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lines at a desk in memory, and a twin of a line: real marks and cards, and no machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from safeconduct.edges.desk.engine.page_key import PageKeyNotHeld
from safeconduct.edges.desk.line_risks import risk_version
from safeconduct.edges.desk.lines_api import LineAlarm
from safeconduct.edges.desk.row_writing import line_of
from safeconduct.edges.desk.rows_api import ByLine
from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import ConversationId, OfficeId, fact_id
from safeconduct.rooms.crew.decide import need_steward
from safeconduct.rooms.hotline import Conversation, joining_decide, line_decide
from safeconduct.rooms.hotline.by_line import RISKY, Kind, LineMark, Sender, sign_mark, write_mark
from safeconduct.rooms.hotline.calling_back import NoCallAsked, need_asked, order
from safeconduct.rooms.hotline.decide import write_answer
from safeconduct.rooms.hotline.events import MessageReceived
from safeconduct.rooms.hotline.letters import conversation_of
from safeconduct.rooms.hotline.line_card import LineCard, parse_line_card, write_line_card
from safeconduct.rooms.hotline.line_facts import LineSaid, LineSet, OfficeLine, fold_lines
from safeconduct.rooms.hotline.return_codes import codes_of, in_order

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinLines:
    """One desk's side; the lines are the office's."""

    def __init__(self, desk: TwinDesk, said: list[LineSaid]) -> None:
        """Act for a desk."""
        self._desk, self._said = desk, said
        self.made: dict[bytes, bytes] = {}

    def at(self, desk: TwinDesk) -> TwinLines:
        """The same office at a colleague's desk."""
        return TwinLines(desk, self._said)

    def all(self) -> Sequence[OfficeLine]:
        """Every line that was named."""
        return fold_lines(self._said)

    def alarms(self) -> Sequence[LineAlarm]:
        """What lines said of themselves."""
        found = dict[tuple[str, bytes, str], LineAlarm]()
        for where in self._desk._told:
            for one in self._desk._conversation(where).messages:
                mark = one.line
                if mark is not None and mark.of_itself:
                    ours = next(iter(self._stand(ByLine(mark.kind, mark.key))), None)
                    since = ours.at if ours else None
                    told = mark.kind, mark.key, mark.alarm, one.arrived
                    said = LineAlarm(*told, known=ours is not None, since=since)
                    found[mark.kind, mark.key, mark.alarm] = said
        return sorted(found.values(), key=lambda one: -one.at)

    def admit(self, text: str, *, signed: bool, instead: bytes = b"") -> None:
        """Admit one."""
        card, lines = parse_line_card(text), self.all()
        need_steward(self._desk.roster(), self._desk.device)
        note = risk_version(card.kind) if signed and card.kind in RISKY else ""
        gone = line_decide.withdraw(instead, lines) if instead else ()
        self._tell(line_decide.admit(card, note, lines), *gone)

    def withdraw(self, key: bytes) -> None:
        """Take one back."""
        need_steward(self._desk.roster(), self._desk.device)
        self._tell(*line_decide.withdraw(key, self.all()))

    def licence(self, key: bytes) -> bytes:
        """What is carried to one; this desk holds no page's key unless it was `made`."""
        need_steward(self._desk.roster(), self._desk.device)
        line = line_decide.find(key, self.all())
        if line.key not in self.made:
            raise PageKeyNotHeld
        return self.made[line.key]

    def send_way(self, conversation: ConversationId, text: str) -> None:
        """Send the way."""
        self._desk.answer(conversation, text, way=True)

    def call_back(self, conversation: ConversationId, ring: str, text: str) -> None:
        """Note that they are called."""
        talk, now = self._desk._conversation(conversation), self._desk.now()
        one = need_asked(talk, now)
        order(one, ring, now)
        if (one.line.kind, one.line.key) not in {(i.kind, i.key) for i in self.all() if i.stands}:
            raise NoCallAsked
        fact = write_answer(talk, self._desk.rng.bytes(16), text, (), now)
        self._desk._tell(conversation, fact)

    def of_one_code(self, conversation: Conversation) -> Sequence[tuple[ConversationId, str]]:
        """Whose code it is."""
        own = {(one.code, one.said) for one in codes_of(conversation)}
        parts = {conversation.id, *(part.id for part in conversation.parts)}
        talks = [self._desk._conversation(where) for where in self._desk._told]
        return [
            (one.id, one.code_name)
            for one in {talk.id: talk for talk in talks if talk.id not in parts}.values()
            if any((code.code, 1 - code.said) in own for code in codes_of(one))
        ]

    def join(self, conversation: ConversationId, other: ConversationId, reason: str) -> None:
        """Join them."""
        found = self._desk._conversation(conversation)
        if other not in {one for one, _ in self.of_one_code(found)}:
            raise line_decide.NotOfOneCode
        later, earlier = in_order(found, self._desk._conversation(other))
        self._desk._tell(later.id, joining_decide.join(later, earlier, reason))

    def marked(self, talk: Conversation) -> ByLine | None:
        """The line of a row."""
        line = line_of(talk)
        return line and line._replace(known=self._known(line))

    def _known(self, line: ByLine) -> bool:
        return bool(self._stand(line))

    def _stand(self, line: ByLine) -> list[OfficeLine]:
        named = line.kind, line.key
        return [one for one in self.all() if one.stands and (one.kind, one.key) == named]

    def _tell(self, *events: LineSet) -> None:
        for event in events:
            fact = fact_id(b"lines" + len(self._said).to_bytes(27, "big"), 0)
            self._said.append(LineSaid(fact, self._desk.device, self._desk.now(), event))
        self._desk._changed()


@dataclass
class TwinLine:
    """A line that runs nowhere: its keys, its card, and what its letters tell."""

    kind: Kind
    seed: bytes = b"l" * 32
    office: OfficeId = field(default=OfficeId(bytes(16)))

    @property
    def sealing(self) -> SealingKey:
        """What it opens answers with."""
        return SealingKey.from_seed(self.seed)

    @property
    def card(self) -> LineCard:
        """Its card."""
        key = SigningKey.from_seed(self.seed).public.raw
        address, voice = self.seed[:31] + b"a", self.seed[:31] + b"v"
        return LineCard(1, self.kind, key, self.sealing.public.raw, address, voice)

    @property
    def text(self) -> str:
        """Its card as a steward pastes it."""
        return write_line_card(self.card)

    def extras(self, voice: bytes, **told: Any) -> dict[str, Any]:  # noqa: ANN401
        """What a letter of somebody with this voice tells of it, signed."""
        card = self.card
        fields = {"handle": b"handle of " + voice[:4], "signature": bytes(64)} | told
        mark = LineMark(kind=self.kind, key=card.key, voice=card.voice, **fields)
        sender = Sender(voice, card.address, card.sealing_key)
        signer = SigningKey.from_seed(self.seed)
        return write_mark(sign_mark(mark, self.office, sender, signer))

    def write(self, desk: TwinDesk, name: str, text: str, **more: Any) -> ConversationId:  # noqa: ANN401
        """Let somebody write to a desk by it, `of` a conversation or in a new one.

        `beside` are other extras, `files` what came along; the rest is its mark.
        """
        beside, files, of = (more.pop(name, ()) for name in ("beside", "files", "of"))
        voice, card = desk._voices[of] if of else desk.rng.bytes(32), self.card
        self.office = desk.roster().office
        extras = encode(self.extras(voice, **more) | dict(beside))
        where = conversation_of(voice)
        desk._names[where], desk._voices[where] = name, voice
        said = where, desk.rng.bytes(32), card.address, card.sealing_key, voice, desk.now()
        kept = tuple(desk._keep(*file) for file in files)
        desk._tell(where, MessageReceived(*said, "ru", text, kept, "line", extras, 1))
        return where
