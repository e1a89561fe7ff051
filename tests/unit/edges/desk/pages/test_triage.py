# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ordering the work on the pages: one form each, reasons in words, filters in the address."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from safeconduct.edges.desk.moments import parse_moment
from safeconduct.edges.desk.tracing_api import Tracing
from safeconduct.kernel.words import DAY, HOUR, Instant
from safeconduct.rooms.hotline.queue import State, place_of
from safeconduct.rooms.hotline.silence import TIMES
from safeconduct.rooms.hotline.triage import Danger
from tests.kit.clocks import FixedClock
from tests.kit.pages import text_of
from tests.kit.rehearsal import NIGHT, rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

MIRA, TIMUR = rehearsal_roster()[1][1:3]
NAME = "quiet orchard"


def names(window: Window, path: str) -> list[str]:
    """Whose rows a list shows, in order."""
    rows = window.pages.get(path).all("a")
    return [text_of(row) for row in rows if row.get("class") == "name"]


def test_each_form_sets_one_thing_and_the_page_says_it(window: Window) -> None:
    path = window.path(NAME)
    page = window.pages.send(window.pages.get(path).form(f"{path}/danger"), level="4")
    page = window.pages.send(page.form(f"{path}/tags"), tags="minor, passport")
    page = window.pages.send(
        page.form(f"{path}/deadline"),
        deadline_at="2026-11-20T08:30",
        deadline_reason="The bus leaves.",
    )
    page = window.pages.send(page.form(f"{path}/snooze"), snooze_in="120")
    page = window.pages.send(
        page.form(f"{path}/contact"), contact_in="30", contact_reason="At the border."
    )
    said = text_of(page.by_id("place"))
    for words in (
        *("life in danger now", "needed by 08:30: The bus leaves.", "snoozed until 04:54 (you)"),
        *("minor", "passport", "Next word due: 03:24, set by you: At the border."),
    ):
        assert words in said
    assert names(window, "/today")[0] == NAME


def test_answering_says_when_the_next_word_is_due(window: Window) -> None:
    path = window.path(NAME)
    window.pages.send(window.pages.get(path).form(f"{path}/answer"), text="Yes.")
    talk = window.desk.conversation(window.talks[NAME])
    assert talk is not None
    assert place_of(talk).due == NIGHT + TIMES[Danger.UNJUDGED].word
    form = window.pages.get(path).form(f"{path}/answer")
    window.pages.send(form, text="And more.", next_in="120")
    talk = window.desk.conversation(window.talks[NAME])
    assert talk is not None
    assert place_of(talk).due == NIGHT + 2 * HOUR


@pytest.mark.parametrize(
    ("what", "typed", "why"),
    [
        ("deadline", {"deadline_at": "2020-01-01T01:01", "deadline_reason": "w"}, "still to come"),
        ("deadline", {"deadline_at": "soon", "deadline_reason": "w"}, "still to come"),
        ("deadline", {"deadline_in": "60", "deadline_reason": " "}, "in a few words why"),
        ("snooze", {"snooze_at": "2026-12-20T01:01"}, "too far ahead"),
        ("contact", {"contact_at": "2020-01-01T01:01"}, "still to come"),
        ("tags", {"tags": "t" * 61}, "twenty tags at most"),
        ("lost", {"lost_reason": "gone"}, "Answer it first."),
        ("close", {"close_reason": "done"}, "Answer it first."),
    ],
)
def test_what_cannot_be_set_is_said_and_nothing_is_saved(
    window: Window, what: str, typed: dict[str, str], why: str
) -> None:
    path = window.path(NAME)
    before = window.desk.conversation(window.talks[NAME])
    page = window.pages.send(window.pages.get(path).form(f"{path}/{what}"), status=422, **typed)
    assert why in text_of(page.by_id(f"{what}-refused"))
    assert window.desk.conversation(window.talks[NAME]) == before


def test_filters_narrow_the_list_and_stand_in_its_address(window: Window) -> None:
    path = window.path(NAME)
    page = window.pages.send(window.pages.get(path).form(f"{path}/tags"), tags="a&b, минор")
    window.pages.send(page.form(f"{path}/danger"), level="2")
    assert names(window, "/hotline?show=all&tag=a%26b") == [NAME]
    assert names(window, "/hotline?show=all&danger=2") == [NAME]
    assert NAME not in names(window, "/hotline?show=all&danger=4")
    assert NAME in names(window, "/hotline?show=nobody")
    assert NAME not in names(window, "/hotline?show=mine&tag=a%26b")
    whole = names(window, "/hotline?show=all")
    assert names(window, "/hotline?show=all&tag=unknown&danger=99") == whole
    rows = window.pages.get("/hotline?show=all&tag=a%26b").by_id("rows")
    assert "tag=a%26b" in str(rows.get("data-hx-get"))


def test_whoever_fell_silent_stands_before_everything_until_somebody_acts(window: Window) -> None:
    talk, path = window.talks[NAME], window.path(NAME)
    window.desk.answer(talk, "Write at three.", next_contact=Instant(NIGHT + HOUR))
    assert "alarm-title" not in window.pages.get("/today").text
    window.desk.clock = FixedClock(NIGHT + HOUR)
    today = window.pages.get("/today")
    alarm = text_of(today.by_id("alarm"))
    assert "fallen silent" not in text_of(today.by_id("head"))
    assert alarm.startswith("1 person has fallen silent. Act now.")
    assert "First, who holds this conversation: you." in alarm
    assert "everyone on duty" not in alarm
    assert "1 person has fallen silent." in text_of(window.pages.get("/crew").by_id("head"))
    window.desk.clock = FixedClock(NIGHT + DAY)
    alarm = text_of(window.pages.get("/today").by_id("alarm"))
    assert "Then everyone on duty now: you." in alarm
    assert "And the stewards: Sana." in alarm
    form = window.pages.get(path).form(f"{path}/contact")
    window.pages.send(form, contact_in="1440", contact_reason="He wrote to Mira.")
    assert NAME not in names(window, "/hotline?show=silent")


def test_whose_message_we_left_without_an_answer_is_not_told_to_be_chased(window: Window) -> None:
    talk, path = window.talks["quiet orchard"], window.path("quiet orchard")
    window.desk.clock = FixedClock(NIGHT + 2 * DAY)
    alarm = text_of(window.pages.get("/today").by_id("alarm"))
    assert "A message of theirs has no answer yet, for 2 days. Answer it" in alarm
    assert f"{path}#next-word" in window.pages.get("/today").html
    window.desk.answer(talk, "Yes, this is us.", next_contact=Instant(NIGHT + 3 * DAY))
    assert "quiet orchard" not in text_of(window.pages.get("/today").by_id("alarm"))


def test_the_alarm_stands_above_all_that_waits_for_stewards(window: Window) -> None:
    window.desk.tracing.runs = Tracing(Instant(NIGHT), MIRA, "The server is full every noon.")
    window.desk.clock = FixedClock(NIGHT + 2 * DAY)
    text = window.pages.get("/today").text
    assert text.index("have fallen silent") < text.index("tell our devices apart")


def test_lost_contact_takes_two_and_the_alarm_goes_on_until_then(window: Window) -> None:
    talk, path = window.talks[NAME], window.path(NAME)
    window.desk.answer(talk, "Where are you?", next_contact=Instant(NIGHT + HOUR))
    window.desk.clock = FixedClock(NIGHT + HOUR)
    window.desk.by(MIRA).triage.lost(talk, "No answer by any way.")
    page = window.pages.get("/today")
    assert "A second person has to say so too." in text_of(page.by_id("alarm"))
    page = window.pages.send(window.pages.get(path).form(f"{path}/lost/second"))
    assert "contact lost" in text_of(page.by_id("place"))
    assert names(window, "/hotline?show=silent") == []
    assert names(window, "/hotline?show=closed") == [NAME]
    folded = window.desk.conversation(talk)
    assert folded is not None
    assert place_of(folded).state is State.LOST


def test_who_said_it_is_not_asked_to_say_it_again(window: Window) -> None:
    talk, path = window.talks[NAME], window.path(NAME)
    window.desk.answer(talk, "Where are you?")
    window.desk.triage.lost(talk, "gone")
    assert f"{path}/lost/second" not in window.pages.get(path).text


def test_a_conversation_is_closed_and_opened_by_a_new_time(window: Window) -> None:
    talk, path = window.talks[NAME], window.path(NAME)
    window.desk.answer(talk, "Go well.")
    page = window.pages.send(window.pages.get(path).form(f"{path}/close"), close_reason="arrived")
    assert "Closed by you" in text_of(page.by_id("place"))
    form = page.form(f"{path}/contact")
    page = window.pages.send(form, contact_in="60", contact_reason="she may return")
    assert "Closed by" not in text_of(page.by_id("place"))


def test_levels_and_lists_that_nobody_has_are_refused_or_passed_over(window: Window) -> None:
    path = window.path(NAME)
    form = window.pages.get(path).form(f"{path}/danger")
    window.pages.send(form, status=404, level="9")
    assert names(window, "/hotline?show=nonsense") == names(window, "/hotline?show=waiting")


def test_the_office_sees_its_table_of_times(window: Window) -> None:
    said = window.pages.get("/settings").text
    for level in ("Life in danger now", "In danger", "At risk", "Danger not judged yet"):
        assert level in said


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=3)), None])
def test_a_time_is_read_in_the_zone_of_who_typed_it(zone: timezone | None) -> None:
    at = Instant(NIGHT // 60_000 * 60_000)
    shown = datetime.fromtimestamp(at / 1_000, UTC).astimezone(zone)
    assert parse_moment(f"{shown:%Y-%m-%dT%H:%M}", zone) == at
    for text in ("", "now", "2026-13-01T00:00", "2026-11-20 08:30", "0001-01-01T00:00x"):
        assert parse_moment(text, zone) is None
