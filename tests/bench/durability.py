"""What it costs to keep the state: writes in memory and with ``--state``, starts with much in it, and compacting."""

from __future__ import annotations

import time
import timeit
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from docs.figures import Figure, record
from tests.bench.client import Play, Seen, together
from tests.bench.control import seed
from tests.bench.programs import SUBSCRIPTION, Program, emulator

from asm_emulator.doors import Door
from asm_emulator.durable.reading import read
from asm_emulator.emulator import Emulator

MODES = ("memory", "never", "second", "always")
MACHINES = 10_000
PER_SERVICE = 10
NOTE = """\
`memory` is without `--state`; the others are with it, and say when changes are forced to the disk. A client is a process
with one connection that creates and deletes hosted services. Servers of all modes run at the same time and are measured
in turn; the best of the rounds is taken. The disk is the machine's own, shared with everybody else on it."""


def measure(seconds: float, rounds: int, numbers: list[int]) -> None:
    """Measure, print and record."""
    figures = [*_writes(seconds, rounds, numbers), _nothing(), *_much(seconds)]
    for one in figures:
        print(f"{one.what}: {one.value}")
    clients = ",".join(map(str, numbers))
    command = f"make bench ARGS='--only durability --seconds {seconds:g} --rounds {rounds} --clients {clients}'"
    record("20-durability", "Durability: what it costs", command, figures, NOTE)


def _writes(seconds: float, rounds: int, numbers: list[int]) -> list[Figure]:
    found: dict[tuple[str, int], list[Seen]] = {}
    sizes: dict[str, tuple[int, int]] = {}
    with ExitStack() as stack:
        programs: dict[str, Program] = {}
        states: dict[str, Path] = {}
        for mode in MODES:
            scratch = Path(stack.enter_context(TemporaryDirectory()))
            states[mode] = scratch / "state"
            kept = [] if mode == "memory" else ["--state", str(states[mode]), "--state-sync", mode]
            programs[mode] = stack.enter_context(emulator(scratch, more=kept))
        for number in range(rounds):
            for clients in numbers:
                for mode in MODES:
                    before = _journal(states[mode])
                    seen = _play(programs[mode], clients, seconds, f"n{number}c{clients}")
                    if number == 0 and clients == numbers[0] and mode != "memory":
                        sizes[mode] = (_journal(states[mode]) - before, sum(one.count for one in seen))
                    if (mode, clients) not in found or _rate(seen) > _rate(found[mode, clients]):
                        found[mode, clients] = seen
    figures = []
    for clients in numbers:
        base = _rate(found["memory", clients])
        for mode in MODES:
            seen = found[mode, clients]
            what = "in memory" if mode == "memory" else f"--state-sync {mode}"
            figures.append(
                Figure(
                    f"writes {what}, {clients} client{'s' if clients > 1 else ''}",
                    f"{_rate(seen):,.0f} requests/s, p50 {max(one.p50 for one in seen):.2f} ms, "
                    f"p99 {max(one.p99 for one in seen):.2f} ms; of memory {_rate(seen) / base:.2f}",
                )
            )
    octets, count = sizes["never"]
    figures.append(
        Figure("journal per write (create or delete a hosted service)", f"{octets / max(count, 1):,.0f} bytes")
    )
    return figures


def _play(program: Program, clients: int, seconds: float, prefix: str) -> list[Seen]:
    more = {"subscription": SUBSCRIPTION}
    return together(
        [
            Play("services", program.port, str(program.directory), seconds, prefix=f"{prefix}x{client}x", more=more)
            for client in range(clients)
        ]
    )


def _rate(seen: list[Seen]) -> float:
    return sum(one.rate for one in seen)


def _journal(directory: Path) -> int:
    return sum(one.stat().st_size for one in directory.glob("*.journal"))


def _nothing() -> Figure:
    """What a write pays in memory for the door through which it could be kept."""
    engine = Emulator(pace="manual").engine

    def through_the_door() -> None:
        with Door(engine):
            pass

    def under_the_lock() -> None:
        with engine.lock:
            pass

    door = min(timeit.repeat(through_the_door, number=20_000, repeat=7)) / 20_000
    lock = min(timeit.repeat(under_the_lock, number=20_000, repeat=7)) / 20_000
    return Figure(
        "without --state: what a write pays for the door beside the lock that it took before",
        f"{(door - lock) * 1e6:.2f} microseconds",
        "nothing that is seen: under 2 microseconds",
        door - lock < 2e-6,
        "" if door - lock < 2e-6 else "the machine was not idle",
        {"door, ns": round(door * 1e9), "lock, ns": round(lock * 1e9)},
    )


def _much(seconds: float) -> list[Figure]:
    """Starts with ten thousand machines, and requests while that is compacted."""
    services = MACHINES // PER_SERVICE
    estate = {
        "storage_accounts": [{"name": "benchaccount"}],
        "hosted_services": [
            {
                "name": f"much{service}",
                "virtual_machines": [{"name": f"m{service}x{one}"} for one in range(PER_SERVICE)],
            }
            for service in range(services)
        ],
    }
    with TemporaryDirectory() as directory:
        scratch = Path(directory)
        kept = ["--state", str(scratch / "state")]
        with emulator(scratch, more=kept) as program:
            empty = program.started
            seed(program, estate)
            whole = _journal(scratch / "state")
        with emulator(scratch, more=kept) as program:
            from_journal = program.started
            # The estate once more: now the journal is longer than it may be.
            estate["hosted_services"] = [
                {**one, "name": f"again{one['name']}"}  # type: ignore[dict-item]
                for one in estate["hosted_services"]
            ]
            del estate["storage_accounts"]
            seed(program, estate)
            busy = _play(program, 1, seconds * 4, "b")[0]
            for number in range(600):
                if len(list((scratch / "state").glob("*.journal"))) == 1 and number:
                    break
                time.sleep(0.1)
            quiet = _play(program, 1, seconds * 4, "q")[0]
        with emulator(scratch, more=kept) as program:
            from_snapshot = program.started
        began = time.process_time()
        read(scratch / "state")
        reading = time.process_time() - began
        size = sum(one.stat().st_size for one in (scratch / "state").glob("*.snapshot"))
    return [
        Figure(
            f"start to first answer with {MACHINES:,} machines from the journal",
            f"{from_journal:.2f} s, {from_journal - empty:.2f} s more than empty",
            raw={"empty, s": round(empty, 2), "bytes": whole},
        ),
        Figure(
            f"start to first answer with {2 * MACHINES:,} machines from a snapshot",
            f"{from_snapshot:.2f} s, {from_snapshot - empty:.2f} s more than empty",
            raw={"bytes": size},
        ),
        Figure(
            f"processor time to read {2 * MACHINES:,} machines back from their snapshot",
            f"{reading:.2f} s",
            "under 2 s for ten thousand",
            reading < 4,
            "" if reading < 4 else "the machine was not idle",
        ),
        Figure(
            f"writes while {2 * MACHINES:,} machines are compacted, 1 client",
            f"p50 {busy.p50:.2f} ms, p99 {busy.p99:.2f} ms (afterwards: p50 {quiet.p50:.2f} ms, p99 {quiet.p99:.2f} ms)",
            "p99 under 50 ms",
            busy.p99 < 50,
            "" if busy.p99 < 50 else "the machine was not idle, and both processes shared two cores with others",
        ),
    ]
