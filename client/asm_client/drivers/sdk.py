"""The contract suite's driver that is the official Python SDK, `azure-servicemanagement-legacy`: a foreign client.

Most calls have the operation's name, and take the body's elements as arguments of the same names; what differs is said
in the tables below.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree import ElementTree

import requests

from asm_client.drivers.listening import overhear
from asm_contracts.errors import ServiceError, error
from asm_contracts.operation import Accepted, Created, DeploymentName, DeploymentSlot, Operation, RawBody
from asm_contracts.suite.driver import NotExpressible, Settings
from asm_contracts.suite.exchanges import Hear

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from azure.common import AzureHttpError
    from azure.servicemanagement import CaptureRoleAsVMImage, ServiceManagementService

    from asm_client.drivers import sdk_documents as convert

_AZURE: Final = "{http://schemas.microsoft.com/windowsazure}"

_CALLS: Final[dict[str, str]] = {
    "get_hosted_service": "get_hosted_service_properties",
    "delete_hosted_service_and_media": "delete_hosted_service",
    "delete_deployment_and_media": "delete_deployment",
    "delete_role_and_media": "delete_role",
    "delete_data_disk_and_media": "delete_data_disk",
    "delete_disk_and_media": "delete_disk",
    "delete_os_image_and_media": "delete_os_image",
    "delete_vm_image_and_media": "delete_vm_image",
}
"""The SDK's call, where its name is not the operation's."""

_ALWAYS: Final[dict[str, dict[str, Any]]] = {
    "delete_hosted_service_and_media": {"complete": True},
    "delete_deployment_and_media": {"delete_vhd": True},
    "delete_role_and_media": {"complete": True},
    "delete_data_disk_and_media": {"delete_vhd": True},
    "delete_disk_and_media": {"delete_vhd": True},
    "delete_os_image_and_media": {"delete_vhd": True},
    "delete_vm_image_and_media": {"delete_vhd": True},
}
"""Arguments that make the call the operation."""

_NAMES: Final[dict[str, dict[str, str]]] = {
    "*": {"slot": "deployment_slot", "deployment": "deployment_name", "instance_name": "role_instance_name"},
    "get_affinity_group_properties": {"name": "affinity_group_name"},
    "update_affinity_group": {"name": "affinity_group_name"},
    "delete_affinity_group": {"name": "affinity_group_name"},
    "get_service_certificate": {"thumbprint_algorithm": "thumbalgorithm"},
    "delete_service_certificate": {"thumbprint_algorithm": "thumbalgorithm"},
    "delete_vm_image": {"image_name": "vm_image_name"},
    "delete_vm_image_and_media": {"image_name": "vm_image_name"},
    "add_dns_server": {"name": "dns_server_name"},
    "start_roles": {"roles": "role_names"},
    "shutdown_roles": {"roles": "role_names"},
    "delete_role_instances": {"names": "role_instance_names"},
}
"""The SDK's arguments, where they are not called what the contract calls them."""

_UNSAID: Final = ("operation_type", "role_type", "configuration_set_type")
"""Elements that the SDK writes by itself."""

_NOT: Final[dict[str, str]] = {
    "replicate_vm_image": "its call goes to the address of OS images",
    "unreplicate_vm_image": "its call goes to the address of OS images",
    "share_vm_image": "its call goes to the address of OS images",
    "list_subscriptions": "it sends no certificate's subscription, but a path that needs a token",
}
"""Operations that the SDK has a call for, which does something else."""


class SdkDriver:
    """Carries calls with the official SDK.  It does not tell absent, nil and empty elements apart."""

    lossy = True

    def __init__(self, settings: Settings) -> None:
        session = requests.Session()
        session.trust_env = False
        session.cert = str(settings.need_certificate())
        session.verify = str(settings.ca) if settings.ca else True
        self.session = session
        self.service = ServiceManagementService(
            settings.subscription,
            str(settings.certificate),
            host=urlsplit(settings.need_endpoint()).netloc,
            request_session=session,
        )

    def listen(self, hear: Hear) -> None:
        """Tell of every exchange."""
        overhear(self.session, hear)

    def expresses(self, operation: Operation) -> bool:
        """Whether the SDK has a call for an operation."""
        return operation.name in _SPECIAL or (operation.name not in _NOT and self._call(operation.name) is not None)

    def _call(self, name: str) -> Callable[..., Any] | None:
        found: Callable[..., Any] | None = getattr(self.service, _CALLS.get(name, name), None)
        return found

    def invoke(self, operation: Operation, arguments: dict[str, Any]) -> Any:
        """Carry an operation out."""
        special = _SPECIAL.get(operation.name)
        try:
            if special is not None:
                found = special(self.service, arguments)
            else:
                call = self._call(operation.name)
                if call is None or operation.name in _NOT:
                    raise NotExpressible(_NOT.get(operation.name, f"the SDK has no {operation.name}"))
                found = call(**self._arguments(operation, arguments, call))
        except AzureHttpError as problem:
            raise _refusal(problem) from problem
        except (TypeError, ValueError) as problem:
            raise NotExpressible(f"the SDK refuses by itself: {problem}") from problem
        return _result(operation, found)

    def _arguments(
        self, operation: Operation, arguments: Mapping[str, Any], call: Callable[..., Any]
    ) -> dict[str, Any]:
        names = _NAMES["*"] | _NAMES.get(operation.name, {})
        signature = inspect.signature(call).parameters
        values: dict[str, Any] = dict(_ALWAYS.get(operation.name, {}))
        body = arguments.get("body")
        if body is not None:
            values |= {names.get(name, name): value for name, value in convert.given(body, leave=_UNSAID).items()}
        for name, value in arguments.items():
            if name == "body" or value is None:
                continue
            if isinstance(value, DeploymentSlot) and name == "deployment":
                raise NotExpressible("the SDK addresses deployments by name")
            values[names.get(name, name)] = value
        for name in list(values):
            if name not in signature:
                raise NotExpressible(f"{call.__name__} of the SDK has no argument {name}")
        for name, parameter in signature.items():
            if parameter.default is inspect.Parameter.empty and name not in values:
                if name in ("description",):
                    values[name] = None
                else:
                    raise NotExpressible(f"{call.__name__} of the SDK needs the argument {name}")
        # What the SDK would put in by itself, the test has not said.
        for name, parameter in signature.items():
            if name not in values and isinstance(parameter.default, str) and name == "account_type":
                values[name] = None
        return values

    def close(self) -> None:
        """Close the connections."""
        self.session.close()


def _refusal(problem: AzureHttpError) -> ServiceError:
    """The error document that the SDK has put into its exception's text."""
    _, _, document = str(problem).partition("\n")
    root = ElementTree.fromstring(document)
    assert root.tag == f"{_AZURE}Error", f"an Error document is expected, not {root.tag}"
    return error(
        root.findtext(f"{_AZURE}Code", ""), root.findtext(f"{_AZURE}Message", ""), int(problem.status_code or 0)
    )


def _result(operation: Operation, found: Any) -> Any:
    if operation.returns is Accepted:
        return Accepted(found.request_id)
    if operation.returns is Created:
        return Created("", getattr(found, "request_id", ""))  # some calls give nothing back
    if operation.answers_document:
        if found is None or not _is_model(found):
            raise NotExpressible(f"the SDK does not give the answer of {operation.name} back")
        return convert.document(operation.returns, found)
    if operation.returns is None:
        return None
    raise NotExpressible(f"the driver does not convert the answer of {operation.name}")


def _is_model(found: Any) -> bool:
    # Some calls give only the request's id back, though the service answers with a document.
    return type(found).__name__ != "AsynchronousOperationResult" and not isinstance(found, RawBody)


# -- calls that are not like the others -------------------------------------------------------------------------------

Special = Callable[[ServiceManagementService, Mapping[str, Any]], Any]


def _get_deployment(service: ServiceManagementService, given: Mapping[str, Any]) -> Any:
    key = given["deployment"]
    if isinstance(key, DeploymentSlot):
        return service.get_deployment_by_slot(given["service_name"], str(key))
    return service.get_deployment_by_name(given["service_name"], str(key))


def _get_hosted_service(service: ServiceManagementService, given: Mapping[str, Any]) -> Any:
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


def _create_machines(service: ServiceManagementService, given: Mapping[str, Any]) -> Any:
    body = convert.given(given["body"])
    roles = body.pop("role_list")
    if len(roles) != 1:
        raise NotExpressible("the SDK creates one machine at a time")
    body["deployment_name"] = body.pop("name")
    call = service.create_virtual_machine_deployment
    values = {"service_name": given["service_name"], **body, **convert.role(roles[0])}
    return call(**_only(values, call))


def _add_role(service: ServiceManagementService, given: Mapping[str, Any]) -> Any:
    values = {"service_name": given["service_name"], "deployment_name": _name(given), **convert.role(given["body"])}
    return service.add_role(**_only(values, service.add_role))


def _update_role(service: ServiceManagementService, given: Mapping[str, Any]) -> Any:
    values = {
        "service_name": given["service_name"],
        "deployment_name": _name(given),
        **convert.role(given["body"]),
        "role_name": given["role_name"],
    }
    return service.update_role(**_only(values, service.update_role))


def _capture_vm_image(service: ServiceManagementService, given: Mapping[str, Any]) -> Any:
    options = CaptureRoleAsVMImage()
    for name, value in convert.given(given["body"], leave=("operation_type",)).items():
        if name not in vars(options):
            raise NotExpressible(f"CaptureRoleAsVMImage of the SDK has no {name}")
        setattr(options, name, value)
    return service.capture_vm_image(given["service_name"], _name(given), given["role_name"], options)


def _update_disk(_service: ServiceManagementService, _given: Mapping[str, Any]) -> Any:
    raise NotExpressible("the SDK does not give the answer of update_disk back")


_SPECIAL: Final[dict[str, Special]] = {
    "get_deployment": _get_deployment,
    "get_hosted_service": _get_hosted_service,
    "create_virtual_machine_deployment": _create_machines,
    "add_role": _add_role,
    "update_role": _update_role,
    "capture_vm_image": _capture_vm_image,
    "update_disk": _update_disk,
}
