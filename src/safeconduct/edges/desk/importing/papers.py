# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the reader of submissions is given and gives back (spec/forms.md 4).

Whoever took the reader over writes the answer.  It becomes nothing but text within bounds.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Codec, Record, encode

FILES_MOST: Final = 2_000
LEAVES_MOST: Final = 5_000
TEXT_MOST: Final = 20_000
NAME_MOST: Final = 500
SUBMISSIONS_MOST: Final = 2_000
ANSWER_MOST: Final = 64 << 20

Name = Annotated[str, msgspec.Meta(max_length=NAME_MOST)]
Text = Annotated[str, msgspec.Meta(max_length=TEXT_MOST)]


class Paper(Record, frozen=True):
    """One XML file: where it lies, and what is in it."""

    name: Name
    content: bytes


class Papers(Record, frozen=True):
    """What the reader is given."""

    format: Annotated[int, msgspec.Meta(ge=1, le=1)]
    files: Annotated[tuple[Paper, ...], msgspec.Meta(max_length=FILES_MOST)]


class Submission(Record, frozen=True):
    """One submission, or the manifest of a sealed one: what it says of itself, and its leaves.

    `leaves` are paths from its root with their text; `has_version` tells no version from an empty
    one, which a signature does too.
    """

    source: Name
    form: Name
    version: Name
    has_version: Annotated[int, msgspec.Meta(ge=0, le=1)]
    sealed: Annotated[int, msgspec.Meta(ge=0, le=1)]
    leaves: Annotated[tuple[tuple[Name, Text], ...], msgspec.Meta(max_length=LEAVES_MOST)]
    cut: Annotated[int, msgspec.Meta(ge=0, le=1)]

    def text(self, path: str) -> str:
        """Return the first leaf of a path."""
        return next((text for at, text in self.leaves if at == path), "")

    def texts(self, path: str) -> tuple[str, ...]:
        """Return all leaves of a path."""
        return tuple(text for at, text in self.leaves if at == path)

    @property
    def instance(self) -> str:
        """Its id."""
        return self.text("meta/instanceID").strip()


class Submissions(Record, frozen=True):
    """What the reader gives back; `unread` are files in which it found none."""

    format: Annotated[int, msgspec.Meta(ge=1, le=1)]
    found: Annotated[tuple[Submission, ...], msgspec.Meta(max_length=SUBMISSIONS_MOST)]
    unread: Annotated[tuple[Name, ...], msgspec.Meta(max_length=FILES_MOST)]


_PAPERS: Final[Codec[Papers]] = Codec(Papers, "papers", version=1)
_FOUND: Final[Codec[Submissions]] = Codec(Submissions, "submissions", version=1)


def write_papers(papers: Papers) -> bytes:
    """Return what the reader is given."""
    return encode(papers)


def parse_papers(data: bytes) -> Papers:
    """Return what the reader was given.

    Raises:
        Malformed, NotCanonical, UnknownVersion: no desk of ours wrote it.
    """
    return _PAPERS.decode(data)


def write_submissions(found: Submissions) -> bytes:
    """Return what the reader writes."""
    return encode(found)


def parse_submissions(data: bytes) -> Submissions:
    """Return what the reader wrote.

    Raises:
        Malformed, NotCanonical, UnknownVersion: no reader of ours wrote it.
    """
    return _FOUND.decode(data)
