# SPDX-License-Identifier: AGPL-3.0-or-later
"""The four families of failure, named by what a person does next.

`Refused`: change the request.  `Untrusted`: bytes failed a check; stop, keep them, tell someone.
`Unreachable`: wait or work offline.  `Defect`: our bug; stop.

Each class has a fixed `code` and typed fields, and carries no free text, no content and no names,
because only codes may cross a boundary or enter a log.
Edges own the wording per code and language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class SafeconductError(Exception):
    """Base of the four families; never raised itself."""

    code: ClassVar[str] = "error"

    def __str__(self) -> str:
        """Show the code alone: fields may be shown by edges that know the reader."""
        return self.code


class Refused(SafeconductError):
    """The request cannot be done as it stands; the person can change it."""

    code = "refused"


class Untrusted(SafeconductError):
    """Bytes failed a check.  Nothing was changed; the bytes are evidence."""

    code = "untrusted"


class Unreachable(SafeconductError):
    """The other side did not answer; work goes on offline."""

    code = "unreachable"


class Defect(SafeconductError):
    """Our own bug: the process should stop rather than guess."""

    code = "defect"


@dataclass(eq=False)
class Malformed(Untrusted):
    """Bytes do not parse as the named format (`format` is one of the names in docs/spec)."""

    code: ClassVar[str] = "malformed"
    format: str


@dataclass(eq=False)
class NotCanonical(Untrusted):
    """Bytes parse, but are not the one encoding that the spec allows."""

    code: ClassVar[str] = "not_canonical"
    format: str


@dataclass(eq=False)
class UnknownVersion(Untrusted):
    """A version or suite newer than this program; kept and passed on, not opened."""

    code: ClassVar[str] = "unknown_version"
    format: str
    version: int


class BadKey(Untrusted):
    """A public key is of small order, not canonical, or of the wrong length (spec/seal.md 2)."""

    code = "bad_key"


@dataclass(eq=False)
class BadSignature(Untrusted):
    """A signature does not hold for this purpose, context and message."""

    code: ClassVar[str] = "bad_signature"
    purpose: str


@dataclass(eq=False)
class CannotOpen(Untrusted):
    """A box does not open: wrong key, wrong context, or changed bytes.  Which, nobody can tell."""

    code: ClassVar[str] = "cannot_open"
    purpose: str


class WrongPassphrase(Refused):
    """No key slot opens with this passphrase."""

    code = "wrong_passphrase"
