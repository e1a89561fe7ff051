# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Delta Chat's core refuses stops nobody else, and an answer goes on where it stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from safeconduct.edges.lines.channel import Arrived, Departing, FileHere, FilesLeft
from safeconduct.edges.lines.kinds.deltachat_chats import FAILED, FETCHES_MOST, Chats
from safeconduct.edges.lines.kinds.deltachat_core import CoreRefuses
from safeconduct.edges.lines.kinds.deltachat_told import Chat, Message, Person, State

SHE = Person("amina@else.example", True)
WHO = b"f" * 20
FILES = (FileHere("map.txt", "text/plain", b"a"), FileHere("film.mp4", "video/mp4", b"b"))
GONE = 26


def message(number: int, **told: Any) -> Message:  # noqa: ANN401
    basis: dict[str, Any] = {
        "text": f"words {number}",
        "is_info": False,
        "download_state": "Done",
        "state": 10,
    }
    return Message(id=number, chat_id=10, from_id=10, sender=SHE, **(basis | told))


@dataclass
class Core:
    """A core that holds what it is told to, and refuses what it is told to."""

    holds: dict[int, Message] = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)
    fate: Callable[[dict[str, str]], int] = lambda _: GONE
    asked: list[str] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    breaks_at: str | None = None
    """At this file it refuses once."""

    async def call(self, _: object, method: str, account: int, *told: Any) -> Any:  # noqa: ANN401, ARG002
        await asyncio.sleep(0)
        self.asked.append(method)
        if method in self.refuses:
            raise CoreRefuses
        act = getattr(self, method, None)
        return act(*told) if act else None

    def get_chatlist_entries(self, *_: object) -> list[int]:
        return [10]

    def get_message_ids(self, *_: object) -> list[int]:
        return list(self.holds)

    def get_messages(self, _: object) -> dict[int, Message]:
        return dict(self.holds)

    def delete_messages(self, ids: list[int]) -> None:
        for one in ids:
            self.holds.pop(one, None)

    def create_chat_by_contact_id(self, _: int) -> int:
        return 10

    def get_basic_chat_info(self, _: int) -> Chat:
        return Chat(True)

    def send_msg(self, _: int, data: dict[str, str]) -> int:
        if data.get("filename", "") == self.breaks_at:
            self.breaks_at = None
            raise CoreRefuses
        if "file" in data:
            self.contents.append(Path(data["file"]).read_bytes())
        self.sent.append(data)
        return len(self.sent)

    def get_message(self, number: int) -> State:
        return State(self.fate(self.sent[number - 1]))


@dataclass
class Taker:
    """A line that takes everything."""

    took: list[Arrived] = field(default_factory=list)

    async def take(self, arrived: Arrived) -> None:
        self.took.append(arrived)


def chats(core: Core, folder: Path) -> Any:  # noqa: ANN401  (a core by hand)
    made: Any = Chats
    held = made(core, 1, folder, lambda: None)
    held._people[WHO] = 10
    return held


def test_a_message_that_the_core_will_not_fetch_stops_no_other(tmp_path: Path) -> None:
    core, line = Core({1: message(1, download_state="Available"), 2: message(2)}), Taker()
    core.refuses = {"download_full_message"}
    held = chats(core, tmp_path)
    asyncio.run(held.sweep(line))
    assert [one.text for one in line.took] == ["words 2"]
    for _ in range(FETCHES_MOST):
        asyncio.run(held.sweep(line))
    assert line.took[1].text.startswith("words 1\n")
    assert core.asked.count("download_full_message") == FETCHES_MOST
    assert not core.holds


def test_what_the_core_does_not_delete_is_taken_once(tmp_path: Path) -> None:
    core, line = Core({1: message(1), 2: message(2)}, {"delete_messages"}), Taker()
    held = chats(core, tmp_path)
    for _ in range(3):
        asyncio.run(held.sweep(line))
    core.refuses.clear()
    asyncio.run(held.sweep(line))
    assert [one.text for one in line.took] == ["words 1", "words 2"]
    assert not core.holds


def test_an_answer_goes_on_where_it_stopped(tmp_path: Path) -> None:
    core = Core()
    held = chats(core, tmp_path)

    core.breaks_at = "film.mp4"
    with pytest.raises(CoreRefuses):
        asyncio.run(held.send(WHO, Departing("read this", FILES)))
    asyncio.run(held.send(WHO, Departing("read this", FILES)))
    assert [(one["text"], one["filename"]) for one in core.sent] == [
        ("read this", "map.txt"),
        ("", "film.mp4"),
    ]


def test_a_file_that_never_goes_is_left_and_the_words_go_alone(tmp_path: Path) -> None:
    core = Core(fate=lambda data: FAILED if "file" in data else GONE)
    with pytest.raises(FilesLeft):
        asyncio.run(chats(core, tmp_path).send(WHO, Departing("read this", FILES[:1])))
    assert core.sent[-1] == {"text": "read this"}


def test_two_answers_at_once_take_no_file_from_one_another(tmp_path: Path) -> None:
    core = Core()
    held = chats(core, tmp_path)

    async def both() -> None:
        one, other = (Departing("", (file,)) for file in FILES)
        await asyncio.gather(held.send(WHO, one), held.send(WHO, other), held.send(WHO, one))

    asyncio.run(both())
    assert sorted(core.contents) == [b"a", b"a", b"b"]
    assert not list((tmp_path / "leaving").iterdir())
