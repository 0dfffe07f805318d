"""Measure how hostile input fares: ``python -m tests.hostile [SECTION...]``, which is ``make hostile``.

Sections: xml, http, tls.  Each writes its figures to docs/figures.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Final

from docs.figures import Figure, record
from tests.hostile import abuse, bombs, scan


def xml() -> None:
    """Bodies that take a parser apart."""
    took = bombs.measure()
    slow = [one for one in took if one.seconds > bombs.MOST_TIME]
    slowest = sorted(took, key=lambda one: -one.seconds)
    largest = max(took, key=lambda one: one.memory)
    refused = [one for one in took if one.status in (400, 413)]
    figures = [
        Figure("bodies, of a megabyte at most, that are refused", f"{len(refused)} of {len(took)}", "all", len(refused) == len(took), "see the test of them"),
        Figure(
            "the slowest: " + slowest[0].name, f"{slowest[0].seconds * 1000:.0f} ms", "≤ 50 ms", not slow,
            f"{len(slow)} take longer: {', '.join(one.name for one in slow)}. A part of it is that the machine was shared"
            if slow else "", {one.name: f"{one.seconds * 1000:.0f} ms" for one in slowest[:12]},
        ),
        Figure(
            "the median of them", f"{slowest[len(slowest) // 2].seconds * 1000:.1f} ms",
        ),
        Figure(
            "the largest: " + largest.name, f"{largest.memory / 2**20:.1f} MB more than before", "≤ 20 MB",
            largest.memory <= bombs.MOST_MEMORY, "see the raw numbers",
        ),
    ]  # fmt: skip
    note = (
        "From the request's first byte to the answer, without sockets; memory is the process's largest resident size."
    )
    record("31-xml", "Bodies that take parsers apart", "make hostile ARGS=xml", figures, note)


def http() -> None:
    """Clients that mean harm."""
    figures = []
    with abuse.victim() as victim:
        abuse.attack(victim, abuse.expectations)  # warms up
        before = abuse.settled(victim, {"threads": 0, "files": 0}, patience=3)
        for attack in abuse.ATTACKS:
            found = abuse.attack(victim, attack)
            fine = not found.failures and victim.alive
            figures.append(
                Figure(
                    f"{found.name}: {found.said}",
                    f"{found.answers} answers to others meanwhile, median {found.median * 1000:.0f} ms, slowest {found.slowest * 1000:.0f} ms",
                    "all served", fine, "; ".join(found.failures[:3]) or "the server ended",
                    {"memory": f"{found.size['memory'] >> 20} MB", "threads": found.size["threads"], "files": found.size["files"]},
                )
            )  # fmt: skip
            sys.stdout.write(f"{figures[-1].what}: {figures[-1].value} {found.failures[:3] or ''}\n")
            sys.stdout.flush()
        after = abuse.settled(victim, before)
        left = after["threads"] > before["threads"] or after["files"] > before["files"]
        figures.append(
            Figure(
                "left behind by all of it", f"{after['threads'] - before['threads']} threads, {after['files'] - before['files']} files, {(after['memory'] - before['memory']) / 2**20:+.0f} MB",
                "no thread, no file", not left, "some were still within their time limits", {"before": before, "after": after},
            )
        )  # fmt: skip
        code = victim.stop()
    figures.append(Figure("exit code after it", str(code), "0", code == 0, "see the log"))
    note = "Two good clients ask all the while: one on a connection that it keeps, one that connects anew every time."
    record("32-http", "Clients that mean harm", "make hostile ARGS=http", figures, note)


def tls() -> None:
    """Protocols, ciphers, and who gets at what."""
    record("33-tls-access", "TLS and access", "make hostile ARGS=tls", scan.figures())


SECTIONS: Final[dict[str, Callable[[], None]]] = {"xml": xml, "http": http, "tls": tls}


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    for name in parser.parse_args().sections or SECTIONS:
        SECTIONS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
