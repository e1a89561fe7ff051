# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stay in step with one relay: pull its log and intake, and hold it to what it signed.

`Puller` is the half that reads; `loops` runs it beside the half that sends.
A relay that lies is named and not followed: its frames beyond what was confirmed are dropped, and
the desk works on offline until the relay tells the truth again.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from safeconduct.edges.desk.engine import afterwards, dropped, intake, left_behind, moved, post
from safeconduct.edges.desk.engine.clock import ClockWatch
from safeconduct.edges.desk.engine.cold import SEGMENT_ENTRIES, Cold
from safeconduct.edges.desk.engine.held import QUICK_FROM, feed_from_disk, finish
from safeconduct.edges.desk.engine.journal import SLICE, Journal
from safeconduct.edges.desk.engine.opener import Opener, setup_of
from safeconduct.edges.desk.engine.standing_by import StandingBy
from safeconduct.edges.desk.engine.weighing import Weigher
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.log.checkpoint import Checkpoint, Tree, parse_checkpoint
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.sync import RelayLied, RelayWithholds, TreeWatch

RUN_BYTES: Final = 4 << 20


class Puller:
    """Takes what is new at the relay.  All calls come from one thread."""

    def __init__(self, journal: Journal, courier: Courier, relay: LongVerifyKey) -> None:
        """Follow the relay whose public key the office was founded with."""
        self._journal: Final = journal
        self._courier: Final = courier
        self._relay: Final = relay
        self.log: TreeWatch = journal.log.watch("log")
        self.intake: TreeWatch = journal.log.watch("intake")
        for leaf in journal.log.leaves(self.log.size, journal.log.size()):
            self.log.extend(leaf)  # Served before the desk was closed, and not confirmed yet.
        self._clocks: Final = ClockWatch(journal, courier)
        self._weigher: Final = Weigher(journal)
        self.standing_by: Final = StandingBy(journal)
        self.opener: Opener | None = None
        self.stopped: Callable[[], bool] = lambda: False
        self.before_letters: Callable[[], None] = lambda: None
        """Takes the keys that the log tells of, without which letters do not open."""
        self.catching_up = 0
        self.heard = 0

    @property
    def known(self) -> tuple[int, int]:
        """The sizes of log and intake beyond which there is something new to take."""
        return self.log.confirmed.size, max(self.intake.confirmed.size, self.heard)

    @property
    def read_to(self) -> int:
        """The size of the intake beyond which there is something that this desk did not read."""
        return self.intake.confirmed.size if self.standing_by.waits else self.known[1]

    def pull(self) -> None:
        """Bring log and intake up to the relay's newest checkpoints; durable on return.

        Raises:
            RelayLied: its name is its lie; nothing of it was kept but the notes.
            Unreachable: later.
        """
        store = self._journal.store
        try:
            self._take_log()
            if left_behind.takes_messages(self._journal):
                self.before_letters()
                self.pull_intake()
            else:
                self._note_intake()
            dropped.tell_losses(self._journal)
            with store.unhurried():
                self._weigher.weigh_all(self.stopped)
            self._clocks.look()
        finally:
            store.settle()

    def pull_log(self) -> None:
        """Take new frames, and hold the relay to what it said of them; durable on return."""
        try:
            self._take_log()
        finally:
            self._journal.store.settle()

    def _take_log(self) -> None:
        """Take new frames, hold the relay to its checkpoint and to its promises, open them."""
        journal, promised = self._journal, post.promises(self._journal)
        with self._evidence(self.log):
            checkpoint = self._checkpoint("log")
            self.log.hear(checkpoint)
            with journal.store.unhurried():
                self._take(checkpoint)
                post.hold_to(journal, promised, checkpoint.size)
            moved.settle(journal)
        moved.tell_elsewhere(journal)

    def _take(self, checkpoint: Checkpoint) -> None:
        if checkpoint.size - self._journal.log.read_to() >= QUICK_FROM:
            self._pull_many(checkpoint)
            return
        for frames in self._runs(checkpoint):
            self._keep(frames)
        self._confirm(checkpoint)
        self._open()

    def pull_intake(self) -> None:
        """Record new messages, and hold the relay to its checkpoint by the ids of all of them."""
        with self._evidence(self.intake):
            asked = self._journal.clock.now()
            checkpoint = self._checkpoint("intake")
            self.intake.hear(checkpoint)
            if self._journal.behind:
                self.heard = checkpoint.size
                return  # It can record nothing, and tells nobody that the office has a message.
            due = self.standing_by.due(checkpoint)
            self.heard = checkpoint.size
            if due is None:
                return
            while self.intake.size < due.size:
                if self.stopped():
                    return
                intake.read_items(self._journal, self._courier, self.intake, due.size)
            self.intake.confirm(due)
            with self._journal.store.unhurried(), self._journal.store.transaction():
                self._journal.log.keep_confirmed(self.intake)
                if due is checkpoint:
                    dropped.note_asked(self._journal, asked)
            confirmed = self.intake.confirmed
            intake.read_again(self._journal, self._courier, confirmed, self.stopped)

    def _note_intake(self) -> None:
        """Hear how much has come, and take nothing: this desk left behind what reads it."""
        with self._evidence(self.intake):
            checkpoint = self._checkpoint("intake")
            self.intake.hear(checkpoint)
            self.heard = checkpoint.size

    def _checkpoint(self, tree: Tree) -> Checkpoint:
        checkpoint = parse_checkpoint(self._courier.checkpoint(tree), self._relay)
        if checkpoint.office != self._journal.office or checkpoint.tree != tree:
            raise Malformed("checkpoint")
        return checkpoint

    def _runs(self, checkpoint: Checkpoint) -> Iterator[list[bytes]]:
        """Fetch the frames up to a checkpoint; a relay that has none left withholds them."""
        at = self.log.size
        while at < checkpoint.size:
            frames = self._courier.frames(at, RUN_BYTES)[: checkpoint.size - at]
            if not frames:
                raise RelayWithholds
            at += len(frames)
            yield frames

    def _keep(self, frames: list[bytes]) -> int:
        start = self.log.size
        for leaf in self._journal.log.add(start, frames):
            self.log.extend(leaf)
        return start

    def _confirm(self, checkpoint: Checkpoint) -> None:
        moved.hold(self._journal, self.log.size)
        self.log.confirm(checkpoint)
        self._journal.log.keep_confirmed(self.log)
        self._journal.seen = self.log.confirmed

    def _open(self) -> None:
        """Open frames one by one, each checked, and hold what they cite to our own log."""
        journal = self._journal
        start = journal.log.read_to()
        for at in range(start, self.log.size, SLICE):
            journal.take(at, journal.log.frames(at, min(SLICE, self.log.size - at)))
        afterwards.check_cited(journal, self.log, start)

    def _pull_many(self, checkpoint: Checkpoint) -> None:
        """Fetch, keep, open and fold at once; Today can be used before the tables are written."""
        journal = self._journal
        opener = self._opener()
        cold = Cold(journal)
        self.catching_up = checkpoint.size - self.log.size
        gc.disable()  # Millions of fresh objects, none of them in rings.
        try:
            feed_from_disk(journal, opener, self.log.size)
            for frames in prefetch(self._runs(checkpoint)):
                opener.feed(self.log.size, frames)
                self._keep(frames)
                while opener.ready():
                    cold.add(opener.take())
                if cold.entries > SEGMENT_ENTRIES:
                    finish(cold, opener, self.log.size)
                    cold = Cold(journal)
            self._confirm(checkpoint)
            finish(cold, opener, self.log.size)
        finally:
            gc.enable()
            self.catching_up = 0
        afterwards.check_all_cited(journal)

    def _opener(self) -> Opener:
        if self.opener is None:
            self.opener = Opener()
        self.opener.set_up(setup_of(self._journal))
        return self.opener

    def close(self) -> None:
        """End the worker process."""
        if self.opener is not None:
            self.opener.close()
            self.opener = None

    @contextmanager
    def _evidence(self, watch: TreeWatch) -> Iterator[None]:
        """Name a liar, forget what it served beyond what it had proved, and pass the error on."""
        try:
            yield
        except RelayLied as lie:
            journal = self._journal
            journal.trouble(lie.code)
            if watch.tree == "log" and watch.size > watch.confirmed.size:
                journal.log.cut(watch.confirmed.size)
                watch.take_back(journal.log.frontier(watch.confirmed.size))
            elif watch.tree == "intake":
                watch.take_back(journal.log.watch("intake").frontier)
            raise


def prefetch(runs: Iterator[list[bytes]]) -> Iterator[list[bytes]]:
    """Fetch the next run while the caller works on this one."""
    with ThreadPoolExecutor(1, "desk-fetch") as thread:
        following = thread.submit(next, runs, None)
        while (run := following.result()) is not None:
            following = thread.submit(next, runs, None)
            yield run
