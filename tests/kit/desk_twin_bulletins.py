# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bulletins of a desk in memory: the room's fold, matching, guard and decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.bulletins import in_order, last_ended, text_of
from safeconduct.edges.desk.bulletins_api import Counted
from safeconduct.kernel.words import ConversationId, FactId, fact_id
from safeconduct.rooms.crew.exports import of_others
from safeconduct.rooms.hotline import Conversation, bulletin_decide
from safeconduct.rooms.hotline.bulletin_decide import NoticeText, Telling
from safeconduct.rooms.hotline.bulletin_facts import BulletinFact
from safeconduct.rooms.hotline.bulletin_fold import BulletinTold, fold_bulletin
from safeconduct.rooms.hotline.bulletin_match import Matcher, texts_of
from safeconduct.rooms.hotline.bulletin_notice import Guard, Leaks
from safeconduct.rooms.hotline.bulletins import Bulletin, BulletinId, PublicNotice, Touch

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinBulletins:
    """One desk's side; what was told is the office's."""

    def __init__(self, desk: TwinDesk, told: list[BulletinTold]) -> None:
        """Act for a desk."""
        self._desk, self.told = desk, told

    def touches(self, conversation: Conversation) -> tuple[Touch, ...]:
        """Which touch a conversation."""
        running = [one for one in self._all() if one.ended is None]
        found = [Matcher(one).touch(conversation) for one in running]
        return tuple(touch for touch in found if touch is not None)

    def running(self) -> Sequence[Counted]:
        """Those that run."""
        return in_order(self._counted(one) for one in self._all() if one.ended is None)

    def ended(self) -> Sequence[Bulletin]:
        """Those that ended."""
        return last_ended(self._all())

    def find(self, bulletin: bytes) -> Counted | None:
        """One of them."""
        return next((self._counted(one) for one in self._all() if one.id == bulletin), None)

    def touching(self, conversation: Conversation) -> Sequence[tuple[Touch, Bulletin]]:
        """Which touch it, and what they say."""
        every = {one.id: one for one in self._all()}
        return [(touch, every[touch.bulletin]) for touch in self.touches(conversation)]

    def names(self, bulletin: Bulletin) -> Mapping[ConversationId, str]:
        """Code names of whom it names."""
        named = bulletin.scope.conversations | {name for name, _ in bulletin.marks}
        return {name: self._desk._names[name] for name in sorted(named)}

    def issue(self, telling: Telling) -> BulletinId:
        """Tell of a threat."""
        name = BulletinId(self._desk.rng.bytes(16))
        self._tell(bulletin_decide.issue(name, telling, self._desk.now()))
        return name

    def change(self, bulletin: Bulletin, telling: Telling, reason: str, *, again: bool) -> None:
        """Tell it anew."""
        now = self._desk.now()
        self._tell(bulletin_decide.change(bulletin, telling, reason, now, again=again))

    def end(self, bulletin: Bulletin, reason: str) -> None:
        """It is over."""
        self._tell(bulletin_decide.end(bulletin, reason))

    def mark(
        self, bulletin: Bulletin, conversation: ConversationId, reason: str, *, touched: bool
    ) -> None:
        """Whether it touches one conversation."""
        self._tell(bulletin_decide.mark(bulletin, conversation, reason, touched=touched))

    def leaks(self, bulletin: Bulletin, text: str) -> Leaks:
        """What must not stand in a notice."""
        guard, desk = Guard(text, bulletin.scope.look_for), self._desk
        for member in desk.roster().members.values():
            guard.name(member.person)
            guard.name(member.device.name)
        for name in desk._names.values():
            guard.name(name)
        for where in desk._told:
            for said in texts_of(desk._conversation(where)):
                guard.text(said)
        return guard.leaks()

    def write_notice(self, bulletin: Bulletin, text: NoticeText) -> None:
        """Write one."""
        leaks = self.leaks(bulletin, f"{text.do}\n{text.avoid}")
        self._tell(bulletin_decide.write_notice(bulletin, text, leaks, self._desk.now()))

    def may_approve(self, notice: PublicNotice) -> bool:
        """Whether somebody else sits here."""
        return bool(of_others(self._desk.roster(), [self._desk.device], notice.by))

    def approve(self, bulletin: Bulletin, notice: FactId, *, looked: bool) -> None:
        """It may go out."""
        found = next((one for one in bulletin.notices if one.fact == notice), None)
        leaks = self.leaks(bulletin, text_of(found)) if found else Leaks()
        another = found is not None and self.may_approve(found)
        self._tell(bulletin_decide.approve(bulletin, notice, leaks, another=another, looked=looked))

    def let_out(self, bulletin: Bulletin, notice: FactId) -> PublicNotice:
        """The notice that goes out."""
        found = next((one for one in bulletin.notices if one.fact == notice), None)
        leaks = self.leaks(bulletin, text_of(found)) if found else Leaks()
        return bulletin_decide.let_out(bulletin, notice, leaks)

    def _all(self) -> list[Bulletin]:
        names = dict.fromkeys(BulletinId(one.event.bulletin) for one in self.told)
        folded = (fold_bulletin(name, self.told) for name in names)
        return [one for one in folded if one is not None]

    def _counted(self, bulletin: Bulletin) -> Counted:
        desk = self._desk
        talks = (desk._conversation(where) for where in desk._told)
        found = {talk.id: Matcher(bulletin).touch(talk) for talk in talks}
        touches = [touch for touch in found.values() if touch is not None]
        return Counted(bulletin, len(touches), sum(touch.told for touch in touches))

    def _tell(self, event: BulletinFact) -> None:
        fact = fact_id((len(self.told) + 1).to_bytes(32, "little"), 1)
        self.told.append(BulletinTold(fact, self._desk.device, self._desk.now(), event))
        self._desk._changed()
