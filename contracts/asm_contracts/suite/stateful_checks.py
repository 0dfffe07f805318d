"""What the service shows, compared with the reference model: the invariants that hold over any history."""

from __future__ import annotations

from asm_contracts.areas.deployments import Deployment as DeploymentDocument
from asm_contracts.errors import ServiceError
from asm_contracts.roles import PersistentVMRole
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.stateful_model import DEALLOCATED, STOPPED, UP, Deployment, Model


def agree(
    azure: Azure, model: Model, services: list[str], accounts: list[str], images: list[str], vm_images: list[str]
) -> None:
    """AssertionError where the service shows anything else than the model has.

    C1, C4: what is listed is what was made.  D1: a slot holds what was put there.  D7: an instance per machine.
    D11, E6: deallocated machines have no addresses, and a deployment of nothing else no virtual IP.
    E1: a deployment of machines has one at least.  E8, F1: a disk is attached exactly if a machine has it.
    """
    shown = {one.service_name for one in azure.list_hosted_services().items}
    for name in services:
        assert (name in shown) == (name in model.services), f"hosted service {name}"
    for name, service in model.services.items():
        found = {one.deployment_slot: one for one in azure.get_hosted_service(name, True).deployments or ()}
        assert set(found) == set(service.deployments), f"slots of {name}"
        for slot, deployment in service.deployments.items():
            check_deployment(deployment, found[slot])
    listed = {one.service_name for one in azure.list_storage_accounts().items}
    assert {name for name in accounts if name in listed} == set(model.accounts), "storage accounts"
    check_disks(azure, model)
    for name in images:
        assert exists(azure, name) == (name in model.images), f"image {name}"
    # An image that is being captured may show before its operation has ended; one that is there must show.
    captured = {one.name for one in azure.list_vm_images(category="User").items}
    for name in vm_images:
        if name in model.vm_images:
            assert name in captured, f"VM image {name}"
        elif not any(one.what.endswith(name) for one in model.pending):
            assert name not in captured, f"VM image {name}"


def exists(azure: Azure, image: str) -> bool:
    """Whether an OS image is there."""
    try:
        azure.get_os_image(image)
    except ServiceError as refusal:
        assert refusal.http_status == 404
        return False
    return True


def check_deployment(deployment: Deployment, found: DeploymentDocument) -> None:
    """A deployment is what the model has."""
    assert found.name == deployment.name
    if deployment.is_package:
        return
    roles = {one.role_name: one for one in found.role_list or ()}
    assert set(roles) == set(deployment.roles) and roles, f"roles of {found.name}"
    for name, role in deployment.roles.items():
        shown = roles[name]
        assert isinstance(shown, PersistentVMRole) and shown.os_virtual_hard_disk is not None
        assert shown.os_virtual_hard_disk.disk_name == role.disk, f"{name} keeps its OS disk"
        data = {one.lun or 0: one.disk_name for one in shown.data_virtual_hard_disks or ()}
        if deployment.busy is None:
            assert data == role.data, f"data disks of {name}"
    instances = {one.role_name: one for one in found.role_instance_list or ()}
    if found.status == "Deploying":
        assert not instances and deployment.fresh, "only what is being made has no instances"
        return
    assert set(instances) == set(deployment.roles), f"instances of {found.name}"
    down = [one for one in instances.values() if one.instance_status == DEALLOCATED]
    for one in instances.values():
        assert one.instance_name == one.role_name
        allocated = one.instance_status != DEALLOCATED
        assert bool(one.ip_address) == bool(one.instance_size) == allocated, f"{one.role_name} is {one.instance_status}"
    if deployment.busy is not None:
        return
    assert (found.status == "Suspended") == (not found.virtual_ips) == (len(down) == len(instances)), "all deallocated"
    for name, role in deployment.roles.items():
        status = instances[name].instance_status
        if role.power == UP:
            assert status not in (STOPPED, DEALLOCATED), f"{name} is {status}"
        else:
            assert status == role.power, f"{name} is {status}, not {role.power}"


def check_disks(azure: Azure, model: Model) -> None:
    """Every disk is there, attached to the machine that has it, or free."""
    found = {one.name: one for one in azure.list_disks().items}
    for name, disk in model.disks.items():
        assert name in found, f"disk {name} is gone"
        attached = found[name].attached_to
        if disk.role is not None:
            assert attached is not None, f"disk {name} is attached to nothing"
            assert (attached.hosted_service_name, attached.role_name) == disk.role
        elif not disk.loose:
            assert attached is None, f"disk {name} is attached to {attached}"
