"""Network security groups and their rules come, change and go."""

from __future__ import annotations

from asm_contracts.areas.security_groups import CreateNetworkSecurityGroup, SecurityRule
from asm_contracts.evidence import documented, quoted
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.networks import make_security_group as make
from asm_contracts.suite.worlds import LOCATION, refused


def rule(priority: int = 100) -> SecurityRule:
    return SecurityRule(
        type="Inbound",
        priority=priority,
        action="Allow",
        source_address_prefix="*",
        source_port_range="*",
        destination_address_prefix="10.0.0.0/8",
        destination_port_range="80",
        protocol="TCP",
    )


@documented("a group has a name, a label, a location, and six rules of its own that cannot be taken away")
def test_what_was_created_is_read_back(azure: Azure, names: Names) -> None:
    name = make(azure, names)
    found = azure.get_network_security_group(name, "Full")
    assert (found.name, found.label, found.location) == (name, "l", LOCATION)
    assert [one.is_default for one in found.rules or ()] == [True] * 6
    short = azure.get_network_security_group(name)
    assert short.rules is None or azure.lossy, "rules are shown in full detail only"
    assert name in [one.name for one in azure.list_network_security_groups().items]
    azure.wait(azure.delete_network_security_group(name))
    assert name not in [one.name for one in azure.list_network_security_groups().items]
    with refused(404, "ResourceNotFound", f"The Network Security Group {name} does not exist."):
        azure.get_network_security_group(name)


@documented("a rule is set by name and replaced by setting it again; two of a direction have no priority in common")
def test_rules_are_set_replaced_and_deleted(azure: Azure, names: Names) -> None:
    name = make(azure, names)

    def own() -> list[tuple[str | None, int | None]]:
        found = azure.get_network_security_group(name, "Full").rules or ()
        return [(one.name, one.priority) for one in found if not one.is_default]

    azure.wait(azure.set_network_security_rule(name, "web", rule()))
    assert own() == [("web", 100)]
    azure.wait(azure.set_network_security_rule(name, "web", rule(200)))
    assert own() == [("web", 200)]
    with refused(400, "BadRequest"):
        azure.set_network_security_rule(name, "other", rule(200))
    azure.wait(azure.delete_network_security_rule(name, "web"))
    assert own() == []
    with refused(404, "ResourceNotFound"):
        azure.delete_network_security_rule(name, "web")


@quoted("ConflictError for a name that is taken")
def test_a_taken_name_is_refused(azure: Azure, names: Names) -> None:
    name = make(azure, names)
    with refused(409, "ConflictError"):
        azure.create_network_security_group(CreateNetworkSecurityGroup(name=name.upper(), location=LOCATION))
    with refused(400, "BadRequest"):
        azure.create_network_security_group(CreateNetworkSecurityGroup(name=names.free(), location="Mars"))
