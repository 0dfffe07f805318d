"""Kills a loaded server again and again, and compares what it has kept with what clients were told: ``make kill``.

A server with ``--state`` runs in a process of its own.  Clients change things over TLS, each only what is its own, and
write down what they were told.  At a random moment, also while it starts, the process gets SIGKILL.  Then the
directory is read, and the server started again: everything that was answered must be there, of everything that was
not either all or nothing, no request id may come twice, time may not have gone back, and operations that were under
way must come to their end.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asm_client.client import Client
from asm_client.transport import ConnectionFailed, HttpsTransport
from asm_contracts.areas.hosted_services import CreateHostedService, UpdateHostedService
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.errors import ServiceError
from asm_emulator.controlling import Control, ControlError
from asm_emulator.durable.reading import read
from asm_emulator.state import State

ROOT = Path(__file__).parent.parent
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
CLIENTS = 4
NAMES = 6
"""Hosted services of each client."""
COMPACT_AT = 150_000
"""Bytes after which the server compacts: often enough to be killed while it does."""
ABSENT = None


def serve(directory: Path) -> int:
    """What the killed process runs: the command line's own server, which only compacts sooner."""
    from asm_emulator import cli
    from asm_emulator.durable import store

    store.COMPACT_AT = COMPACT_AT  # type: ignore[misc]
    ports = ["--port", "0", "--control-port", "0"]
    where = ["--certs", str(directory / "certs"), "--state", str(directory / "state")]
    return cli.main(["serve", *ports, *where, "--quota", "hosted-services=1000", "--quota", "storage-accounts=10000"])


# -- clients ----------------------------------------------------------------------------------------------------------


@dataclass
class Thing:
    """A hosted service (its label is its value) or a storage account; only one client changes it.

    sure: the values it may have: one, or two while nobody knows whether the last change came to pass
    """

    sure: set[str | None] = field(default_factory=lambda: {ABSENT})
    wanted: str | None = ABSENT
    """What it has if the last change came to pass."""


class Worker:
    """A client with things of its own."""

    def __init__(self, number: int, seed: int) -> None:
        self.number = number
        self.dice = random.Random(seed)
        self.services: dict[str, Thing] = {f"kill-{number}-{one}": Thing() for one in range(NAMES)}
        self.accounts: dict[str, Thing] = {}
        self.operations: dict[str, str] = {}
        """Request ids that were accepted, and the last status they were seen with."""
        self.ids: list[str] = []
        self.told = 0
        self.trouble: list[str] = []
        self._counter = 0

    def work(self, endpoint: str, certs: Path) -> None:
        """Change things until the server is gone."""
        transport = HttpsTransport(endpoint, certs / "management.pem", ca=certs / "ca.pem")
        with Client(transport, SUBSCRIPTION) as azure:
            try:
                while True:
                    self._one(azure)
            except ConnectionFailed:
                return
            except ServiceError as problem:
                self.trouble.append(f"client {self.number} was refused: {problem}")

    def _one(self, azure: Client) -> None:
        self._counter += 1
        if self.dice.random() < 0.25:
            name = f"k{self.number}x{self._counter}"
            self.accounts[name] = thing = Thing()
            body = CreateStorageServiceInput(service_name=name, label="l", location="West US")
            accepted = self._told(thing, name, azure, lambda: azure.create_storage_account(body))
            self.operations[accepted.request_id] = "InProgress"
            return
        name = self.dice.choice(list(self.services))
        thing = self.services[name]
        (value,) = thing.sure
        label = f"{name} {self._counter}"
        if value is ABSENT:
            made = CreateHostedService(service_name=name, label=label, location="West US")
            self._told(thing, label, azure, lambda: azure.create_hosted_service(made))
        elif self.dice.random() < 0.3:
            self._told(thing, ABSENT, azure, lambda: azure.delete_hosted_service(name))
        else:
            self._told(thing, label, azure, lambda: azure.update_hosted_service(name, UpdateHostedService(label=label)))

    def _told(self, thing: Thing, value: str | None, azure: Client, call: Any) -> Any:
        thing.sure, thing.wanted = {*thing.sure, value}, value
        answer = call()
        thing.sure = {value}
        self.told += 1
        self.ids.append(azure.last_request_id)
        return answer

    def compare(self, state: State) -> tuple[int, int]:
        """Compare with what was kept; how many changes nobody was told of have come to pass, and have not."""
        kept = state.subscriptions[SUBSCRIPTION]
        done = undone = 0
        for name, thing in (*self.services.items(), *self.accounts.items()):
            service, account = kept.hosted_services.get(name), kept.storage_accounts.get(name)
            value = service.label if service else account.name if account else ABSENT
            if value not in thing.sure:
                self.trouble.append(f"{name} is {value!r}, and clients were told {thing.sure}")
            if len(thing.sure) > 1:
                done, undone = done + (value == thing.wanted), undone + (value != thing.wanted)
            thing.sure = {value}
        for request_id in self.operations:
            if request_id not in kept.operations:
                self.trouble.append(f"the accepted operation {request_id} is not known")
        return done, undone

    def finish(self, azure: Client) -> None:
        """Wait for everything that was accepted before the last kill: it must come to its end by itself."""
        deadline = time.monotonic() + 20
        for request_id, status in list(self.operations.items()):
            while status == "InProgress" and time.monotonic() < deadline:
                status = azure.get_operation_status(request_id).status
            if status != "Succeeded":
                self.trouble.append(f"the operation {request_id} is {status}")
            del self.operations[request_id]
        for name in list(self.accounts):
            if self.accounts[name].sure != {ABSENT}:
                found = azure.get_storage_account_properties(name).storage_service_properties
                if found is None or found.status != "Created":
                    continue
                azure.delete_storage_account(name)
            del self.accounts[name]


# -- killing ----------------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """What came of it."""

    kills: int = 0
    while_starting: int = 0
    told: int = 0
    done: int = 0
    undone: int = 0
    torn: int = 0
    generations: int = 0
    replayed: int = 0
    slowest_start: float = 0.0
    trouble: list[str] = field(default_factory=list)


class Killing:
    """One directory, and the servers that live and die in it."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.directory = directory
        self.dice = random.Random(seed)
        self.workers = [Worker(number, seed + number) for number in range(CLIENTS)]
        self.tally = Tally()
        self.least = 0
        self._latest = ""

    def run(self, kills: int, seconds: float, least: int = 0) -> Tally:
        """Kill so many servers, or as many as the seconds are enough for; then one more start, which ends in peace.

        least: how many changes clients are told of in each life, however long that takes on a machine that is busy
        """
        self.least = least
        ends = time.monotonic() + seconds
        while self.tally.kills < kills and time.monotonic() < ends and not self.tally.trouble:
            self._live(kill=True)
        self._live(kill=False)
        ids = [one for worker in self.workers for one in worker.ids]
        if len(set(ids)) != len(ids):
            self.tally.trouble.append("a request id was given twice")
        self.tally.told = self._told()
        return self.tally

    def _told(self) -> int:
        return sum(worker.told for worker in self.workers)

    def _live(self, *, kill: bool) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.kill", "--serve", str(self.directory)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        try:
            if kill and self.dice.random() < 0.15:
                time.sleep(self.dice.uniform(0.1, 0.6))  # somewhere in its start, which is what is to be hit
                self.tally.while_starting += 1
            else:
                self._use(process, kill)
        finally:
            process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
            process.communicate(timeout=30)
        self.tally.kills += kill
        if not kill and process.returncode != 0:
            self.tally.trouble.append(f"the last server ended with {process.returncode}")
        self._check()

    def _use(self, process: subprocess.Popen[str], kill: bool) -> None:
        began = time.monotonic()
        assert process.stdout is not None
        lines: list[str] = []
        while not any(line.startswith("try:") for line in lines):
            line = process.stdout.readline()
            if not line:
                self.tally.trouble.append("the server did not start")
                return
            lines.append(line)
        self.tally.slowest_start = max(self.tally.slowest_start, time.monotonic() - began)
        said = {one.split()[0]: one.split()[1] for one in lines if one.startswith("  ")}
        control = Control(said["control"])
        now = control.clock()["now"]
        if now < self._latest:
            self.tally.trouble.append(f"the time went back from {self._latest} to {now}")
        certs = self.directory / "certs"
        transport = HttpsTransport(said["endpoint"], certs / "management.pem", ca=certs / "ca.pem")
        with Client(transport, SUBSCRIPTION) as azure:
            for worker in self.workers:
                worker.finish(azure)
        if not kill:
            return
        threads = [threading.Thread(target=one.work, args=(said["endpoint"], certs)) for one in self.workers]
        for thread in threads:
            thread.start()
        before = self._told()
        ends = time.monotonic() + self.dice.uniform(0.02, 0.7)
        patience = ends + 20
        try:
            while time.monotonic() < (patience if self._told() < before + self.least else ends):
                self._latest = control.advance(0.1)["now"]
        except ControlError as problem:
            self.tally.trouble.append(str(problem))
        process.kill()
        for thread in threads:
            thread.join()

    def _check(self) -> None:
        """Read the directory as the next start will, and compare it with what clients were told."""
        found = read(self.directory / "state")
        if found is None:
            if any(worker.told for worker in self.workers):
                self.tally.trouble.append("there is nothing in the directory")
            return
        self.tally.torn += found.torn > 0
        self.tally.generations = found.journal
        self.tally.replayed = max(self.tally.replayed, found.records)
        for worker in self.workers:
            done, undone = worker.compare(found.image.state)
            self.tally.done += done
            self.tally.undone += undone
            self.tally.trouble += worker.trouble


def main() -> int:
    """Kill, say what came of it, and with ``--record`` write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--kills", type=int, default=200, help="how often (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=3600, help="and no longer than (default %(default)s)")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32), help="repeats a run's choices")
    parser.add_argument("--record", action="store_true", help="write the figures into docs/figures")
    given = parser.parse_args()
    if given.serve:
        return serve(given.serve)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="asm-kill-") as scratch:
        tally = Killing(Path(scratch), given.seed).run(given.kills, given.seconds)
    print(json.dumps(vars(tally), indent=1))
    if given.record:
        _record(tally, given, time.monotonic() - began)
    return 1 if tally.trouble or tally.kills < given.kills else 0


def _record(tally: Tally, given: argparse.Namespace, seconds: float) -> None:
    from docs.figures import Figure, record

    record(
        "21-kill",
        "Durability: a loaded server killed again and again",
        f"make kill ARGS='--kills {given.kills} --record'",
        [
            Figure(
                "servers killed with SIGKILL under load, and what was answered compared with what was kept",
                f"{tally.kills} kills, {len(tally.trouble)} differences",
                "at least 200 kills, no difference",
                tally.kills >= 200 and not tally.trouble,
                "the run was given less time" if tally.kills < 200 else "; ".join(tally.trouble[:3]),
                {"seed": given.seed, "of them while starting": tally.while_starting, "seconds": round(seconds)},
            ),
            Figure("changes that clients were told of, each found again", str(tally.told)),
            Figure(
                "changes under way at the kill: each was there whole or not at all",
                f"{tally.done + tally.undone}",
                raw={"there": tally.done, "not there": tally.undone},
            ),
            Figure("journals whose last record was cut off", str(tally.torn)),
            Figure("generations: the journal was compacted while it was written and killed", str(tally.generations)),
            Figure("slowest start after a kill", f"{tally.slowest_start:.2f} s"),
        ],
        "Four clients and the control plane change a server that compacts its journal every 150 kB; it is killed at a "
        "random moment, one time in seven while it starts. Operations that were under way end by themselves after it.",
    )


if __name__ == "__main__":
    sys.exit(main())
