# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much of one contact goes at once, and what becomes of the rest (spec/lines.md 6).

Thirty messages in ten minutes go as they come.  What is beyond is kept sealed in the line's folder,
durable before the channel may delete it, and goes as one letter later; nothing is dropped.
Who floods a line so makes work for himself, and one letter in ten minutes for the office.
A message that the relay did not take counts for nothing, however often it is tried.
"""

from __future__ import annotations

import re
from collections import deque
from typing import Any, Final

from safeconduct.edges.lines.came import in_words
from safeconduct.edges.lines.channel import Arrived, FileHere
from safeconduct.edges.lines.parts import clean, media_type_of, name_of
from safeconduct.edges.lines.store import SealedStore
from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import Untrusted
from safeconduct.rooms.hotline.by_line import read_code

AT_ONCE: Final = 30
WINDOW_SECONDS: Final = 600.0
HELD_BYTES: Final = 32 << 20
"""Of one contact no more is held; then it goes, however soon."""
HELD_TEXT: Final = 150_000
HELD: Final = "held-"
SHOWN: Final = "\n\n"
"""Between messages that go as one."""


class HeldFile(Record, frozen=True):
    """A file of a message that waits."""

    name: str
    media_type: str
    content: bytes


class HeldMessage(Record, frozen=True):
    """A message that waits to go with others of its contact."""

    contact: bytes
    text: str
    language: str
    files: tuple[HeldFile, ...]
    said: str
    """A return code that the message is, or that was told apart from its text."""
    extras: bytes
    """What stands beside the line's mark, encoded."""


_HELD: Final[Codec[HeldMessage]] = Codec(HeldMessage, "held_message")
_EXTRAS: Final[Codec[dict[str, Any]]] = Codec(dict[str, Any], "extras")
_NAME: Final = re.compile(rf"({HELD}[0-9a-f]{{16}})-([0-9]{{9,18}})")


class Limits:
    """When each voice last wrote, in memory alone."""

    def __init__(self) -> None:
        """Know nobody."""
        self._times: Final[dict[bytes, deque[float]]] = {}

    def allows(self, voice: bytes, now: float) -> bool:
        """Tell whether a message goes at once, and count it if so."""
        times = self._times.setdefault(voice, deque())
        while times and times[0] <= now - WINDOW_SECONDS:
            times.popleft()
        if len(times) >= AT_ONCE:
            return False
        times.append(now)
        return True

    def take_back(self, voice: bytes) -> None:
        """Count a message that did not go no more: it comes again, and was no flood."""
        if times := self._times.get(voice):
            times.pop()

    def forget(self, now: float) -> None:
        """Forget voices that have not written for a while."""
        for voice, times in list(self._times.items()):
            if not times or times[-1] <= now - WINDOW_SECONDS:
                del self._times[voice]


class Held:
    """What waits of each voice, sealed in the line's folder."""

    def __init__(self, store: SealedStore) -> None:
        """Find what a line that ended had left: it goes at once."""
        self._store: Final = store
        self._next = 0
        self._due: Final[dict[str, float]] = {}
        self._sizes: Final[dict[str, tuple[int, int]]] = {}
        for name in store.names(HELD):
            if (held := _NAME.fullmatch(name)) is None:
                continue  # This line keeps none by such a name.
            self._due[held[1]] = 0.0
            self._next = max(self._next, int(held[2]) + 1)

    def waits(self, voice: bytes) -> bool:
        """Tell whether something of a voice waits: what comes after must not overtake it."""
        return self._whose(voice) in self._due

    def add(self, voice: bytes, arrived: Arrived, now: float) -> None:
        """Keep a message until it goes with others; durable when this returns."""
        whose = self._whose(voice)
        files = tuple(
            HeldFile(name_of(one.name), media_type_of(one.media_type), one.content)
            for one in arrived.files
        )
        text = clean(arrived.text)
        beside = arrived.said or read_code(text), encode(dict(arrived.extras))
        message = HeldMessage(arrived.contact, text, arrived.language, files, *beside)
        self._store.save(f"{whose}-{self._next:09}", encode(message))
        self._next += 1
        texts, content = self._sizes.get(whose, (0, 0))
        texts += len(text.encode())
        content += sum(len(one.content) for one in arrived.files)
        self._sizes[whose] = texts, content
        full = texts > HELD_TEXT or content > HELD_BYTES
        self._due[whose] = now if full else self._due.get(whose, now + WINDOW_SECONDS)

    def due(self, now: float) -> list[str]:
        """Return whose messages are to go now."""
        return [whose for whose, when in self._due.items() if when <= now]

    def joined(self, whose: str) -> tuple[Arrived | None, list[str]]:
        """Return all that waits of one as one message, and under which names it is kept.

        Of a file that was spoilt the message says so in words; while none of one's opens there is
        no message, and it waits for one that does.
        """
        names = self._store.names(f"{whose}-")
        found = [self._opened(name) for name in names]
        messages = [message for message in found if message is not None]
        if not messages:
            return None, []
        files = tuple(
            FileHere(file.name, file.media_type, file.content)
            for message in messages
            for file in message.files
        )
        texts = [in_words("unopened") if message is None else message.text for message in found]
        last = messages[-1]
        joined = Arrived(
            last.contact,
            SHOWN.join(text for text in texts if text),
            files,
            last.language,
            next((message.said for message in reversed(messages) if message.said), ""),
            {key: told for one in messages for key, told in _EXTRAS.decode(one.extras).items()},
        )
        return joined, names

    def _opened(self, name: str) -> HeldMessage | None:
        """Return a message that waits, or None where its file was spoilt."""
        try:
            kept = self._store.load(name)
            return None if kept is None else _HELD.decode(kept)
        except Untrusted:
            return None

    def let_go(self, whose: str, names: list[str], now: float) -> None:
        """The relay has these: keep them no longer; what came meanwhile waits its time."""
        for name in names:
            self._store.drop(name)
        self._sizes.pop(whose, None)
        if self._store.names(f"{whose}-"):
            self._due[whose] = now + WINDOW_SECONDS
        else:
            self._due.pop(whose, None)

    def _whose(self, voice: bytes) -> str:
        """Return how the names of what waits of a voice begin; they do not tell the voice."""
        return f"{HELD}{self._store.hidden(voice)}"
