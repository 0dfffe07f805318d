"""Fuzz every declared operation: ``python -m tests.fuzz [--cases N]``, which is ``make fuzz``.

Every case is another one in every run.  What finds something is made as small as it gets, kept in the corpus, printed
and counted; the run goes on.  With ``--and-earlier`` the figures are those of the earlier runs with it, too: so a long
night may be had in pieces.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from docs import figures
from hypothesis import HealthCheck, Phase, given, seed, settings
from tests.fuzz import codec
from tests.fuzz.corpus import keep
from tests.fuzz.range import Range
from tests.fuzz.shots import Aimed, good_shot, shots
from tests.fuzz.wires import Feed, feeds

from asm_contracts.catalogue import all_operations

TALLY: Final = Path("build/fuzz.json")
HANGS: Final = 60
"""Seconds after which one case counts as a hang: the process says where it was, and ends."""


def main() -> int:
    """Run; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=200_000, help="how many requests (200,000)")
    parser.add_argument("--bytes", type=int, default=200_000, help="how many inputs for the codec alone, with atheris")
    parser.add_argument(
        "--minutes", type=float, default=None, help="stop after so long, with the counts of what was sent"
    )
    parser.add_argument("--seed", type=int, default=None, help="what the cases are made from")
    parser.add_argument("--and-earlier", action="store_true", help="count earlier runs with this option in")
    parser.add_argument(
        "--only-tally", action="store_true", help="keep the counts for such a run, and write no figures"
    )
    options = parser.parse_args()
    begun, chosen = time.monotonic(), options.seed if options.seed is not None else random.randrange(2**32)
    place, found = Range(), []
    operations = all_operations()
    each = max(1, options.cases * 9 // 10 // len(operations))
    with place.listening():
        tasks = list(_tasks(place, each, options.cases - each * len(operations), chosen))
        random.Random(chosen).shuffle(tasks)
        for name, fire in tasks:
            if options.minutes is not None and time.monotonic() - begun > options.minutes * 60:
                break
            failure = _run(fire)
            if failure:
                found.append(name)
                sys.stdout.write(f"{name}: {failure}\n")
                sys.stdout.flush()
    faulthandler.cancel_dump_traceback_later()
    tally: dict[str, Any] = {
        "runs": 1, "cases": place.fired, "answers": dict(place.met), "accepted": sum(place.accepted.values()),
        "reached": sorted(place.accepted), "found": found, "seconds": round(time.monotonic() - begun),
        **codec.fuzz(options.bytes, chosen),
    }  # fmt: skip
    if options.and_earlier and TALLY.exists():
        tally = _sum(json.loads(TALLY.read_text()), tally)
    TALLY.parent.mkdir(exist_ok=True)
    TALLY.write_text(json.dumps(tally))
    sys.stdout.write(json.dumps({key: value for key, value in tally.items() if key != "reached"}) + "\n")
    if not options.only_tally:
        _record(tally)
    return 1 if found else 0


def _tasks(place: Range, each: int, on_bytes: int, chosen: int) -> Iterator[tuple[str, Callable[[], None]]]:
    every = all_operations()
    for operation in every:
        strategy = shots(operation, place.emulator.subscription, place.world, place.good.get(operation.name, ()))

        def fire(aimed: Aimed, name: str = operation.name) -> None:
            faulthandler.dump_traceback_later(HANGS, exit=True)
            wire = aimed.shot.wire()
            _judged(lambda: place.fire(wire, name, aimed.base), wire, name, aimed.base)

        yield operation.name, _property(strategy, fire, each, chosen)
    good = [
        good_shot(one, place.emulator.subscription, place.good[one.name][0].arguments).wire()
        for one in every
        if one.name in place.good
    ]

    def send(feed: Feed) -> None:
        faulthandler.dump_traceback_later(HANGS, exit=True)
        _judged(lambda: place.feed(feed), feed.wire)

    yield "HTTP", _property(feeds(good), send, on_bytes, chosen)


class _Last:
    wire: tuple[bytes, str, int] = (b"", "", -1)


def _judged(fire: Callable[[], object], wire: bytes, operation: str = "", base: int = -1) -> None:
    try:
        fire()
    except BaseException:
        _Last.wire = (wire, operation, base)  # the last one that fails is the smallest
        raise


def _property(strategy: Any, check: Callable[[Any], None], cases: int, chosen: int) -> Callable[[], None]:
    wrapped = given(strategy)(lambda case: check(case))
    wrapped = settings(
        max_examples=cases, database=None, deadline=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink], report_multiple_bugs=False,
    )(wrapped)  # fmt: skip
    return seed(chosen)(wrapped)


def _run(fire: Callable[[], None]) -> str:
    """What a property has shown; nothing if it holds."""
    try:
        fire()
    except Exception as problem:
        return f"{problem} ({keep(*_Last.wire)})"
    return ""


def _sum(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    summed = {
        key: one[key] + other[key] for key in ("runs", "cases", "accepted", "found", "seconds", "bytes", "crashes")
    }
    answers = dict(Counter(one["answers"]) + Counter(other["answers"]))
    reached = sorted({*one["reached"], *other["reached"]})
    return {**summed, "answers": answers, "reached": reached, "without": other["without"]}


def _record(tally: dict[str, Any]) -> None:
    operations = all_operations()
    mutations = [one.name for one in operations if one.is_mutation]
    reached = [name for name in mutations if name in tally["reached"]]
    rate = tally["cases"] / max(1, tally["seconds"])
    lines = [
        figures.Figure(
            f"bad requests, for {len(operations)} operations and for HTTP itself",
            f"{tally['cases']:,}", "≥ 200,000", tally["cases"] >= 200_000,
            ""
            if tally["cases"] >= 200_000
            else f"{tally['seconds'] // 60} minutes on a shared machine: two idle cores and an hour of `make fuzz` would mend it",
            {"answers": tally["answers"], "runs": tally["runs"], "a second": round(rate)},
        ),
        figures.Figure(
            "of them answered with a 5xx, a traceback, a hang, or a change where they were refused",
            str(len(tally["found"])), "0", not tally["found"],
            f"found in {', '.join(tally['found'])}; kept in the corpus" if tally["found"] else "",
        ),
        figures.Figure(
            "operations that change something and did so in spite of it (behaviour was reached)",
            f"{len(reached)} of {len(mutations)}", raw={"requests that took effect": tally["accepted"]},
        ),
        figures.Figure(
            "inputs for the codec alone, guided by coverage", f"{tally['bytes']:,}", "no crash",
            None if tally["without"] else not tally["crashes"],
            tally["without"] or (f"{tally['crashes']} crashes" if tally["crashes"] else ""),
        ),
    ]  # fmt: skip
    figures.record("30-fuzz", "Bad requests", "make fuzz", lines)


if __name__ == "__main__":
    sys.exit(main())
