# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stewards who remove, second, grant and bring back at random (spec/crew.md 2)."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.crew import Role, Roster, Standing, Told, fold, parse_card
from safeconduct.rooms.crew.asking_facts import TakenBack
from safeconduct.rooms.crew.claims import given_by
from safeconduct.rooms.crew.events import (
    SIGNED,
    Cut,
    DeviceAdmitted,
    RoleGranted,
    Seconded,
    parse_fact,
)
from tests.kit.builders import Device, build_device
from tests.kit.crews import OPERATOR, STEWARD, Crew

STEWARDS = 4
DEVICES = STEWARDS + 1
FEW = settings(max_examples=25)
who, steward = st.integers(0, DEVICES - 1), st.integers(0, STEWARDS - 1)
roles = st.sampled_from([(), OPERATOR, STEWARD, ("legal", "operator", "steward")])


def back(crew: Crew, device: Device, steps: int) -> Cut:
    """A cut some commits before a device's newest."""
    return crew.cut(device, max(0, len(device.commits) - steps))


def act(data: st.DataObject, crew: Crew, by: Device) -> None:
    """Let a device do something that may change the roster."""
    one = crew.devices[data.draw(who)]
    steps = data.draw(st.integers(0, 3))
    earlier = crew.told[data.draw(st.integers(0, len(crew.told) - 1))]
    acts: list[Callable[[], object]] = [
        lambda: crew.suspend(by, back(crew, one, steps)),
        lambda: crew.expel(by, back(crew, one, steps), back(crew, crew.devices[0], steps)),
        lambda: crew.second(by, earlier),
        lambda: crew.second(by, crew.told[-1]),
        lambda: crew.readmit(by, crew.cut(one), *removals(crew)),
        lambda: crew.grant(by, one, data.draw(roles)),
        lambda: crew.admit(by, one, data.draw(roles)),
        lambda: crew.adopt(by, earlier.commit, 0),
        lambda: crew.take_back(by, earlier),
        lambda: crew.works(by),
    ]
    acts[data.draw(st.integers(0, len(acts) - 1))]()


def removals(crew: Crew) -> list[Told]:
    """Every removal so far."""
    kinds = ("crew.DeviceSuspended", "crew.DeviceExpelled")
    return [told for told in crew.told if told.kind in kinds]


def story(data: st.DataObject, most: int) -> Crew:
    """An office with stewards who do what they like."""
    crew = Crew(STEWARDS, 1)
    for _ in range(data.draw(st.integers(0, most))):
        act(data, crew, crew.devices[data.draw(steward)])
    return crew


@FEW
@given(st.data())
def test_any_order_of_the_same_facts_makes_one_roster(data: st.DataObject) -> None:
    crew = story(data, 12)
    some = data.draw(st.permutations(crew.told))[: data.draw(st.integers(1, len(crew.told)))]
    in_order = [told for told in crew.told if told in some]
    assert fold(crew.office.id, [*some, some[0]], crew.held) == fold(
        crew.office.id, in_order, crew.held
    )


@FEW
@given(st.data())
def test_take_backs_change_what_waits_and_nothing_else(data: st.DataObject) -> None:
    crew = story(data, 12)
    for told in data.draw(st.lists(st.sampled_from(crew.told), max_size=4)):
        crew.take_back(crew.devices[data.draw(who)], told)
    without = [told for told in crew.told if told.kind != "crew.TakenBack"]
    before, after = fold(crew.office.id, without, crew.held), crew.roster()
    assert after == fold(crew.office.id, data.draw(st.permutations(crew.told)), crew.held)
    assert rights(after) == rights(before)
    assert after.pending.items() <= before.pending.items()
    assert before.pending.keys() - after.pending.keys() <= own_take_backs(crew)


def rights(roster: Roster) -> Roster:
    """A roster without what waits and without the lists of what was told."""
    return replace(roster, pending={}, quarantined={}, taken=(), refused=())


def own_take_backs(crew: Crew) -> set[bytes]:
    """Which facts who signed them took back."""
    signers = {told.id: told.device for told in crew.told}
    found = set()
    for told in crew.told:
        if told.kind == "crew.TakenBack":
            fact = parse_fact(told.kind, SIGNED.decode(told.body))
            assert isinstance(fact, TakenBack)
            if signers[FactId(fact.fact)] == told.device:
                found.add(fact.fact)
    return found


def against(roster: Roster, crew: Crew, device: DeviceId, *, deep: bool) -> set[DeviceId]:
    """Who removed a device, who removed those, and so on; when deep, who made them stewards too."""
    signers = {told.id: told.device for told in crew.told}
    found: set[DeviceId] = set()
    todo = [device]
    while todo:
        one = todo.pop()
        removed = roster.removed.get(one)
        fresh = {signers[fact] for fact in removed.removals} if removed else set()
        if deep and one != device:
            fresh |= makers(crew, one)
        todo += fresh - found
        found |= fresh
    return found


def makers(crew: Crew, device: DeviceId) -> set[DeviceId]:
    """Who signed or seconded what may have made a device a steward."""
    made: dict[bytes, DeviceId] = {}
    for told in crew.told:
        if told.kind not in {"crew.DeviceAdmitted", "crew.RoleGranted", "crew.Seconded"}:
            continue
        match parse_fact(told.kind, SIGNED.decode(told.body)):
            case DeviceAdmitted(card=card):
                named = parse_card(card).id == device
            case RoleGranted(device=named_device):
                named = named_device == device
            case Seconded(fact=fact):
                named = fact in made
        if named:
            made[told.id] = told.device
    return set(made.values())


@FEW
@given(st.data(), st.booleans())
def test_who_was_removed_pulls_down_those_who_removed_them_and_nobody_else(
    data: st.DataObject,
    deep: bool,
) -> None:
    crew = story(data, 4)
    taken, remover = (crew.devices[n] for n in data.draw(st.permutations(range(STEWARDS)))[:2])
    cuts = [crew.cut(device) for device in crew.devices]
    cut = crew.cut(taken)
    crew.suspend(remover, cut)
    late = set()
    for _ in range(data.draw(st.integers(1, 3))):
        targets = data.draw(st.lists(who, min_size=1, max_size=DEVICES, unique=True))
        steps = data.draw(st.integers(0, 3)) if deep else 0
        some = [back(crew, crew.devices[n], steps) if deep else cuts[n] for n in targets]
        late.add(crew.suspend(taken, *some).id)
    roster = crew.roster()
    if not roster.cuts_off(taken.id, cut.sequence + 1):
        return  # The removal itself fell: somebody had cut off its signer before.
    allowed = against(roster, crew, taken.id, deep=deep)
    pulled = {device for device, why in roster.removed.items() if late & set(why.removals)}
    assert pulled <= allowed | {taken.id}


@FEW
@given(st.data())
def test_two_stewards_who_revoke_each_other_both_hold_as_suspended(data: st.DataObject) -> None:
    crew = Crew(STEWARDS, 1)
    one, other = (crew.devices[n] for n in data.draw(st.permutations(range(STEWARDS)))[:2])
    cuts = crew.cut(one), crew.cut(other)
    for by, cut in ((one, cuts[1]), (other, cuts[0])):
        told = data.draw(st.sampled_from([crew.suspend, crew.expel]))(by, cut)
        if data.draw(st.booleans()):
            crew.second(crew.devices[data.draw(steward)], told)
    roster = fold(crew.office.id, data.draw(st.permutations(crew.told)), crew.held)
    suspended = {device for device, why in roster.removed.items()}
    assert suspended == {one.id, other.id}
    assert {why.standing for why in roster.removed.values()} == {Standing.SUSPENDED}


@FEW
@given(st.data())
def test_revoked_device_that_writes_from_the_past_changes_nothing(data: st.DataObject) -> None:
    crew = Crew(STEWARDS, 1)
    taken, remover = crew.devices[1], crew.devices[0]
    crew.suspend(remover, crew.cut(taken))
    before, known = crew.roster(), len(crew.told)
    for _ in range(data.draw(st.integers(1, 4))):
        crew.office.clock.move(data.draw(st.integers(-(10**12), 10**12)))
        kind = data.draw(st.sampled_from(["admit", "grant", "second", "adopt"]))
        one = crew.devices[data.draw(who)]
        if kind == "admit":
            crew.admit(taken, one, STEWARD)
        elif kind == "grant":
            crew.grant(taken, one, STEWARD)
        elif kind == "second":
            crew.second(taken, crew.told[-1])
        else:
            crew.adopt(taken, crew.told[-1].commit, 0)
    after = crew.roster()
    assert after.members == before.members
    assert after.adopted == before.adopted == frozenset()
    assert {after.quarantined[told.id] for told in crew.told[known:]} == {"beyond_cut"}
    assert all(after.cuts_off(told.device, told.sequence) for told in crew.told[known:])


def admitted_as(crew: Crew, device: DeviceId) -> set[Role]:
    """The roles that one steward gives by admitting a device: any but steward."""
    given: set[Role] = set()
    for told in crew.told:
        match parse_fact(told.kind, SIGNED.decode(told.body)):
            case DeviceAdmitted(card=card) as fact if parse_card(card).id == device:
                given |= given_by(fact)
    return given - {Role.STEWARD}


@FEW
@given(st.data())
def test_one_of_several_stewards_expels_nobody_and_makes_no_steward_alone(
    data: st.DataObject,
) -> None:
    crew = Crew(STEWARDS, 1)
    lone = crew.devices[data.draw(steward)]
    before = crew.roster()
    puppet = build_device(crew.office.id, "puppet", crew.office.rng)
    crew.admit(lone, puppet, STEWARD)
    crew.devices.append(puppet)
    for _ in range(data.draw(st.integers(1, 8))):
        act(data, crew, data.draw(st.sampled_from([lone, puppet])))
    roster = crew.roster()
    assert Role.STEWARD not in roster.roles(puppet.id)
    assert Standing.EXPELLED not in {why.standing for why in roster.removed.values()}
    for device, member in before.members.items():
        assert roster.roles(device) <= member.roles | admitted_as(crew, device)
        assert not roster.removed.get(device) or not roster.roles(device)
    assert roster.stewards <= before.stewards


@FEW
@given(st.data())
def test_founder_alone_suffices_until_there_are_two_stewards(data: st.DataObject) -> None:
    crew = Crew(1, DEVICES - 1)
    founder = crew.devices[0]
    for number in data.draw(st.permutations(range(1, DEVICES))):
        one = crew.devices[number]
        if data.draw(st.booleans()):
            crew.expel(founder, crew.cut(one))
            assert crew.roster().standing(one.id) is Standing.EXPELLED
        else:
            crew.grant(founder, one, ("legal",))
            assert crew.roster().roles(one.id) == {Role.LEGAL}
    assert not crew.roster().quarantined
