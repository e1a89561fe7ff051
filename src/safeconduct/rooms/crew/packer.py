# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making key parcels that tell nobody what they are (spec/crew.md 3, docs/adr/0031).

Everything that a parcel consists of is as long as a step says, and what fills it up is made so
that nobody tells it from the rest who holds no key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.lock import SharedKey, close_box, key_of_nobody, seal_to
from safeconduct.kernel.seal.padding import padme
from safeconduct.rooms.crew.first_parcels import SALT_BYTES, SLOT_BYTES
from safeconduct.rooms.crew.parcel import (
    KEY_BYTES,
    MARK_BYTES,
    POINTER_BYTES,
    VERSION,
    ForDevice,
    ForTeam,
    Group,
    HeldKey,
    Parcel,
    VaultKeys,
    mark_of,
    slot_of,
    two,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.kernel.ports import Rng
    from safeconduct.kernel.seal.lock import SealingPublicKey
    from safeconduct.kernel.words import OfficeId

HEADS_LEAST: Final = 8
"""In an office of up to seven devices every parcel has as many heads as any other."""
MARKS_LEAST: Final = 8
BODY_LEAST: Final = 4 << 10
BODY_DOUBLED: Final = 32 << 10
"""Up to here the length of what is given is the next power of two, beyond it that of Padme."""


class Packer(NamedTuple):
    """Who makes a parcel: an office, its key, under which stands for how many it is, and chance."""

    office: OfficeId
    office_key: bytes
    rng: Rng


class TeamWrap(NamedTuple):
    """What one act gives to whoever holds a team's key: vault keys."""

    team: SharedKey
    keys: VaultKeys


def write_parcel(
    packer: Packer,
    reason: str,
    wraps: Sequence[tuple[SealingPublicKey, Sequence[HeldKey]]],
    teams: Sequence[TeamWrap] = (),
) -> bytes:
    """Return a parcel with what each recipient and each team is given, every team once."""
    salt, rng = packer.rng.bytes(SALT_BYTES), packer.rng
    body, heads = _Body(packer.office + salt, rng), list[bytes]()
    for recipient, keys in wraps:
        pointer = body.lay_once(encode(ForDevice(reason, tuple(keys))))
        sealed = seal_to(recipient, "parcel", packer.office + salt, pointer)
        heads.append(slot_of(salt, recipient) + sealed)
    marks = [mark_of(SharedKey(packer.office_key), salt, two(len(wraps), len(teams)))]
    for team, given in teams:
        place = body.lay(team, encode(ForTeam(reason, _grouped(given))))
        marks.append(mark_of(team, salt, place))
    heads += _heads_for_nobody(_step(len(heads), HEADS_LEAST) - len(heads), rng)
    marks += [rng.bytes(MARK_BYTES) for _ in range(_step(len(marks), MARKS_LEAST) - len(marks))]
    # In the order of their slots, which is as good as by chance: no place tells whose it is.
    joined = b"".join(sorted(heads)), b"".join(sorted(marks))
    return encode(Parcel(VERSION, salt, *joined, body.filled()))


class _Body:
    """What is given, one box after the other; what several are given alike lies there once."""

    def __init__(self, context: bytes, rng: Rng) -> None:
        self._context = context
        self._rng = rng
        self._laid: dict[bytes, bytes] = {}
        self._boxes = bytearray()

    def lay(self, key: bytes | SharedKey, content: bytes) -> bytes:
        """Put a box there under a key, and return its place: where it begins, and its length."""
        start = len(self._boxes)
        context = self._context + start.to_bytes(4, "big")
        self._boxes += close_box(key, "parcel", context, content)
        return two(start, len(self._boxes) - start)

    def lay_once(self, content: bytes) -> bytes:
        """Put a box there under a key of its own, and return what opens it: key and place."""
        if content not in self._laid:
            key = self._rng.bytes(KEY_BYTES)
            self._laid[content] = key + self.lay(key, content)
        return self._laid[content]

    def filled(self) -> bytes:
        """Return the boxes, and chance behind them up to the next step."""
        length = max(len(self._boxes), BODY_LEAST)
        step = _step(length, BODY_LEAST) if length <= BODY_DOUBLED else padme(length)
        return bytes(self._boxes) + self._rng.bytes(step - len(self._boxes))


def _heads_for_nobody(count: int, rng: Rng) -> list[bytes]:
    """Return heads that nobody opens, really sealed: bytes by chance would be told from others."""
    if not count:
        return []
    nobody = key_of_nobody(rng.bytes(KEY_BYTES))
    return [
        rng.bytes(SLOT_BYTES) + seal_to(nobody, "parcel", b"", bytes(POINTER_BYTES))
        for _ in range(count)
    ]


def _step(count: int, least: int) -> int:
    """Return the next power of two."""
    return max(least, 1 << (count - 1).bit_length())


def _grouped(keys: VaultKeys) -> tuple[Group, ...]:
    """Return vault keys in their one form: each epoch once, and vaults in order."""
    by_epoch: dict[int, list[tuple[bytes, bytes]]] = {}
    for where in sorted(keys):
        by_epoch.setdefault(where.epoch, []).append((where.vault, keys[where]))
    return tuple(
        Group(epoch, b"".join(id_ for id_, _ in some), b"".join(key for _, key in some))
        for epoch, some in sorted(by_epoch.items())
    )
