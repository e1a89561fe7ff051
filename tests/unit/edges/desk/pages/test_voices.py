# SPDX-License-Identifier: AGPL-3.0-or-later
"""Voice messages in the desk: heard as one sound, written down, and found by words."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from io import BytesIO

import pytest

from safeconduct.kernel.words import BlobId
from safeconduct.rooms.hotline.spoken import RATE
from tests.kit.pages import text_of
from tests.kit.spoken_messages import BEGUN, ended, pieces, tone
from tests.unit.edges.desk.pages.window import Window

SECONDS = 25


@dataclass
class Called:
    """A window with a conversation in which somebody spoke."""

    window: Window
    files: list[BlobId]

    @property
    def talk(self) -> str:
        """Its page."""
        return self.window.path("call")

    @property
    def voice(self) -> str:
        """The page of the message."""
        conversation = self.window.desk.conversation(self.window.talks["call"])
        assert conversation is not None
        return f"{self.talk}/voice/{conversation.messages[0].id.hex()}"

    def end(self, seconds: int = SECONDS, *, cut: bool = False) -> None:
        """Let the letter come that tells the end."""
        where, extras = self.window.talks["call"], ended(seconds, cut=cut)
        self.window.desk.receive("call", "", conversation=where, extras=extras)

    def write(self, text: str, seen: str = "") -> int:
        """Write down what it says."""
        return self.window.post(
            f"{self.voice}/transcript", {"text": text, "seen": seen}
        ).status_code


@pytest.fixture
def called(window: Window) -> Called:
    """Somebody spoke for 25 seconds."""
    before = set(window.desk.files)
    window.talks["call"] = window.desk.receive(
        "call", "", files=pieces(tone(SECONDS)), extras=BEGUN
    )
    return Called(window, [blob for blob in window.desk.files if blob not in before])


def length(sound: bytes) -> float:
    """How many seconds a WAV plays."""
    with wave.open(BytesIO(sound)) as read:
        return float(read.getnframes() / RATE)


def test_it_is_one_sound_that_the_browser_keeps_nowhere(called: Called) -> None:
    called.end()
    answer = called.window.client.get(f"{called.voice}/sound")
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["cache-control"] == "no-store"
    assert length(answer.content) == SECONDS
    assert called.window.desk.saved == []


def test_a_player_may_go_to_any_time_of_it(called: Called) -> None:
    called.end()
    whole = called.window.client.get(f"{called.voice}/sound").content
    answer = called.window.client.get(f"{called.voice}/sound", headers={"Range": "bytes=44-143"})
    assert answer.status_code == 206
    assert answer.content == whole[44:144]
    assert answer.headers["content-range"] == f"bytes 44-143/{len(whole)}"


def test_only_pages_of_a_conversation_may_play_anything(called: Called) -> None:
    get = called.window.client.get
    for path, plays in ((called.talk, True), (called.voice, True), ("/hotline", False)):
        assert ("media-src 'self'" in get(path).headers["content-security-policy"]) is plays


def test_the_conversation_has_the_player_and_no_pieces_to_save(called: Called) -> None:
    called.end(cut=True)
    page = called.window.pages.get(called.talk)
    (audio,) = page.all("audio")
    assert audio.get("src") == f"{called.voice}/sound"
    assert audio.get("preload") == "none"
    assert "Voice message of 0:25" in page.text
    assert "Cut off" in page.text
    assert "voice-01" not in page.text


def test_a_message_without_an_end_says_so_and_plays_what_is_here(called: Called) -> None:
    called.window.desk.half.add(called.files[2])
    page = called.window.pages.get(called.voice)
    assert "Its end is not known yet" in page.text
    assert "2 parts are here" in page.text
    assert length(called.window.client.get(f"{called.voice}/sound").content) == 20


def test_it_says_how_many_parts_are_here_and_the_rest_is_silent(called: Called) -> None:
    called.end()
    called.window.desk.half.add(called.files[1])
    assert "2 of 3 parts are here" in called.window.pages.get(called.voice).text
    assert "2 of 3 parts are here" in called.window.client.get(f"{called.voice}/here").text
    sound = called.window.client.get(f"{called.voice}/sound").content
    assert length(sound) == SECONDS
    assert set(sound[44 + 10 * 2 * RATE : 44 + 20 * 2 * RATE : 2]) == {8}


def test_without_the_server_it_says_that_it_cannot_tell(called: Called) -> None:
    called.end()
    called.window.desk.relay_goes(online=False)
    assert "cannot be asked now" in called.window.pages.get(called.voice).text
    assert called.window.client.get(f"{called.voice}/sound").status_code == 404


def test_what_was_heard_stands_beside_it_and_is_replaced_by_who_saw_it(called: Called) -> None:
    called.end()
    assert called.write("They came at six.") == 303
    page = called.window.pages.get(called.voice)
    form = page.form(f"{called.voice}/transcript")
    assert form.fields["text"].strip() == "They came at six."
    assert called.write("They came at seven.", form.fields["seen"]) == 303
    talk = called.window.pages.get(called.talk).text
    assert "They came at seven." in talk
    assert "They came at six." not in talk


def test_what_two_wrote_at_once_is_all_shown_until_one_saves_it(called: Called) -> None:
    called.write("They came at six.")
    called.write("They came at ten.")
    page = called.window.pages.get(called.voice)
    assert "at the same time" in page.text
    seen = page.form(f"{called.voice}/transcript").fields["seen"]
    called.write("They came at six or ten.", seen)
    assert "at the same time" not in called.window.pages.get(called.voice).text


def test_what_cannot_be_saved_stays_typed(called: Called) -> None:
    answer = called.window.post(f"{called.voice}/transcript", {"text": " ", "seen": "x"})
    assert answer.status_code == 422
    longer = "word " * 60_000
    answer = called.window.post(f"{called.voice}/transcript", {"text": longer, "seen": ""})
    assert longer.strip() in answer.text


@pytest.mark.parametrize("end", ["", "/sound", "/here"])
def test_there_is_none_of_another_message(called: Called, end: str) -> None:
    assert called.window.client.get(f"{called.talk}/voice/{'0' * 64}{end}").status_code == 404


def test_how_a_message_ended_stands_with_its_sound_and_not_as_a_message_of_its_own(
    called: Called,
) -> None:
    called.end(cut=True)
    page = called.window.pages.get(called.talk)
    thread = text_of(page.by_id("thread"))
    assert thread.count("The person called") == 1
    assert "The person wrote" not in thread
    assert "Cut off: the call broke before the person had ended." in thread
    assert "It took" not in thread
