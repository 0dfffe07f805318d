"""Node's clients refuse any status but the ones they name: each served operation answers one of those.

The client table lies outside the project; where it is missing the test is skipped and says so.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from asm_contracts.catalogue import all_operations
from asm_contracts.errors import ServiceError
from asm_contracts.operation import Operation, split_path
from asm_emulator.router import Router

TABLE = Path(__file__).parent.parent.parent / "shared" / "clients" / "node_operations.tsv"
AREAS = (
    "compute", "management", "storage", "subscription", "network", "trafficmanager", "sql", "sb", "scheduler",
    "website", "hdinsight",
)  # fmt: skip

DIFFERENT = {
    "ManagementCertificateOperations.create": "recorded 201 four times; this client alone insists on 200",
    "DeploymentOperations.rollbackUpdateOrUpgradeByDeploymentName": "answered 202 by name and by slot alike; this "
    "client's other form, by slot, insists on 202",
}
"""Calls whose status cannot please every client, each with the reason."""


def rows() -> list[dict[str, str]]:
    if not TABLE.exists():
        return []
    with TABLE.open() as file:
        return [row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["package"] in AREAS]


def declared(row: dict[str, str]) -> list[Operation]:
    """The declared operations that a client's call reaches."""
    path, _, query = row["path"].partition("?")
    bare = "{subscriptionId}" not in path
    path = path.replace("/{subscriptionId}", "", 1)
    pairs = dict(pair.lower().split("=", 1) for pair in query.split("&") if "=" in pair)
    segments = tuple(
        "0"
        if "logicalunit" in one.lower()
        else "Production"
        if one == "{deploymentSlot}"
        else re.sub(r"[{}]", "x", one)
        for one in split_path(path)
    )
    try:
        found = Router(all_operations()).candidates(segments, bare=bare)
    except ServiceError:
        return []
    same = [one for one in found.operations if one.verb == row["method"]]
    constants = [one for one in same if dict(one.template.constants).items() <= pairs.items()]
    most = max((len(one.template.constants) for one in constants), default=0)
    return [one for one in constants if len(one.template.constants) == most]


@pytest.mark.skipif(not TABLE.exists(), reason="the table of the Node clients' operations is not beside the project")
def test_the_table_is_read() -> None:
    assert len(rows()) > 100


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['package']}.{row['operation']}")
def test_served_operations_answer_what_the_client_accepts(row: dict[str, str]) -> None:
    found = declared(row)
    if not found:
        pytest.skip("declined: the operation is not served")
    accepted = {int(one) for one in re.findall(r"\d+", row["accepts"])}
    if not accepted:
        pytest.skip("the client accepts any status here")
    # Some calls answer by what they come to: done, made or going on.
    statuses = {
        next(
            (status for status, may in ((201, one.may_make), (202, one.may_go_on)) if may and status in accepted),
            one.success,
        )
        for one in found
    }
    if row["operation"] in DIFFERENT:
        assert not statuses <= accepted, "the difference is gone: take it out of the list"
    else:
        assert statuses <= accepted, [one.name for one in found]
