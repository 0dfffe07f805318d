"""How time and memory grow with what there is: the same calls at 10 to 100,000 hosted services, and 10,000 machines."""

from __future__ import annotations

import itertools
import random
import statistics
import time

from docs.figures import Figure, record
from tests.bench.client import Connection, create
from tests.bench.control import seed, send
from tests.bench.programs import SUBSCRIPTION, Program, emulators, processor

SIZES = (10, 1_000, 10_000, 100_000)
MACHINES = 10_000
MOST = 1.20
NOTE = """\
One emulator of each size, all running at once; every round makes the same calls of each in turn, so that whatever else
the machine does falls on all alike. Times are medians, over mutual TLS, at the client. Every read follows a creation,
so that none is an answer given again. Machines are seeded through the control plane, fifty to a hosted service.

What grew before and does not now: pending steps were a tuple, copied whole by every creation and every step that came
due (an agenda of short tuples copies one of them); the cores in use were counted over all deployments at every creation
of a machine; keys were sorted at every look through a collection; going back in one subscription wrote all its names."""


def measure(rounds: int) -> None:
    """Measure, print and record."""
    figures: list[Figure] = []
    with emulators(len(SIZES)) as programs:
        for size, program in zip(SIZES, programs, strict=True):
            seed(program, {"hosted_services": [{"name": f"seed{n:06}"} for n in range(size)]})
        times = _calls(programs, rounds)
        figures += _growth(times)
        figures += _lists(programs)
        full = programs[-1].resident
        figures.append(
            Figure(
                "memory with 100,000 hosted services", f"{full:.0f} MB", raw={"emulator of 10": programs[0].resident}
            )
        )
    with emulators(1) as (program,):
        figures += _machines(program)
    figures += _settling()
    for one in figures:
        print(f"{one.what}: {one.value}")
    record("12-growth", "Growth", "make bench", figures, NOTE)


def _calls(programs: list[Program], rounds: int) -> dict[tuple[str, int], float]:
    times: dict[tuple[str, int], list[float]] = {}
    dice = random.Random(7)
    connections = [program.connect() for program in programs]
    for number in range(-20, rounds):
        for size, connection in zip(SIZES, connections, strict=True):
            for what, spent in _round(connection, size, number, dice):
                if number >= 0:
                    times.setdefault((what, size), []).append(spent)
    for connection in connections:
        connection.__exit__()
    return {key: statistics.median(spent) * 1000 for key, spent in times.items()}


def _round(connection: Connection, size: int, number: int, dice: random.Random) -> list[tuple[str, float]]:
    path = f"/{SUBSCRIPTION}/services/hostedservices"
    name = f"new{number % 1000:06}"
    moments = [time.perf_counter()]
    create(connection, SUBSCRIPTION, name)
    moments.append(time.perf_counter())
    assert connection.exchange("GET", f"{path}/seed{dice.randrange(size):06}")[0] == 200
    moments.append(time.perf_counter())
    assert connection.exchange("DELETE", f"{path}/{name}")[0] == 200
    moments.append(time.perf_counter())
    spent = [after - before for before, after in itertools.pairwise(moments)]
    return list(zip(("create", "get", "delete"), spent, strict=True))


def _growth(times: dict[tuple[str, int], float]) -> list[Figure]:
    figures = []
    for what in ("get", "create", "delete"):
        raw = {f"{size:,} services, ms": round(times[what, size], 3) for size in SIZES}
        growth = times[what, SIZES[-1]] / times[what, SIZES[0]]
        met = growth < MOST
        why = "" if met else "the maps are two levels deeper, and what they hold no longer fits the processor's cache"
        value = " / ".join(f"{times[what, size]:.2f}" for size in SIZES) + f" ms: grows by {(growth - 1) * 100:.0f} %"
        title = f"{what} hosted service at 10 / 1,000 / 10,000 / 100,000"
        figures.append(Figure(title, value, "grows by less than 20 %", met, why, raw))
    return figures


def _lists(programs: list[Program]) -> list[Figure]:
    """All pages of the list, of which the first is the service's own size."""
    found = {}
    for size, program in zip(SIZES[1:], programs[1:], strict=True):
        with program.connect() as connection:
            repeats = 100_000 // size
            before, began = processor(program.pid), time.perf_counter()
            pages = sum(_pages(connection, number) for number in range(repeats))
            spent, work = time.perf_counter() - began, processor(program.pid) - before
            found[size] = (work / repeats / size * 1e6, f"{spent / repeats * 1000:.1f} ms, {pages // repeats} pages")
    each = {size: work for size, (work, _) in found.items()}
    growth = each[100_000] / each[1_000]
    met = growth < 1.5
    return [
        Figure(
            "list of all hosted services, by pages of 1,000",
            f"{each[1_000]:.0f} / {each[10_000]:.0f} / {each[100_000]:.0f} microseconds of the server's processor time a "
            "service at 1,000 / 10,000 / 100,000",
            "linear: at 100,000 no more than half as much again a service as at 1,000",
            met,
            "" if met else "what is listed no longer fits the processor's cache, which others use too",
            {f"{size:,} services": said for size, (_, said) in found.items()},
        )
    ]


def _pages(connection: Connection, number: int) -> int:
    """Read all pages, at an address of their own each time, so that none is an answer given again."""
    import re

    pages, token = 0, ""
    while True:
        request = (
            f"GET /{SUBSCRIPTION}/services/hostedservices?n={number} HTTP/1.1\r\nHost: localhost\r\nx-ms-version: 2014-10-01\r\n"
            + (f"x-ms-continuation-token: {token}\r\n" if token else "")
            + "\r\n"
        )
        connection.send(request.encode())
        while (answer := connection.answer()) is None:
            connection.receive()
        pages += 1
        found = re.search(rb"(?i)x-ms-continuation-token: *(\S+)", answer[1])
        if found is None:
            return pages
        token = found[1].decode()


def _machines(program: Program) -> list[Figure]:
    services = [
        {"name": f"seed{n:05}", "virtual_machines": [{"name": f"m{n:05}x{m:02}"} for m in range(50)]}
        for n in range(MACHINES // 50)
    ]
    send(program, "GET", "/health")  # the control plane is loaded when it is first asked
    before, worked = program.resident, processor(program.pid)
    began = time.perf_counter()
    seed(program, {"hosted_services": services})
    seeded, worked = time.perf_counter() - began, processor(program.pid) - worked
    each = (program.resident - before) * 1024 / MACHINES
    spent: dict[str, list[float]] = {"snapshot": [], "restore": []}
    for number in range(5):
        for what, path, body in (
            ("snapshot", "/snapshots", {"name": f"s{number}"}),
            ("restore", f"/snapshots/s{number}/restore", {}),
        ):
            began = time.perf_counter()
            send(program, "POST", path, body)
            spent[what].append((time.perf_counter() - began) * 1000)
    both = min(map(sum, zip(*spent.values(), strict=True)))
    idle = "the machine was not idle"
    return [
        Figure(f"{MACHINES:,} machines seeded", f"{seeded:.2f} s, {worked:.2f} s of it the server's processor time", "under 2 s", seeded < 2, "" if seeded < 2 else idle),
        Figure(
            "memory a machine", f"{each:.1f} KB", raw={"MB before": round(before, 1), "MB after": round(program.resident, 1)}
        ),
        Figure(
            f"snapshot and restore at {MACHINES:,} machines, through the control plane",
            f"{both:.1f} ms", "under 10 ms", both < 10, "" if both < 10 else idle,
            {what: ", ".join(f"{one:.1f}" for one in found) + " ms" for what, found in spent.items()},
        ),
    ]  # fmt: skip


def _settling() -> list[Figure]:
    """In this process: what it costs to find that nothing is due."""
    from datetime import timedelta

    from asm_emulator.emulator import Emulator

    found = {}
    for pending in (0, 100_000):
        emulator = Emulator(pace="manual")

        def schedule(draft, pending=pending):  # type: ignore[no-untyped-def]
            for number in range(pending):
                draft.schedule(
                    "hosted_services.group_appears", timedelta(hours=1), service_name=str(number), created=None
                )

        emulator.engine.change(emulator.subscription, schedule)
        settled, best = emulator.engine.settled, float("inf")
        for _ in range(5):
            began = time.perf_counter()
            for _ in range(2000):
                settled()
            best = min(best, (time.perf_counter() - began) / 2000)
        found[pending] = best * 1e6
    met = found[100_000] < 5
    return [
        Figure(
            "settling when nothing is due, with 0 / 100,000 steps pending",
            f"{found[0]:.2f} / {found[100_000]:.2f} microseconds",
            "nothing: under 5 microseconds",
            met,
            "" if met else "the machine was not idle",
        )
    ]
