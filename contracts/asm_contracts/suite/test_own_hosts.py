"""What every operation on a host of something's own refuses: who does not sign in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from asm_contracts.areas.sql import CreateServer
from asm_contracts.areas.websites import SiteInput, WebSpaceToCreate
from asm_contracts.catalogue import all_operations
from asm_contracts.evidence import client
from asm_contracts.operation import Operation, RawBody
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.names import Names
from asm_contracts.suite.samples import minimal
from asm_contracts.suite.worlds import LOCATION, refused_with

SPACE: Final = "westuswebspace"
HOSTED: Final = tuple(one for one in all_operations() if one.template.host is not None)


@pytest.fixture(scope="module")
def hosts(azure: Azure, raw: Raw, run_id: str, serials: Iterator[int]) -> Iterator[dict[str, str]]:
    """A site and a database server, by the name of the hole in their hosts' names."""
    names = Names(run_id, serials)
    site = names.of("web site")
    space = WebSpaceToCreate(geo_region=LOCATION, name=SPACE, plan="VirtualDedicatedPlan")
    azure.create_site(SPACE, SiteInput(name=site, web_space_to_create=space))
    body = CreateServer(administrator_login="boss", administrator_login_password="Complex-Passw0rd", location=LOCATION)
    yield {"site": site, "server": names.adopt("sql server", azure.create_server(body).name)}
    names.clean(azure, raw)


@client("no answer without user and password, whatever the request is, and nothing is done")
@pytest.mark.parametrize("operation", HOSTED, ids=lambda one: one.name)
def test_nobody_comes_in_without_signing_in(azure: Azure, operation: Operation, hosts: dict[str, str]) -> None:
    arguments: dict[str, Any] = {
        one.name: hosts.get(one.name, 1 if one.kind is int else "x") for one in operation.parameters if one.required
    }
    arguments |= {one.name: one.default for one in operation.parameters if not one.required}
    if operation.raw_body:
        arguments["body"] = RawBody(b"echo", "application/octet-stream", "run.cmd")
    elif operation.body is not None:
        arguments["body"] = minimal(operation.body, "x", {})
    for caller in (azure, azure.signed_in("somebody", "else")):
        with refused_with(401, 403):
            caller.invoke(operation, arguments)
