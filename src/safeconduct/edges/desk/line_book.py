# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lines at this desk: admitted and taken back, durable on return, and what they say of themselves.

Every desk reads by which line somebody wrote; a steward's desk alone says which lines are ours, and
one that holds the page's key makes their licences (spec/lines.md 5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from safeconduct.edges.desk import answering
from safeconduct.edges.desk.code_rows import CodeRows
from safeconduct.edges.desk.engine import page_key, post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import At
from safeconduct.edges.desk.line_risks import risk_version
from safeconduct.edges.desk.lines_api import LineAlarm
from safeconduct.edges.desk.rows_api import Row
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.words import CommitId, ConversationId, DeviceId, fact_id, instant_of
from safeconduct.rooms import hotline
from safeconduct.rooms.crew.decide import need_steward
from safeconduct.rooms.hotline import Conversation, joining_decide, line_decide
from safeconduct.rooms.hotline.by_line import RISKY
from safeconduct.rooms.hotline.line_card import parse_line_card
from safeconduct.rooms.hotline.line_facts import LineSaid, LineSet, OfficeLine, fold_lines
from safeconduct.rooms.hotline.line_licence import LineLicence, write_licence
from safeconduct.rooms.hotline.return_codes import in_order

OF_ONE_MOST: Final = 4
OF_UNKNOWN_MOST: Final = 10
"""Whoever signs as a line that nobody admitted fills no page, and pushes none of ours off it."""
_SAID: Final = (
    "SELECT c.id, c.device, c.sequence, e.slot, e.vault, e.kind, e.version, e.body, c.hlc "
    'FROM entries e JOIN commits c ON c.no = e."commit" '
    "WHERE e.conversation IS NULL AND e.kind = 'hotline.LineSet' AND c.state = 0"
)
_ALARMS: Final = (
    "SELECT id, line_key FROM conversations WHERE of_line = 1 AND line_key {whose} ({keys}) "
    "ORDER BY last_at DESC LIMIT ?"
)


class LineBook:
    """What somebody here does with lines."""

    def __init__(self, journal: Journal, need: Callable[[ConversationId], Conversation]) -> None:
        """Act for the device of this journal; `need` folds a conversation or refuses."""
        self._journal: Final = journal
        self._need: Final = need

    def all(self) -> Sequence[OfficeLine]:
        """Return every line that a steward named, those that stand first."""
        return lines_of(self._journal)

    def alarms(self) -> Sequence[LineAlarm]:
        """Return what lines said of themselves last, the newest first."""
        return alarms_of(self._journal)

    def admit(self, text: str, *, signed: bool, instead: bytes = b"") -> None:
        """Admit the line of a card; `signed` says that its risk was read, `instead` goes for it."""
        card, lines = parse_line_card(text), self.all()
        need_steward(self._journal.roster, self._journal.device)
        note = risk_version(card.kind) if signed and card.kind in RISKY else ""
        gone = line_decide.withdraw(instead, lines) if instead else ()
        self._write(line_decide.admit(card, note, lines), *gone)

    def withdraw(self, key: bytes) -> None:
        """Say that a line stands no more."""
        need_steward(self._journal.roster, self._journal.device)
        self._write(*line_decide.withdraw(key, self.all()))

    def licence(self, key: bytes) -> bytes:
        """Return the licence of a line that stands, to be carried to it as a file.

        Raises:
            PageKeyNotHeld: this desk does not hold the key that signs it.
        """
        journal = self._journal
        need_steward(journal.roster, journal.device)
        line, seed = line_decide.find(key, self.all()), page_key.seed_of(journal)
        if not seed:
            raise page_key.PageKeyNotHeld
        signer = LongSigningKey.from_seed(seed)
        relays, now = (journal.place.relay_url,), journal.clock.now()
        said = (1, journal.office, line.kind, line.key, now, relays, signer.public.raw, line.note)
        return write_licence(LineLicence(*said), signer)

    def send_way(self, conversation: ConversationId, text: str) -> None:
        """Let the line of a conversation say how to come to the page; `text` is kept of it here."""
        answering.answer(self._journal, self._need(conversation), answering.Written(text, way=True))

    def of_one_code(self, conversation: Conversation) -> Sequence[tuple[ConversationId, str]]:
        """Return the conversations that a return code says to be of the same person."""
        codes, lists = CodeRows(self._journal.store), self._journal.lists
        own = {conversation.id, *(part.id for part in conversation.parts)}
        found = [one for one in codes.matching(conversation.id) if one not in own]
        return [(one, lists.code_name(one)) for one in found]

    def join(self, conversation: ConversationId, other: ConversationId, reason: str) -> None:
        """Say that two conversations of one code are one person's.

        Raises:
            NotOfOneCode: no code says so.
        """
        journal = self._journal
        with journal.store.lock:
            found = self._need(conversation)
            if other not in {one for one, _ in self.of_one_code(found)}:
                raise line_decide.NotOfOneCode
            later, earlier = in_order(found, self._need(other))
            event = joining_decide.join(later, earlier, reason)
            journal.write([post.fact(journal, event)])

    def _write(self, *events: LineSet) -> None:
        self._journal.write([post.fact(self._journal, event) for event in events])


def lines_of(journal: Journal) -> tuple[OfficeLine, ...]:
    """Return the lines that facts tell of which count on this desk."""
    said = list[LineSaid]()
    for commit, device, sequence, slot, vault, *fact, hlc in journal.store.rows(_SAID):
        where = At(CommitId(commit), DeviceId(device), sequence)
        event = _event(*fact)
        if event is None or journal.judge.refusal(where, slot, fact[0], vault):
            continue
        one = fact_id(CommitId(commit), slot), where.device, instant_of(hlc), event
        said.append(LineSaid(*one))
    return fold_lines(said)


def alarms_of(journal: Journal) -> list[LineAlarm]:
    """Return what lines said of themselves last, the newest first; of each line and alarm one."""
    known, found = _known(lines_of(journal)), dict[tuple[str, bytes, str], LineAlarm]()
    for name in _speaking(journal, {key for _, key in known}):
        talk = journal.lists.conversation(name)
        for message in reversed(talk.messages if talk else ()):
            mark = message.line
            if mark is None or not mark.of_itself:
                continue
            ours = known.get((mark.kind, mark.key))
            since = ours.at if ours else None
            told = mark.kind, mark.key, mark.alarm, message.arrived
            said = LineAlarm(*told, known=ours is not None, since=since)
            before = found.setdefault((mark.kind, mark.key, mark.alarm), said)
            if before.at < said.at:
                found[mark.kind, mark.key, mark.alarm] = said
    return sorted(found.values(), key=lambda one: -one.at)


def _speaking(journal: Journal, ours: set[bytes]) -> list[ConversationId]:
    """Return where lines speak of themselves: of each of ours, and of some others."""
    each = [("IN", [key], OF_ONE_MOST) for key in sorted(ours)]
    asked = [*each, ("NOT IN", sorted(ours), OF_UNKNOWN_MOST)]
    found = list[ConversationId]()
    for whose, keys, most in asked:
        query = _ALARMS.format(whose=whose, keys=", ".join("?" * len(keys)))
        found += [ConversationId(name) for name, _ in journal.store.rows(query, (*keys, most))]
    return found


def marked(journal: Journal, rows: Sequence[Row]) -> Sequence[Row]:
    """Return rows that say whether the office knows the line by which somebody wrote."""
    if not any(row.line for row in rows):
        return rows
    known = _known(lines_of(journal))
    return [
        replace(row, line=row.line._replace(known=(row.line.kind, row.line.key) in known))
        if row.line
        else row
        for row in rows
    ]


def _known(lines: Sequence[OfficeLine]) -> Mapping[tuple[str, bytes], OfficeLine]:
    return {(one.kind, one.key): one for one in lines if one.stands}


def _event(kind: str, version: int, body: bytes) -> LineSet | None:
    try:
        event = hotline.parse_fact(kind, version, body)
    except SafeconductError:
        return None  # It lies in quarantine.
    return event if isinstance(event, LineSet) else None
