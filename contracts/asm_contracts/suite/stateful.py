"""Histories of many calls, in any order, checked against the reference model at every step.

The machine of `cloud_machine` runs against any endpoint.  Where the tests control the service's time, operations
overlap: other calls are made while they go on.  Elsewhere each is waited for.
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from asm_contracts.areas.deployments import CreateDeployment
from asm_contracts.areas.virtual_machines import (
    CaptureRoleAsVMImageOperation,
    CaptureRoleOperation,
    CreateVirtualMachineDeployment,
    ShutdownRoleOperation,
    StartRoleOperation,
)
from asm_contracts.operation import Accepted, DeploymentSlot
from asm_contracts.roles import DataVirtualHardDisk
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.machines import endpoint, linux_role
from asm_contracts.suite.names import Names
from asm_contracts.suite.packages import PACKAGE
from asm_contracts.suite.stateful_checks import agree
from asm_contracts.suite.stateful_history import (
    ACCOUNTS,
    CONFIGURATION,
    IMAGES,
    LUNS,
    ROLES,
    SERVICES,
    SLOTS,
    TARGETS,
    machine_of,
)
from asm_contracts.suite.stateful_model import (
    DEALLOCATED,
    STOPPED,
    UP,
    Deployment,
    Disk,
    Role,
    Verdict,
    never,
)
from asm_contracts.suite.stateful_services import ServiceHistory
from asm_contracts.suite.worlds import PRODUCTION, blob


class Cloud(ServiceHistory):
    """Creates, changes, captures and deletes, in any order."""

    @initialize(machines=st.sampled_from([0, 1, 2, 2]))
    def something_to_begin_with(self, machines: int) -> None:
        self.create_account(0)
        self.rest()
        self.add_image(0, 0)
        self.create_service(0, False)
        if machines:
            self.create_machine(0, 0, 0, 0, False)
            self.rest()
        if machines > 1:
            self.add_role(0, 1, 0, 0)
            self.rest()

    # -- deployments ----------------------------------------------------------------------------------------------

    @rule(service=SERVICES, role=ROLES, image=IMAGES, account=ACCOUNTS, collide=st.sampled_from([False, False, True]))
    def create_machine(self, service: int, role: int, image: int, account: int, collide: bool) -> None:
        found = self.source(image, account)
        if found is None or self.doomed(service):
            return
        image, account = found
        where, name, place = self.services[service], self.names.free(), self.accounts[account]
        ports = (endpoint("one", 22), endpoint("two", 22 if collide else 23))
        machine = linux_role(self.roles[role], self.images[image], blob(place, self.names.free()), endpoints=ports)
        body = CreateVirtualMachineDeployment(name=name, deployment_slot="Production", label="l", role_list=(machine,))

        def done(accepted: Accepted) -> None:
            found = self.model.services[where]
            deployment = Deployment(name, "Production")
            found.deployments["Production"] = deployment
            self.new_role(where, deployment, role, image, place)

            def end() -> None:
                if collide:
                    self.model.lose_deployment(found, "Production", media=True)

            self.hold(deployment, accepted, "create machine", end, lambda: collide)

        self.call(
            self.model.made_of(self.images[image], place, self.model.may_fill(where, "Production")),
            lambda: self.azure.create_virtual_machine_deployment(where, body),
            done,
        )

    def new_role(self, service: str, deployment: Deployment, role: int, image: int, account: str) -> None:
        """A machine is there from the moment of the request, and so is its disk, which the service has named."""
        name = self.roles[role]
        found = self.azure.get_role(service, PRODUCTION, name).os_virtual_hard_disk
        assert found is not None and found.disk_name
        assert found.disk_name not in self.model.disks, "names of disks are unique"
        self.names.adopt("disk", found.disk_name)
        self.model.disks[found.disk_name] = Disk(found.disk_name, account, (service, name))
        deployment.roles[name] = Role(name, found.disk_name, self.images[image])

    @rule(service=SERVICES, slot=SLOTS, start=st.booleans())
    def create_package(self, service: int, slot: DeploymentSlot, start: bool) -> None:
        if self.doomed(service):
            return
        where, name = self.services[service], self.names.free()
        body = CreateDeployment(
            name=name,
            package_url=PACKAGE,
            label="l",
            configuration=CONFIGURATION,
            start_deployment=start,
        )

        def done(accepted: Accepted) -> None:
            deployment = Deployment(name, str(slot))
            self.model.services[where].deployments[str(slot)] = deployment
            self.hold(deployment, accepted, "create package", lambda: None)

        self.call(self.model.may_fill(where, str(slot)), lambda: self.azure.create_deployment(where, slot, body), done)

    @rule(service=SERVICES, slot=SLOTS, media=st.booleans(), really=st.booleans())
    def delete_deployment(self, service: int, slot: DeploymentSlot, media: bool, really: bool) -> None:
        if self.doomed(service) or not really:
            return
        where = self.services[service]
        act = self.azure.delete_deployment_and_media if media else self.azure.delete_deployment
        found = self.model.services.get(where)
        deployment = found.deployments.get(str(slot)) if found else None

        def done(accepted: Accepted) -> None:
            assert found is not None and deployment is not None
            self.hold(
                deployment,
                accepted,
                "delete deployment",
                lambda: self.model.lose_deployment(found, str(slot), media=media),
            )

        self.call(self.model.may_delete_deployment(where, str(slot)), lambda: act(where, slot), done, deployment)

    # -- machines -------------------------------------------------------------------------------------------------

    def on_role(
        self,
        service: int,
        verdict: Verdict,
        act: Callable[[str], Accepted],
        what: str,
        end: Callable[[Deployment], None],
        fails: Callable[[], bool] = never,
    ) -> None:
        """An operation on a machine of the production slot."""
        if self.doomed(service):
            return
        where = self.services[service]
        deployment = self.model.machines(where)

        def done(accepted: Accepted) -> None:
            assert deployment is not None
            self.hold(deployment, accepted, what, lambda: end(deployment), fails)

        self.call(verdict, lambda: act(where), done, deployment)

    @rule(service=SERVICES, role=ROLES, image=IMAGES, account=ACCOUNTS)
    def add_role(self, service: int, role: int, image: int, account: int) -> None:
        found = self.source(image, account)
        if found is None or self.doomed(service):
            return
        image, account = found
        where, place = self.services[service], self.accounts[account]
        deployment = self.model.machines(where)
        machine = linux_role(self.roles[role], self.images[image], blob(place, self.names.free()))

        def done(accepted: Accepted) -> None:
            assert deployment is not None
            self.new_role(where, deployment, role, image, place)
            self.hold(deployment, accepted, "add role", lambda: None)

        self.call(
            self.model.made_of(self.images[image], place, self.model.may_add_role(where, self.roles[role])),
            lambda: self.azure.add_role(where, PRODUCTION, machine),
            done,
        )

    @rule(data=st.data(), media=st.booleans())
    def delete_role(self, data: st.DataObject, media: bool) -> None:
        service, role = self.pick(data)
        name = self.roles[role]
        act = self.azure.delete_role_and_media if media else self.azure.delete_role
        self.on_role(
            service,
            self.model.may_delete_role(self.services[service], name),
            lambda where: act(where, PRODUCTION, name),
            "delete role",
            lambda deployment: self.model.lose_role(deployment, name, media=media),
        )

    @rule(data=st.data(), action=st.sampled_from(["Stopped", "StoppedDeallocated"]))
    def shut_down(self, data: st.DataObject, action: str) -> None:
        service, role = self.pick(data)
        body = ShutdownRoleOperation(operation_type="ShutdownRoleOperation", post_shutdown_action=action)
        self.shut_down_as(service, role, body)

    def shut_down_as(self, service: int, role: int, body: ShutdownRoleOperation) -> None:
        """Shut this machine down."""
        name, action = self.roles[role], body.post_shutdown_action

        def end(deployment: Deployment) -> None:
            found = deployment.roles[name]
            if found.power != DEALLOCATED:
                found.power = STOPPED if action == "Stopped" else DEALLOCATED

        self.on_role(
            service,
            self.model.may_touch_role(self.services[service], name),
            lambda where: self.azure.shutdown_role(where, PRODUCTION, name, body),
            "shut down",
            end,
        )

    @rule(data=st.data())
    def start(self, data: st.DataObject) -> None:
        service, role = self.pick(data)
        name = self.roles[role]

        def end(deployment: Deployment) -> None:
            deployment.roles[name].power = UP

        self.on_role(
            service,
            self.model.may_touch_role(self.services[service], name),
            lambda where: self.azure.start_role(
                where, PRODUCTION, name, StartRoleOperation(operation_type="StartRoleOperation")
            ),
            "start",
            end,
        )

    def removed(self, service: int, deployment: Deployment, role: str) -> None:
        """A captured machine is gone; the last one takes its deployment along."""
        if len(deployment.roles) == 1:
            self.model.lose_deployment(self.model.services[self.services[service]], "Production", media=False)
        else:
            self.model.lose_role(deployment, role, media=False)

    @rule(data=st.data(), image=TARGETS)
    def capture_role(self, data: st.DataObject, image: int) -> None:
        service, role = self.pick(data)
        self.capture_as(service, role, image)

    def capture_as(self, service: int, role: int, image: int) -> None:
        """Make an OS image of this machine."""
        name, target = self.roles[role], self.images[image]
        body = CaptureRoleOperation(
            operation_type="CaptureRoleOperation",
            post_capture_action="Delete",
            target_image_label=target,
            target_image_name=target,
        )
        if any(one.what == f"capture {target}" for one in self.model.pending):
            return

        def end(deployment: Deployment) -> None:
            self.model.images[target] = self.model.disks[deployment.roles[name].disk].account
            self.removed(service, deployment, name)

        self.on_role(
            service,
            self.model.may_capture(self.services[service], name, target),
            lambda where: self.azure.capture_role(where, PRODUCTION, name, body),
            f"capture {target}",
            end,
        )

    @rule(data=st.data(), image=TARGETS)
    def shut_down_and_capture(self, data: st.DataObject, image: int) -> None:
        service, role = self.pick(data)
        deployment = self.model.machines(self.services[service])
        if deployment is not None and deployment.busy is None and self.roles[role] in deployment.roles:
            body = ShutdownRoleOperation(operation_type="ShutdownRoleOperation", post_shutdown_action="Stopped")
            self.shut_down_as(service, role, body)
            self.rest()
        self.capture_as(service, role, image)

    @rule(data=st.data(), image=IMAGES, state=st.sampled_from(["Specialized", "Generalized"]))
    def capture_vm_image(self, data: st.DataObject, image: int, state: str) -> None:
        service, role = self.pick(data)
        name, target = self.roles[role], self.vm_images[image]
        body = CaptureRoleAsVMImageOperation(
            operation_type="CaptureRoleAsVMImageOperation",
            os_state=state,
            vm_image_name=target,
            vm_image_label=target,
        )
        if any(one.what == f"capture {target}" for one in self.model.pending):
            return

        def end(deployment: Deployment) -> None:
            self.model.vm_images[target] = self.model.disks[deployment.roles[name].disk].account
            if state == "Generalized":
                self.removed(service, deployment, name)

        self.on_role(
            service,
            self.model.may_capture_vm_image(self.services[service], name, target),
            lambda where: self.azure.capture_vm_image(where, PRODUCTION, name, body),
            f"capture {target}",
            end,
        )

    @rule(data=st.data(), lun=LUNS, account=ACCOUNTS)
    def attach_disk(self, data: st.DataObject, lun: int, account: int) -> None:
        service, role = self.pick(data)
        if not self.usable(account):
            return
        name, where, place = self.roles[role], self.services[service], self.accounts[account]
        body = DataVirtualHardDisk(lun=lun, logical_disk_size_in_gb=5, media_link=blob(place, self.names.free()))

        def lost() -> bool:
            """The disk is registered at the end: until then nothing keeps its account from being deleted."""
            return place not in self.model.accounts

        def end(deployment: Deployment) -> None:
            if lost():
                return
            found = self.azure.get_data_disk(where, PRODUCTION, name, lun).disk_name
            assert found
            self.names.adopt("disk", found)
            self.model.disks[found] = Disk(found, place, (where, name))
            deployment.roles[name].data[lun] = found

        self.on_role(
            service,
            self.model.may_attach(where, name, lun),
            lambda _: self.azure.add_data_disk(where, PRODUCTION, name, body),
            "attach disk",
            end,
            lost,
        )

    @rule(data=st.data(), lun=LUNS, media=st.booleans())
    def detach_disk(self, data: st.DataObject, lun: int, media: bool) -> None:
        service, role = self.pick(data)
        name = self.roles[role]
        deployment = self.model.machines(self.services[service])
        there = deployment.roles[name].data if deployment is not None and name in deployment.roles else {}
        if there and lun:
            lun = sorted(there)[0]
        act = self.azure.delete_data_disk_and_media if media else self.azure.delete_data_disk

        def end(deployment: Deployment) -> None:
            disk = deployment.roles[name].data.pop(lun)
            if media:
                del self.model.disks[disk]
            else:
                self.model.disks[disk].role, self.model.disks[disk].loose = None, True

        self.on_role(
            service,
            self.model.may_detach(self.services[service], name, lun),
            lambda where: act(where, PRODUCTION, name, lun),
            "detach disk",
            end,
        )

    # -- what always holds ----------------------------------------------------------------------------------------

    @invariant()
    def the_service_agrees_with_the_model(self) -> None:
        agree(self.azure, self.model, self.services, self.accounts, self.images, self.vm_images)

    def teardown(self) -> None:
        for pending in list(self.model.pending):
            self.azure.ended(pending.request_id)
        self.poll()
        for disk in [one for one in self.model.disks.values() if one.loose]:
            self.azure.until(lambda name=disk.name: self.azure.get_disk(name).attached_to is None, "a free disk")  # type: ignore[misc]
        self.poll()
        self.the_service_agrees_with_the_model()
        for request_id, status in self.model.finished.items():
            assert self.azure.get_operation_status(request_id).status == status, "how it ended never changes"
        reset = getattr(self.azure.driver, "reset", None)
        if reset is not None:
            reset()
        else:
            self.names.clean(self.azure, self.raw)


def cloud_machine(azure: Azure, raw: Raw, new_names: Callable[[], Names]) -> type[Cloud]:
    """The machine for an endpoint; `new_names` gives each history names of its own."""
    return machine_of(Cloud, azure, raw, new_names)
