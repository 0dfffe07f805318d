"""Further virtual IPs of a deployment."""

from __future__ import annotations

from typing import Any

import pytest

from asm_client import Client
from asm_contracts.areas.virtual_machines import ShutdownRoleOperation, StartRoleOperation
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound
from asm_contracts.roles import PersistentVMRole

from .conftest import Machines


def addresses(machines: Machines) -> dict[str | None, str | None]:
    return {one.name: one.address for one in machines.deployment().virtual_ips or ()}


def ports(machines: Machines, **vips: str | None) -> PersistentVMRole:
    """An update: an endpoint at port 80 for each, at the virtual IP of its name."""
    made = (machines.endpoint(80, name, virtual_ip_name=vip) for name, vip in vips.items())
    return PersistentVMRole(
        role_name="vm1", role_type="PersistentVMRole", configuration_sets=(machines.network(*made),)
    )


def test_a_virtual_ip_has_an_address_while_an_endpoint_uses_it(azure: Client, machines: Machines) -> None:
    machines.create(machines.linux(ports=(22,)))
    first = machines.deployment().virtual_ips
    assert first is not None and len(first) == 1
    accepted = azure.add_virtual_ip("svc", "dep", "Second")
    assert len(machines.deployment().virtual_ips or ()) == 1
    machines.end(accepted)
    assert addresses(machines)["Second"] is None
    machines.end(azure.update_role("svc", "dep", "vm1", ports(machines, one=None, two="second")))
    found = addresses(machines)
    assert found["Second"] not in (None, found["depContractContract"])
    shown = {one.name: one.vip for one in machines.instance().instance_endpoints or ()}
    assert shown == {"one": found["depContractContract"], "two": found["Second"]}
    endpoints = machines.deployment().role_list[0].configuration_sets[0].input_endpoints  # type: ignore[union-attr, index]
    assert {one.name: one.vip for one in endpoints or ()} == shown
    machines.end(azure.update_role("svc", "dep", "vm1", ports(machines, one=None)))
    assert addresses(machines)["Second"] is None
    machines.end(azure.remove_virtual_ip("svc", "dep", "SECOND"))
    assert list(addresses(machines)) == ["depContractContract"]


def test_two_endpoints_share_a_port_at_different_addresses_only(azure: Client, machines: Machines) -> None:
    machines.create(machines.linux(ports=(22,)))
    machines.end(azure.add_virtual_ip("svc", "dep", "v2"))
    machines.end(azure.update_role("svc", "dep", "vm1", ports(machines, one=None, two="v2")))
    accepted = azure.update_role("svc", "dep", "vm1", ports(machines, one="v2", two="v2"))
    ended = azure.get_operation_status(machines.ended(accepted))
    assert ended.error is not None and "already in use" in ended.error.message


def test_addresses_go_with_the_machines(azure: Client, machines: Machines) -> None:
    machines.create(machines.linux(ports=(22,)))
    machines.end(azure.add_virtual_ip("svc", "dep", "v2"))
    machines.end(azure.update_role("svc", "dep", "vm1", ports(machines, two="v2")))
    before = addresses(machines)["v2"]
    machines.end(
        azure.shutdown_role("svc", "dep", "vm1", ShutdownRoleOperation(post_shutdown_action="StoppedDeallocated"))
    )
    assert machines.deployment().virtual_ips == ()
    machines.end(azure.start_role("svc", "dep", "vm1", StartRoleOperation()))
    assert addresses(machines)["v2"] not in (None, before)


def test_what_is_refused(azure: Client, machines: Machines, refused: Any) -> None:
    with refused(ResourceNotFound, "The hosted service does not exist."):
        azure.add_virtual_ip("nobody", "dep", "v2")
    machines.create(machines.linux(ports=(22,)))
    with refused(ResourceNotFound, "The deployment name 'other' does not exist."):
        azure.add_virtual_ip("svc", "other", "v2")
    with refused(BadRequest, "The virtual IP name a b is invalid."):
        azure.add_virtual_ip("svc", "dep", "a b")
    with refused(ConflictError, "The deployment dep already has a virtual IP named DepContractContract."):
        azure.add_virtual_ip("svc", "dep", "DepContractContract")
    for name in ("v2", "v3", "v4", "v5"):
        machines.end(azure.add_virtual_ip("svc", "dep", name))
    with refused(ConflictError, "The deployment dep already has a virtual IP named V2."):
        azure.add_virtual_ip("svc", "dep", "V2")
    with refused(BadRequest, "A deployment can have at most 5 virtual IPs."):
        azure.add_virtual_ip("svc", "dep", "v6")
    with refused(BadRequest, "The deployment dep has no virtual IP named v9."):
        azure.update_role("svc", "dep", "vm1", ports(machines, one="v9"))
    machines.end(azure.update_role("svc", "dep", "vm1", ports(machines, one="v3")))
    with refused(BadRequest, "The virtual IP v3 cannot be deleted: endpoints use it."):
        azure.remove_virtual_ip("svc", "dep", "V3")
    for name in ("v9", "depContractContract"):
        with refused(ResourceNotFound, f"The deployment dep has no virtual IP named {name}."):
            azure.remove_virtual_ip("svc", "dep", name)
    azure.remove_virtual_ip("svc", "dep", "v2")
    with pytest.raises(ConflictError, match="requires exclusive access"):
        azure.remove_virtual_ip("svc", "dep", "v4")
