# SPDX-License-Identifier: AGPL-3.0-or-later
"""Delta Chat with its real core on both sides, over Dovecot and aiosmtpd (docs/run/lines)."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from safeconduct.edges.lines.channel import Arrived, CannotSend, Departing, DoorOnly, Kept
from safeconduct.edges.lines.handles import code_of, parse_handle
from safeconduct.edges.lines.kinds.deltachat import CONNECTED, FOLDER, DeltaChat
from safeconduct.edges.lines.kinds.deltachat_core import PROGRAM
from tests.kit.offices import wait
from tests.kit.patience import PATIENCE
from tests.kit.stage import stage
from tests.lines.kit import by_hand
from tests.lines.kit.at_work import AtWork, admitted_line, at_work, mark_of, running
from tests.lines.kit.by_hand import KeptByHand, LineByHand, until
from tests.lines.kit.delta import Person, person
from tests.lines.kit.imap import PASSWORD, Imap, imap
from tests.lines.kit.markers import control, search
from tests.lines.kit.smtp import Smtp, smtp

pytestmark = pytest.mark.needs("dovecot")

LINE: Final = "help@hotline.example"
SHE: Final = "amina@else.example"
TEXT: Final = "the grey house behind the mill"
ANSWER: Final = "an answer nobody else reads"
CONTENT: Final = b"eleven strange words on a list " * 400


@dataclass
class World:
    """The mail servers, and somebody with Delta Chat."""

    imap: Imap
    smtp: Smtp
    she: Person
    channels: list[DeltaChat]

    def settings(self) -> dict[str, str]:
        """What a line is told."""
        servers = {"imap": self.imap.plain, "smtp": self.smtp.plain}
        return {
            "address": LINE,
            "password": PASSWORD,
            **{name: f"127.0.0.1:{port}" for name, port in servers.items()},
        }

    def make(self, settings: Mapping[str, str], kept: Kept) -> DeltaChat:
        """Make a channel, and remember it."""
        self.channels.append(DeltaChat(settings, kept))
        return self.channels[-1]

    def invite(self) -> str:
        """Return the link that the line shows to its office."""
        return asyncio.run(self.channels[-1].invite())

    def come(self, link: str) -> int:
        """Let her come by a link; return how many mails the server has seen when both are done.

        The last mail of the handshake is ours, and stays at our server (docs/run/lines).
        """
        self.she.come(link)
        count = -1
        while count != len(self.smtp.seen):
            count = len(self.smtp.seen)
            time.sleep(1)
        return count

    def lies(self) -> set[bytes]:
        """Return what lies at the server for the line, by each mail's name for itself."""
        return {named(mail) for mail in self.imap.mails(LINE).values()}

    def since(self, count: int) -> set[bytes]:
        """Return the names of mails to and of the line that the server saw after so many."""
        return {named(one.content) for one in self.smtp.seen[count:]}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with imap(tmp_path) as box, smtp(box) as post, person(tmp_path / "she", SHE, box, post) as she:
        yield World(box, post, she, [])


def named(mail: bytes) -> bytes:
    found = re.search(rb"(?im)^message-id:\s*(\S+)", mail)
    assert found is not None
    return found[1]


def memory(work: AtWork) -> Path:
    """Where the core's folder is, while a line runs."""
    tag = hashlib.sha256(work.line.store._key + FOLDER.encode()).hexdigest()
    return Path("/dev/shm") / f"line-{tag[:16]}"


def test_words_and_files_go_both_ways_and_stay_nowhere(world: World, tmp_path: Path) -> None:
    file = tmp_path / "papers.txt"
    file.write_bytes(CONTENT)
    with at_work(tmp_path, "deltachat", world.make, world.settings()) as work:
        before = world.come(world.invite())
        world.she.write(TEXT, file)
        [letter] = work.until(1)
        assert letter.text == TEXT
        assert work.files(letter) == [("papers.txt", CONTENT)]
        [first] = world.she.until(1)
        assert code_of(work.line.keys, parse_handle(work.line.keys, mark_of(letter).handle)) in (
            first.text
        )
        work.answer(letter, ANSWER, ("map.txt", CONTENT[::-1]))
        came = world.she.until(2)[1]
        assert (came.text, came.file_name) == (ANSWER, "map.txt")
        assert Path(came.file).read_bytes() == CONTENT[::-1]
        wait(lambda: not world.lies() & world.since(before))
        markers: dict[str, str | bytes] = {"text": TEXT, "answer": ANSWER, "file": CONTENT[:60]}
        folder = memory(work)
        wait(lambda: not search([folder, work.folder], **markers))
        assert not search([work.folder], **markers, contact=SHE)
        # What the core keeps is known to the search: it would have found the rest.
        assert search([folder], contact=SHE)
    control(tmp_path / "line", **markers)
    assert not memory(work).exists()


def test_servers_see_sealed_mail_alone(world: World, tmp_path: Path) -> None:
    with at_work(tmp_path, "deltachat", world.make, world.settings()) as work:
        world.she.come(world.invite())
        world.she.write(TEXT)
        [letter] = work.until(1)
        work.answer(letter, ANSWER)
        world.she.until(2)
    for one in world.smtp.seen:
        assert TEXT.encode() not in one.content
        assert ANSWER.encode() not in one.content
        assert b"\r\nSubject: [...]\r\n" in one.content
        assert b"BEGIN PGP MESSAGE" in one.content


def test_what_came_while_the_line_was_down_is_taken_once_in_the_same_conversation(
    world: World, tmp_path: Path
) -> None:
    with stage() as office:
        line = admitted_line(tmp_path / "line", "deltachat", office.url, world.settings())
        with running(office, line, world.make) as work:
            link = world.invite()
            before = world.come(link)
            world.she.write("before")
            work.until(1)
            world.she.until(1)
            wait(lambda: not world.lies() & world.since(before))
        world.she.write("while nobody listened")
        with running(office, line, world.make) as work:
            first, second = work.until(2)
            assert {first.text, second.text} == {"before", "while nobody listened"}
            assert second.voice == first.voice
            assert world.invite().partition("&s=")[0] == link.partition("&s=")[0]
            work.answer(first, ANSWER)
            wait(lambda: ANSWER in [one.text for one in world.she.until(1)])
            assert len(work.until(2)) == 2


def test_who_writes_in_the_clear_is_taken_and_gets_a_doors_text_alone(
    world: World, tmp_path: Path
) -> None:
    with at_work(tmp_path, "deltachat", world.make, world.settings()) as work:
        world.invite()
        world.smtp.deliver("ben@clear.example", (LINE,), clear_mail(TEXT))
        [letter] = work.until(1)
        assert TEXT in letter.text
        assert letter.text.startswith("[came in the clear")
        wait(lambda: said_to(world, "ben@clear.example", "not locked"))
        work.answer(letter, ANSWER)
        wait(lambda: said_to(world, "ben@clear.example", "There is an answer for you"))
        wait(lambda: not world.imap.mails(LINE))
        assert not said_to(world, "ben@clear.example", ANSWER)
        assert not said_to(world, "ben@clear.example", TEXT)


def clear_mail(text: str) -> bytes:
    head = f"From: ben@clear.example\r\nTo: {LINE}\r\nMessage-ID: <b1@clear.example>\r\n"
    return f"{head}Date: Tue, 01 Dec 2026 04:00:00 +0000\r\n\r\n{text}\r\n".encode()


def said_to(world: World, whom: str, words: str) -> bool:
    told = [one.content for one in world.smtp.seen if whom in one.to]
    return any(words.encode() in content.replace(b"=\r\n", b"") for content in told)


def test_nothing_is_deleted_before_it_was_taken(world: World) -> None:
    asyncio.run(_refused_first(world))


async def _refused_first(world: World) -> None:
    kept, line = KeptByHand(), LineByHand(refuses=True)
    channel = DeltaChat(world.settings(), kept)
    async with by_hand.running(channel, line):
        before = await asyncio.to_thread(world.come, await channel.invite())
        world.she.write(TEXT)
        await until(lambda: line.asked)
        # What comes later makes it look again: it is asked for what it asked for before.
        world.she.write("and once more")
        await until(lambda: line.asked > 1)
        assert world.lies() & world.since(before)
    async with by_hand.running(DeltaChat(world.settings(), kept), line):
        line.refuses = False
        await until(lambda: len(line.taken) == 2)
        await until(lambda: not world.lies() & world.since(before))
    assert [one.text for one in line.taken] == [TEXT, "and once more"]


class Killed(LineByHand):
    """A line whose folder stays as it was when it took its first message."""

    kept: KeptByHand
    then: dict[str, bytes]

    async def take(self, arrived: Arrived) -> None:
        """Take it; what is kept later does not count."""
        if not self.taken:
            self.then = dict(self.kept.all)
        await super().take(arrived)


def test_a_line_killed_between_taking_and_deleting_knows_whom_to_answer(world: World) -> None:
    asyncio.run(_killed(world))


async def _killed(world: World) -> None:
    line = Killed()
    line.kept = KeptByHand()
    channel = DeltaChat(world.settings(), line.kept)
    async with by_hand.running(channel, line):
        await asyncio.to_thread(world.she.come, await channel.invite())
        world.she.write(TEXT)
        await until(lambda: line.taken)
    channel = DeltaChat(world.settings(), KeptByHand(line.then))
    async with by_hand.running(channel, line):
        await channel.invite()
        await channel.send(line.taken[0].contact, Departing(ANSWER))
        await asyncio.to_thread(world.she.until, 1)
        with pytest.raises(CannotSend):
            await channel.send(bytes(20), Departing(ANSWER))
        with pytest.raises(DoorOnly):
            await channel.send(b"clear:ben@clear.example", Departing(ANSWER))
    assert {one.text for one in line.taken} == {TEXT}
    assert len({one.contact for one in line.taken}) == 1


def test_a_server_that_was_gone_is_found_again(world: World) -> None:
    asyncio.run(_gone_and_back(world))


async def connected(channel: DeltaChat) -> bool:
    """Tell whether the core knows of no trouble with its server."""
    chats = channel._chats
    assert chats is not None
    return await chats._ask(int, "get_connectivity") >= CONNECTED


async def _gone_and_back(world: World) -> None:
    line = LineByHand()
    channel = DeltaChat(world.settings(), KeptByHand())
    async with by_hand.running(channel, line):
        await asyncio.to_thread(world.she.come, await channel.invite())
        await until(lambda: line.heards)
        world.imap.stop()
        async with asyncio.timeout(PATIENCE):
            while await connected(channel):  # noqa: ASYNC110  (the core has no event for it)
                await asyncio.sleep(0.1)
        heards = line.heards
        world.imap.start()
        world.she.write(TEXT)
        world.she.rpc.maybe_network()
        await until(lambda: line.taken)
        await until(lambda: line.heards > heards)


def test_a_core_that_nobody_renews_is_told_of(world: World, tmp_path: Path) -> None:
    old = tmp_path / "core"
    shutil.copy(PROGRAM, old)
    os.utime(old, (0, 0))
    asyncio.run(_outdated(world, old))


async def _outdated(world: World, old: Path) -> None:
    line = LineByHand()
    channel = DeltaChat(world.settings(), KeptByHand(), old)
    async with by_hand.running(channel, line):
        await channel.invite()
    assert line.too_old
