# SPDX-License-Identifier: AGPL-3.0-or-later
"""Money on the pages: costs, the word of two, grants and what is left, reports to donors."""

from __future__ import annotations

import csv
import io

import pytest

from safeconduct.kernel.words import CaseId, DeviceId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.grants import GrantId
from safeconduct.rooms.cases.money_decide import TypedGrant
from safeconduct.rooms.cases.money_facts import LimitSeconded, LimitSet
from safeconduct.rooms.cases.record_decide import Typed
from tests.kit.pages import text_of
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

OWN, MIRA, *REST = rehearsal_roster()[1]
SAID = {
    "purpose": "travel",
    "amount": "EUR 600.00",
    "what": "A ticket",
    "day": "2026-11-20",
    "state": "asked",
}


@pytest.fixture
def case(window: Window) -> CaseId:
    """A case that is open here."""
    return window.desk.cases.open({})


def write(window: Window, case: CaseId, by: DeviceId = OWN, **said: str) -> SheetId:
    """Write a cost, from here or from a colleague's desk."""
    desk, cases = window.desk, window.desk.cases
    typed = {(Part.JOURNEY, name): Typed(text) for name, text in (SAID | said).items()}
    cases.desk = desk.by(by)
    sheet = cases.records.write(case, "cost", None, typed)
    cases.desk = desk
    return sheet


def grant(window: Window, name: str = "A fund", amount: str = "EUR 1000.00") -> GrantId:
    """Write a grant for travel and food."""
    lines = {"travel": "any", "food": "EUR 100.00"}
    typed = TypedGrant(name, amount, "2026-01-01", "2026-12-31", lines)
    return window.desk.cases.money.write_grant(None, typed)


def limit(window: Window, minor: int) -> None:
    """Let two set a limit."""
    money = window.desk.cases.money
    money.tell(LimitSeconded(money.tell(LimitSet("EUR", minor, ()))), MIRA)


def test_a_cost_is_written_and_an_amount_that_means_two_is_asked_again(
    window: Window, case: CaseId
) -> None:
    path = f"/cases/{case.hex()}"
    new = f"{path}/record/cost/new"
    fields = window.pages.get(new).form(f"{new}/saved").fields | SAID
    answer = window.post(f"{new}/saved", fields | {"amount": "1,200 EUR"})
    assert answer.status_code == 422
    assert "can be a thousand or one and a bit" in answer.text
    assert 'value="1,200 EUR"' in answer.text
    assert window.desk.cases.money.costs(case) == ()
    answer = window.post(f"{new}/saved", fields | {"amount": "1 200,50 EUR"})
    place, _, at = answer.headers["location"].partition("#")
    assert (answer.status_code, place) == (303, f"{path}/money")
    page = window.pages.get(place)
    assert "1 200.50 EUR" in text_of(page.by_id("main"))
    assert "A ticket" in text_of(page.by_id(at))
    told = text_of(page.by_id("main"))
    assert "waits for two people" in told
    assert "1 200.50 EUR" in told


def test_what_is_paid_has_a_receipt_and_two_who_agreed_or_says_why(
    window: Window, case: CaseId
) -> None:
    new = f"/cases/{case.hex()}/record/cost/new"
    fields = window.pages.get(new).form(f"{new}/saved").fields | SAID | {"state": "paid"}
    answer = window.post(f"{new}/saved", fields)
    assert "What is paid has a receipt" in answer.text
    fields |= {"no_receipt": "The driver gives none."}
    answer = window.post(f"{new}/saved", fields)
    assert "Two people have not agreed to this yet" in answer.text
    assert window.post(f"{new}/saved", fields | {"urgent": "At night."}).status_code == 303
    told = text_of(window.pages.get(f"/cases/{case.hex()}/money").by_id("main"))
    assert "Paid without two people who agreed. At night." in told
    limit(window, 60_000)
    assert window.post(f"{new}/saved", fields).status_code == 303


def test_what_was_paid_under_a_higher_limit_is_still_mended(window: Window, case: CaseId) -> None:
    limit(window, 60_000)
    sheet = write(window, case, state="paid", grant="ab" * 16)
    at = f"/cases/{case.hex()}/record/cost/{sheet.hex()}"
    window.desk.cases.money.set_limit("1 EUR")
    form = window.pages.get(at).form(f"{at}/saved")
    assert window.post(form.action, form.fields | {"receipt": "The folder"}).status_code == 303
    form = window.pages.get(at).form(f"{at}/saved")
    assert window.post(form.action, form.fields | {"amount": "700 EUR"}).status_code == 422
    assert window.post(form.action, form.fields | {"day": "2026-11-21"}).status_code == 422


def test_a_colleagues_cost_waits_on_today_until_one_said_their_word(
    window: Window, case: CaseId
) -> None:
    write(window, case)
    assert "costs-wait" not in window.pages.get("/today").html
    write(window, case, MIRA)
    assert "1 cost of a case waits for your word." in window.pages.get("/today").text
    assert "A ticket" in window.pages.get("/cases/costs").text
    path = f"/cases/{case.hex()}/money"
    page = window.pages.get(path)
    assert page.html.count(f'action="{path}/judged"') == 1
    form = page.form(f"{path}/judged").fields
    assert window.post(f"{path}/judged", form | {"said": "no"}).status_code == 422
    assert window.post(f"{path}/judged", form | {"said": "yes"}).status_code == 303
    assert "costs-wait" not in window.pages.get("/today").html
    assert "agrees" in text_of(window.pages.get(path).by_id("main"))
    form = window.pages.get(path).form(f"{path}/judged").fields | {"words": "Too dear."}
    assert window.post(f"{path}/judged", form | {"said": "no"}).status_code == 303
    assert "not agreed to" in text_of(window.pages.get(path).by_id("main"))
    form = window.pages.get(path).form(f"{path}/judged").fields
    assert window.post(f"{path}/judged", form | {"said": "yes"}).status_code == 303
    assert "not agreed to" not in text_of(window.pages.get(path).by_id("main"))
    assert "Agreed to a cost" in window.pages.get(f"/cases/{case.hex()}/stages").text


def test_a_word_on_what_was_changed_meanwhile_or_on_ones_own_is_refused(
    window: Window, case: CaseId
) -> None:
    path, own = f"/cases/{case.hex()}/money", write(window, case)
    (cost,) = window.desk.cases.money.costs(case)
    saw = " ".join(fact.hex() for fact in cost.bound)
    answer = window.post(f"{path}/judged", {"cost": own.hex(), "said": "yes", "saw": saw})
    assert "Two others have to agree" in answer.text
    hers = write(window, case, MIRA)
    answer = window.post(f"{path}/judged", {"cost": hers.hex(), "said": "yes", "saw": saw})
    assert "Somebody changed this cost while you were reading" in answer.text
    answer = window.post(f"{path}/judged", {"cost": "00" * 16, "said": "yes"})
    assert answer.status_code == 422


def test_a_grant_is_written_and_pays_only_what_it_is_for(window: Window, case: CaseId) -> None:
    new = "/money/grants/new"
    fields = window.pages.get(new).form(f"{new}/saved").fields
    typed = {"name": "A fund", "amount": "1,000 EUR", "begins": "2026-01-01", "ends": "2026-12-31"}
    assert window.post(f"{new}/saved", fields | typed).status_code == 422
    typed |= {"for-travel": "yes", "for-food": "yes", "most-food": "100 EUR"}
    answer = window.post(f"{new}/saved", fields | typed)
    assert (answer.status_code, answer.text.count('aria-invalid="true"')) == (422, 1)
    typed |= {"amount": "1000.00 EUR"}
    assert window.post(f"{new}/saved", fields | typed).status_code == 303
    (found,) = window.desk.cases.money.office().grants
    cost = f"/cases/{case.hex()}/record/cost/new"
    of = window.pages.get(cost).form(f"{cost}/saved").fields | SAID | {"grant": found.id.hex()}
    for wrong, why in (
        ({"purpose": "legal"}, "for other purposes"),
        ({"day": "2027-01-01"}, "for other days"),
        ({"amount": "XTS 5.00"}, "The grant is in another currency"),
        ({"grant": "0" * 32}, ""),
    ):
        answer = window.post(f"{cost}/saved", of | wrong)
        assert answer.status_code == 422
        assert why in answer.text
    rate = {"rate": "0.01 EUR", "rate_day": "2026-11-20", "rate_source": "The bank"}
    assert window.post(f"{cost}/saved", of | {"amount": "XTS 5.00"} | rate).status_code == 303
    assert "A fund" in window.pages.get(f"/cases/{case.hex()}/money").text


def test_what_is_left_is_told_even_below_nothing(window: Window, case: CaseId) -> None:
    of = grant(window).hex()
    write(window, case, grant=of, state="paid")
    told = text_of(window.pages.get("/money").by_id("main"))
    assert "400.00 EUR" in told
    write(window, case, MIRA, grant=of, state="paid")
    told = text_of(window.pages.get("/money").by_id("main"))
    assert "\u2212200.00 EUR" in told
    assert "More was spent or promised than there is" in told
    assert "left is at most this much" in told


def test_a_limit_waits_for_a_second_person(window: Window) -> None:
    form = window.pages.get("/money").form("/money/limit")
    assert window.post("/money/limit", form.fields | {"limit": "much"}).status_code == 422
    window.pages.send(form, limit="500 EUR")
    assert "Waits for a second person" in window.pages.get("/money").text
    assert "limit/seconded" not in window.pages.get("/money").html
    money = window.desk.cases.money
    (own,) = money.office().limits
    answer = window.post("/money/limit/seconded", {"fact": own.fact.hex()})
    assert "You set this limit yourself" in answer.text
    money.tell(LimitSet("EUR", 70_000, (own.fact,)), MIRA)
    page = window.pages.get("/money")
    window.pages.send(page.form("/money/limit/seconded"))
    assert dict(money.office().holds) == {"EUR": 70_000}


def test_a_report_names_nobody_and_its_file_is_written_down_first(window: Window) -> None:
    of = grant(window, name="=HYPERLINK(1)", amount="EUR 9000.00")
    path = f"/money/grants/{of.hex()}/report"
    rows = [window.desk.cases.open({}) for _ in range(5)]
    for case in rows[:4]:
        write(window, case, grant=of.hex(), state="paid", what="Aru at the mill")
    assert "fewer than five cases" in window.pages.get(path).text
    answer = window.post(f"{path}/made")
    assert answer.status_code == 422
    assert window.desk.cases.money.office().grants[0].reports == ()
    write(window, rows[4], grant=of.hex(), state="paid", what="Aru at the mill")
    page = window.pages.get(path)
    assert "Aru" not in page.text
    answer = window.post(page.form(f"{path}/made").action)
    assert answer.headers["content-disposition"].startswith("attachment")
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert table[0] == ["Grant", "'=HYPERLINK(1)"]
    assert table[2] == ["2026-11", "2026-11", "travel", "5", "5", "3000.00", "EUR"]
    assert "Aru" not in answer.text
    (grants,) = window.desk.cases.money.office().grants
    assert [one.by for one in grants.reports] == [OWN]
    assert "Reports that were taken out" in window.pages.get(path).text


def test_a_report_with_something_to_settle_is_not_made(window: Window) -> None:
    of = grant(window).hex()
    for n in range(5):
        amount = "XTS 5.00" if n else "EUR 1.00"
        write(window, window.desk.cases.open({}), grant=of, state="paid", amount=amount)
    path = f"/money/grants/{of}/report"
    assert "To settle first" in window.pages.get(path).text
    assert "Settle them first" in window.post(f"{path}/made").text


@pytest.mark.parametrize(("language", "words"), [("en", "left, at most"), ("ru", "осталось")])
def test_pages_of_money_stand_in_both_languages(
    window: Window, case: CaseId, language: str, words: str
) -> None:
    window.client.headers["Accept-Language"] = language
    of = grant(window, "<b>\u202eFund</b>").hex()
    write(window, case, MIRA, what="<i>Call</i>", grant=of)
    for path in (
        *("/cases/costs", f"/cases/{case.hex()}/money", f"/cases/{case.hex()}/record/cost/new"),
        *(f"/money/grants/{of}", f"/money/grants/{of}/report"),
    ):
        window.pages.get(path)
    assert "&lt;i&gt;Call" in window.pages.get("/cases/costs").html
    assert words in window.pages.get("/money").text
    assert window.client.get("/money/grants/00").status_code == 404
