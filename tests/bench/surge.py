# SPDX-License-Identifier: AGPL-3.0-or-later
"""A surge with a flood in it, at a real relay and five desks; the last line is one JSON object.

420 people write within ten minutes, one in five with a file, among 50,000 messages of a flood that
pays its work and comes one per mailbox: paraphrases, copies of what others wrote, mixtures of it,
insults (`tests/bench/surge_texts.py`).  Halfway a helper marks three of the flood hostile.
`lost` is what was acknowledged and a desk does not have, files too; `p99_visible_s` is how long
what people in need wrote took from sending to a row at a desk, `p99_everywhere_s` at all of them;
`real_above_flood` is the share of them that stand above 95 % of the flood, at the desk where it is
least; `real_put_away` counts those that stand with what is called hostile; `desks_differ` counts
desks whose queue has another order.
`--short` sends a hundredth in six seconds, and weighs a twentieth in its own process.
`--from FILE` takes messages from elsewhere, as lines
of JSON (see `surge_texts`); `-` is standard input.  `--order` weighs them in this process alone
and sends nothing: where people stand does not hang on how fast a machine is.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import tempfile
from bisect import bisect_left
from pathlib import Path
from typing import Any, Final

import uvloop

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.kernel.words import DAY  # noqa: E402
from safeconduct.rooms.hotline.likeness import Likeness, Seen  # noqa: E402
from safeconduct.rooms.hotline.wording import pairs_of  # noqa: E402
from tests.bench.short import a_minute, reached, verdict  # noqa: E402
from tests.bench.surge_office import opened_office  # noqa: E402
from tests.bench.surge_senders import Senders  # noqa: E402
from tests.bench.surge_texts import (  # noqa: E402
    FLOOD,
    REAL,
    SECONDS,
    Line,
    read_lines,
    surge,
)

SEED: Final = 2017
SHORT: Final = 100
SHORT_SECONDS: Final = 6
SHORT_ORDER: Final = 20
"""The short form sends a hundredth, and weighs a twentieth without sending it."""
MARKED: Final = 3
ABOVE: Final = 0.95
REACH: Final = {
    "p99_visible_s": (0, 2),
    "real_above_flood": (0.95, 1),
    "real_put_away": (0, 0),
    "desks_differ": (0, 0),
}
"""What the long form is held to: least and most."""
LEAST: Final = {"real_above_flood": 0.5, "put_away": 3, "agree": 1}
"""For the short form, whose flood has said too little yet to be known well."""


def main() -> int:
    """Let it come, ask the desks, print; return 1 when something was lost or a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="at most a minute; a hundredth")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--order", action="store_true", help="no processes: only where they stand")
    parser.add_argument("--from", dest="source", type=Path, help="lines of JSON; - for stdin")
    given = parser.parse_args()
    if given.order:
        print(json.dumps(order_of(lines_of(given))))
        return 0
    with a_minute(short=given.short):
        fields = measure(lines_of(given))
        if given.short:
            more = surge(given.seed, REAL // SHORT_ORDER, FLOOD // SHORT_ORDER, SECONDS)
            fields |= order_of(more)
    print(json.dumps(fields))
    missed = verdict(fields, LEAST) if given.short else reached(fields, REACH)
    return int(fields["lost"] > 0) or int(fields["real_put_away"] > 0) or missed


def lines_of(given: argparse.Namespace) -> list[Line]:
    """Return what is sent, in its order."""
    if given.source is not None:
        path = Path("/dev/stdin") if str(given.source) == "-" else given.source
        return sorted(read_lines(path), key=lambda line: line.at)
    if given.short:
        return surge(given.seed, REAL // SHORT, FLOOD // SHORT, SHORT_SECONDS)
    return surge(given.seed, REAL, FLOOD, SECONDS)


def measure(lines: list[Line]) -> dict[str, Any]:
    """Run it in a folder of its own; return the fields of the benchmark."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=ROOT / "build") as folder,
        opened_office(Path(folder)) as office,
    ):
        office.note(f"{len(lines)} messages, five desks")
        senders = Senders(office, lines, marked_among(lines))
        uvloop.run(senders.send_all())
        office.note(f"sent {len(senders.sent)}, at most {senders.late:.1f} s late")
        told = office.ask_desks(len(senders.sent))
        files = senders.files_missing()
        office.note(f"desks used {[one['cpu_s'] for one in told]} s of processor time")
        return {**figures(senders, told), "lost": losses(senders, told) + files, **work(senders)}


def order_of(lines: list[Line]) -> dict[str, Any]:
    """Weigh all in one process, as a desk would, and say where people stand; nothing is sent."""
    likeness, bands = Likeness(), dict[str, list[tuple[int, float, str]]]()
    for number, line in enumerate(lines):
        seen = Seen(DAY + int(line.at * 1_000), number.to_bytes(32, "big"), pairs_of(line.text))
        weighed = likeness.add([seen])[seen.message]
        name = f"{line.kind}-{line.person}"
        bands.setdefault(name, []).append((weighed.band, line.at, name))
    queue = [name for _, _, name in sorted(min(one)[:1] + one[0][1:] for one in bands.values())]
    flood = [place for place, name in enumerate(queue) if name.startswith("flood")]
    stands = [name for name in queue if name.startswith("real")]
    above = sum(
        len(flood) - bisect_left(flood, place) >= ABOVE * len(flood)
        for place, name in enumerate(queue)
        if name.startswith("real")
    )
    return {
        "real": len(stands),
        "flood": len(flood),
        "real_above_flood": round(above / max(1, len(stands)), 3),
    }


def marked_among(lines: list[Line]) -> set[int]:
    """Choose which of the flood a helper marks, from its first half."""
    flood = [number for number, line in enumerate(lines) if line.kind == "flood"]
    return set(random.Random(SEED).sample(flood[: len(flood) // 2], MARKED))


def losses(senders: Senders, told: list[dict[str, Any]]) -> int:
    """Count what has a receipt and is not at a desk, and what got no receipt."""
    wanted = senders.sent.keys()
    missing: int = sum(len(wanted - one["seen"].keys()) for one in told)
    cut: int = sum(one["total"] != len(one["queue"]) for one in told)
    return missing + senders.failures + cut


def figures(senders: Senders, told: list[dict[str, Any]]) -> dict[str, Any]:
    """Return how fast what people wrote was there, and where it stood at the end."""
    first, everywhere = [], []
    for message in senders.real_messages:
        times = [one["seen"].get(message, math.inf) for one in told]
        first.append(min(times) - senders.sent[message])
        everywhere.append(max(times) - senders.sent[message])
    queues = [one["queue"] + one["hostile"] for one in told]
    return {
        "real": len(senders.real),
        "flood": len(senders.flood),
        "p99_visible_s": share_of(first, 0.99),
        "p99_everywhere_s": share_of(everywhere, 0.99),
        "real_above_flood": min(above(queue, senders) for queue in queues),
        "real_put_away": len(senders.real & {away for one in told for away in one["hostile"]}),
        "put_away": min(len(one["hostile"]) for one in told),
        "desks_differ": sum(queue != queues[0] for queue in queues),
        "agree": int(all(queue == queues[0] for queue in queues)),
        "records_a_message": round(max(o["records"] for o in told) / len(senders.sent), 2),
        "today_p95_ms": max(one["today_p95_ms"] for one in told),
    }


def above(queue: list[str], senders: Senders) -> float:
    """Return the share of people who stand above 95 % of the flood in a queue."""
    below, stands = len(senders.flood), 0
    for conversation in queue:
        if conversation in senders.flood:
            below -= 1
        elif conversation in senders.real:
            stands += below >= ABOVE * len(senders.flood)
    return round(stands / max(1, len(senders.real)), 3)


def share_of(values: list[float], share: float) -> float:
    """Return the value that this share does not exceed."""
    ordered = sorted(values) or [math.inf]
    return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 2)


def work(senders: Senders) -> dict[str, Any]:
    """Return what senders paid and waited for."""
    return {
        "p99_receipt_s": share_of(senders.waits, 0.99),
        "late_s": round(senders.late, 1),
        "bits_most": senders.bits_most,
    }


if __name__ == "__main__":
    sys.exit(main())
