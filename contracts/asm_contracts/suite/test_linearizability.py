"""Several clients at once: their history has an order that explains it.  Run with --histories N."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from asm_contracts.evidence import documented
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.linearizability import record, rest
from asm_contracts.suite.machines import make_machines
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import make_storage_account


@pytest.mark.concurrent
@documented("one exclusive operation at a time; a conflict is answered 409; nothing is lost or half done")
def test_every_history_can_be_explained(
    azure: Azure, raw: Raw, run_id: str, serials: Iterator[int], pytestconfig: pytest.Config
) -> None:
    names = Names(run_id, serials)
    accounts = [make_storage_account(azure, names) for _ in range(2)]
    machines = make_machines(azure, names) if azure.controls_time else None
    try:
        for seed in range(pytestconfig.getoption("--histories")):
            own = Names(run_id, serials)
            record(azure, own, machines, seed, accounts)
            own.clean(azure, raw)
            if machines is not None:
                rest(azure, machines)
    finally:
        names.clean(azure, raw)
