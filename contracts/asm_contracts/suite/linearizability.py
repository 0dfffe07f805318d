"""Several clients at once on a few resources: is there an order of their calls that explains every answer?

A history is recorded with the moments at which each call began and ended.  `explain` looks for one order of the calls
that respects those moments and in which a sequential model gives every answer (Wing and Gong's search, remembering the
configurations it has been in: which calls were placed, and what state that left).  Resources are independent, so that
each is searched by itself; a history is linearizable exactly if each of its parts is.
"""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from asm_contracts.areas.hosted_services import CreateHostedService, UpdateHostedService
from asm_contracts.areas.storage_accounts import RegenerateKeys
from asm_contracts.areas.virtual_machines import ShutdownRoleOperation, StartRoleOperation
from asm_contracts.errors import ServiceError
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import Machines
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION

CLIENTS: Final = 8
CALLS: Final = 25
"""Calls of each client: 200 in a history."""
_VERBS: Final = ("create", "delete", "update", "update", "read", "read")
LABELS: Final = ("red", "green", "blue")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one client."""

    client: int
    resource: str
    verb: str
    argument: str
    status: int
    answer: str
    begun: int
    ended: int
    """Positions in the one order in which beginnings and ends were seen."""


Model = Callable[[str, Call], str | None]
"""(state, call) -> the state after it, or None if the call could not have answered so then."""


def service_model(state: str, call: Call) -> str | None:
    """A hosted service: the state is its label, empty when there is none."""
    match call.verb, call.status:
        case ("create", 201):
            return call.argument if not state else None
        case ("create", 409):
            return state if state else None
        case ("delete", 200):
            return "" if state else None
        case ("delete" | "update" | "read", 404):
            return state if not state else None
        case ("update", 200):
            return call.argument if state else None
        case ("read", 200):
            return state if state and call.answer == state else None
    return None


def account_model(state: str, call: Call) -> str | None:
    """An account's primary key: only regenerating changes it, and tells the new one."""
    match call.verb, call.status:
        case ("regenerate", 200):
            return call.answer if call.answer != state else None
        case ("read", 200):
            return state if call.answer == state else None
    return None


def lease_model(state: str, call: Call) -> str | None:
    """A deployment that stands still: the first exclusive operation gets the lease, others are told who has it."""
    match call.verb, call.status:
        case ("shut down", 202):
            return call.answer if not state else None
        case ("shut down", 409):
            return state if state and state in call.answer else None
    return None


MODELS: Final[dict[str, Model]] = {"service": service_model, "account": account_model, "lease": lease_model}


# -- the search -----------------------------------------------------------------------------------------------------


def explain(calls: Sequence[Call], model: Model, state: str = "") -> list[Call] | None:
    """The calls in an order that explains them, or None if there is none.

    Only a call that began before every unplaced one had ended may come next.  A configuration that led nowhere is not
    tried again.
    """
    ordered = sorted(calls, key=lambda one: one.begun)
    all_placed = (1 << len(ordered)) - 1
    dead: set[tuple[int, str]] = set()
    order: list[Call] = []
    stack: list[tuple[int, str, Iterator[tuple[int, str]]]] = [(0, state, _next(ordered, 0, state, model))]
    while stack:
        placed, now, choices = stack[-1]
        if placed == all_placed:
            return order
        for index, after in choices:
            further = placed | 1 << index
            if (further, after) not in dead:
                order.append(ordered[index])
                stack.append((further, after, _next(ordered, further, after, model)))
                break
        else:
            dead.add((placed, now))
            stack.pop()
            if order:
                order.pop()
    return None


def _next(ordered: Sequence[Call], placed: int, state: str, model: Model) -> Iterator[tuple[int, str]]:
    first_end: int | None = None
    open_calls = []
    for index, call in enumerate(ordered):
        if placed >> index & 1:
            continue
        if first_end is not None and call.begun > first_end:
            break
        open_calls.append(index)
        first_end = call.ended if first_end is None else min(first_end, call.ended)
    for index in open_calls:
        after = model(state, ordered[index])
        if after is not None:
            yield index, after


def check(history: Iterable[Call], states: dict[str, str]) -> None:
    """AssertionError, with the calls on a resource, where no order explains them.

    states: what resources were in before; the kind of a resource is the first word of its name
    """
    by_resource: dict[str, list[Call]] = defaultdict(list)
    for call in history:
        by_resource[call.resource].append(call)
    for resource, calls in sorted(by_resource.items()):
        found = explain(calls, MODELS[resource.partition(" ")[0]], states.get(resource, ""))
        assert found is not None, f"no order explains what happened to {resource}:\n" + _listed(calls)


def _listed(calls: Iterable[Call]) -> str:
    return "\n".join(
        f"  client {one.client} [{one.begun}, {one.ended}] {one.verb} {one.argument} -> {one.status} {one.answer[:120]}"
        for one in sorted(calls, key=lambda one: one.begun)
    )


# -- recording ------------------------------------------------------------------------------------------------------


class Clients:
    """Records what several clients do at once.

    seed: what they do; when they do it is the machine's business
    """

    def __init__(
        self, azure: Azure, services: Sequence[str], accounts: Sequence[str], machines: Machines | None
    ) -> None:
        self.azure = azure
        self.services = list(services)
        self.accounts = list(accounts)
        self.machines = machines
        self.history: list[Call] = []
        self.problems: list[BaseException] = []
        self._lock = threading.Lock()
        self._moment = 0

    def run(self, seed: int, clients: int = CLIENTS, calls: int = CALLS) -> list[Call]:
        """Let them all begin at once; the history when they have ended.  Raises what went wrong in one of them."""
        barrier = threading.Barrier(clients)
        threads = [
            threading.Thread(target=self._client, args=(number, random.Random(seed * 1000 + number), calls, barrier))
            for number in range(clients)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.problems:
            raise self.problems[0]
        return self.history

    def _tick(self) -> int:
        with self._lock:
            self._moment += 1
            return self._moment

    def _client(self, number: int, chance: random.Random, calls: int, barrier: threading.Barrier) -> None:
        try:
            barrier.wait(timeout=60)
            for _ in range(calls):
                self._call(number, chance)
        except BaseException as problem:
            self.problems.append(problem)

    def _call(self, number: int, chance: random.Random) -> None:
        kinds = ["service"] * 12 + ["account"] * 5 + ["lease"] * (3 if self.machines else 0)
        kind = chance.choice(kinds)
        if kind == "service":
            name, verb = (
                chance.choice(self.services),
                chance.choice(["create", "delete", "update", "update", "read", "read"]),
            )
            resource = f"service {name}"
        elif kind == "account":
            name, verb = chance.choice(self.accounts), chance.choice(["regenerate", "read"])
            resource = f"account {name}"
        else:
            assert self.machines is not None
            name, verb, resource = self.machines.service, "shut down", f"lease {self.machines.service}"
        # An argument that no other call has: who sees it knows whose it is.
        argument = f"{chance.choice(LABELS)} {number}-{chance.randrange(10**9)}" if verb in ("create", "update") else ""
        begun = self._tick()
        try:
            status, answer = self._act(kind, verb, name, argument)
        except ServiceError as refusal:
            status, answer = refusal.http_status, refusal.message
        ended = self._tick()
        with self._lock:
            self.history.append(Call(number, resource, verb, argument, status, answer, begun, ended))

    def _act(self, kind: str, verb: str, name: str, argument: str) -> tuple[int, str]:
        azure = self.azure
        match kind, verb:
            case "service", "create":
                azure.create_hosted_service(CreateHostedService(service_name=name, label=argument, location=LOCATION))
                return 201, ""
            case "service", "delete":
                azure.delete_hosted_service(name)
                return 200, ""
            case "service", "update":
                azure.update_hosted_service(name, UpdateHostedService(label=argument))
                return 200, ""
            case "service", _:
                properties = azure.get_hosted_service(name).hosted_service_properties
                return 200, properties.label if properties and properties.label else ""
            case "account", "regenerate":
                keys = azure.regenerate_storage_account_keys(
                    name, RegenerateKeys(key_type="Primary")
                ).storage_service_keys
                return 200, keys.primary if keys else ""
            case "account", _:
                keys = azure.get_storage_account_keys(name).storage_service_keys
                return 200, keys.primary if keys else ""
        assert self.machines is not None
        body = ShutdownRoleOperation(operation_type="ShutdownRoleOperation", post_shutdown_action="Stopped")
        accepted = azure.shutdown_role(name, self.machines.deployment, self.machines.roles[0], body)
        return 202, accepted.request_id


def check_mutations(history: Iterable[Call]) -> None:
    """AssertionError unless every refusal is one of a lost race: of two conflicting mutations one wins, one has 409."""
    calls = list(history)
    won = [one for one in calls if one.verb == "shut down" and one.status == 202]
    tried = [one for one in calls if one.verb == "shut down"]
    assert not tried or len(won) == 1, f"{len(won)} clients got the lease"
    assert {one.status for one in tried} <= {202, 409}
    assert {one.status for one in calls if one.verb == "create"} <= {201, 409}
    assert all(one.status < 500 for one in calls), "no call ends in an internal error"


def record(azure: Azure, names: Names, machines: Machines | None, seed: int, accounts: list[str]) -> None:
    """One history on services of its own, and whether it can be explained."""
    services = [names.hosted_service() for _ in range(3)]
    keys = {one: azure.get_storage_account_keys(one).storage_service_keys for one in accounts}
    history = Clients(azure, services, accounts, machines).run(seed)
    assert len(history) >= 200
    check_mutations(history)
    check(history, {f"account {name}": found.primary for name, found in keys.items() if found is not None})


def rest(azure: Azure, machines: Machines) -> None:
    """Let the shutdown end, and start the machine again: the next history finds the lease free."""
    body = StartRoleOperation(operation_type="StartRoleOperation")

    def idle() -> bool:
        return all(
            one.instance_status == "StoppedVM"
            for one in azure.get_deployment(machines.service, machines.deployment).role_instance_list or ()
        )

    azure.until(idle, "the shutdown")
    azure.wait(azure.start_role(machines.service, machines.deployment, machines.roles[0], body))
