# SPDX-License-Identifier: AGPL-3.0-or-later
"""A voice message from the line to two desks: named first, then piece by piece, then written down.

The letter names all pieces before a word is said; each comes to the relay when its ten seconds are
over, and the last letter tells the end (spec/phone.md, "Voice messages").
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, cast

from litestar.testing import TestClient

from safeconduct.edges.desk.sound import wav_of
from safeconduct.kernel.seal.lock import BlobSealer
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.spoken import (
    MEDIA_TYPE,
    PIECE_BYTES,
    PIECES,
    RATE,
    CallMark,
    piece_name,
)
from safeconduct.rooms.hotline.voices import voice_of
from tests.kit.patience import PATIENCE
from tests.kit.spoken_messages import pieces, tone
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, sync
from tests.unit.edges.desk.pages.window import ORIGIN, Seconds, Window

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk

SECONDS = 25
SAID = "They came at six to the mill."


class Caller(Person):
    """Somebody who speaks; the line seals it for her."""

    def begin(self) -> list[BlobSealer]:
        """Send the letter that names the pieces; return what seals them."""
        keys = [os.urandom(32) for _ in range(PIECES)]
        sealers = [BlobSealer(key, PIECE_BYTES) for key in keys]
        files = [
            SealedFile(sealer.plan.blob, key, piece_name(at), PIECE_BYTES, MEDIA_TYPE)
            for at, (key, sealer) in enumerate(zip(keys, sealers, strict=True))
        ]
        self.write("", *files, beside=CallMark(left="message", cut=True))
        return sealers

    def say(self, sealers: Sequence[BlobSealer], sound: bytes) -> None:
        """Bring the pieces of what she says to the relay."""
        courier = self.stage.courier(self.stage.desks["first"])
        for sealer, (_, piece, _) in zip(sealers, pieces(sound), strict=False):
            plan, token = sealer.plan, os.urandom(32)
            courier.open_blob(plan.blob, plan.chunks, plan.padded, token)
            courier.put_chunk(plan.blob, 0, sealer.seal(0, piece), token)

    def end(self) -> None:
        """Send the letter that tells the end."""
        self.write("", beside=CallMark(left="message", seconds=SECONDS))


def heard(window: Window, path: str) -> bytes:
    """The samples that are played; nothing where none are here."""
    answer = window.client.get(f"{path}/sound")
    assert answer.headers["cache-control"] == "no-store"
    return answer.content[44:] if answer.status_code == 200 else b""


@contextmanager
def opened(stage: Rehearsal) -> Iterator[Window]:
    """A browser at the first desk, which is connected."""
    desk = stage.desks["first"]
    desk.start(stage.courier(desk))
    window = Window(cast("TwinDesk", desk), {}, Seconds(), zone=UTC)
    with TestClient(window.app, base_url=ORIGIN, raise_server_exceptions=False) as client:
        window.use(client)
        window.unlock()
        yield window


def until(true: Callable[[], bool]) -> None:
    """Wait for what a connected desk does by itself."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def path_of(talk: Conversation) -> str:
    """Where its voice message is heard."""
    (found,) = [one for one in talk.messages if voice_of(talk, one)]
    return f"/hotline/{talk.id.hex()}/voice/{found.id.hex()}"


def talk_at(stage: Rehearsal, name: str, person: Person) -> Conversation:
    """The conversation, at a desk."""
    talk = stage.desks[name].conversation(person.conversation)
    assert talk is not None
    return talk


def test_it_is_heard_while_it_comes_and_whole_in_the_end(stage: Rehearsal) -> None:
    caller = Caller(stage)
    sealers = caller.begin()
    sync(stage, "first")
    path = path_of(talk_at(stage, "first", caller))
    with opened(stage) as window:
        assert heard(window, path) == b""
        caller.say(sealers[:1], tone(10))
        assert len(heard(window, path)) == 2 * 10 * RATE
        caller.say(sealers[1:], tone(SECONDS - 10))
        caller.end()
        until(lambda: len(talk_at(stage, "first", caller).messages) > 1)
        assert "All that was said is here." in window.client.get(path).text
        assert len(heard(window, path)) == 2 * SECONDS * RATE


def test_what_was_heard_comes_to_colleagues_and_is_found_by_words(stage: Rehearsal) -> None:
    caller = Caller(stage)
    caller.begin()
    caller.end()
    sync(stage, "first", "second", "first")
    first, second = stage.desks["first"], stage.desks["second"]
    (message, _) = talk_at(stage, "first", caller).messages
    first.by_hand.write_down(caller.conversation, message.id, SAID, ())
    second.by_hand.write_down(caller.conversation, message.id, "They run a mill.", ())
    sync(stage, "first", "second", "first")
    stands = talk_at(stage, "second", caller).transcripts
    assert {one.text for one in stands} == {SAID, "They run a mill."}
    assert [hit.kind for hit in second.search("six mill")] == ["transcript"]
    facts = [one.fact for one in stands]
    second.by_hand.write_down(caller.conversation, message.id, SAID, facts)
    sync(stage, "second", "first")
    assert [one.text for one in talk_at(stage, "first", caller).transcripts] == [SAID]


def test_what_was_played_lies_nowhere_on_the_disk(stage: Rehearsal, tmp_path: Path) -> None:
    caller = Caller(stage)
    sound = os.urandom(PIECE_BYTES)
    caller.say(caller.begin(), sound)
    sync(stage, "first")
    with opened(stage) as window:
        played = heard(window, path_of(talk_at(stage, "first", caller)))
    assert played == wav_of(sound)[44:]
    (tmp_path / "control").write_bytes(sound + played)
    parts = sound[1000:1032], played[2000:2032]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    found = [path.name for path in written if any(one in path.read_bytes() for one in parts)]
    assert found == ["control"]
