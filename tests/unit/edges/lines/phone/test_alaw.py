# SPDX-License-Identifier: AGPL-3.0-or-later
"""A-law is that of ITU-T G.711, sample by sample, and leaves nothing behind."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from safeconduct.edges.lines.phone.alaw import TABLE, Encoder
from safeconduct.rooms.hotline.spoken import SILENCE

OF_AUDIOOP = "f77c76aa923ee25617453f87514828a12896227f82ff383bf3bb53d6ac7c2a0f"
"""SHA-256 of what `audioop.lin2alaw` of Python 3.11 gives for each sample."""
KNOWN = {
    0: 0xD5,
    -1: 0x55,
    8: 0xD5,
    16: 0xD4,
    -8: 0x55,
    1000: 0xFA,
    -1000: 0x7A,
    32_767: 0xAA,
    -32_768: 0x2A,
}


@pytest.mark.parametrize(("sample", "value"), KNOWN.items())
def test_known_samples_have_their_values(sample: int, value: int) -> None:
    assert TABLE[sample & 0xFFFF] == value


def test_every_sample_has_the_value_that_others_give_it() -> None:
    assert hashlib.sha256(TABLE.tobytes()).hexdigest() == OF_AUDIOOP
    assert TABLE[0] == SILENCE


def test_runs_of_frames_are_encoded_in_their_order() -> None:
    samples = np.arange(-6, 6, dtype="<i2") * 999
    heads = b"".join(b"\x10\0\x04" + pair.tobytes() for pair in samples[:8].reshape(4, 2))
    data = heads + b"\x10\0\x08" + samples[8:].tobytes()
    given: list[bytes] = []
    count = Encoder(12).encode(
        data,
        [(3, 4, 2, 7), (31, 1, 4, 11)],
        lambda sound: given.append(bytes(sound)),
    )
    assert given == [TABLE[samples.view("<u2")].tobytes()]
    assert count == len(given[0])


def test_what_was_encoded_is_gone_also_where_sealing_failed() -> None:
    kept: list[memoryview] = []

    def fail(sound: memoryview) -> None:
        kept.append(sound)
        assert any(sound)
        raise MemoryError

    encoder = Encoder(4)
    with pytest.raises(MemoryError):
        encoder.encode(b"\x01\x20\x01\x20\x01\x20\x01\x20", [(0, 1, 4, 8)], fail)
    assert not any(kept[0])
    # The place of the samples is private, and the proof is that nothing of them is left there.
    assert not encoder._samples.any()
