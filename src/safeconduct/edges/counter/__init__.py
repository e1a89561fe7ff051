# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way without JavaScript: plain forms, one short-lived process for each request.

What it is: a parent that holds a listening socket and never reads a connection, and children
that each take one connection, do for one request what a person's browser would have done
(spec/mailbox.md), answer, and end.  Plain text and keys live in that child alone.
What it refuses to be: a second portal.  It keeps no state, sets no cookie, writes no file, and
says on its first screen that the server could read along (docs/adr/0007-counter.md).

    with serve_counter(config) as counter:
        print(counter.url)

The door re-exports the parent's half only: who imports it loads nothing that can open.
"""

from __future__ import annotations

from safeconduct.edges.counter.config import CounterConfig, Limits
from safeconduct.edges.counter.parent import CounterHandle, serve_counter

__all__ = ["CounterConfig", "CounterHandle", "Limits", "serve_counter"]
