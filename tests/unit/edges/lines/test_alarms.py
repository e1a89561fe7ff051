# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a line says of itself, and how often (docs/spec/lines.md 6)."""

from safeconduct.edges.lines.alarms import AGAIN_SECONDS, QUIET_SECONDS, Alarms


def test_a_quiet_channel_is_told_after_ten_minutes_and_again_every_hour() -> None:
    alarms = Alarms(0.0)
    assert alarms.due(QUIET_SECONDS - 1) == []
    assert alarms.due(QUIET_SECONDS) == ["quiet"]
    alarms.said("quiet", QUIET_SECONDS)
    assert alarms.due(QUIET_SECONDS + AGAIN_SECONDS - 1) == []
    assert alarms.due(QUIET_SECONDS + AGAIN_SECONDS) == ["quiet"]
    alarms.heard(QUIET_SECONDS + AGAIN_SECONDS)
    assert alarms.due(QUIET_SECONDS + AGAIN_SECONDS + 1) == []


def test_what_lasts_is_said_again_and_a_restart_once() -> None:
    alarms = Alarms(0.0)
    alarms.begins("outdated")
    alarms.begins("restarted")
    assert alarms.due(1.0) == ["outdated", "restarted"]
    for alarm in alarms.due(1.0):
        alarms.said(alarm, 1.0)
    alarms.heard(AGAIN_SECONDS)
    assert alarms.due(AGAIN_SECONDS + 1.0) == ["outdated"]


def test_a_client_that_was_renewed_is_told_of_no_more_and_again_if_it_grows_old() -> None:
    alarms = Alarms(0.0)
    alarms.begins("outdated")
    alarms.said("outdated", 1.0)
    alarms.ends("outdated")
    alarms.heard(AGAIN_SECONDS)
    assert alarms.due(AGAIN_SECONDS + 1.0) == []
    alarms.begins("outdated")
    assert alarms.due(AGAIN_SECONDS + 2.0) == ["outdated"]


def test_a_refusal_is_said_though_the_server_is_heard_and_again_where_it_lasts() -> None:
    alarms = Alarms(0.0)
    alarms.begins("refused")
    alarms.heard(1.0)
    assert alarms.due(1.0) == ["refused"]
    alarms.said("refused", 1.0)
    alarms.begins("refused")
    assert alarms.due(2.0) == []
    alarms.heard(AGAIN_SECONDS)
    assert alarms.due(AGAIN_SECONDS + 1.0) == ["refused"]
