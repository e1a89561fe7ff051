# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing in is killed in the middle, again and again: no item twice, none lost, files whole."""

import multiprocessing
import random
import time
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.importing.sources import Asked, source_of
from safeconduct.edges.desk.office import Desk
from tests.e2e.test_desk_crash import served
from tests.kit.desk_writer import bring_in
from tests.kit.old_files import mail
from tests.kit.patience import PATIENCE
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand

MAILS = 260
SENDERS = 13
ROUNDS = 3
FILE = (
    "--b\nContent-Type: text/plain\n\nWord {}\n"
    "--b\nContent-Type: image/jpeg; name=a.jpg\n\n{}\n"
    "--b--"
)


def old_box(tmp_path: Path) -> Path:
    """A mailbox of several people, every fifth mail with a file."""
    box = tmp_path / "box"
    with box.open("wb") as file:
        for at in range(MAILS):
            who = f"p{at % SENDERS}@example.org"
            kind = {"Content_Type": "multipart/mixed; boundary=b"} if at % 5 == 0 else {}
            text = FILE.format(at, "x" * 3_000) if kind else f"Word {at}"
            file.write(mail(text, From=who, Message_ID=f"<{at}@x>", **kind))
    return box


def kill_after_a_batch(folder: str, url: str, seconds: float) -> int:
    """Bring in, and kill the process so long after its first batch; return how much that was."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.kit.desk_writer"])
    mine, its = context.Pipe(duplex=False)
    process = context.Process(target=bring_in, args=(folder, url, its), daemon=True)
    process.start()
    its.close()
    assert mine.poll(PATIENCE)
    assert mine.recv() == -1
    assert mine.poll(PATIENCE)
    written = mine.recv()
    time.sleep(seconds)
    process.kill()
    process.join()
    process.close()
    mine.close()
    return int(written)


def whole(desk: Desk) -> bool:
    """Tell whether each mail is there once, with its whole file, and all lists say so."""
    rows, _ = desk.inbox(show="all", start=0, most=99)
    talks = [talk for row in rows if (talk := desk.conversation(row.conversation))]
    said = [(talk.id, one) for talk in talks for one in talk.messages]
    numbers = sorted(int(one.text.split()[-1]) for _, one in said)
    files = [(where, held.blob) for where, one in said for held in one.attachments]
    contents = {b"".join(desk.file_bytes(*one, leaves=False)).strip() for one in files}
    assert len(talks) == SENDERS
    assert (len(files), contents) == (MAILS // 5, {b"x" * 3_000})
    return numbers == list(range(MAILS)) and not verify_store(desk.journal).findings


@pytest.mark.timeout(600 + 10 * ROUNDS)
def test_kill_9_in_the_middle_then_again_gives_no_double_and_loses_nothing(tmp_path: Path) -> None:
    rng = random.Random(13)
    box = old_box(tmp_path)
    with Rehearsal(tmp_path) as stage:
        stage.found().stop()
        written = 0
        with served(stage) as url:
            for _ in range(ROUNDS):
                written += kill_after_a_batch(str(tmp_path / "first"), url, rng.uniform(0, 0.1))
        desk = stage.unlock("first")
        desk.imports.look("box", source_of(box, Asked()))
        desk.imports.bring(lambda _: True)
        again = desk.imports.look("box", source_of(box, Asked()))
        assert again.counts == {"known": MAILS}
        Hand(desk, stage.courier(desk)).sync()
        assert whole(desk)
        assert written > 0
