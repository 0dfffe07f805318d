"""Putting entities into a subscription as if requests had made them long ago: names claimed, disks attached.

What the estate takes for granted and does not describe is made, and said in the report.
"""

from __future__ import annotations

from dataclasses import replace

from asm_contracts.areas.deployments import Deployment as Document
from asm_emulator import model, names
from asm_emulator.areas.hosted_services import DNS
from asm_emulator.areas.storage_accounts import make_key
from asm_emulator.blobs import DEFAULT_SIZE, STORAGE_NAME, blob_of, parse_media_link, register_blob
from asm_emulator.catalogue import location as known_location
from asm_emulator.deployed import deployment_document, put_deployment
from asm_emulator.seeding.reading import Report, SeedError
from asm_emulator.state import Draft


class Planter:
    """Writes to a draft; raises SeedError for what cannot be there."""

    def __init__(self, draft: Draft, report: Report, location: str) -> None:
        self.draft = draft
        self.report = report
        self.location = self.known(location)

    def known(self, location: str) -> str:
        """A location in its own spelling."""
        found = known_location(location)
        if found is None:
            raise SeedError(f"there is no location {location}")
        return found.name

    def place(self, location: str | None, group: str | None) -> tuple[str | None, str | None]:
        """Where something is: in the affinity group, in the location, or where everything else is."""
        if group is not None:
            if group not in self.draft.affinity_groups:
                raise SeedError(f"there is no affinity group {group}")
            return None, self.draft.affinity_groups[group].name
        return self.known(location) if location is not None else self.location, None

    def beside(self, link: str, location: str | None, group: str | None) -> tuple[str | None, str | None]:
        """Where a disk or image is: as it says, or where the storage account of its blob is."""
        address = parse_media_link(link)
        account = self.draft.storage_accounts.get(address.account) if address else None
        if location is None and group is None and account is not None:
            return account.location, account.affinity_group
        return self.place(location, group)

    def service(
        self, name: str, *, label: str | None = None, description: str | None = None, location: str | None = None,
        group: str | None = None,
    ) -> model.HostedService:  # fmt: skip
        """A hosted service that is new to the cloud."""
        names.check_hosted_service(name)
        if self.draft.owner_of(DNS, name) is not None:
            raise SeedError(f"the name {name} is taken")
        where, group = self.place(location, group)
        made = model.HostedService(
            name=name, label=label or name, description=description, created=self.draft.now, modified=self.draft.now,
            location=where, affinity_group=group,
        )  # fmt: skip
        self.draft.claim(DNS, name)
        self.draft.hosted_services[name] = made
        self.report.take("hosted_services")
        return made

    def account(
        self, name: str, *, label: str | None = None, description: str | None = None, location: str | None = None,
        group: str | None = None, kind: str | None = None,
    ) -> None:  # fmt: skip
        """A storage account that is new to the cloud."""
        names.check_storage_account(name)
        if self.draft.owner_of(STORAGE_NAME, name) is not None:
            raise SeedError(f"the name {name} is taken")
        where, group = self.place(location, group)
        now = self.draft.now
        self.draft.claim(STORAGE_NAME, name)
        self.draft.storage_accounts[name] = model.StorageAccount(
            name=name, label=label or name, description=description, created=now, location=where, affinity_group=group,
            account_type=kind or "Standard_GRS",
            primary_key=make_key(self.draft, name, now, "primary", 0),
            secondary_key=make_key(self.draft, name, now, "secondary", 0),
        )  # fmt: skip
        self.report.take("storage_accounts")

    def media(self, url: str | None, name: str, service: model.HostedService | None = None) -> str:
        """The address of a blob, in an account that is there when this returns; made up if none is given."""
        address = parse_media_link(url) if url else None
        if url and address is None:
            self.report.lose(name, f"{url} is not the address of a blob: another one was made up")
        if address is None:
            account = next(iter(self.draft.storage_accounts), None) or "seed" + self.draft.make_hex("seed")[:16]
            url = f"https://{account}.blob.core.windows.net/vhds/{name}.vhd"
            address = parse_media_link(url)
        assert address is not None and url is not None
        if address.account not in self.draft.storage_accounts:
            if self.draft.owner_of(STORAGE_NAME, address.account) is not None:
                raise SeedError(f"{name} is in the storage account {address.account}, which somebody else has")
            where, group = (service.location, service.affinity_group) if service else (None, None)
            self.account(address.account, location=where, group=group)
            self.report.added.append(f"the storage account {address.account}, which {name} is in")
        return url

    def disk(self, disk: model.Disk) -> None:
        """A disk, with the blob behind it."""
        if disk.name in self.draft.disks:
            raise SeedError(f"there is a disk {disk.name} already")
        if blob_of(self.draft, disk.media_link) is not None:
            raise SeedError(f"the blob of the disk {disk.name} backs something else: {disk.media_link}")
        register_blob(self.draft, disk.media_link, "disk", disk.name)
        self.draft.disks[disk.name] = disk
        self.report.take("disks")

    def deployment(self, service_name: str, deployment: model.Deployment) -> Document:
        """A deployment, with the disks of its machines; what is answered for it from now on."""
        service = self.draft.hosted_services[service_name]
        if deployment.slot in service.deployments:
            raise SeedError(f"the slot {deployment.slot} of {service.name} is occupied")
        machines = tuple(self._machine(service, deployment, one) for one in deployment.machines)
        deployment = replace(deployment, machines=machines)
        put_deployment(self.draft, service.name, deployment)
        self.report.take("deployments")
        return deployment_document(self.draft, self.draft.hosted_services[service.name], deployment)

    def _machine(
        self, service: model.HostedService, deployment: model.Deployment, machine: model.MachineRole
    ) -> model.MachineRole:
        at = model.Attachment(service_name=service.name, deployment_name=deployment.name, role_name=machine.name)
        stem = f"{service.name}-{machine.name}"
        os_disk = machine.os_disk
        name = os_disk.disk_name or f"{stem}-os"
        link = self.media(os_disk.media_link, name, service)
        os_disk = replace(os_disk, disk_name=name, media_link=link, os=machine.os)
        where = {"location": service.location, "affinity_group": service.affinity_group, "created": self.draft.now}
        size = os_disk.resized_size_in_gb or DEFAULT_SIZE
        self._attached(
            model.Disk(
                name=name, media_link=link, size_in_gb=size, label=os_disk.disk_label, os=machine.os,
                source_image_name=os_disk.source_image_name, attached_to=at, io_type=os_disk.io_type or "Standard",
                **where,  # type: ignore[arg-type]
            )
        )  # fmt: skip
        disks = []
        for number, one in enumerate(machine.data_disks):
            lun = one.lun if one.lun is not None else number
            disk_name = one.disk_name or f"{stem}-{lun}"
            link = self.media(one.media_link, disk_name, service)
            size = one.logical_disk_size_in_gb or DEFAULT_SIZE
            self._attached(
                model.Disk(
                    name=disk_name, media_link=link, size_in_gb=size, label=one.disk_label, attached_to=at,
                    io_type=one.io_type or "Standard", **where,  # type: ignore[arg-type]
                )
            )  # fmt: skip
            disks.append(
                replace(one, disk_name=disk_name, media_link=link, lun=lun or None, logical_disk_size_in_gb=size)
            )
        self.report.take("virtual_machines")
        return replace(machine, os_disk=os_disk, data_disks=tuple(sorted(disks, key=lambda one: one.lun or 0)))

    def _attached(self, disk: model.Disk) -> None:
        """A machine's disk, which the estate may have described already as a disk of its own."""
        known = self.draft.disks.get(disk.name)
        if known is None:
            self.disk(disk)
        elif known.attached_to is not None:
            raise SeedError(f"the disk {disk.name} is attached already")
        else:
            self.draft.disks[disk.name] = replace(known, attached_to=disk.attached_to)

    def machine_deployment(
        self,
        service: model.HostedService,
        name: str,
        machines: list[tuple[model.MachineRole, model.RoleInstance]],
        **more: object,
    ) -> model.Deployment:
        """A deployment of running machines."""
        return model.Deployment(
            name=name, slot="Production", private_id=self.draft.make_hex("seed", service.name, name),
            status="Running", is_package=False, created=self.draft.now, modified=self.draft.now,
            machines=tuple(machine for machine, _ in machines), instances=tuple(one for _, one in machines),
            **{"label": name, "vip": self.draft.take_public_address(), **more},  # type: ignore[arg-type]
        )  # fmt: skip
