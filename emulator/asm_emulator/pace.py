"""How long things take: the recorded durations, and the paces that scale them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

SECONDS: Final[dict[str, float]] = {
    # Operations, by name: the recorded median from the request to the first poll that saw it ended.
    "create_storage_account": 22,
    "add_service_certificate": 6,
    "delete_service_certificate": 6,
    "create_virtual_machine_deployment": 68,
    "create_deployment": 46,
    "change_deployment_configuration": 74,
    "update_deployment_status": 5,
    "upgrade_deployment": 74,
    "rollback_update_or_upgrade": 74,
    "walk_upgrade_domain": 60,
    "delete_deployment": 20,
    "delete_deployment_and_media": 31,
    "delete_hosted_service_and_media": 31,
    "add_role": 32,
    "update_role": 32,
    "delete_role": 32,
    "delete_role_and_media": 37,
    "start_role": 37,
    "restart_role": 37,
    "shutdown_role": 37,
    "start_roles": 89,
    "shutdown_roles": 7,
    "capture_role": 60,
    "capture_vm_image": 60,
    "add_data_disk": 30,
    "update_data_disk": 30,
    "delete_data_disk": 30,
    "delete_data_disk_and_media": 30,
    "add_dns_server": 21,
    "update_dns_server": 21,
    "delete_dns_server": 21,
    "add_load_balancer": 32,
    "update_load_balancer": 32,
    "delete_load_balancer": 67,
    "create_vm_image": 5,
    "delete_vm_image": 5,
    "delete_vm_image_and_media": 5,
    "create_reserved_ip_address": 15,
    "delete_reserved_ip_address": 15,
    "associate_reserved_ip_address": 58,
    "disassociate_reserved_ip_address": 58,
    "set_network_configuration": 31,
    "create_network_security_group": 31,
    "delete_network_security_group": 31,
    "set_network_security_rule": 31,
    "delete_network_security_rule": 31,
    "add_network_security_group_to_subnet": 31,
    "remove_network_security_group_from_subnet": 31,
    "add_network_security_group_to_role": 31,
    "remove_network_security_group_from_role": 31,
    "add_network_security_group_to_network_interface": 31,
    "remove_network_security_group_from_network_interface": 31,
    "create_route_table": 31,
    "delete_route_table": 31,
    "set_route": 31,
    "delete_route": 31,
    "add_route_table_to_subnet": 31,
    "remove_route_table_from_subnet": 31,
    "set_ip_forwarding_on_role": 31,
    "set_ip_forwarding_on_network_interface": 31,
    "create_virtual_network_gateway": 1680,
    "create_network_gateway": 1680,
    "delete_virtual_network_gateway": 40,
    "delete_network_gateway": 40,
    "create_dedicated_circuit": 12,
    "update_dedicated_circuit": 13,
    "delete_dedicated_circuit": 15,
    "create_border_gateway_protocol_peering": 8,
    "create_cross_connection": 2,
    "update_cross_connection": 2,
    "create_application_gateway": 34,
    "set_application_gateway_configuration": 3,
    "prepare_deployment_migration": 63,
    "prepare_deployment_migration_to_network": 63,
    "prepare_virtual_network_migration": 94,
    "abort_deployment_migration": 126,
    "abort_virtual_network_migration": 126,
    "create_cloud_service": 6,
    "delete_cloud_service": 6,
    "create_job_collection": 6,
    "delete_job_collection": 5,
    "put_add_on": 6,
    "delete_add_on": 6,
    "create_cluster": 6,
    "create_iaas_cluster": 6,
    "delete_cluster": 300,
    "delete_iaas_cluster": 300,
    # Lifecycles: what goes on after an operation has ended.
    "vm.boot.linux": 120,
    "vm.boot.windows": 120,
    "vm.prepare.windows": 120,
    "vm.ready.windows": 200,
    "vm.restart": 60,
    "vm.shutdown.late": 120,
    "vm.settle": 120,
    "vm.agent.linux": 60,
    "vm.agent.windows": 240,
    "package.create": 30,
    "package.boot": 120,
    "package.busy": 20,
    "package.domain": 60,
    "package.restart": 60,
    "disk.detach": 45,
    "hdinsight.create": 900,
    "service.resource-group": 3,
    "image.replicate": 3600,
    "webjob.start": 5,
    "webjob.run": 10,
    "site.deploy": 20,
    "site.swap": 30,
    "site.backup": 30,
    "site.restore": 60,
    "sql.objective": 30,
    "sql.copy": 60,
    "sql.restore": 180,
    "sql.transfer": 20,
    "service-bus.activate": 17,
    "service-bus.remove": 20,
    "gateway.start": 900,
    "gateway.stop": 3,
    "traffic.check": 60,
}
"""Seconds at the real pace.  An operation that is not here takes `DEFAULT`."""

DEFAULT: Final = 30.0


@dataclass(frozen=True, slots=True)
class Pace:
    """A name, what it multiplies the recorded durations by, and whether time stands still by itself."""

    name: str
    scale: float
    frozen: bool = False

    def span(self, what: str, seconds: float | None = None) -> timedelta:
        """How long `what` takes at this pace; `seconds` replaces the table's figure."""
        return timedelta(seconds=(SECONDS.get(what, DEFAULT) if seconds is None else seconds) * self.scale)


PACES: Final[dict[str, Pace]] = {
    pace.name: pace
    for pace in (
        Pace("quick", 1 / 240),  # create and boot of a Linux VM: 188 recorded seconds in about 0.8
        Pace("instant", 0.0),
        Pace("real", 1.0),
        Pace("manual", 1.0, frozen=True),
    )
}
