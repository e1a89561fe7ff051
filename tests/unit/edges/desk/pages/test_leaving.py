# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page by which somebody who leaves, or a steward for them, passes on what is open."""

from dataclasses import replace

from safeconduct.rooms.hotline.decide import DUTIES_NOTE_MOST
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

SANA, MIRA, TIMUR, *_ = rehearsal_roster()[1]
PATH = f"/crew/{TIMUR.hex()}"


def holders(window: Window, name: str) -> set[object]:
    """Who holds a conversation."""
    talk = window.desk.conversation(window.talks[name])
    assert talk is not None
    return {claim.holder for claim in talk.claims}


def held_by_timur(window: Window) -> list[str]:
    """Let Timur hold two conversations, one of them together with Mira; name both."""
    names = [*window.talks][:2]
    for name in names:
        window.desk.by(TIMUR).claim(window.talks[name])
    return names


def test_one_press_passes_on_all_that_a_colleague_holds(window: Window) -> None:
    names = held_by_timur(window)
    page = window.pages.get(f"{PATH}/leaving")
    held = window.desk.inbox(show="mine", start=0, most=0, of=TIMUR)[1]
    assert held >= len(names)
    assert f"Conversations held {held}" in page.text
    assert "ноутбук Тимура" in page.text
    form = page.form(f"{PATH}/passed-on")
    after = window.pages.send(form, to=MIRA.hex(), text="He is off to the coast.")
    assert "Handed over. It stands on their Today." in after.text
    assert "Conversations held 0" in after.text
    assert [holders(window, name) for name in names] == [{MIRA}, {MIRA}]
    assert "Nothing was left" in window.pages.send(form, to=MIRA.hex(), text="").text
    talk = window.desk.conversation(window.talks[names[0]])
    assert talk is not None
    assert talk.handed_to(MIRA)[0].text == "He is off to the coast."


def test_the_ways_out_stand_at_the_end_and_are_not_taken(window: Window) -> None:
    page = window.pages.get(f"{PATH}/leaving")
    assert {f"{PATH}/suspend", f"{PATH}/expel"} <= {link.get("href") for link in page.all("a")}
    assert window.desk.roster().removals == {}


def test_who_was_taken_is_not_to_be_asked(window: Window) -> None:
    assert "ask them nothing" not in window.pages.get(f"{PATH}/leaving").text
    window.desk.removals.suspend(TIMUR, "")
    assert "ask them nothing" in window.pages.get(f"{PATH}/leaving").text


def test_a_word_that_is_too_long_changes_nothing_and_stays(window: Window) -> None:
    names = held_by_timur(window)
    form = window.pages.get(f"{PATH}/leaving").form(f"{PATH}/passed-on")
    long = "я" * DUTIES_NOTE_MOST
    page = window.pages.send(form, status=422, to=MIRA.hex(), text=long)
    assert long in page.text
    assert TIMUR in holders(window, names[0])


def test_it_goes_to_nobody_who_does_not_stand(window: Window) -> None:
    names = held_by_timur(window)
    form = window.pages.get(f"{PATH}/leaving").form(f"{PATH}/passed-on")
    for nobody in (TIMUR.hex(), "00" * 16, "no id"):
        window.pages.send(form, status=422, to=nobody, text="")
    assert TIMUR in holders(window, names[0])


def test_who_is_no_steward_sees_their_own_page_alone(window: Window) -> None:
    roster, own = window.desk.roster(), f"/crew/{window.desk.device.hex()}/leaving"
    plain = {
        device: replace(member, roles=roster.members[TIMUR].roles)
        for device, member in roster.members.items()
    }
    window.desk._roster = replace(roster, members=plain, stewards=frozenset({MIRA}))
    page = window.pages.get(own)
    assert "Drafts lie on this device alone" in page.text
    assert "ask a steward to suspend this device" in page.text
    window.pages.get(f"{PATH}/leaving", status=422)
