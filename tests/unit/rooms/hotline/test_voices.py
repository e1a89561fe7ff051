# SPDX-License-Identifier: AGPL-3.0-or-later
"""Voice messages: their pieces in one, and what colleagues wrote down of them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from safeconduct.kernel.canon import encode
from safeconduct.kernel.words import MessageId
from safeconduct.rooms.hotline.decide import NothingWritten
from safeconduct.rooms.hotline.events import MessageRead, MessageReceived
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.spoken import (
    PIECE_BYTES,
    PIECES,
    RATE,
    SILENCE,
    CallMark,
    write_call,
)
from safeconduct.rooms.hotline.transcripts import TranscriptWritten
from safeconduct.rooms.hotline.voices import (
    Sound,
    Voice,
    closing,
    in_one,
    sound_of,
    voice_of,
)
from safeconduct.rooms.hotline.voices_decide import NoVoiceMessage, write_down
from tests.kit.spoken_messages import BEGUN, ended, pieces
from tests.unit.rooms.hotline.test_conversation import ID, ONE, TWO, Story, message

FIRST, END = MessageId(bytes([1]) * 32), MessageId(bytes([2]) * 32)
SILENT = bytes([SILENCE]) * PIECE_BYTES


def begun(number: int = 1) -> MessageReceived:
    """The first letter of a message: it names all pieces before a word was said."""
    named = [(name, kind) for name, _, kind in pieces(bytes(PIECES * PIECE_BYTES))]
    files = tuple(
        SealedFile(bytes([at]) * 32, bytes(32), name, PIECE_BYTES, kind)
        for at, (name, kind) in enumerate(named)
    )
    return replace(message(number), files=files, extras=BEGUN)


def story(*more: MessageReceived) -> Story:
    """A call that left a message."""
    told = Story()
    for one in (begun(), *more):
        told.tell(one)
    return told


def _sound(told: Story) -> Sound:
    found = sound_of(told.now(), told.now().messages[0])
    assert found is not None
    return found


def heard(told: Story) -> Voice:
    """Its sound."""
    found = voice_of(told.now(), told.now().messages[0])
    assert found is not None
    return found


def test_until_its_end_is_told_nobody_knows_how_long_it_is() -> None:
    voice = heard(story())
    assert (voice.seconds, voice.cut, len(voice.needed)) == (0, True, PIECES)


def test_the_last_letter_tells_how_long_it_is_and_whether_it_was_cut() -> None:
    voice = heard(story(replace(message(2), extras=ended(25))))
    assert (voice.seconds, voice.cut, len(voice.needed)) == (25, False, 3)
    assert heard(story(replace(message(2), extras=ended(25, cut=True)))).cut
    assert heard(story(replace(message(2), extras=ended(9_999)))).seconds == 180


def test_a_letter_that_tells_no_more_than_the_end_stands_with_the_sound() -> None:
    told = story(replace(message(2), text="", extras=ended(25)))
    assert closing(told.now()) == {END}
    words = story(replace(message(2), extras=ended(25)))
    assert closing(words.now()) == frozenset()
    alone = Story()
    alone.tell(replace(message(2), text="", extras=ended(25)))
    assert closing(alone.now()) == frozenset()


def test_how_calling_back_went_is_news_of_its_own() -> None:
    asked = CallMark(left="message", back="now")
    missed = CallMark(left="message", back="missed")
    first, second = (
        replace(message(at), text="", extras=encode(write_call(mark)))
        for at, mark in ((2, asked), (3, missed))
    )
    assert closing(story(first, second).now()) == {END}


def test_a_sound_is_unread_while_nobody_opened_its_end() -> None:
    told = story()
    told.tell(MessageRead(ID, (FIRST,)))
    assert not _sound(told).unread
    told.tell(replace(message(2), text="", extras=ended(25)))
    assert _sound(told).unread


def test_a_letter_of_a_page_with_such_files_is_no_voice_message() -> None:
    told = Story()
    told.tell(replace(begun(), extras=b"\x80"))
    assert sound_of(told.now(), told.now().messages[0]) is None


def test_files_that_are_none_of_its_sound_stand_apart() -> None:
    other = SealedFile(b"x" * 32, bytes(32), "voice-01", 5, "image/png")
    told = Story()
    told.tell(replace(begun(), files=(*begun().files, other)))
    sound = sound_of(told.now(), told.now().messages[0])
    assert sound is not None
    assert [file.size for file in sound.files] == [5]


def test_what_is_missing_is_silent_and_the_filling_is_cut_away() -> None:
    voice = heard(story(replace(message(2), extras=ended(25))))
    one, three = b"\x01" * PIECE_BYTES, b"\x03" * PIECE_BYTES
    assert in_one(voice, [one, None, three]) == (one + SILENT + three)[: 25 * RATE]
    assert in_one(voice, [one, None, None]) == one
    assert in_one(voice, [None, None, None]) == b""
    assert in_one(heard(story()), [one, three, None]) == one + three


def test_a_version_stands_in_the_place_of_what_its_writer_saw() -> None:
    told = story()
    told.tell(write_down(told.now(), FIRST, " They came. ", ()))
    (first,) = told.now().transcripts
    told.tell(write_down(told.now(), FIRST, "They came at six.", [first.fact]), TWO)
    (second,) = told.now().transcripts
    assert (first.text, second.text, second.by) == ("They came.", "They came at six.", TWO)
    told.tell(write_down(told.now(), FIRST, "", [second.fact]))
    assert told.now().transcripts == ()


def test_two_that_were_written_at_once_both_stand() -> None:
    told = story()
    told.tell(write_down(told.now(), FIRST, "They came.", ()))
    told.tell(write_down(told.now(), FIRST, "They run.", ()), TWO)
    assert [(one.text, one.by) for one in told.now().transcripts] == [
        ("They came.", ONE),
        ("They run.", TWO),
    ]


def test_no_words_of_another_message_are_taken_away() -> None:
    told = story(begun(3))
    told.tell(write_down(told.now(), FIRST, "They came.", ()))
    (stands,) = told.now().transcripts
    third = bytes([3]) * 32
    told.tell(TranscriptWritten(ID, third, "They run.", (stands.fact,)), TWO)
    assert [one.text for one in told.now().transcripts] == ["They came.", "They run."]


def test_nothing_is_written_down_of_nothing() -> None:
    told = story(replace(message(2), extras=ended(25)))
    with pytest.raises(NothingWritten):
        write_down(told.now(), FIRST, "  ", ())
    with pytest.raises(NoVoiceMessage):
        write_down(told.now(), END, "They came.", ())
