# SPDX-License-Identifier: AGPL-3.0-or-later
"""A server and a port as an administrator writes them down."""

from __future__ import annotations

import pytest

from safeconduct.edges.lines.kinds.servers import BadServer, host_and_port, port_of


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "1.5", "²", "٣", "9" * 5_000])
def test_what_is_no_port_is_refused_alone_and_behind_a_host(port: str) -> None:
    with pytest.raises(BadServer):
        port_of(port)
    with pytest.raises(BadServer):
        host_and_port(f"imap.example.org:{port}")


def test_a_port_may_stand_alone_or_behind_a_host() -> None:
    assert port_of("65535") == 65_535
    assert host_and_port("::1:993") == ("::1", 993)
    with pytest.raises(BadServer):
        host_and_port("993")
