# SPDX-License-Identifier: AGPL-3.0-or-later
"""Threats on the pages: told, found, marked, ended, and what people outside may read of them."""

from dataclasses import replace

import pytest

from safeconduct.edges.desk.gallery_talks import HOSTILE_WORDS
from safeconduct.kernel.words import HOUR
from safeconduct.rooms.hotline.bulletin_fold import BulletinTold
from safeconduct.rooms.hotline.bulletins import BulletinId
from tests.kit.pages import Page, text_of
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.test_hostile import foreign
from tests.unit.edges.desk.pages.window import Window

MIRA = rehearsal_roster()[1][1]
NAME = "quiet orchard"
TOLD = {
    "threat": "1",
    "title": "The list of Sunday",
    "known": "Names are read out on Sunday.",
    "todo": "Ask each whether they are on it.",
    "confidence": "2",
    "until": "2026-11-21T08:30",
    "names": NAME,
}


def tell(window: Window, status: int = 200, **more: str) -> Page:
    """Fill in the form."""
    form = window.pages.get("/bulletins/new").form("/bulletins/told")
    return window.pages.send(form, status=status, **(TOLD | more))


def path_of(window: Window) -> str:
    """Where the one that runs is."""
    (counted,) = window.desk.bulletins.running()
    return f"/bulletins/{counted.bulletin.id.hex()}"


def words(window: Window, path: str, name: str = "main") -> str:
    """What a page says."""
    return text_of(window.pages.get(path).by_id(name))


def test_a_threat_stands_on_today_in_the_queue_and_at_the_head_of_whom_it_touches(
    window: Window,
) -> None:
    page = tell(window)
    assert "The list of Sunday" in text_of(page.by_id("main"))
    today = words(window, "/today", "bulletins")
    assert "The list of Sunday" in today
    assert "0 of 1 touched conversations were written to since." in today
    head = words(window, window.path(NAME), "touching")
    assert "nobody wrote to them since: The list of Sunday" in head
    assert "the bulletin names this conversation" in head
    assert "Ask each whether they are on it." in head
    assert "a threat, not told yet, until" in words(window, "/today", "queue")
    window.desk.clock.move(HOUR)
    window.desk.answer(window.talks[NAME], "Are you on the list?")
    assert "1 of 1 touched" in words(window, "/today", "bulletins")
    assert "they were written to since" in words(window, window.path(NAME), "touching")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"title": ""}, "give it a name"),
        ({"names": ""}, "say whom it touches"),
        ({"names": "no such name"}, "no conversation here has that code name"),
        ({"look_for": "ab"}, "three letters at least"),
        ({"until": "2020-01-01T01:01"}, "still to come"),
        ({"until": "soon"}, "still to come"),
    ],
)
def test_what_cannot_be_told_is_said_and_what_was_typed_stays(
    window: Window, more: dict[str, str], why: str
) -> None:
    page = tell(window, 422, **more)
    assert why in text_of(page.by_id("bulletin-refused"))
    assert page.form("/bulletins/told").fields["known"] == TOLD["known"]
    assert not window.desk.bulletins.running()


def test_it_is_changed_with_a_reason_and_a_deadline_that_is_left_alone_stays(
    window: Window,
) -> None:
    tell(window)
    path = path_of(window)
    before = window.desk.bulletins.running()[0].bulletin
    form = window.pages.get(f"{path}/change").form(f"{path}/changed")
    form.fields.update(threat="1", confidence="2", todo="Call them.")
    refused = window.pages.send(form, status=422)
    assert "in a few words why" in text_of(refused.by_id("bulletin-refused"))
    window.pages.send(form, reason="It is sure now.")
    after = window.desk.bulletins.running()[0].bulletin
    assert (after.until, after.scope, after.since) == (before.until, before.scope, before.since)
    shown = words(window, path)
    assert "Call them." in shown
    assert "It is sure now." in shown


def test_a_helper_says_that_it_does_not_touch_them_and_ends_it(window: Window) -> None:
    tell(window)
    path, talk = path_of(window), window.path(NAME)
    said = {"bulletin": path.rpartition("/")[2], "touched": "0"}
    refused = window.post(f"{talk}/marked", said)
    assert refused.status_code == 422
    assert "in a few words why" in refused.text
    window.post(f"{talk}/marked", said | {"mark_reason": "They left long ago."})
    assert "nobody wrote" not in words(window, talk, "touching")
    assert "They left long ago." in words(window, path)
    form = window.pages.get(path).form(f"{path}/ended")
    assert "few words why" in text_of(window.pages.send(form, status=422).by_id("end-refused"))
    window.pages.send(form, end_reason="It was a lie.")
    assert "It was a lie." in words(window, "/bulletins")
    assert "The list of Sunday" not in words(window, "/today", "bulletins")


def test_a_notice_goes_out_as_text_once_a_second_approved_it(window: Window) -> None:
    tell(window)
    path = path_of(window)
    form = window.pages.get(f"{path}/notice").form(f"{path}/notice/written")
    leaky = window.pages.send(form, status=422, do=f"Ask {NAME}.")
    assert NAME in text_of(leaky.by_id("main")).lower()
    assert leaky.form(f"{path}/notice/written").fields["do"] == f"Ask {NAME}."
    page = window.pages.send(form, do="Stay at home.", avoid="Open to nobody.", until="")
    assert "a second person has to approve it" in text_of(page.by_id("main"))
    window.desk.bulletins.told[-1:] = [_by_mira(window)]
    page = window.pages.get(f"{path}/notice")
    page = window.pages.send(page.form(f"{path}/notice/approved"))
    fields = page.form(f"{path}/notice/file").fields
    answer = window.post(f"{path}/notice/file", dict(fields))
    assert answer.text == "What to do:\nStay at home.\n\nWhat not to do:\nOpen to nobody.\n"
    assert "attachment" in answer.headers["content-disposition"]


def _by_mira(window: Window) -> BulletinTold:
    """The notice that was just written, as if a colleague had."""
    return replace(window.desk.bulletins.told[-1], device=MIRA)


def test_there_is_no_such_bulletin(window: Window) -> None:
    for name in ("x", BulletinId(bytes(16)).hex()):
        for part in ("", "/rows", "/change", "/notice"):
            window.pages.get(f"/bulletins/{name}{part}", status=404)


@pytest.mark.parametrize("name", sorted(HOSTILE_WORDS))
def test_hostile_words_of_a_bulletin_stay_words(window: Window, name: str) -> None:
    text = HOSTILE_WORDS[name][:25]
    tell(
        window,
        title=text or "x",
        known=text,
        todo=text,
        source=text,
        tags=text,
        regions="abc" + text,
    )
    path = path_of(window)
    for where in (
        "/today",
        "/bulletins",
        path,
        f"{path}/change",
        window.path(NAME),
        f"{path}/notice",
    ):
        assert not foreign(window.pages.get(where))
