"""What the operations on package deployments share: finding one, its leases, checking what a request brings."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, urlsplit

from asm_contracts.areas.deployments import ExtensionConfiguration
from asm_contracts.codec.cscfg import ServiceConfiguration
from asm_contracts.document import Nil
from asm_contracts.errors import BadRequest
from asm_contracts.evidence import assumed, documented, quoted
from asm_contracts.operation import DeploymentKey
from asm_emulator import model
from asm_emulator.blobs import find_storage_account_of
from asm_emulator.deployed import check_certificates, find_deployment
from asm_emulator.networks import subnet_of
from asm_emulator.state import Draft

MOST_PROPERTIES: Final = 25
"""Extended properties of a deployment (documented)."""


def lease_on(deployment: model.Deployment) -> tuple[str, str]:
    """The lease that an operation on a deployment takes."""
    return ("deployment", deployment.private_id)


def find_for_change(
    draft: Draft, service_name: str, key: DeploymentKey
) -> tuple[model.HostedService, model.Deployment]:
    """A service and its deployment, for an operation that changes it."""
    return find_deployment(draft, service_name, key, mutation=True)


@assumed("the operation is documented for web and worker roles; the refusal's text was never seen")
def find_package(draft: Draft, service_name: str, key: DeploymentKey) -> tuple[model.HostedService, model.Deployment]:
    """A service and its package deployment; BadRequest for one of virtual machines."""
    service, found = find_for_change(draft, service_name, key)
    if not found.is_package:
        raise BadRequest("The operation is not supported on a deployment that contains virtual machines.")
    return service, found


@documented("a package is in a storage account of the subscription, or its address has a shared access signature")
@assumed("that such a signature is good; that any other address is refused at once; the text was never seen")
def check_package_url(draft: Draft, url: str) -> None:
    """The address of a package is that of a blob which the service can read; BadRequest otherwise.

    Whether there is a blob is not asked: none are kept here.
    """
    signed = is_blob_url(url) and "sig" in parse_qs(urlsplit(url).query)
    if not signed and find_storage_account_of(draft, url) is None:
        raise BadRequest(
            "The package URL is invalid. It must be that of a blob in a storage account of the subscription, or have a "
            "shared access signature."
        )


def is_blob_url(url: str) -> bool:
    """Whether a text is an absolute http(s) URL with a path."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and len(parts.path) > 1
    except ValueError:
        return False


@quoted("code and text of a certificate that is not there (azure-pipelines-tasks issue 2269)")
@documented("subnets are those of the deployment's virtual network")
@assumed("the texts of subnets and of roles that are not there")
def check_configuration(
    service: model.HostedService, configuration: ServiceConfiguration, site: model.VirtualNetworkSite | None
) -> None:
    """BadRequest for a service configuration that names what is not there: a certificate of the service, or a subnet.

    site: the virtual network of the deployment, if it is in one
    """
    check_certificates(service, (thumbprint for role in configuration.roles for _, thumbprint in role.certificates))
    for role, subnet in configuration.subnets:
        if configuration.role(role) is None:
            raise BadRequest(f"The role {role[:100]} in the network configuration does not exist.")
        if site is None:
            raise BadRequest("Subnets can be specified only in a virtual network.")
        if subnet_of(site, subnet) is None:
            raise BadRequest(f"The subnet {subnet[:100]} does not exist in the virtual network {site.name}.")


@assumed("that an extension must be the service's before a deployment names it is documented; the texts are not")
def check_extensions(
    service: model.HostedService, roles: tuple[model.PackageRole, ...], given: ExtensionConfiguration | None
) -> None:
    """BadRequest for an extension that the service does not have, or a role that the deployment does not have."""
    if given is None:
        return
    known = {role.name.lower() for role in roles}
    named = given.named_roles or ()
    for role in named:
        if (role.role_name or "").lower() not in known:
            raise BadRequest(f"The role {role.role_name} in the extension configuration does not exist.")
    groups = [given.all_roles or (), *(role.extensions or () for role in named)]
    for extension in (one for group in groups for one in group):
        if (extension.id or "").lower() not in service.extensions:
            raise BadRequest(
                f"The extension with id {extension.id} does not exist in the hosted service {service.name}."
            )


def text(value: str | Nil | None) -> str | None:
    """An optional name of a request: nil and empty count as not given."""
    return None if value is None or isinstance(value, Nil) else value or None
