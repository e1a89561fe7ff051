# SPDX-License-Identifier: AGPL-3.0-or-later
"""First words on the pages: written by a colleague, approved here, taken back."""

from safeconduct.kernel.words import DAY
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

MIRA = rehearsal_roster()[1][1]
LURE = "</textarea><script>alert(1)</script>"


def page(window: Window) -> str:
    """The page as it stands."""
    return window.pages.get("/first-words").text


def waiting(window: Window) -> str:
    """What a colleague wrote; its version."""
    window.desk.by(MIRA).first_words.write({"en": "We read each letter.", "ru": LURE})
    return window.desk.first_words.standing()[0].id.hex()


def test_before_anything_is_written_the_page_s_own_words_are_named(window: Window) -> None:
    found = page(window)
    assert "Nothing of ours is shown now." in found
    assert "Ждать здесь не нужно" in found
    assert "لا حاجة إلى الانتظار هنا" in found


def test_what_a_colleague_wrote_is_approved_by_who_says_that_they_read_it(window: Window) -> None:
    version = waiting(window)
    assert "Waiting to be approved" in page(window)
    unread = window.post("/first-words/approve", {"version": version, "days": "90"})
    assert unread.status_code == 422
    assert "read each language" in unread.text
    assert window.desk.first_words.shown() is None
    window.post("/first-words/approve", {"version": version, "days": "90", "looked": "1"})
    assert "What people are shown" in page(window)
    window.desk.clock.move(90 * DAY)
    assert "To be approved again" in page(window)


def test_nobody_approves_what_they_wrote_themselves(window: Window) -> None:
    window.post("/first-words/write", {"text-fr": "Nous lisons chaque lettre."})
    version = window.desk.first_words.standing()[0].id.hex()
    assert "A steward who did not write it has to approve it." in page(window)
    fields = {"version": version, "days": "90", "looked": "1"}
    own = window.post("/first-words/approve", fields)
    assert "You wrote these first words yourself" in own.text
    assert window.post("/first-words/approve", fields | {"days": "9"}).status_code == 404


def test_what_cannot_be_saved_stays_in_the_form(window: Window) -> None:
    refused = window.post("/first-words/write", {"text-en": "Until {when}.", "text-ar": "انتظروا."})
    assert refused.status_code == 422
    assert "a place between braces is left" in refused.text
    assert "انتظروا." in refused.text


def test_one_of_us_takes_them_back(window: Window) -> None:
    waiting(window)
    none = window.post("/first-words/withdraw", {"reason": " "})
    assert none.status_code == 422
    window.post("/first-words/withdraw", {"reason": "The road is watched."})
    assert window.desk.first_words.standing() == ()
    assert window.post("/first-words/withdraw", {"reason": "Again."}).status_code == 422
