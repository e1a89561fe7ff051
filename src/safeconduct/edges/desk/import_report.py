# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the report of the last import keeps of people: nothing of a conversation that was destroyed.

Each line of it has a sender and how the text begins, and lies in this desk's settings alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from safeconduct.edges.desk.store import Store
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.words import ConversationId

NAME: Final = "import:report"
_TEXT: Final[Codec[str]] = Codec(str, "import")


def forget(store: Store, names: Iterable[ConversationId]) -> None:
    """Drop the report's lines of these conversations, inside the caller's transaction."""
    kept = store.setting(NAME, _TEXT)
    gone = {name.hex() for name in names}
    if not kept or not any(name in kept for name in gone):
        return
    try:
        report = msgspec.json.decode(kept)
        report["lines"] = [line for line in report["lines"] if line["talk"] not in gone]
        for some in ("waiting", "pressing"):
            report[some] = [talk for talk in report[some] if talk not in gone]
    except (msgspec.MsgspecError, KeyError, TypeError):
        store.drop_settings(NAME)  # An older program's, of another shape.
        return
    store.put_setting(NAME, msgspec.json.encode(report).decode())
