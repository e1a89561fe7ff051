# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the time of a conversation had come at a place of the log, by facts alone.

Every desk finds the same: it folds what stands before that place, puts nothing earlier than clocks
in the log say, and asks the clocks of two people (spec/retention.md 3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk.engine import log_times
from safeconduct.edges.desk.engine.judge import At
from safeconduct.edges.desk.joined_rows import pairs_of
from safeconduct.edges.desk.told_rows import tell
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import ConversationId, DeviceId, Instant, fact_id, instant_of
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline.fold import began_of, fold_joined
from safeconduct.rooms.hotline.joining import answered, group
from safeconduct.rooms.hotline.retention import ALL, Policy, RetentionSet, TimesTold, What
from safeconduct.rooms.hotline.retention_due import clock_of, due

if TYPE_CHECKING:
    from safeconduct.edges.desk.engine.journal import Journal
    from safeconduct.rooms.hotline import Conversation

_SET: Final = (
    "SELECT c.id, c.device, c.sequence, c.at, c.hlc, e.slot, e.vault, e.kind, e.version, e.body "
    'FROM entries e JOIN commits c ON c.no = e."commit" '
    "WHERE e.conversation IS NULL AND e.kind = 'hotline.RetentionSet' AND c.state = 0"
)
_TOLD: Final = (
    "SELECT c.at, c.id, e.slot, c.device, c.hlc, e.kind, e.version, e.body FROM entries e "
    'JOIN commits c ON c.no = e."commit" '
    "WHERE e.conversation = ? AND c.state = 0 AND (c.at < ? OR c.at IS NULL AND ?)"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes, on which day, after how many days, and how far each chain then stood."""

    whole: Conversation
    names: frozenset[ConversationId]
    day: Instant
    days: int
    stood: tuple[log_times.Stood, ...]


def policy_of(journal: Journal, place: int | None = None) -> Policy:
    """Return the office's times as stewards set them, before a place of the log if one is given.

    None counts as older than the latest clock before it.
    """
    judge, said = journal.judge, []
    for commit, device, sequence, at, hlc, slot, vault, *fact in journal.store.rows(_SET):
        beyond = place is not None and (at is None or at >= place)
        writer = DeviceId(device)
        if beyond or judge.refusal(At(commit, writer, sequence), slot, fact[0], vault):
            continue
        event = _setting(*fact)
        if event is not None:
            when = max(instant_of(hlc), _latest(journal, at))
            said.append(TimesTold(fact_id(commit, slot), writer, Instant(when), event))
    return Policy(tuple(said))


def rule_of(
    journal: Journal, start: ConversationId, what: What, place: int, *, unsent: bool = False
) -> Rule | None:
    """Return by which rule a conversation goes, by what stands before a place; None if it stays.

    With `unsent` facts of this desk that no log holds yet have a say, too.
    """
    told = {
        one: _told(journal, one, place, unsent=unsent)
        for one in journal.lists.joined.around(start)[0]
    }
    whole, names = _whole(journal, start, told)
    stood = log_times.before(journal, place)
    now = log_times.agreed(journal, stood)
    times = policy_of(journal, None if unsent else place).at(now)
    if whole is None or times is None or not _over(journal, whole):
        return None
    clock = clock_of(whole)
    day = due(clock, times, what)
    days = times.conversation if what == ALL else min(times.files, times.conversation)
    if clock.kept is not None or day > now:
        return None
    return Rule(whole, names, day, days, tuple(stood))


def _whole(
    journal: Journal, start: ConversationId, told: dict[ConversationId, list[hotline.Told]]
) -> tuple[Conversation | None, frozenset[ConversationId]]:
    folded = {one: journal.lists.fold(one, facts) for one, facts in told.items()}
    alone = {one: talk for one, talk in folded.items() if talk is not None}
    if start not in alone:
        return None, frozenset()
    pairs = {pair for talk in alone.values() for pair in pairs_of(talk)}
    names = group(start, pairs, alone) & alone.keys()
    if len(names) == 1:
        return alone[start], names
    codes = {one: alone[one].code_name for one in names}
    facts = chain.from_iterable(told[one] for one in sorted(names))
    shown = answered(began_of(alone[one] for one in names), pairs)
    return fold_joined(shown, codes, facts, office=journal.office), names


def _over(journal: Journal, whole: Conversation) -> bool:
    """Tell whether it was closed, or lost by two people, who are told apart by the roster."""
    triage, members = whole.triage, journal.roster.members
    if triage.closed is not None:
        return True
    if triage.lost is None or triage.lost.seconded_by is None:
        return False
    two = [members.get(one) for one in (triage.lost.by, triage.lost.seconded_by)]
    return len({one.person for one in two if one is not None}) > 1


def _told(
    journal: Journal, name: ConversationId, place: int, *, unsent: bool
) -> list[hotline.Told]:
    """Return the facts before a place, none older than the latest clock that stands before it."""
    found = []
    for at, *row in journal.store.rows(_TOLD, (name, place, unsent)):
        told = tell(row)
        if told is not None:
            newest = _latest(journal, at) << 16
            found.append(replace(told, hlc=max(told.hlc, newest)))
    return found


def _latest(journal: Journal, at: int | None) -> Instant:
    if at is None:
        return Instant(0)
    return log_times.latest(log_times.before(journal, at))


def _setting(kind: str, version: int, body: bytes) -> RetentionSet | None:
    try:
        event = hotline.parse_fact(kind, version, body)
    except SafeconductError:
        return None  # It lies in quarantine.
    return event if isinstance(event, RetentionSet) else None
