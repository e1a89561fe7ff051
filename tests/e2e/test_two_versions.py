# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two desks one version apart work together: today's, and one that writes newer facts.

What today's desk does not know it keeps and could pass on, byte for byte (spec/journal.md 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.kit.offices import PASSPHRASE, Hands, Office, Person, an_office, desk_of, wait
from tests.kit.patching import PATCHES, Patch
from tests.kit.programs import safeconduct

CRY = "My brother found my phone."
OLD_NOTE, NEW_NOTE = "A bed in Ostrel.", "Her cousin knows."
OLD_ANSWER, NEW_ANSWER = "Do not go home.", "Is there a back door?"
NEWER = {("hotline.NoteWritten", 2), ("hotline.ConversationFlagged", 1)}


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The source tree of the next version."""
    (tmp_path / "newer").mkdir()
    return Patch(PATCHES / "builds" / "newer-facts.patch").copy_without(tmp_path / "newer")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        yield office


def shows(hands: Hands, person: Person, *texts: str) -> bool:
    """Tell whether a desk shows what was written to or about somebody."""
    page = hands.pages.client.get(f"/hotline/{person.conversation.hex()}").text
    return all(text in page for text in texts)


def write(hands: Hands, person: Person, note: str, answer: str) -> None:
    """Write for colleagues, and to the person."""
    path = f"/hotline/{person.conversation.hex()}"
    hands.pages.send(hands.pages.get(path).form(f"{path}/note"), text=note)
    hands.answer(hands.talk(person.conversation), person.conversation, answer)


def work_together(office: Office, person: Person, newer: Path) -> None:
    """Let both desks write, each after it has read what the other did."""
    with ExitStack() as stack:
        desks = [
            stack.enter_context(desk_of(office, at, source))
            for at, source in enumerate((None, newer))
        ]
        old, new = (stack.enter_context(Hands.on(desk)) for desk in desks)
        wait(lambda: shows(old, person, CRY) and shows(new, person, CRY))
        write(new, person, NEW_NOTE, NEW_ANSWER)
        wait(lambda: shows(old, person, NEW_ANSWER))
        write(old, person, OLD_NOTE, OLD_ANSWER)
        wait(lambda: shows(new, person, OLD_NOTE, OLD_ANSWER, NEW_NOTE, NEW_ANSWER))
        wait(lambda: len(person.answers()) == 2)
        assert not shows(old, person, NEW_NOTE)
        for hands in (old, new):
            assert 'class="trouble' not in hands.pages.get("/today").text


def frames(office: Office, number: int) -> tuple[list[bytes], set[tuple[str, int]]]:
    """What a desk keeps of the log, and the kinds and versions of what it opened."""
    desk = office.open(number)
    try:
        assert not desk.status().unsent
        log, rows = desk.journal.log, desk.journal.store.rows("SELECT kind, version FROM entries")
        return log.frames(0, log.size()), {(kind, version) for kind, version in rows}
    finally:
        desk.stop()


def verified(home: Path, source: Path | None = None) -> None:
    """Hold a desk to this: its own program finds nothing wrong."""
    with safeconduct("verify", "--home", str(home), source=source) as check:
        check.answer(PASSPHRASE)
        assert check.wait() == 0, check.said


def test_two_desks_one_version_apart_lose_nothing(office: Office, newer: Path) -> None:
    person = office.someone()
    person.write(CRY)
    work_together(office, person, newer)
    assert person.answers() == [NEW_ANSWER, OLD_ANSWER]
    verified(office.homes[0])
    verified(office.homes[1], newer)
    kept, kinds = frames(office, 0)
    assert kept == frames(office, 1)[0]
    assert kinds >= NEWER
    # Once it is of the next version itself, it shows what it had kept; and goes back, and again.
    for source, told in ((newer, True), (None, False), (newer, True)):
        with desk_of(office, 0, source) as desk, Hands.on(desk) as hands:
            assert shows(hands, person, OLD_NOTE, OLD_ANSWER, NEW_ANSWER)
            assert shows(hands, person, NEW_NOTE) == told
    verified(office.homes[0], newer)
