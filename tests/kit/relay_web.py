# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ask the HTTP side of a relay without a server."""

from __future__ import annotations

from safeconduct.edges.relay.web import RelayWeb
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.wire.refusals import STATUS, parse_refusal
from tests.kit.asgi import Reply, Request, ask
from tests.kit.relay import Kept


class Client:
    """Asks the application of one relay."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.web = RelayWeb(kept.store)
        self.base = f"/v1/{kept.office.office.hex()}"

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        token: bytes | None = None,
        query: bytes = b"",
    ) -> Reply:
        """Ask below the office, or anywhere with a path that begins with /v1."""
        headers = [] if token is None else [(b"authorization", b"Bearer " + token.hex().encode())]
        target = path if path.startswith("/v1") else self.base + path
        return ask(self.web, Request(method, target, query, headers, (body,)))

    def desk(self, method: str, path: str, body: bytes = b"", query: bytes = b"") -> bytes:
        """Ask with the capability; the answer must be 200."""
        reply = self.ask(method, path, body, token=self.kept.office.capability(), query=query)
        assert reply.status == 200, reply.body
        return reply.body


def refusal(reply: Reply) -> SafeconductError:
    """The refusal that a reply is, with the status of its code."""
    error = parse_refusal(reply.body)
    assert reply.status == STATUS[error.code]
    return error
