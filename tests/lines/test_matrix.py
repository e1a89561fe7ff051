# SPDX-License-Identifier: AGPL-3.0-or-later
"""Matrix with a real Synapse, and a person with keys of their own (docs/run/lines/matrix.md)."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from nio import AsyncClient

from safeconduct.edges.lines.channel import (
    CLEAR,
    Arrived,
    CannotSend,
    Departing,
    DoorOnly,
    FileHere,
    FilesLeft,
)
from safeconduct.edges.lines.handles import code_of, parse_handle
from safeconduct.edges.lines.kinds import matrix, matrix_files, matrix_rooms
from safeconduct.edges.lines.kinds.matrix import FOLDER, AccountRefused, channel
from safeconduct.edges.lines.kinds.sizes import FileNotNow, lost
from safeconduct.kernel.errors import Unreachable
from tests.kit.offices import wait
from tests.kit.stage import stage
from tests.lines.kit import by_hand
from tests.lines.kit.at_work import AtWork, admitted_line, at_work, mark_of, running
from tests.lines.kit.by_hand import KeptByHand, LineByHand, until
from tests.lines.kit.markers import control, search
from tests.lines.kit.matrix_person import Person, person
from tests.lines.kit.synapse import PASSWORD, Synapse, synapse

TEXT: Final = "the grey house behind the mill"
ANSWER: Final = "an answer nobody else reads"
FILE: Final = FileHere("papers.jpg", "image/jpeg", b"eleven strange words on a list " * 400)


@dataclass
class World:
    """A server, the line's account at it, and a person's."""

    synapse: Synapse
    line: str
    she: Person

    def settings(self) -> dict[str, str]:
        """What a line is told."""
        return {"server": self.synapse.url, "user": self.line, "password": PASSWORD}

    def redacted(self) -> set[str]:
        """Which events the server was told to empty."""
        at = f"file:{self.synapse.at}/homeserver.db?mode=ro"
        with closing(sqlite3.connect(at, uri=True)) as database:
            return {one for (one,) in database.execute("select redacts from redactions")}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with synapse(tmp_path) as server:
        line = server.register("hotline")
        with person(server, "amina", tmp_path / "she") as she:
            yield World(server, line, she)


def memory(work: AtWork) -> Path:
    """Where the client's keys are, while a line runs."""
    tag = hashlib.sha256(work.line.store._key + FOLDER.encode()).hexdigest()
    return Path("/dev/shm") / f"line-{tag[:16]}"


def test_words_and_files_go_both_ways_and_stay_nowhere(world: World, tmp_path: Path) -> None:
    with at_work(tmp_path, "matrix", channel, world.settings()) as work:
        world.she.invite(world.line)
        wrote = {world.she.write(TEXT), world.she.give(FILE)}
        words, file = work.until(2)
        assert words.text == TEXT
        assert work.files(file) == [(FILE.name, FILE.content)]
        assert words.voice == file.voice
        [(first, _)] = world.she.until(1)
        handle = parse_handle(work.line.keys, mark_of(words).handle)
        assert code_of(work.line.keys, handle) in first
        work.answer(words, ANSWER, ("map.txt", FILE.content[::-1]))
        _, (answer, _), (_, [map_]) = world.she.until(3)
        assert (answer, map_.name, map_.content) == (ANSWER, "map.txt", FILE.content[::-1])
        assert wrote <= _until_redacted(world, wrote)
        _nothing_lies_about(world, work, tmp_path)
    assert not memory(work).exists()


def _until_redacted(world: World, wrote: set[str]) -> set[str]:
    """A room of the newest kind lets nobody but its maker empty what others wrote there."""
    wait(lambda: wrote <= world.redacted())
    return world.redacted()


def _nothing_lies_about(world: World, work: AtWork, tmp_path: Path) -> None:
    markers: dict[str, str | bytes] = {
        "text": TEXT,
        "answer": ANSWER,
        "file": FILE.content[:60],
    }
    folder = memory(work)
    assert not search([folder, work.folder, world.synapse.at], **markers)
    assert not search([work.folder], contact=world.she.user, room=world.she.room)
    # What the client keeps is known to the search: it would have found the rest.
    assert search([folder], contact=world.she.user)
    control(tmp_path / "line", **markers)


def test_the_keys_that_are_kept_open_nothing_that_was_taken(world: World) -> None:
    asyncio.run(_wound_on(world))


async def _wound_on(world: World) -> None:
    line, box = LineByHand(), channel(world.settings(), KeptByHand())
    async with by_hand.running(box, line):
        await asyncio.to_thread(world.she.invite, world.line)
        for count in range(1, 4):
            await asyncio.to_thread(world.she.write, f"number {count}")
            await until(lambda: len(line.taken) == count)  # noqa: B023  (waited for at once)
        assert box._reading is not None
        olm = box._reading.client.olm
        await box.send(line.taken[0].contact, Departing(ANSWER))
        held = list(olm.inbound_group_store)
        assert [one.first_known_index for one in held] == [3]
        assert all(one.sender_key != olm.account.identity_keys["curve25519"] for one in held)


def test_what_came_while_the_line_was_down_is_taken_once(world: World, tmp_path: Path) -> None:
    many = [f"number {each}" for each in range(1, 13)]
    with stage() as office:
        line = admitted_line(tmp_path / "line", "matrix", office.url, world.settings())
        with running(office, line, channel) as work:
            world.she.invite(world.line)
            zero = world.she.write("number 0")
            work.until(1)
            world.she.until(1)
            wait(lambda: zero in world.redacted())
        for text in many:
            world.she.write(text)
        with running(office, line, channel) as work:
            letters = work.until(13)
            assert {one.text for one in letters} == {"number 0", *many}
            assert len({one.voice for one in letters}) == 1
            work.answer(letters[0], ANSWER)
            wait(lambda: ANSWER in [text for text, _ in world.she.until(2)])
            assert len(work.letters()) == 13


class Killed(LineByHand):
    """A line whose folder stays as it was when it took its first message."""

    kept: KeptByHand
    then: dict[str, bytes]

    async def take(self, arrived: Arrived) -> None:
        """Take it; what is kept later does not count."""
        if not self.taken and not self.refuses:
            self.then = dict(self.kept.all)
        await super().take(arrived)


def test_a_line_killed_between_taking_and_deleting_takes_it_again(world: World) -> None:
    asyncio.run(_killed(world))


async def _killed(world: World) -> None:
    line = Killed(refuses=True)
    line.kept = KeptByHand()
    async with by_hand.running(channel(world.settings(), line.kept), line):
        await asyncio.to_thread(world.she.invite, world.line)
        wrote = await asyncio.to_thread(world.she.write, TEXT)
        await until(lambda: line.asked)
        assert wrote not in world.redacted()
        line.refuses = False
        await until(lambda: line.taken)
    box = channel(world.settings(), KeptByHand(line.then))
    async with by_hand.running(box, line):
        await asyncio.to_thread(world.she.write, "afterwards")
        await until(lambda: line.taken[-1].text == "afterwards")
        await box.send(line.taken[0].contact, Departing(ANSWER))
        await asyncio.to_thread(world.she.until, 1)
        with pytest.raises(CannotSend):
            await box.send(b"!elsewhere:hotline.example", Departing(ANSWER))
    assert {one.text for one in line.taken} == {TEXT, "afterwards"}
    assert len({one.contact for one in line.taken}) == 1


def test_a_room_that_is_not_locked_gets_a_doors_text_alone(world: World) -> None:
    asyncio.run(_not_locked(world))


async def _not_locked(world: World) -> None:
    line, box = LineByHand(), channel(world.settings(), KeptByHand())
    async with by_hand.running(box, line):
        await asyncio.to_thread(world.she.invite, world.line, locked=False)
        await asyncio.to_thread(world.she.write, TEXT)
        await until(lambda: line.taken)
        with pytest.raises(DoorOnly):
            await box.send(line.taken[0].contact, Departing(ANSWER))
        assert line.taken[0].contact.startswith(CLEAR)
        assert line.taken[0].text.startswith("[came in the clear")
        await box.send(line.taken[0].contact, Departing("a door's text", door=True))
        told = await asyncio.to_thread(world.she.until, 1)
    assert told == [("a door's text", ())]


def test_a_file_that_does_not_come_stops_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> bytes:
        raise FileNotNow

    monkeypatch.setattr(matrix_files, "_download", never)
    monkeypatch.setattr(matrix_rooms, "FILE_PAUSES", (0.5, 0.5))
    asyncio.run(_without_its_file(world))


async def _without_its_file(world: World) -> None:
    line = LineByHand()
    async with by_hand.running(channel(world.settings(), KeptByHand()), line):
        await asyncio.to_thread(world.she.invite, world.line)
        await asyncio.to_thread(world.she.give, FILE)
        await asyncio.to_thread(world.she.write, TEXT)
        await until(lambda: len(line.taken) == 2)
    assert [one.text for one in line.taken] == [TEXT, lost(FILE.name, len(FILE.content))]


def test_an_answer_that_waits_at_the_start_goes_and_nothing_of_it_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(_waits_at_the_start(world, monkeypatch))


async def _waits_at_the_start(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    line, kept = LineByHand(), KeptByHand()
    async with by_hand.running(channel(world.settings(), kept), line):
        await asyncio.to_thread(world.she.invite, world.line)
        await asyncio.to_thread(world.she.write, TEXT)
        await until(lambda: line.taken)
    room = line.taken[0].contact
    box, out = channel(world.settings(), kept), Departing(ANSWER, (FILE,))
    tried: list[FileHere] = []

    async def fails_once(client: AsyncClient, file: FileHere) -> dict[str, Any] | None:
        tried.append(file)
        if len(tried) == 1:
            raise Unreachable
        return await matrix_files.upload(client, file)

    monkeypatch.setattr(matrix, "upload", fails_once)
    async with by_hand.running(box, line), asyncio.timeout(60):
        # From the first moment on: where the room is not known yet, it is not now, and not never.
        while not await _went(box, room, out):  # noqa: ASYNC110  (what is tested is each moment)
            await asyncio.sleep(0)
        large = FileHere("film.mp4", "video/mp4", bytes(31 << 20))
        with pytest.raises(FilesLeft):
            await box.send(room, Departing("without its film", (large,)))
        told = await asyncio.to_thread(world.she.until, 3)
    assert [text for text, _ in told] == [ANSWER, "", "without its film"]
    assert len(tried) == 3


async def _went(box: matrix.Matrix, room: bytes, out: Departing) -> bool:
    try:
        await box.send(room, out)
    except Unreachable:
        return False
    return True


def test_where_others_read_along_nothing_goes(world: World, tmp_path: Path) -> None:
    with person(world.synapse, "eve", tmp_path / "eve") as eve:
        asyncio.run(_others(world, eve))


async def _others(world: World, eve: Person) -> None:
    line, box = LineByHand(), channel(world.settings(), KeptByHand())
    async with by_hand.running(box, line):
        room = await asyncio.to_thread(world.she.invite, world.line)
        await asyncio.to_thread(world.she.write, TEXT)
        await until(lambda: len(line.taken) == 1)
        hers = line.taken[0].contact
        await box.send(hers, Departing(ANSWER))
        with pytest.raises(CannotSend):
            await box.send(hers.replace(b"amina", b"eve"), Departing(ANSWER))
        await asyncio.to_thread(world.she.add, eve.user)
        with pytest.raises(CannotSend):  # Invited is enough: she reads what comes from now on.
            await box.send(hers, Departing(ANSWER))
        await asyncio.to_thread(eve.join, room)
        await asyncio.to_thread(eve.write, "it is me")
        await until(lambda: len(line.taken) == 2)
        came = line.taken[1]
        assert came.contact != hers
        assert "read along" in came.text
        for contact in (hers, came.contact):
            with pytest.raises(CannotSend):
                await box.send(contact, Departing("a door's text", door=True))
    assert [text for text, _ in await asyncio.to_thread(world.she.until, 1)] == [ANSWER]


def test_a_server_that_was_gone_is_found_again(world: World) -> None:
    asyncio.run(_gone_and_back(world))


async def _gone_and_back(world: World) -> None:
    line, kept = LineByHand(), KeptByHand()
    async with by_hand.running(channel(world.settings(), kept), line) as task:
        await asyncio.to_thread(world.she.invite, world.line)
        await asyncio.to_thread(world.synapse.stop)
        await until(task.done)
        assert isinstance(task.exception(), Unreachable)
    await asyncio.to_thread(world.synapse.start)
    async with by_hand.running(channel(world.settings(), kept), line):
        await asyncio.to_thread(world.she.write, TEXT)
        await until(lambda: line.taken)


def test_a_wrong_password_is_told_apart(world: World) -> None:
    spoilt = {**world.settings(), "password": "another"}
    with pytest.raises(AccountRefused):
        asyncio.run(channel(spoilt, KeptByHand()).run(LineByHand()))
