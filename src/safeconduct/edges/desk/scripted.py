# SPDX-License-Identifier: AGPL-3.0-or-later
"""Texts that come with the program: the scripts of flags, and drafts of ready answers.

They lie in `scripts` and `ready`, in each language alike.  A line of a script is `kind/name: text`;
facts name steps by the name, so a name never changes its meaning, and a text that does gets a
greater version (docs/adr/0039).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from safeconduct.rooms.hotline.canned_decide import Text
from safeconduct.rooms.hotline.flags import Flag

_HERE: Final = Path(__file__).parent
NEVER: Final = "never"
STEP_KINDS: Final = ("ask", "do", "call")
DRAFTS: Final = ("first", "reading", "silence", "who")
"""Ready answers that come as drafts, for two people to read; none of them is offered."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to ask, to do, or whom to call; facts name it by `name`."""

    kind: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Script:
    """What to do where a flag stands: what never, and the steps in their order."""

    flag: Flag
    version: int
    title: str
    never: tuple[str, ...]
    steps: tuple[Step, ...]

    def has(self, name: str) -> bool:
        """Tell whether it has a step of this name."""
        return any(step.name == name for step in self.steps)


@dataclass(frozen=True, slots=True)
class Checklist:
    """What is found out in vetting: what never, and the items in their order."""

    version: int
    title: str
    never: tuple[str, ...]
    steps: tuple[Step, ...]

    def has(self, name: str) -> bool:
        """Tell whether it has an item of this name."""
        return any(step.name == name for step in self.steps)


@cache
def script(flag: Flag, language: str) -> Script:
    """Return the script of a flag in the language of the page."""
    return Script(flag, *_read(flag.value, language))


@cache
def checklist(language: str) -> Checklist:
    """Return what is found out in vetting, in the language of the page."""
    return Checklist(*_read("vetting", language))


def _read(name: str, language: str) -> tuple[int, str, tuple[str, ...], tuple[Step, ...]]:
    lines = _text(f"scripts/{name}.{language}.txt").splitlines()
    head = dict(line.split(": ", 1) for line in lines[:2])
    parts = [
        (line.partition(": ")[0].partition("/"), line.partition(": ")[2]) for line in lines[2:]
    ]
    told = [Step(kind, name, text) for (kind, _, name), text in parts]
    return (
        int(head["version"]),
        head["title"],
        tuple(step.text for step in told if step.kind == NEVER),
        tuple(step for step in told if step.kind != NEVER),
    )


@cache
def draft(name: str, language: str) -> Text:
    """Return a draft of a ready answer: a title, an empty line, a text."""
    title, text = _text(f"ready/{name}.{language}.txt").split("\n\n", 1)
    return Text(language, title, text.strip())


def _text(path: str) -> str:
    return (_HERE / path).read_text(encoding="utf-8")
