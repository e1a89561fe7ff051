# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts about referrals to partner organisations, frozen and versioned (spec/referrals.md 2).

What was made, handed over and withdrawn stands in the contact part, and which files go along; what
goes along of each part stands in that part, in the same commit.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes32, Bytes36, Count, Count32, Record

RECIPIENT_MOST: Final = 200
GREETING_MOST: Final = 1_000
WORDS_MOST: Final = 4_000
REASON_MOST: Final = 1_000
PERSONS_MOST: Final = 32
PIECES_MOST: Final = 256
NAME_MOST: Final = 32
VALUE_MOST: Final = 4_000
PARTS_MOST: Final = 7
FILES: Final = "files"
"""Stands behind the parts of a referral with which files go along."""
FILES_MOST: Final = 8
SEALING_KEY_BYTES: Final = 1_216
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_MOST)]


class ReferralMade(Record, frozen=True):
    """Something of these persons is ready for a recipient, who is told eight words.

    The first of `persons` is whom it is about; each of them consented.  `service` is a sheet of
    the plan, or nothing.  `parts` are those of which something goes along, and `FILES` where files
    do: such a fact is of version 2, lest a program that knows no files hands over the rest as all.
    `talk`, `voice`, `address` and `key` are what the eight words give; the words themselves stand
    nowhere.
    """

    case: Bytes16
    persons: Annotated[tuple[Bytes16, ...], msgspec.Meta(min_length=1, max_length=PERSONS_MOST)]
    recipient: Annotated[str, msgspec.Meta(min_length=1, max_length=RECIPIENT_MOST)]
    service: Annotated[bytes, msgspec.Meta(max_length=16)]
    language: Annotated[str, msgspec.Meta(min_length=2, max_length=35)]
    greeting: Annotated[str, msgspec.Meta(min_length=1, max_length=GREETING_MOST)]
    words: Annotated[str, msgspec.Meta(max_length=WORDS_MOST)]
    parts: Annotated[tuple[Name, ...], msgspec.Meta(max_length=PARTS_MOST)]
    until: Count32
    talk: Bytes16
    voice: Bytes32
    address: Bytes32
    key: Annotated[bytes, msgspec.Meta(min_length=SEALING_KEY_BYTES, max_length=SEALING_KEY_BYTES)]


class ReferralPieces(Record, frozen=True):
    """What goes along of one part: sheet, kind, field and what it said when it was chosen.

    It belongs to the referral that was made in the same commit.
    """

    case: Bytes16
    pieces: Annotated[
        tuple[
            tuple[
                Bytes16,
                Name,
                Name,
                Annotated[str, msgspec.Meta(min_length=1, max_length=VALUE_MOST)],
            ],
            ...,
        ],
        msgspec.Meta(min_length=1, max_length=PIECES_MOST),
    ]


class FileAlong(Record, frozen=True):
    """A file of a conversation of the case: where it is, whom it shows, and how it goes along.

    `digest` is the SHA-256 of the file as it was looked at.  A clean copy goes unless `original`,
    for which somebody gave a reason.
    """

    talk: Bytes16
    blob: Bytes32
    digest: Bytes32
    persons: Annotated[tuple[Bytes16, ...], msgspec.Meta(min_length=1, max_length=PERSONS_MOST)]
    original: Annotated[int, msgspec.Meta(ge=0, le=1)]
    reason: Annotated[str, msgspec.Meta(max_length=REASON_MOST)]


class ReferralFiles(Record, frozen=True):
    """Which files go along; it belongs to the referral that was made in the same commit."""

    case: Bytes16
    files: Annotated[tuple[FileAlong, ...], msgspec.Meta(min_length=1, max_length=FILES_MOST)]


class ReferralHandedOver(Record, frozen=True):
    """The package was sealed for who knows the words, under these consents, until an instant."""

    case: Bytes16
    referral: Bytes36
    consents: Annotated[tuple[Bytes16, ...], msgspec.Meta(min_length=1, max_length=PERSONS_MOST)]
    expires: Count


class ReferralWithdrawn(Record, frozen=True):
    """It is not handed over any more; where it was already, that it should not have been used."""

    case: Bytes16
    referral: Bytes36
    reason: Annotated[str, msgspec.Meta(max_length=REASON_MOST)]


MadeFact = ReferralMade | ReferralPieces | ReferralFiles
ReferralFact = MadeFact | ReferralHandedOver | ReferralWithdrawn
