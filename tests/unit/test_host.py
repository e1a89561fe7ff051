# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the one module with calls to the operating system does where it can."""

import os
import sys

import pytest

from safeconduct import host

WIDE = 1 << 20


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has pipes that can be widened")
def test_wide_pipe_takes_a_run_that_nobody_reads_yet() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with os.fdopen(reading, "rb") as source, os.fdopen(writing, "wb", buffering=0) as sink:
        assert host.widen_pipe(sink, WIDE)
        assert sink.write(bytes(WIDE)) == WIDE
        assert source.read(WIDE) == bytes(WIDE)


def test_pipe_that_cannot_be_widened_is_told_and_never_raised() -> None:
    with open(os.devnull, "rb") as no_pipe:  # noqa: PTH123  (a device, not a file of ours)
        assert not host.widen_pipe(no_pipe, WIDE)
