"""What histories do with services, accounts, images and disks."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from asm_contracts.areas.hosted_services import CreateHostedService
from asm_contracts.areas.images import AddOSImage
from asm_contracts.areas.storage_accounts import CreateStorageServiceInput
from asm_contracts.operation import Accepted
from asm_contracts.suite.stateful_history import (
    ACCOUNTS,
    IMAGES,
    SERVICES,
    SPANS,
    History,
)
from asm_contracts.suite.stateful_model import (
    OK,
    Service,
)
from asm_contracts.suite.worlds import LOCATION, blob


class ServiceHistory(History):
    """Services, accounts, images and disks come and go."""

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
        if any(one.what == f"capture {name}" for one in self.model.pending):
            return  # whether the image or the capture is refused then, nobody has seen
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
            # Still shown as attached to a machine that is gone, in a deployment that may be busy with something else.
            verdict = OK if self.azure.get_disk(name).attached_to is None else frozenset({400, 409})
        act = self.azure.delete_disk_and_media if media else self.azure.delete_disk
        self.call(verdict, lambda: act(name), lambda _: self.model.disks.pop(name))
