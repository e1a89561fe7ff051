# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real desk on a full disk, and killed at work: what it took is there, and goes out once.

`SAFECONDUCT_KILLS` says how often desks are killed; a quarter of them are these.
"""

from __future__ import annotations

import os
import random
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.kit.offices import Hands, Office, Person, an_office, desk_of, wait
from tests.kit.pages import Page
from tests.kit.small_disk import SmallDisk, small_disk

KILLS = int(os.environ.get("SAFECONDUCT_KILLS", "8")) // 4
SMALL = 24 << 20
LONG = "Я здесь. " * 1_000
FULL = "The disk is full."
TRIES = 200
ANSWERED = re.compile(r"answer \d+")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", SMALL) as disk:
        yield disk


@pytest.fixture
def cramped(tmp_path: Path, disk: SmallDisk) -> Iterator[Office]:
    """An office whose first desk is on a small disk."""
    with an_office(tmp_path, disk.folder / "desk") as office:
        yield office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        yield office


def arrived(hands: Hands, person: Person, text: str) -> bool:
    """Tell whether a desk shows what somebody wrote."""
    # What is long ago is folded away in a long conversation.
    page = hands.pages.client.get(f"/hotline/{person.conversation.hex()}?all=1")
    return text in page.text


def refused_for_space(hands: Hands, page: Page, person: Person) -> list[str]:
    """Answer until the desk refuses, which it must do in words; return what it took."""
    taken: list[str] = []
    form = page.form(f"/hotline/{person.conversation.hex()}/answer")
    for number in range(TRIES):
        text = f"answer {number}. {LONG}"
        told = {**form.fields, "text": text}
        headers = {"Origin": hands.pages.origin}
        got = hands.pages.client.post(form.action, data=told, headers=headers)
        if got.status_code != 200:
            assert got.status_code == 422
            assert FULL in got.text
            # What was typed is there to be sent again.
            assert f"answer {number}." in got.text
            return taken
        taken.append(text)
        form = hands.talk(person.conversation).form(form.action)
    pytest.fail("the disk was never full")


def test_a_full_disk_is_said_in_words_and_loses_nothing(cramped: Office, disk: SmallDisk) -> None:
    person = cramped.someone()
    person.write("My brother found my phone.")
    with desk_of(cramped, 0) as desk, Hands.on(desk) as hands:
        wait(lambda: arrived(hands, person, "found my phone"))
        page = hands.talk(person.conversation)
        page = hands.answer(page, person.conversation, "before")
        disk.fill()
        taken = refused_for_space(hands, page, person)
        person.write("They are at the door.")
        wait(lambda: FULL in hands.pages.get("/today").text)
        assert not arrived(hands, person, "at the door")
        assert "before" in hands.talk(person.conversation).text
        disk.empty()
        wait(lambda: arrived(hands, person, "at the door"))
        page = hands.talk(person.conversation)
        page = hands.answer(page, person.conversation, "after")
        texts = ["before", *taken, "after"]
        wait(lambda: len(person.answers()) >= len(texts))
        assert person.answers() == texts
    held = cramped.open(0)
    conversation = held.conversation(person.conversation)
    assert conversation is not None
    assert [answer.text for answer in conversation.answers] == texts
    held.stop()


def answer_until_killed(
    office: Office, person: Person, seconds: float, first: int, *, once: bool
) -> tuple[list[str], str]:
    """Begin notes and answer over HTTP until the desk is killed; return what it acknowledged.

    The seconds count from when it begins or, with `once`, from when it has acknowledged once.
    """
    acknowledged, begun = list[str](), ""
    with desk_of(office, 0) as desk, Hands.on(desk) as hands:
        wait(lambda: arrived(hands, person, "found my phone"))
        page = hands.talk(person.conversation)
        alarm = threading.Timer(seconds, desk.process.kill)
        if not once:
            alarm.start()
        try:
            for number in range(first, first + TRIES):
                hands.begin(page, person.conversation, "note", f"note {number}")
                begun = f"note {number}"
                page = hands.answer(page, person.conversation, f"answer {number}")
                acknowledged.append(f"answer {number}")
                if once and number == first:
                    alarm.start()
        except httpx.TransportError:
            pass
        finally:
            alarm.join()
        assert desk.wait() == -9
    return acknowledged, begun


def draft_of(office: Office, person: Person) -> str:
    """The note that a desk holds as begun; its program must have ended."""
    desk = office.open(0)
    begun = desk.drafts(person.conversation).note
    desk.stop()
    return begun


@pytest.mark.timeout(600 + 10 * KILLS)
def test_a_killed_desk_keeps_what_it_acknowledged_and_sends_it_once(office: Office) -> None:
    rng = random.Random(4)
    person = office.someone()
    person.write("My brother found my phone.")
    acknowledged, held_draft = list[str](), ""
    for turn in range(KILLS):
        seconds, once = rng.uniform(0.1, 0.4), turn % 2 == 0
        taken, begun = answer_until_killed(office, person, seconds, turn * TRIES, once=once)
        acknowledged += taken
        # What was said to be kept, or what came after it and was not said any more.
        after = int(begun.removeprefix("note ")) + 1 if begun else turn * TRIES
        expected = {begun or held_draft, f"note {after}"}
        held_draft = draft_of(office, person)
        assert held_draft in expected
    assert len(acknowledged) >= KILLS // 2
    with desk_of(office, 0) as desk, Hands.on(desk) as hands:
        shown = hands.pages.get(f"/hotline/{person.conversation.hex()}?all=1").text
        held = ANSWERED.findall(shown)
        assert set(acknowledged) <= set(held)
        wait(lambda: len(person.answers()) >= len(held))
        hands.pages.get("/today")
    sent = person.answers()
    assert len(sent) == len(set(sent))
    assert set(sent) == set(held)
    kept = office.open(0)
    assert not kept.status().unsent
    assert not kept.status().troubles
    kept.stop()
