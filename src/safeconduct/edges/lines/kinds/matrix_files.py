# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages of Matrix as a line takes and gives them: their words, and files that are locked.

A file's key stands in its message; the server holds locked bytes alone.
"""

from __future__ import annotations

from typing import Any, Final

import aiohttp
from nio import AsyncClient, UploadResponse
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
from safeconduct.edges.lines.kinds.sizes import BYTES_MOST, left_out, within
from safeconduct.kernel.errors import Unreachable

TEXT_MOST: Final = 100_000
_KINDS: Final = {"image": "m.image", "video": "m.video", "audio": "m.audio"}


async def read_message(client: AsyncClient, event: RoomMessage) -> tuple[str, tuple[FileHere, ...]]:
    """Return a message's text and files.

    Raises:
        Unreachable: its file cannot be had now.
    """
    if isinstance(event, RoomEncryptedMedia | RoomMessageMedia):
        return await _media(client, event)
    body = event.source.get("content", {}).get("body", "")
    if isinstance(event, RoomMessageFormatted | RoomMessageEmote):
        body = event.body
    return (body if isinstance(body, str) else "")[:TEXT_MOST], ()


async def upload(client: AsyncClient, file: FileHere) -> dict[str, Any]:
    """Lay a locked file at the server; return the message that holds its key.

    Raises:
        Unreachable: the server does not take it.
    """
    told, keys = await client.upload(
        lambda *_: file.content,
        content_type="application/octet-stream",
        encrypt=True,
        filesize=len(file.content),
    )
    if not isinstance(told, UploadResponse) or keys is None:
        raise Unreachable
    return {
        "msgtype": _KINDS.get(file.media_type.partition("/")[0], "m.file"),
        "body": file.name,
        "filename": file.name,
        "info": {"mimetype": file.media_type, "size": len(file.content)},
        "file": {**keys, "url": told.content_uri},
    }


async def _media(
    client: AsyncClient, event: RoomEncryptedMedia | RoomMessageMedia
) -> tuple[str, tuple[FileHere, ...]]:
    content = event.source.get("content", {})
    named = content.get("filename")
    name = named if isinstance(named, str) and named else event.body
    words = event.body if named and named != event.body else ""
    told = content.get("info") or {}
    size = told.get("size") if isinstance(told, dict) else None
    if isinstance(size, int) and size > BYTES_MOST:
        return within(words, (), (left_out(name, size),))
    raw = await _download(client, event.url)
    if raw is None or len(raw) > BYTES_MOST:
        return within(words, (), (left_out(name, size if isinstance(size, int) else 0),))
    kind = told.get("mimetype") if isinstance(told, dict) else None
    if isinstance(event, RoomEncryptedMedia):
        try:
            raw = decrypt_attachment(raw, event.key["k"], event.hashes["sha256"], event.iv)
        except (EncryptionError, KeyError, TypeError, ValueError):
            return within(words, (), (left_out(name, len(raw)),))
    media_type = kind if isinstance(kind, str) else "application/octet-stream"
    return within(words, (FileHere(name, media_type, raw),))


async def _download(client: AsyncClient, mxc: str) -> bytes | None:
    """Return what lies at the server, or its beginning; None where there is nothing."""
    server, _, name = mxc.removeprefix("mxc://").partition("/")
    session = client.client_session
    if not server or not name or "/" in name or session is None:
        return None
    at = f"{client.homeserver}/_matrix/client/v1/media/download/{server}/{name}"
    asks = {"Authorization": f"Bearer {client.access_token}"}
    try:
        async with session.get(at, headers=asks) as answer:
            if answer.status >= 500:  # noqa: PLR2004  (the server's own trouble)
                raise Unreachable
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
        raise Unreachable from None
