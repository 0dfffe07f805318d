"""Reserved addresses: made, given to deployments, taken back."""

from __future__ import annotations

from typing import Any

import pytest

from asm_contracts.areas.reserved_ips import CreateReservedIP, ReservedIP, ReservedIPAssociation
from asm_contracts.evidence import assumed, documented, recorded
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import Machines, endpoint, make_machines
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import LOCATION, refused, refused_with, unchanged


def make(azure: Azure, names: Names) -> str:
    """A reserved address, and its name."""
    name = names.reserved_ip()
    azure.wait(azure.create_reserved_ip_address(CreateReservedIP(name=name, label="l", location=LOCATION)))
    return name


def of(machines: Machines) -> ReservedIPAssociation:
    """The body that gives an address to a deployment, or takes it back."""
    return ReservedIPAssociation(service_name=machines.service, deployment_name=str(machines.deployment))


def vip(azure: Azure, machines: Machines) -> str | None:
    """The public address of a deployment."""
    (found,) = azure.get_deployment(machines.service, machines.deployment).virtual_ips or ()
    return found.address


def in_use(found: ReservedIP) -> bool:
    """Whether a deployment uses it."""
    return bool(found.in_use)


@recorded("create, get, list and delete of the official SDK's tests; an unused one has no InUse")
def test_a_reserved_address_comes_and_goes(azure: Azure, names: Names) -> None:
    name = make(azure, names)
    found = azure.get_reserved_ip_address(name)
    assert (found.name, found.state, found.location) == (name, "Created", LOCATION)
    assert found.address and not in_use(found) and not found.service_name
    assert [one for one in azure.list_reserved_ip_addresses().items if one.name == name] == [found]
    azure.wait(azure.delete_reserved_ip_address(name))
    with refused(404, "ResourceNotFound"):
        azure.get_reserved_ip_address(name)
    with refused(404, "ResourceNotFound"):
        azure.delete_reserved_ip_address(name)


@documented("addresses of reserved addresses differ")
def test_addresses_differ(azure: Azure, names: Names) -> None:
    made = [azure.get_reserved_ip_address(make(azure, names)).address for _ in range(3)]
    assert len(set(made)) == 3


@recorded("associate and disassociate of the official SDK's tests")
def test_an_address_is_given_and_taken_back(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names, endpoints=(endpoint("SSH", 22),))
    name = make(azure, names)
    address = azure.get_reserved_ip_address(name).address
    before = vip(azure, machines)
    azure.wait(azure.associate_reserved_ip_address(name, of(machines)))
    found = azure.get_reserved_ip_address(name)
    assert in_use(found)
    assert (found.service_name, found.deployment_name) == (machines.service, str(machines.deployment))
    assert found.address == address == vip(azure, machines) != before
    with unchanged(lambda: azure.get_reserved_ip_address(name)), refused_with(400, 409):
        azure.delete_reserved_ip_address(name)
    azure.wait(azure.disassociate_reserved_ip_address(name, of(machines)))
    assert not in_use(azure.get_reserved_ip_address(name))
    assert vip(azure, machines) not in (address, None)


@documented("a reserved address outlives the deployment that used it")
def test_an_address_outlives_its_deployment(azure: Azure, names: Names) -> None:
    machines = make_machines(azure, names)
    name = make(azure, names)
    azure.wait(azure.associate_reserved_ip_address(name, of(machines)))
    address = azure.get_reserved_ip_address(name).address
    azure.wait(azure.delete_deployment_and_media(machines.service, machines.deployment))
    found = azure.get_reserved_ip_address(name)
    assert not in_use(found) and not found.service_name and found.address == address
    azure.wait(azure.delete_reserved_ip_address(name))


@assumed("names are unique in the subscription, whatever their case")
@pytest.mark.parametrize("spell", [str, str.upper], ids=["same", "other case"])
def test_a_taken_name_is_refused(azure: Azure, names: Names, spell: Any) -> None:
    name = make(azure, names)
    with unchanged(lambda: azure.get_reserved_ip_address(name)), refused(409, "ConflictError"):
        azure.create_reserved_ip_address(CreateReservedIP(name=spell(name), location=LOCATION))


@documented("a known location is needed, and a name")
@pytest.mark.parametrize("wrong", [{"location": "Atlantis"}, {"name": "not a name!"}], ids=["location", "name"])
def test_a_wrong_creation_is_refused(azure: Azure, names: Names, wrong: dict[str, Any]) -> None:
    name = names.reserved_ip()
    with refused(400, "BadRequest"):
        azure.create_reserved_ip_address(CreateReservedIP(**({"name": name, "location": LOCATION} | wrong)))
    with refused(404, "ResourceNotFound"):
        azure.get_reserved_ip_address(name)


@assumed("one address, one deployment")
def test_an_address_in_use_is_not_given_again(azure: Azure, names: Names) -> None:
    first, second = make_machines(azure, names, ready=False), make_machines(azure, names, ready=False)
    name = make(azure, names)
    azure.wait(azure.associate_reserved_ip_address(name, of(first)))
    with unchanged(lambda: azure.get_reserved_ip_address(name)), refused_with(400, 409):
        azure.associate_reserved_ip_address(name, of(second))
    with refused_with(400, 409):
        azure.disassociate_reserved_ip_address(name, of(second))
