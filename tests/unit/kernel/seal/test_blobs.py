# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files in chunks (spec/seal.md 7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.errors import CannotOpen, Defect
from safeconduct.kernel.seal.lock import CHUNK_BYTES, BlobSealer, StreamSealer, blob_id, plan_blob
from safeconduct.kernel.seal.padding import padme
from safeconduct.kernel.seal.unlock import BlobOpener
from tests.kit.clocks import SeededRng

KEY = SeededRng("blob").bytes(32)
SIZE = 2 * CHUNK_BYTES + 12_345
FILE = SeededRng("file").bytes(SIZE)


def chunks() -> list[bytes]:
    """The file, sealed."""
    sealer = BlobSealer(KEY, SIZE)
    parts = (FILE[i * CHUNK_BYTES : (i + 1) * CHUNK_BYTES] for i in range(sealer.plan.chunks))
    return [sealer.seal(index, part) for index, part in enumerate(parts)]


def test_a_file_comes_back_whole_and_without_its_filling() -> None:
    opener = BlobOpener(KEY, SIZE)
    sealed = chunks()
    assert len(sealed) == opener.plan.chunks == 3
    assert sum(len(chunk) - 16 for chunk in sealed) == opener.plan.padded == padme(SIZE)
    backwards = {index: opener.open(index, sealed[index]) for index in (2, 1, 0)}
    assert b"".join(backwards[index] for index in range(3)) == FILE


def test_a_moved_chunk_is_refused() -> None:
    opener, sealed = BlobOpener(KEY, SIZE), chunks()
    for index, other in ((0, 1), (1, 0), (2, 0), (0, 2)):
        with pytest.raises(CannotOpen):
            opener.open(index, sealed[other])


def test_a_blob_cut_after_a_chunk_is_refused() -> None:
    shorter = BlobOpener(KEY, CHUNK_BYTES)
    assert shorter.plan.chunks == 1
    with pytest.raises(CannotOpen):
        shorter.open(0, chunks()[0])


def test_a_blob_that_goes_on_after_its_end_is_refused() -> None:
    opener = BlobOpener(KEY, 10)
    longer = BlobSealer(KEY, SIZE)
    for index in (1, 2, -1, 1 << 40):
        with pytest.raises(CannotOpen):
            opener.open(index, longer.seal(1, b""))


def test_a_file_of_nothing_is_one_chunk() -> None:
    plan = plan_blob(KEY, 0)
    assert (plan.padded, plan.chunks, plan.part(0)) == (1, 1, 1)
    assert BlobOpener(KEY, 0).open(0, BlobSealer(KEY, 0).seal(0, b"")) == b""


def test_a_chunk_shorter_or_longer_than_the_plan_is_refused() -> None:
    sealed = BlobSealer(KEY, 100).seal(0, b"a" * 200)
    with pytest.raises(CannotOpen):
        BlobOpener(KEY, 100).open(0, sealed)


def test_an_id_is_of_one_key() -> None:
    assert plan_blob(KEY, 5).blob == blob_id(KEY)
    assert blob_id(KEY) != blob_id(KEY[::-1])


@given(st.lists(st.integers(0, 400), max_size=9))
def test_what_is_sealed_as_it_comes_is_what_is_sealed_at_once(cuts: list[int]) -> None:
    stream = StreamSealer(KEY, sum(cuts))
    at = 0
    for cut in cuts:
        stream.add(memoryview(FILE)[at : at + cut])
        at += cut
    assert stream.end() == BlobSealer(KEY, at).seal(0, FILE[:at])


def test_a_stream_is_of_one_chunk_and_of_the_length_that_was_said() -> None:
    with pytest.raises(Defect):
        StreamSealer(KEY, CHUNK_BYTES + 1)
    stream = StreamSealer(KEY, 10)
    with pytest.raises(Defect):
        stream.add(bytes(11))
    stream.add(bytes(9))
    assert stream.left == 1
    with pytest.raises(Defect):
        stream.end()
