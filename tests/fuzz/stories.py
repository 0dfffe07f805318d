"""Further things to do in a populated subscription, each of which takes effect: what bad requests are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from tests.fuzz.estate import CONFIGURATION, HOUR, Direct, pfx
from tests.fuzz.stories_platform import addresses, buses, databases, jobs, migrations, networks, profiles, sites

from asm_contracts.areas import affinity_groups as groups
from asm_contracts.areas import deployments as packages
from asm_contracts.areas import (
    disks,
    hosted_services,
    images,
    route_tables,
    security_groups,
    storage_accounts,
    vm_images,
)
from asm_contracts.areas import virtual_machines as vm
from asm_contracts.areas.certificates import CertificateFile
from asm_contracts.operation import DeploymentName, DeploymentSlot
from asm_contracts.roles import (
    DataVirtualHardDisk,
    DnsServer,
    FrontendIpConfiguration,
    LoadBalancer,
    NetworkConfigurationSet,
)
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import endpoint, linux_role
from asm_contracts.suite.samples import World
from asm_contracts.suite.worlds import LOCATION, blob

Story = Callable[[Azure, World, Callable[..., None]], Any]


def machines(azure: Azure, world: World, later: Callable[..., None]) -> None:
    """What can be done to a virtual machine."""
    service, deployment, role = world["hostedservices"], DeploymentName(world["deployments"]), world["roles"]
    at = (service, deployment)
    link = blob(world["storageservices"], "story")
    azure.add_role(*at, linux_role("third", world["images"], link))
    later()
    found = azure.get_role(*at, role)
    azure.update_role(*at, role, found)
    later()
    azure.restart_role(*at, role, vm.RestartRoleOperation(operation_type="RestartRoleOperation"))
    later()
    azure.redeploy_role(*at, role, vm.RedeployRoleOperation(operation_type="RedeployRoleOperation"))
    later()
    azure.add_dns_server(*at, DnsServer(name="names", address="10.0.0.9"))
    later()
    azure.update_dns_server(*at, "names", DnsServer(name="names", address="10.0.0.10"))
    later()
    azure.delete_dns_server(*at, "names")
    later()
    balancer = LoadBalancer(
        name="inner", frontend_ip_configuration=FrontendIpConfiguration(type="Private"),
    )  # fmt: skip
    azure.add_load_balancer(*at, balancer)
    later()
    azure.update_load_balancer(*at, "inner", balancer)
    later()
    azure.delete_load_balancer(*at, "inner")
    later()
    azure.update_data_disk(*at, role, "1", DataVirtualHardDisk(host_caching="ReadOnly", lun=1))
    later()
    azure.delete_data_disk(*at, role, "1")
    later()
    shutdown = vm.ShutdownRoleOperation(
        operation_type="ShutdownRoleOperation", post_shutdown_action="StoppedDeallocated"
    )
    azure.shutdown_role(*at, role, shutdown)
    later()
    capture = vm.CaptureRoleAsVMImageOperation(
        operation_type="CaptureRoleAsVMImageOperation",
        os_state="Specialized",
        vm_image_name="captured",
        vm_image_label="l",
    )
    azure.capture_vm_image(*at, role, capture)
    later()
    azure.start_role(*at, role, vm.StartRoleOperation(operation_type="StartRoleOperation"))
    later()
    azure.shutdown_roles(
        *at,
        vm.ShutdownRolesOperation(
            operation_type="ShutdownRolesOperation", roles=(role,), post_shutdown_action="Stopped"
        ),
    )
    later()
    azure.start_roles(*at, vm.StartRolesOperation(operation_type="StartRolesOperation", roles=(role,)))
    later()
    azure.shutdown_role(*at, "third", vm.ShutdownRoleOperation(operation_type="ShutdownRoleOperation"))
    later()
    azure.capture_role(
        *at, "third",
        vm.CaptureRoleOperation(
            operation_type="CaptureRoleOperation", post_capture_action="Delete", target_image_label="l",
            target_image_name="generalized",
        ),
    )  # fmt: skip
    later()
    azure.delete_role_and_media(*at, role)
    later()
    azure.delete_deployment_and_media(*at)
    later()
    azure.delete_hosted_service(service)


def endpoints(azure: Azure, world: World, later: Callable[..., None]) -> None:
    """A set of load-balanced endpoints, and a machine in a network with a reserved address."""
    service = "asmfzstory"
    azure.create_hosted_service(hosted_services.CreateHostedService(service_name=service, label="l", location=LOCATION))
    role = linux_role("one", world["images"], blob(world["storageservices"], "one"))
    sets = role.configuration_sets or ()
    balanced = replace(endpoint("web", 80), load_balanced_endpoint_set_name="web")
    network = NetworkConfigurationSet(
        configuration_set_type="NetworkConfiguration", input_endpoints=(balanced,), subnet_names=("front",)
    )
    azure.create_virtual_machine_deployment(
        service,
        vm.CreateVirtualMachineDeployment(
            name="balanced", deployment_slot="Production", label="l", virtual_network_name="net",
            reserved_ip_name=world["reservedips"],
            role_list=(replace(role, configuration_sets=(sets[0], network)),),
        ),
    )  # fmt: skip
    later()
    azure.update_load_balanced_endpoint_set(
        service,
        DeploymentName("balanced"),
        vm.LoadBalancedEndpointList(endpoints=(replace(balanced, local_port=8080),)),
    )
    later()
    at = (service, DeploymentName("balanced"), "one")
    group, table = world["networksecuritygroups"], world["routetables"]
    azure.add_network_security_group_to_role(*at, security_groups.NetworkSecurityGroupName(name=group))
    later()
    azure.remove_network_security_group_from_role(*at, group)
    later()
    azure.set_ip_forwarding_on_role(*at, route_tables.IPForwarding(state="Enabled"))
    later()
    azure.get_effective_route_table_for_role_instance(*at)
    azure.add_network_security_group_to_subnet("net", "front", security_groups.NetworkSecurityGroupName(name=group))
    later()
    azure.remove_network_security_group_from_subnet("net", "front", group)
    later()
    azure.add_route_table_to_subnet("net", "front", route_tables.RouteTableAssociation(route_table_name=table))
    later()
    azure.remove_route_table_from_subnet("net", "front")
    later()


def services(azure: Azure, world: World, later: Callable[..., None]) -> None:
    """A service with packages in both slots."""
    service, slot = world["packages"], DeploymentSlot("Production")
    azure.update_hosted_service(service, hosted_services.UpdateHostedService(label="new", description="d"))
    at = (service, slot)
    azure.change_deployment_configuration(
        *at, packages.ChangeConfiguration(configuration=CONFIGURATION.replace(b"one", b"two"), mode="Manual")
    )
    later()
    for number in range(2):
        azure.walk_upgrade_domain(*at, packages.WalkUpgradeDomain(upgrade_domain=number))
        later()
    url = f"https://{world['storageservices']}.blob.core.windows.net/packages/next.cspkg"
    upgrade = packages.UpgradeDeployment(
        mode="Manual", package_url=url, configuration=CONFIGURATION, label="next", force=True
    )
    azure.upgrade_deployment(*at, upgrade)
    later()
    azure.rollback_update_or_upgrade(*at, packages.RollbackUpdateOrUpgrade(mode="Manual", force=True))
    later()
    for number in range(2):
        azure.walk_upgrade_domain(*at, packages.WalkUpgradeDomain(upgrade_domain=number))
        later()
    azure.swap_deployment(service, packages.Swap(production="package0", source_deployment="package1"))
    later()
    azure.delete_role_instances(*at, packages.RoleInstances(names=("Worker_IN_1",)))
    later()
    azure.update_deployment_status(*at, packages.UpdateDeploymentStatus(status="Suspended"))
    later()
    azure.add_service_certificate(service, CertificateFile(data=pfx(5), certificate_format="pfx", password="Pa55-word"))
    azure.delete_service_certificate(service, "sha1", world["thumbprint"])
    later()


def storage(azure: Azure, world: World, later: Callable[..., None]) -> None:
    """Accounts, groups, images and disks."""
    account = world["storageservices"]
    azure.update_storage_account(account, storage_accounts.UpdateStorageServiceInput(label="new"))
    azure.regenerate_storage_account_keys(account, storage_accounts.RegenerateKeys(key_type="Primary"))
    azure.create_storage_account(
        storage_accounts.CreateStorageServiceInput(service_name="asmfzstory", label="l", location=LOCATION)
    )
    later()
    azure.delete_storage_account("asmfzstory")
    azure.update_affinity_group(world["affinitygroups"], groups.UpdateAffinityGroup(label="new"))
    azure.delete_affinity_group(world["affinitygroups"])
    azure.update_disk(world["disks"], disks.UpdateDisk(label="new"))
    azure.delete_disk_and_media(world["disks"])
    azure.add_os_image(
        images.AddOSImage(label="l", media_link=blob(account, "storyimage"), name="storyimage", os="Windows")
    )
    azure.update_os_image("storyimage", images.UpdateOSImage(label="new"))
    azure.replicate_os_image(
        "storyimage",
        images.ReplicationInput(
            target_locations=(LOCATION,),
            compute_image_attributes=images.ComputeImageAttributes(offer="o", sku="s", version="1.0.0"),
        ),
    )
    later()
    azure.share_os_image("storyimage", "public")
    later()
    azure.unreplicate_os_image("storyimage")
    later()
    azure.update_vm_image(world["vmimages"], vm_images.UpdateVMImage(label="new"))
    azure.replicate_vm_image(
        world["vmimages"],
        images.ReplicationInput(
            target_locations=(LOCATION,),
            compute_image_attributes=images.ComputeImageAttributes(offer="o", sku="s", version="1.0.0"),
        ),
    )
    later()
    azure.share_vm_image(world["vmimages"], "public")
    later()


STORIES: Final[tuple[Story, ...]] = (
    machines, endpoints, services, storage, networks, addresses, migrations, databases, buses, jobs, sites, profiles,
)  # fmt: skip


def tell(driver: Direct, world: World) -> None:
    """Live through every story, each from the same beginning, and put everything back."""
    emulator, azure = driver.emulator, Azure(driver)  # type: ignore[arg-type]
    state, now = emulator.snapshot(), emulator.engine.clock.now()

    def back() -> None:
        emulator.restore(state)
        emulator.engine.clock._last = now  # type: ignore[attr-defined]

    for story in STORIES:
        story(azure, world, lambda by=HOUR: emulator.advance(by))
        back()


__all__ = ["tell"]
