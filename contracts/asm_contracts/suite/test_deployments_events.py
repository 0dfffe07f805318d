"""Deployments of packages: their package copied out, and the list of their instances' restarts."""

from __future__ import annotations

from asm_contracts.evidence import assumed, documented
from asm_contracts.suite.azure import Azure
from asm_contracts.suite.machines import make_machines
from asm_contracts.suite.names import Names
from asm_contracts.suite.packages import deploy, settle
from asm_contracts.suite.worlds import PRODUCTION, make_hosted_service, make_storage_account, refused, unchanged

ALWAYS = ("2000-01-01", "2115-01-01")


@documented("package and configuration are copied into a container; the deployment stays as it is")
def test_a_package_is_copied(azure: Azure, names: Names) -> None:
    service, account = make_hosted_service(azure, names), make_storage_account(azure, names)
    container = f"https://{account}.blob.core.windows.net/packages"
    with refused(404, "ResourceNotFound", "No deployments were found."):
        azure.get_package(service, PRODUCTION, container)
    deploy(azure, names, service, start=False)
    with unchanged(lambda: azure.get_deployment(service, PRODUCTION)):
        for overwrite in (None, True):
            azure.wait(azure.get_package(service, PRODUCTION, container, overwrite))
        with refused(400, "MissingOrInvalidRequiredQueryParameter"):
            azure.get_package(service, PRODUCTION, "container")
    machines = make_machines(azure, names, ready=False)
    with refused(400, "BadRequest"):
        azure.get_package(machines.service, machines.deployment, container)


@documented("every restart of an instance is listed with its time, in a span of time")
@assumed("the refusals of spans that are none")
def test_restarts_are_listed(azure: Azure, names: Names) -> None:
    service = make_hosted_service(azure, names)
    with refused(404, "ResourceNotFound", "No deployments were found."):
        azure.list_deployment_events(service, PRODUCTION, *ALWAYS)
    name = deploy(azure, names, service)
    first = (settle(azure, service, name, "ReadyRole").role_instance_list or ())[0].instance_name
    assert first is not None

    def restarted() -> list[str]:
        return [one.instance_name for one in azure.list_deployment_events(service, name, *ALWAYS).reboot_events]

    assert restarted() == []
    azure.wait(azure.reboot_role_instance(service, name, first))
    assert restarted() == [first]
    (event,) = azure.list_deployment_events(service, PRODUCTION, *ALWAYS).reboot_events
    assert first.startswith(event.role_name) and event.reboot_start_time is not None
    assert azure.list_deployment_events(service, name, "2000-01-01", "2000-01-02").reboot_events == ()
    for span in (("yesterday", "2015-01-01"), ("2015-01-01", "2015-13-01")):
        with refused(400, "MissingOrInvalidRequiredQueryParameter"):
            azure.list_deployment_events(service, name, *span)
    with refused(400, "BadRequest"):
        azure.list_deployment_events(service, name, "2015-01-02", "2015-01-01")
