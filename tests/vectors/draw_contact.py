# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cases of first contact in mailbox.json (spec/mailbox.md 4.1)."""

from typing import Any

from safeconduct.kernel.canon import encode
from tests.vectors.case import Case, case

ALL = {
    "answer_hours": ["night", "evening"],
    "answer_how": "здесь, под моими словами",
    "answer_when": "после восьми",
    "clock_shows": 3,
    "danger_today": "yes",
    "for_whom": "taken",
    "from_whom": "дядя и его люди",
    "if_silent": "Спросите у сестры.",
    "not_alone_word": "сирень",
    "region": "север",
    "return_code": "01234567",
    "safe_to_read": "no",
    "version": 1,
}
FORM = {name: value for name, value in ALL.items() if isinstance(value, str)} | {
    "night": "yes",
    "morning": "",
    "evening": "yes",
    "clock_shows": "3",
}
LONG = "🏳️‍🌈" * 200


def cases() -> list[Case]:
    """Every case, in order."""
    return [*_written(), *_read()]


def _written() -> list[Case]:
    told: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
        "everything": (FORM, {"contact": ALL}),
        "nothing": ({}, {}),
        "nothing but spaces and what is not asked": ({"region": " \n ", "age": "30"}, {}),
        "one answer": ({"danger_today": "no"}, {"contact": {"danger_today": "no", "version": 1}}),
        "spaces around an answer": (
            {"region": "  south \n"},
            {"contact": {"region": "south", "version": 1}},
        ),
        "an answer that is too long": (
            {"if_silent": LONG},
            {"contact": {"if_silent": LONG[:500], "version": 1}},
        ),
        "a choice that is none": ({"for_whom": "king", "danger_today": "YES"}, {}),
        "midnight": ({"clock_shows": "0"}, {"contact": {"clock_shows": 0, "version": 1}}),
        "an hour that is none": ({"clock_shows": "24"}, {}),
        "an hour not in its shortest form": ({"clock_shows": "07"}, {}),
        "a return code as it was said": (
            {"return_code": " 0123-45 67,\u00a0"},
            {"contact": {"return_code": "01234567", "version": 1}},
        ),
        "a return code from an Arabic keyboard": (
            {"return_code": "٠١٢٣ ۴۵۶۷"},
            {"contact": {"return_code": "01234567", "version": 1}},
        ),
        "a return code of seven digits": ({"return_code": "0123456"}, {}),
        "a return code with a letter": ({"return_code": "0123456o"}, {}),
    }
    return [
        case(
            f"write contact: {name}",
            "write_contact",
            answers=answers,
            extras=encode(extras),
        )
        for name, (answers, extras) in told.items()
    ]


def _read() -> list[Case]:
    told: dict[str, tuple[bytes, dict[str, Any], int]] = {
        "everything": (encode({"contact": ALL}), ALL, 0),
        "beside what is not known": (encode({"contact": ALL, "later": [1], "via": "x"}), ALL, 0),
        "with an answer more": (encode({"contact": ALL | {"shoe": 43}}), ALL, 1),
        "one that is not understood": (
            encode({"contact": {"danger_today": "yes", "region": [], "version": 1}}),
            {"danger_today": "yes", "version": 1},
            1,
        ),
        "one that is too long": (
            encode({"contact": {"region": LONG, "version": 1}}),
            {"region": LONG[:100], "version": 1},
            1,
        ),
        "hours out of order": (
            encode({"contact": {"answer_hours": ["evening", "night"], "version": 1}}),
            {},
            1,
        ),
        "an hour beyond the day": (encode({"contact": {"clock_shows": 24, "version": 1}}), {}, 1),
        "an answer of no letters": (encode({"contact": {"region": "", "version": 1}}), {}, 1),
        "a return code that is none": (
            encode({"contact": {"return_code": "0123", "version": 1}}),
            {},
            1,
        ),
        "of version 2": (encode({"contact": ALL | {"version": 2}}), {}, 1),
        "without a version": (encode({"contact": {"danger_today": "yes"}}), {}, 1),
        "a list": (encode({"contact": [1, "yes"]}), {}, 1),
        "extras that are no map": (encode([]), {}, 1),
        "extras that are cut": (encode({"contact": ALL})[:-1], {}, 1),
    }
    return [
        case(
            f"read contact: {name}",
            "read_contact",
            browser=False,
            data=data,
            contact=encode({"contact": answers} if answers else {}),
            more=more,
        )
        for name, (data, answers, more) in told.items()
    ]
