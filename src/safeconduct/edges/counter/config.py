# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a counter must know.  No secret stands in it: a child gets it through its standard input."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Bytes16, Codec, Record, encode
from safeconduct.kernel.languages import READ_BY_NATIVES

MIB: Final = 1 << 20

Count = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Share = Annotated[float, Meta(gt=0, le=3600)]


class Limits(Record, frozen=True):
    """What one request may cost, in bytes and seconds."""

    file_bytes: Count = 25 * MIB
    """All files of one request together are held in memory until they are sealed."""
    files: Count = 10
    body_bytes: Count = 512 * MIB
    """A body is read to its end up to here, so that the person gets her text back."""
    head_seconds: Share = 15.0
    grace_seconds: Share = 30.0
    pace: Count = 4096
    """Bytes a second that a body must keep up with on average, once the grace is over."""
    body_seconds: Share = 900.0
    answer_seconds: Share = 120.0
    """From the last byte of the request to the first of the answer; downloads go on after it."""
    linger_seconds: Share = 2.0
    spared_seconds: Share = 5.0
    """Who is at it for less than this does not make way for who waits."""

    @property
    def life_seconds(self) -> float:
        """After this long a child is ended, whatever it does."""
        return self.head_seconds + 2 * self.body_seconds + self.answer_seconds


class CounterConfig(Record, frozen=True, kw_only=True):
    """One counter of one office."""

    office: Bytes16
    intake_signing: Annotated[bytes, Meta(min_length=1984, max_length=1984)]
    """The office's public key that signs intake certificates; both halves are checked."""
    relay: Annotated[str, Meta(pattern=r"^http://[^/]+/?$")]
    """Where the relay listens, as any public client sees it: `http://127.0.0.1:8440`."""
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 0
    lanes: Annotated[int, Meta(ge=1, le=64)] = 4
    """How many children there are at most."""
    language: str = "en"
    """The language of a browser that asks for none of ours."""
    languages: tuple[str, ...] = READ_BY_NATIVES
    """Which it offers, as the portal does."""
    exit_url: Annotated[str, Meta(pattern=r"^(https?://|about:blank$)")] = "about:blank"
    """Where leaving leads, as on the portal."""
    portal_url: str = ""
    """Where the page that seals in the browser is; empty when there is none."""
    onion_portal_url: str = ""
    """Where it is for who came by an onion address, if there it is met elsewhere."""
    limits: Limits = Limits()


parse_config: Final = Codec[CounterConfig](CounterConfig, "counter_config").decode


def write_config(config: CounterConfig) -> bytes:
    """Return the canonical bytes of a configuration."""
    return encode(config)
