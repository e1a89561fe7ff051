# SPDX-License-Identifier: AGPL-3.0-or-later
"""Doors: the boxes in which devices find what follows when somebody is removed (spec/crew.md 5)."""

from __future__ import annotations

import hashlib

import pytest

from safeconduct.kernel.seal.lock import SealingPublicKey, seal_to
from safeconduct.kernel.seal.padding import pad
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.wire.bodies import BoxAsk, Letter, Meeting, write_body
from safeconduct.kernel.wire.refusals import Conflict
from safeconduct.kernel.wire.streams import BoxAnswer, parse_box_answer
from safeconduct.kernel.wire.work import meeting_payload, solve_work
from safeconduct.kernel.words import DAY, Instant
from tests.kit.relay import START, Kept, Office, SetClock
from tests.kit.relay_web import Client, refusal

DOOR_BYTES = 16_384
END = Instant(START + 30 * DAY)
NOTHING = write_body([])


def address(number: int) -> bytes:
    """The address of a door, or of a dummy: nobody can tell."""
    return hashlib.sha256(number.to_bytes(4, "big")).digest()


def door_letter(office: Office, number: int) -> Letter:
    """A letter as a rotation lays it into every door, sealed to a device."""
    key = SealingPublicKey.parse(SealingKey.from_seed(bytes([number]) * 32).public.raw)
    context = office.office + address(number)
    return Letter(
        address(number), END, b"\x01" + seal_to(key, "door", context, pad(b"", DOOR_BYTES))
    )


def read(client: Client, number: int, capability: bytes | None = None) -> bytes:
    """What the relay answers at the address of a door."""
    reply = client.ask("POST", "/box", write_body(BoxAsk(address(number), 0)), token=capability)
    assert reply.status == 200
    return reply.body


def lay(client: Client, letters: list[Letter], epoch: int) -> None:
    """Post letters with the capability of an epoch, in one call."""
    token = client.kept.office.capability(epoch)
    assert client.ask("POST", "/boxes", write_body(letters), token=token).body == NOTHING


def found(answer: bytes) -> BoxAnswer:
    return parse_box_answer(answer)


def test_letters_of_a_rotation_go_into_all_doors_and_dummies_in_one_call(client: Client) -> None:
    letters = [door_letter(client.kept.office, number) for number in range(64)]
    lay(client, letters, 1)
    for number, letter in enumerate(letters):
        answer = read(client, number)
        assert [item.item for item in found(answer).items] == [letter.item]
        assert len(answer) == 2 * DOOR_BYTES


def test_a_desk_whose_access_ended_reads_its_door(client: Client) -> None:
    office, ended = client.kept.office, client.kept.office.capability(1)
    client.kept.store.open_access(office.office, office.opening(2))
    letter = door_letter(office, 1)
    reply = client.ask("POST", "/boxes", write_body([letter]), token=ended)
    assert refusal(reply).code == "unknown_capability"
    lay(client, [letter], 2)
    for shown in (None, ended):
        assert [item.item for item in found(read(client, 1, shown)).items] == [letter.item]


def test_a_door_that_is_not_there_looks_like_an_empty_one(client: Client, clock: SetClock) -> None:
    lay(client, [door_letter(client.kept.office, 1)], 1)
    clock.time += 32 * DAY
    client.kept.store.sweep()
    assert read(client, 1) == read(client, 2)
    assert found(read(client, 1)) == BoxAnswer([], more=False)


def test_strangers_who_know_a_door_hide_no_letter_in_it(kept: Kept) -> None:
    letter = door_letter(kept.office, 1)
    work = kept.public.terms().work
    for number in range(9):
        item = bytes([number]) * DOOR_BYTES
        nonce = solve_work(work.seed, meeting_payload(letter.address, item), work.message_bits)
        meeting = Meeting(work.seed, nonce, letter.address, item)
        if number < 8:
            kept.public.meet(meeting)
        else:
            with pytest.raises(Conflict):
                kept.public.meet(meeting)
    kept.desk.post([letter])
    answer = kept.public.box(BoxAsk(letter.address, 0))
    assert answer.items[-1].item == letter.item
    assert not answer.more
    seen = answer.items[-1].number
    kept.desk.post([door_letter(kept.office, 1)])
    assert len(kept.public.box(BoxAsk(letter.address, seen)).items) == 1
