# SPDX-License-Identifier: AGPL-3.0-or-later
"""What signal-cli says, read: envelopes, versions, what became of a message.

Who wrote is the service id alone; a number that stands beside it is not read.
"""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import msgspec

from safeconduct.edges.lines.came import in_words, together
from safeconduct.kernel.errors import Malformed

SERVICE_ID: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE
)
NEW_KEY: Final = "UntrustedIdentityException"
NOTHING_LOST: Final = frozenset({"ProtocolDuplicateMessageException", "SelfSendException"})
VERSION: Final = re.compile(r"(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?")
FIRST_YEAR: Final = 1981
"""Builds that can be repeated write 1980 for every file."""
PLAIN: Final = frozenset(
    {
        "timestamp", "message", "expiresInSeconds", "isExpirationUpdate", "viewOnce", "attachments",
        "previews", "textStyles", "mentions", "quote", "bodyRanges", "groupInfo", "isStory",
        "storyContext", "contacts", "profileKey", "pniSignatureMessage",
    }
)  # fmt: skip
THINGS: Final = {
    "remoteDelete": "deleted", "pollCreate": "poll", "pollVote": "poll", "pollTerminate": "poll",
}  # fmt: skip
"""What has another name in our words."""


NOTHING: Final = msgspec.Raw(b"null")


class Attachment(msgspec.Struct, rename="camel"):
    """A file that signal-cli wrote into its own folder under `id`."""

    id: str = ""
    content_type: str = "application/octet-stream"
    filename: str | None = None


class Written(msgspec.Struct, rename="camel"):
    """What the line reads of a message."""

    message: str | None = None
    expires_in_seconds: int | None = None
    is_expiration_update: bool | None = None
    attachments: list[Attachment] | None = None
    group_info: msgspec.Raw = NOTHING
    contacts: list[msgspec.Raw] | None = None


class Changed(msgspec.Struct, rename="camel"):
    """A message that was changed after it was sent."""

    data_message: msgspec.Raw = NOTHING


class Calling(msgspec.Struct, rename="camel"):
    """A call by Signal; only its beginning is told."""

    offer_message: msgspec.Raw = NOTHING


class Envelope(msgspec.Struct, rename="camel"):
    """What came, as far as the line reads it."""

    source_uuid: str | None = None
    data_message: msgspec.Raw = NOTHING
    edit_message: Changed | None = None
    call_message: Calling | None = None


class Fault(msgspec.Struct):
    """Why signal-cli could not open something."""

    type: str = ""


class Received(msgspec.Struct):
    """One element of what `receive` answers."""

    envelope: Envelope = msgspec.field(default_factory=Envelope)
    exception: Fault | None = None


class Incoming(msgspec.Struct):
    """A message as the line takes it; `fades` is after how many seconds it fades by the person."""

    who: str
    words: str
    files: tuple[Attachment, ...] = ()
    fades: int | None = None
    new_key: bool = False


class Version(msgspec.Struct):
    """What `version` answers."""

    version: str = ""


class Account(msgspec.Struct):
    """One of those that `listAccounts` answers."""

    number: str | None = None
    aci: str | None = None


class Result(msgspec.Struct):
    """What became of a message for one who gets it."""

    type: str = "SUCCESS"


class Sent(msgspec.Struct):
    """What `send` answers."""

    results: list[Result] = []


def parse_received(data: bytes) -> tuple[Incoming | None, ...]:
    """Return what `receive` answered; receipts, typing and what other devices do are None.

    Raises:
        Malformed: it is no list of envelopes.
    """
    return tuple(_incoming(raw) for raw in _elements(data))


def without_first(data: bytes) -> bytes:
    """Return what `receive` answered, less its first element.

    Raises:
        Malformed: it is no list of envelopes.
    """
    return msgspec.json.encode(_elements(data)[1:])


def _elements(data: bytes) -> list[msgspec.Raw]:
    try:
        return msgspec.json.decode(data, type=list[msgspec.Raw])
    except ValueError:
        raise Malformed("signal envelopes") from None


def parse_version(data: bytes) -> tuple[int, int, int]:
    """Return a version; one that cannot be read is older than any."""
    try:
        said = msgspec.json.decode(data, type=Version).version
    except ValueError:
        return 0, 0, 0
    found = VERSION.match(said)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else (0, 0, 0)


def parse_accounts(data: bytes) -> frozenset[str]:
    """Return the numbers and service ids of the accounts that signal-cli has; none if unread."""
    try:
        found = msgspec.json.decode(data, type=list[Account])
    except ValueError:
        return frozenset()
    return frozenset(name for one in found for name in (one.number, one.aci) if name)


def parse_changes(data: bytes) -> dict[str, int]:
    """Return how often whose key changed, as the line kept it.

    Raises:
        Malformed: it is no such map: to start with none would send old answers to new keys.
    """
    try:
        return msgspec.json.decode(data, type=dict[str, int])
    except ValueError:
        raise Malformed("signal keys") from None


def parse_results(data: bytes) -> frozenset[str]:
    """Return what became of a message, by signal-cli's names."""
    try:
        return frozenset(one.type for one in msgspec.json.decode(data, type=Sent).results)
    except ValueError:
        return frozenset()


def built_on(folder: Path) -> date | None:
    """Return the day of the newest file in its jars: the program was built then, or later."""
    days = [day for jar in sorted(folder.glob("*.jar")) for day in _days(jar)]
    return max(days, default=None)


def _days(jar: Path) -> list[date]:
    try:
        with zipfile.ZipFile(jar) as archive:
            stamps = [one.date_time for one in archive.infolist()]
    except (OSError, zipfile.BadZipFile):
        return []
    newest = max(stamps, default=(0,) * 6)
    if newest[0] < FIRST_YEAR:
        return []
    try:
        return [datetime(*newest, tzinfo=UTC).date()]
    except ValueError:
        return []


def _incoming(raw: msgspec.Raw) -> Incoming | None:
    try:
        received = msgspec.json.decode(raw, type=Received)
    except ValueError:
        return Incoming("", in_words("unknown"))
    envelope = received.envelope
    who = envelope.source_uuid or ""
    who = who.lower() if SERVICE_ID.fullmatch(who) else ""
    if received.exception is not None:
        return _unopened(who, received.exception.type)
    if envelope.call_message is not None and _is(envelope.call_message.offer_message):
        return Incoming(who, in_words("call"))
    if envelope.edit_message is not None:
        return _written(who, envelope.edit_message.data_message, in_words("edited"))
    return _written(who, envelope.data_message, "")


def _unopened(who: str, why: str) -> Incoming | None:
    if why == NEW_KEY:
        return Incoming(who, in_words("new_key"), new_key=True)
    return None if why in NOTHING_LOST or not who else Incoming(who, in_words("unopened"))


def _written(who: str, raw: msgspec.Raw, before: str) -> Incoming | None:
    if not _is(raw):
        return None
    try:
        written = msgspec.json.decode(raw, type=Written)
        parts = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except ValueError:
        return Incoming(who, together(before, in_words("unknown")))
    if written.is_expiration_update and not written.message:
        return None
    group = in_words("group") if _is(written.group_info) else ""
    words = together(before, group, _things(written, parts), written.message or "")
    files = tuple(written.attachments or ())
    if not (words or files):
        return None
    return Incoming(who, words, files, fades=written.expires_in_seconds)


def _things(written: Written, parts: dict[str, msgspec.Raw]) -> str:
    """Say in words what came beside text and files."""
    said = [in_words("contact", _told(one)) for one in written.contacts or ()]
    for name, raw in parts.items():
        if name not in PLAIN and _is(raw):
            said.append(in_words(THINGS.get(name, name), "" if name == "sticker" else _told(raw)))
    return together(*said)


def _is(raw: msgspec.Raw) -> bool:
    return bytes(raw) not in {b"null", b"[]", b"{}", b"false"}


def _told(raw: msgspec.Raw) -> str:
    return bytes(raw).decode("utf-8", "replace")
