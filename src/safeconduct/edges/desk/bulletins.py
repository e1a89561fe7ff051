# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bulletins at this desk: told, changed, ended, and what people outside may read of them.

Which conversations a bulletin touches is computed here, of what this desk can open; no fact and no
frame says so (spec/bulletins.md 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from safeconduct.edges.desk.bulletins_api import Counted
from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.words import ConversationId, FactId, Instant
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.hotline import Conversation, bulletin_decide
from safeconduct.rooms.hotline.bulletin_decide import NoticeText, Telling
from safeconduct.rooms.hotline.bulletin_facts import BulletinFact
from safeconduct.rooms.hotline.bulletin_match import contact_in, texts_in
from safeconduct.rooms.hotline.bulletin_notice import Guard, Leaks
from safeconduct.rooms.hotline.bulletins import (
    BULLETIN_ID_BYTES,
    Bulletin,
    BulletinId,
    PublicNotice,
    Touch,
)
from safeconduct.rooms.hotline.queue import NEVER


class Bulletins:
    """The bulletins, over an open journal."""

    def __init__(self, journal: Journal) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._rows: Final = journal.lists.touched

    def running(self) -> Sequence[Counted]:
        """Return those that run, the nearest deadline first."""
        every = self._rows.bulletins().values()
        return in_order(self._counted(one) for one in every if one.ended is None)

    def ended(self) -> Sequence[Bulletin]:
        """Return those that ended, the last first."""
        return last_ended(self._rows.bulletins().values())

    def find(self, bulletin: bytes) -> Counted | None:
        """Return one, or None."""
        found = self._rows.bulletins().get(BulletinId(bulletin))
        return self._counted(found) if found else None

    def touching(self, conversation: Conversation) -> Sequence[tuple[Touch, Bulletin]]:
        """Return which touch a conversation."""
        every = self._rows.bulletins()
        touches = self._rows.shown([conversation.id])[conversation.id]
        return [(one, every[one.bulletin]) for one in touches if one.bulletin in every]

    def names(self, bulletin: Bulletin) -> Mapping[ConversationId, str]:
        """Return the code names of the conversations that it names, or that helpers marked."""
        named = bulletin.scope.conversations | {name for name, _ in bulletin.marks}
        return {name: self._journal.lists.code_name(name) for name in sorted(named)}

    def issue(self, telling: Telling) -> BulletinId:
        """Tell of a threat."""
        name = BulletinId(self._journal.rng.bytes(BULLETIN_ID_BYTES))
        self._write(bulletin_decide.issue(name, telling, self._now()))
        return name

    def change(self, bulletin: Bulletin, telling: Telling, reason: str, *, again: bool) -> None:
        """Tell it anew, and why; `again` when people must be told again."""
        fact = bulletin_decide.change(bulletin, telling, reason, self._now(), again=again)
        self._write(fact)

    def end(self, bulletin: Bulletin, reason: str) -> None:
        """Say that the threat is over."""
        self._write(bulletin_decide.end(bulletin, reason))

    def mark(
        self, bulletin: Bulletin, conversation: ConversationId, reason: str, *, touched: bool
    ) -> None:
        """Say of one conversation that it touches it, or that it does not."""
        self._write(bulletin_decide.mark(bulletin, conversation, reason, touched=touched))

    def leaks(self, bulletin: Bulletin, text: str) -> Leaks:
        """Return what of the people and of the office stands in a text for people outside."""
        guard = Guard(text, bulletin.scope.look_for)
        for member in self._journal.roster.members.values():
            guard.name(member.person)
            guard.name(member.device.name)
        for name in self._journal.lists.names():
            guard.name(name)
        for _, event in self._rows.texts():
            for said in texts_in(event):
                guard.text(said)
            contact = contact_in(event)
            if contact is not None:
                guard.text(contact.region)
        return guard.leaks()

    def write_notice(self, bulletin: Bulletin, text: NoticeText) -> None:
        """Write what people outside may read."""
        leaks = self.leaks(bulletin, f"{text.do}\n{text.avoid}")
        self._write(bulletin_decide.write_notice(bulletin, text, leaks, self._now()))

    def may_approve(self, notice: PublicNotice) -> bool:
        """Tell whether somebody here is another person than its writer."""
        return are_apart(self._journal.roster, self._journal.device, notice.by)

    def approve(self, bulletin: Bulletin, notice: FactId, *, looked: bool) -> None:
        """Say that a notice may go out."""
        found = next((one for one in bulletin.notices if one.fact == notice), None)
        leaks = self.leaks(bulletin, text_of(found)) if found else Leaks()
        another = found is not None and self.may_approve(found)
        fact = bulletin_decide.approve(bulletin, notice, leaks, another=another, looked=looked)
        self._write(fact)

    def let_out(self, bulletin: Bulletin, notice: FactId) -> PublicNotice:
        """Return a notice that may leave the desk."""
        found = next((one for one in bulletin.notices if one.fact == notice), None)
        leaks = self.leaks(bulletin, text_of(found)) if found else Leaks()
        return bulletin_decide.let_out(bulletin, notice, leaks)

    def _counted(self, bulletin: Bulletin) -> Counted:
        return Counted(bulletin, *self._rows.counts(bulletin.id))

    def _now(self) -> Instant:
        return self._journal.clock.now()

    def _write(self, event: BulletinFact) -> None:
        self._journal.write([post.fact(self._journal, event)])


def in_order(counted: Iterable[Counted]) -> list[Counted]:
    """Return bulletins, the nearest deadline first, those without one last."""

    def place(one: Counted) -> tuple[int, int, bytes]:
        bulletin = one.bulletin
        return bulletin.until or NEVER, -bulletin.since, bulletin.id

    return sorted(counted, key=place)


def last_ended(bulletins: Iterable[Bulletin]) -> list[Bulletin]:
    """Return those that ended, the last first."""
    over = [(-one.ended.at, one.id, one) for one in bulletins if one.ended is not None]
    return [one for *_, one in sorted(over, key=lambda item: item[:2])]


def text_of(notice: PublicNotice) -> str:
    """Return all that a notice says in words."""
    return f"{notice.do}\n{notice.avoid}"
