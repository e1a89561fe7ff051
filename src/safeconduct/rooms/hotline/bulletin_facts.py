# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of bulletins, frozen and versioned (spec/bulletins.md 1).

Each belongs to the bulletin that is its first field, and to no conversation.  `replaces` names the
facts of the same kind that the writer saw stand.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Count, Record
from safeconduct.rooms.hotline.bulletins import NAMED_MOST, TERMS_MOST, Confidence, Threat

Flag = Annotated[int, msgspec.Meta(ge=0, le=1)]
ThreatNumber = Annotated[int, msgspec.Meta(ge=int(min(Threat)), le=int(max(Threat)))]
ConfidenceNumber = Annotated[int, msgspec.Meta(ge=int(min(Confidence)), le=int(max(Confidence)))]
Terms = Annotated[tuple[str, ...], msgspec.Meta(max_length=TERMS_MOST)]
Talks = Annotated[tuple[Bytes16, ...], msgspec.Meta(max_length=NAMED_MOST)]


class BulletinSet(Record, frozen=True):
    """A helper tells of a threat, or tells it anew: all that is known of it, and why it changed.

    `until` is 0 where no date is known; an answer after `since` tells a person of it.
    """

    bulletin: Bytes16
    kind: ThreatNumber
    title: str
    known: str
    todo: str
    source: str
    confidence: ConfidenceNumber
    until: Count
    since: Count
    everyone: Flag
    regions: Terms
    tags: Terms
    look_for: Terms
    conversations: Talks
    reason: str
    replaces: tuple[bytes, ...]


class BulletinEnded(Record, frozen=True):
    """The threat is over, as far as these tellings of it go."""

    bulletin: Bytes16
    reason: str
    versions: tuple[bytes, ...]


class BulletinMarked(Record, frozen=True):
    """A helper says of one conversation that the threat touches it (1), or that it does not (0)."""

    bulletin: Bytes16
    conversation: Bytes16
    touched: Flag
    reason: str
    replaces: tuple[bytes, ...]


class BulletinNoticeWritten(Record, frozen=True):
    """A text for people outside; `until` is 0 where it has no end."""

    bulletin: Bytes16
    language: str
    do: str
    avoid: str
    until: Count
    replaces: tuple[bytes, ...]


class BulletinNoticeApproved(Record, frozen=True):
    """Somebody else read the notice and says that it may go out."""

    bulletin: Bytes16
    notice: Bytes36


BulletinFact = (
    BulletinSet | BulletinEnded | BulletinMarked | BulletinNoticeWritten | BulletinNoticeApproved
)
BULLETIN_FACTS: Final = (
    *(BulletinSet, BulletinEnded, BulletinMarked),
    *(BulletinNoticeWritten, BulletinNoticeApproved),
)
