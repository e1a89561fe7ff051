# SPDX-License-Identifier: AGPL-3.0-or-later
"""One call, from its first word to its end, as a machine without sound or clock (spec/phone.md 2).

What happened goes in, with the time; what to do comes out.  Of a call it knows the line's name.
The invariant: whatever is pressed, a star is heard as duress and changes nothing one could hear.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from safeconduct.edges.lines.phone import sayings, times
from safeconduct.edges.lines.phone.acts import (
    Act,
    AskNumber,
    Brief,
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
from safeconduct.edges.lines.phone.prompts import Prompt, sound
from safeconduct.edges.lines.phone.stages import IN_LINE, Around, Notices, Stage
from safeconduct.rooms.hotline.spoken import Back


class Flow:
    """The state of one call."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self.stage: Stage = "greeting"
        self.language = around.languages[0]
        self.silent = False
        self.duress = False
        self.said = ""
        self.back: Back = ""
        self.since = 0.0
        self._typed = ""
        self._speaks = False
        self._five = False
        self._notices = Notices()
        self._due: float | None = None

    @property
    def waits(self) -> bool:
        """Whether nobody took the call, and somebody has to look at once."""
        if self.stage == "talk":
            return False
        return self.silent or (self._notices.paged and self.stage != "over")

    # --- what happens

    def start(self, now: float) -> list[Act]:
        """The call was taken; nobody waits for words before telephones ring."""
        if len(self._around.languages) == 1:
            return self._line(now, now, greet=True)
        return self._say(*sayings.greeting(self._around.languages))

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
        heard = self._KEYS.get(self.stage)
        return heard(self, digit, now) if heard else []

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
        elif self.stage in {"when", "late"}:
            self._due = now + times.MENU_WAITS
        return [Hold()] if self.stage in IN_LINE else []

    def tick(self, now: float) -> list[Act]:
        """Time went by."""
        if self._due is None or now < self._due:
            return []
        if self._five and self.stage != "talk":
            return self._message()
        return self._DUE.get(self.stage, Flow._idle)(self, now)

    def due(self) -> float | None:
        """Return when `tick` has something to do; None: never, as things stand."""
        return self._due

    def taken(self) -> list[Act]:
        """An operator answered, and the call is out of the line."""
        told: list[Act] = [Tell("talk")] if self.waits else []
        self.stage, self._due, self._five = "talk", None, False
        self._notices.paged = False
        raised: list[Act] = [Quieten(False)] if self.silent else []
        return [Hush(), *raised, Meet(), *told]

    def cut(self, now: float) -> list[Act]:
        """The operator's side broke, and did not hang up: the call has its place again."""
        self._five = False
        low: list[Act] = [Quieten(True)] if self.silent else []
        return [*low, *self._line(now, self.since, greet=False), Hold()]

    def parted(self) -> list[Act]:
        """The operator hung up."""
        return self._end()

    def recorded(self) -> list[Act]:
        """The message is as long as a message can be, or its sound ended."""
        if self.stage != "box":
            return []
        self.stage, self._due = "bye", None
        last = sayings.said(self.language, Prompt.BACK, Prompt.GOODBYE)
        code = sayings.own_code(self.language, self._around.code)
        return [Finish(), *self._say(*code, *last)]

    def no_box(self) -> list[Act]:
        """No message can be taken now."""
        if self.stage == "over":
            return []
        self.stage, self._due = "bye", None
        return self._say(sound(self.language, Prompt.LATER))

    def hung_up(self) -> list[Act]:
        """The caller is gone."""
        before, self.stage, self._due = self.stage, "over", None
        if before in IN_LINE:
            return [Leave(), Tell("hung_up")]
        if before == "opening":
            return [Tell("hung_up")]
        return [Finish()] if before == "box" else []

    def numbered(self, when: Back | None, now: float) -> list[Act]:
        """The number was sealed, to be called then; None: none is shown to us."""
        self.back = when or self.back
        said = sayings.said(self.language, Prompt.BACK_YES if when else Prompt.BACK_NO)
        if self.stage in IN_LINE:
            self._plan(now)
            return [*([Tell("talk")] if when else []), *self._say(*said)]
        if self.stage != "bye":
            return [Tell("hung_up")] if when and self.stage == "over" else []
        goodbye = sound(self.language, Prompt.GOODBYE)
        return [*([Tell("message")] if when else []), *self._say(*said, goodbye)]

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
        if digit == times.BACK:
            return self._ask_when("when")
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

    def _box_key(self, digit: str, _now: float) -> list[Act]:
        return self.recorded() if digit == times.DONE else []

    def _bye_key(self, digit: str, _now: float) -> list[Act]:
        return self._ask_when("late") if digit == times.BACK and not self.back else []

    def _when_key(self, digit: str, now: float) -> list[Act]:
        when = times.WHEN_BACK.get(digit)
        if when is None:
            return self._no_call(now)
        self.stage = "line" if self.stage == "when" else "bye"
        self._due = None
        return [Hush(), AskNumber(when)]

    def _talk_key(self, digit: str, now: float) -> list[Act]:
        return self._fives(digit, now) or []

    def _fives(self, digit: str, now: float) -> list[Act] | None:
        """Tell one 5 from two, and hear a 9; None where the key is another."""
        second, self._five = self._five, digit == times.MESSAGE and not self._five
        if digit == times.SILENT or (second and digit == times.MESSAGE):
            return self._cannot_speak(now)
        if digit == times.MESSAGE:
            self._due = now + times.DOUBLE_WITHIN
            return []
        # A 5 that another key follows meant the box, whatever the other key is; in a talk, nothing.
        return self._message() if second and self.stage != "talk" else None

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
        if self.stage == "talk":
            return [*told, Brief()] if told else []
        fresh = self.stage == "greeting"
        joined = self._line(now, now if fresh else self.since, greet=False)
        low = [Hush(), Quieten(True), *told, *joined]
        if self.stage != "line":
            return low
        return [*low, *self._say(sound(self.language, Prompt.SILENT_YES_NO))]

    def _line(self, now: float, since: float, *, greet: bool) -> list[Act]:
        """Put the call in line where anybody could take it, else before the message box."""
        self.since = since
        warned = len(self._around.languages) > 1 and self.language == self._around.languages[0]
        first = (Prompt.GREETING,) if greet and not warned else ()
        if not self._around.anybody():
            return self._message(*first)
        self.stage = "line"
        self._notices.joined(now, since, greet=greet)
        self._plan(now)
        if not greet:
            return [Join()]
        told = (*first, Prompt.MENU, Prompt.NOT_RECORDED)
        return [Join(), *self._say(*sayings.said(self.language, *told))]

    def _message(self, *first: Prompt) -> list[Act]:
        before, self.stage = self.stage, "opening"
        self._five, self._due = False, None
        left: list[Act] = [Leave()] if before in IN_LINE else []
        nobody = [] if self._around.anybody() else [Prompt.NOBODY]
        said = (*first, *nobody, Prompt.MESSAGE, Prompt.TONE)
        told = self._page() if nobody else []
        return [*left, *told, *self._say(*sayings.said(self.language, *said))]

    def _page(self) -> list[Act]:
        """Wake the desks, once: nobody takes this call."""
        told: list[Act] = [] if self._notices.paged else [Tell("talk")]
        self._notices.paged = True
        return told

    def _ask_code(self, now: float) -> list[Act]:
        if self.stage != "line":
            return []
        self.stage, self._typed, self._due = "code", "", now + times.CODE_WAITS
        return self._say(sound(self.language, Prompt.ASK_CODE))

    def _ask_when(self, stage: Stage) -> list[Act]:
        self.stage, self._due = stage, None
        return self._say(sound(self.language, Prompt.BACK_WHEN))

    def _no_call(self, now: float) -> list[Act]:
        """They chose no time: nobody calls them."""
        if self.stage == "when":
            return self._coded(now)
        self.stage, self._due = "bye", None
        return self._say(sound(self.language, Prompt.GOODBYE))

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
        self._due = self._notices.due(now, self.since)

    def _waited(self, now: float) -> list[Act]:
        if not self._around.anybody():
            return self._message()
        acts = self._page() if self._notices.pages(now, self.since) else []
        match self._notices.says(now, speaks=self._speaks):
            case "offer":
                acts += self._say(*sayings.offer(self.language, self._around.code))
            case "place":
                acts += self._say(*self._place())
        self._plan(now)
        return acts

    def _place(self) -> tuple[str, ...]:
        return sayings.place(self.language, self._around.place())

    def _unchosen(self, now: float) -> list[Act]:
        return self._line(now, now, greet=True)

    def _idle(self, _now: float) -> list[Act]:
        self._due, self._five = None, False
        return []

    # --- the tables: what a key and what time does at each stage

    _KEYS: ClassVar[dict[Stage, Callable[[Flow, str, float], list[Act]]]] = {
        "greeting": _greeting_key,
        "line": _line_key,
        "code": _code_key,
        "box": _box_key,
        "bye": _bye_key,
        "when": _when_key,
        "late": _when_key,
        "talk": _talk_key,
    }
    _DUE: ClassVar[dict[Stage, Callable[[Flow, float], list[Act]]]] = {
        "greeting": _unchosen,
        "line": _waited,
        "code": _coded,
        "when": _no_call,
        "late": _no_call,
        "box": lambda flow, _: flow.recorded(),
    }
