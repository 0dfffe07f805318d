"""Deployments of packages for tests: made, and waited for."""

from __future__ import annotations

from typing import Any, Final

from asm_contracts.areas.deployments import CreateDeployment, Deployment
from asm_contracts.operation import DeploymentName, DeploymentSlot
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.names import Names
from asm_contracts.suite.worlds import PRODUCTION

PACKAGE: Final = "https://asmpackages.blob.core.windows.net/packages/one.cspkg?sv=2014-02-14&sr=b&sp=r&sig=c2lnbmVk"
"""A package of somebody else, which a shared access signature lets the service read."""


def cscfg(count: int = 2, role: str = "WorkerRole1") -> bytes:
    """A service configuration, as the tools wrote it."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\r\n'
        '<ServiceConfiguration serviceName="sample" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/'
        'ServiceConfiguration" osFamily="2" osVersion="*">\r\n'
        f'  <Role name="{role}">\r\n    <Instances count="{count}" />\r\n  </Role>\r\n</ServiceConfiguration>'
    ).encode()


def deploy(
    azure: Azure,
    names: Names,
    service: str,
    slot: DeploymentSlot = PRODUCTION,
    *,
    start: bool = True,
    count: int = 2,
    **extra: Any,
) -> DeploymentName:
    """A deployment of a package whose operation has succeeded, and its name."""
    name = DeploymentName(names.free())
    body = CreateDeployment(
        name=name, package_url=PACKAGE, label="a label", configuration=cscfg(count), start_deployment=start, **extra
    )
    azure.wait(azure.create_deployment(service, slot, body))
    return name


def statuses(found: Deployment) -> list[str | None]:
    """The states of the instances, in order."""
    return [one.instance_status for one in found.role_instance_list or ()]


def settle(
    azure: Azure, service: str, name: DeploymentName, status: str, *, deployment: str | None = None
) -> Deployment:
    """The deployment when all its instances have come to a state (and it has, if asked, to one itself)."""

    def look() -> Deployment | None:
        found = azure.get_deployment(service, name)
        done = set(statuses(found)) == {status} and deployment in (None, found.status)
        return found if done else None

    return azure.until(look, f"state {status} of all instances")
