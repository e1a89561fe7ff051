# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file as facts name it: where it lies sealed, and the key that opens it."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes32, Record

FILE_MOST: Final = 1 << 40
"""No file is larger; so a chunk's number always fits its nonce."""
FileSize = Annotated[int, msgspec.Meta(ge=0, le=FILE_MOST)]


class SealedFile(Record, frozen=True):
    """Where a file lies, and the key that opens it."""

    blob: Bytes32
    key: Bytes32
    name: str
    size: FileSize
    media_type: str
