# SPDX-License-Identifier: AGPL-3.0-or-later
"""The order in which conversations are shown, and the reasons for each place (spec/triage.md 3).

By likeness to others, then danger, deadline, silence, what threatens everybody of a region, waiting
time; whole numbers only.  The order is total: the id decides where all else is equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from enum import Flag as Bits
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import DeviceId, Instant
from safeconduct.rooms.hotline import silence
from safeconduct.rooms.hotline.avoided import NOTHING_AVOIDED
from safeconduct.rooms.hotline.bulletins import Touch
from safeconduct.rooms.hotline.flags import Flag
from safeconduct.rooms.hotline.likeness import LAST_BAND
from safeconduct.rooms.hotline.triage import AHEAD_MOST, CLOCKS_APART, SNOOZE_MOST, Danger
from safeconduct.rooms.hotline.vetting import NOT_VETTED

if TYPE_CHECKING:
    from safeconduct.rooms.hotline.words import Conversation

NEVER: Final = (1 << 63) - 1
LATEST_DUE: Final = AHEAD_MOST + CLOCKS_APART
"""What is due later than this from now was put there by a clock that is ahead, and is due."""
LATEST_WAKING: Final = SNOOZE_MOST + CLOCKS_APART
SHOWN_FROM: Final = Danger.IN_DANGER
"""From this level on a snooze is told and hides nothing."""


FOLDED: Final = LAST_BAND + 1
"""The place of what was marked hostile: below every band, counted, and left out of the queue."""


class Weight(NamedTuple):
    """What likeness says of a conversation: the least of its messages (spec/triage.md 5).

    `hostile` is that all say nearly the same as what was marked hostile, `long` that all are long
    enough to be sure of it.
    """

    band: int = 0
    others: int = 0
    hostile: bool = False
    long: bool = False
    kind: bytes = b""
    """The first message of what all of its own nearly repeat, or are; none where they differ."""


UNWEIGHED: Final = Weight()


class Beside(Bits):
    """What somebody tells beside her words."""

    DANGER = auto()
    FILES = auto()
    ANSWERS = auto()


class State(Enum):
    """Whether a conversation is still open, and how it ended."""

    OPEN = "open"
    LOST_SAID = "lost_said"
    LOST = "lost"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Place:
    """What places a conversation, as rows keep it; nothing here depends on what time it is.

    `says_danger` tells that her own word puts it at its level, and no helper did.
    """

    danger: Danger = Danger.UNJUDGED
    says_danger: bool = False
    deadline: Instant | None = None
    deadline_reason: str = ""
    due: Instant | None = None
    due_reason: str = ""
    snoozed_until: Instant | None = None
    snoozed_by: DeviceId | None = None
    state: State = State.OPEN
    tags: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    """Flags that stand, in the order of `Flag`."""
    touched: tuple[Touch, ...] = ()
    """The bulletins that touch it."""
    alike: int = 0
    """How far likeness sinks it, before all else; `FOLDED` is below the queue."""
    others: int = 0
    """Like about how many that came before."""
    same_as_hostile: bool = False
    hostile_by: DeviceId | None = None
    imported: bool = False
    """Whether all of it came out of files, and no helper did anything with it yet."""
    said_hostile_by: DeviceId | None = None
    """Who marked it where that does not put it away yet, because `judged_by` judged danger."""
    judged_by: DeviceId | None = None
    crowd: bytes = b""
    """With whom its row may stand as one: who say nearly the same and tell alike beside it."""

    @property
    def pressed(self) -> Instant | None:
        """By when a bulletin that touches her closely wants her told; None once she was."""
        times = (one.by for one in self.touched if one.close and not one.told)
        return min(times, default=None)

    @property
    def urged(self) -> Instant | None:
        """What orders it within its level: its own deadline, or that of such a bulletin."""
        times = (time for time in (self.deadline, self.pressed) if time is not None)
        return min(times, default=None)

    @property
    def wide(self) -> Instant | None:
        """By when a bulletin wants her told that touches all of her region, or everyone."""
        times = (one.by for one in self.touched if not one.close and not one.told)
        return min(times, default=None)


UNPLACED: Final = Place()


def place_of(
    conversation: Conversation, touched: tuple[Touch, ...] = (), weight: Weight = UNWEIGHED
) -> Place:
    """Return what places a conversation, which these bulletins touch and that weighs so much."""
    triage = conversation.triage
    last_arrived = conversation.heard
    answered = max((answer.written for answer in conversation.answers), default=last_arrived)
    brought_in = conversation.brought_in
    # Nobody's silence is told by a file: whoever takes one of these up is asked from then on.
    last_word = max(last_arrived, answered, brought_in or 0)
    imported = brought_in is not None and not _handled(conversation)
    due = silence.due(triage, last_word=Instant(last_word), last_arrived=last_arrived)
    alike = _sunk(conversation) if imported else _alike(conversation, weight)
    pressed = any(one.close for one in touched)
    needs_second = triage.hostility.needs_second
    set_by_hand = triage.contact is not None and due == triage.contact.to
    return Place(
        danger=triage.rank,
        says_danger=triage.says_danger and triage.judged < Danger.IN_DANGER,
        deadline=triage.deadline.to if triage.deadline else None,
        deadline_reason=triage.deadline.reason if triage.deadline else "",
        due=None if imported or conversation.line_itself else due,
        due_reason=triage.contact.reason if triage.contact and set_by_hand else "",
        snoozed_until=triage.snooze.to if triage.snooze else None,
        snoozed_by=triage.snooze.by if triage.snooze else None,
        state=_state(conversation),
        tags=triage.tags,
        touched=touched,
        flags=tuple(one.flag for one in triage.flags),
        alike=alike,
        others=weight.others if alike else 0,
        same_as_hostile=bool(alike) and weight.hostile and triage.hostile_by is None,
        hostile_by=triage.hostile_by,
        imported=imported,
        said_hostile_by=triage.hostility.marked_by[0] if needs_second else None,
        judged_by=triage.hostility.against[0] if needs_second else None,
        crowd=b"" if pressed or imported or alike == FOLDED else _crowd(conversation, weight),
    )


def _sunk(conversation: Conversation) -> int:
    """Return how far it sinks as long as it was only brought in: below all that comes by itself.

    Months of old mail would else stand above who writes now; but not who says "in danger".
    """
    triage = conversation.triage
    if triage.hostile_by is not None:
        return FOLDED
    return 0 if triage.says_danger else LAST_BAND


def _alike(conversation: Conversation, weight: Weight) -> int:
    """Return how far it sinks: not at all once a helper did something with it.

    Who tells more than a text stands below no band, unless a helper marked her own words.
    """
    triage = conversation.triage
    if triage.hostile_by is not None:
        return FOLDED
    if _handled(conversation):
        return 0
    if weight.hostile:
        return FOLDED if weight.long and not _beside(conversation) else LAST_BAND
    return weight.band


def _crowd(conversation: Conversation, weight: Weight) -> bytes:
    """Return with whom its row may stand as one; nothing where it stands by itself.

    Short words are many people's own, and stand by themselves unless a helper marked them hostile.
    """
    sure = weight.long or weight.hostile
    if not sure or _handled(conversation) or any(one.by_hand for one in conversation.messages):
        return b""
    return weight.kind + bytes([_beside(conversation).value]) if weight.kind else b""


def _beside(conversation: Conversation) -> Beside:
    """Return what somebody tells beside her words."""
    told = conversation.contact
    found = Beside(0)
    if conversation.triage.says_danger:
        found |= Beside.DANGER
    if any(one.attachments for one in conversation.messages):
        found |= Beside.FILES
    if told is not None and told.says_more:
        found |= Beside.ANSWERS
    return found


def _handled(conversation: Conversation) -> bool:
    triage = conversation.triage
    old = conversation.brought_in is not None  # Own old answers are no act of a helper.
    answers = [one for one in conversation.answers if one.imported is None or not old]
    said = answers, conversation.notes, conversation.looks, conversation.joinings
    done = conversation.claims, conversation.handovers, triage.flags
    careful = conversation.vetting != NOT_VETTED or conversation.avoided != NOTHING_AVOIDED
    kept = conversation.keeping.extensions or conversation.keeping.holds
    return any(said) or any(done) or any(triage.standing) or careful or bool(kept)


def _state(conversation: Conversation) -> State:
    triage = conversation.triage
    if triage.closed is not None:
        return State.CLOSED
    if triage.lost is None:
        return State.OPEN
    return State.LOST_SAID if triage.lost.seconded_by is None else State.LOST


def silent(place: Place, now: Instant) -> bool:
    """Tell whether the time has passed by which we had to hear of the person, or cannot be."""
    return place.due is not None and not now < place.due <= now + LATEST_DUE


def snoozed(place: Place, now: Instant) -> bool:
    """Tell whether somebody let it sleep until a time that has not come."""
    until = place.snoozed_until
    return until is not None and now < until <= now + LATEST_WAKING


def hidden(place: Place, now: Instant) -> bool:
    """Tell whether a queue leaves it out: it sleeps, and neither danger nor threat wakes it."""
    return snoozed(place, now) and place.danger < SHOWN_FROM and place.pressed is None


def order_key(
    place: Place, waiting_since: Instant | None, name: bytes, now: Instant
) -> tuple[int, int, int, int, int, int, int, int]:
    """Return where a conversation stands; the least goes first.

    Within a level what helpers judged stands before what people say, which anybody can write.
    """
    urged, quiet = place.urged, silent(place, now)
    apart = urged is not None or quiet or place.wide is None
    return (
        place.alike,
        -place.danger,
        int(place.says_danger),
        NEVER if urged is None else urged,
        place.due if place.due is not None and quiet else NEVER,
        NEVER if apart or place.wide is None else place.wide,
        NEVER if waiting_since is None else waiting_since,
        int.from_bytes(name, "big"),
    )
