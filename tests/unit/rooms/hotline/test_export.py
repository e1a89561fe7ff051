# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in the file of conversations that leaves the office."""

import json

from safeconduct.kernel.words import Instant
from safeconduct.rooms.hotline.export import write_export
from tests.kit.clocks import NOON
from tests.unit.rooms.hotline.test_contact_folded import told_beside
from tests.unit.rooms.hotline.test_conversation import Story


def test_what_was_told_beside_a_message_leaves_without_the_word_that_somebody_stands_by() -> None:
    story = Story()
    story.tell(
        told_beside(
            1, danger_today="yes", region="north", not_alone_word="lilac", return_code="01234567"
        )
    )
    written = write_export([story.now()], Instant(NOON))
    (message,) = json.loads(written)["conversations"][0]["messages"]
    assert message["contact"] == {"version": 1, "danger_today": "yes", "region": "north"}
    assert b"lilac" not in written
    assert b"01234567" not in written
