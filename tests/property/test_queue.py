# SPDX-License-Identifier: AGPL-3.0-or-later
"""The order of the queue: total, stable, more danger never lower, and rows say the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.edges.desk.projections import Lists
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.words import ConversationId, DeviceId, Instant, MessageId
from safeconduct.rooms.hotline import Answer, Claim, Conversation, Message
from safeconduct.rooms.hotline.queue import LATEST_DUE, Place, hidden, order_key, place_of, silent
from safeconduct.rooms.hotline.reasons import reasons
from safeconduct.rooms.hotline.triage import Danger, Set, Triage
from tests.kit.clocks import NOON as START

NOON = Instant(START)
OWN = DeviceId(b"1" * 16)
NOW = Instant(NOON + 5)
TIMES = st.integers(NOON, NOON + 9).map(Instant)
MAYBE = st.none() | TIMES | st.just(Instant(NOW + LATEST_DUE + 1))
PLACES = st.builds(
    Place,
    danger=st.sampled_from(Danger),
    says_danger=st.booleans(),
    deadline=MAYBE,
    due=MAYBE,
    snoozed_until=MAYBE,
)
NAMES = st.binary(min_size=16, max_size=16)


def put(to: Instant | None) -> Set | None:
    """Something that was set to a time."""
    return None if to is None else Set(to, "why", OWN, NOON)


@st.composite
def talks(draw: st.DrawFn) -> Conversation:
    """A conversation with every kind of place."""
    said = Message(MessageId(bytes(32)), draw(TIMES), "en", "text", (), "page", ())
    answers = [(said.id,)] if draw(st.booleans()) else []
    held = [Claim(b"f" * 36, OWN, NOON, "")] if draw(st.booleans()) else []  # type: ignore[arg-type]
    return Conversation(
        *(ConversationId(draw(NAMES)), "quiet river", (), b"v" * 32, "en", (said,)),
        tuple(Answer(bytes(16), draw(TIMES), OWN, "a", (), NOON, True, one) for one in answers),
        *((), tuple(held), ()),
        Triage(
            danger=draw(st.sampled_from(Danger)),
            in_danger=(said.id,) if draw(st.booleans()) else (),
            deadline=put(draw(MAYBE)),
            tags=tuple(sorted(draw(st.sets(st.sampled_from(["minor", "passport"]))))),
            snooze=put(draw(MAYBE)),
            contact=put(draw(MAYBE)),
            closed=put(draw(st.sampled_from([None, None, NOON]))) if answers else None,
        ),
    )


@given(PLACES, MAYBE, NAMES, PLACES, MAYBE, NAMES)
def test_no_two_conversations_stand_at_one_place(
    one: Place,
    waits: Instant | None,
    name: bytes,
    other: Place,
    others: Instant | None,
    another: bytes,
) -> None:
    same = order_key(one, waits, name, NOW) == order_key(other, others, another, NOW)
    assert same <= (name == another)


@given(PLACES, MAYBE, NAMES)
def test_more_danger_is_never_lower(place: Place, waits: Instant | None, name: bytes) -> None:
    keys = [order_key(replace(place, danger=d), waits, name, NOW) for d in sorted(Danger)]
    assert keys == sorted(keys, reverse=True)


@given(PLACES, NAMES)
def test_an_earlier_deadline_and_a_longer_wait_are_never_lower(place: Place, name: bytes) -> None:
    early = replace(place, deadline=NOON)
    assert order_key(early, NOW, name, NOW) <= order_key(place, NOW, name, NOW)
    assert order_key(place, NOON, name, NOW) <= order_key(place, NOW, name, NOW)


@given(PLACES)
def test_each_place_has_its_reasons(place: Place) -> None:
    said = reasons(place, NOW)
    assert len({one.why for one in said}) == len(said) >= 1
    assert all(isinstance(number, int) for number in order_key(place, None, b"", NOW))


@contextmanager
def lists(conversations: list[Conversation]) -> Iterator[Lists]:
    """Rows of these conversations in a store."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder), bytes(32))
        shelf = Lists(store, "en", lambda: NOW)
        shelf.put_many(conversations)
        yield shelf
        store.close()


@given(st.lists(talks(), max_size=8, unique_by=lambda talk: talk.id))
def test_rows_stand_in_the_order_that_the_room_says(conversations: list[Conversation]) -> None:
    place = {talk.id: place_of(talk) for talk in conversations}

    def key(talk: Conversation) -> tuple[int, ...]:
        return order_key(place[talk.id], talk.waiting_since, talk.id, NOW)

    shown = [t for t in conversations if t.waiting and not hidden(place[t.id], NOW)]
    mine = [talk for talk in conversations if talk.claims]
    gone = [talk for talk in conversations if silent(place[talk.id], NOW)]
    with lists(conversations) as shelf:
        for show, expected in (("waiting", shown), ("mine", mine)):
            wanted = [talk.id for talk in sorted(expected, key=key)]
            rows, total = shelf.page(show, OWN, start=0, most=9)
            assert [row.conversation for row in rows] == wanted
            assert total == len(wanted)
            for start in range(len(wanted) + 1):
                part, _ = shelf.page(show, OWN, start=start, most=2)
                assert [row.conversation for row in part] == wanted[start : start + 2]
        rows, total = shelf.page("silent", OWN, start=0, most=9)
        assert {row.conversation for row in rows} == {talk.id for talk in gone}
        assert total == len(gone)
        assert [-row.place.danger for row in rows] == sorted(-row.place.danger for row in rows)
        assert {row.conversation: row.place for row in shelf.all()} == place
