# SPDX-License-Identifier: AGPL-3.0-or-later
"""A slip says nothing of any other sheet, and its facts say nothing of what stands on it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import msgspec
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.edges.desk import slip_texts
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.rooms.passage import Network, write_fact
from safeconduct.rooms.passage.errand.errands import candidates, errand
from safeconduct.rooms.passage.errand.slip import Carry, Destroy, TypedSlip, make_slip
from safeconduct.rooms.passage.errand.slips import SlipState, fold_slips
from safeconduct.rooms.passage.kinds import NETWORK
from safeconduct.rooms.passage.slip_facts import SlipFrozen, SlipHanded, SlipHeard
from tests.kit.errand_night import NOW, SAID, id_of, network_of, told_of
from tests.unit.rooms.passage.errand.test_slips import CAME, made, name, sealed, told

MARKERS = {
    text: sheet
    for sheet, (_, values) in SAID.items()
    for text in values.values()
    if text.startswith("Marker-")
}
TOLD = {
    ("ride", "driver", True): {"mill", "quay"},
    ("ride", "driver", False): {"mill"},
    ("stay", "host", True): set(),
    ("stay", "driver", True): {"house"},
    ("stay", "other", False): {"house"},
}
"""From which sheets a text may stand on the slip of a row for somebody."""
ORDINARY = {"river", "send"}
"""The slip's own code word, and what its fixed sentences say that a sheet happens to be called."""
lines = some.text(alphabet="abc 0123456789", max_size=40)


@given(
    some.sampled_from(sorted(TOLD)),
    some.sampled_from(sorted(LANGUAGES)),
    some.frozensets(some.sampled_from([one.value for one in Carry])),
    lines,
    some.sampled_from(list(Destroy)),
)
def test_a_slip_has_no_text_of_any_sheet_but_where_its_own_row_is(
    of: tuple[str, str, bool], language: str, carry: frozenset[str], note: str, destroy: Destroy
) -> None:
    row, who, ends = of
    network = network_of(told_of())
    sheet = network.sheet(id_of(row), "ride", "stay")
    assert sheet is not None
    found = errand(network, sheet, id_of(who), NOW)
    typed = TypedSlip("21:30", carry, note, "555 0101", "", destroy.value, ends)
    slip = make_slip(found.row, typed, "river")
    said = [
        slip_texts.text_of(slip, language),
        " ".join(slip_texts.spoken(slip, language)),
    ]
    for text in said:
        assert {MARKERS[one] for one in MARKERS if one in text} == TOLD[of]
    assert not _ids_and_code_names(network, " ".join(said))


def _ids_and_code_names(network: Network, text: str) -> list[str]:
    """What a text says of any sheet's id, or calls a party, escort, host or house."""
    words = set(text.replace(".", " ").replace(",", " ").split()) - ORDINARY
    names = {one.name for one in network.sheets if one.name}
    return [one.id.hex() for one in network.sheets if one.id.hex() in text] + sorted(names & words)


def test_the_first_of_a_month_is_written_as_each_language_writes_it() -> None:
    network = network_of(told_of())
    sheet = network.sheet(id_of("ride"), "ride")
    assert sheet is not None
    typed = TypedSlip("21:30", frozenset(), "", "555 0101", "", Destroy.READ.value, ends=True)
    slip = make_slip(errand(network, sheet, id_of("driver"), NOW).row, typed, "river")
    days = {
        (language, day): slip_texts.lines(replace(slip, day=day), language)[1].says
        for language in ("en", "fr")
        for day in ("2026-12-01", "2026-12-11")
    }
    assert list(days.values()) == [
        *("1 December 2026", "11 December 2026"),
        *("1er décembre 2026", "11 décembre 2026"),
    ]


def test_every_sheet_of_the_night_says_something_that_no_slip_may() -> None:
    assert {kind for kind, _ in SAID.values()} <= set(NETWORK)
    assert len(set(MARKERS.values())) >= 12
    network = network_of(told_of())
    assert any(candidates(network, one) for one in network.of_kind("stay"))


def test_what_stands_on_a_slip_stands_in_none_of_its_facts() -> None:
    for fact in (made("paper"), made(), SlipFrozen(name(1), 0), SlipHanded(name(1))):
        body = write_fact(fact)
        assert not any(marker.encode() in body for marker in MARKERS)
        kept = [one for one in msgspec.msgpack.decode(body) if isinstance(one, str)]
        assert set(kept) <= {"ride", "escort", "2026-12-01", "page", "paper"}


@given(some.permutations(range(6)), some.integers(0, 5))
def test_facts_of_slips_give_one_state_in_any_order(order: list[int], most: int) -> None:
    facts = [
        *told(1, made(), sealed()),
        *told(2, SlipHanded(name(1))),
        *told(3, SlipFrozen(name(1), 0)),
        *told(4, SlipHeard(name(1), b"m" * 32)),
        *told(5, made("voice", "other")),
    ]
    few = facts[: most + 1]
    mixed = [facts[at] for at in order if at <= most]
    assert fold_slips(mixed) == fold_slips(few)


def test_frozen_facts_end_the_handing_over_wherever_they_stand() -> None:
    facts = [*told(1, made(), sealed()), *told(2, SlipFrozen(name(1), 0))]
    for some_order in itertools.permutations(facts):
        (one,) = fold_slips(some_order)
        assert one.state(CAME, NOW) is SlipState.FROZEN
