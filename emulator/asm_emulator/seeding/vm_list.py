"""The output of `azure vm list --json`: a list of machines, which know their services by DNS name."""

from __future__ import annotations

from typing import Any

from asm_contracts import roles as wire
from asm_contracts.errors import ServiceError
from asm_contracts.evidence import client
from asm_emulator import model
from asm_emulator.seeding.planting import Planter
from asm_emulator.seeding.reading import Given, SeedError

_ZONE = ".cloudapp.net"


@client("the CLI's own rendering of Get Deployment; its versions spell the keys in two ways, and both are read")
def read(found: Any, planter: Planter) -> None:
    """Plant every machine of the list.  SeedError for what is no such list."""
    if not isinstance(found, list):
        raise SeedError("the output of `azure vm list --json` is a list")
    by_service: dict[str, list[Given]] = {}
    for place, item in enumerate(found):
        one = Given(item, f"[{place}]", planter.report)
        by_service.setdefault(one.need("DNSName").lower().removesuffix(_ZONE), []).append(one)
    for name, machines in by_service.items():
        before = planter.draft.savepoint()
        counted = dict(planter.report.taken)
        try:
            _service(planter, name, machines)
        except (SeedError, ServiceError) as problem:
            planter.draft.rollback(before)
            planter.report.taken = counted
            planter.report.lose(name, getattr(problem, "message", str(problem)))


def _service(planter: Planter, name: str, machines: list[Given]) -> None:
    location = next((found for one in machines if (found := one.text("Location"))), None)
    service = planter.service(name, location=location)
    made = [_machine(planter, one) for one in machines]
    vips = [address for one in machines for address in _addresses(one)]
    deployment = next((found for one in machines if (found := one.text("DeploymentName"))), None)
    reserved = next((found for one in machines if (found := one.text("ReservedIPName"))), None)
    if reserved:
        planter.report.lose(name, f"the reserved IP {reserved} is not part of the list")
    if deployment is None:
        planter.report.added.append(f"the deployment {name}: the list does not tell the deployment's name")
    more = {"vip": vips[0]} if vips else {}
    planter.deployment(service.name, planter.machine_deployment(service, deployment or name, made, **more))
    for one in machines:
        one.rest()


def _addresses(one: Given) -> list[str]:
    found = [given.text("address", "IPAddress") for given in one.several("VirtualIPAddresses")]
    network = one.get("Network")
    if isinstance(network, dict):
        endpoints = Given(network, "", one.report).several("Endpoints")
        found += [given.text("virtualIPAddress", "Vip") for given in endpoints]
    return [address for address in found if address]


def _machine(planter: Planter, one: Given) -> tuple[model.MachineRole, model.RoleInstance]:
    name = one.need("VMName")
    size, image = one.text("InstanceSize") or "Small", one.text("Image")
    disk = Given(one.get("OSDisk") or {}, f"{one.where}.OSDisk", planter.report)
    os = disk.text("operatingSystem", "OS") or ("Windows" if "windows" in (image or "").lower() else "Linux")
    os_disk = wire.OSVirtualHardDisk(
        host_caching=disk.text("hostCaching") or "ReadWrite", disk_label=disk.text("label", "DiskLabel"),
        disk_name=disk.text("name", "DiskName"), media_link=disk.text("mediaLink"),
        source_image_name=disk.text("sourceImageName") or image, os=os,
        io_type=disk.text("ioType") or "Standard",
    )  # fmt: skip
    disk.rest()
    status = one.text("InstanceStatus") or "ReadyRole"
    allocated = status != "StoppedDeallocated"
    machine = model.MachineRole(
        name=name, size=size, os=os, os_disk=os_disk, network=_network(planter, one),
        data_disks=tuple(_data_disk(number, given) for number, given in enumerate(one.several("DataDisks"))),
        computer_name=name, availability_set_name=one.text("AvailabilitySetName"), provision_guest_agent=True,
    )  # fmt: skip
    instance = model.RoleInstance(
        role_name=name, name=name, status=status,
        power_state="Stopped" if status.startswith("Stopped") else "Started", size=size, boot=1, set_up=True,
        ip_address=(one.text("IPAddress") or planter.draft.take_internal_address()) if allocated else None,
        host_name=name if allocated else None, changed=planter.draft.now,
        state_details=one.text("InstanceStateDetails") or "",
    )  # fmt: skip
    one.ignore("OSVersion", "PublicIPAddresses")
    return machine, instance


def _network(planter: Planter, one: Given) -> wire.NetworkConfigurationSet:
    network = Given(one.get("Network") or {}, f"{one.where}.Network", planter.report)
    endpoints = []
    for given in network.several("Endpoints"):
        local, port = given.number("localPort"), given.number("port")
        endpoints.append(
            wire.InputEndpoint(
                local_port=local or port, name=given.text("name") or f"port-{port or local}", port=port or local,
                protocol=(given.text("protocol") or "tcp").lower(),
                load_balanced_endpoint_set_name=given.text("loadBalancedEndpointSetName"),
            )
        )  # fmt: skip
        given.ignore("virtualIPAddress", "Vip", "enableDirectServerReturn")
        given.rest()
    subnets = network.get("SubnetNames", "Subnets")
    network.rest()
    return wire.NetworkConfigurationSet(
        configuration_set_type="NetworkConfiguration", input_endpoints=tuple(endpoints) or None,
        subnet_names=tuple(map(str, subnets)) if isinstance(subnets, list) else None,
    )  # fmt: skip


def _data_disk(number: int, one: Given) -> wire.DataVirtualHardDisk:
    lun = one.number("logicalUnitNumber", "lun")
    found = wire.DataVirtualHardDisk(
        host_caching=one.text("hostCaching") or "None", disk_label=one.text("label", "DiskLabel"),
        disk_name=one.text("name", "DiskName"), lun=number if lun is None else lun,
        logical_disk_size_in_gb=one.number("logicalDiskSizeInGB", "LogicalDiskSizeInGB"),
        media_link=one.text("mediaLink"), io_type=one.text("ioType") or "Standard",
    )  # fmt: skip
    one.ignore("sourceMediaLink")
    one.rest()
    return found
