"""Get Deployment documents.  What could not be taken is found out by comparing: what was given, and is not answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace

from lxml import etree

from asm_contracts import roles as wire
from asm_contracts.areas.deployments import Deployment
from asm_contracts.codec import xml
from asm_contracts.errors import ServiceError
from asm_emulator import model
from asm_emulator.seeding.planting import Planter
from asm_emulator.seeding.reading import SeedError

_OURS = ("PrivateID", "Url", "CreatedTime", "LastModifiedTime", "Timestamp")
"""Elements that are about the document's own cloud: another value here is no loss."""


def read(data: bytes, planter: Planter, service_name: str | None) -> None:
    """Plant the deployment of a document.  SeedError for a body that is none."""
    try:
        root = xml.parse(data)
        found = xml.read(Deployment, root)
    except xml.MalformedDocument as problem:
        raise SeedError(f"this is no Get Deployment document: {problem}") from None
    name = service_name or _service_of(found)
    if name is None:
        raise SeedError("the document does not tell its hosted service: give the service's name")
    try:
        if name not in planter.draft.hosted_services:
            planter.service(name)
            planter.report.added.append(f"the hosted service {name}, in {planter.location}")
        answered = planter.deployment(name, _entity(planter, found, name))
    except ServiceError as problem:
        raise SeedError(problem.message) from None
    given, got = _facts(root), _facts(xml.parse(xml.encode(answered)))
    for fact, number in sorted((given - got).items()):
        path, _, text = fact.partition("=")
        if path.rpartition("/")[2] not in _OURS:
            shown = text if len(text) <= 60 else text[:57] + "..."
            planter.report.lose(path, f"{shown!r} is not kept" + (f" ({number} times)" if number > 1 else ""))


def _service_of(found: Deployment) -> str | None:
    if found.internal_dns_suffix:
        return found.internal_dns_suffix.partition(".")[0]
    host = (found.url or "").partition("://")[2].partition(".")[0]
    return host if host and found.deployment_slot != "Staging" else None


def _facts(root: etree._Element) -> Counter[str]:
    """Every leaf of a document that says something, as ``path=text``, and how often."""
    found: Counter[str] = Counter()

    def walk(node: etree._Element, path: str) -> None:
        children = [one for one in node if isinstance(one.tag, str)]
        for child in children:
            walk(child, f"{path}/{etree.QName(child).localname}")
        if not children and (node.text or "").strip():
            found[f"{path}={(node.text or '').strip()}"] += 1

    walk(root, etree.QName(root).localname)
    return found


def _entity(planter: Planter, found: Deployment, service_name: str) -> model.Deployment:
    if found.name is None:
        raise SeedError("the document does not tell the deployment's name")
    roles = found.role_list or ()
    machines = [one for one in roles if isinstance(one, wire.PersistentVMRole) or one.role_type == "PersistentVMRole"]
    instances = tuple(_instance(planter, one) for one in found.role_instance_list or ())
    packaged = () if machines else tuple(_package_role(one, instances) for one in roles)
    vips = [one for one in found.virtual_ips or () if one.address]
    endpoint = next((one.vip for role in roles for one in _network(role).input_endpoints or () if one.vip), None)
    now = planter.draft.now
    if found.reserved_ip_name:
        planter.report.lose("Deployment/ReservedIPName", f"{found.reserved_ip_name} is not described here")
    return model.Deployment(
        name=found.name,
        slot=found.deployment_slot or "Production",
        private_id=planter.draft.make_hex("seed", service_name, found.name),
        label=found.label or found.name,
        status=_status(planter, found.status),
        is_package=not machines,
        created=found.created_time or now,
        modified=found.last_modified_time or now,
        configuration=found.configuration if not machines else None,
        machines=tuple(_machine(one) for one in machines),
        package_roles=packaged,
        instances=instances,
        vip=vips[0].address if vips else endpoint or planter.draft.take_public_address(),
        virtual_network_name=found.virtual_network_name,
        dns_servers=(found.dns.dns_servers or ()) if found.dns else (),
        load_balancers=found.load_balancers or (),
        extended_properties=found.extended_properties or (),
        upgrade_domain_count=found.upgrade_domain_count or 1,
        sdk_version=found.sdk_version or "",
        locked=False,
        staging_host=planter.draft.make_hex("seed", "staging", service_name),
    )


def _status(planter: Planter, status: str | None) -> str:
    """Nothing moves in an estate that was put here: what was on its way has arrived."""
    settled = "Suspended" if (status or "").startswith("Suspend") else "Running"
    if status not in (None, settled):
        planter.report.lose("Deployment/Status", f"{status!r} became {settled}: nothing is under way in seed data")
    return settled


def _network(role: wire.Role) -> wire.NetworkConfigurationSet:
    found = next(
        (one for one in role.configuration_sets or () if isinstance(one, wire.NetworkConfigurationSet)),
        wire.NetworkConfigurationSet(),
    )
    return wire.NetworkConfigurationSet(
        **{
            name: getattr(found, name) or None
            for name in (field.name for field in fields(wire.NetworkConfigurationSet))
        }
    )


def _machine(role: wire.Role) -> model.MachineRole:
    if not isinstance(role, wire.PersistentVMRole) or role.role_name is None:
        raise SeedError("a role of the document has no name, or is no machine")
    network = _network(role)
    disk = role.os_virtual_hard_disk or wire.OSVirtualHardDisk()
    os = disk.os or "Linux"
    return model.MachineRole(
        name=role.role_name,
        size=role.role_size or "Small",
        os=os,
        os_disk=disk,
        network=replace(
            network,
            configuration_set_type="NetworkConfiguration",
            input_endpoints=tuple(replace(one, vip=None) for one in network.input_endpoints or ()) or None,
        ),
        data_disks=role.data_virtual_hard_disks or (),
        availability_set_name=role.availability_set_name,
        label=role.label,
        vm_image_name=role.vm_image_name,
        extensions=role.resource_extension_references,
        provision_guest_agent=role.provision_guest_agent,
        win_rm_thumbprint=role.default_win_rm_certificate_thumbprint,
        debug_settings=role.debug_settings,
        license_type=role.license_type,
    )


def _package_role(role: wire.Role, instances: tuple[model.RoleInstance, ...]) -> model.PackageRole:
    own = [one for one in instances if one.role_name == role.role_name]
    return model.PackageRole(
        name=role.role_name or "",
        os_version=role.os_version or "",
        instance_count=max(1, len(own)),
        size=own[0].size if own else "Small",
        endpoints=_network(role).input_endpoints or (),
    )


def _instance(planter: Planter, one: wire.RoleInstance) -> model.RoleInstance:
    status = one.instance_status or "ReadyRole"
    if status not in ("ReadyRole", "StoppedVM", "StoppedDeallocated"):
        rest = "StoppedVM" if one.power_state == "Stopped" else "ReadyRole"
        planter.report.lose(f"Deployment/RoleInstanceList/{one.instance_name}", f"{status!r} became {rest}")
        status = rest
    public = next((ip.address for ip in one.public_ips or () if ip.address), None)
    return model.RoleInstance(
        role_name=one.role_name or "",
        name=one.instance_name or one.role_name or "",
        status=status,
        power_state="Started" if status == "ReadyRole" else "Stopped",
        state_details=one.instance_state_details or "",
        size=one.instance_size or "Small",
        upgrade_domain=one.instance_upgrade_domain or 0,
        fault_domain=one.instance_fault_domain or 0,
        ip_address=one.ip_address,
        host_name=one.host_name,
        remote_access_thumbprint=one.remote_access_certificate_thumbprint,
        error_code=one.instance_error_code,
        changed=planter.draft.now,
        public_ip=public,
        boot=1,
        set_up=True,
    )
