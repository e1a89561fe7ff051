# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages of Matrix as a line takes and gives them: their words, and files that are locked.

A file's key stands in its message; the server holds locked bytes alone.
"""

from __future__ import annotations

from typing import Any, Final

import aiohttp
from nio import AsyncClient, UploadError, UploadResponse
from nio.crypto.attachments import decrypt_attachment
from nio.events.room_events import (
    RoomEncryptedMedia,
    RoomMessage,
    RoomMessageEmote,
    RoomMessageFormatted,
    RoomMessageMedia,
)
from nio.exceptions import EncryptionError

from safeconduct.edges.lines.channel import FileHere
from safeconduct.edges.lines.kinds.sizes import (
    BYTES_MOST,
    FileNotNow,
    lost,
    too_large,
    within,
)
from safeconduct.kernel.errors import Unreachable

TEXT_MOST: Final = 100_000
FILE_TIMES: Final = aiohttp.ClientTimeout(total=300, sock_connect=20, sock_read=20)
"""Whoever writes names the server where a file lies: it may be one that never answers."""
_TOO_LARGE: Final = 413
_NEVER: Final = frozenset({"M_TOO_LARGE", "M_FORBIDDEN"})
_KINDS: Final = {"image": "m.image", "video": "m.video", "audio": "m.audio"}


def has_file(event: object) -> bool:
    """Tell whether a file must be fetched for a message."""
    return isinstance(event, RoomEncryptedMedia | RoomMessageMedia)


async def read_message(
    client: AsyncClient, event: RoomMessage, *, last: bool = True
) -> tuple[str, tuple[FileHere, ...]]:
    """Return a message's text and files; at the last try without a file that cannot be had.

    Raises:
        FileNotNow: its file cannot be had now, and this is not the last try.
    """
    if isinstance(event, RoomEncryptedMedia | RoomMessageMedia):
        return await _media(client, event, last=last)
    body = event.source.get("content", {}).get("body", "")
    if isinstance(event, RoomMessageFormatted | RoomMessageEmote):
        body = event.body
    return (body if isinstance(body, str) else "")[:TEXT_MOST], ()


async def upload(client: AsyncClient, file: FileHere) -> dict[str, Any] | None:
    """Lay a locked file at the server; return the message that holds its key.

    None where the server will never take it: it is too large for it.

    Raises:
        Unreachable: the server does not take it now.
    """
    # A server may hang up on what is too large without a word: so it is asked before.
    allowed = getattr(await client.content_repository_config(), "upload_size", None)
    if isinstance(allowed, int) and len(file.content) > allowed:
        return None
    told, keys = await client.upload(
        lambda *_: file.content,
        content_type="application/octet-stream",
        encrypt=True,
        filesize=len(file.content),
    )
    if isinstance(told, UploadError) and _never(told):
        return None
    if not isinstance(told, UploadResponse) or keys is None:
        raise Unreachable
    return {
        "msgtype": _KINDS.get(file.media_type.partition("/")[0], "m.file"),
        "body": file.name,
        "filename": file.name,
        "info": {"mimetype": file.media_type, "size": len(file.content)},
        "file": {**keys, "url": told.content_uri},
    }


def _never(told: UploadError) -> bool:
    answer = told.transport_response
    return told.status_code in _NEVER or (answer is not None and answer.status == _TOO_LARGE)


async def _media(
    client: AsyncClient, event: RoomEncryptedMedia | RoomMessageMedia, *, last: bool
) -> tuple[str, tuple[FileHere, ...]]:
    content = event.source.get("content", {})
    named = content.get("filename")
    name = named if isinstance(named, str) and named else event.body
    words = event.body if named and named != event.body else ""
    told = content.get("info") or {}
    told = told if isinstance(told, dict) else {}
    named_size = told.get("size")
    size = named_size if isinstance(named_size, int) else 0
    if size > BYTES_MOST:
        return within(words, (), (too_large(name, size),))
    try:
        raw = await _download(client, event.url)
    except FileNotNow:
        if not last:
            raise
        raw = None
    if raw is None:
        return within(words, (), (lost(name, size),))
    if len(raw) > BYTES_MOST:
        return within(words, (), (too_large(name, size),))
    kind = told.get("mimetype")
    if isinstance(event, RoomEncryptedMedia):
        try:
            raw = decrypt_attachment(raw, event.key["k"], event.hashes["sha256"], event.iv)
        except (EncryptionError, KeyError, TypeError, ValueError):
            return within(words, (), (lost(name, len(raw)),))
    media_type = kind if isinstance(kind, str) else "application/octet-stream"
    return within(words, (FileHere(name, media_type, raw),))


async def _download(client: AsyncClient, mxc: str) -> bytes | None:
    """Return what lies at the server, or its beginning; None where there is nothing.

    Raises:
        FileNotNow: it does not come now.
    """
    server, _, name = mxc.removeprefix("mxc://").partition("/")
    session = client.client_session
    if not server or not name or "/" in name or session is None:
        return None
    at = f"{client.homeserver}/_matrix/client/v1/media/download/{server}/{name}"
    asks = {"Authorization": f"Bearer {client.access_token}"}
    try:
        async with session.get(at, headers=asks, timeout=FILE_TIMES) as answer:
            if answer.status >= 500:  # noqa: PLR2004  (another server's trouble, or its own)
                raise FileNotNow
            if answer.status == 429:  # noqa: PLR2004  (we ask too often)
                raise FileNotNow
            if answer.status != 200:  # noqa: PLR2004  (it has no such file, or gives it to nobody)
                return None
            parts, size = [], 0
            async for part in answer.content.iter_chunked(1 << 16):
                parts.append(part)
                size += len(part)
                if size > BYTES_MOST:
                    break
            return b"".join(parts)
    except (aiohttp.ClientError, OSError):
        raise FileNotNow from None
