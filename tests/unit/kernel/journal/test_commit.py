# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commits and frames as bytes (spec/journal.md 4, 5); the ways to fail stand in the vectors."""

from dataclasses import replace

import pytest

from safeconduct.kernel.errors import BadSignature, CannotOpen, Refused
from safeconduct.kernel.journal import (
    FIRST,
    NOTHING_SEEN,
    CommitTooLarge,
    Fact,
    NoOfficeKey,
    Seen,
    check_signature,
    follow,
    frame_epoch,
    instant_of,
    open_frame,
    tick,
)
from safeconduct.kernel.journal.commit import FRAME_MOST
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.seal.padding import padme
from safeconduct.kernel.words import DAY, Instant
from tests.kit.builders import Office, build_office
from tests.kit.clocks import NOON


@pytest.fixture
def office() -> Office:
    return build_office()


def test_a_commit_comes_back_from_its_frame(office: Office) -> None:
    device = office.devices[0]
    commit = office.write(device, Fact(office.hotline, "hotline.NoteWritten", 1, b"\xc0"))
    again = open_frame(device.frames[0], office.id, office.office_keys)
    assert again == commit
    assert open_frame(device.frames[0], office.id, {1: SharedKey(office.office_key)}) == commit
    assert frame_epoch(device.frames[0]) == 1
    assert again.device == device.id
    check_signature(again, device.signing.short.public)
    with pytest.raises(BadSignature):
        check_signature(again, office.devices[1].signing.short.public)


def test_the_pen_moves_with_each_commit(office: Office) -> None:
    device = office.devices[0]
    first = office.write(device, Fact(office.crew, "a.A", 1, b"\xc0"))
    second = office.write(device)
    assert (first.header.sequence, second.header.sequence) == (1, 2)
    assert (first.header.previous, second.header.previous) == (FIRST, first.id)
    assert second.header.hlc > first.header.hlc
    assert first.header.seen == NOTHING_SEEN


def test_heads_and_checkpoint_of_the_pen_are_signed(office: Office) -> None:
    device = office.devices[0]
    heads, seen = tuple(sorted((b"a" * 32, b"b" * 32))), Seen(7, b"r" * 32)
    device.pen = replace(device.pen, heads=heads, seen=seen)
    office.write(device)
    header = open_frame(device.frames[0], office.id, office.office_keys).header
    assert (header.heads, header.seen) == (heads, seen)


def test_one_act_twice_makes_two_frames_that_share_no_key(office: Office) -> None:
    one, two = office.devices
    fact = Fact(office.hotline, "a.A", 1, b"\xc0")
    office.write(one, fact)
    office.write(two, fact)
    assert len(one.frames[0]) == len(two.frames[0])
    assert one.commits[0].sealed[0][:32] != two.commits[0].sealed[0][:32]
    assert one.frames[0][5:53] != two.frames[0][5:53]


def test_a_frame_shows_its_padded_length_only(office: Office) -> None:
    device = office.devices[0]
    for size in (0, 100, 700, 3000, 50_000):
        office.write(device, Fact(office.hotline, "a.A", 1, b"\xc4" * size))
    lengths = [len(frame) - 69 for frame in device.frames]
    assert lengths == [max(1024, padme(length)) for length in lengths]
    assert lengths[0] == lengths[1] == 1024


def test_an_act_that_no_relay_would_take_is_refused_before_it_is_kept(office: Office) -> None:
    device, pen = office.devices[0], office.devices[0].pen
    with pytest.raises(CommitTooLarge) as refused:
        office.write(device, Fact(office.hotline, "a.A", 1, bytes(FRAME_MOST)))
    assert isinstance(refused.value, Refused)
    assert device.pen == pen


def test_a_vault_whose_key_is_not_held_is_a_bug_of_the_caller(office: Office) -> None:
    with pytest.raises(KeyError):
        office.write(office.devices[0], Fact(bytes(16), "a.A", 1, b"\xc0"))  # type: ignore[arg-type]


def test_a_frame_of_a_key_that_is_not_held_yet_says_which(office: Office) -> None:
    device = office.devices[0]
    office.write(device)
    with pytest.raises(NoOfficeKey) as missing:
        open_frame(device.frames[0], office.id, {2: office.office_key})
    assert missing.value.epoch == 1
    with pytest.raises(CannotOpen):
        open_frame(device.frames[0], office.id, {1: bytes(32)})


def test_time_never_stands_still_or_goes_back() -> None:
    assert tick(0, Instant(NOON)) == NOON << 16
    assert tick(NOON << 16, Instant(NOON)) == (NOON << 16) + 1
    assert tick((NOON + 5) << 16, Instant(NOON)) == ((NOON + 5) << 16) + 1
    assert instant_of(tick(0, Instant(NOON))) == NOON


def test_a_colleague_with_a_wrong_clock_drags_nobody_along() -> None:
    newest, now = NOON << 16, Instant(NOON)
    assert follow(newest, (NOON + DAY) << 16, now) == (NOON + DAY) << 16
    assert follow(newest, (NOON + DAY + 1) << 16, now) == newest
    assert follow(newest, (NOON - 5 * DAY) << 16, now) == newest
