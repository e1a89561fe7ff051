# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the telephone is measured by: messages and talks at once, and an hour of calls."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from safeconduct.kernel.canon import encode
from safeconduct.rooms.hotline.letters import Letter
from safeconduct.rooms.hotline.spoken import RATE, CallMark, as_one, parse_call, piece_at, said_of
from tests.bench.phone_house import Call, House, calls_of, house, until
from tests.kit.stage import Stage, stage
from tests.lines.kit.calls import Calls, call, speech, telephones
from tests.lines.kit.sipp import HangUp, Say, Speak, Step, Telephone, UntilHungUp, Wait
from tests.lines.kit.speaking import loudness

WORDS: Final = "We are four people, and one of us is ill. We can walk, but not far. " * 12
A_SECOND: Final = 40
"""Calls that begin in a second, where many come at once."""
LOUD: Final = 0.02
"""What the speech of the callers is louder than."""
PATIENCE: Final = 60.0
ANSWERS_MS: Final = (2_000, 3_500, 2_500, 4_000, 3_000)
"""How long those on duty let it ring, who answer."""
BURST: Final = 5
CALLS: Final = 30
EVERY: Final = 600.0
TALKS: Final = (360, 480, 600, 420, 540)
"""How long each of those on duty talks, in seconds, who then hangs up; the mean is 8 minutes."""
GIVES_UP: Final = 900.0
"""Who waits longer than this hangs up."""


def messages(folder: Path, count: int, seconds: int) -> dict[str, Any]:
    """Let so many leave a message of so many seconds at once."""
    with stage() as office, house(office, folder, ()) as ours:
        sound = speech(folder, WORDS)
        steps = (Wait(8_500), Say(sound, seconds * 1_000), HangUp())
        begun, cpu = time.monotonic(), ours.cpu()
        call(folder, ours.asterisk, steps, times=count, per_second=A_SECOND).ended(PATIENCE * 2)
        took = time.monotonic() - begun
        used = ours.cpu() - cpu
        until(lambda: len(_ended(office)) >= count, PATIENCE)
        whole = sum(_is_whole(office, letters, seconds) for letters in _ended(office))
        answers = [one.taken - one.came for one in calls_of(ours) if one.taken is not None]
    return {
        "messages": count,
        "whole": whole,
        "cpu_cores": round(used / took, 2),
        "answer_ms_p99": round(_share(answers, 0.99) * 1_000),
        "lost": count - whole,
    }


def talks(folder: Path, count: int, seconds: float) -> dict[str, Any]:
    """Let so many talk at once, each with somebody."""
    operators = tuple(f"op{n}" for n in range(count))
    with stage() as office, house(office, folder, operators, together=True) as ours:
        sound = speech(folder, WORDS)
        with telephones(folder, ours.asterisk, Telephone(answers_ms=300)):
            lasts = round((seconds + PATIENCE / 2) * 1_000)
            steps: tuple[Step, ...] = (Wait(7_000), Say(sound, lasts))
            calling = call(
                folder, ours.asterisk, (*steps, UntilHungUp()), times=count, per_second=A_SECOND
            )
            until(lambda: ours.talks() == count, PATIENCE / 2)
            begun, cpu = time.monotonic(), ours.cpu()
            time.sleep(seconds)
            used, stand = (ours.cpu() - cpu) / (time.monotonic() - begun), ours.talks()
            packets, lost = _packets(ours)
            calling.gone()
    return {
        "talks": stand,
        "talks_cpu_cores": round(used, 2),
        "talks_packets": packets,
        "talks_packets_lost": lost,
        "lost": count - stand,
    }


@dataclass
class Hour:
    """An hour of calls, or the same with all talks and pauses shorter by `scale`."""

    folder: Path
    on_duty: int
    scale: float
    calls: int = CALLS
    one_is_away: bool = False
    _gave_up: set[str] = field(default_factory=set)

    def run(self) -> dict[str, Any]:
        """Let it pass, and tell what became of each call."""
        names = tuple(f"op{n}" for n in range(self.on_duty))
        phones = [self._telephone(n) for n in range(self.on_duty)]
        with stage() as office, house(office, self.folder, names) as ours:
            with telephones(self.folder, ours.asterisk, *phones):
                bursts = self._pass(ours)
                for burst in bursts:
                    burst.gone()
            found = calls_of(ours)
        return self._figures(found)

    def _telephone(self, number: int) -> Telephone:
        if self.one_is_away and number == self.on_duty - 1:
            return Telephone(answers_ms=None)
        turn = number % len(TALKS)
        lasts = round(TALKS[turn] * 1_000 / self.scale)
        return Telephone(answers_ms=ANSWERS_MS[turn], talks_ms=lasts)

    def _pass(self, ours: House) -> list[Calls]:
        sound = speech(self.folder, WORDS)
        begun, bursts = time.time(), list[Calls]()
        longest = (self.calls / BURST * EVERY + 4 * GIVES_UP) / self.scale + PATIENCE
        while time.time() < begun + longest:
            due = (len(bursts) * EVERY) / self.scale
            if len(bursts) * BURST < self.calls and time.time() >= begun + due:
                steps = (Speak(sound), UntilHungUp(7_200_000))
                bursts.append(call(self.folder, ours.asterisk, steps, times=BURST, per_second=5))
            found = calls_of(ours)
            self._give_up(ours, found)
            if len(found) == self.calls and all(one.ended is not None for one in found):
                break
            time.sleep(0.4)
        return bursts

    def _give_up(self, ours: House, found: Iterable[Call]) -> None:
        """End the waiting of who has no more patience."""
        now = time.time()
        for one in found:
            waits = one.ended is None and one.spoken_with is None
            if waits and now - one.came > GIVES_UP / self.scale:
                self._gave_up.add(one.channel)
                ours.hang_up(one.channel)

    def _figures(self, found: list[Call]) -> dict[str, Any]:
        waited = [one.spoken_with - one.came for one in found if one.spoken_with is not None]
        dropped = sum(self._is_dropped(one) for one in found) + self.calls - len(found)
        return {
            "answered_15s": round(sum(one <= 15 for one in waited) / self.calls, 3),
            "answered_20s": round(sum(one <= 20 for one in waited) / self.calls, 3),
            "abandoned": len(self._gave_up),
            "dropped": dropped,
            "waited_s_most": round(max(waited, default=0.0), 1),
            "lost": dropped,
        }

    def _is_dropped(self, one: Call) -> bool:
        """Tell whether a call ended too early, or never."""
        if one.ended is None:
            return True
        if one.spoken_with is None:
            return one.channel not in self._gave_up
        talks = TALKS[int(one.operator.split("-")[1].removeprefix("op")) % len(TALKS)]
        return one.ended < one.spoken_with + talks / self.scale - 1


def _ended(office: Stage) -> list[list[Letter]]:
    """Return the letters of each message that somebody said is over."""
    by_voice: dict[bytes, list[Letter]] = {}
    for _, letter in office.letters():
        by_voice.setdefault(letter.voice, []).append(letter)
    told = ((_mark(letters), letters) for letters in by_voice.values())
    return [letters for mark, letters in told if mark is not None and mark.seconds]


def _mark(letters: list[Letter]) -> CallMark | None:
    marks = [parse_call(encode(letter.extras)) for letter in letters]
    return as_one([mark for mark in marks if mark is not None])


def _is_whole(office: Stage, letters: list[Letter], seconds: int) -> bool:
    """Tell whether all that was said of a message is there, and is what was said."""
    mark = _mark(letters)
    if mark is None or mark.cut or mark.left != "message" or mark.seconds < seconds:
        return False
    said = b""
    for file in (file for letter in letters for file in letter.files):
        place = piece_at(file.name, file.media_type, file.size)
        length = said_of(mark, place) if place is not None else 0
        if length and not until(lambda one=file: office.has(one), PATIENCE / 4):
            return False
        said += b"".join(office.file(file))[:length] if length else b""
    parts = [said[at : at + RATE] for at in range(RATE, (seconds - 1) * RATE, RATE)]
    return all(len(part) == RATE and loudness(part) > LOUD for part in parts)


def _packets(ours: House) -> tuple[int, int]:
    """Return how many packets came and went in all talks, and how many of them were lost."""
    row = re.compile(r"\d{2}:\d{2}:\d{2} \S+ +(\d+) +(\d+) +\d+ +\S+ +(\d+) +(\d+)")
    rows = row.findall(ours.asterisk.command("pjsip show channelstats"))
    counts = [tuple(int(each) for each in one) for one in rows]
    return sum(one[0] + one[2] for one in counts), sum(one[1] + one[3] for one in counts)


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
