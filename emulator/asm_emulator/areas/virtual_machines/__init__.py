"""Virtual machines: what requests come to, with what is refused at once and what the operation ends with.

How a machine is made, lives and changes is in the modules of this package; here is which request begins what.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from asm_contracts.areas.virtual_machines import (
    CaptureRoleAsVMImageOperation,
    CaptureRoleOperation,
    CreateVirtualMachineDeployment,
    LoadBalancedEndpointList,
    PerformMaintenanceOnRoleOperation,
    RedeployRoleOperation,
    RestartRoleOperation,
    ShutdownRoleOperation,
    ShutdownRolesOperation,
    StartRoleOperation,
    StartRolesOperation,
    VirtualMachineContract,
)
from asm_contracts.errors import BadRequest, InternalError
from asm_contracts.evidence import assumed, recorded
from asm_contracts.operation import Accepted, DeploymentKey, RawBody
from asm_contracts.roles import DataVirtualHardDisk, DnsServer, LoadBalancer, PersistentVMRole
from asm_emulator import model, names
from asm_emulator.allocation import allocated
from asm_emulator.areas.base import Area
from asm_emulator.areas.virtual_machines import (
    capturing,
    changing,
    creating,
    dns,
    load_balancers,
    maintaining,
    power,
    validation,
)
from asm_emulator.areas.virtual_machines.building import without_passwords
from asm_emulator.areas.virtual_machines.common import (
    find_machine,
    find_machines,
    instance_of,
    put_machine,
    settled,
)
from asm_emulator.areas.virtual_machines.endpoints import check_collisions
from asm_emulator.areas.virtual_machines.orders import action_of, check_type, some
from asm_emulator.areas.virtual_machines.rdp import rdp_file
from asm_emulator.capture import check_os_image_name, check_vm_image_name
from asm_emulator.deployed import DEALLOCATED, DEALLOCATED_SINCE, find_deployment, find_service, put_deployment
from asm_emulator.deployed import role_document as machine_document
from asm_emulator.engine import Effect, effect_name, lease, release
from asm_emulator.maintenance import may_start
from asm_emulator.quotas import check_core_quota, check_public_ip_quota, cores, public_ips
from asm_emulator.repository import check_os_state
from asm_emulator.virtual_ips import check_virtual_ips


class VirtualMachineArea(Area, VirtualMachineContract):
    """Creates, reads, changes, starts, stops, captures and deletes virtual machines."""

    # -- creating and reading -----------------------------------------------------------------------------------------

    def create_virtual_machine_deployment(self, service_name: str, body: CreateVirtualMachineDeployment) -> Accepted:
        service = find_service(self.state, service_name)
        attached = creating.attached_before(self.state, body.role_list)
        deployment = creating.new_deployment(self.state, service, body)
        collision = creating.place_deployment(self.state, service, deployment)
        return self.begin(
            creating.machines_created,
            holds=_lease(deployment),
            undo=creating.creation_undone,
            service_name=service.name,
            private_id=deployment.private_id,
            attached=attached,
            failure=collision.message if collision else None,
        )

    def add_role(self, service_name: str, deployment: DeploymentKey, body: PersistentVMRole) -> Accepted:
        service, found = find_machines(self.state, service_name, deployment)
        self._check_idle(found)
        before = self.state.savepoint()
        machine = creating.new_machine(self.state, service, found, body)
        after = replace(found, machines=(*found.machines, machine))
        check_virtual_ips(found, (machine,))
        try:
            check_collisions(after.machines)
            after = allocated(self.state, service.name, after, (machine.size,))
            after = creating.with_instance(self.state, after, machine)
        except BadRequest as problem:  # port, address or hardware: what the fabric finds out, after the answer
            self.state.rollback(before)
            return self._fails(found, problem)
        put_deployment(self.state, service.name, settled(self.state, after))
        self.state.schedule(
            effect_name(creating.machines_appear),
            self.state.span("add_role") * 0.5,
            service_name=service.name,
            private_id=found.private_id,
            status="StartingVM",
        )
        return self._begin(creating.machine_added, service, found, role_name=machine.name)

    def get_role(self, service_name: str, deployment: DeploymentKey, role_name: str) -> PersistentVMRole:
        _, found = find_deployment(self.state, service_name, deployment)
        return machine_document(found, find_machine(found, role_name), in_deployment=False)

    # -- changing and deleting ----------------------------------------------------------------------------------------

    def update_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: PersistentVMRole
    ) -> Accepted:
        service, found, machine = self._machine(service_name, deployment, role_name)
        self._check_idle(found)
        changing.check_update(self.state, found, machine, body)
        before = self.state.savepoint()
        changed = changing.updated(self.state, service, found, machine, body)
        self.state.rollback(before)
        check_virtual_ips(found, (changed,))
        try:
            check_collisions(put_machine(found, changed).machines)
        except BadRequest as collision:
            return self._fails(found, collision)
        return self._begin(
            changing.machine_updated, service, found, role_name=machine.name, role=without_passwords(body)
        )

    def delete_role(self, service_name: str, deployment: DeploymentKey, role_name: str) -> Accepted:
        return self._delete(service_name, deployment, role_name, media=False)

    def delete_role_and_media(self, service_name: str, deployment: DeploymentKey, role_name: str) -> Accepted:
        return self._delete(service_name, deployment, role_name, media=True)

    def _delete(self, service_name: str, deployment: DeploymentKey, role_name: str, *, media: bool) -> Accepted:
        service, found, machine = self._machine(service_name, deployment, role_name)
        changing.check_not_last(found, machine)
        return self._begin(changing.machine_gone, service, found, role_name=machine.name, media=media)

    # -- power --------------------------------------------------------------------------------------------------------

    def start_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: StartRoleOperation
    ) -> Accepted:
        check_type(body)
        return self._start(service_name, deployment, (role_name,))

    def start_roles(self, service_name: str, deployment: DeploymentKey, body: StartRolesOperation) -> Accepted:
        check_type(body)
        return self._start(service_name, deployment, some(body.roles))

    def _start(self, service_name: str, deployment: DeploymentKey, role_names: tuple[str, ...]) -> Accepted:
        service, found, machines = self._machines(service_name, deployment, role_names)
        self._check_idle(found)
        names = tuple(machine.name for machine in machines)
        asleep = tuple(name for name in names if _status(found, name) == DEALLOCATED)
        waking = [machine for machine in machines if machine.name in asleep]
        check_core_quota(self.state, sum(cores(machine.size) for machine in waking))
        check_public_ip_quota(self.state, sum(public_ips(machine.network) for machine in waking))
        try:
            started = power.starting(self.state, service.name, found, names)
        except BadRequest as problem:
            return self._fails(found, problem)
        answer = self._begin(power.machines_started, service, found, roles=names, deallocated=asleep)
        put_deployment(self.state, service.name, started)
        return answer

    def _fails(self, deployment: model.Deployment, problem: BadRequest) -> Accepted:
        """Accept a change of which it is known that the fabric will refuse it."""
        return self.begin(
            creating.change_collides, holds=_lease(deployment), failure=problem.message, code=problem.error_code
        )

    def restart_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: RestartRoleOperation
    ) -> Accepted:
        check_type(body)
        service, found, machine = self._machine(service_name, deployment, role_name)
        return self._begin(power.machine_restarted, service, found, role_name=machine.name)

    def shutdown_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: ShutdownRoleOperation
    ) -> Accepted:
        check_type(body)
        asked = body.post_shutdown_action if self.request.version >= DEALLOCATED_SINCE else None
        action = action_of(asked or "Stopped")
        service, found, machine = self._machine(service_name, deployment, role_name)
        answer = self._begin(power.machines_stopped, service, found, roles=(machine.name,), action=action)
        put_deployment(self.state, service.name, power.stopping(found, (machine.name,), action))
        return answer

    def shutdown_roles(self, service_name: str, deployment: DeploymentKey, body: ShutdownRolesOperation) -> Accepted:
        check_type(body)
        action = action_of(body.post_shutdown_action)
        service, found, machines = self._machines(service_name, deployment, some(body.roles))
        names = tuple(machine.name for machine in machines)
        answer = self._begin(power.machines_stop_later, service, found, roles=names, action=action)
        put_deployment(self.state, service.name, power.told(found, names))
        return answer

    def redeploy_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: RedeployRoleOperation
    ) -> Accepted:
        check_type(body)
        service, found, machine = self._machine(service_name, deployment, role_name)
        return self._begin(power.machine_redeployed, service, found, role_name=machine.name)

    @recorded("InternalError, for a machine whose host was due for no maintenance")
    @assumed("outside the time in which its owner may do it, and once it is done, the answer is the same")
    def perform_maintenance_on_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: PerformMaintenanceOnRoleOperation
    ) -> Accepted:
        check_type(body)
        service, found, machine = self._machine(service_name, deployment, role_name)
        self._check_idle(found)
        instance = instance_of(found, machine.name)
        plan = instance.maintenance if instance else None
        if instance is None or plan is None or not may_start(plan, self.now):
            raise InternalError()
        answer = self._begin(
            maintaining.machine_maintained,
            service,
            found,
            undo=maintaining.maintenance_fails,
            role_name=machine.name,
            plan=plan.serial,
        )
        put_deployment(self.state, service.name, maintaining.under_way(found, instance, plan))
        return answer

    # -- capturing ----------------------------------------------------------------------------------------------------

    def capture_role(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: CaptureRoleOperation
    ) -> Accepted:
        check_type(body)
        service, found, machine = self._machine(service_name, deployment, role_name)
        self._check_idle(found)
        again = capturing.check_capture(self.state, service, found, machine, body)
        check_os_image_name(self.state, body.target_image_name)
        capturing.check_down(found, machine)
        provisioning = body.provisioning_configuration
        name = None
        if again and isinstance(provisioning, validation.Provisioning):
            name = validation.computer_name(machine.name, provisioning)
        return self._begin(
            capturing.machine_captured,
            service,
            found,
            role_name=machine.name,
            name=body.target_image_name,
            label=body.target_image_label,
            computer_name=name,
        )

    def capture_vm_image(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: CaptureRoleAsVMImageOperation
    ) -> Accepted:
        check_type(body)
        service, found, machine = self._machine(service_name, deployment, role_name)
        self._check_idle(found)
        os_state = check_os_state(body.os_state)
        check_vm_image_name(self.state, body.vm_image_name)
        names.check_further_label(body.vm_image_label)
        names.check_description(body.description)
        if body.recommended_vm_size:
            validation.check_known_size(body.recommended_vm_size)
        return self._begin(
            capturing.machine_imaged,
            service,
            found,
            role_name=machine.name,
            name=body.vm_image_name,
            label=body.vm_image_label or body.vm_image_name,
            os_state=os_state,
            metadata={
                "description": body.description or None,
                "language": body.language or None,
                "image_family": body.image_family or None,
                "recommended_vm_size": body.recommended_vm_size or None,
            },
        )

    # -- data disks ---------------------------------------------------------------------------------------------------

    def add_data_disk(
        self, service_name: str, deployment: DeploymentKey, role_name: str, body: DataVirtualHardDisk
    ) -> Accepted:
        service, found, machine = self._machine(service_name, deployment, role_name)
        self._check_idle(found)
        before = self.state.savepoint()
        changing.with_data_disk(self.state, service, found, machine, body)
        self.state.rollback(before)
        return self._begin(changing.data_disk_attached, service, found, role_name=machine.name, disk=body)

    def get_data_disk(
        self, service_name: str, deployment: DeploymentKey, role_name: str, lun: int
    ) -> DataVirtualHardDisk:
        _, found = find_deployment(self.state, service_name, deployment)
        disk = changing.find_data_disk(find_machine(found, role_name), lun)
        return replace(disk, lun=disk.lun or None)

    def update_data_disk(
        self, service_name: str, deployment: DeploymentKey, role_name: str, lun: int, body: DataVirtualHardDisk
    ) -> None:
        service, found, machine = self._machine(service_name, deployment, role_name)
        self._check_idle(found)
        changed = changing.with_changed_disk(machine, changing.find_data_disk(machine, lun), body)
        put_deployment(self.state, service.name, replace(put_machine(found, changed), modified=self.now))

    def delete_data_disk(self, service_name: str, deployment: DeploymentKey, role_name: str, lun: int) -> Accepted:
        return self._delete_disk(service_name, deployment, role_name, lun, media=False)

    def delete_data_disk_and_media(
        self, service_name: str, deployment: DeploymentKey, role_name: str, lun: int
    ) -> Accepted:
        return self._delete_disk(service_name, deployment, role_name, lun, media=True)

    def _delete_disk(
        self, service_name: str, deployment: DeploymentKey, role_name: str, lun: int, *, media: bool
    ) -> Accepted:
        service, found, machine = self._machine(service_name, deployment, role_name)
        changing.find_data_disk(machine, lun)
        return self._begin(changing.data_disk_gone, service, found, role_name=machine.name, lun=lun, media=media)

    # -- name servers -------------------------------------------------------------------------------------------------

    def add_dns_server(self, service_name: str, deployment: DeploymentKey, body: DnsServer) -> Accepted:
        service, found = find_machines(self.state, service_name, deployment)
        server = dns.check_dns_server(body, found.dns_servers)
        return self._begin(dns.dns_server_set, service, found, name=server.name, address=server.address)

    @assumed("that the name cannot change is the client's word; the text was never seen")
    def update_dns_server(
        self, service_name: str, deployment: DeploymentKey, dns_server_name: str, body: DnsServer
    ) -> Accepted:
        service, found = find_machines(self.state, service_name, deployment)
        server = dns.find_dns_server(found, dns_server_name)
        if body.name and body.name.lower() != (server.name or "").lower():
            raise BadRequest("The name of a DNS server cannot be changed.")
        address = dns.check_address(body.address)
        return self._begin(dns.dns_server_set, service, found, name=server.name, address=address)

    def delete_dns_server(self, service_name: str, deployment: DeploymentKey, dns_server_name: str) -> Accepted:
        service, found = find_machines(self.state, service_name, deployment)
        server = dns.find_dns_server(found, dns_server_name)
        return self._begin(dns.dns_server_set, service, found, name=server.name, address=None)

    # -- load balancers and endpoints ---------------------------------------------------------------------------------

    def add_load_balancer(self, service_name: str, deployment: DeploymentKey, body: LoadBalancer) -> Accepted:
        service, found = find_machines(self.state, service_name, deployment)
        balancer = load_balancers.check_load_balancer(body, found.load_balancers, self._site(found))
        return self._begin(load_balancers.load_balancer_set, service, found, name=balancer.name, balancer=balancer)

    @assumed("that the name cannot change follows from the address; the text was never seen")
    def update_load_balancer(
        self, service_name: str, deployment: DeploymentKey, load_balancer_name: str, body: LoadBalancer
    ) -> Accepted:
        service, found = find_machines(self.state, service_name, deployment)
        known = load_balancers.find_load_balancer(found, load_balancer_name)
        if body.name and body.name.lower() != (known.name or "").lower():
            raise BadRequest("The name of a load balancer cannot be changed.")
        frontend = load_balancers.check_frontend(body.frontend_ip_configuration, self._site(found))
        balancer = LoadBalancer(name=known.name, frontend_ip_configuration=frontend)
        return self._begin(load_balancers.load_balancer_set, service, found, name=known.name, balancer=balancer)

    def delete_load_balancer(self, service_name: str, deployment: DeploymentKey, load_balancer_name: str) -> Accepted:
        service, found = find_machines(self.state, service_name, deployment)
        known = load_balancers.find_load_balancer(found, load_balancer_name)
        load_balancers.check_unused(found, known)
        return self._begin(load_balancers.load_balancer_set, service, found, name=known.name, balancer=None)

    def update_load_balanced_endpoint_set(
        self, service_name: str, deployment: DeploymentKey, body: LoadBalancedEndpointList
    ) -> Accepted:
        service, found = find_machines(self.state, service_name, deployment)
        machines = changing.with_sets(found, body.endpoints)
        check_virtual_ips(found, machines)
        try:
            check_collisions(machines)
        except BadRequest as collision:
            return self._fails(found, collision)
        return self._begin(changing.sets_changed, service, found, changes=body.endpoints)

    def get_rdp_file(self, service_name: str, deployment: DeploymentKey, instance_name: str) -> RawBody:
        service, found = find_deployment(self.state, service_name, deployment)
        return rdp_file(service, found, instance_name)

    # -- what they share ----------------------------------------------------------------------------------------------

    def _machine(
        self, service_name: str, deployment: DeploymentKey, role_name: str
    ) -> tuple[model.HostedService, model.Deployment, model.MachineRole]:
        service, found = find_machines(self.state, service_name, deployment)
        return service, found, find_machine(found, role_name)

    def _machines(
        self, service_name: str, deployment: DeploymentKey, role_names: tuple[str, ...]
    ) -> tuple[model.HostedService, model.Deployment, tuple[model.MachineRole, ...]]:
        service, found = find_machines(self.state, service_name, deployment)
        return service, found, tuple(dict.fromkeys(find_machine(found, name) for name in role_names))

    def _site(self, deployment: model.Deployment) -> model.VirtualNetworkSite | None:
        return self.state.virtual_networks.get(deployment.virtual_network_name or "")

    def _check_idle(self, deployment: model.Deployment) -> None:
        """ConflictError while an operation holds the deployment: before anything else is said of the request."""
        ((kind, key),) = _lease(deployment)
        lease(self.state, kind, key, self.request.request_id)
        release(self.state, kind, key, self.request.request_id)

    def _begin(
        self, ends_with: Effect, service: model.HostedService, deployment: model.Deployment, **data: Any
    ) -> Accepted:
        """Begin an operation that holds the deployment and ends with an effect on it."""
        return self.begin(
            ends_with,
            holds=_lease(deployment),
            service_name=service.name,
            private_id=deployment.private_id,
            **data,
        )


def _lease(deployment: model.Deployment) -> tuple[tuple[str, str]]:
    return (("deployment", deployment.private_id),)


def _status(deployment: model.Deployment, role_name: str) -> str | None:
    instance = instance_of(deployment, role_name)
    return instance.status if instance else None
