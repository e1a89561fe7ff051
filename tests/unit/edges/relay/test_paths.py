# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay's paths, as its routes and its log see them."""

import pytest

from safeconduct.edges.relay.web import read_path, shape_of
from safeconduct.kernel.wire.refusals import UnknownOffice


def test_paths_have_shapes() -> None:
    assert shape_of("/v1/health") == "/v1/health"
    assert shape_of("/v1/ab/blobs/cd/5") == "/v1/*/blobs/*/*"
    assert read_path("/v1/health") == (b"", (), 0)
    with pytest.raises(UnknownOffice):
        read_path("/v1/ab/intake")
