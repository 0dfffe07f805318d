"""Calls of the official Python SDK that are not like the others: what they take is no plain list of elements."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final

from azure.servicemanagement import (
    CaptureRoleAsVMImage,
    ServiceBusManagementService,
    ServiceManagementService,
    VMImage,
    WebsiteManagementService,
    models,
)

from asm_client.drivers import sdk_documents as convert
from asm_contracts.document import NIL
from asm_contracts.operation import DeploymentName, DeploymentSlot
from asm_contracts.suite.driver import NotExpressible

Special = Callable[[Mapping[type, Any], Mapping[str, Any]], Any]
"""(the SDK's objects by their classes, the arguments) -> what the call returns"""


def _get_deployment(services: Mapping[type, Any], given: Mapping[str, Any]) -> Any:
    service, key = services[ServiceManagementService], given["deployment"]
    if isinstance(key, DeploymentSlot):
        return service.get_deployment_by_slot(given["service_name"], str(key))
    return service.get_deployment_by_name(given["service_name"], str(key))


def _get_hosted_service(services: Mapping[type, Any], given: Mapping[str, Any]) -> Any:
    service = services[ServiceManagementService]
    return service.get_hosted_service_properties(given["service_name"], bool(given["embed_detail"]))


def _name(given: Mapping[str, Any]) -> str:
    if not isinstance(given["deployment"], DeploymentName):
        raise NotExpressible("the SDK addresses deployments by name")
    return str(given["deployment"])


def _only(values: Mapping[str, Any], call: Callable[..., Any]) -> dict[str, Any]:
    known = inspect.signature(call).parameters
    for name, value in values.items():
        if name not in known and value is not None:
            raise NotExpressible(f"{call.__name__} of the SDK has no argument {name}")
    return {name: value for name, value in values.items() if name in known}


def _create_machines(services: Mapping[type, Any], given: Mapping[str, Any]) -> Any:
    body = convert.given(given["body"])
    roles = body.pop("role_list")
    if len(roles) != 1:
        raise NotExpressible("the SDK creates one machine at a time")
    body["deployment_name"] = body.pop("name")
    call = services[ServiceManagementService].create_virtual_machine_deployment
    values = {"service_name": given["service_name"], **body, **convert.role(roles[0])}
    return call(**_only(values, call))


def _add_role(services: Mapping[type, Any], given: Mapping[str, Any]) -> Any:
    call = services[ServiceManagementService].add_role
    values = {"service_name": given["service_name"], "deployment_name": _name(given), **convert.role(given["body"])}
    return call(**_only(values, call))


def _update_role(services: Mapping[type, Any], given: Mapping[str, Any]) -> Any:
    call = services[ServiceManagementService].update_role
    values = {
        "service_name": given["service_name"],
        "deployment_name": _name(given),
        **convert.role(given["body"]),
        "role_name": given["role_name"],
    }
    return call(**_only(values, call))


def _capture_vm_image(services: Mapping[type, Any], given: Mapping[str, Any]) -> Any:
    options = convert.fill(CaptureRoleAsVMImage(), given["body"], leave=("operation_type",))
    service = services[ServiceManagementService]
    return service.capture_vm_image(given["service_name"], _name(given), given["role_name"], options)


def _vm_image(body: Any) -> Any:
    made = convert.fill(VMImage(), body, leave=("os_disk_configuration", "data_disk_configurations"))
    if body.os_disk_configuration is not None:
        made.os_disk_configuration = convert.fill(models.OSDiskConfiguration(), body.os_disk_configuration)
    for one in body.data_disk_configurations or ():
        disk = models.DataDiskConfiguration()
        disk.lun = disk.logical_disk_size_in_gb = None
        made.data_disk_configurations.data_disk_configurations.append(convert.fill(disk, one))
    return made


def _create_vm_image(services: Mapping[type, Any], given: Mapping[str, Any]) -> Any:
    return services[ServiceManagementService].create_vm_image(_vm_image(given["body"]))


def _update_vm_image(services: Mapping[type, Any], given: Mapping[str, Any]) -> Any:
    return services[ServiceManagementService].update_vm_image(given["image_name"], _vm_image(given["body"]))


def _create_site(services: Mapping[type, Any], given: Mapping[str, Any]) -> Any:
    body = convert.given(given["body"])
    space = body.pop("web_space_to_create", None)
    if space is None:
        raise NotExpressible("the SDK creates sites together with their web space only")
    call = services[WebsiteManagementService].create_site
    where = convert.given(space)
    values = {
        "webspace_name": where.pop("name"),
        "website_name": body.pop("name"),
        "host_names": list(body.pop("host_names", ())),
    }
    if body.pop("web_space", values["webspace_name"]) != values["webspace_name"]:
        raise NotExpressible("the SDK says the name of the web space once")
    return call(**_only({**values, **where, **body}, call))


def _replicate_os_image(services: Mapping[type, Any], given: Mapping[str, Any]) -> Any:
    body, image = given["body"], given["body"].compute_image_attributes
    if image is None:
        raise NotExpressible("the SDK says of what an image is, too")
    call = services[ServiceManagementService].replicate_vm_image
    return call(given["image_name"], list(body.target_locations), image.offer, image.sku, image.version)


def _of_entity(name: str) -> Special:
    """The metrics of an entity: a call for each kind of entity."""

    def call(services: Mapping[type, Any], given: Mapping[str, Any]) -> Any:
        kinds = {"queues": "queue", "topics": "topic", "relays": "relay", "notificationhubs": "notification_hub"}
        kind = kinds[str(given["kind"]).lower()]
        found = getattr(services[ServiceBusManagementService], f"{name}_{kind}")
        rest = [given[one] for one in ("entity_name", "metric", "rollup", "time_filter") if one in given]
        return found(given["namespace_name"], *rest)

    return call


def _update_disk(services: Mapping[type, Any], given: Mapping[str, Any]) -> Any:
    body = convert.given(given["body"])
    if any(getattr(given["body"], name, None) is NIL for name in body):
        raise NotExpressible("the SDK cannot send a nil element")
    call = services[ServiceManagementService].update_disk
    return call(**_only({"disk_name": given["disk_name"], "has_operating_system": None, **body}, call))


SPECIAL: Final[dict[str, Special]] = {
    "get_deployment": _get_deployment,
    "get_hosted_service": _get_hosted_service,
    "create_virtual_machine_deployment": _create_machines,
    "add_role": _add_role,
    "update_role": _update_role,
    "capture_vm_image": _capture_vm_image,
    "create_vm_image": _create_vm_image,
    "update_vm_image": _update_vm_image,
    "update_disk": _update_disk,
    "replicate_os_image": _replicate_os_image,
    "create_site": _create_site,
    "list_supported_metrics": _of_entity("get_supported_metrics"),
    "list_metric_rollups": _of_entity("get_metrics_rollups"),
    "list_metric_values": _of_entity("get_metrics_data"),
}
