# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a conversation's facts to the conversation: the same set gives the same state in any order.

A fold sees the facts of one conversation only, so a store folds what changed and nothing else.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.words import (
    Address,
    ConversationId,
    DeviceId,
    Instant,
    MessageId,
    OfficeId,
)
from safeconduct.rooms.hotline import (
    avoided,
    flags,
    hostility_fold,
    joining,
    looks,
    retention,
    transcripts,
    vetting,
)
from safeconduct.rooms.hotline.by_hand import AnswerNoted, ContactNoted
from safeconduct.rooms.hotline.events import (
    AnswerSent,
    AnswerWritten,
    AttachmentSaved,
    ConversationClaimed,
    ConversationHandedOver,
    ConversationReleased,
    HaveSent,
    MessageRead,
    MessageReceived,
    NoteWritten,
)
from safeconduct.rooms.hotline.imported import AnswerImported, ContactImported
from safeconduct.rooms.hotline.letters import conversation_of
from safeconduct.rooms.hotline.pieces import (
    Piece,
    answer_noted,
    answers_imported,
    attachment,
    in_time,
    line_of,
    messages_of,
    spare_files,
)
from safeconduct.rooms.hotline.told import Told, heard
from safeconduct.rooms.hotline.triage import UNTRIAGED, Triage
from safeconduct.rooms.hotline.triage_facts import TRIAGE_FACTS, DangerSet
from safeconduct.rooms.hotline.triage_fold import Known, Said, fold_triage
from safeconduct.rooms.hotline.vetting_facts import VETTING_FACTS
from safeconduct.rooms.hotline.words import (
    Answer,
    Claim,
    Conversation,
    HandOver,
    Mailbox,
    Message,
    Note,
    Part,
    files_of,
    pieces_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Mapping


STARTS_NO_CLOCK: Final = (
    *(AnswerSent, AttachmentSaved, HaveSent, MessageRead),
    *retention.RETENTION_FACTS,
)
"""Facts after which what is over is kept for no longer: who looks does nothing."""


def fold(
    conversation: ConversationId,
    code_name: str,
    told: Iterable[Told],
    apart: vetting.Apart = vetting.nobody_apart,
    office: OfficeId | None = None,
) -> Conversation | None:
    """Return the conversation, or None while no message of it has been read.

    `apart` knows by the roster which devices are of two people; without it no second counts.
    `office` is ours: without it no letter is by a line.

    Every record of a letter may name the person's box, and none takes the place of another: a
    colleague's false one would else turn later answers away from her.
    """
    return fold_joined(conversation, {conversation: code_name}, told, apart, office)


def fold_joined(
    conversation: ConversationId,
    names: Mapping[ConversationId, str],
    told: Iterable[Told],
    apart: vetting.Apart = vetting.nobody_apart,
    office: OfficeId | None = None,
) -> Conversation | None:
    """Return several conversations, by their code names, as the one of them that is answered.

    None while no message of that one has been read.
    """
    facts = sorted(told, key=lambda item: (item.hlc, item.fact))
    events = [
        in_time(item.event, item.at)
        for item in facts
        if isinstance(item.event, Piece) and _belongs(item.event, names)
    ]
    own = [event for event in events if event.conversation == conversation]
    if not own:
        return None
    messages, answers, notes = messages_of(events, facts, office), _answers(facts), _notes(facts)
    first = min(own, key=lambda event: event.arrived)
    return Conversation(
        id=conversation,
        code_name=names[conversation],
        mailboxes=_mailboxes(own, office),
        voice=next((one.voice for one in own if isinstance(one, MessageReceived)), b""),
        language=first.language,
        messages=messages,
        answers=answers,
        notes=notes,
        claims=_claims(facts),
        handovers=_handovers(facts),
        triage=_marked(_flagged(_triage(facts, messages, answers), facts), facts),
        joinings=_joinings(facts),
        parts=_parts(names, events, facts) if len(names) > 1 else (),
        looks=_looks(facts),
        avoided=_avoided(facts),
        keeping=_keeping(facts),
        vetting=_vetting(facts, names, pieces_of(messages, answers, notes), apart),
        transcripts=transcripts.fold_transcripts(heard(facts, (transcripts.TranscriptWritten,))),
        spare=spare_files(events, facts, files_of(messages, answers)),
    )


def _notes(facts: list[Told]) -> tuple[Note, ...]:
    return tuple(
        Note(item.at, item.device, item.event.text, item.fact)
        for item in facts
        if isinstance(item.event, NoteWritten)
    )


def _joinings(facts: list[Told]) -> tuple[joining.Joining, ...]:
    return joining.joinings(heard(facts, (joining.ConversationsJoined,)))


def _looks(facts: list[Told]) -> tuple[looks.Look, ...]:
    return looks.fold_looks(heard(facts, looks.LOOK_FACTS))


def began_of(talks: Iterable[Conversation]) -> dict[ConversationId, Instant]:
    """Return when each began that can be answered: those with a box, or all where none has one.

    Somebody whom a helper only heard of by another way cannot be answered, and takes no box away;
    nor does a channel that carries nothing of what we write take away one that does.
    """
    alone = list(talks)
    boxed = [talk for talk in alone if talk.mailboxes]
    carried = [talk for talk in boxed if talk.carries]
    return {talk.id: talk.began for talk in carried or boxed or alone}


def _parts(
    names: Mapping[ConversationId, str], events: list[Piece], facts: list[Told]
) -> tuple[Part, ...]:
    pieces: dict[bytes, set[bytes]] = {}
    for event in events:
        pieces.setdefault(event.conversation, set()).add(event.message)
    for item in facts:
        if isinstance(item.event, AnswerWritten | AnswerNoted | AnswerImported):
            pieces.setdefault(item.event.conversation, set()).add(item.event.answer)
    began: dict[bytes, int] = {}
    for event in sorted(events, key=lambda event: -event.arrived):
        began[event.conversation] = event.arrived
    boxed = {event.conversation for event in events if isinstance(event, MessageReceived)}
    parts = [
        Part(one, name, Instant(began[one]), frozenset(pieces[one]), one in boxed)
        for one, name in names.items()
        if one in began
    ]
    return tuple(sorted(parts, key=lambda part: (part.began, part.id)))


def _triage(
    facts: list[Told], messages: tuple[Message, ...], answers: tuple[Answer, ...]
) -> Triage:
    said = heard(facts, TRIAGE_FACTS)
    in_danger = _in_danger(messages, said)
    if not said:
        return Triage(in_danger=in_danger) if in_danger else UNTRIAGED
    ids = {message.id for message in messages}
    answered = {message for answer in answers for message in answer.answers}
    return fold_triage(said, Known(len(ids), frozenset(ids - answered), in_danger))


def _flagged(triage: Triage, facts: list[Told]) -> Triage:
    said = heard(facts, flags.FLAG_FACTS)
    if not said:
        return triage
    found = flags.fold_flags(said)
    return dataclasses.replace(triage, flags=found.standing, ended_flags=found.ended)


def _marked(triage: Triage, facts: list[Told]) -> Triage:
    if not triage.standing.hostile:
        return triage
    found = hostility_fold.fold_hostility(heard(facts, (object,)))
    return dataclasses.replace(triage, hostility=found)


def _avoided(facts: list[Told]) -> avoided.Avoided:
    return avoided.fold_avoided(heard(facts, (avoided.AvoidedWordsSet,)))


def _keeping(facts: list[Told]) -> retention.Keeping:
    done = [item.at for item in facts if not isinstance(item.event, STARTS_NO_CLOCK)]
    said = heard(facts, retention.RETENTION_FACTS)
    return retention.fold_keeping(said, max(done, default=Instant(0)))


def _vetting(
    facts: list[Told],
    parts: Collection[ConversationId],
    pieces: Mapping[bytes, list[str]],
    apart: vetting.Apart,
) -> vetting.Vetting:
    said = heard(facts, VETTING_FACTS)
    return vetting.fold_vetting(said, parts, pieces, apart)


def _in_danger(messages: tuple[Message, ...], said: list[Said]) -> tuple[MessageId, ...]:
    """Return which messages say "in danger today" and were read by nobody who judged.

    No clock has a say in this, so none can hide one.  A later "no" of hers takes nothing back: it
    may be written under somebody's eyes.
    """
    judged = {m for one in said if isinstance(one.event, DangerSet) for m in one.event.messages}
    saying = {one.id for one in messages if _says_danger(one)}
    return tuple(sorted(saying - judged))


def _says_danger(message: Message) -> bool:
    """Tell whether a person says so beside a message, or somebody forced her as she called."""
    by_phone = message.line is not None and message.line.kind == "phone"
    forced = by_phone and message.call is not None and message.call.duress
    return forced or (message.contact is not None and message.contact.danger_today == "yes")


def _mailboxes(events: list[Piece], office: OfficeId | None) -> tuple[Mailbox, ...]:
    """Return every box that letters name; of each line that reads for her, what it said last."""
    named: dict[tuple[bytes, bytes, bytes], Mailbox] = {}
    letters = [event for event in events if isinstance(event, MessageReceived)]
    for event in sorted(letters, key=lambda one: (one.arrived, one.message, one.extras)):
        mark = line_of(event, office)
        own = b"" if mark is None else mark.key + mark.voice
        mailbox = Mailbox(Address(event.address), event.sealing_key, mark)
        named[event.address, event.sealing_key, own] = mailbox
    return tuple(named[at] for at in sorted(named))


def _belongs(event: Piece, among: Container[ConversationId]) -> bool:
    """Tell whether the voice in a message is that of its conversation, whatever the fact says."""
    named = ConversationId(event.conversation)
    if isinstance(event, ContactNoted | ContactImported):
        return named in among
    return named in among and named == conversation_of(event.voice)


def _answers(facts: list[Told]) -> tuple[Answer, ...]:
    """Return the answers; that one was sent is said by the device that wrote it and held it."""
    sent = {
        (item.device, item.event.answer): item.event.expires
        for item in facts
        if isinstance(item.event, AnswerSent)
    }
    written = [
        Answer(
            id=item.event.answer,
            written=item.at,
            by=item.device,
            text=item.event.text,
            attachments=tuple(attachment(file) for file in item.event.files),
            expires=Instant(sent.get((item.device, item.event.answer), item.event.expires)),
            sent=(item.device, item.event.answer) in sent,
            answers=tuple(MessageId(message) for message in item.event.answers),
        )
        for item in facts
        if isinstance(item.event, AnswerWritten)
    ]
    return tuple(
        written
        + [answer_noted(item, item.event) for item in facts if isinstance(item.event, AnswerNoted)]
    ) + answers_imported(facts)


def _handovers(facts: list[Told]) -> tuple[HandOver, ...]:
    return tuple(
        HandOver(item.fact, item.at, item.device, DeviceId(item.event.to), item.event.note)
        for item in facts
        if isinstance(item.event, ConversationHandedOver)
    )


def _claims(facts: list[Told]) -> tuple[Claim, ...]:
    ended: set[bytes] = set()
    claims: list[Claim] = []
    for item in facts:
        event = item.event
        if isinstance(event, ConversationClaimed | ConversationHandedOver | ConversationReleased):
            ended.update(event.replaces)
        if isinstance(event, ConversationClaimed):
            claims.append(Claim(item.fact, item.device, item.at, ""))
        if isinstance(event, ConversationHandedOver):
            claims.append(Claim(item.fact, DeviceId(event.to), item.at, event.note))
    return tuple(claim for claim in claims if claim.fact not in ended)
