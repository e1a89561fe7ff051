# SPDX-License-Identifier: AGPL-3.0-or-later
"""Templates to pages: one environment for each language, everything escaped, nothing undefined."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import tzinfo
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from safeconduct.edges.desk import (
    abroad_words,
    across_words,
    aside_words,
    audit_words,
    board_words,
    bulletin_words,
    burned_words,
    by_hand_words,
    case_words,
    consent_words,
    contact_words,
    copy_words,
    donor_file,
    duty_words,
    erasure_words,
    form_words,
    guidance_words,
    import_words,
    line_words,
    map_words,
    money_words,
    own_file_words,
    record_words,
    referral_words,
    retention_words,
    risk_words,
    slip_words,
    stage_words,
    table_words,
    triage_words,
    vetting_words,
    ways_says,
    ways_words,
)
from safeconduct.edges.desk.filenames import can_run, shown_name
from safeconduct.edges.desk.i18n import LANGUAGES, translations
from safeconduct.edges.desk.rows_api import Row
from safeconduct.edges.desk.troubles import trouble
from safeconduct.edges.desk.wording import Wording
from safeconduct.kernel.languages import LANGUAGES as TONGUES
from safeconduct.kernel.words import Instant
from safeconduct.rooms.hotline import reasons, silence, voices
from safeconduct.rooms.hotline.not_alone import spans

TEMPLATES: Final = Path(__file__).parent / "templates"
HIT_BEGINS: Final = "\u2068"
HIT_ENDS: Final = "\u2069"
TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
HEADLINE_MOST: Final = 80
NO_TEXT: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202d\u202e]"
)
"""What HTML does not allow in text, and the two marks that force a direction on every letter.

No keyboard writes them; marks that Arabic and Hebrew need are left alone.
"""


@cache
def pages(language: str, zone: tzinfo | None = None) -> Environment:
    """Return the templates as one language speaks."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        undefined=StrictUndefined,
        autoescape=True,
        finalize=clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(  # type: ignore[attr-defined]
        translations(language), newstyle=True
    )
    environment.globals.update(
        **_naming(language),
        **_naming_cases(language, Wording(language, zone)),
        words=Wording(language, zone),
        languages=LANGUAGES,
        trouble=lambda found: trouble(found, language),
        why_aside=lambda code: aside_words.why_aside(code, language),
        what_aside=lambda kind: aside_words.what_aside(kind, language),
        vault=lambda kind: aside_words.vault(kind, language),
        told_lines=lambda told, now: contact_words.told_lines(told, now, language),
        before_answering=lambda told, now: contact_words.before_answering(told, now, language),
        can_run=can_run,
        place_reasons=reasons.reasons,
        why=lambda reason, now: triage_words.why(reason, Wording(language, zone), now),
        whom=_whom,
        call_words=lambda mark: line_words.call(mark, Wording(language, zone)),
        weekday=lambda at, zone: duty_words.weekday(at, zone, language),
        of_silence=silence.TIMES,
        sound_of=voices.sound_of,
    )
    environment.filters.update(
        digest=digest, hits=mark_hits, file_name=shown_name, tag=language_tag, headline=headline,
        marking=mark_words, hexed=bytes.hex, unhexed=bytes.fromhex,
    )  # fmt: skip
    return environment


def _naming(language: str) -> dict[str, Callable[[Any], str]]:
    """Return how this language names what is data in the rooms."""
    return {
        "deed": lambda kind: audit_words.deed(kind, language),
        "by_hand_way": lambda way: by_hand_words.way(way, language),
        "import_source": lambda name: import_words.source(name, language),
        "import_fate": lambda name: import_words.fate(name, language),
        "import_remark": lambda name: import_words.remark(name, language),
        "import_column": lambda name: import_words.column(name, language),
        "table_fate": lambda name: table_words.fate(name, language),
        "table_remark": lambda code: table_words.remark(code, language),
        "table_target": lambda name: table_words.target(name, language),
        "table_wrong": lambda code: table_words.wrong(code, language),
        "why_no_copy": lambda code: copy_words.why(code, language),
        "mark_word": lambda word: copy_words.mark(word, language),
        "gate_word": lambda gate: vetting_words.gate(gate, language),
        "flag_word": lambda flag: guidance_words.flag(flag, language),
        "kept_word": lambda why: retention_words.kept(why, language),
        "danger_word": lambda level: triage_words.danger(level, language),
        "threat_word": lambda kind: bulletin_words.threat(kind, language),
        "sure_word": lambda level: bulletin_words.confidence(level, language),
        "found_word": lambda how: bulletin_words.found(how, language),
        "channel_word": lambda kind: line_words.channel(kind, language),
        "came_by": lambda line: line_words.came_by(line, language),
        "reveals_word": lambda kind: line_words.reveals(kind, language),
        "line_alarm_word": lambda code: line_words.alarm(code, language),
    }


def _naming_cases(language: str, words: Wording) -> dict[str, Any]:
    """Return how this language names what is data of cases."""
    return {
        "consent_stands": lambda one, now: consent_words.stands(one, now, words),
        "consent_day": lambda day, now: consent_words.day(day, now, words),
        "consent_tongue": lambda tag: consent_words.tongue(tag, words),
        "part": lambda part: case_words.part(part, language),
        "part_holds": lambda part: case_words.holds(part, language),
        "case_pages": lambda: case_words.pages(language),
        "record_kind": lambda kind: record_words.kind(kind, language),
        "record_one": lambda kind: record_words.one(kind, language),
        "record_label": lambda sheet: record_words.label(sheet, language),
        "record_adding": lambda kind: record_words.adding(kind, language),
        "record_field": lambda of, name: record_words.field(of, name, language),
        "record_naming": record_words.naming(language),
        "record_choice": lambda of, name, value: record_words.choice(of, name, value, language),
        **_naming_ways(language),
        "stage_word": lambda name: stage_words.stage(name, language),
        "stage_lane": lambda name: stage_words.lane(name, language),
        "stage_happened": lambda one: stage_words.happened(one, language),
        "risk_band": lambda band: risk_words.band(band, language),
        "risk_said": lambda said: risk_words.said(said, language),
        "risk_standing": lambda one: risk_words.standing(one, language),
        "risk_why": lambda why: risk_words.why(why, language),
        "consent_purpose": lambda purpose: consent_words.purpose(purpose, language),
        "consent_aim": lambda asking: consent_words.aim(asking, language),
        "consent_how": lambda how: consent_words.how(how, language),
        "due_on": across_words.due_on,
        "due_word": lambda due: across_words.due(due, language),
        "abroad_alarm": lambda one: abroad_words.alarm(one, language),
        "abroad_thing": lambda name: abroad_words.thing(name, language),
        "alike_reason": lambda reason: across_words.reason(reason, language),
        **_naming_what_leaves(language),
    }


def _naming_ways(language: str) -> dict[str, Callable[..., Any]]:
    """Return how it names what is data of houses, roads and countries."""
    return {
        "ways_naming": lambda network: ways_words.naming(network, language),
        "ways_kind": lambda kind: ways_words.kind(kind, language),
        "ways_adding": lambda kind: ways_words.adding(kind, language),
        "ways_book": lambda of: ways_says.book(of, language),
        "ways_holds": lambda of: ways_says.holds(of, language),
        "ways_crossings": lambda there, many: map_words.crossings(there, many, language),
        "ways_fresh": lambda of: ways_says.fresh(of, language),
        "ways_one": lambda kind: ways_words.one(kind, language),
        "burned_ask": lambda kind: burned_words.ask(kind, language),
        "burned_kind": lambda kind: burned_words.kind(kind, language),
        "burned_hows": lambda one, day: burned_words.hows(one, day, language),
        "burned_rank": lambda rank: burned_words.rank(rank, language),
        "burned_near": lambda near: burned_words.near(near, language),
        "burned_called": lambda one: burned_words.called(one, language),
        "slip_state": lambda one: slip_words.state(one, language),
        "slip_heard": lambda one: slip_words.heard(one, language),
        "slip_doubt": lambda one: slip_words.doubt(one, language),
        "slip_way_short": lambda one: slip_words.way_short(one, language),
        "slip_way": lambda one: slip_words.way(one, language),
        "running": lambda tongue: TONGUES[tongue].direction,
        "board_why": lambda red, night: board_words.why(red, night, language),
        "board_against": lambda one: board_words.against(one, language),
        "board_runs": lambda one: board_words.runs(one, language),
        "board_left": lambda days: board_words.left(days, language),
    }


def _naming_what_leaves(language: str) -> dict[str, Callable[..., Any]]:
    """Return how it names what is asked with forms, handed out, paid and erased."""
    return {
        "form_remark": lambda code: form_words.remark(code, language),
        "form_unused": lambda code: form_words.unused(code, language),
        "form_fate": lambda code: form_words.fate(code, language),
        "form_left": lambda code: form_words.left(code, language),
        "form_trouble": lambda code: form_words.trouble(code, language),
        "erasure_why": lambda one: erasure_words.why(one, language),
        "erasure_stage": lambda one: erasure_words.stage(one, language),
        "own_section": lambda name: own_file_words.section(name, language),
        "own_label": lambda line: own_file_words.label(line, language),
        "own_value": lambda line: own_file_words.value(line, language),
        "own_stage": lambda one: own_file_words.stage(one, language),
        "referral_state": lambda one: referral_words.state(one, language),
        "referral_people": lambda record, file: referral_words.people(record, file, language),
        "referral_short": lambda one: referral_words.short(one, language),
        "money_purpose": lambda name: money_words.purpose(name, language),
        "money_status": lambda one: money_words.status(one, language),
        "money_amount": lambda minor, of: money_words.amount(minor, of, language),
        "donor_notes": lambda report: donor_file.notes(report, language),
    }


def _whom(row: Row, now: Instant) -> str:
    """Name how far somebody's silence has gone up; empty while nothing is due."""
    place = row.place
    if place.due is None:
        return ""
    step = silence.step(place.danger, place.due, now, held=bool(row.holders))
    return step.value if step else ""


def render(language: str, zone: tzinfo | None, template: str, /, **context: Any) -> str:  # noqa: ANN401
    """Return a page or a part of one."""
    return pages(language, zone).get_template(template).render(**context)


def clean(value: object) -> object:
    """Return what an expression gave with everything that is no text made visible."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", value)
    return value


def digest(content: str) -> str:
    """Return a short name of a part's content, so that an unchanged part is not sent again."""
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


def mark_hits(snippet: str) -> Markup:
    """Return a snippet with what was searched for marked; everything else escaped."""
    before, *marked = str(clean(snippet)).split(HIT_BEGINS)
    pieces = [escape(before)]
    for piece in marked:
        hit, _, after = piece.partition(HIT_ENDS)
        pieces.append(Markup("<mark>{}</mark>{}").format(hit, after))
    return Markup("").join(pieces)


def mark_words(text: str, words: Sequence[str]) -> Markup:
    """Return a text with a person's words for "I am not alone" marked; everything else escaped."""
    pieces, at = [], 0
    for start, end in spans(text, words):
        pieces += [escape(clean(text[at:start]))]
        pieces += [Markup("<mark>{}</mark>").format(clean(text[start:end]))]
        at = end
    return Markup("").join([*pieces, escape(clean(text[at:]))])


def language_tag(code: str) -> str:
    """Return a stranger's language code if it is one; empty (unknown) otherwise."""
    return code if TAG.fullmatch(code) else ""


def headline(name: str) -> str:
    """Return a name for a title or a heading: short, nothing hidden or turned."""
    return shown_name(name)[:HEADLINE_MOST]
