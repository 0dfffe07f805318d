"""Histories of many calls, in any order, checked against the reference model at every step.

The machine of `cloud_machine` runs against any endpoint.  Where the tests control the service's time, operations
overlap: other calls are made while they go on.  Elsewhere each is waited for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from asm_contracts.areas.deployments import CreateDeployment
from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.images import AddOSImage
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.areas.virtual_machines import (
    CaptureRoleAsVMImageOperation,
    CaptureRoleOperation,
    CreateVirtualMachineDeployment,
    ShutdownRoleOperation,
    StartRoleOperation,
)
from asm_contracts.errors import ServiceError
from asm_contracts.operation import Accepted, DeploymentSlot
from asm_contracts.roles import DataVirtualHardDisk
from asm_contracts.suite.azure import TERMINAL, Azure, check_shape
from asm_contracts.suite.channel import Raw
from asm_contracts.suite.machines import endpoint, linux_role
from asm_contracts.suite.names import Names
from asm_contracts.suite.stateful_checks import agree
from asm_contracts.suite.stateful_model import (
    DEALLOCATED,
    OK,
    STOPPED,
    UP,
    Deployment,
    Disk,
    Model,
    Pending,
    Role,
    Service,
    Verdict,
)
from asm_contracts.suite.worlds import LOCATION, blob

SERVICES = st.sampled_from([0, 1])
ACCOUNTS = st.sampled_from([0, 1])
ROLES = st.sampled_from([0, 1, 2])
IMAGES = st.sampled_from([0, 1])
TARGETS = st.sampled_from([1, 2, 2])
"""Images to capture machines into; nothing is ever registered under the last one otherwise."""
LUNS = st.sampled_from([0, 1, 2])
SLOTS = st.sampled_from([DeploymentSlot("Production"), DeploymentSlot("Staging")])
PRODUCTION = DeploymentSlot("Production")
SPANS = st.sampled_from([1, 15, 40, 120, 600])
"""Seconds; the longest lets everything come to rest."""

CONFIGURATION = (
    b'<ServiceConfiguration serviceName="s" osFamily="2" '
    b'xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">'
    b'<Role name="WorkerRole1"><Instances count="1" /></Role></ServiceConfiguration>'
)


class Cloud(RuleBasedStateMachine):
    """Creates, changes, captures and deletes, in any order."""

    azure: ClassVar[Azure]
    raw: ClassVar[Raw]
    new_names: ClassVar[Callable[[], Names]]

    def __init__(self) -> None:
        super().__init__()
        self.names = type(self).new_names()
        self.model = Model()
        self.request_ids: set[str] = set()
        self.services = [self.names.hosted_service() for _ in range(2)]
        self.accounts = [self.names.storage_account() for _ in range(2)]
        self.images = [self.names.os_image() for _ in range(3)]
        self.vm_images = [self.names.vm_image() for _ in range(2)]
        self.roles = [self.names.free() for _ in range(3)]

    # -- how a call is judged -------------------------------------------------------------------------------------

    def call(
        self, verdict: Verdict, act: Callable[[], Any], done: Callable[[Any], object], busy: Deployment | None = None
    ) -> None:
        """Make a call whose answer the model knows: carried out, or refused with nothing changed."""
        before = self.look() if verdict != OK and self.azure.controls_time else None
        try:
            answer = act()
        except ServiceError as refusal:
            assert verdict != OK, f"the model has no objection, but: {refusal}"
            assert refusal.http_status in verdict, f"{sorted(verdict)} expected, not: {refusal}"
            if before is not None:
                assert self.look() == before, f"a refused call has changed something: {refusal}"
            if busy is not None and busy.busy is not None and verdict == {409}:
                assert busy.busy.request_id in refusal.message, f"the refusal names the holder: {refusal}"
            return
        assert verdict == OK, f"the model expects a refusal with {sorted(verdict)}"
        done(answer)

    def begin(self, accepted: Accepted, what: str, end: Callable[[], None], *, fails: bool = False) -> Pending:
        """Note what an accepted request will come to; where time is the service's own, wait for it."""
        assert accepted.request_id not in self.request_ids, "request ids are unique"
        self.request_ids.add(accepted.request_id)
        pending = Pending(accepted.request_id, what, end, fails)
        self.model.pending.append(pending)
        return pending

    def hold(
        self,
        deployment: Deployment,
        accepted: Accepted,
        what: str,
        end: Callable[[], None],
        *,
        fails: bool = False,
    ) -> None:
        """As `begin`, for what holds a deployment until it has ended."""

        def over() -> None:
            deployment.busy, deployment.fresh = None, False
            end()

        deployment.busy = self.begin(accepted, what, over, fails=fails)
        self.settle()

    def settle(self) -> None:
        """Where time is the service's own, wait for everything that goes on."""
        if not self.azure.controls_time:
            for pending in list(self.model.pending):
                self.azure.ended(pending.request_id)
            self.poll()

    def poll(self) -> None:
        """Ask after everything that goes on, and let the model follow what has ended."""
        for pending in list(self.model.pending):
            found = self.azure.get_operation_status(pending.request_id)
            check_shape(found, pending.request_id, lossy=self.azure.lossy)
            if found.status not in TERMINAL:
                continue
            expected = "Failed" if pending.fails else "Succeeded"
            assert found.status == expected, f"{pending.what} has {found.status}: {found.error}"
            self.model.pending.remove(pending)
            self.model.finished[pending.request_id] = found.status
            pending.end()
        for disk in self.model.disks.values():
            if disk.loose and self.azure.get_disk(disk.name).attached_to is None:
                disk.loose = False

    def look(self) -> list[tuple[int, bytes]]:
        """All that the history could have changed, as bytes."""
        paths = [f"/services/hostedservices/{name}?embed-detail=true" for name in self.services]
        paths += [f"/services/storageservices/{name}" for name in self.accounts]
        paths += [f"/services/images/{name}" for name in self.images]
        paths += [f"/services/disks/{name}" for name in self.model.disks]
        answers = [self.raw.send("GET", path) for path in paths]
        return [(answer.status, answer.body) for answer in answers]

    def doomed(self, service: int) -> bool:
        """Whether a service is on its way out: what calls on it come to then is not the model's business."""
        found = self.model.services.get(self.services[service])
        return found is not None and found.doomed

    def pick(self, data: st.DataObject) -> tuple[int, int]:
        """Which machine to do something with: mostly one that is there."""
        there = [
            (self.services.index(service.name), self.roles.index(role.name))
            for service, _, role in self.model.roles()
            if not service.doomed
        ]
        if there and data.draw(st.sampled_from(range(10)), label="any"):
            return data.draw(st.sampled_from(there), label="machine")
        return data.draw(st.tuples(SERVICES, ROLES), label="machine")

    # -- time -----------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.azure.controls_time)
    @rule(seconds=SPANS)
    def time_passes(self, seconds: int) -> None:
        self.azure.advance(timedelta(seconds=seconds))
        self.poll()

    # -- services and accounts ------------------------------------------------------------------------------------

    @precondition(lambda self: self.azure.controls_time and self.model.pending)
    @rule()
    def everything_ends(self) -> None:
        while self.model.pending:
            self.azure.advance(timedelta(seconds=20))
            self.poll()

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

    def rest(self) -> None:
        """Let everything that goes on end."""
        if self.azure.controls_time:
            self.azure.advance(timedelta(minutes=10))
            self.poll()

    @rule(service=SERVICES, shout=st.booleans())
    def create_service(self, service: int, shout: bool) -> None:
        name = self.services[service]
        verdict = self.model.may_create_service(name)
        spelled = name.upper() if shout and verdict != OK else name
        self.call(
            verdict,
            lambda: self.azure.create_hosted_service(
                CreateHostedService(service_name=spelled, label=name, location=LOCATION)
            ),
            lambda _: self.model.services.update({name: Service(name)}),
        )

    @rule(service=SERVICES)
    def delete_service(self, service: int) -> None:
        if self.doomed(service):
            return
        name = self.services[service]
        self.call(
            self.model.may_delete_service(name),
            lambda: self.azure.delete_hosted_service(name),
            lambda _: self.model.services.pop(name),
        )

    @rule(service=SERVICES, really=st.sampled_from([False, False, True]))
    def delete_service_and_media(self, service: int, really: bool) -> None:
        if self.doomed(service) or not really:
            return  # histories would be short if it happened often
        name = self.services[service]

        def done(accepted: Accepted) -> None:
            found = self.model.services[name]
            found.doomed = True

            def end() -> None:
                for slot in list(found.deployments):
                    self.model.lose_deployment(found, slot, media=True)
                del self.model.services[name]

            pending = self.begin(accepted, "delete service and media", end)
            for deployment in found.deployments.values():
                deployment.busy = pending
            self.settle()

        self.call(
            self.model.may_delete_service_and_media(name),
            lambda: self.azure.delete_hosted_service_and_media(name),
            done,
        )

    @rule(service=SERVICES)
    def availability_is_the_truth(self, service: int) -> None:
        name = self.services[service]
        found = self.azure.check_hosted_service_name_availability(name)
        assert found.result == (name not in self.model.services)

    @rule(account=ACCOUNTS)
    def create_account(self, account: int) -> None:
        name = self.accounts[account]

        def done(accepted: Accepted) -> None:
            self.model.accounts[name] = False
            self.begin(accepted, "create account", lambda: self.model.accounts.update({name: True}))
            self.settle()

        self.call(
            self.model.may_create_account(name),
            lambda: self.azure.create_storage_account(
                CreateStorageServiceInput(service_name=name, label=name, description=name, location=LOCATION)
            ),
            done,
        )

    @rule(account=ACCOUNTS)
    def delete_account(self, account: int) -> None:
        name = self.accounts[account]
        self.call(
            self.model.may_delete_account(name),
            lambda: self.azure.delete_storage_account(name),
            lambda _: self.model.accounts.pop(name),
        )

    def usable(self, account: int) -> bool:
        """Whether blobs can be in an account."""
        return self.model.accounts.get(self.accounts[account], False)

    def source(self, image: int, account: int) -> tuple[int, int] | None:
        """An image and an account that a machine can be made of: these, or else any that are there."""
        images = [n for n in (image, 1 - image) if self.images[n] in self.model.images]
        accounts = [n for n in (account, 1 - account) if self.usable(n)]
        return (images[0], accounts[0]) if images and accounts else None

    # -- images and disks -----------------------------------------------------------------------------------------

    @rule(image=IMAGES, account=ACCOUNTS)
    def add_image(self, image: int, account: int) -> None:
        if not self.usable(account):
            return
        name, place = self.images[image], self.accounts[account]
        self.call(
            frozenset({409}) if name in self.model.images else OK,
            lambda: self.azure.add_os_image(
                AddOSImage(label=name, media_link=blob(place, self.names.free()), name=name, os="Linux")
            ),
            lambda _: self.model.images.update({name: place}),
        )

    @rule(image=st.sampled_from([0, 1, 2]), media=st.booleans())
    def delete_image(self, image: int, media: bool) -> None:
        name = self.images[image]
        if any(one.busy and role.image == name for _, one, role in self.model.roles()):
            return  # machines are being made of it
        act = self.azure.delete_os_image_and_media if media else self.azure.delete_os_image
        self.call(
            OK if name in self.model.images else frozenset({404}),
            lambda: act(name),
            lambda _: self.model.images.pop(name),
        )

    @rule(image=IMAGES)
    def delete_vm_image(self, image: int) -> None:
        name = self.vm_images[image]
        if any(one.what == f"delete image {name}" for one in self.model.pending):
            return

        def done(accepted: Accepted) -> None:
            self.begin(accepted, f"delete image {name}", lambda: None)
            self.model.vm_images.pop(name)
            self.azure.ended(accepted)
            self.poll()

        self.call(
            OK if name in self.model.vm_images else frozenset({404}),
            lambda: self.azure.delete_vm_image_and_media(name),
            done,
        )

    @precondition(lambda self: self.model.disks)
    @rule(data=st.data(), media=st.booleans())
    def delete_disk(self, data: st.DataObject, media: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.model.disks)))
        disk = self.model.disks[name]
        verdict = self.model.may_delete_disk(name)
        if disk.loose:
            verdict = OK if self.azure.get_disk(name).attached_to is None else frozenset({400})
        act = self.azure.delete_disk_and_media if media else self.azure.delete_disk
        self.call(verdict, lambda: act(name), lambda _: self.model.disks.pop(name))

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

            def undone() -> None:
                self.model.lose_deployment(found, "Production", media=True)

            self.hold(deployment, accepted, "create machine", undone if collide else lambda: None, fails=collide)

        self.call(
            self.model.may_fill(where, "Production"),
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
            package_url="https://asmpackages.blob.core.windows.net/packages/one.cspkg",
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
    ) -> None:
        """An operation on a machine of the production slot."""
        if self.doomed(service):
            return
        where = self.services[service]
        deployment = self.model.machines(where)

        def done(accepted: Accepted) -> None:
            assert deployment is not None
            self.hold(deployment, accepted, what, lambda: end(deployment))

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
            self.model.may_add_role(where, self.roles[role]),
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

        def end(deployment: Deployment) -> None:
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
    return type("Cloud", (Cloud,), {"azure": azure, "raw": raw, "new_names": staticmethod(new_names)})
