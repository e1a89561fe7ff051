# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `safeconduct why` says: of what bars a party, who would pay, and what would help most.

For coordinators only: these sentences tell who is a relative of whom, and who sleeps where.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from safeconduct.programs.wording import N_, say
from safeconduct.rooms.passage.operations.operation import Operation
from safeconduct.rooms.passage.operations.rules import Broken
from safeconduct.rooms.passage.why.audit import Alone, Chance, Why
from safeconduct.rooms.passage.why.forced import Forced
from safeconduct.rooms.passage.why.helpful import Help
from safeconduct.rooms.passage.why.more import Kind, More
from safeconduct.rooms.passage.why.obstacles import Mark, Obstacle

OWN: Final[Mapping[Obstacle, str]] = {
    Obstacle.READY: N_("it leaves before the party is ready (day {ready})"),
    Obstacle.REACH: N_("the party's pursuers reach the town"),
    Obstacle.ESCORT: N_("nobody escorts there, and the party may not travel alone"),
    Obstacle.SEATS: N_("the escort's car has no seats for {size}"),
    Obstacle.KNOWLEDGE: N_("nobody may be made known to the escort"),
    Obstacle.MET_ESCORT: N_("the escort has met somebody of network {network}"),
    Obstacle.PLACES: N_("that departure may not carry {size} of ours together"),
    Obstacle.HOUSE: N_(
        "no house there takes a party of {size} with need {need} (0 any, 1 families or women, "
        "2 medical)"
    ),
    Obstacle.MET_HOST: N_("the host has met somebody of network {network}"),
    Obstacle.BEDS: N_("the house has no beds for {size} on some night"),
    Obstacle.PAPERS: N_("no country takes people with its papers by the day on which the beds end"),
    Obstacle.QUOTA: N_("the country has no places for {size} in that week"),
    Obstacle.CEILING: N_("the whole journey is more exposed than the ceiling allows"),
}
"""What the operation itself lacks.  Only journeys of others make an escort drive elsewhere."""
TAKEN: Final[Mapping[Obstacle, str]] = {
    Obstacle.SEATS: N_("others have the seats"),
    Obstacle.DRIVING: N_("the escort drives others elsewhere at that time"),
    Obstacle.KNOWLEDGE: N_("the escort is told of as many parties as may be"),
    Obstacle.MET_ESCORT: N_("the escort meets another party of network {network}"),
    Obstacle.PLACES: N_("as many others of ours as may be are on that departure"),
    Obstacle.MET_HOST: N_("the host meets another party of network {network}"),
    Obstacle.BEDS: N_("others have the beds"),
    Obstacle.QUOTA: N_("others have the places abroad in that week"),
}
"""What only others' journeys in the plan bar."""
WOULD_DO: Final[Mapping[Obstacle, str]] = {
    Obstacle.READY: N_("to be ready by day {out}"),
    Obstacle.REACH: N_("pursuers who do not reach town {town}"),
    Obstacle.ESCORT: N_("an escort from zone {zone} to town {town} on day {out}"),
    Obstacle.SEATS: N_("seats for {size} with escort {escort} on day {out}"),
    Obstacle.DRIVING: N_("a second escort who drives as escort {escort} would on day {out}"),
    Obstacle.KNOWLEDGE: N_("one party more of which escort {escort} may be told"),
    Obstacle.MET_ESCORT: N_(
        "an escort to town {town} on day {out} who meets nobody else of network {network}"
    ),
    Obstacle.PLACES: N_("places for {size} together on departure {departure} (day {out})"),
    Obstacle.HOUSE: N_(
        "a house in town {town} for a party of {size} with need {need} (0 any, 1 families or "
        "women, 2 medical)"
    ),
    Obstacle.MET_HOST: N_("a host in town {town} who meets nobody else of network {network}"),
    Obstacle.BEDS: N_("beds for {size} in house {house} from day {arrive} to day {leave}"),
    Obstacle.PAPERS: N_("papers that country {country} takes by day {leave}"),
    Obstacle.QUOTA: N_("places for {size} in country {country} in the week of day {leave}"),
    Obstacle.CEILING: N_("a less exposed way to town {town}, or a higher ceiling"),
}
"""What would be enough, of one journey."""
MORE: Final[Mapping[Kind, str]] = {
    Kind.BED: N_("one more bed in house {row}"),
    Kind.SEAT: N_("one more seat with escort {row}"),
    Kind.PLACE: N_("one more place on departure {row}"),
    Kind.QUOTA: N_("one more place for country {row} in week {week}"),
    Kind.KNOWLEDGE: N_("one more party of which escort {row} may be told"),
    Kind.ESCORT: N_("one more escort who drives as escort {row} does"),
    Kind.COMPANION: N_("somebody who goes along by way {row}, with four people at most"),
}


def broken(one: Broken) -> str:
    """Return which rule a plan breaks and where."""
    place = f"{one.table}[{one.row}]"
    if one.limit is None:
        said = N_("{place}: the plan breaks the rule “{rule}”")
    else:
        said = N_("{place}: the plan breaks the rule “{rule}” ({found}, and {limit} is the most)")
    return say(said, place=place, rule=one.rule, found=one.found, limit=one.limit)


def why(operation: Operation, told: Why) -> Iterator[str]:
    """Yield what bars a party from leaving by a day."""
    about = _about(operation, told)
    yield _asked(told, about)
    yield say(
        N_("Ways that leave zone {zone} by day {by}: {ways}; not barred by anything: {free}."),
        **about,
    )
    for one in told.barred:
        for count, words in ((one.own, OWN), (one.taken, TAKEN)):
            if count:
                yield f"{count:>7}  {say(words[one.obstacle], **about)}"
    if told.chance:
        said = N_("Nothing bars it from going: for instance by way {way} on day {out}.")
        yield say(said, **(about | told.chance._asdict()))
    elif told.alone:
        yield say(N_("One of these alone would be enough:"))
        yield from (f"  - {_enough(operation, one, about)}" for one in told.alone)
    elif told.together:
        yield say(N_("No single thing is enough.  On the way on which least is lacking stand:"))
        yield from (f"  - {mark(one, about)}" for one in told.together)
    yield from _beyond(told, about)


def mark(one: Mark, about: Mapping[str, object]) -> str:
    """Return an obstacle."""
    return say((TAKEN if one.taken else OWN)[one.obstacle], **about)


def _about(operation: Operation, told: Why) -> dict[str, object]:
    parties = operation.parties
    names = ("size", "weight", "zone", "ready", "deadline", "need", "network")
    about = {name: getattr(parties, name)[told.party] for name in names}
    return about | told._asdict()


def _asked(told: Why, about: Mapping[str, object]) -> str:
    if told.planned is None:
        said = N_(
            "Party {party} (size {size}, risk {weight}, to leave by day {deadline}) is not in "
            "the plan."
        )
    else:
        said = N_(
            "Party {party} (size {size}, risk {weight}, to leave by day {deadline}) leaves on "
            "day {planned} in the plan."
        )
    return say(said, **about)


def _enough(operation: Operation, one: Alone, about: Mapping[str, object]) -> str:
    """Return what would be enough, and who has it now."""
    what = say(WOULD_DO[one.obstacle], **{**about, **_of_chance(operation, one.chance)})
    if not one.taken:
        return what
    return say(
        N_("{what} (parties {parties} have that now)"), what=what, parties=_list(one.holders)
    )


def _of_chance(operation: Operation, chance: Chance) -> dict[str, object]:
    ways, run = operation.ways, operation.ways.run[chance.way]
    return chance._asdict() | {
        "town": ways.town[chance.way],
        "arrive": ways.arrive[chance.way],
        "departure": ways.departure[chance.way],
        "escort": None if run is None else operation.runs.escort[run],
    }


def _beyond(told: Why, about: Mapping[str, object]) -> Iterator[str]:
    """Yield whether the others are to blame, and when it could go as things stand."""
    if told.hard:
        yield say(
            N_(
                "This lies in the operation, not in the plan: it could not leave by day {by} even "
                "if nobody else went."
            ),
            **about,
        )
    if told.later is not None and not told.free:
        yield say(N_("As the plan is, nothing bars it on day {later}."), **about)
    elif not told.free:
        yield say(N_("As the plan is, something bars it on every later day too."))


def forced(operation: Operation, told: Forced) -> Iterator[str]:
    """Yield who would pay if it had to leave."""
    way = told.journey.way
    yield say(
        N_("If it had to: by way {way} on day {out} to house {house}."),
        way=way,
        out=operation.ways.out[way],
        house=told.journey.house,
    )
    yield say(
        N_("Missed by risk: {before} now, {after} then.  Other journeys that change: {changed}."),
        before=told.before.weighted_misses,
        after=told.after.weighted_misses,
        changed=len(told.changed),
    )
    if told.changed:
        changed = _list(one.party for one in told.changed)
        yield say(N_("They are those of parties {parties}."), parties=changed)
    if told.pay:
        yield say(N_("Who would then leave too late or not at all:"))
        yield from (f"  - {_party(operation, party)}" for party in told.pay)
    else:
        yield say(N_("Nobody else would be too late or left behind for it."))
    if told.gain:
        yield say(N_("Who would then no longer be too late or left behind:"))
        yield from (f"  - {_party(operation, party)}" for party in told.gain)
    yield say(
        N_(
            "Nothing was changed.  This is one plan that was found, and another may cost less; "
            "who goes before whom is for people to decide."
        )
    )


def not_forced() -> str:
    """Return that no plan was found."""
    return say(N_("No plan was found in which it leaves by then.  That proves nothing."))


def helps(tried: Sequence[Help]) -> Iterator[str]:
    """Yield what one more of something would save."""
    good = [one for one in tried if one.saves > 0]
    if not good:
        yield say(
            N_("Of {tried} things of which one more was tried, none saves anybody by itself."),
            tried=len(tried),
        )
        return
    yield say(N_("What would help most; each was tried in a plan of its own, and saves so much:"))
    for one in good:
        yield say(
            N_("  - {what}: {saves} fewer missed by risk (parties {parties})"),
            what=more(one.more),
            saves=one.saves,
            parties=_list(one.parties),
        )
    yield say(
        N_("Tried: {tried}.  Each saves at least so much; together they may not."), tried=len(tried)
    )


def more(one: More) -> str:
    """Return one more of what."""
    return say(MORE[one.kind], row=one.row, week=one.week)


def _party(operation: Operation, party: int) -> str:
    parties = operation.parties
    return say(
        N_("party {party} (size {size}, risk {weight}, to leave by day {deadline})"),
        party=party,
        size=parties.size[party],
        weight=parties.weight[party],
        deadline=parties.deadline[party],
    )


def _list(parties: Iterable[int]) -> str:
    return ", ".join(str(party) for party in parties)
