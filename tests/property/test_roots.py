# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cards used and made anew, in offices whose stewards do what they like (spec/crew.md 8)."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.rooms.crew import Role, Standing, Told, fold
from safeconduct.rooms.crew.recovery import root_of
from tests.kit.crews import OPERATOR, STEWARD, Crew

STEWARDS = 3
DEVICES = STEWARDS + 1
FEW = settings(max_examples=25)
SECRETS = [bytes([number]) * 32 for number in range(1, 4)]
who = st.integers(0, DEVICES - 1)


def roots(crew: Crew) -> list[LongSigningKey]:
    """The root of the founding, and those of all secrets that are used here."""
    return [crew.office.root, *(root_of(secret) for secret in SECRETS)]


def act(data: st.DataObject, crew: Crew) -> None:
    """Let somebody who has some cards, or a steward, do something."""
    by, one = crew.devices[data.draw(who)], crew.devices[data.draw(who)]
    root = roots(crew)[data.draw(st.integers(0, len(SECRETS)))]
    some = [told for told in crew.told if data.draw(st.booleans())]
    secret = data.draw(st.sampled_from(SECRETS))
    acts: list[Callable[[], object]] = [
        lambda: crew.split(by, secret, *some, root=root),
        lambda: crew.second(by, crew.told[-1]),
        lambda: crew.second(by, crew.told[-1], root=root),
        lambda: crew.use(by, crew.expel(by, crew.cut(one), root=root), root=root),
        lambda: crew.use(by, crew.grant(by, one, STEWARD, root=root), root=root),
        lambda: crew.suspend(by, crew.cut(one)),
        lambda: crew.second(by, data.draw(st.sampled_from(crew.told))),
    ]
    acts[data.draw(st.integers(0, len(acts) - 1))]()


@FEW
@given(st.data())
def test_any_order_of_the_same_facts_makes_one_root_and_one_roster(data: st.DataObject) -> None:
    crew = Crew(STEWARDS, 1)
    for _ in range(data.draw(st.integers(0, 8))):
        act(data, crew)
    some = data.draw(st.permutations(crew.told))
    some = some[: data.draw(st.integers(1, len(some)))]
    in_order = [told for told in crew.told if told in some]
    assert fold(crew.office.id, [*some, some[0]], crew.held) == fold(
        crew.office.id, in_order, crew.held
    )


@FEW
@given(st.data())
def test_replaced_cards_change_nothing_but_that_a_split_is_disputed(data: st.DataObject) -> None:
    crew = Crew(STEWARDS, 1)
    operator = crew.devices[-1]
    crew.second(crew.devices[0], crew.split(crew.devices[1], SECRETS[0]))
    before = crew.roster()
    for _ in range(data.draw(st.integers(1, 6))):
        one = crew.devices[data.draw(who)]
        made = data.draw(
            st.sampled_from(
                [
                    lambda one=one: crew.expel(operator, crew.cut(one), root=True),
                    lambda one=one: crew.grant(operator, one, STEWARD, root=True),
                ]
            )
        )()
        crew.use(operator, made)
        crew.second(operator, crew.told[-2], root=True)
    after = crew.roster()
    assert after.members == before.members
    assert after.removed == before.removed == {}
    assert after.cards == before.cards
    assert not after.uses


@FEW
@given(st.permutations(range(4)))
def test_whoever_uses_the_cards_makes_a_steward_and_removes_the_taken_one(
    order: list[int],
) -> None:
    crew = Crew(1, 2)
    founder, sana, _ = crew.devices
    removed = crew.expel(sana, crew.cut(founder), root=True)
    granted = crew.grant(sana, sana, STEWARD, root=True)
    assert crew.roster().present() == {device.id for device in crew.devices}
    used = crew.use(sana, removed, granted)
    roster = crew.roster()
    assert roster.standing(founder.id) is Standing.EXPELLED
    assert Role.STEWARD in roster.roles(sana.id)
    assert roster.uses == (used.id,)
    crew.second(sana, crew.split(sana, SECRETS[0], used))
    last = [crew.told[-4:][number] for number in order]
    after = fold(crew.office.id, [*crew.told[:-4], *last], crew.held)
    assert after.cards.root_key == root_of(SECRETS[0]).public.raw
    assert after.uses == (used.id,)
    assert after.removed == roster.removed
    assert after.roles(sana.id) == roster.roles(sana.id)


def disputed(crew: Crew) -> tuple[Told, Told]:
    """Two splits of one root, each seconded by a steward."""
    one, other, _, _ = crew.devices
    splits = crew.split(one, SECRETS[0]), crew.split(other, SECRETS[1])
    for by, told in zip((one, other), splits, strict=True):
        crew.second(by, told)
    return splits


def test_two_splits_that_are_both_seconded_count_neither_until_two_stewards_chose() -> None:
    crew = Crew(STEWARDS, 1)
    one, _, third, operator = crew.devices
    splits = disputed(crew)
    roster = crew.roster()
    assert roster.cards.root_key == roster.cards.recovery_key == b""
    assert roster.cards.rivals == tuple(sorted(told.id for told in splits))
    seconds = {fact: asked.seconds for fact, asked in roster.pending.items()}
    assert seconds == {splits[0].id: (one.id,), splits[1].id: (splits[1].device,)}
    crew.use(operator, crew.expel(operator, crew.cut(one), root=True))
    assert not crew.roster().removed
    crew.second(operator, splits[1])
    assert crew.roster().cards.rivals
    crew.second(third, splits[1])
    assert crew.roster().cards.root_key == root_of(SECRETS[1]).public.raw
    assert not crew.roster().pending
    crew.second(third, splits[0])
    assert crew.roster().cards.rivals


def test_a_made_up_use_of_old_cards_takes_nothing_over() -> None:
    crew = Crew(STEWARDS, 1)
    one, _, third, operator = crew.devices
    ours = crew.split(one, SECRETS[0])
    crew.second(one, ours)
    before = crew.roster()
    granted = crew.grant(operator, operator, STEWARD, root=True)
    removed = crew.expel(operator, crew.cut(one, len(one.commits) - 2), root=True)
    used = crew.use(operator, granted, removed)
    crew.second(operator, crew.split(operator, SECRETS[1], used))
    after = crew.roster()
    assert after.cards.rivals
    assert not after.removed
    assert after.members == before.members
    crew.second(third, ours)
    assert crew.roster().cards.root_key == before.cards.root_key
    assert not crew.roster().removed


def test_the_split_of_a_steward_who_was_cut_off_before_disputes_nothing() -> None:
    crew = Crew(STEWARDS, 1)
    one, other, *_ = crew.devices
    cut = crew.cut(other)
    disputed(crew)
    crew.suspend(one, cut)
    assert crew.roster().cards.root_key == root_of(SECRETS[0]).public.raw


def test_a_copy_of_a_split_makes_no_second_one() -> None:
    crew = Crew(STEWARDS, 1)
    one, other, _, operator = crew.devices
    told = crew.split(one, SECRETS[0])
    crew.second(other, told)
    copy = Told(crew.told[-1].commit, operator.id, told.kind, told.body, sequence=1, index=9)
    crew.told.append(copy)
    crew.second(one, copy)
    assert crew.roster().cards.root_key == root_of(SECRETS[0]).public.raw


def test_each_split_follows_the_one_before() -> None:
    crew = Crew(STEWARDS, 1)
    one, other, *_ = crew.devices
    crew.second(other, crew.split(one, SECRETS[0]))
    crew.second(other, crew.split(one, SECRETS[1], root=root_of(SECRETS[0])))
    assert crew.roster().cards.root_key == root_of(SECRETS[1]).public.raw
    crew.second(other, crew.split(one, SECRETS[0], root=root_of(SECRETS[1])))
    assert crew.roster().cards.root_key == root_of(SECRETS[1]).public.raw
    assert set(crew.roster().quarantined.values()) == {"not_seconded"}


def test_the_root_that_stands_is_the_second_where_one_steward_is_left() -> None:
    crew = Crew(2, 1)
    one, other, operator = crew.devices
    crew.second(other, crew.split(one, SECRETS[0]))
    told = crew.grant(one, operator, (*OPERATOR, "legal"))
    crew.second(operator, told, root=True)
    assert crew.roster().roles(operator.id) == {Role.OPERATOR}
    crew.second(operator, told, root=root_of(SECRETS[0]))
    assert crew.roster().roles(operator.id) == {Role.OPERATOR, Role.LEGAL}


def test_what_no_use_names_counts_for_nothing() -> None:
    crew = Crew(STEWARDS, 1)
    told = crew.expel(crew.devices[-1], crew.cut(crew.devices[0]), root=True)
    roster = crew.roster()
    assert not roster.removed
    assert roster.quarantined == {told.id: "root_replaced"}
