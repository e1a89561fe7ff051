# SPDX-License-Identifier: AGPL-3.0-or-later
"""One call, from its first word to its end, as a machine without sound or clock (spec/phone.md 2).

What happened goes in, with the time; what to do comes out.  It knows no number: a call is what the
line calls it.  The invariant: whatever is pressed, a star is heard as duress and changes
nothing that anybody in the room could hear.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from safeconduct.edges.lines.phone import times
from safeconduct.edges.lines.phone.acts import (
    Act,
    Finish,
    HangUp,
    Hold,
    Hush,
    Join,
    Leave,
    Meet,
    Quieten,
    Record,
    Say,
    Tell,
)
from safeconduct.edges.lines.phone.prompts import NUMBERS, Prompt, digits, number

Stage = Literal["greeting", "line", "code", "opening", "box", "bye", "talk", "over"]
"""Where a call stands; `opening` is the word before a message, `bye` the last word to a caller."""

IN_LINE: Final = frozenset({"line", "code"})


@dataclass(frozen=True, slots=True)
class Around:
    """What a call must know of the rest: who is on duty, its own place, and its return code."""

    languages: tuple[str, ...]
    anybody: Callable[[], bool]
    place: Callable[[], int]
    code: str


class Flow:
    """The state of one call."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self.stage: Stage = "greeting"
        self.language = around.languages[0]
        self.silent = False
        self.duress = False
        self.said = ""
        self.since = 0.0
        self._typed = ""
        self._speaks = False
        self._five = False
        self._paged = False
        self._due: float | None = None
        self._next_place = 0.0
        self._next_offer = 0.0

    # --- what happens

    def start(self, now: float) -> list[Act]:
        """The call was taken; nobody waits for words before telephones ring."""
        languages = self._around.languages
        if len(languages) == 1:
            return self._line(now, now, greet=True)
        words = [_spoken(languages[0], Prompt.GREETING)]
        for key, language in zip(times.KEYS_OF_LANGUAGES, languages, strict=False):
            words += [_spoken(language, Prompt.LANGUAGES), *_digits(language, key)]
        return self._say(*words)

    def again(self, now: float, since: float) -> list[Act]:
        """The call was found after a start of ours, and waits on from where it stood."""
        return [*self._line(now, since, greet=False), Hold()]

    def talking(self, since: float) -> None:
        """The call was found after a start of ours, in a talk that went on."""
        self.stage, self.since, self._due = "talk", since, None

    def key(self, digit: str, now: float) -> list[Act]:
        """A key was pressed."""
        if digit == times.DURESS:
            return self._forced()
        return self._KEYS.get(self.stage, Flow._no_key)(self, digit, now)

    def spoken(self, now: float) -> list[Act]:
        """All that was being said was said to its end."""
        self._speaks = False
        if self.stage == "greeting" and not self._five:
            self._due = now + times.MENU_WAITS
        elif self.stage == "opening":
            self.stage, self._due = "box", now + times.TALK_MOST
            return [Record()]
        elif self.stage == "bye":
            return self._end()
        return [Hold()] if self.stage in IN_LINE else []

    def tick(self, now: float) -> list[Act]:
        """Time went by."""
        if self._due is None or now < self._due:
            return []
        if self._five:
            return self._message()
        return self._DUE.get(self.stage, Flow._idle)(self, now)

    def due(self) -> float | None:
        """Return when `tick` has something to do; None: never, as things stand."""
        return self._due

    def taken(self) -> list[Act]:
        """An operator answered, and the call is out of the line."""
        self.stage, self._due, self._five = "talk", None, False
        raised: list[Act] = [Quieten(False)] if self.silent else []
        return [Hush(), *raised, Meet()]

    def cut(self, now: float) -> list[Act]:
        """The operator's side broke, and did not hang up: the call has its place again."""
        return [*self._line(now, self.since, greet=False), Hold()]

    def parted(self) -> list[Act]:
        """The operator hung up."""
        return self._end()

    def recorded(self) -> list[Act]:
        """The message is as long as a message can be, or its sound ended."""
        if self.stage != "box":
            return []
        self.stage, self._due = "bye", None
        goodbye = _spoken(self.language, Prompt.GOODBYE)
        return [Finish(), *self._say(*self._own_code(), goodbye)]

    def no_box(self) -> list[Act]:
        """No message can be taken now."""
        if self.stage == "over":
            return []
        self.stage, self._due = "bye", None
        return self._say(_spoken(self.language, Prompt.LATER))

    def hung_up(self) -> list[Act]:
        """The caller is gone."""
        before, self.stage, self._due = self.stage, "over", None
        if before in IN_LINE:
            return [Leave(), Tell("hung_up")]
        if before == "opening":
            return [Tell("hung_up")]
        return [Finish()] if before == "box" else []

    # --- keys, by stage

    def _greeting_key(self, digit: str, now: float) -> list[Act]:
        if (fives := self._fives(digit, now)) is not None:
            return fives
        at = times.KEYS_OF_LANGUAGES.find(digit)
        if 0 <= at < len(self._around.languages):
            self.language = self._around.languages[at]
            return self._line(now, now, greet=True)
        if digit == times.CODE:
            return [*self._line(now, now, greet=True), *self._ask_code(now)]
        return []

    def _line_key(self, digit: str, now: float) -> list[Act]:
        if (fives := self._fives(digit, now)) is not None:
            return fives
        return self._ask_code(now) if digit == times.CODE else []

    def _code_key(self, digit: str, now: float) -> list[Act]:
        if not digit.isdecimal():
            return self._coded(now)
        self._typed += digit
        self._due = now + times.CODE_WAITS
        if len(self._typed) < times.CODE_DIGITS:
            return []
        self.said, self._typed = self._typed, ""
        return [Join(), Tell("talk"), *self._coded(now)]

    def _box_key(self, digit: str, now: float) -> list[Act]:
        del now
        return self.recorded() if digit == times.DONE else []

    def _no_key(self, digit: str, now: float) -> list[Act]:
        del digit, now
        return []

    def _fives(self, digit: str, now: float) -> list[Act] | None:
        """Tell one 5 from two, and hear a 9; None where the key is another."""
        second, self._five = self._five, digit == times.MESSAGE and not self._five
        if digit == times.SILENT or (second and digit == times.MESSAGE):
            return self._cannot_speak(now)
        if digit == times.MESSAGE:
            self._due = now + times.DOUBLE_WITHIN
            return []
        # A 5 that another key follows meant the box, whatever the other key is.
        return self._message() if second else None

    # --- what follows

    def _forced(self) -> list[Act]:
        if self.duress or self.stage == "over":
            return []
        self.duress = True
        again: list[Act] = [Join()] if self.stage in IN_LINE else []
        return [*again, Tell("talk")]

    def _cannot_speak(self, now: float) -> list[Act]:
        told: list[Act] = [] if self.silent else [Tell("talk")]
        self.silent = True
        fresh = self.stage == "greeting"
        joined = self._line(now, now if fresh else self.since, greet=False)
        low = [Hush(), Quieten(True), *told, *joined]
        if self.stage != "line":
            return low
        return [*low, *self._say(_spoken(self.language, Prompt.SILENT_YES_NO))]

    def _line(self, now: float, since: float, *, greet: bool) -> list[Act]:
        """Put the call in line where anybody could take it, else before the message box."""
        self.since = since
        warned = len(self._around.languages) > 1 and self.language == self._around.languages[0]
        first = (Prompt.GREETING,) if greet and not warned else ()
        if not self._around.anybody():
            return self._message(*first)
        self.stage = "line"
        self._next_place = now + (times.PLACE_EVERY if greet else 0.0)
        self._next_offer = since + times.OFFER_AFTER
        self._plan(now)
        if not greet:
            return [Join()]
        told = (*first, Prompt.MENU, Prompt.NOT_RECORDED)
        return [Join(), *self._say(*(_spoken(self.language, each) for each in told))]

    def _message(self, *first: Prompt) -> list[Act]:
        before, self.stage = self.stage, "opening"
        self._five, self._due = False, None
        left: list[Act] = [Leave()] if before in IN_LINE else []
        nobody = [] if self._around.anybody() else [Prompt.NOBODY]
        said = (*first, *nobody, Prompt.MESSAGE, Prompt.TONE)
        words = (_spoken(self.language, each) for each in said)
        return [*left, *self._say(*words)]

    def _ask_code(self, now: float) -> list[Act]:
        if self.stage != "line":
            return []
        self.stage, self._typed, self._due = "code", "", now + times.CODE_WAITS
        return self._say(_spoken(self.language, Prompt.ASK_CODE))

    def _coded(self, now: float) -> list[Act]:
        self.stage, self._typed = "line", ""
        self._plan(now)
        return self._say(*self._place())

    def _end(self) -> list[Act]:
        self.stage, self._due = "over", None
        return [HangUp()]

    def _say(self, *prompts: str) -> list[Act]:
        self._speaks = True
        return [Say(prompts)]

    # --- time, by stage

    def _plan(self, now: float) -> None:
        page = [] if self._paged else [self.since + times.BACKUP_AFTER]
        self._due = max(now, min([*page, self._next_place, self._next_offer]))

    def _waited(self, now: float) -> list[Act]:
        if not self._around.anybody():
            return self._message()
        acts: list[Act] = []
        if not self._paged and now >= self.since + times.BACKUP_AFTER:
            self._paged = True
            acts.append(Tell("talk"))
        acts += self._announced(now)
        self._plan(now)
        return acts

    def _announced(self, now: float) -> list[Act]:
        if now < min(self._next_place, self._next_offer):
            return []
        if self._speaks:
            # One who is being told something hears it to its end before the next is said.
            self._next_place, self._next_offer = (
                max(at, now + 1.0) for at in (self._next_place, self._next_offer)
            )
            return []
        if now >= self._next_offer:
            self._next_offer = now + times.OFFER_AFTER
            self._next_place = now + times.PLACE_EVERY
            return self._say(*self._offer())
        self._next_place = now + times.PLACE_EVERY
        return self._say(*self._place())

    def _place(self) -> tuple[str, ...]:
        place = number(min(self._around.place(), NUMBERS + 1))
        return (_spoken(self.language, Prompt.PLACE), f"{self.language}/{place}")

    def _offer(self) -> tuple[str, ...]:
        return (_spoken(self.language, Prompt.OFFER), *self._own_code())

    def _own_code(self) -> tuple[str, ...]:
        """Say the return code twice: it is written down, or kept in a head."""
        digits = _digits(self.language, self._around.code)
        before, between = (_spoken(self.language, each) for each in _AROUND_CODE)
        return (before, *digits, between, *digits)

    def _unchosen(self, now: float) -> list[Act]:
        return self._line(now, now, greet=True)

    def _half_coded(self, now: float) -> list[Act]:
        return self._coded(now)

    def _long_enough(self, now: float) -> list[Act]:
        del now
        return self.recorded()

    def _idle(self, now: float) -> list[Act]:
        del now
        self._due = None
        return []

    # --- the tables: what a key and what time does at each stage

    _KEYS: ClassVar[dict[Stage, Callable[[Flow, str, float], list[Act]]]] = {
        "greeting": _greeting_key,
        "line": _line_key,
        "code": _code_key,
        "box": _box_key,
    }
    _DUE: ClassVar[dict[Stage, Callable[[Flow, float], list[Act]]]] = {
        "greeting": _unchosen,
        "line": _waited,
        "code": _half_coded,
        "box": _long_enough,
    }


_AROUND_CODE: Final = (Prompt.CODE, Prompt.CODE_DIGITS)


def _spoken(language: str, prompt: Prompt) -> str:
    return f"{language}/{prompt.value}"


def _digits(language: str, code: str) -> tuple[str, ...]:
    return tuple(f"{language}/{name}" for name in digits(code))
