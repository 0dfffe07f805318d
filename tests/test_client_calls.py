"""Every call of the published clients is known; and Node's clients refuse any status but the ones they name: each
served operation answers one of those.

The tables of the clients' calls lie outside the project; where they are missing the tests are skipped and say so.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from asm_contracts.catalogue import all_operations
from asm_contracts.declined import AREA, DECLINED, declined_operations
from asm_contracts.errors import ServiceError
from asm_contracts.operation import Operation, split_path
from asm_emulator.router import Host, Router

CLIENTS = Path(__file__).parent.parent.parent / "shared" / "clients"
NODE = CLIENTS / "node_operations.tsv"
PYTHON = CLIENTS / "python_operations.tsv"
MISSING = "the tables of the clients' calls are not beside the project"
ROUTER = Router((*all_operations(), *declined_operations()))
TOOLS = "scm.azurewebsites.net"
CLUSTER = "https://{clusterDnsName}:443"
UNWRITTEN = {
    "CloudServiceManagementClient.entitleResource": "/EntitleResource",
    "CloudServiceOperations.beginCreating": "/cloudservices/{name}",
    "CloudServiceOperations.beginDeleting": "/cloudservices/{name}",
}
"""Calls whose address the table does not have."""

DIFFERENT = {
    "ManagementCertificateOperations.create": "recorded 201 four times; this client alone insists on 200",
    "DeploymentOperations.rollbackUpdateOrUpgradeByDeploymentName": "answered 202 by name and by slot alike; this "
    "client's other form, by slot, insists on 202",
}
"""Calls whose status cannot please every client, each with the reason."""


def table(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open() as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def reached(row: dict[str, str]) -> list[Operation]:
    """The operations that a client's call reaches."""
    path, _, query = (row["path"] or UNWRITTEN.get(row["operation"], "")).partition("?")
    host = Host("site", TOOLS) if path.startswith("/api/") else None
    if path.startswith(CLUSTER):
        host, path = Host("cluster", "azurehdinsight.net"), path.removeprefix(CLUSTER)
    path = re.sub(r"^/?\{(subscriptionId|toString|sub)\}", "", path)
    bare = path.startswith("/subscriptions")
    path = path.replace("/DataDisks/{toString}", "/DataDisks/0")
    pairs = dict(pair.lower().split("=", 1) for pair in query.split("&") if "=" in pair)
    segments = tuple(
        "0"
        if re.search("logicalunit|lun", one.lower())
        else "Production"
        if one == "{deploymentSlot}"
        else re.sub(r"[{}]", "x", one)
        for one in split_path(path)
    )
    try:
        found = ROUTER.candidates(segments, bare=bare, host=host)
    except ServiceError:
        return []
    same = [one for one in found.operations if one.verb == row["method"]]
    # A value that the table leaves open (`resources=`) may be any.
    constants = [one for one in same if all(pairs.get(name) in (value, "") for name, value in one.template.constants)]
    most = max((len(one.template.constants) for one in constants), default=0)
    return [one for one in constants if len(one.template.constants) == most]


@pytest.mark.skipif(not NODE.exists(), reason=MISSING)
def test_the_tables_are_read() -> None:
    assert len(table(NODE)) > 400 and len(table(PYTHON)) > 150


@pytest.mark.skipif(not NODE.exists(), reason=MISSING)
def test_every_call_of_a_published_client_is_known_and_nearly_all_are_served() -> None:
    rows = [(f"{row['package']}.{row['operation']}", reached(row)) for row in table(NODE)]
    rows += [(f"{row['class']}.{row['call']}", reached(row)) for row in table(PYTHON)]
    assert [name for name, found in rows if not found] == []
    declined = {name for name, found in rows if all(one.area == AREA for one in found)}
    assert declined == {one.call for one in DECLINED}
    assert all(one.reason for one in DECLINED)


@pytest.mark.skipif(not NODE.exists(), reason=MISSING)
@pytest.mark.parametrize("row", table(NODE), ids=lambda row: f"{row['package']}.{row['operation']}")
def test_served_operations_answer_what_the_client_accepts(row: dict[str, str]) -> None:
    found = [one for one in reached(row) if one.area != AREA]
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
