"""The contract suite's driver that is the official Python SDK, `azure-servicemanagement-legacy`: a foreign client.

Most calls have the operation's name, and take the body's elements as arguments of the same names; what differs is said
in the tables below.
"""

from __future__ import annotations

import inspect
import json
import warnings
from collections.abc import Callable, Mapping
from typing import Any, Final, get_args, get_origin
from urllib.parse import urlsplit
from xml.etree import ElementTree

import requests

from asm_client.drivers.listening import overhear
from asm_contracts.atom import Entry, Feed
from asm_contracts.codec import json as json_codec
from asm_contracts.dialect import SCHEDULER_JOBS
from asm_contracts.errors import ServiceError, error
from asm_contracts.operation import Accepted, Created, DeploymentSlot, Operation, RawBody
from asm_contracts.suite.driver import NotExpressible, Settings
from asm_contracts.suite.exchanges import Hear

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from azure.common import AzureHttpError
    from azure.servicemanagement import (
        SchedulerManagementService,
        ServiceBusManagementService,
        ServiceManagementService,
        SqlDatabaseManagementService,
        WebsiteManagementService,
    )

    from asm_client.drivers import partial
    from asm_client.drivers import sdk_documents as convert
    from asm_client.drivers.sdk_calls import SPECIAL

_STRING: Final = "{http://schemas.microsoft.com/2003/10/Serialization/}string"
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
    "unreplicate_os_image": "unreplicate_vm_image",
    "share_os_image": "share_vm_image",
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
    "*": {
        "slot": "deployment_slot",
        "deployment": "deployment_name",
        "instance_name": "role_instance_name",
        "namespace_name": "name",
        "cloud_service_name": "cloud_service_id",
        "job_collection_name": "job_collection_id",
        "database_name": "name",
        "rule_name": "name",
    },
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
    "unreplicate_os_image": {"image_name": "vm_image_name"},
    "share_os_image": {"image_name": "vm_image_name"},
    "create_server": {"administrator_login": "admin_login", "administrator_login_password": "admin_password"},
    "set_server_admin_password": {"password": "admin_password"},
    "list_databases": {"server_name": "name"},
    "update_database": {"name": "new_database_name", "database_name": "name"},
    "update_firewall_rule": {"rule_name": "name", "name": "name"},
    "get_server_event_logs": {"interval": "interval_size_in_minutes"},
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
        host = urlsplit(settings.need_endpoint()).netloc
        self.services = [
            kind(settings.subscription, str(settings.certificate), host=host, request_session=session)
            for kind in (
                ServiceManagementService,
                SqlDatabaseManagementService,
                ServiceBusManagementService,
                WebsiteManagementService,
                SchedulerManagementService,
            )
        ]

    def listen(self, hear: Hear) -> None:
        """Tell of every exchange."""
        overhear(self.session, hear)

    def expresses(self, operation: Operation) -> bool:
        """Whether the SDK has a call for an operation."""
        return operation.name in SPECIAL or (operation.name not in _NOT and self._call(operation.name) is not None)

    def _call(self, name: str) -> Callable[..., Any] | None:
        wanted = _CALLS.get(name, name)
        return next((getattr(one, wanted) for one in self.services if hasattr(one, wanted)), None)

    def invoke(self, operation: Operation, arguments: dict[str, Any]) -> Any:
        """Carry an operation out."""
        special = SPECIAL.get(operation.name)
        try:
            if special is not None:
                found = special({type(one): one for one in self.services}, arguments)
            else:
                call = self._call(operation.name)
                if call is None or operation.name in _NOT:
                    raise NotExpressible(_NOT.get(operation.name, f"the SDK has no {operation.name}"))
                found = call(**self._arguments(operation, arguments, call))
        except AzureHttpError as problem:
            raise _refusal(problem) from problem
        except (TypeError, ValueError, KeyError) as problem:
            raise NotExpressible(f"the SDK refuses by itself: {problem}") from problem
        return _result(operation, found)

    def _arguments(
        self, operation: Operation, arguments: Mapping[str, Any], call: Callable[..., Any]
    ) -> dict[str, Any]:
        signature = inspect.signature(call).parameters
        # Of what has other names nearly everywhere, some calls use the contract's own.
        usual = {name: other for name, other in _NAMES["*"].items() if name not in signature}
        names = usual | _NAMES.get(operation.name, {})
        values: dict[str, Any] = dict(_ALWAYS.get(operation.name, {}))
        body = arguments.get("body")
        if operation.name == "add_disk":
            values |= {"has_operating_system": getattr(body, "os", None) is not None, "os": None}
        if operation.name == "create_job":
            values["job"] = json.loads(json_codec.encode(body, camel=True))
        elif body is not None:
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
    if root.tag == _STRING:
        # What comes from behind the front, of Service Bus, is a text.
        return ServiceError(root.text or "", status=int(problem.status_code or 0))
    assert root.tag == f"{_AZURE}Error", f"an Error document is expected, not {root.tag}"
    return error(
        root.findtext(f"{_AZURE}Code", ""), root.findtext(f"{_AZURE}Message", ""), int(problem.status_code or 0)
    )


def _result(operation: Operation, found: Any) -> Any:
    if operation.may_go_on and not _is_model(found):
        raise NotExpressible(f"the SDK does not say how {operation.name} was answered")
    if operation.returns is Accepted:
        return Accepted(found.request_id)
    if operation.returns is Created:
        return Created("", getattr(found, "request_id", ""))  # some calls give nothing back
    if operation.answers_document:
        # Some calls give nothing of the answer back, or only the request's id.
        if not _is_model(found):
            return partial.document(operation.returns, {})
        if operation.dialect is SCHEDULER_JOBS:
            return json_codec.read(operation.returns, found)
        return convert.document(operation.returns, found)
    if operation.returns is None:
        return None
    if operation.returns is RawBody and isinstance(found, str):
        return RawBody(found.encode(), "")
    if get_origin(operation.returns) in (Entry, Feed):
        if not _is_model(found):
            return Entry(content=partial.document(get_args(operation.returns)[0], {}))
        return convert.document(operation.returns, found)
    raise NotExpressible(f"the driver does not convert the answer of {operation.name}")


def _is_model(found: Any) -> bool:
    return found is not None and type(found).__name__ not in ("AsynchronousOperationResult", "HTTPResponse", "Response")
