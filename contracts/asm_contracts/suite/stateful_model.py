"""The reference model of the state machine: what there is, and what every call must answer.

It is small and knows nothing of times: what goes on is `Pending`, and takes effect when the service says it has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

OK: Final = frozenset({0})
"""The verdict on a call that must be carried out; any other verdict is the statuses it may be refused with."""

Verdict = frozenset[int]

UP: Final = "up"
STOPPED: Final = "StoppedVM"
DEALLOCATED: Final = "StoppedDeallocated"
MOST_DATA_DISKS: Final = 2
"""What a machine of size Small takes."""


def no(*statuses: int) -> Verdict:
    """A refusal with one of these statuses."""
    return frozenset(statuses)


@dataclass(slots=True)
class Disk:
    """A registered disk."""

    name: str
    account: str
    role: tuple[str, str] | None = None
    """Service and role it is attached to."""
    loose: bool = False
    """Its machine is gone; that it is free shows some time later."""


@dataclass(slots=True)
class Role:
    """A virtual machine."""

    name: str
    disk: str
    image: str
    power: str = UP
    data: dict[int, str] = field(default_factory=dict)
    """Data disks by logical unit."""

    def disks(self) -> list[str]:
        """The names of all its disks."""
        return [self.disk, *self.data.values()]


@dataclass(slots=True)
class Deployment:
    """What is in a slot; a package's has no roles here."""

    name: str
    slot: str
    roles: dict[str, Role] = field(default_factory=dict)
    busy: Pending | None = None
    fresh: bool = True
    """It is still being made."""

    @property
    def is_package(self) -> bool:
        """Whether it was made from a package."""
        return not self.roles


@dataclass(slots=True)
class Service:
    """A hosted service."""

    name: str
    deployments: dict[str, Deployment] = field(default_factory=dict)
    doomed: bool = False
    """It is being deleted with all it has."""


@dataclass(slots=True)
class Pending:
    """An accepted request, and what it comes to when it has ended."""

    request_id: str
    what: str
    end: Callable[[], None]
    fails: Callable[[], bool]
    """Whether it ends as failed, as things are when it ends."""


def never() -> bool:
    """Of what cannot fail once it is accepted."""
    return False


@dataclass(slots=True)
class Model:
    """Everything that the history so far has made."""

    services: dict[str, Service] = field(default_factory=dict)
    accounts: dict[str, bool] = field(default_factory=dict)
    """Storage accounts, and whether their creation has ended."""
    images: dict[str, str] = field(default_factory=dict)
    """OS images, and the account of their blob."""
    vm_images: dict[str, str] = field(default_factory=dict)
    disks: dict[str, Disk] = field(default_factory=dict)
    pending: list[Pending] = field(default_factory=list)
    finished: dict[str, str] = field(default_factory=dict)
    """Ended operations and how they ended: that never changes."""

    # -- what is there --------------------------------------------------------------------------------------------

    def machines(self, service: str) -> Deployment | None:
        """The deployment in production, of machines or not."""
        found = self.services.get(service)
        return found.deployments.get("Production") if found else None

    def roles(self) -> Iterator[tuple[Service, Deployment, Role]]:
        """Every machine with where it is."""
        for service in self.services.values():
            for deployment in service.deployments.values():
                for role in deployment.roles.values():
                    yield service, deployment, role

    def holder(self, disk: Disk) -> Deployment | None:
        """The deployment whose machine has a disk."""
        if disk.role is None:
            return None
        return next((one for _, one, role in self.roles() if disk.name in role.disks()), None)

    def registered_in(self, account: str) -> bool:
        """Whether a disk or an image lives in an account."""
        return (
            account in self.images.values()
            or account in self.vm_images.values()
            or any(disk.account == account for disk in self.disks.values())
        )

    # -- what must be answered ------------------------------------------------------------------------------------

    def may_create_service(self, name: str) -> Verdict:
        """Names are unique in the cloud."""
        return no(409) if name in self.services else OK

    def may_delete_service(self, name: str) -> Verdict:
        """The owner's rule: a service cannot be deleted while it still has deployments."""
        service = self.services.get(name)
        if service is None:
            return no(404)
        return no(409) if service.deployments else OK

    def may_delete_service_and_media(self, name: str) -> Verdict:
        """With its deployments, unless something goes on in one."""
        service = self.services.get(name)
        if service is None:
            return no(404)
        return no(409) if any(one.busy for one in service.deployments.values()) else OK

    def may_fill(self, name: str, slot: str) -> Verdict:
        """A slot holds one deployment; one that is being made counts."""
        service = self.services.get(name)
        if service is None:
            return no(404)
        return no(409) if slot in service.deployments else OK

    def may_delete_deployment(self, name: str, slot: str) -> Verdict:
        """One exclusive operation at a time."""
        service = self.services.get(name)
        deployment = service.deployments.get(slot) if service else None
        if deployment is None:
            return no(404)
        return no(409) if deployment.busy else OK

    def may_add_role(self, service: str, role: str) -> Verdict:
        """To a deployment of machines at rest, under a name of its own."""
        deployment = self.machines(service)
        if deployment is None:
            return no(404)
        if deployment.is_package:
            return no(400)
        return no(409) if deployment.busy or role in deployment.roles else OK

    def made_of(self, image: str, account: str, verdict: Verdict) -> Verdict:
        """What becomes of a verdict when a machine is made of an image: its disk is in the image's account."""
        return verdict if self.images[image] == account else (verdict - OK) | no(400)

    def may_touch_role(self, service: str, role: str) -> Verdict:
        """An operation on a machine that is there, in a deployment at rest."""
        deployment = self.machines(service)
        if deployment is None:
            return no(404)
        if deployment.is_package:
            return no(400, 404)
        if role not in deployment.roles:
            return no(404)
        return no(409) if deployment.busy else OK

    def may_delete_role(self, service: str, role: str) -> Verdict:
        """But not the last one."""
        verdict = self.may_touch_role(service, role)
        deployment = self.machines(service)
        if deployment is not None and role in deployment.roles and len(deployment.roles) == 1:
            return no(400, 409) if deployment.busy else no(400)
        return verdict

    def may_capture(self, service: str, role: str, image: str) -> Verdict:
        """A machine that is shut down, under a name that is free."""
        verdict = self.may_touch_role(service, role)
        deployment = self.machines(service)
        if verdict != OK or deployment is None:
            return verdict
        if image in self.images or deployment.roles[role].power == UP:
            return no(409)
        return OK

    def may_capture_vm_image(self, service: str, role: str, image: str) -> Verdict:
        """Any machine, under a name that is free."""
        verdict = self.may_touch_role(service, role)
        return no(409) if verdict == OK and image in self.vm_images else verdict

    def may_attach(self, service: str, role: str, lun: int) -> Verdict:
        """On a free logical unit, up to what the size takes."""
        verdict = self.may_touch_role(service, role)
        deployment = self.machines(service)
        if verdict != OK or deployment is None:
            return verdict
        data = deployment.roles[role].data
        return no(400) if lun in data or len(data) >= MOST_DATA_DISKS else OK

    def may_detach(self, service: str, role: str, lun: int) -> Verdict:
        """What is there."""
        verdict = self.may_touch_role(service, role)
        deployment = self.machines(service)
        if deployment is None or deployment.is_package or role not in deployment.roles:
            return verdict
        if lun not in deployment.roles[role].data:
            return no(404, 409) if deployment.busy else no(404)
        return verdict

    def may_delete_disk(self, name: str) -> Verdict:
        """One that is attached to nothing; `loose` ones must be looked at."""
        disk = self.disks.get(name)
        if disk is None:
            return no(404)
        holder = self.holder(disk)
        if holder is None:
            return OK
        return no(400, 409) if holder.busy else no(400)

    def may_create_account(self, name: str) -> Verdict:
        """Names are unique in the cloud."""
        return no(409) if name in self.accounts else OK

    def may_delete_account(self, name: str) -> Verdict:
        """One that is made, and in which nothing is registered."""
        if name not in self.accounts:
            return no(404)
        return no(409) if not self.accounts[name] or self.registered_in(name) else OK

    # -- what becomes ---------------------------------------------------------------------------------------------

    def lose_role(self, deployment: Deployment, role: str, *, media: bool) -> None:
        """A machine goes: its disks with it, or they are free some time later."""
        for name in deployment.roles.pop(role).disks():
            if media:
                self.disks.pop(name, None)
            elif name in self.disks:
                self.disks[name].role, self.disks[name].loose = None, True

    def lose_deployment(self, service: Service, slot: str, *, media: bool) -> None:
        """A deployment goes with its machines."""
        deployment = service.deployments.pop(slot)
        for role in list(deployment.roles):
            self.lose_role(deployment, role, media=media)
