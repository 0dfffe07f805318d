"""Deployments of packages: slots, status, configuration, upgrades, swapping, instances."""

from __future__ import annotations

from typing import Any

import pytest

from asm_contracts.areas.deployments import (
    ChangeConfiguration,
    CreateDeployment,
    RollbackUpdateOrUpgrade,
    Swap,
    UpdateDeploymentStatus,
    UpgradeDeployment,
    WalkUpgradeDomain,
)
from asm_contracts.areas.deployments import RoleInstances as Instances
from asm_contracts.evidence import assumed, documented, quoted, recorded
from asm_contracts.operation import DeploymentName, DeploymentSlot
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.packages import PACKAGE, cscfg, deploy, settle, statuses
from asm_contracts.suite.worlds import NONE_FOUND, PRODUCTION, make_hosted_service, refused, refused_with, unchanged
from asm_contracts.vocabulary import ExtendedProperty

STAGING = DeploymentSlot("Staging")


@recorded("Get Deployment of a package: instances, roles, configuration byte for byte, label, properties in order")
def test_what_was_created_is_read_back(azure: Azure, names: Names) -> None:
    service = make_hosted_service(azure, names)
    given = (ExtendedProperty(name="b", value="1"), ExtendedProperty(name="a", value="2"))
    name = deploy(azure, names, service, start=False, extended_properties=given)
    found = settle(azure, service, name, "StoppedVM")
    assert (found.name, found.deployment_slot, found.status, found.label) == (
        name,
        "Production",
        "Suspended",
        "a label",
    )
    assert found.configuration == cscfg()
    assert found.extended_properties == given
    assert [one.instance_name for one in found.role_instance_list or ()] == ["WorkerRole1_IN_0", "WorkerRole1_IN_1"]
    assert [one.instance_upgrade_domain for one in found.role_instance_list or ()] == [0, 1]
    assert [one.instance_fault_domain for one in found.role_instance_list or ()] == [0, 1]
    assert [one.role_name for one in found.role_list or ()] == ["WorkerRole1"]
    assert int(found.upgrade_domain_count or 0) == 2
    assert azure.get_deployment(service, PRODUCTION) == found
    assert service in (found.url or ""), "a deployment in production has its service's address"


@recorded("a started deployment is Running; its instances start some time later")
def test_a_started_deployment_runs(azure: Azure, names: Names) -> None:
    service = make_hosted_service(azure, names)
    name = deploy(azure, names, service)
    assert azure.get_deployment(service, name).status == "Running"
    assert all(
        one.power_state == "Started" for one in settle(azure, service, name, "ReadyRole").role_instance_list or ()
    )


@quoted("The specified deployment slot ... is occupied.")
@pytest.mark.parametrize("slot", [PRODUCTION, STAGING])
def test_an_occupied_slot_is_refused(azure: Azure, names: Names, slot: DeploymentSlot) -> None:
    service = make_hosted_service(azure, names)
    name = deploy(azure, names, service, slot, start=False)
    assert settle(azure, service, name, "StoppedVM").deployment_slot == slot
    assert azure.get_deployment(service, slot).name == name
    body = CreateDeployment(name=names.free(), package_url=PACKAGE, label="l", configuration=cscfg())
    with (
        unchanged(lambda: azure.get_hosted_service(service, True)),
        refused(409, "ConflictError", f"The specified deployment slot {slot} is occupied."),
    ):
        azure.create_deployment(service, slot, body)
    other = STAGING if slot == PRODUCTION else PRODUCTION
    with refused(404, "ResourceNotFound", NONE_FOUND):
        azure.get_deployment(service, other)


@documented("deployment names are unique in a service")
def test_a_taken_name_is_refused(azure: Azure, names: Names) -> None:
    service = make_hosted_service(azure, names)
    name = deploy(azure, names, service, start=False)
    body = CreateDeployment(name=name, package_url=PACKAGE, label="l", configuration=cscfg())
    with refused(409, "ConflictError"):
        azure.create_deployment(service, STAGING, body)


@documented("name, package, label and configuration are checked at once")
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "under_score"},
        {"label": "x" * 101},
        {"configuration": b"no configuration"},
        {"configuration": b'<!DOCTYPE x [<!ENTITY e "e">]>' + cscfg()[40:]},
        {"package_url": "no address"},
        {"package_url": PACKAGE.partition("?")[0]},
    ],
    ids=["name", "label", "configuration", "doctype", "package", "package of somebody else"],
)
def test_a_wrong_creation_is_refused(azure: Azure, names: Names, wrong: dict[str, Any]) -> None:
    service = make_hosted_service(azure, names)
    given: dict[str, Any] = {
        "name": names.free(), "package_url": PACKAGE, "label": "l", "configuration": cscfg(),
    }  # fmt: skip
    with refused_with(400):
        azure.create_deployment(service, PRODUCTION, CreateDeployment(**(given | wrong)))
    with refused(404, "ResourceNotFound", NONE_FOUND):
        azure.get_deployment(service, PRODUCTION)


@quoted("code and text")
def test_a_certificate_of_the_configuration_is_the_services(azure: Azure, names: Names) -> None:
    service, thumbprint = make_hosted_service(azure, names), "0123456789abcdef0123456789abcdef01234567"
    named = f'<Certificates><Certificate name="c" thumbprint="{thumbprint.upper()}" thumbprintAlgorithm="sha1" />'
    configuration = cscfg().replace(b"</Role>", named.encode() + b"</Certificates></Role>")
    body = CreateDeployment(name=names.free(), package_url=PACKAGE, label="l", configuration=configuration)
    with refused(400, "BadRequest", f"The certificate with thumbprint {thumbprint} was not found."):
        azure.create_deployment(service, PRODUCTION, body)
    with refused(404, "ResourceNotFound", NONE_FOUND):
        azure.get_deployment(service, PRODUCTION)


@documented("subnets of a configuration are those of its virtual network")
def test_a_subnet_of_the_configuration_is_the_networks(azure: Azure, names: Names) -> None:
    service = make_hosted_service(azure, names)
    placed = (
        '<NetworkConfiguration><AddressAssignments><InstanceAddress roleName="WorkerRole1"><Subnets>'
        '<Subnet name="nowhere" /></Subnets></InstanceAddress></AddressAssignments></NetworkConfiguration>'
    )
    end = b"</ServiceConfiguration>"
    configuration = cscfg().replace(end, placed.encode() + end)
    body = CreateDeployment(name=names.free(), package_url=PACKAGE, label="l", configuration=configuration)
    with refused_with(400):
        azure.create_deployment(service, PRODUCTION, body)
    with refused(404, "ResourceNotFound", NONE_FOUND):
        azure.get_deployment(service, PRODUCTION)


@recorded("texts of 404 answers")
def test_deployments_that_never_were(azure: Azure, names: Names) -> None:
    service, nobody = make_hosted_service(azure, names), names.free()
    with refused(404, "ResourceNotFound", NONE_FOUND):
        azure.get_deployment(service, PRODUCTION)
    with refused(404, "ResourceNotFound", NONE_FOUND):
        azure.get_deployment(service, DeploymentName("nothing"))
    with refused(404, "ResourceNotFound", "The hosted service does not exist."):
        azure.get_deployment(nobody, PRODUCTION)
    deploy(azure, names, service, start=False)
    with refused(404, "ResourceNotFound", "The deployment name 'nothing' does not exist."):
        azure.delete_deployment(service, DeploymentName("nothing"))


@documented("the owner's rule: a service cannot be deleted while it still has deployments, in whatever slot")
@pytest.mark.parametrize("slot", [PRODUCTION, STAGING])
def test_a_service_with_deployments_cannot_be_deleted(azure: Azure, names: Names, slot: DeploymentSlot) -> None:
    service = make_hosted_service(azure, names)
    name = deploy(azure, names, service, slot, start=False)
    settle(azure, service, name, "StoppedVM")
    with unchanged(lambda: azure.get_hosted_service(service, True)), refused(409, "ConflictError"):
        azure.delete_hosted_service(service)
    azure.wait(azure.delete_deployment(service, name))
    with refused(404, "ResourceNotFound", NONE_FOUND):
        azure.get_deployment(service, name)
    azure.delete_hosted_service(service)


@recorded("a deployment that is being created shows, and holds its slot and its service")
def test_a_deploying_one_counts(azure: Azure, names: Names) -> None:
    service = make_hosted_service(azure, names)
    body = CreateDeployment(name=names.free(), package_url=PACKAGE, label="l", configuration=cscfg())
    accepted = azure.create_deployment(service, PRODUCTION, body)
    with refused_with(409):  # because of the slot, whether the operation goes on or not
        azure.create_deployment(service, PRODUCTION, body)
    with refused(409, "ConflictError"):
        azure.delete_hosted_service(service)
    azure.wait(accepted)


@recorded("Suspended stops the instances, Running starts them")
def test_status_suspended_and_running(azure: Azure, names: Names) -> None:
    service = make_hosted_service(azure, names)
    name = deploy(azure, names, service)
    before = settle(azure, service, name, "ReadyRole")
    azure.wait(azure.update_deployment_status(service, name, UpdateDeploymentStatus(status="Suspended")))
    assert settle(azure, service, name, "StoppedVM").status == "Suspended"
    azure.wait(azure.update_deployment_status(service, name, UpdateDeploymentStatus(status="Running")))
    after = settle(azure, service, name, "ReadyRole")
    assert after.status == "Running" and after.private_id == before.private_id
    with unchanged(lambda: azure.get_deployment(service, name)), refused_with(400):
        azure.update_deployment_status(service, name, UpdateDeploymentStatus(status="Dancing"))


@recorded("a change of configuration changes the number of instances, and reads back byte for byte")
@pytest.mark.parametrize("count", [1, 4])
def test_a_change_of_configuration(azure: Azure, names: Names, count: int) -> None:
    service = make_hosted_service(azure, names)
    name = deploy(azure, names, service)
    settle(azure, service, name, "ReadyRole")
    azure.wait(
        azure.change_deployment_configuration(
            service, name, ChangeConfiguration(configuration=cscfg(count), mode="Auto")
        )
    )

    def looks_so() -> bool:
        found = azure.get_deployment(service, name)
        return statuses(found) == ["ReadyRole"] * count and found.status == "Running" and not found.upgrade_status

    azure.until(looks_so, "the end of the change")
    found = azure.get_deployment(service, name)
    assert found.configuration == cscfg(count)
    assert [one.instance_name for one in found.role_instance_list or ()] == [
        f"WorkerRole1_IN_{number}" for number in range(count)
    ]


@documented("the configuration must be of the deployment's roles")
def test_a_configuration_of_other_roles_is_refused(azure: Azure, names: Names) -> None:
    service = make_hosted_service(azure, names)
    name = deploy(azure, names, service, start=False)
    settle(azure, service, name, "StoppedVM")
    with unchanged(lambda: azure.get_deployment(service, name)), refused_with(400):
        azure.change_deployment_configuration(
            service, name, ChangeConfiguration(configuration=cscfg(role="Other"), mode="Auto")
        )


@documented(
    "a manual upgrade waits at each domain; RollbackAllowed and UpgradeStatus are there until the last is walked"
)
def test_a_manual_upgrade_is_walked(azure: Azure, names: Names) -> None:
    service = make_hosted_service(azure, names)
    name = deploy(azure, names, service)
    settle(azure, service, name, "ReadyRole")
    azure.wait(azure.upgrade_deployment(service, name, manual_upgrade()))
    found = azure.get_deployment(service, name)
    assert found.rollback_allowed and found.upgrade_status is not None
    assert (found.upgrade_status.upgrade_type, int(found.upgrade_status.current_upgrade_domain)) == ("Manual", 0)
    with refused_with(400, 409):
        azure.walk_upgrade_domain(service, name, WalkUpgradeDomain(upgrade_domain=1))
    for domain in range(2):
        azure.until(lambda d=domain: waits_at(azure, service, name, d), f"domain {domain}")  # type: ignore[misc]
        azure.wait(azure.walk_upgrade_domain(service, name, WalkUpgradeDomain(upgrade_domain=domain)))

    def over() -> bool:
        found = azure.get_deployment(service, name)
        return found.upgrade_status is None and not found.rollback_allowed

    azure.until(over, "the end of the upgrade")
    assert azure.get_deployment(service, name).label == "upgraded"
    with refused_with(400, 409):
        azure.walk_upgrade_domain(service, name, WalkUpgradeDomain(upgrade_domain=0))


def manual_upgrade() -> UpgradeDeployment:
    """An upgrade that waits to be walked."""
    return UpgradeDeployment(mode="Manual", package_url=PACKAGE, configuration=cscfg(), label="upgraded", force=False)


def waits_at(azure: Azure, service: str, name: DeploymentName, domain: int) -> bool:
    """Whether an upgrade waits before a domain."""
    found = azure.get_deployment(service, name).upgrade_status
    return found is not None and (found.current_upgrade_domain_state, int(found.current_upgrade_domain)) == (
        "Before",
        domain,
    )


@documented("a rollback takes an update in progress back, and is refused when there is none")
def test_a_rollback(azure: Azure, names: Names) -> None:
    service = make_hosted_service(azure, names)
    name = deploy(azure, names, service)
    settle(azure, service, name, "ReadyRole")
    body = RollbackUpdateOrUpgrade(mode="Auto", force=False)
    with unchanged(lambda: azure.get_deployment(service, name)), refused_with(400, 409):
        azure.rollback_update_or_upgrade(service, name, body)
    azure.wait(azure.upgrade_deployment(service, name, manual_upgrade()))
    azure.wait(azure.rollback_update_or_upgrade(service, name, body))

    def over() -> bool:
        found = azure.get_deployment(service, name)
        return found.upgrade_status is None and not found.rollback_allowed

    azure.until(over, "the end of the rollback")
    assert azure.get_deployment(service, name).label == "a label"


@documented("swapping exchanges the slots: names and private ids stay; twice is as before")
def test_swapping_twice_is_as_before(azure: Azure, names: Names) -> None:
    service = make_hosted_service(azure, names)
    first = deploy(azure, names, service, PRODUCTION, start=False)
    second = deploy(azure, names, service, STAGING, start=False)
    settle(azure, service, first, "StoppedVM")
    settle(azure, service, second, "StoppedVM")
    before = {name: azure.get_deployment(service, name) for name in (first, second)}
    azure.wait(azure.swap_deployment(service, Swap(production=first, source_deployment=second)))
    assert azure.get_deployment(service, PRODUCTION).name == second
    assert azure.get_deployment(service, STAGING).name == first
    for name in (first, second):
        assert azure.get_deployment(service, name).private_id == before[name].private_id
    azure.wait(azure.swap_deployment(service, Swap(production=second, source_deployment=first)))
    for name, was in before.items():
        found = azure.get_deployment(service, name)
        assert (found.deployment_slot, found.url) == (was.deployment_slot, was.url)


@documented("the names of a swap must be those of the slots")
def test_a_swap_of_wrong_names_is_refused(azure: Azure, names: Names) -> None:
    service = make_hosted_service(azure, names)
    first = deploy(azure, names, service, PRODUCTION, start=False)
    second = deploy(azure, names, service, STAGING, start=False)
    settle(azure, service, first, "StoppedVM")
    settle(azure, service, second, "StoppedVM")
    with unchanged(lambda: azure.get_hosted_service(service, True)), refused_with(409):
        azure.swap_deployment(service, Swap(production=second, source_deployment=first))
    with unchanged(lambda: azure.get_hosted_service(service, True)), refused_with(409, 404):
        azure.swap_deployment(service, Swap(production=first, source_deployment="nothing"))


@documented("reboot, reimage and rebuild bring the instance back under the same name")
@pytest.mark.parametrize("what", ["reboot", "reimage", "rebuild"])
def test_an_instance_comes_back(azure: Azure, names: Names, what: str) -> None:
    service = make_hosted_service(azure, names)
    name = deploy(azure, names, service)
    before = settle(azure, service, name, "ReadyRole")
    call = getattr(azure, f"{what}_role_instance")
    azure.wait(call(service, name, "WorkerRole1_IN_1"))
    after = settle(azure, service, name, "ReadyRole")
    assert [one.instance_name for one in after.role_instance_list or ()] == [
        one.instance_name for one in before.role_instance_list or ()
    ]
    with refused_with(404):
        call(service, name, "WorkerRole1_IN_9")


@assumed("deleted instances are gone, and a role keeps at least one")
def test_instances_are_deleted(azure: Azure, names: Names) -> None:
    service = make_hosted_service(azure, names)
    name = deploy(azure, names, service, count=3)
    settle(azure, service, name, "ReadyRole")
    azure.wait(azure.delete_role_instances(service, name, Instances(names=("WorkerRole1_IN_1",))))
    found = azure.get_deployment(service, name)
    assert [one.instance_name for one in found.role_instance_list or ()] == ["WorkerRole1_IN_0", "WorkerRole1_IN_2"]
    with refused_with(400, 409):
        azure.delete_role_instances(service, name, Instances(names=("WorkerRole1_IN_0", "WorkerRole1_IN_2")))
