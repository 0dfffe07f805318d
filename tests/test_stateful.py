"""The suite's state machine in this process: histories agree with the model, and seeded defects do not go unseen."""

from __future__ import annotations

import itertools
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from asm_contracts.suite.azure import Azure
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.driver import Settings
from asm_contracts.suite.names import Names
from asm_contracts.suite.stateful import Cloud, cloud_machine
from asm_contracts.suite.stateful_history import run_histories
from asm_emulator import deployed, engine
from asm_emulator.areas.hosted_services import HostedServiceArea, remove_service
from asm_emulator.areas.virtual_machines import capturing
from asm_emulator.driver import InProcessDriver
from asm_emulator.emulator import DEFAULT_SUBSCRIPTION

EXAMPLES = int(os.environ.get("ASM_EXAMPLES", "40"))


def machine() -> type[Cloud]:
    """The machine against an emulator of its own."""
    where = Settings(subscription=DEFAULT_SUBSCRIPTION, certificate=Path("unused"))
    driver = InProcessDriver(where)
    serials: Iterator[int] = itertools.count(1)
    return cloud_machine(Azure(driver), Raw(driver, where), lambda: Names("m", serials))


def run(examples: int, *, shrink: bool = True) -> None:
    """Try this many histories, always the same ones."""
    phases = tuple(phase for phase in Phase if shrink or phase is not Phase.shrink)
    run_histories(
        machine(),
        settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=True,
            report_multiple_bugs=False,
            phases=[phase for phase in phases if phase is not Phase.explain],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_history_agrees_with_the_model() -> None:
    run(EXAMPLES)


# -- seeded defects -------------------------------------------------------------------------------------------------


def service_goes_with_its_deployments(monkeypatch: pytest.MonkeyPatch) -> None:
    def delete(self: Any, service_name: str) -> None:
        remove_service(self.state, deployed.find_service(self.state, service_name))

    monkeypatch.setattr(HostedServiceArea, "delete_hosted_service", delete)


def lease_is_never_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "release", lambda *_: None)


def second_mutation_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "holder_of", lambda *_: None)
    monkeypatch.setattr(engine, "lease", lambda *_: None)


def capture_keeps_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capturing, "remove", lambda *_: None)


def refused_call_leaves_something(monkeypatch: pytest.MonkeyPatch) -> None:
    original: Callable[..., Any] = HostedServiceArea.create_hosted_service

    def serve(self: engine.Engine, request: engine.Request, action: engine.Action) -> Any:
        # A server that commits what a refused request has written.
        draft = self._draft(self.settled(), request.subscription_id)
        try:
            answer = action(draft, request)
        finally:
            if request.is_mutation:
                if request.request_id not in draft.subscription.operations:
                    engine.record(draft, request, "Succeeded")
                self._state = draft.state
        return answer

    def taken(self: Any, body: Any) -> Any:
        known = self.state.hosted_services.get(body.service_name)
        if known is not None:
            self.state.hosted_services[known.name] = replace(known, label="changed")
        return original(self, body)

    monkeypatch.setattr(HostedServiceArea, "create_hosted_service", taken)
    monkeypatch.setattr(engine.Engine, "serve", serve)


def disks_stay_attached(monkeypatch: pytest.MonkeyPatch) -> None:
    def detached(draft: Any, disk_name: str, attached_to: Any) -> None:
        """Nothing happens."""

    monkeypatch.setitem(engine._EFFECTS, engine.effect_name(deployed.disk_detached), detached)


@pytest.mark.parametrize(
    "defect",
    [
        service_goes_with_its_deployments,
        lease_is_never_given_back,
        second_mutation_is_let_in,
        capture_keeps_the_machine,
        refused_call_leaves_something,
        disks_stay_attached,
    ],
)
def test_a_defect_is_found(defect: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    defect(monkeypatch)
    with pytest.raises((AssertionError, TimeoutError)):
        run(150, shrink=False)


def test_a_failure_comes_with_scripts_that_replay_it(monkeypatch: pytest.MonkeyPatch) -> None:
    service_goes_with_its_deployments(monkeypatch)
    with pytest.raises(AssertionError) as failed:
        run(150, shrink=False)
    (note,) = [one for one in failed.value.__notes__ if "replay.py" in one]
    script, _, shell = note.partition("\nWith curl")
    code = script.partition("\n\n")[2]
    compile(code, "replay.py", "exec")
    assert code.count("send('POST', '/") >= 3 and "passes(" in code
    assert code.rstrip().splitlines()[-1].startswith("send(")
    assert "send('DELETE', '/00000000-0000-0000-0000-000000000001/services/hostedservices/" in code
    done = subprocess.run(["sh", "-n"], input=shell.partition("\n\n")[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "ask -X POST -H" in shell, done.stderr
