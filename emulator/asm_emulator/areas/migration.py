"""Migration to Azure Resource Manager, which takes what is committed out of this service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from asm_contracts.areas.migration import (
    DeploymentNetworkResource,
    MigrationContract,
    ValidationMessage,
    ValidationMessages,
)
from asm_contracts.errors import BadRequest, ConflictError, ResourceNotFound, ServiceError
from asm_contracts.evidence import assumed, documented, recorded
from asm_contracts.operation import Accepted
from asm_emulator import model
from asm_emulator.areas.base import Area
from asm_emulator.areas.hosted_services import remove_service
from asm_emulator.areas.route_tables import find_table
from asm_emulator.areas.storage_accounts import find_account
from asm_emulator.blobs import registered_in
from asm_emulator.deployed import by_private_id, discard_deployment
from asm_emulator.engine import effect
from asm_emulator.guards import find_group
from asm_emulator.reserved import find_reserved_ip, reserved_ip_user
from asm_emulator.state import Draft
from asm_emulator.vpn import word

PREPARED: Final = "Prepared"
DEPLOYMENT, NETWORK, STORAGE = "Deployment", "VirtualNetwork", "Storage"
GROUP, ADDRESS, TABLE = "NetworkSecurityGroup", "ReservedIP", "RouteTable"
"""What messages call the resources; the first three were recorded."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be migrated: under which key its migration is known, what a change of it holds, what is wrong.

    A key is of one resource, where that can be told from a later one of its name.
    """

    kind: str
    name: str
    key: str
    holds: tuple[tuple[str, str], ...]
    problems: tuple[ValidationMessage, ...] = ()
    note: str = ""
    """What there is to say if nothing is wrong."""


def _error(kind: str, name: str, text: str) -> ValidationMessage:
    return ValidationMessage(resource_type=kind, resource_name=name, category="Error", message=text)


# -- finding ----------------------------------------------------------------------------------------------------------


@recorded("the refusal, also without the service; validation gives it as a message")
@documented("web and worker roles cannot be migrated; machines in a virtual network are migrated with it")
@assumed("the other texts")
def deployment_subject(draft: Draft, service_name: str, deployment_name: str) -> Subject:
    """A deployment; ResourceNotFound if there is none of this name."""
    service = draft.hosted_services.get(service_name)
    found = next(
        (
            one
            for one in (service.deployments.values() if service else ())
            if one.name.lower() == deployment_name.lower()
        ),
        None,
    )
    if service is None or found is None:
        raise ResourceNotFound(f"The deployment name '{deployment_name}' does not exist.")
    network = found.virtual_network_name
    texts = _deployment_problems(service, found)
    if network is not None:
        texts.append(
            f"Deployment {found.name} in Cloud Service {service.name} is in the virtual network {network} and can "
            "only be migrated with it."
        )
    return Subject(
        DEPLOYMENT,
        found.name,
        f"{DEPLOYMENT}:{found.private_id}",
        (("deployment", found.private_id),),
        tuple(_error(DEPLOYMENT, found.name, text) for text in texts),
        f"Deployment {found.name} in Cloud Service {service.name} is eligible for migration.",
    )


def _deployment_problems(service: model.HostedService, found: model.Deployment) -> list[str]:
    if found.is_package:
        return [f"Deployment {found.name} in Cloud Service {service.name} has web or worker roles."]
    if found.status == "Deploying":
        return [f"Deployment {found.name} in Cloud Service {service.name} is being deployed."]
    return []


@recorded("the refusal")
@assumed("the other texts")
def network_subject(draft: Draft, name: str) -> Subject:
    """A virtual network with its deployments; BadRequest if there is none of this name."""
    site = draft.virtual_networks.get(name)
    if site is None:
        raise BadRequest(
            f"Virtual network '{name}' not found. Either it does not exist or it is an Azure Resource Manager "
            "resource, which cannot be used with Cloud Services."
        )
    inside = list(_inside(draft, site.name))
    return Subject(
        NETWORK,
        site.name,
        f"{NETWORK}:{site.id}",
        (("virtual network", site.name.lower()), *(("deployment", one.private_id) for _, one in inside)),
        tuple(
            _error(DEPLOYMENT, one.name, text) for service, one in inside for text in _deployment_problems(service, one)
        ),
        f"Virtual Network {site.name} is eligible for migration.",
    )


def _inside(draft: Draft, name: str) -> Iterator[tuple[model.HostedService, model.Deployment]]:
    for service in draft.hosted_services.values():
        for deployment in service.deployments.values():
            if (deployment.virtual_network_name or "").lower() == name.lower():
                yield service, deployment


def _simple(kind: str, name: str, known_by: object, *texts: str) -> Subject:
    return Subject(
        kind,
        name,
        f"{kind}:{known_by}",
        ((_LEASES[kind], name.lower()),),
        tuple(_error(kind, name, text) for text in texts),
        f"{kind} {name} is eligible for migration.",
    )


_LEASES: Final = {
    STORAGE: "storage account",
    GROUP: "network security group",
    ADDRESS: "reserved IP",
    TABLE: "route table",
}


@documented("machines are migrated before the storage accounts that their disks are in")
def storage_subject(draft: Draft, name: str) -> Subject:
    """A storage account; ResourceNotFound if there is none of this name."""
    account = find_account(draft, name)
    held = registered_in(draft, account.name)
    texts = [f"Storage account {account.name} has some active image(s) and/or disk(s), e.g. {held[0]}."] if held else []
    return _simple(STORAGE, account.name, f"{account.name}:{account.created.isoformat()}", *texts)


@assumed("a group in use is migrated with what uses it")
def group_subject(draft: Draft, name: str) -> Subject:
    """A network security group; ResourceNotFound if there is none of this name."""
    found = find_group(draft, name)
    users = [
        f"The network security group {found.name} is in use by the subnet {subnet.name} of the virtual network "
        f"{site.name}."
        for site in draft.virtual_networks.values()
        for subnet in site.subnets
        if (subnet.network_security_group or "").lower() == found.name.lower()
    ]
    return _simple(GROUP, found.name, found.name, *users)


@assumed("a table in use is migrated with what uses it")
def table_subject(draft: Draft, name: str) -> Subject:
    """A route table; ResourceNotFound if there is none of this name."""
    found = find_table(draft, name)
    users = [
        f"The route table {found.name} is in use by the subnet {subnet.name} of the virtual network {site.name}."
        for site in draft.virtual_networks.values()
        for subnet in site.subnets
        if (subnet.route_table or "").lower() == found.name.lower()
    ]
    return _simple(TABLE, found.name, found.name, *users)


@documented("a reserved IP in use is migrated with its deployment")
def address_subject(draft: Draft, name: str) -> Subject:
    """A reserved IP; ResourceNotFound if there is none of this name."""
    found = find_reserved_ip(draft, name)
    user = reserved_ip_user(draft, found.name)
    texts = [f"The reserved IP {found.name} is in use by the deployment {user[1].name}."] if user else []
    return _simple(ADDRESS, found.name, found.id, *texts)


# -- effects ----------------------------------------------------------------------------------------------------------


@effect
def prepared(draft: Draft, key: str, **_of: str | None) -> None:
    """The end of a preparation: the resource is as it was, and may be committed."""
    if key in draft.migrations:
        draft.migrations[key] = PREPARED


@effect
def aborted(draft: Draft, key: str) -> None:
    """The end of an abort: the resource is as it was."""
    draft.migrations.pop(key, None)


@effect
@assumed("what goes with a resource: a deployment's disks, reserved IP and, if it was its last, service")
def committed(draft: Draft, key: str, kind: str, name: str, service_name: str | None = None) -> None:
    """The end of a migration: the resource is here no longer.  Names in the cloud stay taken where they still are."""
    draft.migrations.pop(key, None)
    if kind == DEPLOYMENT and service_name is not None:
        _leave(draft, service_name, key.partition(":")[2])
    elif kind == NETWORK:
        for service, deployment in list(_inside(draft, name)):
            _leave(draft, service.name, deployment.private_id)
        draft.virtual_networks.pop(name, None)
        draft.virtual_network_gateways.pop(name, None)
        known = draft.subscription.network_configuration
        if known is not None:
            left = tuple(one for one in known.sites if one.name.lower() != name.lower())
            draft.change(network_configuration=replace(known, sites=left))
    elif kind == STORAGE:
        draft.storage_accounts.pop(name, None)
    elif kind == GROUP:
        draft.network_security_groups.pop(name, None)
    elif kind == TABLE:
        draft.route_tables.pop(name, None)
    elif kind == ADDRESS:
        draft.reserved_ips.pop(name, None)


def _leave(draft: Draft, service_name: str, private_id: str) -> None:
    deployment = by_private_id(draft, service_name, private_id)
    if deployment is None:
        return
    if deployment.reserved_ip_name is not None:
        draft.reserved_ips.pop(deployment.reserved_ip_name, None)
    discard_deployment(draft, service_name, deployment.slot, media=True)
    service = draft.hosted_services[service_name]
    if not service.deployments:
        remove_service(draft, service)


class MigrationArea(Area, MigrationContract):
    """Validates, prepares, commits and aborts migrations."""

    # -- deployments --------------------------------------------------------------------------------------------------

    def validate_deployment_migration(self, service_name: str, deployment_name: str) -> ValidationMessages:
        return self._validate(
            DEPLOYMENT, deployment_name, lambda: deployment_subject(self.state, service_name, deployment_name)
        )

    def validate_deployment_migration_to_network(
        self, service_name: str, deployment_name: str, body: DeploymentNetworkResource
    ) -> ValidationMessages:
        def subject() -> Subject:
            found = deployment_subject(self.state, service_name, deployment_name)
            check_destination(body)
            return found

        return self._validate(DEPLOYMENT, deployment_name, subject)

    def prepare_deployment_migration(self, service_name: str, deployment_name: str) -> Accepted:
        return self._prepare(deployment_subject(self.state, service_name, deployment_name))

    def prepare_deployment_migration_to_network(
        self, service_name: str, deployment_name: str, body: DeploymentNetworkResource
    ) -> Accepted:
        subject = deployment_subject(self.state, service_name, deployment_name)
        check_destination(body)
        return self._prepare(subject)

    def commit_deployment_migration(self, service_name: str, deployment_name: str) -> Accepted:
        return self._commit(deployment_subject(self.state, service_name, deployment_name), service_name)

    def abort_deployment_migration(self, service_name: str, deployment_name: str) -> Accepted:
        return self._abort(deployment_subject(self.state, service_name, deployment_name))

    # -- everything else ----------------------------------------------------------------------------------------------

    def validate_virtual_network_migration(self, virtual_network_name: str) -> ValidationMessages:
        return self._validate(NETWORK, virtual_network_name, lambda: network_subject(self.state, virtual_network_name))

    def prepare_virtual_network_migration(self, virtual_network_name: str) -> Accepted:
        return self._prepare(network_subject(self.state, virtual_network_name))

    def commit_virtual_network_migration(self, virtual_network_name: str) -> Accepted:
        return self._commit(network_subject(self.state, virtual_network_name))

    def abort_virtual_network_migration(self, virtual_network_name: str) -> Accepted:
        return self._abort(network_subject(self.state, virtual_network_name))

    def validate_network_security_group_migration(self, network_security_group_name: str) -> ValidationMessages:
        name = network_security_group_name
        return self._validate(GROUP, name, lambda: group_subject(self.state, name))

    def prepare_network_security_group_migration(self, network_security_group_name: str) -> Accepted:
        return self._prepare(group_subject(self.state, network_security_group_name))

    def commit_network_security_group_migration(self, network_security_group_name: str) -> Accepted:
        return self._commit(group_subject(self.state, network_security_group_name))

    def abort_network_security_group_migration(self, network_security_group_name: str) -> Accepted:
        return self._abort(group_subject(self.state, network_security_group_name))

    def validate_reserved_ip_address_migration(self, name: str) -> ValidationMessages:
        return self._validate(ADDRESS, name, lambda: address_subject(self.state, name))

    def prepare_reserved_ip_address_migration(self, name: str) -> Accepted:
        return self._prepare(address_subject(self.state, name))

    def commit_reserved_ip_address_migration(self, name: str) -> Accepted:
        return self._commit(address_subject(self.state, name))

    def abort_reserved_ip_address_migration(self, name: str) -> Accepted:
        return self._abort(address_subject(self.state, name))

    def validate_route_table_migration(self, route_table_name: str) -> ValidationMessages:
        return self._validate(TABLE, route_table_name, lambda: table_subject(self.state, route_table_name))

    def prepare_route_table_migration(self, route_table_name: str) -> Accepted:
        return self._prepare(table_subject(self.state, route_table_name))

    def commit_route_table_migration(self, route_table_name: str) -> Accepted:
        return self._commit(table_subject(self.state, route_table_name))

    def abort_route_table_migration(self, route_table_name: str) -> Accepted:
        return self._abort(table_subject(self.state, route_table_name))

    def validate_storage_account_migration(self, service_name: str) -> ValidationMessages:
        return self._validate(STORAGE, service_name, lambda: storage_subject(self.state, service_name))

    def prepare_storage_account_migration(self, service_name: str) -> Accepted:
        return self._prepare(storage_subject(self.state, service_name))

    def commit_storage_account_migration(self, service_name: str) -> Accepted:
        return self._commit(storage_subject(self.state, service_name))

    def abort_storage_account_migration(self, service_name: str) -> Accepted:
        return self._abort(storage_subject(self.state, service_name))

    # -- what they have in common -------------------------------------------------------------------------------------

    @recorded("200 whatever there is to say; what the other calls refuse with is a message of category Error")
    @assumed("that nothing is wrong is said too")
    def _validate(self, kind: str, name: str, find: Callable[[], Subject]) -> ValidationMessages:
        try:
            found = find()
        except ServiceError as refusal:
            return ValidationMessages(items=(_error(kind, name, refusal.message),))
        fine = ValidationMessage(
            resource_type=kind, resource_name=found.name, category="Information", message=found.note
        )
        return ValidationMessages(items=found.problems or (fine,))

    @assumed("what validation finds wrong is refused at once; what is prepared is not prepared again")
    def _prepare(self, subject: Subject) -> Accepted:
        if subject.problems:
            raise BadRequest(subject.problems[0].message)
        if self.state.migrations.get(subject.key) == PREPARED:
            raise ConflictError(f"{subject.kind} {subject.name} is already prepared for migration.")
        answer = self.begin(prepared, holds=subject.holds, undo=aborted, key=subject.key)
        self.state.migrations[subject.key] = "Preparing"
        return answer

    def _commit(self, subject: Subject, service_name: str | None = None) -> Accepted:
        self._check_prepared(subject)
        answer = self.begin(
            committed,
            holds=subject.holds,
            undo=prepared,
            key=subject.key,
            kind=subject.kind,
            name=subject.name,
            service_name=service_name,
        )
        self.state.migrations[subject.key] = "Committing"
        return answer

    def _abort(self, subject: Subject) -> Accepted:
        self._check_prepared(subject)
        answer = self.begin(aborted, holds=subject.holds, key=subject.key)
        self.state.migrations[subject.key] = "Aborting"
        return answer

    @documented("only what is prepared can be committed or aborted")
    def _check_prepared(self, subject: Subject) -> None:
        if subject.key not in self.state.migrations:
            raise BadRequest(f"{subject.kind} {subject.name} is not prepared for migration.")


@documented("a new virtual network or an existing one, which has a name, a subnet and a resource group")
def check_destination(body: DeploymentNetworkResource) -> None:
    """BadRequest unless it is clear which network of Azure Resource Manager a deployment is to be in."""
    where = word(body.destination_virtual_network or "New", ("Default", "New", "Existing"), "destination")
    named = (body.resource_group_name, body.virtual_network_name, body.sub_net_name)
    if where == "Existing" and not all(named):
        raise BadRequest("The resource group, the virtual network and the subnet must be specified.")
