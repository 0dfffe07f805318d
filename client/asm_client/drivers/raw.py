"""The contract suite's independent witness: requests, XML written by hand, answers read with ElementTree.

Emulator and client share one declaration of every document, so both could be wrong together.  This driver shares
neither their codec nor their addresses: paths, element names, orders and encodings stand here once more, as the
published clients write and read them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote
from xml.etree import ElementTree

import requests

from asm_client.drivers import raw_compute as compute
from asm_client.drivers import raw_reading as read
from asm_client.drivers import raw_sheets as sheets
from asm_client.drivers import raw_writing as write
from asm_client.drivers.listening import overhear
from asm_client.drivers.raw_calls import Call, calls
from asm_client.drivers.raw_nodes import tag
from asm_contracts.errors import ERRORS, ServiceError
from asm_contracts.operation import Accepted, Created, DeploymentSlot, Operation
from asm_contracts.suite.driver import NotExpressible, Settings
from asm_contracts.suite.exchanges import Hear

VERSION: Final = "2014-10-01"
"""What the official Python client sends."""

Handler = Callable[["RawDriver", Mapping[str, Any]], Any]
_HANDLERS: Final[dict[str, Handler]] = {}


def _handles(function: Handler) -> Handler:
    _HANDLERS[function.__name__] = function
    return function


class RawDriver:
    """Carries the calls it has words for."""

    def __init__(self, settings: Settings) -> None:
        self.base = f"{settings.need_endpoint()}/{settings.subscription}"
        self.timeout = settings.timeout
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.cert = str(settings.need_certificate())
        self.session.verify = str(settings.ca) if settings.ca else True

    def expresses(self, operation: Operation) -> bool:
        """Whether the call was written down here."""
        return operation.name in _HANDLERS or operation.name in calls()

    def invoke(self, operation: Operation, arguments: dict[str, Any]) -> Any:
        """Carry an operation out."""
        handler = _HANDLERS.get(operation.name)
        if handler is None and operation.name in calls():
            return self.call(operation, calls()[operation.name], arguments)
        if handler is None:
            raise NotExpressible(f"the raw driver has not written {operation.name} down")
        return handler(self, arguments)

    def listen(self, hear: Hear) -> None:
        """Tell of every exchange."""
        overhear(self.session, hear)

    def close(self) -> None:
        """Close the connections."""
        self.session.close()

    def call(self, operation: Operation, call: Call, given: Mapping[str, Any]) -> Any:
        """Send what a line of `raw_calls` says."""
        values = {name: _q(value) for name, value in given.items() if name not in ("body", "deployment")}
        if "deployment" in given:
            values["deployment"] = _where(given["deployment"])
        path, _, query = call.path.partition("?")
        words = [
            one for one in query.split("&") if one and given.get(one.partition("={")[2].rstrip("}"), "") is not None
        ]
        if given.get("body") is not None and not call.sent:
            raise NotExpressible(f"the raw driver has not written the body of {operation.name} down")
        body = sheets.write(call.sent, given["body"]) if call.sent else ""
        target = path.rstrip("/") + (f"?{'&'.join(words)}" if words else "")
        answer = self.send(
            call.verb, target.format(**values), body, expect=call.status, version=call.version or VERSION
        )
        if operation.returns is Accepted:
            assert answer.content == b"", "an accepted request is answered without a body"
            return Accepted(answer.headers["x-ms-request-id"], answer.headers.get("location"))
        if operation.returns is Created:
            return Created(answer.headers.get("location", ""), answer.headers["x-ms-request-id"])
        if not call.answer:
            return None
        assert answer.headers["content-type"] == "application/xml; charset=utf-8"
        return sheets.read(call.answer, operation.returns, ElementTree.fromstring(answer.content))

    # -- one request ----------------------------------------------------------------------------------------------

    def send(
        self, verb: str, path: str, body: str = "", *, expect: int = 200, version: str = VERSION
    ) -> requests.Response:
        """Send a request; ServiceError for an error document, AssertionError for another success than expected."""
        headers = {"x-ms-version": version}
        if verb != "GET":
            headers["Content-Type"] = "application/xml"
        answer = self.session.request(
            verb, self.base + path, data=body.encode(), headers=headers, timeout=self.timeout, allow_redirects=False
        )
        if answer.status_code >= 400:
            raise _refusal(answer)
        assert answer.status_code == expect, f"{verb} {path} answered {answer.status_code}, not {expect}"
        return answer

    def get(self, path: str) -> ElementTree.Element:
        """The document at a path."""
        answer = self.send("GET", path)
        assert answer.headers["content-type"] == "application/xml; charset=utf-8"
        return ElementTree.fromstring(answer.content)

    def accept(self, verb: str, path: str, body: str = "") -> Accepted:
        """Send what goes on as an operation."""
        answer = self.send(verb, path, body, expect=202)
        assert answer.content == b"", "an accepted request is answered without a body"
        return Accepted(answer.headers["x-ms-request-id"], answer.headers.get("location"))

    def create(self, path: str, body: str) -> Created:
        """Send what creates at once."""
        answer = self.send("POST", path, body, expect=201)
        assert answer.content == b"", "a creation is answered without a body"
        return Created(answer.headers["location"], answer.headers["x-ms-request-id"])


def _refusal(answer: requests.Response) -> ServiceError:
    root = ElementTree.fromstring(answer.content)
    assert root.tag == tag("Error"), f"an Error document is expected, not {root.tag}"
    code, message = root.findtext(tag("Code"), ""), root.findtext(tag("Message"), "")
    found = ERRORS.get(code, ServiceError)(message, code=code, status=answer.status_code)
    found.request_id = answer.headers.get("x-ms-request-id")
    return found


def _q(value: object) -> str:
    return quote(str(value), safe="")


# -- hosted services ------------------------------------------------------------------------------------------------

HS: Final = "/services/hostedservices"


@_handles
def create_hosted_service(driver: RawDriver, given: Mapping[str, Any]) -> Created:
    return driver.create(HS, write.create_hosted_service(given["body"]))


@_handles
def list_hosted_services(driver: RawDriver, _given: Mapping[str, Any]) -> Any:
    return read.hosted_services(driver.get(HS))


@_handles
def get_hosted_service(driver: RawDriver, given: Mapping[str, Any]) -> Any:
    detail = given["embed_detail"]
    query = "" if detail is None else f"?embed-detail={str(detail).lower()}"
    return read.hosted_service(driver.get(f"{HS}/{_q(given['service_name'])}{query}"))


@_handles
def update_hosted_service(driver: RawDriver, given: Mapping[str, Any]) -> None:
    driver.send("PUT", f"{HS}/{_q(given['service_name'])}", write.update_hosted_service(given["body"]))


@_handles
def delete_hosted_service(driver: RawDriver, given: Mapping[str, Any]) -> None:
    driver.send("DELETE", f"{HS}/{_q(given['service_name'])}")


@_handles
def delete_hosted_service_and_media(driver: RawDriver, given: Mapping[str, Any]) -> Accepted:
    return driver.accept("DELETE", f"{HS}/{_q(given['service_name'])}?comp=media")


@_handles
def check_hosted_service_name_availability(driver: RawDriver, given: Mapping[str, Any]) -> Any:
    return read.availability(driver.get(f"{HS}/operations/isavailable/{_q(given['service_name'])}"))


@_handles
def get_operation_status(driver: RawDriver, given: Mapping[str, Any]) -> Any:
    return read.operation(driver.get(f"/operations/{_q(given['request_id'])}"))


# -- storage accounts -----------------------------------------------------------------------------------------------

SS: Final = "/services/storageservices"


@_handles
def create_storage_account(driver: RawDriver, given: Mapping[str, Any]) -> Accepted:
    return driver.accept("POST", SS, write.create_storage_service(given["body"]))


@_handles
def list_storage_accounts(driver: RawDriver, _given: Mapping[str, Any]) -> Any:
    return read.storage_services(driver.get(SS))


@_handles
def get_storage_account_properties(driver: RawDriver, given: Mapping[str, Any]) -> Any:
    return read.storage_service(driver.get(f"{SS}/{_q(given['service_name'])}"))


@_handles
def get_storage_account_keys(driver: RawDriver, given: Mapping[str, Any]) -> Any:
    return read.storage_service(driver.get(f"{SS}/{_q(given['service_name'])}/keys"))


@_handles
def regenerate_storage_account_keys(driver: RawDriver, given: Mapping[str, Any]) -> Any:
    path = f"{SS}/{_q(given['service_name'])}/keys?action=regenerate"
    body = write.root("RegenerateKeys", write.plain("KeyType", given["body"].key_type))
    return read.storage_service(ElementTree.fromstring(driver.send("POST", path, body).content))


@_handles
def update_storage_account(driver: RawDriver, given: Mapping[str, Any]) -> None:
    driver.send("PUT", f"{SS}/{_q(given['service_name'])}", write.update_storage_service(given["body"]))


@_handles
def delete_storage_account(driver: RawDriver, given: Mapping[str, Any]) -> None:
    driver.send("DELETE", f"{SS}/{_q(given['service_name'])}")


@_handles
def check_storage_account_name_availability(driver: RawDriver, given: Mapping[str, Any]) -> Any:
    return read.availability(driver.get(f"{SS}/operations/isavailable/{_q(given['service_name'])}"))


# -- affinity groups ------------------------------------------------------------------------------------------------

AG: Final = "/affinitygroups"


@_handles
def create_affinity_group(driver: RawDriver, given: Mapping[str, Any]) -> Created:
    return driver.create(AG, write.create_affinity_group(given["body"]))


@_handles
def list_affinity_groups(driver: RawDriver, _given: Mapping[str, Any]) -> Any:
    return read.affinity_groups(driver.get(AG))


@_handles
def get_affinity_group_properties(driver: RawDriver, given: Mapping[str, Any]) -> Any:
    return read.affinity_group(driver.get(f"{AG}/{_q(given['name'])}"))


@_handles
def update_affinity_group(driver: RawDriver, given: Mapping[str, Any]) -> None:
    driver.send("PUT", f"{AG}/{_q(given['name'])}", write.update_affinity_group(given["body"]))


@_handles
def delete_affinity_group(driver: RawDriver, given: Mapping[str, Any]) -> None:
    driver.send("DELETE", f"{AG}/{_q(given['name'])}")


# -- deployments and virtual machines -------------------------------------------------------------------------------


def _where(key: object) -> str:
    return f"{'deploymentslots' if isinstance(key, DeploymentSlot) else 'deployments'}/{_q(key)}"


def _deployment(given: Mapping[str, Any]) -> str:
    return f"{HS}/{_q(given['service_name'])}/{_where(given['deployment'])}"


def _operate(driver: RawDriver, given: Mapping[str, Any], name: str, more: str = "") -> Accepted:
    path = f"{_deployment(given)}/roleinstances/{_q(given['role_name'])}/Operations"
    return driver.accept("POST", path, write.root(name, write.plain("OperationType", name) + more))


@_handles
def create_virtual_machine_deployment(driver: RawDriver, given: Mapping[str, Any]) -> Accepted:
    return driver.accept("POST", f"{HS}/{_q(given['service_name'])}/deployments", write.vm_deployment(given["body"]))


@_handles
def get_deployment(driver: RawDriver, given: Mapping[str, Any]) -> Any:
    return compute.deployment(driver.get(_deployment(given)))


@_handles
def delete_deployment(driver: RawDriver, given: Mapping[str, Any]) -> Accepted:
    return driver.accept("DELETE", _deployment(given))


@_handles
def delete_deployment_and_media(driver: RawDriver, given: Mapping[str, Any]) -> Accepted:
    return driver.accept("DELETE", _deployment(given) + "?comp=media")


@_handles
def get_role(driver: RawDriver, given: Mapping[str, Any]) -> Any:
    return compute.role(driver.get(f"{_deployment(given)}/roles/{_q(given['role_name'])}"))


@_handles
def add_role(driver: RawDriver, given: Mapping[str, Any]) -> Accepted:
    body = write.root("PersistentVMRole", write.role_content(given["body"]))
    return driver.accept("POST", f"{_deployment(given)}/roles", body)


@_handles
def delete_role(driver: RawDriver, given: Mapping[str, Any]) -> Accepted:
    return driver.accept("DELETE", f"{_deployment(given)}/roles/{_q(given['role_name'])}")


@_handles
def start_role(driver: RawDriver, given: Mapping[str, Any]) -> Accepted:
    return _operate(driver, given, "StartRoleOperation")


@_handles
def restart_role(driver: RawDriver, given: Mapping[str, Any]) -> Accepted:
    return _operate(driver, given, "RestartRoleOperation")


@_handles
def shutdown_role(driver: RawDriver, given: Mapping[str, Any]) -> Accepted:
    after = given["body"].post_shutdown_action
    return _operate(driver, given, "ShutdownRoleOperation", write.plain("PostShutdownAction", after))
