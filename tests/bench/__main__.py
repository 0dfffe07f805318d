"""How fast the emulator is: ``make bench``.  Figures compare within one run; machines are shared and noisy.

Every program is a process of its own, and so is every client.  What is found goes into docs/figures.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.bench import durability, growth, peers, reads, start, suite, writes

PARTS = ("reads", "writes", "growth", "start", "durability", "peers", "tests")


def main() -> None:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--only", default="reads,writes,growth,start,durability", help=f"parts, with commas: {', '.join(PARTS)}"
    )
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each measurement of a rate takes")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured; the best is taken")
    parser.add_argument("--connections", default="1,8,32", help="numbers of connections, with commas")
    parser.add_argument("--clients", default="1,2,4", help="numbers of clients that write, with commas")
    parser.add_argument("--before", type=Path, metavar="DIR", help="an earlier checkout, whose tests are run as well")
    parser.add_argument("--paths", default="tests", help="which tests are run, with commas")
    given = parser.parse_args()
    connections = [int(one) for one in given.connections.split(",")]
    clients = [int(one) for one in given.clients.split(",")]
    wanted = given.only.split(",")
    if unknown := set(wanted) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if "start" in wanted:
        start.measure(given.rounds * 3)
    if "reads" in wanted:
        reads.measure(given.seconds, given.rounds, connections)
    if "writes" in wanted:
        writes.measure(given.seconds, given.rounds, clients)
    if "growth" in wanted:
        growth.measure(given.rounds * 200)
    if "durability" in wanted:
        durability.measure(given.seconds, given.rounds, clients)
    if "peers" in wanted:
        peers.measure(given.seconds, given.rounds)
    if "tests" in wanted:
        suite.measure(given.before, given.paths.split(","))


if __name__ == "__main__":
    main()
