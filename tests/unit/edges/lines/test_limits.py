# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much of one contact goes at once (docs/spec/lines.md 6)."""

from safeconduct.edges.lines.limits import AT_ONCE, WINDOW_SECONDS, Limits


def test_thirty_messages_in_ten_minutes_go_at_once_and_of_another_contact_too() -> None:
    limits = Limits()
    assert [limits.allows(b"a", each) for each in range(AT_ONCE + 1)] == [True] * AT_ONCE + [False]
    assert limits.allows(b"b", 1.0)
    assert limits.allows(b"a", WINDOW_SECONDS + 0.5)


def test_what_did_not_go_counts_for_nothing() -> None:
    limits = Limits()
    for _ in range(2 * AT_ONCE):
        assert limits.allows(b"a", 0.0)
        limits.take_back(b"a")
    limits.take_back(b"nobody")
    assert [limits.allows(b"a", 1.0) for _ in range(AT_ONCE + 1)] == [True] * AT_ONCE + [False]


def test_nothing_is_kept_of_who_has_not_written_for_a_while() -> None:
    limits = Limits()
    limits.allows(b"a", 0.0)
    limits.forget(WINDOW_SECONDS)
    assert not limits._times
