# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's threads: one pulls and waits, one sends, one tidies up, two watch line and colleagues.

These loops are the one place that swallows errors; each becomes a code that helpers see.
Fail-open in this sense only: whatever the relay does, reading and writing on this desk go on.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Final

from safeconduct.edges.desk import wiping
from safeconduct.edges.desk.engine import (
    afterwards,
    doors,
    drawing,
    files_again,
    keys_again,
    moved_letters,
    post,
    removing,
    sending,
    signed_heads,
    taking_over,
    uploads,
)
from safeconduct.edges.desk.engine.heartbeats import Heartbeats
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.new_keys import KeyTaker
from safeconduct.edges.desk.engine.rotating import Rotator
from safeconduct.edges.desk.engine.signed_heads import HeadSigner
from safeconduct.edges.desk.engine.standing_by import LOOK_AGAIN
from safeconduct.edges.desk.engine.sync import Puller
from safeconduct.edges.desk.engine.turning import Turning
from safeconduct.edges.desk.line_watch import LineWatch
from safeconduct.kernel.errors import SafeconductError, Unreachable
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.sync import RelayLied
from safeconduct.kernel.wire.refusals import Busy, UnknownCapability
from safeconduct.kernel.words import SECOND, Instant

WAIT_SECONDS: Final = 10.0
PULL_SECONDS: Final = 0.3
"""So long lies between the beginnings of two pulls: each costs as much as several messages."""
LOOK_SECONDS: Final = 0.5
BEAT_SECONDS: Final = 5.0
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
LIAR_PAUSE: Final = 60.0
BREATH: Final = 0.005
EARLY_SECONDS: Final = WAIT_SECONDS / 2
SPARING_PAUSE: Final = 1.0
SPARING_SPREAD: Final = 2 * SECOND
"""So long, and up to so much longer by chance, a desk that was sent away waits to ask again."""

_LAST: Final = (
    *(uploads.send_files_left, post.send_taken),
    *(moved_letters.post_them, files_again.bring_some),
)


class Loops:
    """Runs the engine's threads until stopped."""

    def __init__(self, journal: Journal, courier: Courier) -> None:
        """Pull and send through `courier`."""
        self._journal: Final = journal
        self._line: Final = LineWatch(courier, self._reached)
        self.courier: Final = self._line.courier
        self.puller: Final = Puller(journal, self.courier, journal.place.relay())
        self.heartbeats: Final = Heartbeats(journal)
        self._heads: Final = HeadSigner(journal)
        self.taker: Final = KeyTaker(journal, self.courier)
        self.rotator: Final = Rotator(journal, self.courier)
        self.turning: Final = Turning(journal, self.courier, self.taker, self.puller)
        self._stop: Final = threading.Event()
        self.puller.stopped = self._stop.is_set
        self._to_send: Final = threading.Event()
        self._caught_up: Final = threading.Event()
        self._waiting, self._pulled = False, -PULL_SECONDS
        self._sent_away_at: tuple[int, int] | None = None
        self._pieces = 0
        journal.carried = self._carried
        self._followed: object = None
        self._full = (b"", Instant(0), 0)
        self._way: Final = threading.RLock()
        self.wipe: Callable[[], None] = self._wipe
        self.online = False
        self.last_contact: Instant | None = None
        self._threads: Final = [
            threading.Thread(target=self._loop, args=(step,), name=f"desk-{name}", daemon=True)
            for name, step in (
                ("pull", self.pull_once),
                ("send", self.send_once),
                ("after", self._after_once),
                ("watch", self._watch_once),
                ("beat", self._beat_once),
            )
        ]

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the threads; what is unsent stays in the store."""
        self._stop.set()
        self._to_send.set()
        self._caught_up.set()
        for thread in self._threads:
            # One that waits at the relay touches nothing any more, so nobody waits for it.
            while thread.is_alive() and not (thread is self._threads[0] and self._waiting):
                thread.join(BREATH)
        self.puller.close()

    def abandon(self) -> None:
        """Leave everything as it stands, because the process ends now; what is written is safe."""
        opener = self.puller.opener
        if opener is not None:
            opener.kill()

    def wake(self) -> None:
        """Something was written: send it."""
        self._to_send.set()

    def pull_once(self) -> None:
        """Pull everything, then wait at the relay for more.

        What comes in quick succession is taken together; what comes after a while, at once.
        A relay with too many who wait answers before there is anything new (docs/spec/relay.md 4).
        Then this waits a moment here, lest all who are sent away ask again at once for ever.
        """
        self._rest()
        self.pull_all()
        self._caught_up.set()
        if drawing.under_way(self._journal):
            self.wake()
        known = self.puller.known
        if self._sent_away_at == known:
            spread = post.by_chance(self._journal, SPARING_SPREAD) / SECOND
            self._stop.wait(SPARING_PAUSE + spread)
        self._sent_away_at = None
        self._waiting = True
        try:
            if not self._stop.is_set():
                began = time.monotonic()
                seconds = LOOK_AGAIN if self.puller.standing_by.waits else WAIT_SECONDS
                self.courier.wait(*known, seconds)
                if seconds == WAIT_SECONDS and time.monotonic() - began < EARLY_SECONDS:
                    self._sent_away_at = known
        except SafeconductError:
            if not self._stop.is_set():  # Else nobody waits for this thread: it touches nothing.
                raise
        finally:
            self._waiting = False

    def _rest(self) -> None:
        """Let come together what comes in quick succession."""
        self._stop.wait(max(0.0, self._pulled + PULL_SECONDS - time.monotonic()))
        self._pulled = time.monotonic()

    def pull_all(self) -> None:
        """Take what is new, then keys that are ours, and renew those that somebody gone could open.

        Then keys are made anew whose time has come.  All by one thread: each of them changes how
        the journal reads.
        """
        self.puller.pull()
        self.taker.take_all(self._stop.is_set)
        self.rotator.rotate_all(self._stop.is_set)
        keys_again.give_all(self._journal, self.courier)
        self.turning.look()

    def send_once(self) -> None:
        """Send everything that waits, then wait for more to be written."""
        self._to_send.clear()
        self.send_all()
        self._to_send.wait(WAIT_SECONDS)

    def send_all(self) -> None:
        """Send everything that can be sent now.

        Of a day's bytes the last tenth is for small frames, and when that is written too nothing
        goes before the next day; but a new access epoch begins with nothing written.
        """
        refused: SafeconductError | None = None
        for steps in (
            (post.push, sending.send_letters, *_LAST),
            (post.push_small,),
            (),
        )[self._used_up() :]:
            try:
                refused = self._follow_first()
                self._do_all(steps)
                break
            except Busy as busy:
                if busy.seconds <= uploads.MOMENT:
                    raise
                self._use_up(busy.seconds)
            finally:
                self._journal.store.settle()
        self._journal.changed()
        if refused is not None:
            raise refused

    def _follow_first(self) -> SafeconductError | None:
        """Do what follows from removals before all else; return why the relay did not let it.

        So who was removed does not read of it while still let in, and an opening whose answer was
        lost is asked for again.  What is refused of it keeps nobody's words back.
        """
        try:
            self._do_all((self._follow_up,))
        except (Unreachable, Busy):
            raise
        except SafeconductError as error:
            return error
        return None

    def _do_all(self, steps: tuple[Callable[[Journal, Courier], bool], ...]) -> None:
        while any(step(self._journal, self.courier) for step in steps):
            if self._stop.is_set():
                return

    def heard(self) -> bool:
        """Tell whether this desk has read all that the relay had, at least once since it opened."""
        return self.last_contact is not None and not self.puller.catching_up

    @property
    def full_until(self) -> Instant | None:
        """When the relay takes more of this office again; None when it takes it now."""
        return self._full[1] if self._used_up() else None

    def _used_up(self) -> int:
        """Tell how much of the day is written: 0, nine tenths (1), or all (2)."""
        of, until, much = self._full
        stands = of == self._journal.place.capability and self._journal.clock.now() < until
        return much if stands else 0

    def _use_up(self, seconds: int) -> None:
        until = Instant(self._journal.clock.now() + seconds * SECOND)
        self._full = (self._journal.place.capability, until, min(2, self._used_up() + 1))

    def _follow_up(self, journal: Journal, courier: Courier) -> bool:
        """Do what follows from a removal; looks only where the roster changed, or it waits."""
        with self._way:
            roster = journal.roster
            waits = drawing.waits(journal)
            if roster is self._followed and not waits:
                return False
            went_on = removing.follow_up(journal, courier)
            self._followed = self._followed if went_on else roster
            return went_on

    def admitted(self, step: Callable[[], None]) -> None:
        """Do a step; where the relay refuses us, look into our door first.

        Where that says nothing for long, a steward's desk opens the next epoch itself.

        Raises:
            UnknownCapability: the door says nothing new.
        """
        shown = self._journal.place.capability
        try:
            step()
        except UnknownCapability:
            with self._way:  # Not while this desk itself opens the next epoch.
                found = doors.look(self._journal, self.courier)
                if found is doors.Found.NOTHING:
                    taking_over.open_next(self._journal, self.courier)
            if found is doors.Found.WIPE:
                self.wipe()
            elif shown == self._journal.place.capability:
                raise

    def _wipe(self) -> None:
        """Destroy the keys and end this process; who started it removes the store."""
        wiping.destroy_keys(self._journal.store.path.parent)
        self.abandon()
        os._exit(wiping.WIPED)

    def _after_once(self) -> None:
        """Index, verify, in small slices between which others may work."""
        self._caught_up.wait()
        self._caught_up.clear()
        for some in (afterwards.index_some, afterwards.verify_some):
            while not self._stop.is_set() and some(self._journal):
                self._stop.wait(BREATH)
        signed_heads.check_new(self._journal)

    def _beat_once(self) -> None:
        """Tell that this desk is on duty, when it is time, and see who fell silent."""
        there = self.online and not self.puller.catching_up
        self.heartbeats.look(online=there)
        if there:
            self._heads.look()
        self._stop.wait(BEAT_SECONDS)

    def _watch_once(self) -> None:
        """Say that the relay does not answer, long before its calls give up."""
        if self._line.late():
            self._offline()
        self._stop.wait(LOOK_SECONDS)

    def _reached(self) -> None:
        """The relay answered; while it owes an older answer it counts as silent."""
        self.last_contact = self._journal.clock.now()
        if not self.online and not self._line.late():
            self.online = True
            self._journal.changed()

    def _carried(self) -> bool:
        """Note that the relay keeps one more piece of a file; tell whether this desk ends."""
        self._pieces += 1
        return self._stop.is_set()

    def _loop(self, step: Callable[[], None]) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            before = self._pieces
            try:
                self.admitted(step)
                pause = FIRST_PAUSE
                continue
            except Unreachable:
                self._offline()
                if self._pieces != before:  # The line breaks often, yet a file gets on over it.
                    pause = FIRST_PAUSE
            except RelayLied as lie:
                self._journal.trouble(lie.code)
                self._offline()
                pause = LIAR_PAUSE
            except SafeconductError as error:
                self._journal.trouble(error.code)
            except Exception:  # noqa: BLE001  (a defect must not end the desk; its code is shown)
                self._journal.trouble("defect")
            self._stop.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _offline(self) -> None:
        if self.online:
            self.online = False
            self._journal.changed()
