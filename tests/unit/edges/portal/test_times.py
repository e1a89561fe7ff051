# SPDX-License-Identifier: AGPL-3.0-or-later
"""Times on the page, also those that no honest office writes."""

import subprocess

from safeconduct.edges.portal.rendering import HERE
from tests.kit.browsers import NODE

SCRIPT = """
globalThis.document = { documentElement: { lang: 'en' } };
const { when } = await import(process.argv[1]);
console.log(when(Number.MAX_SAFE_INTEGER, 'short'));
"""


def test_a_time_that_no_calendar_has_takes_no_other_answers_along() -> None:
    command = [str(NODE), "--input-type=module", "-e", SCRIPT, (HERE / "browser/dom.js").as_uri()]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "275760" in said
